"""If these fail, a person in danger is passed by: no stop comes, or it can be walked around."""

from __future__ import annotations

from typing import Any

import pytest

from casework.care_names import CareNames
from casework.language import speech
from screens.assessment.not_done import NotDoneScreen
from screens.assessment.pause import PauseScreen
from screens.assessment.question import QuestionScreen
from screens.assessment.stop import StopScreen
from screens.base.prompt import ValuePrompt
from screens.desk.emergency import EmergencyScreen
from screens.desk.start import StartScreen
from screens.result.result import ResultScreen
from stepping.decision.interview import open_stops
from stepping.decision.safety import list_safety_steps
from store.times import local_time
from tests.screens.running import CALM, MOOD, Session, Stage
from tests.screens.test_question import stored, until

EVERY_KEY = (
    *("enter", "space", "escape", "left", "right", "up", "down", "tab", "backspace"),
    *("c", "r", "s", "m", "n", "y", "l", "q", "0", "9", "f5"),
)


def open_now(session: Session) -> tuple[str, ...]:
    visit = session.visit
    return open_stops(visit.pathway, visit.answers, visit.recorded_stops)


def rows(session: Session) -> list[tuple[Any, ...]]:
    """The safety steps on the disk: step, done, why not, recorder."""
    records = session.store.safety_steps.list_recorded(session.visit.assessment.id)
    return [(r.step, r.done, r.why_not, r.recorder) for r in records]


async def record_all(session: Session) -> None:
    """Mark every step of every card done, and go on."""
    for _ in range(40):
        if not isinstance(session.shown, StopScreen) or "Enter goes on" in session.flat:
            break
        await session.press("d")
        await session.press("tab" if "Tab shows" in session.flat else "down")
    await session.press("enter")


# -- it comes --------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "stop", "card"),
    [
        ("1", "S1", "suicide_acute"),
        ("2", "S1b", "threat_to_others"),
        ("3", "S1b", "child_at_risk"),
        ("4", "S1b", "confusion"),
        ("5", "S1b", "intoxicated"),
    ],
)
async def test_every_danger_flag_stops_at_once(
    stage: Stage, key: str, stop: str, card: str
) -> None:
    async with stage.resumed({}) as session:
        await session.press(key, "enter")
        session.on(StopScreen)
        session.says("! STOP · EMERGENCY", stop, stage.pathway.cards[card].title["en"], "112")
        session.lacks("Suggested step")
        numbers = [line for line in session.shown.body(80) if "24 h" in str(line)]
        assert numbers, "whom to call"
        assert all(look != "dim" for line in numbers for _, look in line)
        assert open_now(session) == (stop,)


async def test_a_marked_danger_that_was_not_taken_still_stops_when_gone_on_with(
    stage: Stage,
) -> None:
    async with stage.resumed({}) as session:
        await session.press("1", "escape")
        session.says("A safety stop is open", "EMERGENCY")
        await session.press("l", "1")
        session.on(StopScreen)


