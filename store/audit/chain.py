"""The audit chain: every event carries the hash of the one before, so a gap or a change shows.

`seals` signs it now and then, and an anchor is a head that was written down outside the store.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from sqlite_utils import Database

from store.audit import seals
from store.audit.origin import NOWHERE, Origin
from store.database import engine, migrations
from store.errors import N_

START = "0" * 64
"""What stands in the first row for the hash of the one before."""

SITE_DIGITS = 8
"""Hexadecimal digits that name a site."""

NOTHING = hashlib.sha256(b"").hexdigest()
"""Digest of an event that wrote no row, such as a view."""

WRITTEN: Mapping[str, tuple[str, str]] = {
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
    "unit": ("worker_units", "id"),
    "person": ("account_changes", "id"),
    "move": ("client_units", "id"),
    "sealkey": ("seal_keys", "public_key"),
    "taking": ("taken", "id"),
    "purge": ("purges", "id"),
    "correction": ("client_corrections", "id"),
    "joining": ("client_joins", "id"),
    "belonging": ("assessment_moves", "id"),
    "plan": ("safety_plans", "id"),
    "point": ("plan_points", "id"),
}
"""The first word of an event: the table it wrote to, and the column that `subject` stands in."""

ACCEPTED = "history.accepted"
"""The event by which somebody restored a backup although its history does not hold."""

FaultKind = Literal[
    "gap",
    "hash",
    "link",
    "changed",
    "missing",
    "untold",
    "setting",
    "seal",
    "unsealed",
    "anchor",
    "key",
    "cut",
    "schema",
]

FAULTS: Mapping[FaultKind, str] = {
    "gap": N_("Event {seq} does not stand in its place: one was taken out or moved."),
    "hash": N_("Event {seq} was changed: its hash does not fit."),
    "link": N_("Event {seq} does not follow from the one before it."),
    "changed": N_("What event {seq} recorded was changed later, past the program (in {about})."),
    "missing": N_("What event {seq} recorded is gone (from {about})."),
    "untold": N_("A record stands in {about} that no event tells of."),
    "setting": N_("The setting {about} is not as it was last set."),
    "seal": N_("Event {seq} does not fit its seal: it, or one before it, was rewritten."),
    "unsealed": N_("By event {seq} there should be a seal, and there is none."),
    "anchor": N_("Event {seq} is not the one that was written down: this log was rewritten."),
    "key": N_("The key of the seals is not the one that was written down."),
    "cut": N_("Events are missing from number {seq} on: a seal or the anchor knows of later ones."),
    "schema": N_("The database is not built as Porras builds it: {about} differs."),
}
"""What can be wrong with the log, as message ids."""


class Fault(NamedTuple):
    """The first thing that is wrong with the log.

    `seq` is the number of the first event that does not hold; what no event tells of counts as one
    past the newest. `about` names a table, a setting, or what guards the tables.
    """

    seq: int
    kind: FaultKind
    about: str = ""

    @property
    def sentence(self) -> str:
        """The message id that says it, to be filled in with `seq` and `about`."""
        return FAULTS[self.kind]


class Anchor(NamedTuple):
    """An event as it was written down outside the store: its number, and how its hash begins.

    Where they were written down too, `key` is the fingerprint of the key of the seals, and `site`
    is how the hash of the first event begins.
    """

    seq: int
    hash: str
    key: str | None = None
    site: str | None = None


def digest(row: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a row as canonical JSON.

    Empty columns do not count, so new ones may be added.
    """
    filled = {key: value for key, value in row.items() if value is not None}
    text = json.dumps(filled, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of_named(named: Iterable[tuple[str, str, str]]) -> str:
    """Return SHA-256 over what a purge names, each as word, subject and digest, in that order."""
    lines = (f"{' '.join(each)}\n" for each in sorted(named))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def append(
    db: engine.Database,
    at: str,
    actor: str,
    event: str,
    subject: str,
    written: str,
    origin: Origin = NOWHERE,
) -> int:
    """Add an event to the chain and return its number.

    Only within a transaction that holds the write lock. What is not known of `origin` is left out.
    """
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
    row |= {name: value for name, value in origin._asdict().items() if value is not None}
    told = digest(row)
    db.add_row("audit", {**row, "hash": told})
    db.newest = seq + 1, told
    return seq + 1


def head(db: Database) -> tuple[int, str]:
    """Return number and hash of the newest event, to be kept outside the store as its anchor."""
    row = db.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    return (row[0], row[1]) if row else (0, START)


def site(db: Database) -> str:
    """Return what names a store: the beginning of the hash of its first event."""
    row = db.execute("SELECT hash FROM audit ORDER BY seq LIMIT 1").fetchone()
    return str(row[0])[:SITE_DIGITS] if row else ""


def first_bad(db: Database) -> int | None:
    """Return the number of the first event that does not hold, or None if the whole chain does."""
    fault = first_fault(db)
    return fault.seq if fault else None


def first_fault(db: Database, anchor: Anchor | None = None) -> Fault | None:
    """Return the first thing that is wrong with the log, or None if nothing is.

    An event holds if it stands in its place, its hash fits, the row it wrote is as it was, and it
    is the one that was sealed or written down. At the end every row has to be told of, every
    setting has to be as it was last set, and no seal may be due. Events are read one by one, so a
    long log needs no more memory than a short one.

    What this cannot see: events cut off the end since the last seal, unless their records are left
    or the anchor is newer; and a log that was rewritten with the store's own key, unless the anchor
    lies in the part that was rewritten.
    """
    return next(_faults(db, anchor), None)


def first_of_all(db: Database, anchor: Anchor | None = None) -> Fault | None:
    """Return the first fault of the log; if it holds, of how the database is built.

    A trigger that is gone guards nothing any more, and a view that was changed tells another story.
    """
    if fault := first_fault(db, anchor):
        return fault
    about = migrations.changed(db)
    return Fault(head(db)[0] + 1, "schema", about) if about else None


def _faults(db: Database, anchor: Anchor | None) -> Iterator[Fault]:
    records, sealed = Records(db), _Sealed(db)
    seq, prev = 0, START
    for row in engine.rows(db, "SELECT * FROM audit ORDER BY seq"):
        seq += 1
        if kind := broken(row, seq, prev):
            yield Fault(seq, kind)
        yield from records.check(row)
        yield from sealed.check(row)
        if anchor and not _fits(row, anchor):
            yield Fault(seq, "anchor")
        prev = row["hash"]
    if anchor and anchor.seq > seq:
        yield Fault(seq + 1, "cut")
    if anchor and anchor.key and anchor.key != sealed.fingerprint:
        yield Fault(seq + 1, "key")
    yield from sealed.rest(seq)
    yield from records.rest(seq + 1)


def broken(row: Mapping[str, Any], seq: int, prev: str) -> FaultKind | None:
    """Return what is wrong with a row of the chain itself."""
    if row["seq"] != seq:
        return "gap"
    if digest({key: value for key, value in row.items() if key != "hash"}) != row["hash"]:
        return "hash"
    return "link" if row["prev"] != prev else None


def _fits(row: Mapping[str, Any], anchor: Anchor) -> bool:
    """Return whether an event is the one that was written down, if it should be."""
    if row["seq"] == 1 and anchor.site and not row["hash"].startswith(anchor.site):
        return False
    return row["seq"] != anchor.seq or str(row["hash"]).startswith(anchor.hash)


class Records:
    """Compares what the events wrote with what stands there now."""

    def __init__(self, db: Database) -> None:
        self._db = db
        # A file of an older version, such as a backup, has fewer tables.
        self._tables = set(db.table_names())
        self._told = dict.fromkeys(WRITTEN, 0)
        self._settings: dict[str, tuple[int, str]] = {}
        """The newest event that set it, and its digest."""
        self._purged = 0

    def check(self, row: Mapping[str, Any]) -> Iterator[Fault]:
        """Compare the record of one event."""
        word, subject = row["event"].partition(".")[0], row["subject"]
        if word == "setting":
            newest = row["seq"], row["digest"]
            self._settings[subject] = max(self._settings.get(subject, newest), newest)
        if word not in WRITTEN:
            return
        self._told[word] += 1
        table, column = WRITTEN[word]
        sql = f"SELECT * FROM {table} WHERE {column} = ?"
        there = engine.rows(self._db, sql, (subject,)) if table in self._tables else iter(())
        found = next(there, None)
        if found is None and self._was_purged(word, subject, row["digest"]):
            self._told[word] -= 1
        elif found is None:
            yield Fault(row["seq"], "missing", table)
        elif digest(found) != row["digest"]:
            yield Fault(row["seq"], "changed", table)
        elif word == "purge" and self._named_by(subject) != found["digest"]:
            yield Fault(row["seq"], "changed", "purged")

    def _was_purged(self, word: str, subject: str, written: str) -> bool:
        """Return whether a purge names just this record; its own event tells of that."""
        if "purged" not in self._tables:
            return False
        sql = "SELECT 1 FROM purged WHERE word = ? AND subject = ? AND digest = ?"
        return self._db.execute(sql, (word, subject, written)).fetchone() is not None

    def _named_by(self, purge: str) -> str:
        """Return the digest of all that a purge names."""
        sql = "SELECT word, subject, digest FROM purged WHERE purge_id = ? ORDER BY 1, 2"
        named = self._db.execute(sql, (purge,)).fetchall()
        self._purged += len(named)
        return digest_of_named(named)

    def rest(self, seq: int) -> Iterator[Fault]:
        """Look for records without an event."""
        for word, count in self._told.items():
            table = WRITTEN[word][0]
            if table in self._tables and self._db.table(table).count != count:
                yield Fault(seq, "untold", table)
        if "purged" in self._tables and self._db.table("purged").count != self._purged:
            yield Fault(seq, "untold", "purged")
        now = {row["key"]: digest(row) for row in engine.rows(self._db, "SELECT * FROM settings")}
        for key in sorted(now.keys() | self._settings):
            if now.get(key) != self._settings.get(key, (0, None))[1]:
                yield Fault(seq, "setting", key)


class _Sealed:
    """Compares the events with their seals, which are read beside them in the same order."""

    def __init__(self, db: Database) -> None:
        ready = seals.ready(db)
        self._key = seals.public_key(db) if ready else None
        self._seals = engine.rows(db, "SELECT * FROM seals ORDER BY seq") if ready else iter(())
        self._next = next(self._seals, None)
        self._since: int | None = None
        """The last event that was sealed, or that made the key."""

    @property
    def fingerprint(self) -> str | None:
        """That of the key."""
        return seals.fingerprint(self._key) if self._key else None

    def check(self, row: Mapping[str, Any]) -> Iterator[Fault]:
        """Compare one event with its seal, if it has one."""
        if row["event"] == "sealkey.made":
            self._since = row["seq"]
        seal = self._next
        if seal is None or seal["seq"] != row["seq"]:
            return
        if seal["hash"] != row["hash"] or not seals.genuine(seal, self._key):
            yield Fault(row["seq"], "seal")
        self._since, self._next = row["seq"], next(self._seals, None)

    def rest(self, newest: int) -> Iterator[Fault]:
        """Look for seals of events that are gone, and for one that should be there."""
        if self._next is not None:
            yield Fault(newest + 1, "cut")
        if self._since is not None and newest - self._since >= seals.EVERY:
            yield Fault(self._since + seals.EVERY, "unsealed")
