"""A folder of its own for every test, the pathway that comes with the program, its translations."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import casework.workspace
from store.paths import find
from store.pathway_files import files
from tests.screens.running import Stage

LOCALE = Path(__file__).resolve().parents[2] / "casework" / "locale"


@pytest.fixture(scope="session", autouse=True)
def _translations() -> None:
    """Compile what has been translated since the program was installed."""
    for source in LOCALE.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            with source.open("rb") as text, target.open("wb") as compiled:
                write_mo(compiled, read_po(text))


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(find(tmp_path / "data" / "porras.db"), files.built_in("adult"))


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder of the test's own, where fingers that type a file name do no harm."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def _a_busy_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait longer for a disk that other tests keep busy than a nurse would."""
    monkeypatch.setattr(casework.workspace, "PATIENCE_S", 60.0)
