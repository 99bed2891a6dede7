"""If these fail, a trainee is told of differences that are none, or not of the one that matters."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepping.decision.decide import decide
from stepping.decision.interview import find_counting_answers, unanswered_questions
from stepping.pathway.client_facts import AGE
from stepping.pathway.model import DECLINED, Answer, Answers, Pathway, Question
from stepping.training.comparison import (
    Difference,
    MissedStop,
    compare,
    find_differences,
    reach,
)
from tests.training_cases import dark, pattern, used


def drawn(question: Question, chance: random.Random) -> Answer:
    match question.kind:
        case "multi":
            return tuple(word for word in question.words if chance.random() < 0.3)
        case "text":
            return "words"
        case "date":
            return "2026-01-31"
        case _ if question.declinable and chance.random() < 0.1:
            return DECLINED
        case _ if question.numeric:
            return chance.choice(question.points)
        case _:
            return chance.choice(question.words)


def somebody(pathway: Pathway, seed: int) -> dict[str, Answer]:
    """Answers of a chance person to what they are asked, some left out."""
    chance = random.Random(seed)
    found: dict[str, Answer] = {AGE: 42, "client.sex": "f"}
    left_out: set[str] = set()
    while left := [q for q in unanswered_questions(pathway, found) if q.id not in left_out]:
        if chance.random() < 0.03:
            left_out.add(left[0].id)
        else:
            found[left[0].id] = drawn(left[0], chance)
    return found


def test_the_experts_own_answers_differ_in_nothing() -> None:
    case = pattern()
    same = compare(case, case.answers, case.stopped.stops, 1)
    assert same.findings == ()
    assert same.verdict.exact
    assert same.follows_own


def test_one_answer_tells_what_it_alone_would_have_changed() -> None:
    case = pattern(
        ('"phq9.difficulty" = 1', '"phq9.difficulty" = 2'),
        ("lowest = 1\nhighest = 1", "lowest = 2\nhighest = 2"),
    )
    answers = {**case.answers, "gad7.7": 1, "phq9.difficulty": 1}
    found = compare(case, answers, (), 1)
    assert (found.own.step, found.expert.step) == (1, 2)
    assert found.verdict.unsafe_low
    assert found.follows_own
    weighty, light = found.differences
    assert weighty.question == "phq9.difficulty", "it moves the step, the earlier one does not"
    assert (weighty.own, weighty.expert, weighty.kind) == (1, 2, "other")
    assert (weighty.on_expert.shift, weighty.on_own.shift) == (-1, 1)
    assert weighty.unsafe
    assert light.question == "gad7.7"
    assert not light.flips


def test_a_missed_stop_comes_first_with_the_question_behind_it() -> None:
    case = dark()
    answers = {**case.answers, "phq9.9": 0, "gad7.1": 3}
    found = compare(case, answers, reach(case.pathway, answers).stops, 1)
    first, second, *_ = found.findings
    assert isinstance(first, MissedStop)
    assert first.stop == "S2"
    assert "phq9.9" in first.questions
    assert isinstance(second, Difference)
    assert second.question == "phq9.9"
    assert second.on_expert.lost == ("S2",)
    assert second.on_own.opened == ("S2",)


def test_a_stop_that_only_the_trainee_opened_is_needless_and_no_miss() -> None:
    case = pattern()
    answers = {**case.answers, "phq9.9": 1}
    found = compare(case, answers, reach(case.pathway, answers).stops, 2)
    assert found.missed == ()
    assert found.needless == ("S2",)
    assert not found.verdict.unsafe_low


def test_what_the_trainees_way_did_not_reach_is_not_called_another_answer() -> None:
    case = dark()
    answers = {**case.answers, "phq9.9": 0}
    hidden = [
        id_
        for id_, counts in find_counting_answers(case.pathway, answers).items()
        if not counts and find_counting_answers(case.pathway, case.answers).get(id_)
    ]
    differences = compare(case, answers, (), 1).differences
    found = {each.question: each.kind for each in differences}
    assert found["phq9.9"] == "other"
    assert {id_: found[id_] for id_ in hidden} == dict.fromkeys(hidden, "not_reached")
    assert [each.question for each in differences if each.flips] == ["phq9.9"], (
        "what follows from another answer changes nothing by itself"
    )


@pytest.mark.parametrize("name", ["adult", "youth"])
@settings(max_examples=30)
@given(seed=st.integers(0, 10_000), other=st.integers(0, 10_000))
def test_each_difference_is_told_once_and_none_where_answers_are_the_same(
    name: str, seed: int, other: int
) -> None:
    pathway = used()[name]
    one, two = somebody(pathway, seed), somebody(pathway, other)
    assert find_differences(pathway, one, one) == ()
    found = find_differences(pathway, one, two)
    told = [each.question for each in found]
    assert len(told) == len({*told})
    assert {*told} == {
        id_
        for id_, question in pathway.questions.items()
        if question.kind != "text" and counting(pathway, one, id_) != counting(pathway, two, id_)
    }
    weights = [(bool(each.on_expert.lost), each.unsafe, each.flips) for each in found]
    assert weights == sorted(weights, reverse=True)


def counting(pathway: Pathway, answers: Answers, id_: str) -> Answer | None:
    return answers.get(id_) if find_counting_answers(pathway, answers).get(id_) else None


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000), step=st.integers(0, 4))
def test_a_missed_stop_is_always_first(seed: int, step: int) -> None:
    case = dark()
    answers = {**somebody(case.pathway, seed), AGE: 42}
    stops = reach(case.pathway, answers).stops
    found = compare(case, answers, stops, step)
    assert bool(found.missed) == ("S2" not in stops)
    if found.missed:
        assert isinstance(found.findings[0], MissedStop)


@settings(max_examples=50)
@given(seed=st.integers(0, 10_000))
def test_where_answers_lead_is_what_is_decided_on_them(seed: int) -> None:
    pathway = used()["adult"]
    answers = somebody(pathway, seed)
    reached, decision = reach(pathway, answers), decide(pathway, answers)
    assert reached.stops == decision.stops
    recorded = [rule.id for rule in pathway.stops]
    whole = decide(pathway, answers, recorded)
    assert reached.step == (whole.step if not whole.required else None)
