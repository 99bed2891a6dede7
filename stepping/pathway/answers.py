"""Checks answers that come from outside and brings them into one form."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from stepping.pathway.diagnostics import suggest_nearest
from stepping.pathway.model import DECLINED, NO, YES, Answer, Fact, Pathway, Question
from stepping.privacy import check_characters, find_identity

_ID = re.compile(r"[A-Za-z]\w{0,29}(\.\w{1,30})*")
LONGEST_TEXT = 500
"""Characters that a free text may have."""


@dataclass(frozen=True)
class BadAnswer:
    """An answer that cannot be used: which one, and what to do about it."""

    id: str
    message: str

    def __str__(self) -> str:
        return f"{shown_id(self.id)}: {self.message}"


class AnswersError(ValueError):
    """Answers that cannot be used; `faults` tells each one."""

    def __init__(self, faults: tuple[BadAnswer, ...], more: str = "") -> None:
        self.faults = faults
        super().__init__("\n".join([*map(str, faults), *([more] if more else [])]))


MOST_TOLD = 20
"""Unknown ids that are told one by one; whoever gives more has another file in hand."""


def unknown_among(pathway: Pathway, ids: Collection[str]) -> str:
    """Say how many ids are no questions of a pathway."""
    unknown = sum(id_ not in pathway.facts for id_ in ids)
    return f"… and so on: {unknown} of {len(ids)} are no questions of {pathway.id}"


def read_answers(pathway: Pathway, raw: Mapping[str, object]) -> dict[str, Answer]:
    """Return answers in one form: numbers, words, option ids, tuples, texts.

    Words are `yes`, `no`, `refused` and, where the client may decline, `declined`.

    `None` means unanswered and is left out.

    Raises:
        AnswersError: With every unknown id, wrong type and value out of range, as far as they are
            few enough to be mended one by one.
    """
    answers: dict[str, Answer] = {}
    faults: list[BadAnswer] = []
    for id_, value in raw.items():
        try:
            answer = read_answer(pathway, id_, value)
        except ValueError as error:
            faults.append(BadAnswer(id_, str(error)))
            if len(faults) == MOST_TOLD < len(raw):
                raise AnswersError(tuple(faults), unknown_among(pathway, raw)) from None
        else:
            if answer is not None:
                answers[id_] = answer
    if faults:
        raise AnswersError(tuple(faults))
    return answers


def read_answer(pathway: Pathway, id_: str, value: object) -> Answer | None:
    """Return one answer in its one form, or `None` where there is none.

    Raises:
        ValueError: With a sentence that says what is wrong and what would be right.
    """
    fact = pathway.facts.get(id_)
    if fact is None:
        raise ValueError(f"no such question in {pathway.id}{suggest_nearest(id_, pathway.facts)}")
    if fact.origin not in ("given", "question"):
        raise ValueError(_computed(fact))
    if value is None:
        return None
    question = pathway.questions.get(id_)
    if question is not None:
        return _of_question(question, fact, value)
    if fact.kind == "number":
        ages = pathway.header.ages
        if id_ == "client.age" and type(value) is int and not ages.contains(value):
            raise ValueError(
                f"{value} is outside this pathway, which is for ages {ages.from_}–{ages.to}"
            )
        return _number(value, fact.low, fact.high)
    return _word(value, fact.words)


def _computed(fact: Fact) -> str:
    if fact.items:
        return f"this is calculated; give {fact.items[0]} … {fact.items[-1]} instead"
    return "this is calculated from other answers and cannot be given"


def _of_question(question: Question, fact: Fact, value: object) -> Answer:
    if value == DECLINED and question.kind != "text":
        if not question.declinable:
            raise ValueError(_not_declinable(question))
        return DECLINED
    match question.kind:
        case "yesno":
            return _word(
                {True: YES, False: NO}.get(value) if isinstance(value, bool) else value,
                question.words,
            )
        case "multi":
            return _options(value, question.words)
        case "text":
            return read_text(value)
        case "date":
            return _date(value)
        case _ if question.numeric:
            return _points(question, _number(value, fact.low, fact.high))
        case _:
            return _word(value, question.words)


def _not_declinable(question: Question) -> str:
    if question.refusable:
        return 'cannot be "declined"; a client who does not answer it is "refused"'
    return 'cannot be "declined"; leave it out where it is not answered'


def _number(value: object, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(  # noqa: TRY004 - every unfit answer is the same kind of error
            f"needs a whole number {low}–{high}, not {_shown(value)}"
        )
    if not low <= value <= high:
        raise ValueError(f"{value} is out of range; it goes from {low} to {high}")
    return value


def _points(question: Question, number: int) -> int:
    if number not in question.points:
        raise ValueError(f"needs one of {', '.join(map(str, question.points))}, not {number}")
    return number


def _word(value: object, words: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in words:
        raise ValueError(f"needs one of {', '.join(words)}, not {_shown(value)}")
    return value


def _options(value: object, words: tuple[str, ...]) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list | tuple) or not all(v in words for v in values):
        raise ValueError(f"needs any of {', '.join(words)}, not {_shown(value)}")
    return tuple(word for word in words if word in values)


def read_text(value: object) -> str:
    """Return a free text with nothing in it that could name a person.

    Raises:
        ValueError: If it is too long, holds control characters, or looks like it holds a personal
            identity code, telephone number or e-mail address. The text itself is never repeated.
    """
    if not isinstance(value, str):
        raise ValueError("needs a text")  # noqa: TRY004
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"is longer than {LONGEST_TEXT} characters")
    text = check_characters(value)
    if found := find_identity(text):
        raise ValueError(
            f"looks like it holds a {found[0].kind} at character {found[0].start + 1}; leave it out"
        )
    return text


def _date(value: object) -> str:
    try:
        date = datetime.date.fromisoformat(str(value)).isoformat()
    except ValueError:
        date = None
    if date is None or date != value:
        raise ValueError("needs a date written YYYY-MM-DD")
    return date


def _shown(value: object) -> str:
    """Return a short picture of a wrong value; nothing is repeated that may be about a person."""
    shown = repr(value)
    if len(shown) <= 20 and not find_identity(shown):
        return shown
    return f"a {type(value).__name__} of {len(shown)} characters"


def shown_id(id_: str) -> str:
    """Return the id of an answer as a message may repeat it: only what could be an id."""
    return id_ if _ID.fullmatch(id_) else _shown(id_)
