"""JSON Schemas of pathways and vignettes, made from the models that read them, for editors.

They hold the shape of each file alone. What only the whole pathway can tell (names, conditions,
one kind of effect for a rule) is for `porras pathway check` and `porras vignette check`.
"""

from __future__ import annotations

import json
import pkgutil
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from stepping.interchange.navigator import NavigatorForm
from stepping.pathway import schema as content
from stepping.pathway.care import schema as care
from stepping.pathway.care.measures import Measures
from stepping.pathway.care.sheets import Sheets
from stepping.pathway.schema import Content
from stepping.training.vignette import Vignette

MODELS: Mapping[str, type[Content]] = {
    "area": content.Area,
    "card": content.Card,
    "contacts": care.Contacts,
    "deadlines": care.Deadlines,
    "examples": content.Examples,
    "instrument": content.Instrument,
    "measures": Measures,
    "interventions": content.Interventions,
    "navigator": NavigatorForm,
    "pathway": content.Header,
    "questions": content.Questions,
    "rules": content.Rules,
    "sheets": Sheets,
    "translation": content.Translation,
    "tracks": care.Tracks,
    "vignette": Vignette,
}
"""The model of each kind of file."""

# Editors for TOML know the older drafts best; nothing here needs a newer one.
_DRAFT = "http://json-schema.org/draft-07/schema#"


@cache
def load_field_docs() -> Mapping[str, Mapping[str, str]]:
    """Return what each key means, by the name of its model and by key as files write it."""
    text = pkgutil.get_data(__name__, "field_docs.toml") or b""
    told: dict[str, dict[str, str]] = tomllib.loads(text.decode())
    for model in (content.OwnQuestion, content.QuestionList):  # built on other models
        bases = (base.__name__ for base in reversed(model.__mro__))
        own = (told.get(name, {}) for name in bases)
        told[model.__name__] = {key: each[key] for each in own for key in each}
    return told


def schema_files() -> dict[str, str]:
    """Return every schema as JSON text by file name, as in `rules.schema.json`, keys sorted."""
    return {
        f"{name}.schema.json": json.dumps(schema(name), indent=1, sort_keys=True) + "\n"
        for name in sorted(MODELS)
    }


def schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of one kind of file, such as `rules`.

    Raises:
        KeyError: If there is no such kind.
    """
    made = MODELS[name].model_json_schema(
        ref_template="#/definitions/{model}", schema_generator=_Generator
    )
    definitions = made.pop("$defs", {})
    for part in _tables(made | {"definitions": definitions}):
        _plain(part)
    for table in (made, *definitions.values()):
        _add_docs(table)
    return {"$schema": _DRAFT, **made, "definitions": definitions}


class _Generator(GenerateJsonSchema):
    def function_before_schema(
        self, schema: core_schema.BeforeValidatorFunctionSchema
    ) -> JsonSchemaValue:
        """Return a list of names may also be written as one name: `stepping.pathway.schema.Ids`."""
        many = self.generate_inner(schema["schema"])
        return {"anyOf": [many, many["items"]]}


def _add_docs(table: dict[str, Any]) -> None:
    """Give each key of a model's table its sentence."""
    docs = load_field_docs().get(table.get("title", ""), {})
    for key, part in table.get("properties", {}).items():
        part.pop("title", None)  # it only repeats the key
        if "$ref" in part:  # a reference hides whatever stands beside it
            part["allOf"] = [{"$ref": part.pop("$ref")}]
        if key in docs:
            part["description"] = docs[key]


def _plain(part: dict[str, Any]) -> None:
    """Take out what TOML has no word for: `null` as a value or a default."""
    if "default" in part and part["default"] is None:
        del part["default"]
    if {"type": "null"} in part.get("anyOf", ()):
        kept = [choice for choice in part.pop("anyOf") if choice != {"type": "null"}]
        part.update(kept[0] if len(kept) == 1 else {"anyOf": kept})


def _tables(part: object) -> Iterator[dict[str, Any]]:
    """Yield every table of a schema, the outer before the inner."""
    if isinstance(part, dict):
        yield part
        for inner in part.values():
            yield from _tables(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _tables(inner)
