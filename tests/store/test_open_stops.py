"""If these fail, an open stop is on the disk in the answers, and nobody is told of it."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from pathlib import Path

import pytest

from store.database import transactions
from store.database.tables.v6_open_stops import HIGHEST_STEP, UNREAD
from store.errors import OtherUnit, StillNeeded, StopElsewhere, StopOpen, UnknownRecord
from store.opening.store_file import open_store
from store.records import Assessment, Confirmation, PathwayCopy
from store.repository.store import Store
from store.repository.worklist import list_all
from store.retention.erasure import erase
from store.retention.retention import Bundle, list_bundles
from store.retention.subject_access import gather_records
from tests.store.conftest import PATHWAY, UNREADABLE, bring_to

ROOT = Path(__file__).resolve().parents[2]
TODAY = datetime.date(2026, 11, 22)
STEPS = ("stay", "call")


def table(store: Store) -> list[tuple[str, str, int | None]]:
    rows = store.db.execute("SELECT assessment_id, stop, floor FROM open_stops ORDER BY 1, 2")
    return rows.fetchall()


def kind(store: Store, assessment_id: str) -> str:
    items = store.worklist.list_items(TODAY, limit=99)
    return next(item.kind for item in items if item.assessment_id == assessment_id)


def record(store: Store, assessment: Assessment, *steps: str) -> None:
    for step in steps:
        store.safety_steps.record(assessment.id, "R1", "danger", step, done=True)


def confirmation(seq: int, **named: str) -> Confirmation:
    """The confirmation of step 0 that names stops by their drafts."""
    elsewhere = [{"draft": draft, "id": stop} for draft, stop in named.items()]
    return Confirmation(
        decision_json=json.dumps({"decision": {"elsewhere": elsewhere}}),
        suggested_step=0,
        confirmed_step=0,
        final_answers_seq=seq,
    )


def test_each_entry_keeps_what_is_open_then(store: Store, assessment: Assessment) -> None:
    def now() -> tuple[bool, str]:
        return bool(table(store)), kind(store, assessment.id)

    assert now() == (False, "draft")
    store.answers.record(assessment.id, {"danger": "yes"})
    assert now() == (True, "open_stop")
    record(store, assessment, "stay")
    assert now() == (True, "open_stop")
    store.safety_steps.record(assessment.id, "R1", "danger", "call", done=False, why_not="no line")
    assert now() == (False, "draft")
    store.safety_steps.withdraw(assessment.id, "R1", "danger", "call")
    assert now() == (True, "open_stop")
    store.answers.withdraw(assessment.id, "danger")
    assert now() == (False, "draft")
    store.answers.record(assessment.id, {"danger": "yes"})
    store.answers.record_skip(assessment.id, "danger")
    assert now() == (False, "draft")
    bring_to(store, assessment.id, "unconfirmed")
    assert now() == (False, "unconfirmed")
    assert store.audit_log.find_bad_event() is None


def test_a_stop_is_open_since_the_answer_that_opened_it(
    store: Store, assessment: Assessment, path: Path, key: bytes
) -> None:
    with open_store(path, key, "nurse-2", store.clock) as other:
        other.answers.record(assessment.id, {"danger": "yes"})
    (before,) = store.open_stops.list_of(assessment.client_id)
    assert (before.by, before.stop, before.urgency, before.floor) == (
        "nurse-2",
        "R1",
        "emergency",
        None,
    )
    assert before.since > assessment.started_at
    store.answers.record(assessment.id, {"mood.1": 1})
    record(store, assessment, "stay")
    assert store.open_stops.list_of(assessment.client_id) == [before]
    with store.writing():
        list_all(store)
    assert store.open_stops.list_of(assessment.client_id) == [before]
    (item,) = store.worklist.list_items(TODAY)
    assert [(stop.stop, stop.since) for stop in item.stops] == [("R1", before.since)]


KILLED = """
import os, sys
from pathlib import Path
from store.repository.internal import draft_status
from store.opening.store_file import open_store
store = open_store(Path(sys.argv[1]), bytes(range(32)), "nurse-1")
store.answers.record(sys.argv[2], {"danger": "yes"})
os._exit(9)
"""
CUT = KILLED.replace(
    "store.answers", "draft_status.keep_status = lambda *_: os._exit(9)\nstore.answers", 1
)


def test_a_kill_right_after_the_answer_leaves_the_stop_listed(
    store: Store, assessment: Assessment, path: Path, key: bytes
) -> None:
    store.close()
    command = [sys.executable, "-c", KILLED, str(path), assessment.id]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 9
    with open_store(path, key, "nurse-1") as after:
        assert kind(after, assessment.id) == "open_stop"
        assert [stop.stop for stop in after.open_stops.list_of(assessment.client_id)] == ["R1"]


def test_a_kill_before_the_stop_is_kept_leaves_no_answer_either(
    store: Store, assessment: Assessment, path: Path, key: bytes
) -> None:
    store.close()
    command = [sys.executable, "-c", CUT, str(path), assessment.id]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 9
    with open_store(path, key, "nurse-1") as after:
        assert after.answers.get_progress(assessment.id).answers == {}
        assert table(after) == []


def test_what_another_window_answered_is_not_overruled_by_a_safety_step(
    store: Store, assessment: Assessment, path: Path, key: bytes
) -> None:
    """The window that records the last step knows nothing of the new danger."""
    store.answers.record(assessment.id, {"danger": "yes"})
    record(store, assessment, "stay")
    with open_store(path, key, "nurse-2", store.clock) as other:
        other.answers.record(assessment.id, {"danger": "no"})
        other.answers.record(assessment.id, {"danger": "yes"})
    record(store, assessment, "call")
    assert [stop for _, stop, _ in table(store)] == ["R1"]


# -- what it binds -----------------------------------------------------------------------------


@pytest.fixture
def other(store: Store, assessment: Assessment) -> Assessment:
    """Another draft of the same client, with all answered."""
    made = store.assessments.start(assessment.client_id, PATHWAY, setting="clinic", language="fi")
    bring_to(store, made.id, "unconfirmed")
    return made


def test_a_step_is_confirmed_only_with_every_stop_named(
    store: Store, assessment: Assessment, other: Assessment
) -> None:
    bring_to(store, assessment.id, "open_stop")
    for wrong in ({}, {other.id: "R1"}, {assessment.id: "R9"}):
        with pytest.raises(StopElsewhere):
            store.decisions.confirm(other.id, confirmation(3, **wrong))
    assert store.decisions.find(other.id) is None
    assert (
        store.decisions.confirm(other.id, confirmation(3, **{assessment.id: "R1"})).confirmed_step
        == 0
    )


def test_a_floor_holds_even_where_the_stop_is_named(
    store: Store, assessment: Assessment, other: Assessment
) -> None:
    bring_to(store, assessment.id, "open_stop")
    with transactions.writing(store.db):
        store.db.execute("UPDATE open_stops SET floor = 1")
    with pytest.raises(StopElsewhere):
        store.decisions.confirm(other.id, confirmation(3, **{assessment.id: "R1"}))
    higher = {"suggested_step": 1, "confirmed_step": 1}
    store.decisions.confirm(
        other.id, confirmation(3, **{assessment.id: "R1"}).model_copy(update=higher)
    )


def test_another_client_is_not_bound(
    store: Store, assessment: Assessment, pathway: PathwayCopy
) -> None:
    bring_to(store, assessment.id, "open_stop")
    client = store.clients.add(birth_year=1990, language="fi")
    free = store.assessments.start(client.id, pathway, setting="clinic", language="fi")
    bring_to(store, free.id, "unconfirmed")
    assert store.open_stops.list_of(client.id) == []
    assert store.decisions.confirm(free.id, confirmation(3)).confirmed_step == 0


def test_two_codes_of_one_person_are_bound_by_one_stop(
    store: Store, assessment: Assessment, pathway: PathwayCopy
) -> None:
    bring_to(store, assessment.id, "open_stop")
    client = store.clients.add(birth_year=1980, language="fi", sex="f")
    free = store.assessments.start(client.id, pathway, setting="clinic", language="fi")
    bring_to(store, free.id, "unconfirmed")
    joined = {"client": client.id, "stands": assessment.client_id, "why": "one person"}
    row = {"id": "j1", **joined, "at": store.timestamp(), "by": store.worker_id}
    with store.writing():
        store.append("client_joins", row, "joining.made", "j1")
    assert [stop.assessment_id for stop in store.open_stops.list_of(client.id)] == [assessment.id]
    with pytest.raises(StopElsewhere):
        store.decisions.confirm(free.id, confirmation(3))


def test_a_draft_of_another_unit_is_told_and_may_not_be_read(
    store: Store, assessment: Assessment, path: Path, key: bytes
) -> None:
    """The person may be in front of a nurse of another unit."""
    store.staff.set_own_unit("Lahti")
    store.staff.add("nurse-2", ["nurse"])
    store.staff.set_unit("nurse-2", "Hollola")
    bring_to(store, assessment.id, "open_stop")
    code = store.clients.get(assessment.client_id).code
    with open_store(path, key, "nurse-2", store.clock) as there:
        with pytest.raises(OtherUnit):
            there.open_stops.list_of(assessment.client_id)
        (stop,) = there.open_stops.list_of_code(code)
        assert (stop.in_reach, stop.unit, stop.stop) == (False, "Lahti", "R1")
    (stop,) = store.open_stops.list_of(assessment.client_id)
    assert stop.in_reach
    assert store.open_stops.list_of_code("TREENAAM") == []


def test_no_row_ends_a_draft_at_a_stop_past_the_program(
    store: Store, assessment: Assessment
) -> None:
    bring_to(store, assessment.id, "open_stop")
    with pytest.raises(StopOpen):
        store.assessments.abandon(assessment.id, "client left")
    with pytest.raises(StopOpen):
        store.decisions.confirm(assessment.id, confirmation(1))
    row = {"assessment_id": assessment.id, "kind": "abandoned", "why": "x"}
    row |= {"at": store.timestamp(), "by": store.worker_id}
    with pytest.raises(StopOpen), transactions.writing(store.db):
        store.db.table("closings").insert(row)
    assert kind(store, assessment.id) == "open_stop"
    record(store, assessment, *STEPS)
    store.assessments.abandon(assessment.id, "client left")
    assert table(store) == []


def test_of_a_client_that_there_is_not_nothing_is_open(store: Store) -> None:
    with pytest.raises(UnknownRecord):
        store.open_stops.list_of("nobody")


# -- what nobody can read ----------------------------------------------------------------------


def test_what_was_known_of_an_unreadable_draft_stays(
    store: Store, assessment: Assessment, other: Assessment
) -> None:
    unread = store.assessments.start(
        assessment.client_id, UNREADABLE, setting="clinic", language="fi"
    )
    store.answers.record(unread.id, {"q1": 1})
    assert table(store) == []
    row = {
        **{"assessment_id": unread.id, "stop": UNREAD, "urgency": "emergency"},
        **{"floor": HIGHEST_STEP, "since": store.timestamp(), "by": store.worker_id},
    }
    with transactions.writing(store.db):
        store.db.table("open_stops").insert(row)
    with store.writing():
        list_all(store)
    store.answers.record(unread.id, {"q2": 1})
    assert table(store) == [(unread.id, UNREAD, HIGHEST_STEP)]
    assert kind(store, unread.id) == "open_stop"
    with pytest.raises(StopElsewhere):
        store.decisions.confirm(other.id, confirmation(3, **{unread.id: UNREAD}))
    store.assessments.abandon(unread.id, "called the client, who is safe")
    assert table(store) == []


# -- the end of a record -----------------------------------------------------------------------


def test_an_open_stop_keeps_its_client_and_is_named(store: Store, assessment: Assessment) -> None:
    bring_to(store, assessment.id, "draft")
    assert [each.why for each in _bundles(store)] == ["draft"]
    bring_to(store, assessment.id, "open_stop")
    assert [each.why for each in _bundles(store)] == ["open_stop"]
    with pytest.raises(StillNeeded):
        erase(store, assessment.client_id)
    assert [
        row["stop"] for row in gather_records(store, assessment.client_id).tables["open_stops"]
    ] == ["R1"]


def _bundles(store: Store) -> list[Bundle]:
    with transactions.reading(store.db):
        return list(list_bundles(store, 0))
