"""What can go wrong with the store, in three sentences: what happened, what is safe, what next.

The sentences are message ids: screens translate `what`, `safe` and `next` one by one and fill in
`values`. No sentence and no value ever holds anything about a client.
"""

from __future__ import annotations

from typing import Any, ClassVar

from stepping.characters import escape_unfit


def N_(text: str) -> str:
    """Mark a sentence for translation without translating it here."""
    return text


def shown(path: object) -> str:
    """A path as any terminal can show it, with every control and hidden character written out."""
    return escape_unfit(str(path))


_NOTHING_CHANGED = N_("Nothing was changed, and everything recorded so far is safe.")
_NOT_STORED = N_("This entry was not stored; everything recorded before it is safe.")
_NOT_FINISHED = N_("The work was not finished; everything recorded so far is safe.")


class StoreError(Exception):
    """The root of all errors of the store, with the sentences to show and their values."""

    what: str = N_("The store could not do what was asked.")
    safe: str = N_("The last entry may not be stored; everything recorded before it is safe.")
    next: str = N_("Try once more; if it happens again, run porras doctor.")

    def __init__(self, **values: str | int) -> None:
        self.values: dict[str, str | int] = {
            name: value if isinstance(value, int) else shown(value)
            for name, value in values.items()
        }
        self.cause: StoreError | None = None
        """What stands behind it, where that has sentences of its own."""
        super().__init__(self.values)

    def __str__(self) -> str:
        return " ".join(part.format(**self.values) for part in (self.what, self.safe, self.next))


class StoreFault(StoreError):
    """The engine reported something that has no error class of its own; `reason` names its code."""

    what = N_("The database engine reported a fault ({reason}).")


class WrongPassphrase(StoreError):
    """The passphrase does not open the store for this staff code, or there is no such code."""

    what = N_("The staff code and the passphrase do not open the store.")
    safe = _NOTHING_CHANGED
    next = N_("Type both again and check the keyboard layout, or use the recovery code.")


class WrongRecoveryCode(StoreError):
    """The recovery code is well formed but belongs to another store or was replaced."""

    what = N_("The recovery code is well formed but does not open this store.")
    safe = _NOTHING_CHANGED
    next = N_("Check that the code was printed for this store and was not replaced later.")


class MistypedCode(StoreError):
    """A client code or recovery code has a typing mistake; `fault` says which kind."""

    safe = _NOTHING_CHANGED
    next = N_("Compare the code with the paper and type it again.")

    _WHAT: ClassVar = {
        "length": N_("The code has {found} characters and should have {expected}."),
        "character": N_("Character {position} of the code, {character}, is never used in codes."),
        "check": N_("The code has a wrong character, or two characters have changed places."),
        "group": N_("Group {position} of the code has a wrong character or is in a wrong place."),
    }

    def __init__(self, fault: str, **values: str | int) -> None:
        self.fault = fault
        self.what = self._WHAT[fault]
        super().__init__(**values)


class RefusedPassphrase(StoreError):
    """A new passphrase breaks a rule; `fault` says which, by the names below."""

    safe = _NOTHING_CHANGED
    next = N_("Choose another passphrase; four or five unrelated words make a good one.")

    _WHAT: ClassVar = {
        "short": N_("The passphrase is too short: it needs at least {limit} characters."),
        "long": N_("The passphrase is too long: it may have at most {limit} characters."),
        "character": N_("The passphrase holds a control character or an invisible character."),
        "same": N_("The passphrase is the same as before."),
        "repeated": N_("The passphrase is one short piece over and over: it is guessed first."),
        "digits": N_("The passphrase holds no letter: dates and numbers are guessed first."),
        "signs": N_("The passphrase holds no letter: signs alone are hard to type elsewhere."),
        "common": N_(
            "The passphrase is made of common words, rows of keys or digits: it is guessed first."
        ),
        "handle": N_("The passphrase is little more than the staff code: it is guessed first."),
    }

    def __init__(self, fault: str, **values: str | int) -> None:
        self.fault = fault
        self.what = self._WHAT[fault]
        super().__init__(**values)


class RefusedHandle(StoreError):
    """A staff code has a form that the store does not take."""

    what = N_("The staff code is not valid: use 2 to 16 letters a-z, digits or dashes.")
    safe = _NOTHING_CHANGED
    next = N_("Choose a short staff code that is not a person's name.")


