"""A terminal in memory: draws what a program sends, and answers what terminals answer."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from typing import Any, Literal, NamedTuple

import pyte

Replies = Literal["none", "basic", "modern"]
"""What the terminal answers to queries; `modern` claims synchronised output."""

# Whole escape sequences, and the start of one cut off at the end of a read.
_STRING = r"\x1b[P\]X^_][^\x07\x1b]*(?:\x07|\x1b\\)"
_CSI = r"\x1b\[[0-?]*[ -/]*[@-~]"
_ESCAPE = re.compile(rf"{_STRING}|{_CSI}|\x1b[ -/]+[0-~]|\x1b[0-Z\\^-~]")
_CUT = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[P\]X^_][^\x07\x1b]*\x1b?|[ -/]*)?\Z")
_LONGEST_CUT = 4096
_LINE_DRAWING = str.maketrans("jklmnqtuvwxa`fg~", "┘┐┌└┼─├┤┴┬│▒◆°±·")
_SECOND_SCREEN = ("47", "1047", "1049")


_FAINT, _NO_WEIGHT = 2, 22


class Cell(NamedTuple):
    """What pyte keeps of a cell, and whether it is faint, which pyte does not know."""

    data: str = " "
    fg: str = "default"
    bg: str = "default"
    bold: bool = False
    italics: bool = False
    underscore: bool = False
    strikethrough: bool = False
    reverse: bool = False
    blink: bool = False
    faint: bool = False


class Screen(pyte.Screen):
    """A pyte screen that erases as terminals do: to present ground (bce) or the terminal's own.

    pyte itself erases with every attribute, and only what has been written before.
    """

    def __init__(self, columns: int, rows: int, in_colour: bool) -> None:
        super().__init__(columns, rows)
        self._in_colour = in_colour

    @property
    def default_char(self) -> Any:
        """An empty `Cell`."""
        return Cell(reverse=pyte.modes.DECSCNM in self.mode)

    def reset(self) -> None:
        """Begin anew, with a cursor that writes cells of ours."""
        super().reset()
        self.cursor.attrs = self.default_char

    def select_graphic_rendition(self, *attrs: int) -> None:
        """Set the looks of what is written from here on."""
        super().select_graphic_rendition(*attrs)
        at = self._last(attrs, _FAINT)
        if at >= 0 or self._last(attrs, _NO_WEIGHT) >= 0:
            faint = at > max(self._last(attrs, _NO_WEIGHT), self._last(attrs, 0))
            attrs_now: Any = self.cursor.attrs
            self.cursor.attrs = attrs_now._replace(faint=faint)

    @staticmethod
    def _last(attrs: tuple[int, ...], wanted: int) -> int:
        """Where a code stands last, outside the colours of 256 or more; -1 where it does not."""
        found, skip = -1, 0
        for at, code in enumerate(attrs):
            if skip:
                skip -= 1
            elif code in (38, 48):
                skip = 2 if attrs[at + 1 : at + 2] == (5,) else 4
            elif code == wanted:
                found = at
        return found

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        """Erase from the cursor to the end, from the start to the cursor, or the whole line."""
        at = min(self.cursor.x, self.columns - 1)
        start, stop = {0: (at, self.columns), 1: (0, at + 1)}.get(how, (0, self.columns))
        self._fill(self.cursor.y, start, stop)

    def erase_in_display(self, how: int = 0, *args: Any, **more: Any) -> None:
        """Erase below the cursor, above it, or everything."""
        at = self.cursor.y
        start, stop = {0: (at + 1, self.lines), 1: (0, at)}.get(how, (0, self.lines))
        for y in range(start, stop):
            self._fill(y, 0, self.columns)
        if how < 2:
            self.erase_in_line(how)

    def _fill(self, y: int, start: int, stop: int) -> None:
        ground = self.cursor.attrs.bg if self._in_colour else "default"
        blank = self.default_char._replace(bg=ground)
        self.dirty.add(y)
        self.buffer[y].update(dict.fromkeys(range(start, stop), blank))


class Terminal:
    """A pyte screen that also skips, repeats and answers what real terminals do.

    What it erases takes the present ground where it `erases_in_colour`, as most terminals do.
    `modes` holds the private modes that are on, `seen_modes` all that were ever switched, and
    `sequences` counts control codes by their last letter.
    """

    def __init__(
        self,
        columns: int,
        rows: int,
        replies: Replies = "basic",
        *,
        erases_in_colour: bool = True,
    ) -> None:
        self.screen: Any = Screen(columns, rows, erases_in_colour)
        self.modes: set[str] = {"7", "25"}
        self.seen_modes: set[str] = set()
        self.sequences: Counter[str] = Counter()
        self._stream: Any = pyte.Stream(self.screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._cut = ""
        self._last_char = " "
        self._replies = replies
        self._line_drawing = {"(": False, ")": False}
        self._shifted = False

    @property
    def application_keys(self) -> bool:
        """Whether cursor keys send their application codes."""
        return "1" in self.modes

    @property
    def text(self) -> str:
        """The screen as lines, without trailing blanks."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip("\n")

    def cells(self) -> list[object]:
        """Every cell of the screen (character and looks), row by row."""
        rows, columns = self.screen.lines, self.screen.columns
        return [self.screen.buffer[y][x] for y in range(rows) for x in range(columns)]

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the screen."""
        self.screen.resize(rows, columns)

    def feed(self, data: bytes) -> bytes:
        """Draw output; return the bytes that this terminal answers."""
        text, self._cut = self._cut + self._decoder.decode(data), ""
        cut = _CUT.search(text)
        if cut and len(text) - cut.start() < _LONGEST_CUT:
            text, self._cut = text[: cut.start()], text[cut.start() :]
        answer = b""
        position = 0
        for match in _ESCAPE.finditer(text):
            self._draw(text[position : match.start()])
            answer += self._escape(match[0])
            position = match.end()
        self._draw(text[position:])
        return answer

    def _draw(self, text: str) -> None:
        for part in re.split("([\x0e\x0f])", text):
            if part in ("\x0e", "\x0f"):
                self._shifted = part == "\x0e"
            elif part:
                lines = self._line_drawing[")" if self._shifted else "("]
                self._stream.feed(part.translate(_LINE_DRAWING) if lines else part)
        if text and text[-1].isprintable():
            self._last_char = text[-1]

    def _escape(self, code: str) -> bytes:
        if code[1] == "[":
            self.sequences[code[-1]] += 1
            return self._control(code, code[2:-1], code[-1])
        if code[1] in "P]X^_":
            self.sequences["string"] += 1
            return self._answer_string(code)
        self.sequences["ESC"] += 1
        if code[1] in "()":
            self._line_drawing[code[1]] = code[2:] == "0"
        elif code[1] not in "=>":
            self._stream.feed(code)
        return b""

    def _control(self, code: str, body: str, final: str) -> bytes:
        if final in "hl" and body.startswith("?"):
            code = self._set_modes(code, body[1:].split(";"), final == "h")
        elif final == "b" and body.isdigit():  # repeat, which ncurses uses and pyte lacks
            code = self._last_char * min(int(body), 2000)
        elif final in "ST" and (body.isdigit() or not body):  # scroll, likewise
            self._scroll(int(body or 1), up=final == "S")
            return b""
        elif final in "cnp" or body[:1] in ("<", "=", ">") or "$" in body or "'" in body:
            return self._answer(body, final)
        elif final in "ut" or " " in body:
            return b""
        self._stream.feed(code)
        return b""

    def _set_modes(self, code: str, modes: list[str], on: bool) -> str:
        self.seen_modes.update(modes)
        (self.modes.update if on else self.modes.difference_update)(modes)
        if modes[0] in _SECOND_SCREEN:  # pyte has only one; entering it clears
            return "\x1b[2J\x1b[H" if on else ""
        return code

    def _scroll(self, lines: int, up: bool) -> None:
        top, bottom = self.screen.margins or (0, self.screen.lines - 1)
        row, column = self.screen.cursor.y, self.screen.cursor.x
        for _ in range(min(lines, self.screen.lines)):
            self.screen.cursor.y = bottom if up else top
            (self.screen.index if up else self.screen.reverse_index)()
        self.screen.cursor.y, self.screen.cursor.x = row, column

    def _answer(self, body: str, final: str) -> bytes:
        cursor = self.screen.cursor
        modern = self._replies == "modern"
        if self._replies == "none":
            return b""
        if final == "p" and body.startswith("?") and body.endswith("$"):
            known = modern and body[1:-1] in ("2026", "2048")
            return f"\x1b[?{body[1:-1]};{2 if known else 0}$y".encode()
        answers = {
            ("c", ""): b"\x1b[?62;22c",
            ("c", ">"): b"\x1b[>0;276;0c",
            ("n", "5"): b"\x1b[0n",
            ("n", "6"): f"\x1b[{cursor.y + 1};{cursor.x + 1}R".encode(),
            ("u", "?"): b"\x1b[?0u" if modern else b"",
        }
        return answers.get((final, body), b"")

    def _answer_string(self, code: str) -> bytes:
        match = re.match(r"\x1b\](10|11);\?", code)
        if not match or self._replies == "none":
            return b""
        colour = "ffff/ffff/ffff" if match[1] == "10" else "0000/0000/0000"
        return f"\x1b]{match[1]};rgb:{colour}\x1b\\".encode()


def seen(terminal: Terminal, colours: bool = True) -> list[object]:
    """The cells of a terminal, without what nobody can see on a blank."""
    return [_visible(cell, colours) for cell in terminal.cells()]


def _visible(cell: object, colours: bool) -> object:
    changes: dict[str, object] = {} if colours else {"fg": "default", "bg": "default"}
    if getattr(cell, "data", "") == " " and not getattr(cell, "reverse", False):
        changes |= {"fg": "default", "bold": False, "italics": False, "blink": False}
        changes["faint"] = False
    return cell._replace(**changes) if changes else cell  # type: ignore[attr-defined]
