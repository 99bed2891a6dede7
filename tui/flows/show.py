"""What a flow is given: how a page is shown, and how a failure is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from screens.base.page import Page
from store.errors import StoreError

if TYPE_CHECKING:
    from stepping.pathway.diagnostics import PathwayError

Result = TypeVar("Result")


class Show(Protocol):
    """Puts a page on top and waits for what it returns."""

    def __call__(self, page: Page[Result], /) -> Awaitable[Result | None]:
        """Show a page."""
        ...


Tell = Callable[["StoreError | PathwayError"], Awaitable[None]]
"""Tells of a failure on a page of its own."""