class StoreMissing(StoreError):
    """The database file is not where it should be."""

    what = N_("There is no database at {path}.")
    safe = N_("Nothing was changed.")
    next = N_("Check the path; if the file was moved, put it back, or set up a new store.")


class KeysMissing(StoreError):
    """The key file is not where it should be."""

    what = N_("There is no key file at {path}.")
    safe = N_("Nothing was changed; without its key file a database cannot be opened.")
    next = N_("Put the key file back from the backup, beside the database.")


class StoreExists(StoreError):
    """A new store was asked for where a file already stands."""

    what = N_("There is already a file at {path}.")
    safe = _NOTHING_CHANGED
    next = N_("Open the store that is there, or choose another path for the new one.")


class ForeignFile(StoreError):
    """The file is not this program's, or not the one that this key belongs to."""

    what = N_("The file {path} is not a Porras database, or its first page is damaged.")
    safe = N_("The file was not changed.")
    next = N_("Check the path; if it is the right file, restore the newest backup.")


class NewerThanProgram(StoreError):
    """A newer Porras has written a file; nothing is wrong with it."""

    what = N_("The file {path} was written by a newer Porras.")
    safe = N_("The file was not changed, and everything in it is safe.")
    next = N_("Install the newer Porras here.")


class FutureSchema(NewerThanProgram):
    """A newer Porras has written the database."""

    what = N_("The database {path} was written by a newer Porras (schema {found}).")
    next = N_("Install the newer Porras; this one knows schemas up to {known}.")


class UpdatedMeanwhile(FutureSchema):
    """A newer Porras has brought the database up to date while this program had it open."""

    what = N_("A newer Porras has updated the database while this one had it open.")
    safe = N_("This entry was not stored; everything that was answered before it is stored.")
    next = N_("Close Porras and start it again, in the newer version.")


class FutureKeys(NewerThanProgram):
    """A newer Porras has written the key file."""

    what = N_("The key file {path} was written by a newer Porras.")


class FutureBackup(NewerThanProgram):
    """A newer Porras has made the backup."""

    what = N_("The backup {path} was made by a newer Porras.")


class Damaged(StoreError):
    """A file is not as it was written; for this alone a backup or a rescue is the way."""


class DamagedStore(Damaged):
    """The file is this program's, but a part of it cannot be read."""

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


class StoreGone(StoreError):
    """There is no database, but the record beside it tells that there was one."""

    what = N_("The database {path} is gone. It had {count} entries.")
    safe = N_("Nothing was changed. The right file, or a backup, may hold them.")
    next = N_(
        "Put the file back, or restore the newest backup: porras restore. For a new store, move "
        "{record} away first."
    )


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


class SecondName(StoreError):
    """The database has a second name on the disk, a hard link: under it, another log is used."""

    what = N_("The database {path} has a second name on this disk (a hard link).")
    safe = _NOTHING_CHANGED
    next = N_(
        "Remove the other name, then start again. This finds it: find / -xdev -samefile {path}"
    )


class SecondNameMeanwhile(SecondName):
    """The database has got a second name while it was open."""

    what = N_("The database {path} has got a second name on this disk (a hard link).")
    safe = N_("All that was answered, the last answer too, is stored. Nothing more is written.")


class StaleStore(DamagedStore):
    """Something in the database is older than its log tells, or was changed; `about` is a table."""

    what = N_("In the database {path} something is not as its log tells it ({about}).")
    safe = N_("Nothing more is read or written. An old page was put back, or a write was lost.")
    next = N_(
        "Copy the whole folder aside. Restore the newest backup, or save what can be read: porras "
        "doctor --rescue."
    )


class NotRegular(StoreError):
    """A pipe, a device or a folder stands where a file belongs, or a file that has no end."""

    what = N_("What stands at {path} is not a file that Porras can read.")
    safe = _NOTHING_CHANGED
    next = N_("Find out who put it there, move it away, and put the right file back.")


class DriveSilent(StoreError):
    """The folder of the store does not answer, as on a drive that has gone away."""

    what = N_("The drive with {path} does not answer.")
    safe = _NOTHING_CHANGED
    next = N_("See whether the drive is connected, or restart the computer. Then start again.")


