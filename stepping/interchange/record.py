"""A client's assessment or episode of care as a FHIR R4 Bundle: plain data, no name, no number.

The client is known by the client code, in a system of our own. The shapes are those of R4 and of
Finland's base profiles; no profile is claimed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any, Literal, NamedTuple

from stepping.characters import escape_json
from stepping.interchange.codes import urn
from stepping.interchange.response import Filled, as_response

Json = dict[str, Any]
Entry = tuple[str, Json]

CLIENTS = urn("NamingSystem", "clients")
"""The system of client codes, which one store alone gives."""
_TERMS = "http://terminology.hl7.org/CodeSystem"
_MUNICIPALITIES = "urn:oid:1.2.246.537.6.21.2003"
_MUNICIPALITY = "https://hl7.fi/fhir/finnish-base-profiles/StructureDefinition/municipality-code"
PROCEDURES = "urn:oid:1.2.246.537.6.2"
"""THL's classification of procedures."""
CHANNELS = "urn:oid:1.2.246.537.6.127"
"""THL's code set of how a contact of outpatient care takes place (Hilmo, yhteystapa)."""
_SEX = {"f": "female", "m": "male", "x": "other"}
_TEST = {"system": f"{_TERMS}/v3-ActReason", "code": "HTEST"}
"""The mark of data that is no person's."""
_SCORE = {"unit": "{score}", "system": "http://unitsofmeasure.org", "code": "{score}"}


class Subject(NamedTuple):
    """The client, as far as a client leaves the store."""

    id: str
    code: str
    birth_year: int | None
    sex: str | None
    municipality: str | None = None
    """Its number of three digits, where the area's file has one."""

    @property
    def reference(self) -> str:
        """The URI of the client."""
        return urn("Patient", self.id)


class Total(NamedTuple):
    """One total on one day."""

    name: str
    code: str | None
    """By LOINC, where one is certain."""
    points: float
    day: date
    final: bool = True
    given: date | None = None
    """The day on which it was told elsewhere, without its items."""
    assessment: str | None = None
    """The assessment whose answers it counts; None of one that was typed in."""


class Change(NamedTuple):
    """What became of a total since the first one."""

    name: str
    points: float
    day: date


class Treatment(NamedTuple):
    """Something that was done, or is being done."""

    id: str
    name: str
    code: str | None
    began: date
    ended: date | None
    single: bool = False
    """Whether it was done on one day."""


class Met(NamedTuple):
    """A contact that took place."""

    id: str
    day: date
    channel: str
    """In words; empty where nobody told."""
    code: str | None


class Plan(NamedTuple):
    """The step that a nurse confirmed."""

    id: str
    step: str
    """Number and name."""
    began: date
    ended: bool
    next_contact: date | None = None


