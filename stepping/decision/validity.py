"""Which answers still count: each holds for the time of its question, and none about danger hides.

Nothing here reads a clock: instants and the present are handed in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from stepping.decision.facts import get_fact_states
from stepping.decision.minimum_steps import find_all_inputs, find_inputs, open_stops
from stepping.pathway.age import AnswerTime
from stepping.pathway.model import Answers, Pathway
from stepping.pathway.told_totals import list_tellable, with_told


def find_expired(
    pathway: Pathway, given: Mapping[str, AnswerTime], now: datetime
) -> frozenset[str]:
    """Return the questions whose answer or skip does not hold any more."""
    return frozenset(
        id_
        for id_, when in given.items()
        if (holds := get_holds(pathway, id_)) is not None and not when.is_valid(holds, now)
    )


def get_expiry(pathway: Pathway, given: Mapping[str, AnswerTime]) -> datetime | None:
    """Return the instant up to which every answer holds; `None` where none has an age."""
    ends = (
        when.at + holds
        for id_, when in given.items()
        if (holds := get_holds(pathway, id_)) is not None
    )
    return min(ends, default=None)


def get_holds(pathway: Pathway, id_: str) -> timedelta | None:
    """Return how long an answer, or a total that was told, counts; `None` of nothing known."""
    if (question := pathway.questions.get(id_)) is not None:
        return question.holds
    told = list_tellable(pathway).get(id_)
    return None if told is None else told.holds


def find_kept_by_stops(
    pathway: Pathway, answers: Answers, recorded: Collection[str]
) -> frozenset[str]:
    """Return the questions on which open stops rest: a stop never disappears by waiting.

    With those of its cards' conditions, of what decides whether they are asked, and the totals that
    were told instead.
    """
    open_ones = open_stops(pathway, get_fact_states(pathway, answers), recorded)
    conditions = [
        condition
        for stop in open_ones
        for condition in (stop.condition, *(when for _, when in stop.cards if when is not None))
    ]
    return with_told(pathway, find_all_inputs(pathway, conditions))


@lru_cache(maxsize=16)
def find_safety_questions(pathway: Pathway) -> frozenset[str]:
    """Return the questions that ask about danger, and all on which a stop rests."""
    marked = {id_ for id_, question in pathway.questions.items() if question.safety}
    behind = (find_inputs(pathway, stop.condition) for stop in pathway.stops)
    return frozenset(marked.union(*behind)) & pathway.questions.keys()


def find_hidden_safety(pathway: Pathway, answers: Answers) -> frozenset[str]:
    """Return the answered questions about safety that are definitely not asked now."""
    states = get_fact_states(pathway, answers)
    return frozenset(
        id_
        for id_ in find_safety_questions(pathway)
        if id_ in answers and states.is_asked(id_) is False
    )
