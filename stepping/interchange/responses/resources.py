"""Finds the responses in a file: alone or in a Bundle, with who is meant and when they were given.

Of a person only this is looked at: whether all is about the same one, and a year of birth and a
sex, so that another person's form is noticed. Nothing of it is kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from stepping.finland import day_begins
from stepping.interchange.codes import Coding
from stepping.interchange.responses.faults import Fault, at

Json = dict[str, Any]
Sex = Literal["f", "m"]

_SLACK = timedelta(minutes=10)
"""How far the clocks of two computers may stand apart."""
_DATE_TIME = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:\d\d))?)?)?"
)
_RELEASE = re.compile(r"/fhir/(\d\.\d|R5|R6|STU3|DSTU2)", re.IGNORECASE)
_R4 = frozenset({"4.0", "4.3"})
_LATER_KEYS = frozenset({"answerConstraint", "disabledDisplay"})
_SEXES: dict[object, Sex] = {"female": "f", "male": "m"}
_OTHERS = re.compile(r"(?:^|/)(?:Practitioner|PractitionerRole|RelatedPerson)(?:/|$)")
_DONE, _UNDONE = ("completed", "amended"), ("entered-in-error", "stopped")


@dataclass(frozen=True)
class Response:
    """One filled-in form as it stands in a file."""

    place: str
    items: Json
    """What has the items; a response, of which nothing else is read."""
    given_at: datetime | None
    form: str
    """The address of the form, without its version."""
    edition: str
    """The version of the form, where one is told."""
    codings: dict[str, tuple[Coding, ...]]
    """The codes of items by linkId, where the form itself came along."""


@dataclass
class Found:
    """What files hold: responses, what is wrong, and who is told of."""

    responses: list[Response] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    persons: dict[str, str] = field(default_factory=dict)
    """Who is meant, by what tells one from another, and where it stands first."""
    born: list[tuple[int, str]] = field(default_factory=list)
    """Years of birth, and where they stand."""
    sexes: list[tuple[Sex, str]] = field(default_factory=list)

    def name_persons(self) -> None:
        """Note that more than one person is told of; called once, when all files were read."""
        if len(self.persons) > 1:
            self.faults.append(Fault("two_persons", [*self.persons.values()][1]))


def find_responses(parsed: Json, now: datetime, found: Found, root: str = "") -> None:
    """Add what a file holds to what was found before; `root` is the place of the file."""
    match parsed.get("resourceType"):
        case "QuestionnaireResponse":
            _Reader(now, found).read_response(parsed, root)
        case "Bundle":
            _read_bundle(parsed, now, found, root)
        case _:
            found.faults.append(Fault("no_response", at(root, "resourceType")))


def _read_bundle(bundle: Json, now: datetime, found: Found, root: str) -> None:
    reader = _Reader(now, found)
    reader.check_version(bundle, root)
    entries = [*_entries(bundle, found, root)]
    for resource, place, url in entries:
        if resource.get("resourceType") == "Questionnaire":
            reader.read_form(resource, place)
        elif resource.get("resourceType") == "Patient":
            reader.read_patient(resource, place)
            key = json.dumps(resource, sort_keys=True)
            found.persons.setdefault(key, place)
            names = (url, resource.get("id"))
            reader.patients.update({_last(n): key for n in names if isinstance(n, str) and n})
    responses = 0
    for resource, place, _ in entries:
        kind = resource.get("resourceType")
        if kind == "QuestionnaireResponse":
            responses += 1
            reader.read_response(resource, place)
        elif kind not in ("Questionnaire", "Patient"):
            found.faults.append(Fault("not_read", place))
    if not responses:
        found.faults.append(Fault("no_response", at(root, "entry")))


def _entries(bundle: Json, found: Found, root: str) -> Iterator[tuple[Json, str, object]]:
    """Yield each resource of a Bundle with its place and its address."""
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        found.faults.append(Fault("shape", at(root, "entry")))
        return
    for number, entry in enumerate(entries):
        place = at(at(root, "entry"), number)
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict):
            yield resource, at(place, "resource"), entry.get("fullUrl")
        else:
            found.faults.append(Fault("shape", place))


@dataclass(frozen=True)
class _Reader:
    now: datetime
    found: Found
    codings: dict[str, tuple[Coding, ...]] = field(default_factory=dict)
    """The codes of items by linkId, of all forms that came along."""
    patients: dict[str, str] = field(default_factory=dict)
    """What tells a patient from others, by each name that a reference may use."""

    def _fault(self, fault: Fault) -> None:
        self.found.faults.append(fault)

    def read_response(self, response: Json, place: str) -> None:
        """Read one response, with what is contained in it."""
        inner = replace(self, codings=dict(self.codings), patients=dict(self.patients))
        for resource, where in self._list(response, "contained", place):
            if resource.get("resourceType") == "Questionnaire":
                inner.read_form(resource, where)
            elif resource.get("resourceType") == "Patient":
                inner.read_patient(resource, where)
                inner.patients[f"#{resource.get('id')}"] = _alone(resource)
        self.check_version(response, place)
        self._check_status(response.get("status"), at(place, "status"))
        inner.read_subject(response, place)
        form = response.get("questionnaire")
        address, _, edition = (form if isinstance(form, str) else "").partition("|")
        self.found.responses.append(
            Response(
                place,
                response,
                self._authored(response.get("authored"), at(place, "authored")),
                address,
                edition,
                inner.codings,
            )
        )

    def _list(self, value: Json, key: str, place: str) -> list[tuple[Json, str]]:
        """Return the objects of a list, each with its place."""
        listed, where = value.get(key, []), at(place, key)
        if not isinstance(listed, list):
            self._fault(Fault("shape", where))
            return []
        found = [(each, at(where, n)) for n, each in enumerate(listed)]
        for each, inner in found:
            if not isinstance(each, dict):
                self._fault(Fault("shape", inner))
        return [(each, inner) for each, inner in found if isinstance(each, dict)]

    def check_version(self, resource: Json, place: str) -> None:
        """Note that a resource is not of R4, as far as it says so."""
        meta = resource.get("meta")
        profiles = meta.get("profile", []) if isinstance(meta, dict) else []
        for number, profile in enumerate(profiles if isinstance(profiles, list) else []):
            match = _RELEASE.search(profile) if isinstance(profile, str) else None
            if match and match[1] not in _R4:
                self._fault(Fault("version", at(at(at(place, "meta"), "profile"), number)))
        if "group" in resource:  # as DSTU2 had it, in the place of items
            self._fault(Fault("version", at(place, "group")))

    def read_form(self, form: Json, place: str) -> None:
        """Note the codes of a form's items; its weights and words are not looked at."""
        self.check_version(form, place)
        waiting = self._list(form, "item", place)
        while waiting:
            item, where = waiting.pop()
            if item.get("type") == "coding" or _LATER_KEYS & item.keys():  # as R5 has it
                self._fault(Fault("version", where))
            link = item.get("linkId")
            told = tuple(
                Coding(code["system"], code["code"])
                for code, _ in self._list(item, "code", where)
                if isinstance(code.get("system"), str) and isinstance(code.get("code"), str)
            )
            if isinstance(link, str) and told:
                self.codings[link] = told
            waiting += self._list(item, "item", where)

    def _check_status(self, status: object, place: str) -> None:
        if status in _UNDONE:
            self._fault(Fault("withdrawn", place))
        elif status not in _DONE:
            self._fault(Fault("unfinished", place))

    def _authored(self, authored: object, place: str) -> datetime | None:
        given_at = read_instant(authored) if isinstance(authored, str) else None
        if given_at is None:
            self._fault(Fault("no_date", place))
            return None
        if given_at > self.now + _SLACK:
            self._fault(Fault("future", place))
        return min(given_at, self.now)

    # -- who is meant ---------------------------------------------------------------------------

    def read_patient(self, patient: Json, place: str) -> None:
        """Note the year of birth and the sex that somebody has."""
        born = patient.get("birthDate")
        if isinstance(born, str) and re.match(r"\d{4}", born):
            self.found.born.append((int(born[:4]), at(place, "birthDate")))
        if sex := _SEXES.get(_hashable(patient.get("gender"))):
            self.found.sexes.append((sex, at(place, "gender")))

    def read_subject(self, response: Json, place: str) -> None:
        """Note whom a response is about, and whether somebody else filled it in."""
        subject = response.get("subject")
        if isinstance(subject, dict) and (told := _meant(subject)):
            self.found.persons.setdefault(self.patients.get(told, told), at(place, "subject"))
        source = response.get("source")
        by = source if isinstance(source, dict) else {}
        names = (by.get("type"), by.get("reference"))
        if any(isinstance(n, str) and _OTHERS.search(n) for n in names):
            self._fault(Fault("by_another", at(place, "source")))


