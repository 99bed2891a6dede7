"""If these fail, a word too few or too many puts a training store back that somebody needs."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from casework.training.caseload import caseload
from store.paths import find
from store.training.opening import open_training
from store.training.places import seat_places
from store.training.reset import look
from store.training.shapes import read_shapes
from tests.store.training.test_reset import open_elsewhere
from tui import say
from tui.cli import porras
from tui.settings import Settings


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = find(tmp_path / "porras.db").training
    with open_training(path) as store:
        store.clients.add(birth_year=1980, language="fi")
    return path


def run(path: Path, *words: str, typed: str | None = None) -> Result:
    given = ["--db", str(path.with_name("porras.db")), "--lang", "en", *words]
    return CliRunner().invoke(porras, given, input=typed)


def clients(path: Path) -> int:
    found = look(path)
    assert found
    return found.clients


def test_a_person_is_told_what_goes_and_asked(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(say, "is_answered_by_a_person", lambda: True)
    refused = run(path, "--demo", "--reset", typed="\n")
    assert refused.exit_code == 1
    assert clients(path) == 7
    done = run(path, "--demo", "--reset", typed="y\n")
    assert "7 invented clients go" in done.output
    assert "3 cases under way are lost" in done.output
    assert "Your own results stay." in done.output
    assert done.exit_code == 0
    assert clients(path) == 6


def test_a_script_says_yes(path: Path) -> None:
    assert run(path, "--demo", "--reset").exit_code == 2
    assert clients(path) == 7
    assert run(path, "train", "--reset", "--yes").exit_code == 0
    assert clients(path) == 6


@pytest.mark.parametrize(
    "words",
    [
        "--reset",
        "--reset --yes worklist",
        "--demo --reset --yes worklist",
        "--demo --yes",
        "--demo --caseload",
        "train --caseload",
    ],
)
def test_it_goes_with_nothing_else(path: Path, words: str) -> None:
    assert run(path, *words.split()).exit_code == 2
    assert clients(path) == 7


def test_what_cannot_be_put_back_is_told_by_the_exit_status(path: Path) -> None:
    with open_elsewhere(path):
        refused = run(path, "--demo", "--reset", "--yes")
    assert refused.exit_code == 1
    assert clients(path) == 7
    path.write_bytes(b"a letter")
    assert run(path, "--demo", "--reset", "--yes").exit_code == 1
    assert path.read_bytes() == b"a letter"


def test_a_seat_has_its_own(path: Path) -> None:
    places = seat_places(find(path.with_name("porras.db")), "kuusi")
    assert run(path, "--demo", "--seat", "kuusi", "--reset").exit_code == 0
    assert clients(places.training) == 6
    assert clients(path) == 7


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Make a small caseload in place of the whole one; how often the program was opened."""
    times: list[bool] = []

    def opens(settings: Settings, *, demo: bool, plain: bool) -> int:
        times.append(demo)
        return 0

    shapes = read_shapes().model_copy(update={"clients": 4, "at_once": 0})
    small = partial(caseload, shapes=shapes)
    monkeypatch.setattr("tui.launch.open_program", opens)
    monkeypatch.setattr("tui.commands.training_reset.fill_caseload", small)
    monkeypatch.setattr("tui.commands.training_reset.MANY", 10)
    return times


def test_the_caseload_is_made_once_and_the_program_opened(
    tmp_path: Path, opened: list[bool]
) -> None:
    path = find(tmp_path / "porras.db").training
    done = run(path, "--demo", "--caseload")
    assert (done.exit_code, opened) == (0, [True])
    made = clients(path)
    assert made >= 10
    with open_training(path) as store:
        store.clients.add(birth_year=1980, language="fi")
    again = run(path, "--demo", "--caseload")
    assert (again.exit_code, again.output, opened) == (0, "", [True, True])
    assert clients(path) == made + 1, "what was done in it stays"


def test_another_training_store_gives_way_to_the_caseload_only_after_a_yes(
    path: Path, opened: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(say, "is_answered_by_a_person", lambda: True)
    refused = run(path, "--demo", "--caseload", typed="\n")
    assert (refused.exit_code, clients(path), opened) == (1, 7, [])
    assert "7 invented clients go" in refused.output
    assert run(path, "--demo", "--caseload", typed="y\n").exit_code == 0
    assert clients(path) >= 10
    assert opened == [True]
