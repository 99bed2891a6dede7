"""The change itself of a restore: a plan on the disk, which is the point of no return.

Until the plan stands the old store is in use; from then on the new one is, because whoever comes
next carries out what a program that was cut short had left.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from store.database import engine_errors, head_record
from store.errors import RestorePlanBroken, StoreBusy, StoreInUse
from store.file_names import DATABASE, KEYS
from store.files import durable, file_lock, in_use, ownership, regular_files, removal
from store.paths import StorePaths
from store.windows.error_numbers import HELD, errno_of

if sys.platform == "win32":
    from store.windows import programs

# Where SQLite keeps the locks of a database: a reader holds a share of these bytes, and whoever
# has a database with a log open is a reader all the time. Source: sqlite.org/fileformat2.html and
# the description of locks in os.h.
_SHARED_FIRST, _SHARED_SIZE = 0x4000_0002, 510
_LOGS = ("-wal", "-journal")
_LARGEST_PLAN = 4096

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


class _Plan(BaseModel):
    """What is to change places; names within the folder of the database."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    work: str = Field(pattern=r"\.restore-\w+")
    suffix: str = Field(pattern=r"\.before-restore-[\w-]+")


def finish(paths: StorePaths) -> bool:
    """Carry out a plan that a program left behind when it was cut short; say whether there was one.

    To be called before a store is looked for.

    Raises:
        StoreBusy: If another program has the store open.
        RestorePlanBroken: If the plan cannot be read.
    """
    place = _plan_file(paths)
    if not ownership.stands(place):
        return False
    with engine_errors.translated(paths.database), alone(paths):
        if place.exists():  # no other program has been faster
            try:
                content = regular_files.read(place, _LARGEST_PLAN, links=False)
                plan = _Plan.model_validate_json(content)
            except (ValidationError, regular_files.NotAFile, regular_files.TooLarge):
                raise RestorePlanBroken(path=str(place)) from None
            _carry_out(plan, paths)
    return True


def hand_over(work: Path, paths: StorePaths) -> None:
    """Give the new files to whoever owns the store.

    Raises:
        NoAccess: If that may not be done; nothing is replaced then.
    """
    ownership.belong(work, _owned(paths))
    ownership.inherit(work / DATABASE, paths.database, paths.keys)
    if (work / KEYS).exists():
        ownership.inherit(work / KEYS, paths.keys, paths.database)


def swap(work: Path, paths: StorePaths, at: str) -> Path | None:
    """Let what lies in the workshop take the place of the store; return where that lies now.

    `at` is the instant of the restore, after which what is set aside is named.

    Raises:
        RestorePlanBroken: If something else lies in the workshop.
    """
    plan = _Plan(work=work.name, suffix=f".before-restore-{re.sub('[:.]', '-', at)}")
    aside = _aside(paths.database, plan) if paths.database.exists() else None
    durable.sync_folder(work)
    durable.sync_folder(work.parent)
    # From here on the new store counts.
    content = plan.model_dump_json().encode()
    durable.write_whole(_plan_file(paths), content, replace=False, beside=_owned(paths))
    _carry_out(plan, paths)
    return aside


@contextmanager
def workshop(paths: StorePaths) -> Iterator[Path]:
    """Give a folder in which a backup is checked; it is removed, unless a plan needs it still."""
    work = durable.new_folder(paths.database.parent, f".{WORKSHOP}-")
    try:
        yield work
    finally:
        if not _plan_file(paths).exists():
            removal.remove_folder(work, _WORK, spared(paths))


def sweep(paths: StorePaths, before: float) -> None:
    """Remove the folders that programs left behind which were cut short before an instant."""
    for kind, laid in ((WORKSHOP, _WORK), (TRIAL, TRIED)):
        name = re.compile(rf"\.{kind}-{removal.RANDOM}")
        removal.remove_old(paths.database.parent, name, laid, spared(paths), before)


def spared(paths: StorePaths) -> removal.Spared:
    """Return the files of the store that stands, which are never removed."""
    return removal.files_of(paths.database, paths.keys)


