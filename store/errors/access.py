"""A file or folder that this user, this disk or this system does not give, and failing disks."""

from __future__ import annotations

from store.errors.base import (
    N_,
    NOT_FINISHED,
    NOTHING_CHANGED,
    NothingChanged,
    NotStored,
    StoreError,
)


class ReadOnlyStore(NotStored):
    what = N_("The database {path} or its folder cannot be opened for writing.")
    next = N_("Check who owns the folder and the file and what rights you have to them.")


class ReadOnlyDisk(ReadOnlyStore):
    """The whole disk takes no writes, from whichever user."""

    what = N_("The disk with {path} takes no writes.")
    safe = N_("Nothing more can be stored on it; everything recorded before can be read.")
    next = N_(
        "It may be failing: a system makes such a disk read-only. Fetch whoever looks after the "
        "computer."
    )


class NoAccess(ReadOnlyStore):
    """This user of the computer may not use a file or folder; nothing is wrong with it."""

    what = N_("The user {user} of this computer may not use {path}. It belongs to {owner}.")
    safe = NOTHING_CHANGED
    next = N_("Log in as {owner}, or run sudo -u {owner} porras.")


class Estranged(NoAccess):
    """A file of another user lies in this user's own folder, as when root has written it."""

    what = N_("{path} belongs to {owner}. The folder that it lies in belongs to {user}.")
    next = N_("Ask whoever looks after the computer to give it back: chown {user} '{path}'")


class NoRights(NoAccess):
    """The owner of a file or folder has no right to use it."""

    what = N_("The rights of {path} do not let even its owner {owner} use it.")
    next = N_("Give the rights back: chmod u+rw for a file, chmod u+rwx for a folder.")


class GroupNotKept(NoAccess):
    """A file cannot be replaced without losing its group, whose members may use it."""

    what = N_("{path} belongs to a group that {user} is not in.")
    next = N_("Ask whoever looks after the computer to put {user} into that group.")


class NameTooLong(NothingChanged):
    what = N_("The name or path {path} is too long.")
    next = N_("Choose a folder and a file with shorter names.")


class NotRegular(NothingChanged):
    """A pipe, a device or a folder stands where a file belongs, or a file that has no end."""

    what = N_("What stands at {path} is not a file that Porras can read.")
    next = N_("Find out who put it there, move it away, and put the right file back.")


class InTheWay(NothingChanged):
    """A folder stands where a store would be made, or a file on the way to it."""

    what = N_("What stands at {path} is in the way.")
    next = N_("Name another place, with the name of a file at its end.")


class NotAFolder(NothingChanged):
    what = N_("What stands at {path} is not a folder.")
    next = N_("Name a folder on the disk that is to hold the backups.")


class NoWorkingFolder(NothingChanged):
    what = N_("The folder that you are in was deleted.")
    next = N_("Go to another folder (cd), and start again.")


class DriveSilent(NothingChanged):
    what = N_("The drive with {path} does not answer.")
    next = N_("See whether the drive is connected, or restart the computer. Then start again.")


class NetworkFileSystem(NothingChanged):
    """The file lies on a network drive, where locks and shared memory cannot be trusted."""

    what = N_("The database {path} is on a network drive ({kind}).")
    next = N_("Move the database to a local disk of this computer.")


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
