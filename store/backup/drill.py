"""The drill: a backup is restored into a folder of its own, read whole, and removed again."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from store.backup import admission, inventory
from store.backup.manifest import Manifest, Survey, open_copy, read_manifest, survey
from store.backup.restore import restore
from store.backup.restore_plan import TRIAL, TRIED, spared
from store.database import engine_errors
from store.errors import (
    BackupDamaged,
    BackupMissing,
    BackupOtherKey,
    NewerThanProgram,
    StoreError,
)
from store.file_names import DATABASE, KEYS
from store.files import removal
from store.keys import keyslots, keystore
from store.paths import StorePaths, find, real
from store.times import Clock, utc_now


class Drill(NamedTuple):
    """What a restore into a folder of its own has shown."""

    backup: Path
    manifest: Manifest
    found: Survey
    passed_over: tuple[StoreError, ...]
    """What was wrong with newer backups of the same branch."""


def drill(
    folder: Path, paths: StorePaths, key: bytes, handle: str, clock: Clock = utc_now
) -> Drill:
    """Try out the newest good backup of a folder, of the branch of the store that stands.

    `folder` may be a backup itself. Nothing but a folder beside the store is written to.

    Raises:
        BackupMissing: If there is none.
        BackupsApart: If there are several branches, and no store tells which is meant.
        StoreError: What was wrong with the newest backup if none is good, or as `restore`.
    """
    admitted = admission.admit_if_open(paths, key, handle) is not None
    wrong: list[StoreError] = []
    for source in in_turn(folder, paths, key):
        try:
            return Drill(source, *_tried(source, paths, key, handle, clock, admitted), tuple(wrong))
        except (BackupDamaged, BackupOtherKey, BackupMissing, NewerThanProgram) as error:
            wrong.append(error)
    raise wrong[0] if wrong else BackupMissing(path=str(folder))


def in_turn(folder: Path, paths: StorePaths, key: bytes) -> list[Path]:
    """Return the backups of a folder that a drill may take, in the order in which to try them."""
    if inventory.is_backup(folder):
        return [folder]
    entries = list(inventory.list_finished(folder))
    own = _own(entries, paths, key)
    if not own:
        inventory.find_newest(folder)  # that there is one, and only one branch
        own = entries
    ordered = sorted(own, key=lambda each: (each.manifest.head_seq, each.manifest.made))
    read, last = {each.path for each in entries}, max(each.path.name for each in own)
    unread = [
        path for path in inventory.list_named(folder) if path not in read and path.name > last
    ]
    return [*unread[::-1], *(entry.path for entry in ordered[::-1])]


def _own(entries: list[inventory.Entry], paths: StorePaths, key: bytes) -> list[inventory.Entry]:
    """Return those that the store that stands holds, if it can be opened."""
    db = admission.open_to_ask(paths.database, key)
    if db is None:
        return []
    with db:
        return [entry for entry in entries if inventory.holds(db, entry.manifest)]


def _tried(
    source: Path, paths: StorePaths, key: bytes, handle: str, clock: Clock, admitted: bool
) -> tuple[Manifest, Survey]:
    if keyslots.digest(key) not in _checks(source):
        raise BackupOtherKey(name=source.name)
    with engine_errors.translated(paths.database.parent), _room(paths) as room:
        trial = find(room / DATABASE)
        done = restore(source, trial, key, handle, clock, force=True, admitted=admitted)
        with open_copy(trial.database, key) as db:
            return done.manifest, survey(db)


def _checks(source: Path) -> tuple[str, ...]:
    read_manifest(source)
    try:
        return keystore.read(source / KEYS).checks
    except StoreError:
        raise BackupDamaged(name=source.name, file=KEYS) from None


@contextlib.contextmanager
def _room(paths: StorePaths) -> Iterator[Path]:
    """Give a folder of its own, which is removed again."""
    beside = paths.database.parent
    room = Path(tempfile.mkdtemp(prefix=f".{TRIAL}-", dir=beside if beside.is_dir() else None))
    try:
        yield room
    finally:
        removal.remove_folder(real(room), TRIED, spared(paths))
