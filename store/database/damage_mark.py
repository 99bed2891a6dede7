"""The mark beside a database that something was found wrong with it.

The next opening checks every page then.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from store.errors import NoAccess, StaleStore, StoreError
from store.files import durable, in_use, regular_files


def path_of(database: Path) -> Path:
    """Return where the mark of a database lies."""
    return database.with_name(database.name + ".suspect")


def leave(database: Path, verdict: StoreError) -> None:
    """Mark that something was found wrong with a database."""
    mark = path_of(database)
    with suppress(OSError, NoAccess):
        if isinstance(verdict, StaleStore) or not mark.exists():
            content = type(verdict).__name__.encode()
            durable.write_whole(mark, content, replace=True, beside=database)


def tells_old_pages(database: Path) -> bool:
    """Return whether something was found that the check of all pages cannot put right."""
    try:
        return regular_files.read(path_of(database), 100) == StaleStore.__name__.encode()
    except OSError:
        return False


def remove(database: Path) -> None:
    """Take the mark away."""
    with suppress(OSError):
        in_use.remove(path_of(database))
