"""If these fail, a nurse has to invent a 0 where the client would not answer."""

from __future__ import annotations

import json

import pytest

from casework.assessment import AssessmentSession
from screens.assessment.alone.client_mode import ClientQuestionScreen
from screens.assessment.assessment_list import decided
from screens.assessment.question import QuestionScreen
from screens.assessment.stop import StopScreen
from screens.note.compose import build_note
from screens.note.screen import NoteScreen
from screens.result.confirm import ConfirmScreen
from screens.result.result import ResultScreen
from stepping.decision.outcome import AT_LEAST
from stepping.pathway.model import DECLINED, Answer
from store.errors import RefusedText
from store.records import Confirmation
from tests.screens.running import CALM, MOOD, Session, Stage
from tests.screens.test_client_mode import alone
from tests.screens.test_question import stored, until
from tests.screens.test_result import read_through

OPEN: dict[str, Answer] = {
    **CALM,
    **dict.fromkeys(MOOD, 0),
    **{f"phq9.{item}": 3 for item in range(1, 5)},
    "phq9.5": 2,
    "phq9.6": DECLINED,
    "history.weeks": 4,
}
"""PHQ-9 14 points without item 6, which alone may make it enough for step 2."""


async def full_reasons(session: Session) -> str:
    """Read the reasons of a result through, and leave them again."""
    await session.press("d")
    text = await read_through(session)
    await session.press("d")
    return text


