"""If these fail, what was begun before an upgrade of the pathways is lost, or decided by new rules.

The texts of version 1.0.0 lie in `tests/fixtures/pathways_v1`, with what the program of that time
decided of their examples.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from casework.assessment import AssessmentSession, stored_decision
from casework.episode import EpisodeSession
from casework.episode_names import collect_names
from screens.assessment.assessment_list import AssessmentListScreen
from screens.assessment.pause import PauseScreen
from screens.assessment.question import QuestionScreen
from screens.assessment.stop import StopScreen
from screens.base.pick import PickScreen
from screens.episode.timeline import history
from screens.note.compose import compose_note
from screens.note.screen import NoteScreen
from screens.result.confirm import ConfirmScreen
from screens.result.result import ResultScreen
from stepping.decision.decide import decide
from stepping.decision.interview import unanswered_questions
from stepping.decision.outcome import Decision
from stepping.episode.events import Contact, PeriodEnded, PeriodStarted
from stepping.episode.validation import ValidationContext
from stepping.pathway.model import Answer, Pathway
from stepping.pathway.schema import Ages
from store.errors import StopElsewhere
from store.paths import find
from store.pathway_files.care import shipped_care
from store.pathway_files.files import built_in, load
from store.records import Client
from store.repository.store import Store
from tests.screens.running import Session, Stage, lightest, record_steps
from tests.screens.test_result import MODERATE

FIRST = Path(__file__).parents[1] / "fixtures" / "pathways_v1"
NAMES = ("adult", "youth", "follow_up")


@cache
def first(name: str) -> Pathway:
    """A pathway as it was in version 1.0.0."""
    return load(name, FIRST)


@pytest.fixture
def early(tmp_path: Path) -> Stage:
    """A workplace whose assessments are begun with version 1."""
    return Stage(find(tmp_path / "data" / "porras.db"), first("adult"))


def now_in_use(session: Session) -> None:
    """Let the workplace use the pathways that are shipped today."""
    workspace = session.app.workspace
    workspace._found = {name: built_in(name) for name in NAMES}
    workspace._statuses = None


def begun(
    store: Store, pathway: Pathway, answers: Mapping[str, Answer], client: Client | None = None
) -> AssessmentSession:
    client = client or store.clients.add(
        birth_year=1986, language="en", sex="f", municipality="hollola"
    )
    visit = AssessmentSession.start(store, pathway, client, setting="reception", language="en")
    visit.record_answers(dict(answers))
    return visit


def finish(visit: AssessmentSession) -> None:
    """Answer the rest lightly, record what stops, and confirm what is suggested."""
    while left := unanswered_questions(visit.pathway, visit.answers):
        visit.record_answers({left[0].id: lightest(visit.pathway, left[0].id)})
    for stop in visit.open_stops:
        record_steps(visit, stop)
    decision = visit.decide()
    assert decision.step is not None
    visit.confirm(decision, decision.step)


# -- decisions ---------------------------------------------------------------------------------


def kept() -> list[dict[str, Any]]:
    packed = (FIRST / "decisions.json.gz").read_bytes()
    found: list[dict[str, Any]] = json.loads(gzip.decompress(packed))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_texts_are_those_of_version_1(name: str) -> None:
    assert first(name).header.version == "1.0.0"
    assert {row["digest"] for row in kept() if row["pathway"] == name} == {first(name).digest}


@pytest.mark.parametrize("name", NAMES)
def test_what_version_1_decided_is_decided_the_same_today(name: str) -> None:
    """Same text and same answers give the same decision for ever."""
    rows = [row for row in kept() if row["pathway"] == name]
    assert len(rows) > 90
    for row in rows:
        answers = {
            id_: tuple(value) if isinstance(value, list) else value
            for id_, value in row["answers"].items()
        }
        now = decide(first(name), answers, row["recorded"]).model_dump(mode="json")
        assert as_told(now, row["decision"]) == row["decision"], row["example"]
        assert Decision.model_validate(row["decision"]).step == now["step"]


def as_told(now: Any, then: Any) -> Any:
    """What is told today, without what nobody told then: later programs add to it."""
    if isinstance(now, dict) and isinstance(then, dict):
        return {key: as_told(now[key], then[key]) for key in now if key in then}
    if isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        return [as_told(*pair) for pair in zip(now, then, strict=True)]
    return now


def test_what_was_confirmed_then_is_read_by_its_own_text(early: Stage) -> None:
    with early.store() as store:
        visit = begun(store, first("adult"), early.whole(MODERATE))
        finish(visit)
        row = store.decisions.find(visit.assessment.id)
        assert row is not None
        again = AssessmentSession.resume(store, visit.assessment, first("adult"))
        assert decide(again.pathway, again.answers, again.recorded_stops) == stored_decision(row)


# -- drafts ------------------------------------------------------------------------------------


async def test_a_draft_is_finished_by_the_text_that_it_began_with_and_says_so(
    early: Stage,
) -> None:
    early.draft({"reason": ("mood",)} if "reason" in first("adult").questions else {})
    async with early.workplace() as session:
        now_in_use(session)
        told = told_of(session)
        await session.press("1")
        session.on(QuestionScreen)
        session.says(told)
        assert session.visit.pathway.digest == first("adult").digest
        session.visit.record_answers(early.whole(MODERATE))
        await session.press("escape")
        session.on(PauseScreen)
        session.says(told)
        await session.press("l", "1")
        session.on(ResultScreen)
        session.says("adult 1.0.0")
        await session.press("enter")
        session.on(ConfirmScreen)
        await session.press("enter")
        await session.skip_what_is_asked_once()
        session.on(NoteScreen)
        assert "adult 1.0.0" in session.on(NoteScreen).note
        await session.press("enter", "enter")
        session.on(AssessmentListScreen)
        session.says("adult 1.0.0 (draft)")
        await session.press("1", "p")
        session.says("1.0.0")


def told_of(session: Session) -> str:
    now = built_in("adult").header.version
    if now == "1.0.0":
        return "Begun with an earlier text of version 1.0.0, and finished by it."
    return f"Begun with version 1.0.0 and finished by it. New ones use {now}."


async def test_a_draft_at_an_open_stop_says_it_too(early: Stage) -> None:
    early.draft({"danger.suicide": "yes"})
    async with early.workplace() as session:
        now_in_use(session)
        await session.press("1")
        session.on(StopScreen)
        session.says(told_of(session))


async def test_what_is_begun_with_the_text_in_use_says_nothing_of_it(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        session.on(QuestionScreen)
        session.lacks("Begun with")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_stop_in_a_draft_of_one_version_binds_the_other(
    early: Stage, order: tuple[int, int]
) -> None:
    texts = (first("adult"), built_in("adult"))
    stopped, other = (texts[n] for n in order)
    with early.store() as store:
        danger = begun(store, stopped, {"danger.suicide": "yes"})
        visit = begun(store, other, {}, danger.client)
        while left := unanswered_questions(other, visit.answers):
            visit.record_answers({left[0].id: lightest(other, left[0].id)})
        visit.refresh_stops_elsewhere()
        decision = visit.decide()
        assert [stop.id for stop in decision.elsewhere] == ["S1"]
        assert decision.step == 4
        visit.stops_elsewhere = ()
        unaware = visit.decide()
        with pytest.raises(StopElsewhere):
            visit.confirm(unaware, unaware.step or 0)
        assert [mark.pathway_digest for mark in store.risk_marks.list_of(danger.client.id)] == [
            stopped.digest
        ]


# -- episodes ----------------------------------------------------------------------------------

GONE = "net_therapy_of_version_1"
"""A form of care that no text of today has."""


def treated(store: Store, stage: Stage, intervention: str) -> tuple[AssessmentSession, str]:
    """A client whose treatment began under version 1."""
    visit = begun(store, first("adult"), stage.whole(MODERATE))
    finish(visit)
    found = store.episodes.find_open(visit.client.id)
    assert found is not None
    day = stage.clock().date()
    forms = {ready.id: ready.content.ages for ready in first("adult").interventions}
    around = ValidationContext(day, 1986, {**forms, GONE: Ages()}, {}, {}, shipped_care().tracks)
    started = PeriodStarted(day=day, period="p1", intervention=intervention, step=1)
    store.episodes.record_event(found[0].id, started, around)
    return visit, found[0].id


@pytest.mark.parametrize("form", [first("adult").interventions[0].id, GONE])
async def test_an_episode_whose_treatment_began_then_goes_on(early: Stage, form: str) -> None:
    """Its form of care may be one that no text of today has: its contacts and end are recorded."""
    with early.store() as store:
        visit, episode_id = treated(store, early, form)
    async with early.workplace() as session:
        now_in_use(session)
        workspace = session.app.workspace
        client = session.store.clients.get(visit.client.id)
        care = EpisodeSession.load(workspace, client, episode_id)
        care.record_event(Contact(day=workspace.today, period="p1"))
        care.record_event(PeriodEnded(day=workspace.today, period="p1", why="completed"))
        (period,) = care.episode.periods
        assert period.ended is not None and len(period.contacts) == 1
        names = collect_names(workspace, client.birth_year, care.episode)
        assert history(care.episode, names, workspace.today, workspace.t, 80)
        if form != GONE:
            title = first("adult").intervention(form).title["en"]
            assert names.intervention(form) == title
        for language in ("en", "fi", "sv"):
            again = AssessmentSession.resume(session.store, visit.assessment, first("adult"))
            assert "1.0.0" in compose_note(workspace, again, language)


async def test_a_follow_up_of_what_was_begun_then_uses_the_text_of_today_and_says_so(
    early: Stage,
) -> None:
    with early.store() as store:
        visit, _ = treated(store, early, first("adult").interventions[0].id)
        code = visit.client.code
    async with early.workplace() as session:
        now_in_use(session)
        await session.press("n", *code.lower(), "enter", "1")
        session.on(PickScreen)
        version = built_in("follow_up").header.version
        session.says(
            f"It uses version {version}; the first assessment was made with version 1.0.0."
        )
        await session.press("1")
        session.on(QuestionScreen)
        session.lacks("Begun with")
        assert session.visit.pathway.digest == built_in("follow_up").digest
        scores = visit.decide().scores
        for total in ("phq9", "gad7"):
            assert scores[f"{total}.total"] == session.visit.answers[f"before.{total}"]
