"""The real program with a shadow: beside its own codes, those that Textual would have sent.

    python -m tests.terminal.shadow CODES --demo --db FILE --lang fi

writes the plain codes of every picture to the file CODES. `Shadowed` starts it, draws both on a
terminal each, and compares the two after every key: what the painter saved must not be missed.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from tests.terminal.emulator import Terminal, seen
from tests.terminal.keyscript import Step
from tests.terminal.main_job import ROOT
from tests.terminal.session import PATIENCE_S, DiedError, KeyCost, Session

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.screen import Screen

CODES = "codes"
_QUIET_S = 0.03
_CATCH_UP_S = PATIENCE_S
"""A picture that both terminals have got is the same on both; this long it may be on its way."""


def main() -> None:
    """Open the program, with a second pen beside the painter."""
    from textual._compositor import ChopsUpdate, CompositorUpdate

    from tests.terminal.nimble import quicken
    from tui.cli import porras
    from tui.terminal.app import ExactUpdate, TerminalApp
    from tui.terminal.capabilities import detect_ability
    from tui.terminal.paint.glyphs import TABLES

    codes = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    glyphs = TABLES[detect_ability(os.environ).glyphs]
    paint = TerminalApp._painted

    def paint_twice(
        app: TerminalApp[object], screen: Screen[object], update: RenderableType | None
    ) -> bool:
        if not paint(app, screen, update):
            return False
        if isinstance(update, ChopsUpdate):
            update = ExactUpdate(update.chops, update.spans, update.chop_ends)
        if isinstance(update, CompositorUpdate):
            text = update.render_segments(app.console).translate(glyphs)
            os.write(codes, text.encode("utf-8", "replace"))
        return True

    TerminalApp._painted = paint_twice  # type: ignore[method-assign, assignment]
    quicken()
    porras()


def program(folder: Path, *options: str, language: str = "fi") -> list[str]:
    """The command of the program with a shadow; database and codes are kept in the folder."""
    flags = ["--db", str(folder / "porras.db"), "--lang", language, *options]
    return [sys.executable, "-m", "tests.terminal.shadow", str(folder / CODES), *flags]


class Shadowed(Session):
    """A program with a shadow in a pty; each step of a key script ends with a look at the shadow.

    `colours` tells whether colours are compared too; not where the terminal lacks them.
    """

    def __init__(
        self,
        folder: Path,
        argv: Sequence[str],
        columns: int = 80,
        rows: int = 24,
        *,
        colours: bool = True,
        env: Mapping[str, str | None] | None = None,
        dialect: Mapping[str, bytes] | None = None,
        bytes_per_s: float = 0.0,
    ) -> None:
        super().__init__(
            argv,
            columns,
            rows,
            cwd=ROOT,
            env=env,
            dialect=dialect,
            settle_s=_QUIET_S,
            bytes_per_s=bytes_per_s,
        )
        self.shadow = Terminal(columns, rows)
        self.shadow.feed(b"\x1b[?7l")
        self.compared = 0
        codes = folder / CODES
        codes.touch()
        self._codes = codes.open("rb")
        self._colours = colours

    def do(
        self, step: Step, limit_s: float = PATIENCE_S, response_s: float = 1.0
    ) -> KeyCost | None:
        """Do one step of a key script, and see that the shadow shows the same after it."""
        cost = super().do(step, limit_s, response_s)
        self.compare()
        return cost

    def resize(self, columns: int, rows: int) -> None:
        """Give both terminals another size."""
        super().resize(columns, rows)
        self.shadow.resize(columns, rows)

    def stop(self) -> None:
        """End the program, and read no more codes."""
        super().stop()
        self._codes.close()

    def compare(self) -> None:
        """See that both terminals come to show the same; the end of the program is no fault."""
        end = time.perf_counter() + _CATCH_UP_S
        try:
            # What was found is kept: the program may draw on between two looks.
            while (found := self.differs()) and time.perf_counter() < end:
                self.read(0.02)
        except DiedError:
            return
        assert not found, found
        self.compared += 1

    def differs(self) -> str:
        """The first line that is not the same on both, with its number; empty if there is none."""
        self.shadow.feed(self._codes.read())
        columns = self.terminal.screen.columns
        ours, theirs = (seen(each, self._colours) for each in (self.terminal, self.shadow))
        if ours == theirs:
            return ""
        pairs = zip_longest(_lines(ours, columns), _lines(theirs, columns))
        y = next(y for y, (our, their) in enumerate(pairs) if our != their)
        return "\n".join(
            [f"line {y}", *(each.screen.display[y] for each in (self.terminal, self.shadow))]
        )


def _lines(cells: Sequence[object], columns: int) -> list[Sequence[object]]:
    return [cells[at : at + columns] for at in range(0, len(cells), columns)]


if __name__ == "__main__":
    main()
