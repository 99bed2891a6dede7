"""Restoring: a backup takes the place of the store as a whole, or not at all.

The backup is copied beside the store and checked there from end to end. One small file, the plan,
then says what is to change places. Until the plan stands the old store is in use; from then on the
new one is, because whoever comes next carries out what a program that was cut short had left.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from io import BufferedRandom
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from store.audit import chain, staff_ledger
from store.backup import admission, inventory, staffing
from store.backup.inventory import holds, later_and_apart, newest
from store.backup.manifest import (
    DATABASE,
    KEYS,
    Manifest,
    Survey,
    copy_file,
    file_digest,
    open_copy,
    read_manifest,
    survey,
)
from store.database import engine, head_record, migrations
from store.errors import (
    BackupChainBroken,
    BackupDamaged,
    BackupOfAnother,
    BackupOlder,
    Damaged,
    DamagedStore,
    ForeignFile,
    FutureSchema,
    KeyslotDamaged,
    KeysMissing,
    NotRegular,
    PresentStoreClosed,
    RekeyUnfinished,
    RestorePlanBroken,
    StoreBusy,
    StoreFault,
    StoreInUse,
    StoreMissing,
    WrongPassphrase,
)
from store.files import disk_errors, durable, file_lock, ownership, regular_files, removal
from store.keys import keystore, rekey
from store.keys import known_key_file as known
from store.paths import Places
from store.times import Clock, stamp, utc_now

# Where SQLite keeps the locks of a database: a reader holds a share of these bytes, and whoever
# has a database with a log open is a reader all the time. Source: sqlite.org/fileformat2.html and
# the description of locks in os.h.
_SHARED_FIRST, _SHARED_SIZE = 0x4000_0002, 510
_LOGS = ("-wal", "-journal")
_CUT_SHORT_AFTER_S = 24 * 60 * 60
_PLAN_BYTES = 4096

SET_ASIDE = "store.set_aside"
"""The event after a restore: the branch that was set aside, and its newest event."""

WORKSHOP, TRIAL = "restore", "drill"
"""How the names begin of the folders in which a backup is checked, and tried out."""

_SIDES = r"(-journal|-wal|-shm|\.ballast|\.head|\.suspect)?"
_WORK = removal.Laid(re.compile(rf"porras\.db{_SIDES}|porras\.keys|{removal.UNFINISHED}"))
"""What lies where a backup is checked before it takes the place of the store."""
TRIED = removal.Laid(
    re.compile(rf"porras\.(db({_SIDES}|\.\w+)|keys|tries)(\.lock)?|{removal.UNFINISHED}"),
    folders=re.compile(rf"\.{WORKSHOP}-{removal.RANDOM}"),
)
"""A store on trial, and the folder that it is restored from."""


class Restored(NamedTuple):
    """What was restored, and what became of what stood there before."""

    source: Path
    """The backup."""
    manifest: Manifest
    aside: Path | None
    """The database that was replaced, under its new name; None if there was none."""
    keys_kept: bool
    """Whether the key file stayed, and with it the passphrases and staff codes of today."""
    branch: str
    """The hash of the event with which a new branch of the history has begun."""
    regained: tuple[str, ...]
    """Staff codes that may do more now than in the store that was set aside."""
    as_today: tuple[str, ...]
    """Staff codes that do not stand as in the backup, because of how they stand today."""


class _Told(NamedTuple):
    """What the history of the restored store tells of the restore."""

    handle: str
    """Who restores."""
    opener: str
    """The staff code that opened the backup."""
    backup: str
    replaced: str
    """Digest of the files that it replaces."""
    first_bad: int | None
    """The first event of the backup that does not hold, if that was accepted."""
    history: str
    standing: admission.Standing | None


class _Plan(BaseModel):
    """What is to change places; names within the folder of the database."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    work: str = Field(pattern=r"\.restore-\w+")
    suffix: str = Field(pattern=r"\.before-restore-[\w-]+")


