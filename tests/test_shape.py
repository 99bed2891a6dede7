"""The rooms keep a shape that one person can hold: no circle, no crowd, nothing too long."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_house import ROOMS, ROOT

MOST_MODULES = 15
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 50
FOR_A_REASON = "Longer than most modules because"
"""How the docstring of a module says why it has more than `MOST_LINES` lines."""

ONE_FILE_A_COMMAND = "tui/commands"

MODULES = sorted(path for room in ("distribution", *ROOMS) for path in (ROOT / room).rglob("*.py"))


CIRCLE = {
    "__init__": "",
    "a": "from rooms import b",
    "b": "def late():\n    from rooms.c import deep",
    "c/__init__": "",
    "c/deep": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import rooms.a",
}
"""Three modules in a circle: one imports as it is read, one late, and one for types alone."""


def holds_against_circles() -> bool:
    """Return whether a contract holds every room against circles, without an exception."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return any(
        contract["type"] == "acyclic_siblings"
        and {*contract["ancestors"]} == {"distribution", *ROOMS}
        and contract.keys() <= {"name", "type", "ancestors"}
        for contract in project["tool"]["importlinter"]["contracts"]
    )


def lint(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run import-linter in a folder."""
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("without", [None, "c/deep"])
def test_a_circle_of_any_imports_is_found(tmp_path: Path, without: str | None) -> None:
    """`make lint` holds the same contract for every room."""
    assert holds_against_circles()
    for module, text in CIRCLE.items():
        path = tmp_path / "rooms" / f"{module}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("" if module == without else text, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.importlinter]\nroot_package = "rooms"\n'
        "[[tool.importlinter.contracts]]\n"
        'name = "none"\ntype = "acyclic_siblings"\nancestors = ["rooms"]\n',
        encoding="utf-8",
    )
    done = lint(tmp_path)
    assert ("none BROKEN" if without is None else "none KEPT") in done.stdout, done.stderr


def test_no_folder_is_crowded() -> None:
    crowded = {
        str(folder.relative_to(ROOT)): count
        for folder in {path.parent for path in MODULES}
        if (count := len([*folder.glob("[!_]*.py")])) > MOST_MODULES
    }
    crowded.pop(ONE_FILE_A_COMMAND, None)
    assert crowded == {}


@pytest.mark.parametrize("room", ROOMS)
def test_no_module_is_long_without_a_reason(room: str) -> None:
    long = []
    for path in (path for path in MODULES if path.is_relative_to(ROOT / room)):
        text = path.read_text(encoding="utf-8")
        reason = FOR_A_REASON in (ast.get_docstring(ast.parse(text)) or "")
        if text.count("\n") > MOST_LINES and not reason:
            long.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))}")
    assert long == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_function_is_long(room: str) -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in MODULES
        if path.is_relative_to(ROOT / room)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def public_functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield the public functions of a module and the public methods of its public classes."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.ClassDef(name=name) if not name.startswith("_"):
                yield from public_functions(node)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                # The docstring of a click command is the help that its user reads.
                decorators = map(ast.unparse, node.decorator_list)
                command = any(re.match(r"\w+\.(command|group)\b", each) for each in decorators)
                if not name.startswith("_") and not command:
                    yield node
            case ast.If():
                yield from public_functions(node)


NOBODY_CATCHES = {"NotImplementedError", "AttributeError"}
"""What Python itself asks for by these names."""


def names_of(raised: ast.expr) -> set[str]:
    """Return the last word of each name that an expression in `raise` may stand for."""
    match raised:
        case ast.Call(func=function):
            return names_of(function)
        case ast.IfExp(body=one, orelse=other):
            return names_of(one) | names_of(other)
        case _:
            return {ast.unparse(raised).rpartition(".")[2]}


def raised_by(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Return the names of the exceptions that the function raises itself."""
    found: set[str] = set()
    nodes: list[ast.AST] = [*function.body]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Raise) and node.exc is not None:
            found |= names_of(node.exc)
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
            nodes += ast.iter_child_nodes(node)
    # A small initial is a variable, or a function that makes an exception.
    return {name for name in found if name[0].isupper()} - NOBODY_CATCHES


def untold(source: str) -> list[str]:
    """Return what public functions raise without a word of it under `Raises:`."""
    found = []
    for function in public_functions(ast.parse(source)):
        _, _, told = (ast.get_docstring(function) or "").partition("Raises:")
        found += [f"{function.name}: {name}" for name in raised_by(function) if name not in told]
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_function_tells_what_it_raises(room: str) -> None:
    told = {
        str(path.relative_to(ROOT)): untold(path.read_text(encoding="utf-8"))
        for path in MODULES
        if path.is_relative_to(ROOT / room)
    }
    assert {path: names for path, names in told.items() if names} == {}


def test_what_is_raised_without_a_word_is_found() -> None:
    body = '"""Do it.{told}"""\n        if x:\n            raise errors.Odd(1) from None'
    source = "class A:\n    def go(self):\n        " + body
    assert untold(source.format(told="")) == ["go: Odd"]
    assert untold(source.format(told="\n\n        Raises:\n            Odd: Always.\n")) == []
    assert untold(source.replace("def go", "def _go").format(told="")) == []
