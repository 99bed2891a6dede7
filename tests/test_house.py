"""The house stays as it is drawn: rooms apart, names its own, started from anywhere."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("tui", "screens", "store", "stepping")


def loaded_by(module: str) -> set[str]:
    """Every module that a fresh interpreter has after an import."""
    code = f"import json, sys; import {module}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(json.loads(done.stdout))


CORE = sorted(path.stem for path in (ROOT / "stepping").glob("[a-z]*.py"))


@pytest.mark.parametrize("module", ["stepping", *(f"stepping.{name}" for name in CORE)])
def test_the_core_pulls_in_no_terminal_and_no_database(module: str) -> None:
    """What decides must run, and be proven, without anything around it."""
    loaded = {name.split(".")[0] for name in loaded_by(module)}
    unwanted = {"textual", "rich", "sqlite3", "sqlite_utils", "sqlcipher3", "click", "platformdirs"}
    assert not loaded & unwanted
    assert not loaded & {"tui", "screens", "store"}


def test_the_command_line_starts_without_the_screens_and_the_store() -> None:
    """A batch of decisions should not pay for what it does not use."""
    loaded = {name.split(".")[0] for name in loaded_by("tui.cli")}
    assert not loaded & {"textual", "sqlite_utils", "sqlcipher3", "cryptography", "argon2"}


@pytest.mark.parametrize("name", [*ROOMS, "pathways"])
def test_the_rooms_names_belong_to_porras_alone(name: str) -> None:
    """Two installed packages with one top-level name would overwrite each other."""
    owners = set(packages_distributions().get(name, ["porras"]))
    assert owners == {"porras"}


@pytest.mark.parametrize(
    "folder",
    [
        *ROOMS,
        "screens/widgets",
        "screens/locale",
        "pathways/adult",
        "pathways/instruments",
        "pathways/cards",
        "pathways/services",
        "docs",
        *(f"tests/{room}" for room in ROOMS),
        "tests/terminal",
    ],
)
def test_every_room_of_the_house_is_there(folder: str) -> None:
    assert any((ROOT / folder).iterdir())


@pytest.mark.parametrize("room", ROOMS)
def test_every_module_says_what_it_is_for(room: str) -> None:
    import ast

    for path in (ROOT / room).rglob("*.py"):
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path


def test_pathways_hold_no_code() -> None:
    suffixes = {path.suffix for path in (ROOT / "pathways").rglob("*") if path.is_file()}
    assert suffixes <= {".toml", ".md"}


def test_it_starts_from_any_folder(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui", "--help"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Usage: porras ")
    listed = subprocess.run(
        [sys.executable, "-m", "tui", "pathway", "list"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert listed.stdout.startswith("adult\t")
