"""If these fail, a replay shows another way than the interview, or a range that is not true."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepping.decision.decide import decide
from stepping.decision.interview import shown_pages
from stepping.pathway.model import Answer, Pathway
from stepping.training.exercises.replay import Frame, next_change, replay
from tests.stepping.cases import WELL, adult
from tests.stepping.random_pathways import answers_to, random_pathway
from tests.stepping.training.test_vignettes import SHIPPED
from tests.training_cases import shipped_case


def random_answers(pathway: Pathway, chance: Random) -> dict[str, Answer]:
    found = {}
    for fact in pathway.facts.values():
        if fact.origin in ("given", "question"):
            answer = chance.choice(answers_to(pathway, fact.id))
            if answer is not None:
                found[fact.id] = answer
    return found


def ends(pathway: Pathway, answers: dict[str, Answer], frames: tuple[Frame, ...]) -> None:
    """The last frame is what the whole case gives."""
    recorded = [each.about for each in frames if each.kind == "recorded"]
    decision = decide(pathway, answers, recorded)
    last = frames[-1]
    assert (last.lowest, last.highest) == (decision.lowest, decision.highest)
    assert last.settled == decision.settled
    assert last.stops == decision.stops == ()
    assert {*last.holding} == {rule.id for rule in decision.rules}


@given(st.integers(0, 400), st.integers(0, 1_000_000))
def test_answers_that_only_come_never_widen_the_range(seed: int, chance: int) -> None:
    pathway = random_pathway(seed)
    answers = random_answers(pathway, Random(chance))
    frames = replay(pathway, answers)
    for before, after in pairwise(frames):
        assert before.lowest <= after.lowest <= after.highest <= before.highest
        assert after.settled or not before.settled
        assert after.changes or not (after.opened or after.came or after.went)
    asked = {q.id for page in shown_pages(pathway, answers) for q in page.questions}
    given_ = [each.about for each in frames if each.kind == "answer"]
    assert len(given_) == len({*given_})
    assert {*given_} >= asked & {*answers} & {*pathway.questions}
    ends(pathway, answers, frames)


@pytest.mark.parametrize("id_", SHIPPED)
def test_each_case_ends_as_it_is_expected(id_: str) -> None:
    case = shipped_case(id_)
    frames = replay(case.pathway, case.answers)
    assert {each.about for each in frames if each.kind == "recorded"} == {*case.stopped.stops}
    ends(case.pathway, case.answers, frames)


def test_a_stop_comes_where_it_comes_and_what_belongs_to_it_is_asked_first() -> None:
    frames = replay(adult(), {**WELL, "phq9.9": 1})
    places = {each.about: place for place, each in enumerate(frames)}
    opening = frames[places["phq9.9"]]
    assert opening.opened == opening.stops == ("S2",)
    assert opening.highest == 4
    assert not opening.settled
    assert places["phq9.9"] < places["history.attempt"] < places["S2"] < places["gad7.1"]
    assert frames[places["S2"]].stops == ()


def test_the_next_change_is_the_next_frame_that_is_another() -> None:
    frames = replay(adult(), WELL)
    at, seen = 0, [0]
    while at < len(frames) - 1:
        at = next_change(frames, at)
        seen.append(at)
    assert [n for n in seen if frames[n].changes or n == len(frames) - 1] == seen
    assert next_change(frames, at) == at
