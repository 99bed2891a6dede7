"""A disk that is full, or that fails."""

from __future__ import annotations

from store.errors.base import N_, NOT_FINISHED, StoreError


class DiskFull(StoreError):
    what = N_("The disk is full or does not take what should be written to {path}.")
    safe = N_("The last entry was not stored; everything recorded before it is safe.")
    next = N_("Make room on the disk, then record the last entry again.")


class NoRoom(DiskFull):
    """As DiskFull, for work on the files: no entry was under way."""

    safe = NOT_FINISHED
    next = N_("Make room on the disk, then try again.")


class ReserveOpened(DiskFull):
    """The disk is full, and the room that was kept aside for this day has just been given up."""

    next = N_(
        "Record the last entry again: room was kept aside for ending this interview. Make room on "
        "the disk before the next one."
    )


class FailingDisk(StoreError):
    """The disk of the store reports errors that want of room does not explain."""

    what = N_("The disk reports errors at {path}: it is failing, or its cable is.")
    safe = N_("The last entry may not be stored. What was stored before it lies in the folder.")
    next = N_(
        "Stop working here. Copy the whole folder to another disk. Fetch whoever looks after the "
        "computer."
    )


class FailingMedium(StoreError):
    """A disk or stick that something was to be copied to or read from reports errors."""

    what = N_("The disk or stick with {path} reports errors: it is failing, or was pulled out.")
    safe = N_("The store itself is not touched by this. What lies on that disk may not be whole.")
    next = N_("Use another disk or stick, and do not trust this one any more.")
