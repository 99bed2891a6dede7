"""If these fail, practice alone teaches what a case does not say, or loses what was tried."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from casework.training.practice import Practice
from casework.training.shelf import read_one
from casework.workspace import Workspace
from screens.base.keys import find_binding
from screens.base.page import Page
from screens.base.pick import PickScreen
from screens.desk.emergency import EmergencyScreen
from screens.training.case_list import CaseListScreen
from screens.training.client_part import ClientPartScreen
from screens.training.exercises.drill import DrillCardScreen, DrillScreen
from screens.training.exercises.flip import FlipScreen
from screens.training.exercises.replay import FRAME_S, ReplayScreen
from screens.training.exercises.what_if import WhatIfScreen
from screens.training.menu import TrainingMenu
from stepping.training.reading import Case
from stepping.training.records import DrillTry, FlipTry, SeatRecord
from store.errors import DiskFull
from store.pathway_files.files import built_in
from tests.screens.exercises import practice_in, turning
from tests.screens.running import Session, Stage, TickingClock, press
from tests.screens.test_training import on
from tests.stepping.training.test_records import ID, judgement
from tests.stepping.training.test_vignettes import PATTERN, text
from tests.training_cases import shipped_case
from tui.flows.training.exercises import find_flip, shows_its_step
from tui.line_mode.app import LineModeApp
from tui.line_mode.line_io import LineTerminal


@cache
def in_danger() -> Case:
    """The pattern with thoughts of being better off dead, which is told at item 9."""
    told = text().replace("[0, 0, 3, 1, 0, 0, 2, 0, 0]", "[0, 0, 3, 1, 0, 0, 2, 0, 1]")
    other = told.replace("lowest = 1\nhighest = 1", 'lowest = 2\nhighest = 2\nstops = ["S2"]')
    return read_one(PATTERN, other, {"adult": built_in("adult")})


@pytest.fixture
def workspace() -> Workspace:
    made = Workspace(TickingClock(), debounce_s=0, language="en")
    made._found = {"adult": built_in("adult")}
    return made


@pytest.fixture
def practice(workspace: Workspace, tmp_path: Path) -> Practice:
    return practice_in(tmp_path, workspace)


def said(page: Page[Any], width: int = 80, *, aloud: bool = False) -> str:
    lines = page.content(width, aloud=aloud).lines
    return "\n".join("".join(part for part, _ in line) for line in lines)


def step_to(page: ReplayScreen, about: str) -> None:
    for _ in page._frames:
        if page._frame.about == about:
            return
        press(page, "right")
    raise AssertionError(about)


class Clock:
    """Seconds that a test lets pass."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


# -- replay ----------------------------------------------------------------------------------


def test_a_replay_goes_forward_back_and_to_what_changes(workspace: Workspace) -> None:
    page = ReplayScreen(workspace, turning())
    assert "Client card: Age: 42" in said(page)
    assert ": woman" in said(page)
    assert "Possible steps: 0–4" in said(page)
    press(page, "left")
    assert page.message == "The case begins here."
    press(page, "right")
    first = said(page)
    assert "Nothing changes by this answer." in first
    press(page, "right", "left")
    assert said(page) == first
    press(page, "n", "n", "n")
    assert "+ A2 " in said(page)
    assert "Possible steps: 1–4" in said(page)
    press(page, "end")
    assert "Suggested step 1: " in said(page)
    assert "may still" not in said(page), "nothing comes any more"
    assert "Expected of this case: step 1" in said(page)
    press(page, "right")
    assert page.message == "The case ends here."
    press(page, "home")
    assert "Client card" in said(page)


@pytest.mark.parametrize("width", [62, 78, 130])
def test_the_picture_has_a_row_a_step_and_never_tells_what_is_to_come(
    workspace: Workspace, width: int
) -> None:
    page = ReplayScreen(workspace, turning())
    rows = said(page, width).split("\n")[1:6]
    assert [row.strip() for row in rows] == ["[4] ░", "[3] ░", "[2] ░", "[1] ░", "[0] █"]
    press(page, "end")
    rows = said(page, width).split("\n")[1:6]
    assert {len(row) for row in rows} == {len(rows[0])}
    assert len(rows[0]) <= width
    assert [row[-1] for row in rows] == ["·", "·", "·", "█", "·"]
    assert [row[:3] for row in rows] == [" 4 ", " 3 ", " 2 ", "[1]", " 0 "]


