"""Writes the tables of keys of a document: `python -m tests.reference docs/pathways.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stepping.json_schema import schema

BEGIN, END = "<!-- keys: begin -->\n", "<!-- keys: end -->\n"
FILES = {
    "pathway": "pathway.toml",
    "questions": "questions.toml",
    "instrument": "instruments/NAME.toml",
    "translation": "instruments/NAME.LANGUAGE.toml",
    "rules": "rules.toml",
    "card": "cards/NAME.toml",
    "interventions": "interventions.toml",
    "examples": "examples.toml",
    "area": "services/NAME.toml",
    "tracks": "care/tracks.toml",
    "deadlines": "care/deadlines.toml",
    "contacts": "care/contacts.toml",
    "measures": "care/measures.toml",
    "sheets": "care/sheets.toml",
}
"""Each kind of file in the order of the document on pathways."""

TRAINING = {"vignette": "vignettes/NAME.toml"}
"""Each kind of file of the document for trainers."""

_CONDITIONS = ("when", "ask_if", "count")

Table = dict[str, Any]


def reference(files: Mapping[str, str]) -> str:
    """Every file, table and key, from the same source as the schemas of the editors."""
    return "\n".join(line for name in files for line in _file(name, files[name]))


def put_into(text: str, files: Mapping[str, str] = FILES) -> str:
    """A document with its tables made anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{reference(files)}\n{END}{after}"


def _file(name: str, shown: str) -> Iterator[str]:
    root = schema(name)
    yield from (f"### {shown}", "")
    seen: set[str] = set()
    waiting = [("", root)]
    while waiting:
        path, table = waiting.pop(0)
        if path and table["title"] in seen:
            continue
        seen.add(table["title"])
        yield from _table(path, table)
        inner = []
        for key, part in table["properties"].items():
            for inner_path, definition in _inside(f"{path}.{key}".lstrip("."), part):
                inner.append((inner_path, root["definitions"][definition]))
        waiting = inner + waiting


def _table(path: str, table: Table) -> Iterator[str]:
    if path:
        yield from (f"**`{path}`** {table['description']}", "")
    yield from ("| key | takes | means |", "|---|---|---|")
    for key, part in table["properties"].items():
        must = " (must)" if key in table.get("required", ()) else ""
        yield f"| `{key}`{must} | {_takes(key, part)} | {part['description']} |"
    yield ""


def _inside(path: str, part: Table) -> Iterator[tuple[str, str]]:
    """The tables inside a key: how they are headed, and the definition of each."""
    for choice in part.get("items", {}).get("oneOf", [part.get("items", {})]):
        if "$ref" in choice:
            yield f"[[{path.replace('[[', '').replace(']]', '')}]]", _name(choice)
    if "allOf" in part:
        yield f"[{path.replace('[[', '').replace(']]', '')}]", _name(part["allOf"][0])
    values = part.get("additionalProperties")
    if isinstance(values, dict) and "$ref" in values:
        yield f"[{path}.LANGUAGE]", _name(values)


def _name(reference: Table) -> str:
    return str(reference["$ref"]).removeprefix("#/definitions/")


def _takes(key: str, part: Table) -> str:
    if part.get("anyOf") == [{"type": "boolean"}, {"type": "string"}]:
        return "`true` `false` or a condition"
    if "anyOf" in part:  # a list that may also be written as one name
        part = part["anyOf"][0]
    if "enum" in part:
        return " ".join(f"`{word}`" for word in part["enum"])
    kind = part.get("type", "object")
    if kind == "array":
        return _list(key, part["items"])
    if kind == "object":
        return "text" if part.get("additionalProperties") == {"type": "string"} else "table"
    if kind == "string":
        return "date" if "format" in part else "condition" if key in _CONDITIONS else "words"
    return "`true` `false`" if kind == "boolean" else _number(part)


def _list(key: str, inner: Table) -> str:
    if "enum" in inner:
        return "list of " + _takes(key, inner)
    if key in _CONDITIONS:
        return "list of conditions"
    return {"integer": "list of numbers", "string": "list of names"}.get(
        inner.get("type", ""), "tables"
    )


def _number(part: Table) -> str:
    low, high = part.get("minimum"), part.get("maximum")
    return "number" if low is None else f"number {low}–{high}"


if __name__ == "__main__":
    file = Path(sys.argv[1])
    kinds = TRAINING if file.stem == "trainers" else FILES
    file.write_text(put_into(file.read_text("utf-8"), kinds), encoding="utf-8")
