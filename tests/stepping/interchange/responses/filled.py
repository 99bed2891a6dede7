"""Responses as our own forms are filled in, and how they are read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from stepping.interchange.codes import urn
from stepping.interchange.editions import edition_of
from stepping.interchange.responses.json_text import parse
from stepping.interchange.responses.reading import Known, Reading, read_responses
from stepping.interchange.responses.resources import Found, find_responses
from stepping.pathway.model import DECLINED, Answer, Question
from store.pathway_files.forms import instrument_ids, load_codes
from tests.interchange.__main__ import PATHWAYS, pathway_of

__all__ = ["PATHWAYS", "pathway_of"]

Json = dict[str, Any]
NOW = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
GIVEN = "2026-11-20T08:30:00Z"
GIVEN_AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
INSTRUMENTS = tuple(instrument_ids())


def value_of(question: Question, answer: Answer) -> list[Json]:
    """The `answer` of an item."""
    if question.kind in ("integer", "scale") and answer != DECLINED:
        return [{"valueInteger": answer}]
    if question.kind == "text":
        return [{"valueString": answer}]
    codes = load_codes().of_answers(question)
    words = answer if isinstance(answer, tuple) else (str(answer),)
    return [{"valueCoding": codes[word]._asdict()} for word in words]


def respond(name: str, answers: Mapping[str, Answer], **told: Any) -> Json:
    """A response to our form of an instrument or a pathway; `totals` are what it says they are."""
    pathway, totals = pathway_of(name), told.pop("totals", {})
    kind = "instrument" if name in INSTRUMENTS else "pathway"
    groups: dict[str, list[Json]] = {}
    for id_, question in pathway.questions.items():
        if id_ in answers:
            item = {"linkId": id_, "text": "…", "answer": value_of(question, answers[id_])}
            groups.setdefault(question.section, []).append(item)
    listed = [{"linkId": f"_group.{g}", "item": items} for g, items in groups.items()]
    listed += [{"linkId": i, "answer": [{"valueInteger": n}]} for i, n in totals.items()]
    edition = edition_of(pathway, "fi", name if name in INSTRUMENTS else None)
    response = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{urn('Questionnaire', kind, name, 'fi')}|{edition}",
        "status": "completed",
        "authored": GIVEN,
        "item": listed,
        **told,
    }
    return {key: value for key, value in response.items() if value is not None}


def find(*files: Json | bytes, now: datetime = NOW) -> Found:
    found = Found()
    for each in files:
        content = each if isinstance(each, bytes) else json.dumps(each).encode()
        find_responses(parse(content), now, found)
    found.name_persons()
    return found


def read(
    name: str,
    *files: Json | bytes,
    known: Known | None = None,
    now: datetime = NOW,
    **told: Any,
) -> Reading:
    found = find(*files, now=now)
    return read_responses(pathway_of(name), load_codes(), found, known=known, **told)


def faults(reading: Reading) -> list[tuple[str, str, str]]:
    return [(fault.kind, fault.place, fault.about) for fault in reading.faults]


def answers_to(question: Question) -> st.SearchStrategy[Answer]:
    """Any answer that a form can have; free texts are never taken."""
    if question.kind == "multi":
        chosen = st.sets(st.sampled_from(question.words), min_size=1)
        return chosen.map(lambda words: tuple(w for w in question.words if w in words))
    if question.kind == "yesno" or (question.kind == "choice" and not question.numeric):
        words = [*question.words, *([DECLINED] if question.declinable else [])]
        return st.sampled_from(words)
    if question.kind == "choice":
        return st.sampled_from([*question.points, *([DECLINED] if question.declinable else [])])
    return st.sampled_from(list(question.points))


@st.composite
def filled_in(draw: st.DrawFn, name: str) -> dict[str, Answer]:
    """Answers to any of the questions of a form."""
    questions = [q for q in pathway_of(name).questions.values() if q.kind != "text"]
    some = draw(st.lists(st.sampled_from(questions), min_size=1, unique_by=lambda q: q.id))
    if draw(st.booleans()):
        some = questions
    return {q.id: draw(answers_to(q)) for q in some}
