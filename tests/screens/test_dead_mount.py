"""If these fail, a drive that has gone away takes the emergency card and the drafts with it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import casework.workspace
import tui.settings
from casework.emergency_cards import list_emergency_cards
from casework.workspace import Workspace
from screens.assessment.question import QuestionScreen
from screens.desk.emergency import EmergencyScreen
from screens.desk.start import StartScreen
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import Pathway
from store import paths
from store.errors import DriveSilent
from store.files import regular_files
from store.files.unresponsive import SILENT, Asked, NoAnswer, give_sign
from store.paths import find_answering
from store.pathway_files.care import load_care
from tests.dead import dead_mount
from tests.screens.running import CALM, Session, Stage
from tests.scripts import ROOT
from tests.terminal.session import until
from tui.settings import SettingsError, read_settings

NOTHING: dict[str, str | None] = {"db": None, "pathways": None, "lang": None, "config": None}


@pytest.fixture
def dead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that does not answer; where nothing may be mounted, one that waits for the test."""
    for module, name in (
        (casework.workspace, "PATIENCE_S"),
        (casework.workspace, "HURRY_S"),
        (tui.settings, "_PATIENCE_S"),
        (paths, "_PATIENCE_S"),
    ):
        monkeypatch.setattr(module, name, 0.2)
    (folder := tmp_path / "gone").mkdir()
    with dead_mount(folder) as mounted:
        if mounted:
            yield folder
            return
    over, real = threading.Event(), os.stat

    def never(path: Any, **more: Any) -> os.stat_result:
        if str(path).startswith(str(folder)):
            over.wait()
        return real(path, **more)

    monkeypatch.setattr(os, "stat", never)
    monkeypatch.setattr(os, "lstat", never)
    yield folder
    over.set()


async def test_the_emergency_card_opens_while_a_drive_is_waited_for(
    stage: Stage, dead: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casework.workspace, "PATIENCE_S", 600)
    monkeypatch.setattr(Session, "patient", False)
    async with stage.program(demo=True, pathways=dead) as session:
        assert session.on(StartScreen).looking
        await session.press("f10")
        session.on(EmergencyScreen)
        session.says("112")
        await session.press("escape", "down")
        assert session.on(StartScreen).looking
        await session.press("q")
        assert not session.app.is_running, "nor is the end of the program waited for"


async def test_the_start_goes_on_without_what_does_not_answer(stage: Stage, dead: Path) -> None:
    stage.draft(CALM)
    async with stage.workplace(pathways=dead) as session:
        session.says("the folder does not answer")
        await session.press("escape")
        session.on(StartScreen)
        await session.press("1")
        session.on(QuestionScreen)


def test_the_emergency_card_waits_for_no_drive(dead: Path, stage: Stage) -> None:
    workspace = Workspace(stage.clock, pathways=dead)
    assert not workspace.pathways_ready()
    assert list_emergency_cards(workspace)
    assert workspace.areas == ()
    assert workspace.area_fault is not None
    assert SILENT in str(workspace.area_fault)


def test_what_the_store_has_kept_stays_in_use(
    dead: Path, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stage.store() as store:
        with monkeypatch.context() as patient:
            patient.setattr(casework.workspace, "PATIENCE_S", 60)
            good = Workspace(stage.clock, opened=store).pathway_statuses
            assert all(each.used for each in good)
        workspace = Workspace(stage.clock, pathways=dead, opened=store)
        assert all(isinstance(found, PathwayError) for found in workspace.pathways_on_disk.values())
        used = {each.name: each.used and each.used.digest for each in workspace.pathway_statuses}
        assert used == {each.name: each.used and each.used.digest for each in good}
        assert all(SILENT in str(each.faults[0]) for each in workspace.pathway_statuses)


def test_a_folder_that_answers_late_is_used_as_soon_as_it_does(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow stick, or a busy machine, must not cost the assessments of the whole day."""
    monkeypatch.setattr(casework.workspace, "PATIENCE_S", 0.05)
    may_read, real = threading.Event(), regular_files.read

    def slow(path: Path, most: int, **more: bool) -> bytes:
        if path.suffix == ".toml":
            assert may_read.wait(60)
        return real(path, most, **more)

    monkeypatch.setattr(regular_files, "read", slow)
    with stage.store() as store:
        workspace = Workspace(stage.clock, opened=store)
        assert store.pathway_texts.find_last_good() == {}, "nothing is known of what is there"
        with pytest.raises(PathwayError, match="does not answer"):
            _ = workspace.pathways_in_use
        assert workspace.areas == ()
        may_read.set()
        monkeypatch.setattr(casework.workspace, "PATIENCE_S", 60)
        until(lambda: isinstance(workspace.pathways_on_disk.get("adult"), Pathway))
        assert workspace.find_pathway_for(46) is not None
        assert workspace.areas
        assert workspace.area_fault is None
        assert workspace.care == load_care(workspace.pathways)


def test_a_disk_that_is_slow_but_answers_is_waited_for() -> None:
    began = time.monotonic()

    def slowly() -> str:
        while time.monotonic() < began + 1.5:
            time.sleep(0.02)
            give_sign()
        return "read"

    assert Asked(slowly).result(1.0) == "read"


def test_a_disk_that_answers_for_ever_is_not() -> None:
    over = threading.Event()

    def for_ever() -> None:
        while not over.wait(0.005):
            give_sign()

    with pytest.raises(NoAnswer):
        Asked(for_ever).result(0.02)
    over.set()


def test_settings_and_places_wait_for_no_drive(dead: Path) -> None:
    found = read_settings({**NOTHING, "pathways": str(dead)}, {})
    assert found.pathways == dead
    assert found.notes == (f"{dead}: {SILENT}",)
    with pytest.raises(SettingsError, match="does not answer"):
        read_settings({**NOTHING, "config": str(dead / "config.toml")}, {})
    with pytest.raises(DriveSilent):
        find_answering(dead / "porras.db")


def test_the_program_ends_although_a_thread_still_hangs(dead: Path) -> None:
    code = (
        "import casework.workspace as d; from store.times import utc_now; from pathlib import Path;"
        f"d.PATIENCE_S = 0.2; workspace = d.Workspace(utc_now, pathways=Path({str(dead)!r}));"
        "print(workspace.areas, workspace.area_fault)"
    )
    if str(dead) not in Path("/proc/mounts").read_text():
        pytest.skip("nothing may be mounted here")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert SILENT in done.stdout
