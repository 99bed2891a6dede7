"""Tells a held key from presses of a hand, by pace alone: terminals do not mark repeats.

A key that is held down comes again after 250 ms to 1 s, and then every 25 to 120 ms; a hand
presses the same key at most five times a second. So a second press of the same key waits for a
moment before it acts: if a third follows at once, nobody has pressed either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ONLY_MOVES = "only_moves"
"""Set on a key that was let through because it only moves: should it act by now, it does not."""

Ruling = Literal["acts", "waits", "held", "hasty"]
"""What comes of a press: it counts, it waits, a held key made it, or no pause went before it."""


@dataclass(frozen=True)
class Pace:
    """The times, in seconds, by which presses are told apart; 0 tells nothing apart."""

    repeat: float = 0.15
    """The repeats of a held key are no further apart, and two presses of a hand no closer."""
    first_repeat: float = 1.1
    """A held key repeats for the first time by then."""
    release: float = 0.5
    """A held key that has been silent for so long has been let go."""
    pause: float = 0.2
    """The silence of the whole keyboard before a key on a page that weighs."""


@dataclass(frozen=True)
class Press:
    """A key that came `at` a moment (monotonic seconds), on a page where it may only move."""

    key: str
    at: float
    moves: bool = False
    """Whether it only moves or edits here: such a key may repeat."""
    weighs: bool = False
    """Whether it needs a pause before it."""
    helps: bool = False
    """Whether it calls for help, which nothing may hold up."""


class Fingers:
    """Rules on one press after another, in the order in which they came.

    A press that waits acts when it `is_due`, or as soon as another key shows that it was let go.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._last = Press("", float("-inf"))
        self._held = False
        self._only_moved = False
        """Whether the key that came last has done nothing but move since it was another one."""
        self.waiting: Press | None = None

    @property
    def waits_s(self) -> float:
        """How long a press waits."""
        return self._pace.repeat

    def is_due(self, at: float, key: str = "") -> bool:
        """Whether the press that waits was a hand's, now that nothing or a `key` came at a time."""
        waiting = self.waiting
        if waiting is None:
            return False
        return at - waiting.at >= self._pace.repeat or key not in ("", waiting.key)

    def press(self, press: Press) -> Ruling:
        """Rule on a press; one that waited and was not taken when it was due is forgotten."""
        before, self._last, self.waiting = self._last, press, None
        gap, same = press.at - before.at, press.key == before.key
        limit = self._pace.release if self._held else self._pace.repeat
        repeats = same and gap < limit
        again = same and (gap < self._pace.first_repeat or press.weighs)
        self._only_moved = press.moves and (self._only_moved or not (repeats or again))
        self._held = repeats and not self._only_moved
        if self._only_moved:
            return "acts"
        if self._held:
            return "held"
        if press.weighs and not press.moves and gap < self._pace.pause:
            return "hasty"
        if again and self._pace.repeat:
            self.waiting = press
            return "waits"
        return "acts"
