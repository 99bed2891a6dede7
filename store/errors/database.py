"""The database file: missing, taken, moved away while it was open, or in use."""

from __future__ import annotations

from store.errors.base import (
    N_,
    NOT_FINISHED,
    NOTHING_CHANGED,
    NothingChanged,
    NotStored,
    StoreError,
)


class StoreMissing(StoreError):
    what = N_("There is no database at {path}.")
    safe = N_("Nothing was changed.")
    next = N_("Check the path; if the file was moved, put it back, or set up a new store.")


class StoreExists(NothingChanged):
    what = N_("There is already a file at {path}.")
    next = N_("Open the store that is there, or choose another path for the new one.")


class StoreGone(StoreError):
    """There is no database, but the record beside it tells that there was one."""

    what = N_("The database {path} is gone. It had {count} entries.")
    safe = N_("Nothing was changed. The right file, or a backup, may hold them.")
    next = N_(
        "Put the file back, or restore the newest backup: porras restore. For a new store, move "
        "{record} away first."
    )


class ForeignFile(StoreError):
    """The file is not this program's, or not the one that this key belongs to."""

    what = N_("The file {path} is not a Porras database, or its first page is damaged.")
    safe = N_("The file was not changed.")
    next = N_("Check the path; if it is the right file, restore the newest backup.")


class TakenAway(StoreError):
    """The open database was deleted, moved or replaced; `kept` is a backup of what it held."""

    what = N_("The database {path} was deleted, moved or replaced while Porras had it open.")
    safe = N_("All that was answered, the last answer too, is kept in {kept}.")
    next = N_(
        "Close Porras, and fetch whoever looks after the computer. This takes it up: "
        "porras restore {kept}"
    )


class NotKeptApart(TakenAway):
    """The open database has lost its name, and what it holds could not be copied, by its cause."""

    safe = N_("What was answered lies in the open program alone: it could not be copied.")
    next = N_(
        "Do not close Porras. Write down what matters, and fetch whoever looks after the computer. "
        "Once the disk takes writes again, let Porras try again."
    )


class NeverKept(TakenAway):
    """The program has ended, and what its lost database held could not be copied, by its cause."""

    safe = N_("What was answered since the newest backup is lost: it could not be copied.")
    next = N_("Fetch whoever looks after the computer. This puts a backup back: porras restore")


class SecondName(NothingChanged):
    """The database has a second name on the disk, a hard link: under it, another log is used."""

    what = N_("The database {path} has a second name on this disk (a hard link).")
    next = N_(
        "Remove the other name, then start again. This finds it: find / -xdev -samefile {path}"
    )


class SecondNameMeanwhile(SecondName):
    """The database has got a second name while it was open."""

    what = N_("The database {path} has got a second name on this disk (a hard link).")
    safe = N_("All that was answered, the last answer too, is stored. Nothing more is written.")


class StoreBusy(NotStored):
    """Another program held the write lock for longer than the store waits."""

    what = N_("Another program keeps the database {path} locked.")
    next = N_("Wait a moment and try again; close other programs that use the file.")


class StoreLocked(StoreBusy):
    """As StoreBusy, for work on the files: no entry was under way."""

    safe = NOT_FINISHED


class StoreInUse(StoreBusy):
    """Other programs have the database open, and this needs it alone; `who` names them."""

    what = N_("Other programs have the database {path} open: {who}.")
    safe = NOTHING_CHANGED
    next = N_("Close Porras everywhere it is open on this database, then try again.")


class AffectedEngine(NothingChanged):
    """The linked SQLite can lose commits when several programs write (the WAL reset defect)."""

    what = N_("The database engine {version} can lose entries when several people write at once.")
    next = N_("Reinstall Porras, so that it comes with its own engine.")
