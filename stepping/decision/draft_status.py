"""How a draft stands: which of its stops are open, and whether everything has been asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from stepping.decision.interview import Finished, Stop, find_next
from stepping.decision.minimum_steps import find_inputs
from stepping.decision.safety import RecordedStep, find_counting_steps, find_recorded_stops
from stepping.pathway.model import DECLINED, NO, Answer, Answers, Pathway
from stepping.pathway.schema import Urgency
from stepping.pathway.told_totals import with_told


@dataclass(frozen=True)
class HeldStop:
    """A stop that is open in a draft."""

    id: str
    urgency: Urgency
    floor: int | None
    """The lowest step that it leaves once it is recorded; None where it sets none."""
    since: str | None
    """The question whose answer opened it: the newest that speaks for it; None for the card."""


@dataclass(frozen=True)
class DraftStatus:
    """How far a draft is."""

    stops: tuple[HeldStop, ...]
    """The open stops, the most urgent first."""
    finished: bool
    """Whether every question that is asked has been answered or skipped, and no stop is open."""


def get_draft_status(
    pathway: Pathway,
    answers: Answers,
    order: Mapping[str, int],
    skipped: Collection[str],
    outcomes: Iterable[RecordedStep],
) -> DraftStatus:
    """Return how a draft stands.

    `order` are the numbers of the entries that hold the answers, by question id.
    """
    recorded = find_recorded_stops(
        pathway, answers, find_counting_steps(pathway, answers, order, outcomes)
    )
    match find_next(pathway, answers, skipped, recorded):
        case Stop(stops):
            held = (_held(pathway, answers, order, stop) for stop in stops)
            return DraftStatus(tuple(held), finished=False)
        case then:
            return DraftStatus((), isinstance(then, Finished))


def _held(pathway: Pathway, answers: Answers, order: Mapping[str, int], stop: str) -> HeldStop:
    rule = pathway.rule(stop)
    speaking = [
        id_
        for id_ in with_told(pathway, find_inputs(pathway, rule.condition))
        if id_ in order and tells_something(answers.get(id_))
    ]
    newest = max(speaking, key=lambda id_: order[id_], default=None)
    return HeldStop(stop, rule.rule.stop or "week", rule.rule.then_at_least, newest)


def tells_something(answer: Answer | None) -> bool:
    """Say whether an answer tells of something: it is given, and not the "no" or 0 of its kind.

    A declined one tells nothing, neither well nor ill.
    """
    return answer not in (None, NO, DECLINED, 0, "", ())
