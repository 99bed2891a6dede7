"""If these fail, a client alone at a line-by-line terminal reads or reaches what is the nurse's."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casework.assessment import AssessmentSession
from casework.workspace import Workspace
from screens.alone.client_lock import ClientLock
from screens.alone.hand_over import HandOverScreen
from screens.assessment.alone.client_mode import ClientPrompt, ClientQuestionScreen
from screens.assessment.alone.opening import ClientOpeningScreen
from screens.assessment.pause import PauseScreen
from screens.assessment.question import QuestionScreen
from screens.base import lock
from screens.base.page import Page
from stepping.decision.client_pages import is_client_page
from stepping.pathway.model import Answer
from store.codes import show
from store.errors import DiskFull
from store.paths import find
from store.pathway_files import files
from store.training.opening import open_training
from tests.screens.running import TickingClock
from tests.screens.test_client_keys import beginnings
from tests.screens.test_client_mode import row_of
from tests.screens.test_result import MODERATE
from tests.tui.test_plain import (  # noqa: F401 - `watched` is a fixture
    Nurse,
    Office,
    Uptime,
    Watched,
    office,
    told_to_the_store,
    watched,
    whole,
)
from tui.line_mode.line_io import LineTerminal
from tui.line_mode.run import open_plain

ADULT = files.built_in("adult")
CLIENTS = (ClientOpeningScreen, ClientQuestionScreen, ClientPrompt, ClientLock)
AGREED = "[Enter hand over; q back; ! emergency card; ? help]"
HANDED = ("q", "c", "", "")
"""What the nurse types at a question to give the keyboard away, and the client to begin."""


def handing_over(page: str, *lines: str) -> Callable[[Page[Any]], str | None]:
    """Hand over at a page and type lines as the client; then everybody goes on as always."""
    left: list[str] = []
    begun = False

    def types(sheet: Page[Any]) -> str | None:
        nonlocal begun
        if not begun and isinstance(sheet, QuestionScreen) and sheet.page.id == page:
            begun, left[:] = True, [*HANDED, *lines]
        return left.pop(0) if left else None

    return types


def work(
    folder: Path, meanwhile: Callable[[Page[Any]], str | None], **answers: Answer
) -> tuple[Office, Nurse]:
    """Work through a visit of which a part is answered by the client alone."""
    at = office(folder, ADULT)
    nurse = Nurse(ADULT, whole(ADULT, {**MODERATE, **answers}, 40), meanwhile=meanwhile)
    assert at.work(nurse) == 0
    return at, nurse


def alone(nurse: Nurse) -> str:
    """What was said between the hand-over and the nurse's return."""
    text = nurse.text.split(AGREED)[1]
    return text.split("For the nurse: type your passphrase")[0]


def test_answers_of_a_client_alone_decide_as_any_others(tmp_path: Path) -> None:
    at, nurse = work(tmp_path / "here", handing_over("phq9.1"))
    there = office(tmp_path / "there", ADULT)
    told_to_the_store(there, nurse.answers)
    assert "LockScreen" in nurse.asked
    assert nurse.asked.index("phq9.9") < nurse.asked.index("LockScreen")
    assert at.decided() == there.decided()


def test_the_client_reads_nothing_that_is_the_nurses(tmp_path: Path) -> None:
    at, nurse = work(tmp_path, handing_over("phq9.1", "?", "q", "m", "p", "0 1"))
    with at.stage.store() as store:
        (client,) = store.clients.list_recent()
    told = alone(nurse)
    assert "Questions about how you are" in told
    assert "h I want the nurse" in told
    assert told.count("That is not possible here.") == 4
    hers = (
        show(client.code),
        "1986",
        "PHQ-9",
        "emergency card",
        "? help",
        "pause",
        "note",
        "still needed",
    )
    assert [word for word in hers if word in told] == []
    assert "Thank you. Your part is done for now." in told


@pytest.mark.parametrize("call", ["h", "H", "!", "112", "f10"])
def test_a_word_calls_the_nurse_and_the_question_is_asked_again(tmp_path: Path, call: str) -> None:
    _, nurse = work(tmp_path, handing_over("phq9.1", call))
    assert "You asked for the nurse." in alone(nurse)
    assert "If you are in danger right now, call 112." in alone(nurse)
    assert "EMERGENCY CARD" not in nurse.text
    assert nurse.asked.count("phq9.1") == 3


