"""If these fail, the nurse sends a client where there is no place, or cannot find the town."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from casework.language import speech
from screens.assessment.client_card import ClientScreen
from screens.assessment.question import QuestionScreen
from screens.desk.setup import PlaceScreen
from screens.result.result import ResultScreen
from screens.result.services import TURNS, ServicesScreen
from screens.wording.service_words import GROUPS, NEAR
from stepping.pathway.model import Answer
from tests.screens.running import CALM, Session, Stage
from tests.screens.test_result import MODERATE
from tests.screens.test_words import cut

LANGUAGES = ("en", "fi", "sv")
SEVERE: dict[str, Answer] = {**CALM, **{f"phq9.{item}": 2 for item in range(1, 9)}}
"""Enough for step 2 or 3, where therapies and vouchers are."""
NO_NET: dict[str, Answer] = {**MODERATE, "need.no_net": "yes"}


async def read_through(session: Session) -> str:
    """Read the screen from its top to its end, in whatever language it is."""
    while session.shown.offset_rows:
        await session.press("pageup")
    seen, at = session.flat, -1
    while session.shown.offset_rows != at:
        at = session.shown.offset_rows
        await session.press("space")
        seen += " " + session.flat
    return seen


async def to_services(session: Session, *turned: str) -> None:
    """Open the services of the result by the letter of its language, and turn something there."""
    session.on(ResultScreen)
    await session.press(session.app.workspace.t.letter("s", "services"), *turned)


async def page(session: Session, *turned: str) -> str:
    """Open the services of the result, turn what the client can use, and read them all."""
    await to_services(session, *turned)
    session.on(ServicesScreen)
    return await read_through(session)


async def step_three(session: Session) -> str:
    """Add brief psychotherapy to what is offered, and read the services."""
    decision = session.on(ResultScreen)._decision
    wanted = session.visit.pathway.interventions
    (three,) = (i for i in wanted if i.id == "brief_psychotherapy")
    offer = decision.interventions[0].model_copy(update={"id": three.id, "because": ()})
    changed = decision.model_copy(update={"interventions": (offer,)})
    await session.put(ServicesScreen(session.app.workspace, session.visit, changed))
    await session.settle()
    return session.flat


@pytest.mark.parametrize("language", LANGUAGES)
async def test_services_are_told_by_where_they_are_and_why_others_are_not(
    stage: Stage, language: str
) -> None:
    t = speech(language)
    async with stage.resumed(stage.whole(SEVERE), language=language) as session:
        session.says("Hollola", t(NEAR["remote"]))
        text = await page(session)
        assert list(cut(session.shown)) == []
        assert all(t(group) in text for group in GROUPS.values())
        assert t("Left out") in text
        assert f"({t.day(date(2026, 11, 16))})" in text
        heinola = t("for residents of {places}", places="Heinola, Hartola, Sysmä")
        assert heinola in text
        await session.press("escape")
        session.on(ResultScreen)


async def test_the_place_is_told_with_its_hub_and_employment_area(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE), municipality="asikkala") as session:
        text = await page(session)
        assert "Asikkala · Päijät-Häme (example services) · work-ability hub: Hollola" in text
        await session.press("escape", "escape", "l")
    stage.draft(stage.whole(MODERATE), municipality="ypaja")
    async with stage.workplace() as session:
        await session.press("1")
        assert "employment area: TyöHäme" in await page(session)


async def test_a_county_without_the_municipality_shows_no_service(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE), municipality="elsewhere") as session:
        text = await page(session)
        assert "The client's municipality is not on the list" in text
        assert "→" not in text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_refused_voucher_leaves_an_own_service_or_says_that_one_is_owed(
    stage: Stage, language: str
) -> None:
    t = speech(language)
    async with stage.resumed(stage.whole(MODERATE), language=language) as session:
        voucher = t("by voucher, which the client may refuse")
        assert voucher in await step_three(session)
        await session.press("1")
        text = await read_through(session)
        assert "[x] " + t(TURNS["voucher"]) in text
        assert t("by voucher, which is refused") in text
        assert voucher not in text
        own = t("the county's own")
        assert own in text
        await session.press("escape")
        await to_services(session, "escape")
        session.on(ResultScreen)


async def test_where_only_a_voucher_is_listed_the_county_has_to_find_another(
    stage: Stage,
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        workspace = session.app.workspace
        workspace._areas = tuple(
            area.model_copy(
                update={
                    "service": tuple(
                        s
                        for s in area.service
                        if s.production == "voucher" or "brief_psychotherapy" not in s.interventions
                    )
                }
            )
            for area in workspace.areas
        )
        session.lacks("The county has to find one")
        await step_three(session)
        await session.press("1")
        session.says("no own or bought service is listed. The county has to find one.")


async def test_who_cannot_travel_gets_the_near_service_and_nothing_elsewhere(
    stage: Stage,
) -> None:
    answers = stage.whole(MODERATE)
    async with stage.resumed(answers, municipality="asikkala", language="fi") as session:
        t = speech("fi")
        before = await page(session)
        near = t("near service, for those who cannot get to the others")
        assert near in before
        await session.press("2")
        after = await read_through(session)
        assert near not in after
        assert t("near service, not urgent reception") in after
        await session.press("escape")
        session.on(ResultScreen)
        assert session.visit.turned_barriers == {"transport"}


async def test_what_the_answers_say_of_the_net_leaves_services_out_until_it_is_turned(
    stage: Stage,
) -> None:
    async with stage.resumed(stage.whole({**SEVERE, **NO_NET}), language="fi") as session:
        t = speech("fi")
        assert "net" in session.visit.seeker.barriers
        await to_services(session)
        session.says("[x] " + t(TURNS["net"]), "[ ] " + t(TURNS["transport"]))
        await session.press("3")
        session.says("[ ] " + t(TURNS["net"]))
        assert "net" not in session.visit.seeker.barriers


async def test_who_works_is_not_sent_to_a_team_for_those_without_occupational_health_care(
    stage: Stage,
) -> None:
    answers = stage.whole({**MODERATE, "work.ability": 3, "work.status": "working"})
    async with stage.resumed(answers, language="fi") as session:
        t = speech("fi")
        left_out = t("only for those without occupational health care")
        await to_services(session)
        assert left_out in await read_through(session)
        await session.press("6")
        assert left_out not in await read_through(session)
    unemployed = stage.whole({**MODERATE, "work.ability": 3, "work.status": "unemployed"})
    async with stage.resumed(unemployed, language="fi") as session:
        await to_services(session)
        assert left_out not in await read_through(session)


async def test_a_client_of_another_language_sees_which_services_would_need_an_interpreter(
    stage: Stage,
) -> None:
    async with stage.resumed(stage.whole(SEVERE), municipality="asikkala") as session:
        text = await page(session)
        assert "serves in: suomi" in text
        await session.press("5")
        assert "serves in:" not in await read_through(session)


async def test_old_dates_are_marked_with_their_date(stage: Stage) -> None:
    stage.clock.now = datetime(2027, 6, 1, 8, tzinfo=UTC)
    async with stage.resumed(stage.whole(MODERATE)) as session:
        session.says("! 4")
        await session.press("1")
        text = await read_through(session)
        assert "waiting time 4 days (2026-11-16) · ! the waiting time is old, ask again" in text
        assert "! contact checked 2026-11-02, check it again" in text


async def test_dates_of_this_half_year_carry_no_mark(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        session.lacks("! 4")
        await session.press("1")
        text = await read_through(session)
        assert "waiting time 4 days (2026-11-16)" in text
        assert "is old" not in text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_page_of_a_form_of_care_lists_every_service_of_it_and_why_not_others(
    stage: Stage, language: str
) -> None:
    async with stage.resumed(stage.whole(SEVERE), language=language) as session:
        placed = session.on(ResultScreen)._offers.placed
        for number, each in enumerate(placed, start=1):
            await session.press(str(number))
            assert list(cut(session.shown)) == []
            text = await read_through(session)
            assert text.count("→") >= len(each.nearby.usable)
            for service in (*each.nearby.usable, *(left.service for left in each.nearby.left_out)):
                assert service.name[language] in text
            await session.press("escape")
        session.on(ResultScreen)


# -- the choice of a municipality ---------------------------------------------------------------


async def to_places(session: Session) -> None:
    """Fill in the client card up to the home municipality."""
    await session.choose("n", "new assessment")
    await session.press("enter", *"1986", "enter", "1", "1", "1")
    session.on(ClientScreen)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_municipality_can_be_reached_by_turning(stage: Stage, language: str) -> None:
    async with stage.workplace(language=language) as session:
        homes = [home for area in session.app.workspace.areas for home in area.municipalities]
        await to_places(session)
        seen = ""
        for _ in range(3):
            assert list(cut(session.shown)) == []
            assert "Space" not in session.text
            seen += session.flat
            await session.press("tab")
        assert all(home.name[language] in seen for home in homes)
        assert len(homes) == 21


async def test_letters_narrow_the_list_in_any_language_of_the_names(stage: Stage) -> None:
    async with stage.workplace() as session:
        await to_places(session)
        await session.press(*"tava")
        session.says("1 Hämeenlinna", "2 another municipality", "1–1 of 1")
        await session.press(*["backspace"] * 4, *"zz")
        session.says("no such name", "1 another municipality")
        await session.press("backspace", "backspace", "h", "ä", "1")
        session.on(QuestionScreen)
        assert session.visit.client.municipality == "hameenlinna"


async def test_letters_are_no_commands_and_backspace_on_nothing_goes_back(stage: Stage) -> None:
    async with stage.workplace() as session:
        await to_places(session)
        await session.press("e")
        session.on(ClientScreen)
        await session.press("backspace")
        session.says("> Home municipality")
        await session.press("backspace")
        session.says("> Where this is done")


async def test_the_workplace_comes_first_then_its_county(stage: Stage) -> None:
    with stage.store() as store:
        store.settings.set("municipality", "lahti")
    async with stage.workplace() as session:
        await to_places(session)
        session.says("1 Lahti", "2 Asikkala", "8 Orimattila", "9 another municipality")
        session.lacks("Forssa")
        await session.press("9")
        session.on(QuestionScreen)
        assert session.visit.client.municipality is None


async def test_the_first_run_finds_a_town_of_the_second_county(stage: Stage) -> None:
    async with stage.program() as session:
        await session.press("1", *"nurse1", "enter")
        session.on(PlaceScreen)
        session.says("1–8 of 21")
        await session.press("tab", "tab")
        session.says("17–21 of 21", "Sysmä")
        await session.press("tab", *"sys", "1")
        session.lacks("Where is this workplace?")
