"""What a form asks: days, numbers, words, one of several things; each reads what was typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from casework.language import N_, Speech
from screens.base.page import Page
from screens.base.prompt import NAMES_SOMEBODY
from screens.forms.entry import Entry, Writing
from screens.wording.day_words import (
    NO_SUCH_DAY,
    NOT_A_DAY,
    NOT_WEEKS,
    closed_warning,
    day_words,
    distance_warning,
)
from stepping.days import LETTERS, LONGEST, NoSuchDay, NotADay, NotWeeks, read_day
from stepping.pathway.answers import read_text

Value = str | int | float | date | None
"""What a field holds when it is read; `None` where nothing was given."""
Values = Mapping[str, Value]

NO_NAMES = N_("A few words, without names or contact details.")
NOT_A_NUMBER = N_("A number from {low} to {high}, please.")


class Misread(ValueError):
    """A typed text that a field cannot read; the sentence has values to fill in."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values_ = values


@dataclass(frozen=True)
class Field:
    """One thing that a form asks; `typed` is what stands there at first."""

    name: str
    label: str
    needed: bool = True
    typed: str = ""
    wanted: bool = field(default=False, kw_only=True)
    """Whether a form begins here while it is empty, though it may be left."""

    def read(self, typed: str, today: date, t: Speech) -> Value:
        """Return the value of what was typed.

        Raises:
            Misread: If it cannot be read.
        """
        return typed or None

    def shown(self, typed: str, today: date, t: Speech) -> str:
        """Return what was typed, as a person reads it."""
        return typed

    @property
    def entry(self) -> Entry | None:
        """Where characters are typed, if they are."""
        return None


@dataclass(frozen=True)
class Aid:
    """A page that works out what to type; it returns that, or nothing."""

    key: str
    label: str
    page: Callable[[], Page[str | None]]


@dataclass(frozen=True)
class Pick(Field):
    """One of several things, by digit; the typed text is its id."""

    options: Sequence[tuple[str, str]] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    """What a choice means, where its name does not say it."""
    marked: bool = True
    """Whether a mark shows which one is chosen."""

    def read(self, typed: str, today: date, t: Speech) -> Value:
        """Return the id; nothing if it is no choice any more."""
        return typed if typed in dict(self.options) else None

    def shown(self, typed: str, today: date, t: Speech) -> str:
        """Return the name of what was picked."""
        return dict(self.options).get(typed, "")


@dataclass(frozen=True)
class Day(Field):
    """A day, typed in any of the ways of `stepping.days.read_day`; it is told back in words."""

    ahead: bool = False

    def read(self, typed: str, today: date, t: Speech) -> date | None:
        """Return the day.

        Raises:
            Misread: If it cannot be read.
        """
        if not typed:
            return None
        try:
            return read_day(typed, today, ahead=self.ahead, language=t.language)
        except NoSuchDay:
            raise Misread(NO_SUCH_DAY) from None
        except NotWeeks:
            raise Misread(NOT_WEEKS) from None
        except (NotADay, OverflowError):
            raise Misread(NOT_A_DAY) from None

    def shown(self, typed: str, today: date, t: Speech) -> str:
        """Return the day with its weekday and how far it is away."""
        try:
            day = self.read(typed, today, t)
        except Misread:
            return typed
        return day_words(day, today, t) if day else ""

    def warned(self, typed: str, today: date, t: Speech) -> str:
        """Return what to think of on a day ahead on which most places are closed, or nothing."""
        day = self.read(typed, today, t) if self.ahead else None
        return closed_warning(day, t) if day else ""

    def doubted(self, typed: str, today: date, t: Speech) -> str:
        """Why the day is asked about again before it is kept, or nothing."""
        day = None if typed == self.typed else self.read(typed, today, t)
        return (
            f"{day_words(day, today, t)}. {told}"
            if day and (told := distance_warning(day, today, t))
            else ""
        )

    @property
    def entry(self) -> Entry:
        """Digits, and what stands between them."""
        return Entry(LETTERS, LONGEST)


@dataclass(frozen=True)
class Number(Field):
    """A number between two bounds; with tenths where `tenths`."""

    low: int = 0
    high: int = 10
    tenths: bool = False
    aid: Aid | None = None
    explanation: str = ""

    def read(self, typed: str, today: date, t: Speech) -> Value:
        """Return the number.

        Raises:
            Misread: If it cannot be read.
        """
        if not typed:
            return None
        form = r"\d{1,3}([.,]\d)?" if self.tenths else r"\d{1,3}"
        plain_ = typed.replace(",", ".")
        if not re.fullmatch(form, typed) or not self.low <= float(plain_) <= self.high:
            raise Misread(NOT_A_NUMBER, low=self.low, high=self.high)
        return float(plain_) if self.tenths else int(plain_)

    @property
    def entry(self) -> Entry:
        """Digits, and a comma or point."""
        return Entry("0123456789" + (".," if self.tenths else ""), 4)


@dataclass(frozen=True)
class Text(Field):
    """A few words, without anything that tells who a person is."""

    explanation: str = ""

    def read(self, typed: str, today: date, t: Speech) -> str | None:
        """Return the words.

        Raises:
            Misread: If something in them might name a person.
        """
        words = typed.strip()
        try:
            return read_text(words) or None
        except ValueError:
            raise Misread(NAMES_SOMEBODY) from None

    @property
    def entry(self) -> Writing:
        """Any characters."""
        return Writing()


def options(words: Mapping[str, str], t: Speech) -> list[tuple[str, str]]:
    """Return words to pick from under their ids."""
    return [(id_, t(label)) for id_, label in words.items()]
