"""If these fail, a text of a pathway or a path steers the terminal of whoever reads it."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result

from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.file_reader import FileReader
from stepping.pathway.reader import read_pathway
from store.paths import StorePaths, find
from tests.screens.running import PASSPHRASE, Stage
from tests.stepping.cases import SMALL
from tests.tui.test_roles import names
from tui import say
from tui.cli import porras

STEERS = (
    "\x1b]52;c;QQ==\x07\x1b[2J\x08\x7f\x85\x9b\xad\u061c\u200b\u200d\u2028\u2029\u202e\u2066\ufeff"
)
"""Writes to the clipboard, clears the screen, turns the direction of reading, hides."""

LINE = "Signed by us"
EVIL = f"{STEERS}\n{LINE}"
"""The same, and begins a line as if Porras said it; a text of a pathway may have several lines."""

UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""What no byte that is printed may stand for; written out here once more, to compare."""

_TEXT = re.compile(r'((?:\ben|\bfi|contact) = ")([^"]*)"')
_SERVICES = """\
id = "area"
county = { en = "County", fi = "Alue" }
municipalities = [ { id = "hollola", name = { en = "Hollola", fi = "Hollola" } } ]

[[service]]
id = "clinic"
name = { en = "Clinic", fi = "Klinikka" }
municipalities = ["hollola"]
interventions = ["talk"]
production = "own"
place = "fixed"
languages = ["fi"]
contact = "000"
contact_checked = 2026-11-02
"""
CALM = {"client.age": 40, "danger": False, "mood.1": 1, "mood.2": 1, "weeks": 8}

COMMANDS: dict[str, tuple[str, int]] = {
    "worklist": ("", 0),
    "worklist --format json": ("", 0),
    "client": ("CODE", 0),
    "client --format json": ("CODE", 0),
    "note": ("CODE", 0),
    "note --format json": ("CODE", 0),
    "note --out": ("OUT CODE", 0),
    "calendar": ("CODE --out OUT", 1),
    "sheet": ("safety_plan --client CODE", 0),
    "sheet --format html": ("agreed --client CODE", 0),
    "fhir out": ("ASSESSMENT --out RECORD", 0),
    "train": ("", 2),
    "train --results": ("", 0),
    "train --results --format json": ("", 0),
    "decide": ("PATHWAY --answers ANSWERS", 0),
    "decide --format json": ("PATHWAY --answers ANSWERS", 0),
    "decide --batch": ("CASES --out - PATHWAY", 1),
    "pathway list": ("", 0),
    "pathway show": ("PATHWAY --part all", 0),
    "pathway show --format markdown": ("PATHWAY", 0),
    "pathway show --format html": ("PATHWAY", 0),
    "pathway check": ("PATHWAY", 0),
    "pathway check --format json": ("PATHWAY", 0),
    "pathway diff": ("SMALL PATHWAY", 0),
    "pathway diff --format json": ("SMALL PATHWAY", 0),
    "pathway new": ("NEW --id mine", 0),
    "pathway schema": ("NEW/.schemas", 0),
    "fhir form": ("PATHWAY --out FORM", 0),
    "fhir read": ("RESPONSE", 1),
    "fhir read --format json": ("RESPONSE", 1),
    "class open": ("EVIL", 2),
    "class list": ("", 0),
    "class show": ("EVIL", 1),
    "class report": ("EVIL", 1),
    "class report --format csv": ("EVIL", 1),
    "class report --format html": ("EVIL", 1),
    "class join": ("EVIL", 1),
    "class pack": ("EVIL --out OUT", 1),
    "class end": ("EVIL --yes", 1),
    "class hand-in": ("EVIL --out OUT", 1),
    "class collect": ("EVIL OUT", 1),
    "vignette list": ("", 0),
    "vignette list --format json": ("", 0),
    "vignette check": ("", 1),
    "vignette check --format json": ("", 1),
    "vignette new": ("mine --pathway PATHWAY --out NEW", 0),
    "content pack": ("EVIL --out NEW", 1),
    "content install": ("EVIL", 1),
    "content list": ("", 0),
    "content list --format json": ("", 0),
    "content back": ("", 1),
    "services check": ("", 0),
    "services check --format json": ("", 0),
    "setup": ("--from SITE", 1),
    "setup --example": ("", 0),
    "setup --format json": ("--from SITE", 1),
    "user list": ("", 0),
    "user list --format json": ("", 0),
    "user add": ("EVIL --first-passphrase-file NONE", 1),
    "user disable": ("EVIL", 1),
    "user enable": ("EVIL --first-passphrase-file NONE", 1),
    "user role": ("EVIL nurse", 1),
    "user unit": ("EVIL EVIL", 1),
    "user passphrase": ("EVIL --new-passphrase-file NONE", 1),
    "user unlock": ("EVIL", 1),
    "user bind": ("EVIL EVIL", 1),
    "user idle": ("EVIL", 2),
    "user printing": ("EVIL", 2),
    "user recovery-code": ("", 0),
    "user accept-keys": ("", 0),
    "move": ("CODE EVIL", 2),
    "rekey": ("", 0),
    "backup make": ("SHELF --create", 0),
    "backup make --format json": ("SHELF", 0),
    "backup drill": ("SHELF", 0),
    "backup drill --format json": ("SHELF", 0),
    "backup check": ("SHELF", 0),
    "backup check --format json": ("SHELF", 0),
    "restore": ("SHELF --force", 0),
    "purge": ("", 1),
    "purge --format json": ("", 1),
    "report": ("methods", 0),
    "report --format json": ("access --by month", 0),
    "access": ("CODE --out HELD", 0),
    "access --format json": ("CODE --out DATA", 0),
    "erase": ("CODE --yes", 1),
    "audit verify": ("", 0),
    "audit verify --format json": ("", 0),
    "audit head": ("", 0),
    "audit who": ("CODE", 0),
    "audit log": ("", 0),
    "audit log --format json": ("", 0),
    "update": ("", 1),
    "doctor": ("", 0),
    "doctor --format json": ("", 0),
    "doctor --deep": ("", 0),
}
"""Every command on a store and pathways of which every text is evil: arguments, exit status."""

