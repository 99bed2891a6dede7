"""Fields of a client's card: the code, and the year of birth."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from casework.language import N_, Speech
from screens.forms.entry import Entry
from screens.forms.fields import Field, Misread, Value
from stepping.pathway.client_facts import birth_years
from store import codes

YEAR_ASKED = N_("A year of birth from {first} to {last}, please.")


@dataclass(frozen=True)
class CodeField(Field):
    """A client's code."""

    def shown(self, typed: str, today: date, t: Speech) -> str:
        """Return the code in two halves."""
        return codes.show(typed)

    @property
    def entry(self) -> Entry:
        """Letters, digits and the dash of a code."""
        return Entry(codes.ALPHABET + "-", 9)


@dataclass(frozen=True)
class YearOfBirth(Field):
    """A year of birth; left empty it is not known."""

    def read(self, typed: str, today: date, t: Speech) -> Value:
        """Return the year.

        Raises:
            Misread: If nobody can have been born then.
        """
        return read_year(typed, today) if typed else None

    @property
    def entry(self) -> Entry:
        """Four digits."""
        return Entry(longest=4)


def read_year(typed: str, today: date) -> int:
    """Return a year of birth.

    Raises:
        Misread: If nobody can have been born then.
    """
    years = birth_years(today)
    if not re.fullmatch(r"\d{4}", typed) or int(typed) not in years:
        raise Misread(YEAR_ASKED, first=years[0], last=years[-1])
    return int(typed)
