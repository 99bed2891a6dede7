"""Making and opening the file of a store: guard, backups and checks around the database."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from store.audit import origin
from store.database import (
    connections,
    damage_mark,
    engine,
    engine_errors,
    guard,
    migrations,
    transactions,
)
from store.errors import FutureSchema, StoreExists
from store.files import durable, in_use
from store.keys import credentials
from store.repository import summaries, worklist
from store.repository.store import Store
from store.session.sign_in import sign_in
from store.times import Clock, utc_now


def create_store(
    path: Path,
    key: bytes | None,
    handle: str,
    clock: Clock = utc_now,
    *,
    training: bool = False,
) -> Store:
    """Make a new file with all its tables and open it.

    The file is built under another name and gets its own when it is whole, so that a cut leaves no
    half of a store.

    Raises:
        StoreExists: If a file stands there.
        StoreGone: If one has stood there.
    """
    with engine_errors.translated(path):
        durable.private_folder(path.parent)
        if path.exists():
            raise StoreExists(path=str(path))
        guard.refuse_if_gone(path)
        with new_store_file(path.parent, key, training=training) as fresh:
            durable.put_in_place(fresh, path, replace=False)
    return open_store(path, key, handle, clock, training=training)


@contextmanager
def new_store_file(
    folder: Path,
    key: bytes | None,
    *,
    training: bool = False,
    then: Callable[[Path], None] | None = None,
) -> Iterator[Path]:
    """Give a whole file with all its tables that has no name of its own yet.

    `then` does more to it, with the file closed. What is left without a name goes with the block.

    Raises:
        StoreError: If the disk does not take it.
    """
    with engine_errors.translated(folder):
        fresh = durable.new_file(folder)
    try:
        with engine_errors.translated(fresh):
            with _connect(fresh, key, training=training, create=True) as db:
                migrations.migrate(db)
                if then is None:
                    transactions.into_one_file(db)
            if then is not None:
                then(fresh)
                with _connect(fresh, key, training=training) as db:
                    transactions.into_one_file(db)
            durable.sync_file(fresh)
        yield fresh
    finally:
        with engine_errors.translated(fresh):
            for left in folder.glob(f"{fresh.name}*"):
                in_use.remove(left)


def open_store(
    path: Path,
    key: bytes | None,
    handle: str,
    clock: Clock = utc_now,
    *,
    training: bool = False,
) -> Store:
    """Open a file that stands, bring an older schema up to date, and sign the worker in.

    `key` is the data key of 32 bytes, None for the training store. `handle` is a staff code.

    Raises:
        AccountDisabled: If the staff code is out of use; RefusedHandle if it is none.
        FutureSchema: If a newer program has written it, with the backup to go back by.
    """
    if key is None:
        db = _connect(path, key, training=training)
    else:
        db = _guarded(path, key, clock, training=training)
    try:
        store = Store(db, credentials.plain_handle(handle), clock, training=training)
        with engine_errors.translated(path):
            _bring_up_to_date(store)
        _settle_suspicion(store)
        sign_in(store)
    except BaseException:
        db.close()
        raise
    return store


def _guarded(path: Path, key: bytes, clock: Clock, *, training: bool) -> engine.Database:
    # The training store, which is open before the first key, keeps no backups.
    from store.maintenance import kept_apart

    keep_apart = kept_apart.keeper(path, clock)
    schema = migrations.schema(training=training)
    try:
        return guard.connect(path, key, schema, keep_apart=keep_apart)
    except FutureSchema as error:
        from store.backup.before_update import with_way_back

        raise with_way_back(error, path) from error


def _connect(
    path: Path, key: bytes | None, *, training: bool, create: bool = False
) -> engine.Database:
    return connections.connect(path, key, migrations.schema(training=training), create=create)


def _bring_up_to_date(store: Store) -> None:
    """Bring an older schema up to date, after a backup, and refuse tables that were changed."""
    backup = None
    if migrations.is_older(store.db):
        from store.backup.backup import before_migration

        backup = before_migration(store.db, store.clock)
        migrations.refuse_changed(store.db)
    migrations.migrate(store.db, then=partial(_make_anew, store, backup))
    migrations.refuse_changed(store.db)


def _make_anew(store: Store, backup: Path | None) -> None:
    """List anew what waits, and log the backup made before, so that everybody is told of it."""
    worklist.list_all(store)
    if backup:
        store.origin = origin.here()
        store.log("store.updated", backup.name)
        summaries.note_gaps(store)


def _settle_suspicion(store: Store) -> None:
    """Check everything if an old page was found before."""
    if damage_mark.tells_old_pages(store.db.path):
        # It knows of every pathway, which a start has no need of.
        from store.maintenance import rolling_check

        chance = random.SystemRandom()
        for _ in rolling_check.round_of(store.db, chance, store.clock):
            pass
        damage_mark.remove(store.db.path)
