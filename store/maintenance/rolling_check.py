"""A check of everything that a store holds, in short pieces beside work.

A page of last week that a disk or a hand has put back carries the right code, so that the engine
takes it for true; only what the pages say together shows it. Each piece is one short transaction of
a connection that may only read: no writer waits for it, and the log can be merged between two. It
begins at another place each time, so that short days reach everything too.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from store.audit import chain, seals, staff_ledger
from store.database import connections, damage_mark, engine, migrations, transactions
from store.errors import DamagedStore, FailingDisk, StaleStore, StoreError
from store.maintenance import derived
from store.repository.store import Store
from store.times import Clock, utc_now

if TYPE_CHECKING:
    from stepping.pathway.care.schema import CareRules

NAME = "rolling check"
"""Of the thread."""

EVENTS = 50
"""Events in one piece; some three milliseconds."""

PAUSE_S = 0.05
"""Between two pieces, so that one core has one twentieth of it to do."""

BUSY_S = 0.5
"""How often it is looked again whether somebody still types."""

AGAIN_S = 3600.0
"""Between the end of a round and the next one."""


class _Voided(Exception):
    """Records were deleted while they were counted: the round has to be made anew."""


def round_of(
    db: engine.Database,
    chance: random.Random,
    clock: Clock = utc_now,
    care: Callable[[], CareRules] | None = None,
) -> Iterator[str]:
    """Check everything once, a piece with each step; what was looked at is yielded.

    `care` reads the tracks and deadlines of the site.

    Raises:
        DamagedStore: For the first thing that does not fit; DamagedSchema, StaleStore.
    """
    again = True
    while again:
        again = False
        try:
            yield from _Round(db, chance, clock, care).pieces()
        except _Voided:
            again = True


class _Round:
    def __init__(
        self,
        db: engine.Database,
        chance: random.Random,
        clock: Clock,
        care: Callable[[], CareRules] | None,
    ) -> None:
        self._db, self._chance = db, chance
        self._store = Store(db, "doctor", clock, training=False)
        self._store.site_care = care
        self._records = chain.Records(db)

    def pieces(self) -> Iterator[str]:
        with transactions.reading(self._db):
            migrations.refuse_changed(self._db)
            staff_ledger.Ledger().follow(self._db, whole=True)
            self._deleted = self._count("purged")
            start, newest = self._accepted() + 1, chain.head(self._db)[0]
            tables = [name for name in self._db.table_names() if not name.startswith("sqlite_")]
        yield "built"
        self._chance.shuffle(tables)
        for table in tables:
            yield self._pages(table)
        begin = self._chance.randrange(start, newest + 2)
        for first in (*range(begin, newest + 1, EVENTS), *range(start, begin, EVENTS)):
            last = min(first + EVENTS, begin if first < begin else newest + 1)
            with transactions.reading(self._db):
                self._events(first, last)
            yield "events"
        with transactions.reading(self._db):
            drafts, episodes = derived.drafts(self._store), derived.episodes(self._store)
        for draft in drafts:
            with transactions.reading(self._db):
                self._need(derived.stops_fit(self._store, draft), "open_stops")
            yield "open_stops"
            with transactions.reading(self._db):
                self._need(derived.risk_fits(self._store, draft), "risk_signs")
            yield "risk_signs"
        for episode in episodes:
            with transactions.reading(self._db):
                fits = derived.matters_fit(self._store, episode)
                self._need(fits, "worklist")
            yield "worklist"
        yield self._rest(newest, whole=start == 1)

    def _accepted(self) -> int:
        """Return the last event up to which somebody has accepted a history that does not hold."""
        sql = "SELECT coalesce(max(seq), 0) FROM audit WHERE event = ?"
        return int(self._db.execute(sql, (chain.ACCEPTED,)).fetchone()[0])

    def _need(self, fits: bool, about: str) -> None:
        if not fits:
            raise StaleStore(path=str(self._db.path), about=about)

    def _count(self, table: str) -> int:
        return int(self._db.execute(f"SELECT count(*) FROM {table} NOT INDEXED").fetchone()[0])

    def _pages(self, table: str) -> str:
        """Return whether a table and its indexes fit each other."""
        with transactions.reading(self._db):
            rows = self._db.execute(f"PRAGMA integrity_check('{table}')").fetchall()
        if rows != [("ok",)]:
            raise DamagedStore(path=str(self._db.path))
        return table

    def _events(self, first: int, last: int) -> None:
        """Check the events from one number up to before another, with what they wrote."""
        sql = "SELECT * FROM audit WHERE seq >= ? AND seq < ? ORDER BY seq"
        before = self._db.execute("SELECT hash FROM audit WHERE seq = ?", (first - 1,)).fetchone()
        prev = before[0] if before else chain.START
        rows = list(engine.rows(self._db, sql, (first, last)))
        self._need(len(rows) == last - first, "audit")
        for seq, row in enumerate(rows, first):
            self._need(chain.broken(row, seq, prev) is None, "audit")
            for fault in self._records.check(row):
                raise StaleStore(path=str(self._db.path), about=fault.about)
            prev = row["hash"]
        self._seals(first, last)

    def _seals(self, first: int, last: int) -> None:
        public = seals.public_key(self._db)
        sql = """
            SELECT s.*, a.hash AS told FROM seals s LEFT JOIN audit a ON a.seq = s.seq
            WHERE s.seq >= ? AND s.seq < ?"""
        for row in engine.rows(self._db, sql, (first, last)):
            genuine = row["told"] == row["hash"] and seals.genuine(row, public)
            self._need(genuine, "seals")

    def _rest(self, newest: int, *, whole: bool) -> str:
        """Check what has come since, what no event tells of, and what is listed."""
        with transactions.reading(self._db):
            head, _ = chain.head(self._db)
            self._need(head >= newest, "audit")
            self._events(newest + 1, head + 1)
            if self._count("purged") != self._deleted:
                raise _Voided
            for fault in self._records.rest(head + 1) if whole else ():
                raise StaleStore(path=str(self._db.path), about=fault.about)
            self._need(derived.drafts_astray(self._store) == 0, "drafts")
            self._need(seals.newest(self._db) <= head, "seals")
        return "rest"


class Watch:
    """Checks an open store beside work, for as long as it is open.

    What it finds condemns the store: the next entry of the nurse tells it, and so does the next
    start. `quiet` says whether nobody types just now; `may_tell` whether no client would meet it.
    """

    def __init__(
        self,
        store: Store,
        *,
        quiet: Callable[[], bool] = lambda: True,
        may_tell: Callable[[], bool] = lambda: True,
    ) -> None:
        self._database = store.db
        self._clock = store.clock
        self._care = store.site_care
        self._quiet, self._may_tell = quiet, may_tell
        self._stopped = threading.Event()
        self._looking: engine.Database | None = None
        self._thread = threading.Thread(target=self._run, name=NAME, daemon=True)
        self.rounds = 0
        """Rounds that have come to their end."""
        self.fault: Exception | None = None
        """What ended the check itself, which says nothing of the store."""

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End at once, in the midst of a piece too; the connection is closed afterwards."""
        self._stopped.set()
        if (looking := self._looking) is not None:
            with suppress(Exception):
                looking.conn.interrupt()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        # Whatever else keeps the check from its work is met by whoever works; it tries again.
        while not self._stopped.is_set():
            try:
                self._round()
            except (DamagedStore, FailingDisk) as error:
                self._tell(error)
                return
            except StoreError:
                pass
            except Exception as error:  # it runs beside the screens, and must not write on them
                self.fault = error
                return
            self._stopped.wait(AGAIN_S)

    def _round(self) -> None:
        with closing(connections.companion(self._database)) as looking:
            self._looking = looking
            try:
                for _ in round_of(looking, random.SystemRandom(), self._clock, self._care):
                    if not self._waited():
                        return
                self.rounds += 1
            finally:
                self._looking = None

    def _waited(self) -> bool:
        """Wait for the next piece; say whether there is to be one."""
        stopped = self._stopped.wait(PAUSE_S)
        while not stopped and not self._quiet():
            stopped = self._stopped.wait(BUSY_S)
        return not stopped and not self._database.damaged

    def _tell(self, error: StoreError) -> None:
        damage_mark.leave(self._database.path, error)
        while not self._stopped.is_set() and not self._may_tell():
            self._stopped.wait(BUSY_S)
        if not self._stopped.is_set():
            self._database.condemn(error)