class NoWorkingFolder(StoreError):
    """A path was to begin at the folder that the user is in, which does not stand any more."""

    what = N_("The folder that you are in was deleted.")
    safe = _NOTHING_CHANGED
    next = N_("Go to another folder (cd), and start again.")


class DiskFull(StoreError):
    """The disk has no room or does not take the write."""

    what = N_("The disk is full or does not take what should be written to {path}.")
    safe = N_("The last entry was not stored; everything recorded before it is safe.")
    next = N_("Make room on the disk, then record the last entry again.")


class NoRoom(DiskFull):
    """As DiskFull, for work on the files: no entry was under way."""

    safe = _NOT_FINISHED
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


class BackupMissing(StoreError):
    """There is no backup where one was looked for."""

    what = N_("There is no backup in {path}.")
    safe = _NOTHING_CHANGED
    next = N_("Check the path; a backup is a folder whose name begins with porras- and its time.")


class FolderMissing(BackupMissing):
    """A folder that was named is not there: the disk that it is on may not be plugged in."""

    what = N_("There is no folder {path}.")
    next = N_("Plug in the disk that it is on and try again, or make the folder first.")


class NotAFolder(StoreError):
    """Something else stands where a folder was named."""

    what = N_("What stands at {path} is not a folder.")
    safe = _NOTHING_CHANGED
    next = N_("Name a folder on the disk that is to hold the backups.")


class FolderOfBackup(StoreError):
    """The folder that was named for backups is one itself."""

    what = N_("The folder {path} is a backup itself: nothing else may lie in it.")
    safe = _NOTHING_CHANGED
    next = N_("Name the folder that it lies in.")


class NoBackupYet(BackupMissing):
    """No backup of the store has been made in its usual place."""

    what = N_("No backup of this store has been made yet in {path}.")
    next = N_("Make one on another disk: porras backup FOLDER.")


class BackupDamaged(Damaged):
    """A file of a backup is not what was written there; `file` names it."""

    what = N_("The backup {name} is damaged: {file} is not as it was written.")
    safe = _NOTHING_CHANGED
    next = N_("Use another backup, keep this one apart, and make a new one as soon as you can.")


class BackupFailed(StoreError):
    """A finished backup was read back and is not what was written."""

    what = N_("The backup in {path} could not be read back as it was written.")
    safe = N_("The store itself is safe; no older backup was removed.")
    next = N_("Try another disk or drive; this one may be failing.")


class BackupOlder(StoreError):
    """Restoring would lose events that the present store holds."""

    what = N_("The store has {count} events that are not in this backup.")
    safe = _NOTHING_CHANGED
    next = N_("Restore a newer backup, or say that these events may be set aside.")


class BackupOfAnother(StoreError):
    """What would be replaced cannot be read with this key or is another store's history."""

    what = N_("The store that would be replaced is damaged, or has another history.")
    safe = _NOTHING_CHANGED
    next = N_("Make sure that this backup is the right one, and say that it may be used.")


class BackupsApart(StoreError):
    """No backup holds all others; each of `tips` is the last one of its branch."""

    what = N_("No backup in {path} holds all that the others hold. {count} stand apart: {names}.")
    safe = _NOTHING_CHANGED
    next = N_(
        "The store was put back or rescued between them. Give the folder of the one that you want "
        "instead of the folder of all."
    )
    tips: tuple[Any, ...] = ()


class BackupOtherKey(StoreError):
    """The data key at hand is not the one that a backup was made under."""

    what = N_("The backup {name} was made under another data key.")
    safe = _NOTHING_CHANGED
    next = N_("It opens with a passphrase or the recovery code of its day.")


class BackupMixed(StoreError):
    """In the folder of a backup lies something that does not belong there."""

    what = N_("In the folder of the backup {name} lies {file}, which Porras did not put there.")
    safe = _NOTHING_CHANGED
    next = N_("Move it elsewhere. Until then this backup does not count, and nothing removes it.")


class PresentStoreClosed(StoreError):
    """The store that would be set aside has other keys, and nobody has opened them."""

    what = N_("The store that stands here does not open with the key of this backup.")
    safe = _NOTHING_CHANGED
    next = N_(
        "Whoever looks after that store has to open it as well. Give its passphrase with "
        "--present-passphrase-file FILE, or at a terminal."
    )