def test_a_call_that_is_taken_back_leaves_the_client_where_the_keys_stay_held(
    tmp_path: Path,
) -> None:
    at = office(tmp_path, ADULT)
    handed = handing_over("phq9.1", "1", "!", "<", "2", "h")
    nurse = Nurse(ADULT, whole(ADULT, MODERATE, 40), meanwhile=handed)
    held: list[str] = []
    with at.stage.store():
        pass
    paper = replace(nurse.paper, hold_keys=lambda on: not held.append(f"{on} at {nurse.asked[-1]}"))  # type: ignore[func-returns-value]
    assert open_plain(at.workspace(), at.stage.places, paper, demo=False) == 0
    assert held == ["True at PauseScreen", "False at CalledScreen"]
    assert nurse.asked.count("CalledScreen") == 2
    assert "You are here because the client called you." in nurse.text


def test_an_answer_of_danger_is_met_calmly_and_stops_for_the_nurse(tmp_path: Path) -> None:
    _, nurse = work(tmp_path, handing_over("phq9.1"), **{"phq9.9": 1})
    assert "Thank you. Your part is done for now." in alone(nurse)
    assert "STOP" not in alone(nurse)
    after = nurse.asked[nurse.asked.index("LockScreen") :]
    assert after[1] == "StopScreen"


def test_only_the_passphrase_leads_back_and_each_wrong_one_waits_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = ("h", "<", "h", "", "q", "?", "wrong", "wrong", "porras")
    at = office(tmp_path, ADULT)
    handed = handing_over("phq9.1", *wrong)
    nurse = Nurse(ADULT, whole(ADULT, MODERATE, 40), meanwhile=handed)
    monkeypatch.setattr(lock, "monotonic", lambda: sum(nurse.waited))
    assert at.work(nurse) == 0
    assert nurse.asked.count("CalledScreen") == 8
    assert [waited for waited in nurse.waited if waited >= 1] == [1, 2, 4, 8]


def test_the_client_writes_in_own_words_and_can_call_meanwhile(tmp_path: Path) -> None:
    (page,) = [p for p in ADULT.pages if is_client_page(p) and p.questions[0].kind == "text"][:1]
    words = ("", "040 123 4567", "a long and quiet winter", "<", "", "!")
    _, nurse = work(tmp_path, handing_over(page.id, *words))
    assert "No names, personal identity codes" in alone(nurse)
    assert "! I want the nurse" in alone(nurse)
    assert "You asked for the nurse." in alone(nurse)


def test_what_could_not_be_stored_is_told_to_the_nurse_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = AssessmentSession.record_answers
    failed: list[bool] = []

    def fails_once(self: AssessmentSession, answers: Mapping[str, Answer]) -> None:
        if "phq9.2" in answers and not failed:
            failed.append(True)
            raise DiskFull(path="p.db")
        answer(self, answers)

    monkeypatch.setattr(AssessmentSession, "record_answers", fails_once)
    handed = handing_over("phq9.1")

    def types(sheet: Page[Any]) -> str | None:
        return "" if type(sheet).__name__ == "ErrorScreen" else handed(sheet)

    _, nurse = work(tmp_path, types)
    assert "Something did not work. What you answered before is safe." in alone(nurse)
    assert "disk" not in alone(nurse)
    assert "The disk is full" in nurse.text


def test_a_client_may_take_any_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uptime = Uptime()
    monkeypatch.setattr(
        "tui.line_mode.run.LineModeApp", lambda *all_: Watched(*all_, uptime=uptime)
    )
    handed = handing_over("phq9.1")

    def slowly(sheet: Page[Any]) -> str | None:
        uptime.now += 3600 if sheet.workspace.with_client else 0
        return handed(sheet)

    at = office(tmp_path, ADULT)
    answers = whole(ADULT, MODERATE, 40)
    nurse = Nurse(ADULT, answers, meanwhile=slowly, attended=True)
    assert at.work(nurse) == 0
    assert "LineLock" not in nurse.asked


@pytest.mark.parametrize("clears", [True, False])
def test_the_nurse_is_told_what_stays_readable_before_it_is_cleared(
    tmp_path: Path, clears: bool
) -> None:
    at = office(tmp_path, ADULT)
    nurse = Nurse(ADULT, whole(ADULT, MODERATE, 40), meanwhile=handing_over("phq9.1"))
    done: list[str] = []

    def held(on: bool) -> bool:
        done.append(f"held {on} at {nurse.asked[-1]}")
        return True

    paper = replace(
        nurse.paper,
        hold_keys=held,
        can_clear=lambda: clears,
        clear=lambda: nurse.said.append("CLEARED"),
        ring=lambda: done.append("rung"),
    )
    with at.stage.store():
        pass
    assert open_plain(at.workspace(), at.stage.places, paper, demo=False) == 0
    before, after = nurse.text.split("CLEARED")
    said = before.split("The client cannot")[1]
    assert ("The screen is cleared before" in said) == clears
    assert ("This terminal cannot be cleared" in said) != clears
    assert "Questions about how you are" in after
    assert done == ["held True at PauseScreen", "rung", "held False at LockScreen"]


