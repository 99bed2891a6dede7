"""How a measured total changes over an episode, as NHS Talking Therapies counts it.

All of this is of scores alone: "recovery" in a category says that scores have recovered. Whether a
client has, is told by `stepping.decision.verdicts`.

A score at or above `caseness` is a case. A fall of `reliable` points or more is a reliable
improvement; recovery is a case at the baseline that is none now; reliable recovery is both. For
PHQ-9 and GAD-7 these were read in NCT05134103. General knowledge, not checked against a source:
that a rise of the same size is a reliable deterioration, and that where one instrument improves
reliably while another deteriorates reliably neither is counted, which `mixed` tells.

Totals are those where more is worse. The figures are those of adults; for the young they are not
verified. What was not measured is `None`, read as "may be anything": a property is true or false
only where every possible score would make it so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from stepping.pathway.schema import Change

Category = Literal[
    "reliable_deterioration",
    "reliable_recovery",
    "reliable_improvement",
    "recovery",
    "no_reliable_change",
    "unknown",
]
"""What became of one total; exactly one holds, and the first one that fits is it.

`recovery` is the one without a reliable fall: below the cut-off, but by fewer points than the
questionnaire's own error.
"""
OverallCategory = Category | Literal["mixed"]
"""What became of a client; `mixed` where one total improved and another deteriorated reliably."""
Gap = Literal["no_baseline", "baseline_incomplete", "nothing_later", "latest_incomplete"]
"""Why a change is unknown: no measurement at that time, or one whose total lacks answers."""


class MeasureError(ValueError):
    """What cannot be: a negative score, a latest one before the baseline, a change of no points."""


@dataclass(frozen=True, slots=True)
class Score:
    """The total of one assessment, `None` where answers are missing, and the day it was taken."""

    points: int | None
    day: date

    def __post_init__(self) -> None:
        if self.points is not None and self.points < 0:
            raise MeasureError(f"a score is never negative: {self.points}")


@dataclass(frozen=True, slots=True)
class ChangeOf:
    """The change of one instrument's total from an episode's first assessment to its latest.

    `rule` holds the cut-off and the points of a reliable change, with their source. Raises
    `MeasureError` if the latest is before the baseline, or the rule asks for less than one point.
    """

    instrument: str
    rule: Change
    baseline: Score | None
    latest: Score | None

    def __post_init__(self) -> None:
        if self.rule.reliable < 1:
            raise MeasureError(f"{self.instrument}: a reliable change is one point or more")
        if self.baseline and self.latest and self.latest.day < self.baseline.day:
            raise MeasureError(f"{self.instrument}: {self.latest.day} is before the baseline")

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Why the change is unknown; empty where it is known."""
        found: list[Gap] = []
        if _points(self.baseline) is None:
            found.append("baseline_incomplete" if self.baseline else "no_baseline")
        if _points(self.latest) is None:
            found.append("latest_incomplete" if self.latest else "nothing_later")
        return tuple(found)

    @property
    def difference(self) -> int | None:
        """The points gained since the baseline; a fall is negative."""
        then, now = _points(self.baseline), _points(self.latest)
        return None if then is None or now is None else now - then

    @property
    def case_then(self) -> bool | None:
        """Whether the baseline was a case."""
        return self._case(self.baseline)

    @property
    def case_now(self) -> bool | None:
        """Whether the latest measurement is a case."""
        return self._case(self.latest)

    @property
    def case_no_more(self) -> bool | None:
        """Whether a case at the baseline is none now, by however few points."""
        return _all((self.case_then, _not(self.case_now)))

    @property
    def reliably_improved(self) -> bool | None:
        """Whether the total fell by a reliable change."""
        return None if self.difference is None else -self.difference >= self.rule.reliable

    @property
    def reliably_deteriorated(self) -> bool | None:
        """Whether the total rose by a reliable change."""
        return None if self.difference is None else self.difference >= self.rule.reliable

    @property
    def scores_recovered(self) -> bool | None:
        """Whether no case is left, with a reliable fall."""
        return _all((self.case_no_more, self.reliably_improved))

    @property
    def category(self) -> Category:
        """What became of the total; `unknown` whenever there is a gap."""
        if self.gaps:
            return "unknown"
        if self.reliably_deteriorated:
            return "reliable_deterioration"
        if self.scores_recovered:
            return "reliable_recovery"
        if self.reliably_improved:
            return "reliable_improvement"
        return "recovery" if self.case_no_more else "no_reliable_change"

    def _case(self, score: Score | None) -> bool | None:
        points = _points(score)
        return None if points is None else points >= self.rule.caseness