class BackupChainBroken(StoreError):
    """The backup holds a history that did not hold when it was made; `seq` is the first fault."""

    what = N_("The event {seq} in this backup did not hold when the backup was made.")
    safe = _NOTHING_CHANGED
    next = N_("Restore an older backup, or say that this one may be used all the same.")


class NothingRescued(StoreError):
    """Not one page of a damaged store could be read with this key."""

    what = N_("Nothing of the database {path} can be read with this key.")
    safe = N_("The damaged file was not changed.")
    next = N_("Keep the damaged file and restore the newest backup.")


class StoreBusy(StoreError):
    """Another program held the write lock for longer than the store waits."""

    what = N_("Another program keeps the database {path} locked.")
    safe = _NOT_STORED
    next = N_("Wait a moment and try again; close other programs that use the file.")


class StoreLocked(StoreBusy):
    """As StoreBusy, for work on the files: no entry was under way."""

    safe = _NOT_FINISHED


class ReadOnlyStore(StoreError):
    """The file or its folder may not be written by this user."""

    what = N_("The database {path} or its folder cannot be opened for writing.")
    safe = _NOT_STORED
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
    safe = _NOTHING_CHANGED
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


class NameTooLong(StoreError):
    """A path is longer than the disk or the engine takes."""

    what = N_("The name or path {path} is too long.")
    safe = _NOTHING_CHANGED
    next = N_("Choose a folder and a file with shorter names.")


class RestorePlanBroken(Damaged):
    """A restore was cut short, and what is left to do cannot be read."""

    what = N_("A restore was cut short, and its plan {path} cannot be read.")
    safe = N_("Nothing more was changed. The old and the new store lie in the same folder.")
    next = N_("Copy the whole folder aside and call support.")


class NetworkFileSystem(StoreError):
    """The file lies on a network drive, where locks and shared memory cannot be trusted."""

    what = N_("The database {path} is on a network drive ({kind}).")
    safe = _NOTHING_CHANGED
    next = N_("Move the database to a local disk of this computer.")


class AffectedEngine(StoreError):
    """The linked SQLite can lose commits when several programs write (the WAL reset defect)."""

    what = N_("The database engine {version} can lose entries when several people write at once.")
    safe = _NOTHING_CHANGED
    next = N_("Reinstall Porras, so that it comes with its own engine.")


class KeyslotDamaged(Damaged):
    """The key file is not as it was written."""

    what = N_("The key file {path} is damaged.")
    safe = N_("Nothing was changed; the database itself is not touched by this.")
    next = N_("Put the key file back from the backup, beside the database.")


class ClosedAssessment(StoreError):
    """The assessment is confirmed or abandoned and takes no more entries."""

    what = N_("The assessment is closed and takes no more entries.")
    safe = _NOT_STORED
    next = N_("Start a new assessment for the client.")


class AnswersChanged(StoreError):
    """An answer was recorded after the suggestion that is being confirmed was made."""

    what = N_("The answers have changed since the suggestion was made.")
    safe = N_("The step was not confirmed; all the answers are safe.")
    next = N_("Look at the new suggestion and confirm it.")


class AnswersOutdated(StoreError):
    """An answer of the suggestion that is being confirmed has grown too old meanwhile."""

    what = N_("Some answers are too old for this step by now.")
    safe = N_("The step was not confirmed; all the answers are safe.")
    next = N_("Go back to the result: it leads to what is asked again.")


class StopOpen(StoreError):
    """A safety stop is open in the draft that is to be confirmed or ended."""

    what = N_("A safety stop is open in this assessment, so it cannot end here.")
    safe = N_("The assessment was not ended; everything recorded is safe.")
    next = N_("Record each safety step first: done, or not done and why.")


class StopElsewhere(StoreError):
    """A safety stop in another draft of the client asks for more than what is to be confirmed."""

    what = N_("A safety stop is open in another draft of this client.")
    safe = N_("The step was not confirmed; all the answers are safe.")
    next = N_("The suggestion is made anew with that stop; look at it, and see to the stop first.")


class ChangedElsewhere(StoreError):
    """Another program has recorded something in the same assessment."""

    what = N_("This assessment was changed in another window at the same time.")
    safe = _NOT_STORED
    next = N_("The answers are read again now; look at them and answer once more.")


class EpisodeChanged(ChangedElsewhere):
    """Another program has recorded something in the same episode."""

    what = N_("This episode was changed in another window at the same time.")
    next = N_("The episode is read again now; look at it and record the entry once more.")


