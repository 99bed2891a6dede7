"""Staff codes, and what somebody may do."""

from __future__ import annotations

from store.errors.base import N_, NothingChanged


class RefusedHandle(NothingChanged):
    what = N_("The staff code is not valid: use 2 to 16 letters a-z, digits or dashes.")
    next = N_("Choose a short staff code that is not a person's name.")


class HandleTaken(NothingChanged):
    what = N_("The staff code {handle} has a passphrase already.")
    next = N_("Choose another staff code, or give this one a new passphrase.")


class UnknownHandle(NothingChanged):
    what = N_("The staff code {handle} has no passphrase in this store.")
    next = N_("Look at the list of staff codes and type the code again.")


class RefusedOsUser(NothingChanged):
    what = N_("The name of the user of the computer cannot be stored: at most 80 visible signs.")
    next = N_("Type the name as the computer shows it; the command whoami tells your own.")


class OtherOsUser(NothingChanged):
    what = N_("This staff code is not to be used as the user {found} of this computer.")
    next = N_("Log in to the computer as yourself, or ask for the staff code to be bound anew.")


class LastAdministrator(NothingChanged):
    what = N_("The staff code {handle} is the last one that can look after the store.")
    next = N_("Give another staff code the same role first.")


class AccountDisabled(NothingChanged):
    """The staff code may not open the store any more."""

    what = N_("The staff code {handle} is not in use any more.")
    next = N_("Ask an administrator of the store.")


class NotAllowed(NothingChanged):
    """None of the worker's roles gives the permission; `needed` are those that would."""

    what = N_("This needs one of these roles: {needed}. Yours: {roles}.")
    next = N_("Ask a colleague with such a role, or ask an administrator for it.")


class OtherUnit(NotAllowed):
    """The client is cared for in another unit; nothing of the client is told."""

    what = N_("This client belongs to another unit.")
    next = N_("Ask the lead nurse, who can move the client to your unit.")


class NoUnit(NothingChanged):
    """A lead without a unit asked for the sums of it; those of all units are not told instead."""

    what = N_("You belong to no unit here, so there is no unit to count.")
    next = N_("Name your unit in the worklist, or ask an administrator to do it.")


class UnitOfOthers(NotAllowed):
    """A worker named a unit of others as their own, which would show its clients."""

    what = N_("Colleagues work in the unit {unit} already.")
    next = N_("Ask an administrator to put you there.")
