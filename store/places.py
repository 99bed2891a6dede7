"""Where the files of the store live, and what stands there."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from store.errors import BadConfig

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


def find(database: Path | None = None, environ: Mapping[str, str] = os.environ) -> Places:
    """The places in force: the argument, else PORRAS_DB, else the configuration, else the usual.

    The configuration is TOML at PORRAS_CONFIG or in the user's configuration folder, with the path
    under `database`; a relative path starts at the configuration file. Raises BadConfig.
    """
    if database is None and (named := environ.get("PORRAS_DB")):
        database = Path(named)
    if database is None:
        database = _configured(environ) or _usual_folder("user_data_path") / "porras.db"
    database = database.expanduser().absolute()
    return Places(database, database.with_suffix(".keys"), database.with_name("training.db"))


def _configured(environ: Mapping[str, str]) -> Path | None:
    named = environ.get("PORRAS_CONFIG")
    config = Path(named) if named else _usual_folder("user_config_path") / "config.toml"
    try:
        value = tomllib.loads(config.read_text(encoding="utf-8")).get("database")
    except FileNotFoundError:
        if named:
            raise BadConfig(path=str(config)) from None
        return None
    except (OSError, ValueError):
        raise BadConfig(path=str(config)) from None
    if value is None:
        return None
    if not isinstance(value, str) or not value:
        raise BadConfig(path=str(config))
    return config.absolute().parent / Path(value).expanduser()


def _usual_folder(which: Literal["user_data_path", "user_config_path"]) -> Path:
    import platformdirs

    return Path(getattr(platformdirs, which)("porras", appauthor=False))
