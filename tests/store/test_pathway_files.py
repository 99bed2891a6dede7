"""Pathways on disk: a county's own copy is used where it stands, and no other."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import Pathway
from store.paths import PATHWAYS
from store.pathway_files.files import (
    LARGEST_FILE,
    MOST_FILES,
    UnknownPathway,
    area_files,
    built_in,
    find_folder,
    folder_files,
    ids,
    load,
    load_all,
    load_areas,
    shared_folder,
)
from store.pathway_files.new_pathway import make_pathway
from tests.stepping.cases import SMALL, small


def lay_out(folder: Path, files: Mapping[str, str] = SMALL) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_one_broken_pathway_does_not_hide_another(tmp_path: Path) -> None:
    lay_out(tmp_path / "small")
    lay_out(tmp_path / "youth", {"pathway.toml": "id = ["})
    found = load_all(["small", "youth"], tmp_path)
    assert isinstance(found["small"], Pathway)
    assert isinstance(found["youth"], PathwayError)
    assert "rules.toml" in {problem.file for problem in found["youth"].diagnostics}


def test_a_copy_under_another_name_is_not_taken_for_a_pathway_of_its_own(tmp_path: Path) -> None:
    lay_out(tmp_path / "trial")
    (error,) = load_all(["trial"], tmp_path).values()
    assert str(error) == "pathway.toml:1: id is not the folder's name, 'trial'"


def test_a_folder_that_may_not_be_looked_into_is_a_fault_and_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> dict[str, str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("store.pathway_files.files.folder_files", refuse)
    (error,) = load_all(["small"], tmp_path).values()
    assert str(error) == "pathway.toml:1: cannot be read: Permission denied"


def test_ours_are_found_by_id() -> None:
    assert "adult" in ids()
    assert find_folder("adult") == PATHWAYS / "adult"
    assert load("adult").digest == built_in("adult").digest


def test_a_folder_is_a_pathway_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = lay_out(tmp_path / "mine")
    assert load(str(folder)).digest == small().digest
    monkeypatch.chdir(tmp_path)
    assert load("mine").id == "small"
    assert load("./mine/").id == "small"


def test_a_folder_of_pathways_is_searched_by_id_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --pathways set, "adult" must be the county's own and not a folder lying about."""
    root = tmp_path / "county"
    lay_out(
        root / "adult", {**SMALL, "pathway.toml": SMALL["pathway.toml"].replace('"1"', '"7"', 1)}
    )
    lay_out(tmp_path / "adult")
    monkeypatch.chdir(tmp_path)
    assert load("adult", root).header.version == "7"
    assert ids(root) == ["adult"]


@pytest.mark.parametrize("name", ["adlt", "", ".", "no/such/folder", "adult/rules.toml", "a\x00b"])
def test_an_unknown_pathway_is_told_with_what_there_is(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnknownPathway) as refused:
        find_folder(name)
    assert "adult" in str(refused.value)
    with pytest.raises(UnknownPathway, match="there is none"):
        find_folder(name, tmp_path)


def test_shared_files_are_taken_from_the_nearest_place(tmp_path: Path) -> None:
    own = lay_out(tmp_path / "own")
    assert shared_folder(own, "cards") == own / "cards"
    plain = {name: content for name, content in SMALL.items() if "/" not in name}
    root = tmp_path / "county"
    lay_out(root / "small", plain)
    assert shared_folder(root / "small", "cards") == PATHWAYS / "cards"
    with pytest.raises(PathwayError, match="instrument 'mood' has no file"):
        load("small", root)
    lay_out(root, {name: content for name, content in SMALL.items() if "/" in name})
    assert shared_folder(root / "small", "cards") == root / "cards"
    assert load("small", root).digest == small().digest


@pytest.mark.skipif(sys.platform == "win32", reason="links and rights of Unix")
def test_a_shared_folder_that_cannot_be_read_is_a_fault_and_never_replaced_by_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = {name: content for name, content in SMALL.items() if "/" not in name}
    folder = lay_out(tmp_path / "small", plain)
    lay_out(tmp_path, {name: content for name, content in SMALL.items() if "/" in name})
    shutil.rmtree(tmp_path / "cards")
    (tmp_path / "cards").symlink_to("cards")
    with pytest.raises(PathwayError, match="cards:1: the folder cannot be read: Too many levels"):
        folder_files(folder)
    (tmp_path / "cards").unlink()
    (tmp_path / "cards").write_text("no folder", encoding="utf-8")
    with pytest.raises(PathwayError, match="cards:1: the folder cannot be read: Not a directory"):
        folder_files(folder)
    (tmp_path / "cards").unlink()
    (tmp_path / "cards").mkdir()
    look = os.scandir, os.listdir

    def refuse(how: Callable[..., Any]) -> Callable[..., Any]:
        def refused(path: Any = ".") -> Any:
            if Path(path).name == "cards":
                raise PermissionError(13, "Permission denied", str(path))
            return how(path)

        return refused

    monkeypatch.setattr(os, "scandir", refuse(look[0]))
    monkeypatch.setattr(os, "listdir", refuse(look[1]))
    with pytest.raises(PathwayError, match="cards:1: the folder cannot be read: Permission denied"):
        folder_files(folder)