class EpisodeOpen(StoreError):
    """The client has an open episode already; there is one at a time."""

    what = N_("The client has an open episode of care already.")
    safe = _NOT_STORED
    next = N_("Go on with that episode, or close it first.")


class CardChanged(ChangedElsewhere):
    """Another program has put the same client's card right, or joined or parted its codes."""

    what = N_("This client was changed in another window at the same time.")
    safe = _NOTHING_CHANGED
    next = N_("Look at the client's page as it is now, and do it again if it is still needed.")


class MovedElsewhere(ChangedElsewhere):
    """Another program has moved or marked the same assessment."""

    what = N_("This assessment was moved or marked in another window at the same time.")
    safe = _NOTHING_CHANGED
    next = N_("Look at the client's page as it is now, and do it again if it is still needed.")


class MarkedWrong(StoreError):
    """The assessment is marked as of the wrong client, so nothing can be answered in it."""

    what = N_("This assessment is marked as of the wrong client.")
    safe = _NOT_STORED
    next = N_("Move it to the right client, or take the mark back, on the client's page.")


class BornLater(StoreError):
    """A year of birth lies after something that was recorded of the client."""

    what = N_("Something was recorded of this client in {year}, before that year of birth.")
    safe = _NOTHING_CHANGED
    next = N_("Check the year of birth, and whether the assessment is of another client.")


class AttachedElsewhere(StoreError):
    """The assessment belongs to another episode, or the episode to another client."""

    what = N_("The assessment cannot belong to this episode of care.")
    safe = _NOT_STORED
    next = N_("Look at the client's episodes; an assessment stays in the one it was begun in.")


class UnfitEvent(StoreError):
    """The episode cannot take the event; `reason` is the sentence that says why."""

    safe = _NOT_STORED
    next = N_("Look at the episode as it stands, and record what fits.")

    # The sentences of `stepping.care.taking`, repeated here to be found by who translates.
    _WHAT: ClassVar = {
        reason: reason
        for reason in (
            N_("A withdrawal says which entry it withdraws."),
            N_("The entry to be corrected does not stand any more."),
            N_("The episode is open already."),
            N_("The clock is paused already."),
            N_("The next contact lies before the day on which it was agreed."),
            N_("The next contact is later than a safety step allows: say why."),
            N_("A safety step agreed this contact. Correct it, or agree on another with a reason."),
            N_("This client's death is recorded. If that is a mistake, withdraw it first."),
            N_("The review lies before the day on which it was agreed."),
            N_("The day lies in the future."),
            N_("The day lies before the client's year of birth."),
            N_("The episode has not been opened."),
            N_("The day lies before the episode began."),
            N_("The episode is closed. Open a new one, or withdraw its end first."),
            N_("The follow-up lies before the baseline."),
            N_("The assessment is in the episode already."),
            N_("The intervention is not known."),
            N_("The intervention is not for the client's age."),
            N_("A treatment with this id is known already."),
            N_("This treatment is open already: end it first."),
            N_("The service is not known."),
            N_("The service does not give this treatment."),
            N_("The service is not for the client's age."),
            N_("There is no such treatment in this episode."),
            N_("The day lies before the treatment began."),
            N_("The treatment has ended already."),
            N_("The day lies after the treatment ended."),
            N_("The treatment cannot end before its last contact."),
            N_("The clock is not paused."),
            N_("The clock cannot go on before it was paused."),
            N_("A treatment is still open: end it first."),
            N_("The episode cannot end before the last thing that happened in it."),
            N_("What follows rests on this entry; withdraw that first."),
            N_("An assessment of the episode is a draft: confirm or abandon it first."),
            # Those of `stepping.care.tracks`.
            N_("Nothing is told of how the care was: one answer is enough."),
            N_("This does not happen on this track."),
            N_("This track has ended: begin it anew first."),
            N_("The client's consent comes first."),
            N_("This is not told with what happened."),
            N_("Five goals are enough: choose the most important ones."),
            N_(
                "Only the attendance may go back to the employer: nothing more is kept on this "
                "track."
            ),
            N_("Nothing is told of alcohol: give a total, the portions or the mini-intervention."),
            N_("It has to be told where."),
            N_("A plan needs the role of the contact person."),
            N_("The day of the next review is needed."),
            N_("A plan needs at least one goal of the client's."),
            N_("It has to be told how the notice was made."),
            N_("It has to be told what became of the notice."),
            N_("It has to be told whether it took place."),
            N_("There is no referral or plan before this meeting."),
            N_("There is nothing to review yet: no plan, or no meeting."),
            N_("There is no notice that could be acknowledged."),
            N_("There has been no talk with the employer yet."),
            N_("Nothing has begun on this track that could end."),
        )
    }

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.what = reason
        super().__init__()