@disk_errors.as_file_work()
def restore(
    folder: Path,
    places: Places,
    key: bytes,
    handle: str,
    clock: Clock = utc_now,
    *,
    force: bool = False,
    present: admission.Present | None = None,
    admitted: bool = False,
) -> Restored:
    """Put the store of a backup in the place of the one that stands, and keep that one aside.

    `folder` is the backup, or has the newest in it; BackupsApart if it does not say which is meant.
    Everything is checked before anything changes. The key file stays if it opens the backup too, so
    that no old passphrase comes back, and nobody may do more than today (`staffing`). A copy of it
    is kept with the store that is set aside. The event `store.restored`, by whoever restores, holds
    the digest of what was replaced. With `force` it is done also if events would be lost
    (BackupOlder), if the present store has another history or is damaged
    (BackupOfAnother), or if the history in the backup does not hold (BackupChainBroken). Raises
    BackupMissing, BackupDamaged, FutureSchema, StoreBusy while another program has the store open,
    DiskFull or ReadOnlyStore, OlderKeys, and NotAllowed by the roles of the store that stands, or
    of the backup where none of the same history can be asked, unless somebody was `admitted`
    already. Where the present store has other keys they have to be `present`, or
    PresentStoreClosed; a change of its data key that was cut short is finished first. Not for a
    program that has the store open itself.
    """
    finish(places)
    places.found()  # whether this user may look, and the files that are to be made fit
    ownership.refuse_stranger(places.database)
    ownership.refuse_stranger(places.keys)
    if places.database.exists() and not regular_files.is_regular(places.database):
        raise NotRegular(path=str(places.database))
    source = newest(folder)
    with engine.domain_errors(places.database):
        _finish_rekey(places, present)
        standing = admission.admit(places, key, handle, present)
        durable.private_folder(places.database.parent)
        _sweep(places, clock)
        work = _workshop(places.database.parent)
        try:
            manifest, found, people = _lay_out(source, work, key)
            if standing:
                admitted = standing.line.history == found.history
            if people and not admitted:
                people.need(handle, "upkeep")
            if source != folder:
                _one_way(source, work, key)
            if not force:
                _weigh(manifest, found, places, standing.key if standing else key)
            with _alone(places) as locked:
                kept = _opens(places.keys, key)
                if kept:  # the one that stands is set aside like the database, and so is kept twice
                    (work / KEYS).unlink()
                    copy_file(places.keys, work / KEYS)
                _hand_over(work, places)
                told = _Told(
                    standing.handle if standing and admitted else handle,
                    handle,
                    source.name,
                    _digest(places.database, locked),
                    found.first_bad,
                    found.history,
                    standing,
                )
                begun, regained, as_today = _tell(work, key, clock, told)
                plan = _Plan(work=work.name, suffix=f".before-restore-{_tag(clock)}")
                aside = _swap(plan, places)
                return Restored(source, manifest, aside, kept, begun, regained, as_today)
        finally:
            if not _plan_file(places).exists():
                removal.folder(work, _WORK, spared(places))


def finish(places: Places) -> bool:
    """Carry out a plan that a program left behind when it was cut short; say whether there was one.

    To be called before a store is looked for. StoreBusy while another program has it open.
    """
    place = _plan_file(places)
    if not ownership.stands(place):
        return False
    with engine.domain_errors(places.database), _alone(places):
        if place.exists():  # no other program has been faster
            try:
                plan = _Plan.model_validate_json(
                    regular_files.read(place, _PLAN_BYTES, links=False)
                )
            except (ValidationError, regular_files.NotAFile, regular_files.TooLarge):
                raise RestorePlanBroken(path=str(place)) from None
            _carry_out(plan, places)
    return True


# Before anything changes


def _finish_rekey(places: Places, present: admission.Present | None) -> None:
    """Settle on one data key, where a change of it was cut short: what is set aside needs its own.

    PresentStoreClosed where nobody has opened both keys. A store that is damaged cannot be helped.
    """
    if not ownership.stands(places.database):
        return
    with contextlib.suppress(KeysMissing, Damaged, NotRegular):
        if len(keystore.read(places.keys).checks) > 1:
            if present is None or len(present.keys) < 2:
                raise PresentStoreClosed
            with contextlib.suppress(Damaged, ForeignFile, StoreFault, StoreMissing):
                rekey.finish_rekey(places, present.keys)


def _sweep(places: Places, clock: Clock) -> None:
    """Remove what programs that were cut short left behind, once none of them can still run."""
    before = clock().timestamp() - _CUT_SHORT_AFTER_S
    for kind, laid in ((WORKSHOP, _WORK), (TRIAL, TRIED)):
        name = re.compile(rf"\.{kind}-{removal.RANDOM}")
        removal.sweep(places.database.parent, name, laid, spared(places), before)


def spared(places: Places) -> removal.Spared:
    """The files of the store that stands."""
    return removal.files_of(places.database, places.keys)


def _workshop(beside: Path) -> Path:
    return Path(tempfile.mkdtemp(prefix=f".{WORKSHOP}-", dir=beside))


