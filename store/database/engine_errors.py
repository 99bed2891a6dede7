"""What an error of the engine means for the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlcipher3 import dbapi2 as driver

from store.database import wal_check
from store.errors import (
    AppendOnly,
    ClosedAssessment,
    DamagedStore,
    DiskFull,
    FailingDisk,
    ReadOnlyDisk,
    ReadOnlyStore,
    StopOpen,
    StoreBusy,
    StoreError,
    StoreFault,
)
from store.files import disk_errors, ownership

# Names of the triggers' errors, and what they mean.
_RAISED: dict[str, type[StoreError]] = {
    "append only": AppendOnly,
    "closed": ClosedAssessment,
    "open stop": StopOpen,
}
_BY_CODE: dict[str, type[StoreError]] = {
    "SQLITE_FULL": DiskFull,
    "SQLITE_BUSY": StoreBusy,
    "SQLITE_LOCKED": StoreBusy,
    "SQLITE_READONLY": ReadOnlyStore,
    "SQLITE_CANTOPEN": ReadOnlyStore,
    "SQLITE_PERM": ReadOnlyStore,
    "SQLITE_CORRUPT": DamagedStore,
    "SQLITE_NOTADB": DamagedStore,
}


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn errors of the driver and the disk into errors of the store.

    Raises:
        StoreError: By `translate`, or `disk_errors.translate`.
    """
    try:
        yield
    except driver.Error as error:
        raise translate(error, path) from error
    except OSError as error:
        raise disk_errors.translate(error, path) from error


def translate(error: Exception, path: Path) -> StoreError:
    """Return what an error of the driver means for the store."""
    code = code_of(error)
    if code == "SQLITE_CONSTRAINT" and str(error) in _RAISED:
        return _RAISED[str(error)]()
    if code == "SQLITE_IOERR":  # the driver tells no more than that
        full = disk_errors.is_full(path)
        return DiskFull(path=str(path)) if full else disk_errors.failing(path, path)
    kind = _BY_CODE.get(code)
    if kind is DamagedStore:
        return unreadable(path)
    if kind:
        return not_to_be_written(path) if kind is ReadOnlyStore else kind(path=str(path))
    return StoreFault(reason=code)


def code_of(error: Exception) -> str:
    """Return the name of the engine's code for an error of the driver."""
    return str(getattr(error, "sqlite_errorname", type(error).__name__))


def gives_all(path: Path) -> bool:
    """Return whether the disk gives every byte of a database and of its log."""
    return all(disk_errors.is_readable(each) for each in (path, wal_check.log_of(path)))


def unreadable(path: Path) -> StoreError:
    """Return what an unreadable page of a database means: a damaged file, or a failing disk.

    The engine takes what the disk does not give for a damaged page.
    """
    return (DamagedStore if gives_all(path) else FailingDisk)(path=str(path))


def not_to_be_written(path: Path) -> StoreError:
    """Return what keeps a database from being opened or written: the user, or the disk."""
    if ownership.denies(path):
        return ownership.no_access(path)
    return (ReadOnlyDisk if ownership.on_read_only_disk(path) else ReadOnlyStore)(path=str(path))
