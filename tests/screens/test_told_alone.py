"""If these fail, a client tells of the care what the nurse wishes, or gets into the program."""

from __future__ import annotations

import random

import pytest

from screens.alone.client_lock import CalledScreen, ClientLock, LockScreen
from screens.alone.hand_over import HandOverScreen
from screens.base import lock
from screens.base.error import ErrorScreen
from screens.episode.episode import EpisodeScreen
from screens.episode.told_alone import CareAloneScreen
from stepping.episode.events import Experience
from store.errors import DiskFull
from tests.screens.running import PASSPHRASE, Session, Stage
from tests.screens.test_client_keys import ANY
from tests.screens.test_episode import episode, to_episode
from tests.screens.test_result import MODERATE


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "FIRST_WAIT_S", 0.01)
    monkeypatch.setattr(lock, "LONGEST_WAIT_S", 0.02)


async def hand_over(session: Session) -> None:
    """Give the keyboard to the client on the page of the episode."""
    await session.press("l")
    session.on(HandOverScreen)
    await session.press("enter")
    session.on(CareAloneScreen)
    assert session.app.workspace.with_client


async def unlock(session: Session) -> None:
    """Type the nurse's passphrase at the lock."""
    await session.type(PASSPHRASE)
    session.on(EpisodeScreen)
    assert not session.app.workspace.with_client


async def test_the_client_rates_the_care_alone_and_the_nurse_unlocks(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await hand_over(session)
        page = session.on(CareAloneScreen)
        assert page.t.language == page.language
        session.says(page.t("0 is not at all satisfied, 10 is very satisfied."))
        await session.press("9", "enter")
        await session.type("sain puhua")
        await session.press(*["enter"] * 5)
        session.on(LockScreen)
        session.lacks("9/10", "sain puhua")
        await unlock(session)
        session.says("The client has told how the care was.")
        told = episode(session).experience
        assert told is not None
        assert (told.satisfaction, told.helped, told.alone) == (9, "sain puhua", True)
        assert episode(session).satisfaction == 9


async def test_of_a_treatment_it_stands_with_that_treatment(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await session.press("r", "t", "1", "1", "enter", "enter")
        await session.press("l")
        session.says("the care as a whole", "Guided self-help")
        await session.press("2")
        session.on(HandOverScreen)
        await session.press("enter", "4", *["enter"] * 7)
        await unlock(session)
        (period,) = episode(session).periods
        assert (period.satisfaction, episode(session).satisfaction) == (4, None)


async def test_who_tells_nothing_leaves_nothing_behind(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        before = episode(session).last_seq
        await hand_over(session)
        await session.press(*["enter"] * 7)
        await unlock(session)
        session.says("nothing was stored")
        assert episode(session).last_seq == before


async def test_a_call_for_the_nurse_can_be_taken_back_and_keeps_what_was_typed(
    stage: Stage,
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await hand_over(session)
        await session.press("1", "0", "f10")
        session.on(CalledScreen)
        await session.press("escape")
        session.on(CareAloneScreen)
        session.says("10")
        await session.press("f10")
        await unlock(session)
        assert episode(session).experience is None, "called away before it was stored"


async def test_a_full_disk_is_told_to_the_nurse_alone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await hand_over(session)

        def full(*_: object, **__: object) -> None:
            raise DiskFull(path="porras.db")

        monkeypatch.setattr(type(session.store.episodes), "record_event", full)
        await session.press("7", *["enter"] * 7)
        session.on(LockScreen)
        session.says("Something did not work.")
        session.lacks("disk")
        await session.type(PASSPHRASE)
        session.on(ErrorScreen)


@pytest.mark.parametrize("seed", range(3))
async def test_no_order_of_keys_leads_the_client_into_the_program(stage: Stage, seed: int) -> None:
    draw = random.Random(seed)
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await hand_over(session)
        for _ in range(60):
            await session.press(draw.choice(ANY))
            assert session.app.workspace.with_client
            pages = session.stack
            assert all(isinstance(page, CareAloneScreen | ClientLock) for page in pages)
        told = [each for each in episode(session).events if isinstance(each, Experience)]
        assert all(each.alone for each in told)
