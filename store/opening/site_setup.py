"""A store that is made before anybody is there to work in it, as for many workplaces at once.

Its one staff code gets a first passphrase by chance, good for nothing but the choice of another.
There is no recovery code: whoever installs would hold a lasting key to the store. The administrator
gets one at the first sign-in, when it can be written down.

A record beside the database tells how far the work has come, and by which settings. It holds no
secret. Until somebody has signed in the store holds nothing of anybody, and may be made anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from store import codes
from store.database import head_record
from store.errors import (
    DamagedRecord,
    InTheWay,
    SetUpElsewhere,
    SetUpInUse,
    SetUpLost,
    SetUpOtherwise,
    StoreBusy,
)
from store.file_names import OF_DATABASE
from store.files import disk_errors, durable, file_lock, ownership, regular_files, removal
from store.keys import authentication, keystore
from store.opening import key_file_check, store_file
from store.opening.unlock import detect_state
from store.paths import StorePaths
from store.times import Clock, utc_now

Standing = Literal["new", "unfinished", "done"]
"""`new`: nothing is there. `unfinished`: an earlier run was cut short, nobody has its passphrase.
`done`: the store was made by these settings."""

_LARGEST = 10_000
"""Bytes; a record has some ten short lines."""


class Wanted(NamedTuple):
    """By what a store is set up."""

    handle: str
    """The staff code of the first administrator."""
    unit: str | None
    settings: Mapping[str, str]
    """The settings of the store, by their keys in its table."""

    def told(self) -> dict[str, str]:
        """Return everything as it is kept in the record and told."""
        settings = {key.replace(".", "_"): value for key, value in self.settings.items()}
        return {"administrator": self.handle, "unit": self.unit or "", **settings}


class _Record(NamedTuple):
    state: Literal["begun", "done"]
    entries: int
    """How many entries the log had once the store was made; 0 before that."""
    wanted: Mapping[str, str]


def record_path(paths: StorePaths) -> Path:
    """Return where the record of a set-up lies."""
    return paths.database.with_suffix(".setup")


def look(paths: StorePaths, wanted: Wanted) -> Standing:
    """Say what `make` would find; nothing is changed.

    Raises:
        SetUpElsewhere: If a store stands that was not set up in this way.
        SetUpOtherwise: If it was set up by other settings.
        SetUpLost: If a store was set up that is not there any more; StoreGone.
    """
    _check_place(paths)
    record = _read(paths)
    if record is None:
        if detect_state(paths) == "nothing":
            return "new"
        raise SetUpElsewhere(path=str(paths.database))
    if record.state == "begun" and _is_untouched(paths, record):
        return "unfinished"
    if detect_state(paths) != "store":
        raise SetUpLost(path=str(paths.database), record=str(record_path(paths)))
    for key, value in wanted.told().items():
        if value != (kept := record.wanted.get(key, "")):
            raise SetUpOtherwise(name=key, kept=kept or "–", value=value or "–")
    return "done"


def _check_place(paths: StorePaths) -> None:
    """Refuse a place where no store can be, before anything is made on the way to it.

    Raises:
        InTheWay: If a folder or a pipe stands there, or a file on the way.
        ReadOnlyStore: If the disk takes no writes; NoAccess.
    """
    database = paths.database
    if ownership.stands(database):
        if not regular_files.is_regular(database):
            raise InTheWay(path=str(database))
        return
    above = next(folder for folder in database.parents if os.path.lexists(folder))
    if not regular_files.is_folder(above):
        raise InTheWay(path=str(above))
    if barred := ownership.not_written(above):
        raise barred


def refuse_if_used(paths: StorePaths) -> None:
    """Refuse to make a store anew in which somebody may have worked.

    Raises:
        SetUpInUse: If somebody has signed in; SetUpElsewhere if it was not set up in this way.
        SetUpLost: If the keys alone are gone: whoever has them elsewhere can still open the store.
    """
    _check_place(paths)
    record = _read(paths)
    if record is None and detect_state(paths) == "nothing":
        return
    if record is None:
        raise SetUpElsewhere(path=str(paths.database))
    if _is_untouched(paths, record):
        return
    if paths.keys.exists():
        raise SetUpInUse(path=str(paths.database))
    raise SetUpLost(path=str(paths.database), record=str(record_path(paths)))


def make(
    paths: StorePaths,
    wanted: Wanted,
    give: Callable[[str], None],
    clock: Clock = utc_now,
    *,
    anew: bool = True,
) -> bool:
    """Make the store, and `give` the first passphrase away before it counts as made.

    Unless it is to be made `anew`, one that another run has made by now is left as it is, since
    its passphrase is given away: then the answer is False.

    What an earlier run left is taken away first. Cut short anywhere, `look` says "unfinished", and
    the next run begins anew with another passphrase.

    Raises:
        SetUpInUse: If somebody has signed in; StoreError if the disk refuses; whatever `give` does.
    """
    with disk_errors.translated(paths.database):
        durable.private_folder(paths.database.parent)
        with file_lock.alone(record_path(paths)):
            if not anew and look(paths, wanted) == "done":
                return False
            refuse_if_used(paths)
            _keep(paths, _Record("begun", 0, wanted.told()))
            _clear(paths)
            passphrase = codes.new_first_passphrase()
            record = _Record("begun", _make(paths, wanted, passphrase, clock), wanted.told())
            _keep(paths, record)
            give(passphrase)
            _keep(paths, record._replace(state="done"))
    return True


def _make(paths: StorePaths, wanted: Wanted, passphrase: str, clock: Clock) -> int:
    """Make keys, database and settings; return how many entries the log has then."""
    key = keystore.create_unclaimed(paths.keys, wanted.handle, passphrase)
    authentication.throttle_of(paths, clock).create_file()
    with store_file.create_store(paths.database, key, wanted.handle, clock) as store:
        key_file_check.check_key_file(store, paths.keys)
        if wanted.unit:
            store.staff.set_own_unit(wanted.unit)
        for name, value in wanted.settings.items():
            store.settings.set(name, value)
        store.log_event("passphrase.given", store.handle)
    return _entries(paths)


def _entries(paths: StorePaths) -> int:
    """Return how many entries the log has, as the record beside the database tells; 0 if none."""
    head = head_record.read(head_record.path_of(paths.database))
    return head.seq if head else 0


def _is_untouched(paths: StorePaths, record: _Record) -> bool:
    """Return whether nobody has signed in since the store was made, or was begun.

    `_clear` takes the keys last, `_make` writes them first: a database without them lost them.
    """
    if not paths.keys.exists():
        return not paths.database.exists()
    slots = [(user.handle, user.must_change) for user in keystore.users(paths.keys)]
    first = slots == [(record.wanted.get("administrator"), True)]
    claimed = not first or keystore.has_recovery(paths.keys)
    return not claimed and record.entries in {0, _entries(paths)}


def _clear(paths: StorePaths) -> None:
    """Take away a store that nobody has used: the keys last, which prove that."""
    database = paths.database
    beside = [database.with_name(database.name + end) for end in OF_DATABASE]
    for path in (*beside, authentication.throttle_of(paths).path, paths.keys):
        if path.exists() and not removal.remove_file(path):
            raise StoreBusy(path=str(path))
    durable.sync_folder(database.parent)


def _read(paths: StorePaths) -> _Record | None:
    path = record_path(paths)
    with disk_errors.translated(path):
        if not path.exists():
            return None
        content = regular_files.read(path, _LARGEST)
    try:
        told = json.loads(content)
        record = _Record(told["state"], int(told["entries"]), dict(told["wanted"]))
    except (ValueError, KeyError, TypeError):
        raise DamagedRecord(path=str(path)) from None
    return record


def _keep(paths: StorePaths, record: _Record) -> None:
    content = json.dumps(record._asdict(), ensure_ascii=False, indent=1) + "\n"
    durable.write_whole(record_path(paths), content.encode(), replace=True)
