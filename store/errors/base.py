"""What every error of the store is: three sentences and the values that they name."""

from __future__ import annotations

from stepping.characters import escape_unfit


def N_(text: str) -> str:
    """Mark a sentence for translation without translating it here."""
    return text


def shown(path: object) -> str:
    """Return a path as any terminal can show it, hidden characters written out."""
    return escape_unfit(str(path))


NOTHING_CHANGED = N_("Nothing was changed, and everything recorded so far is safe.")
NOT_STORED = N_("This entry was not stored; everything recorded before it is safe.")
NOT_FINISHED = N_("The work was not finished; everything recorded so far is safe.")


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


class NothingChanged(StoreError):
    """What was asked was refused before anything was written."""

    safe = NOTHING_CHANGED


class NotStored(StoreError):
    """The entry was refused, and nothing of it was stored."""

    safe = NOT_STORED


class StoreFault(StoreError):
    """The engine reported something that has no error class of its own; `reason` names its code."""

    what = N_("The database engine reported a fault ({reason}).")
