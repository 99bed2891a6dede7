"""What the judgements of a class show together: steps by case, shares, missed stops, agreement.

Only the first judgement of a seat for a case counts, since the second one has seen the suggestion.
One made on another text of the case or of its pathway is left out, and so is all that follows it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from stepping.training.kappa import (
    Cost,
    Figure,
    Rated,
    figure_among,
    figure_with_expert,
    linear,
)
from stepping.training.reading import Case
from stepping.training.records import ClassRecord, Judgement, Place, SeatRecord
from stepping.training.verdict import Verdict, judge_step


@dataclass(frozen=True)
class Shares:
    """How many of `of` judgements were exact, at most one step off, and lower than is safe."""

    exact: int
    near: int
    unsafe_low: int
    of: int


@dataclass(frozen=True)
class Standing:
    """Where a seat is: in a case, or in none, with so many cases of the class judged."""

    seat: str
    now: Place | None
    judged: int


@dataclass(frozen=True)
class JudgedCase:
    """A case of a class with the first judgement of each seat."""

    case: Case
    first: Mapping[str, Judgement]
    """By seat, in the order of the seats."""

    @property
    def id(self) -> str:
        """The id of the case."""
        return self.case.vignette.id

    @property
    def tests(self) -> bool:
        """Whether it counts; a disputed case serves for talking alone."""
        return self.case.vignette.use == "test"

    @property
    def steps(self) -> tuple[int, ...]:
        """The steps of its pathway, and what else was chosen, the lowest first."""
        own = {step.number for step in self.case.pathway.header.step}
        return tuple(sorted(own | {each.step for each in self.first.values()}))

    @property
    def counts(self) -> tuple[int, ...]:
        """How many chose each step, from 0 to the highest of its pathway."""
        chosen = Counter(judgement.step for judgement in self.first.values())
        return tuple(chosen[step] for step in range(self.steps[-1] + 1))

    @property
    def rated(self) -> Rated:
        """The case as κ sees it.

        The expert's step is the lowest one expected, whatever was chosen: a range never bends
        towards a trainee, so that κ is not flattered. Shares take the whole range for right.
        """
        return Rated(self.case.vignette.expect.lowest, self.counts)

    @property
    def verdicts(self) -> Mapping[str, Verdict]:
        """How the step of each seat stands beside those expected."""
        expect = self.case.vignette.expect
        return {seat: judge_step(expect, each.step) for seat, each in self.first.items()}

    @property
    def shares(self) -> Shares:
        """How many were right, nearly right and too low."""
        return _shares(self.verdicts.values())

    @property
    def missed(self) -> Mapping[str, int]:
        """How many did not come upon each stop that must not be missed."""
        return {
            stop: sum(stop not in each.stops for each in self.first.values())
            for stop in self.case.vignette.expect.stops
        }


@dataclass(frozen=True)
class LeftOut:
    """How many judgements do not count, and why."""

    again: int = 0
    """A second judgement of a case, and each later one: that is learning."""
    other_text: int = 0
    """Made on another text of the case or of its pathway than the class was opened with."""
    elsewhere: int = 0
    """Of a case that the class does not have."""


@dataclass(frozen=True)
class ClassFigures:
    """A class as its judgements tell it."""

    record: ClassRecord
    standings: tuple[Standing, ...]
    cases: tuple[JudgedCase, ...]
    """In the order of the class; without those that cannot be read here."""
    left_out: LeftOut = field(default_factory=LeftOut)

    @cached_property
    def tested(self) -> tuple[JudgedCase, ...]:
        """The cases that count."""
        return tuple(each for each in self.cases if each.tests)

    def only(self, ids: Collection[str]) -> ClassFigures:
        """Return the same with some of the cases alone."""
        return replace(self, cases=tuple(each for each in self.cases if each.id in ids))

    @property
    def shares(self) -> Shares:
        """The shares over all cases that count."""
        return _shares(verdict for each in self.tested for verdict in each.verdicts.values())

    def with_expert(self, cost: Cost = linear) -> Figure:
        """Return weighted κ of the whole class against the expert, all judgements in one table."""
        return figure_with_expert([each.rated for each in self.tested], cost)

    def among(self, cost: Cost = linear) -> Figure:
        """Return Krippendorff's α of the class, with the weights of κ.

        Chosen over the mean κ of all pairs (Light): a class never judges every case, and α takes
        what there is, where pairs with one case in common have no κ and would drop out.
        """
        return figure_among([each.rated for each in self.tested], cost)

    def of_seat(self, seat: str, cost: Cost = linear) -> Figure:
        """Return weighted κ of one trainee against the expert."""
        return figure_with_expert([*self._alone(seat)], cost)

    def _alone(self, seat: str) -> Iterator[Rated]:
        for each in self.tested:
            if seat in each.first:
                step = each.first[seat].step
                counts = tuple(int(step == one) for one in range(len(each.counts)))
                yield Rated(each.rated.expert, counts)


def _shares(verdicts: Iterable[Verdict]) -> Shares:
    found = [*verdicts]
    return Shares(
        sum(each.exact for each in found),
        sum(each.near for each in found),
        sum(each.unsafe_low for each in found),
        len(found),
    )


def study_class(
    record: ClassRecord, seats: Mapping[str, SeatRecord], cases: Mapping[str, Case]
) -> ClassFigures:
    """Work out what a class shows; `cases` are those of its record that can be read here."""
    left = {"again": 0, "other_text": 0, "elsewhere": 0}
    first: dict[str, dict[str, Judgement]] = {each.id: {} for each in record.cases}
    standings = []
    for seat in record.seats:
        seat_record = seats.get(seat)
        judged = dict(_first(record, seat_record, left)) if seat_record else {}
        for id_, judgement in judged.items():
            first[id_][seat] = judgement
        standings.append(Standing(seat, seat_record.now if seat_record else None, len(judged)))
    read = tuple(JudgedCase(cases[id_], of) for id_, of in first.items() if id_ in cases)
    return ClassFigures(record, tuple(standings), read, LeftOut(**left))


def _first(
    record: ClassRecord, seat: SeatRecord, left: dict[str, int]
) -> Iterator[tuple[str, Judgement]]:
    """Yield the first judgement of each case, and count those that are left out."""
    texts = {each.id: each.digest for each in record.cases}
    seen: set[str] = set()
    for each in seat.entries:
        if each.kind != "judgement" or each.class_id != record.id:
            continue
        if each.case not in texts:
            left["elsewhere"] += 1
        elif each.case in seen:
            left["again"] += 1
        elif (each.case_digest, each.digest) != (
            texts[each.case],
            record.pathways.get(each.pathway),
        ):
            left["other_text"] += 1
        else:
            yield each.case, each
        seen.add(each.case)
