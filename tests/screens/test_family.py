"""A child whom no pathway assesses: if these fail, the family is sent away with nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from casework.workspace import MUNICIPALITY
from screens.assessment.client_card import ClientScreen
from screens.assessment.family import FamilyScreen
from screens.desk.start import StartScreen
from store.paths import find
from store.pathway_files.files import built_in
from tests.screens.running import Session, Stage


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A workplace whose pathway begins at 13."""
    return Stage(find(tmp_path / "data" / "porras.db"), built_in("youth"))


async def come_with(session: Session, born: int) -> None:
    """Begin a client who was born in a year."""
    await session.press("n", "enter", *str(born), "enter")


def at_home(stage: Stage) -> None:
    """Let the workplace stand in a municipality."""
    with stage.store() as store:
        store.settings.set(MUNICIPALITY, "hollola")


@pytest.mark.parametrize("born", [2019, 2014])
async def test_whoever_comes_with_a_child_of_7_to_12_hears_what_there_is(
    stage: Stage, born: int
) -> None:
    at_home(stage)
    async with stage.workplace() as session:
        await come_with(session, born)
        session.says("Press f", "In danger call 112", "f help for the family")
        await session.press("f")
        session.on(FamilyScreen)
        text = session.flat
        for form in ("Family-centre team", "The Incredible Years", "Brief cognitive therapy"):
            assert form in text
        assert "Voimaperheet" not in text
        session.says("nothing is stored", "Hollola", "Example family centre")
        await session.press("escape")
        session.on(ClientScreen)
        await session.press("escape")
        session.on(StartScreen)
        assert session.store.clients.list_recent() == []


async def test_a_smaller_child_has_other_methods_and_what_is_not_here_is_said(
    stage: Stage,
) -> None:
    at_home(stage)
    async with stage.workplace() as session:
        await come_with(session, 2023)
        await session.press("f")
        session.says("Voimaperheet", "not available in this municipality's list: Voimaperheet")
        session.lacks("Cool Kids", "Brief cognitive therapy")


async def test_without_a_place_the_methods_are_told_all_the_same(stage: Stage) -> None:
    async with stage.workplace() as session:
        await come_with(session, 2017)
        await session.press("f")
        session.says("The Incredible Years", "The workplace has no municipality")


async def test_a_known_child_leads_there_too(stage: Stage) -> None:
    with stage.store() as store:
        store.clients.add(birth_year=2017, language="en", sex="f", municipality="hollola")
    async with stage.workplace() as session:
        await session.press("enter", "n")
        session.says("not for 9", "f help for the family")
        await session.press("f")
        session.on(FamilyScreen)


async def test_no_help_for_a_family_is_offered_where_a_pathway_assesses(stage: Stage) -> None:
    async with stage.workplace() as session:
        await session.press("n", "enter")
        session.lacks("help for the family")
        await session.press("f")
        session.on(ClientScreen)
        await session.press(*"2011", "enter")
        session.says("Pathway:")
        session.lacks("help for the family")
