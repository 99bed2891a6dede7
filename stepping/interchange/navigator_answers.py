"""Which answers a navigator's result gives an assessment, and what is asked all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from stepping.finland import day_begins
from stepping.interchange.navigator import NavigatorField, NavigatorForm, NavigatorResult
from stepping.pathway.age import AnswerTime
from stepping.pathway.model import Answer, Answers, Pathway
from stepping.pathway.told_totals import ToldTotal, list_tellable

WhyAsked = Literal["not_in_pathway", "too_old", "answered_here", "danger", "part_missing"]
"""Why a part of a result is not taken: what it tells is asked as if nobody had told it."""


@dataclass(frozen=True)
class TakenResult:
    """What an assessment takes of a result."""

    answers: dict[str, Answer]
    """By question id; under the id of a total what its items add up to that are not asked."""
    asked: tuple[tuple[str, WhyAsked], ...]
    """The fields that are not taken, and why."""


def sort_result(
    form: NavigatorForm,
    result: NavigatorResult,
    pathway: Pathway,
    answers: Answers,
    now: datetime,
) -> TakenResult:
    """Return what an assessment takes of a result without faults, beside `answers` that hold.

    What is too old for its question is asked again, and so is danger: of an item on it only what
    tells of danger is taken, of whatever age, so that its stop opens at once.
    """
    reader = _Reader(form, result, pathway, answers, now)
    taken: dict[str, Answer] = {}
    asked: list[tuple[str, WhyAsked]] = []
    for each in form.field:
        found = reader.read(each)
        if isinstance(found, str):
            asked.append((each.id, found))
        elif found is not None:
            taken[each.fact or ""] = found[0]
    return TakenResult(taken, tuple(asked))


@dataclass(frozen=True)
class _Reader:
    form: NavigatorForm
    result: NavigatorResult
    pathway: Pathway
    answers: Answers
    now: datetime

    def read(self, each: NavigatorField) -> tuple[Answer] | WhyAsked | None:
        """Return the answer that a field gives, why it gives none, or nothing if it is not told."""
        if each.kind == "wishes":
            return self._wishes(each) if self.result.wishes is not None else None
        points = self.result.points.get(each.id)
        if points is None:
            return None
        return self._total(each, points) if each.kind == "total" else self._item(each, points)

    def _wishes(self, each: NavigatorField) -> tuple[Answer] | WhyAsked:
        question = self.pathway.questions.get(each.fact or "")
        if question is None or question.kind != "multi":
            return "not_in_pathway"
        known = tuple(w for w in question.words if w in (self.result.wishes or ()))
        return self._why_not(question.id) or ((known,) if known else "not_in_pathway")

    def _item(self, each: NavigatorField, points: int) -> tuple[Answer] | WhyAsked:
        question = self.pathway.questions.get(each.fact or "")
        if question is None or points not in question.points:
            return "not_in_pathway"
        if question.safety:
            known = self.answers.get(question.id)
            told = points > question.points[0]
            return (points,) if told and not _reaches(known, points) else "danger"
        return self._why_not(question.id) or (points,)

    def _total(self, each: NavigatorField, points: int) -> tuple[Answer] | WhyAsked:
        told = list_tellable(self.pathway).get(each.fact or "")
        if told is None:
            return "not_in_pathway"
        apart = self._apart(told)
        if apart is None:
            return "part_missing"
        if any(item in self.answers for item in told.items):
            return "answered_here"
        rest = points - apart
        if not told.low <= rest <= told.high:
            return "not_in_pathway"
        return self._why_not(told.id) or (rest,)

    def _apart(self, told: ToldTotal) -> int | None:
        """Return the points of the items that are asked apart from a total; `None` if unknown."""
        left, points = set(told.apart), 0
        for fact, value in self._facts():
            part = list_tellable(self.pathway).get(fact)
            items = {fact} if part is None else {*part.items, *part.apart}
            if left and items <= left:
                left -= items
                points += value
        return None if left else points

    def _facts(self) -> Iterator[tuple[str, int]]:
        """Yield what was told by its fact."""
        for each in self.form.field:
            points = self.result.points.get(each.id)
            if points is not None and each.fact is not None:
                yield each.fact, points

    def _why_not(self, id_: str) -> WhyAsked | None:
        if id_ in self.answers:
            return "answered_here"
        question, told = self.pathway.questions.get(id_), list_tellable(self.pathway).get(id_)
        holds = question.holds if question else told.holds if told else None
        day = self.result.day
        if holds is None or day is None:
            return "too_old"
        at = day_begins(day)
        return None if AnswerTime(at, at).is_valid(holds, self.now) else "too_old"


def _reaches(known: Answer | None, points: int) -> bool:
    return isinstance(known, int) and known >= points
