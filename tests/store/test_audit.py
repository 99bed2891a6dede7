"""A changed past must show: the chain names the first event that no longer holds."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from stepping.care.events import Opened
from stepping.care.taking import Surroundings
from store import audit
from store.records import Assessment, Confirmation
from store.repository import Store


@pytest.fixture
def worked(store: Store, assessment: Assessment) -> Store:
    """A store with some history and without the triggers that guard it."""
    store.record_answers(assessment.id, {"q1": 1, "q2": 2})
    store.record_answers(assessment.id, {"q1": 3})
    store.add_note(assessment.id, "q1", "tired")
    store.record_safety(assessment.id, "s", "c", "p", done=True)
    store.log_view(assessment.client_id)
    day = datetime.date(2026, 11, 22)
    around = Surroundings(day, 1980, {}, {}, {})
    episode = store.begin_episode(assessment.client_id, Opened(day=day), around)
    store.attach(assessment.id, episode.id)
    store.confirm(
        assessment.id,
        Confirmation(decision_json="{}", suggested_step=1, confirmed_step=1, final_answers_seq=3),
    )
    for (name,) in store.db.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
    ).fetchall():
        store.db.execute(f"DROP TRIGGER {name}")
    store.db.execute("PRAGMA foreign_keys = OFF")
    return store


def number(store: Store, event: str) -> int:
    """The number of the first event of a kind."""
    row = store.db.execute("SELECT min(seq) FROM audit WHERE event = ?", (event,)).fetchone()
    return int(row[0])


def test_an_untouched_history_holds(worked: Store) -> None:
    assert worked.verify_chain() is None
    assert audit.head(worked.db)[0] == worked.db.table("audit").count


def test_an_empty_history_holds(store: Store) -> None:
    assert store.verify_chain() is None


@pytest.mark.parametrize("column", ["at", "actor", "event", "subject", "digest", "prev", "hash"])
def test_every_changed_column_of_an_event_shows(worked: Store, column: str) -> None:
    value = "f" * 64 if column in {"digest", "prev", "hash"} else "2020-01-01T00:00:00.000Z"
    worked.db.execute(f"UPDATE audit SET {column} = ? WHERE seq = 5", (value,))
    assert worked.verify_chain() == 5


ROWS = {
    "worker.added": "UPDATE workers SET handle = 'nurse-9'",
    "client.added": "UPDATE clients SET birth_year = 1981",
    "pathway.kept": "UPDATE pathways SET files = '{}'",
    "assessment.started": "UPDATE assessments SET language = 'sv'",
    "answer.given": "UPDATE answers SET value = '0' WHERE seq = 1",
    "note.added": "UPDATE notes SET text = 'well'",
    "safety.recorded": "UPDATE safety SET recorder = 'nurse-9'",
    "decision.confirmed": "UPDATE decisions SET decision = '[]'",
    "episode.begun": "UPDATE episodes SET created_at = '2020-01-01T00:00:00.000Z'",
    "attachment.made": "UPDATE episode_assessments SET at = '2020-01-01T00:00:00.000Z'",
    "event.opened": """UPDATE episode_events SET day = '2020-01-01',
        event = json_set(event, '$.day', '2020-01-01') WHERE kind = 'opened'""",
    "event.measured": "UPDATE episode_events SET at = '2020-01-01T00:00:00.000Z' WHERE seq = 2",
}


@pytest.mark.parametrize("event", ROWS)
def test_every_changed_record_shows_at_its_event(worked: Store, event: str) -> None:
    worked.db.execute(ROWS[event])
    assert worked.verify_chain() == number(worked, event)


ATTACKS: dict[str, tuple[Callable[[Store], object], int]] = {
    "a deleted event": (lambda s: s.db.execute("DELETE FROM audit WHERE seq = 6"), 6),
    "events changed about": (
        lambda s: s.db.executescript(
            "UPDATE audit SET seq = 999 WHERE seq = 6; UPDATE audit SET seq = 6 WHERE seq = 7;"
            "UPDATE audit SET seq = 7 WHERE seq = 999;"
        ),
        6,
    ),
    "a deleted record": (
        lambda s: s.db.execute("DELETE FROM answers WHERE seq = 3"),
        8,
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_gaps_and_swaps_show(worked: Store, attack: str) -> None:
    act, bad = ATTACKS[attack]
    act(worked)
    assert worked.verify_chain() == bad


def test_a_record_that_no_event_tells_of_shows(worked: Store) -> None:
    row = next(worked.db.table("notes").rows)
    worked.db.table("notes").insert({**row, "id": "smuggled"})
    assert worked.verify_chain() == audit.head(worked.db)[0] + 1


def test_a_cut_tail_shows_when_a_record_is_left(worked: Store) -> None:
    last = audit.head(worked.db)[0]
    worked.db.execute("DELETE FROM audit WHERE seq = ?", (last,))
    assert worked.verify_chain() == last


def test_the_head_is_an_anchor_against_rewriting(worked: Store) -> None:
    """Who can rewrite all can make a chain that holds; the printed head does not fit it."""
    anchor = worked.audit_head()
    rows = list(worked.db.table("audit").rows)
    worked.db.execute("DELETE FROM audit")
    for row in rows:
        row_digest = row["digest"]
        if row["event"] == "view":
            row["actor"] = "somebody"
        audit.append(worked.db, row["at"], row["actor"], row["event"], row["subject"], row_digest)
    assert worked.verify_chain() is None
    assert worked.audit_head() != anchor
    assert worked.audit_head()[0] == anchor[0]


def test_an_empty_column_added_later_changes_no_digest() -> None:
    assert audit.digest({"a": 1, "b": "ä"}) == audit.digest({"b": "ä", "a": 1, "new": None})
    assert audit.digest({"a": 1}) != audit.digest({"a": "1"})
