"""What a content says of itself: `content.toml` at the top of its folder.

Its author writes name, version and from whom it is; packing it adds the day, the least version of
Porras, what it replaces, and the digest of each pathway as it was proven there.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from stepping.characters import UNFIT
from store.errors import ContentUnclear
from store.files import regular_files

ABOUT = "content.toml"
PATHWAYS = "pathways"
"""The folder of a content in which the pathways stand, as they do in Porras."""

_LARGEST = 64_000
"""Bytes; a content has some ten lines and one for each pathway."""

VERSION = re.compile(r"\d{1,6}(\.\d{1,6}){0,3}", re.ASCII)
HIGHEST = "999999.999999.999999.999999"
"""A version than which none is higher."""
_ID = re.compile(r"\w[\w-]{0,60}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LONGEST = 200


class Content(NamedTuple):
    """What a content says of itself."""

    name: str
    version: str
    by: str
    """From whom it is; `from` in the file."""
    day: str
    """When it was packed, as YYYY-MM-DD."""
    least: str
    """The least version of Porras that reads it."""
    replaces: str = ""
    """Which content was in use where it was packed."""
    note: str = ""
    holds: Mapping[str, str] = {}
    """The digest of each pathway, by id."""

    @property
    def title(self) -> str:
        """Name and version, as it is called in sentences."""
        return f"{self.name} {self.version}"


def as_numbers(version: str) -> tuple[int, ...]:
    """Return a version as numbers that can be compared; zeros at its end say nothing."""
    numbers = [int(part) for part in version.split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def name_and_version(title: str) -> tuple[str, tuple[int, ...]]:
    """Return the parts of a title, as `Content.title` has it."""
    name, _, version = title.rpartition(" ")
    return name, as_numbers(version)


def read_about(folder: Path, *, packed: bool = True) -> Content:
    """Return what the content in a folder says of itself; a draft that is not `packed` says less.

    Raises:
        ContentUnclear: With the key that is missing or unfit.
    """
    path = folder / ABOUT
    try:
        told = tomllib.loads(regular_files.read(path, _LARGEST, links=False).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        raise ContentUnclear(path=ABOUT, name="TOML") from None
    fields = {**told, "by": told.pop("from", "")} if "from" in told else told
    needed = ("name", "version", "by", *(("day", "least") if packed else ()))
    for key in (*needed, *fields):
        if not _fits(key, fields.get(key)):
            raise ContentUnclear(path=ABOUT, name="from" if key == "by" else key)
    fields.pop("from", None)
    return Content(**{"day": "", "least": "", **fields})


def _fits(key: str, value: Any) -> bool:
    """Return whether a key is one of a content, with a value that it may have."""
    match key:
        case "version" | "least":
            return isinstance(value, str) and VERSION.fullmatch(value) is not None
        case "day":
            return _is_day(value)
        case "holds":
            return isinstance(value, dict) and all(map(_holds, value.items()))
        case "name" | "by":
            return isinstance(value, str) and bool(value.strip()) and _is_line(value)
        case "replaces" | "note":
            return isinstance(value, str) and _is_line(value)
        case "from":
            return True
        case _:
            return False


def _is_line(value: str) -> bool:
    return len(value) <= _LONGEST and UNFIT.search(value) is None


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _holds(pair: tuple[str, Any]) -> bool:
    name, digest = pair
    fits = isinstance(digest, str) and _DIGEST.fullmatch(digest) is not None
    return fits and _ID.fullmatch(name) is not None


def write_about(content: Content) -> str:
    """Return the text of `content.toml`."""
    texts = content._asdict()
    texts["from"] = texts.pop("by")
    holds = texts.pop("holds")
    order = ("name", "version", "from", "day", "least", "replaces", "note")
    return as_toml({key: texts[key] for key in order if texts[key]}, holds)


def as_toml(texts: Mapping[str, str], holds: Mapping[str, str]) -> str:
    """Return texts as the lines of a file, with the digest of each pathway below them."""
    lines = [f"{key} = {_quoted(text)}" for key, text in texts.items()]
    lines += ["", "[holds]", *(f"{_quoted(id_)} = {_quoted(holds[id_])}" for id_ in sorted(holds))]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
