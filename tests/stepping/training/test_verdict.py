"""If these fail, too little care passes for a right answer."""

from __future__ import annotations

import pytest

from stepping.training.verdict import judge_step
from stepping.training.vignette import Expected


@pytest.mark.parametrize(
    ("step", "exact", "near", "unsafe"),
    [
        (0, False, False, True),
        (1, False, True, True),
        (2, True, True, False),
        (3, True, True, False),
        (4, False, True, False),
    ],
)
def test_a_step_is_exact_near_or_too_low(step: int, exact: bool, near: bool, unsafe: bool) -> None:
    found = judge_step(Expected(lowest=2, highest=3), step)
    assert (found.exact, found.near, found.unsafe_low) == (exact, near, unsafe)
