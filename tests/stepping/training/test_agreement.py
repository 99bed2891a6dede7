"""If these fail, a class hears something of itself that its judgements do not say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from screens.training.trainer.words import ClassWords
from stepping.training.agreement import JudgedCase, LeftOut, Shares, study_class
from stepping.training.disputed import find_disputed, find_talk_points
from stepping.training.kappa import Figure
from stepping.training.records import SeatRecord
from tests.training_class import (
    PATTERN,
    SEATS,
    cases,
    judgement,
    key,
    place,
    record,
    seat,
    steps,
)

CHOSEN = {PATTERN: (1, 1, 0, 2), "wide_range": (2, 3, 1, 4), "hidden_danger": (4, 4, 2, 4)}


def test_a_case_tells_its_steps_and_shares() -> None:
    figures = study_class(record(), steps(CHOSEN), cases())
    assert [each.counts for each in figures.cases[:3]] == [
        (1, 2, 1, 0, 0),
        (0, 1, 1, 1, 1),
        (0, 0, 1, 0, 3),
    ]
    assert figures.cases[1].shares == Shares(exact=2, near=4, unsafe_low=1, of=4)
    assert figures.shares == Shares(exact=7, near=11, unsafe_low=3, of=12)


def test_a_case_for_talking_counts_in_no_figure() -> None:
    """Two of four are far off in it, and nothing of the class's figures moves."""
    without = study_class(record(), steps(CHOSEN), cases())
    talked = study_class(record(), steps({**CHOSEN, "open_talk": (4, 4, 0, 1)}), cases())
    assert talked.shares == without.shares
    assert talked.with_expert() == without.with_expert()
    assert talked.among() == without.among()
    assert [each.counts for each in talked.cases if not each.tests] == [(1, 1, 0, 0, 2)]


def test_a_pathway_may_number_its_steps_otherwise() -> None:
    """A county's scheme has levels 1 to 6; nobody chose 2, and one step is of no level."""
    case = cases()[PATTERN]
    levels = tuple(
        each.model_copy(update={"number": each.number + 2}) for each in case.pathway.header.step
    )
    header = case.pathway.header.model_copy(update={"step": levels})
    county = replace(case, pathway=replace(case.pathway, header=header))
    chosen = {
        word: judgement(PATTERN, step) for word, step in zip(SEATS, (3, 3, 6, 8), strict=True)
    }
    judged = JudgedCase(county, chosen)
    assert judged.steps == (2, 3, 4, 5, 6, 8)
    assert judged.counts == (0, 0, 0, 2, 0, 0, 1, 0, 1)
    words = ClassWords("en")
    assert [words.step(judged, step) for step in (2, 8)] == [levels[0].name["en"], "8"]


def test_the_first_judgement_counts_and_a_later_one_is_told() -> None:
    again = seat("koivu", judgement(PATTERN, 3), judgement(PATTERN, 1, nth=1))
    figures = study_class(record(), {"koivu": again}, cases())
    assert figures.cases[0].counts == (0, 0, 0, 1, 0)
    assert figures.left_out == LeftOut(again=1)
    assert [each.judged for each in figures.standings] == [1, 0, 0, 0]


@pytest.mark.parametrize("changed", [{"digest": "0" * 64}, {"case_digest": "0" * 64}])
def test_a_judgement_of_another_text_is_left_out_and_so_is_the_next(
    changed: dict[str, Any],
) -> None:
    """The second one has seen what is suggested, whatever the first one was made on."""
    odd = seat("koivu", judgement(PATTERN, 3, **changed), judgement(PATTERN, 1, nth=1))
    figures = study_class(record(), {"koivu": odd}, cases())
    assert figures.cases[0].first == {}
    assert figures.left_out == LeftOut(again=1, other_text=1)


def test_what_belongs_to_no_case_of_this_class_is_told() -> None:
    ids = (PATTERN,)
    odd = seat("koivu", judgement("wide_range", 2), judgement(PATTERN, 1, class_id=key("other")))
    figures = study_class(record(ids=ids), {"koivu": odd}, cases())
    assert figures.left_out == LeftOut(elsewhere=1)
    assert figures.with_expert() == Figure(None, why_not="nobody")


def test_an_expected_range_is_its_lowest_step_whatever_was_chosen() -> None:
    figures = study_class(record(), steps({"wide_range": (3, 3, 3, 3)}), cases())
    assert figures.cases[1].rated.expert == 2
    assert figures.shares == Shares(exact=4, near=4, unsafe_low=0, of=4)


