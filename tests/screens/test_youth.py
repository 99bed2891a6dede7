"""If these fail, a young person's question or a card for their safety is cut off on the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from casework.assessment import AssessmentSession
from screens.assessment.question import QuestionScreen
from screens.assessment.stop import StopScreen
from screens.base.page import Page
from screens.desk.emergency import EmergencyScreen
from screens.note.screen import NoteScreen
from screens.result.result import ResultScreen
from stepping.decision.interview import Stop, open_stops
from stepping.decision.safety import list_safety_steps
from stepping.pathway.model import Answer
from store.paths import find
from store.pathway_files.files import built_in
from store.repository.store import Store
from tests.screens.running import MOOD, Session, Stage, lightest
from tests.screens.test_words import cut

BORN = {15: 2011, 17: 2009, 18: 2008, 20: 2006}

HARM = ("harm.home", "harm.other", "harm.sexual", "harm.runaway", "flag.child")
TRIGGERS: tuple[Mapping[str, Answer], ...] = (
    *({f"danger.{of}": "yes"} for of in ("suicide", "violence", "child")),
    *({f"danger.{of}": "yes"} for of in ("confusion", "intoxicated", "body")),
    {"asq.4": "yes"},
    {"selfharm": "yes", "nurse.worried": "yes"},
    dict.fromkeys(HARM, "yes"),
    {"flag.psychosis": "yes", "flag.mania": "yes", "drugs": 3},
    {"flag.eating": "yes", "eating.alarm": "yes"},
    {"flag.perinatal": "yes", "flag.mania": "yes"},
    {"history.mania": "yes", **dict.fromkeys(MOOD, 1), "phq9.9": 0},
    {"flag.perinatal": "yes", **dict.fromkeys(MOOD, 3), "phq9.9": 1},
)
"""Answers that bring up each card of the pathway."""
HEAVY: Mapping[str, Answer] = {
    **dict.fromkeys(MOOD, 3),
    **dict.fromkeys(HARM, "yes"),
    "present": "with_guardian",
    "guardian.tell": "part",
    "guardian.conduct": "yes",
    "asq.4": "yes",
    "attempt.unassessed": "yes",
    "flag.eating": "yes",
    "drugs": 3,
    "school.absence": 3,
    "wish.formats": ("net", "medication"),
}
"""As much on the result screen as there may be."""


class YoungStage(Stage):
    """A stage with a young client of a given age."""

    age = 15

    def visit(
        self, store: Store, *, language: str = "en", municipality: str | None = "hollola"
    ) -> AssessmentSession:
        client = store.clients.add(
            birth_year=BORN[self.age], language=language, sex="f", municipality=municipality
        )
        return AssessmentSession.start(
            store, self.pathway, client, setting="reception", language=language
        )


@pytest.fixture
def stage(tmp_path: Path) -> YoungStage:
    return YoungStage(find(tmp_path / "data" / "porras.db"), built_in("youth"))


def _filled(visit: AssessmentSession, answers: Mapping[str, Answer]) -> AssessmentSession:
    visit.record_answers({name: lightest(visit.pathway, name) for name in visit.pathway.questions})
    visit.record_answers(dict(answers))
    return visit


def _record_all(visit: AssessmentSession) -> None:
    for stop in open_stops(visit.pathway, visit.answers, ()):
        for step in list_safety_steps(visit.pathway, visit.answers, stop):
            visit.record_safety_step(step)


def young_pages(
    session: Session, stage: YoungStage, language: str
) -> Iterator[tuple[str, Page[Any]]]:
    """Every question, card and result of the youth pathway by name."""
    workspace = session.app.workspace
    yield "emergency", EmergencyScreen(workspace)
    fresh = stage.visit(session.store, language=language)
    for page in stage.pathway.pages:
        yield (
            f"question {page.id}",
            QuestionScreen(workspace, fresh, page, client_language=language),
        )
    for answers in TRIGGERS:
        visit = stage.visit(session.store, language=language)
        visit.record_answers(dict(answers))
        for stop in open_stops(visit.pathway, visit.answers, ()):
            yield f"stop {stop} at {answers}", StopScreen(workspace, visit, Stop((stop,), ()))
    for answers in ({}, HEAVY):
        visit = _filled(stage.visit(session.store, language=language), answers)
        _record_all(visit)
        decision = visit.decide()
        result = ResultScreen(workspace, visit, decision)
        result._full = True
        yield f"result {decision.step}", result
        yield "note", NoteScreen(workspace, visit, decision, None)


NIGHTLY = (pytest.mark.nightly,)


@pytest.mark.parametrize(
    ("language", "age"),
    [
        # The longest words are Finnish; the other languages go through every age at night.
        pytest.param(language, age, marks=() if language == "fi" or age == 17 else NIGHTLY)
        for language in ("en", "fi", "sv")
        for age in BORN
    ],
)
async def test_no_screen_of_the_youth_pathway_is_cut(
    stage: YoungStage, language: str, age: int
) -> None:
    stage.age = age
    async with stage.program(demo=True, language=language) as session:
        wrong = []
        for name, sheet in young_pages(session, stage, language):
            sheet.open()
            wrong += [f"{language} {name}: {fault}" for fault in cut(sheet)]
        assert not wrong, "\n".join(wrong)


async def test_secrecy_and_its_limits_are_told_before_anything_is_asked(stage: YoungStage) -> None:
    async with stage.program(demo=True) as session:
        visit = stage.visit(session.store)
        ids = [page.id for page in stage.pathway.pages]
        assert ids.index("privacy") < ids.index("danger")
        page = stage.pathway.pages[ids.index("privacy")]
        asked = QuestionScreen(session.app.workspace, visit, page, client_language="en")
        await session.put(asked)
        await session.settle()
        session.says("stays with us who treat you", "only if life is in danger")


@pytest.mark.parametrize("age", [15, 17])
async def test_an_attempt_ends_on_youth_psychiatry_and_says_why(
    stage: YoungStage, age: int
) -> None:
    stage.age = age
    async with stage.program(demo=True) as session:
        visit = _filled(stage.visit(session.store), {"asq.4": "yes"})
        _record_all(visit)
        decision = visit.decide()
        await session.put(ResultScreen(session.app.workspace, visit, decision))
        await session.settle()
        assert (decision.step, decision.lowest_override) == (4, 4)
        session.says("Suggested step 4: Youth psychiatry", "Y0")
