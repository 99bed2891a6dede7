"""If these fail, a class is told that it agrees better or worse than it does."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepping.training.kappa import (
    Cost,
    Figure,
    Rated,
    alpha_among,
    bootstrap_band,
    figure_among,
    figure_with_expert,
    kappa_with_expert,
    linear,
    quadratic,
    weighted_kappa,
)
from tests.kappa_reference import KEPT, STEPS, tables

COSTS: dict[str, Cost] = {"linear": linear, "quadratic": quadratic}


def nominal(one: int, other: int) -> int:
    return int(one != other)


def test_kappa_is_that_of_the_worked_example_of_cohen_1968() -> None:
    """Table 1 of Psychological Bulletin 70:213–220: 200 patients, three diagnoses, own weights."""
    table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    weights = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
    assert weighted_kappa(table, nominal) == pytest.approx(0.492, abs=0.0005)
    assert weighted_kappa(table, lambda i, j: weights[i][j]) == pytest.approx(0.348, abs=0.0005)


def test_alpha_is_that_of_the_worked_example_of_krippendorff_2011() -> None:
    """Part C of "Computing Krippendorff's alpha-reliability": four observers, some values missing.

    The square of the distance is his interval metric.
    """
    observers = ("123321412...", "12332241 25.3", ".33323422 51.", "12332441 251.")
    rows = [row.replace(" ", "") for row in observers]
    units = [[int(row[at]) for row in rows if row[at] != "."] for at in range(12)]
    cases = [Rated(0, tuple(unit.count(value) for value in range(6))) for unit in units]
    assert alpha_among(cases, nominal) == pytest.approx(0.743, abs=0.0005)
    assert alpha_among(cases, quadratic) == pytest.approx(0.849, abs=0.0005)


REFERENCE = json.loads(KEPT.read_text(encoding="utf-8"))


@pytest.mark.parametrize("weights", COSTS)
def test_kappa_is_that_of_scikit_learn_and_statsmodels(weights: str) -> None:
    """What they say is in `kappa_reference.json`; `make reference` asks them again."""
    assert len(REFERENCE) == len(tables())
    for said in REFERENCE:
        found = weighted_kappa(said["table"], COSTS[weights])
        assert found == pytest.approx(said[weights]["kappa"], abs=1e-9)


def test_a_band_is_as_wide_as_the_error_that_statsmodels_tells() -> None:
    """Of many judgements the percentiles come to 1.96 standard errors (Fleiss and others, 1969)."""
    large = [said for said in REFERENCE if sum(map(sum, said["table"])) == 200]
    for said in large[3::5]:
        kappa, error = said["linear"]["kappa"], said["linear"]["error"]
        band = bootstrap_band(singles(said["table"]), kappa_with_expert)
        assert band is not None
        assert band == pytest.approx((kappa - 1.96 * error, kappa + 1.96 * error), abs=error / 2)


def singles(table: list[list[int]]) -> list[Rated]:
    """One case for each judgement in a table."""
    places = [(i, j) for i in range(STEPS) for j in range(STEPS) for _ in range(table[i][j])]
    return [Rated(i, tuple(int(j == step) for step in range(STEPS))) for i, j in places]


steps = st.integers(0, STEPS - 1)
squares = st.lists(
    st.lists(st.integers(0, 6), min_size=STEPS, max_size=STEPS), min_size=STEPS, max_size=STEPS
)
rated = st.builds(
    Rated, steps, st.lists(st.integers(0, 4), min_size=STEPS, max_size=STEPS).map(tuple)
)
classes = st.lists(rated, min_size=1, max_size=8)
costs = st.sampled_from([linear, quadratic])


@given(squares, costs)
def test_it_is_the_same_whoever_of_the_two_comes_first(table: list[list[int]], cost: Cost) -> None:
    turned = [list(column) for column in zip(*table, strict=True)]
    one, other = weighted_kappa(table, cost), weighted_kappa(turned, cost)
    assert (one is None) == (other is None)
    assert one is None or one == pytest.approx(other)


@given(st.lists(steps, min_size=2, max_size=9), st.integers(2, 6), costs)
def test_full_agreement_is_one(chosen: list[int], trainees: int, cost: Cost) -> None:
    cases = [
        Rated(step, tuple(trainees * (step == one) for one in range(STEPS))) for step in chosen
    ]
    expected = None if len({*chosen}) == 1 else 1.0
    assert kappa_with_expert(cases, cost) == expected
    assert alpha_among(cases, cost) == expected


@given(classes, costs)
def test_no_figure_is_more_than_one_and_each_has_its_reason_or_its_value(
    cases: list[Rated], cost: Cost
) -> None:
    for figure in (figure_with_expert(cases, cost), figure_among(cases, cost)):
        assert (figure.value is None) == (figure.why_not is not None)
        assert figure.value is None or (figure.value == figure.value and figure.value <= 1)
        if figure.band is not None:
            assert -10 < figure.band[0] <= figure.band[1] <= 1


@given(classes)
def test_the_same_class_has_the_same_figures_in_whatever_order(cases: list[Rated]) -> None:
    other = [*reversed(cases)]
    assert figure_among(cases) == figure_among(other)
    assert figure_with_expert(cases) == figure_with_expert(other)


def test_most_bands_hold_their_figure() -> None:
    held, seen = 0, 0
    for said in REFERENCE:
        cases = [Rated(step, tuple(row)) for step, row in enumerate(said["table"]) if any(row)]
        figure = figure_with_expert(cases)
        if figure.band is not None and figure.value is not None:
            seen += 1
            held += figure.band[0] <= figure.value <= figure.band[1]
    assert seen > 50
    assert held >= 0.9 * seen


@pytest.mark.parametrize(
    ("cases", "expert", "among"),
    [
        ([], "nobody", "nobody"),
        ([Rated(1, (0, 0, 0, 0, 0))], "nobody", "nobody"),
        ([Rated(1, (0, 1, 0, 0, 0)), Rated(2, (0, 1, 0, 0, 0))], None, "one_trainee"),
        ([Rated(1, (0, 2, 1, 0, 0))], "one_case", "one_case"),
        ([Rated(1, (0, 2, 1, 0, 0)), Rated(1, (3, 0, 0, 0, 0))], "one_expected", None),
        ([Rated(1, (0, 2, 0, 0, 0)), Rated(2, (0, 2, 0, 0, 0))], None, "one_step"),
        ([Rated(1, (0, 2, 0, 0, 0)), Rated(1, (0, 2, 0, 0, 0))], "one_expected", "one_step"),
    ],
)
def test_where_there_is_no_figure_it_is_said_why(
    cases: list[Rated], expert: str | None, among: str | None
) -> None:
    assert figure_with_expert(cases).why_not == expert
    assert figure_among(cases).why_not == among


def test_figures_stay_as_they_are_from_version_to_version() -> None:
    """If this fails, a class reported last year has other bands this year."""
    cases = [Rated(1, (1, 8, 4, 1, 0)), Rated(2, (0, 3, 9, 2, 0)), Rated(4, (0, 0, 1, 5, 8))]
    assert figure_with_expert(cases) == FIGURES[0]
    assert figure_among(cases) == FIGURES[1]


FIGURES = (
    Figure(value=0.6545454545454545, band=(0.2962962962962963, 0.6545454545454545)),
    Figure(value=0.452638270820089, band=(-0.05128205128205132, 0.47481250414813825)),
)


@given(classes, costs, st.integers(1, 5))
def test_steps_that_nobody_chose_change_nothing(cases: list[Rated], cost: Cost, more: int) -> None:
    """A pathway may have ten steps, and one class cases of several pathways."""
    longer = [Rated(each.expert, (*each.counts, *[0] * more)) for each in cases]
    for mixed in (longer, [*cases[:1], *longer[1:]]):
        assert kappa_with_expert(mixed, cost) == kappa_with_expert(cases, cost)
        assert alpha_among(mixed, cost) == alpha_among(cases, cost)
