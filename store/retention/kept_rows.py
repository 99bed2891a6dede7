"""What stays of records that are deleted: rows that name nobody, so that no report changes.

A row loses its key and moves to a random place; its neighbours tell nothing, and no event tells of
it: the log would say whose it is. A row of few in number may still point to somebody for who knows
more. So whoever reports from these rows leaves out small numbers, and a person who asks to be
erased takes along whatever describes a person: what stays then counts care that was given.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from store.database.engine import Database
from store.database.tables.v9_facts import HEADS, LINES_OF
from store.repository.internal import persons
from store.repository.internal.summary import tables
from store.session.session import Session

_DESCRIBES = {
    "summary_episodes": (
        *("ordinal", "age", "sex", "language", "municipality", "referrer", "reason", "segment"),
        *("override", "agreement", "satisfaction"),
    ),
    "summary_assessments": (
        *("age", "sex", "language", "municipality", "override", "urgency"),
        *("deciding", "rules", "offered", "skipped", "minutes"),
        *("auditc", "auditc_positive", "audit", "sick_leave_days"),
    ),
}
"""The columns that tell of a person rather than of the care that was given."""

_TELLS = ("summary_changes", "summary_tracks", "summary_stops")
"""The lines that tell how a person was, and what went on beside the steps of care."""


def keep_rows(
    session: Session, assessments: Collection[str], episodes: Collection[str], *, erased: bool
) -> None:
    """Cut the rows of these records from them, before they are deleted, within a transaction.

    Of somebody who asked to be `erased` nothing is kept that describes a person.
    """
    _count_gone(session, episodes)
    named = {"summary_episodes": episodes, "summary_assessments": assessments}
    for head, ids in named.items():
        for place in _places(session.db, head, ids):
            if erased:
                _blur(session.db, head, place)
            _cut(session.db, head, place)


def _places(db: Database, head: str, ids: Collection[str]) -> Sequence[int]:
    sql = f"SELECT place FROM {head} WHERE {HEADS[head]} IN (SELECT value FROM json_each(?))"
    return [place for (place,) in db.execute(sql, (json.dumps(list(ids)),)).fetchall()]


def _cut(db: Database, head: str, place: int) -> None:
    """Give a row and its lines another place, and take its key away."""
    to = tables.new_place()
    for lines in LINES_OF[head]:
        tables.move_lines(db, lines, place, to)
    db.execute(f"UPDATE {head} SET place = ? WHERE place = ?", (to, place))
    worker = ", worker = NULL" if head == "summary_episodes" else ""
    db.execute(f"UPDATE {head} SET {HEADS[head]} = NULL{worker} WHERE place = ?", (to,))


def _blur(db: Database, head: str, place: int) -> None:
    """Take out of a row and its lines what describes a person."""
    columns = ", ".join(f"{column} = NULL" for column in _DESCRIBES[head])
    db.execute(f"UPDATE {head} SET {columns} WHERE place = ?", (place,))
    for lines in LINES_OF[head]:
        if lines in _TELLS:
            tables.delete_lines(db, lines, place)
        elif lines == "summary_treatments":
            tables.clear_lines(db, lines, place, ("satisfaction", "alone"))


def _count_gone(session: Session, episodes: Collection[str]) -> None:
    """Remember of each client how many episodes are gone: a later one counts on from there."""
    for episode_id in episodes:
        row = session.row("SELECT client_id FROM episodes WHERE id = ?", episode_id)
        if row is not None:
            person = persons.same_person(session, row["client_id"])[0]
            sql = """
                INSERT INTO earlier_episodes (client_id, count) VALUES (?, 1)
                ON CONFLICT (client_id) DO UPDATE SET count = count + 1"""
            session.db.execute(sql, (person,))