def _lay_out(
    folder: Path, work: Path, key: bytes
) -> tuple[Manifest, Survey, staff_ledger.Ledger | None]:
    """Copy a backup into the workshop and check every byte of the copy; its people come as well."""
    manifest = read_manifest(folder)
    if manifest.schema_version > migrations.newest():
        known = migrations.newest()
        raise FutureSchema(path=str(folder), found=manifest.schema_version, known=known)
    for name in (DATABASE, KEYS):
        told, written = manifest.files.get(name), None
        with contextlib.suppress(FileNotFoundError, regular_files.NotAFile, regular_files.TooLarge):
            written = told and copy_file(folder / name, work / name, told.size)
        if written is None or written != told:
            raise BackupDamaged(name=folder.name, file=name)
    try:
        db = open_copy(work / DATABASE, key)
        try:
            found = survey(db)
            with engine.reading(db):
                # Whether its history holds is weighed later; somebody may accept it as it is.
                people = staff_ledger.people_in(db, torn=True)
        finally:
            db.close()
    except (DamagedStore, ForeignFile):
        raise BackupDamaged(name=folder.name, file=DATABASE) from None
    if not manifest.fits(found):
        raise BackupDamaged(name=folder.name, file=DATABASE)
    return manifest, found, people


def _one_way(source: Path, work: Path, key: bytes) -> None:
    """Refuse to choose between what a restore has set aside and what was recorded after it."""
    db = open_copy(work / DATABASE, key)
    try:
        later = later_and_apart(source, db)
    finally:
        db.close()
    if later:
        ends = (inventory.Entry(path, read_manifest(path)) for path in (source, later))
        raise inventory.apart(source.parent, tuple(inventory.Tip(*each, None) for each in ends))


def _weigh(manifest: Manifest, found: Survey, places: Places, key: bytes) -> None:
    """Refuse what a person should have said yes to first."""
    if found.first_bad is not None:
        raise BackupChainBroken(seq=found.first_bad)
    if not places.database.exists():
        return
    try:
        db = open_copy(places.database, key)
        try:
            held, head = holds(db, manifest), chain.head(db)[0]
        finally:
            db.close()
    except (Damaged, ForeignFile, StoreFault):
        raise BackupOfAnother from None
    if not held:
        raise BackupOfAnother
    if head > manifest.head_seq:
        raise BackupOlder(count=head - manifest.head_seq)


def _opens(place: Path, key: bytes) -> bool:
    """Whether a key file stands there that is genuine and holds this data key alone."""
    try:
        return bool(keystore.state(place, key))
    except (KeysMissing, KeyslotDamaged, NotRegular, RekeyUnfinished, WrongPassphrase):
        return False


def _digest(database: Path, locked: BufferedRandom | None) -> str:
    """SHA-256 of a database and its log as they lie on the disk.

    The database is read through the file that is `locked`: to open and close it once more would
    drop the lock, and a program would be let in that is not to be.
    """
    digest = hashlib.sha256()
    if locked:
        locked.seek(0)
        digest.update(hashlib.file_digest(locked, "sha256").digest())
    for path in _logs(database) if locked else (database, *_logs(database)):
        if path.exists():
            digest.update(bytes.fromhex(file_digest(path).sha256))
    return digest.hexdigest()


