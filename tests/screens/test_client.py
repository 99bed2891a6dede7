"""If these fail, answers land on the wrong client, or on one whom the pathway is not for."""

from __future__ import annotations

import re
from datetime import timedelta

from screens.assessment.assessment_list import AssessmentListScreen
from screens.assessment.client_card import ClientScreen
from screens.assessment.question import QuestionScreen
from screens.desk.start import StartScreen
from stepping.finland import finnish_day
from store import codes
from tests.screens.running import Session, Stage
from tests.screens.test_worklist import in_care

BORN = ("1", "9", "8", "6", "enter")


async def begin(session: Session, *born: str) -> str:
    """Begin with a new client up to the year of birth; return the client's code."""
    await session.press("n", "enter", *(born or BORN))
    found = re.search(r"Client code +(\S{4}-\S{4})", session.text)
    assert found
    return codes.parse(found[1])


async def test_a_new_client_is_asked_six_fields_and_stored_with_the_first_question(
    stage: Stage,
) -> None:
    async with stage.workplace() as session:
        code = await begin(session)
        assert session.store.clients.find(code) is None
        await session.press("1", "3", "2", *"asi", "1")
        session.on(QuestionScreen)
        assert session.page == "danger"
        client = session.store.clients.find(code)
        assert client is not None
        assert (client.birth_year, client.sex, client.language) == (1986, "f", "en")
        assert client.municipality == "asikkala"
        assert session.visit.assessment.setting == "phone"
        assert session.visit.answers["client.age"] == 40


async def test_the_code_of_a_known_client_is_enough(stage: Stage) -> None:
    async with stage.workplace() as session:
        code = await begin(session)
        await session.press("1", "1", "1", "1", "escape", "l", "n")
        await session.press(*codes.show(code).lower().replace("-", ""), "enter")
        session.on(ClientScreen)
        session.says("1986", "woman", "suomi", "1 reception, in the room")
        await session.press("1")
        assert session.page == "danger"
        assert session.visit.client.code == code
        assert len(session.store.assessments.list_of(session.visit.client.id)) == 2


async def test_a_client_of_the_list_is_taken_with_enter(stage: Stage) -> None:
    async with stage.workplace() as session:
        code = await begin(session)
        await session.press("1", "1", "1", "1", "escape", "x")
        await session.type("client had to leave")
        session.on(StartScreen)
        session.says("The assessment was ended without a step.", codes.show(code))
        await session.press("enter", "n", "1")
        assert session.page == "danger"
        assert session.visit.client.code == code


async def test_a_mistyped_code_is_named(stage: Stage) -> None:
    async with stage.workplace() as session:
        code = await begin(session)
        await session.press("1", "1", "1", "1", "escape", "l", "n")
        wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
        await session.press(*wrong.lower(), "enter")
        session.on(ClientScreen)
        assert session.shown.message
        session.says(session.shown.message)
        await session.press("backspace", "backspace", "enter")
        session.says("6", "8")
        assert session.on(ClientScreen)._is_at("code")


async def test_an_unknown_code_says_so_and_makes_no_client(stage: Stage) -> None:
    async with stage.workplace() as session:
        await session.press("n", *codes.new().lower(), "enter")
        session.says("No client has this code here.")
        assert session.store.clients.list_recent() == []


async def test_letters_of_a_code_are_not_taken_for_commands(stage: Stage) -> None:
    async with stage.workplace() as session:
        await session.press("n", "e", "l", "q")
        session.on(ClientScreen)
        session.says("[ ELQ_")


async def test_a_client_under_eighteen_is_refused_with_a_sentence(stage: Stage) -> None:
    async with stage.workplace() as session:
        await session.press("n", "enter", "2", "0", "0", "9", "enter")
        session.on(ClientScreen)
        session.says("The pathways here are for ages 18–120, not for 17.", "In danger call 112")
        await session.press(*["backspace"] * 4, "1", "8", "9", "9", "enter")
        session.says("A year of birth from 1906 to 2026, please.")
        await session.press(*["backspace"] * 4, "2", "0", "0", "8", "enter")
        session.says("Sex, for cut-offs only", "1 woman")


async def test_back_opens_the_field_before_and_cancel_makes_nothing(stage: Stage) -> None:
    async with stage.workplace() as session:
        await begin(session)
        await session.press("2", "left")
        session.says("> Sex, for cut-offs only")
        await session.press("1", "1", "escape")
        session.on(StartScreen)
        assert session.store.clients.list_recent() == []
        assert session.store.assessments.list_drafts() == []


async def test_the_page_of_a_client_says_where_care_stands(stage: Stage) -> None:
    """Step, change and next contact in a row: nobody has to open the episode for that."""
    with stage.store() as store:
        today = finnish_day(stage.clock())
        code = in_care(store, today - timedelta(days=9), due=today - timedelta(days=2))
    async with stage.workplace() as session:
        await session.press("c")
        await session.type(code)
        await session.press("enter")
        session.on(AssessmentListScreen)
        session.says("Care ! the contact of", "was due 2 days ago")