def test_a_stop_is_seen_where_it_opens_and_where_it_is_recorded(workspace: Workspace) -> None:
    page = ReplayScreen(workspace, in_danger())
    step_to(page, "phq9.9")
    assert "! Stop S2 is open" in said(page)
    assert "! S2 " in said(page)
    assert said(page).split("\n")[1].endswith("!"), "not by colour alone"
    step_to(page, "S2")
    assert "[x] The safety steps of stop S2 are recorded" in said(page)
    assert "is open" not in said(page)


def test_a_held_arrow_does_not_race_through_a_replay(workspace: Workspace) -> None:
    keys = ReplayScreen(workspace, turning()).key_list()
    for key in ("right", "left", "n", "space"):
        binding = find_binding(keys, key)
        assert binding is not None
        assert not binding.moves


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_what_if_is_named_in_the_smallest_window(workspace: Workspace, language: str) -> None:
    workspace.language = language
    page = ReplayScreen(workspace, turning())
    press(page, "right")
    labels = [each.label for each in page.key_list() if each.label]
    assert labels.index(workspace.t("what if")) < labels.index(workspace.t("first, last"))


def test_a_replay_is_read_out_without_its_picture(workspace: Workspace) -> None:
    page = ReplayScreen(workspace, turning())
    assert "█" not in said(page, aloud=True)
    assert "Possible steps: 0–4" in said(page, aloud=True)


def test_a_replay_tells_that_a_settled_step_is_open_upward(workspace: Workspace) -> None:
    case = shipped_case("allotment_widow")
    page = ReplayScreen(workspace, case)
    press(page, "end", "left")
    assert case.decision.or_above
    assert "Settled: step 0 or above" in said(page)


