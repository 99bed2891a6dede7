"""The screens as deeds: the real program, its keys pressed one after the other (`deeds.py`)."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any

from casework import idle_timer
from screens.assessment.alone.client_mode import ClientQuestionScreen
from screens.assessment.question import QuestionScreen
from screens.assessment.stop import StopScreen
from screens.base import lock
from screens.desk import idle_lock
from screens.desk.start import StartScreen
from screens.result.confirm import ConfirmScreen
from screens.result.result import ResultScreen
from store.errors import StoreError
from store.opening import unlock
from store.pathway_files.files import built_in
from tests.faults.deeds import AFTER, START, Deed, Judged, Site, Tell, found_in, sound
from tests.screens.running import HANDLE, PASSPHRASE, Session, Stage
from tests.screens.test_contact_form import at_the_step, mild
from tests.screens.test_door import set_up
from tests.screens.test_idle import Hand
from tests.screens.test_question import until
from tests.screens.test_random_keys import drafts, step
from tests.screens.test_result import MODERATE

WALKS = 24
"""Random walks over the screens, each from a seed of its own."""
_KEYS = 14
SOON = START + timedelta(hours=1)
"""When the program is used: before an answer of the template has grown old."""

HAND = Hand()
"""Lets minutes pass for the idle lock alone."""

Answered = dict[str, Any]
Way = Callable[[Session], Coroutine[Any, Any, None]]


def _stage(site: Site, at: datetime) -> Stage:
    stage = Stage(site.places, built_in("adult"))
    stage.clock.now = at
    return stage


class Screens(Deed):
    """Something that is done at the screens; the newest event is acknowledged after each key."""

    def __init__(self, answers: Callable[[Stage], Answered] | None, way: Way) -> None:
        self._answers, self._way = answers, way

    @property
    def template(self) -> object:
        """What stands before it, so that those who begin alike share it."""
        return type(self), self._answers

    def prepare(self, site: Site) -> None:
        stage = _stage(site, START)
        if self._answers:
            stage.draft(self._answers(stage))

    def act(self, site: Site, tell: Tell) -> None:
        os.chdir(site.folder)  # fingers that type a file's name do no harm there
        lock.FIRST_WAIT_S = 0.01
        idle_timer.uptime_s = HAND
        asyncio.run(self._act(_stage(site, SOON), tell))

    async def _act(self, stage: Stage, tell: Tell) -> None:
        async with stage.workplace() as session:
            await self._go(session, tell)

    async def _go(self, session: Session, tell: Tell) -> None:
        press = session.press

        async def pressed(*keys: str) -> str:
            """Press each key, and say what the program has acknowledged by then."""
            told = ""
            for key in keys:
                told = await press(key)
                _acknowledged(session, tell)
            return told

        session.press = pressed  # type: ignore[method-assign]
        await self._way(session)

    def judge(self, site: Site, told: Sequence[str]) -> Judged:
        with sound(site, PASSPHRASE, AFTER, HANDLE) as store:
            return Judged("", *found_in(store, told))


def _acknowledged(session: Session, tell: Tell) -> None:
    opened = session.app.workspace.opened if session.app.is_running else None
    if opened is None:
        return
    try:
        seq, code = opened.audit_log.get_head()
    except StoreError:  # what it failed with is on the screen
        return
    tell(f"head {seq} {code}")


class FirstStart(Screens):
    """The set-up at the screens, up to the start screen."""

    def prepare(self, site: Site) -> None:
        site.places.database.parent.mkdir(parents=True)

    async def _act(self, stage: Stage, tell: Tell) -> None:
        async with stage.program() as session:
            await self._go(session, tell)

    def judge(self, site: Site, told: Sequence[str]) -> Judged:
        if unlock.detect_state(site.places) == "nothing":
            unlock.set_up(site.places, HANDLE, PASSPHRASE, lambda: SOON).store.close()
        if unlock.detect_state(site.places) == "keys only":
            unlock.finish_set_up(site.places, HANDLE, PASSPHRASE, lambda: SOON).store.close()
        return super().judge(site, told)


class Walk(Screens):
    """Random keys among drafts of every kind, as of somebody who tries everything."""

    def __init__(self, seed: int) -> None:
        super().__init__(None, self._walk)
        self._seed = seed

    def prepare(self, site: Site) -> None:
        drafts(_stage(site, START))

    async def _walk(self, session: Session) -> None:
        chance = random.Random(self._seed)
        await session.press(str(1 + self._seed % 8))
        for _ in range(_KEYS):
            if session.app.is_running:
                await step(session, chance)


# -- ways ------------------------------------------------------------------------------------------


async def _set_up(session: Session) -> None:
    await set_up(session)
    await session.press("w")
    session.on(StartScreen)


async def _interview(session: Session) -> None:
    """No danger, then answers one after the other, one of them taken back and one skipped."""
    await session.press("1", "0", "enter")
    for key in "12031":
        session.on(QuestionScreen)
        await session.press(key)
    await session.press("left", "2", "s")


async def _stop(session: Session) -> None:
    """A danger, its stop, and steps of its card."""
    await session.press("1", "1", "enter")
    session.on(StopScreen)
    await session.press("d", "down", "d", "down")


async def _contact(session: Session) -> None:
    """A stop whose next contact is agreed with day, time and person."""
    await session.press("1")
    await at_the_step(session)
    await session.press(*"+3", "enter", *"9.30", "enter", "1", "enter")
    session.on(StopScreen)


async def _confirm(session: Session) -> None:
    """The result, and the nurse's word."""
    await session.press("1")
    session.on(ResultScreen)
    await session.press("enter")
    session.on(ConfirmScreen)
    await session.press("enter", "enter")


async def _client_alone(session: Session) -> None:
    """The client answers alone, calls, and the nurse takes the keyboard back."""
    await session.press("1", "escape", "c", "enter", "enter")
    session.on(ClientQuestionScreen)
    await session.press("1", "2", "0", "h")
    await session.type(PASSPHRASE)


async def _locked(session: Session) -> None:
    """The idle lock in the midst of an interview, a wrong passphrase, the right one, an answer."""
    await session.press("1", "1")
    HAND.wait(5)
    session.app.lock_if_idle()
    await session.settle()
    session.on(idle_lock.IdleScreen)
    await session.type("no such words")
    await session.type(PASSPHRASE)
    await session.press("2")


def _nothing(stage: Stage) -> Answered:
    return {}


def _no_danger(stage: Stage) -> Answered:
    return dict(until(stage, "phq9.1"))


DEEDS: dict[str, Deed] = {
    "first start": FirstStart(None, _set_up),
    "an interview": Screens(_nothing, _interview),
    "a safety stop": Screens(_nothing, _stop),
    "a contact": Screens(lambda stage: dict(mild(stage)), _contact),
    "a confirmation": Screens(lambda stage: dict(stage.whole(MODERATE)), _confirm),
    "client mode": Screens(_no_danger, _client_alone),
    "the idle lock": Screens(_no_danger, _locked),
    **{f"keys at random {seed}": Walk(seed) for seed in range(WALKS)},
}
