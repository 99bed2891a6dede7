"""Backups, putting one back, and what no backup holds."""

from __future__ import annotations

from typing import Any

from store.errors.access import NoAccess
from store.errors.base import N_, NOTHING_CHANGED, NothingChanged, StoreError
from store.errors.damage import Damaged


class BackupMissing(NothingChanged):
    what = N_("There is no backup in {path}.")
    next = N_("Check the path; a backup is a folder whose name begins with porras- and its time.")


class FolderMissing(BackupMissing):
    """A folder that was named is not there: the disk that it is on may not be plugged in."""

    what = N_("There is no folder {path}.")
    next = N_("Plug in the disk that it is on and try again, or make the folder first.")


class BackupPlaceDenied(NoAccess):
    """The owner of the folder has another store or none: to work as that user is no help."""

    next = N_(
        "Plug in the disk that the backup goes to, or name a folder that {user} may write to."
    )


class NoBackupYet(BackupMissing):
    what = N_("No backup of this store has been made yet in {path}.")
    next = N_("Make one on another disk: porras backup FOLDER.")


class FolderOfBackup(NothingChanged):
    what = N_("The folder {path} is a backup itself: nothing else may lie in it.")
    next = N_("Name the folder that it lies in.")


class BackupDamaged(Damaged):
    """A file of a backup is not what was written there; `file` names it."""

    what = N_("The backup {name} is damaged: {file} is not as it was written.")
    safe = NOTHING_CHANGED
    next = N_("Use another backup, keep this one apart, and make a new one as soon as you can.")


class BackupFailed(StoreError):
    """A finished backup was read back and is not what was written."""

    what = N_("The backup in {path} could not be read back as it was written.")
    safe = N_("The store itself is safe; no older backup was removed.")
    next = N_("Try another disk or drive; this one may be failing.")


class BackupOlder(NothingChanged):
    what = N_("The store has {count} events that are not in this backup.")
    next = N_(
        "Restore a newer backup. With --force these events are set aside: the present store is "
        "kept under another name."
    )


class BackupOfAnother(NothingChanged):
    """What would be replaced cannot be read with this key or is another store's history."""

    what = N_("The store that would be replaced is damaged, or has another history.")
    next = N_(
        "Make sure that this backup is the right one. With --force it is used, and the present "
        "store is kept under another name."
    )


class BackupsApart(NothingChanged):
    """No backup holds all others; each of `tips` is the last one of its branch."""

    what = N_("No backup in {path} holds all that the others hold. {count} stand apart: {names}.")
    next = N_(
        "The store was put back or rescued between them. Give the folder of the one that you want "
        "instead of the folder of all."
    )
    tips: tuple[Any, ...] = ()


class BackupOtherKey(NothingChanged):
    what = N_("The backup {name} was made under another data key.")
    next = N_("It opens with a passphrase or the recovery code of its day.")


class BackupMixed(NothingChanged):
    what = N_("In the folder of the backup {name} lies {file}, which Porras did not put there.")
    next = N_("Move it elsewhere. Until then this backup does not count, and nothing removes it.")


class BackupChainBroken(NothingChanged):
    """The backup holds a history that did not hold when it was made; `seq` is the first fault."""

    what = N_("The event {seq} in this backup did not hold when the backup was made.")
    next = N_("Restore an older backup. With --force this one is used all the same.")


class PresentStoreClosed(NothingChanged):
    """The store that would be set aside has other keys, and nobody has opened them."""

    what = N_("The store that stands here does not open with the key of this backup.")
    next = N_(
        "Whoever looks after that store has to open it as well. Give its passphrase with "
        "--present-passphrase-file FILE, or at a terminal."
    )


class RestorePlanBroken(Damaged):
    what = N_("A restore was cut short, and its plan {path} cannot be read.")
    safe = N_("Nothing more was changed. The old and the new store lie in the same folder.")
    next = N_("Copy the whole folder aside and call support.")


class NothingSalvaged(StoreError):
    what = N_("Nothing of the database {path} can be read with this key.")
    safe = N_("The damaged file was not changed.")
    next = N_("Keep the damaged file and restore the newest backup.")
