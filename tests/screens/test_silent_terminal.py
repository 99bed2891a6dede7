"""If these fail, nobody can call for help while the terminal says nothing of what it shows."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual._time import get_time
from textual.events import Key

from screens.assessment.question import QuestionScreen
from screens.assessment.stop import StopScreen
from screens.base.prompt import ValuePrompt
from screens.desk.emergency import EmergencyScreen
from screens.desk.idle_lock import IdleScreen
from screens.desk.start import StartScreen
from tests.screens.running import CALM, Session, Stage
from tests.screens.test_question import until
from tui.full_screen.typeahead import OVERDUE_S


def silence(session: Session) -> None:
    """From now on the terminal takes everything, and says of nothing that it stands there."""
    session.app.once_shown = lambda call: None  # type: ignore[method-assign]
    session.shown.draw()


async def key(
    session: Session, name: str, *, after_s: float = 0.0, at: float | None = None
) -> None:
    """Press a key so many seconds later, and let the program do what it does with it.

    `at` is the moment from which the seconds count, now if it is not given.
    """
    event = Key(name, name if len(name) == 1 else None)
    event.time = (get_time() if at is None else at) + after_s
    session.app._driver.send_message(event)  # type: ignore[union-attr]
    loop: Any = asyncio.get_running_loop()
    quiet = 0
    while quiet < 3:
        await asyncio.sleep(0)
        quiet = 0 if loop._ready else quiet + 1


async def opens_and_leaves(session: Session) -> None:
    """F10 opens the card at once, Esc leaves it, and nothing on the page was answered."""
    page, text = session.shown, session.text
    silence(session)
    pressed = get_time()
    await key(session, "f10")
    assert isinstance(session.shown, EmergencyScreen), session.text
    await key(session, "f10", at=pressed)  # however slow the machine is, no second has gone by
    await key(session, "escape", at=pressed)
    assert isinstance(session.shown, EmergencyScreen), "it may be a key of the page before"
    await key(session, "escape", after_s=OVERDUE_S)
    assert (session.shown, session.text) == (page, text)
    for name in ("0", "1", "y", "n", "enter", "down", "d", "escape"):
        await key(session, name, after_s=60)
    assert (session.shown, session.text) == (page, text)


async def test_f10_opens_the_card_at_the_door_and_at_the_start(stage: Stage) -> None:
    with stage.store():
        pass
    async with stage.program() as session:
        session.on(ValuePrompt)
        await opens_and_leaves(session)
    async with stage.workplace() as session:
        session.on(StartScreen)
        await opens_and_leaves(session)


@pytest.mark.parametrize("question", ["phq9.1", "auditc.1", "pcptsd5.gate", "need.language"])
async def test_f10_opens_the_card_on_a_question(stage: Stage, question: str) -> None:
    async with stage.resumed(until(stage, question)) as session:
        session.on(QuestionScreen)
        await opens_and_leaves(session)


async def test_f10_opens_the_card_on_a_stop(stage: Stage) -> None:
    async with stage.resumed({**CALM, "danger.suicide": "yes"}) as session:
        session.on(StopScreen)
        await opens_and_leaves(session)


async def test_a_second_press_lays_no_second_card_over_the_first(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        page = session.shown
        silence(session)
        for _ in range(3):
            session.app._driver.send_message(Key("f10", None))  # type: ignore[union-attr]
        await key(session, "f10")
        assert [type(each) for each in session.stack].count(EmergencyScreen) == 1
        await key(session, "escape", after_s=OVERDUE_S)
        assert session.shown is page


async def test_a_mark_opens_it_too_once_the_page_is_overdue_but_never_in_a_text(
    stage: Stage,
) -> None:
    async with stage.resumed(CALM) as session:
        page, before = session.shown, get_time()
        silence(session)
        await key(session, "exclamation_mark", at=before)
        assert session.shown is page, "typed ahead of the page"
        await key(session, "exclamation_mark", after_s=OVERDUE_S)
        assert isinstance(session.shown, EmergencyScreen)
    async with stage.resumed(until(stage, "need.language")) as session:
        await session.press("enter")
        session.on(ValuePrompt)
        silence(session)
        await key(session, "exclamation_mark", after_s=OVERDUE_S)
        session.on(ValuePrompt)
        await key(session, "f10")
        session.on(EmergencyScreen)


async def test_f10_counts_at_the_very_key_at_which_the_screen_locks(stage: Stage) -> None:
    async with stage.workplace() as session:
        idle = session.app.screen_lock.idle
        assert idle is not None
        idle._since = idle.uptime() - 10 * 3600
        await key(session, "f10")
        session.on(EmergencyScreen)
        await session.settle()
        await session.press("escape")
        session.on(IdleScreen)
