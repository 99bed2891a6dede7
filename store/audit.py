"""The audit chain: every event carries the hash of the one before, so a gap or a change shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlite_utils import Database

START = "0" * 64
"""What stands in the first row for the hash of the one before."""

NOTHING = hashlib.sha256(b"").hexdigest()
"""Digest of an event that wrote no row, such as a view."""

# The first word of an event names the table it wrote to, and the column that `subject` stands in.
_WRITTEN = {
    "worker": ("workers", "id"),
    "client": ("clients", "id"),
    "pathway": ("pathways", "digest"),
    "assessment": ("assessments", "id"),
    "answer": ("answers", "id"),
    "note": ("notes", "id"),
    "safety": ("safety", "id"),
    "decision": ("decisions", "id"),
    "closing": ("closings", "assessment_id"),
    "episode": ("episodes", "id"),
    "event": ("episode_events", "id"),
    "attachment": ("episode_assessments", "assessment_id"),
}


def digest(row: Mapping[str, Any]) -> str:
    """SHA-256 of a row as canonical JSON; empty columns do not count, so new ones may be added."""
    filled = {key: value for key, value in row.items() if value is not None}
    text = json.dumps(filled, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def append(db: Database, at: str, actor: str, event: str, subject: str, written: str) -> None:
    """Add an event to the chain; only within a transaction that holds the write lock."""
    seq, prev = head(db)
    row = {
        "seq": seq + 1,
        "at": at,
        "actor": actor,
        "event": event,
        "subject": subject,
        "digest": written,
        "prev": prev,
    }
    db.table("audit").insert({**row, "hash": digest(row)})


def head(db: Database) -> tuple[int, str]:
    """Number and hash of the newest event, to be kept outside the store as its anchor."""
    row = db.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    return (row[0], row[1]) if row else (0, START)


def first_bad(db: Database) -> int | None:
    """The number of the first event that does not hold, or None if the whole chain does.

    An event holds if it stands in its place, its hash fits, and the row it wrote is as it was.
    A row that no event tells of counts as a fault one past the newest event.
    """
    seq, prev = 0, START
    known = dict.fromkeys(_WRITTEN, 0)
    for row in _rows(db, "SELECT * FROM audit ORDER BY seq"):
        seq += 1
        claimed = row.pop("hash")
        if row["seq"] != seq or row["prev"] != prev or digest(row) != claimed:
            return seq
        word = row["event"].partition(".")[0]
        if word in _WRITTEN:
            known[word] += 1
            if _digest_now(db, word, row["subject"]) != row["digest"]:
                return seq
        prev = claimed
    told = all(db.table(_WRITTEN[word][0]).count == count for word, count in known.items())
    return None if told else seq + 1


def _digest_now(db: Database, word: str, subject: str) -> str | None:
    table, column = _WRITTEN[word]
    sql = f"SELECT * FROM {table} WHERE {column} = ?"
    row = next(_rows(db, sql, (subject,)), None)
    return digest(row) if row else None


def _rows(db: Database, sql: str, values: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    cursor = db.execute(sql, values)
    columns = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(columns, row, strict=True))
