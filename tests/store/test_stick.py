"""If these fail, a backup or a note cannot be carried away on an ordinary stick, or is half there.

The stick is a real exFAT where root can make one, and everywhere a layer that refuses what FAT and
exFAT refuse: links, owners, rights, names made durable, and some characters in names.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from screens.export import files as export
from screens.note.kinds import NOTE
from stepping.batch.batch import OUTPUT
from store import output
from store.backup.backup import Backup, backup
from store.backup.drill import drill
from store.backup.inventory import find_newest
from store.backup.restore import restore
from store.file_names import MANIFEST
from store.files import drives
from store.keys import keystore
from store.opening import unlock
from store.output import Guarded, Taken, Unwritten
from store.paths import StorePaths, find
from tests.store.test_backup import PASS, whole
from tests.store.test_owner import light_work
from tui.commands.decide_csv import TABLE

__all__ = ["light_work"]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the system refuses these by itself")

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f"*/:<>?\\|]|[. ]$')
_TOOLS = ("losetup", "mkfs.exfat", "mount.exfat-fuse", "umount")


def refusing(stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a folder of this disk refuse what a stick refuses."""

    def on_stick(place: Any) -> bool:
        if isinstance(place, int):
            place = f"/proc/self/fd/{place}"
        return Path(os.path.realpath(place)).is_relative_to(stick)

    def refuse(name: str, code: int, when: Callable[..., bool]) -> None:
        real = getattr(os, name)

        def maybe(*given: Any, **more: Any) -> Any:
            folder = more.get("dst_dir_fd", more.get("dir_fd"))
            if when(
                *(
                    [
                        Path(f"/proc/self/fd/{folder}/{each}")
                        for each in given
                        if isinstance(each, str)
                    ]
                    if folder
                    else given
                )
            ):
                raise OSError(code, os.strerror(code), str(given[0]))
            return real(*given, **more)

        monkeypatch.setattr(os, name, maybe)

    refuse("link", errno.EPERM, lambda old, new: on_stick(new))
    refuse("chown", errno.EPERM, lambda place, *_: on_stick(place))
    refuse("chmod", errno.EPERM, lambda place, *_: on_stick(place))
    refuse("fsync", errno.EINVAL, lambda file: on_stick(file) and not _is_file(file))
    for name in ("open", "mkdir", "rename", "replace"):
        refuse(
            name,
            errno.EINVAL,
            lambda *given: any(
                on_stick(place) and _NOT_IN_NAMES.search(Path(os.fsdecode(place)).name)
                for place in given
                if isinstance(place, str | bytes | Path)
            ),
        )
    named = os.open

    def only_named(place: Any, flags: int, *given: Any, **more: Any) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE and on_stick(more.get("dir_fd", place)):
            raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))
        return named(place, flags, *given, **more)

    monkeypatch.setattr(os, "open", only_named)
    kind_of = drives.kind_of
    monkeypatch.setattr(drives, "kind_of", lambda path: "vfat" if on_stick(path) else kind_of(path))


def _is_file(descriptor: int) -> bool:
    return Path(f"/proc/self/fd/{descriptor}").resolve().is_file()


