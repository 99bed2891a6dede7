"""If these fail, what a client told of suicide is gone once its assessment is over."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from stepping.episode.events import MeasureTaken, Opened
from stepping.episode.measures import find_unassessed
from store.errors import OtherUnit
from store.maintenance import derived
from store.opening.store_file import open_store
from store.records import Assessment, PathwayCopy
from store.repository.store import Store
from store.repository.worklist import list_all
from store.retention.erasure import erase
from store.risk_records import RiskMark
from tests.stepping.decision.test_risk import pathway
from tests.store.conftest import UNREADABLE, TickingClock
from tests.store.test_episodes import AROUND
from tests.store.test_open_stops import TODAY, confirmation
from tests.store.test_schema import of_version

RISKY = PathwayCopy.of(pathway())
STEPS = ("stay", "call")


@pytest.fixture
def visit(store: Store) -> Assessment:
    """An assessment in which somebody told of danger, and what was done is recorded."""
    client = store.clients.add(birth_year=1980, language="fi")
    return stopped(store, client.id)


def stopped(store: Store, client_id: str) -> Assessment:
    made = store.assessments.start(client_id, RISKY, setting="clinic", language="fi")
    store.answers.record(made.id, {"danger": "yes", "tried": 2})
    store.safety_steps.record(made.id, "R1", "danger", "stay", done=True)
    store.safety_steps.record(made.id, "R1", "danger", "call", done=False, why_not="no line")
    return made


def calm(store: Store, client_id: str) -> Assessment:
    made = store.assessments.start(client_id, RISKY, setting="clinic", language="fi")
    store.answers.record(made.id, {"danger": "no", "mood.1": 0, "mood.2": 0})
    return made


def end(store: Store, assessment: Assessment) -> None:
    seq = store.answers.get_progress(assessment.id).seq
    store.decisions.confirm(assessment.id, confirmation(seq), join_episode=True)


def shape(mark: RiskMark) -> list[tuple[str, str, bool]]:
    return [(sign.kind, sign.about, sign.wrong is None) for sign in mark.signs]


def glances(store: Store) -> list[tuple[str, list[str]]]:
    items = store.worklist.list_items(TODAY, limit=99)
    return [(item.kind, [each.kind for each in item.risk]) for item in items]


_TOLD = """
    SELECT a.client_id FROM risk_signs r CROSS JOIN assessments a ON a.id = r.assessment_id"""
TOLD = [("suicide", "R1", True), ("attempt", "tried", True)]


def test_a_mark_holds_what_was_told_and_done(store: Store, visit: Assessment) -> None:
    (mark,) = store.risk_marks.list_of(visit.client_id)
    assert shape(mark) == TOLD
    assert (mark.assessment_id, mark.pathway_digest) == (visit.id, RISKY.digest)
    assert mark.signs[1].answer == 2
    assert [(step.step, step.done, step.why_not) for step in mark.steps] == [
        ("stay", True, None),
        ("call", False, "no line"),
    ]
    assert glances(store) == [("draft", ["attempt"])]


def test_it_stays_over_confirming_and_new_calm_assessments(store: Store, visit: Assessment) -> None:
    store.answers.record(visit.id, {"mood.1": 0, "mood.2": 0})
    end(store, visit)
    end(store, calm(store, visit.client_id))
    last = calm(store, visit.client_id)
    (mark,) = store.risk_marks.list_of(visit.client_id)
    assert (mark.assessment_id, mark.stands) == (visit.id, True)
    assert glances(store) == [("unconfirmed", ["attempt"]), ("no_next_contact", ["attempt"])]
    store.assessments.abandon(last.id, "left")
    assert len(store.risk_marks.list_of(visit.client_id)) == 1


def test_a_corrected_answer_is_told_to_be_so(store: Store, visit: Assessment) -> None:
    store.answers.record(visit.id, {"danger": "no"}, hidden=["tried"])
    (mark,) = store.risk_marks.list_of(visit.client_id)
    assert shape(mark) == [("suicide", "R1", False), ("attempt", "tried", True)]
    assert glances(store) == [("draft", ["attempt"])]
    store.answers.record(visit.id, {"danger": "yes"})
    (mark,) = store.risk_marks.list_of(visit.client_id)
    assert shape(mark) == TOLD


def test_it_goes_with_the_person(store: Store, visit: Assessment) -> None:
    """Over another code, and with an assessment that was recorded of somebody else."""
    other = store.clients.add(birth_year=1980, language="fi")
    store.corrections.join_clients(other.id, visit.client_id, "one person")
    assert [shape(mark) for mark in store.risk_marks.list_of(other.id)] == [TOLD]
    assert [kinds for _, kinds in glances(store)] == [["attempt"]]
    code = store.clients.get(visit.client_id).also[0]
    store.corrections.part_clients(other.id, code, "two after all")
    assert store.risk_marks.list_of(other.id) == []

    store.corrections.move_assessment(visit.id, other.id, "hers", after=None)
    assert [shape(mark) for mark in store.risk_marks.list_of(other.id)] == [TOLD]
    assert store.risk_marks.list_of(visit.client_id) == []
    after = store.assessments.get(visit.id).move
    store.corrections.mark_wrong_client(visit.id, "nobody's", after=after)
    assert store.risk_marks.list_of(other.id) == []
    assert [kinds for _, kinds in glances(store)] == [[]]


def test_it_is_the_same_when_made_anew(store: Store, visit: Assessment) -> None:
    store.answers.record(visit.id, {"mood.1": 0, "mood.2": 0})
    end(store, visit)
    draft = stopped(store, visit.client_id)
    store.answers.record(draft.id, {"tried": 0})
    unread = store.assessments.start(visit.client_id, UNREADABLE, setting="clinic", language="fi")
    sql = "SELECT * FROM risk_signs ORDER BY assessment_id, kind"
    before = store.rows(sql)
    assert len(before) == 4
    store.db.execute("DELETE FROM risk_signs")
    assert not derived.risk_fits(store, draft.id)
    assert derived.risk_fits(store, unread.id), "nobody can tell"
    with store.writing():
        list_all(store)
    assert store.rows(sql) == before
    assert derived.risk_fits(store, draft.id)


def test_what_is_erased_is_gone(store: Store, visit: Assessment) -> None:
    store.assessments.abandon(visit.id, "moved away")
    erase(store, visit.client_id)
    assert store.rows("SELECT * FROM risk_signs") == []


def test_another_unit_does_not_see_it(
    store: Store, visit: Assessment, path: Path, key: bytes, clock: TickingClock
) -> None:
    store.staff.set_own_unit("Lahden sote-keskus")
    store.staff.add("nurse-2", ["nurse"], "Hollolan sote-keskus")
    with open_store(path, key, "nurse-2", clock) as others, pytest.raises(OtherUnit):
        others.risk_marks.list_of(visit.client_id)


def test_a_store_of_the_sixth_version_finds_what_was_told_before(path: Path, key: bytes) -> None:
    """Its text has cards without the key: a confirmed assessment and a draft told of danger."""
    of_version(6, path, key)
    with open_store(path, key, "nurse-1") as store:
        (client_id,) = {row["client_id"] for row in store.rows(_TOLD)}
        draft, confirmed = store.risk_marks.list_of(client_id)
        assert [shape(mark) for mark in (draft, confirmed)] == [[("suicide", "R1", True)]] * 2
        assert draft.steps == ()
        assert [(step.step, step.done) for step in confirmed.steps] == [
            ("stay", True),
            ("call", True),
        ]
        assert confirmed.steps[1].agreed
        assert [stop.stop for stop in store.open_stops.list_of(client_id)] == ["R1"]


# -- an item on suicide of a form that was filled in elsewhere -----------------------------------


def test_a_draft_that_had_asked_before_does_not_answer_an_item_that_was_typed_in(
    store: Store,
) -> None:
    client = store.clients.add(birth_year=1980, language="fi")
    episode = store.episodes.begin(client.id, Opened(day=TODAY), AROUND)
    morning, later = calm(store, client.id), calm(store, client.id)
    item = MeasureTaken(day=TODAY, measure="epds", points=9, item=2)
    store.episodes.record_event(episode.id, item, AROUND)
    end(store, morning)
    assert find_unassessed(store.episodes.get(episode.id)[1]) == item
    assert "danger" in [each.occasion for each in store.worklist.list_items(TODAY)]
    # What says nothing about suicide is no answer either; who is asked again answers it.
    store.answers.record(later.id, {"mood.1": 1})
    store.answers.record(later.id, {"danger": "yes"})
    store.answers.record(later.id, {"danger": "no"})
    end(store, later)
    assert find_unassessed(store.episodes.get(episode.id)[1]) is None


def test_which_came_first_is_told_by_the_log_and_not_by_a_clock_that_was_put_back(
    store: Store, clock: TickingClock
) -> None:
    client = store.clients.add(birth_year=1980, language="fi")
    episode = store.episodes.begin(client.id, Opened(day=TODAY), AROUND)
    morning = calm(store, client.id)
    clock.now -= timedelta(hours=1)
    item = MeasureTaken(day=TODAY, measure="epds", points=9, item=2)
    store.episodes.record_event(episode.id, item, AROUND)
    later = calm(store, client.id)
    end(store, morning)
    assert find_unassessed(store.episodes.get(episode.id)[1]) == item
    end(store, later)
    assert find_unassessed(store.episodes.get(episode.id)[1]) is None