def test_a_keyboard_that_is_not_handed_over_is_given_back(tmp_path: Path) -> None:
    at = office(tmp_path, ADULT)
    typed = iter(["q", "c", "<"])

    def types(sheet: Page[Any]) -> str | None:
        here = isinstance(sheet, PauseScreen | HandOverScreen) or (
            isinstance(sheet, QuestionScreen) and sheet.page.id == "phq9.1"
        )
        return next(typed, None) if here else None

    nurse = Nurse(ADULT, whole(ADULT, MODERATE, 40), meanwhile=types)
    held: list[bool] = []
    paper = replace(nurse.paper, hold_keys=lambda on: not held.append(on))  # type: ignore[func-returns-value]
    with at.stage.store():
        pass
    assert open_plain(at.workspace(), at.stage.places, paper, demo=False) == 0
    assert held == [True, False]
    assert "Questions about how you are" not in nurse.text


def test_where_a_key_could_end_the_program_it_is_not_handed_over(tmp_path: Path) -> None:
    at = office(tmp_path, ADULT)
    nurse = Nurse(ADULT, whole(ADULT, MODERATE, 40), meanwhile=handing_over("phq9.1"))
    with at.stage.store():
        pass
    paper = replace(nurse.paper, hold_keys=lambda _: False)
    assert open_plain(at.workspace(), at.stage.places, paper, demo=False) == 0
    assert "cannot be handed to the client" in nurse.text
    assert "HandOverScreen" not in nurse.asked


# -- any lines at all ----------------------------------------------------------------------------

LINES = (
    *(
        "",
        "0",
        "1",
        "2",
        "3",
        "1 2",
        "1,3",
        "9",
        "12",
        "<",
        ">",
        "s",
        "l",
        "y",
        "n",
        "r",
        "x",
        "x1",
    ),
    *("x1", "q", "?", "f1", "m", "p", "c", "w", "e", "h", "!", "112", "esc", "enter", "escape"),
    *("\x03", "\x04", "\x1a", "\x1b", "\x00", "ä", "a" * 600, "words of mine", "2026-01-31"),
)


@pytest.mark.parametrize("seed", range(3))
def test_no_lines_lead_a_client_to_the_nurses_pages(tmp_path: Path, seed: int) -> None:
    """Any lines at all, from every page that may be handed over; only the word opens the lock."""
    chance = random.Random(seed)
    places, clock = find(tmp_path / "p.db"), TickingClock()
    with open_training(places.training, clock) as store:
        client = store.clients.add(birth_year=1986, language="en", sex="f", municipality="hollola")
        visit = AssessmentSession.start(store, ADULT, client, setting="reception", language="en")
        visit.record_answers(chance.choice(beginnings(office(tmp_path, ADULT).stage)))
    said: list[str] = []
    met: set[str] = set()

    def lines() -> Iterator[str]:
        start: Any = Watched.last.page
        yield from (row_of(start, client.code), *HANDED)
        for _ in range(300):
            sheet: Any = Watched.last.page
            met.add(type(sheet).__name__)
            assert isinstance(sheet, CLIENTS), f"{sheet!r} after {said[-40:]}"
            assert sheet.workspace.with_client
            if isinstance(sheet, ClientLock) and chance.random() < 0.3:
                break
            calls = chance.random() < 0.05
            yield chance.choice([line for line in LINES if calls or line not in CALLS])

    typed = lines()

    def ask(secret: bool) -> str:
        line = next(typed, None)
        if line is None:
            raise EOFError
        return line

    workspace = Workspace(clock, language="en", language_asked=True, debounce_s=0)
    paper = LineTerminal(said.append, ask, lambda: 80, attended=False, sleep=lambda _: None)
    assert open_plain(workspace, places, paper, demo=True) == 1
    assert "ClientQuestionScreen" in met
    text = " ".join(said).split(AGREED)[1]
    for hers in (show(client.code), "emergency card", "PHQ-9", "Traceback", "fault in the program"):
        assert hers not in text


CALLS = ("h", "!", "112")
