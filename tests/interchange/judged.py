"""A response as a renderer writes it, held against what Porras makes of the same answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stepping.decision.facts import FactStates
from stepping.interchange.codes import Codes, Coding
from stepping.pathway.condition import NumberState
from stepping.pathway.model import Answer, Pathway

Json = dict[str, Any]


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
            if question is None or "valueCoding" not in value:
                continue
            coding = Coding(value["valueCoding"]["system"], value["valueCoding"]["code"])
            word = codes.find_answer(question, coding)
            assert word is not None, coding
            answers[question.id] = int(word) if question.numeric else word
    return answers


def faults_of(response: Json, pathway: Pathway, codes: Codes) -> Iterator[str]:
    """Yield each total that is not ours: another number, or one where an item is missing."""
    answers = answers_in(response, pathway, codes)
    states = FactStates(pathway, answers)
    told = {item["linkId"]: item.get("answer") or [{}] for item in every_item(response)}
    for fact in pathway.facts.values():
        if fact.origin != "total":
            continue
        state = states.get_state(fact.id)
        assert isinstance(state, NumberState)
        missing = [i for i in fact.items if states.is_asked(i) is not False and i not in answers]
        ours = None if missing else state.low
        theirs = told.get(fact.id, [{}])[0].get("valueInteger")
        if theirs != ours:
            yield f"{fact.id}: {theirs}, ours is {ours}"
