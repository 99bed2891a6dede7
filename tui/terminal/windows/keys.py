"""Key events of a Windows console, as the characters that a terminal would send for them.

So one reader (`tui.terminal.keyboard`) tells bursts, pastes and held keys on every system.
"""

from __future__ import annotations

from typing import NamedTuple

_RIGHT_ALT, _LEFT_ALT, _CTRL, _LEFT_CTRL, _SHIFT = 0x01, 0x02, 0x04 | 0x08, 0x08, 0x10
_ALT = _RIGHT_ALT | _LEFT_ALT

_BACKSPACE, _TAB, _ALT_KEY = 0x08, 0x09, 0x12

_LETTERS = {0x23: "F", 0x24: "H", 0x25: "D", 0x26: "A", 0x27: "C", 0x28: "B"}
"""Virtual key codes of End, Home and the arrows, and the letter that ends their sequence."""

_FIRST_FOUR = {0x70: "P", 0x71: "Q", 0x72: "R", 0x73: "S"}
"""F1 to F4."""

_NUMBERS = {
    **{0x21: 5, 0x22: 6, 0x2D: 2, 0x2E: 3},  # page up and down, insert, delete
    **{0x74: 15, 0x75: 17, 0x76: 18, 0x77: 19, 0x78: 20, 0x79: 21, 0x7A: 23, 0x7B: 24},  # F5 to F12
}

_MOST = 300
"""A held key may be counted instead of repeated; more than that is a flood anyhow."""


class KeyEvent(NamedTuple):
    """What the console tells of a key: `char` is one unit of UTF-16, NUL for none."""

    down: bool
    key: int
    char: str
    state: int
    repeats: int = 1


def type_key(event: KeyEvent) -> str:
    """Return what a terminal sends for a key event; nothing for a released key or Shift alone."""
    if not event.down:
        # a character composed of digits on the keypad comes when Alt is released
        return event.char if event.key == _ALT_KEY and event.char != "\0" else ""
    return _pressed(event) * min(max(event.repeats, 1), _MOST)


def _pressed(event: KeyEvent) -> str:
    key, char, state = event.key, event.char, event.state
    if key == _BACKSPACE:
        return "\x08" if state & _CTRL else "\x7f"
    if key == _TAB and state & _SHIFT:
        return "\x1b[Z"
    if char == "\0":
        return _named(key, state)
    if state & _ALT and not _types_with_alt_gr(char, state):
        return "\x1b" + char
    return char


def _types_with_alt_gr(char: str, state: int) -> bool:
    """AltGr is told as the right Alt and the left Ctrl; letters such as @ or € are typed so."""
    return bool(state & _CTRL) and char >= " "


def _named(key: int, state: int) -> str:
    held = 1 + bool(state & _SHIFT) + 2 * bool(state & _ALT) + 4 * bool(state & _CTRL)
    if key in _NUMBERS:
        return f"\x1b[{_NUMBERS[key]}{f';{held}' if held > 1 else ''}~"
    letter = _LETTERS.get(key) or _FIRST_FOUR.get(key)
    if letter is None:
        return ""
    if held > 1:
        return f"\x1b[1;{held}{letter}"
    return f"\x1bO{letter}" if key in _FIRST_FOUR else f"\x1b[{letter}"


class Typed:
    """Joins what keys send to UTF-8; a character beyond the first 65,536 comes in two events."""

    def __init__(self) -> None:
        self._half = ""

    def encode(self, text: str) -> bytes:
        """Return the bytes of this text; half a character waits for its other half."""
        text = self._half + text
        self._half = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
        whole = text.removesuffix(self._half).encode("utf-16-le", "surrogatepass")
        return whole.decode("utf-16-le", "ignore").encode()
