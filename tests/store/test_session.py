"""Transactions of a session: if these fail, half of what belongs together is stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.errors import NotAllowed, RefusedText
from store.opening.store_file import open_store
from store.records import Assessment
from store.repository.store import Store
from store.session.guarded import OPEN_TO_ALL, reads, requires, writes


def answered(store: Store, assessment: Assessment) -> dict[str, object]:
    return store.answers.get_progress(assessment.id).answers


def test_methods_within_a_transaction_are_parts_of_it(
    store: Store, assessment: Assessment, path: Path, key: bytes
) -> None:
    with open_store(path, key, "nurse-2") as other:
        with store.writing():
            store.answers.record(assessment.id, {"q1": 1})
            store.answers.record(assessment.id, {"q2": 2})
            assert answered(store, assessment) == {"q1": 1, "q2": 2}
            assert answered(other, assessment) == {}
        assert answered(other, assessment) == {"q1": 1, "q2": 2}


def test_an_error_takes_all_parts_back(store: Store, assessment: Assessment) -> None:
    head = store.audit_log.get_head()
    with pytest.raises(RefusedText), store.writing():
        store.answers.record(assessment.id, {"q1": 1})
        store.answers.add_note(assessment.id, "q1", "")
    assert answered(store, assessment) == {}
    assert store.audit_log.get_head() == head
    assert store.audit_log.find_bad_event() is None


def test_an_error_that_is_passed_over_leaves_no_half_either(
    store: Store, assessment: Assessment
) -> None:
    with pytest.raises(RuntimeError, match="failed"), store.writing():
        store.answers.record(assessment.id, {"q1": 1})
        with pytest.raises(RefusedText):
            store.answers.add_note(assessment.id, "q1", "")
    assert answered(store, assessment) == {}
    store.answers.record(assessment.id, {"q1": 2})
    assert answered(store, assessment) == {"q1": 2}


def test_nothing_is_written_in_a_transaction_that_reads(
    store: Store, assessment: Assessment
) -> None:
    with store.reading(), pytest.raises(RuntimeError, match="reads"):
        store.answers.record(assessment.id, {"q1": 1})
    assert answered(store, assessment) == {}


@pytest.mark.parametrize("transaction", ["writing", "reading"])
def test_what_is_refused_within_a_transaction_is_logged_all_the_same(
    store: Store, path: Path, key: bytes, transaction: str
) -> None:
    store.staff.add("checker", ["auditor"])
    with open_store(path, key, "checker") as checker:
        opened = getattr(checker, transaction)
        with pytest.raises(NotAllowed), opened():
            checker.clients.list_recent()
        told = [entry.event for entry in checker.audit_log.list_events(limit=2)]
        assert told == ["access.refused", "audit.read"]
        assert checker.audit_log.find_bad_event() is None


def test_decorators_open_the_transaction_that_they_name(store: Store) -> None:
    @reads("read")
    def looks(session: Store) -> None:
        session.settings.set("county", "x")

    @writes(OPEN_TO_ALL)
    def puts(session: Store) -> None:
        session.put_setting({"key": "county", "value": "x"})

    @requires("upkeep")
    def checks(session: Store) -> bool:
        return session.db.conn.in_transaction

    with pytest.raises(RuntimeError, match="reads"):
        looks(store)
    puts(store)
    assert store.settings.get("county") == "x"
    assert not checks(store)
