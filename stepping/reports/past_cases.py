"""What versions of a pathway would say of cases that were decided before: counts, never a case.

A case goes as it stood when it was decided, without the answers that only the other version asks
for. One that answers what neither version asks, or as a version no longer allows, is not decided
again: an answer left out or read otherwise could lower a step. It is counted by the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from stepping.batch.batch import CASE, OUTPUT, RECORDED, REFUSED, Batch
from stepping.batch.decide_columns import JOIN
from stepping.pathway.client_facts import AGE, SEX
from stepping.pathway.model import YES, Fact, Pathway
from stepping.reports.table import FEWEST

Key = tuple[str, ...]
"""What is counted: first one of the words below, then ids and outcomes."""

CASES, MOVED, MOVE, OUTCOME = "cases", "moved", "move", "outcome"
STOP, RULE = "stop", "rule"
LACKING, OPEN, UNFIT = "lacking", "open", "unfit"
COMES, GOES, HOLDS = "comes", "goes", "holds"
"""What becomes of a stop or rule between two versions; that it holds, under one."""

_TOTALS, _PARTS = (CASES, MOVED), (MOVE, OUTCOME)
_ROUNDED_TO = 5
_UNFITTING = "\n"
"""No cell reads so: what stands for an answer of another kind than the question's."""
_GIVEN_TEXT = "x"
"""Stands for any text: it decides by being there, and its words stay where they are."""


class PastCase(NamedTuple):
    """A case as it was decided on."""

    person: str | None
    """Whose it is; `None` where that is in doubt."""
    answers: Mapping[str, object] | None
    """`None` where they were not kept."""
    recorded: Collection[str]
    """The stops whose safety steps had been recorded."""


@dataclass(frozen=True)
class Count:
    """A number of cases."""

    cases: int
    few: bool
    """Whether so few persons stand behind it that it must not be handed on."""


Counts = Mapping[Key, Count]


def hide_few(counts: Counts) -> Counts:
    """Return counts that may leave the house: those of many persons alone, rounded to five.

    What few persons stand behind is left out, since that it is there would tell of them: a rule
    made to fit one client would read her answers. The totals are those of the parts that stand.
    Whoever knows five persons can still make a rule that fits them and one more; the log has each
    question.
    """
    many = {key: count.cases for key, count in counts.items() if not count.few}
    parts = {key: cases for key, cases in many.items() if key[0] in _PARTS}
    moved = sum(cases for key, cases in parts.items() if key[0] == MOVE and key[1] != key[2])
    totals = {(CASES,): sum(parts.values()), (MOVED,): moved}
    told = {key: cases for key, cases in many.items() if key[0] not in _TOTALS}
    told |= {key: cases for key, cases in totals.items() if cases}
    return {key: Count(_rounded(told[key]), few=False) for key in sorted(told)}


def compare_cases(old: Pathway, new: Pathway, pieces: Iterable[Sequence[PastCase]]) -> Counts:
    """Decide cases by two versions and count what becomes of them."""
    tally, known = _Tally(), _Known(old, new)
    before, after = _Version(old), _Version(new)
    for cases in pieces:
        fit = known.count_unfit(cases, tally)
        for case, was, becomes in zip(fit, before.decide(fit), after.decide(fit), strict=True):
            unfit = _refused(("old", was), ("new", becomes))
            for key in unfit or _compared(before, after, was, becomes):
                tally.add(key, case.person)
    return tally.counts()


def count_outcomes(pathway: Pathway, pieces: Iterable[Sequence[PastCase]]) -> Counts:
    """Decide cases by one version and count what it says."""
    tally, known, version = _Tally(), _Known(pathway), _Version(pathway)
    for cases in pieces:
        fit = known.count_unfit(cases, tally)
        for case, row in zip(fit, version.decide(fit), strict=True):
            for key in _refused(("", row)) or _told(version, row):
                tally.add(key, case.person)
    return tally.counts()


class _Tally:
    """Counts cases; of their persons it only remembers whether they are few."""

    def __init__(self) -> None:
        self._cases: dict[Key, int] = {}
        self._persons: dict[Key, set[str]] = {}

    def add(self, key: Key, person: str | None) -> None:
        self._cases[key] = self._cases.get(key, 0) + 1
        persons = self._persons.setdefault(key, set())
        if person is not None and len(persons) < FEWEST:
            persons.add(person)

    def counts(self) -> Counts:
        return {
            key: Count(cases, len(self._persons[key]) < FEWEST)
            for key, cases in sorted(self._cases.items())
        }


class _Known:
    """What some versions ask between them."""

    def __init__(self, *versions: Pathway) -> None:
        self._facts = {fact.id for one in versions for fact in _answerable(one)} | {AGE, SEX}
        self._stops = {rule.id for one in versions for rule in one.stops}

    def count_unfit(self, cases: Iterable[PastCase], tally: _Tally) -> list[PastCase]:
        """Return the cases that may fit; count the others by the reason."""
        fit = []
        for case in cases:
            if reason := self._unfit(case):
                tally.add((UNFIT, *reason), case.person)
            else:
                fit.append(case)
        return fit

    def _unfit(self, case: PastCase) -> Key | None:
        if case.person is None:
            return "nobody", ""
        if case.answers is None:
            return "not kept", ""
        if strange := sorted(case.answers.keys() - self._facts):
            return "question", strange[0]
        if strange := sorted({*case.recorded} - self._stops):
            return "stop", strange[0]
        return None


