"""A pathway or an instrument as a FHIR R4 Questionnaire in one language: plain data.

The question's own id is its linkId; the links of what is not a question begin with `_`, as no id
does. Questions stand in groups, one level deep, which the totals count on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from stepping.characters import escape_json
from stepping.interchange.codes import ALWAYS_SHOWN, SAFETY, Codes, Coding, urn
from stepping.interchange.editions import edition_of
from stepping.interchange.enable_when import enable_when
from stepping.interchange.totals import REFERO_ITEMS, SDC_ITEMS, total_expression
from stepping.interchange.visibility import Visibility, find_visibility
from stepping.pathway.answers import LONGEST_TEXT
from stepping.pathway.model import DECLINED, Fact, Pathway, Question
from stepping.pathway.schema import Instrument, Text

Json = dict[str, Any]

_FHIR = "http://hl7.org/fhir/StructureDefinition"
_SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition"
_CONTROL = "http://hl7.org/fhir/questionnaire-item-control"
_ALGORITHM = (
    "http://hl7.org/fhir/5.0/StructureDefinition/extension-Questionnaire.versionAlgorithm[x]"
)
_VERSIONS = "http://hl7.org/fhir/version-algorithm"
_REFERO = "http://ehelse.no/fhir/StructureDefinition/sdf-calculatedExpression"
_TYPES = {
    **dict.fromkeys(("yesno", "choice", "multi"), "choice"),
    **dict.fromkeys(("integer", "scale"), "integer"),
    "text": "text",
    "date": "date",
}


@dataclass(frozen=True)
class FormWords:
    """What a form says that stands in no file of a pathway, in its language."""

    yes: str
    no: str
    refused: str
    declined: str
    by_nurse: str
    """That whoever asks answers the question, also from what they see."""
    working: str
    """That a wording is our own and no official one."""
    own: str
    """That questions are the pathway's own, and no validated instrument."""


