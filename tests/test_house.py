"""The house stays as it is drawn: rooms apart, names its own, started from anywhere."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("tui", "screens", "casework", "store", "stepping")


def loaded_by(*modules: str) -> set[str]:
    """Every module that a fresh interpreter has after some imports."""
    code = f"import json, sys, {', '.join(modules)}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(json.loads(done.stdout))


CORE = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "stepping").rglob("[a-z]*.py")
)


def test_the_core_pulls_in_no_terminal_and_no_database() -> None:
    """What decides must run, and be proven, without anything around it."""
    found = loaded_by("stepping", *CORE)
    assert found >= {"stepping", *CORE}
    loaded = {name.split(".")[0] for name in found}
    unwanted = {"textual", "rich", "sqlite3", "sqlite_utils", "sqlcipher3", "click", "platformdirs"}
    assert not loaded & unwanted
    assert not loaded & {"tui", "screens", "casework", "store"}


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
        "screens/base",
        "casework/locale",
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
    for path in (ROOT / room).rglob("*.py"):
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path


CLOCKS = {
    f"{clock}{unit}"
    for clock in ("time", "monotonic", "perf_counter", "process_time", "thread_time")
    for unit in ("", "_ns")
}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
MEASURED = re.compile(r"^(time_to_\w+|\w+_took|cpu_s|cpu_ms\w*|latency\w*_ms\w*|elapsed\w*)$")
"""What the measuring tools of `tests/terminal` call a time that they took."""


def _reads_a_clock(node: ast.AST, late: set[str]) -> bool:
    """Whether an expression calls a clock, or names what came of one."""
    for part in ast.walk(node):
        match part:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="time"), attr=name)):
                timed = name in CLOCKS
            case ast.Call(func=ast.Name(id=name)):
                timed = name in CLOCKS
            case ast.Name(id=name):
                timed = name in late or bool(MEASURED.match(name))
            case ast.Attribute(attr=name) | ast.Constant(value=str(name)):
                timed = bool(MEASURED.match(name))
            case _:
                timed = False
        if timed:
            return True
    return False


def _bound(node: ast.AST) -> list[tuple[ast.expr, ast.expr]]:
    """The targets that a statement or a walrus binds, each with its value."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
            return list(zip(names, values, strict=False))
        case ast.Assign(targets=targets, value=value):
            return [(target, value) for target in targets]
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            return [(target, value)]
        case ast.AugAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value):
            return [(target, value)]
        case _:
            return []


def timings(source: str) -> list[int]:
    """The lines on which a test asserts how long something took on a clock."""
    found = set()
    tree = ast.parse(source)
    for scope in [tree, *(n for n in ast.walk(tree) if isinstance(n, FUNCTIONS))]:
        late: set[str] = set()
        bound = [pair for node in ast.walk(scope) for pair in _bound(node)]
        for _ in range(3 if scope is not tree else 0):  # a time may be handed on some times
            late |= {
                target.id
                for target, value in bound
                if isinstance(target, ast.Name) and _reads_a_clock(value, late)
            }
        found |= {
            node.lineno
            for node in ast.walk(scope)
            if isinstance(node, ast.Assert) and _reads_a_clock(node.test, late)
        }
    return sorted(found)


def test_no_test_asserts_time_on_the_clock() -> None:
    """A busy machine would fail it. Times are rows of `tests/bench`; a wait gives up by raising."""
    told = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if "bench" not in path.relative_to(ROOT).parts
        for line in timings(path.read_text(encoding="utf-8"))
    ]
    assert told == []


@pytest.mark.parametrize(
    "body",
    [
        "assert time.perf_counter() - before < 3",
        "assert time.monotonic() < end",
        "took = time.time() - start; assert took < 1",
        "a, b = 1, perf_counter(); c = b - a; assert c <= 2",
        "assert (took := monotonic() - start) < 1",
        "assert result['time_to_settled_s'] < 1.0",
        "assert session.cpu_s < 10",
        "start = time.time(); late = start + 5; assert not late < other",
    ],
)
def test_a_test_that_asserts_time_is_found(body: str) -> None:
    assert timings(f"def test_it():\n    {body}") == [2]


@pytest.mark.parametrize(
    "body",
    [
        "end = time.perf_counter() + 5\n    while time.perf_counter() < end: pass",
        "clock.now += 3; assert clock.now == 3",
        "assert row.at == datetime(2026, 1, 1)",
    ],
)
def test_waiting_and_made_up_clocks_are_fine(body: str) -> None:
    assert timings(f"def test_it():\n    {body}") == []


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
