"""Matches the items of a response to questions of a pathway: by code, then by linkId."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from stepping.interchange.codes import Codes, Coding
from stepping.interchange.responses.faults import Fault, at
from stepping.interchange.responses.resources import Json, Response
from stepping.interchange.totals import scores_of
from stepping.pathway.answers import read_answer
from stepping.pathway.model import NO, YES, Answer, Pathway, Question

_LOINC_LINK = re.compile(r"(?:/?[0-9]{1,7}-[0-9])*/?([0-9]{1,7}-[0-9])")
_WEIGHTS = ("/ordinalValue", "/itemWeight")


@dataclass(frozen=True)
class Item:
    """An item that has answers, as it stands in the file."""

    place: str
    link: str
    answers: tuple[tuple[Json, str], ...]


@dataclass(frozen=True)
class Told:
    """One answer of a file as ours; `None` where it is none that we know."""

    question: Question
    answer: Answer | None
    place: str


def walk(response: Response, faults: list[Fault]) -> Iterator[Item]:
    """Yield the items with answers in the order of the file, however deep they lie."""
    waiting = [(response.items, response.place)]
    while waiting:
        holder, place = waiting.pop()
        inner: list[tuple[Json, str]] = []
        answers = tuple(_objects(holder, "answer", place, faults))
        link = holder.get("linkId")
        if answers:
            yield Item(place, link if isinstance(link, str) else "", answers)
        for each, where in ((holder, place), *answers):
            inner += _objects(each, "item", where, faults)
        waiting += reversed(inner)


def _objects(holder: Json, key: str, place: str, faults: list[Fault]) -> Iterator[tuple[Json, str]]:
    listed, where = holder.get(key, []), at(place, key)
    if not isinstance(listed, list):
        faults.append(Fault("shape", where))
        return
    for number, each in enumerate(listed):
        if isinstance(each, dict):
            yield each, at(where, number)
        else:
            faults.append(Fault("shape", at(where, number)))


@dataclass(frozen=True)
class Matcher:
    """What a pathway makes of items, by one table of codes."""

    pathway: Pathway
    codes: Codes

    @cached_property
    def _coded(self) -> Mapping[Coding, str]:
        """The questions and totals of the pathway by their codes."""
        found: dict[Coding, str] = {}
        for question in self.pathway.questions.values():
            if coding := self.codes.of_question(question):
                found.setdefault(coding, question.id)
        for instrument in self.pathway.instruments.values():
            for total in instrument.total:
                if total.loinc and f"{instrument.id}.{total.id}" in self.pathway.facts:
                    coding = Coding(self.codes.system, total.loinc)
                    found.setdefault(coding, f"{instrument.id}.{total.id}")
        return found

    def find(self, item: Item, codings: Mapping[str, tuple[Coding, ...]]) -> set[str]:
        """Return the questions and totals that an item may mean; more than one is in doubt."""
        told = codings.get(item.link, ())
        if match := _LOINC_LINK.fullmatch(item.link):
            told = (*told, Coding(self.codes.system, match[1]))
        found = {self._coded[coding] for coding in told if coding in self._coded}
        fact = self.pathway.facts.get(item.link)
        if fact is not None and fact.origin in ("question", "total"):
            found.add(fact.id)
        return found

    def read_total(self, item: Item) -> tuple[int | None, bool]:
        """Return what a file says a total is, and whether it is left empty, as Refero writes 0."""
        answer, _ = item.answers[0]
        number = answer.get("valueInteger", answer.get("valueDecimal"))
        if isinstance(number, bool) or not isinstance(number, int | float):
            return None, not any(key.startswith("value") for key in answer)
        return (int(number), False) if number == int(number) else (None, False)

    def read(self, item: Item, question: Question, faults: list[Fault]) -> Told | None:
        """Return the answer to a question; `None` where the item has none."""
        given = [(each, where) for each, where in item.answers if _values(each)]
        if not given:
            return None
        read = [self._read(each, where, question, faults) for each, where in given]
        if question.kind == "multi":
            words = {word for each in read if isinstance(each, tuple) for word in each}
            whole = None not in read
            ordered = tuple(word for word in question.words if word in words)
            return Told(question, ordered if whole else None, item.place)
        if len(read) > 1:
            faults.append(Fault("doubled", item.place, question.id))
            if len({*read}) > 1:
                return Told(question, worst(question, read), item.place)
        return Told(question, read[0], given[0][1])

    def _read(
        self, answer: Json, place: str, question: Question, faults: list[Fault]
    ) -> Answer | None:
        keys = _values(answer)
        value, where = answer[keys[0]], at(place, keys[0])
        kind = keys[0] if len(keys) == 1 else ""
        found: Answer | None = None
        fault: Literal["answer", "range", "free_text", "unticked"] = "answer"
        match kind:
            case "valueCoding" if isinstance(value, dict):
                found = self._coding(value, where, question, faults)
            case "valueBoolean" if question.kind == "yesno" and isinstance(value, bool):
                found, fault = (YES, fault) if value else (None, "unticked")
            case "valueInteger" | "valueDecimal" if question.kind in ("integer", "scale"):
                found, fault = self._number(value, question), "range"
            case "valueDate" if question.kind == "date":
                found = self._checked(question, value)
            case "valueString" if question.kind == "text":
                fault = "free_text"
        if found is None:
            faults.append(Fault(fault, where, question.id))
        return found

    def _number(self, value: object, question: Question) -> Answer | None:
        whole = isinstance(value, float) and value.is_integer()
        return self._checked(question, int(value) if whole and isinstance(value, float) else value)

    def _checked(self, question: Question, value: object) -> Answer | None:
        try:
            return read_answer(self.pathway, question.id, value)
        except ValueError:
            return None

    def _coding(
        self, value: Json, place: str, question: Question, faults: list[Fault]
    ) -> Answer | None:
        """Return the answer that a code means; a code without its system is taken as LOINC's."""
        if question.kind not in ("yesno", "choice", "multi"):
            return None
        system, code = value.get("system", self.codes.system), value.get("code")
        if not (isinstance(system, str) and isinstance(code, str)):
            return None
        word = self.codes.find_answer(question, Coding(system, code))
        if word is None:
            return None
        if question.kind == "multi":
            return (word,)
        self._check_weight(value, place, code, question, faults)
        return int(word) if question.numeric and word.isdigit() else word

    def _check_weight(
        self, value: Json, place: str, code: str, question: Question, faults: list[Fault]
    ) -> None:
        """Note a weight that is not ours; it is never used."""
        ours = (scores_of(question, self.codes) or {}).get(code)
        marks = value.get("extension", [])
        for mark in marks if isinstance(marks, list) else []:
            url = mark.get("url") if isinstance(mark, dict) else None
            if not (isinstance(url, str) and url.endswith(_WEIGHTS)):
                continue
            told = mark.get("valueDecimal", mark.get("valueInteger"))
            if ours is not None and told != ours:
                faults.append(Fault("weight", place, question.id, _small(told), ours))


def is_calm(question: Question, answer: Answer | None) -> bool:
    """Say whether an answer tells of no danger; what is not known does not say so."""
    if answer is None:
        return False
    if question.numeric and isinstance(answer, int):
        return answer <= question.points[0]
    return answer in (NO, ())


def worst(question: Question, answers: list[Answer | None]) -> Answer | None:
    """Return which of several answers counts: on danger the one that tells most of it, else none.

    A choice of words has no order that anybody knows; a yes goes before a refusal.
    """
    known = [each for each in answers if each is not None and not is_calm(question, each)]
    if not question.safety or not known:
        return None
    numbers = [each for each in known if isinstance(each, int)]
    return max(numbers) if numbers else YES if YES in known else known[0]


def _values(answer: Json) -> list[str]:
    return sorted(key for key in answer if key.startswith("value"))


def _small(number: Any) -> int | None:
    """Return a number of a file that may be repeated: a whole one of a few digits."""
    whole = isinstance(number, int | float) and not isinstance(number, bool)
    return int(number) if whole and number == int(number) and abs(number) < 1000 else None