@pytest.fixture(params=["a layer that refuses", "exFAT"])
def stick(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    place = tmp_path / "stick"
    place.mkdir()
    if request.param != "exFAT":
        refusing(place, monkeypatch)
        yield place
        return
    if os.geteuid() != 0 or not all(map(shutil.which, _TOOLS)):
        pytest.skip("no exFAT can be made here")
    image = tmp_path / "image"
    with image.open("wb") as file:
        file.truncate(64 << 20)
    subprocess.run(["mkfs.exfat", image], check=True, capture_output=True)
    loop = subprocess.run(
        ["losetup", "--find", "--show", image], check=True, capture_output=True, text=True
    ).stdout.strip()
    try:
        subprocess.run(["mount.exfat-fuse", loop, place], check=True, capture_output=True)
        try:
            yield place
        finally:
            subprocess.run(["umount", place], check=True)
    finally:
        subprocess.run(["losetup", "--detach", loop], check=True)


@pytest.fixture
def places(tmp_path: Path) -> StorePaths:
    there = find(tmp_path / "site" / "porras.db")
    with unlock.set_up(there, "nurse-1", PASS).store as store:
        store.clients.add(birth_year=1980, language="fi")
    return there


def made(places: StorePaths, folder: Path, keep: int = 14) -> Backup:
    with unlock.unlock(places, "nurse-1", PASS) as store:
        return backup(store, places, folder, keep, days=0)


def test_a_backup_is_made_tried_out_and_restored(stick: Path, places: StorePaths) -> None:
    first = made(places, stick)
    assert not first.place.private, "whoever has the stick can copy it, which is told"
    assert not _NOT_IN_NAMES.search(first.folder.name)
    key = keystore.unlock(places.keys, "nurse-1", PASS)
    whole(first.folder, key)
    assert drill(stick, places, key, "nurse-1").backup == first.folder
    assert (
        restore(find_newest(stick), places, key, "nurse-1", force=True).manifest == first.manifest
    )
    unlock.unlock(places, "nurse-1", PASS).close()


def test_old_backups_go_and_nothing_else_is_left(stick: Path, places: StorePaths) -> None:
    folders = [made(places, stick, keep=1).folder for _ in range(3)]
    assert len({folder.name.lower() for folder in folders}) == 3
    # The first of the month stays, and the newest.
    left = {path.name for path in stick.iterdir()}
    assert left == {folders[0].name, folders[2].name}
    assert (folders[2] / MANIFEST).is_file()


def written(path: Path, content: str, places: StorePaths, *, replace: bool) -> None:
    export.write_file(path, content, Guarded(places.database), NOTE, replace=replace)


def test_a_note_is_there_whole_or_not_at_all(stick: Path, places: StorePaths) -> None:
    path = export.find_place(str(stick / "note.txt"), Guarded(places.database), NOTE).path
    note = "Assessment of care needs 2026-11-20 (nurse-1)"
    written(path, note, places, replace=False)
    with pytest.raises(Taken):
        written(path, "other", places, replace=False)
    assert path.read_text(encoding="utf-8") == f"{note}\n"
    written(path, "other", places, replace=True)
    assert path.read_text(encoding="utf-8") == "other\n"
    assert [each.name for each in stick.iterdir()] == ["note.txt"]
    assert "Whoever holds that disk can read" in export.describe_access(path)


def test_a_name_that_is_taken_meanwhile_is_not_written_over(
    stick: Path, places: StorePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = stick / "note.txt"
    link = os.link

    def too_late(old: Path, new: Path, **folders: Any) -> None:
        path.write_text("another program's")
        link(old, new, **folders)

    monkeypatch.setattr(os, "link", too_late)
    with pytest.raises(Unwritten, match="by another program"):
        written(path, "mine", places, replace=False)
    assert path.read_text() == "another program's"
    assert [each.name for each in stick.iterdir()] == ["note.txt"]


def test_a_stick_that_fails_leaves_no_half(
    stick: Path, places: StorePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", gone)
        with pytest.raises(Unwritten):
            written(stick / "note.txt", "mine", places, replace=False)
    assert list(stick.iterdir()) == []


def test_a_table_of_cases_takes_the_place_of_an_older_one(stick: Path, places: StorePaths) -> None:
    path = stick / "out.csv"
    for case in ("one", "two"):
        content = f"{','.join(OUTPUT)}\n{case}\n".encode()
        output.write_file(path, content, TABLE, Guarded(places.database), replace=True)
        assert path.read_bytes() == content
    assert [each.name for each in stick.iterdir()] == ["out.csv"]


def test_a_disk_with_rights_keeps_a_note_to_its_owner(tmp_path: Path) -> None:
    guarded = Guarded(tmp_path / "store" / "porras.db")
    export.write_file(tmp_path / "note.txt", "mine", guarded, NOTE, replace=False)
    assert drives.keeps_rights(tmp_path / "note.txt")
    (tmp_path / "note.txt").chmod(0o644)
    assert not drives.keeps_rights(tmp_path / "note.txt")
