"""What columns of many tables have in common."""

from __future__ import annotations

_AT = "TEXT NOT NULL CHECK ({0} GLOB '????-??-??T??:??:??.???Z')"


def at(column: str) -> str:
    """Return the column of an instant: UTC, milliseconds."""
    return f"{column} {_AT.format(column)}"
