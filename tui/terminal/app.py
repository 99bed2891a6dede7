"""An application that sends the terminal only the cells that changed."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TypeVar

from rich.console import Console, RenderableType
from rich.control import Control
from rich.segment import Segment
from textual._compositor import ChopsUpdate
from textual._time import get_time
from textual.app import App
from textual.color import Color
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen

from tui.full_screen.themes import Dress, dress
from tui.terminal.capabilities import Ability, detect_ability, find_console
from tui.terminal.paint.painter import Painter
from tui.terminal.paint.style import StyleReader

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


class Colourless(LineFilter):
    """Takes the colours from what Textual draws; its own filter would still send their codes."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with their other attributes only."""
        return [
            Segment(text, style and style.without_color, control)
            for text, style, control in segments
        ]


class TerminalApp(App[Result]):
    """An App on our own terminal driver, which sends only what differs on the terminal.

    Where Textual is to paint itself, it still sends exact partial updates.
    """

    painter: Painter | None = None
    """Set by the driver; None where Textual paints."""

    at_most: tuple[int, int] | None = None
    """The part of a larger window that is drawn in (columns, lines), at its top left."""

    _ability: Ability | None = None

    @property
    def ability(self) -> Ability:
        """What the terminal can show; read from the environment where it is not set."""
        if self._ability is None:
            self._ability = detect_ability(os.environ, console=find_console())
        return self._ability

    @ability.setter
    def ability(self, ability: Ability) -> None:
        self._ability = ability
        self.stylesheet.set_variables(self.get_css_variables())

    @property
    def eighths(self) -> bool:
        """Whether the terminal's font has blocks of each eighth of a cell."""
        return self.ability.glyphs == "unicode"

    @property
    def dress(self) -> Dress:
        """How the looks are drawn here."""
        return dress(self.ability.theme, self.ability.colours)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Tell the style sheets the colours of the ground."""
        style = self.dress["normal"]
        colours = (style.color, style.bgcolor) if style else (None, None)
        names = [f"ansi_{colour.name if colour else 'default'}" for colour in colours]
        return dict(zip(("ink", "ground"), names, strict=True))

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Leave no colour to widgets of Textual's on a terminal without colours."""
        filters = super().get_line_filters()
        return filters if self.ability.colours else [*filters, Colourless()]

    @property
    def compares_cells(self) -> bool:
        """Whether a widget may draw more than has changed and nothing more is sent for it."""
        return self.painter is not None

    def new_painter(self, size: tuple[int, int]) -> Painter | None:
        """Return a painter for the terminal (columns, lines), None where Textual paints."""
        ability = self.ability
        if ability.painter == "textual":
            return None
        styles = StyleReader(ability.colours, plain=ability.plain, ground=self.dress["normal"])
        return Painter(styles, ability.glyphs, size=size, erases=ability.erases_in_colour)

    def get_driver_class(self) -> type[Driver]:
        """Return our driver for this system; on Windows Textual paints with its own alone."""
        if sys.platform == "win32":
            if self.ability.painter == "textual":
                return super().get_driver_class()
            from tui.terminal.windows_driver import ConsoleDriver

            return ConsoleDriver
        from tui.terminal.driver import TerminalDriver

        return TerminalDriver

    def once_shown(self, call: Callable[[float], None]) -> None:
        """Call when all that has been drawn so far stands on the terminal, as far as one can know.

        It is told since when (monotonic): the event loop may be busy just then, and a key that
        comes meanwhile is meant for what it shows.
        """
        if self.painter is None:
            call(get_time())
            return
        loop = asyncio.get_running_loop()

        def shown() -> None:
            with suppress(RuntimeError):  # the loop has already ended
                loop.call_soon_threadsafe(call, get_time())

        self.painter.once_shown(shown)

    def press(self) -> None:
        """Send the newest picture at once, whatever the terminal has not yet said of older ones."""
        if self.painter is not None:
            self.painter.press()

    def coming_back(self) -> None:
        """Do what has to be done before the screen is drawn again after a stop."""

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if self._painted(screen, renderable):
            self.post_display_hook()
            return
        if isinstance(renderable, ChopsUpdate):
            renderable = ExactUpdate(renderable.chops, renderable.spans, renderable.chop_ends)
        super()._display(screen, renderable)
        if renderable is not None and self.painter is not None:
            self.painter.forget()  # something else has been written to the terminal

    def _painted(self, screen: Screen[object], renderable: RenderableType | None) -> bool:
        """Hand an update to the painter; the conditions are those of Textual's own method."""
        if self.painter is None or renderable is None or self._batch_count:
            return False
        if self._closed or not self._running or self.is_headless:
            return False
        return self.painter.update(renderable, self._typed_at(screen))

    def _typed_at(self, screen: Screen[object]) -> tuple[int, int] | None:
        """Where a focused field takes the next letter; at its end Textual points one further."""
        if screen.focused is None:
            return None
        x, y = self.cursor_position
        return x - bool(getattr(screen.focused, "cursor_at_end", False)), y
