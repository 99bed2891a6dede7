"""If these fail, a decision goes below a stop that is open in another draft of the client."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepping.decision.counterfactuals import find_counterfactuals
from stepping.decision.decide import decide
from stepping.decision.draft_status import get_draft_status
from stepping.decision.minimum_steps import lowest_allowed_step
from stepping.decision.outcome import Decision, OpenElsewhere
from stepping.decision.safety import RecordedStep, SafetyStep, list_safety_steps
from stepping.pathway.reader import read_pathway
from stepping.pathway.schema import Urgency
from tests.stepping.cases import LADDER, WELL, Case, adult, cases, gad7, phq9

ALL_STOPS = ("S1", "S1b", "S2", "S3", "S4")


def stop(floor: int | None, id_: str = "S1", urgency: Urgency = "emergency") -> OpenElsewhere:
    return OpenElsewhere(
        draft="d1", pathway="adult", id=id_, urgency=urgency, floor=floor, day=date(2026, 11, 22)
    )


@pytest.mark.parametrize("floor", [0, 1, 2, 3, 4])
def test_step_range_override_and_flips_stay_at_or_above_the_floor(floor: int) -> None:
    for case in (WELL, {**WELL, **phq9(12)}, {**WELL, **phq9(17), **gad7(12)}):
        alone, bound = decide(adult(), case), decide(adult(), case, (), [stop(floor)])
        assert alone.step is not None
        assert bound.step == max(alone.step, floor)
        assert bound.lowest == max(alone.lowest or 0, floor)
        assert bound.highest == max(alone.highest or 0, floor)
        assert bound.lowest_override == max(alone.lowest_override or 0, floor, bound.step - 1)
        assert all(flip.step >= floor for flip in bound.flips)
        assert {flip.fact for flip in bound.flips} <= {flip.fact for flip in alone.flips}
        assert [named.id for named in bound.elsewhere] == ["S1"]


def test_what_is_offered_is_that_of_the_lifted_step() -> None:
    bound = decide(adult(), {**WELL, **phq9(12)}, (), [stop(4)])
    on_step = {i.id for i in adult().interventions if 4 in i.content.steps}
    stepped = {offer.id for offer in bound.interventions if offer.step is not None}
    assert stepped <= on_step
    assert all(offer.step in (None, 4) for offer in bound.interventions)


def test_a_stop_without_a_floor_is_named_and_changes_nothing_else() -> None:
    alone, bound = decide(adult(), WELL), decide(adult(), WELL, (), [stop(None, "S1b")])
    assert bound.model_copy(update={"elsewhere": ()}) == alone
    assert bound.elsewhere[0].id == "S1b"


def test_the_most_urgent_is_named_first_and_the_highest_floor_holds() -> None:
    stops = [stop(2, "S2", "same_day"), stop(None, "S1b"), stop(3, "Y", "week")]
    bound = decide(adult(), WELL, (), stops)
    assert [named.id for named in bound.elsewhere] == ["S1b", "S2", "Y"]
    assert bound.step == 3


def test_a_pathway_without_such_a_step_goes_as_high_as_it_can() -> None:
    ladder = read_pathway(LADDER)
    assert lowest_allowed_step(ladder, [stop(4)]) == 3
    assert lowest_allowed_step(ladder, [stop(2)]) == 2
    assert lowest_allowed_step(ladder, [stop(None)]) == lowest_allowed_step(ladder, ()) == 0
    fewer = tuple(step for step in ladder.header.step if step.number != 2)
    gap = replace(ladder, header=ladder.header.model_copy(update={"step": fewer}))
    assert lowest_allowed_step(gap, [stop(2)]) == 3


def test_own_stops_come_before_those_elsewhere() -> None:
    bound = decide(adult(), {**WELL, "danger.violence": "yes"}, (), [stop(2, "S2", "same_day")])
    assert (bound.status, bound.step, bound.lowest, bound.flips) == ("stop", None, None, ())
    assert [named.id for named in bound.elsewhere] == ["S2"]


def test_a_decision_that_was_kept_before_there_were_names_is_read() -> None:
    kept = decide(adult(), WELL).model_dump(mode="json")
    del kept["elsewhere"]
    assert Decision.model_validate(kept) == decide(adult(), WELL)
    named = decide(adult(), WELL, (), [stop(4)])
    assert Decision.model_validate(named.model_dump(mode="json")) == named


@given(cases(), st.integers(0, 4))
def test_nothing_bound_ever_goes_below(case: Case, floor: int) -> None:
    bound = decide(adult(), case, ALL_STOPS, [stop(floor)])
    alone = decide(adult(), case, ALL_STOPS)
    assert bound.status == alone.status == "suggested"
    assert alone.step is not None
    assert bound.step == max(alone.step, floor)
    assert floor <= (bound.lowest_override or 0) <= bound.step
    assert bound.lowest is not None and bound.highest is not None
    assert floor <= bound.lowest <= bound.step <= bound.highest


def test_a_floor_elsewhere_leaves_a_flip_only_where_it_goes_higher() -> None:
    case = {**WELL, **phq9(12)}
    assert {flip.step for flip in find_counterfactuals(adult(), case, (), 1)} >= {0, 2}
    bound = find_counterfactuals(adult(), case, (), 2, 2)
    assert bound and all(flip.step > 2 for flip in bound)


# -- how a draft stands ------------------------------------------------------------------------


def test_a_draft_stands_at_its_stops_until_each_step_is_recorded() -> None:
    answers: Case = {"client.age": 40, "danger.suicide": "yes", "danger.child": "yes"}
    order = {"danger.suicide": 1, "danger.child": 2}
    held = get_draft_status(adult(), answers, order, (), ())
    assert [(s.id, s.urgency, s.floor, s.since) for s in held.stops] == [
        ("S1", "emergency", 4, "danger.suicide"),
        ("S1b", "emergency", None, "danger.child"),
    ]
    steps = [RecordedStep(step, 2) for step in list_safety_steps(adult(), answers, "S1")]
    assert [s.id for s in get_draft_status(adult(), answers, order, (), steps[:-1]).stops] == [
        "S1",
        "S1b",
    ]
    assert [s.id for s in get_draft_status(adult(), answers, order, (), steps).stops] == ["S1b"]
    early = [RecordedStep(outcome.step, 0) for outcome in steps]
    assert [s.id for s in get_draft_status(adult(), answers, order, (), early).stops] == [
        "S1",
        "S1b",
    ]
    strange = [RecordedStep(SafetyStep("S99", "card", "step"), 2)]
    assert len(get_draft_status(adult(), answers, order, (), strange).stops) == 2


def test_a_draft_is_finished_when_nothing_is_left_to_ask() -> None:
    order = {name: at for at, name in enumerate(WELL, start=1)}
    assert get_draft_status(adult(), WELL, order, (), ()).finished
    most = {name: answer for name, answer in WELL.items() if name != "drugs"}
    assert not get_draft_status(adult(), most, order, (), ()).finished
    assert get_draft_status(adult(), most, order, ("drugs",), ()).finished