class UnknownRecord(StoreError):
    """There is no record with this id or code."""

    what = N_("There is no such record in the store.")
    safe = _NOTHING_CHANGED
    next = N_("Check the code, or look for the record in the list.")


class AppendOnly(StoreError):
    """Something tried to change or delete what may only be added to."""

    what = N_("What has been recorded cannot be changed or deleted.")
    safe = _NOTHING_CHANGED
    next = N_("Record a correction; it stands beside the first entry.")


class RefusedText(StoreError):
    """A text is not stored; `kind` is a find of `stepping.privacy`, or one of those below.

    `field` names the text, `position` (from 1) the place where that is known.
    """

    safe = _NOT_STORED
    next = N_("Rewrite the text; names, identity codes and contact details do not belong here.")

    _WHAT: ClassVar = {
        "hetu": N_("The text holds what looks like a personal identity code."),
        "phone": N_("The text holds what looks like a phone number."),
        "email": N_("The text holds what looks like an e-mail address."),
        "name": N_("The text holds what looks like a person's name."),
        "character": N_("Character {position} of the text cannot be stored."),
        "long": N_("The text is too long: it may have at most {limit} characters."),
        "code": N_("A code in the entry has a form that cannot be stored."),
        "missing": N_("A reason is needed here."),
        "value": N_("The answer has a form that cannot be stored."),
    }

    def __init__(self, field: str, kind: str, **values: str | int) -> None:
        self.field = field
        self.kind = kind
        self.what = self._WHAT[kind]
        super().__init__(field=field, **values)


class ForgedKeys(KeyslotDamaged):
    """The key file is whole but was not written by someone who has the data key."""

    what = N_("The key file {path} was changed by something other than Porras.")
    safe = N_("Nothing was changed; no key was given to whoever changed the file.")
    next = N_("Put the key file back from the backup, and tell those who look after the computer.")


class HandleTaken(StoreError):
    """A new staff code was asked for that has a slot already."""

    what = N_("The staff code {handle} has a passphrase already.")
    safe = _NOTHING_CHANGED
    next = N_("Choose another staff code, or give this one a new passphrase.")


class UnknownHandle(StoreError):
    """An administrator named a staff code that has no slot."""

    what = N_("The staff code {handle} has no passphrase in this store.")
    safe = _NOTHING_CHANGED
    next = N_("Look at the list of staff codes and type the code again.")


class RefusedOsUser(StoreError):
    """The name of a user of the operating system has a form that no system gives it."""

    what = N_("The name of the user of the computer cannot be stored: at most 80 visible signs.")
    safe = _NOTHING_CHANGED
    next = N_("Type the name as the computer shows it; the command whoami tells your own.")


class LastAdministrator(StoreError):
    """Without this staff code nobody could look after the store any more."""

    what = N_("The staff code {handle} is the last one that can look after the store.")
    safe = _NOTHING_CHANGED
    next = N_("Give another staff code the same role first.")


class PassphraseMustChange(StoreError):
    """The first passphrase opens only the way to one's own."""

    what = N_("This passphrase was given by someone else and has to be changed now.")
    safe = _NOTHING_CHANGED
    next = N_("Choose a passphrase of your own.")


class OldSlots(StoreError):
    """Some slots are of the first format; only their own secrets can turn them."""

    what = N_("The key file keeps these staff codes in its first format: {handles}.")
    safe = _NOTHING_CHANGED
    next = N_("Let each of them open the store once, or remove them; then try again.")


class OldRecovery(OldSlots):
    """The slot of the recovery code is of the first format."""

    what = N_("The key file keeps the recovery code in its first format.")
    next = N_("Print a new recovery code first, then try again.")


class RekeyUnfinished(StoreError):
    """The key file still holds the old and the new data key."""

    what = N_("A change of the data key was cut short and is not finished.")
    safe = _NOTHING_CHANGED
    next = N_("Open the store once with your passphrase, which finishes it; then try again.")