SHOWING = {"note", "note --format json", "decide", "pathway list", "pathway diff"}
"""Those in whose output the texts themselves stand, written out."""

_UNASKED = (
    *("setup", "class", "decide", "pathway", "vignette", "services", "doctor", "train", "update"),
    *("content", "fhir form", "fhir read"),
)
"""Those that ask for no passphrase; the doctor does where it looks deep."""


def evil(files: dict[str, str]) -> dict[str, str]:
    """Files of a pathway as somebody wrote them who means ill, with escapes of TOML."""
    escapes = "".join(f"\\U{ord(character):08x}" for character in STEERS)
    return {
        name: _TEXT.sub(lambda found: f'{found[1]}{escapes}{found[2]}"', text)
        for name, text in files.items()
    }


_RESPONSE = {
    "resourceType": "QuestionnaireResponse",
    "status": EVIL,
    "authored": EVIL,
    EVIL: EVIL,
    "item": [
        {"linkId": link, "text": EVIL, "answer": [{"valueCoding": {"code": EVIL}}]}
        for link in (EVIL, "phq9.1", "phq9.9")
    ],
}
"""A filled-in form as somebody writes it who means ill."""


class Ward(NamedTuple):
    places: StorePaths
    folder: Path
    code: str
    assessment: str

    def run(self, command: str, more: str) -> Result:
        given = {
            "CODE": self.code,
            "ASSESSMENT": self.assessment,
            "PATHWAY": str(self.folder / "pathways" / "evil"),
            "SMALL": str(self.folder / "other" / "small"),
            "ANSWERS": str(self.folder / "answers.json"),
            "CASES": str(self.folder / "cases.csv"),
            "NEW": str(self.folder / f"new{EVIL}"),
            "NEW/.schemas": str(self.folder / f"new{EVIL}" / ".schemas"),
            "SHELF": str(self.folder / f"shelf{EVIL}"),
            "OUT": str(self.folder / f"note{EVIL}.txt"),
            "FORM": str(self.folder / f"form{EVIL}.json"),
            "RESPONSE": str(self.folder / f"response{EVIL}.json"),
            "HELD": str(self.folder / f"held{EVIL}.txt"),
            "RECORD": str(self.folder / f"held-record{EVIL}.json"),
            "DATA": str(self.folder / f"held{EVIL}.json"),
            "SITE": str(self.folder / f"site{EVIL}.toml"),
            "NONE": str(self.folder / f"none{EVIL}"),
            "EVIL": EVIL,
        }
        words = [given.get(word, word) for word in (*command.split(), *more.split())]
        before = ["--db", self.places.database, "--pathways", self.folder / "pathways"]
        first, second, *_ = (*command.split(), "")
        secret = not {first, f"{first} {second}"} & {*_UNASKED} or "--deep" in command
        after = ["--passphrase-file", "-"] if secret else []
        arguments = [*map(str, before), "--lang", "en", *words, *after]
        return CliRunner().invoke(porras, arguments, input=f"{PASSPHRASE}\n")