@dataclass(frozen=True)
class ClientRecord:
    """What one file tells."""

    id: str
    """Of the assessment or the episode."""
    language: str
    system: str
    """Of the codes of totals: LOINC's."""
    subject: Subject
    responses: tuple[Filled, ...] = ()
    totals: tuple[Total, ...] = ()
    changes: tuple[Change, ...] = ()
    stops: tuple[tuple[str, str], ...] = ()
    """The safety stops that are open, by id, with what they are about."""
    plan: Plan | None = None
    treatments: tuple[Treatment, ...] = ()
    contacts: tuple[Met, ...] = ()
    training: bool = False
    """Whether the client is invented."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What `change`, `step`, `contact` and `elsewhere` are called in the language of the file."""

    def to_bytes(self) -> bytes:
        """Return the file: UTF-8, and the same bytes for the same facts."""
        text = json.dumps(self.bundle(), ensure_ascii=False, indent=1)
        return (escape_json(text) + "\n").encode()

    def bundle(self) -> Json:
        """Return the Bundle. Behind an open stop there is no plan, whatever was confirmed."""
        entries = chain(
            [(self.subject.reference, self._patient())],
            self._responses(),
            self._flags(),
            self._totals(),
            self._changes(),
            () if self.stops else self._plans(),
            self._procedures(),
            self._encounters(),
        )
        mark = {"meta": {"security": [_TEST]}} if self.training else {}
        return {
            "resourceType": "Bundle",
            **mark,
            "language": self.language,
            "identifier": {"system": "urn:ietf:rfc:3986", "value": urn("Bundle", self.id)},
            "type": "collection",
            "entry": [
                {
                    "fullUrl": url,
                    "resource": {"resourceType": told["resourceType"], **mark, **told},
                }
                for url, told in entries
            ],
        }

    @property
    def _of(self) -> Json:
        return {"reference": self.subject.reference}

    def _patient(self) -> Json:
        client = self.subject
        told: Json = {
            "resourceType": "Patient",
            "identifier": [{"system": CLIENTS, "value": client.code}],
        }
        if client.municipality:
            coding = {"system": _MUNICIPALITIES, "code": client.municipality}
            told["extension"] = [{"url": _MUNICIPALITY, "valueCoding": coding}]
        if client.sex in _SEX:
            told["gender"] = _SEX[client.sex]
        if client.birth_year:
            told["birthDate"] = str(client.birth_year)
        return told

    def _responses(self) -> Iterator[Entry]:
        for filled in self.responses:
            yield filled.reference, as_response(filled, self.subject.reference)

    def _flags(self) -> Iterator[Entry]:
        for id_, about in self.stops:
            yield (
                urn("Flag", self.id, id_),
                {
                    "resourceType": "Flag",
                    "status": "active",
                    "category": [_term("flag-category", "safety")],
                    "code": {"text": about},
                    "subject": self._of,
                },
            )

    def _totals(self) -> Iterator[Entry]:
        answered = {each.id: each.reference for each in self.responses}
        for url, total in self._addressed():
            coding = [{"system": self.system, "code": total.code}] if total.code else []
            day = total.given or total.day
            told = self._score(total.name, coding, total.points, day, final=total.final)
            if total.given is not None:
                told["note"] = [{"text": self.words["elsewhere"]}]
            elif source := answered.get(total.assessment or ""):
                told["derivedFrom"] = [{"reference": source}]
            yield url, told

    def _changes(self) -> Iterator[Entry]:
        urls: dict[str, list[str]] = {}
        for url, total in self._addressed():
            urls.setdefault(total.name, []).append(url)
        for change in self.changes:
            name = f"{change.name}: {self.words['change']}"
            told = self._score(name, [], change.points, change.day, final=True)
            found = urls.get(change.name, [])
            if found:
                ends = dict.fromkeys((found[0], found[-1]))
                told["derivedFrom"] = [{"reference": url} for url in ends]
            yield urn("Observation", self.id, change.name, "change"), told

    def _addressed(self) -> Iterator[tuple[str, Total]]:
        """Yield each total with its URI; a second one of the same day has one of its own."""
        met: Counter[tuple[str, str]] = Counter()
        for total in self.totals:
            key = (total.name, total.day.isoformat())
            again = (str(met[key]),) if met[key] else ()
            met[key] += 1
            yield urn("Observation", self.id, *key, *again), total

    def _score(
        self, name: str, coding: Sequence[Json], points: float, day: date, *, final: bool
    ) -> Json:
        return {
            "resourceType": "Observation",
            "status": "final" if final else "preliminary",
            "category": [_term("observation-category", "survey")],
            "code": {**({"coding": [*coding]} if coding else {}), "text": name},
            "subject": self._of,
            "effectiveDateTime": day.isoformat(),
            "valueQuantity": {"value": _number(points), **_SCORE},
        }

    def _plans(self) -> Iterator[Entry]:
        """Yield the confirmed step as a plan, and what it asks for as a request."""
        plan = self.plan
        if plan is None:
            return
        url, asked = urn("CarePlan", plan.id), urn("ServiceRequest", plan.id)
        status: Literal["active", "completed"] = "completed" if plan.ended else "active"
        told: Json = {
            "resourceType": "CarePlan",
            "status": status,
            "intent": "plan",
            "title": f"{self.words['step']} {plan.step}",
            "subject": self._of,
            "period": {"start": plan.began.isoformat()},
            "activity": [{"reference": {"reference": asked}}],
        }
        if plan.next_contact:
            scheduled = {"start": plan.next_contact.isoformat()}
            told["activity"].append(
                {
                    "detail": {
                        "kind": "Appointment",
                        "status": "scheduled",
                        "scheduledPeriod": scheduled,
                        "description": self.words["contact"],
                    }
                }
            )
        yield url, told
        yield (
            asked,
            {
                "resourceType": "ServiceRequest",
                "basedOn": [{"reference": url}],
                "status": status,
                "intent": "plan",
                "code": {"text": f"{self.words['step']} {plan.step}"},
                "subject": self._of,
                "authoredOn": plan.began.isoformat(),
            },
        )

    def _procedures(self) -> Iterator[Entry]:
        for each in self.treatments:
            coding = {"coding": [{"system": PROCEDURES, "code": each.code}]} if each.code else {}
            period = {"start": each.began.isoformat()}
            if each.ended:
                period["end"] = each.ended.isoformat()
            when = (
                {"performedDateTime": each.began.isoformat()}
                if each.single
                else {"performedPeriod": period}
            )
            done = each.single or each.ended
            yield (
                urn("Procedure", self.id, each.id),
                {
                    "resourceType": "Procedure",
                    "status": "completed" if done else "in-progress",
                    "code": {**coding, "text": each.name},
                    "subject": self._of,
                    **when,
                },
            )

    def _encounters(self) -> Iterator[Entry]:
        for each in self.contacts:
            kind: Json = {"text": each.channel} if each.channel else {}
            if each.code:
                kind["coding"] = [{"system": CHANNELS, "code": each.code}]
            yield (
                urn("Encounter", self.id, each.id),
                {
                    "resourceType": "Encounter",
                    "status": "finished",
                    "class": {"system": f"{_TERMS}/v3-ActCode", "code": "AMB"},
                    **({"type": [dict(sorted(kind.items()))]} if kind else {}),
                    "subject": self._of,
                    "period": {"start": each.day.isoformat(), "end": each.day.isoformat()},
                },
            )


def _term(system: str, code: str) -> Json:
    return {"coding": [{"system": f"{_TERMS}/{system}", "code": code}]}


def _number(points: float) -> int | float:
    return int(points) if float(points).is_integer() else points
