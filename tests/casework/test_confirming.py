"""If these fail, an episode of care is open that nobody has confirmed a step for."""

from __future__ import annotations

import pytest

from casework.assessment import AssessmentSession
from screens.assessment.confirm import ConfirmScreen
from screens.assessment.result import ResultScreen
from store.errors import AnswersChanged
from store.repository.store import Store
from tests.screens.running import Stage


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
