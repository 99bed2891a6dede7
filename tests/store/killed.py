"""Cuts an action short at every touch of the file system: run as a program, never imported.

killed.py backup|restore|migration FOLDER

For n = 1, 2, … a child does the action on a fresh copy of the same site and is ended at once at its
n-th open, rename, removal or new folder there. After each the site has to be whole, and the action
has to succeed when it is done again. Prints the number of places at which it was cut short.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from store.backup.admission import PresentKeys
from store.backup.backup import backup, before_migration
from store.backup.inventory import find_newest
from store.backup.manifest import read_manifest
from store.backup.restore import restore
from store.backup.restore_plan import finish
from store.file_names import KEYS
from store.keys import keyslots, keystore
from store.opening.store_file import open_store
from store.paths import StorePaths, find
from store.repository.store import Store
from tests.store.test_backup import PASS, older, whole

_TOUCHES = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link"}


class Site(NamedTuple):
    """A store, a folder of its backups, and the data keys that may open it."""

    places: StorePaths
    backups: Path
    data_keys: tuple[bytes, ...]

    def key(self) -> bytes:
        """The data key that the key file holds now."""
        checks = keystore.read(self.places.keys).checks
        return next(key for key in self.data_keys if keyslots.digest(key) in checks)

    def open(self) -> Store:
        return open_store(self.places.database, self.key(), "nurse-1")


def site(folder: Path, data_keys: tuple[bytes, ...]) -> Site:
    return Site(find(folder / "site" / "porras.db"), folder / "backups", data_keys)


def end_at(number: int, folder: Path) -> None:
    """End this process at its n-th touch of a folder, as if the current had failed."""
    count = 0
    inside = os.fsencode(folder)

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        if event not in _TOUCHES or not isinstance(arguments[0], str | bytes | os.PathLike):
            return
        # A name within an open folder says nothing of where that is; the action has no others.
        place = os.fsencode(arguments[0])
        if place.startswith(inside) or not place.startswith(b"/"):
            count += 1
            if count == number:
                os._exit(9)

    sys.addaudithook(heard)


def cut(action: Callable[[Site], object], there: Site, folder: Path, number: int) -> bool:
    """Do the action in a child; whether it was ended before it was done."""
    child = os.fork()
    if child == 0:
        try:
            end_at(number, folder)
            action(there)
        except BaseException as error:
            print(error, file=sys.stderr)
            os._exit(1)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in {0, 9}, (number, status)
    return status == 9


# What is done, and what has to hold after it was cut short


def make_backup(there: Site) -> None:
    with there.open() as store:
        backup(store, there.places, there.backups, keep=1, days=0)


def check_backups(there: Site) -> None:
    """The store opens, and whatever bears the name of a backup is one."""
    with there.open() as store:
        assert store.audit_log.find_bad_event() is None
    kept = [path for path in there.backups.iterdir() if path.name.startswith("porras-")]
    assert kept
    for path in kept:
        whole(path, there.key())


def restore_newest(there: Site) -> None:
    folder = find_newest(there.backups)
    checks = keystore.read(folder / KEYS).checks
    key = next(key for key in there.data_keys if keyslots.digest(key) in checks)
    present = PresentKeys("nurse-1", (there.key(),))
    restore(folder, there.places, key, "nurse-1", force=True, present=present)


def check_restored(there: Site) -> None:
    """The store is the old one or the restored one, with the keys that open it."""
    finish(there.places)
    manifest = read_manifest(find_newest(there.backups))
    with there.open() as store:
        assert store.audit_log.find_bad_event() is None
        assert store.find_faults() == []
        rows = store.db.execute("SELECT seq FROM audit WHERE event = 'store.restored'").fetchall()
        assert rows in ([], [(manifest.head_seq + 1,)])
        clients = store.db.table("clients").count
        assert clients == (manifest.rows["clients"] if rows else 5)
    left = [path.name for path in there.places.database.parent.iterdir()]
    assert not [name for name in left if name.endswith(".restoring")]


def migrate(there: Site) -> None:
    db = older(there.places.database, there.key())
    try:
        before_migration(db)
    finally:
        db.close()


def check_migration(there: Site) -> None:
    folder = there.places.database.parent / "backups"
    for path in folder.iterdir() if folder.is_dir() else []:
        if path.name.startswith("porras-"):
            whole(path, there.key())


ACTIONS: dict[str, tuple[Callable[[Site], object], Callable[[Site], None]]] = {
    "backup": (make_backup, check_backups),
    "restore": (restore_newest, check_restored),
    "migration": (migrate, check_migration),
}


def main() -> None:
    action, check = ACTIONS[sys.argv[1]]
    ready, trial = Path(sys.argv[2]), Path(sys.argv[2] + "-trial")
    key_files = [*ready.glob("site/*.keys"), *ready.glob("backups/*/*.keys")]
    data_keys = tuple({keystore.unlock(file, "nurse-1", PASS) for file in key_files})
    there = site(trial, data_keys)
    number = 0
    going = True
    while going:
        number += 1
        shutil.rmtree(trial, ignore_errors=True)
        shutil.copytree(ready, trial)
        going = cut(action, there, trial, number)
        check(there)
        action(there)
        check(there)
    print(number - 1)


if __name__ == "__main__":
    main()
