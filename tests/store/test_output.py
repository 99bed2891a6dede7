"""If these fail, a file that somebody asked for takes the place of a store or a backup."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from screens.note.kinds import ACCESS, NOTE
from stepping.batch.batch import OUTPUT
from stepping.json_schema import schema_files
from store import output
from store.output import Guarded, Kind, Taken, Unwritten, open_target, write_file
from store.pathway_files.new_pathway import SCHEMA
from tests.tui.test_batch_file import DECIDED
from tui.commands.decide_csv import TABLE

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links, pipes and modes of Unix")

BEGIN = {
    "note": (NOTE, b"DRAFT: not confirmed\nAssessment of care needs 2026-11-20 (nurse-1)\n"),
    "note for programs": (NOTE, b'{\n "assessment": "0190", "client": "TREENABK"\n}\n'),
    "access": (ACCESS, b"All that Porras holds on the client TREE-NABK\n"),
    "access for programs": (ACCESS, b'{\n "client": "TREENABK"\n}\n'),
    "table": (TABLE, DECIDED.encode()),
    "table with tabs": (TABLE, "\t".join(OUTPUT).encode() + b"\n"),
    "schema": (SCHEMA, next(iter(schema_files().values())).encode()),
}
"""Each kind of file that is written for a person, by how one begins."""

STORE = ["porras.db", "porras.keys", "porras.tries", "porras.db-wal", "porras.db.ballast"]
BACKUP = "porras-2026-11-20T10-00-00Z"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A store, a backup of it, pathways, and a folder for what is written."""
    own = ("own/cards", "own/vignettes", "own/me")
    for name in ("store", "pathways/mine", "pathways/cards", *own, "out"):
        (tmp_path / name).mkdir(parents=True)
    for name in STORE:
        (tmp_path / "store" / name).write_bytes(b"store " + name.encode())
    for folder in (BACKUP, "odd"):
        (backup := tmp_path / "stick" / folder).mkdir(parents=True)
        (backup / "porras.db").write_bytes(b"a backup")
        (backup / "manifest.json").write_bytes(b'{"format":"porras-backup","version":1}')
    (tmp_path / "other").mkdir()
    for name in ("site.sqlite", "site.keys"):
        (tmp_path / "other" / name).write_bytes(b"another store")
    for folder in ("pathways/mine", "own/me"):
        (tmp_path / folder / "pathway.toml").write_bytes(b'id = "mine"')
    (tmp_path / "out" / "config.toml").write_bytes(b'lang = "fi"')
    (tmp_path / "out" / "letter.txt").write_bytes(b"Dear colleague")
    return tmp_path


def guarded(site: Path) -> Guarded:
    return Guarded(site / "store" / "porras.db", site / "pathways")


def refused_places(site: Path) -> Iterator[Path]:
    """Where no kind may be written, whatever is said."""
    yield Path("~nobody/new.txt")
    yield from (site / "store" / name for name in (*STORE, "new.txt", "porras.db.restoring"))
    yield from (site / "other" / name for name in ("site.keys", "site.sqlite", "new.txt"))
    for folder in (f"stick/{BACKUP}", "stick/odd"):
        yield from (site / folder / n for n in ("porras.db", "manifest.json", "new.txt"))
    yield site / "stick" / "new.txt"
    yield site / "pathways" / "mine" / "pathway.toml"
    yield from (site / "out" / name for name in ("config.toml", "letter.txt", ".porras-x", ".."))
    targets = [*(site / "store").iterdir(), site / "stick" / BACKUP / "porras.db"]
    targets += [site / "pathways" / "mine" / "pathway.toml", site / "out" / "letter.txt"]
    for number, target in enumerate(targets):
        (link := site / "out" / f"link{number}").symlink_to(target)
        (hard := site / "out" / f"hard{number}").hardlink_to(target)
        yield from (link, hard)
    (site / "out" / "to_store").symlink_to(site / "store")
    yield site / "out" / "to_store" / "new.txt"
    (site / "out" / "nowhere").symlink_to(site / "not_there")
    yield site / "out" / "nowhere"
    os.mkfifo(site / "out" / "pipe")
    yield from (site / "out" / "pipe", site / "out", Path("/dev/full"), Path("/dev/null"))
    yield from (site / "no" / "new.txt", site / "out" / ("x" * 300), site / "out" / "\0")


