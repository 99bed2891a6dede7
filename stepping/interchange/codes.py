"""Which codes other programs know questions and answers by, both ways: one table for out and in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple
from uuid import UUID, uuid5

from pydantic import model_validator

from stepping.pathway.diagnostics import DiagnosticCollector, PathwayError
from stepping.pathway.file_reader import FileReader
from stepping.pathway.model import DECLINED, Pathway, Question
from stepping.pathway.schema import Content, FactId, Source

_OURS = UUID("6f3a5b0e-54b5-4f0b-9a0e-2b1c7d0a9e41")
"""Where the names begin that we give by ourselves: nobody else has it, and it stays for ever."""

FILE = "interchange/codes.toml"


def urn(*names: str) -> str:
    """Return the lasting URI of something of ours, by its names; Porras claims no web address."""
    return f"urn:uuid:{uuid5(_OURS, '/'.join(names))}"


ANSWERS = urn("CodeSystem", "answers")
"""The system of our own answer codes, each `QUESTION:ANSWER`."""
SAFETY = urn("StructureDefinition", "safety")
"""The extension that marks a question about danger."""
ALWAYS_SHOWN = urn("StructureDefinition", "always-shown")
"""The extension of a question that the pathway asks by a condition no form can tell."""


class Coding(NamedTuple):
    """A code in its system."""

    system: str
    code: str


class QuestionCode(Content):
    """The code of one question."""

    id: FactId
    code: str
    source: Source
    certainty: Literal["agreed"]


class AnswerCodes(Content):
    """The codes of the answers to some questions, by our own answers."""

    questions: tuple[FactId, ...]
    codes: dict[str, str]
    source: Source
    certainty: Literal["agreed"]

    @model_validator(mode="after")
    def _each_code_once(self) -> AnswerCodes:
        if len(set(self.codes.values())) < len(self.codes):
            raise ValueError("two answers have the same code")
        return self


class YesNoCodes(Content):
    """The codes of yes and no."""

    codes: dict[Literal["yes", "no"], str]
    source: Source
    certainty: Literal["agreed"]


class Codes(Content):
    """`interchange/codes.toml`: codes beside those that the instruments name themselves."""

    system: str
    question: tuple[QuestionCode, ...] = ()
    answers: tuple[AnswerCodes, ...] = ()
    yes_no: YesNoCodes

    def of_question(self, question: Question) -> Coding | None:
        """Return the code of a question, if one is known for certain."""
        own = {each.id: each.code for each in self.question}
        item = question.id.rpartition(".")[2]
        named = () if question.instrument is None else question.instrument.item
        code = own.get(question.id) or next((i.loinc for i in named if i.id == item), None)
        return Coding(self.system, code) if code else None

    def of_answers(self, question: Question) -> Mapping[str, Coding]:
        """Return the code of each answer that may be chosen; ours where no other is certain."""
        known: Mapping[str, str] = next(
            (each.codes for each in self.answers if question.id in each.questions), {}
        )
        if question.kind == "yesno":
            known = {str(word): code for word, code in self.yes_no.codes.items()}
        words = (*question.words, *((DECLINED,) if question.declinable else ()))
        return {
            word: Coding(self.system, known[word]) if word in known else _own(question, word)
            for word in words
        }

    def find_question(self, pathway: Pathway, coding: Coding) -> Question | None:
        """Return the question of a pathway that a code means."""
        found = (q for q in pathway.questions.values() if self.of_question(q) == coding)
        return next(found, None)

    def find_answer(self, question: Question, coding: Coding) -> str | None:
        """Return the answer to a question that a code means, as the pathway writes it."""
        return next((w for w, c in self.of_answers(question).items() if c == coding), None)


def read_codes(text: str) -> Codes:
    """Read the file of codes.

    Raises:
        PathwayError: With every fault found, by line.
    """
    faults = DiagnosticCollector({FILE: text})
    codes = FileReader({FILE: text}, faults).whole(FILE, Codes)
    if codes is None:
        raise PathwayError(faults.found)
    return codes


def _own(question: Question, word: str) -> Coding:
    return Coding(ANSWERS, f"{question.id}:{word}")
