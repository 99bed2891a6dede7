"""What the tables hold that reports count, as tests compare it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from store.database import transactions
from store.database.tables import v9_facts
from store.repository.internal.summary import keeping
from store.repository.store import Store

HEAD_OF = {
    **{head: (head, key) for head, key in v9_facts.HEADS.items()},
    **dict.fromkeys(v9_facts.OF_EPISODES, ("summary_episodes", "episode_id")),
    **dict.fromkeys(v9_facts.OF_ASSESSMENTS, ("summary_assessments", "assessment_id")),
}
"""Of each table the one that has a row for each record, and its key."""
PLACES = {
    table: f"SELECT {'place' if table in v9_facts.HEADS else 'id'} FROM {table}"
    for table in v9_facts.NAMES
}


def cut_rows(store: Store, table: str) -> list[dict[str, Any]]:
    """The rows of what was deleted."""
    head, key = HEAD_OF[table]
    place = "place" if table == head else f"id >> {v9_facts.LINES}"
    where = f"{place} IN (SELECT place FROM {head} WHERE {key} ISNULL)"
    return [dict(row) for row in store.db.query(f"SELECT * FROM {table} WHERE {where}")]


def summaries(store: Store, *, cut: bool = False) -> dict[str, list[dict[str, Any]]]:
    """What reports count, without places and keys; of all, or of what was deleted alone."""
    hidden = {"id", "episode", *v9_facts.HEADS.values()}
    told: dict[str, list[dict[str, Any]]] = {}
    for table in v9_facts.NAMES:
        names = hidden | ({"place"} if table in v9_facts.HEADS else set())
        rows = cut_rows(store, table) if cut else store.db.table(table).rows
        plain = [{name: row[name] for name in row if name not in names} for row in rows]
        told[table] = sorted(plain, key=str)
    return told


def keyed(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """What reports count of all that is in the store, by its record and in its order."""
    told: dict[str, list[tuple[Any, ...]]] = {}
    for table, (head, key) in HEAD_OF.items():
        place = "t.place" if table == head else f"t.id >> {v9_facts.LINES}"
        hidden = {"place", "id", "episode"} if table == head else {"id"}
        names = [column.name for column in store.db.table(table).columns]
        columns = ", ".join(f't."{name}"' for name in names if name not in hidden)
        sql = f"""
            SELECT h.{key}, {columns} FROM {table} t CROSS JOIN {head} h ON h.place = {place}
            WHERE h.{key} NOTNULL ORDER BY h.{key}, t.rowid"""
        told[table] = [tuple(row) for row in store.db.execute(sql)]
    sql = """
        SELECT a.assessment_id, e.episode_id FROM summary_assessments a
            LEFT JOIN summary_episodes e ON e.place = a.episode
        WHERE a.assessment_id NOTNULL ORDER BY 1"""
    told["belongs"] = [tuple(row) for row in store.db.execute(sql)]
    return told


def from_nothing(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """The same, made anew where no row stands; what stood is put back."""

    kept: dict[str, list[tuple[Any, ...]]] = {}
    with suppress(_TakenBack), transactions.writing(store.db):
        for table, (head, key) in reversed(HEAD_OF.items()):
            place = "place" if table == head else f"id >> {v9_facts.LINES}"
            of = f"{place} IN (SELECT place FROM {head} WHERE {key} NOTNULL)"
            if table == "summary_episodes":
                store.db.execute(f"UPDATE summary_assessments SET episode = NULL WHERE {KEYED}")
            store.db.execute(f"DELETE FROM {table} WHERE {of}")
        keeping.keep_all(store)
        kept |= keyed(store)
        raise _TakenBack
    return kept


class _TakenBack(Exception):
    """Nothing of what was tried stays."""


KEYED = "assessment_id NOTNULL"
