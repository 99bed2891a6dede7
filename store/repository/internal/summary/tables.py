"""The summary tables: rows are put in the place of those that stand, and only where they differ."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from store.database.engine import Database
from store.database.tables.v9_facts import LINES

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_PLACES = 48
"""Bits of the random number under which a row stands."""
_MOST = (1 << LINES) - 1


def new_place() -> int:
    """Return a random place, of which nothing else can be told."""
    return secrets.randbits(_PLACES)


def find_place(db: Database, table: str, key: str, id_: str) -> int | None:
    """Return where the row of a record stands, None if there is none."""
    found = db.execute(f"SELECT place FROM {table} WHERE {key} = ?", (id_,)).fetchone()
    return int(found[0]) if found else None


def put_head(
    db: Database, table: str, keys: dict[str, Any], row: DataclassInstance, place: int | None
) -> int:
    """Keep the row of a record, where it stands or at a new place; return the place."""
    columns = {**keys, **_plain(row)}
    if place is None:
        place = new_place()
        _insert(db, table, [{"place": place, **columns}])
        return place
    names = ", ".join(f'"{name}"' for name in columns)
    standing = db.execute(f"SELECT {names} FROM {table} WHERE place = ?", (place,)).fetchone()
    if tuple(standing) != tuple(columns.values()):
        marks = ", ".join(f'"{name}" = ?' for name in columns)
        sql = f"UPDATE {table} SET {marks} WHERE place = ?"
        db.execute(sql, (*columns.values(), place))
    return place


def put_lines(db: Database, table: str, place: int, rows: Sequence[DataclassInstance]) -> None:
    """Keep the lines of a record in the place of those that stand.

    Raises:
        ValueError: If there are more than one record can have.
    """
    fresh = [values(row) for row in rows]
    if fresh == read_lines(db, table, place):
        return
    delete_lines(db, table, place)
    if len(rows) > _MOST:
        raise ValueError(f"{len(rows)} lines of {table} are more than one record can have")
    first = place << LINES
    _insert(db, table, [{"id": first + n, **_plain(row)} for n, row in enumerate(rows)])


def read_head(
    db: Database, table: str, kind: type[DataclassInstance], place: int
) -> tuple[Any, ...]:
    """Return the row of a record without its keys."""
    names = ", ".join(f'"{name}"' for name in fields_of(kind))
    return tuple(db.execute(f"SELECT {names} FROM {table} WHERE place = ?", (place,)).fetchone())


def read_lines(db: Database, table: str, place: int) -> list[tuple[Any, ...]]:
    """Return the lines of a record without their numbers, in their order."""
    found = db.execute(f"SELECT * FROM {table} WHERE {_OF} ORDER BY id", _bounds(place))
    return [tuple(row[1:]) for row in found.fetchall()]


def delete_lines(db: Database, table: str, place: int) -> None:
    """Delete the lines of a record."""
    db.execute(f"DELETE FROM {table} WHERE {_OF}", _bounds(place))


def clear_lines(db: Database, table: str, place: int, columns: Iterable[str]) -> None:
    """Take what some columns tell out of the lines of a record."""
    marks = ", ".join(f'"{column}" = NULL' for column in columns)
    db.execute(f"UPDATE {table} SET {marks} WHERE {_OF}", _bounds(place))


def move_lines(db: Database, table: str, place: int, to: int) -> None:
    """Put the lines of a record at another place."""
    sql = f"UPDATE {table} SET id = ? + (id & {_MOST}) WHERE {_OF}"
    db.execute(sql, (to << LINES, *_bounds(place)))


_OF = "id BETWEEN ? AND ?"


def _bounds(place: int) -> tuple[int, int]:
    return place << LINES, (place << LINES) + _MOST


def values(row: DataclassInstance) -> tuple[Any, ...]:
    """Return what a row holds, in the order of its columns."""
    return tuple(_plain(row).values())


def _plain(row: DataclassInstance) -> dict[str, Any]:
    return {name: getattr(row, name) for name in fields_of(type(row))}


@cache
def fields_of(kind: type[DataclassInstance]) -> tuple[str, ...]:
    """Return the names of the fields of a row, which are the columns of its table."""
    return tuple(field.name for field in dataclasses.fields(kind))


def _insert(db: Database, table: str, rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" * len(row))
        db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))
