"""Reads the pasted text of a navigator's summary: what is recognised, and which lines are not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from stepping.days import NotADay, read_day
from stepping.interchange.navigator import NavigatorField, NavigatorForm, is_reference
from stepping.pathway.model import Pathway
from stepping.privacy import find_identity

_BULLET = re.compile(r"^[\s•·*>\u2013\u2014-]+")
_AFTER = r"(?![\w-])[\s:=.,\u2013\u2014-]*"
_RANGE = re.compile(r"\(\s*0\s*[\u2013-]\s*(\d{1,3})\s*\)[\s:=]*")
_POINTS = re.compile(
    r"(\d{1,3})\s*(?:(?:/|av|of|maks\.?|max\.?)\s*(\d{1,3}))?"
    r"(?![\d/]|[.,]\d|\s*[\u2013-]\s*\d)"
)
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{4}|\d\d)(?!\d)")
_PARTS = re.compile(r"[,;/]|\s+(?:ja|tai|och|eller|and|or)\s+", re.IGNORECASE)
_UNREAD: tuple[str, ...] = ("hetu", "name")

Trouble = Literal["twice", "other_version", "range", "unclear"]


@dataclass(frozen=True)
class LineFault:
    """What is wrong with a line that was recognised; what it tells is left to be typed."""

    line: int
    field: str
    trouble: Trouble


@dataclass(frozen=True)
class PastedSummary:
    """What a pasted text tells; nothing else of it is kept."""

    typed: Mapping[str, str]
    """By the id of a field what somebody would have typed there."""
    unknown: tuple[int, ...] = ()
    """The numbers of the lines that were not recognised, the first being 1."""
    faults: tuple[LineFault, ...] = ()


class NamesSomebody(ValueError):
    """A pasted text seems to name a person; `line` is the number of the line."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


def read_summary(form: NavigatorForm, pathway: Pathway, text: str, today: date) -> PastedSummary:
    """Read a pasted summary, in any of the languages that `form` has names in.

    A name and its points may stand in one line or in two, as texts of PDF files have them.

    Raises:
        NamesSomebody: If the text seems to hold an identity code or somebody's name.
    """
    lines = unicodedata.normalize("NFKC", text).splitlines()
    for number, line in enumerate(lines, start=1):
        if any(found.kind in _UNREAD for found in find_identity(line)):
            raise NamesSomebody(number)
    return _Summary(form, pathway, today).read(lines)


