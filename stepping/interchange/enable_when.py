"""A `Visibility` as FHIR's `enableWhen`: any of several plain comparisons."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from stepping.interchange.codes import Codes
from stepping.interchange.visibility import UNANSWERED, Visibility
from stepping.pathway.model import Pathway, Question


def enable_when(pathway: Pathway, visibility: Visibility, codes: Codes) -> dict[str, Any]:
    """Return the keys of an item that say when it is shown; none where it always is."""
    if visibility.always:
        return {}
    told = [
        {"question": id_, **comparison}
        for term in visibility.terms
        for id_, allowed in term.items()
        for comparison in _comparisons(pathway.questions[id_], allowed, codes)
    ]
    return {"enableWhen": told, **({"enableBehavior": "any"} if len(told) > 1 else {})}


def _comparisons(
    question: Question, allowed: frozenset[str], codes: Codes
) -> Iterator[dict[str, Any]]:
    """Yield comparisons with one question; none is "is not", which renderers read differently."""
    if UNANSWERED in allowed:
        yield {"operator": "exists", "answerBoolean": False}
    if question.kind in ("integer", "scale"):
        numbers = sorted(int(word) for word in allowed if word.lstrip("-").isdigit())
        yield from _ranges(numbers, question)
        return
    for word, coding in codes.of_answers(question).items():
        if word in allowed:
            yield {"operator": "=", "answerCoding": coding._asdict()}


def _ranges(numbers: list[int], question: Question) -> Iterator[dict[str, Any]]:
    """Yield numbers as "from", "up to" or one by one."""
    gaps = [0, *(n for n, (a, b) in enumerate(pairwise(numbers), 1) if b > a + 1), len(numbers)]
    for start, end in pairwise(gaps):
        run = numbers[start:end]
        if run and run[0] == question.low:
            yield {"operator": "<=", "answerInteger": run[-1]}
        elif run and run[-1] == question.high:
            yield {"operator": ">=", "answerInteger": run[0]}
        else:
            yield from ({"operator": "=", "answerInteger": number} for number in run)
