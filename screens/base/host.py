"""What a page asks of whatever renders it.

An async function of a page awaits `ask`, `wait` and `beside` and nothing else. The renderer drives
it step by step, so that a page knows neither an event loop nor a thread.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar, cast

if TYPE_CHECKING:
    from screens.base.page import Page
    from store.errors import StoreError

Result = TypeVar("Result")


@dataclass(frozen=True)
class Ask(Generic[Result]):
    """Shows a page over this one; its result is awaited."""

    page: Page[Result]

    def __await__(self) -> Generator[Request, object, Result | None]:
        """Wait until the page is left."""
        return cast("Result | None", (yield self))


@dataclass(frozen=True)
class Wait:
    """Lets some seconds pass."""

    seconds: float

    def __await__(self) -> Generator[Request, object, None]:
        """Wait for so long."""
        yield self


@dataclass(frozen=True)
class Beside:
    """Does something that takes long while the page stays in use."""

    action: Callable[[], object]

    def __await__(self) -> Generator[Request, object, None]:
        """Wait until it is done."""
        yield self


Request: TypeAlias = Ask[Any] | Wait | Beside
Procedure: TypeAlias = Coroutine[Request, object, object]
"""What an async function of a page returns."""


class Host(Protocol):
    """Renders a page, and does for it what a page cannot do."""

    typed: str
    """The text in the entry line, where there is one."""

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

    def draw(self, *, awake: bool = False) -> None:
        """Draw nothing."""

    def leave(self, result: object) -> None:
        """Leave nothing."""

    def start(self, procedure: Procedure) -> None:
        """Start nothing."""
        procedure.close()

    def fail(self, error: StoreError) -> None:
        """Raise the error: nobody is there to be told."""
        raise error

    def ring(self) -> None:
        """Ring no bell."""
