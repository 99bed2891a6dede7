"""If these fail, a county's trainer loses their own cases, or ours beside them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Event

import pytest

from casework.pathways_in_use import read_pathways
from casework.training import shelf as shelf_module
from casework.training.opening import load_used
from casework.training.shelf import read_shelf
from stepping.pathway.model import Pathway
from store.files.unresponsive import SILENT
from store.paths import PATHWAYS
from store.pathway_files.files import built_in, ids, load
from store.pathway_files.vignettes import vignette_files

CASE = "sleepless_teacher"
OURS = vignette_files()


@cache
def used() -> Mapping[str, Pathway]:
    return {name: built_in(name) for name in ids()}


def write(folder: Path, id_: str, was: str = "", becomes: str = "") -> None:
    text = OURS[CASE].read_text("utf-8").replace(f'"{CASE}"', f'"{id_}"')
    assert was in text
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{id_}.toml").write_text(text.replace(was, becomes, 1), encoding="utf-8")


@pytest.mark.parametrize("named", [True, False])
def test_own_cases_stand_beside_ours_and_go_before_them(tmp_path: Path, named: bool) -> None:
    folder = tmp_path / "vignettes"
    write(folder, "ours_too")
    write(folder, CASE, "difficulty = 1", "difficulty = 3")
    root, own = (PATHWAYS, folder) if named else (tmp_path, None)
    shelf = read_shelf(root, used(), own)
    assert {*shelf.cases} == {*OURS, "ours_too"}
    assert list(shelf.cases) == sorted(shelf.cases)
    assert shelf.cases[CASE].vignette.difficulty == 3
    assert (shelf.faults, shelf.unfit) == ((), ())


def test_of_ours_only_those_remain_that_fit_a_countys_pathways(tmp_path: Path) -> None:
    """A county's rules are its own; that one of our cases does not fit them is no fault."""
    shutil.copytree(PATHWAYS / "adult", tmp_path / "adult")
    rules = tmp_path / "adult" / "rules.toml"
    rules.write_text(rules.read_text("utf-8").replace('id = "A14"', 'id = "A41"'), "utf-8")
    write(tmp_path / "vignettes", "own", 'rule = "A2"', 'rule = "A14"')
    county = {"adult": load("adult", tmp_path)}
    write(tmp_path / "vignettes", "other", 'rule = "A2"', 'rule = "A41"')
    shelf = read_shelf(tmp_path, county)
    assert "other" in shelf.cases
    assert [fault.file for fault in shelf.faults] == ["vignettes/own.toml"]
    assert {*shelf.unfit} | {*shelf.cases} == {*OURS, "other"}
    assert not {*shelf.unfit} & {*shelf.cases}


def test_a_class_begins_with_no_pathway_that_its_seats_refuse(tmp_path: Path) -> None:
    """Its cases would be there for the trainer, and for nobody at a seat."""
    shutil.copytree(PATHWAYS / "adult", tmp_path / "adult")
    assert {*load_used(tmp_path)} == {"adult"}
    (tmp_path / "adult").rename(tmp_path / "grown")
    assert load_used(tmp_path) == {}
    assert not any(isinstance(each, Pathway) for each in read_pathways(tmp_path).values())


def test_a_folder_that_is_not_there_is_told_and_ours_stay(tmp_path: Path) -> None:
    shelf = read_shelf(PATHWAYS, used(), tmp_path / "none")
    assert {*shelf.cases} == {*OURS}
    assert "the folder cannot be read" in str(shelf.faults[0])
    assert read_shelf(tmp_path, used()).faults == ()


def test_a_drive_that_has_gone_away_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Practice goes on with our cases, and says why one's own are not there."""
    gone = Event()

    def silent(root: Path = PATHWAYS, own: Path | None = None) -> dict[str, Path]:
        if own is not None:
            gone.wait(30)
        return vignette_files(root)

    monkeypatch.setattr(shelf_module, "vignette_files", silent)
    monkeypatch.setattr(shelf_module, "_PATIENCE_S", 0.05)
    shelf = read_shelf(PATHWAYS, used(), tmp_path)
    gone.set()
    assert {*shelf.cases} == {*OURS}
    assert [fault.message for fault in shelf.faults] == [SILENT]
