"""Salvage: what can still be read of a damaged store, in a new store that is whole.

The damaged files are copied and never opened themselves. The old log of events is kept as it was
read, but a chain with gaps would hide every later fault; so the new store has a chain of its own,
in which an event tells of each row that was salvaged. What can be read but has lost what it belongs
to cannot stand among the records; it is kept aside in `rescued_rows`, with the old log.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from store.audit import chain
from store.backup.manifest import copy_file
from store.database import connections, engine, engine_errors, head_record, migrations, transactions
from store.database.head_record import Head
from store.database.tables import v9_facts
from store.database.tables.v6_open_stops import HIGHEST_STEP, UNREAD
from store.errors import (
    AppendOnly,
    ClosedAssessment,
    FutureSchema,
    NothingSalvaged,
    StoreError,
    StoreExists,
    StoreFault,
)
from store.files import durable, removal
from store.maintenance import kept_summaries
from store.paths import StorePaths, find
from store.repository import worklist
from store.repository.store import Store
from store.times import Clock, utc_now

_KEPT_ASIDE = "rescued_rows"
_OLD_LOG = ("audit", "seals")
# Derived from the records, or no part of them.
_MADE_ANEW = {
    "drafts",
    "worklist",
    "open_stops",
    "risk_signs",
    *v9_facts.NAMES,
    "pathway_terms",
    "report_sums",
    "seal_keys",
    "_sqlite_migrations",
    _KEPT_ASIDE,
    *_OLD_LOG,
}
_WORKSHOP = re.compile(rf"\.rescue-{removal.RANDOM}")
_WORK = removal.Laid(
    re.compile(rf"(old|new)\.(db(-journal|-wal|-shm|\.\w+)?|keys)|{removal.UNFINISHED}")
)
"""What lies where a store is salvaged: copies of the damaged files, and the new ones."""
_CUT_SHORT_AFTER_S = 24 * 60 * 60
_FAR = 1 << 40
_BLIND = 2000
"""Rows that are tried one by one past the last that can be found by stepping over damage."""

_Row = dict[str, Any]


class Report(NamedTuple):
    """What was salvaged and what is missing, in numbers; nothing of a client."""

    rescued: dict[str, int]
    """Rows of each table that stand in the new store."""
    aside: dict[str, int]
    """Rows that could be read but have lost what they belong to, by table."""
    lost: dict[str, int]
    """Rows that the old log tells of and that could not be read, by table."""
    unconfirmed: dict[str, int]
    """Salvaged rows that no readable event tells of as they are, by table."""
    events: int
    """Events of the old log that could be read."""
    missing_events: tuple[tuple[int, int], ...]
    """First and last number of each gap in the old log; what followed its last event is unknown."""


def salvage_store(
    damaged: StorePaths, key: bytes, target: Path, handle: str, clock: Clock = utc_now
) -> Report:
    """Make a new store at `target` of what can be read of a damaged one, under the same keys.

    The key file is copied beside it. The damaged files stay as they are. `handle` is named in the
    events. Nothing is left behind if it fails.

    Raises:
        StoreExists: If a file stands at the target.
        NothingSalvaged: If not even the list of tables can be read.
        FutureSchema: If a newer program has written it.
        DiskFull: If there is no room for it; ReadOnlyStore.
    """
    paths = find(target)
    with engine_errors.translated(target):
        durable.private_folder(paths.database.parent)
        for path in (paths.database, paths.keys):
            if path.exists():
                raise StoreExists(path=str(path))
        beside, spared = paths.database.parent, removal.files_of(damaged.database, damaged.keys)
        before = clock().timestamp() - _CUT_SHORT_AFTER_S
        removal.remove_old(beside, _WORKSHOP, _WORK, spared, before)
        work = durable.new_folder(beside, ".rescue-")
        try:
            source = _Source(_copied(damaged.database, work), key, damaged.database)
            fresh = work / "new.db"
            report, head = _fill(fresh, source, handle, clock)
            if damaged.keys.exists():
                copy_file(damaged.keys, work / "new.keys")
                durable.put_in_place(work / "new.keys", paths.keys, replace=False)
            durable.put_in_place(fresh, paths.database, replace=False)
            head_record.write(head_record.path_of(paths.database), *head, beside=paths.database)
        finally:
            removal.remove_folder(work, _WORK, spared)
    return report


def _copied(database: Path, work: Path) -> Path:
    copy = work / "old.db"
    copy_file(database, copy)
    log = database.with_name(database.name + "-wal")
    if log.exists():
        copy_file(log, work / "old.db-wal")
    return copy


class _Source:
    """A copy of a damaged database; the engine gives a connection up at the first bad page."""

    def __init__(self, copy: Path, key: bytes, original: Path) -> None:
        self._copy = copy
        self.key = key
        try:
            rows = self.ask("SELECT name FROM sqlite_schema WHERE type = 'table'")
            self.tables = {str(row["name"]) for row in rows}
        except StoreError:
            raise NothingSalvaged(path=str(original)) from None
        found = self._schema()
        if found > migrations.newest():  # whose further tables would be left behind
            raise FutureSchema(path=str(original), found=found, known=migrations.newest())

    def _schema(self) -> int:
        """Return the schema that the file says it has; 0 where it does not tell."""
        with contextlib.suppress(StoreError):
            for row in self.ask("PRAGMA user_version"):
                return int(row["user_version"])
        return 0

    def ask(self, sql: str, *values: int) -> Iterator[_Row]:
        """Yield rows up to the first bad page; there the error of the store that it is."""
        with (
            engine_errors.translated(self._copy),
            connections.connect_to_salvage(self._copy, self.key) as db,
        ):
            yield from engine.rows(db, sql, values)

    def rows(self, table: str) -> Iterator[tuple[int, _Row]]:
        """Yield every row of a table that can be read, with its place in the order of the table."""
        reached = 0
        while True:
            with contextlib.suppress(StoreError):
                for row in self._after(table, reached):
                    reached = row.pop("place of the row")
                    yield reached, row
                return
            beyond = self._next_readable(table, reached)
            for place in range(reached + 1, beyond or reached + _BLIND):
                with contextlib.suppress(StoreError):
                    for row in self._after(table, place - 1, only=True):
                        yield row.pop("place of the row"), row
            if beyond is None:
                return
            reached = beyond - 1

    def _after(self, table: str, place: int, *, only: bool = False) -> Iterator[_Row]:
        where = "rowid = ? + 1" if only else "rowid > ?"
        sql = f'SELECT rowid AS "place of the row", * FROM {table} WHERE {where} ORDER BY rowid'
        return self.ask(sql, place)

    def _next_readable(self, table: str, reached: int) -> int | None:
        """Return the place of a row past the damage; None if there is none to be found."""
        step = 1
        while step < _FAR:
            with contextlib.suppress(StoreError):
                found = next(self._after(table, reached + step), None)
                return found["place of the row"] if found else reached + step + 1
            step *= 2
        return None


class _Filling:
    """A new store while it is filled, and the count of what went where."""

    def __init__(self, store: Store, told: dict[tuple[str, str], str]) -> None:
        self.store = store
        self._told = told
        self.rescued: Counter[str] = Counter()
        self.aside: Counter[str] = Counter()
        self.unconfirmed: Counter[str] = Counter()
        self._found: set[tuple[str, str]] = set()
        self._digest = hashlib.sha256()
        self._places = itertools.count(1)
        self._words = {table: (word, column) for word, (table, column) in chain.WRITTEN.items()}
        self._words["settings"] = ("setting", "key")

    def take(self, table: str, place: int, row: _Row) -> None:
        """Put a row where it belongs, with an event that tells of it, or aside."""
        db = self.store.db
        known = {name: row[name] for name in row if name in db.table(table).columns_dict}
        word, column = self._words.get(table, ("", ""))
        subject = str(row[column]) if word else ""
        self._found.add((table, subject))
        if not self._fits(table, known):
            self.aside[table] += 1
            self.keep_aside(table, place, row)
            return
        self.rescued[table] += 1
        if word:
            digest = chain.digest(known)
            self.store.log(f"{word}.rescued", subject, digest)
            self.unconfirmed[table] += self._told.get((table, subject)) != digest

    def _fits(self, table: str, row: _Row) -> bool:
        """Insert a row, unless what it belongs to is not there."""
        db = self.store.db
        try:
            with engine_errors.translated(db.path):
                db.table(table).insert(row)
        except (AppendOnly, ClosedAssessment):
            return False
        except StoreFault as error:
            if error.values["reason"] != "SQLITE_CONSTRAINT":
                raise
            return False
        return True

    def keep_aside(self, source: str, place: int, row: object) -> None:
        """Keep something that was read beside the records, as it was."""
        text = json.dumps(row, ensure_ascii=False, sort_keys=True)
        self._digest.update(text.encode())
        kept = {"seq": next(self._places), "source": source, "place": place, "row": text}
        self.store.db.table(_KEPT_ASIDE).insert(kept)

    def lost(self) -> dict[str, int]:
        """Return how many rows the old log tells of that were not found, by table."""
        return dict(Counter(table for table, _ in self._told.keys() - self._found))

    def digest(self) -> str:
        """Return a digest of all that was kept aside."""
        return self._digest.hexdigest()


def _fill(fresh: Path, source: _Source, handle: str, clock: Clock) -> tuple[Report, Head]:
    """Make the new store; all of it is one transaction. Its newest event is told too."""
    durable.new_named(fresh)
    with connections.connect(fresh, source.key, migrations.schema(), create=True) as db:
        migrations.migrate(db)
        store = Store(db, handle, clock, training=False)
        with transactions.writing(db):
            report = _carry_over(store, source)
            head = Head(*chain.head(db))
        transactions.into_one_file(db)
    durable.sync_file(fresh)
    return report, head


def _carry_over(store: Store, source: _Source) -> Report:
    log = list(source.rows("audit")) if "audit" in source.tables else []
    told = _told(row for _, row in log)
    for _, row in source.rows("purged") if "purged" in source.tables else ():
        told.pop((chain.WRITTEN[row["word"]][0], row["subject"]), None)
    filling = _Filling(store, told)
    store.log("store.rescued", "", chain.NOTHING)
    for table in _tables(store.db):
        for place, row in source.rows(table) if table in source.tables else ():
            filling.take(table, place, row)
    for place, row in log:
        filling.keep_aside("audit", place, row)
    if "seals" in source.tables:
        for place, row in source.rows("seals"):
            filling.keep_aside("seals", place, row)
    _list_what_waits(store, source)
    kept_summaries.carry_over(store, source.tables, source.rows)
    report = Report(
        rescued=dict(filling.rescued),
        aside=dict(filling.aside),
        lost=filling.lost(),
        unconfirmed={table: count for table, count in filling.unconfirmed.items() if count},
        events=len(log),
        missing_events=tuple(_gaps([place for place, _ in log])),
    )
    filling.keep_aside("report", 1, report._asdict())
    # The last event of the salvage holds the digest of all that was kept aside.
    store.log("store.rescued", "", filling.digest())
    return report


def _tables(db: engine.Database) -> list[str]:
    """Return the tables of records, each row of which comes after what it belongs to."""
    rows = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")
    names = [str(name) for (name,) in rows]
    return [name for name in names if name not in _MADE_ANEW and not name.startswith("sqlite_")]


def _told(log: Iterator[_Row]) -> dict[tuple[str, str], str]:
    """Return the last digest that the old log tells of each row, by table and subject."""
    tables = {word: table for word, (table, _) in chain.WRITTEN.items()} | {"setting": "settings"}
    told = {}
    for row in log:
        table = tables.get(row["event"].partition(".")[0])
        if table and table not in _MADE_ANEW:
            told[table, row["subject"]] = row["digest"]
    return told


def _list_what_waits(store: Store, source: _Source) -> None:
    """Make anew what waits, which stops are open and what tells of risk; what was known stays.

    The answers that held it may be lost, and what is lost lowers no step. Whoever goes on with the
    draft is asked again what is missing.
    """
    marks = list(_old(source, "worklist"))
    for row in marks:
        sql = "UPDATE worklist SET kind = ? WHERE assessment_id = ?"
        store.db.execute(sql, (row["kind"], row["assessment_id"]))
    worklist.list_all(store)
    for row in _old(source, "open_stops"):
        _keep_stop(store, row)
    for row in _old(source, "risk_signs"):
        _keep_sign(store, row)
    for row in marks:
        known = "SELECT 1 FROM open_stops WHERE assessment_id = ?"
        if row["kind"] == "open_stop" and not store.row(known, row["assessment_id"]):
            unread = {"stop": UNREAD, "urgency": "emergency", "floor": HIGHEST_STEP}
            _keep_stop(store, row | unread)
    store.db.execute(
        "UPDATE worklist SET kind = 'open_stop' WHERE assessment_id IN "
        "(SELECT assessment_id FROM open_stops)"
    )


def _old(source: _Source, table: str) -> Iterator[_Row]:
    """Yield the rows of a table of the damaged store that are about an assessment."""
    if table in source.tables:
        yield from (row for _, row in source.rows(table) if row["assessment_id"])


def _keep_stop(store: Store, row: _Row) -> None:
    """Keep a stop of a draft that was salvaged, unless it is known to be open already."""
    sql = """
        INSERT OR IGNORE INTO open_stops
        SELECT a.id, :stop, :urgency, :floor, :since, a.started_by
        FROM drafts d JOIN assessments a ON a.id = d.assessment_id WHERE a.id = :assessment_id"""
    names = ("assessment_id", "stop", "urgency", "floor", "since")
    store.db.execute(sql, {name: row[name] for name in names})


def _keep_sign(store: Store, row: _Row) -> None:
    """Keep a sign of risk that the damaged store knew of an assessment that was salvaged."""
    sql = """
        INSERT OR IGNORE INTO risk_signs
        SELECT a.id, :kind, :about, :since, a.started_by, :wrong
        FROM assessments a WHERE a.id = :assessment_id"""
    names = ("assessment_id", "kind", "about", "since", "wrong")
    store.db.execute(sql, {name: row[name] for name in names})


def _gaps(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the numbers from 1 that are left out, as first and last of each gap."""
    for before, after in itertools.pairwise([0, *sorted(numbers)]):
        if after > before + 1:
            yield before + 1, after - 1
