"""One question a screen on bare Lines and our driver: the floor for the real question screen.

A digit answers and goes on, `n` opens a field for text, `x` quits. The bottom line tells the
answers so far, so that a test can see what each key did. Arguments: `guard` drops type-ahead;
`stall` blocks the event loop for good when the screen is up; `mark=FILE` is written when the
application ends in order; `in-order` leaves it no other way to end; `empty=FILE` gets how many
reads found the terminal gone.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from textual.app import ComposeResult
from textual.driver import Driver
from textual.events import Key, Paste, Resize
from textual.widgets import Input

from screens.base.lines import Line, plain
from tui.full_screen.line_widget import Lines
from tui.full_screen.typeahead import TypeAheadGuard
from tui.terminal import driver, painted_driver
from tui.terminal.app import TerminalApp
from tui.terminal.keyboard import Burst, TooMuch

OPTIONS = ("Not at all", "Several days", "More than half the days", "Nearly every day")
TOPICS = (
    "How often did small things tire you during the last two weeks?",
    "How often was it hard to begin what you had planned?",
    "How many evenings did you spend without doing anything you like?",
    "How often did you wake up long before the morning?",
)


class CountingDriver(driver.TerminalDriver):
    """Counts how often it is told that the terminal is gone."""

    empty = 0

    def _read(self) -> bytes:
        data = super()._read()
        CountingDriver.empty += not data
        return data


class Questions(TerminalApp[None]):
    """Asks one invented question after another, for as long as answers come."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, options: list[str]) -> None:
        super().__init__()
        self._options = options
        self._answers = ""
        self._notice = ""
        self._shape = ""
        self._guard = TypeAheadGuard() if "guard" in options else None
        self._lines = Lines(self._page())

    def get_driver_class(self) -> type[Driver]:
        return CountingDriver

    def compose(self) -> ComposeResult:
        yield self._lines

    def on_mount(self) -> None:
        if self._guard:
            self._lines.call_after_refresh(self.once_shown, self._guard.once_drawn())
        if "stall" in self._options:
            self.set_timer(0.1, lambda: time.sleep(3600))

    def on_unmount(self) -> None:
        for option in self._options:
            if option.startswith("mark="):
                Path(option.removeprefix("mark=")).write_text("unmounted")
            if option.startswith("empty="):
                Path(option.removeprefix("empty=")).write_text(str(CountingDriver.empty))

    def on_key(self, event: Key) -> None:
        if self.screen.query(Input):
            return
        if event.key == "x":
            self.exit()
        elif event.key == "n":
            self.mount(Input())
            self.call_after_refresh(lambda: self.query_one(Input).focus())
        elif event.key in ("0", "1", "2", "3"):
            if self._guard:
                if self._guard.stale(event):
                    return
                self._guard.drawing()
                self._lines.call_after_refresh(self.once_shown, self._guard.once_drawn())
            self._answers += event.key
            self._lines.show(self._page())

    def on_paste(self, event: Paste) -> None:
        self._notice = f"pasted {len(event.text)}"
        self._lines.show(self._page())

    def on_burst(self, event: Burst) -> None:
        """Take each key: a busy machine reads together what a test has pressed one by one."""
        for key in event.keys:
            self.on_key(key)

    def on_too_much(self, event: TooMuch) -> None:
        self._notice = f"too much {event.characters}"
        self._lines.show(self._page())

    def on_input_changed(self, event: Input.Changed) -> None:
        self._notice = f"note {len(event.value)}"
        self._lines.show(self._page())

    def on_terminal_driver_not_utf8(self) -> None:
        self._notice += "not UTF-8 "
        self._lines.show(self._page())

    def on_resize(self, event: Resize) -> None:
        self._shape = f"{event.size.width}x{event.size.height}"
        self._lines.show(self._page())

    def _page(self) -> list[Line]:
        number = len(self._answers)
        return [
            (("Question ", "normal"), (f"{number + 1}", "bold"), (" of at most 99", "normal")),
            (),
            plain(TOPICS[number % len(TOPICS)], "bold"),
            (),
            *[plain(f"( ) {key}  {text}") for key, text in enumerate(OPTIONS)],
            *[()] * 10,
            plain(f"answers [{self._answers}] {self._notice}"),
            plain(self._shape),
            (("0-3", "reverse"), (" answer  ", "normal"), ("x", "reverse"), (" quit", "normal")),
        ]


def main(options: list[str]) -> int:
    if "in-order" in options:
        painted_driver.LAST_RESORT_S = 3600.0
    app = Questions(options)
    app.run()
    return app.return_code or 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
