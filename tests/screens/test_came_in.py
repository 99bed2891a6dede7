"""If these fail, a form's answers get in unseen, by a stray key, too young, or twice."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.assessment import AssessmentSession
from casework.elsewhere.forms import RefusedForm, read_for, take_form, takes_forms
from screens.assessment.came_in import CameInScreen
from screens.assessment.pause import PauseScreen
from screens.assessment.question import QuestionScreen
from screens.assessment.stop import StopScreen
from screens.base.prompt import ValuePrompt
from screens.note.compose import build_note
from stepping.decision.decide import decide
from stepping.finland import day_begins
from stepping.interchange.responses.resources import Found, find_responses
from stepping.pathway.model import Answer
from store.errors import ClosedAssessment
from store.repository.store import Store
from tests.interchange.__main__ import FIXTURES
from tests.screens.running import Session, Stage
from tests.screens.test_result import MODERATE
from tests.stepping.interchange.responses.filled import GIVEN_AT, respond

NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)
CALM: dict[str, Answer] = {**{f"phq9.{n}": 1 for n in range(1, 9)}, "phq9.9": 0}
DARK: dict[str, Answer] = {**CALM, "phq9.9": 2}


@pytest.fixture(autouse=True)
def _now(stage: Stage) -> None:
    stage.clock.now = NOW


def found(*responses: Any) -> Found:
    held = Found()
    for each in responses:
        find_responses(each, NOW, held)
    held.name_persons()
    return held


def kept(folder: Path, response: Any) -> str:
    path = folder / "came.json"
    path.write_text(json.dumps(response), encoding="utf-8")
    return str(path)


def given(session: Session) -> dict[str, Any]:
    (draft,) = session.store.assessments.list_drafts()
    return dict(session.store.answers.get_progress(draft.assessment.id).answers)


def rows(store: Store) -> int:
    return int(next(iter(store.db.execute("SELECT count(*) FROM answers")))[0])


async def to_form(session: Session, path: str) -> None:
    await session.press("escape")
    session.on(PauseScreen)
    await session.press("f")
    session.on(ValuePrompt)
    session.says("A form from another program")
    await session.type(path)


# -- on the screen -------------------------------------------------------------------------------


async def test_a_form_is_looked_at_then_taken_and_danger_is_asked(
    stage: Stage, tmp_path: Path
) -> None:
    path = kept(tmp_path, respond("phq9", CALM, totals={"phq9.total": 13}))
    async with stage.resumed({}) as session:
        await to_form(session, path)
        session.on(CameInScreen)
        session.says("Would be taken", "PHQ-9 item 1 (interest): Several days · 2026-11-20")
        session.says("PHQ-9 total: 8 (the file says 13, which disagrees)")
        session.says("danger is always asked by you: PHQ-9 item 9")
        assert given(session) == {}
        await session.press("t")
        session.on(QuestionScreen)
        session.says("The form's answers are stored. Danger is asked here all the same.")
        assert session.page == "danger"
        assert given(session) == {id_: a for id_, a in CALM.items() if id_ != "phq9.9"}


async def test_a_positive_item_nine_stands_on_top_and_opens_its_stop_at_once(
    stage: Stage, tmp_path: Path
) -> None:
    async with stage.resumed({}) as session:
        await to_form(session, kept(tmp_path, respond("phq9", DARK, authored="2024-01-01")))
        lines = session.text.splitlines()
        danger = next(n for n, line in enumerate(lines) if line.strip() == "Danger")
        assert "PHQ-9 item 9 (death or self-harm): More than half the days" in lines[danger + 1]
        session.says("too old to count: PHQ-9 item 1")
        await session.press("t")
        session.on(StopScreen)
        assert given(session) == {"phq9.9": 2}


async def test_esc_takes_nothing_and_a_held_key_neither(stage: Stage, tmp_path: Path) -> None:
    async with stage.resumed({}) as session:
        await to_form(session, kept(tmp_path, respond("phq9", DARK)))
        await session.press("escape")
        session.on(QuestionScreen)
        assert given(session) == {}


async def test_a_form_without_a_day_asks_for_it_and_an_unfinished_one_says_so(
    stage: Stage, tmp_path: Path
) -> None:
    worst = json.loads((FIXTURES / "phq9.smart.json").read_text(encoding="utf-8"))["worst"]
    async with stage.resumed({}) as session:
        await to_form(session, kept(tmp_path, worst))
        session.says("The form does not tell when it was filled in.")
        await session.type("5.12.2026")
        session.says("That day has not come yet.")
        await session.type("30.11.2026")
        session.on(CameInScreen)
        session.says("take answers that were not handed in", "not marked as handed in (status)")
        await session.press("t")
        session.on(StopScreen)
        assert given(session)["phq9.1"] == 3
        (draft,) = session.store.assessments.list_drafts()
        times = session.store.answers.get_progress(draft.assessment.id).times
        assert times["phq9.1"].at == day_begins(datetime(2026, 11, 30).date())


async def test_what_is_refused_shows_why_and_has_no_key_to_take_it(
    stage: Stage, tmp_path: Path
) -> None:
    async with stage.resumed({}) as session:
        await to_form(session, kept(tmp_path, respond("phq9", DARK, status="entered-in-error")))
        session.says("Nothing of this form can be taken.", "Danger", "PHQ-9 item 9")
        session.says("marked as stopped or entered in error (status)")
        session.lacks("take these answers")
        await session.press("t")
        session.on(CameInScreen)
        assert given(session) == {}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "Nothing was read: not JSON from here on (line 1, column 2)."),
        (None, "The file cannot be read. Is its name right?"),
        ("folder", "That is no file, or a link to one. Nothing was read."),
    ],
)
async def test_a_file_that_cannot_be_read_is_told_while_its_name_stands_there(
    stage: Stage, tmp_path: Path, content: Any, told: str
) -> None:
    path = tmp_path / "came.json"
    if content == "folder":
        path.mkdir()
    elif content:
        path.write_bytes(content)
    async with stage.resumed({}) as session:
        await to_form(session, str(path))
        session.on(ValuePrompt)
        session.says(told)
        assert given(session) == {}


# -- as a use case -------------------------------------------------------------------------------


def test_taken_twice_is_taken_once_also_after_a_correction(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        held = found(respond("phq9", DARK))
        for _ in range(2):
            take_form(visit, held)
            assert rows(store) == 9
        assert visit.open_stops
        visit.record_answers({"phq9.9": 0, "phq9.1": 3})
        again = take_form(visit, held)
        assert dict(again.intake.asked)["phq9.9"] == "answered_here"
        assert dict(again.intake.asked)["phq9.1"] == "answered_here"
        assert (visit.given["phq9.9"], visit.given["phq9.1"]) == (0, 3)
        # Another day's form is another telling.
        take_form(visit, found(respond("phq9", DARK, authored="2026-11-25")))
        assert visit.given["phq9.9"] == 2
        assert store.audit_log.find_bad_event() is None


def test_an_older_form_replaces_nothing_of_a_newer_one(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        take_form(visit, found(respond("phq9", {"phq9.1": 3}, authored="2026-11-28")))
        take_form(visit, found(respond("phq9", {"phq9.1": 1, "phq9.2": 1})))
        assert (visit.given["phq9.1"], visit.given["phq9.2"]) == (3, 1)
        take_form(visit, found(respond("phq9", {"phq9.1": 2}, authored="2026-11-29")))
        assert visit.given["phq9.1"] == 2


def test_answers_of_a_form_grow_old_by_the_day_they_were_given(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        take_form(visit, found(respond("phq9", CALM)))
        assert visit.times["phq9.1"].at == GIVEN_AT
        holds = visit.pathway.questions["phq9.1"].holds
        stage.clock.now = GIVEN_AT + holds - timedelta(hours=1)
        assert "phq9.1" not in visit.outdated
        stage.clock.now = GIVEN_AT + holds + timedelta(hours=1)
        assert "phq9.1" in visit.outdated


async def test_the_decision_is_the_keyboards_and_the_note_tells_where_answers_came_from(
    stage: Stage,
) -> None:
    async with stage.resumed({}) as session:
        store = session.store
        typed, visit = stage.visit(store), stage.visit(store)
        typed.record_answers(MODERATE)
        came = take_form(visit, found(respond("adult", MODERATE)))
        asked = {id_: MODERATE[id_] for id_, _ in came.intake.asked if id_ in MODERATE}
        visit.record_answers(asked)
        assert decide(visit.pathway, visit.answers) == decide(typed.pathway, typed.answers)
        note = build_note(session.app.workspace, visit, visit.decide(), None, "en").text()
        assert "from a form, 2026-11-20" in note


@pytest.mark.parametrize("status", ["entered-in-error", "in-progress"])
def test_what_is_refused_stores_nothing(stage: Stage, status: str) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        before = [*store.db.execute("SELECT count(*) FROM audit")]
        with pytest.raises(RefusedForm):
            take_form(visit, found(respond("phq9", DARK, status=status)))
        assert not visit.given
        assert rows(store) == 0
        assert [*store.db.execute("SELECT count(*) FROM audit")] == before


def test_another_persons_form_and_a_closed_assessment_take_nothing(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        assert takes_forms(visit)
        born = (visit.client.birth_year or 0) + 1
        patient = {"resourceType": "Patient", "id": "p", "birthDate": f"{born}-01-01"}
        response = respond("phq9", DARK, subject={"reference": "#p"}, contained=[patient])
        with pytest.raises(RefusedForm, match="another_person"):
            take_form(visit, found(response))
        held = found(respond("phq9", DARK))
        other = AssessmentSession.resume(store, visit.assessment, visit.pathway)
        visit.abandon("moved away")
        assert not takes_forms(visit)
        with pytest.raises(ClosedAssessment):
            take_form(other, held)
        assert read_for(other, held).reading.dangers
        assert rows(store) == 0