@dataclass(frozen=True)
class Form:
    """What a form is made of: a pathway, or an instrument alone (`alone.read_alone`)."""

    pathway: Pathway
    language: str
    words: FormWords
    codes: Codes
    instrument: str | None = None
    """The instrument that the form is of, where it is of no pathway."""

    def to_bytes(self) -> bytes:
        """Return the file: UTF-8, and the same bytes for the same texts."""
        text = json.dumps(self.resource(), ensure_ascii=False, indent=1)
        return (escape_json(text) + "\n").encode()

    def resource(self) -> Json:
        """Return the Questionnaire."""
        of = self.instrument
        kind, id_ = ("pathway", self.pathway.id) if of is None else ("instrument", of)
        named = "".join(part.capitalize() for part in (*id_.split("_"), self.language))
        return {
            "resourceType": "Questionnaire",
            "language": self.language,
            "extension": [
                {
                    "url": _ALGORITHM,
                    "valueCoding": {"system": _VERSIONS, "code": "natural"},
                }
            ],
            "url": urn("Questionnaire", kind, id_, self.language),
            "identifier": [
                {"system": "urn:ietf:rfc:3986", "value": urn("Questionnaire", kind, id_)}
            ],
            "name": f"Porras{named}",
            "subjectType": ["Patient"],
            "copyright": "\n\n".join(self._terms()),
            **self._header(),
            "item": [*self._groups()],
        }

    def _header(self) -> Json:
        """Return what is said of the text itself: its title, version, state and owner."""
        if self.instrument is None:
            header = self.pathway.header
            told: Json = {
                "title": header.title[self.language],
                "version": edition_of(self.pathway, self.language),
                "status": "active" if header.status == "approved" else "draft",
                "publisher": header.owner,
            }
            return told | ({"approvalDate": header.reviewed_on} if header.reviewed_on else {})
        instrument = self.pathway.instruments[self.instrument]
        told = {
            "title": instrument.title[self.language],
            "version": edition_of(self.pathway, self.language, self.instrument),
            "status": "active" if self._is_published else "draft",
            "publisher": "Porras",
        }
        if instrument.loinc_panel:
            told["code"] = [{"system": self.codes.system, "code": instrument.loinc_panel}]
        return told

    @property
    def _is_published(self) -> bool:
        used = self.pathway.instruments.values()
        return all(each.wording[self.language].status == "published" for each in used)

    def _terms(self) -> Iterator[str]:
        """Yield whose words are used, on what terms, and which of them are no official ones."""
        for instrument in self.pathway.instruments.values():
            wording = instrument.wording[self.language]
            told = (instrument.source, instrument.licence, wording.source, wording.licence)
            sentences = [each.rstrip(".") + "." for each in told if each]
            if wording.status != "published":
                sentences.append(self.words.working)
            yield f"{instrument.name}: {' '.join(sentences)}"
        if self.instrument is None:
            yield self.words.own

    # -- groups and what stands in them -----------------------------------------------------------

    @cached_property
    def shown(self) -> Mapping[str, Visibility | None]:
        """When each question is shown; `None` where its condition cannot be told in a form."""
        return {id_: find_visibility(self.pathway, q) for id_, q in self.pathway.questions.items()}

    @cached_property
    def totals(self) -> Mapping[str, tuple[Fact, str, str]]:
        """Each total that a form can compute, by its last question, with its two expressions."""
        found = {}
        for fact in self.pathway.facts.values():
            if fact.origin != "total":
                continue
            sdc, refero = (
                total_expression(self.pathway, fact, self.shown, self.codes, items)
                for items in (SDC_ITEMS, REFERO_ITEMS)
            )
            if sdc and refero:
                last = max(fact.items, key=[*self.pathway.questions].index)
                found[last] = (fact, sdc, refero)
        return found

    def _groups(self) -> Iterator[Json]:
        titles = {s.id: s.title[self.language] for s in self.pathway.header.section}
        used: set[str] = set()
        for name, together in groupby(self.pathway.questions.values(), self._group):
            link = name if name not in used else f"{name}.{len(used)}"
            used.add(name)
            title = titles.get(name)
            if self.instrument is not None:
                title = self.pathway.instruments[name].title[self.language]
            yield {
                "linkId": f"_group.{link}",
                "text": title,
                "type": "group",
                "item": [*self._items(together)],
            }

    def _group(self, question: Question) -> str:
        alone = self.instrument is not None and question.instrument is not None
        return question.instrument.id if alone and question.instrument else question.section

    def _items(self, questions: Iterator[Question]) -> Iterator[Json]:
        headings = {page.id: page.heading for page in self.pathway.pages}
        before: set[tuple[str, str]] = set()
        for question in questions:
            for link, text in self._above(question, headings):
                if text and (link, text) not in before:
                    before.add((link, text))
                    yield {"linkId": f"_{link}.{question.id}", "text": text, "type": "display"}
            yield self._question(question)
            if question.id in self.totals:
                yield self._total(*self.totals[question.id])

    def _above(self, question: Question, headings: Mapping[str, Text]) -> Iterator[tuple[str, str]]:
        """Yield what stands above a question: whose words, the page's heading, the stem."""
        instrument = question.instrument
        if instrument and instrument.wording[self.language].status != "published":
            yield "wording", f"{instrument.name}: {self.words.working}"
        if question.page:
            yield "page", headings.get(question.page, {}).get(self.language, "")
        yield "stem", question.stem[self.language] if question.stem else ""

    def _question(self, question: Question) -> Json:
        code, visibility = self.codes.of_question(question), self.shown[question.id]
        item: Json = {
            "extension": [*self._marks(question)],
            "linkId": question.id,
            "code": [code._asdict()] if code else [],
            "text": self._asked(question),
            "type": _TYPES[question.kind],
            **(enable_when(self.pathway, visibility, self.codes) if visibility else {}),
            "required": self._is_required(question),
            "repeats": question.kind == "multi",
            "maxLength": LONGEST_TEXT if question.kind == "text" else None,
            "answerOption": [*self._options(question)],
            "item": [*self._help(question)],
        }
        return {key: value for key, value in item.items() if value or key == "text"}

    def _asked(self, question: Question) -> str:
        text, unit = question.text[self.language], question.unit
        return f"{text} ({unit[self.language]})" if unit else text

    def _is_required(self, question: Question) -> bool:
        """Whether a form insists on an answer: only where there is one for who will not answer.

        An instrument alone has no answer for that but its own, and adds none to it. What is shown
        although the pathway may not ask it is not insisted on.
        """
        if self.instrument is not None:
            return question.refusable
        if self._is_shown_anyway(question):
            return False
        listed = question.kind in ("yesno", "choice")
        return question.required and (listed or not question.declinable)

    def _is_shown_anyway(self, question: Question) -> bool:
        """Whether a question is always shown, although the pathway asks it under a condition."""
        visibility = self.shown[question.id]
        return question.ask_if is not None and (visibility is None or visibility.always)

    def _marks(self, question: Question) -> Iterator[Json]:
        if question.kind in ("integer", "scale"):
            yield {"url": f"{_FHIR}/minValue", "valueInteger": question.low}
            yield {"url": f"{_FHIR}/maxValue", "valueInteger": question.high}
        if question.kind in ("yesno", "choice", "multi"):
            yield _control("check-box" if question.kind == "multi" else "radio-button")
        if question.safety:
            yield {"url": SAFETY, "valueBoolean": True}
        if self._is_shown_anyway(question):
            yield {"url": ALWAYS_SHOWN, "valueString": str(question.ask_if)}

    def _options(self, question: Question) -> Iterator[Json]:
        """Yield the answers of a list, each with what it scores where that is a number."""
        if question.kind not in ("yesno", "choice", "multi"):
            return
        words = self.words
        labels = {"yes": words.yes, "no": words.no, "refused": words.refused}
        labels |= {option.id: option.label[self.language] for option in question.options}
        codes = self.codes.of_answers(question)
        for word in question.words:
            option: Json = {"valueCoding": _coding(codes[word], labels[word])}
            if question.numeric and question.instrument is not None:
                option["extension"] = [{"url": f"{_FHIR}/ordinalValue", "valueDecimal": int(word)}]
            yield dict(sorted(option.items()))
        if question.declinable and self.instrument is None:
            yield {"valueCoding": _coding(codes[DECLINED], words.declined)}

    def _help(self, question: Question) -> Iterator[Json]:
        ends = [text[self.language] for text in (question.low_label, question.high_label) if text]
        numbers = (question.low, question.high)
        told = [f"{n}: {end}." for n, end in zip(numbers, ends, strict=False)] if ends else []
        told += [self.words.by_nurse] if question.asked_of == "nurse" else []
        told += [t[self.language] for t in (question.explain, question.help) if t]
        if told:
            yield {
                "extension": [_control("help")],
                "linkId": f"_help.{question.id}",
                "text": " ".join(told),
                "type": "display",
            }

    def _total(self, fact: Fact, sdc: str, refero: str) -> Json:
        expression = {"language": "text/fhirpath", "expression": sdc}
        code = self.total_code(fact)
        return {
            "extension": [
                {
                    "url": f"{_SDC}/sdc-questionnaire-calculatedExpression",
                    "valueExpression": expression,
                },
                {"url": _REFERO, "valueString": refero},
            ],
            "linkId": fact.id,
            **({"code": [{"system": self.codes.system, "code": code}]} if code else {}),
            "text": fact.label[self.language],
            "type": "integer",
            "readOnly": True,
        }

    def total_code(self, fact: Fact) -> str | None:
        """Return the LOINC code of a total, where its instrument names one."""
        instrument: Instrument | None = self.pathway.instruments.get(fact.id.partition(".")[0])
        totals = instrument.total if instrument else ()
        return next((t.loinc for t in totals if t.id == fact.id.partition(".")[2]), None)


def _control(code: str) -> Json:
    coding = {"system": _CONTROL, "code": code}
    return {
        "url": f"{_FHIR}/questionnaire-itemControl",
        "valueCodeableConcept": {"coding": [coding]},
    }


def _coding(coding: Coding, display: str) -> Json:
    return {**coding._asdict(), "display": display}
