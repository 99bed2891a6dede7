"""Where the files of the store live, and what stands there."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple

PATHWAYS = Path(__file__).resolve().parent.parent / "pathways"
"""The pathways that come with Porras."""

Found = Literal["nothing", "store", "keys only", "database only"]
"""What stands at the places.

`nothing`: set up a new store. `store`: unlock and open it. `keys only`: the setup was cut short
after the key file, or the database was moved away; the keys may be unlocked and an empty database
made with them, once the user has said that no database is missing. `database only`: the key file
has to be put back; no setup may be offered.
"""


class Places(NamedTuple):
    """The files: the encrypted database, its keys beside it, and the training store."""

    database: Path
    keys: Path
    training: Path

    def found(self) -> Found:
        """What stands there now."""
        if self.database.exists():
            return "store" if self.keys.exists() else "database only"
        return "keys only" if self.keys.exists() else "nothing"


def find(database: Path | None = None) -> Places:
    """The places for a database file, or the usual ones in the user's own data folder."""
    if database is None:
        import platformdirs

        database = platformdirs.user_data_path("porras", appauthor=False) / "porras.db"
    database = database.expanduser().absolute()
    return Places(database, database.with_suffix(".keys"), database.with_name("training.db"))
