"""If these fail, another program shows other questions than Porras, or hides one about danger."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screens.documents.fhir_words import form_words
from stepping.decision.facts import FactStates
from stepping.interchange.codes import ALWAYS_SHOWN, SAFETY, Coding
from stepping.interchange.form import Form
from stepping.pathway.condition import NumberState
from stepping.pathway.model import DECLINED, Answer, Pathway, Question
from store.pathway_files.files import built_in
from store.pathway_files.forms import instrument_ids, load_codes, load_instrument
from tests.stepping.interchange.reading import (
    Json,
    all_items,
    is_question,
    is_shown,
    read_total,
)

LANGUAGES = ("en", "fi", "sv")
PATHWAYS = ("adult", "follow_up", "youth")
INSTRUMENTS = tuple(instrument_ids())
EVERY = (*INSTRUMENTS, *PATHWAYS)


@cache
def form_of(name: str, language: str) -> Form:
    alone = name in INSTRUMENTS
    pathway = load_instrument(name) if alone else built_in(name)
    return Form(pathway, language, form_words(language), load_codes(), name if alone else None)


@cache
def made(name: str, language: str = "fi") -> Json:
    read: Json = json.loads(form_of(name, language).to_bytes())
    return read


def coded(question: Question, answer: Answer) -> Any:
    """An answer as the form has it."""
    if isinstance(answer, str):
        return load_codes().of_answers(question)[answer].code
    if question.kind == "choice":
        return load_codes().of_answers(question)[str(answer)].code
    return answer


def answers_of(question: Question) -> list[Answer]:
    """Every answer that a form offers to a question; none where it is free."""
    declined: list[Answer] = [DECLINED] if question.declinable else []
    if question.kind == "yesno" or (question.kind == "choice" and not question.numeric):
        return [*question.words, *declined]
    if question.kind == "choice":
        return [*question.points, *declined]
    if question.kind in ("integer", "scale"):
        return list[Answer](question.points)[:12]
    return []


def test_every_instrument_and_pathway_that_is_shipped_has_a_form() -> None:
    assert {"phq9", "gad7", "auditc", "audit", "asq", "pcptsd5", "work"} == set(INSTRUMENTS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EVERY)
def test_the_same_texts_give_the_same_bytes(name: str, language: str) -> None:
    again = load_instrument(name) if name in INSTRUMENTS else built_in(name)
    of = name if name in INSTRUMENTS else None
    form = Form(again, language, form_words(language), load_codes(), of)
    assert form.to_bytes() == form_of(name, language).to_bytes()
    assert made(name, language)["language"] == language


@pytest.mark.parametrize("name", EVERY)
def test_languages_differ_in_words_alone(name: str) -> None:
    def bare(form: Json) -> list[Any]:
        keys = ("linkId", "type", "code", "enableWhen", "enableBehavior", "required", "repeats")
        return [
            (
                *(item.get(key) for key in keys),
                [o["valueCoding"]["code"] for o in item.get("answerOption", [])],
            )
            for item in all_items(form).values()
            if item["type"] != "display"
        ]

    one, other = made(name, "fi"), made(name, "sv")
    assert bare(one) == bare(other)
    assert one["url"] != other["url"]
    assert one["identifier"] == other["identifier"]


@pytest.mark.parametrize("name", EVERY)
def test_every_question_is_there_once_by_its_own_id_in_the_order_of_asking(name: str) -> None:
    form, pathway = made(name), form_of(name, "fi").pathway
    questions = [link for link, item in all_items(form).items() if is_question(item)]
    assert questions == [*pathway.questions]
    links = re.findall(r'"linkId": "([^"]+)"', json.dumps(form))
    assert len(links) == len(set(links))
    for link in links:
        assert link.startswith("_") or link in pathway.facts


@pytest.mark.parametrize("name", EVERY)
def test_what_asks_about_danger_is_marked(name: str) -> None:
    items, questions = all_items(made(name)), form_of(name, "fi").pathway.questions
    for id_, question in questions.items():
        marks = [mark["url"] for mark in items[id_].get("extension", [])]
        assert (SAFETY in marks) == bool(question.safety)


@pytest.mark.parametrize("name", EVERY)
def test_ranges_and_options_are_those_of_the_pathway(name: str) -> None:
    items, questions = all_items(made(name)), form_of(name, "fi").pathway.questions
    for id_, question in questions.items():
        item = items[id_]
        marks = {mark["url"].rpartition("/")[2]: mark for mark in item.get("extension", [])}
        if question.kind in ("integer", "scale"):
            assert marks["minValue"]["valueInteger"] == question.low
            assert marks["maxValue"]["valueInteger"] == question.high
        if question.kind in ("yesno", "choice", "multi"):
            codes = [
                Coding(o["valueCoding"]["system"], o["valueCoding"]["code"])
                for o in item["answerOption"]
            ]
            back = [load_codes().find_answer(question, code) for code in codes]
            declined = [DECLINED] if question.declinable else []
            assert back == [*question.words, *declined]
        if question.instrument and question.kind == "choice":
            for option in item["answerOption"]:
                word = load_codes().find_answer(
                    question, Coding(option["valueCoding"]["system"], option["valueCoding"]["code"])
                )
                ordinal = [e["valueDecimal"] for e in option.get("extension", [])]
                assert ordinal == ([] if word == DECLINED else [int(str(word))])


@pytest.mark.parametrize("name", EVERY)
def test_each_code_means_one_question(name: str) -> None:
    pathway = form_of(name, "fi").pathway
    for question in pathway.questions.values():
        code = load_codes().of_question(question)
        if code:
            assert load_codes().find_question(pathway, code) is question


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EVERY)
def test_a_wording_of_ours_is_never_shown_as_an_official_one(name: str, language: str) -> None:
    form, pathway = made(name, language), form_of(name, language).pathway
    ours = [i for i in pathway.instruments.values() if i.wording[language].status != "published"]
    working = form_words(language).working
    assert form["copyright"].count(working) == len(ours)
    shown = [i["text"] for i in all_items(form).values() if i["linkId"].startswith("_wording")]
    assert {f"{i.name}: {working}" for i in ours} == set(shown)
    for instrument in pathway.instruments.values():
        assert instrument.licence.rstrip(".") in form["copyright"]
        assert instrument.source in form["copyright"]
    if name in INSTRUMENTS:
        assert form["status"] == ("draft" if ours else "active")
    else:
        assert form["status"] == "draft"
        assert form["publisher"] == pathway.header.owner


@pytest.mark.parametrize("name", EVERY)
def test_a_form_insists_only_where_there_is_an_answer_for_who_will_not_answer(name: str) -> None:
    items, questions = all_items(made(name)), form_of(name, "fi").pathway.questions
    for id_, question in questions.items():
        if items[id_].get("required"):
            offered = len(items[id_].get("answerOption", []))
            assert not question.declinable or offered > len(question.words)
            marks = [mark["url"] for mark in items[id_].get("extension", [])]
            assert ALWAYS_SHOWN not in marks


CONDITIONAL = [
    (name, id_)
    for name in EVERY
    for id_, item in all_items(made(name)).items()
    if item.get("enableWhen")
]


@pytest.mark.parametrize(("name", "id_"), CONDITIONAL)
def test_each_condition_shows_and_hides(name: str, id_: str) -> None:
    """Both sides of each: nothing answered shows it, and some answers hide it."""
    item = all_items(made(name))[id_]
    questions = form_of(name, "fi").pathway.questions
    named = {condition["question"] for condition in item["enableWhen"]}
    assert is_shown(item, {})
    hides = {
        n: next(
            c
            for a in answers_of(questions[n])
            if not is_shown(
                {**item, "enableWhen": [w for w in item["enableWhen"] if w["question"] == n]},
                {n: (c := coded(questions[n], a))},
            )
        )
        for n in named
    }
    assert not is_shown(item, hides)
    for n in named:
        assert is_shown(item, {k: v for k, v in hides.items() if k != n})


def names_card(pathway: Pathway, id_: str) -> bool:
    """Whether what the client card says has a part in when a question is asked."""
    fact = pathway.facts[id_]
    conditions = (*fact.conditions, *([fact.ask_if] if fact.ask_if else ()))
    named = {part.fact for condition in conditions for part in condition.parts()} | {*fact.items}
    return fact.origin == "given" or any(names_card(pathway, each) for each in named)


def compare_with_interview(
    pathway: Pathway, items: dict[str, Json], answers: dict[str, Answer]
) -> None:
    states = FactStates(pathway, answers)
    chosen = {id_: coded(pathway.questions[id_], answer) for id_, answer in answers.items()}
    for id_, question in pathway.questions.items():
        asked, shown = states.is_asked(id_) is not False, is_shown(items[id_], chosen)
        marks = [mark["url"] for mark in items[id_].get("extension", [])]
        if asked:
            assert shown, (id_, answers)
        elif ALWAYS_SHOWN not in marks and not names_card(pathway, id_):
            assert not shown, (id_, answers)
        if items[id_].get("required"):
            assert question.required or question.refusable


@pytest.mark.parametrize("name", EVERY)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_form_shows_what_the_interview_asks(name: str, data: st.DataObject) -> None:
    pathway, items = form_of(name, "fi").pathway, all_items(made(name))
    answers: dict[str, Answer] = {}
    named = {w["question"] for item in items.values() for w in item.get("enableWhen", [])}
    for id_ in sorted(named):
        offered = answers_of(pathway.questions[id_])
        answer: Answer | None = data.draw(st.sampled_from([None, *offered]))
        if answer is not None:
            answers[id_] = answer
    compare_with_interview(pathway, items, answers)


TOTALS = [
    (name, id_)
    for name in EVERY
    for id_, item in all_items(made(name)).items()
    if item.get("readOnly")
]


def test_which_totals_are_computed() -> None:
    """The whole AUDIT of the adult pathway hangs on age and sex, which no form knows."""
    assert {("phq9", "phq9.total"), ("audit", "audit.total"), ("auditc", "auditc.total")} <= {
        *TOTALS
    }
    assert ("adult", "phq9.total") in TOTALS
    assert ("adult", "audit.total") not in TOTALS


@pytest.mark.parametrize("expression", ["sdc", "refero"])
@pytest.mark.parametrize(("name", "id_"), TOTALS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_total_is_the_programs_own_or_none(
    name: str, id_: str, expression: str, data: st.DataObject
) -> None:
    """Also where a renderer keeps what was answered before the question was hidden."""
    pathway, items = form_of(name, "fi").pathway, all_items(made(name))
    whole = data.draw(st.booleans())
    named = {
        w["question"] for i in pathway.facts[id_].items for w in items[i].get("enableWhen", [])
    }
    answers: dict[str, Answer] = {}
    for item in sorted({*pathway.facts[id_].items, *named}):
        offered = answers_of(pathway.questions[item])
        missing = [] if whole else [None]
        answer: Answer | None = data.draw(st.sampled_from([*offered, *missing]))
        if answer is not None:
            answers[item] = answer
    # No form knows an age: it shows what the oldest would be asked too.
    card = {id_: f.high for id_, f in pathway.facts.items() if id_ == "client.age"}
    asked = FactStates(pathway, {**answers, **card})
    state = asked.get_state(id_)
    assert isinstance(state, NumberState)
    left = [
        item
        for item in pathway.facts[id_].items
        if asked.is_asked(item) is not False and answers.get(item, DECLINED) == DECLINED
    ]
    chosen = {item: coded(pathway.questions[item], answer) for item, answer in answers.items()}
    told = read_total(items[id_], expression, chosen)
    assert told == (None if left else state.low)
    if told is not None and not names_card(pathway, id_):
        assert state.low == state.high
