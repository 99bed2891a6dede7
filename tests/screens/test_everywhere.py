"""If these fail, a key does something else than it shows, or the screen stays open to anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from textual.events import Key

from screens.assessment.question import QuestionScreen
from screens.assessment.stop import StopScreen
from screens.base.keys import KeyBinding, bindings
from screens.base.page import Page
from screens.base.prompt import ValuePrompt
from screens.desk.emergency import EmergencyScreen
from screens.desk.idle_lock import IdleScreen
from screens.desk.setup import WelcomeScreen
from screens.desk.start import StartScreen
from tests.screens.running import CALM, PASSPHRASE, Stage
from tests.screens.test_words import Screens
from tui.full_screen.everywhere import everywhere
from tui.terminal.keyboard import KeyReader


def keys_of(page: Page[Any]) -> list[KeyBinding]:
    """Every key that works on a page on the screen, with those of every page."""
    own = page.key_list()
    nothing: Any = lambda: None  # noqa: E731
    beside = everywhere(
        page, own, typing=page.entry is not None, emergency=nothing, help_=nothing, lock=nothing
    )
    return [each for each in (*bindings(own), *beside) if each.medium != "lines"]


def doubled(page: Page[Any]) -> Iterator[str]:
    """Which keys a page binds twice."""
    counted = Counter(name for each in keys_of(page) for name in each.names)
    for name, count in counted.items():
        if count > 1:
            yield f"{name!r} is bound {count} times"


def calls_by_answering(page: Page[Any]) -> Iterator[str]:
    """Which letters call for help where letters answer or are typed."""
    if page.traits.answers or page.field is not None or page.entry is not None:
        for each in keys_of(page):
            if each.calls and any(len(name) == 1 for name in each.names):
                yield f"{each.keys!r} of {each.label!r} is a letter that might answer"


SIGNS = ("q", "x")
"""Letters by which people leave other programs, and cross out, in any language."""
WELL_KNOWN = (
    *("'m' does not stand in 'note'", "'p' does not stand in 'rules'"),
    *("'d' does not stand in 'short'", "'d' does not stand in 'full reasons'"),
    "'u' does not stand in 'not known yet'",
)
"""What English pages have always had: their letters stay."""


def strange(page: Page[Any]) -> Iterator[str]:
    """Which letters that are shown do not stand in what they are said to do."""
    for each in page.key_list():
        letter = each.caption.partition(" ")[0]
        shown = isinstance(each, KeyBinding) and each.medium != "lines" and letter.isalpha()
        if shown and len(letter) == 1 and letter not in SIGNS and letter not in each.label.lower():
            yield f"{letter!r} does not stand in {each.label!r}"


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
async def test_each_key_does_one_thing_on_every_page(stage: Stage, language: str) -> None:
    wrong = []
    async with stage.program(demo=True, language=language) as session:
        for name, page in Screens(session, stage, language).all():
            faults = (*doubled(page), *calls_by_answering(page), *strange(page))
            wrong += [f"{language} {name}: {fault}" for fault in faults if fault not in WELL_KNOWN]
    assert not wrong, "\n".join(wrong)


async def test_a_finnish_no_opens_no_emergency_card(stage: Stage) -> None:
    async with stage.resumed({}, language="fi") as session:
        asked = session.on(QuestionScreen)
        await session.press("e")
        assert session.shown is asked
        await session.press("!")
        session.on(EmergencyScreen)
        await session.press("escape", "f10")
        session.on(EmergencyScreen)
    async with stage.resumed({"danger.child": "yes"}, language="fi") as session:
        await session.press("e")
        session.on(StopScreen)


async def test_where_it_means_nothing_else_the_letter_opens_the_card(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        await session.press("e")
        session.on(EmergencyScreen)


async def test_a_typed_exclamation_mark_is_text(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        await session.press("m", "!")
        session.on(ValuePrompt)
        await session.press("f10")
        session.on(EmergencyScreen)


async def test_f9_locks_at_once_and_keeps_what_was_typed(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        await session.press("m")
        session.entry.value = "sleeps badly"
        await session.press("f9")
        session.on(IdleScreen)
        session.says("locked", "because F9 was pressed", "What you typed is kept.")
        session.lacks("sleeps badly", "for a while")
        await session.type("seven slow geese")
        session.on(IdleScreen)._may_try()
        await session.type(PASSPHRASE)
        assert session.entry.value == "sleeps badly"


async def test_f9_over_the_emergency_card_of_a_locked_screen_leaves_it_alive(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        await session.press("f9", "f9", "f10", "f9")
        session.on(EmergencyScreen)
        await session.press("escape")
        session.on(IdleScreen)


async def test_f9_locks_in_training_and_says_what_opens_it(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        await session.press("question_mark")
        session.says("F9", "lock the screen at once")
        await session.press("escape", "f9")
        session.says("because F9 was pressed", "no passphrase", "porras")
        session.lacks("F2")
        await session.press("f2")
        session.on(IdleScreen)
        session.on(IdleScreen)._may_try()
        await session.type("porras")
        session.on(StartScreen)


async def test_f9_locks_nothing_before_a_store_is_open_nor_with_a_client(stage: Stage) -> None:
    async with stage.program() as session:
        await session.press("f9")
        session.on(WelcomeScreen)
    async with stage.resumed(CALM) as session:
        await session.press("escape", "c", "enter")
        client: Page[object] = session.shown
        await session.press("f9")
        assert session.shown is client


def test_f9_arrives_from_every_terminal() -> None:
    """xterm, linux, vt220, screen and tmux send the same code: kf9 of their terminfo."""
    keys = [each.key for each in KeyReader().feed(b"\x1b[20~", 1.0) if isinstance(each, Key)]
    assert keys == ["f9"]
