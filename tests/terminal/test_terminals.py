"""The nurse's main job on the terminals that offices have: each by its name, keys and codes.

Failing here means somebody who meets a client at a PuTTY, a bare console or an old terminal, and
sees garbage, cannot open the emergency card, or gets a broken shell back.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from casework.language import speech
from stepping.pathway.model import Answer
from store.training.opening import open_training
from tests.terminal.lived import ADULT, LongNurse, items
from tests.terminal.session import Session
from tests.terminal.shadow import Shadowed, program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drives a Linux pty")

CARD: Mapping[str, Answer] = {"client.age": 46, "client.sex": "f"}
TROUBLED: Mapping[str, Answer] = {
    **items("phq9", 2, 2, 2, 2, 1, 1, 1, 0, 1),
    **items("gad7", 2, 2, 1, 1, 1, 1, 0),
}
"""Moderate, with thoughts of death: stop S2 is recorded on the way, and step 2 suggested."""

STEP = 2

MOVES = {
    "A": "cuu",
    "B": "cud",
    "C": "cuf",
    "D": "cub",
    "H": "cup",
    "J": "ed",
    "K": "el",
    "m": "sgr0",
    "n": "u7",
}
"""Every control sequence that may be sent, by its last letter, with what terminfo calls it.

`u7` asks for the cursor's place, by the same code that asks for a sign of life.
"""

CONTROLS = set("\r\n\b\x1b")

VT100_MODES = frozenset({"7"})
MODES = VT100_MODES | {"25", "1049", "2004"}
"""Cursor, second screen and marked pastes; who lacks one of the last two passes over it."""

VT100_LOOKS = frozenset({"", "0", "1", "4", "5", "7"})
EIGHT = frozenset(str(n) for n in (*range(30, 38), 39, *range(40, 48), 49))
SIXTEEN = frozenset(str(n) for n in (*range(90, 98), *range(100, 108)))


@dataclass(frozen=True)
class Kind:
    """A terminal: its name, what it knows, and the keys that are its own."""

    term: str
    looks: frozenset[str] = VT100_LOOKS | {"2", "3", "9"} | EIGHT | SIXTEEN
    modes: frozenset[str] = MODES
    latin: bool = False
    keys: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str | None]:
        """What the shell on such a terminal says of it."""
        return {"TERM": self.term, "LC_ALL": "C.UTF-8", "PORRAS_GLYPHS": None, "COLORTERM": None}


CONSOLE_KEYS = {f"F{n}": b"\x1b[[" + bytes([ord("A") + n - 1]) for n in range(1, 6)}
ENDS = {"Home": b"\x1b[1~", "End": b"\x1b[4~"}
PUTTY_KEYS = {**ENDS, **{f"F{n}": f"\x1b[{n + 10}~".encode() for n in range(1, 6)}}
CTRL_H = {"BS": b"\x08"}

OFFICE = {
    "console": Kind(
        "linux", VT100_LOOKS | {"2", "3"} | EIGHT, latin=True, keys=CONSOLE_KEYS | ENDS
    ),
    "PuTTY as it comes": Kind("xterm", keys=PUTTY_KEYS | CTRL_H),
    "vt100": Kind("vt100", VT100_LOOKS, VT100_MODES, latin=True, keys=CTRL_H),
}
RARER = {
    "xterm": Kind("xterm"),
    "xterm-256color": Kind("xterm-256color"),
    "xterm-mono": Kind("xterm-mono", VT100_LOOKS | {"2", "3", "9"}),
    "PuTTY": Kind("putty", keys=PUTTY_KEYS),
    "PuTTY, 256 colours": Kind("putty-256color", keys=PUTTY_KEYS),
    "PuTTY as SCO": Kind("putty-sco", keys={"Home": b"\x1b[H", "End": b"\x1b[F"} | CTRL_H),
    "vt220": Kind("vt220", VT100_LOOKS, VT100_MODES | {"25"}, latin=True, keys=ENDS),
    "screen": Kind("screen", keys=ENDS),
    "tmux": Kind("tmux-256color", keys=ENDS),
}
EVERY = OFFICE | RARER
LEAST = "vt100"


@pytest.mark.parametrize(
    # The one that can least stands for all of them in the ordinary suite.
    "name",
    [
        "vt100",
        *(pytest.param(name, marks=pytest.mark.nightly) for name in EVERY if name != "vt100"),
    ],
)
def test_the_main_job_from_the_client_card_to_a_confirmed_step(tmp_path: Path, name: str) -> None:
    kind = EVERY[name]
    colours = kind.looks >= SIXTEEN
    command = program(tmp_path, "--demo")
    with Shadowed(tmp_path, command, env=kind.env, dialect=kind.keys, colours=colours) as session:
        nurse = LongNurse(session, "fi")
        nurse.fills_in_client()
        nurse.sees("emergency card", "F10")
        session.wait_for("112")
        session.press("Esc")
        notes_down_with_every_key(nurse)
        nurse.goes_through(ADULT, CARD, TROUBLED)
        nurse.takes_suggestion(STEP, ADULT.header.step[STEP].name["fi"])
        nurse.leaves()
        assert session.compared > 60
        check_left_as_found(session)
        check_sent(bytes(session.raw), kind)
    check_stored(tmp_path)


def notes_down_with_every_key(nurse: LongNurse) -> None:
    """Write a note with the keys that terminals disagree on."""
    nurse.asked("danger.suicide", speech(nurse.language).letter("m", "note"))
    nurse.session.idle(0.3)
    nurse.session.send("äidin luona".encode())
    nurse.session.wait_for("äidin luona")
    nurse.session.press("BS Home 2 End 1 Left BS Enter")
    nurse.asked("danger.suicide")


def check_stored(folder: Path) -> None:
    """The decision, the recorded stop and the note stand in the store."""
    with open_training(folder / "training.db") as store:
        (client, *_) = store.clients.list_recent(1)
        (assessment,) = store.assessments.list_of(client.id)
        row = store.decisions.find(assessment.id)
        assert row is not None
        assert (row.suggested_step, row.confirmed_step) == (STEP, STEP)
        assert {step.stop for step in store.safety_steps.list_recorded(assessment.id)} == {"S2"}
        (note,) = store.answers.get_progress(assessment.id).notes
        assert note.text == "2äidin luo1"


def check_left_as_found(session: Session) -> None:
    """The shell gets its line settings, its screen and a cursor back; no page stays readable."""
    assert session.sane
    assert session.left_on == set()
    assert "25" in session.terminal.modes
    assert session.text == ""


def check_sent(raw: bytes, kind: Kind) -> None:
    """Nothing was sent that this terminal does not know."""
    text = raw.decode()
    codes = re.findall(r"\x1b\[([0-?]*)([ -/]*[@-~])", text)
    modes = {
        mode
        for body, final in codes
        if final in ("h", "l")
        for mode in body.removeprefix("?").split(";")
    }
    looks = {look for body, final in codes if final == "m" for look in body.split(";")}
    bare = re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", text)
    assert {final for _, final in codes} <= {*MOVES, "h", "l"}
    assert modes <= kind.modes
    assert looks <= kind.looks
    assert {char for char in bare if char < " "} <= CONTROLS - {"\x1b"}
    assert not kind.latin or max(bare) <= "\xff"
    assert "\ufffd" not in bare


@pytest.mark.parametrize("name", EVERY)
def test_terminfo_lists_what_is_sent_there(name: str) -> None:
    term = EVERY[name].term
    if not shutil.which("infocmp"):
        pytest.skip("infocmp is not installed")
    told = subprocess.run(["infocmp", "-1", term], capture_output=True, text=True, check=False)
    if told.returncode:
        pytest.skip(f"terminfo does not know {term} here")
    known = dict(re.findall(r"^\t(\w+)=(.*),$", told.stdout, re.MULTILINE))
    for final, capability in MOVES.items():
        code = re.sub(r"\$<\d+>", "", known.get(capability, r"\E[6n"))
        assert code.startswith("\\E[") or final == "m", (capability, code)
        assert final in code, (capability, code)
