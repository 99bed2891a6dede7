"""Names that no file of Windows can have, and what is refused for that."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from store import output
from store.keys.authentication import is_same_user
from store.output import Guarded, Kind, Unwritten, find_target
from store.pathway_files.new_pathway import CannotMake, make_pathway
from store.pathway_files.new_vignette import check_id
from store.training.places import is_seat
from store.windows.names import is_device, is_fit
from store.windows.synchronised import service_of

DEVICES = ("con", "CON", "nul", "aux", "prn", "com1", "LPT9", "nul.txt", "con .tar.gz", "COM¹")


@pytest.mark.parametrize("name", DEVICES)
def test_a_device_is_known_in_every_form(name: str) -> None:
    assert is_device(name)
    assert not is_fit(name)


@pytest.mark.parametrize("name", ["console", "con1", "com", "com10", "nulla", "x.con", "pauxa"])
def test_what_only_looks_like_a_device_is_a_name(name: str) -> None:
    assert not is_device(name)
    assert is_fit(name)


@pytest.mark.parametrize("name", ["a:b", "note.txt:hidden", "a?", "a.", "a ", "tab\t", 'a"b'])
def test_what_windows_changes_or_takes_for_something_else_is_no_name(name: str) -> None:
    assert not is_fit(name)


def test_nothing_that_goes_from_one_computer_to_another_is_called_as_a_device(
    tmp_path: Path,
) -> None:
    assert [word for word in ("con", "nul", "aux", "prn", "koivu") if is_seat(word)] == ["koivu"]
    with pytest.raises(CannotMake, match="Windows"):
        check_id("con")
    with pytest.raises(CannotMake, match="Windows"):
        make_pathway(tmp_path / "new", "aux", {})
    assert not any(tmp_path.iterdir())


def test_a_file_for_a_person_has_a_name_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, guarded = Kind(lambda _: True), Guarded(tmp_path / "store" / "porras.db")
    if sys.platform != "win32":
        assert not find_target(tmp_path / "nul.txt", kind, guarded).taken
    monkeypatch.setattr(output, "_WINDOWS", True)
    for name in ("nul.txt", "note.txt:stream", "note.txt."):
        with pytest.raises(Unwritten) as refused:
            find_target(tmp_path / name, kind, guarded)
        assert refused.value.sentence == output.NO_NAME


def test_a_folder_that_a_service_copies_away_is_known(tmp_path: Path) -> None:
    environment = {"OneDriveCommercial": str(tmp_path / "OneDrive"), "OneDrive": ""}
    assert service_of(tmp_path / "OneDrive" / "work" / "porras.db", environment) == "OneDrive"
    assert service_of(tmp_path / "onedrive", environment) == "OneDrive"  # as Windows sees names
    assert service_of(tmp_path / "OneDrive of old" / "porras.db", environment) is None
    assert service_of(tmp_path, environment) is None


def test_a_user_of_windows_is_the_same_however_the_name_is_written() -> None:
    assert is_same_user("Maija", "maija", "nt")
    assert not is_same_user("Maija", "maija", "posix")
    assert is_same_user("maija", "maija", "posix")
    assert not is_same_user("maija", "maija2", "nt")
