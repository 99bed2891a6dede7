"""A code on the screen that a scanner reads, and the page that says what is in it."""

from __future__ import annotations

from itertools import zip_longest

from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, Look, bold, paragraph
from screens.base.page import Page

_BORDER = 2
"""Modules of quiet around the code; four are asked for, two are read by what we tried."""
_LARGEST = 4
"""The version of a code that fits on 80 × 24: 33 modules a side, 19 rows with their border."""
_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
"""Two modules, one above the other, in a cell; the dark ones are ink."""


def draw_code(text: str) -> tuple[str, ...] | None:
    """Return the rows of a QR code in half blocks, ink for dark; `None` if it would not fit.

    `text` is ASCII, so that no scanner has to guess its encoding.
    """
    import segno

    try:
        code = segno.make_qr(text, error="l", version=None)
    except segno.DataOverflowError:
        return None
    if int(code.version) > _LARGEST:
        return None
    modules = [list(map(bool, row)) for row in code.matrix_iter(border=_BORDER)]
    blank = [False] * len(modules[0])
    pairs = zip_longest(modules[::2], modules[1::2], fillvalue=blank)
    return tuple(
        "".join(_BLOCKS[above, below] for above, below in zip(*pair, strict=True)) for pair in pairs
    )


class CodeScreen(Page[None]):
    """Shows a code with what is in it beside it."""

    def __init__(self, workspace: Workspace, title: str, text: str) -> None:
        super().__init__(workspace)
        self._title = title
        self._text = text
        self._rows = draw_code(text)
        self._look: Look = "paper"

    def top(self) -> tuple[str, str]:
        """Name what the code holds."""
        return self._title, ""

    def body(self, width: int) -> list[Line]:
        """Draw the code, its text beside it; or say why there is none."""
        if self._rows is None:
            sentence = self.t("This is too long for a code on this screen: write it to a file.")
            return [*paragraph(sentence, width), (), *paragraph(self._text, width)]
        if not self.host.eighths:
            sentence = self.t(
                "This terminal has no blocks to draw a code with: copy the line by hand."
            )
            return [*paragraph(sentence, width), (), bold(self._text)]
        side = len(self._rows[0])
        beside = self._beside(width - side - 2)
        lines = zip_longest(self._rows, beside[: len(self._rows)], fillvalue=())
        return [((str(row), self._look), ("  ", "normal"), *told) for row, told in lines]

    def _beside(self, width: int) -> list[Line]:
        return [
            *paragraph(self._text, width),
            (),
            *paragraph(self.t("The code holds this and nothing else."), width),
            (),
            *paragraph(self.t("Whoever photographs the screen has it too."), width),
            (),
            *paragraph(self.t("Is a part cut off? Make the window 24 rows high."), width),
        ]

    def key_list(self) -> Shown:
        """Leave, or change dark for light where the scanner does not read it."""
        turn = self.bind("d", "dark and light", self._turn, medium="screen")
        drawn = self._rows is not None and self.host.eighths
        return [
            KeyBinding("enter,escape,left,backspace", "Enter", self.t("back"), self.leave),
            *([turn] if drawn else []),
        ]

    def _turn(self) -> None:
        self._look = "normal" if self._look == "paper" else "paper"
        self.draw()