class StoreInUse(StoreBusy):
    """Other programs have the database open, and this needs it alone; `who` names them."""

    what = N_("Other programs have the database {path} open: {who}.")
    safe = _NOTHING_CHANGED
    next = N_("Close Porras everywhere it is open on this database, then try again.")


class OlderKeys(StoreError):
    """The key file is older than the last one that the store has seen; both are numbered."""

    what = N_("The key file is older than this store: it is number {found}, not {known}.")
    safe = _NOTHING_CHANGED
    next = N_(
        "Put the newer key file back, from the newest backup. If there is none, use the recovery "
        "code, or let an administrator accept this one: porras user accept-keys."
    )


class EarlierKeys(OlderKeys):
    """The key file is of a version that numbers no changes, and the store has seen a later one."""

    what = N_("The key file is of an earlier version than the one that this store knows.")


class TooManyTries(StoreError):
    """After several wrong passphrases the next one has to wait; `seconds` says how long."""

    what = N_("There were several wrong tries: wait {seconds} s before the next one.")
    safe = _NOTHING_CHANGED
    next = N_("Check staff code and keyboard layout; the emergency card needs no passphrase.")


class AccountLocked(StoreError):
    """After many wrong passphrases a staff code waits an hour; `until` is the time of day.

    A lead or the recovery code opens the way before that.
    """

    what = N_("There were {count} wrong tries: this staff code is locked until {until}.")
    safe = _NOTHING_CHANGED
    next = N_("Wait, use the recovery code, or ask the lead nurse to unlock it.")


class OtherOsUser(StoreError):
    """The staff code is bound to another user of the operating system."""

    what = N_("This staff code is not to be used as the user {found} of this computer.")
    safe = _NOTHING_CHANGED
    next = N_("Log in to the computer as yourself, or ask for the staff code to be bound anew.")


class NotAllowed(StoreError):
    """None of the worker's roles gives the permission; `needed` are those that would."""

    what = N_("This needs one of these roles: {needed}. Yours: {roles}.")
    safe = _NOTHING_CHANGED
    next = N_("Ask a colleague with such a role, or ask an administrator for it.")


class OtherUnit(NotAllowed):
    """The client is cared for in another unit; nothing of the client is told."""

    what = N_("This client belongs to another unit.")
    next = N_("Ask the lead nurse, who can move the client to your unit.")


class UnitOfOthers(NotAllowed):
    """A worker named a unit of others as their own, which would show its clients."""

    what = N_("Colleagues work in the unit {unit} already.")
    next = N_("Ask an administrator to put you there.")


class AccountDisabled(StoreError):
    """The staff code may not open the store any more."""

    what = N_("The staff code {handle} is not in use any more.")
    safe = _NOTHING_CHANGED
    next = N_("Ask an administrator of the store.")


class NotConfirmed(StoreError):
    """A note is said to be in the patient record, of an assessment that decided nothing."""

    what = N_("Only the note of a confirmed assessment is taken to the patient record.")
    safe = _NOTHING_CHANGED
    next = N_("Confirm the assessment first.")


class StillNeeded(StoreError):
    """Somebody asked for a client to be erased whom care or the patient record still needs."""

    what = N_("This client's data cannot be erased yet.")
    safe = _NOTHING_CHANGED
    next = N_("Settle what keeps it, then ask again.")


class ClockInDoubt(StoreError):
    """Nothing is deleted by days that a wrong clock may have counted."""

    what = N_("The date of this computer is in doubt, so nothing was deleted.")
    safe = _NOTHING_CHANGED
    next = N_("Start Porras: it shows the date and asks whether it is right.")


class ClockPutBack(StoreError):
    """No step is confirmed by a clock that would make old answers young again."""

    what = N_("The date of this computer lies before what was recorded. No step was confirmed.")
    safe = _NOTHING_CHANGED
    next = N_("Put the date right, or start Porras again: it shows the date and asks.")


class BrokenHistory(StoreError):
    """Nothing may be deleted while the log does not hold: it would be lost as evidence."""

    what = N_("The log does not hold from event {seq} on, so nothing was deleted.")
    safe = _NOTHING_CHANGED
    next = N_("Find out why: run porras audit verify, and compare with a backup.")
