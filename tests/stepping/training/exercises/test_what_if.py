"""If these fail, a trainee learns that an answer matters which does not, or the other way round."""

from __future__ import annotations

import pytest

from stepping.decision.decide import decide
from stepping.pathway.model import DECLINED
from stepping.training.exercises.what_if import (
    MOST_CHOICES,
    directions,
    list_choices,
    list_flips,
    outcome_of,
    sweep,
    value_of,
)
from stepping.training.reading import Case
from tests.training_cases import PATTERN, shipped_case


def case() -> Case:
    return shipped_case(PATTERN)


@pytest.mark.parametrize("number", range(10))
def test_a_range_tells_each_flip_where_it_is(number: int) -> None:
    flip = list_flips(case())[number]
    (span,) = (each for each in sweep(case(), flip.fact) if flip.becomes in each.values)
    assert span.outcome.step == flip.step
    assert not span.now
    assert flip.step > (case().decision.step or 0)
    assert directions(case(), flip.fact) == {"up"}


def test_a_range_covers_all_that_a_score_can_be_and_knows_where_it_is() -> None:
    spans = sweep(case(), "gad7.total")
    assert [n for span in spans for n in span.values] == [*range(22)]
    assert [span.outcome.step for span in spans if span.now] == [1]
    assert value_of(case(), "gad7.total") == 11
    weeks = sweep(case(), "history.weeks")
    assert (weeks[0].values[0], weeks[-1].values[0], weeks[-1].values[-1]) == (0, 26, 1040)


def test_every_value_of_a_number_is_told_as_it_is() -> None:
    """Also where a rule changes that moves no step, and what is declined by itself."""
    *spans, declined = sweep(case(), "work.sick_leave_days", declined=True)
    for days in (0, 1, 30, 31, 365):
        (span,) = (s for s in spans if int(str(s.values[0])) <= days <= int(str(s.values[-1])))
        changed = {**case().answers, "work.sick_leave_days": days}
        assert span.outcome == outcome_of(case().pathway, changed)
    assert declined.values == (DECLINED,)


def test_a_score_skips_what_it_cannot_be() -> None:
    """Item 9 is named by rules of its own, so it stays, and no total above 24 is tried."""
    assert max(n for span in sweep(case(), "phq9.total") for n in span.values) == 24


def test_an_answer_that_opens_a_stop_tells_both() -> None:
    before = dict(case().answers)
    spans = sweep(case(), "phq9.9", declined=True)
    assert [span.values for span in spans] == [(0,), (1,), (2,), (3,), ("declined",)]
    assert spans[0].outcome == outcome_of(case().pathway, case().answers)
    assert [span.outcome.stops for span in spans[:4]] == [(), ("S2",), ("S2",), ("S2",)]
    assert spans[1].outcome.step == 2
    assert case().answers == before, "the case stays as it is"


def test_an_answer_that_is_missing_then_leaves_no_step() -> None:
    answers = {k: v for k, v in case().answers.items() if k != "phq9.1"}
    outcome = outcome_of(case().pathway, answers)
    assert (outcome.step, outcome.required) == (None, ("phq9.1",))


def test_of_the_choices_some_move_the_step_and_the_others_never_do() -> None:
    choices = list_choices(case())
    assert choices == list_choices(case())
    assert len(choices) == len({*choices}) == MOST_CHOICES
    right = [fact for fact in choices if directions(case(), fact)]
    assert 1 <= len(right) <= 3
    for fact in {*choices} - {*right}:
        outcomes = {(s.outcome.step, s.outcome.stops) for s in sweep(case(), fact)}
        assert outcomes == {(case().decision.step, ())}


def test_a_case_without_flips_has_no_choices() -> None:
    fixed = decide(case().pathway, case().answers).model_copy(update={"flips": ()})
    without = Case(case().vignette, case().pathway, case().answers, fixed, fixed, case().digest)
    assert list_choices(without) == ()
