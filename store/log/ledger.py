"""Who works here and what they may do, as the chain of events proves it.

An old page that a disk or a hand has brought back carries the right code of its time: the engine
takes it for true, and with it the roles of last week. The chain does not: its events are numbered
without a gap, each tells the digest of the row that it wrote, and so nobody's roles are believed
but those that events and rows tell alike. The order is that of the events, which no page of an
index can change.

At opening the whole chain is read once, in the order of its own table. That the events stand
together, `audit.first_fault` and the rolling check prove; here they are counted. Later only what
has come since is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from store import engine
from store.errors import StaleStore
from store.log import audit
from store.roles import FOUNDER, NEWCOMER, Standing, named

_WORDS = ("worker", "unit", "person", "sealkey")
_ABOUT = " OR ".join(f"event GLOB '{word}.*'" for word in _WORDS)
# What is counted and what is read must be one walk through the table itself, past every index.
_ALL = f"""
    SELECT count(*) AS events, coalesce(min(seq), 1) AS first, coalesce(max(seq), 0) AS last,
        json_group_array(json_array(seq, event, subject, digest)) FILTER (WHERE {_ABOUT}) AS told
    FROM audit NOT INDEXED"""
_SINCE = "SELECT seq, hash, event, subject, digest FROM audit WHERE seq >= ? ORDER BY seq"


class Worker(NamedTuple):
    """Somebody who works here."""

    id: str
    handle: str
    created_at: str


class Ledger:
    """The people of one open store, kept up with its chain."""

    def __init__(self) -> None:
        self._seq, self._hash = 0, audit.START
        self.workers: dict[str, Worker] = {}
        """By staff code, in the order in which they were added."""
        self._roles: dict[str, str] = {}
        self._states: dict[str, str] = {}
        self.units: dict[str, str] = {}
        """Where each worker works, by id."""

    def copy(self) -> Ledger:
        """The same, for a transaction that may be taken back."""
        other = Ledger()
        other._seq, other._hash = self._seq, self._hash
        for name in ("workers", "_roles", "_states", "units"):
            setattr(other, name, dict(getattr(self, name)))
        return other

    def follow(self, db: engine.Database) -> None:
        """Take in what has come since, within a transaction; at first, everything.

        Raises StaleStore if events are missing, or if one and its row do not tell the same.
        """
        if not self._seq:
            self._read_all(db)
            return
        events = iter(db.execute(_SINCE, (self._seq,)).fetchall())
        if next(events, (0, ""))[:2] != (self._seq, self._hash):
            raise StaleStore(path=str(db.path), about="audit")
        for seq, hash_, event, subject, digest in events:
            if seq != self._seq + 1:
                raise StaleStore(path=str(db.path), about="audit")
            if event.partition(".")[0] in _WORDS:
                self._take(db, event, subject, digest, None)
            self._seq, self._hash = seq, hash_

    def standing(self, worker: str) -> Standing:
        """The roles and the unit of a worker, by id, as they stand now."""
        founder = next(iter(self.workers.values()), None)
        given = self._roles.get(worker)
        at_first = FOUNDER if founder and founder.id == worker else NEWCOMER
        roles = named(given) if given else at_first
        disabled = self._states.get(worker) == "disabled"
        return Standing(roles, self.units.get(worker), disabled=disabled)

    def _read_all(self, db: engine.Database) -> None:
        import json

        events, first, last, told = db.execute(_ALL).fetchone()
        if (events, first) != (last, 1):
            raise StaleStore(path=str(db.path), about="audit")
        rows = {word: _rows_of(db, word) for word in _WORDS}
        for _, event, subject, digest in sorted(json.loads(told)):
            self._take(db, event, subject, digest, rows)
        for word, left in rows.items():
            if left:  # a row that no event tells of
                raise StaleStore(path=str(db.path), about=audit.WRITTEN[word][0])
        if last:
            sql = "SELECT hash FROM audit WHERE seq = ?"
            self._seq, self._hash = last, db.execute(sql, (last,)).fetchone()[0]

    def _take(
        self,
        db: engine.Database,
        event: str,
        subject: str,
        digest: str,
        rows: dict[str, dict[str, dict[str, Any]]] | None,
    ) -> None:
        word = event.partition(".")[0]
        row = (_row_of(db, word, subject) if rows is None else rows[word].pop(subject, None)) or {}
        if audit.digest(row) != digest:
            raise StaleStore(path=str(db.path), about=audit.WRITTEN[word][0])
        if word == "worker":
            self.workers[row["handle"]] = Worker(row["id"], row["handle"], row["created_at"])
        elif word == "unit":
            self.units.pop(row["worker"], None)
            self.units[row["worker"]] = row["unit"]
        elif word == "person" and row["kind"] == "roles":
            self._roles[row["worker"]] = row["value"]
        elif word == "person" and row["kind"] in {"disabled", "enabled"}:
            self._states[row["worker"]] = row["kind"]


def _rows_of(db: engine.Database, word: str) -> dict[str, dict[str, Any]]:
    """Every row of the table that events of a kind tell of, read from the table itself."""
    table, column = audit.WRITTEN[word]
    return {row[column]: row for row in _read(db, f"SELECT * FROM {table} NOT INDEXED")}


def _row_of(db: engine.Database, word: str, subject: str) -> dict[str, Any] | None:
    table, column = audit.WRITTEN[word]
    return next(_read(db, f"SELECT * FROM {table} WHERE {column} = ?", subject), None)


def _read(db: engine.Database, sql: str, *values: str) -> Iterator[dict[str, Any]]:
    cursor = db.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
