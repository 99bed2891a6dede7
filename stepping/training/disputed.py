"""Which questions a class answered otherwise, and what there is to talk about in a case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from stepping.decision.facts import get_fact_states
from stepping.pathway.answers import read_answer
from stepping.pathway.model import Answer, Answers, Pathway
from stepping.training.agreement import JudgedCase
from stepping.training.comparison import Reached, reach, with_answer

MOST_DISPUTED = 5

Change = Literal["nothing", "step", "stop"]
"""What an answer alone would change in the expert's answers; a stop weighs most."""
_WEIGHTS: dict[Change, int] = {"nothing": 1, "step": 2, "stop": 3}


@dataclass(frozen=True)
class Disputed:
    """A question on whose answer trainees differ, from the expert or among each other."""

    fact: str
    expert: Answer | None
    """None where the expert leaves it unanswered."""
    given: Mapping[Answer | None, int]
    """How many of those who were asked gave each answer, the most frequent first."""
    changes: Change
    """The most that one of the other answers would change alone."""
    weight: float

    @property
    def of(self) -> int:
        """How many were asked."""
        return sum(self.given.values())

    @property
    def differ(self) -> int:
        """How many answered otherwise than the expert."""
        return sum(count for answer, count in self.given.items() if answer != self.expert)


def find_disputed(judged: JudgedCase) -> tuple[Disputed, ...]:
    """Return the questions that were answered most differently, those that weigh most first.

    A question weighs by the share of trainees who answered otherwise than the expert, twice where
    such an answer alone moves the step and thrice where it opens or closes a stop, and by the share
    of pairs of trainees who differ.
    """
    found = [each for each in _compared(judged) if each.differ or len(each.given) > 1]
    found.sort(key=lambda each: -each.weight)
    return tuple(found)


def _compared(judged: JudgedCase) -> Iterator[Disputed]:
    case = judged.case
    told = [_read(case.pathway, each.answers) for each in judged.first.values()]
    if not told:
        return
    usual = reach(case.pathway, case.answers)
    card = {fact: each for fact, each in case.answers.items() if fact not in case.pathway.questions}
    by_case, *by_each = (_asked(case.pathway, {**card, **each}) for each in (case.answers, *told))
    for fact in case.pathway.questions:
        if fact not in by_case or case.pathway.questions[fact].kind in ("text", "date"):
            continue
        expert = case.answers.get(fact)
        counted = Counter(
            answers.get(fact) for answers, asked in zip(told, by_each, strict=True) if fact in asked
        )
        if {*counted} <= {expert}:
            continue
        given = dict(sorted(counted.items(), key=lambda each: (-each[1], str(each[0]))))
        changes = {
            answer: _change(usual, reach(case.pathway, with_answer(case.answers, fact, answer)))
            for answer in given
            if answer != expert
        }
        weight = sum(_weighs(changes[answer]) * given[answer] for answer in changes) / len(told)
        most = max(("nothing", *changes.values()), key=_weighs)
        yield Disputed(fact, expert, given, most, weight + _split(given, len(told)))


def _asked(pathway: Pathway, answers: Answers) -> frozenset[str]:
    """Return the questions that these answers lead to, or may.

    One that another answer leads past is not in dispute: that other answer is.
    """
    states = get_fact_states(pathway, answers)
    return frozenset(each for each in pathway.questions if states.is_asked(each) is not False)


def _weighs(change: Change) -> int:
    return _WEIGHTS[change]


def _read(pathway: Pathway, answers: Mapping[str, object]) -> dict[str, Answer]:
    """Return the answers of a trainee; one that does not fit counts as not given."""
    read: dict[str, Answer] = {}
    for fact, value in answers.items():
        try:
            answer = read_answer(pathway, fact, value)
        except ValueError:
            continue
        if answer is not None:
            read[fact] = answer
    return read


def _change(usual: Reached, other: Reached) -> Change:
    if {*usual.stops} != {*other.stops}:
        return "stop"
    return "step" if usual.step != other.step else "nothing"


def _split(given: Mapping[Answer | None, int], of: int) -> float:
    """Return the share of pairs of trainees whose answers differ."""
    pairs = of * (of - 1)
    return 1 - sum(count * (count - 1) for count in given.values()) / pairs if pairs else 0.0


TalkKind = Literal["missed_stop", "too_low", "too_high", "split", "question", "agreed"]


@dataclass(frozen=True)
class TalkPoint:
    """Something of a case to talk about: `count` of `of` did it; `name` is a stop or a question."""

    kind: TalkKind
    count: int
    of: int
    name: str = ""
    steps: tuple[int, int] = (0, 0)
    """The lowest and the highest step that were chosen."""


MOST_QUESTIONS = 2


def find_talk_points(judged: JudgedCase) -> tuple[TalkPoint, ...]:
    """Return what there is to talk about, danger first; nothing of a case nobody judged."""
    of = len(judged.first)
    if not of:
        return ()
    chosen = [each.step for each in judged.first.values()]
    steps = (min(chosen), max(chosen))
    verdicts = judged.verdicts.values()
    low = sum(each.unsafe_low for each in verdicts)
    high = sum(each.distance > 0 for each in verdicts)
    points = [TalkPoint("missed_stop", n, of, stop) for stop, n in judged.missed.items() if n]
    if low:
        points.append(TalkPoint("too_low", low, of, steps=steps))
    if high:
        points.append(TalkPoint("too_high", high, of, steps=steps))
    if steps[0] != steps[1]:
        points.append(TalkPoint("split", len({*chosen}), of, steps=steps))
    elif not (low or high):
        points.append(TalkPoint("agreed", of, of, steps=steps))
    disputed = find_disputed(judged)[:MOST_QUESTIONS]
    points += [TalkPoint("question", each.differ, of, each.fact) for each in disputed]
    return tuple(points)
