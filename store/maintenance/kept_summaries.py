"""The rows of reports that a purge had kept: a salvage carries over what nothing can make anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from store.database.tables import v9_facts
from store.repository.store import Store

Rows = Callable[[str], Iterable[tuple[int, Mapping[str, Any]]]]
"""Reads the rows of a table of the damaged store that can be read, each with its number."""


def carry_over(store: Store, known: Collection[str], rows: Rows) -> None:
    """Carry over the rows without a key; `known` are the tables of the damaged store."""
    for head, key in v9_facts.HEADS.items():
        kept = [dict(row) for _, row in rows(head)] if head in known else []
        places = {row["place"] for row in kept if row[key] is None}
        for row in kept:
            if row["place"] in places:
                _insert(store, head, _without_lost(store, row))
        for table in v9_facts.LINES_OF[head]:
            for _, line in rows(table) if table in known else ():
                if line["id"] >> v9_facts.LINES in places:
                    _insert(store, table, line)
    for carry in v9_facts.CARRIED:
        store.db.execute(carry)


def _without_lost(store: Store, row: dict[str, Any]) -> dict[str, Any]:
    """Return the row of an assessment without an episode whose row is lost."""
    if row.get("episode") is not None:
        there = "SELECT 1 FROM summary_episodes WHERE place = ?"
        if store.row(there, row["episode"]) is None:
            row["episode"] = None
    return row


def _insert(store: Store, table: str, row: Mapping[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    sql = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"
    store.db.execute(sql, tuple(row.values()))
