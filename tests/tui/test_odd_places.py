"""If these fail, a folder with an old name, a missing stick or another user ends in a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from casework.workspace import Workspace
from store.backup.backup import usual
from store.backup.inventory import find_newest
from store.database import migrations
from store.errors import shown
from store.files import ownership
from store.keys import keystore
from store.opening import unlock
from store.opening.store_file import create_store
from store.paths import StorePaths, find
from store.times import utc_now
from tests.scripts import ROOT
from tests.store.test_backup import PASS
from tests.store.test_owner import light_work
from tui import say
from tui.cli import porras
from tui.line_mode.line_io import LineTerminal
from tui.line_mode.run import open_plain

__all__ = ["light_work"]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="bytes of Unix")

ODD = [b"Potilasty\xf6", b"x" * 248, b"a%20?#\t\n"]


def odd(folder: Path, name: bytes) -> Path:
    """A folder whose name is these bytes."""
    made = Path(os.fsdecode(os.fsencode(folder) + b"/" + name))
    made.mkdir()
    return made


class Site:
    """A store in an odd folder, and the whole command line on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places: StorePaths = find(folder / "porras.db")
        self.config = folder / "config.toml"
        self.config.write_text('lang = "en"\n')
        self.pathways = folder / "pathways"
        self.pathways.mkdir()
        with unlock.set_up(self.places, "nurse-1", PASS).store as store:
            self.code = store.clients.add(birth_year=1980, language="fi").code

    def run(self, *words: object, secret: bool = True, code: int = 0) -> Result:
        before = ["--db", str(self.places.database), "--config", str(self.config)]
        before += ["--pathways", str(self.pathways)]
        after = ["--passphrase-file", "-"] if secret else []
        arguments = [*before, *map(str, words), *after]
        done = CliRunner().invoke(porras, arguments, input=f"{PASS}\n")
        assert done.exit_code == code, (words, done.output, done.exception)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert "Traceback" not in done.output
        return done


@pytest.fixture(params=ODD, ids=range(len(ODD)))
def site(request: pytest.FixtureRequest, tmp_path: Path, light_work: None) -> Site:
    return Site(odd(tmp_path, request.param))


def test_every_command_works_in_an_odd_folder(site: Site) -> None:
    shelf = site.folder / "shelf"
    shelf.mkdir()
    assert shown(shelf) in site.run("backup", shelf).stdout
    told = json.loads(site.run("backup", shelf, "--format", "json").stdout)
    assert Path(told["folder"]).is_dir(), "other programs get the path as it is"
    assert shown(shelf) in site.run("backup", "drill", shelf).stdout
    json.loads(site.run("backup", "drill", shelf, "--format", "json").stdout)
    assert shown(shelf) in site.run("restore", shelf, "--force").stdout
    site.run("worklist")
    site.run("user", "list")
    site.run("audit", "verify")
    (workspace := site.folder / "desk").mkdir()
    site.run("access", site.code, "--out", workspace / "held.txt")
    site.run("access", site.code, "--out", workspace / "held.txt", code=1)
    site.run("access", site.code, "--out", shelf / "held.txt", code=1)
    for form in ("text", "json"):
        site.run("doctor", "--format", form, secret=False)
        site.run("doctor", "--deep", "--format", form)
    site.run("doctor", "--rescue", site.folder / "saved.db")
    site.run("rekey")
    site.run("pathway", "list", secret=False)


def test_every_refusal_in_an_odd_folder_is_a_sentence(site: Site) -> None:
    name = shown(site.folder)
    gone = site.folder / "gone"
    assert name in site.run("backup", gone, code=1).stderr
    assert name in site.run("backup", "drill", gone, code=1).stderr
    assert name in site.run("restore", gone, code=1).stderr
    site.run("access", site.code, "--out", gone / "x.txt", code=1)
    site.run("access", site.code, "--out", site.folder / "x.txt", code=1)
    site.run("access", site.code, "--out", gone.with_name("y" * 300), code=1)
    site.places.keys.write_bytes(b"damaged")
    assert name in site.run("worklist", code=1).stderr
    site.run("doctor", secret=False, code=1)
    site.places.keys.unlink()
    assert name in site.run("worklist", code=1).stderr
    site.config.write_text("lang = 1\n")
    assert "is not a setting" in site.run("worklist", code=2).stderr
    site.config.unlink()
    assert name in site.run("worklist", code=2).stderr


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_the_program_itself_says_it_on_any_terminal(tmp_path: Path, locale: str) -> None:
    folder = odd(tmp_path, b"Potilasty\xf6")
    (folder / "porras.db").write_bytes(b"x" * 4096)
    for words in (["doctor"], ["doctor", "--format", "json"], ["worklist"], ["--plain"]):
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "tui",
                "--db",
                folder / "porras.db",
                "--pathways",
                folder,
                *words,
            ],
            cwd=ROOT,
            env={**os.environ, "LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
            input=b"\n",
            capture_output=True,
            check=False,
        )
        told = done.stdout + done.stderr
        assert done.returncode in {0, 1}, told
        assert b"Traceback" not in told
        assert b"program error" not in told, told
        assert b"Error" not in told.replace(b"Error:", b""), told


# Where a backup goes


@pytest.fixture
def office(tmp_path: Path, light_work: None) -> Site:
    folder = tmp_path / "site"
    folder.mkdir()
    return Site(folder)


def test_a_folder_that_is_not_there_is_not_made_by_itself(office: Site, tmp_path: Path) -> None:
    stick = tmp_path / "media" / "stick"
    told = office.run("backup", stick, code=1)
    assert f"There is no folder {stick}." in told.stderr
    assert "Plug in the disk" in told.stderr
    assert not stick.parent.exists()
    office.run("backup", stick, "--create")
    assert find_newest(stick)


