"""If these fail, what came in is believed where it must not be, or what is wrong is not told."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepping.finland import day_begins
from stepping.interchange.codes import Coding
from stepping.interchange.responses.faults import Unreadable, find_refusals
from stepping.interchange.responses.intake import sort_answers
from stepping.interchange.responses.json_text import LARGEST, parse
from stepping.interchange.responses.reading import Known
from stepping.interchange.responses.resources import read_instant
from stepping.pathway.model import Answer
from tests.stepping.interchange.responses.filled import (
    GIVEN_AT,
    NOW,
    PATHWAYS,
    Json,
    faults,
    pathway_of,
    read,
    respond,
)

CALM: dict[str, Answer] = {f"phq9.{n}": 0 for n in range(1, 10)}
TEN: dict[str, Answer] = {**CALM, "phq9.1": 3, "phq9.2": 3, "phq9.3": 2, "phq9.9": 2}
LOINC = "http://loinc.org"
EVIL = "\x1b]0;owned\x07\u202e"


def bundle(*resources: Json, **told: Any) -> Json:
    entries = [{"fullUrl": f"urn:uuid:{n}", "resource": each} for n, each in enumerate(resources)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries, **told}


def kinds(name: str, *files: Json | bytes, **told: Any) -> set[str]:
    return {kind for kind, _, _ in faults(read(name, *files, **told))}


# -- files of which nothing is read --------------------------------------------------------------


def nested(depth: int) -> bytes:
    return b'{"a":' + b"[" * depth + b"]" * depth + b"}"


@pytest.mark.parametrize(
    ("content", "kind", "place"),
    [
        (b"", "not_json", "line 1, column 1"),
        (b'{"resourceType": "Bundle",\n "entry": [}', "not_json", "line 2, column 12"),
        (b"<Bundle/>", "not_json", "line 1, column 1"),
        (b'{"a": "\xff"}', "not_utf8", "byte 8"),
        (b"[]", "shape", ""),
        (b"null", "shape", ""),
        (b" " * (LARGEST + 1), "too_large", ""),
        (nested(70), "too_deep", "a" + "[0]" * 64),
        (nested(100_000), "too_deep", ""),
        (b'{"item": [{"linkId": "a", "linkId": "b"}]}', "key_twice", "item[0].linkId"),
        (b'{"item": [{"\\u001b[2J": 1, "\\u001b[2J": 2}]}', "key_twice", "item[0].?"),
        (b'{"item": [{"n": NaN}]}', "no_number", "item[0].n"),
        (b'{"n": -Infinity}', "no_number", "n"),
        (b'{"n": 1e999}', "no_number", "n"),
        (b'{"n": ' + b"9" * 5000 + b"}", "no_number", "n"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_cannot_be_read_is_told_with_its_place(content: bytes, kind: str, place: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(content)
    assert (caught.value.fault.kind, caught.value.fault.place) == (kind, place)


@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(Unreadable):
        assert isinstance(parse(content), dict)


# -- whole responses -----------------------------------------------------------------------------


def with_profile(release: str) -> Json:
    return {"meta": {"profile": [f"http://hl7.org/fhir/{release}/StructureDefinition/X"]}}


@pytest.mark.parametrize(
    ("change", "kind", "place"),
    [
        ({"resourceType": "Observation"}, "no_response", "resourceType"),
        ({"status": "entered-in-error"}, "withdrawn", "status"),
        ({"status": "stopped"}, "withdrawn", "status"),
        ({"status": "in-progress"}, "unfinished", "status"),
        ({"status": None}, "unfinished", "status"),
        ({"status": ["completed"]}, "unfinished", "status"),
        ({"authored": None}, "no_date", "authored"),
        ({"authored": "yesterday"}, "no_date", "authored"),
        ({"authored": "2026-13-01"}, "no_date", "authored"),
        ({"authored": "2026-11-20T10:00:00"}, "no_date", "authored"),
        ({"authored": 20261120}, "no_date", "authored"),
        ({"authored": "2026-12-02"}, "future", "authored"),
        ({"authored": "2126-01-01T00:00:00Z"}, "future", "authored"),
        (with_profile("5.0"), "version", "meta.profile[0]"),
        (with_profile("STU3"), "version", "meta.profile[0]"),
        ({"group": {}}, "version", "group"),
        ({"item": None}, "no_answers", "item"),
        ({"item": []}, "no_answers", "item"),
        ({"item": {}}, "shape", "item"),
        ({"item": [1]}, "shape", "item[0]"),
        ({"item": [{"linkId": "x", "answer": {}}]}, "shape", "item[0].answer"),
        ({"item": [{"linkId": "x", "answer": [{"valueInteger": 1}]}]}, "unknown_form", "item"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_response_that_must_not_be_believed_is_refused(
    change: Json, kind: str, place: str
) -> None:
    response = {k: v for k, v in {**respond("phq9", TEN), **change}.items() if v is not None}
    reading = read("phq9", response)
    assert (kind, place) in [(k, p) for k, p, _ in faults(reading)]
    assert find_refusals(reading.faults)


def test_a_response_as_it_should_be_is_taken() -> None:
    reading = read("phq9", respond("phq9", {**TEN, "phq9.difficulty": 1}))
    assert faults(reading) == []
    assert kinds("phq9", {**respond("phq9", TEN), **with_profile("4.0")}) == {"missing"}


def test_an_empty_form_that_says_completed_holds_no_answers() -> None:
    empty = respond("phq9", {})
    assert "no_answers" in kinds("phq9", empty)
    empty["item"] = [{"linkId": "_group.phq9", "item": [{"linkId": "phq9.1", "answer": [{}]}]}]
    assert "no_answers" in kinds("phq9", empty)


def test_completed_with_items_missing_is_computed_anew() -> None:
    some = {id_: TEN[id_] for id_ in ("phq9.1", "phq9.9")}
    reading = read("phq9", respond("phq9", some, totals={"phq9.total": 5}))
    (total,) = reading.totals
    assert (total.ours, total.theirs) == (None, 5)
    missing = [about for kind, _, about in faults(reading) if kind == "missing"]
    assert missing == [*(f"phq9.{n}" for n in range(2, 9)), "phq9.difficulty"]
    assert [(d.question, d.answer) for d in reading.dangers] == [("phq9.9", 2)]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-20", day_begins(datetime(2026, 11, 20).date())),
        ("2026-11", day_begins(datetime(2026, 11, 1).date())),
        ("2026", day_begins(datetime(2026, 1, 1).date())),
        ("2026-11-20T10:30:00+02:00", datetime(2026, 11, 20, 8, 30, tzinfo=UTC)),
        ("2026-11-20T08:30:00.123456789Z", datetime(2026, 11, 20, 8, 30, 0, 123000, tzinfo=UTC)),
        ("2026-02-30", None),
        ("0000-01-01", None),
        ("2026-11-20T24:30:00Z", None),
    ],
)
def test_a_date_is_read_as_the_earliest_instant_it_may_mean(text: str, at: datetime) -> None:
    assert read_instant(text) == at


def test_a_clock_a_few_minutes_ahead_is_no_future() -> None:
    reading = read("phq9", respond("phq9", TEN, authored="2026-12-01T10:05:00Z"))
    assert reading.answers["phq9.1"].given_at == NOW
    assert not find_refusals(reading.faults)


def test_whoever_says_so_takes_what_was_not_handed_in_or_has_no_date() -> None:
    reading = read("phq9", respond("phq9", TEN, authored=None, status="in-progress"), day=GIVEN_AT)
    assert {f.kind for f in find_refusals(reading.faults)} == {"unfinished", "no_date"}
    assert find_refusals(reading.faults, unfinished=True, dated=True) == ()
    assert reading.answers["phq9.1"].given_at == GIVEN_AT


# -- who is meant --------------------------------------------------------------------------------

ANNA, MATTI = {"reference": "Patient/a"}, {"reference": "Patient/b"}


def patient(id_: str, born: str = "1990-01-02", gender: str = "female") -> Json:
    return {"resourceType": "Patient", "id": id_, "birthDate": born, "gender": gender}


@pytest.mark.parametrize(
    "files",
    [
        [bundle(respond("phq9", TEN, subject=ANNA), respond("phq9", CALM, subject=MATTI))],
        [bundle(patient("a"), patient("b"), respond("phq9", TEN, subject=ANNA))],
        [bundle(patient("a"), respond("phq9", TEN, subject=MATTI))],
        [respond("phq9", TEN, subject=ANNA), respond("phq9", TEN, subject=MATTI)],
        [
            bundle(
                respond("phq9", TEN, subject={"identifier": {"value": "1"}}),
                respond("phq9", TEN, subject={"display": "Somebody else"}),
            )
        ],
        [
            bundle(
                respond("phq9", TEN, subject={"reference": "#p"}, contained=[patient("p")]),
                respond("phq9", TEN, subject={"reference": "#p"}, contained=[patient("p", "2001")]),
            )
        ],
    ],
)
def test_forms_of_two_persons_are_refused(files: list[Json]) -> None:
    reading = read("phq9", *files)
    assert "two_persons" in {fault.kind for fault in find_refusals(reading.faults)}
    assert "Somebody" not in repr(reading)


@pytest.mark.parametrize(
    "file",
    [
        bundle(patient("a"), respond("phq9", TEN, subject=ANNA), respond("gad7", {"gad7.1": 1})),
        bundle(patient("a"), respond("phq9", TEN, subject={"reference": "http://x/Patient/a"})),
        bundle(patient("a"), respond("phq9", TEN, subject={"reference": "urn:uuid:0"})),
        bundle(
            *(
                respond("phq9", TEN, subject={"reference": "#p"}, contained=[patient("p")])
                for _ in range(2)
            )
        ),
    ],
)
def test_forms_of_one_person_are_those_of_one(file: Json) -> None:
    assert "two_persons" not in kinds("phq9", file)


@pytest.mark.parametrize(
    ("known", "place"),
    [
        (Known(1991, "f"), "entry[0].resource.birthDate"),
        (Known(1990, "m"), "entry[0].resource.gender"),
        (Known(1990, "f"), ""),
        (Known(1990, "x"), ""),
        (Known(None, None), ""),
    ],
)
def test_another_persons_form_is_refused_by_year_of_birth_or_sex(known: Known, place: str) -> None:
    reading = read("phq9", bundle(patient("a"), respond("phq9", TEN, subject=ANNA)), known=known)
    refused = [f.place for f in find_refusals(reading.faults) if f.kind == "another_person"]
    assert refused == ([place] if place else [])


def test_nothing_about_the_person_is_kept() -> None:
    whole = bundle(
        {**patient("a"), "name": [{"text": "Aino Esimerkki"}], "address": [{"text": "Katu 1"}]},
        respond("phq9", TEN, subject={**ANNA, "display": "Aino Esimerkki"}, id="secret-id"),
    )
    told = repr(read("phq9", whole, known=Known(1991, "m")))
    for private in ("Aino", "Katu", "1990", "secret-id", "female"):
        assert private not in told


def test_a_form_that_somebody_else_filled_in_says_so() -> None:
    by = {"reference": "RelatedPerson/1"}
    assert ("by_another", "source", "") in faults(read("phq9", respond("phq9", TEN, source=by)))


# -- items ---------------------------------------------------------------------------------------


def changed(change: Callable[[list[Json]], None], name: str = "phq9") -> Json:
    response = copy.deepcopy(respond(name, TEN))
    change(response["item"][0]["item"])
    return response


def code(system: str | None, value: object, **more: Any) -> Json:
    return {"valueCoding": {**({"system": system} if system else {}), "code": value, **more}}


WEIGHT = {"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 4}


@pytest.mark.parametrize(
    ("answer", "kind", "taken"),
    [
        ([code(LOINC, "LA6571-9", extension=[WEIGHT])], "weight", 3),
        ([code(None, "LA6571-9")], "", 3),
        ([code("http://other", "LA6571-9")], "answer", None),
        ([code(LOINC, "LA33-6")], "answer", None),
        ([code(LOINC, 3)], "answer", None),
        ([code(LOINC, EVIL)], "answer", None),
        ([{"valueInteger": 3}], "answer", None),
        ([{"valueString": "Nearly every day"}], "answer", None),
        ([{"valueBoolean": True}], "answer", None),
        ([{"valueCoding": "LA6571-9"}], "answer", None),
        ([{**code(LOINC, "LA6571-9"), "valueString": "x"}], "answer", None),
        ([code(LOINC, "LA6571-9")] * 2, "doubled", 3),
        ([code(LOINC, "LA6571-9"), code(LOINC, "LA6568-5")], "doubled", None),
        ([{}], "missing", None),
        ([], "missing", None),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_an_answer_counts_by_our_codes_and_weights(
    answer: list[Json], kind: str, taken: int | None
) -> None:
    reading = read("phq9", changed(lambda items: items[0].update(answer=answer)))
    got = reading.answers.get("phq9.1")
    assert (got.answer if got else None) == taken
    told = {k: p for k, p, about in faults(reading) if about == "phq9.1"}
    if kind:
        assert kind in told
        assert kind == "missing" or told[kind].startswith("item[0].item[0]")
    assert "\x1b" not in repr(reading)
    if taken is None:
        assert "missing" in told
        assert reading.totals[0].ours is None


def test_weights_of_a_foreign_form_are_told_and_never_used() -> None:
    def weigh(items: list[Json]) -> None:
        items[0]["answer"][0]["valueCoding"]["extension"] = [WEIGHT]

    (fault,) = [f for f in read("phq9", changed(weigh)).faults if f.kind == "weight"]
    assert (fault.told, fault.ours) == (4, 3)


def test_what_is_doubled_unknown_or_means_two_things_is_named() -> None:
    def double(items: list[Json]) -> None:
        items.append(copy.deepcopy(items[1]))
        items.append({"linkId": EVIL, "answer": [{"valueInteger": 1}]})
        items.append({"linkId": "phq9.7", "answer": [code(LOINC, "LA6571-9")]})

    reading = read("phq9", changed(double))
    told = faults(reading)
    assert ("doubled", "item[0].item[9].answer[0]", "phq9.2") in told
    assert ("unknown", "item[0].item[10]", "") in told
    assert ("doubled", "item[0].item[11].answer[0]", "phq9.7") in told
    assert "phq9.2" in reading.answers
    assert "phq9.7" not in reading.answers


def test_items_are_known_by_code_before_their_link() -> None:
    form = {
        "resourceType": "Questionnaire",
        "item": [
            {"linkId": "q1", "code": [{"system": LOINC, "code": "44250-9"}]},
            {"linkId": "phq9.2", "code": [{"system": LOINC, "code": "44260-8"}]},
            {"linkId": "sum", "code": [{"system": LOINC, "code": "44261-6"}]},
        ],
    }
    items = [
        {"linkId": "q1", "answer": [code(LOINC, "LA6570-1")]},
        {"linkId": "/44249-1/44255-8", "answer": [code(LOINC, "LA6569-3")]},
        {"linkId": "44260-8", "answer": [code(LOINC, "LA6571-9")]},
        {"linkId": "phq9.2", "answer": [code(LOINC, "LA6571-9")]},
        {"linkId": "sum", "answer": [{"valueDecimal": 9}]},
    ]
    response = respond("phq9", {}, item=items, questionnaire="http://elsewhere/phq")
    for file in (bundle(form, response), {**response, "contained": [form]}):
        reading = read("phq9", file)
        assert {i: a.answer for i, a in reading.answers.items()} == {
            "phq9.1": 2,
            "phq9.2": 1,
            "phq9.9": 3,
        }
        assert {kind for kind, _, _ in faults(reading)} == {"two_meanings", "missing", "total"}
        assert [(d.question, d.answer) for d in reading.dangers] == [
            ("phq9.9", None),
            ("phq9.9", 3),
        ]


def test_a_later_form_that_came_along_is_not_r4() -> None:
    form = {"resourceType": "Questionnaire", "item": [{"linkId": "a", "type": "coding"}]}
    response = respond("phq9", TEN, contained=[form])
    assert ("version", "contained[0].item[0]", "") in faults(read("phq9", response))


def test_hl7_s_own_example_is_computed_anew_and_item_9_rises() -> None:
    """In its shape: "completed", a total of 13 where the answers add to 10, item 9 positive."""
    items = [
        {"linkId": f"/{Coding(LOINC, link).code}", "answer": [code(LOINC, answer)]}
        for link, answer in [
            *(("44250-9", "LA6569-3"), ("44255-8", "LA6571-9"), ("44259-0", "LA6570-1")),
            *(("44254-1", "LA6569-3"), ("44251-7", "LA6568-5"), ("44258-2", "LA6568-5")),
            *(("44252-5", "LA6569-3"), ("44253-3", "LA6569-3"), ("44260-8", "LA6569-3")),
        ]
    ]
    items.append({"linkId": "/44261-6", "answer": [{"valueDecimal": 13}]})
    response = respond("phq9", {}, item=items, questionnaire="http://hl7.org/fhir/Questionnaire/x")
    reading = read("adult", response)
    (total,) = [each for each in reading.totals if each.id == "phq9.total"]
    assert (total.ours, total.theirs) == (10, 13)
    assert ("total", "item[9]", "phq9.total") in faults(reading)
    assert [(d.question, d.answer) for d in reading.dangers] == [("phq9.9", 1)]
    assert sort_answers(reading, pathway_of("adult"), {}, {}, NOW).answers["phq9.9"].answer == 1


# -- what an assessment takes --------------------------------------------------------------------


def test_a_series_gives_the_newest_answers_and_danger_of_any_of_them() -> None:
    later = respond("phq9", {**CALM, "phq9.1": 1}, authored="2026-11-28")
    earlier = respond("phq9", {**TEN, "phq9.difficulty": 2}, authored="2026-11-01")
    reading = read("adult", bundle(earlier, later))
    assert ("older", "entry[0].resource", "") in faults(reading)
    intake = sort_answers(reading, pathway_of("adult"), {}, {}, NOW)
    assert intake.answers["phq9.1"].answer == 1
    assert intake.answers["phq9.9"].answer == 2
    assert [*intake.by_age()] == sorted(intake.by_age())
    taken = {id_: given_at for given_at, some in intake.by_age().items() for id_ in some}
    assert taken["phq9.9"] == day_begins(datetime(2026, 11, 1).date())
    assert taken["phq9.1"] == day_begins(datetime(2026, 11, 28).date())


@pytest.mark.parametrize("name", PATHWAYS)
def test_each_item_on_danger_rises_of_whatever_age_and_none_is_taken_that_says_no(
    name: str,
) -> None:
    pathway = pathway_of(name)
    for id_, question in pathway.questions.items():
        if not question.safety:
            continue
        words: list[Answer] = [*(question.points if question.numeric else question.words)]
        for word in words:
            reading = read(name, respond(name, {id_: word}, authored="2024-01-01"))
            taken = sort_answers(reading, pathway, {}, {}, NOW).answers
            hidden = any(fault.kind == "hidden" for fault in reading.faults)
            assert (id_ in taken) == (word not in ("no", 0) and not hidden), (id_, word)


def test_what_is_too_old_answered_here_or_the_nurses_is_asked() -> None:
    answers: dict[str, Answer] = {"phq9.1": 1, "phq9.2": 3, "phq9.9": 2, "nurse.worried": "no"}
    pathway = pathway_of("adult")
    old = read("adult", respond("adult", answers, authored="2026-10-01"))
    intake = sort_answers(old, pathway, {}, {"phq9.2": 1}, NOW)
    assert dict(intake.asked) == {
        "phq9.1": "too_old",
        "phq9.2": "answered_here",
        "nurse.worried": "danger",
    }
    assert {i: a.answer for i, a in intake.answers.items()} == {"phq9.9": 2}
    here = sort_answers(old, pathway, {}, {"phq9.9": 1}, NOW)
    assert dict(here.asked)["phq9.9"] == "answered_here"


# -- anything else -------------------------------------------------------------------------------

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.sampled_from(["", "x", EVIL, "phq9.9"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["item", "answer", "valueCoding", "linkId"]), inner)
    ),
    max_leaves=5,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place of a JSON value: what holds it, and by which key."""
    keys = [*value] if isinstance(value, dict) else range(len(value))
    found = [(value, key) for key in keys]
    for key in keys:
        if isinstance(value[key], dict | list):
            found += places(value[key])
    return found


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_whatever_is_changed_nothing_breaks_and_nothing_odd_is_repeated(
    data: st.DataObject,
) -> None:
    whole = bundle(patient("a"), respond("phq9", TEN, subject={**ANNA}, totals={"phq9.total": 10}))
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(places(whole)))
        holder[key] = data.draw(JUNK)
    reading = read("phq9", json.dumps(whole).encode())
    assert "\x1b" not in repr(reading)
    assert "\\x1b" not in repr(reading)
    for id_, each in reading.answers.items():
        assert each.answer in pathway_of("phq9").questions[id_].points
    if not reading.answers:
        assert find_refusals(reading.faults) or any(f.kind == "missing" for f in reading.faults)


def test_a_total_of_items_that_are_not_asked_of_this_person_is_not_said_to_be_nothing() -> None:
    """A form cannot know the age by which the pathway leaves AUDIT-C out."""
    scores: dict[str, Answer] = dict.fromkeys(("auditc.1", "auditc.2", "auditc.3"), 4)
    answers: dict[str, Answer] = {"danger.suicide": "no", **scores}
    response = respond("youth", answers, totals={"auditc.total": 12})
    (young,) = read("youth", response).totals
    (grown,) = read("youth", response, known=Known(facts={"client.age": 20})).totals
    assert (young.ours, grown.ours) == (None, 12)
