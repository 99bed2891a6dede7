"""Totals of a form as FHIRPath, so written that three renderers compute alike.

They count codes of answers, since `ordinal()` and `weight()` are known to one of the three only. An
item that is shown and not answered leaves no total: nothing is prorated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from stepping.interchange.codes import Codes
from stepping.interchange.visibility import UNANSWERED, Visibility
from stepping.pathway.model import NO, Fact, Pathway, Question

SDC_ITEMS, REFERO_ITEMS = "%resource.item.item", "QuestionnaireResponse.item.item"
"""Where the questions stand below a response: each in one group."""

Scores = Mapping[str, int]
"""What each code of an answer adds."""


def scores_of(question: Question, codes: Codes) -> Scores | None:
    """Return what each answer adds to a total, by its code; `None` where it is no list of answers.

    Refused adds 1 as yes does; a declined answer adds nothing and is not known.
    """
    named = codes.of_answers(question)
    if question.kind == "yesno":
        return {named[word].code: int(word != NO) for word in question.words}
    if question.kind == "choice" and question.numeric:
        return {named[word].code: int(word) for word in question.words}
    return None


def total_expression(
    pathway: Pathway,
    total: Fact,
    shown: Mapping[str, Visibility | None],
    codes: Codes,
    items: str,
) -> str | None:
    """Return a total as FHIRPath; `None` where a form cannot compute what the program does.

    `items` says where the questions of a response stand: `SDC_ITEMS` or `REFERO_ITEMS`.
    """
    parts: list[tuple[str, str, Scores]] = []
    for id_ in total.items:
        question, visibility = pathway.questions[id_], shown[id_]
        scores = scores_of(question, codes)
        if visibility is None or scores is None:
            return None
        when = "" if visibility.always else _shown_when(pathway, visibility, codes, items)
        parts.append((when, id_, scores))
    guards, sums = [], []
    for when, some in groupby(parts, lambda part: part[0]):
        known, added = _of_group([(id_, scores) for _, id_, scores in some], items)
        guards.append(f"iif({when}, {known}, true)" if when else known)
        sums.append(f"iif({when}, {added}, 0)" if when else added)
    return f"iif({' and '.join(guards)}, {' + '.join(sums)}, {{}})"


def _of_group(part: Sequence[tuple[str, Scores]], items: str) -> tuple[str, str]:
    """Return whether all of some items are answered, and what they add together."""
    known: list[str] = []
    added: list[str] = []
    for scores, alike in groupby(part, lambda each: each[1]):
        ids = [id_ for id_, _ in alike]
        chosen = f"{items}.where({_any('linkId', ids)}).answer.value"
        known.append(f"{chosen}.where({_any('code', scores)}).count() = {len(ids)}")
        added += (
            f"{score} * {chosen}.where(code = '{code}').count()"
            for code, score in scores.items()
            if score
        )
    return " and ".join(known), " + ".join(added) or "0"


def _shown_when(pathway: Pathway, visibility: Visibility, codes: Codes, items: str) -> str:
    return " or ".join(
        told
        for term in visibility.terms
        for id_, allowed in term.items()
        for told in _allowed(pathway.questions[id_], allowed, codes, items)
    )


def _allowed(
    question: Question, allowed: frozenset[str], codes: Codes, items: str
) -> tuple[str, ...]:
    answer = f"{items}.where(linkId = '{question.id}').answer.value"
    named = codes.of_answers(question)
    chosen = [coding.code for word, coding in named.items() if word in allowed]
    return (
        *((f"{answer}.empty()",) if UNANSWERED in allowed else ()),
        *((f"{answer}.where({_any('code', chosen)}).exists()",) if chosen else ()),
    )


def _any(key: str, values: Sequence[str] | Scores) -> str:
    return " or ".join(f"{key} = '{value}'" for value in values)