class _Version:
    """Decides past cases by one version."""

    def __init__(self, pathway: Pathway) -> None:
        self._facts = _answerable(pathway)
        self.asks = {fact.id for fact in self._facts}
        self.required = {id_ for id_, each in pathway.questions.items() if each.required}
        self.stops = {rule.id for rule in pathway.stops}
        self._batch = Batch(pathway, [CASE, *(fact.id for fact in self._facts), RECORDED])

    def decide(self, cases: Sequence[PastCase]) -> list[dict[str, str]]:
        """Return one row of `OUTPUT` for each case; of a refused one the column instead."""
        result = self._batch.decide_rows([self._row(case) for case in cases])
        rows = [dict(zip(OUTPUT, row, strict=True)) for row in result.rows]
        for refusal in reversed(result.refusals):
            rows[refusal.row][CASE] = refusal.column
        return rows

    def _row(self, case: PastCase) -> list[str]:
        answers = case.answers or {}
        recorded = sorted(self.stops.intersection(case.recorded))
        return ["", *(_cell(f, answers.get(f.id)) for f in self._facts), JOIN.join(recorded)]


def _answerable(pathway: Pathway) -> list[Fact]:
    return [fact for fact in pathway.facts.values() if fact.origin in ("given", "question")]


def _cell(fact: Fact, answer: object) -> str:
    """Return an answer as a cell; of another kind than the question's it is refused."""
    match fact.kind, answer:
        case _, None:
            return ""
        case "remark", str():
            return _GIVEN_TEXT if answer else JOIN
        case "number", int() if not isinstance(answer, bool):
            return str(answer)
        case "set", list() | tuple():
            return JOIN.join(map(str, answer)) or JOIN
        case ("word", str()) | (_, "declined"):
            return str(answer) or _UNFITTING
        case _:
            return _UNFITTING


def _refused(*rows: tuple[str, Mapping[str, str]]) -> Sequence[Key]:
    """Return why a case is not decided: the version and the question whose answer it refuses."""
    refused = (each for each in rows if each[1]["status"] == REFUSED)
    return [(UNFIT, f"answer {version}".strip(), row[CASE]) for version, row in refused][:1]


def _compared(
    before: _Version, after: _Version, was: Mapping[str, str], becomes: Mapping[str, str]
) -> Iterator[Key]:
    """Yield everything that one case counts for, between two versions."""
    outcomes = _outcome(was), _outcome(becomes)
    yield (CASES,)
    yield (MOVE, *outcomes)
    if outcomes[0] != outcomes[1]:
        yield (MOVED,)
    held, holds = _names(was, "rules"), _names(becomes, "rules")
    stops = before.stops | after.stops
    for how, ids in ((COMES, holds - held), (GOES, held - holds)):
        yield from ((STOP if id_ in stops else RULE, how, id_) for id_ in sorted(ids))
    if was["status"] != "insufficient":
        yield from _lacking(after, becomes)
    yield from _left_open(becomes, after.asks - before.asks)


def _told(version: _Version, row: Mapping[str, str]) -> Iterator[Key]:
    """Yield everything that one case counts for, under one version."""
    yield (CASES,)
    yield (OUTCOME, _outcome(row))
    for id_ in sorted(_names(row, "rules")):
        yield (STOP if id_ in version.stops else RULE, HOLDS, id_)
    yield from _lacking(version, row)
    yield from _left_open(row, version.asks)


def _lacking(version: _Version, row: Mapping[str, str]) -> Iterator[Key]:
    """Yield the required questions for lack of which a case has no step."""
    if row["status"] == "insufficient":
        yield from ((LACKING, id_) for id_ in sorted(_names(row, "missing") & version.required))


def _left_open(row: Mapping[str, str], questions: Collection[str]) -> Iterator[Key]:
    """Yield the questions, among some, without whose answers a step may be too low."""
    if row["status"] == "suggested" and row["highest"] != row["step"]:
        yield from ((OPEN, id_) for id_ in sorted(_names(row, "missing").intersection(questions)))


def _names(row: Mapping[str, str], column: str) -> set[str]:
    return {*filter(None, row[column].split(JOIN))}


def _outcome(row: Mapping[str, str]) -> str:
    match row["status"]:
        case "suggested":
            return f"step {row['step']}{' or above' if row['or_above'] == YES else ''}"
        case "stop":
            return "a stop first"
        case _:
            return "no step, answers missing"


def _rounded(number: int) -> int:
    return (number + _ROUNDED_TO // 2) // _ROUNDED_TO * _ROUNDED_TO
