"""The answers of one assessment as a FHIR R4 QuestionnaireResponse to our own form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from stepping.interchange.codes import urn
from stepping.interchange.form import Form
from stepping.pathway.model import DECLINED, Answer, Question

Json = dict[str, Any]
Status = Literal["in-progress", "completed", "stopped"]


@dataclass(frozen=True)
class Filled:
    """One assessment, as it may leave the store."""

    form: Form
    id: str
    """The assessment's own."""
    answers: Mapping[str, Answer]
    """Those that count, by question."""
    authored: datetime
    status: Status
    totals: Mapping[str, int]
    """The totals of which every item is known, by fact."""
    told: Mapping[str, tuple[int, date]] = field(default_factory=dict)
    """The totals that were told elsewhere without their items, and the day; they are no part of the
    response."""
    words: bool = False
    """Whether what somebody wrote in words may leave."""

    @property
    def reference(self) -> str:
        """The URI of the response."""
        return urn("QuestionnaireResponse", self.id)


def as_response(filled: Filled, subject: str) -> Json:
    """Return the response, its items nested as those of the form; `subject` is the client's URI.

    An item stands in it only if it was answered. A declined answer stands where the form has one
    for it, and nowhere else.
    """
    form = filled.form.resource()
    groups = (
        {"linkId": group["linkId"], "text": group["text"], "item": items}
        for group in form["item"]
        if (items := [*_items(filled, group["item"])])
    )
    told = {
        "resourceType": "QuestionnaireResponse",
        "language": form["language"],
        "identifier": {"system": "urn:ietf:rfc:3986", "value": filled.reference},
        "questionnaire": f"{form['url']}|{form['version']}",
        "status": filled.status,
        "subject": {"reference": subject},
        "authored": filled.authored.isoformat(timespec="seconds"),
        "item": [*groups],
    }
    return {key: value for key, value in told.items() if value}


def _items(filled: Filled, items: list[Json]) -> Iterator[Json]:
    for item in items:
        link = item["linkId"]
        if item.get("readOnly"):
            values: list[Json] = [*_total(filled, link)]
        else:
            values = [*_values(filled, item)] if link in filled.answers else []
        if values:
            yield {"linkId": link, "text": item["text"], "answer": values}


def _total(filled: Filled, fact: str) -> Iterator[Json]:
    if fact in filled.totals:
        yield {"valueInteger": filled.totals[fact]}


def _values(filled: Filled, item: Json) -> Iterator[Json]:
    """Yield the answers to a question as the form has them."""
    question = filled.form.pathway.questions[item["linkId"]]
    answer = filled.answers[question.id]
    if item.get("answerOption"):
        codes = filled.form.codes.of_answers(question)
        options = {
            option["valueCoding"]["code"]: option["valueCoding"] for option in item["answerOption"]
        }
        for word in _words(answer):
            if word in codes:
                yield {"valueCoding": options[codes[word].code]}
    elif answer != DECLINED:
        yield from _typed(question, answer, words=filled.words)


def _words(answer: Answer) -> tuple[str, ...]:
    """Return the answers that were chosen, as the pathway writes them."""
    if isinstance(answer, tuple):
        return answer
    if isinstance(answer, bool):
        return ("yes" if answer else "no",)
    return (str(answer),)


def _typed(question: Question, answer: Answer, *, words: bool) -> Iterator[Json]:
    match question.kind:
        case "integer" | "scale":
            yield {"valueInteger": answer}
        case "date":
            yield {"valueDate": str(answer)}
        case "text" if words and answer:
            yield {"valueString": answer}
