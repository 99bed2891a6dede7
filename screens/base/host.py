"""What a page asks of whatever renders it.

An async function of a page awaits `ask`, `wait` and `beside` and nothing else. The renderer drives
it step by step, so that a page knows neither an event loop nor a thread.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from store.errors import StoreError


@dataclass(frozen=True)
class Wait:
    """Lets some seconds pass."""

    seconds: float

    def __await__(self) -> Generator[Any, object, None]:
        """Wait for so long."""
        yield self


@dataclass(frozen=True)
class Beside:
    """Does something that takes long while the page stays in use."""

    action: Callable[[], object]

    def __await__(self) -> Generator[Any, object, None]:
        """Wait until it is done."""
        yield self


Procedure: TypeAlias = Coroutine[Any, object, object]
"""What an async function of a page returns: it yields each `Ask`, `Wait` and `Beside`."""


class Host(Protocol):
    """Renders a page, and does for it what a page cannot do."""

    typed: str
    """The text in the entry line, where there is one."""

    @property
    def eighths(self) -> bool:
        """Whether blocks of each eighth of a cell can be drawn; else halves alone."""

    @property
    def redraws(self) -> bool:
        """Whether a page may change by itself while it is shown; what is read out does not."""

    def draw(self, *, awake: bool = False) -> None:
        """Draw the page anew; `awake` where it asks nothing new, so that keys count on."""

    def leave(self, result: object) -> None:
        """Take the page away and hand on its result."""

    def start(self, procedure: Procedure) -> None:
        """Go through an async function of the page beside its keys."""

    def fail(self, error: StoreError) -> None:
        """Tell over the page that the store could not do what was asked."""

    def ring(self) -> None:
        """Ring for the nurse."""


class NoHost:
    """Stands in for a host while a page is not shown."""

    typed = ""
    eighths = True
    redraws = False

    def draw(self, *, awake: bool = False) -> None:
        """Draw nothing."""

    def leave(self, result: object) -> None:
        """Leave nothing."""

    def start(self, procedure: Procedure) -> None:
        """Start nothing."""
        procedure.close()

    def fail(self, error: StoreError) -> None:
        """Raise the error: nobody is there to be told.

        Raises:
            StoreError: Always.
        """
        raise error

    def ring(self) -> None:
        """Ring no bell."""
