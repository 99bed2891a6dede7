"""Imports inside functions of the store: each is known here, with the reason why it waits."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import store

ROOT = Path(store.__file__).parent


class Late(NamedTuple):
    """Why something is read only when a function needs it, and the modules that wait so."""

    why: str
    modules: set[str]


SEALED = "practice has no passphrase, and the first picture is shown before one is asked for"
DECIDED = "the start screen lists what waits, and looks into no pathway, assessment or episode"
SYSTEM = "other systems do not have it"
SELDOM = "few programs that run come to need it"
LATE = {
    "argon2": Late(SEALED, {"keys.keyslots"}),
    "cryptography": Late(SEALED, {"audit.seals", "keys.keyslots", "maintenance.health"}),
    "stepping": Late(
        DECIDED,
        {
            "audit.event_types",
            "opening.training",
            "repository.decisions",
            "repository.episodes",
            "repository.internal.draft_status",
            "repository.internal.episodes",
            "repository.internal.moves",
            "repository.internal.pathway_copies",
            "repository.internal.safety_contacts",
            "repository.internal.worklist_lines",
            "retention.statistics",
        },
    ),
    "store.backup": Late("the training store keeps no backups", {"opening.store_file"}),
    "store.maintenance": Late(
        "the training store keeps no backups, and a sound one is not checked at once",
        {"opening.store_file"},
    ),
    "store.keys": Late("its list of words is for a new passphrase alone", {"keys.credentials"}),
    "store.pathway_files": Late(DECIDED, {"opening.training", "session.session"}),
    "ctypes": Late(SELDOM, {"database.guard"}),
    "fcntl": Late(SYSTEM, {"backup.restore_plan", "files.file_lock"}),
    "getpass": Late(SYSTEM, {"audit.origin"}),
    "importlib": Late(SELDOM, {"audit.origin", "backup.backup"}),
    "json": Late(SELDOM, {"audit.staff_ledger"}),
    "msvcrt": Late(SYSTEM, {"files.file_lock"}),
    "platformdirs": Late("whoever names a database needs no usual place", {"paths"}),
    "pwd": Late(SYSTEM, {"audit.origin", "files.ownership", "keys.authentication"}),
    "resource": Late(SYSTEM, {"files.disk_errors"}),
    "shutil": Late(SELDOM, {"files.drives"}),
}


def test_every_import_inside_a_function_is_known_with_its_reason() -> None:
    found = defaultdict(set)
    for path in ROOT.rglob("*.py"):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for name in imported_late(ast.parse(path.read_text("utf-8"))):
            parts = name.split(".")
            found[".".join(parts[: 2 if parts[0] == "store" else 1])].add(module)
    assert found == {name: late.modules for name, late in LATE.items()}


def imported_late(source: ast.Module) -> Iterator[str]:
    """The modules that functions import, those of other rooms of the store by their room."""
    for function in ast.walk(source):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.ImportFrom):
                    yield node.module or ""
                elif isinstance(node, ast.Import):
                    yield from (each.name for each in node.names)
