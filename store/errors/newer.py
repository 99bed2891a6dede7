"""A newer Porras has written a file, with which nothing is wrong."""

from __future__ import annotations

from store.errors.base import N_, StoreError


class NewerThanProgram(StoreError):
    """A newer Porras has written a file; nothing is wrong with it."""

    what = N_("The file {path} was written by a newer Porras.")
    safe = N_("The file was not changed, and everything in it is safe.")
    next = N_("Install the newer Porras here.")


class FutureSchema(NewerThanProgram):
    what = N_("The database {path} was written by a newer Porras (schema {found}).")
    next = N_("Install the newer Porras; this one knows schemas up to {known}.")


class FutureSchemaWayBack(FutureSchema):
    """A backup that this program can restore lies beside the newer database."""

    next = N_(
        "Install the newer Porras; this one knows schemas up to {known}. To stay with this one, "
        'go back to the backup of {made}: porras restore --force "{folder}". What was recorded '
        "since would be missing; events in the log since then: {events}."
    )


class UpdatedMeanwhile(FutureSchema):
    """A newer Porras has brought the database up to date while this program had it open."""

    what = N_("A newer Porras has updated the database while this one had it open.")
    safe = N_("This entry was not stored; everything that was answered before it is stored.")
    next = N_("Close Porras and start it again, in the newer version.")


class FutureKeys(NewerThanProgram):
    what = N_("The key file {path} was written by a newer Porras.")


class FutureBackup(NewerThanProgram):
    what = N_("The backup {path} was made by a newer Porras.")