def lay_out(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ward:
    """A store that has kept an evil pathway, as one of an earlier version may have."""
    files = evil(SMALL)
    stage = Stage(find(tmp_path / f"site{EVIL}" / "porras.db"), read_pathway(files, kept=True))
    monkeypatch.setattr("tui.commands.open_store.now", stage.clock)
    with stage.store() as store:
        store.staff.set_own_unit("Lahden sote-keskus")
        visit = stage.visit(store)
        visit.record_answers({name: value for name, value in CALM.items() if name != "client.age"})
        visit.confirm(visit.decide(), 1)
    rename = ('id = "small"', 'id = "evil"')
    lay_out(tmp_path / "other" / "small", SMALL)
    lay_out(tmp_path / "pathways" / "evil", {n: text.replace(*rename) for n, text in files.items()})
    lay_out(tmp_path / "pathways" / "services", evil({f"area{EVIL}.toml": _SERVICES}))
    lay_out(tmp_path / "pathways" / "vignettes", {f"mine{EVIL}.toml": f'id = "{EVIL}"'})
    escapes = "".join(f"\\U{ord(character):08x}" for character in EVIL)
    site = f'["{escapes}"]\n[workplace]\nadministrator = "{escapes}"\n"{escapes}" = "{escapes}"\n'
    site += f'municipality = "{escapes}"\n[settings]\npathways = "/{escapes}"\n'
    lay_out(tmp_path, {f"site{EVIL}.toml": site})
    (tmp_path / "answers.json").write_text(json.dumps(CALM))
    (tmp_path / f"response{EVIL}.json").write_text(json.dumps(_RESPONSE))
    heading = ",".join(["case", *CALM])
    lines = [f"a{STEERS},40,no,0,0,3", f"b,40,{STEERS},0,0,3", "c,40,no,0,0,3"]
    (tmp_path / "cases.csv").write_text("\n".join([heading, *lines]), encoding="utf-8")
    return Ward(stage.places, tmp_path, visit.client.code, visit.assessment.id)


def check_harmless(done: Result, what: object) -> None:
    for stream in (done.stdout_bytes, done.stderr_bytes):
        told = stream.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
        assert not UNFIT.search(told), (what, told)
        assert not re.search(f"^{LINE}", told, re.MULTILINE), (what, told)


def test_every_command_stands_in_the_table() -> None:
    told = {command.partition(" --")[0] for command in COMMANDS}
    assert told == {*names(porras)}


def test_no_command_prints_what_steers_a_terminal(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command, every text, every evil character; what is refused and written as well."""
    monkeypatch.setattr(FileReader, "_is_fit", lambda *_: True)  # as if the reader let them in
    ended = {}
    for command, (more, _) in COMMANDS.items():
        done = ward.run(command, more)
        assert done.exception is None or isinstance(done.exception, SystemExit), (command, done)
        check_harmless(done, command)
        ended[command] = done.exit_code if not command.startswith("doctor") else 0
        if command in SHOWING:
            assert "52;c;QQ==" in done.output, command
    assert ended == {command: code for command, (_, code) in COMMANDS.items()}
    for path in ward.folder.iterdir():
        if path.name.startswith(("note", "held", "form")):
            assert not UNFIT.search(path.read_text(encoding="utf-8"))


def test_the_reader_lets_none_of_it_in(ward: Ward) -> None:
    for command in ("pathway check", "pathway show", "decide"):
        done = ward.run(command, COMMANDS[command][0])
        assert done.exit_code == 1
        check_harmless(done, command)
        assert "U+001B" in done.output
    with pytest.raises(PathwayError):
        read_pathway(evil(SMALL))


@pytest.mark.parametrize(
    "words",
    [
        [EVIL],
        ["--lang", EVIL],
        ["--config", f"/none{EVIL}"],
        ["--pathways", f"/none{EVIL}", "worklist"],
        ["--db", f"/none{EVIL}", "worklist", "--as", EVIL],
        ["--db", f"/none{EVIL}", "worklist", "--passphrase-file", f"/none{EVIL}"],
        ["worklist", f"--{EVIL}"],
        ["pathway", EVIL],
        ["pathway", "show", EVIL],
        ["pathway", "new", "x", "--id", EVIL],
        ["decide", "adult", "--answers", f"/none{EVIL}"],
        ["vignette", "check", EVIL],
        ["vignette", "new", EVIL, "--pathway", "adult", "--out", "/none"],
        ["decide", "adult", "--lang", EVIL],
        ["decide", "adult", "--batch", "-", "--out", f"/none{EVIL}/x"],
        ["audit", "log", "--since", EVIL],
    ],
)
def test_no_refusal_repeats_what_steers_a_terminal(words: list[str]) -> None:
    done = CliRunner().invoke(porras, words, input="{}")
    assert done.exit_code in {1, 2}
    assert done.output
    check_harmless(done, words)


def test_what_was_set_for_the_computer_is_told_harmlessly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORRAS_LANG", EVIL)
    done = CliRunner().invoke(porras, ["pathway", "list"])
    assert "PORRAS_LANG" in done.stderr
    check_harmless(done, "PORRAS_LANG")


def test_a_command_of_click_is_told_as_it_was() -> None:
    done = CliRunner().invoke(porras, ["pathway", "shw"])
    assert done.exit_code == 2
    assert done.stderr.startswith("Usage: porras pathway [OPTIONS]")


def test_json_is_printed_in_one_way(capfd: pytest.CaptureFixture[str]) -> None:
    """Whole for other programs and short in a line of text; nothing in it steers a terminal."""
    value = {"a": ["ä", "\u202e"], "on": date(2026, 11, 2)}
    say.answer("json", lambda: value, ())
    assert capfd.readouterr().out == (
        '{\n "a": [\n  "ä",\n  "\\u202e"\n ],\n "on": "2026-11-02"\n}\n'
    )
    assert say.as_json(value, one_line=True) == '{"a": ["ä", "\\u202e"], "on": "2026-11-02"}'
    say.answer("text", lambda: value, ("one", "two"))
    assert capfd.readouterr().out == "one\ntwo\n"