def kept(site: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", BEGIN)
def test_no_output_lands_where_something_else_belongs(site: Path, name: str) -> None:
    """Every output on every target: each is refused with a sentence, and nothing is changed."""
    kind, content = BEGIN[name]
    places = list(refused_places(site))
    if not kind.among_pathways:
        places += [site / "pathways" / n for n in ("new.txt", "mine/new.txt", "cards/new.toml")]
        places += [site / "own" / "me" / "new.txt", site / "own" / "cards" / "new.txt"]
        places.append(site / "own" / "vignettes" / "new.txt")
    before = kept(site)
    for place in places:
        for replace in (False, True):
            with pytest.raises(Unwritten) as told:
                write_file(place, content, kind, guarded(site), replace=replace)
            assert told.value.sentence in vars(output).values(), place
            assert not isinstance(told.value, Taken), place
    assert kept(site) == before


@pytest.mark.parametrize("standing", BEGIN)
@pytest.mark.parametrize("name", BEGIN)
def test_only_an_earlier_file_of_the_same_kind_is_replaced(
    site: Path, name: str, standing: str
) -> None:
    kind, content = BEGIN[name]
    path, older = site / "out" / "file", BEGIN[standing][1] + b"older"
    path.write_bytes(older)
    path.chmod(0o644)
    (second := site / "out" / "second name").hardlink_to(path)
    with pytest.raises(Unwritten):
        write_file(path, content, kind, guarded(site), replace=False)
    if BEGIN[standing][0] is not kind:
        with pytest.raises(Unwritten, match="of the same kind"):
            write_file(path, content, kind, guarded(site), replace=True)
        assert path.read_bytes() == older
        return
    write_file(path, content, kind, guarded(site), replace=True)
    assert path.read_bytes() == content
    assert path.stat().st_mode & 0o777 == (0o600 if kind.private else 0o644)
    assert second.read_bytes() == older, "the other name keeps what it had"
    assert len(list(path.parent.iterdir())) == 4, "nothing half is left"


@pytest.mark.parametrize("name", BEGIN)
def test_a_new_file_is_its_owners_alone_where_it_may_tell_of_a_client(
    site: Path, name: str
) -> None:
    kind, content = BEGIN[name]
    write_file(path := site / "out" / "new", content, kind, guarded(site), replace=False)
    assert path.read_bytes() == content
    assert kind is SCHEMA or path.stat().st_mode & 0o777 == 0o600


def swapped_for(site: Path, what: str) -> Callable[[], None]:
    """Somebody puts something else under the name while the file is being written."""
    path = site / "out" / "file"

    def swap() -> None:
        path.unlink(missing_ok=True)
        if what == "link":
            path.symlink_to(site / "store" / "porras.keys")
        elif what == "hard link":
            path.hardlink_to(site / "store" / "porras.keys")
        elif what == "another note":
            path.write_bytes(BEGIN["note"][1] + b"of somebody else")
        elif what == "folder":
            path.mkdir()

    return swap


@pytest.mark.parametrize("stands", [False, True])
@pytest.mark.parametrize("what", ["link", "hard link", "another note", "folder"])
def test_what_comes_meanwhile_is_not_lost(site: Path, what: str, *, stands: bool) -> None:
    path, (kind, content) = site / "out" / "file", BEGIN["note"]
    if stands:
        path.write_bytes(content)
    keys = (site / "store" / "porras.keys").read_bytes()
    with (
        pytest.raises(Unwritten),
        open_target(path, kind, guarded(site), replace=True) as file,
    ):
        file.write(b"mine")
        swapped_for(site, what)()
    assert (site / "store" / "porras.keys").read_bytes() == keys
    assert path.is_dir() or b"mine" not in path.read_bytes()
    assert not list(path.parent.glob(".porras-*"))


def test_a_disk_that_fails_leaves_the_older_file(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, (kind, content) = site / "out" / "file", BEGIN["note"]
    path.write_bytes(content)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unwritten, match="The disk is full"):
        write_file(path, b"new", kind, guarded(site), replace=True)
    assert path.read_bytes() == content
    assert not list(path.parent.glob(".porras-*"))


def test_every_place_that_writes_for_a_person_has_a_kind() -> None:
    kinds = {kind for kind, _ in BEGIN.values()}
    assert kinds == {NOTE, ACCESS, TABLE, SCHEMA}
    assert all(isinstance(kind, Kind) for kind in kinds)


# -- a program that is killed --------------------------------------------------------------------

WRITES = """
import os, sys
from pathlib import Path
from screens.note.kinds import NOTE
from store import output
from store.files import unfinished

place, nameless = Path(sys.argv[1]), sys.argv[2] == "nameless"
if not nameless:
    unfinished._NO_NAME = 0
guarded = output.Guarded(place / "store" / "porras.db", place / "pathways")
with output.open_target(place / "out" / "note.txt", NOTE, guarded, replace=True) as file:
    file.write(b"what a client said")
    file.flush()
    print("written", flush=True)
    sys.stdin.read()
"""


def _writing(site: Path, disk: str) -> subprocess.Popen[bytes]:
    """Start another program that is half-way with a file, and wait until it is."""
    command = [sys.executable, "-c", WRITES, str(site), disk]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert other.stdout.readline() == b"written\n"
    return other


def _holding(folder: Path, content: bytes) -> list[str]:
    return [path.name for path in folder.iterdir() if content in path.read_bytes()]


@pytest.mark.parametrize("disk", ["nameless", "named"])
def test_nothing_of_what_a_killed_program_wrote_stays(site: Path, disk: str) -> None:
    with _writing(site, disk) as other:
        other.kill()
        other.wait()
    left = _holding(site / "out", b"what a client said")
    assert len(left) == (disk == "named"), "such a disk is the other case of this test"
    write_file(site / "out" / "other.txt", b"mine", NOTE, guarded(site), replace=False)
    assert _holding(site / "out", b"what a client said") == []


@pytest.mark.parametrize("disk", ["nameless", "named"])
def test_what_another_program_is_writing_is_let_alone(site: Path, disk: str) -> None:
    with _writing(site, disk) as other:
        write_file(site / "out" / "other.txt", b"mine", NOTE, guarded(site), replace=False)
        other.communicate()
    assert other.returncode == 0
    assert _holding(site / "out", b"what a client said") == ["note.txt"]


@pytest.mark.parametrize("nameless", [True, False])
def test_an_earlier_file_is_replaced_as_a_whole_on_every_disk(
    site: Path, monkeypatch: pytest.MonkeyPatch, *, nameless: bool
) -> None:
    if not nameless:
        monkeypatch.setattr("store.files.unfinished._NO_NAME", 0)
    note = site / "out" / "note.txt"
    for text in (BEGIN["note"][1], BEGIN["note"][1] + b"again"):
        write_file(note, text, NOTE, guarded(site), replace=True)
        assert note.read_bytes() == text
        assert note.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in note.parent.iterdir()} == {"config.toml", "letter.txt", note.name}
