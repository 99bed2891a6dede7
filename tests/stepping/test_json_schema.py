"""What an editor knows of a pathway's files: it marks slips, and nothing that is right."""

from __future__ import annotations

import datetime
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from stepping.interchange import navigator
from stepping.json_schema import MODELS, load_field_docs, schema, schema_files
from stepping.pathway import schema as content
from stepping.pathway.care import measures, sheets
from stepping.pathway.care import schema as care
from stepping.pathway.schema import Content
from stepping.training import vignette as training
from store.paths import PATHWAYS
from store.pathway_files.new_pathway import TEMPLATE

BY_FOLDER = {
    "instruments": "instrument",
    "cards": "card",
    "services": "area",
    "vignettes": "vignette",
}
SHIPPED = sorted(
    path
    for path in [*PATHWAYS.rglob("*.toml"), *TEMPLATE.rglob("*.toml")]
    if path.parent.name != "interchange"  # what codes mean is the same in every county
)
PLACES = (*vars(content).values(), *vars(training).values())
TABLES = [
    m for m in dict.fromkeys(m for m in PLACES if isinstance(m, type)) if issubclass(m, Content)
]


def kind_of(path: Path) -> str:
    if path.parent.name == "instruments" and "." in path.stem:
        return "translation"
    return BY_FOLDER.get(path.parent.name, path.stem)


def as_json(value: Any) -> Any:
    """A TOML value as editors hand it to a schema: a date is a text."""
    match value:
        case dict():
            return {key: as_json(inner) for key, inner in value.items()}
        case list():
            return [as_json(inner) for inner in value]
        case datetime.date():
            return value.isoformat()
        case _:
            return value


def faults(kind: str, text: str) -> list[str]:
    validator = Draft7Validator(schema(kind), format_checker=Draft7Validator.FORMAT_CHECKER)
    return [error.message for error in validator.iter_errors(as_json(tomllib.loads(text)))]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_an_editor_marks_nothing_in_what_we_ship(path: Path) -> None:
    assert faults(kind_of(path), path.read_text("utf-8")) == []


BROKEN = [
    ("rules.toml", 'id = "F1"', "", "'id' is a required property"),
    ("rules.toml", "at_least = 1", "at_leest = 1", "'at_leest' was unexpected"),
    ("rules.toml", "at_least = 1", 'at_least = "one"', "'one' is not of type 'integer'"),
    ("rules.toml", 'stop = "emergency"', 'stop = "urgent"', "'urgent' is not one of"),
    ("rules.toml", 'basis = "local"', 'basis = "habit"', "'habit' is not one of"),
    ("pathway.toml", 'status = "draft"', 'status = "final"', "'final' is not one of"),
    ("pathway.toml", "number = 0", "number = 10", "10 is greater than the maximum of 9"),
    ("pathway.toml", "ages = { from = 18", "ages = { form = 18", "'form' was unexpected"),
    ("questions.toml", 'type = "yesno"', 'type = "yes/no"', "is not valid under any"),
    ("interventions.toml", 'formats = ["talk"]', 'formats = ["letter"]', "'letter' is not one of"),
    ("examples.toml", 'status = "stop"', 'status = "stopped"', "'stopped' is not one of"),
    ("cards/danger.toml", 'level = "E"', 'level = "X"', "'X' is not one of"),
    ("cards/danger.toml", 'verified = "2026-02"', 'verified = "lately"', "does not match"),
    ("instruments/load3.toml", "score = 0", "score = -1", "-1 is less than the minimum of 0"),
    ("services/my_area.toml", "= 2026-11-02", '= "soon"', "'soon' is not a 'date'"),
    ("services/my_area.toml", 'place = "fixed"', 'place = "here"', "'here' is not one of"),
]


@pytest.mark.parametrize(("name", "right", "wrong", "message"), BROKEN)
def test_an_editor_marks_a_slip(name: str, right: str, wrong: str, message: str) -> None:
    text = (TEMPLATE / name).read_text("utf-8")
    assert right in text
    told = faults(kind_of(TEMPLATE / name), text.replace(right, wrong, 1))
    assert any(message in fault for fault in told), told


def test_one_name_may_stand_without_brackets_as_the_reader_has_it() -> None:
    text = (TEMPLATE / "rules.toml").read_text("utf-8")
    assert faults("rules", text.replace('["peer_group"]', '"peer_group"')) == []


@pytest.mark.parametrize("model", TABLES, ids=lambda m: str(m.__name__))
def test_every_key_has_its_sentence_and_no_sentence_is_left_over(model: type[Content]) -> None:
    keys = {info.alias or name for name, info in model.model_fields.items()}
    if model is not Content:
        assert set(load_field_docs()[model.__name__]) == keys
        assert all(told.endswith(".") for told in load_field_docs()[model.__name__].values())


def test_no_table_of_sentences_is_left_over() -> None:
    own = (
        *vars(care).values(),
        *vars(measures).values(),
        *vars(navigator).values(),
        *vars(sheets).values(),
    )
    tables = {*TABLES, *(model for model in own if isinstance(model, type))}
    models = {m.__name__ for m in tables if issubclass(m, Content) and m is not Content}
    assert set(load_field_docs()) <= models


def test_hovering_over_a_key_tells_what_it_means() -> None:
    for name in MODELS:
        for table in (schema(name), *schema(name)["definitions"].values()):
            for key, part in table.get("properties", {}).items():
                assert part["description"], (name, key)


def test_a_difference_between_two_versions_is_readable() -> None:
    """Sorted keys and one key a line; the same models give the same bytes."""
    files = schema_files()
    assert list(files) == sorted(files)
    assert files == schema_files()
    for text in files.values():
        assert text == json.dumps(json.loads(text), indent=1, sort_keys=True) + "\n"
        Draft7Validator.check_schema(json.loads(text))
