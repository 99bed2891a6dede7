"""What was edited between two versions of a pathway: each key of each table, by file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from stepping.pathway.files import EXAMPLES, HEADER, QUESTIONS, RULES
from stepping.pathway.model import Pathway

Part = Literal["rules", "cut-offs", "texts", "examples", "header", "other"]
"""What kind of edit it is, for those who read one kind at a time."""

_NAMES = ("id", "code", "number", "instrument", "card", "score", "from")
"""The keys by which a table of a list is known, best first."""

_DECIDING = {
    "when", "ask_if", "count", "at_least", "then_at_least", "or_above", "stop", "add", "offer",
    "avoid", "cards", "provisional", "required", "safety", "worse", "from", "to", "score", "min",
    "max", "items", "plus", "steps", "ages", "caseness", "reliable", "default", "refusable",
    "scored", "holds", "context", "level", "only_steps",
}  # fmt: skip
"""Keys that can change an outcome, or what is asked."""

_TABLES: dict[str, Part] = {
    HEADER: "header",
    QUESTIONS: "rules",
    RULES: "rules",
    EXAMPLES: "examples",
}
"""What kind of edit it is when a whole table comes or goes."""

Path = tuple[str, ...]


@dataclass(frozen=True)
class Edit:
    """One edit: where, and what stood there before and stands there now."""

    part: Part
    file: str
    table: str
    """The table by its id, as in `rule A2`; empty at the top of a file."""
    key: str
    """The key inside it; empty where a whole table came or went."""
    was: object
    """`None` where there was nothing."""
    becomes: object
    """`None` where there is nothing any more."""

    def as_json(self) -> dict[str, object]:
        """Return the edit as plain data."""
        return asdict(self)


def list_edits(old: Pathway, new: Pathway) -> tuple[Edit, ...]:
    """Return every edit between two versions, file by file in the order of the new one.

    The order of tables is no edit, unless it is all that differs.
    """
    found: list[Edit] = []
    languages = {*old.header.languages, *new.header.languages}
    for file in dict.fromkeys((*new.files, *old.files)):
        before, after = old.files.get(file, ""), new.files.get(file, "")
        if before != after:
            found += _of_file(file, before, after, languages)
    return tuple(found)


def _of_file(file: str, before: str, after: str, languages: set[str]) -> Iterator[Edit]:
    was, becomes = _flat(before), _flat(after)
    tables_before = {path[:-1] for path in was}
    tables_after = {path[:-1] for path in becomes}
    reported: set[Path] = set()
    for path in dict.fromkeys((*becomes, *was)):
        if was.get(path) == becomes.get(path):
            continue
        table = _outermost(path, tables_before, tables_after)
        if table is not None:
            if table not in reported:
                reported.add(table)
                here = table in tables_after or _has(table, becomes)
                was_, now = (None, "new") if here else ("gone", None)
                yield Edit(_part_of_table(file), file, _table(table), "", was_, now)
            continue
        name, key = _split(path)
        part = _part(file, path, languages)
        yield Edit(part, file, name, key, was.get(path), becomes.get(path))


def _has(table: Path, flat: dict[Path, object]) -> bool:
    return any(path[: len(table)] == table for path in flat)


def _outermost(path: Path, before: set[Path], after: set[Path]) -> Path | None:
    """Return the named table around a path that only one of the versions has."""
    for length in range(1, len(path)):
        table = path[:length]
        if " " not in table[-1]:
            continue
        in_before = any(other[:length] == table for other in before)
        in_after = any(other[:length] == table for other in after)
        if in_before != in_after:
            return table
    return None


def _flat(text: str) -> dict[Path, object]:
    return dict(_walk(tomllib.loads(text), ()))


def _walk(value: Any, path: Path) -> Iterator[tuple[Path, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            inner = _written_out(key, inner)
            if isinstance(inner, list) and inner and all(isinstance(i, dict) for i in inner):
                for index, table in enumerate(inner, start=1):
                    yield from _walk(table, (*path, f"{key} {_name(table, index)}"))
            else:
                yield from _walk(inner, (*path, key))
    else:
        yield path, value


def _written_out(key: str, value: Any) -> Any:
    """Return questions with those of a list as if each were written alone."""
    if key != "ask" or not isinstance(value, list):
        return value
    return [each for table in value for each in _each_asked(table)]


def _each_asked(table: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "instrument" in table or "items" not in table:
        yield table
        return
    alike = {key: value for key, value in table.items() if key != "items"}
    yield from ({**alike, **item} for item in table["items"])


def _name(table: dict[str, Any], index: int) -> str:
    """Return a table's own name; uses of an instrument are told apart by where they stand."""
    for key in _NAMES:
        if key in table:
            return f"{table[key]} in {table['section']}" if key == "instrument" else str(table[key])
    return str(index)


def _table(path: Path) -> str:
    return ", ".join(part for part in path if " " in part)


def _split(path: Path) -> tuple[str, str]:
    """Return the tables that a path goes through, and the key inside the last of them."""
    last = max((n for n, part in enumerate(path) if " " in part), default=-1)
    return _table(path[: last + 1]), ".".join(path[last + 1 :])


def _part_of_table(file: str) -> Part:
    if file.startswith("instruments/"):
        return "cut-offs"
    return _TABLES.get(file, "other")


def _part(file: str, path: Path, languages: set[str]) -> Part:
    if file == EXAMPLES:
        return "examples"
    if languages.intersection(path) or languages.intersection(file.split(".")):
        return "texts"
    deciding = _DECIDING.intersection(path) or _DECIDING.intersection(
        part.partition(" ")[0] for part in path
    )
    if deciding:
        return "cut-offs" if file.startswith("instruments/") else "rules"
    return "header" if file == HEADER else "other"
