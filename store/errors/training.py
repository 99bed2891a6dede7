"""Files of practice: none of them holds anything about a client."""

from __future__ import annotations

from store.errors.base import N_, NothingChanged
from store.errors.newer import NewerThanProgram


class BadPracticeFile(NothingChanged):
    what = N_("The practice file {path} was changed by hand, or is damaged.")
    next = N_("Put the file away under another name; a new one is begun then.")


class NewerPracticeFile(NewerThanProgram):
    what = N_("The practice file {path} was written by a newer Porras.")


class ClassGone(NothingChanged):
    what = N_("There is no class in {path}, or this user may not read it.")
    next = N_("Ask the trainer where the class is; what you have done is kept here.")


class NotTraining(NothingChanged):
    """A file that is not a training store stands where one is looked for."""

    what = N_("The file {path} is not a training store of Porras.")
    next = N_("Move it to where it belongs; the next opening makes a new training store.")


class TrainingInUse(NothingChanged):
    """A training store that another program has open is not put back under it."""

    what = N_("The training store {path} is open in another window ({who}).")
    next = N_("Close that window, then try again; or practise at another seat: --seat WORD.")


class TrainingDamaged(NothingChanged):
    """Not an error of `Damaged`: a training store has no backup and needs none."""

    what = N_("The training store {path} is damaged and cannot be opened.")
    next = N_("Give the file another name; the next opening makes a new training store.")


class BadClassFile(BadPracticeFile):
    what = N_("The class file {path} was changed by hand, or is damaged, or is something else.")
    next = N_("Ask the trainer for the file once more: porras class pack.")


class BadSeatFile(BadPracticeFile):
    what = N_("The file {path} was changed by hand, or is damaged, or is of no seat.")
    next = N_("Ask for the file once more: porras class hand-in, at that seat.")


class ClassExists(NothingChanged):
    what = N_("There is something at {path} already.")
    next = N_("Give the new class another name.")


class OtherClass(NothingChanged):
    what = N_("The file {path} is not of a seat of the class {name}.")
    next = N_("Take the file into the class that it is of: porras class list.")


class SeatInUse(NothingChanged):
    what = N_("Somebody is using the seat {seat} just now.")
    next = N_("Look whether the word is yours. If it is, ask the trainer for a free seat.")


class SeatOfAnother(NothingChanged):
    what = N_("The seat {seat} belongs to another user of this computer ({owner}).")
    next = N_("Look whether the word is yours. If it is, ask the trainer for a free seat.")


class SeatNotFree(NothingChanged):
    what = N_("What stands in the place of the seat {seat} is not a file of Porras.")
    next = N_("Ask the trainer for a free seat, and to look at {path}.")
