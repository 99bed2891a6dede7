"""If these fail, a ticked "next contact" is a word without a day, a time or a person behind it."""

from __future__ import annotations

from datetime import date

import pytest

from casework.language import speech
from screens.assessment.stop import StopScreen
from screens.forms.agree_form import agree_fields
from screens.forms.contact_form import Time
from screens.forms.fields import Misread
from screens.forms.form import FormScreen
from screens.note.compose import compose_note
from screens.result.result import ResultScreen
from screens.sheets.plan_screen import SafetyPlanScreen
from stepping.decision.safety import SafetyStep, list_safety_steps
from stepping.episode.events import NextContact
from stepping.pathway.model import Answer
from store.pathway_files.files import built_in
from store.records import AgreedContact, StepTerms
from tests.screens.running import CALM, Session, Stage
from tests.screens.test_episode import to_episode

TODAY = date(2026, 11, 22)
ENGLISH = speech("en")
STEP = SafetyStep("S2", "suicide_non_acute", "next_contact")


def mild(stage: Stage) -> dict[str, Answer]:
    """Thoughts of death, and nothing acute."""
    return dict(stage.whole({**CALM, **{f"phq9.{n}": 1 for n in range(1, 10)}}))


async def at_the_step(session: Session) -> None:
    """Go to the step that agrees the contact, and record it as done."""
    session.on(StopScreen)
    steps = list_safety_steps(session.visit.pathway, session.visit.answers, "S2")
    await session.press(*["down"] * steps.index(STEP), "d")


def agreed(session: Session) -> NextContact | None:
    found = session.store.episodes.find_open(session.visit.client.id)
    return found[1].next_contact if found else None


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("9", "09:00"),
        ("9.30", "09:30"),
        ("9:30", "09:30"),
        ("930", "09:30"),
        ("-", "-"),
        ("", None),
    ],
)
def test_a_time_is_read_as_it_is_written(typed: str, read: str | None) -> None:
    assert Time("time", "Time").read(typed, TODAY, ENGLISH) == read


