"""If these fail, a held key answers what nobody has read, or a quick nurse loses answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terminal.nimble import ANY_PACE
from tui.full_screen.key_pace import Fingers, Pace, Press

USUAL = Pace()
NURSE_S = 0.25
"""Four answers a second."""


def acted(presses: Iterable[Press], pace: Pace = USUAL) -> list[Press]:
    """The presses that count, in order, once nothing more comes."""
    fingers, done = Fingers(pace), []
    for press in presses:
        if fingers.is_due(press.at, press.key) and fingers.waiting:
            done.append(fingers.waiting)
        if fingers.press(press) == "acts":
            done.append(press)
    if fingers.waiting and fingers.is_due(float("inf")):
        done.append(fingers.waiting)
    return done


def train(key: str, times: Iterable[float], *, weighs: bool = False) -> list[Press]:
    return [Press(key, at, weighs=weighs) for at in times]


def held(delay: float, gaps: Sequence[float]) -> list[float]:
    """When a key comes that is held: the press, the first repeat, and the others."""
    times = [10.0, 10.0 + delay]
    for gap in gaps:
        times.append(times[-1] + gap)
    return times


gaps = st.lists(st.floats(0.015, 0.120), min_size=1, max_size=100)


@given(st.floats(0.2, 1.0), gaps, st.booleans())
def test_a_held_key_acts_once(delay: float, gaps: list[float], weighs: bool) -> None:
    assert len(acted(train("0", held(delay, gaps), weighs=weighs))) == 1


@given(st.floats(0.2, 1.0), st.floats(0.02, 0.04), st.lists(st.integers(2, 9), min_size=1))
def test_nor_does_it_act_twice_where_a_slow_line_brings_its_repeats_in_clumps(
    delay: float, interval: float, clumps: list[int]
) -> None:
    times = held(delay, [interval])
    for count in clumps:
        times += [times[-1] + count * interval] * count
    assert len(acted(train("0", times))) == 1


@given(st.floats(0.2, 1.0), gaps, st.floats(0, 0.4))
def test_the_last_repeat_may_be_late(delay: float, gaps: list[float], late: float) -> None:
    times = held(delay, gaps)
    assert len(acted(train("0", [*times, times[-1] + late]))) == 1


@given(st.lists(st.tuples(st.sampled_from("0123n"), st.floats(0.2, 3.0)), max_size=40))
def test_no_press_of_a_hand_is_lost(presses: list[tuple[str, float]]) -> None:
    at, hand = 10.0, []
    for key, gap in presses:
        at += gap
        hand.append(Press(key, at))
    assert acted(hand) == hand


@pytest.mark.parametrize("keys", ["0" * 9, "010203010", "nnyy00110"])
@pytest.mark.parametrize("weighs", [False, True])
def test_a_quick_nurse_is_heard_on_every_page(keys: str, weighs: bool) -> None:
    hand = [Press(key, n * NURSE_S, weighs=weighs) for n, key in enumerate(keys)]
    assert acted(hand) == hand


def test_a_key_that_only_moves_repeats() -> None:
    moves = [Press("down", at, moves=True) for at in held(0.5, [0.03] * 50)]
    assert acted(moves) == moves


def test_what_began_as_a_move_does_not_go_on_as_a_deed() -> None:
    """Backspace that is held empties a field, and does not then go back page after page."""
    times = held(0.5, [0.03] * 50)
    presses = [Press("backspace", at, moves=n < 10) for n, at in enumerate(times)]
    assert acted(presses) == presses[:10]


def test_what_began_as_a_deed_does_not_go_on_as_typing() -> None:
    times = held(0.5, [0.03] * 50)
    presses = [Press("0", at, moves=n > 0) for n, at in enumerate(times)]
    assert acted(presses) == presses[:1]


def test_a_key_that_weighs_needs_a_pause_of_the_whole_keyboard() -> None:
    fingers = Fingers(Pace())
    assert fingers.press(Press("1", 10.0)) == "acts"
    assert fingers.press(Press("enter", 10.1, weighs=True)) == "hasty"
    assert fingers.press(Press("enter", 10.4, weighs=True)) == "waits"
    assert fingers.is_due(10.6)


def test_on_a_page_that_weighs_the_same_key_waits_however_late_it_comes() -> None:
    fingers = Fingers(Pace())
    fingers.press(Press("d", 10.0, weighs=True))
    assert fingers.press(Press("d", 15.0, weighs=True)) == "waits"
    assert fingers.press(Press("d", 15.03, weighs=True)) == "held"


def test_another_key_shows_that_the_one_before_was_let_go() -> None:
    fingers = Fingers(Pace())
    fingers.press(Press("1", 10.0))
    assert fingers.press(Press("1", 10.3)) == "waits"
    assert not fingers.is_due(10.35)
    assert not fingers.is_due(10.35, "1")
    assert fingers.is_due(10.35, "2")


def test_without_a_pace_every_press_counts() -> None:
    presses = train("0", [1.0] * 20, weighs=True)
    assert acted(presses, ANY_PACE) == presses
