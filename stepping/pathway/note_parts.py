"""Which part of the note for the patient record tells an answer."""

from __future__ import annotations

from collections.abc import Mapping

from stepping.pathway.model import Pathway
from stepping.pathway.schema import NotePart

_REASONS = ("reason", "occasion")
_VIEWS = ("wish.", "need.", "treatment.felt")
"""How the ids of the questions began that asked what the client wants, needs and thinks."""


def note_parts(pathway: Pathway) -> Mapping[str, NotePart]:
    """Return the part of every question by its id, in the order of asking.

    What is asked about danger is told as risk, and what says nothing else as the present state. A
    text in which no question names a part is older than that key, or has no need of it: there the
    ids count that Porras' own pathways have had.
    """
    questions = pathway.questions.values()
    named = any(question.note for question in questions)
    return {
        question.id: "risk"
        if question.safety
        else question.note or ("state" if named else _by_id(question.id))
        for question in questions
    }


def _by_id(id_: str) -> NotePart:
    if id_ in _REASONS:
        return "reason"
    return "view" if id_.startswith(_VIEWS) else "state"
