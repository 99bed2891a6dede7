"""If these fail, another program gets other answers than were given, or who the client is."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import fhirkit
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepping.decision.interview import find_counting_answers
from stepping.interchange.record import (
    CLIENTS,
    Change,
    ClientRecord,
    Met,
    Plan,
    Subject,
    Total,
    Treatment,
)
from stepping.interchange.response import Filled, as_response
from stepping.pathway.model import DECLINED, Answer
from store.pathway_files.files import built_in
from tests.stepping.interchange.reading import Json, all_items
from tests.stepping.interchange.test_form import PATHWAYS, answers_of, coded, form_of, made

SUBJECT = Subject("a client", "K7Q2MMPV", 1986, "f", "061")
AUTHORED = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
NAMED = ("K7Q2", "1986")


def filled(name: str, answers: dict[str, Answer], **more: Any) -> Filled:
    form = form_of(name, "fi")
    return Filled(form, "an assessment", answers, AUTHORED, "completed", {}, **more)


def given_in(response: Json) -> dict[str, list[Any]]:
    """What another program finds as answers, by link."""
    return {
        item["linkId"]: [
            value.get("valueCoding", {}).get("code") or next(iter(value.values()))
            for value in item["answer"]
        ]
        for group in response.get("item", ())
        for item in group["item"]
    }


@st.composite
def some_answers(draw: Callable[[st.SearchStrategy[Any]], Any], name: str) -> dict[str, Answer]:
    offered = {
        question.id: found
        for question in form_of(name, "fi").pathway.questions.values()
        if (found := answers_of(question))
    }
    chosen = draw(st.sets(st.sampled_from(sorted(offered))))
    return {id_: draw(st.sampled_from(offered[id_])) for id_ in sorted(chosen)}


@pytest.mark.parametrize("name", PATHWAYS)
@settings(max_examples=25)
@given(st.data())
def test_each_answer_stands_under_its_link_as_the_form_has_it(name: str, data: Any) -> None:
    answers = data.draw(some_answers(name))
    response = as_response(filled(name, answers), SUBJECT.reference)
    questions, found = form_of(name, "fi").pathway.questions, given_in(response)
    listed = ("yesno", "choice", "multi")
    wanted = {
        id_: [coded(questions[id_], each) for each in (a if isinstance(a, tuple) else (a,))]
        for id_, a in answers.items()
        if a not in (DECLINED, ()) or (a == DECLINED and questions[id_].kind in listed)
    }
    assert found == {id_: values for id_, values in wanted.items() if values}
    assert set(found) <= set(all_items(made(name)))
    assert not fhirkit.validate(response)


def test_words_leave_only_where_that_was_asked_for() -> None:
    text = next(q.id for q in built_in("adult").questions.values() if q.kind == "text")
    said: dict[str, Answer] = {text: "what I said of my brother"}
    assert "brother" not in json.dumps(as_response(filled("adult", said), SUBJECT.reference))
    told = as_response(filled("adult", said, words=True), SUBJECT.reference)
    assert given_in(told) == {text: ["what I said of my brother"]}


def test_a_total_stands_only_where_all_of_it_is_known() -> None:
    answers: dict[str, Answer] = {f"phq9.{n}": 1 for n in range(1, 10)}
    form = form_of("adult", "fi")
    whole = Filled(form, "one", answers, AUTHORED, "completed", {"phq9.total": 9})
    assert given_in(as_response(whole, SUBJECT.reference))["phq9.total"] == [9]
    assert "phq9.total" not in given_in(as_response(filled("adult", answers), SUBJECT.reference))


@cache
def record(**more: Any) -> ClientRecord:
    pathway = built_in("adult")
    answers: dict[str, Answer] = {f"phq9.{n}": 1 for n in range(1, 10)}
    counts = find_counting_answers(pathway, answers)
    parts: dict[str, Any] = {
        "totals": (
            Total("PHQ-9", "44261-6", 9, date(2026, 11, 22), assessment="an assessment"),
            Total("PHQ-9", "44261-6", 11, date(2026, 11, 22)),
            Total("CORE-10", None, 11.5, date(2026, 11, 25)),
            Total("PHQ-9", "44261-6", 4, date(2026, 12, 20)),
        ),
        "changes": (Change("PHQ-9", -5, date(2026, 12, 20)),),
        "plan": Plan("an episode", "2 hoitajan tuki", date(2026, 11, 22), False, date(2026, 12, 4)),
        "treatments": (
            Treatment("p1", "Ohjattu omahoito", "IDY03", date(2026, 11, 23), None),
            Treatment("p2", "Oma", None, date(2026, 11, 23), date(2026, 12, 1)),
            Treatment("m/0", "Mini", "IHA21", date(2026, 11, 23), date(2026, 11, 23), True),
        ),
        "contacts": (
            Met("0", date(2026, 11, 23), "puhelin", "R52"),
            Met("1", date(2026, 11, 24), "", None),
        ),
    }
    return ClientRecord(
        "an episode",
        "fi",
        "http://loinc.org",
        SUBJECT,
        (filled("adult", {id_: a for id_, a in answers.items() if counts[id_]}),),
        words={"change": "muutos", "step": "porras", "contact": "yhteydenotto"},
        **{**parts, **more},
    )


def resources(bundle: Json, kind: str) -> list[Json]:
    found = (entry["resource"] for entry in bundle["entry"])
    return [resource for resource in found if resource["resourceType"] == kind]


def test_the_bundle_is_as_the_specification_says_and_the_same_twice() -> None:
    content = record().to_bytes()
    assert content == record().to_bytes()
    assert not fhirkit.validate(json.loads(content))


def test_every_reference_leads_to_an_entry_and_no_two_have_one_address() -> None:
    bundle = record().bundle()
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(urls) == len(set(urls))
    told = json.dumps(bundle)
    found = [part.split('"')[1] for part in told.split('"reference": ')[1:] if part[0] == '"']
    assert found
    assert set(found) <= set(urls)


def test_the_client_is_a_code_of_our_own_system_and_nothing_more() -> None:
    (patient,) = resources(record().bundle(), "Patient")
    assert patient["identifier"] == [{"system": CLIENTS, "value": "K7Q2MMPV"}]
    assert set(patient) == {"resourceType", "identifier", "extension", "gender", "birthDate"}
    assert patient["birthDate"] == "1986"
    assert "1.2.246.21" not in json.dumps(record().bundle()).replace("1.2.246.537", "")


def test_behind_an_open_stop_there_is_a_flag_and_no_step() -> None:
    bundle = record(stops=(("S1", "Välitön vaara"),)).bundle()
    (flag,) = resources(bundle, "Flag")
    assert (flag["status"], flag["code"]["text"]) == ("active", "Välitön vaara")
    assert not resources(bundle, "CarePlan")
    assert not resources(bundle, "ServiceRequest")
    assert "porras" not in json.dumps(bundle, ensure_ascii=False)


def test_totals_and_their_change_are_observations_with_their_day() -> None:
    found = {
        (each["code"]["text"], each["effectiveDateTime"]): each
        for each in resources(record().bundle(), "Observation")
    }
    first = next(
        each
        for each in resources(record().bundle(), "Observation")
        if each["code"]["text"] == "PHQ-9"
    )
    assert first["code"]["coding"] == [{"system": "http://loinc.org", "code": "44261-6"}]
    assert first["valueQuantity"]["value"] == 9
    assert "coding" not in found["CORE-10", "2026-11-25"]["code"]
    change = found["PHQ-9: muutos", "2026-12-20"]
    assert change["valueQuantity"]["value"] == -5
    assert len(change["derivedFrom"]) == 2


def test_a_total_rests_on_its_own_answers_and_on_no_others() -> None:
    """One that was typed in, or whose assessment is gone, rests on none."""
    told = record()
    rests = {
        (each["valueQuantity"]["value"], each["code"]["text"]): each.get("derivedFrom")
        for each in resources(told.bundle(), "Observation")
    }
    (response,) = told.responses
    assert rests[9, "PHQ-9"] == [{"reference": response.reference}]
    assert rests[11, "PHQ-9"] is rests[4, "PHQ-9"] is rests[11.5, "CORE-10"] is None


def test_an_invented_client_is_marked_in_every_resource_and_a_real_one_in_none() -> None:
    mark = {
        "security": [
            {"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST"}
        ]
    }
    bundle = record(training=True).bundle()
    assert not fhirkit.validate(bundle)
    assert bundle["meta"] == mark
    assert all(entry["resource"]["meta"] == mark for entry in bundle["entry"])
    assert "HTEST" not in record().to_bytes().decode()


def test_what_was_done_has_the_procedure_code_where_one_is_known() -> None:
    one, other, mini = resources(record().bundle(), "Procedure")
    coding = {"system": "urn:oid:1.2.246.537.6.2", "code": "IDY03"}
    assert (one["status"], one["code"]["coding"]) == ("in-progress", [coding])
    assert (other["status"], "coding" in other["code"]) == ("completed", False)
    assert mini["performedDateTime"] == "2026-11-23"


# -- files that are wrong ------------------------------------------------------------------------

Path = tuple[str | int, ...]


def spoilt(bundle: Json, kind: str, path: Path, value: Any) -> Json:
    """A bundle in which one thing of the first resource of a kind is another, or gone."""
    broken = copy.deepcopy(bundle)
    place: Any = resources(broken, kind)[0]
    for part in path[:-1]:
        place = place[part]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return broken


WRONG: dict[str, tuple[str, Path, Any]] = {
    "no status": ("QuestionnaireResponse", ("status",), None),
    "a status that is none": ("Procedure", ("status",), "done"),
    "no code": ("Observation", ("code",), None),
    "two values": ("Observation", ("valueInteger",), 9),
    "a day that is none": ("Observation", ("effectiveDateTime",), "22.11.2026"),
    "a time without its zone": ("QuestionnaireResponse", ("authored",), "2026-11-22T08:00:00"),
    "an unknown element": ("CarePlan", ("step",), 2),
    "an item without its link": ("QuestionnaireResponse", ("item", 0, "linkId"), None),
    "a coding that is a word": (
        "QuestionnaireResponse",
        ("item", 0, "item", 0, "answer", 0, "valueCoding"),
        "1",
    ),
    "an answer of two kinds": (
        "QuestionnaireResponse",
        ("item", 0, "item", 0, "answer", 0, "valueInteger"),
        1,
    ),
    "a sex by our letter": ("Patient", ("gender",), "f"),
    "a year of two digits": ("Patient", ("birthDate",), "86"),
    "an identifier that is a word": ("Patient", ("identifier",), "K7Q2MMPV"),
    "no subject": ("Observation", ("subject",), "K7Q2MMPV"),
    "an intent that is none": ("ServiceRequest", ("intent",), "wish"),
    "no intent": ("CarePlan", ("intent",), None),
    "a class without a coding": ("Encounter", ("class",), "AMB"),
    "a period that is a day": ("Encounter", ("period",), "2026-11-23"),
    "a value that is a word": ("Observation", ("valueQuantity", "value"), "nine"),
    "an extension with two values": ("Patient", ("extension", 0, "valueString"), "Asikkala"),
}
"""Each differs from what we write in one thing."""

PASSES_HERE = frozenset({"a status that is none", "a sex by our letter", "an intent that is none"})
"""Those that this one validator lets through; `tests.interchange.validate` asks two more."""


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_is_wrong_in_one_thing_is_seen(name: str) -> None:
    broken = spoilt(record().bundle(), *WRONG[name])
    assert bool(fhirkit.validate(broken)) is (name not in PASSES_HERE)


@pytest.mark.parametrize("name", PATHWAYS)
@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_each_form_is_as_the_specification_says(name: str, language: str) -> None:
    assert not fhirkit.validate(made(name, language))
