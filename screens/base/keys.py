"""Keys of a page: what was pressed, what a key does, and how that is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Medium = Literal["any", "screen", "lines"]
"""Where something is of use: everywhere, where a pointer is steered, or where lines are typed."""


@dataclass(frozen=True)
class KeyPress:
    """A key that was pressed, by its name, with the character that it types."""

    key: str
    character: str | None = None


@dataclass(frozen=True)
class Caption:
    """What is shown of one key or of several: how it is drawn, and what it does."""

    caption: str
    """The key as it is drawn; empty where it is not."""
    label: str
    medium: Medium = "any"


@dataclass(frozen=True)
class KeyBinding:
    """What a key does on a page now."""

    keys: str
    """The names of the keys, separated by commas."""
    caption: str
    """The key as it is drawn; empty where it is not."""
    label: str
    run: Callable[[], object]
    """Does it; may be an async function that asks other pages."""
    calls: bool = False
    """Whether it calls for help or leaves the card: it answers nothing, and never waits long."""
    moves: bool = False
    """Whether it only moves, so that a held key may repeat it; everything else is done once."""
    medium: Medium = "any"
    word: str = ""
    """The word that a typed line must say instead of being empty."""

    @property
    def names(self) -> list[str]:
        """The name of each key."""
        return self.keys.split(",")


Shown: TypeAlias = Sequence[KeyBinding | Caption]
"""The bindings of a page in the order of their captions, and captions of several keys."""


def hidden(
    keys: str, run: Callable[[], object], *, moves: bool = False, medium: Medium = "any"
) -> KeyBinding:
    """Return a binding that has no caption of its own."""
    return KeyBinding(keys, "", "", run, moves=moves, medium=medium)


def span(count: int) -> str:
    """Return the digits from 1 to a count, as a key's name."""
    return "1" if count == 1 else f"1–{count}"


_LETTERS = "abcfgiuw"
"""Keys beyond the digits; a letter that a page of questions uses for anything else is left out,
and so is one that means yes or no."""


def choice_key(number: int) -> str:
    """Return the key of an answer to choose from, the first being 1: a digit, then a letter.

    Beyond those it is the number: no key is called so, but the arrows lead to it.
    """
    beyond = number - 10
    return _LETTERS[beyond] if 0 <= beyond < len(_LETTERS) else str(number)


def choice_span(count: int) -> str:
    """Return the keys of so many answers to choose from, as they are captioned."""
    letters = [choice_key(number) for number in range(10, count + 1)]
    ends = dict.fromkeys([letters[0], letters[-1]]) if letters else ()
    return " ".join([span(min(count, 9)), *(["–".join(ends)] if ends else [])])


def is_choice(word: str) -> bool:
    """Say whether a word is the key of an answer to choose from; 0 is none of them."""
    return (word != "0" and word.isdigit()) or (len(word) == 1 and word in _LETTERS)


def digit_keys(label: str, runs: Iterable[Callable[[], object]]) -> list[KeyBinding | Caption]:
    """Return bindings of the digits from 1 on under one caption; nothing where none is."""
    picks = [hidden(str(n), run) for n, run in enumerate(runs, start=1)]
    return [Caption(span(len(picks)), label), *picks] if picks else []


def bindings(shown: Iterable[KeyBinding | Caption]) -> list[KeyBinding]:
    """Return the bindings among what is shown."""
    return [each for each in shown if isinstance(each, KeyBinding)]


def find_binding(shown: Iterable[KeyBinding | Caption], key: str) -> KeyBinding | None:
    """Return what a key does; with Caps Lock on, a capital is its small letter."""
    found = bindings(shown)
    names = (key, key.lower()) if len(key) == 1 else (key,)
    return next((each for name in names for each in found if name in each.names), None)