@pytest.mark.parametrize("typed", ["24", "9.60", "99", "9.3", "--", ":", "12345"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(Misread):
        Time("time", "Time").read(typed, TODAY, ENGLISH)


async def test_the_step_asks_for_day_time_and_who_and_becomes_the_agreed_contact(
    stage: Stage,
) -> None:
    async with stage.resumed(mild(stage)) as session:
        await at_the_step(session)
        session.on(FormScreen)
        session.says("within 7 days: by Sun 2026-11-29", "day, time and who gets in touch")
        assert session.visit.find_outcome(STEP) is None
        await session.press("enter")
        session.says("This is needed")
        await session.press(*"27.11.", "enter")
        session.says("Fri 2026-11-27, in 5 days")
        await session.press("enter")
        session.says("This is needed: Time")
        await session.press(*"9.30", "enter", "1")
        session.says("nurse1", "09:30")
        await session.press("enter")
        session.on(StopScreen)
        session.says("agreed: Fri 2026-11-27 09:30, nurse1")
        found = agreed(session)
        assert found is not None
        assert (found.due, found.time, found.who) == (date(2026, 11, 27), "09:30", "nurse1")
        assert found.by == date(2026, 11, 29)


async def test_the_time_may_be_left_open_in_words_and_a_role_may_stand(stage: Stage) -> None:
    async with stage.resumed(mild(stage)) as session:
        await at_the_step(session)
        await session.press(*"+3", "enter", "-", "enter")
        session.says("left open")
        await session.press("3", "enter")
        session.on(StopScreen)
        session.says("agreed: Wed 2026-11-25, doctor")
        found = agreed(session)
        assert found is not None
        assert (found.time, found.who, found.role) == (None, None, "doctor")


async def test_a_day_past_the_limit_needs_a_reason(stage: Stage) -> None:
    async with stage.resumed(mild(stage)) as session:
        await at_the_step(session)
        await session.press(*"+8", "enter", "9", "enter", "1", "down", "enter")
        session.on(FormScreen)
        session.says("This is needed: Why so late")
        assert agreed(session) is None
        await session.press("enter")
        await session.type("in hospital until then")
        await session.press("enter")
        session.on(StopScreen)
        found = agreed(session)
        assert found is not None
        assert found.why == "in hospital until then"


async def test_a_form_that_is_left_leaves_the_step_open(stage: Stage) -> None:
    async with stage.resumed(mild(stage)) as session:
        await at_the_step(session)
        await session.press(*"+3", "escape")
        session.on(StopScreen)
        assert session.visit.find_outcome(STEP) is None
        assert agreed(session) is None


async def test_a_second_press_takes_the_contact_back_with_the_step(stage: Stage) -> None:
    async with stage.resumed(mild(stage)) as session:
        await at_the_step(session)
        await session.press(*"+3", "enter", "9", "enter", "1", "enter")
        assert agreed(session) is not None
        steps = list_safety_steps(session.visit.pathway, session.visit.answers, "S2")
        await session.press(str(steps.index(STEP) + 1), "d")
        session.says("Taken back: this step is open again.")
        assert agreed(session) is None


async def test_the_shortest_contact_is_the_one_told(stage: Stage) -> None:
    async with stage.resumed(mild(stage), recorded=("S2",)) as session:
        session.on(ResultScreen)
        result = result_text(session)
        assert "Next contact within 7 days, not agreed yet" in result
        assert "2–4 weeks" not in result
        step = {"due": date(2026, 11, 25), "who": "nurse1", "by": date(2026, 11, 29)}
        session.visit.record_safety_step(STEP, agreed=AgreedContact.model_validate(step))
        await session.press("enter")
        session.says("Next contact agreed: Wed 2026-11-25, nurse1")
        await session.press("escape")
        assert "Next contact agreed: Wed 2026-11-25, nurse1" in result_text(session)


def result_text(session: Session) -> str:
    """The whole page of the result, also what lies below the window."""
    lines = session.on(ResultScreen).body(200)
    return "\n".join("".join(text for text, _ in line) for line in lines)


async def test_a_later_agreement_is_told_the_safety_deadline_and_asked_why(stage: Stage) -> None:
    async with stage.resumed(mild(stage), recorded=("S2",)) as session:
        step = {"due": date(2026, 11, 25), "who": "nurse1", "by": date(2026, 11, 29)}
        session.visit.record_safety_step(STEP, agreed=AgreedContact.model_validate(step))
        await to_episode(session)
        session.says("contact Wed 2026-11-25, nurse1, in 3 days")
        await session.press("r", "n")
        session.says("A safety step asks for a contact by Sun 2026-11-29, in 7 days.")
        await session.press("3", "w", "enter")
        session.says("Why so late")
        await session.press("up", "up", "enter")
        session.says("This is needed: Why so late")


async def test_an_episode_does_not_end_over_an_agreed_contact_without_a_word(stage: Stage) -> None:
    async with stage.resumed(mild(stage)) as session:
        await at_the_step(session)
        await session.press(*"+3", "enter", "9", "enter", "1", "enter")
        steps = list_safety_steps(session.visit.pathway, session.visit.answers, "S2")
        for step in steps:
            if session.visit.find_outcome(step) is None:
                session.visit.record_safety_step(step)
        await session.press("tab", "enter")
        await to_episode(session)
        await session.press("r", "z")
        session.on(FormScreen)
        session.says(
            "A contact is still agreed: Wed 2026-11-25 09:00",
            "When the episode ends, nobody is reminded of it.",
        )


def test_a_call_agreed_for_the_same_afternoon_is_not_met_by_the_confirmation(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(mild(stage))
        call = AgreedContact(due=TODAY, time="15:00", who="nurse1", by=date(2026, 11, 29))
        for step in list_safety_steps(visit.pathway, visit.answers, "S2"):
            visit.record_safety_step(step, agreed=call if step == STEP else None)
        visit.confirm(visit.decide(), visit.decide().step or 0)
        next_day = date(2026, 11, 23)
        waits = [
            (i.due, i.time) for i in store.worklist.list_items(next_day) if i.kind == "next_contact"
        ]
        assert waits == [(TODAY, "15:00")]


PLAN = SafetyStep("S2", "suicide_non_acute", "safety_plan")


async def at_the_plan(session: Session) -> str:
    """Go to the step that writes a plan, and record it as done; return its digit."""
    steps = list_safety_steps(session.visit.pathway, session.visit.answers, "S2")
    at = str(steps.index(PLAN) + 1)
    await session.press(at, "d")
    session.on(SafetyPlanScreen)
    await session.press("t")
    session.on(FormScreen)
    return at


async def test_a_step_that_agrees_with_somebody_asks_who_and_where(stage: Stage) -> None:
    async with stage.resumed(mild(stage)) as session:
        at = await at_the_plan(session)
        session.says("Write a safety plan together", "Who, or with whom", "What was not agreed may")
        assert session.visit.find_outcome(PLAN) is None, "nothing is half recorded"
        names = [name for _, name in agree_fields(session.app.workspace, ["who"])[0].options]  # type: ignore[attr-defined]
        await session.press(str(names.index("someone close") + 1))
        await session.type("in the phone")
        await session.press("enter", "enter")
        session.on(StopScreen)
        record = session.visit.find_outcome(PLAN)
        assert record is not None and record.done
        assert record.terms == StepTerms(who="relative", where="in the phone")
        session.says("agreed: someone close, in the phone")
        assert "agreed: someone close, in the phone" in " ".join(
            compose_note(session.app.workspace, session.visit).split()
        )
        await session.press(at, "d")
        assert session.visit.find_outcome(PLAN) is None, "taken back, with what it agreed"


async def test_what_was_not_agreed_is_left_with_enter_and_esc_records_nothing(
    stage: Stage,
) -> None:
    async with stage.resumed(mild(stage)) as session:
        await at_the_plan(session)
        await session.press("escape")
        session.on(StopScreen)
        assert session.visit.find_outcome(PLAN) is None
        await at_the_plan(session)
        await session.press("down", "down", "enter")
        session.on(StopScreen)
        record = session.visit.find_outcome(PLAN)
        assert record is not None and record.done and record.terms is None


@pytest.mark.parametrize("name", ["adult", "youth", "follow_up"])
def test_no_card_agrees_a_contact_without_a_day(name: str) -> None:
    """A step that says when somebody is met again has the day that the worklist needs."""
    said = ("next contact", "first contact")
    for card in built_in(name).cards.values():
        for step in card.steps:
            if any(words in step.text["en"].lower() for words in said):
                assert step.contact_within_days is not None, (card.id, step.id)
