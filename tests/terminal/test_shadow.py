"""What the painter left out was never missed: each page beside the one that Textual would draw.

Failing here means a nurse who reads a line that belongs to another client or question.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from casework.language import speech
from screens.wording.client_words import LABELS
from stepping.pathway.model import Answer
from store.pathway_files.files import built_in
from tests.terminal.lived import LongNurse, items, said
from tests.terminal.main_job import AWAKE_S, SLOW_S, STOP_S, client_keys
from tests.terminal.shadow import Shadowed, program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drives a Linux pty")

YOUTH = built_in("youth")
YOUNG: Mapping[str, Answer] = {"client.age": 15, "client.sex": "f"}
UNHAPPY: Mapping[str, Answer] = items("phq9", 2, 2, 2, 2, 1, 1, 1, 0, 1)
OWN_WORDS = "hän sanoi: “漢字 cafe\u0301” – ￥5 åäö"
"""Wide characters, a combining mark, and quotation marks that no keyboard has."""

START = "Clients seen lately"
STANDS = "Hollola"
"""The place, which comes with the last that the start tells."""

TOUR = (
    (STANDS, "{w:worklist}"),
    ("begun by anyone", "{o:only mine} sleep:200 {o:everybody's} sleep:200"),
    ("begun by anyone", "Tab sleep:200 Tab sleep:200 4"),
    ("entries, correct", "{c:entries, correct}"),
    ("Entries", "Down 1"),
    ("An entry", "{w:withdraw} Esc"),
    ("Entries", "Esc"),
    ("entries, correct", "{r:record}"),
    ("Record in the episode", "{k:Beside the steps of care}"),
    ("Beside the steps of care", "3"),
    ("What may be recorded", "Esc"),
    ("Beside the steps of care", "Esc"),
    ("entries, correct", "{r:record}"),
    ("Record in the episode", "{n:The next contact}"),
    ("next field", "2 w BS Down sleep:200 Esc"),
    ("entries, correct", "Esc"),
    ("begun by anyone", "Esc"),
    (START, "{c:find client}"),
    ("Type the client code, the beginning of it, or a year of birth.", "TREE-NABK Enter"),
    ("move to a unit", "1"),
    ("is in the record", "{l:languages} sleep:200 Space PgDn sleep:600 Enter"),
    ("move to a unit", "Esc"),
    (START, "{p:pathways}"),
    ("Pathways", "3"),
    ("Rules", "Tab sleep:200 1"),
    ("When", "Tab sleep:200 PgDn Esc"),
    ("Rules", "Esc"),
    ("Pathways", "Esc"),
    (START, "? Down PgDn Esc"),
    (START, "4"),
    ("full reasons", "sleep:600 {d:full reasons}"),
    ("short", "Space Space sleep:200 {s:services}"),
    ("Services", "1 4 Space Esc"),
    ("full reasons", "sleep:600 Esc"),
    ("leave it for later", "{l:leave it for later}"),
)
"""The pages about clients and pathways: what stands there, and the keys pressed then.

`{w:worklist}` is the letter that this label has in the language shown.
"""


def walk(nurse: LongNurse, *steps: tuple[str, str]) -> None:
    """Press keys wherever their page stands."""
    t = speech(nurse.language)
    for sentence, keys in steps:
        nurse.sees(sentence, re.sub(r"{(.):(.+?)}", lambda m: t.letter(m[1], m[2]), keys))


def writes_own_words(nurse: LongNurse) -> None:
    """At the stop of the first draft, say in the client's words why a step was not done."""
    nurse.sees(STANDS, "1")
    not_done, done = nurse.letter("x", "not done at >, why"), nurse.letter("d", "done")
    nurse.sees("not done at >, why", f"sleep:1100 {not_done}")
    nurse.sees("Not done: which reason fits best?", "sleep:300 1")
    nurse.sees("Why is this step not done?")
    nurse.session.idle(0.3)
    nurse.session.send(OWN_WORDS.encode())
    nurse.session.wait_for("åäö")
    nurse.session.press("Left*12 x BS Home Right Right End Enter")
    nurse.session.wait_for(r"hän\s+sanoi:\s+.*漢")
    nurse.sees("not done at >, why", f"sleep:1100 Down 2 {done} sleep:300 Up F10")
    nurse.sees("! EMERGENCY CARD", "Space Esc")
    nurse.sees("not done at >, why", "sleep:1100 Esc")
    nurse.sees("leave it for later", "l")


