"""A file that is not as it was written. Only these advise a restore."""

from __future__ import annotations

from store.errors.base import N_, StoreError


class Damaged(StoreError):
    """A file is not as it was written; for this alone a backup or a salvage is the way."""


class DamagedStore(Damaged):
    what = N_("The database {path} is damaged: a part of it cannot be read.")
    safe = N_("Nothing more is written to it; what was recorded may be lost in part.")
    next = N_("Keep the damaged file and restore the newest backup.")


class DamagedLog(DamagedStore):
    """The log that holds the newest entries is damaged or was taken away."""

    what = N_("The log of the newest entries beside the database {path} is damaged or missing.")
    safe = N_("Nothing was changed. Older entries are in the database; the newest may be lost.")
    next = N_(
        "Copy the whole folder aside and call support. The newest backup, or the database without "
        "its log, holds the rest."
    )


class DamagedSchema(DamagedStore):
    """Tables, views, indexes or triggers are not as the program makes them; `about` names one."""

    what = N_("The database {path} is not built as Porras builds it: {about} differs.")
    safe = N_("Nothing was changed. Its records may be whole, but nothing guards them any more.")
    next = N_("Restore the newest backup, or let porras doctor --rescue move the records over.")


class StaleStore(DamagedStore):
    """Something in the database is older than its log tells, or was changed; `about` is a table."""

    what = N_("In the database {path} something is not as its log tells it ({about}).")
    safe = N_("Nothing more is read or written. An old page was put back, or a write was lost.")
    next = N_(
        "Copy the whole folder aside. Restore the newest backup, or save what can be read: porras "
        "doctor --rescue."
    )


class EntriesMissing(Damaged):
    """Entries that were acknowledged are not in the database, `first` to `last`."""

    what = N_(
        "Entries {first} to {last} are missing from the database {path}. Its newest one is of "
        "{since}."
    )
    safe = N_("Nothing was changed. The right file, or a backup, may hold what is missing.")
    next = N_(
        "If an older file was put in place, put the right one back. Otherwise restore the newest "
        "backup: porras restore. To go on without these entries: porras doctor --accept-loss."
    )


class OtherEntries(EntriesMissing):
    """An entry that was acknowledged is another one in the database: it went another way."""

    what = N_(
        "The database {path} is not the one that was last used here: entry {last} is another one. "
        "Its newest one is of {since}."
    )
