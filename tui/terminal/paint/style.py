"""How a cell looks, as the numbers of an SGR code, brought down to what the terminal has."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from rich.color import ColorSystem
from rich.style import Style

CellStyle: TypeAlias = str
"""SGR parameters in a fixed order, such as `1;7`; empty where nothing is switched on."""

NORMAL: CellStyle = ""
"""The ground: the terminal's own colours, or those that a theme gives it."""

UNKNOWN: CellStyle = "?"
"""What a terminal may have left on a cell; nothing is drawn so."""

_ATTRIBUTES = {
    "bold": "1",
    "dim": "2",
    "italic": "3",
    "underline": "4",
    "blink": "5",
    "reverse": "7",
    "strike": "9",
}
_OLD = frozenset(("1", "4", "5", "7"))
"""What a VT100 knows."""

_OFF = {"1": "22", "4": "24", "7": "27"}
"""What switches one attribute off, on terminals with colours."""

_ON_BLANKS = frozenset(("4", "7", "9"))
"""What shows on a blank."""

_BACKGROUNDS = tuple(str(code) for code in (*range(40, 49), *range(100, 108)))


class StyleReader:
    """Reads Rich's styles for a terminal with 0, 8 or 16 colours.

    A plain terminal knows bold, underline, blink and reverse, and none of the rarer attributes.
    What has the colours of the ground, or none, has no colour of its own.
    """

    def __init__(
        self, colours: int = 16, *, plain: bool = False, ground: Style | None = None
    ) -> None:
        self._colours = colours
        self._plain = plain or ground is not None
        self._known: dict[Style | None, CellStyle] = {None: NORMAL}
        self.ground = NORMAL
        """The colours of a cell on which nothing is drawn; none where they are the terminal's."""
        self.ground = self._read(ground or Style())

    def of(self, rich_style: Style | None) -> CellStyle:
        """Return the SGR parameters of a style of Rich."""
        style = self._known.get(rich_style)
        if style is None:
            style = self._known[rich_style] = self._read(rich_style or Style())
        return style

    def _read(self, rich_style: Style) -> CellStyle:
        codes = [code for name, code in _ATTRIBUTES.items() if getattr(rich_style, name)]
        if self._plain:
            codes = [code for code in codes if code in _OLD]
        ink, paper = self._colour(rich_style, True), self._colour(rich_style, False)
        if ink and paper and int(ink) == int(paper) - 10:
            paper = ""  # two shades that are one here: the words have to stay readable
        own = {ink, paper} - {"", *self.ground.split(";")}
        return ";".join([*codes, *(code for code in (ink, paper) if code in own)])

    def _colour(self, rich_style: Style, ink: bool) -> str:
        colour = rich_style.color if ink else rich_style.bgcolor
        if colour is None or colour.is_default or not self._colours:
            return ""
        (code,) = colour.downgrade(ColorSystem.STANDARD).get_ansi_codes(foreground=ink)
        if self._colours < 16 and int(code) >= 90:
            base = int(code) - 60
            return "" if base in (30, 40) else str(base)  # grey would be lost on black
        return code


@lru_cache(maxsize=512)
def style_on_blank(style: CellStyle) -> CellStyle:
    """Return what of a style is seen on a blank: its ground, and lines through it."""
    codes = style.split(";")
    if "7" in codes:
        return style
    return ";".join(code for code in codes if code in _ON_BLANKS or code in _BACKGROUNDS)


@lru_cache(maxsize=4096)
def style_codes(old: CellStyle | None, new: CellStyle, ground: CellStyle = NORMAL) -> str:
    """Return the shortest code that takes the terminal from one style (None: unknown) to another.

    On the terminal's own ground only the reset and the switches that a VT100 knows are used: there
    is no way to switch a single attribute off.
    """
    if old == new:
        return ""
    before = set() if old is None else set(_over(old, ground))
    after = _over(new, ground)
    kept = {code for code in before if code in after or _replaced(code, after)}
    reset = f"\x1b[;{';'.join(after)}m" if after else "\x1b[m"
    added = [code for code in after if code not in before]
    ended = sorted(before - kept)
    if old is None or (ended and not (ground and _OFF.keys() >= set(ended))):
        return reset
    return min(f"\x1b[{';'.join([*map(_OFF.__getitem__, ended), *added])}m", reset, key=len)


def _over(style: CellStyle, ground: CellStyle) -> list[str]:
    """Return the codes of a style and those of the ground's colours that it keeps."""
    codes = list(filter(None, style.split(";")))
    under = filter(None, ground.split(";"))
    return [*codes, *(code for code in under if not _replaced(code, codes))]


def _replaced(code: str, after: list[str]) -> bool:
    """Return whether a colour is overwritten by another one of the same kind."""
    if int(code) < 30:
        return False
    paper = code in _BACKGROUNDS
    return any(int(other) >= 30 and (other in _BACKGROUNDS) == paper for other in after)


def shows_alike(style: CellStyle, char: str, on: CellStyle | None) -> bool:
    """Return whether a cell comes out right in the style that is switched on (None: unknown)."""
    return style == on or (char == " " and on is not None and style_on_blank(on) == style)
