"""A response as a renderer writes it, held against what Porras makes of the same answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from stepping.decision.facts import FactStates
from stepping.interchange.codes import Codes, Coding
from stepping.interchange.form import Form
from stepping.pathway.condition import NumberState
from stepping.pathway.model import DECLINED, Answer, Pathway, Question
from tests.stepping.interchange.reading import all_items, is_shown

Json = dict[str, Any]
GROWN: dict[str, dict[str, Answer]] = {"youth": {"client.age": 20}}
"""What the client's card tells by which no question with a total is left out; forms know no age."""


def every_item(response: Json) -> Iterator[Json]:
    """Yield every item of a response, however deep."""
    waiting = [*response.get("item", ())]
    while waiting:
        item = waiting.pop(0)
        yield item
        waiting += item.get("item", ())


def answers_in(response: Json, pathway: Pathway, codes: Codes) -> dict[str, Answer]:
    """Return the answers to a pathway's questions, by linkId and code."""
    answers: dict[str, Answer] = {}
    for item in every_item(response):
        question = pathway.questions.get(item["linkId"])
        for value in item.get("answer") or ():
            if question is None or not value.keys() & {"valueCoding", "valueInteger"}:
                continue
            answer = _answer(question, value, codes)
            before = answers.get(question.id, ())
            if question.kind == "multi" and answer != DECLINED:
                assert isinstance(before, tuple)
                answer = (*before, str(answer))
            answers[question.id] = answer
    return answers


def _answer(question: Question, value: Json, codes: Codes) -> Answer:
    if "valueInteger" in value:
        return int(value["valueInteger"])
    coding = Coding(value["valueCoding"]["system"], value["valueCoding"]["code"])
    word = codes.find_answer(question, coding)
    assert word is not None, coding
    return int(word) if question.numeric and word != DECLINED else word


def faults_of(response: Json, form: Form) -> Iterator[str]:
    """Yield each total that is not ours: another number, or one where an item is missing."""
    answers = answers_in(response, form.pathway, form.codes)
    states = FactStates(form.pathway, {**GROWN.get(form.pathway.id, {}), **answers})
    told = {item["linkId"]: item.get("answer") or [{}] for item in every_item(response)}
    for fact, *_ in form.totals.values():
        state = states.get_state(fact.id)
        assert isinstance(state, NumberState)
        known = {id_ for id_, answer in answers.items() if answer != DECLINED}
        missing = [i for i in fact.items if states.is_asked(i) is not False and i not in known]
        ours = None if missing else state.low
        theirs = told.get(fact.id, [{}])[0].get("valueInteger")
        if theirs != ours:
            yield f"{fact.id}: {theirs}, ours is {ours}"


def lost_in(response: Json, form: Json, choose: Sequence[tuple[str, Json]]) -> Iterator[str]:
    """Yield each question that the form shows in the end, and whose last answer is not told."""
    given = {link: answer.get("code", answer.get("number")) for link, answer in choose}
    told = {item["linkId"]: item.get("answer") or [{}] for item in every_item(response)}
    for link, wanted in given.items():
        value = told.get(link, [{}])[-1]
        got = value.get("valueCoding", {}).get("code", value.get("valueInteger"))
        if got != wanted and is_shown(all_items(form)[link], given):
            yield f"{link}: {got}, filled in was {wanted}"
