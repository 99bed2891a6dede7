"""The looks of cells as a Windows console knows them: two of sixteen colours, and a line below."""

from __future__ import annotations

from dataclasses import dataclass, fields

_BRIGHT = 8
_UNDERSCORE = 0x8000
_WIDE = (0x100, 0x200)
"""What marks the left and the right half of a wide character."""

_SWITCHES = {
    **{1: ("bold", True), 2: ("dim", True), 4: ("underline", True), 7: ("reverse", True)},
    **{24: ("underline", False), 27: ("reverse", False)},
}


def _swapped(colour: int) -> int:
    """Return a colour of a terminal (red is 1, blue 4) by its number in a console (4, 1)."""
    return (colour & 0b1010) | (colour & 1) << 2 | (colour >> 2) & 1


@dataclass(slots=True)
class Looks:
    """How the next characters look, switched by the numbers of SGR codes.

    `usual` is the attribute that the console had: its two colours stand where none is chosen.
    """

    usual: int = 0x07
    bold: bool = False
    dim: bool = False
    underline: bool = False
    reverse: bool = False
    ink: int | None = None
    paper: int | None = None

    def switch(self, code: int) -> None:
        """Take one number of an SGR code; what a console cannot show is passed over."""
        if code == 0:
            for each in fields(self)[1:]:
                setattr(self, each.name, each.default)
        elif code in _SWITCHES:
            name, on = _SWITCHES[code]
            setattr(self, name, on)
        elif code == 22:
            self.bold = self.dim = False
        else:
            self._colour(code)

    def _colour(self, code: int) -> None:
        tens, colour = divmod(code, 10)
        name = {3: "ink", 9: "ink", 4: "paper", 10: "paper"}.get(tens)
        if name is not None and colour <= 7:
            setattr(self, name, _swapped(colour) | (_BRIGHT if tens > 4 else 0))
        elif code in (39, 49):
            setattr(self, name or "", None)

    @property
    def attribute(self) -> int:
        """The attribute of a cell of the console."""
        ink = self.usual & 15 if self.ink is None else self.ink
        paper = self.usual >> 4 & 15 if self.paper is None else self.paper
        if paper & 7 != 7:  # on a light ground a brighter ink would be lost
            if self.bold and ink:
                ink |= _BRIGHT
            elif self.dim and ink == 7:
                ink = _BRIGHT
        if self.reverse:
            ink, paper = paper, ink
        return ink | paper << 4 | (_UNDERSCORE if self.underline else 0)


def halves(attribute: int) -> tuple[int, int]:
    """Return the attributes of the two cells of a wide character."""
    return attribute | _WIDE[0], attribute | _WIDE[1]