@dataclass(frozen=True, slots=True)
class Overall:
    """What became of a client over all instruments that an episode measures.

    Of no instruments at all nothing is known. What a finished course of treatment is (two attended
    sessions) is for the caller to ask.
    """

    changes: tuple[ChangeOf, ...]

    @property
    def case_then(self) -> bool | None:
        """Whether any total was a case at the baseline."""
        return _any(change.case_then for change in self.changes)

    @property
    def case_now(self) -> bool | None:
        """Whether any total is a case now."""
        return _any(change.case_now for change in self.changes)

    @property
    def case_no_more(self) -> bool | None:
        """Whether at least one total was a case at the baseline and none is now."""
        return _all((self.case_then, _not(self.case_now)))

    @property
    def reliably_improved(self) -> bool | None:
        """Whether a total fell reliably and none rose reliably."""
        return _all((self._any_better, _not(self._any_worse)))

    @property
    def reliably_deteriorated(self) -> bool | None:
        """Whether a total rose reliably and none fell reliably; `worse` names every one that did.

        Safety rules look at each instrument: a `mixed` client has deteriorated on one of them.
        """
        return _all((self._any_worse, _not(self._any_better)))

    @property
    def mixed(self) -> bool | None:
        """Whether one total fell reliably and another rose reliably."""
        return _all((self._any_better, self._any_worse))

    @property
    def scores_recovered(self) -> bool | None:
        """Whether no case is left, with a reliable fall and no reliable rise."""
        return _all((self.case_no_more, self.reliably_improved))

    @property
    def better(self) -> tuple[str, ...]:
        """The instruments whose total fell reliably."""
        return tuple(change.instrument for change in self.changes if change.reliably_improved)

    @property
    def worse(self) -> tuple[str, ...]:
        """The instruments whose total rose reliably."""
        return tuple(change.instrument for change in self.changes if change.reliably_deteriorated)

    @property
    def unknown(self) -> tuple[tuple[str, Gap], ...]:
        """Each instrument of unknown change with why; a settled verdict can have some."""
        return tuple((change.instrument, gap) for change in self.changes for gap in change.gaps)

    @property
    def category(self) -> OverallCategory:
        """The first verdict that holds, the worst news first; `unknown` if one before it may."""
        verdicts: tuple[tuple[OverallCategory, bool | None], ...] = (
            ("reliable_deterioration", self.reliably_deteriorated),
            ("mixed", self.mixed),
            ("reliable_recovery", self.scores_recovered),
            ("reliable_improvement", self.reliably_improved),
            ("recovery", self.case_no_more),
        )
        for name, holds in verdicts:
            if holds is not False:
                return name if holds else "unknown"
        return "no_reliable_change"

    @property
    def _any_better(self) -> bool | None:
        return _any(change.reliably_improved for change in self.changes)

    @property
    def _any_worse(self) -> bool | None:
        return _any(change.reliably_deteriorated for change in self.changes)


def change_over_episode(instrument: str, rule: Change, scores: Sequence[Score]) -> ChangeOf:
    """Return the change from an episode's first assessment to its last, one entry an assessment.

    They are put in order of day; those of one day stay in the order given. An incomplete first or
    last assessment is never replaced by its neighbour: the change is then unknown.
    """
    ordered = sorted(scores, key=lambda score: score.day)
    baseline = ordered[0] if ordered else None
    latest = ordered[-1] if len(ordered) > 1 else None
    return ChangeOf(instrument, rule, baseline, latest)


def _points(score: Score | None) -> int | None:
    return None if score is None else score.points


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _all(values: Iterable[bool | None]) -> bool | None:
    """Return whether all hold; one that does not settles it, whatever is unknown."""
    known = set(values)
    return False if False in known else None if None in known else True


def _any(values: Iterable[bool | None]) -> bool | None:
    """Return whether any holds; one that does settles it, and of nothing at all it is unknown."""
    known = set(values)
    return True if True in known else None if None in known or not known else False
