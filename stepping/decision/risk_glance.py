"""What is told in short of a client's risk; it stands apart, since the worklist has no more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stepping.pathway.schema import RiskKind


def find_glances(newest: Mapping[RiskKind, date]) -> list[tuple[RiskKind, date]]:
    """Return the kinds of risk to be told in short, each with the newest day on which it was told.

    A stop says nothing more beside an attempt that was told as lately.
    """
    attempt = newest.get("attempt")
    shown = {
        kind: day
        for kind, day in newest.items()
        if kind == "attempt" or attempt is None or day > attempt
    }
    return sorted(shown.items())
