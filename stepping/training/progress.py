"""What a seat has done, over time: judgements beside their cases, first against later.

It is for whoever has tried, to learn by: nothing here ranks or grades.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stepping.training.reading import Case
from stepping.training.records import DrillTry, FlipTry, Judgement, SeatRecord
from stepping.training.verdict import Verdict, judge_step

ENOUGH = 8
"""Cases judged for the first time from which on halves are compared."""


@dataclass(frozen=True)
class JudgedCase:
    """One judgement, and what it comes to; `verdict` is None where the case is not as it was."""

    judgement: Judgement
    time: int
    """1 for the first time that this case was judged."""
    case: Case | None
    verdict: Verdict | None
    missed: tuple[str, ...] = ()
    """Stops that are expected and were not opened."""

    @property
    def talks(self) -> bool:
        """Whether those who judged the case do not agree: no step of it is right or wrong."""
        return self.case is not None and self.case.vignette.use == "talk"

    @property
    def tested(self) -> Verdict | None:
        """What counts in sums; None of a case for talking."""
        return None if self.talks else self.verdict


@dataclass(frozen=True)
class Tally:
    """How many judgements were exact, too high and too low, and how many stops were missed.

    A missed stop counts in a case for talking too: no dispute is about danger.
    """

    exact: int
    too_high: int
    too_low: int
    missed_stops: int

    @property
    def of(self) -> int:
        """How many there were."""
        return self.exact + self.too_high + self.too_low


@dataclass(frozen=True)
class Again:
    """Cases that were judged more than once: how the last time stands beside the first."""

    nearer: int
    same: int
    further: int


@dataclass(frozen=True)
class Progress:
    """All that a seat has tried, oldest first."""

    judged: tuple[JudgedCase, ...]
    flips: tuple[FlipTry, ...]
    drills: tuple[DrillTry, ...]

    @property
    def all(self) -> Tally:
        """Every judgement."""
        return tally(self.judged)

    @property
    def halves(self) -> tuple[Tally, Tally] | None:
        """The earlier and the later half of the cases judged for the first time; None of few."""
        first = [each for each in self.judged if each.time == 1 and each.tested]
        if len(first) < ENOUGH:
            return None
        middle = len(first) // 2
        return tally(first[:middle]), tally(first[-middle:])

    @property
    def again(self) -> Again | None:
        """Cases judged more than once; None if there is none."""
        verdicts: dict[str, list[Verdict]] = {}
        for each in self.judged:
            if each.tested:
                verdicts.setdefault(each.judgement.case, []).append(each.tested)
        more = [told for told in verdicts.values() if len(told) > 1]
        if not more:
            return None
        moved = [abs(told[0].distance) - abs(told[-1].distance) for told in more]
        return Again(
            nearer=sum(each > 0 for each in moved),
            same=sum(each == 0 for each in moved),
            further=sum(each < 0 for each in moved),
        )


def tally(judged: Sequence[JudgedCase]) -> Tally:
    """Count some judgements; those of a case that is not as it was count nowhere."""
    known = [each.tested for each in judged if each.tested]
    return Tally(
        exact=sum(verdict.exact for verdict in known),
        too_high=sum(verdict.distance > 0 for verdict in known),
        too_low=sum(verdict.unsafe_low for verdict in known),
        missed_stops=sum(len(each.missed) for each in judged),
    )


def follow_progress(record: SeatRecord, cases: Mapping[str, Case]) -> Progress:
    """Put the tries of a seat beside the cases, by id, as they are now."""
    times: dict[str, int] = {}
    judged = []
    for entry in record.entries:
        if isinstance(entry, Judgement):
            times[entry.case] = times.get(entry.case, 0) + 1
            judged.append(_beside(entry, times[entry.case], cases.get(entry.case)))
    return Progress(
        judged=tuple(judged),
        flips=tuple(each for each in record.entries if isinstance(each, FlipTry)),
        drills=tuple(each for each in record.entries if isinstance(each, DrillTry)),
    )


def _beside(judgement: Judgement, time: int, case: Case | None) -> JudgedCase:
    if case is None or case.digest != judgement.case_digest:
        return JudgedCase(judgement, time, case, None)
    expect = case.vignette.expect
    missed = tuple(stop for stop in expect.stops if stop not in judgement.stops)
    return JudgedCase(judgement, time, case, judge_step(expect, judgement.step), missed)
