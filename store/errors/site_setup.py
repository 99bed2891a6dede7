"""A store that is set up from a file, where something else stands already."""

from __future__ import annotations

from store.errors.base import N_, NothingChanged


class SetUpElsewhere(NothingChanged):
    what = N_("A store stands at {path}, and it was not set up from a file.")
    next = N_("Open it with porras, or name another place for the new one.")


class SetUpOtherwise(NothingChanged):
    what = N_(
        "The store was set up with another value: {name} was {kept}, and the file says {value}."
    )
    next = N_(
        "Change it in the store, or put the file right. If nobody has signed in yet, begin anew: "
        "porras setup --from FILE --anew"
    )


class SetUpInUse(NothingChanged):
    what = N_("Somebody has signed in to the store {path}: it is not made anew.")
    next = N_(
        "Whoever forgot a passphrase opens it with the recovery code, or gets another one: "
        "porras user passphrase HANDLE."
    )


class SetUpLost(NothingChanged):
    what = N_("The store that was set up at {path} is not whole any more.")
    next = N_(
        "Put its files back, or restore the newest backup: porras restore. For a new store, move "
        "{record} away first."
    )


class DamagedRecord(NothingChanged):
    what = N_("The file {path} does not tell how far the set-up came.")
    next = N_("If the store opens, delete this file. Otherwise ask whoever looks after Porras.")
