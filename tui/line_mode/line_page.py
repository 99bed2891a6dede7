"""A page that is being read out, and how far that has come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from screens.base.host import Procedure
from screens.base.page import Page
from store.errors import StoreError

Told = Callable[[StoreError], None]
"""Tells of a failure over the page."""


class LinePage:
    """The host of a page: notes what has changed on it, for whoever reads it out."""

    def __init__(self, page: Page[Any], told_by: Told, ring: Callable[[], None]) -> None:
        self.page = page
        self._told_by, self._ring = told_by, ring
        self.typed = ""
        self.eighths = False
        self.redraws = False
        self.rows: list[str] = []
        """The body as it was said last."""
        self.whole = True
        """Whether it asks something new, so that all of it has to be said."""
        self.since: float | None = None
        """When a line was first asked for after all of it was said, in monotonic seconds."""
        self.is_left = False
        self.result: Any = None
        self.started: list[Procedure] = []
        """What the page does by itself, once it has been said."""
        page.host = self

    def draw(self, *, awake: bool = False) -> None:
        """Note that something has changed."""
        self.whole = self.whole or not awake

    def read_again(self) -> None:
        """Let everything be said, as if nothing had been yet."""
        self.rows, self.whole = [], True

    def leave(self, result: object) -> None:
        """Note that the page is left."""
        if not self.is_left:
            self.is_left, self.result = True, result

    def start(self, procedure: Procedure) -> None:
        """Note what is to be done once the page has been said."""
        self.started.append(procedure)

    def fail(self, error: StoreError) -> None:
        """Say what failed, what is safe and what to do."""
        self._told_by(error)

    def ring(self) -> None:
        """Ring for the nurse."""
        self._ring()
