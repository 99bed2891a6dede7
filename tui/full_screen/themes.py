"""The themes: how each look is drawn, on whatever colours the terminal has.

No page says anything by a look alone: a mark or a word beside it always says the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias

from rich.style import Style

from screens.base.lines import Look

Dress: TypeAlias = Mapping[Look, Style | None]
"""How each look is drawn; a theme without `chosen` leaves that line as it is."""

_OWN: Dress = {
    "normal": None,
    "bold": Style(bold=True),
    "key": Style(bold=True),
    "dim": Style(dim=True),
    "underline": Style(underline=True),
    "danger": Style(bold=True, color="red"),
    "warning": Style(color="yellow"),
    "good": Style(color="green"),
    "accent": Style(color="cyan"),
    "reverse": Style(reverse=True),
    "alarm": Style(bold=True, color="bright_white", bgcolor="red"),
    "paper": Style(color="black", bgcolor="bright_white"),
}
"""The terminal's own ground; of its colours those that are seen on a dark and on a light one."""

_MONO: Dress = {
    **_OWN,
    "dim": None,
    "key": Style(reverse=True),
    "danger": Style(bold=True),
    "warning": None,
    "good": None,
    "accent": None,
    "alarm": Style(reverse=True),
    "chosen": Style(reverse=True),
    "paper": Style(reverse=True),
}
"""Nothing rests on bold, which many terminals do not show, or only as a brighter white."""

_GROUND = Style(color="bright_white", bgcolor="black")
"""Of `contrast`, where reverse is paper too."""

THEMES: Mapping[str, Dress] = {
    "standard": _OWN,
    "contrast": {look: _GROUND + style if style else _GROUND for look, style in _MONO.items()},
    "mono": _MONO,
}
"""The looks of each theme; `contrast` is the same on black and bright white everywhere."""

_FEW = 8
"""So many colours are there without their brighter shades, which not every terminal has."""


@lru_cache
def dress(theme: str, colours: int = 16) -> Dress:
    """Return how the looks are drawn in a theme, on a terminal with so many colours."""
    looks = THEMES[theme]
    if colours > _FEW:
        return looks
    return {look: style and _darker(style) for look, style in looks.items()}


def _darker(style: Style) -> Style:
    ink, paper = (
        colour and colour.name.removeprefix("bright_") for colour in (style.color, style.bgcolor)
    )
    return style + Style(color=ink, bgcolor=paper)
