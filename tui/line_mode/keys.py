"""From a typed line to what a page can do: the names of its keys on paper, and typed text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from screens.base.content import PageContent
from screens.base.keys import KeyBinding, KeyPress, bindings
from screens.base.page import Page

HELP = ("?", "f1")
AGAIN = "="
_LOCK = "f9"
_EMERGENCY = ("!", "112", "f10")
_CALL = "f10"
"""Where a page offers no emergency card, what calls the nurse has its key."""

_NAMES: dict[str, tuple[str, ...]] = {
    "": ("enter",),
    "<": ("left", "shift+tab", "escape"),
    ">": ("right", "tab"),
    ".": ("down",),
    ",": ("up",),
    "q": ("escape",),
}
"""What a typed word stands for, where no key of the page is called so; the first that works."""

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

_BACKSPACE = KeyPress("backspace")
_POINTER = ">"
"""Stands at the row that Enter takes, and in the words of what takes it."""


def of_word(word: str, usable: Sequence[KeyBinding]) -> KeyBinding | None:
    """Return what a typed word does on a page, if anything."""
    for binding in usable:
        if binding.word and binding.word == word:
            return binding
    found = [binding for binding in usable if not (binding.word and not word)]
    lower = word.lower()
    named = any(lower in each.names for each in found if each.medium == "lines")
    own = (word, lower) if len(word) == 1 or named else ()
    for key in (*own, *_NAMES.get(lower, ())):
        for binding in found:
            if key in binding.names:
                return binding
    return None


def call(page: Page[Any]) -> KeyBinding | None:
    """Return what calls the nurse, on a page for the client alone."""
    return next((each for each in bindings(page.key_list()) if _CALL in each.names), None)


def usable(page: Page[Any]) -> list[KeyBinding]:
    """Return what can be done on a page by lines: nobody steers a pointer to an answer."""
    return [each for each in bindings(page.key_list()) if each.medium != "screen"]


def caps(content: PageContent) -> Iterator[tuple[str, str]]:
    """Give each key that a page shows, as it is typed in a line, and what it does."""
    pointed = any(line and line[0][0].startswith(_POINTER) for line in content.lines)
    shown = [each for each in content.keys if each.caption and each.medium != "screen"]
    for each in sorted(shown, key=lambda each: each.medium == "lines"):
        if pointed or _POINTER not in each.label:
            word = each.word if isinstance(each, KeyBinding) else ""
            yield word or _CAPS.get(each.caption, each.caption), each.label


def is_emergency(word: str, numbers: range | None = None) -> bool:
    """Whether a word calls for the emergency card; 112 may also be a number that is asked for."""
    is_answer = numbers is not None and word.isdigit() and int(word) in numbers
    return word.lower() in _EMERGENCY and not is_answer


def asks_to_lock(page: Page[Any], word: str) -> bool:
    """Whether a word locks the keyboard; where a text is asked for, only the name of the key."""
    return page.may_lock and word.lower() in (_LOCK, lock_word(page).lower())


def lock_word(page: Page[Any]) -> str:
    """Return what locks the keyboard: a word of the nurse's language, or F9 among other words."""
    return _LOCK.upper() if page.entry is not None else page.workspace.t("lock")


def type_into(page: Page[Any], line: str) -> bool:
    """Type a line into a page's entry, in place of what stood there; false if it does not fit.

    Nothing is half typed: where one character may not stand there, the entry is empty afterwards.
    """
    picks = of_word("1", usable(page)) is not None
    if not line or not (_take(page, line[0]) or (not picks and _again(page, line[0]))):
        return False
    _empty(page)
    if all(_take(page, char) for char in line):
        return True
    _empty(page)
    return False


def _again(page: Page[Any], char: str) -> bool:
    """Whether a character fits once there is room for it."""
    return page.type_key(_BACKSPACE) and _take(page, char)


def _take(page: Page[Any], char: str) -> bool:
    return page.type_key(KeyPress(char, char))


def _empty(page: Page[Any]) -> None:
    while page.type_key(_BACKSPACE):
        pass
