"""What everybody is told of at their next start, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from store.times import local_time

if TYPE_CHECKING:
    from screens.desk import Desk

_MOST = 3
"""As many as the start page has room for on the smallest window."""


def announced(desk: Desk) -> Iterator[str]:
    """Each announcement as one sentence, the newest first, and how many more the log tells."""
    found = desk.announcements
    for each in found[:_MOST]:
        yield f"{local_time(each.at):%Y-%m-%d %H:%M}  {desk.t(each.sentence, **each.values)}"
    if (rest := len(found) - _MOST) > 0:
        yield desk.t("{count} more of this kind are in the log: porras audit", count=rest)
