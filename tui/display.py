"""An application that sends the terminal only the cells that changed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TypeVar

from rich.console import Console, RenderableType
from rich.control import Control
from textual._compositor import ChopsUpdate
from textual.app import App
from textual.driver import Driver
from textual.screen import Screen

Result = TypeVar("Result")


class ExactUpdate(ChopsUpdate):
    """A partial update that begins where the change begins.

    Textual's own sends each line from the left edge of the widget that changed.
    """

    def render_segments(self, console: Console) -> str:
        """Return the bytes that draw the changed spans."""
        return "".join(self._parts(console))

    def _parts(self, console: Console) -> Iterator[str]:
        for y, start, stop in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=True):
                left, right = max(x, start), min(end, stop)
                if strip is not None and left < right:
                    yield Control.move_to(left, y).segment.text
                    yield strip.crop(left - x, right - x).render(console)


class TerminalApp(App[Result]):
    """An App on our own terminal driver, with exact partial updates."""

    def get_driver_class(self) -> type[Driver]:
        """Return our driver; on Windows, which it cannot serve, Textual's own."""
        if sys.platform == "win32":
            return super().get_driver_class()
        from tui.driver import TerminalDriver

        return TerminalDriver

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if isinstance(renderable, ChopsUpdate):
            renderable = ExactUpdate(renderable.chops, renderable.spans, renderable.chop_ends)
        super()._display(screen, renderable)
