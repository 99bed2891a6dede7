r"""The one place that prints for the commands: nothing gets through that steers a terminal.

A text of a pathway, a store, a path or an environment may hold anything. What could move the
cursor, write to the clipboard, turn the reading direction or hide is written out (`\x1b`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from io import StringIO, TextIOWrapper
from typing import BinaryIO

import click

from stepping.characters import escape_json, escape_unfit

_AGAIN = "\r\x1b[K"
"""Goes back to the beginning of the line and blanks it."""


def line(text: object = "", *, err: bool = False) -> None:
    """Print a text and end its last line, on standard output or standard error."""
    click.echo(escape_unfit(str(text), lines=True), err=err)


def as_json(value: object, *, one_line: bool = False) -> str:
    """Return JSON for other programs, or for a line of text; a date is as it is written."""
    indent = None if one_line else 1
    return escape_json(json.dumps(value, ensure_ascii=False, indent=indent, default=str))


def data(value: object) -> None:
    """Print JSON for other programs, in UTF-8 whatever the terminal's own encoding is."""
    click.echo(as_json(value).encode())


def answer(form: str, as_data: Callable[[], object], text: Iterable[str]) -> None:
    """Print what a command found: as JSON where the `form` asks for it, else line by line."""
    if form == "json":
        data(as_data())
        return
    for row in text:
        line(row)


def document(text: str, *, utf8: bool) -> None:
    """Print a whole document as it is, in UTF-8 if it says so of itself."""
    shown = escape_unfit(text, lines=True)
    click.echo(shown.encode() if utf8 else shown, nl=False)


class ProgressLine:
    """A count that is drawn over itself where somebody watches, and is not drawn elsewhere."""

    def __init__(self) -> None:
        self._watched = sys.stderr.isatty()
        self._drawn = False

    def show(self, text: str) -> None:
        """Draw how far it has come."""
        if self._watched:
            click.echo(f"\r{escape_unfit(text)}", nl=False, err=True)
            self._drawn = True

    def end(self) -> None:
        """Take away what is drawn."""
        if self._drawn:
            click.echo(_AGAIN, nl=False, err=True)
            self._drawn = False

    def tell(self, sentence: str) -> None:
        """Write a sentence on a line of its own."""
        again = _AGAIN if self._drawn else ""
        click.echo(again + escape_unfit(sentence, lines=True), err=True)
        self._drawn = False


class SafeRefusal(click.ClickException):
    """The refusal of a command, printed as it is but for what would steer the terminal."""

    def __init__(self, refusal: click.ClickException) -> None:
        super().__init__(refusal.message)
        self.exit_code = refusal.exit_code  # type: ignore[misc]
        self._refusal = refusal

    def show(self, file: object = None) -> None:
        """Print it on standard error."""
        del file
        self._refusal.show(words := StringIO())
        click.echo(escape_unfit(words.getvalue(), lines=True), nl=False, err=True)


def raw() -> BinaryIO:
    """Return the standard output, for tables whose cells are made harmless one by one."""
    return sys.stdout.buffer


def is_read_by_a_person() -> bool:
    """Return whether standard output is a terminal."""
    return sys.stdout.isatty()


def is_answered_by_a_person() -> bool:
    """Return whether a question can be answered: standard input is a terminal."""
    return sys.stdin.isatty()


def replace_what_the_terminal_lacks() -> None:
    """Let a terminal of an old encoding show a "?" and no fault."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
