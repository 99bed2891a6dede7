"""The store as screens and use cases see it: open it, record, look up, close."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Self

from store.audit.origin import Origin, here
from store.database import engine, guard, migrations
from store.errors import StoreExists
from store.files import durable
from store.keys import keystore
from store.repository import worklist
from store.repository.answers import Answers
from store.repository.assessments import Assessments
from store.repository.audit_log import AuditLog
from store.repository.clients import Clients
from store.repository.corrections import Corrections
from store.repository.decisions import Decisions
from store.repository.episodes import Episodes
from store.repository.open_stops import OpenStops
from store.repository.pathway_texts import PathwayTexts
from store.repository.safety_steps import SafetySteps
from store.repository.settings import Settings
from store.repository.staff import Staff
from store.repository.worklist import Worklist
from store.session.session import Session
from store.session.sign_in import sign_in
from store.times import Clock, utc_now


class Store(Session):
    """An open store: the session of a worker, and the repositories that share it.

    One thread owns it. Every method of a repository is one transaction, or part of the one that
    `writing` has opened. It may raise StoreBusy, DiskFull, DamagedStore, ReadOnlyStore or
    StoreFault, and NotAllowed or OtherUnit by the permission that stands on it.
    """

    def __init__(
        self,
        db: engine.Database,
        handle: str,
        clock: Clock,
        *,
        training: bool,
        whence: Callable[[], Origin] = here,
    ) -> None:
        super().__init__(db, handle, clock, training=training, whence=whence)
        self.answers = Answers(self)
        self.assessments = Assessments(self)
        self.audit_log = AuditLog(self)
        self.clients = Clients(self)
        self.corrections = Corrections(self)
        self.decisions = Decisions(self)
        self.episodes = Episodes(self)
        self.open_stops = OpenStops(self)
        self.pathway_texts = PathwayTexts(self)
        self.safety_steps = SafetySteps(self)
        self.settings = Settings(self)
        self.staff = Staff(self)
        self.worklist = Worklist(self)

    @classmethod
    def create(
        cls,
        path: Path,
        key: bytes | None,
        handle: str,
        clock: Clock = utc_now,
        *,
        training: bool = False,
    ) -> Self:
        """Make a new file with all its tables and open it.

        The file is built under another name and gets its own when it is whole, so that a cut
        leaves no half of a store.

        Raises:
            StoreExists: If a file stands there.
            StoreGone: If one has stood there.
        """
        with engine.domain_errors(path):
            durable.private_folder(path.parent)
            if path.exists():
                raise StoreExists(path=str(path))
            guard.refuse_if_gone(path)
            fresh = durable.new_file(path.parent)
            try:
                db = engine.connect(
                    fresh, key, _id(training), schema_version=migrations.newest(), create=True
                )
                try:
                    migrations.migrate(db)
                    engine.into_one_file(db)
                finally:
                    db.close()
                _sync(fresh)
                durable.put_in_place(fresh, path, replace=False)
            finally:
                for left in fresh.parent.glob(f"{fresh.name}*"):
                    left.unlink(missing_ok=True)
        return cls.open(path, key, handle, clock, training=training)

    @classmethod
    def open(
        cls,
        path: Path,
        key: bytes | None,
        handle: str,
        clock: Clock = utc_now,
        *,
        training: bool = False,
    ) -> Self:
        """Open a file that stands, bring an older schema up to date, and sign the worker in.

        `key` is the data key of 32 bytes, None for the training store. `handle` is a staff code.
        Raises the errors of `guard.connect`.
        """
        db = _connect(path, key, clock, training=training)
        try:
            store = cls(db, keystore.plain_handle(handle), clock, training=training)
            with engine.domain_errors(path):
                if migrations.is_older(db):
                    from store.backup.backup import before_migration

                    before_migration(db, clock)
                    migrations.refuse_changed(db)
                migrations.migrate(db, then=lambda: worklist.list_all(store))
                migrations.refuse_changed(db)
            store._settle_suspicion()
            sign_in(store)
        except BaseException:
            db.close()
            raise
        return store

    def _settle_suspicion(self) -> None:
        """Check everything if an old page was found before; StaleStore if it still does not fit."""
        if engine.suspects_old_pages(self.db.path):
            import random

            from store.maintenance import rolling_check

            for _ in rolling_check.round_of(self.db, random.SystemRandom(), self.clock):
                pass
            engine.clear(self.db.path)

    def find_faults(self) -> list[str]:
        """Return what the engine's own checks find wrong with the file, nothing if all is well."""
        return engine.faults(self.db)


def _connect(path: Path, key: bytes | None, clock: Clock, *, training: bool) -> engine.Database:
    kind, newest = _id(training), migrations.newest()
    if key is None:
        return engine.connect(path, key, kind, schema_version=newest)
    from store.maintenance import kept_apart

    keep_apart = kept_apart.keeper(path, clock)
    return guard.connect(path, key, kind, schema_version=newest, keep_apart=keep_apart)


def _id(training: bool) -> int:
    return migrations.TRAINING_ID if training else migrations.STORE_ID


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