def _tell(
    work: Path, key: bytes, clock: Clock, told: _Told
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Write the restore into the history of the copy, and leave the copy without a log.

    It knows from now on the key file that will lie beside it.

    The hash of its event is returned, which staff codes may do more in it than before, and which
    do not stand as the backup has them.
    """
    path = work / DATABASE
    db = engine.connect(path, key, migrations.STORE_ID, schema_version=migrations.newest())
    try:
        with engine.writing(db):
            at, who = stamp(clock()), told.handle
            chain.append(db, at, who, "store.restored", told.backup, told.replaced)
            begun = chain.head(db)[1]
            if told.first_bad is not None:
                chain.append(db, at, who, chain.ACCEPTED, str(told.first_bad), chain.NOTHING)
            known.put_right(db, work / KEYS, at, who)
            if told.standing:
                line = told.standing.line
                branch = line.ancestry[-1].hash if line.ancestry else line.history
                chain.append(db, at, who, SET_ASIDE, f"{branch[:16]}/{line.head[0]}", line.head[1])
            alike = told.standing and told.standing.line.history == told.history
            people = told.standing.people if told.standing and alike else None
            holders = keystore.handles(work / KEYS)
            as_today = staffing.put_right(db, people, holders, who, told.opener, at)
            head, regained = chain.head(db), _regained(db, told.standing)
        engine.into_one_file(db)
    finally:
        db.close()
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    head_record.write(head_record.place(path), *head, beside=path)
    return begun, regained, as_today


def _regained(db: engine.Database, standing: admission.Standing | None) -> tuple[str, ...]:
    """The staff codes that may do more in a backup than in the store that it replaces."""
    before = standing.people.rights() if standing and standing.people else {}
    people = staff_ledger.people_in(db, torn=True)
    if not people:
        return ()
    more = (
        handle
        for handle, rights in people.rights().items()
        if before and rights - before.get(handle, frozenset())
    )
    return tuple(sorted(more))


# The change itself


def _plan_file(places: Places) -> Path:
    return places.database.with_name(places.database.name + ".restoring")


def _owned(places: Places) -> Path:
    """The file that tells whom the store belongs to."""
    return places.database if places.database.exists() else places.keys


def _hand_over(work: Path, places: Places) -> None:
    """Give the new files to whoever owns the store; NoAccess before anything is replaced."""
    ownership.belong(work, _owned(places))
    ownership.inherit(work / DATABASE, places.database, places.keys)
    if (work / KEYS).exists():
        ownership.inherit(work / KEYS, places.keys, places.database)


def _swap(plan: _Plan, places: Places) -> Path | None:
    aside = places.database.with_name(places.database.name + plan.suffix)
    stood = places.database.exists()
    durable.sync_folder(places.database.parent / plan.work)
    durable.sync_folder(places.database.parent)
    # From here on the new store counts.
    content = plan.model_dump_json().encode()
    durable.write_whole(_plan_file(places), content, replace=False, beside=_owned(places))
    _carry_out(plan, places)
    return aside if stood else None


def _carry_out(plan: _Plan, places: Places) -> None:
    """Change places; what an earlier try has done already is not done again."""
    folder, database = places.database.parent, places.database
    work = folder / plan.work
    aside = database.with_name(database.name + plan.suffix)
    with removal.within(folder) as room:
        if room is None or not room.is_ours(work.name, _WORK, spared(places)):
            raise RestorePlanBroken(path=str(_plan_file(places)))
    record, head = (head_record.place(each) for each in (work / DATABASE, database))
    if (work / DATABASE).exists():
        for log in _logs(database):
            _set_aside(log, aside.with_name(aside.name + log.name.removeprefix(database.name)))
        # The index of a log is made anew from it, and must never meet another database.
        database.with_name(database.name + "-shm").unlink(missing_ok=True)
        _set_aside(database, aside)
        if record.exists():
            _set_aside(head, head_record.place(aside))
    if (work / KEYS).exists():
        _set_aside(places.keys, places.keys.with_name(places.keys.name + plan.suffix))
    # What is set aside has its new name for good before another file takes the old one.
    durable.sync_folder(folder)
    fresh = ((record, head), (work / DATABASE, database), (work / KEYS, places.keys))
    for file, place in fresh:
        if file.exists():
            file.replace(place)
    durable.sync_folder(folder)
    _plan_file(places).unlink()
    durable.sync_folder(folder)
    removal.folder(work, _WORK, spared(places))


def _set_aside(path: Path, aside: Path) -> None:
    if path.exists() and not aside.exists():
        path.rename(aside)


def _logs(database: Path) -> tuple[Path, ...]:
    return tuple(database.with_name(database.name + end) for end in _LOGS)


def _tag(clock: Clock) -> str:
    return stamp(clock()).replace(":", "-").replace(".", "-")


@contextlib.contextmanager
def _alone(places: Places) -> Iterator[BufferedRandom | None]:
    """Keep every other program out of the store and its keys; StoreBusy if one is in there.

    The database itself is not to be opened in any other way meanwhile: closing it again would
    drop the lock on it.
    """
    with file_lock.alone(places.keys), _locked(places.database) as locked:
        yield locked


@contextlib.contextmanager
def _locked(database: Path) -> Iterator[BufferedRandom | None]:
    # Without a key: the present store may be one that nobody can open any more.
    if os.name != "posix" or not database.exists():
        yield None
        return
    import fcntl

    with database.open("rb+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_SIZE, _SHARED_FIRST)
        except (BlockingIOError, PermissionError):
            if others := file_lock.holders(database):
                raise StoreInUse(path=str(database), who=", ".join(others)) from None
            raise StoreBusy(path=str(database)) from None
        yield file
