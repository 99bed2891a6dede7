"""What a page shows now, as one value that any renderer can draw or read out."""

from __future__ import annotations

from dataclasses import dataclass

from screens.base.keys import Shown
from screens.base.lines import Line


@dataclass(frozen=True)
class Traits:
    """How a page wants to be treated by whatever renders it."""

    weighs: bool = False
    """Whether what is done here weighs so much that each key needs a pause before it."""
    debounce_factor: int = 1
    """How many times `debounce_s` a fresh page does nothing that acts; it moves at once."""
    sent_at_once: bool = False
    """Whether it is sent whatever the terminal has not yet confirmed of older pages."""
    answers: bool = False
    """Whether letters answer here, so that none of them opens anything else."""
    shows_answers: bool = False
    """Whether it may be read while what was answered lies in the open program alone."""
    offers_emergency: bool = True
    offers_help: bool = True
    is_home: bool = False
    """Whether work begins and ends here: input may end, and what was read out is forgotten."""
    is_lock: bool = False
    """Whether only a passphrase leads on, so that it need not be locked once more."""
    hands_over: bool = False
    """Whether "yes" gives the keyboard to the client: what stands before is cleared away."""
    takes_back: bool = False
    """Whether the nurse has the keyboard again once it is left."""
    reads_changes: bool = False
    """Whether only what changed is read out once the page was read as a whole."""
    reads_heading_once: bool = False
    """Whether the rows down to the first blank one stand for the pages that repeat them."""
    reads_whole: bool = False
    """Whether it is read out even if it is as it was before."""
    takes_several: bool = False
    """Whether several answers are marked before they are taken."""
    numbers: range | None = None
    """The numbers that are an answer here."""
    least_width: int = 0
    """Cells that it needs; where there are fewer, its lines are broken later."""


@dataclass(frozen=True)
class TextEntry:
    """A line of text that is asked for."""

    begins_with: str = ""
    """What stands there at first, to be changed or taken."""
    secret: bool = False
    """Whether what is typed may not be seen."""
    longest: int = 0
    """Characters that may be typed."""


@dataclass(frozen=True)
class PageContent:
    """Everything that a page shows now, and how it is to be treated."""

    title: tuple[str, str]
    """What stands left and right in the top line."""
    lines: tuple[Line, ...]
    keys: Shown
    message: str
    entry: TextEntry | None
    in_view: tuple[int, int] | None
    """The first and last line that have to be in view."""
    traits: Traits
    progress: tuple[int, int] | None = None
    """How much of how much is done."""
