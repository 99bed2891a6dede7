"""The key file, passphrases and the recovery code."""

from __future__ import annotations

from typing import ClassVar

from store.errors.base import N_, NothingChanged, StoreError
from store.errors.damage import Damaged


class KeysMissing(StoreError):
    what = N_("There is no key file at {path}.")
    safe = N_("Nothing was changed; without its key file a database cannot be opened.")
    next = N_("Put the key file back from the backup, beside the database.")


class KeyslotDamaged(Damaged):
    what = N_("The key file {path} is damaged.")
    safe = N_("Nothing was changed; the database itself is not touched by this.")
    next = N_("Put the key file back from the backup, beside the database.")


class ForgedKeys(KeyslotDamaged):
    """The key file is whole but was not written by someone who has the data key."""

    what = N_("The key file {path} was changed by something other than Porras.")
    safe = N_("Nothing was changed; no key was given to whoever changed the file.")
    next = N_("Put the key file back from the backup, and tell those who look after the computer.")


class OlderKeys(NothingChanged):
    """The key file is older than the last one that the store has seen; both are numbered."""

    what = N_("The key file is older than this store: it is number {found}, not {known}.")
    next = N_(
        "Put the newer key file back, from the newest backup. If there is none, use the recovery "
        "code, or let an administrator accept this one: porras user accept-keys."
    )


class EarlierKeys(OlderKeys):
    """The key file is of a version that numbers no changes, and the store has seen a later one."""

    what = N_("The key file is of an earlier version than the one that this store knows.")


class OldSlots(NothingChanged):
    """Some slots are of the first format; only their own secrets can turn them."""

    what = N_("The key file keeps these staff codes in its first format: {handles}.")
    next = N_("Let each of them open the store once, or remove them; then try again.")


class OldRecovery(OldSlots):
    what = N_("The key file keeps the recovery code in its first format.")
    next = N_("Print a new recovery code first, then try again.")


class RekeyUnfinished(NothingChanged):
    what = N_("A change of the data key was cut short and is not finished.")
    next = N_("Open the store once with your passphrase, which finishes it; then try again.")


class WrongPassphrase(NothingChanged):
    """The passphrase does not open the store for this staff code, or there is no such code."""

    what = N_("The staff code and the passphrase do not open the store.")
    next = N_("Type both again and check the keyboard layout, or use the recovery code.")


class WrongRecoveryCode(NothingChanged):
    """The recovery code is well formed but belongs to another store or was replaced."""

    what = N_("The recovery code is well formed but does not open this store.")
    next = N_("Check that the code was printed for this store and was not replaced later.")


class MistypedCode(NothingChanged):
    """A client code or recovery code has a typing mistake; `fault` says which kind."""

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


class RefusedPassphrase(NothingChanged):
    """A new passphrase breaks a rule; `fault` says which, by the names below."""

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


class PassphraseMustChange(NothingChanged):
    what = N_("This passphrase was given by someone else and has to be changed now.")
    next = N_("Choose a passphrase of your own.")


class TooManyTries(NothingChanged):
    """After several wrong passphrases the next one has to wait; `seconds` says how long."""

    what = N_("There were several wrong tries: wait {seconds} s before the next one.")
    next = N_("Check staff code and keyboard layout; the emergency card needs no passphrase.")


class AccountLocked(NothingChanged):
    """After many wrong passphrases a staff code waits an hour; `until` is the time of day.

    A lead or the recovery code opens the way before that.
    """

    what = N_("There were {count} wrong tries: this staff code is locked until {until}.")
    next = N_("Wait, use the recovery code, or ask the lead nurse to unlock it.")