def answers_alone(nurse: LongNurse) -> None:
    """Hand the keyboard to the client of the third draft, and take it back."""
    nurse.sees(START, "5")
    nurse.sees("Some answers are too old to count now.")
    nurse.session.idle(STOP_S)
    nurse.session.press("Enter")
    nurse.session.wait_for("1–6")
    nurse.session.press("sleep:300 0")
    nurse.session.wait_for("0–3")
    nurse.session.press("sleep:300 Esc")
    nurse.sees("hand the keyboard to the client", "c")
    nurse.sees("The client cannot", "Enter")
    nurse.session.idle(0.3)
    nurse.session.press("0 sleep:300 Down Down Up o sleep:300 l sleep:300 l sleep:300 h")
    nurse.session.wait_for("porras")
    nurse.session.idle(SLOW_S)
    nurse.session.press("porras Enter")
    nurse.session.wait_for("F10")
    nurse.session.press("sleep:300 Esc")
    nurse.sees("leave it for later", "l")


def is_disturbed(session: Shadowed) -> None:
    """Change the window, suspend the program, and let noise of the line stand on the page."""
    session.press("size:100x30 size:60x15 size:80x24")
    for number in (signal.SIGTSTP, signal.SIGSTOP):
        session.signal(number)
        os.waitpid(session.pid, os.WUNTRACED)
        session.idle(0.2)
        session.signal(signal.SIGCONT)
        session.idle(0.5)
        session.compare()
    session.terminal.feed(b"\x1b[3;2H\x1b[7mnoise of a bad line" * 9)
    assert session.differs()
    session.press("C-l")


def by_night(*values: object) -> Any:
    return pytest.param(*values, marks=pytest.mark.nightly)


def opened(
    folder: Path, language: str, *options: str, size: tuple[int, int] = (80, 24)
) -> Shadowed:
    return Shadowed(folder, program(folder, "--demo", *options, language=language), *size)


@pytest.mark.parametrize(
    ("language", "theme"),
    [
        ("fi", "standard"),
        by_night("sv", "standard"),
        by_night("fi", "contrast"),
        by_night("sv", "mono"),
    ],
)
def test_pages_of_clients_care_and_pathways(tmp_path: Path, language: str, theme: str) -> None:
    with opened(tmp_path, language, "--theme", theme) as session:
        nurse = LongNurse(session, language)
        walk(nurse, *TOUR)
        nurse.leaves()


@pytest.mark.parametrize(
    ("language", "theme"), [("sv", "contrast"), by_night("fi", "standard"), by_night("fi", "mono")]
)
def test_own_words_a_client_alone_and_a_disturbed_line(
    tmp_path: Path, language: str, theme: str
) -> None:
    with opened(tmp_path, language, "--theme", theme) as session:
        nurse = LongNurse(session, language)
        writes_own_words(nurse)
        answers_alone(nurse)
        nurse.sees(START)
        is_disturbed(session)
        nurse.leaves()


@pytest.mark.parametrize("size", [(80, 24), by_night((97, 31)), by_night((160, 50))], ids=str)
def test_a_young_person_and_a_stop_on_the_way(tmp_path: Path, size: tuple[int, int]) -> None:
    with opened(tmp_path, "sv", size=size) as session:
        nurse = LongNurse(session, "sv")
        nurse.sees("new assessment", "n")
        card = client_keys("sv")
        card["birth_year"] = "2 0 1 1 Enter"
        for name, keys in card.items():
            session.wait_for(f"> {re.escape(said(LABELS[name], 'sv'))}")
            session.idle(AWAKE_S)
            session.press(keys)
        nurse.goes_through(YOUTH, YOUNG, UNHAPPY)
        nurse.takes_suggestion(2, YOUTH.header.step[2].name["sv"])
        nurse.leaves()
