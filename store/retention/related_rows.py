"""Everything that hangs on a record: found by the foreign keys, so that no table is forgotten."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from sqlite_utils import Database

from store.database import engine


class Link(NamedTuple):
    """A foreign key: which columns of a table name a row of another."""

    table: str
    columns: tuple[str, ...]
    parent: str
    keys: tuple[str, ...]

    @property
    def join(self) -> str:
        """The condition under which a row `c` of the table belongs to a row `p` of the other."""
        pairs = zip(self.columns, self.keys, strict=True)
        return " AND ".join(f'c."{column}" = p."{key}"' for column, key in pairs)


def links(db: Database) -> list[Link]:
    """Return every foreign key of the store."""
    return [link for table in sorted(db.table_names()) for link in _links_of(db, table)]


def _links_of(db: Database, table: str) -> Iterator[Link]:
    keys: dict[int, tuple[str, list[str], list[str]]] = {}
    for id_, _, parent, column, key, *_ in db.execute(f'PRAGMA foreign_key_list("{table}")'):
        _, columns, targets = keys.setdefault(id_, (parent, [], []))
        columns.append(column)
        targets.append(key)
    for parent, columns, targets in keys.values():
        yield Link(table, tuple(columns), parent, tuple(targets))


def below(db: Database, roots: Mapping[str, Collection[str]]) -> dict[str, set[int]]:
    """Return the row numbers, by table, of some records and of all that belongs to them.

    `roots` are ids by table. What belongs to a record names it, or names what belongs to it.
    """
    every = links(db)
    found: dict[str, set[int]] = {}
    fresh = {table: _numbers(db, table, ids) for table, ids in roots.items()}
    while fresh:
        for table, numbers in fresh.items():
            found.setdefault(table, set()).update(numbers)
        beyond: dict[str, set[int]] = {}
        for link in every:
            if fresh.get(link.parent):
                new = _children(db, link, fresh[link.parent]) - found.get(link.table, set())
                beyond.setdefault(link.table, set()).update(new)
        fresh = {table: numbers for table, numbers in beyond.items() if numbers}
    return {table: numbers for table, numbers in found.items() if numbers}


def _numbers(db: Database, table: str, ids: Collection[str]) -> set[int]:
    sql = f"SELECT rowid FROM {table} WHERE id IN (SELECT value FROM json_each(?))"
    return {number for (number,) in db.execute(sql, (json.dumps(list(ids)),))}


def _children(db: Database, link: Link, parents: Collection[int]) -> set[int]:
    # The cross join keeps the known rows outermost, so that a big table is not read through.
    sql = f"""
        SELECT c.rowid FROM json_each(?) known
            CROSS JOIN {link.parent} p ON p.rowid = known.value
            CROSS JOIN {link.table} c ON {link.join}"""
    return {number for (number,) in db.execute(sql, (json.dumps(list(parents)),))}


def rows(db: Database, table: str, numbers: Collection[int]) -> list[dict[str, Any]]:
    """Return the rows of a table with these row numbers, in the order of their writing."""
    sql = f"""
        SELECT * FROM {table}
        WHERE rowid IN (SELECT value FROM json_each(?)) ORDER BY rowid"""
    return list(engine.rows(db, sql, (json.dumps(list(numbers)),)))
