"""If these fail, a client is asked the questions of another age, or half a card is stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.assessment.client_card import ClientScreen
from screens.assessment.question import QuestionScreen
from screens.desk.emergency import EmergencyScreen
from screens.desk.start import StartScreen
from store.paths import find
from tests.screens.county import ADULT, YOUTH, adult, county, pathway_files
from tests.screens.running import Session, Stage
from tests.stepping.cases import changed


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(find(tmp_path / "data" / "porras.db"), adult())


async def begin(session: Session, born: int) -> None:
    await session.choose("n", "new assessment")
    await session.press("enter", *str(born), "enter")


@pytest.mark.parametrize(
    ("born", "expected"),
    [(2013, "youth"), (2009, "youth"), (2008, "adult"), (2004, "adult"), (1927, "adult")],
)
async def test_the_age_leads_to_the_pathway(
    stage: Stage, tmp_path: Path, born: int, expected: str
) -> None:
    async with stage.workplace(pathways=county(tmp_path / "county")) as session:
        await begin(session, born)
        session.says(f"Pathway: for the {expected}, {expected} 1 (draft)")
        await session.press(*("1", "2", "1", "1"))
        session.on(QuestionScreen)
        assert session.visit.pathway.id == expected
        assert session.visit.assessment.pathway_id == expected
        assert session.visit.assessment.pathway_digest == session.visit.pathway.digest


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The pathways here are for ages 13–99, not for 12. Turn to"),
        ("fi", "Täkäläiset hoitopolut koskevat ikiä 13–99, eivät ikää 12. Ohjaa"),
        ("sv", "Vårdstigarna här gäller åldrarna 13–99, inte 12. Hänvisa"),
    ],
)
async def test_an_age_that_no_pathway_takes_is_told_and_nothing_is_stored(
    stage: Stage, tmp_path: Path, language: str, sentence: str
) -> None:
    files = county(tmp_path / "county")
    async with stage.workplace(pathways=files, language=language) as session:
        await begin(session, 2014)
        session.on(ClientScreen)
        session.says(sentence, "112")
        await session.press("escape")
        session.on(StartScreen)
        assert session.store.clients.list_recent() == []
        assert session.store.assessments.list_drafts() == []


async def test_a_gap_between_the_pathways_is_told_with_the_ages_on_both_sides(
    stage: Stage, tmp_path: Path
) -> None:
    files = county(tmp_path / "county", adult=ADULT, youth=pathway_files("youth", 13, 15))
    async with stage.workplace(pathways=files) as session:
        await begin(session, 2010)
        session.says("for ages 13–15, 18–99, not for 16.")


async def test_ages_that_two_pathways_claim_are_not_guessed(stage: Stage, tmp_path: Path) -> None:
    files = county(tmp_path / "county", adult=ADULT, youth=pathway_files("youth", 13, 22))
    async with stage.workplace(pathways=files) as session:
        await begin(session, 2006)
        session.on(ClientScreen)
        session.says("adult, youth all take age 20, and nothing says which of them leads.")
        await session.press(*["backspace"] * 4, *"1990", "enter")
        session.says("Pathway: for the adult")


async def test_a_known_client_who_has_outgrown_the_pathways_is_told_before_any_choice(
    stage: Stage, tmp_path: Path
) -> None:
    with stage.store() as store:
        store.clients.add(birth_year=2020, language="en", sex="f", municipality="hollola")
    async with stage.workplace(pathways=county(tmp_path / "county")) as session:
        await session.press("enter", "n")
        session.on(ClientScreen)
        session.says("! The pathways here are for ages 13–99, not for 6.")
        await session.press("1")
        session.on(ClientScreen)
        session.says("not for 6.")
        await session.press("escape")
        assert session.store.assessments.list_drafts() == []


async def test_a_client_keeps_the_pathway_of_a_draft_and_gets_the_next_by_age(
    stage: Stage, tmp_path: Path
) -> None:
    """Born in 2009: 17 in the year of the draft, 18 when it is gone on with."""
    files = county(tmp_path / "county")
    async with stage.workplace(pathways=files) as session:
        await begin(session, 2009)
        await session.press("1", "2", "1", "1", "n", "escape", "l")
        session.on(StartScreen)
    stage.clock.now = stage.clock.now.replace(year=2027)
    async with stage.workplace(pathways=files) as session:
        await session.press("1")
        assert session.visit.pathway.id == "youth"
        assert session.visit.answers["client.age"] == 17
        await session.press("escape", "l", "down", "enter", "n", "1")
        session.on(QuestionScreen)
        assert session.visit.pathway.id == "adult"


async def test_the_languages_offered_are_those_of_the_chosen_pathway(
    stage: Stage, tmp_path: Path
) -> None:
    english = {
        name: text.replace('["en", "fi"]', '["en"]') if name == "pathway.toml" else text
        for name, text in YOUTH.items()
    }
    files = county(tmp_path / "county", adult=ADULT, youth=english)
    async with stage.workplace(pathways=files) as session:
        await begin(session, 2010)
        await session.press("1")
        session.says("1 English")
        session.lacks("suomi")
        await session.press("escape")
        await begin(session, 1990)
        await session.press("1")
        session.says("1 suomi", "2 English")


async def test_the_emergency_card_holds_the_cards_of_every_pathway_before_one_is_chosen(
    stage: Stage, tmp_path: Path
) -> None:
    """At the door no store is open, and nobody knows the client's age yet."""
    own = changed("pathway.toml", '["danger"]', '["harm"]', YOUTH)
    own["cards/harm.toml"] = (
        own["cards/danger.toml"].replace('"danger', '"harm').replace('level = "E"', 'level = "D"')
    )
    files = county(tmp_path / "county", adult=ADULT, youth=own)
    with stage.store():
        pass
    async with stage.program(pathways=files) as session:
        await session.press("f10")
        session.on(EmergencyScreen)
        session.says("!!! danger", "!! harm")
        assert session.flat.index("!!! danger") < session.flat.index("!! harm")
        assert session.flat.count("112 emergency") == 1
