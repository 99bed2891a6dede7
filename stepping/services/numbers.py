"""Which telephone numbers of action cards somebody should look at again."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from stepping.pathway.diagnostics import Diagnostic
from stepping.pathway.files import card_file
from stepping.pathway.model import Pathway
from stepping.pathway.schema import CardNumber, first_day_of
from stepping.pathway.toml_lines import TomlLines

STALE_NUMBER_DAYS = 365
"""Days after which a number counts as old. A local proposal: helplines change their hours with
each budget year."""


@dataclass
class _Uses:
    """Where one telephone number stands: on which cards, and what each tells of it."""

    at: dict[tuple[str, str], CardNumber] = field(default_factory=dict)
    """By name and text of the card's file; one that pathways share counts once."""

    def finding(self, message: str, told: CardNumber | None = None) -> Diagnostic:
        """Return a finding at the first card that tells so, naming all that do."""
        uses = [use for use, number in self.at.items() if told in (None, number)]
        file, text = uses[0]
        cards = ", ".join(dict.fromkeys(name for name, _ in uses))
        line = TomlLines(text).find_line(("numbers",))
        return Diagnostic(file, line, f"number {self.at[file, text].number}: {message} ({cards})")


def _by_number(pathways: Iterable[Pathway]) -> Iterable[_Uses]:
    found: dict[str, _Uses] = {}
    for pathway in pathways:
        for card in pathway.cards.values():
            file = card_file(card.id)
            for number in card.numbers:
                uses = found.setdefault(number.number, _Uses())
                uses.at[file, pathway.files[file]] = number
    return found.values()


def number_hints(pathways: Iterable[Pathway], today: datetime.date) -> tuple[Diagnostic, ...]:
    """Return numbers that were never verified, long ago, or are told in two ways; each once."""
    hints = []
    for uses in _by_number(pathways):
        told = list(uses.at.values())
        for number in told:
            if not number.is_verified:
                hints.append(uses.finding("not verified: no hours, or no day", number))
            elif (today - first_day_of(number.verified or "")).days > STALE_NUMBER_DAYS:
                message = f"verified {number.verified}, which may be more than a year ago"
                hints.append(uses.finding(message, number))
        if len({(tuple(n.hours.items()), n.verified) for n in told}) > 1:
            hints.append(uses.finding("cards tell other hours, or another day"))
    return tuple(dict.fromkeys(hints))


def number_faults(pathways: Iterable[Pathway], today: datetime.date) -> tuple[Diagnostic, ...]:
    """Return numbers that are said to be verified on a day that is yet to come."""
    faults = [
        uses.finding(f"verified {number.verified}, which is yet to come", number)
        for uses in _by_number(pathways)
        for number in uses.at.values()
        if number.verified and first_day_of(number.verified) > today
    ]
    return tuple(dict.fromkeys(faults))
