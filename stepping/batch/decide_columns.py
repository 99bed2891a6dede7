"""Decisions on whole columns: what `decide` says of one case, for many, in written cells.

Stops come first, then the highest minimum step, then the range. The order of `decide` is written
anew here, on masks; the tests hold every row against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_

from stepping.batch.columns import BoundedCache, FactColumns, Mask, to_column
from stepping.decision.minimum_steps import asking_inputs, find_inputs
from stepping.decision.outcome import URGENCIES
from stepping.pathway.condition import Condition
from stepping.pathway.model import NO, YES, Pathway, ReadyRule

CELLS = (
    "status",
    "step",
    "or_above",
    "lowest",
    "highest",
    "urgency",
    "stops",
    "rules",
    "missing",
    "declined",
    "at_least",
)
"""What is said of a case, in this order."""
JOIN = "|"
"""What stands between the names in a cell that holds several."""
_STATUSES = ("suggested", "insufficient", "stop")
_AT_ONCE = 8
"""Names that are written at once: as many as a byte has bits."""

DecidedRow = tuple[str, ...]
Steps = list[Mask]
"""For each step, from the lowest up, the cases that are on it or above it."""


class BatchDecider:
    """Writes the decisions of one pathway."""

    def __init__(self, pathway: Pathway) -> None:
        self._pathway = pathway
        self._numbers = sorted(step.number for step in pathway.header.step)
        given = (fact for fact in pathway.facts.values() if fact.origin == "given")
        self._given = [fact.id for fact in given if fact.default is None]
        self._required = [id_ for id_, each in pathway.questions.items() if each.required]
        self._declinable = [id_ for id_, each in pathway.questions.items() if each.declinable]
        self._stops = [(r.condition, find_inputs(pathway, r.condition)) for r in pathway.stops]
        minimums = pathway.minimum_steps
        self._minimums = [(each, find_inputs(pathway, each.condition)) for each in minimums]
        self._write_stops = _Names([rule.id for rule in sorted(pathway.stops, key=_least_urgency)])
        self._write_rules = _Names([rule.id for rule in pathway.rules])
        self._write_missing = _Names([*self._given, *pathway.questions])
        self._write_declined = _Names(self._declinable)
        self._write_decision = BoundedCache(self._written)

    def write_rows(
        self, states: FactColumns, strict: FactColumns, recorded: Mapping[str, Mask]
    ) -> Iterator[DecidedRow]:
        """Yield `CELLS` for each case; `strict` are the strict states of the same cases.

        `recorded` says of each stop where its safety steps have been recorded.
        """
        fired = {rule.id: states.evaluate(rule.condition).yes for rule in self._pathway.rules}
        stops = {rule.id: fired[rule.id] & ~recorded[rule.id] for rule in self._pathway.stops}
        missing = self._missing(states)
        stopped = union(stops.values())
        lacking = union(self._lacking(states, id_, missing[id_]) for id_ in self._required)
        lacking &= ~stopped
        declined = self._declined(states)
        step = self._steps(fired)
        lowest, highest = self._range(strict, step)
        or_above, at_least = self._or_above(states, step), self._at_least(states, declined, step)
        told = self._told(fired, step, or_above | at_least, states.every & ~stopped & ~lacking)
        decision = (
            lacking + 2 * stopped,
            sum(step[1:]),
            or_above,
            sum(lowest[1:]),
            sum(highest[1:]),
            self._urgency(fired),
            at_least,
        )
        columns = [to_column(codes, states.rows) for codes in decision]
        lists = (
            self._write_stops.written(stops, states.rows),
            self._write_rules.written(told, states.rows),
            self._write_missing.written(missing, states.rows),
            self._write_declined.written(declined, states.rows),
        )
        for codes, *names in zip(zip(*columns, strict=True), *lists, strict=True):
            *cells, bound = self._write_decision[codes]
            yield (*cells, *names, bound)

    def _ends(self, step: Steps) -> dict[int, tuple[Mask, Mask]]:
        """Return for each step where it is reached, and where it is passed."""
        return dict(zip(self._numbers, zip(step, [*step[1:], 0], strict=True), strict=True))

    def _told(
        self, fired: Mapping[str, Mask], step: Steps, upward: Mask, suggested: Mask
    ) -> dict[str, Mask]:
        """Return where each rule says something: some do on certain suggested steps alone."""
        here = self._ends(step)
        told = dict(fired)
        for rule in self._pathway.rules:
            if rule.rule.only_steps:
                ends = (here[number] for number in rule.rule.only_steps)
                on = union(reached & ~passed | upward & ~reached for reached, passed in ends)
                told[rule.id] &= suggested & on
        return told

    def _missing(self, states: FactColumns) -> dict[str, Mask]:
        """Return where each question or given fact has no answer and is asked, or may be."""
        names = (*self._given, *self._pathway.questions)
        return {id_: states.unanswered(id_) & ~states.asked(id_).no for id_ in names}

    def _lacking(self, states: FactColumns, question: str, missing: Mask) -> Mask:
        """Return where a required question has no answer and is asked; see `required_answers`."""
        asked = states.asked(question)
        doubtful = missing & (states.every ^ asked.yes ^ asked.no)
        if doubtful:
            facts = self._pathway.facts
            doubtful &= ~union(
                states.unanswered(root) & ~states.asked(root).no
                for root in asking_inputs(self._pathway, question)
                if facts[root].default is None
            )
        return missing & asked.yes | doubtful

    def _declined(self, states: FactColumns) -> dict[str, Mask]:
        """Return where each question was declined and is asked, or may be."""
        return {
            id_: (mask := states.declined(id_)) and mask & ~states.asked(id_).no
            for id_ in self._declinable
        }

    def _at_least(self, states: FactColumns, declined: Mapping[str, Mask], step: Steps) -> Mask:
        """Return where a declined answer may hide a stop, a higher step, or an "or above"."""
        if not any(declined.values()):
            return 0
        here = self._ends(step)

        def may_hold(condition: Condition, bases: Iterable[str]) -> Mask:
            truth = states.evaluate(condition)
            unknown = states.every ^ truth.yes ^ truth.no
            return unknown & union(declined[id_] for id_ in bases if id_ in declined)

        found = union(may_hold(condition, bases) for condition, bases in self._stops)
        for minimum, bases in self._minimums:
            reached, passed = here[minimum.step]
            already = passed if minimum.above else reached
            found |= may_hold(minimum.condition, bases) & ~already
        return found

    def _range(self, strict: FactColumns, step: Steps) -> tuple[Steps, Steps]:
        """Return the lowest and the highest step that missing answers leave."""
        truths = {rule.id: strict.evaluate(rule.condition) for rule in self._pathway.rules}
        sure = {id_: truth.yes for id_, truth in truths.items()}
        possible = {id_: strict.every ^ truth.no for id_, truth in truths.items()}
        lowest = self._steps(sure)
        highest = self._steps(possible)
        return (
            [mine & other for mine, other in zip(step, lowest, strict=True)],
            [mine | other for mine, other in zip(step, highest, strict=True)],
        )

    def _steps(self, holds: Mapping[str, Mask]) -> Steps:
        """Return the steps that the minimum steps ask for, of rules and of recorded stops.

        Where a stop holds that is not recorded its step is counted too: no step is said there.
        """
        floors = [
            (floor, holds[rule.id])
            for rule in self._pathway.rules
            if (floor := rule.rule.minimum_step) is not None
        ]
        return [union(mask for floor, mask in floors if floor >= n) for n in self._numbers]

    def _or_above(self, states: FactColumns, step: Steps) -> Mask:
        """Return where a rule that asks for just this step lets the clinician pick upward."""
        here = self._ends(step)
        return union(
            states.evaluate(minimum.condition).yes & ~here[minimum.step][1]
            for minimum, _ in self._minimums
            if minimum.above
        )

    def _urgency(self, fired: Mapping[str, Mask]) -> Mask:
        """Return the place of the most urgent stop that holds in `URGENCIES`, from 1; 0 is none."""
        return sum(
            union(fired[r.id] for r in self._pathway.stops if -_least_urgency(r) >= place)
            for place in range(len(URGENCIES))
        )

    def _written(self, codes: tuple[int, ...]) -> DecidedRow:
        """Write the cells from status to urgency; what the status leaves open stays empty."""
        status_code, step, or_above, lowest, highest, urgency, at_least = codes
        status = _STATUSES[status_code]
        return (
            status,
            str(self._numbers[step]) if status == "suggested" else "",
            YES if status == "suggested" and or_above else NO,
            "" if status == "stop" else str(self._numbers[lowest]),
            "" if status == "stop" else str(self._numbers[highest]),
            ("", *URGENCIES)[urgency],
            YES if status == "suggested" and at_least else NO,
        )


class _Names:
    """Writes which of some names hold in each case, in the order of the names."""

    def __init__(self, names: Sequence[str]) -> None:
        parts = [names[at : at + _AT_ONCE] for at in range(0, len(names), _AT_ONCE)]
        self._parts = [(part, _every_choice(part)) for part in parts]

    def written(self, holds: Mapping[str, Mask], rows: int) -> list[str]:
        """Return the names that hold, joined."""
        pieces = []
        for names, choices in self._parts:
            bits = sum(holds[name] << bit for bit, name in enumerate(names))
            if bits:
                pieces.append(map(choices.__getitem__, to_column(bits, rows)))
        if not pieces:
            return [""] * rows
        return ["".join(each)[: -len(JOIN)] for each in zip(*pieces, strict=True)]


def _every_choice(names: Sequence[str]) -> list[str]:
    """Return the text of every choice of a few names; bit 0 of its place is the first name."""
    return [
        "".join(name + JOIN for bit, name in enumerate(names) if choice >> bit & 1)
        for choice in range(1 << len(names))
    ]


def union(masks: Iterable[Mask]) -> Mask:
    """Return where any of some masks holds."""
    return reduce(or_, masks, 0)


def _least_urgency(rule: ReadyRule) -> int:
    return -URGENCIES.index(rule.rule.stop or "week")
