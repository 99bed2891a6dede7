"""How the files and folders are called that Porras lays on a disk beside its database."""

from __future__ import annotations

from typing import Final

DATABASE, KEYS, MANIFEST = "porras.db", "porras.keys", "manifest.json"
"""The files of a backup."""

OF_DATABASE = ("", "-journal", "-wal", "-shm", ".ballast", ".head", ".suspect")
"""What is put to the name of a database: itself, and what the engine and Porras lay beside it."""

BACKUPS = "backups"
"""The folder beside a database of the backups that were not asked to go elsewhere."""

BACKUP_FORMAT: Final = "porras-backup"
"""What the manifest of a backup says that it is of."""

TIME = r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ"
"""How an instant stands in a name."""

UNFINISHED = ".porras-"
"""How the name of a file begins that has not got its own yet."""


def time_in_name(instant: str) -> str:
    """Return an instant as it stands in a name, without what some file systems do not take."""
    return instant[: len("2026-11-22T08:30:05")].replace(":", "-") + "Z"