async def test_a_key_declines_and_the_next_question_is_asked(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        session.says("d declines", "d ( ) declines")
        await session.press("d")
        assert session.page == "phq9.2"
        assert stored(session)["phq9.1"] == DECLINED
        await session.press("left")
        assert session.page == "phq9.1"
        session.says("d (x) declines")
        await session.press("1")
        assert stored(session)["phq9.1"] == 1


async def test_what_is_the_nurses_own_has_no_such_key(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        assert session.page == "danger"
        session.lacks("declines")
        await session.press("d")
        assert stored(session) == {}
    async with stage.resumed(until(stage, "nurse.worried")) as session:
        await session.press("d")
        assert "nurse.worried" not in stored(session)


async def test_a_declined_item_nine_asks_on_and_tells_the_nurse_to_judge(stage: Stage) -> None:
    async with stage.resumed({**CALM, **dict.fromkeys(MOOD[:8], 0)}) as session:
        assert session.page == "phq9.9"
        await session.press("d")
        assert session.page == "suicide.thoughts"
        session.says("Declined: ask again directly, and judge the danger yourself.")
        await session.press("d")
        assert session.page == "history.attempt"
        session.on(QuestionScreen)


async def test_whoever_declines_all_about_suicide_is_asked_the_nurses_questions(
    stage: Stage,
) -> None:
    declined: dict[str, Answer] = {"phq9__9": DECLINED, "suicide__thoughts": DECLINED}
    async with stage.resumed(until(stage, "nurse.worried", **declined)) as session:
        assert session.page == "nurse.worried"
        await session.press("n")
        assert session.page == "asq.1"
        await session.press("n", "n", "n", "y", "y")
        session.on(StopScreen)


async def test_on_a_page_of_flags_the_one_at_the_pointer_is_declined_and_stored_at_once(
    stage: Stage,
) -> None:
    async with stage.resumed(until(stage, "flag.psychosis")) as session:
        assert session.page == "flags"
        session.says("d > declines")
        await session.press("down", "d")
        session.says("[d]")
        assert stored(session)["flag.mania"] == DECLINED
        await session.press("d")
        assert "flag.mania" not in stored(session)
        await session.press("d", "9", "enter")
        kept = stored(session)
        assert (kept["flag.mania"], kept["flag.violence"]) == (DECLINED, "yes")
        assert kept["flag.psychosis"] == "no"


async def test_none_of_these_leaves_a_declined_flag_declined(stage: Stage) -> None:
    async with stage.resumed(until(stage, "flag.psychosis")) as session:
        await session.press("d", "0")
        kept = stored(session)
        assert (kept["flag.psychosis"], kept["flag.mania"]) == (DECLINED, "no")


async def test_a_number_may_be_declined(stage: Stage) -> None:
    async with stage.resumed(until(stage, "work.ability")) as session:
        assert session.page == "work.ability"
        await session.press("7", "d")
        assert stored(session)["work.ability"] == DECLINED
        await session.press("left")
        session.says("d (x) declines")


async def test_the_result_says_at_least_and_it_is_confirmed_so(stage: Stage) -> None:
    async with stage.resumed(stage.whole(OPEN)) as session:
        session.on(ResultScreen)
        decision = session.visit.decide()
        assert (decision.step, decision.highest, decision.at_least) == (1, 2, True)
        text = await read_through(session)
        assert "At least step 1 (1–2): " in text
        assert "14–17/27" in text
        assert "1 item declined, limit 10 reached" in text
        assert "Declined - PHQ-9 item 6" in text
        assert "1 answer was declined and stays unknown." in text
        assert "instead of declined → step 2" in await full_reasons(session)
        await session.press("enter")
        session.on(ConfirmScreen)
        session.says("(at least this one)", "never lower")
        await session.press("0")
        session.says("Step 0 is too low here.")
        await session.press("enter")
        await session.skip_what_is_asked_once()
        session.on(NoteScreen)
        row = session.store.decisions.find(session.visit.assessment.id)
        assert row is not None
        assert (row.confirmed_step, row.reason_code) == (1, AT_LEAST)
        assert json.loads(row.decision_json)["decision"]["declined"] == ["phq9.6"]
        note = await read_through(session)
        assert "Confirmed at least step 1" in note
        assert "Declined by the client: PHQ-9 item 6" in note
        assert "14–17 (1 item declined)" in note
        assert "PHQ-9 by item: 3 3 3 3 2 declined 0 0 0" in note
        say = build_note(session.app.workspace, session.visit, decision, row, "fi").text()
        assert "PHQ-9 kohdittain: 3 3 3 3 2 ei halunnut vastata 0 0 0" in " ".join(say.split())
        assert decided(row, session.app.workspace.t) == "confirmed at least step 1"


async def test_a_declined_question_on_danger_is_told_with_the_result_and_in_the_note(
    stage: Stage,
) -> None:
    asked = {f"asq.{n}": "no" for n in range(1, 5)} | {"phq9.difficulty": 0}
    answers = stage.whole() | asked | {"phq9.9": DECLINED}
    async with stage.resumed(answers) as session:
        session.on(ResultScreen)
        session.says("! A question about danger was declined: ask directly, and judge it yourself.")
        await session.press("r")
        note = await read_through(session)
        assert "Safety questions declined, so danger is not ruled out: PHQ-9 item 9" in note
        assert "every safety question was answered" not in note


async def test_a_client_alone_may_decline_and_hears_nothing_of_it(stage: Stage) -> None:
    async with alone(stage, {**CALM, **dict.fromkeys(MOOD[:8], 0)}) as session:
        session.says("d I do not answer")
        await session.press("d")
        assert stored(session)["phq9.9"] == DECLINED
        assert session.on(ClientQuestionScreen).page.id == "suicide.thoughts"
        session.lacks("judge", "Declined")
        await session.press("d")
        assert session.on(ClientQuestionScreen).page.id == "history.attempt"
        session.lacks("judge", "Declined")


def test_nobody_confirms_another_step_with_the_reason_of_a_lower_bound(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        given = Confirmation(
            decision_json="{}",
            suggested_step=1,
            confirmed_step=0,
            reason_code=AT_LEAST,
            final_answers_seq=0,
        )
        with pytest.raises(RefusedText):
            store.decisions.confirm(visit.assessment.id, given)


def test_a_total_with_a_declined_item_is_never_told_to_the_episode_as_a_number(
    stage: Stage,
) -> None:
    with stage.store() as store:
        visit: AssessmentSession = stage.visit(store)
        visit.record_answers(stage.whole(OPEN))
        scores = visit.decide().scores
        assert scores["phq9.total"] == (14, 17)
        assert scores["gad7.total"] == 0
