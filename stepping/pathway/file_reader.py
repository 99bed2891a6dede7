"""Reads one file into its model, or says in plain words what does not fit, line by line."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any, Literal, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from stepping.characters import find_unfit
from stepping.pathway import schema
from stepping.pathway.diagnostics import DiagnosticCollector, suggest_nearest
from stepping.pathway.schema import Content
from stepping.pathway.toml_lines import Place

Table = dict[str, Any]
AnyContent = TypeVar("AnyContent", bound=Content)
Named = Iterator[tuple[str, str, Place]]
"""Each name that a file gives of another file, with the file and place where it stands."""


class FileReader:
    """Turns single files into models and notes what does not fit."""

    def __init__(
        self, files: Mapping[str, str], notes: DiagnosticCollector, *, kept: bool = False
    ) -> None:
        self._files = files
        self._faults = notes
        self._kept = kept
        self._tables: dict[str, Table] = {}
        self._models: dict[str, Content] = {}

    def whole(self, name: str, model: type[AnyContent]) -> AnyContent | None:
        """Return a file as its model, or nothing if faults were noted."""
        table = self._table(name)
        if table is None or not (self._kept or self._is_fit(name, table)):
            return None
        try:
            self._models[name] = part = model.model_validate(table)
        except ValidationError as error:
            for fault in error.errors():
                self._note(name, fault)
            return None
        return part

    def named(self, folder: str, names: Named, model: type[AnyContent]) -> dict[str, AnyContent]:
        """Return the files of a shared folder that others name, by their names."""
        found: dict[str, AnyContent] = {}
        known = [n.split("/")[1][:-5] for n in self._files if n.startswith(f"{folder}/")]
        for name, asked_by, place in names:
            file = f"{folder}/{name}.toml"
            if file not in self._files:
                kind = folder.removesuffix("s")
                self._faults.add(
                    asked_by, place, f"{kind} {name!r} has no file{suggest_nearest(name, known)}"
                )
            elif name not in found and (part := self.whole(file, model)):
                found[name] = part
                if getattr(part, "id", name) != name:
                    self._faults.add(file, ("id",), f"id is not the name of the file, {name!r}")
        return found

    def check_texts(self, names: tuple[str, ...], languages: tuple[str, ...]) -> None:
        """Note every text that lacks a declared language."""
        for name in names:
            part = self._models[name]
            wording = getattr(part, "wording", {})
            wanted = [
                code for code in languages if code not in wording or wording[code].status != "none"
            ]
            for place, text, needed in _texts(part, ()):
                if missing := _lacks(text, wanted, needed):
                    where = self._where(name, place)
                    self._faults.add(name, place, f"{where} has no text in {', '.join(missing)}")

    def _table(self, name: str) -> Table | None:
        try:
            self._tables[name] = tomllib.loads(self._files[name])
        except (ValueError, RecursionError) as error:
            message, line = toml_place(str(error), self._files[name])
            self._faults.add_line(name, line, f"not readable as TOML: {message}")
            return None
        return self._tables[name]

    def _is_fit(self, name: str, table: Table) -> bool:
        """Note each character that steers a terminal or hides; say whether there is none."""
        text = self._files[name].replace("\r\n", "\n")
        written = list(islice(find_unfit(text), _MOST_UNFIT))
        for found in written:
            line = text.count("\n", 0, found.start()) + 1
            place = found.start() - text.rfind("\n", 0, found.start())
            self._faults.add_line(name, line, f"character {place} {_why_unfit(found[0])}")
        if written or "\\" not in text:
            return not written
        escaped = list(islice(_unfit_values(table), _MOST_UNFIT))
        for where, character in escaped:
            self._faults.add(name, where, f"{self._where(name, where)}: {_why_unfit(character)}")
        return not escaped

    def _note(self, name: str, fault: ErrorDetails) -> None:
        place = tuple(p for p in fault["loc"] if p not in schema.ASKS)
        key = str(place[-1]) if place else ""
        if fault["type"] == "extra_forbidden":
            at, message = place[:-1], f"the key {key!r} is not known{suggest_nearest(key, _keys())}"
        elif fault["type"] == "missing":
            at, message = place[:-1], f"{key!r} is missing"
        else:
            at, message = place, _in_plain_words(fault)
        where = self._where(name, at)
        self._faults.add(name, place, f"{where}: {message}" if where else message)

    def _where(self, name: str, place: Place) -> str:
        """Name a place by the tables around it, by their ids, and the keys inside the last one.

        As in `rule A2: because`, `ask drugs, options 3: label`, or `ages.from`.
        """
        table: Any = self._tables[name]
        owners: list[str] = []
        inside = 0
        for index, part in enumerate(place):
            try:
                table = table[part]
            except (KeyError, IndexError, TypeError):
                break
            known_as = isinstance(table, dict) and (table.get("id") or table.get("code"))
            if isinstance(part, int) and known_as:
                owners.append(f"{_dotted(place[inside:index])} {known_as}")
                inside = index + 1
        return ": ".join(part for part in (", ".join(owners), _dotted(place[inside:])) if part)


_MOST_UNFIT = 10
"""Unfit characters of one file that are told; whoever mends them looks for more."""


def _why_unfit(character: str) -> str:
    name = unicodedata.name(character, "a control")
    return f"is U+{ord(character):04X} ({name}): it steers a terminal or is not seen; leave it out"


def _unfit_values(table: Table) -> Iterator[tuple[Place, str]]:
    """Find the keys and texts in which an escape stands for an unfit character."""
    waiting: list[tuple[Place, Any]] = [((), table)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, str):
            yield from ((place, found[0]) for found in islice(find_unfit(value), 1))
        elif isinstance(value, dict):
            yield from ((place, found[0]) for key in value for found in islice(find_unfit(key), 1))
            waiting += [((*place, key), inner) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [((*place, index), inner) for index, inner in enumerate(value)]


@cache
def _keys() -> list[str]:
    """Return every key of every file."""
    models = list(Content.__subclasses__())
    for model in models:  # those of models that build on others follow
        models += model.__subclasses__()
    infos = ((key, info) for model in models for key, info in model.model_fields.items())
    return sorted({info.alias or key for key, info in infos})


Needed = Literal["filled", "all or none", "named"]
"""What a text must have: words, words in all languages if in one, or at least `""`."""


def _texts(part: object, place: Place) -> Iterator[tuple[Place, schema.Text, Needed]]:
    if isinstance(part, Content):
        for name, info in type(part).model_fields.items():
            value, where = getattr(part, name), (*place, info.alias or name)
            if info.annotation == dict[str, str]:  # what is left of `Text` in a model
                needed: Needed = "filled" if info.is_required() else "all or none"
                named = name == "stem" and (value or info.is_required())
                yield where, value, "named" if named else needed
            else:
                yield from _texts(value, where)
    elif isinstance(part, tuple):
        for index, inner in enumerate(part):
            yield from _texts(inner, (*place, index))


def _lacks(text: schema.Text, languages: list[str], needed: Needed) -> list[str]:
    if needed == "named":
        return [code for code in languages if code not in text]
    missing = [code for code in languages if not text.get(code, "").strip()]
    return missing if needed == "filled" or len(missing) < len(languages) else []


_PLAIN_WORDS: Mapping[str, str] = {
    "bool_parsing": "needs true or false, without quotes",
    "bool_type": "needs true or false, without quotes",
    "date_from_datetime_parsing": "needs a date as YYYY-MM-DD",
    "date_type": "needs a date as YYYY-MM-DD",
    "dict_type": 'needs a table, as in { en = "…" }',
    "int_from_float": "needs a whole number",
    "int_parsing": "needs a whole number",
    "int_type": "needs a whole number",
    "model_attributes_type": "needs a table",
    "model_type": "needs a table",
    "string_pattern_mismatch": "takes letters, digits and _, a letter first",
    "string_too_short": "is too short",
    "string_type": "needs words in quotes",
    "tuple_type": "needs a list in [ ]",
}
"""What pydantic's kinds of fault mean to somebody who writes TOML."""


