"""A backup that is made beside the work of a nurse, piece by piece."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from store.backup.backup import Backup, BackupRun, last_folder, usual
from store.backup.manifest import Manifest
from store.errors import StoreError
from store.paths import find, real
from store.repository.store import Store

__all__ = ["Backup", "BackupBeside", "Manifest", "suggest_folder"]


class BackupBeside:
    """Makes a backup; what is long works on a second connection, in any thread.

    `copy`, `record_copy`, `look_after` and `finish` are done in that order. The first and the third
    raise nothing: what they met is raised by the one after, in the thread of the store.
    """

    def __init__(self, store: Store, folder: Path) -> None:
        """Begin one.

        Raises:
            NotAllowed: If the worker may make none.
        """
        paths = find(store.db.path)
        create = real(folder) == real(usual(paths))
        self._run = BackupRun(store, paths, folder, create=create)
        self._error: StoreError | None = None

    def copy(self) -> None:
        """Copy the store and read the copy back."""
        self._beside(self._run.copy)

    def record_copy(self) -> None:
        """Record that the copy stands; what it raises is that of `BackupRun`."""
        self._check()
        self._run.record_copy()

    def look_after(self) -> None:
        """Remove older backups whose time is over, and read one of them whole."""
        self._beside(self._run.look_after)

    def finish(self) -> Backup:
        """Record what was read; return what was made. What it raises is that of `BackupRun`."""
        self._check()
        return self._run.finish()

    def _beside(self, piece: Callable[..., None]) -> None:
        try:
            piece(beside=True)
        except StoreError as error:
            self._error = error

    def _check(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            raise error


def suggest_folder(store: Store) -> Path:
    """Return where the last backup lies, else the folder beside the database.

    Raises:
        StoreError: If the store does not tell.
    """
    return last_folder(store) or usual(find(store.db.path))