class _Summary:
    def __init__(self, form: NavigatorForm, pathway: Pathway, today: date) -> None:
        self._form, self._pathway, self._today = form, pathway, today
        self._typed: dict[str, str] = {}
        self._unknown: list[int] = []
        self._faults: list[LineFault] = []
        self._waiting: tuple[int, NavigatorField] | None = None
        """A name alone in its line, with the number of that: the next line may tell of it."""
        self._list: NavigatorField | None = None
        """The wishes, while each line may tell one more."""
        named = [(name, each) for each in form.field for name in each.names]
        self._named = [(_beginning(n), e) for n, e in sorted(named, key=lambda x: -len(x[0]))]
        others = sorted(form.other_versions, key=len, reverse=True)
        self._others = [_beginning(name) for name in others]

    def read(self, lines: list[str]) -> PastedSummary:
        """Read line after line."""
        for number, line in enumerate(lines, start=1):
            if plain := _BULLET.sub("", line).strip():
                self._line(number, plain)
        self._give_up()
        doubled = {fault.field for fault in self._faults if fault.trouble == "twice"}
        typed = {id_: told for id_, told in self._typed.items() if id_ not in doubled}
        return PastedSummary(typed, tuple(sorted(self._unknown)), tuple(self._faults))

    def _line(self, number: int, line: str) -> None:
        """Read a line: of a field, the points of the name before it, a further wish, or another."""
        found = self._find(line)
        if found is None and self._waiting is not None:
            name, each = self._waiting
            self._waiting = None
            if self._take(number, each, line):
                return
            self._unknown.append(name)
        self._give_up()
        if found is None:
            if not self._goes_on(number, line):
                self._other(number, line)
        elif not found[1]:
            self._waiting = number, found[0]
        elif not self._take(number, *found):
            self._unknown.append(number)

    def _give_up(self) -> None:
        """Wait no more for what a name alone in its line was to tell."""
        if self._waiting is not None:
            self._unknown.append(self._waiting[0])
            self._waiting = None

    def _goes_on(self, number: int, line: str) -> bool:
        """Take a further line of a list of wishes; return whether it is one."""
        each = self._list
        told = self._wishes(number, each, line) if each is not None else None
        if each is None or told is None:
            self._list = None
            return False
        self._typed[each.id] = "".join(sorted({*self._typed.get(each.id, ""), *told}))
        return True

    def _find(self, line: str) -> tuple[NavigatorField, str] | None:
        """Return the field whose name a line begins with, and the rest of the line."""
        if any(pattern.match(line) for pattern in self._others):
            return None
        for pattern, each in self._named:
            if match := pattern.match(line):
                return each, line[match.end() :].strip()
        return None

    def _other(self, number: int, line: str) -> None:
        match = next((m for m in (pattern.match(line) for pattern in self._others) if m), None)
        if match is None:
            self._unknown.append(number)
        else:
            name = match[0].rstrip(" :=.,–—-\t")
            self._faults.append(LineFault(number, name, "other_version"))

    def _take(self, number: int, each: NavigatorField, rest: str) -> bool:
        """Take what a line tells of a field; return whether it tells anything that is known."""
        told = self._read(number, each, rest)
        self._list = each if each.kind == "wishes" and told else None
        if told is None:
            return False
        if told and self._typed.setdefault(each.id, told) != told:
            self._faults.append(LineFault(number, each.id, "twice"))
        return True

    def _read(self, number: int, each: NavigatorField, rest: str) -> str | None:
        """Return what would be typed; nothing where a fault was noted, `None` if it is not read."""
        match each.kind:
            case "day":
                return self._day(rest)
            case "wishes":
                return self._wishes(number, each, rest)
            case "reference":
                word = rest.split()[0].upper() if rest else ""
                return word if is_reference(word) else None
            case _:
                return self._points(number, each, rest)

    def _day(self, rest: str) -> str | None:
        match = _DAY.match(rest)
        if match is None:
            return None
        typed = match[0].replace(" ", "")
        try:
            read_day(typed, self._today)
        except (NotADay, OverflowError):
            return None
        return typed

    def _points(self, number: int, each: NavigatorField, rest: str) -> str | None:
        span = _RANGE.match(rest)
        match = _POINTS.match(rest, span.end() if span else 0)
        if match is None:
            return self._in_words(each, rest)
        points, most = int(match[1]), match[2] or (span[1] if span else None)
        if most is not None and int(most) != each.high:
            self._faults.append(LineFault(number, each.id, "other_version"))
            return ""
        if points > each.high:
            self._faults.append(LineFault(number, each.id, "range"))
            return ""
        return str(points)

    def _in_words(self, each: NavigatorField, rest: str) -> str | None:
        """Return the points of an answer that is told by its own words."""
        question = self._pathway.questions.get(each.fact or "")
        for option in question.options if question and each.kind == "item" else ():
            if rest.casefold().rstrip(".") in {w.casefold() for w in option.label.values()}:
                return option.id
        return None

    def _wishes(self, number: int, each: NavigatorField, rest: str) -> str | None:
        question = self._pathway.questions.get(each.fact or "")
        digits = {word: str(n) for n, word in enumerate(question.words if question else (), 1)}
        found, unclear = set[str](), False
        for part in filter(None, (p.strip(" .").casefold() for p in _PARTS.split(rest))):
            words = {w for w, names in self._wish_names(each).items() if part in names}
            unclear = unclear or len(words) != 1 or not words <= digits.keys()
            found |= words & digits.keys()
        if not found:
            return None
        if unclear:
            self._faults.append(LineFault(number, each.id, "unclear"))
        return "".join(sorted(digits[word] for word in found))

    def _wish_names(self, each: NavigatorField) -> Mapping[str, set[str]]:
        question = self._pathway.questions.get(each.fact or "")
        names = {word: {n.casefold() for n in told} for word, told in each.words.items()}
        for option in question.options if question else ():
            labels = {label.casefold() for label in option.label.values()}
            names[option.id] = names.get(option.id, set()) | labels
        return names


def _beginning(name: str) -> re.Pattern[str]:
    spaced = r"\s+".join(re.escape(part) for part in name.split())
    return re.compile(rf"{spaced}{_AFTER}", re.IGNORECASE)