async def test_several_dangers_bring_all_their_cards(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await session.press("1", "3", "4", "enter")
        session.says("card 1 of 3", stage.pathway.cards["suicide_acute"].title["en"])
        await session.press("tab")
        session.says("card 2 of 3", stage.pathway.cards["child_at_risk"].title["en"])
        await session.press("tab")
        session.says("card 3 of 3", stage.pathway.cards["confusion"].title["en"])
        await session.press("tab")
        session.says("card 1 of 3")
        await session.press("shift+tab")
        session.says("card 3 of 3")


async def test_item_nine_stops_before_the_next_question(stage: Stage) -> None:
    async with stage.resumed({**CALM, **dict.fromkeys(MOOD[:8], 0)}) as session:
        assert session.page == "phq9.9"
        await session.press("1")
        session.on(StopScreen)
        session.says("! STOP · SAME DAY", "S2", "First ask the safety questions", "press a")


async def test_the_safety_questions_come_first_where_the_nurse_asks_them(stage: Stage) -> None:
    async with stage.resumed({**CALM, **dict.fromkeys(MOOD[:8], 0), "phq9.9": 1}) as session:
        session.on(StopScreen)
        await session.press("a")
        assert session.page == "history.attempt"
        await session.press("0")
        for item in (1, 2, 3, 4):
            assert session.page == f"asq.{item}"
            await session.press("n")
        session.on(StopScreen)
        session.lacks("press a")
        assert stored(session)["asq.4"] == "no"


async def test_thoughts_right_now_raise_the_emergency_on_top(stage: Stage) -> None:
    async with stage.resumed({**CALM, **dict.fromkeys(MOOD[:8], 0), "phq9.9": 1}) as session:
        await session.press("a", "0", "n", "n", "y", "n")
        assert session.page == "asq.5"
        await session.press("y")
        session.on(StopScreen)
        session.says("! STOP · EMERGENCY", "S1", "card 1 of 2")
        assert open_now(session) == ("S1", "S2")


async def test_a_flag_of_the_second_page_stops_at_once(stage: Stage) -> None:
    async with stage.resumed(until(stage, "flag.psychosis")) as session:
        await session.press("1", "enter")
        session.on(StopScreen)
        session.says("S3", "SAME DAY", stage.pathway.cards["psychosis"].title["en"])


async def test_a_worried_nurse_is_enough(stage: Stage) -> None:
    async with stage.resumed(until(stage, "nurse.worried")) as session:
        assert session.page == "nurse.worried"
        await session.press("y")
        session.on(StopScreen)
        session.says("S2")


# -- what is recorded ------------------------------------------------------


async def test_steps_are_recorded_done_or_not_with_who_and_when(stage: Stage) -> None:
    async with stage.resumed({"danger.suicide": "yes"}) as session:
        first = [s.step for s in list_safety_steps(stage.pathway, session.visit.answers, "S1")]
        await session.press("1", "d")
        session.says("1 [x]", "done · nurse1")
        assert rows(session) == [(first[0], True, None, "nurse1")]
        await session.press("2", "x")
        session.on(NotDoneScreen)
        session.says("Not done: which reason fits best?", "2 nobody could be reached")
        await session.press("2")
        session.on(ValuePrompt)
        session.says("Reason: nobody could be reached.")
        await session.type("  ")
        session.says("Write a few words.")
        await session.type("no one could be reached, tel 0401234567")
        session.on(ValuePrompt)
        await session.type("no line to the hospital")
        session.on(StopScreen)
        session.says(
            "2 [-]", "not done: nobody could be reached – no line to the hospital · nurse1"
        )
        assert rows(session)[1] == (first[1], False, "no line to the hospital", "nurse1")
        assert session.visit.safety[1].reason == "not_reached"
        at = session.visit.safety[1].at
        session.says(f"{local_time(at):%H:%M}")
        await session.press("2")
        assert rows(session)[1][:2] == (first[1], False), "a digit alone changes no record"
        await session.press("d")
        assert rows(session)[-1][:2] == (first[1], True), "a correction stands beside the first"
        assert len(rows(session)) == 2


async def test_a_reason_that_is_left_records_nothing(stage: Stage) -> None:
    async with stage.resumed({"danger.suicide": "yes"}) as session:
        for keys in (("x", "escape"), ("x", "5", "escape"), ("x", "5", "enter", "escape")):
            await session.press(*keys)
            session.on(StopScreen)
            assert rows(session) == [], f"a code alone makes nothing easier to leave out: {keys}"


async def test_digits_that_are_typed_on_record_no_code_without_words(stage: Stage) -> None:
    async with stage.resumed({"danger.suicide": "yes"}) as session:
        await session.press("x", *"9870")
        session.on(NotDoneScreen)
        await session.press("enter", "space", "down", "x")
        session.on(NotDoneScreen)
        await session.press("6", "enter")
        session.on(ValuePrompt)
        session.says("Write a few words.")
        assert rows(session) == []
        await session.press("2", "1", "1", "0", "enter")
        session.says("Write a few words.")
        assert rows(session) == [], "scores from paper are no words"


async def test_a_corrected_reason_stands_beside_the_first_and_done_has_none(stage: Stage) -> None:
    async with stage.resumed({"danger.suicide": "yes"}) as session:
        for digit, words in (("1", "wants nobody called"), ("3", "the police called them")):
            await session.press("1", "x", digit)
            await session.type(words)
        await session.press("1", "d")
        kept = session.store.db.execute("SELECT done, why_not, reason FROM safety ORDER BY rowid")
        assert [*map(tuple, kept)] == [
            (0, "wants nobody called", "declined"),
            (0, "the police called them", "by_another"),
            (1, None, None),
        ]


async def test_a_site_without_reasons_asks_for_words_alone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CareNames, "not_done_reasons", lambda self: {})
    async with stage.resumed({"danger.suicide": "yes"}) as session:
        await session.press("x")
        session.on(ValuePrompt)
        await session.type("no line")
        session.says("1 [-]", "not done: no line · nurse1")
        assert session.visit.safety[0].reason is None