async def test_a_replay_plays_until_a_key_comes(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("screens.training.exercises.replay.FRAME_S", 0.05)
    assert FRAME_S > 1
    async with stage.program(demo=True) as session:
        page = ReplayScreen(session.app.workspace, turning())
        await session.put(page)
        await session.settle()
        await session.press("space")
        await until(lambda: page._at > 2)
        session.says("pause")
        await session.press("space")
        at = page._at
        session.says("play")
        await asyncio.sleep(0.08)
        assert page._at == at
        await session.press("space", "right")
        assert page._play == 0, "any key pauses, and then does what it does"
        await session.press("space", "f10")
        on(session, EmergencyScreen)
        assert page._play == 0
        await session.press("escape", "end", "space")
        assert page._at + 1 < len(page._frames), "from the end it plays anew"


async def test_what_if_tells_the_whole_case_and_leaves_it(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        await session.press("t")
        on(session, TrainingMenu)
        await choose(session, "Replay")
        on(session, CaseListScreen)
        await take(session, "A teacher who cannot let go")
        page = session.on(ReplayScreen)
        session.lacks("what if")  # the client card is no answer
        before = dict(page._case.answers)
        step_to(page, "phq9.9")
        await session.press("w")
        on(session, WhatIfScreen)
        session.says("0 Not at all (as in the case) → step 1", "→ ! stop S2 · step 2", "a declined")
        session.says("0–3 a choose")
        await session.press("1")
        session.says("The whole case would give step 2, not step 1", "! S2 ", "stop: ")
        await session.press("down", "up", "up")
        session.says("The whole case would give the same: step 1")
        await session.press("escape")
        session.on(ReplayScreen)
        assert page._case.answers == before
        await session.press("escape", "escape")
        on(session, TrainingMenu)


def test_what_if_counts_the_answers_of_a_number_by_what_they_give(workspace: Workspace) -> None:
    page = WhatIfScreen(workspace, turning(), "history.weeks")
    assert "3 26–1040 → step 2" in said(page)
    assert "1 0–3 → " in said(page)
    assert "4–25 (as in the case) → step 1" in said(page)
    of_words = WhatIfScreen(workspace, turning(), "need.language")
    assert "in a way to try out" in said(of_words)
    assert find_binding(of_words.key_list(), "down") is None


async def until(happens: Callable[[], bool]) -> None:
    for _ in range(1000):
        if happens():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never happened")


async def choose(session: Session, mode: str) -> None:
    """Press the digit of a mode."""
    row = next(row for row in session.text.split("\n") if mode in row)
    await session.press(row.split()[0])


async def take(session: Session, case: str) -> None:
    """Turn the list of cases until one is there, and take it."""
    for _ in range(20):
        if case in session.flat:
            await choose(session, case)
            return
        await session.press("tab")
    raise AssertionError(session.text)


def test_in_a_class_no_step_is_shown_of_a_case_that_is_not_judged(practice: Practice) -> None:
    alone = shows_its_step(practice)
    assert alone(turning())
    entries = (judgement(class_id=ID.format(8)),)
    for class_id, may in ((ID.format(8), True), (ID.format(9), False)):
        seat: Any = SimpleNamespace(
            class_id=class_id, record=SeatRecord(seat="koivu", entries=entries)
        )
        assert shows_its_step(seat)(turning()) == may


# -- find the flip ---------------------------------------------------------------------------


def test_a_right_choice_is_kept_and_told_over_its_whole_range(practice: Practice) -> None:
    page = FlipScreen(practice, turning())
    assert "Suggested step 1" in said(page)
    assert "instead of" not in said(page), "nothing tells which one it is"
    place = page._choices.index("phq9.difficulty") + 1
    press(page, str(place))
    (tried,) = practice.record.entries
    assert isinstance(tried, FlipTry)
    assert (tried.fact, tried.right, tried.case) == ("phq9.difficulty", True, PATTERN)
    assert "In which direction" in said(page)
    press(page, "2")
    assert "Yes. " in said(page)
    assert "You said: down. It moves the step up." in said(page)
    assert "2 Very difficult → step 2" in said(page)
    assert "(as in the case) → step 1" in said(page)
    assert "The smallest changes that move the step" in said(page)
    assert len(practice.record.entries) == 1


def test_a_wrong_choice_is_told_calmly_and_twice_is_two_tries(practice: Practice) -> None:
    for count in (1, 2):
        page = FlipScreen(practice, turning())
        press(page, str(page._choices.index("auditc.total") + 1), "enter")
        assert "Not this one: whatever is answered, the step stays." in said(page)
        assert "You said" not in said(page)
        assert [each.right for each in tries(practice)] == [False] * count


async def test_a_case_that_no_single_answer_moves_is_in_no_list_of_flips(
    workspace: Workspace,
) -> None:
    cases = {id_: shipped_case(id_) for id_ in (PATTERN, "baby_sleeps")}
    listed: list[str] = []

    async def show(page: Page[Any]) -> Any:
        assert isinstance(page, CaseListScreen)
        listed.extend(case.vignette.id for case in page._cases)

    practice = SimpleNamespace(
        workspace=workspace,
        class_id=None,
        shelf=SimpleNamespace(cases=cases),
        record=SeatRecord(seat="koivu"),
    )
    room: Any = SimpleNamespace(practice=practice, show=show)
    await find_flip(room)
    assert listed == [PATTERN]


def tries(practice: Practice) -> list[FlipTry | DrillTry]:
    return [each for each in practice.record.entries if isinstance(each, FlipTry | DrillTry)]


def test_a_choice_that_is_not_kept_is_not_told(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise DiskFull(path="record.json")

    page = FlipScreen(practice, turning())
    with monkeypatch.context() as disk:
        disk.setattr("casework.training.practice.add_to_record", full)
        with pytest.raises(DiskFull):  # where no page is there to tell it
            press(page, "1")
    assert "Which one of these alone would move it?" in said(page)
    press(page, "1", "enter")
    assert len(practice.record.entries) == 1


async def test_the_way_through_a_flip_leads_to_the_story_and_once_more(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        await session.press("t")
        await choose(session, "Find the flip")
        await session.press("1")
        on(session, FlipScreen)
        await session.press("c")
        on(session, ClientPartScreen)
        await session.press("escape", "1", "enter", "enter")
        on(session, FlipScreen)
        session.says("Which one of these alone would move it?")
        await session.press("escape", "escape")
        on(session, TrainingMenu)


# -- the drill -------------------------------------------------------------------------------


def turn(page: DrillScreen) -> None:
    for _ in page._parts:
        assert "He stops." not in said(page)
        press(page, "enter")
        if page._turned:
            break
    assert "! He stops." in said(page)


async def test_the_right_card_is_told_with_its_seconds_and_kept(
    stage: Stage, tmp_path: Path
) -> None:
    clock = Clock()
    async with stage.program(demo=True) as session:
        practice = practice_in(tmp_path, session.app.workspace)
        page = DrillScreen(practice, turning(), 0, clock)
        await session.put(page)
        await session.settle()
        await session.press("f10", "escape")
        session.says("Opening the cards early is never a fault.")
        await session.press("f10", "1")
        on(session, DrillCardScreen)
        session.says("Nothing is recorded.")
        await session.press("escape")
        turn(page)
        await session.settle()
        await session.press("enter")
        session.says("What do you do now?")
        assert practice.record.entries == ()
        clock.now += 7
        await session.press("!", "2")
        on(session, DrillCardScreen)
        session.says("This card is for something else", "Go back and open it.")
        await session.press("escape")
        clock.now += 5.04
        await session.press("f10", "1")
        session.says("The right card, after 12 seconds.", "112")
        await session.press("escape")
        session.says("You opened the right card")
        first, second = drills(practice)
        assert (first.right, first.seconds) == (False, 7.0)
        assert (second.card, second.right, second.seconds) == ("suicide_acute", True, 12.0)
        await session.press("f10", "1", "escape")
        assert len(drills(practice)) == 2, "afterwards the cards are there to be read"


def drills(practice: Practice) -> list[DrillTry]:
    return [each for each in practice.record.entries if isinstance(each, DrillTry)]


def test_a_drill_that_was_left_alone_keeps_no_time(practice: Practice) -> None:
    clock = Clock()
    for seconds, kept in ((601.0, 0), (-5.0, 0), (30.0, 1), (8.0, 2)):
        page = DrillScreen(practice, turning(), 0, clock)
        turn(page)
        clock.now += seconds
        card = next(each for each in page._cards if each.id == "suicide_acute")
        told, _ = page._tell(card)
        assert ("left alone" in told) == (kept == 0)
        assert len(drills(practice)) == kept
    assert told == "The right card, after 8 seconds. Your earlier times in seconds: 30."


async def test_the_real_emergency_page_is_one_key_further(stage: Stage, tmp_path: Path) -> None:
    async with stage.program(demo=True) as session:
        practice = practice_in(tmp_path, session.app.workspace)
        await session.put(DrillScreen(practice, turning(), 0, Clock()))
        await session.settle()
        await session.press("f10", "f10")
        on(session, EmergencyScreen)
        await session.press("escape")
        on(session, PickScreen)


def test_a_drill_line_by_line(stage: Stage, practice: Practice) -> None:
    clock, heard = Clock(), list[str]()
    case = turning()
    page = DrillScreen(practice, case, 0, clock)
    lines = iter([*[""] * page._turns_after, "112", "1", "q", "q"])
    paper = LineTerminal(heard.append, lambda _: next(lines), lambda: 78, attended=False)
    assert LineModeApp(practice.workspace, stage.places, paper).read_out(page) is None
    told = " ".join(" ".join(heard).split())
    assert "He stops." in told
    assert told.index("He stops.") < told.index("The right card, after 0 seconds.")
    assert [each.card for each in drills(practice)] == ["suicide_acute"]


def test_a_replay_line_by_line_plays_nothing_by_itself(stage: Stage, workspace: Workspace) -> None:
    heard = list[str]()
    lines = iter([">", "<", "", "n", "n", "n", "w", "2", "q", "q"])
    paper = LineTerminal(heard.append, lambda _: next(lines), lambda: 78, attended=False)
    page = ReplayScreen(workspace, turning())
    LineModeApp(workspace, stage.places, paper).read_out(page)
    told = " ".join(" ".join(heard).split())
    assert "2 of 59 " in told
    assert "Possible steps: 1–4" in told
    assert "The whole case would give" in told
    assert "█" not in told
    assert "play" not in told


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_each_letter_of_a_replay_is_another(workspace: Workspace, language: str) -> None:
    workspace.language = language
    page = ReplayScreen(workspace, turning())
    press(page, "right")
    names = [name for each in page.key_list() for name in getattr(each, "names", ())]
    assert len(names) == len({*names})