def test_a_pathway_that_may_not_be_looked_into_is_listed_with_its_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path / "small")
    shut = {"closed", "lost+found", ".cache", "cards"}
    for closed in shut:
        (tmp_path / closed).mkdir()
    look = os.stat

    def refuse(path: Any, *more: Any, **options: Any) -> Any:
        if Path(os.fsdecode(path)).parent.name in shut:
            raise PermissionError(13, "Permission denied", str(path))
        return look(path, *more, **options)

    monkeypatch.setattr(os, "stat", refuse)
    assert ids(tmp_path) == ["closed", "small"]
    with pytest.raises(PathwayError, match=r"Permission denied|missing"):
        load("closed", tmp_path)
    assert area_files(tmp_path), "and nothing else falls with it"


def test_text_that_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "mine")
    path = folder / "rules.toml"
    path.write_bytes(b"# one\n# two \xe4\xe4\n" + path.read_bytes())
    with pytest.raises(PathwayError) as refused:
        load(str(folder))
    assert str(refused.value) == "rules.toml:2: is not UTF-8 text"
    card = folder / "cards" / "danger.toml"
    path.write_text(SMALL["rules.toml"], encoding="utf-8")
    card.write_bytes(b"\xff" + card.read_bytes())
    with pytest.raises(PathwayError, match=r"^cards/danger\.toml:1: is not UTF-8 text"):
        load(str(folder))


def test_how_an_editor_saves_does_not_change_the_digest(tmp_path: Path) -> None:
    """Windows line ends and a byte order mark are no change of the rules."""
    folder = lay_out(tmp_path / "mine")
    for name, content in SMALL.items():
        (folder / name).write_bytes(b"\xef\xbb\xbf" + content.replace("\n", "\r\n").encode())
    assert load(str(folder)).digest == small().digest


def test_a_huge_file_is_no_pathway(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "mine")
    (folder / "examples.toml").write_bytes(b"#" * (LARGEST_FILE + 1))
    with pytest.raises(PathwayError, match=r"examples\.toml:1: is larger than"):
        load(str(folder))


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "mine")
    (folder / "cards" / "danger.toml").unlink()
    (folder / "cards" / "danger.toml").mkdir()
    with pytest.raises(PathwayError, match=r"cards/danger\.toml:1: cannot be read"):
        load(str(folder))


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "mine")
    (folder / "notes.txt").write_bytes(b"\xff\xfe")
    (folder / "cards" / "old.toml.bak").write_bytes(b"\xff")
    assert load(str(folder)).digest == small().digest
    assert set(folder_files(folder)) == set(SMALL)


def test_services_are_read_beside_the_pathways(tmp_path: Path) -> None:
    assert [area.id for area in load_areas()] == ["kanta_hame_example", "paijat_hame_example"]
    (tmp_path / "services").mkdir()
    assert load_areas(tmp_path) == ()
    (tmp_path / "services" / "area.toml").write_text('id = "area"\n')
    with pytest.raises(PathwayError, match=r"services/area\.toml:1: 'county' is missing"):
        load_areas(tmp_path)


def test_a_countys_own_services_stand_inside_its_pathway_or_beside_it(tmp_path: Path) -> None:
    """Who follows `porras pathway new` finds the services on the screen, and no invented ones."""
    county = tmp_path / "county" / "mine"
    county.parent.mkdir()
    make_pathway(county, "mine", {})
    (own,) = load_areas(county.parent)
    assert own.id != "paijat_hame_example"
    assert list(area_files(county.parent)) == ["mine/services/my_area.toml"]
    (county / "services").rename(county.parent / "services")
    assert load_areas(county.parent) == (own,)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of Unix")
def test_what_is_no_file_or_has_no_end_is_told_and_never_read_whole(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "mine")
    os.mkfifo(folder / "cards" / "pipe.toml")
    with pytest.raises(PathwayError, match=r"cards/pipe\.toml:1: cannot be read: it is not a file"):
        folder_files(folder)
    (folder / "cards" / "pipe.toml").unlink()
    (folder / "rules.toml").unlink()
    (folder / "rules.toml").mkdir()
    with pytest.raises(PathwayError, match=r"rules\.toml:1: cannot be read: it is not a file"):
        folder_files(folder)
    (folder / "rules.toml").rmdir()
    with (folder / "rules.toml").open("wb") as file:
        file.truncate(50_000_000_000)  # a hole: it takes no room, and would fill any memory
    with pytest.raises(PathwayError, match=f"is larger than {LARGEST_FILE} bytes"):
        folder_files(folder)


def test_a_folder_of_too_many_files_is_told(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "mine")
    for number in range(MOST_FILES):
        (folder / "cards" / f"c{number}.toml").write_text("", encoding="utf-8")
    with pytest.raises(PathwayError, match=f"cards:1: has more than {MOST_FILES} files"):
        folder_files(folder)
