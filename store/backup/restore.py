"""Restoring: a backup takes the place of the store as a whole, or not at all.

The backup is copied beside the store and checked there from end to end; only then do the two change
places (`restore_plan`).
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from io import BufferedRandom
from pathlib import Path
from typing import NamedTuple

from store.audit import chain, staff_ledger
from store.backup import admission, inventory, restore_events, restore_plan
from store.backup.manifest import (
    Manifest,
    Survey,
    copy_file,
    file_digest,
    open_copy,
    read_manifest,
    survey,
)
from store.database import engine_errors, transactions
from store.errors import (
    BackupChainBroken,
    BackupDamaged,
    BackupOfAnother,
    BackupOlder,
    Damaged,
    DamagedStore,
    ForeignFile,
    KeyslotDamaged,
    KeysMissing,
    NotRegular,
    PresentStoreClosed,
    RekeyUnfinished,
    StoreFault,
    StoreMissing,
    WrongPassphrase,
)
from store.file_names import DATABASE, KEYS
from store.files import disk_errors, durable, ownership, regular_files
from store.keys import keystore, rekey
from store.paths import StorePaths
from store.times import Clock, to_iso_utc, utc_now

_CUT_SHORT_AFTER_S = 24 * 60 * 60


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
    regained: tuple[str, ...]
    as_today: tuple[str, ...]
    """As in `restore_events.Outcome`."""


class _Copied(NamedTuple):
    """What a backup holds, by the copy in the workshop."""

    manifest: Manifest
    survey: Survey
    people: staff_ledger.Ledger | None


@disk_errors.as_file_work()
def restore(
    folder: Path,
    paths: StorePaths,
    key: bytes,
    handle: str,
    clock: Clock = utc_now,
    *,
    force: bool = False,
    present: admission.PresentKeys | None = None,
    admitted: bool = False,
) -> Restored:
    """Put the store of a backup in the place of the one that stands, and keep that one aside.

    `folder` is the backup, or has the newest in it. Everything is checked before anything changes.
    The key file stays if it opens the backup too, so that no old passphrase comes back, and nobody
    may do more than today (`staffing`); a copy of it is kept with the store that is set aside. A
    change of the data key that was cut short is finished first. With `force` it is done also if
    events would be lost, the present store has another history or is damaged, or the history of the
    backup does not hold. Somebody who is `admitted` needs no role in the store that stands, nor in
    the backup. Not for a program that has the store open itself.

    Raises:
        BackupsApart: If the folder does not say which backup is meant; or BackupMissing.
        BackupDamaged: If the backup is not what was written; FutureSchema if it is a newer one's.
        BackupOlder: If events would be lost; BackupOfAnother, BackupChainBroken.
        NotAllowed: By the roles of the store that stands, or of the backup; OlderKeys.
        PresentStoreClosed: If the present store has other keys, and they are not `present`.
        StoreBusy: If another program has the store open; DiskFull, ReadOnlyStore.
    """
    source = _prepare(folder, paths)
    with engine_errors.translated(paths.database):
        _finish_rekey(paths, present)
        stood = admission.admit(paths, key, handle, present)
        durable.private_folder(paths.database.parent)
        restore_plan.sweep(paths, clock().timestamp() - _CUT_SHORT_AFTER_S)
        with restore_plan.workshop(paths) as work:
            copied = _lay_out(source, work, key)
            who = _admitted(copied, stood, handle, before=admitted)
            if source != folder:
                _refuse_branches(source, work, key)
            if not force:
                _refuse_loss(copied, paths, stood.key if stood else key)
            told = restore_events.Restore(to_iso_utc(clock()), who, handle, source.name, stood)
            return _replace(source, copied, paths, work, key, told)


# Before anything changes


def _prepare(folder: Path, paths: StorePaths) -> Path:
    """Return the backup that is meant, once this user may replace the store."""
    restore_plan.finish(paths)
    paths.get_state()  # whether this user may look, and the files that are to be made fit
    ownership.refuse_stranger(paths.database)
    ownership.refuse_stranger(paths.keys)
    if paths.database.exists() and not regular_files.is_regular(paths.database):
        raise NotRegular(path=str(paths.database))
    return inventory.find_newest(folder)


def _finish_rekey(paths: StorePaths, present: admission.PresentKeys | None) -> None:
    """Settle on one data key, where a change of it was cut short: what is set aside needs its own.

    A store that is damaged cannot be helped.
    """
    if not ownership.stands(paths.database):
        return
    with suppress(KeysMissing, Damaged, NotRegular):
        if len(keystore.read(paths.keys).checks) > 1:
            if present is None or len(present.keys) < 2:
                raise PresentStoreClosed
            with suppress(Damaged, ForeignFile, StoreFault, StoreMissing):
                rekey.finish_rekey(paths, present.keys)


def _lay_out(folder: Path, work: Path, key: bytes) -> _Copied:
    """Copy a backup into the workshop, and check every byte of the copy."""
    manifest = read_manifest(folder)
    manifest.refuse_newer(folder)
    for name in (DATABASE, KEYS):
        told, written = manifest.files.get(name), None
        with suppress(FileNotFoundError, regular_files.NotAFile, regular_files.TooLarge):
            written = told and copy_file(folder / name, work / name, told.size)
        if written is None or written != told:
            raise BackupDamaged(name=folder.name, file=name)
    try:
        with open_copy(work / DATABASE, key) as db:
            found = survey(db)
            with transactions.reading(db):
                # Whether its history holds is weighed later; somebody may accept it as it is.
                people = staff_ledger.people_in(db, torn=True)
    except (DamagedStore, ForeignFile):
        raise BackupDamaged(name=folder.name, file=DATABASE) from None
    if not manifest.fits(found):
        raise BackupDamaged(name=folder.name, file=DATABASE)
    return _Copied(manifest, found, people)


def _admitted(
    copied: _Copied, stood: admission.PresentStore | None, handle: str, *, before: bool
) -> str:
    """Return who restores: whoever has opened the store that stands, if it is the same one."""
    admitted = stood.lineage.history == copied.survey.lineage.history if stood else before
    if copied.people and not admitted:
        copied.people.need(handle, "upkeep")
    return stood.handle if stood and admitted else handle


def _refuse_branches(source: Path, work: Path, key: bytes) -> None:
    """Refuse to choose between what a restore has set aside and what was recorded after it."""
    with open_copy(work / DATABASE, key) as db:
        later = inventory.later_and_apart(source, db)
    if later:
        ends = (inventory.Entry(path, read_manifest(path)) for path in (source, later))
        raise inventory.apart_error(
            source.parent, tuple(inventory.Tip(*each, None) for each in ends)
        )


def _refuse_loss(copied: _Copied, paths: StorePaths, key: bytes) -> None:
    """Refuse what a person should have said yes to first."""
    if copied.survey.first_bad is not None:
        raise BackupChainBroken(seq=copied.survey.first_bad)
    if not paths.database.exists():
        return
    # A newer program may have written it: its log can be read all the same.
    stands = admission.open_to_ask(paths.database, key)
    if stands is None:
        raise BackupOfAnother
    try:
        with stands as db:
            held, head = inventory.holds(db, copied.manifest), chain.head(db)[0]
    except (Damaged, ForeignFile, StoreFault):
        raise BackupOfAnother from None
    if not held:
        raise BackupOfAnother
    if head > copied.manifest.head_seq:
        raise BackupOlder(count=head - copied.manifest.head_seq)


# The change itself


def _replace(
    source: Path,
    copied: _Copied,
    paths: StorePaths,
    work: Path,
    key: bytes,
    told: restore_events.Restore,
) -> Restored:
    with restore_plan.alone(paths) as locked:
        kept = _opens(paths.keys, key)
        if kept:  # the one that stands is set aside like the database, and so is kept twice
            (work / KEYS).unlink()
            copy_file(paths.keys, work / KEYS)
        restore_plan.hand_over(work, paths)
        replaced = _digest(paths.database, locked)
        outcome = restore_events.record(work, key, told, copied.survey, replaced)
        aside = restore_plan.swap(work, paths, told.at)
    return Restored(source, copied.manifest, aside, kept, *outcome)


def _opens(place: Path, key: bytes) -> bool:
    """Return whether a key file stands there that is genuine and holds this data key alone."""
    try:
        return bool(keystore.state(place, key))
    except (KeysMissing, KeyslotDamaged, NotRegular, RekeyUnfinished, WrongPassphrase):
        return False


def _digest(database: Path, locked: BufferedRandom | None) -> str:
    """SHA-256 of a database and its log as they lie on the disk.

    The database is read through the file that is `locked`: to open and close it once more would
    drop the lock, and a program would be let in that is not to be.
    """
    digest, logs = hashlib.sha256(), restore_plan.logs_of(database)
    if locked:
        locked.seek(0)
        digest.update(hashlib.file_digest(locked, "sha256").digest())
    for path in logs if locked else (database, *logs):
        if path.exists():
            digest.update(bytes.fromhex(file_digest(path).sha256))
    return digest.hexdigest()