async def test_the_pointer_goes_to_the_next_open_step(stage: Stage) -> None:
    async with stage.resumed({"danger.suicide": "yes"}) as session:
        await session.press("2", "x", "2")
        await session.type("the line is dead")
        session.says("> 1 [ ]", "2 [-]")
        await session.press("3", "d")
        session.says("> 3 [x]")
        await session.press("down")
        session.says("> 4 [ ]")


async def test_digits_only_move_so_that_scores_typed_from_paper_record_nothing(
    stage: Stage,
) -> None:
    async with stage.resumed({"danger.suicide": "yes"}) as session:
        for key in "3210012345":
            await session.press(key)
        session.says("> 5 [ ]")
        assert rows(session) == []


async def test_a_second_press_takes_a_step_back_and_the_stop_is_open_again(stage: Stage) -> None:
    async with stage.resumed({"danger.suicide": "yes"}) as session:
        steps = list_safety_steps(stage.pathway, session.visit.answers, "S1")
        for number in range(1, len(steps) + 1):
            await session.press(str(number), "d")
        session.says("All safety steps are recorded. Enter goes on.", "d undo")
        await session.press("1", "d")
        session.says("> 1 [ ]", "Taken back: this step is open again.")
        session.lacks("Enter goes on")
        assert len(rows(session)) == len(steps) - 1
        assert open_now(session) == ("S1",)
        await session.press("enter")
        session.on(StopScreen)
        await session.press("d")
        session.says("> 1 [x]", "All safety steps are recorded. Enter goes on.")
        assert open_now(session) == ()
        kept = session.store.db.execute("SELECT done, why_not FROM safety ORDER BY rowid")
        assert [*map(tuple, kept)] == [(1, None)] * len(steps) + [(0, "[undone]"), (1, None)]


async def test_a_step_that_was_not_done_is_done_by_the_same_key(stage: Stage) -> None:
    async with stage.resumed({"danger.suicide": "yes"}) as session:
        await session.press("x", "2")
        await session.type("the line is dead")
        await session.press("1", "d")
        session.says("> 1 [x]")
        assert [row[1:3] for row in rows(session)] == [(True, None)]


