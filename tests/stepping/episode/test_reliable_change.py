"""If these fail, a client who is getting worse is told to be better, or care ends too early."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepping.episode.reliable_change import (
    Category,
    ChangeOf,
    Gap,
    MeasureError,
    Overall,
    OverallCategory,
    Score,
    change_over_episode,
)
from stepping.pathway.schema import Change, Instrument

DAY = date(2026, 3, 2)
LATER = DAY + timedelta(days=42)
HIGHEST = {"phq9": 27, "gad7": 21}

WORST_FIRST: tuple[Category, ...] = (
    "reliable_deterioration",
    "no_reliable_change",
    "recovery",
    "reliable_improvement",
    "reliable_recovery",
)


def shipped(instrument: str) -> Change:
    folder = Path(__file__).parents[3] / "pathways" / "instruments"
    text = (folder / f"{instrument}.toml").read_text(encoding="utf-8")
    rule = Instrument.model_validate(tomllib.loads(text)).change
    assert rule is not None
    return rule


RULES = {name: shipped(name) for name in HIGHEST}


def change(instrument: str, then: int | None, now: int | None) -> ChangeOf:
    return ChangeOf(instrument, RULES[instrument], Score(then, DAY), Score(now, LATER))


def overall(phq: tuple[int | None, int | None], gad: tuple[int | None, int | None]) -> Overall:
    return Overall((change("phq9", *phq), change("gad7", *gad)))


def test_the_shipped_figures_are_the_published_ones() -> None:
    assert (RULES["phq9"].caseness, RULES["phq9"].reliable) == (10, 6)
    assert (RULES["gad7"].caseness, RULES["gad7"].reliable) == (8, 4)


@pytest.mark.parametrize(
    ("instrument", "then", "now", "case_then", "case_now", "category"),
    [
        # One point to each side of every line: case 10 and 8, change 6 and 4.
        ("phq9", 9, 9, False, False, "no_reliable_change"),
        ("phq9", 9, 10, False, True, "no_reliable_change"),
        ("phq9", 9, 14, False, True, "no_reliable_change"),
        ("phq9", 9, 15, False, True, "reliable_deterioration"),
        ("phq9", 9, 4, False, False, "no_reliable_change"),
        ("phq9", 9, 3, False, False, "reliable_improvement"),
        ("phq9", 10, 10, True, True, "no_reliable_change"),
        ("phq9", 10, 9, True, False, "recovery"),
        ("phq9", 10, 5, True, False, "recovery"),
        ("phq9", 10, 4, True, False, "reliable_recovery"),
        ("phq9", 10, 15, True, True, "no_reliable_change"),
        ("phq9", 10, 16, True, True, "reliable_deterioration"),
        ("phq9", 15, 10, True, True, "no_reliable_change"),
        ("phq9", 15, 9, True, False, "reliable_recovery"),
        ("phq9", 16, 11, True, True, "no_reliable_change"),
        ("phq9", 16, 10, True, True, "reliable_improvement"),
        ("phq9", 16, 9, True, False, "reliable_recovery"),
        ("phq9", 27, 21, True, True, "reliable_improvement"),
        ("phq9", 27, 22, True, True, "no_reliable_change"),
        ("phq9", 0, 5, False, False, "no_reliable_change"),
        ("phq9", 0, 6, False, False, "reliable_deterioration"),
        ("phq9", 27, 0, True, False, "reliable_recovery"),
        ("gad7", 7, 7, False, False, "no_reliable_change"),
        ("gad7", 7, 8, False, True, "no_reliable_change"),
        ("gad7", 7, 10, False, True, "no_reliable_change"),
        ("gad7", 7, 11, False, True, "reliable_deterioration"),
        ("gad7", 7, 4, False, False, "no_reliable_change"),
        ("gad7", 7, 3, False, False, "reliable_improvement"),
        ("gad7", 8, 8, True, True, "no_reliable_change"),
        ("gad7", 8, 7, True, False, "recovery"),
        ("gad7", 8, 5, True, False, "recovery"),
        ("gad7", 8, 4, True, False, "reliable_recovery"),
        ("gad7", 8, 11, True, True, "no_reliable_change"),
        ("gad7", 8, 12, True, True, "reliable_deterioration"),
        ("gad7", 11, 8, True, True, "no_reliable_change"),
        ("gad7", 11, 7, True, False, "reliable_recovery"),
        ("gad7", 12, 9, True, True, "no_reliable_change"),
        ("gad7", 12, 8, True, True, "reliable_improvement"),
        ("gad7", 0, 3, False, False, "no_reliable_change"),
        ("gad7", 0, 4, False, False, "reliable_deterioration"),
        ("gad7", 21, 17, True, True, "reliable_improvement"),
        ("gad7", 21, 18, True, True, "no_reliable_change"),
    ],
)
def test_each_line_is_drawn_where_it_was_published(
    instrument: str, then: int, now: int, case_then: bool, case_now: bool, category: Category
) -> None:
    found = change(instrument, then, now)
    assert (found.case_then, found.case_now, found.category) == (case_then, case_now, category)
    assert found.difference == now - then


@pytest.mark.parametrize(
    ("phq", "gad", "category"),
    [
        ((16, 9), (12, 7), "reliable_recovery"),
        ((16, 9), (7, 7), "reliable_recovery"),
        ((16, 9), (7, 8), "reliable_improvement"),  # A new case of anxiety: not recovered.
        ((16, 9), (12, 8), "reliable_improvement"),
        ((16, 9), (7, 11), "mixed"),
        ((16, 9), (3, 7), "mixed"),  # No case is left, and still something got worse.
        ((10, 9), (8, 7), "recovery"),
        ((10, 9), (7, 7), "recovery"),
        ((10, 9), (0, 4), "reliable_deterioration"),
        ((10, 10), (8, 8), "no_reliable_change"),
        ((9, 9), (7, 7), "no_reliable_change"),
        ((9, 3), (7, 7), "reliable_improvement"),
        ((9, 15), (7, 7), "reliable_deterioration"),
        ((9, 15), (12, 8), "mixed"),
        ((9, 15), (8, 12), "reliable_deterioration"),
    ],
)
def test_the_verdict_over_both_is_counted_as_published(
    phq: tuple[int, int], gad: tuple[int, int], category: OverallCategory
) -> None:
    assert overall(phq, gad).category == category


def test_what_got_worse_is_named_beside_what_got_better() -> None:
    found = overall((16, 9), (3, 7))
    assert (found.better, found.worse) == (("phq9",), ("gad7",))
    assert found.case_no_more is True
    assert found.scores_recovered is False
    assert found.reliably_deteriorated is False


@pytest.mark.parametrize(
    ("measured", "gaps"),
    [
        ([], ("no_baseline", "nothing_later")),
        ([Score(14, DAY)], ("nothing_later",)),
        ([Score(None, DAY)], ("baseline_incomplete", "nothing_later")),
        ([Score(None, DAY), Score(4, LATER)], ("baseline_incomplete",)),
        ([Score(14, DAY), Score(None, LATER)], ("latest_incomplete",)),
        (
            [Score(None, DAY), Score(None, LATER)],
            ("baseline_incomplete", "latest_incomplete"),
        ),
    ],
)
def test_what_is_missing_is_said_and_never_guessed(
    measured: list[Score], gaps: tuple[Gap, ...]
) -> None:
    found = change_over_episode("phq9", RULES["phq9"], measured)
    assert (found.category, found.gaps, found.difference) == ("unknown", gaps, None)
    assert found.reliably_improved is None
    assert found.reliably_deteriorated is None


def test_a_neighbour_never_stands_in_for_the_first_or_the_last_assessment() -> None:
    between = DAY + timedelta(days=14)
    late_start = [Score(None, DAY), Score(20, between), Score(3, LATER)]
    early_end = [Score(20, DAY), Score(3, between), Score(None, LATER)]
    assert change_over_episode("phq9", RULES["phq9"], late_start).category == "unknown"
    assert change_over_episode("phq9", RULES["phq9"], early_end).category == "unknown"


def test_the_episode_is_read_from_its_first_day_to_its_last_in_any_order() -> None:
    days = [Score(score, DAY + timedelta(days=7 * week)) for week, score in enumerate((20, 2, 13))]
    for order in (days, days[::-1], [days[1], days[0], days[2]]):
        found = change_over_episode("phq9", RULES["phq9"], order)
        assert (found.baseline, found.latest) == (days[0], days[2])


def test_two_assessments_of_one_day_keep_their_order() -> None:
    found = change_over_episode("phq9", RULES["phq9"], [Score(16, DAY), Score(9, DAY)])
    assert found.category == "reliable_recovery"


def test_a_verdict_waits_for_what_could_still_change_it() -> None:
    unsure = overall((16, 9), (12, None))
    assert unsure.category == "unknown"
    assert unsure.unknown == (("gad7", "latest_incomplete"),)
    assert unsure.better == ("phq9",)
    assert unsure.case_no_more is None


def test_a_verdict_that_nothing_missing_can_change_is_given() -> None:
    """A case that is left is no recovery, whatever the other score may be."""
    assert overall((16, 12), (12, None)).case_no_more is False
    assert overall((16, 9), (None, 7)).case_no_more is True


def test_of_nothing_measured_nothing_is_known() -> None:
    nothing = Overall(())
    assert nothing.category == "unknown"
    assert (nothing.case_then, nothing.case_no_more, nothing.reliably_improved) == (
        None,
        None,
        None,
    )


def test_impossible_measurements_are_refused() -> None:
    with pytest.raises(MeasureError, match="never negative"):
        Score(-1, DAY)
    with pytest.raises(MeasureError, match="before the baseline"):
        ChangeOf("phq9", RULES["phq9"], Score(9, LATER), Score(9, DAY))
    pointless = RULES["phq9"].model_copy(update={"reliable": 0})
    with pytest.raises(MeasureError, match="one point or more"):
        ChangeOf("phq9", pointless, Score(9, DAY), Score(9, LATER))


instruments = st.sampled_from(sorted(HIGHEST))
scores = st.integers(0, 27)
figures = st.builds(
    Change,
    total=st.just("total"),
    caseness=st.integers(1, 27),
    reliable=st.integers(1, 27),
    source=st.just("invented for this test"),
)


@given(figures, scores, scores)
def test_exactly_one_category_fits_the_facts(rule: Change, then: int, now: int) -> None:
    found = ChangeOf("any", rule, Score(then, DAY), Score(now, LATER))
    recovered = then >= rule.caseness > now
    fitting = {
        "reliable_deterioration": now - then >= rule.reliable,
        "reliable_recovery": recovered and then - now >= rule.reliable,
        "reliable_improvement": not recovered and then - now >= rule.reliable,
        "recovery": recovered and then - now < rule.reliable,
        "no_reliable_change": not recovered and abs(then - now) < rule.reliable,
    }
    assert [name for name, fits in fitting.items() if fits] == [found.category]
    assert found.case_no_more is recovered
    assert found.scores_recovered is (found.category == "reliable_recovery")


@given(figures, scores, scores, scores)
def test_a_worse_latest_score_never_gives_a_better_category(
    rule: Change, then: int, one: int, other: int
) -> None:
    low, high = sorted((one, other))
    ranks = [
        WORST_FIRST.index(ChangeOf("any", rule, Score(then, DAY), Score(now, LATER)).category)
        for now in (low, high)
    ]
    assert ranks[0] >= ranks[1]


@given(figures, scores, scores)
def test_the_way_back_is_the_mirror_of_the_way_there(rule: Change, one: int, other: int) -> None:
    there = ChangeOf("any", rule, Score(one, DAY), Score(other, LATER))
    back = ChangeOf("any", rule, Score(other, DAY), Score(one, LATER))
    assert there.reliably_improved == back.reliably_deteriorated
    assert there.case_then == back.case_now
    assert there.difference == -(back.difference or 0)


@given(instruments, st.lists(st.one_of(st.none(), scores), max_size=6))
def test_random_series_are_known_only_where_both_ends_are(
    instrument: str, series: list[int | None]
) -> None:
    measured = [Score(score, DAY + timedelta(days=day)) for day, score in enumerate(series)]
    found = change_over_episode(instrument, RULES[instrument], measured)
    known = len(series) > 1 and series[0] is not None and series[-1] is not None
    assert (found.category != "unknown") is known
    assert (found.gaps == ()) is known


FEW_PHQ, FEW_GAD = (0, 4, 9, 10, 16, 27), (0, 4, 7, 8, 12, 21)
ENDS = st.tuples(st.sampled_from(FEW_PHQ), st.sampled_from(FEW_GAD))
OVERALL_WORST_FIRST: tuple[OverallCategory, ...] = (
    "reliable_deterioration",
    "mixed",
    *WORST_FIRST[1:],
)


@given(ENDS, ENDS, ENDS)
def test_a_worse_score_never_gives_a_better_verdict(
    then: tuple[int, int], one: tuple[int, int], other: tuple[int, int]
) -> None:
    better = tuple(map(min, zip(one, other, strict=True)))
    worse = tuple(map(max, zip(one, other, strict=True)))
    ranks = [
        OVERALL_WORST_FIRST.index(overall((then[0], now[0]), (then[1], now[1])).category)
        for now in (better, worse)
    ]
    assert ranks[0] >= ranks[1]


@given(ENDS, ENDS, st.lists(st.booleans(), min_size=4, max_size=4))
def test_a_verdict_on_missing_scores_holds_whatever_they_are(
    then: tuple[int, int], now: tuple[int, int], hidden: list[bool]
) -> None:
    scores = (then[0], now[0], then[1], now[1])
    seen = [None if hide else score for hide, score in zip(hidden, scores, strict=True)]
    told = overall((seen[0], seen[1]), (seen[2], seen[3]))
    spans = (FEW_PHQ, FEW_PHQ, FEW_GAD, FEW_GAD)
    fillings = product(
        *(span if score is None else (score,) for score, span in zip(seen, spans, strict=True))
    )
    full = [overall((a, b), (c, d)) for a, b, c, d in fillings]
    for name in ("case_then", "case_now", "case_no_more", "reliably_improved", "mixed"):
        if getattr(told, name) is not None:
            assert {getattr(each, name) for each in full} == {getattr(told, name)}
    if told.category != "unknown":
        assert {each.category for each in full} == {told.category}
