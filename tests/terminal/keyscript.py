"""Key scripts: what a person presses, as one line of shell-quoted words.

Down Up Enter Tab S-Tab Esc Space BS PgDn Home F1 C-q M-x   named keys
hello        typed one character (one key) at a time; quote to keep spaces
Down*50      repeat a key, or a group: (Down Up)*50
wait:REGEX   not a key: wait until the screen shows REGEX
sleep:MS     not a key: let the program run
size:80x25   not a key: resize the terminal
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import Literal

KEYS: dict[str, bytes] = {
    "Up": b"\x1b[A",
    "Down": b"\x1b[B",
    "Right": b"\x1b[C",
    "Left": b"\x1b[D",
    "Home": b"\x1b[H",
    "End": b"\x1b[F",
    "PgUp": b"\x1b[5~",
    "PgDn": b"\x1b[6~",
    "Ins": b"\x1b[2~",
    "Del": b"\x1b[3~",
    "Tab": b"\t",
    "S-Tab": b"\x1b[Z",
    "Enter": b"\r",
    "Esc": b"\x1b",
    "Space": b" ",
    "BS": b"\x7f",
    **{f"F{n + 1}": b"\x1bO" + bytes([ord("P") + n]) for n in range(4)},
    "F5": b"\x1b[15~",
    **{f"F{n}": f"\x1b[{n + 11}~".encode() for n in range(6, 11)},
    "F11": b"\x1b[23~",
    "F12": b"\x1b[24~",
}
_CURSOR_KEYS = ("Up", "Down", "Right", "Left", "Home", "End")


@dataclass(frozen=True)
class Step:
    """One step of a key script: a key to press, or a wait, sleep or resize."""

    kind: Literal["key", "wait", "sleep", "size"]
    value: str


def parse(script: str) -> list[Step]:
    """Turn a key script into steps; ValueError on an unknown key or an unbalanced group."""
    words = shlex.split(script.replace("(", " ( ").replace(")", " ) "))
    stack: list[list[Step]] = [[]]
    group: list[Step] = []
    for word in words:
        if group and (match := re.fullmatch(r"\*(\d+)", word)):
            stack[-1] += group * (int(match[1]) - 1)
        elif word == "(":
            stack.append([])
        elif word == ")":
            if len(stack) == 1:
                raise ValueError("')' without '('")
            group = stack.pop()
            stack[-1] += group
            continue
        else:
            stack[-1] += _steps(word)
        group = []
    if len(stack) != 1:
        raise ValueError("'(' is never closed")
    return stack[0]


def _steps(word: str) -> list[Step]:
    if match := re.fullmatch(r"wait:(.+)", word):
        re.compile(match[1])
        return [Step("wait", match[1])]
    if match := re.fullmatch(r"sleep:(\d+)", word):
        return [Step("sleep", match[1])]
    if match := re.fullmatch(r"size:(\d+x\d+)", word):
        return [Step("size", match[1])]
    times = 1
    if match := re.fullmatch(r"(.+)\*(\d+)", word):
        word, times = match[1], int(match[2])
    if word in KEYS or re.fullmatch(r"C-[a-z@\[\]\\^_]|M-.", word):
        return [Step("key", word)] * times
    if re.fullmatch(r"F\d+|[CMS]-.+", word):
        raise ValueError(f"unknown key {word!r}")
    return [Step("key", char) for char in word] * times


def size(text: str) -> tuple[int, int]:
    """Read a size like 80x24 as (columns, rows); ValueError when it is none."""
    match = re.fullmatch(r"(\d+)x(\d+)", text)
    if not match or "0" in (match[1], match[2]):
        raise ValueError(f"{text!r} is not a size like 80x24")
    return int(match[1]), int(match[2])


def key_bytes(name: str, application_keys: bool = False) -> bytes:
    """Return what a terminal sends for a key; its cursor keys depend on a mode (DECCKM)."""
    if application_keys and name in _CURSOR_KEYS:
        return b"\x1bO" + KEYS[name][2:]
    if name in KEYS:
        return KEYS[name]
    if name.startswith("C-") and len(name) == 3:
        return bytes([ord(name[2].upper()) & 0x1F])
    if name.startswith("M-") and len(name) == 3:
        return b"\x1b" + name[2].encode()
    return name.encode()
