"""If these fail, some order of keys leads a client out of client mode without the nurse."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from textual.events import Paste

from casework.assessment import AssessmentSession
from screens.alone.client_lock import ClientLock, LockScreen
from screens.assessment.alone.client_mode import ClientPrompt, ClientQuestionScreen
from screens.assessment.alone.opening import ClientOpeningScreen
from screens.base import lock
from screens.base.keys import bindings
from screens.base.lock import TRAINING_WORD
from screens.desk.start import StartScreen
from stepping.decision.client_pages import is_client_page
from stepping.pathway.model import Answer
from store.codes import show
from store.pathway_files.files import built_in
from store.training.opening import open_training
from tests.screens.running import Session, Stage
from tests.screens.test_client_mode import CTRL, row_of
from tests.screens.test_random_keys import KEYS, WORDS

ANY = (
    *(key for key in KEYS if key != "h"),
    *("h", "e", "f10", "escape", "enter", "enter", "enter"),
    *(f"f{number}" for number in range(1, 13)),
    *CTRL,
    *("alt+x", "shift+f10", "insert", "end", "ctrl+left", "ctrl+f10", "super+c", "ctrl+shift+c"),
)
CLIENTS = (ClientOpeningScreen, ClientQuestionScreen, ClientPrompt, ClientLock)
SIZES = ((80, 24), (80, 24), (132, 50), (60, 15))


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "FIRST_WAIT_S", 0.01)
    monkeypatch.setattr(lock, "LONGEST_WAIT_S", 0.02)


def beginnings(stage: Stage) -> list[dict[str, Answer]]:
    """Visits at each page that a client may be left with, everything before it answered."""
    whole, found = stage.whole(), []
    for page in filter(is_client_page, stage.pathway.pages):
        ids = list(stage.pathway.questions)
        before = set(ids[: ids.index(page.questions[0].id)])
        answers = {id_: answer for id_, answer in whole.items() if id_ in before}
        if page.questions[0].id in whole:
            found.append(answers)
    return found


class Watch:
    """Looks over the client's shoulder after every key."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.visit: AssessmentSession = session.visit
        self.nurses = {
            id_ for id_, q in self.visit.pathway.questions.items() if q.asked_of == "nurse"
        }
        self.before = self._of_the_nurse()

    def _of_the_nurse(self) -> dict[str, object]:
        kept = self.session.store.answers.get_progress(self.visit.assessment.id)
        known = {**kept.answers, **kept.skipped}
        return {id_: value for id_, value in known.items() if id_ in self.nurses}

    def looks(self) -> None:
        session, visit = self.session, self.visit
        assert session.app.is_running
        assert session.app.workspace.with_client
        sheets = session.stack
        assert sheets
        assert all(isinstance(sheet, CLIENTS) for sheet in sheets), session.text
        assert self._of_the_nurse() == self.before
        session.lacks(show(visit.client.code), str(visit.client.birth_year), "emergency card")
        for id_ in self.nurses:
            session.lacks(visit.pathway.questions[id_].text["en"])
        kept = session.store.answers.get_progress(visit.assessment.id)
        given = {id_: tuple(v) if isinstance(v, list) else v for id_, v in kept.answers.items()}
        assert (visit.given, visit.skipped) == (given, kept.skipped)


async def step(session: Session, chance: random.Random) -> str:
    """Do one thing that a hand can do, or a storm of it."""
    drawn = chance.random()
    if drawn < 0.01 or not session.screen.readable:
        await session.pilot.resize_terminal(*chance.choice(SIZES))
        await session.settle()
        return "resize"
    if drawn < 0.03:
        session.app._driver.send_message(Paste(chance.choice(WORDS)))  # type: ignore[union-attr]
        await session.settle()
        return "paste"
    own = [key for each in bindings(session.shown.key_list()) for key in each.names]
    calls = {"h", "e", "f10"}
    useful = [key for key in own if key not in calls or chance.random() < 0.05]
    keys: Sequence[str] = useful if useful and drawn < 0.5 else ANY
    key = chance.choice(keys)
    if key in calls and chance.random() < 0.8:
        key = "enter"
    times = chance.choice((1, 1, 1, 1, 8))
    await session.press(*[key] * times)
    return key


async def left_alone(session: Session, chance: random.Random, keys: int, pressed: list[str]) -> int:
    """Press keys, at most so many, and only some of them at the lock; return how many."""
    watch = Watch(session)
    done = at_the_lock = 0
    while done < keys and at_the_lock < 25:
        pressed.append(await step(session, chance))
        done += 1
        watch.looks()
        at_the_lock += isinstance(session.shown, LockScreen)
    return done


async def walk(stage: Stage, seed: int, keys: int) -> None:
    """Leave one client after another alone with the keyboard until enough keys are pressed."""
    chance = random.Random(seed)
    starts = beginnings(stage)
    left, pressed, locks = keys, list[str](), 0
    try:
        while left > 0:
            with open_training(stage.places.training, stage.clock) as store:
                visit = stage.visit(store)
                visit.record_answers(chance.choice(starts))
            async with stage.program(demo=True) as session:
                row = row_of(session.on(StartScreen), visit.client.code)
                await session.press(row, "escape", "c", "enter")
                session.on(ClientOpeningScreen)
                left -= await left_alone(session, chance, left, pressed)
                locks += await unlocked(session)
    except BaseException as error:
        error.add_note(f"seed {seed}, the last keys: {' '.join(pressed[-40:])}")
        raise
    assert locks, "no walk came to the lock"


async def unlocked(session: Session) -> bool:
    """Let the nurse unlock, where the walk came so far; say whether it did."""
    await session.pilot.resize_terminal(80, 24)
    await session.pilot.pause(0.05)
    if not isinstance(session.shown, ClientLock):
        return False
    await session.type(TRAINING_WORD)
    assert not session.app.workspace.with_client
    assert not isinstance(session.shown, CLIENTS)
    return True


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.nightly)])
async def test_no_order_of_keys_leads_out_of_client_mode(stage: Stage, seed: int) -> None:
    await walk(stage, seed, 500)


@pytest.mark.nightly
@pytest.mark.parametrize("name", ["adult", "youth"])
@pytest.mark.parametrize("seed", range(100, 115))
async def test_no_long_order_of_keys_does_either(stage: Stage, seed: int, name: str) -> None:
    if name == "youth":
        stage.pathway = built_in(name)
    await walk(stage, seed, 3000)
