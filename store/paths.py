"""Where the files of the store live, and what stands there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, NamedTuple

from store.errors import DriveSilent, NameTooLong, NoWorkingFolder
from store.files import ownership
from store.files.unresponsive import Asked, NoAnswer

PATHWAYS = Path(__file__).resolve().parent.parent / "pathways"
"""The pathways that come with Porras."""

LONGEST_NAME = 200
"""Bytes of a database's name, so that the files beside it have room for theirs in 255."""

_PATIENCE_S = 15.0
"""Seconds; a disk that sleeps, or is fetched when it is asked for, takes up to ten."""

StoreState = Literal["nothing", "store", "keys only", "database only"]
"""What stands at the paths of a store.

`nothing`: set up a new store. `store`: unlock and open it. `keys only`: the setup was cut short
after the key file, or the database was moved away; the keys may be unlocked and an empty database
made with them, once the user has said that no database is missing. `database only`: the key file
has to be put back; no setup may be offered.
"""


class StorePaths(NamedTuple):
    """The files: the encrypted database, its keys beside it, and the training store."""

    database: Path
    keys: Path
    training: Path

    def get_state(self) -> StoreState:
        """Return what stands there now.

        Raises:
            NoAccess: If this user may not even look.
            NameTooLong: If the name of the database leaves no room for the files beside it.
        """
        if len(os.fsencode(self.database.name)) > LONGEST_NAME:
            raise NameTooLong(path=str(self.database))
        keys = ownership.stands(self.keys)
        if ownership.stands(self.database):
            return "store" if keys else "database only"
        return "keys only" if keys else "nothing"


def find(database: Path | None = None) -> StorePaths:
    """Return the paths for a database file, or the usual ones in the user's own data folder.

    Links are followed once, here: whatever lies beside the database lies beside the file itself.
    """
    if database is None:
        import platformdirs

        database = platformdirs.user_data_path("porras", appauthor=False) / "porras.db"
    named, file = at_home(database), real(database)
    keys = real(file.with_suffix(".keys"))
    # A link may have been made of the database alone, with the keys left beside the link.
    beside_link = real(named.with_suffix(".keys"))
    if not os.path.lexists(keys) and os.path.lexists(beside_link):
        keys = beside_link
    return StorePaths(file, keys, real(file.with_name("training.db")))


def find_contents(database: Path | None, named: Path | None = None) -> Path:
    """Return the folder of installed contents: the one named, or the one beside the store."""
    return named or find(database).database.with_name("content")


def find_answering(database: Path | None = None) -> StorePaths:
    """Return the paths as `find` does, unless their drive has gone away.

    Raises:
        DriveSilent: If the files do not answer within some seconds.
    """

    def ask() -> StorePaths:
        paths = find(database)
        for path in paths:
            os.path.lexists(path)
        return paths

    try:
        return Asked(ask).result(_PATIENCE_S)
    except NoAnswer:
        raise DriveSilent(path=str(database or "porras.db")) from None


def at_home(path: Path) -> Path:
    """Return a path with the user's own folder for `~`; one of no user known stays as it is."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def real(path: Path) -> Path:
    """Return the absolute path of a file or folder itself, with every link on the way followed.

    Raises:
        NoWorkingFolder: If it begins at the folder that one is in, and that was deleted.
    """
    try:
        return Path(os.path.realpath(at_home(path)))
    except FileNotFoundError:
        raise NoWorkingFolder from None
