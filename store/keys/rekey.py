"""A new data key for the whole store, such that a cut at any point leaves a store that opens.

A verified copy of the database is written under the new key; then the key file holds both keys for
a moment. The point of no return is a mark in the old database, a trigger that refuses every entry:

- without the mark the old database is the store: the copy and the new key are thrown away;
- with the mark the copy is: it takes the name of the old database, and the old key is dropped.

`finish_rekey` follows this rule at the next unlock after a cut. Nobody else can have the database
open meanwhile: the engine's exclusive lock is held until the copy has its name, and a program that
had opened the old file without reading it yet can neither write there nor bring it back.

The old file is deleted. It is not overwritten before, which does nothing on flash disks; old
backups keep the old key.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from store.audit import chain, seals
from store.database import (
    connections,
    engine,
    engine_errors,
    head_record,
    inspection,
    migrations,
    transactions,
)
from store.database.head_record import Head
from store.errors import (
    DamagedStore,
    DiskFull,
    FailingDisk,
    ForeignFile,
    OldRecovery,
    OldSlots,
    StoreBusy,
    StoreError,
    StoreFault,
    StoreInUse,
    StoreMissing,
)
from store.file_names import OF_DATABASE
from store.files import disk_errors, durable, file_lock, ownership, removal
from store.keys import keyslots, keystore
from store.keys.key_file import KeyFile
from store.keys.keyslots import OldSlot, Slot
from store.paths import StorePaths
from store.times import Clock, to_iso_utc, utc_now

CHANGED = "keys.changed"
"""The event of a new data key; it is the first under that key."""

_PATIENCE_MS = 1000
_OF_COPY = ".rekey"
_MARK, _SET_MARK = migrations.MOVED, migrations.SET_MOVED
Reached = Callable[[str], None]
"""Is told the name of each step that is done; tests cut the work short there."""


def _go_on(step: str) -> None:
    pass


def copy_of(database: Path) -> Path:
    """Return where the copy under the new key lies while it is made."""
    return database.with_name(database.name + _OF_COPY)


@disk_errors.as_file_work()
def rekey(
    paths: StorePaths, key: bytes, actor: str, clock: Clock = utc_now, reached: Reached = _go_on
) -> bytes:
    """Give the store a new data key and return it; every user and the recovery code go on with it.

    The caller has closed the store. `actor` is the staff code for the audit chain.

    Raises:
        StoreBusy: If another program has the store open; StoreInUse if it is known which.
        OldSlots: If somebody's slot cannot take a new key; OldRecovery.
        WrongPassphrase: If the key is not this store's; ForgedKeys, RekeyUnfinished.
        DamagedStore: Or DiskFull; the store is what it was then, as after the others.
    """
    with _turn(paths):
        keystore.rewrite(paths.keys, (key,), _all_new)
        new = os.urandom(keyslots.KEY_BYTES)
        try:
            _change(paths, key, new, _told_by(actor, clock), reached)
        except BaseException:
            with suppress(StoreError):  # the next unlock tries again, by the same rule
                _tidy(paths, key, new)
            raise
        _reseal(paths, (key, new), (new,))
        reached("one key")
        _remove_copy(copy_of(paths.database))
    return new


def finish_rekey(paths: StorePaths, held: tuple[bytes, ...], reached: Reached = _go_on) -> bytes:
    """Return the data key of the database, once a change that was cut short is undone or finished.

    `held` are the keys of the key file, the old one first.

    Raises:
        StoreBusy: If another program has the store open.
    """
    if len(held) == 1:
        _sweep(paths)
        return held[0]
    with _turn(paths):
        checks = keystore.read(paths.keys).checks
        left = tuple(key for key in held if keyslots.digest(key) in checks)
        if len(left) < len(checks):  # others have settled it and changed it once more
            raise StoreBusy(path=str(paths.database))
        if len(left) == 1:
            return left[0]
        return _undo_or_finish(paths, left, reached)


def _sweep(paths: StorePaths) -> None:
    """Remove a copy that was begun and never used; a change that goes on now is let alone."""
    copy = copy_of(paths.database)
    with suppress(StoreBusy, OSError):
        if _parts(copy):
            with file_lock.alone(paths.keys, wait_s=0):
                if len(keystore.read(paths.keys).checks) == 1:
                    _remove_copy(copy)


@contextmanager
def _turn(paths: StorePaths) -> Iterator[None]:
    with engine_errors.translated(paths.keys), file_lock.alone(paths.keys):
        yield


def _all_new(file: KeyFile) -> KeyFile:
    """Return the file as it is, if every slot can take a new data key."""
    old = [slot for slot in file.slots if isinstance(slot, OldSlot)]
    if handles := [slot.handle for slot in old if slot.kind == "passphrase"]:
        raise OldSlots(handles=", ".join(handles))
    if old:
        raise OldRecovery
    return file


Record = Callable[[engine.Database], None]


def _told_by(actor: str, clock: Clock) -> Record:
    def record(database: engine.Database) -> None:
        at = to_iso_utc(clock())
        with transactions.writing(database):
            chain.append(database, at, actor, CHANGED, actor, chain.NOTHING)
            if seals.ready(database):
                seals.seal(database, at)

    return record


def _change(paths: StorePaths, key: bytes, new: bytes, record: Record, reached: Reached) -> None:
    copy = copy_of(paths.database)
    _remove_copy(copy)
    with _alone_in(paths.database, key) as old:
        reached("alone")
        _copy(old, copy, key, new)
        reached("copied")
        head = _verify(old, copy, new, record)
        reached("verified")
        _reseal(paths, (key,), (key, new))
        reached("both keys")
        with transactions.writing(old):
            old.execute(_SET_MARK)
        reached("marked")
        _take_place(old, copy)
        reached("in place")
        _move_record(paths.database, head)


def _tidy(paths: StorePaths, key: bytes, new: bytes) -> None:
    """Leave no half of a change; before the key file has both keys, nothing but the copy is new."""
    if len(keystore.read(paths.keys).checks) > 1:
        _undo_or_finish(paths, (key, new))
    else:
        _remove_copy(copy_of(paths.database))


def _undo_or_finish(paths: StorePaths, held: tuple[bytes, ...], reached: Reached = _go_on) -> bytes:
    """Follow the rule of this module; the caller has the turn."""
    old_key, new = held
    copy = copy_of(paths.database)
    keep = new
    if not _opens(paths.database, new):
        with _alone_in(paths.database, old_key) as old:
            if not _marked(old):
                keep = old_key
            elif not copy.is_symlink() and _opens(copy, new):
                _take_place(old, copy)
            else:  # the copy was taken away; nothing was recorded since it was made
                keep = old_key
                with transactions.writing(old):
                    old.execute(f"DROP TRIGGER {_MARK}")
        reached("decided")
    _reseal(paths, held, (keep,))
    reached("one key")
    _remove_copy(copy)
    return keep


def _reseal(paths: StorePaths, before: tuple[bytes, ...], after: tuple[bytes, ...]) -> None:
    def resealed(file: KeyFile) -> KeyFile:
        checks = tuple(keyslots.digest(key) for key in after)
        new = tuple(keyslots.reseal(slot, after) for slot in file.slots if isinstance(slot, Slot))
        return file.holding(new, checks)

    keystore.rewrite(paths.keys, before, resealed, then=after)


@contextmanager
def _alone_in(path: Path, key: bytes) -> Iterator[engine.Database]:
    """Give the database with an exclusive lock that stays until the block ends.

    In the journal mode of this lock there is no log beside the file that another program could
    share by its name. The file must not be opened and closed in any other way meanwhile: the
    system would take the lock away.
    """
    try:
        with _connect(path, key) as database, engine_errors.translated(path):
            database.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}").fetchall()
            database.execute("PRAGMA journal_mode = DELETE").fetchall()
            database.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
            database.execute("BEGIN EXCLUSIVE")
            database.execute("COMMIT")
            yield database
    except StoreBusy as busy:
        if others := file_lock.holders(path):
            raise StoreInUse(path=str(path), who=", ".join(others)) from busy
        raise


def _connect(path: Path, key: bytes, *, create: bool = False) -> engine.Database:
    return connections.connect(path, key, migrations.schema(), create=create)


def _copy(old: engine.Database, copy: Path, key: bytes, new: bytes) -> None:
    """Copy every page, and then give the copy its key: all that the file says of itself stays."""
    durable.new_named(copy)
    ownership.inherit(copy, old.path)
    fresh = _connect(copy, key, create=True)
    try:
        with engine_errors.translated(copy):
            old.conn.backup(fresh.conn)
    except StoreFault:  # copying tells no code, so the old pages have to be asked
        if transactions.faults(old):
            fault: StoreError = DamagedStore(path=str(old.path))
        else:
            full = disk_errors.is_full(copy)
            fault = DiskFull(path=str(copy)) if full else FailingDisk(path=str(copy))
        raise fault from None
    else:
        transactions.into_one_file(fresh)
        fresh.execute(f"PRAGMA rekey = \"x'{new.hex()}'\"").fetchall()
    finally:
        fresh.close()


def _verify(old: engine.Database, copy: Path, new: bytes, record: Record) -> Head:
    """Hold the copy against the old database, record the change in it, and make it durable.

    Its newest event is returned.
    """
    with _connect(copy, new) as database:
        if _measure(database) != _measure(old):
            raise DamagedStore(path=str(copy))
        record(database)
        head = Head(*chain.head(database))
        if transactions.faults(database) or chain.first_bad(database) is not None:
            raise DamagedStore(path=str(old.path))
        transactions.into_one_file(database)
    durable.sync_file(copy)
    durable.sync_folder(copy.parent)
    return head


def _move_record(database: Path, head: Head) -> None:
    """Let the head record know the change; where it cannot be told, the next opening does."""
    record = head_record.path_of(database)
    with suppress(OSError, StoreError):
        if head_record.read(record):
            head_record.advance(record, head, database)


def _measure(database: engine.Database) -> tuple[object, ...]:
    """Pages, rows of each table, what the file says of itself, and the newest event."""
    rows = {name: database.table(name).count for name in database.table_names()}
    marks = engine.pragma(database, "page_count", "application_id", "user_version")
    return rows, marks, chain.head(database)


def _take_place(old: engine.Database, copy: Path) -> None:
    """Give the copy the name of the old database while that is still locked."""
    if os.name == "nt":
        old.close()  # there a file that is open keeps its name; whoever has it open stops this
    durable.put_in_place(copy, old.path, replace=True)


def _marked(database: engine.Database) -> bool:
    found = database.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (_MARK,)).fetchone()
    return found is not None


def _opens(path: Path, key: bytes) -> bool:
    try:
        inspection.inspect(path, key, migrations.schema())
    except (ForeignFile, StoreMissing, DamagedStore):
        return False
    return True


def _parts(copy: Path) -> list[Path]:
    """Return the copy and what the engine lays beside it, as far as they are there."""
    names = (copy.with_name(copy.name + end) for end in OF_DATABASE)
    return [path for path in names if os.path.lexists(path)]


def _remove_copy(copy: Path) -> None:
    spared = removal.files_of(copy.with_name(copy.name.removesuffix(_OF_COPY)))
    for path in _parts(copy):
        removal.remove_file(path, spared)
