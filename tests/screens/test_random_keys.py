"""If these fail, some order of keys passes an open stop, loses an answer, or ends the program."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence

import pytest

from casework.assessment import AssessmentSession
from casework.language import LANGUAGES, speech
from screens.base.error import ErrorScreen
from screens.base.keys import bindings
from screens.base.prompt import ValuePrompt
from screens.desk.start import StartScreen
from screens.result.confirm import ConfirmScreen
from screens.result.result import ResultScreen
from stepping.decision.interview import open_stops
from stepping.decision.safety import SafetyStep, find_recorded_stops
from stepping.pathway.model import Answer
from tests.screens.running import CALM, MOOD, Session, Stage
from tests.screens.test_question import until

KEYS = (
    *"0123456789abcdefghijklmnopqrstuvwxyzNY?",
    *("enter", "escape", "backspace", "left", "right", "up", "down", "space", "tab"),
    *("shift+tab", "pageup", "pagedown", "f1", "f10", "home", "delete"),
)
SUGGESTS = tuple(
    speech(language)("Suggested step {step}: {name}", step="|", name="").partition("|")[0]
    for language in LANGUAGES
)
WORDS = ("client asked for it", "", "010190-123A", "no line, called back", "ä" * 200)


def drafts(stage: Stage) -> None:
    """Visits at every depth, some with stops of which nothing is recorded yet, of a unit."""
    with stage.store() as store:
        store.staff.set_own_unit("Hollolan sote-keskus")  # a lead of none has no sums to count
    low: dict[str, Answer] = {**CALM, **dict.fromkeys(MOOD, 2), "history.weeks": 30}
    for answers in (
        {},
        {**CALM, **dict.fromkeys(MOOD[:8], 1)},
        until(stage, "flag.psychosis"),
        until(stage, "work.ability"),
        stage.whole(),
        stage.whole(low),
        {**stage.whole(), "danger.suicide": "yes"},
        {**stage.whole(), "flag.withdrawal": "yes"},
    ):
        stage.draft(answers)


def pick(session: Session, chance: random.Random) -> str:
    """A key that does something here, or any key at all."""
    own = [key for each in bindings(session.shown.key_list()) for key in each.names]
    keys: Sequence[str] = own if own and chance.random() < 0.6 else KEYS
    return chance.choice(keys)


async def step(session: Session, chance: random.Random) -> str:
    """Press one key; a text field is sometimes filled in and taken."""
    if isinstance(session.shown, ValuePrompt) and chance.random() < 0.5:
        session.entry.value = chance.choice(WORDS)
        await session.press("enter")
        return "text"
    key = pick(session, chance)
    if key == "q" and isinstance(session.shown, StartScreen) and chance.random() < 0.9:
        key = "n"
    await session.press(key)
    return key


def stand(session: Session) -> None:
    """Say what holds after every key."""
    stack = session.stack
    assert not isinstance(session.shown, ErrorScreen), session.text
    assert len(session.text.split("\n")) == 24
    visits = {
        id(v): v for s in stack if isinstance(v := getattr(s, "_session", None), AssessmentSession)
    }
    assert len(visits) <= 1
    for visit in visits.values():
        kept = session.store.answers.get_progress(visit.assessment.id)
        given = {id_: tuple(v) if isinstance(v, list) else v for id_, v in kept.answers.items()}
        safety = session.store.safety_steps.list_recorded(visit.assessment.id)
        assert (visit.given, visit.skipped, visit.safety) == (given, kept.skipped, safety)
        done = [SafetyStep(row.stop, row.card, row.step) for row in safety]
        answers = {**visit.answers, **given}
        recorded = find_recorded_stops(visit.pathway, answers, done)
        if open_stops(visit.pathway, answers, recorded):
            shown = [s for s in stack if isinstance(s, ResultScreen | ConfirmScreen)]
            assert not shown, f"a stop is open:\n{session.text}"
            session.lacks(*SUGGESTS)
            assert session.store.decisions.find(visit.assessment.id) is None


async def walk(stage: Stage, seed: int, keys: int) -> None:
    """Press keys at random; where the program is closed, start it again."""
    chance = random.Random(seed)
    drafts(stage)
    pressed: list[str] = []
    try:
        while len(pressed) < keys:
            async with stage.workplace() as session:
                while len(pressed) < keys and session.app.is_running:
                    pressed.append(await step(session, chance))
                    if session.app.is_running:
                        stand(session)
                assert session.app.return_code in (None, 0)
    except BaseException as error:
        error.add_note(f"seed {seed}, the last keys: {' '.join(pressed[-40:])}")
        raise
    audited(stage)


def audited(stage: Stage) -> None:
    """Every decision that was confirmed on the way had all of its stops recorded."""
    with stage.store() as store:
        assert store.audit_log.find_bad_event() is None
        ids = [row[0] for row in store.db.execute("SELECT assessment_id FROM decisions")]
        for id_ in ids:
            row = store.decisions.find(id_)
            assert row is not None
            whole = json.loads(row.decision_json)
            assert whole["decision"]["stops"] == []
            visit = AssessmentSession.resume(store, store.assessments.get(id_), stage.pathway)
            held = open_stops(stage.pathway, visit.answers, ())
            assert set(held) <= set(whole["recorded"])
            assert row.confirmed_step is not None
            assert row.confirmed_step >= whole["decision"]["lowest_override"]


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(more, marks=pytest.mark.nightly) for more in (1, 2))]
)
async def test_no_order_of_keys_passes_a_stop_or_loses_an_answer(stage: Stage, seed: int) -> None:
    await walk(stage, seed, 500)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(100, 140))
async def test_no_long_order_of_keys_does_either(stage: Stage, seed: int) -> None:
    await walk(stage, seed, 3000)
