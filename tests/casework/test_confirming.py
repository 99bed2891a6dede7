"""If these fail, an episode of care is open that nobody has confirmed a step for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from casework.assessment import AssessmentSession
from screens.result.confirm import ConfirmScreen
from screens.result.result import ResultScreen
from store.errors import AnswersChanged
from store.repository.store import Store
from tests.screens.running import Stage

ROOT = Path(__file__).resolve().parents[2]


def waiting(store: Store) -> list[str]:
    return [item.kind for item in store.worklist.list_items(store.now.date())]


def test_a_step_that_another_window_overtook_opens_no_episode(stage: Stage) -> None:
    """An answer is changed there; here the step is confirmed, and then the assessment is ended."""
    with stage.store() as store, stage.store() as other:
        here = stage.visit(store)
        here.record_answers(stage.whole())
        there = AssessmentSession.resume(other, here.assessment, stage.pathway)
        decision = here.decide()
        assert decision.step is not None
        there.record_answers({"phq9.1": 1})
        with pytest.raises(AnswersChanged):
            here.confirm(decision, decision.step)
        assert store.episodes.list_of(here.client.id) == []
        assert store.episodes.find_of_assessment(here.assessment.id) is None
        there.abandon("moved away")
        assert waiting(store) == waiting(other) == []


def test_a_suggestion_that_another_window_overtook_is_never_confirmed(stage: Stage) -> None:
    """The answers are read again when it is refused: the old step may be too low for them."""
    with stage.store() as store, stage.store() as other:
        here = stage.visit(store)
        here.record_answers(stage.whole())
        there = AssessmentSession.resume(other, here.assessment, stage.pathway)
        decision = here.decide()
        assert decision.step == 0
        there.record_answers({f"phq9.{item}": 2 for item in range(1, 9)})
        for _ in range(2):
            with pytest.raises(AnswersChanged):
                here.confirm(decision, 0)
        now = here.decide()
        assert now.step
        assert here.confirm(now, now.step).suggested_step == now.step


def test_a_confirmed_step_belongs_to_an_episode(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(stage.whole({"phq9.1": 3}))
        decision = visit.decide()
        assert decision.step is not None
        visit.confirm(decision, decision.step)
        found = store.episodes.find_of_assessment(visit.assessment.id)
        assert found is not None
        assert found[1].step == decision.step
        assert found[0].client_id == visit.client.id
        assert waiting(store)[-1] == "no_next_contact"


async def test_the_page_that_confirms_opens_no_episode_either(stage: Stage) -> None:
    async with stage.resumed(stage.whole()) as session:
        session.on(ResultScreen)
        await session.press("enter")
        session.on(ConfirmScreen)
        with stage.store() as other:
            (draft,) = other.assessments.list_drafts()
            there = AssessmentSession.resume(other, draft.assessment, stage.pathway)
            there.record_answers({"phq9.1": 1})
            await session.press("enter")
            session.lacks("The step is confirmed")
            assert other.episodes.list_of(there.client.id) == []


def test_each_use_case_is_done_whole_or_not_at_all(tmp_path: Path) -> None:
    """What is ended at any moment can be done again, and nothing half done stands meanwhile."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("cut_short.py")), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    places = [line.rpartition(": ")[2] for line in done.stdout.splitlines()]
    assert places == ["2"] * 6, "each is one transaction, ended at its beginning and at its end"