def test_other_words_for_the_seats_change_no_figure() -> None:
    others = ("alpha", "beta", "gamma", "delta")
    one = study_class(record(), steps(CHOSEN), cases())
    turned = study_class(record(others[::-1]), steps(CHOSEN, others), cases())
    assert (one.with_expert(), one.among()) == (turned.with_expert(), turned.among())
    assert one.of_seat("koivu") == turned.of_seat("alpha")


def test_it_is_told_where_each_seat_is() -> None:
    here = seat("haapa", judgement(PATTERN, 1), now=place("wide_range", 3, 30))
    standing = study_class(record(), {"haapa": here}, cases()).standings[1]
    assert (standing.seat, standing.judged) == ("haapa", 1)
    assert standing.now is not None
    assert (standing.now.case, standing.now.done, standing.now.of) == ("wide_range", 3, 30)


def test_a_case_that_cannot_be_read_here_is_left_out() -> None:
    here = {id_: case for id_, case in cases().items() if id_ != PATTERN}
    figures = study_class(record(), steps(CHOSEN), here)
    assert [each.id for each in figures.cases] == ["wide_range", "hidden_danger", "open_talk"]


def _answered(*answers: Mapping[str, object]) -> dict[str, SeatRecord]:
    return {
        word: seat(word, judgement(PATTERN, 1, seat=word, answers=given))
        for word, given in zip(SEATS, answers, strict=True)
    }


def test_the_most_disputed_question_is_the_one_whose_answers_would_change_most() -> None:
    """Three rate their sleep otherwise, which changes nothing; one finds danger where none is."""
    sleep = {"phq9.3": 2}
    seats = _answered(
        sleep, sleep, {**sleep, "phq9.9": 1, "phq9.difficulty": 2}, {"phq9.difficulty": 2}
    )
    judged = study_class(record(), seats, cases()).cases[0]
    found = {each.fact: each for each in find_disputed(judged)}
    assert find_disputed(judged)[0].fact == "phq9.difficulty"
    assert found["phq9.9"].changes == "stop"
    assert (found["phq9.9"].differ, found["phq9.9"].of) == (1, 4)
    assert found["phq9.3"].changes == "nothing"
    assert found["phq9.difficulty"].changes == "step"
    assert found["phq9.difficulty"].given == {1: 2, 2: 2}
    assert found.keys() == {"phq9.3", "phq9.9", "phq9.difficulty"}


def test_an_unanswered_question_differs_too() -> None:
    judged = study_class(record(), _answered({"phq9.3": None}, {}, {}, {}), cases()).cases[0]
    (found,) = find_disputed(judged)
    assert found.given == {3: 3, None: 1}


def test_what_another_answer_leads_past_is_not_in_dispute() -> None:
    """Who says that somebody never drinks is not asked how much; the first answer is disputed."""
    never = {"auditc.1": 0, "auditc.2": None, "auditc.3": None}
    judged = study_class(record(), _answered(never, never, never, never), cases()).cases[0]
    (found,) = find_disputed(judged)
    assert (found.fact, found.differ, found.of) == ("auditc.1", 4, 4)
    more = {"flag.psychosis": "yes"}
    judged = study_class(record(), _answered(never, more, {}, {}), cases()).cases[0]
    found_by = {each.fact: each for each in find_disputed(judged)}
    assert "auditc.2" not in found_by


def test_what_there_is_to_talk_about_begins_with_danger() -> None:
    overlooked = judgement("hidden_danger", 2, seat="leppa", stops=(), answers={"phq9.9": 0})
    seats = {
        **steps({"hidden_danger": (4, 4, 4)}, ("koivu", "haapa", "pihlaja")),
        "leppa": seat("leppa", overlooked),
    }
    judged = study_class(record(), seats, cases()).cases[2]
    assert judged.missed == {"S2": 1}
    points = find_talk_points(judged)
    assert [(each.kind, each.count) for each in points] == [
        ("missed_stop", 1),
        ("too_low", 1),
        ("split", 2),
        ("question", 1),
    ]
    assert points[2].steps == (2, 4)


def test_of_a_case_that_nobody_judged_there_is_nothing_to_say() -> None:
    judged = study_class(record(), {}, cases()).cases[0]
    assert find_disputed(judged) == ()
    assert find_talk_points(judged) == ()
    assert judged.shares.of == 0
