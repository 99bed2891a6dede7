"""The store as the screens use it: open it, record, look up, close."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Self

from store import text_guard
from store.audit import chain
from store.database import engine, guard, migrations
from store.errors import StoreExists
from store.files import durable
from store.keys import keystore
from store.repository import permissions
from store.repository.corrections import Corrections
from store.repository.staff import People
from store.times import Clock, utc_now


@permissions.guarded
class Store(Corrections, People):
    """An open store; one thread owns it, and every method is one transaction.

    Every method may raise StoreBusy, DiskFull, DamagedStore, ReadOnlyStore or StoreFault, and
    NotAllowed or OtherUnit: what each one needs stands in `roles.METHODS`.
    """

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
        """Make a new file with all its tables and open it; StoreExists if a file stands there.

        StoreGone if one has stood there.
        The file is built under another name and gets its own when it is whole, so that a cut
        leaves no half of a store.
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
        Raises the errors of `in_use.connect`.
        """
        db = _connect(path, key, clock, training=training)
        try:
            store = cls(db, keystore.plain_handle(handle), clock, training=training)
            with engine.domain_errors(path):
                if migrations.is_older(db):
                    from store.backup.backup import before_migration

                    before_migration(db, clock)
                    migrations.refuse_changed(db)
                migrations.migrate(db, then=store._list_all)
                migrations.refuse_changed(db)
            store._settle_suspicion()
            store._sign_in()
        except BaseException:
            db.close()
            raise
        return store

    def _settle_suspicion(self) -> None:
        """Check everything if an old page was found before; StaleStore if it still does not fit."""
        if engine.suspects_old_pages(self.db.path):
            import random

            from store.maintenance import rolling_check

            for _ in rolling_check.round_of(self.db, random.SystemRandom(), self._clock):
                pass
            engine.clear(self.db.path)

    def setting(self, key: str) -> str | None:
        """The value of a setting of this site, or None."""
        with self._read():
            row = self._row("SELECT value FROM settings WHERE key = ?", key)
        return str(row["value"]) if row else None

    def set_setting(self, key: str, value: str) -> None:
        """Keep a setting of this site; NotAllowed for some of them, by `roles.SETTINGS`."""
        if permission := permissions.SETTINGS.get(key):
            self.need(permission)
        row = {"key": text_guard.code("key", key), "value": text_guard.free("value", value)}
        with self._write():
            self._set(row)

    def log_view(self, subject: str) -> None:
        """Log that the worker looked at a record; `subject` is its id."""
        with self._write():
            self._log("view", text_guard.code("subject", subject))

    def log_export(self, subject: str) -> None:
        """Log that the worker takes a record out of the store; `subject` is its id."""
        with self._write():
            self._log("export", text_guard.code("subject", subject))

    def audit_head(self) -> tuple[int, str]:
        """Number and hash of the newest event, to be printed or kept elsewhere as an anchor."""
        with self._read():
            return chain.head(self.db)

    def verify_chain(self) -> int | None:
        """The number of the first event that does not hold, or None if all is as it was."""
        with self._read():
            return chain.first_bad(self.db)

    def faults(self) -> list[str]:
        """What the engine's own checks find wrong with the file; an empty list if nothing."""
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
