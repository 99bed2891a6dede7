"""Who works here and what they may do, as the chain of events proves it.

An old page that a disk or a hand has brought back carries the right code of its time: the engine
takes it for true, and with it the roles of last week. The chain does not: its events are numbered
without a gap, each tells the digest of the row that it wrote, and so nobody's roles are believed
but those that events and rows tell alike. The order is that of the events, which no page of an
index can change.

That the events hold, `chain.first_fault` and the rolling check prove; here they are
counted, and each has to name the hash of the one before, so that no page of a branch that was given
up passes for one of this history.

At opening the chain is read in the order of its own table: whole, or from where the events
about people were kept last. What was kept is an extract of the chain up to an event, and the next
event tells its digest. It counts only if these two stand where they did and every event after them
follows from the one before, up to the newest. So an older extract means no more than reading more,
and none means reading all. The rows have to fit the events either way, all of them at each opening.
Later only what has come since is read.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from store.audit import chain
from store.database import engine
from store.errors import StaleStore
from store.permissions import (
    FOUNDER,
    NEWCOMER,
    PERMISSIONS,
    Permission,
    WorkerAccess,
    parse_roles,
    refusal,
)

SETTING = "people.told"
"""The setting that keeps the events about people up to one of the chain, by its number and hash."""

EVERY = 5_000
"""Events that may have come since before the extract is made anew; they take some 10 ms to read."""

_WORDS = ("worker", "unit", "person", "sealkey")
_ABOUT = " OR ".join(f"event GLOB '{word}.*'" for word in _WORDS)
# What is counted and what is read must be one walk through the table itself, past every index.
_WALK = f"""
    SELECT count(*), coalesce(max(seq), :after),
        coalesce(max(seq) FILTER (WHERE prev IS NOT before), 0),
        coalesce(max(seq) FILTER (WHERE event = '{chain.ACCEPTED}'), 0),
        json_group_array(json_array(seq, event, subject, digest)) FILTER (WHERE {_ABOUT})
    FROM (SELECT *, lag(hash, 1, :hash) OVER (ORDER BY seq) AS before
        FROM audit NOT INDEXED WHERE seq > :after)"""
_SINCE = "SELECT seq, hash, event, subject, digest FROM audit WHERE seq >= ? ORDER BY seq"


_KEPT = re.compile(r"([1-9][0-9]{0,17}) ([0-9a-f]{64}) (.*)", re.DOTALL)

Told = tuple[str, str, str]
"""An event about people: the first word of its name, its subject, and the digest of its row."""


class _Kept(NamedTuple):
    """The events about people up to one of the chain, with its number and hash."""

    seq: int
    hash: str
    told: list[Told]


class _Read(NamedTuple):
    """What reading the events found; numbers are 0 where there is no such event."""

    last: int
    torn: int
    """The last one that does not follow from the one before."""
    accepted: int
    """The last one by which somebody has accepted a history that does not hold."""
    told: list[tuple[int, Told]]


_NOTHING = _Kept(0, chain.START, [])


class Worker(NamedTuple):
    """Somebody who works here."""

    id: str
    handle: str
    created_at: str


class Ledger:
    """The people of one open store, kept up with its chain."""

    def __init__(self) -> None:
        self._seq, self._hash = 0, chain.START
        self._kept = 0
        self._told: list[Told] = []
        self.workers: dict[str, Worker] = {}
        """By staff code, in the order in which they were added."""
        self._roles: dict[str, str] = {}
        self._states: dict[str, str] = {}
        self.units: dict[str, str] = {}
        """Where each worker works, by id."""

    def copy(self) -> Ledger:
        """Return the same, for a transaction that may be taken back."""
        other = Ledger()
        other._seq, other._hash, other._kept = self._seq, self._hash, self._kept
        other._told = [*self._told]
        for name in ("workers", "_roles", "_states", "units"):
            setattr(other, name, dict(getattr(self, name)))
        return other

    def follow(self, db: engine.Database, *, whole: bool = False, torn: bool = False) -> None:
        """Take in what has come since, within a transaction; at first, everything.

        With `whole`, what was kept is compared and not believed. With `torn`, events need not
        follow from each other.

        Raises:
            StaleStore: If events are missing, if one does not follow from the one before and nobody
                has accepted it, or if one and its row do not tell the same.
        """
        if not self._seq:
            self._begin(db, whole=whole, torn=torn)
            return
        events = iter(db.execute(_SINCE, (self._seq,)).fetchall())
        if next(events, (0, ""))[:2] != (self._seq, self._hash):
            raise StaleStore(path=str(db.path), about="audit")
        for seq, hash_, event, subject, digest in events:
            if seq != self._seq + 1:
                raise StaleStore(path=str(db.path), about="audit")
            if (word := event.partition(".")[0]) in _WORDS:
                self._take(db, (word, subject, digest), _row_of(db, word, subject))
            self._seq, self._hash = seq, hash_

    def access_of(self, worker: str) -> WorkerAccess:
        """Return the roles and the unit of a worker, by id, as they stand now."""
        founder = next(iter(self.workers.values()), None)
        given = self._roles.get(worker)
        at_first = FOUNDER if founder and founder.id == worker else NEWCOMER
        roles = parse_roles(given) if given else at_first
        disabled = self._states.get(worker) == "disabled"
        return WorkerAccess(roles, self.units.get(worker), disabled=disabled)

    def make_setting(self) -> dict[str, str] | None:
        """Return the row of the setting that keeps what was read, once that took long; None before.

        The next event of the chain has to be the one that tells of it.
        """
        if self._seq - self._kept <= EVERY:
            return None

        text = json.dumps(self._told, separators=(",", ":"))
        return {"key": SETTING, "value": f"{self._seq} {self._hash} {text}"}

    def need(self, handle: str, permission: Permission) -> None:
        """Refuse a staff code that has not a permission.

        Raises:
            NotAllowed: If it has not.
        """
        worker = self.workers.get(handle)
        found = self.access_of(worker.id) if worker else None
        if found is None or not found.may(permission):
            raise refusal(permission, found.roles if found and not found.disabled else frozenset())

    def of(self, handle: str) -> WorkerAccess | None:
        """Return the roles and the unit of a staff code; None if nobody has it."""
        worker = self.workers.get(handle)
        return self.access_of(worker.id) if worker else None

    def rights(self) -> dict[str, frozenset[Permission]]:
        """Return what each staff code may do."""
        found = {handle: self.access_of(worker.id) for handle, worker in self.workers.items()}
        return {
            handle: frozenset(each for each in PERMISSIONS if there.may(each))
            for handle, there in found.items()
        }

    def _begin(self, db: engine.Database, *, whole: bool, torn: bool) -> None:
        kept = _kept(db)
        read = None if whole or kept is None else _walk(db, kept)
        if kept is None or read is None or read.torn:
            read, kept = _everything(db, kept, torn=torn), _NOTHING
        last, told = read.last, read.told
        rows = {word: _rows_of(db, word) for word in _WORDS}
        for each in (*kept.told, *(each for _, each in told)):
            word, subject, _ = each
            self._take(db, each, rows[word].pop(subject, None))
        for word, left in rows.items():
            if left:  # a row that no event tells of
                raise StaleStore(path=str(db.path), about=chain.WRITTEN[word][0])
        self._kept = kept.seq
        if last:
            sql = "SELECT hash FROM audit WHERE seq = ?"
            self._seq, self._hash = last, db.execute(sql, (last,)).fetchone()[0]

    def _take(self, db: engine.Database, told: Told, found: dict[str, Any] | None) -> None:
        word, _, digest = told
        row = found or {}
        if chain.digest(row) != digest:
            raise StaleStore(path=str(db.path), about=chain.WRITTEN[word][0])
        self._told.append(told)
        if word == "worker":
            self.workers[row["handle"]] = Worker(row["id"], row["handle"], row["created_at"])
        elif word == "unit":
            self.units.pop(row["worker"], None)
            self.units[row["worker"]] = row["unit"]
        elif word == "person" and row["kind"] == "roles":
            self._roles[row["worker"]] = row["value"]
        elif word == "person" and row["kind"] in {"disabled", "enabled"}:
            self._states[row["worker"]] = row["kind"]


def need_in(
    db: engine.Database, handle: str, permission: Permission, *, torn: bool = False
) -> None:
    """Raise NotAllowed if a staff code has not a permission in a file in which nobody signs in.

    Within a transaction. Files of versions without roles tell nothing and refuse nobody. Raises
    StaleStore if the file cannot be trusted to tell roles; `torn` as for `Ledger.follow`.
    """
    if people := people_in(db, torn=torn):
        people.need(handle, permission)


def people_in(db: engine.Database, *, torn: bool = False) -> Ledger | None:
    """Return who works in a file in which nobody signs in; None where it tells no roles.

    Raises the StaleStore of `Ledger.follow`.
    """
    if "account_changes" not in db.table_names():
        return None
    people = Ledger()
    people.follow(db, torn=torn)
    return people


def _kept(db: engine.Database) -> _Kept | None:
    """Return what was kept last, if the event that tells of it stands where it should."""
    sql = "SELECT * FROM settings NOT INDEXED WHERE key = ?"
    row = next(engine.rows(db, sql, (SETTING,)), None)
    form = _KEPT.fullmatch(row["value"]) if row else None
    if row is None or form is None:
        return None
    seq, hash_ = int(form[1]), form[2]
    sql = "SELECT * FROM audit WHERE seq IN (?, ?) ORDER BY seq"
    newest, telling = (*engine.rows(db, sql, (seq, seq + 1)), {}, {})[:2]
    expected = {"event": "setting.changed", "subject": SETTING, "digest": chain.digest(row)}
    if (
        (newest.get("seq"), newest.get("hash")) != (seq, hash_)
        or not expected.items() <= telling.items()
        or chain.broken(telling, seq + 1, hash_)
    ):
        return None
    return _Kept(seq, hash_, [(*each,) for each in json.loads(form[3])])


def _everything(db: engine.Database, kept: _Kept | None, *, torn: bool) -> _Read:
    """Return all events about people.

    Raises StaleStore if any event is missing, or something else was kept.
    """
    read = _walk(db, _NOTHING)
    if read is None or (read.torn > read.accepted and not torn):
        raise StaleStore(path=str(db.path), about="audit")
    if kept and [each for seq, each in read.told if seq <= kept.seq] != kept.told:
        raise StaleStore(path=str(db.path), about="settings")
    return read


def _walk(db: engine.Database, kept: _Kept) -> _Read | None:
    """Return what came after what was kept; None if events are missing there."""
    after = {"after": kept.seq, "hash": kept.hash}
    events, last, torn, accepted, found = db.execute(_WALK, after).fetchone()
    if last - kept.seq != events:
        return None
    told = [
        (seq, (event.partition(".")[0], subject, digest))
        for seq, event, subject, digest in sorted(json.loads(found))
    ]
    return _Read(last, torn, accepted, told)


def _rows_of(db: engine.Database, word: str) -> dict[str, dict[str, Any]]:
    """Return every row of the table that events of a kind tell of, read from the table itself."""
    table, column = chain.WRITTEN[word]
    return {row[column]: row for row in engine.rows(db, f"SELECT * FROM {table} NOT INDEXED")}


def _row_of(db: engine.Database, word: str, subject: str) -> dict[str, Any] | None:
    table, column = chain.WRITTEN[word]
    return next(engine.rows(db, f"SELECT * FROM {table} WHERE {column} = ?", (subject,)), None)
