"""If these fail, a link, or a folder with a name of long ago, leads past the checks."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from store.backup import restore
from store.backup.backup import backup, usual
from store.backup.drill import drill
from store.backup.inventory import find_newest
from store.database import connections, inspection, migrations, wal_check
from store.errors import DamagedLog, NameTooLong, RestorePlanBroken, shown
from store.keys import keystore
from store.maintenance import health
from store.opening import unlock
from store.opening.store_file import create_store, open_store
from store.paths import StorePaths, find
from tests.faults.stores import KEY, Ticking, began
from tests.store.test_backup import PASS
from tests.store.test_owner import light_work

__all__ = ["light_work"]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links and bytes of Unix")


class Crashed(NamedTuple):
    """A database whose program was ended, with the newest entries in its log, and ways to it."""

    file: Path
    linked: Path
    in_linked_folder: Path

    def cut(self) -> None:
        """Take the middle out of the log: entries after it would be forgotten in silence."""
        log = wal_check.log_of(self.file)
        content = bytearray(log.read_bytes())
        content[4096 + 200] ^= 1
        log.write_bytes(content)

    def begin_anew(self) -> None:
        """Leave an index without its log."""
        wal_check.log_of(self.file).unlink()
        self.file.with_name(self.file.name + "-shm").write_bytes(bytes(32768))


@pytest.fixture
def crashed(tmp_path: Path) -> Crashed:
    path = tmp_path / "site" / "p.db"
    real = tmp_path / "crashed"
    with create_store(path, KEY, "nurse-1", Ticking()) as store:
        assessment = began(store)
        for number in range(4):
            store.answers.record(assessment, {f"a{number}": number})
        real.mkdir()
        for end in ("", "-wal"):
            shutil.copy(path.with_name(path.name + end), real)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    linked = elsewhere / "other.db"
    linked.symlink_to(real / "p.db")
    (tmp_path / "way").symlink_to(real)
    return Crashed(real / "p.db", linked, tmp_path / "way" / "p.db")


@pytest.mark.parametrize("hurt", [Crashed.cut, Crashed.begin_anew])
@pytest.mark.parametrize("way", ["file", "linked", "in_linked_folder"])
def test_a_damaged_log_is_met_by_every_way_to_the_database(
    crashed: Crashed, way: str, hurt: object
) -> None:
    hurt(crashed)  # type: ignore[operator]
    before = crashed.file.read_bytes()
    path: Path = getattr(crashed, way)
    with pytest.raises(DamagedLog):
        open_store(path, KEY, "nurse-1", Ticking())
    with pytest.raises(DamagedLog):
        inspection.inspect(path, KEY, migrations.schema())
    with pytest.raises(DamagedLog):
        connections.connect_to_read(path, KEY, migrations.schema())
    with pytest.raises(DamagedLog):
        open_store(find(path).database, KEY, "nurse-1", Ticking())
    assert crashed.file.read_bytes() == before


def test_links_are_followed_once_and_everything_lies_beside_the_file(tmp_path: Path) -> None:
    there = find(tmp_path / "disk" / "real.db")
    unlock.set_up(there, "nurse-1", PASS).store.close()
    link = tmp_path / "porras.db"
    link.symlink_to(there.database)
    assert find(link) == there
    (tmp_path / "folder").symlink_to(there.database.parent)
    assert find(tmp_path / "folder" / "real.db") == there
    with unlock.unlock(find(link), "nurse-1", PASS) as store:
        backup(store, find(link), usual(find(link)))
    assert find_newest(there.database.parent / "backups")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["disk", "folder", "porras.db"]


def test_keys_that_were_left_beside_the_link_are_still_found(tmp_path: Path) -> None:
    there = find(tmp_path / "disk" / "porras.db")
    unlock.set_up(there, "nurse-1", PASS).store.close()
    link = tmp_path / "porras.db"
    link.symlink_to(there.database)
    there.keys.rename(tmp_path / "porras.keys")
    assert find(link) == StorePaths(there.database, tmp_path / "porras.keys", there.training)
    unlock.unlock(find(link), "nurse-1", PASS).close()


def test_a_linked_key_file_stays_a_link(tmp_path: Path) -> None:
    there = find(tmp_path / "porras.db")
    unlock.set_up(there, "nurse-1", PASS).store.close()
    kept = tmp_path / "safe" / "porras.keys"
    kept.parent.mkdir()
    there.keys.rename(kept)
    there.keys.symlink_to(kept)
    key = keystore.unlock(find(there.database).keys, "nurse-1", PASS)
    keystore.set_passphrase(find(there.database).keys, "nurse-1", key, PASS + "!")
    assert there.keys.is_symlink()
    assert keystore.unlock(kept, "nurse-1", PASS + "!") == key


def test_links_that_lead_in_a_circle_are_no_store(tmp_path: Path) -> None:
    (tmp_path / "a.db").symlink_to(tmp_path / "b.db")
    (tmp_path / "b.db").symlink_to(tmp_path / "a.db")
    assert isinstance(find(tmp_path / "a.db"), StorePaths)
    (tmp_path / "c").symlink_to(tmp_path / "c")
    assert isinstance(find(tmp_path / "c" / "p.db"), StorePaths)


ODD = [b"Potilasty\xf6", b"a%20b?c#d", b"x" * 248, b"tab\there\n", b"\xff\xfe"]


@pytest.mark.parametrize("name", ODD, ids=range(len(ODD)))
def test_a_store_in_an_odd_folder_is_kept_backed_up_and_restored(
    tmp_path: Path, name: bytes
) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    there = find(folder / "porras.db")
    with unlock.set_up(there, "nurse-1", PASS).store as store:
        store.clients.add(birth_year=1980, language="fi")
        made = backup(store, there, folder / "copies")
    assert made.folder.parent == folder / "copies"
    key = keystore.unlock(there.keys, "nurse-1", PASS)
    drill(made.folder, there, key, "nurse-1")
    restore.restore(made.folder, there, key, "nurse-1", force=True)
    unlock.unlock(there, "nurse-1", PASS).close()
    for finding in health.check(there):
        assert finding.level != "fault", str(finding)
        shown(str(finding)).encode()


def test_a_path_that_the_engine_does_not_take_is_named(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 248) / ("y" * 248)
    deep.mkdir(parents=True)
    with pytest.raises(NameTooLong):
        create_store(deep / "porras.db", bytes(32), "nurse-1")
    assert not list(deep.iterdir())
    (deep / "porras.db").write_bytes(b"\1" * 4096)
    (deep / "porras.keys").write_bytes(b"{}")
    with pytest.raises(NameTooLong):
        open_store(deep / "porras.db", bytes(32), "nurse-1")


@pytest.mark.parametrize("length", [200, 240, 248, 252, 255, 256, 300])
def test_a_file_name_of_any_length_works_or_is_named(tmp_path: Path, length: int) -> None:
    there = find(tmp_path / ("x" * (length - 3) + ".db"))
    try:
        if unlock.detect_state(there) == "nothing":
            unlock.set_up(there, "nurse-1", PASS).store.close()
            with unlock.unlock(there, "nurse-1", PASS) as store:
                made = backup(store, there, tmp_path / "copies")
            key = keystore.unlock(there.keys, "nurse-1", PASS)
            restore.restore(made.folder, there, key, "nurse-1", force=True)
    except NameTooLong:
        assert length > 200
        assert not list(tmp_path.iterdir())
    else:
        assert length <= 200


def test_bytes_that_are_no_text_can_be_shown() -> None:
    error = NameTooLong(path=os.fsdecode(b"/ty\xf6"))
    assert str(error).startswith("The name or path /ty\\xf6 is too long.")
    str(error).encode()


@pytest.mark.parametrize("content", [b"", b"{}", b'{"work": "../../x", "suffix": ""}', b"\xff"])
def test_a_plan_that_cannot_be_read_is_said_and_nothing_is_touched(
    tmp_path: Path, content: bytes
) -> None:
    there = find(tmp_path / "porras.db")
    there.database.write_bytes(b"store")
    (tmp_path / "porras.db.restoring").write_bytes(content)
    with pytest.raises(RestorePlanBroken, match="cannot be read"):
        unlock.detect_state(there)
    assert there.database.read_bytes() == b"store"


def test_a_user_that_is_not_known_ends_no_program() -> None:
    assert find(Path("~nobody/p.db")).database.name == "p.db"
