"""If these fail, practice reaches into a store of care, or care into what was practised."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from screens.assessment.pause import PauseScreen
from screens.desk.start import StartScreen
from screens.training.menu import TrainingMenu
from screens.training.reset import BeginAnewScreen
from store.database import engine
from store.errors import NotTraining, StoreError
from store.opening import unlock
from store.training.opening import open_training
from tests.screens.running import HANDLE, PASSPHRASE, Stage
from tests.screens.test_training import on
from tui.cli import porras

_OPENED: list[str] | None = None


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _OPENED is not None and event == "open" and isinstance(arguments[0], str | bytes | Path):
        name = arguments[0]
        _OPENED.append(name.decode() if isinstance(name, bytes) else str(name))


sys.addaudithook(_hear)


@contextmanager
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every file that is opened meanwhile, by the program or by the engine."""
    global _OPENED
    heard: list[str] = []
    dial = engine.dial

    def listening(path: Path, key: bytes | None, mode: str) -> Any:
        heard.append(str(path))
        return dial(path, key, mode)

    with monkeypatch.context() as patched:
        patched.setattr(engine, "dial", listening)
        _OPENED = heard
        try:
            yield heard
        finally:
            _OPENED = None


def state(stage: Stage) -> dict[str, tuple[bytes, int]]:
    """The files of the real store, and when each was last written."""
    stem = stage.places.database.stem
    files = (each for each in stage.places.database.parent.glob(f"{stem}.*") if each.is_file())
    return {each.name: (each.read_bytes(), each.stat().st_mtime_ns) for each in files}


async def test_a_whole_practice_session_does_not_even_open_the_real_store(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stage.store():
        pass
    before = state(stage)
    assert len(before) >= 3
    with opened(monkeypatch) as heard:
        async with stage.program(demo=True) as session:
            await session.press("n", "enter", *"1986", "enter", "1", "3", "1", "1")
            await session.press("1", "enter", "escape")
            on(session, PauseScreen)
            await session.press("l")
            on(session, StartScreen)
            await session.press("t")
            on(session, TrainingMenu)
            await session.press("o", "escape", "b", "1")
            await session.type("anew")
            while isinstance(session.shown, BeginAnewScreen):
                await asyncio.sleep(0.05)
                await session.settle()
            on(session, TrainingMenu)
        for words in ("--demo worklist", "train --reset --yes", "train --results"):
            given = ["--db", str(stage.places.database), *words.split()]
            assert CliRunner().invoke(porras, given).exit_code == 0
    assert state(stage) == before
    stem = f"{stage.places.database.stem}."
    assert [path for path in heard if Path(path).name.startswith(stem)] == []
    assert any(path.endswith("training.db") for path in heard)


async def test_care_reads_nothing_of_practice(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_training(stage.places.training).close()
    with stage.store():
        pass
    with opened(monkeypatch) as heard:
        async with stage.workplace() as session:
            await session.press("w", "escape", "p", "escape", "c", "escape", "n")
            await session.press("enter", *"1986", "enter", "1", "3", "1", "1")
    told = [path for path in heard if "vignettes" in path or "training" in Path(path).name]
    assert told == []
    assert not any(path.endswith("record.json") for path in heard)


def test_neither_store_passes_for_the_other(stage: Stage) -> None:
    with stage.store():
        pass
    places = stage.places
    with pytest.raises(NotTraining):
        open_training(places.database)
    open_training(places.training).close()
    places.training.replace(places.database)
    with pytest.raises(StoreError):
        unlock.unlock(places, HANDLE, PASSPHRASE)


@pytest.mark.parametrize(
    "words", ["backup make OUT", "backup drill OUT", "purge", "rekey", "doctor --deep", "worklist"]
)
def test_no_command_of_care_takes_a_training_store(stage: Stage, words: str) -> None:
    path = stage.places.training
    open_training(path).close()
    before = path.read_bytes()
    out = str(path.parent / "out")
    given = ["--db", str(path), *words.replace("OUT", out).split()]
    secret = path.parent / "secret"
    secret.write_text(PASSPHRASE)
    secret.chmod(0o600)
    who = ["--as", HANDLE, "--passphrase-file", str(secret)]
    assert CliRunner().invoke(porras, [*given, *who]).exit_code in {1, 2}
    assert path.read_bytes() == before
    assert not (path.parent / "out").exists()