def _meant(subject: Json) -> str:
    """Return what tells who is meant from others."""
    reference = subject.get("reference")
    if isinstance(reference, str) and reference:
        return _last(reference)
    identifier = subject.get("identifier")
    value = identifier.get("value") if isinstance(identifier, dict) else None
    name = value if isinstance(value, str) else subject.get("display")
    return name if isinstance(name, str) else ""


def _last(reference: str) -> str:
    """Return the last part of a reference, which is the same whether it is whole or relative."""
    return reference.rpartition("/")[2]


def _alone(patient: Json) -> str:
    """Return what tells a contained patient from others; its id is of that response alone."""
    return json.dumps({**patient, "id": None}, sort_keys=True)


def _hashable(value: object) -> object:
    return value if isinstance(value, str) else None


def read_instant(text: str) -> datetime | None:
    """Return the earliest instant that a FHIR dateTime may mean; `None` if it is none.

    A day, month or year begins in Finland. A thousandth of a second is the least that is told.
    """
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return None
    try:
        if match[4] is None:
            return day_begins(date(int(match[1]), int(match[2] or 1), int(match[3] or 1)))
        return datetime.fromisoformat(_in_thousandths(text)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _in_thousandths(text: str) -> str:
    """Return a time with three digits of a second at most."""
    return re.sub(r"(\.\d{1,3})\d*", r"\1", text)