def logs_of(database: Path) -> tuple[Path, ...]:
    """Return where the logs of a database lie that hold what is not in the file yet."""
    return tuple(database.with_name(database.name + end) for end in _LOGS)


@contextmanager
def alone(paths: StorePaths) -> Iterator[BufferedRandom | None]:
    """Keep every other program out of the store and its keys; the open database is given.

    It is not to be opened in any other way meanwhile: closing it again would drop the lock on it.

    Raises:
        StoreBusy: If another program has the store open; StoreInUse if it is known which.
    """
    with file_lock.alone(paths.keys), _locked(paths.database) as locked:
        yield locked


@contextmanager
def _locked(database: Path) -> Iterator[BufferedRandom | None]:
    # Without a key: the present store may be one that nobody can open any more.
    if not database.exists():
        yield None
        return
    try:
        file = _open_locked(database)
    except BlockingIOError:
        if others := file_lock.holders(database):
            raise StoreInUse(path=str(database), who=", ".join(others)) from None
        raise StoreBusy(path=str(database)) from None
    with file:
        yield file


def _open_locked(database: Path) -> BufferedRandom:
    """Open a database so that no other program works with it until it is closed again.

    Raises:
        BlockingIOError: If another program does now.
        OSError: If this user may not open it, or the disk fails.
    """
    if sys.platform == "win32":
        try:
            return os.fdopen(programs.open_alone(database), "rb+")
        except PermissionError as error:
            raise (BlockingIOError() if errno_of(error) == HELD else error) from None
    import fcntl

    file = database.open("rb+")
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_SIZE, _SHARED_FIRST)
    except PermissionError:  # so some systems say that a lock is taken
        file.close()
        raise BlockingIOError from None
    except BaseException:
        file.close()
        raise
    return file


def _plan_file(paths: StorePaths) -> Path:
    return paths.database.with_name(paths.database.name + ".restoring")


def _aside(path: Path, plan: _Plan) -> Path:
    return path.with_name(path.name + plan.suffix)


def _owned(paths: StorePaths) -> Path:
    """Return the file that tells whom the store belongs to."""
    return paths.database if paths.database.exists() else paths.keys


def _carry_out(plan: _Plan, paths: StorePaths) -> None:
    """Change places; what an earlier try has done already is not done again."""
    folder, database = paths.database.parent, paths.database
    work = folder / plan.work
    with removal.open_folder(folder) as room:
        if room is None or not room.is_ours(work.name, _WORK, spared(paths)):
            raise RestorePlanBroken(path=str(_plan_file(paths)))
    record, head = (head_record.path_of(each) for each in (work / DATABASE, database))
    if (work / DATABASE).exists():
        _set_database_aside(paths, plan, with_head=record.exists())
    if (work / KEYS).exists():
        _set_aside(paths.keys, _aside(paths.keys, plan))
    # What is set aside has its new name for good before another file takes the old one.
    durable.sync_folder(folder)
    fresh = ((record, head), (work / DATABASE, database), (work / KEYS, paths.keys))
    for file, place in fresh:
        if file.exists():
            in_use.replace(file, place)
    durable.sync_folder(folder)
    in_use.remove(_plan_file(paths))
    durable.sync_folder(folder)
    removal.remove_folder(work, _WORK, spared(paths))


def _set_database_aside(paths: StorePaths, plan: _Plan, *, with_head: bool) -> None:
    database, aside = paths.database, _aside(paths.database, plan)
    for log in logs_of(database):
        _set_aside(log, aside.with_name(aside.name + log.name.removeprefix(database.name)))
    # The index of a log is made anew from it, and must never meet another database.
    in_use.remove(database.with_name(database.name + "-shm"))
    _set_aside(database, aside)
    if with_head:
        _set_aside(head_record.path_of(database), head_record.path_of(aside))


def _set_aside(path: Path, aside: Path) -> None:
    if path.exists() and not aside.exists():
        in_use.rename(path, aside)