def _in_plain_words(fault: ErrorDetails) -> str:
    kind, limits = fault["type"], fault.get("ctx", {})
    if kind == "literal_error":
        return f"{str(fault['input'])[:40]!r} is not one of {limits['expected']}"
    if kind == "too_short":
        return f"needs at least {limits['min_length']}"
    if kind == "too_long":
        return f"takes at most {limits['max_length']}"
    if kind == "greater_than_equal":
        return f"must be at least {limits['ge']}"
    if kind == "less_than_equal":
        return f"must be at most {limits['le']}"
    return _PLAIN_WORDS.get(kind, fault["msg"].removeprefix("Value error, "))


def _dotted(place: Place) -> str:
    return ".".join(str(part + 1 if isinstance(part, int) else part) for part in place)


_TOML_HINTS = {
    "Invalid value": "; words stand in quotes, and a yes or no is true or false",
    "Cannot overwrite a value": "; a key stands twice in its table",
}


def toml_place(message: str, text: str) -> tuple[str, int]:
    """Split tomllib's message into what and line; a fault at the end has the last line."""
    what, _, where = message.partition(" (at ")
    what += _TOML_HINTS.get(what, "")
    digits = where.removeprefix("line ").split(",")[0]
    return what, int(digits) if digits.isdigit() else text.rstrip("\n").count("\n") + 1
