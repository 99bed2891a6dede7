"""From a typed line to what a sheet can do: the names of its keys on paper, and typed text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from textual import events

from screens.assessment.question import QuestionScreen
from screens.assessment.stop import StopScreen
from screens.base.page import Command, Sheet

HELP = ("?", "f1")
AGAIN = "="
_EMERGENCY = ("!", "112", "f10")
_CALL = "f10"
"""Where a sheet offers no emergency card, what calls the nurse has its key."""

_NAMES: dict[str, tuple[str, ...]] = {
    "": ("enter",),
    "<": ("left", "shift+tab", "escape"),
    ">": ("right", "tab"),
    ".": ("down",),
    ",": ("up",),
    "q": ("escape",),
}
"""What a typed word stands for, where no key of the sheet is called so; the first that works."""

_CAPS = {
    "Esc": "q",
    "F10": "!",
    "←": "<",
    "→": ">",
    "Tab": ">",
    "↓": ">",
    "↑": "<",
}
"""How a key that a line cannot hold is drawn instead."""

_POINTER = ">"
"""Stands at the row that Enter takes, and in the words of what takes it."""

_ANY_WIDTH = 80
_POINTING = ("down", "up", "x")
_RECORDING = re.compile(r"[dx]\d")
"""A row by what is done to it: a safety step that is recorded, a question that is declined."""


def of_word(word: str, commands: Sequence[Command]) -> Command | None:
    """Return the command that a typed word means on a sheet, if any."""
    own = (word, word.lower()) if len(word) == 1 or _RECORDING.fullmatch(word.lower()) else ()
    for key in (*own, *_NAMES.get(word.lower(), ())):
        for command in commands:
            if key in command.keys.split(","):
                return command
    return None


def call(sheet: Sheet[Any]) -> Command | None:
    """Return what calls the nurse, on a sheet for the client alone."""
    found = (command for command in sheet.commands() if _CALL in command.keys.split(","))
    return next(found, None)


def usable(sheet: Sheet[Any]) -> list[Command]:
    """Return what can be done on a sheet by lines: nobody steers a pointer to an answer."""
    return [command for command in sheet.commands() if not _points(sheet, command)]


def _points(sheet: Sheet[Any], command: Command) -> bool:
    """Whether a command moves a pointer, or takes what stands at it."""
    if isinstance(sheet, StopScreen):
        moves = command.cap == "" and command.keys.isdigit()
        return moves or command.keys in (*_POINTING, "d", "")
    if not isinstance(sheet, QuestionScreen):
        return False
    here = ("d",) if sheet.page.questions[0].page is not None else ()
    return command.keys in (*_POINTING, *here)


def caps(sheet: Sheet[Any]) -> Iterator[tuple[str, str]]:
    """Give each key that a sheet shows, as it is typed in a line, and what it does."""
    commands = usable(sheet)
    pointed = any(line and line[0][0].startswith(_POINTER) for line in sheet.body(_ANY_WIDTH))
    for command in commands:
        if command.cap and (pointed or _POINTER not in command.label):
            yield _CAPS.get(command.cap, command.cap), command.label
    numbered = [command.keys for command in commands if _RECORDING.fullmatch(command.keys)]
    said = {
        "d": sheet.workspace.t("step done, or undo that"),
        "x": sheet.workspace.t("step not done, and why"),
    }
    if isinstance(sheet, QuestionScreen):
        said = {"d": sheet.declining}
    for letter, label in said.items():
        if keys := [key for key in numbered if key.startswith(letter)]:
            yield f"{keys[0]}–{keys[-1]}", label


def is_emergency(word: str, sheet: Sheet[Any] | None = None) -> bool:
    """Whether a word calls for the emergency card; 112 may also be the number that is asked for."""
    return word.lower() in _EMERGENCY and not (sheet and _is_answer(sheet, word))


def _is_answer(sheet: Sheet[Any], word: str) -> bool:
    if not isinstance(sheet, QuestionScreen):
        return False
    question = sheet.page.questions[0]
    numeric = question.kind in ("integer", "scale") and word.isdigit()
    return numeric and question.low <= int(word) <= question.high


def takes_several(sheet: Sheet[Any]) -> bool:
    """Whether several answers are marked before they are taken."""
    if not isinstance(sheet, QuestionScreen):
        return False
    question = sheet.page.questions[0]
    return question.page is not None or question.kind == "multi"


def type_into(sheet: Sheet[Any], line: str) -> bool:
    """Type a line into a sheet's entry, in place of what stood there; false if it does not fit.

    Nothing is half typed: where one character may not stand there, the entry is empty afterwards.
    """
    picks = of_word("1", usable(sheet)) is not None
    if not line or not (_take(sheet, line[0]) or (not picks and _again(sheet, line[0]))):
        return False
    _empty(sheet)
    if all(_take(sheet, char) for char in line):
        return True
    _empty(sheet)
    return False


def _again(sheet: Sheet[Any], char: str) -> bool:
    """Whether a character fits once there is room for it."""
    return sheet.other_key(events.Key("backspace", None)) and _take(sheet, char)


def _take(sheet: Sheet[Any], char: str) -> bool:
    return sheet.other_key(events.Key(char, char))


def _empty(sheet: Sheet[Any]) -> None:
    while sheet.other_key(events.Key("backspace", None)):
        pass
