"""If these fail, whoever opens the program for the first time is left alone with it, or shut in."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from casework.workspace import Workspace
from screens.assessment.stop import StopScreen
from screens.base.keys import KeyBinding, find_binding
from screens.desk.emergency import EmergencyScreen
from screens.desk.start import StartScreen
from screens.desk.tour import LESSONS, TourScreen
from screens.desk.wanted import ShowClass
from store.opening import staff_accounts
from store.pathway_files.files import load
from tests.screens.running import PASSPHRASE, Stage, press
from tests.screens.test_door import set_up
from tests.screens.test_roles import OWN, comes_in
from tests.screens.test_training import on


def said(page: TourScreen) -> str:
    lines = page.content(64).lines
    return "\n".join("".join(text for text, _ in line) for line in lines)


@pytest.fixture
def page(stage: Stage) -> TourScreen:
    return TourScreen(Workspace(clock=stage.clock))


def test_the_tour_has_eight_pages_and_ends(page: TourScreen) -> None:
    assert len(LESSONS) == 8
    press(page, *["enter"] * 7)
    assert page.progress == (7, 8)
    assert "porras train" in said(page)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_key_that_a_lesson_asks_for_is_there(page: TourScreen, language: str) -> None:
    page.workspace = replace(page.workspace, language=language)
    for lesson in LESSONS:
        assert said(page).strip()
        assert find_binding(page.key_list(), "escape")
        match lesson.way:
            case "choose":
                press(page, "0", "3")
                assert said(page).count("(x)") == 1
            case "mark":
                done = page.t.letter("d", "done")
                press(page, "1", "2", "1", done)
                assert not page.message
                press(page, "2", done)
            case "press":
                names = lesson.key[0]
                key = page.t.letter(names, lesson.key[2]) if len(names) == 1 else "left"
                press(page, key)
        if lesson.way in ("choose", "mark", "press"):
            assert page.message == page.t(lesson.tried)
        if lesson is not LESSONS[-1]:
            press(page, "enter")


def test_a_mark_is_taken_back_by_the_same_letter(page: TourScreen) -> None:
    while page.lesson.way != "mark":
        press(page, "enter")
    press(page, "d", "d", "2", "d")
    assert said(page).count("[x]") == 1
    assert not page.message


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_a_stop_is_recorded_by_the_keys_that_the_tour_taught(
    stage: Stage, page: TourScreen, language: str
) -> None:
    """Else whoever was shown around presses digits at a real stop, and nothing is recorded."""
    page.workspace = replace(page.workspace, language=language)
    while page.lesson.way != "mark":
        press(page, "enter")
    taught = {
        (key, binding.medium)
        for binding in page.key_list()
        if isinstance(binding, KeyBinding) and binding.medium != "any"
        for key in binding.keys.split(",")
    }
    async with stage.resumed({"danger.suicide": "yes"}, language=language) as session:
        real = session.on(StopScreen).key_list()
    bound = {
        (key, binding.medium)
        for binding in real
        if isinstance(binding, KeyBinding)
        for key in binding.keys.split(",")
    }
    assert taught <= bound


def test_line_by_line_the_tour_names_no_key_that_cannot_be_typed(page: TourScreen) -> None:
    """Whoever hears the program has no arrow and no Esc to try."""
    for lesson in LESSONS:
        told = "\n".join("".join(text for text, _ in line) for line in page.spoken(64))
        assert told.splitlines()[0] == lesson.title
        assert not re.search(r"\bEsc\b|\bF\d|arrow", told), told
        if lesson is not LESSONS[-1]:
            press(page, "enter")


def test_the_steps_of_the_tour_are_those_of_the_adults_pathway(page: TourScreen) -> None:
    (lesson,) = (each for each in LESSONS if "brief therapy" in each.rows)
    names = [step.name["en"].lower() for step in load("adult").header.step]
    assert all(name.startswith(row) for row, name in zip(lesson.rows, names, strict=True))


async def test_a_first_opening_begins_with_the_tour_and_a_second_one_does_not(
    stage: Stage,
) -> None:
    async with stage.program(demo=True, tour=True) as session:
        on(session, TourScreen)
        for _ in range(5):
            await session.press("enter")
        session.says("Press F10 now")
        await session.press("f10")
        session.on(EmergencyScreen)
        await session.press("escape")
        session.says("That is the way to it")
        await session.press("escape")
        on(session, StartScreen)
        await session.press("q")
    async with stage.program(demo=True, tour=True) as session:
        on(session, StartScreen)


async def test_who_sets_up_a_store_or_first_comes_to_one_is_shown_around(stage: Stage) -> None:
    async with stage.program(tour=True) as session:
        await set_up(session)
        await session.press("w")
        session.on(TourScreen)
        await session.press("escape")
        session.on(StartScreen)
    with stage.store() as store:
        staff_accounts.add(stage.places, store, "bo-2", PASSPHRASE, ["nurse"])
    async with stage.program(tour=True) as session:
        await comes_in(session, "bo-2", PASSPHRASE)
        await session.type(OWN)
        await session.type(OWN)
        session.on(TourScreen)
    async with stage.program(tour=True) as session:
        await comes_in(session, "bo-2", OWN)
        session.on(StartScreen)


async def test_a_new_passphrase_for_somebody_known_brings_no_tour(stage: Stage) -> None:
    with stage.store() as store:
        staff_accounts.add(stage.places, store, "bo-2", PASSPHRASE, ["nurse"])
    async with stage.program() as session:
        await comes_in(session, "bo-2", PASSPHRASE)
        await session.type(OWN)
        await session.type(OWN)
    with stage.store() as store:
        staff_accounts.give_passphrase(stage.places, store, "bo-2", PASSPHRASE)
    async with stage.program(tour=True) as session:
        await comes_in(session, "bo-2", PASSPHRASE)
        await session.type("eleven calm herons")
        await session.type("eleven calm herons")
        session.on(StartScreen)


async def test_a_class_is_shown_on_a_projector_without_a_tour(stage: Stage, tmp_path: Path) -> None:
    async with stage.program(demo=True, tour=True, begin=ShowClass(tmp_path)) as session:
        assert not isinstance(session.shown, TourScreen)
    async with stage.program(demo=True, tour=True) as session:
        on(session, StartScreen)
