"""Which answers of a reading an assessment takes, and what is asked as if nobody had told it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from stepping.decision.facts import get_fact_states
from stepping.interchange.responses.items import is_calm
from stepping.interchange.responses.reading import Danger, ReadAnswer, Reading
from stepping.pathway.age import AnswerTime
from stepping.pathway.model import DECLINED, Answer, Answers, Pathway, Question
from stepping.pathway.told_totals import find_covered

WhyAsked = Literal["danger", "nurse", "too_old", "answered_here", "not_asked"]
"""Why an answer is not taken: danger is asked by the nurse, and so is what she sees by herself."""


@dataclass(frozen=True)
class Intake:
    """What an assessment takes of a reading."""

    answers: Mapping[str, ReadAnswer]
    """By question id, each with the instant at which it was given."""
    asked: tuple[tuple[str, WhyAsked], ...]
    """The questions whose answers are not taken, and why, in the order of asking."""

    def by_age(self) -> dict[datetime, dict[str, Answer]]:
        """Return the answers by when they were given, the oldest first."""
        found: dict[datetime, dict[str, Answer]] = {}
        dated = [(i, r.answer, r.given_at) for i, r in self.answers.items() if r.given_at]
        for id_, answer, given_at in sorted(dated, key=lambda each: each[2]):
            found.setdefault(given_at, {})[id_] = answer
        return found


Told = tuple[str, Answer, datetime]
"""An answer that was taken in: its question, what it is, and when it was given."""


def sort_answers(
    reading: Reading,
    pathway: Pathway,
    facts: Answers,
    here: Answers,
    now: datetime,
    before: Collection[Told] = (),
) -> Intake:
    """Return what is taken beside the answers that were given `here` and hold, and given `facts`.

    Of an item on danger only what tells of danger is taken, of whatever age and in whatever form it
    stands, so that its stop opens at once. A later form that tells of none takes nothing back. What
    was taken in `before` and answered here since is not taken again.
    """
    spoken_for = find_covered(pathway, here)
    taken: dict[str, ReadAnswer] = {}
    asked: dict[str, WhyAsked] = {}
    for id_, read in reading.answers.items():
        question = pathway.questions[id_]
        if id_ in spoken_for and not question.safety:  # a total was told instead
            asked[id_] = "answered_here"
        elif why := _why_not(question, read, here, now):
            asked[id_] = why
        else:
            taken[id_] = read
    for danger in reading.dangers:
        known, answer = here.get(danger.question), danger.answer
        question = pathway.questions[danger.question]
        if answer is None or answer == DECLINED or danger.given_at is None:
            asked.setdefault(danger.question, "danger")
        elif known is not None and (
            not is_calm(question, known) or (danger.question, answer, danger.given_at) in before
        ):
            asked[danger.question] = "answered_here"
        elif _is_newer(danger, taken.get(danger.question)):
            taken[danger.question] = ReadAnswer(answer, danger.given_at, danger.place)
            asked.pop(danger.question, None)
    told = {id_: read.answer for id_, read in taken.items()}
    states = get_fact_states(pathway, {**facts, **here, **told})
    for id_ in [id_ for id_ in taken if states.is_asked(id_) is False]:
        del taken[id_]
        asked[id_] = "not_asked"
    return Intake(taken, tuple((id_, asked[id_]) for id_ in pathway.questions if id_ in asked))


def _is_newer(danger: Danger, before: ReadAnswer | None) -> bool:
    if before is None or before.given_at is None or danger.given_at is None:
        return True
    return danger.given_at > before.given_at


def _why_not(question: Question, read: ReadAnswer, here: Answers, now: datetime) -> WhyAsked | None:
    """Return why an answer is not taken; those on danger are looked at apart."""
    if question.safety:
        return "danger"
    if question.asked_of == "nurse":
        return "nurse"
    if question.id in here:
        return "answered_here"
    given_at = read.given_at
    if given_at is None or not AnswerTime(given_at, given_at).is_valid(question.holds, now):
        return "too_old"
    return None
