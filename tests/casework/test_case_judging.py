"""If these fail, a shipped case cannot be judged, or judging it leaves something that waits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.assessment import AssessmentSession
from casework.training import judging
from casework.training.judging import OwnWord
from casework.training.practice import Practice
from casework.workspace import Workspace
from stepping.decision.interview import Ask, Finished
from stepping.decision.safety import list_safety_steps
from stepping.pathway.client_facts import AGE
from stepping.training.reading import Case
from stepping.training.records import Judgement
from store.opening.store_file import create_store
from store.training.opening import open_training
from tests.screens.running import TickingClock
from tests.training_cases import pattern, used


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    workspace = Workspace(TickingClock(), training=True)
    workspace._found = dict(used())
    with open_training(tmp_path / "training.db", workspace.clock) as store:
        workspace.use(store)
        yield Practice(workspace, tmp_path / "record.json")


def through(practice: Practice, case: Case) -> AssessmentSession:
    """Begin a case and answer as it has it, with the safety steps of every stop."""
    session = judging.begin(practice, case, "judge")
    texts = {q.id: "" for q in case.pathway.questions.values() if q.kind == "text"}
    asked = {**texts, **case.answers}
    session.record_answers({id_: asked[id_] for id_ in case.pathway.questions if id_ in asked})
    for stop in session.open_stops:
        for step in list_safety_steps(session.pathway, session.answers, stop):
            session.record_safety_step(step)
    while isinstance(left := session.find_next(), Ask):
        session.skip_page(left.page)
    return session


def test_every_shipped_case_is_judged_to_its_end_and_its_own_answers_differ_in_nothing(
    practice: Practice,
) -> None:
    today = practice.workspace.today
    waits = practice.workspace.store.worklist.count_items(today)
    assert not practice.shelf.faults
    for case in practice.shelf.cases.values():
        session = through(practice, case)
        assert session.answers[AGE] == case.vignette.person.age
        assert judging.is_of_today(session, case)
        assert isinstance(session.find_next(), Finished), case.vignette.id
        own = OwnWord(case.vignette.expect.lowest)
        kept = judging.keep(practice, case, session, "judge", own)
        compared = judging.compare_with(case, kept)
        assert compared.findings == (), case.vignette.id
        assert compared.verdict.exact
        assert judging.seen(session, case).decide().step == case.decision.step, case.vignette.id
        judging.end(practice, session, "judged")
    assert practice.workspace.store.worklist.count_items(today) == waits
    assert len(practice.record.entries) == len(practice.shelf.cases)


def test_a_draft_of_another_age_or_text_is_not_judged_by_the_case_of_today(
    practice: Practice,
) -> None:
    session = judging.begin(practice, pattern(), "judge")
    older = pattern(("person = { age = 42", "person = { age = 43"))
    assert judging.is_of_today(session, pattern())
    assert not judging.is_of_today(session, older)
    draft = judging.find_draft(practice, pattern(), "judge")
    assert draft is not None
    assert judging.go_on(practice, draft).is_case
    assert judging.find_draft(practice, pattern(), "interview") is None
    talk = judging.begin(practice, pattern(), "interview")
    assert judging.keep(practice, pattern(), talk, "interview", OwnWord(1)).mode == "interview"
    assert judging.find_last(practice, pattern(), "judge") is None
    last = judging.find_last(practice, pattern(), "interview")
    assert last is not None
    assert last[1].id == talk.assessment.id


def test_no_case_is_ever_judged_in_a_store_of_care(tmp_path: Path) -> None:
    workspace = Workspace(TickingClock())
    with create_store(tmp_path / "care.db", None, "nurse1", workspace.clock) as store:
        workspace.use(store)
        with pytest.raises(RuntimeError):
            judging.begin(Practice(workspace, tmp_path / "r.json"), pattern(), "judge")
        assert store.clients.list_recent() == []


def test_two_programs_of_one_seat_keep_what_both_have_judged(practice: Practice) -> None:
    other = Practice(practice.workspace, practice.record_file)
    assert (practice.record.entries, other.record.entries) == ((), ())
    for each, step in ((practice, 1), (other, 2), (practice, 3)):
        session = through(each, pattern())
        judging.keep(each, pattern(), session, "judge", OwnWord(step))
    kept = Practice(practice.workspace, practice.record_file).record.entries
    assert [entry.step for entry in kept if isinstance(entry, Judgement)] == [1, 2, 3]