async def test_a_recorded_card_names_the_key_to_the_next_one(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await session.press("1", "3", "enter")
        count = len(stage.pathway.cards["suicide_acute"].steps)
        for number in range(1, count + 1):
            await session.press(str(number), "d")
        session.says("card 1 of 2", "This card is recorded. Tab shows the next one.")


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
async def test_every_step_can_be_seen_however_long_the_card_gets(
    stage: Stage, language: str
) -> None:
    answers = {**CALM, **dict.fromkeys(MOOD[:8], 0), "phq9.9": 1}
    async with stage.resumed(answers, language=language) as session:
        count = len(list_safety_steps(stage.pathway, session.visit.answers, "S2"))
        for _ in range(count):
            await session.press(speech(language).letter("x", "not done at >, why"), "5")
            await session.type("a long reason of the kind that people write on a busy day " * 3)
            await session.press(*["up"] * count)
        for _ in range(count):
            marks = [row for row in session.text.split("\n") if row.startswith(" > ")]
            assert len(marks) == 1, f"the pointer is out of sight:\n{session.text}"
            await session.press("down")


# -- it cannot be walked around --------------------------------------------


async def test_no_key_leads_from_an_open_stop_to_a_result(stage: Stage) -> None:
    answers = {**stage.whole(), "danger.suicide": "yes"}
    async with stage.resumed(answers) as session:
        for key in EVERY_KEY:
            session.on(StopScreen)
            await session.press(key)
            session.lacks("Suggested step")
            if isinstance(session.shown, PauseScreen):
                await session.press("enter")
            elif isinstance(session.shown, QuestionScreen):
                assert session.page == "danger"
                await session.press("right")
        session.on(StopScreen)
        assert rows(session) == []


async def test_the_last_step_opens_the_way_and_the_floor_holds_after(stage: Stage) -> None:
    async with stage.resumed({**stage.whole(), "danger.suicide": "yes"}) as session:
        steps = list_safety_steps(stage.pathway, session.visit.answers, "S1")
        for number in range(1, len(steps)):
            await session.press(str(number), "d", "enter")
            session.on(StopScreen)
        await session.press(str(len(steps)), "d")
        session.says("All safety steps are recorded. Enter goes on.")
        await session.press("enter")
        session.on(ResultScreen)
        session.says(
            "Suggested step 4",
            "! EMERGENCY: now: Acute danger of suicide · safety steps recorded 5/5",
        )


async def test_after_a_recorded_stop_the_questions_go_on(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await session.press("1", "enter")
        await record_all(session)
        assert session.page == "phq9.1"


async def test_correcting_the_answer_closes_the_stop(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await session.press("1", "enter", "left")
        assert session.page == "danger"
        session.says("1 [x]")
        await session.press("1", "0")
        assert session.page == "phq9.1"
        assert open_now(session) == ()


async def test_correcting_late_goes_straight_to_the_answer_that_stopped(stage: Stage) -> None:
    async with stage.resumed({**stage.whole(), "nurse.worried": "yes"}) as session:
        session.on(StopScreen)
        await session.press("left")
        assert session.page == "nurse.worried"
        await session.press("n")
        session.on(ResultScreen)


async def test_leaving_the_correction_unchanged_comes_back_to_the_stop(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await session.press("1", "enter", "left", "enter")
        session.on(StopScreen)
        await session.press("left", "right")
        session.on(StopScreen)


async def test_a_new_flag_under_a_recorded_stop_opens_it_again(stage: Stage) -> None:
    answers = stage.whole({**CALM, "flag.violence": "yes"})
    async with stage.resumed(answers, recorded=("S4",)) as session:
        session.on(ResultScreen)
        await session.press("left")
        while session.page != "flags":
            await session.press("left")
        await session.press("a", "enter")
        session.on(StopScreen)
        session.says(stage.pathway.cards["child_at_risk"].title["en"], "card 2 of 2")
        assert open_now(session) == ("S4",)
        await record_all(session)
        session.on(ResultScreen)


async def test_pause_on_a_stop_names_it_and_comes_back_to_it(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await session.press("1", "enter", "d", "escape")
        session.says("A safety stop is open", "EMERGENCY", "Acute danger of suicide")
        await session.press("enter")
        session.on(StopScreen)
        await session.press("escape", "l")
        session.on(StartScreen)
    async with stage.workplace() as session:
        await session.press("1")
        session.on(StopScreen)
        session.says("1 [x]", "> 2 [ ]")


async def test_back_from_under_a_stop_and_any_answer_returns_to_it(stage: Stage) -> None:
    async with stage.resumed({**CALM, **dict.fromkeys(MOOD[:8], 0), "phq9.9": 1}) as session:
        await session.press("a", "left", "left")
        session.on(QuestionScreen)
        await session.press("2")
        session.on(StopScreen)


async def test_the_emergency_card_opens_over_a_stop(stage: Stage) -> None:
    async with stage.resumed({"danger.suicide": "yes"}) as session:
        await session.press("!")
        session.on(EmergencyScreen)
        await session.press("escape")
        session.on(StopScreen)
