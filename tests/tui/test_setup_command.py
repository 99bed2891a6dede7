"""If these fail, many workplaces are set up wrongly, twice, or by a code that others can read."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner, Result

from casework.language import LANGUAGES
from store.errors import PassphraseMustChange, StoreError
from store.files import durable
from store.keys import keystore
from store.opening import unlock
from store.paths import StorePaths, find
from tui import say
from tui.cli import porras
from tui.commands import setup as setup_command

OWN = "her very own words"
SITE = """\
[workplace]
administrator = "inst-01"
municipality = "Hollola"
unit = "Hollolan sote-keskus"
retention_days = 45
idle_minutes = 7
printing = true

[settings]
lang = "fi"
theme = "contrast"
"""


class Computer(NamedTuple):
    """One workplace: where its files are, and the commands that are run there."""

    folder: Path

    @property
    def places(self) -> StorePaths:
        return find(self.folder / "data" / "porras.db")

    @property
    def config(self) -> Path:
        return self.folder / "config" / "porras" / "config.toml"

    @property
    def slip(self) -> Path:
        return self.folder / "slip.txt"

    def run(self, *words: object, code: int = 0, site: str = SITE) -> Result:
        source = self.folder / "site.toml"
        source.write_text(site, encoding="utf-8")
        told = ["--db", self.places.database, "--lang", "en", "setup", "--from", source, *words]
        done = CliRunner().invoke(porras, [*map(str, told)])
        assert done.exit_code == code, (done.exit_code, done.output, done.exception)
        assert "Traceback" not in done.output
        return done

    def set_up(self, *words: object) -> str:
        """Set it up; return the first passphrase, which stands nowhere but on the slip."""
        done = self.run("--code-file", self.slip, *words)
        passphrase = passphrase_in(self.slip.read_text("utf-8"))
        assert passphrase not in done.output
        return passphrase

    def files(self) -> dict[str, bytes]:
        """Every file but locks and those that were named to the command."""
        named = {"site.toml", "slip.txt"}
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in found
            if path.name not in named and path.suffix != ".lock"
        }


def passphrase_in(text: str) -> str:
    found = re.findall(r"^ *([a-z2-9]{4}(?:-[a-z2-9]{4}){3})$", text, re.MULTILINE)
    assert len(found) == 1, text
    return str(found[0])


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Computer:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(
        "platformdirs.user_config_path", lambda *_, **__: tmp_path / "config/porras"
    )
    return Computer(tmp_path)


def test_it_makes_a_store_that_opens_with_its_first_passphrase_alone(computer: Computer) -> None:
    passphrase = computer.set_up()
    assert not keystore.has_recovery(computer.places.keys), "whoever installs has no lasting key"
    with pytest.raises(PassphraseMustChange):
        unlock.unlock(computer.places, "inst-01", passphrase)
    with unlock.unlock(computer.places, "inst-01", passphrase, new_passphrase=OWN) as store:
        kept = {
            "municipality": "hollola",
            "retention.days": "45",
            "idle_minutes": "7",
            "printing": "on",
        }
        kept["language"] = "fi"
        assert {key: store.settings.get(key) for key in kept} == kept
        (person,) = store.staff.list_all()
        assert (person.handle, person.unit) == ("inst-01", "Hollolan sote-keskus")
        assert {"nurse", "lead", "admin"} == set(person.roles)
        assert store.audit_log.find_bad_event() is None
        assert store.find_faults() == []
    assert computer.config.read_text("utf-8").splitlines()[1:] == [
        'lang = "fi"',
        'theme = "contrast"',
    ]


def test_the_first_passphrase_stands_nowhere_but_on_the_slip(computer: Computer) -> None:
    passphrase = computer.set_up()
    assert not [
        name for name, content in computer.files().items() if passphrase.encode() in content
    ]
    assert "opens the store once" not in computer.slip.read_text("utf-8"), "in the site's language"
    if os.name == "posix":
        assert computer.slip.stat().st_mode & 0o077 == 0


def test_a_terminal_shows_it_once_alone_on_its_output(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(say, "is_read_by_a_person", lambda: True)
    done = computer.run()
    passphrase = passphrase_in(done.stdout)
    assert passphrase not in done.stderr
    assert passphrase not in computer.run().output


@pytest.mark.parametrize("words", [(), ("--format", "json")])
def test_what_is_no_terminal_gets_no_passphrase(computer: Computer, words: tuple[str]) -> None:
    done = computer.run(*words, code=2)
    assert "--code-file FILE" in done.output
    assert computer.files() == {}


def test_a_check_changes_nothing_and_tells_everything(computer: Computer) -> None:
    done = computer.run("--check")
    assert "would be made" in done.output
    assert "would be written" in done.output
    for word in ("inst-01", "hollola", "45", "7"):
        assert word in done.output
    assert computer.files() == {}
    told = json.loads(computer.run("--check", "--format", "json").stdout)
    assert (told["standing"], told["config_stands"], told["changed"]) == ("new", False, False)


def a_folder(computer: Computer) -> tuple[Path, Path]:
    computer.places.database.mkdir(parents=True)
    return computer.places.database, computer.places.database


def a_pipe(computer: Computer) -> tuple[Path, Path]:
    database = computer.places.database
    database.parent.mkdir(parents=True)
    os.mkfifo(database)
    return database, database


def a_file_on_the_way(computer: Computer) -> tuple[Path, Path]:
    file = computer.folder / "letter.txt"
    file.write_text("Dear colleague", encoding="utf-8")
    return file / "data" / "porras.db", file


@pytest.mark.skipif(os.name != "posix", reason="pipes of Unix")
@pytest.mark.parametrize("words", [("--check",), (), ("--anew",)])
@pytest.mark.parametrize("lay", [a_folder, a_pipe, a_file_on_the_way])
def test_what_stands_in_the_way_of_a_store_is_told_before_anything_is_made(
    computer: Computer, lay: Callable[[Computer], tuple[Path, Path]], words: tuple[str, ...]
) -> None:
    database, obstacle = lay(computer)
    before = sorted(computer.folder.rglob("*"))
    source = computer.folder / "site.toml"
    source.write_text(SITE, encoding="utf-8")
    told = ["--db", database, "--lang", "en", "setup", "--from", source]
    told += ["--code-file", computer.slip, *words]
    done = CliRunner().invoke(porras, [*map(str, told)])
    assert done.exit_code == 1
    assert f"What stands at {obstacle} is in the way." in done.output
    assert sorted(computer.folder.rglob("*")) == sorted([*before, source])


@pytest.mark.skipif(os.name != "posix", reason="modes of Unix")
def test_a_check_tells_that_nothing_may_be_written_there(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, *_, **__: Path(path) != computer.folder)
    done = computer.run("--check", code=1)
    assert str(computer.folder) in done.output
    assert "would be made" not in done.output


def test_a_second_run_changes_nothing_and_says_so(computer: Computer) -> None:
    computer.set_up()
    before = computer.files()
    done = computer.run()
    assert "was set up before" in done.output
    assert computer.files() == before
    told = json.loads(computer.run("--format", "json").stdout)
    assert (told["standing"], told["changed"]) == ("done", False)


def test_a_second_run_changes_nothing_once_somebody_works_there(computer: Computer) -> None:
    passphrase = computer.set_up()
    with unlock.unlock(computer.places, "inst-01", passphrase, new_passphrase=OWN) as store:
        store.settings.set("idle_minutes", "20")
    before = computer.files()
    computer.run()
    done = computer.run("--anew", "--code-file", computer.folder / "other.txt", code=1)
    assert "Somebody has signed in" in done.output
    assert computer.files() == before


def test_another_value_than_that_of_the_store_is_refused_by_name(computer: Computer) -> None:
    computer.set_up()
    before = computer.files()
    done = computer.run(site=SITE.replace("= 7", "= 9"), code=1)
    assert "idle_minutes was 7, and the file says 9" in done.output
    assert computer.files() == before


def test_a_store_that_was_not_set_up_from_a_file_is_let_alone(computer: Computer) -> None:
    unlock.set_up(computer.places, "inst-01", OWN).store.close()
    before = computer.files()
    for words in ((), ("--anew",)):
        done = computer.run("--code-file", computer.slip, *words, code=1)
        assert "was not set up from a file" in done.output
    assert computer.files() == before
    assert not computer.slip.exists()


def test_a_store_that_is_gone_is_not_replaced_by_an_empty_one(computer: Computer) -> None:
    computer.set_up()
    for path in computer.places.database.parent.glob("porras.*"):
        if path.suffix != ".setup":
            path.unlink()
    done = computer.run("--code-file", computer.folder / "other.txt", code=1)
    assert "is not whole any more" in done.output
    assert computer.places.get_state() == "nothing"


def test_a_lost_slip_begins_anew_while_nobody_has_signed_in(computer: Computer) -> None:
    first = computer.set_up()
    second = computer.set_up("--anew")
    assert first != second
    with pytest.raises(StoreError):
        unlock.unlock(computer.places, "inst-01", first, new_passphrase=OWN)
    unlock.unlock(computer.places, "inst-01", second, new_passphrase=OWN).close()


@pytest.mark.parametrize("state", ["done", "begun"])
def test_a_store_whose_keys_lie_elsewhere_is_never_made_anew(
    computer: Computer, state: str
) -> None:
    passphrase = computer.set_up()
    unlock.unlock(computer.places, "inst-01", passphrase, new_passphrase=OWN).close()
    keys = computer.places.keys.read_bytes()
    computer.places.keys.unlink()
    record = computer.places.database.with_suffix(".setup")
    record.write_text(record.read_text("utf-8").replace('"done"', f'"{state}"'), encoding="utf-8")
    for words in ((), ("--anew",)):
        done = computer.run("--code-file", computer.folder / "other.txt", *words, code=1)
        assert "is not whole any more" in done.output
    computer.places.keys.write_bytes(keys)
    unlock.unlock(computer.places, "inst-01", OWN).close()


def test_an_older_key_file_does_not_let_a_used_store_go(computer: Computer) -> None:
    passphrase = computer.set_up()
    keys = computer.places.keys.read_bytes()
    unlock.unlock(computer.places, "inst-01", passphrase, new_passphrase=OWN).close()
    computer.places.keys.write_bytes(keys)
    assert "Somebody has signed in" in computer.run("--anew", "--code-file", "x", code=1).output


def test_a_slip_of_another_computer_is_never_replaced(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer.slip.write_text("Porras · inst-01 · OTHER\n\n    abcd\n", encoding="utf-8")
    computer.run("--code-file", computer.slip, code=1)
    assert computer.files() == {}
    monkeypatch.setattr("platform.node", lambda: "OTHER")  # a clone of the same name
    done = computer.run("--code-file", computer.slip, code=1)
    assert "There is a file of this name already." in done.output
    assert computer.files() == {}


def test_a_config_file_of_somebody_is_never_overwritten(computer: Computer) -> None:
    computer.config.parent.mkdir(parents=True)
    computer.config.write_text('# mine\nlang = "sv"\nglyphs = "ascii"\n', encoding="utf-8")
    before = computer.files()
    done = computer.run("--code-file", computer.slip, code=1)
    assert 'lang = "fi"' in done.output
    assert 'theme = "contrast"' in done.output
    assert computer.files() == before
    mine = '# mine\nlang = "fi"\nglyphs = "ascii"\ntheme = "contrast"\n'
    computer.config.write_text(mine, encoding="utf-8")
    computer.set_up()
    assert computer.config.read_text("utf-8") == mine


@pytest.mark.parametrize("what", ["store", "config"])
def test_of_two_runs_at_once_the_second_leaves_what_the_first_has_made(
    computer: Computer, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    other = computer.folder / "other.txt"
    looked: dict[str, Any] = {
        "store": setup_command._refuse_without_a_place,
        "config": durable.private_folder,
    }
    place: dict[str, tuple[Any, str]] = {
        "store": (setup_command, "_refuse_without_a_place"),
        "config": (durable, "private_folder"),
    }
    passphrases = []

    def overtaken(*words: Any, **more: Any) -> None:
        monkeypatch.setattr(*place[what], looked[what])
        passphrases.append(computer.set_up())
        looked[what](*words, **more)

    monkeypatch.setattr(*place[what], overtaken)
    done = computer.run("--code-file", other)
    assert "was set up before" in done.output
    assert not other.exists()
    unlock.unlock(computer.places, "inst-01", passphrases[0], new_passphrase=OWN).close()


# -- cut short ----------------------------------------------------------------------------------


class Killed(BaseException):
    """The program ends here, however."""


def _kill_at(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """End at the n-th file that gets its name."""
    left = [count]
    put = durable.put_in_place

    def counted(*words: Any, **more: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        put(*words, **more)

    monkeypatch.setattr(durable, "put_in_place", counted)


@pytest.mark.parametrize("count", range(7))
def test_whatever_cuts_it_short_the_next_run_begins_anew(
    computer: Computer, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    words = ["--db", str(computer.places.database), "setup", "--from"]
    words += [str(computer.folder / "site.toml"), "--code-file", str(computer.slip)]
    (computer.folder / "site.toml").write_text(SITE, encoding="utf-8")
    with monkeypatch.context() as patch:
        _kill_at(count, patch)
        ended = False
        with suppress(Killed):
            ended = CliRunner().invoke(porras, words).exit_code == 0
    passphrase = passphrase_in(computer.slip.read_text("utf-8")) if ended else computer.set_up()
    unlock.unlock(computer.places, "inst-01", passphrase, new_passphrase=OWN).close()
    computer.run()


def test_a_slip_that_cannot_be_written_leaves_no_store_that_nobody_can_open(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("store.output._Folder.name_it", full)
        done = computer.run("--code-file", computer.slip, code=1)
    assert "The disk is full" in done.output
    assert "the next run begins anew" in done.output
    assert not computer.slip.exists()
    computer.set_up()


def test_a_slip_that_a_killed_run_left_unfinished_bars_no_next_run(computer: Computer) -> None:
    (computer.folder / ".porras-bfea1345").write_text("cut", encoding="utf-8")
    computer.set_up()


# -- the file -----------------------------------------------------------------------------------

WRONG = {
    'administrator = "Anna K."': ("workplace.administrator", "2 to 16 letters"),
    "administrator = 7": ("workplace.administrator", "2 to 16 letters"),
    'municipality = "Holola"': ("workplace.municipality", "did you mean hollola?"),
    'municipality = "Q"': ("workplace.municipality", "a municipality"),
    "municipality = 3": ("workplace.municipality", "a municipality"),
    'unit = ""': ("workplace.unit", "up to 40 characters"),
    'unit = "call 050 123 4567"': ("workplace.unit", "of nobody"),
    'retention_days = "45"': ("workplace.retention_days", "from 1 to 365"),
    "retention_days = 0": ("workplace.retention_days", "from 1 to 365"),
    "idle_minutes = 61": ("workplace.idle_minutes", "from 1 to 60"),
    "idle_minutes = 0": ("workplace.idle_minutes", "from 1 to 60"),
    "idle_minutes = true": ("workplace.idle_minutes", "from 1 to 60"),
    'printing = "yes"': ("workplace.printing", "true or false"),
    "idle_minuts = 5": ("workplace.idle_minuts", "did you mean idle_minutes?"),
    'passphrase = "secret"': ("workplace.passphrase", "there is administrator"),
    'lang = "de"': ("settings.lang", "fi, sv, en"),
    "lang = 1": ("settings.lang", "between quotation marks"),
    'theme = "pink"': ("settings.theme", "standard, contrast, mono"),
    'pathways = "pathways"': ("settings.pathways", "a whole path"),
    'pathways = "/no/such/folder"': ("settings.pathways", "does not exist"),
    'db = "porras.db"': ("settings.db", "a whole path"),
    "[other]": ("other", "neither [workplace] nor [settings]"),
    "[workplace]": ("", "TOML"),
    "idle_minutes = ": ("", "TOML"),
}


@pytest.mark.parametrize("line", WRONG)
def test_each_wrong_line_is_named_with_what_would_be_right(computer: Computer, line: str) -> None:
    place, right = WRONG[line]
    table = place.partition(".")[0]
    key = line.partition(" =")[0]
    lines = [each for each in SITE.split("\n") if each.partition(" =")[0] != key or key[0] == "["]
    at = lines.index("[settings]") if table == "settings" else lines.index("[workplace]")
    at = len(lines) if key[0] == "[" or not place else at + 1
    lines.insert(at, line)
    if line == "idle_minutes = ":
        lines[at:] = [line]
    done = computer.run("--code-file", computer.slip, site="\n".join(lines), code=1)
    assert f"site.toml:{at + 1}: " in done.output
    assert right in done.output
    assert computer.files() == {}
    found = computer.run("--format", "json", site="\n".join(lines), code=1).stdout
    (fault,) = json.loads(found)["faults"]
    assert (fault["line"], fault["key"]) == (at + 1, place)


def test_every_fault_is_told_at_once(computer: Computer) -> None:
    site = '[workplace]\nretention_days = 0\nidle_minutes = 0\n[settings]\nlang = "de"\n'
    done = computer.run("--check", site=site, code=1)
    assert re.findall(r"site\.toml:(\d)", done.output) == ["1", "2", "3", "5"]
    assert "administrator is missing" in done.output


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_faults_are_told_in_every_language(computer: Computer, language: str) -> None:
    (computer.folder / "bad.toml").write_text("[workplace]\nidle_minutes = 0\n", encoding="utf-8")
    words = ["--lang", language, "setup", "--from", str(computer.folder / "bad.toml")]
    done = CliRunner().invoke(porras, words)
    assert done.exit_code == 1
    assert "{" not in done.output
    assert "idle_minutes" in done.output


def test_the_example_is_a_file_to_begin_with(computer: Computer) -> None:
    example = CliRunner().invoke(porras, ["setup", "--example"]).stdout
    computer.run("--check", site=example)
    whole = re.sub(r"^# (?=[a-z]+ = )", "", example, flags=re.MULTILINE)
    folders = "/srv/porras/pathways", "/srv/porras/vignettes", "/srv/porras/classes"
    for name in folders:
        whole = whole.replace(f"'{name}'", f"'{computer.folder}'")
    (computer.folder / "signers").touch(0o600)
    whole = whole.replace("/etc/porras/allowed_signers", str(computer.folder / "signers"))
    whole = re.sub(r"^pathways = .*$", "", whole, flags=re.MULTILINE)
    computer.run("--check", site=whole)
    assert max(map(len, example.splitlines())) <= 100


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_file_that_a_shell_of_windows_wrote_is_read(computer: Computer, encoding: str) -> None:
    path = computer.folder / "given.toml"
    path.write_bytes(("\ufeff" + SITE.replace("\n", "\r\n")).encode(encoding))
    done = CliRunner().invoke(porras, ["setup", "--from", str(path), "--check"])
    assert done.exit_code == 0, done.output


UGLY = (
    "idle_minutes = " + "9" * 5000,
    "[" + ".".join("a" * 4000) + "]",
    '[settings]\ndb = "/srv/\\u0000/x.db"',
    '[settings]\npathways = "/srv/\\u0000"',
)


@pytest.mark.parametrize("line", UGLY, ids=["digits", "deep", "db", "pathways"])
def test_what_python_itself_stumbles_over_is_told_as_a_fault_of_the_file(
    computer: Computer, line: str
) -> None:
    done = computer.run("--check", site=f'[workplace]\nadministrator = "inst-01"\n{line}\n', code=1)
    assert "site.toml:" in done.output
    assert isinstance(done.exception, SystemExit)


@pytest.mark.parametrize(
    "line",
    [
        'municipality = "x\\nSigned by us"',
        '"x\\nSigned by us" = 1',
        'idle_minutes = ["x\\nSigned by us"]',
        '["x\\nSigned by us"]',
        '[settings]\ndb = "/srv/x\\nSigned by us/porras.db"',
        '[settings]\n"x\\nSigned by us" = "y"',
    ],
)
def test_no_text_of_the_file_begins_a_line_of_its_own(computer: Computer, line: str) -> None:
    path = computer.folder / "site.toml"
    path.write_text(f'[workplace]\nadministrator = "inst-01"\n{line}\n', encoding="utf-8")
    done = CliRunner().invoke(porras, ["--lang", "en", "setup", "--from", str(path), "--check"])
    assert "Signed by us" in done.output
    assert not re.search("^Signed by us", done.output, re.MULTILINE)


@pytest.mark.parametrize("how", ["missing", "folder", "bytes"])
def test_a_file_that_cannot_be_read_is_told(computer: Computer, how: str) -> None:
    path = computer.folder / "given.toml"
    make: dict[str, Callable[[], object]] = {
        "missing": lambda: None,
        "folder": path.mkdir,
        "bytes": lambda: path.write_bytes(b"\xff\xfe"),
    }
    make[how]()
    done = CliRunner().invoke(porras, ["setup", "--from", str(path)])
    assert done.exit_code == 1
    assert "given.toml" in done.output