@pytest.mark.parametrize("answer", ["y", "n"])
def test_a_person_is_asked_whether_to_make_the_folder(
    office: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    stick = tmp_path / "stick"
    asked: list[str] = []

    def confirm(text: str, **_: object) -> bool:
        asked.append(text)
        return answer == "y"

    monkeypatch.setattr(say, "is_answered_by_a_person", lambda: True)
    monkeypatch.setattr("click.confirm", confirm)
    told = office.run("backup", stick, code=0 if answer == "y" else 1)
    assert asked == ["Make the folder here?"]
    assert "may not be plugged in" in told.stderr
    assert stick.exists() == (answer == "y")
    office.run("backup", office.folder)  # nobody is asked of a folder that is there
    assert len(asked) == 1


def test_a_backup_on_the_stores_own_disk_is_told(office: Site) -> None:
    assert "on the same disk as the store" in office.run("backup", office.folder).stderr
    assert "on the same disk as the store" in office.run("backup").stderr


def test_no_backup_yet_is_said_as_that(office: Site, tmp_path: Path) -> None:
    told = office.run("backup", "drill", code=1).stderr
    assert f"No backup of this store has been made yet in {usual(office.places)}." in told
    assert "porras backup FOLDER" in told
    usual(office.places).mkdir()
    assert "has been made yet" in office.run("backup", "drill", code=1).stderr
    empty = tmp_path / "empty"
    empty.mkdir()
    assert f"There is no backup in {empty}." in office.run("restore", empty, code=1).stderr
    assert "There is no folder" in office.run("restore", tmp_path / "gone", code=1).stderr
    assert "No backup of this store has been made." in office.run("doctor", "--deep").stdout
    office.run("backup")
    assert "No backup of this store has been made." not in office.run("doctor", "--deep").stdout


# Other users


def test_commands_say_whom_to_be(office: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    name = ownership.name_of(office.places.keys)
    before = {path: path.read_bytes() for path in office.folder.iterdir() if path.is_file()}
    monkeypatch.setattr(ownership, "_me", lambda: office.places.keys.stat().st_uid + 4711)
    for words in (
        ["worklist"],
        ["user", "list"],
        ["backup"],
        ["rekey"],
        ["doctor", "--deep"],
        ["audit", "verify"],
    ):
        told = office.run(*words, code=1).stderr
        assert f"sudo -u {name} porras" in told, words
        assert "estore" not in told
        assert "damaged" not in told
    after = {path: path.read_bytes() for path in office.folder.iterdir() if path.is_file()}
    assert after == before


def test_the_first_backup_counts_for_the_start_screen(tmp_path: Path, light_work: None) -> None:
    from store.backup.backup import backup, was_ever_made

    there = find(tmp_path / "porras.db")
    made = keystore.create(there.keys, "nurse-1", PASS)
    with create_store(there.database, made.key, "nurse-1", utc_now) as store:
        assert not was_ever_made(store)
        backup(store, there, usual(there))
        assert was_ever_made(store)


def close(office: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ownership, "_me", lambda: office.places.keys.stat().st_uid + 4711)


def make_newer(office: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "newest", lambda *_: 1)


def damage(office: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytearray(office.places.keys.read_bytes())
    content[100] ^= 1
    office.places.keys.write_bytes(content)


@pytest.mark.parametrize(
    ("cause", "what", "do"),
    [
        (close, "may not use", "sudo -u"),
        (make_newer, "by a newer Porras", "Install the newer Porras"),
        (damage, "is damaged", "from the backup"),
    ],
)
def test_line_by_line_the_causes_are_told_apart_too(
    office: Site,
    monkeypatch: pytest.MonkeyPatch,
    cause: Callable[[Site, pytest.MonkeyPatch], None],
    what: str,
    do: str,
) -> None:
    cause(office, monkeypatch)
    said: list[str] = []
    typed = iter([PASS, "", "", ""])
    paper = LineTerminal(said.append, lambda _: next(typed), columns=lambda: 200, attended=False)
    open_plain(Workspace(clock=utc_now), office.places, paper, demo=False)
    told = " ".join(said)
    assert what in told
    assert do in told
    if cause is not damage:
        assert "estore" not in told
        assert "damaged" not in told


@pytest.mark.parametrize(
    "words",
    [
        ["--db", "p.db", "worklist"],
        ["--db", "p.db", "doctor"],
        ["--pathways", "p", "pathway", "list"],
        ["--config", "c.toml", "pathway", "list"],
        ["pathway", "new", "mine"],
        ["decide", "adult", "--batch", "-", "--out", "x.csv"],
        ["backup", "drill", "shelf"],
    ],
)
def test_a_working_folder_that_was_deleted_is_a_sentence(tmp_path: Path, words: list[str]) -> None:
    (gone := tmp_path / "gone").mkdir()
    leave = f"import os; os.chdir({str(gone)!r}); os.rmdir({str(gone)!r})"
    code = f"{leave}; from tui.__main__ import main; main()"
    done = subprocess.run(
        # As an installed program, which looks for no module in the folder that one is in.
        [sys.executable, "-P", "-c", code, *words],
        input="case\n",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode in {1, 2}
    assert "fault in the program" not in done.stderr
    assert "folder" in done.stderr, done.stderr


def test_a_folder_as_a_database_is_told_as_one(tmp_path: Path) -> None:
    (tmp_path / "porras.db").mkdir()
    (tmp_path / "porras.keys").touch()
    words = ["--db", str(tmp_path / "porras.db"), "doctor"]
    done = CliRunner().invoke(porras, words)
    assert "EISDIR" not in done.output
    assert "is not a file that Porras can read" in done.output
