"""If these fail, a score at its cut-off looks like one under it, or a lost colour the limit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rich.cells import cell_len

from screens.base.bars import MARK, Measured, score_bar, stair
from screens.base.lines import Line

CELLS = 16
FILLED = "█▏▎▍▌▋▊▉"


def text(line: Line) -> str:
    return "".join(part for part, _ in line)


def sides(score: Measured, *, eighths: bool) -> tuple[str, str]:
    """What of a bar stands before its mark and behind it."""
    before, mark, behind = text(score_bar(score, CELLS, eighths=eighths)).partition(MARK)
    assert mark
    return before, behind


def scales() -> Iterator[Measured]:
    """Every value of some scales: more is worse, more is better, limits at the ends."""
    for most, cut in ((27, 10), (21, 8), (12, 5), (5, 3), (5, 1), (5, 5), (40, 32)):
        for value in range(most + 1):
            yield Measured(value, value, 0, most, cut)
            yield Measured(value, value, 0, most, cut, worse="down")


@pytest.mark.parametrize("eighths", [True, False])
def test_a_block_stands_behind_the_mark_just_where_the_limit_is_passed(eighths: bool) -> None:
    for score in scales():
        before, behind = sides(score, eighths=eighths)
        assert cell_len(before + behind) == CELLS
        passed = score.over if score.worse == "up" else not score.over
        assert any(each in behind for each in FILLED) == passed, score


@pytest.mark.parametrize("eighths", [True, False])
def test_nothing_and_something_and_all_are_told_apart(eighths: bool) -> None:
    for cut in (None, 10):
        bars = [
            text(score_bar(Measured(value, value, 0, 27, cut), CELLS, eighths=eighths))
            for value in (0, 1, 26, 27)
        ]
        empty, little, nearly, full = (bar.replace(MARK, "") for bar in bars)
        assert empty == "·" * CELLS
        assert full == "█" * CELLS
        assert little[0] in FILLED
        assert little != empty
        assert nearly != full


def test_without_eighths_only_full_blocks_are_drawn() -> None:
    drawn = {sign for score in scales() for sign in text(score_bar(score, CELLS, eighths=False))}
    assert drawn == {"█", "·", MARK}


def test_the_worse_side_is_a_warning_whichever_way_a_measure_goes() -> None:
    def looks(value: int, worse: str) -> set[str]:
        score = Measured(value, value, 0, 10, 5, worse="up" if worse == "up" else "down")
        bar = score_bar(score, CELLS, eighths=True)
        return {look for part, look in bar if any(sign in FILLED for sign in part)}

    assert "warning" in looks(5, "up")
    assert looks(4, "up") == {"good"}
    assert "warning" in looks(5, "down")
    assert looks(6, "down") == {"good"}


def test_what_a_score_may_be_is_drawn_as_open() -> None:
    before, behind = sides(Measured(7, 12, 0, 27, 10), eighths=True)
    assert before.endswith("░")
    assert behind.startswith("░")
    assert not any(sign in behind for sign in FILLED)


def test_the_stair_names_each_step_and_marks_one_by_a_sign() -> None:
    assert text(stair(range(5), 2, eighths=True)) == " 0▁  1▂ [2▄] 3▆  4█ "
    assert text(stair(range(5), 2, eighths=False)) == " 0  1 [2] 3  4 "
    assert "[" not in text(stair(range(5), None, eighths=True))
