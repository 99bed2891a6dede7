"""What is said of a navigator's result: why it cannot be, and what is asked all the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casework.language import N_
from stepping.interchange.navigator import FaultKind
from stepping.interchange.navigator_answers import WhyAsked
from stepping.interchange.navigator_text import Trouble

FAULTS: Mapping[FaultKind, str] = {
    "no_day": N_("the day is needed"),
    "future": N_("that day has not come yet"),
    "too_old": N_("more than {high} days old; ask all of it"),
    "range": N_("the highest is {high}; is it a total of another version?"),
    "item_missing": N_("needed with {other}: the total hides it"),
    "part_above": N_("more points than {other}, of which it is a part"),
    "rest": N_("without {other} the rest has at most {high} points"),
    "nothing": N_("no points and no wishes are told"),
    "reference": N_("cannot be kept as a code"),
}
"""Why nothing of a result is taken."""

WHY_ASKED: Mapping[WhyAsked, str] = {
    "not_in_pathway": N_("not used in this pathway"),
    "too_old": N_("too old to count"),
    "answered_here": N_("answered here already"),
    "danger": N_("danger is always asked by you"),
    "part_missing": N_("of no use without its other part"),
}
"""Why a part of a result is not taken."""

TROUBLES: Mapping[Trouble, str] = {
    "twice": N_("Line {line}: {field} is told twice, and not alike."),
    "other_version": N_("Line {line}: {field} is of another version."),
    "range": N_("Line {line}: {field} cannot be so many points."),
    "unclear": N_("Line {line}: a part of {field} was not recognised."),
}
"""What is wrong with a line of a pasted summary."""

_MOST = 5


def line_numbers(numbers: Sequence[int]) -> str:
    """Return the first few numbers of lines."""
    shown = ", ".join(map(str, numbers[:_MOST]))
    return f"{shown} …" if len(numbers) > _MOST else shown
