"""If these fail, damage to a content leads to a lower step, or nobody hears of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from casework.pathways_in_use import judge_pathways, read_pathways
from casework.workspace import Workspace
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import Pathway
from store.content.about import PATHWAYS
from store.content.chosen import Chosen
from store.content.places import choose
from store.content.receiving import alone, go_back, put_in_place, receive
from store.errors import ContentGone, ContentLower
from store.pathway_files.files import load
from store.records import PathwayCopy
from store.repository.internal.worklist_lines import CARE
from store.repository.store import Store
from store.times import utc_now
from tests.store.content.made import Author, install, new_author
from tests.store.installation.signed import needs_ssh_keygen

pytestmark = needs_ssh_keygen


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Author:
    return new_author(tmp_path_factory.mktemp("author"))


@pytest.fixture
def place(tmp_path: Path, author: Author) -> Path:
    """A folder in which two contents were installed, and the second one was damaged since."""
    place = tmp_path / "content"
    for version in ("1.0", "2.0"):
        stick = author.folder / f"stick-{version}-True"
        stick = stick if stick.exists() else author.pack(version)
        with alone(place), receive(place, stick, author.signers) as staged:
            put_in_place(staged, "2026-11-30T12:00:00.000Z", staged.about.holds)
    return place


def damaged(place: Path) -> Chosen:
    rules = place / "0002" / PATHWAYS / "small" / "rules.toml"
    rules.write_bytes(rules.read_bytes() + b"\n")
    chosen = choose(place)
    assert chosen.damage is not None
    assert chosen.number == "0001"
    return chosen


def test_a_pathway_of_a_damaged_content_stays_in_use_with_its_last_text(
    place: Path, store: Store
) -> None:
    """The content before it may lead to a lower step."""
    newest = load("small", place / "0002" / PATHWAYS)
    store.pathway_texts.keep_last_good(PathwayCopy.of(newest))
    chosen = damaged(place)
    found = read_pathways(chosen.pathways, store.pathway_texts.find_last_good(), chosen)
    assert isinstance(found["small"], PathwayError)
    (status,) = judge_pathways(found, store)
    assert status.used is not None
    assert status.used.digest == newest.digest
    assert "the installed content is damaged: pathways/small/rules.toml" in str(status.faults[0])


def test_a_store_that_never_used_it_goes_on_with_the_content_before(
    place: Path, store: Store
) -> None:
    older = load("small", place / "0001" / PATHWAYS)
    store.pathway_texts.keep_last_good(PathwayCopy.of(older))
    chosen = damaged(place)
    found = read_pathways(chosen.pathways, store.pathway_texts.find_last_good(), chosen)
    assert isinstance(found["small"], Pathway)
    assert found["small"].digest == older.digest


def test_the_damage_is_told_once_before_work_begins(place: Path) -> None:
    chosen = damaged(place)
    workspace = Workspace(utc_now, pathways=chosen.pathways, content=chosen)
    fault = workspace.unshown_fault
    assert fault is not None
    workspace.shown_faults.append(fault)
    assert fault is chosen.damage
    assert workspace.unshown_fault is None


# -- everything gone ----------------------------------------------------------------------------


def at_work(place: Path, store: Store) -> Workspace:
    """A start of Porras on a store, with whatever stands in the folder of contents."""
    chosen = choose(place)
    return Workspace(utc_now, pathways=chosen.pathways, content=chosen, opened=store)


def used(workspace: Workspace) -> dict[str, str]:
    return {each.name: each.used.digest for each in workspace.pathway_statuses if each.used}


def empty(place: Path) -> None:
    shutil.rmtree(place)
    place.mkdir()


LOST: tuple[Callable[[Path], object], ...] = (shutil.rmtree, empty)


@pytest.mark.parametrize("lose", LOST)
def test_a_store_misses_the_content_that_it_worked_with_and_keeps_its_texts(
    lose: Callable[[Path], object], place: Path, store: Store
) -> None:
    """What comes with Porras may lead to a lower step, or assess ages that the county does not."""
    before = used(at_work(place, store))
    assert set(before) == {"small"}
    lose(place)
    workspace = at_work(place, store)
    fault = workspace.unshown_fault
    assert isinstance(fault, ContentGone)
    assert fault.values == {"name": "Invented 2.0", "file": str(place)}
    assert used(workspace) == before
    assert used(at_work(place, store)) == before


def gone_in_part(place: Path) -> None:
    """Lose the one in use, and keep the one before and the file that names it."""
    shutil.rmtree(place / "0002")


def without_its_record(place: Path) -> None:
    (place / "0002" / "installed.toml").unlink()


@pytest.mark.parametrize("lose", [*LOST, gone_in_part, without_its_record])
def test_an_older_version_does_not_come_in_where_the_one_in_use_is_gone(
    lose: Callable[[Path], object], place: Path, store: Store, author: Author
) -> None:
    """Who installs the stick of last year gets the steps of last year, unless they say so."""
    before = used(at_work(place, store))
    lose(place)
    older = author.folder / "stick-1.0-True"
    install(place, older, author)
    for _ in range(2):
        workspace = at_work(place, store)
        fault = workspace.unshown_fault
        assert isinstance(fault, ContentLower)
        told = {"name": "Invented 1.0", "known": "Invented 2.0", "file": str(place)}
        assert fault.values == told
        assert used(workspace) == before
    assert install(place, older, author, older=True) is not None
    agreed = at_work(place, store)
    assert agreed.unshown_fault is None
    assert used(agreed) != before
    assert install(place, older, author, older=True) is None, "it was said already"


def test_the_later_version_is_in_use_again_once_it_is_installed_again(
    place: Path, store: Store, author: Author
) -> None:
    before = used(at_work(place, store))
    shutil.rmtree(place)
    install(place, author.folder / "stick-1.0-True", author)
    install(place, author.folder / "stick-2.0-True", author)
    workspace = at_work(place, store)
    assert workspace.unshown_fault is None
    assert used(workspace) == before


@pytest.mark.parametrize("then", [(), ("1.5",), ("1.5", "1.6", "1.7")])
def test_a_store_goes_back_with_its_workplace(
    then: tuple[str, ...], place: Path, store: Store, author: Author
) -> None:
    """Also where the later one was removed since, because newer ones came after the older one."""
    before = used(at_work(place, store))
    with alone(place):
        go_back(place)
    for version in then:
        stick = author.folder / f"stick-{version}-True"
        install(place, stick if stick.exists() else author.pack(version), author)
    workspace = at_work(place, store)
    assert workspace.unshown_fault is None
    assert used(workspace) != before or then


def test_one_goes_on_with_ours_once_somebody_has_said_so(place: Path, store: Store) -> None:
    used(at_work(place, store))
    shutil.rmtree(place)
    with alone(place):
        go_back(place, ours=True)
    workspace = at_work(place, store)
    assert workspace.unshown_fault is None
    assert "adult" in used(workspace)
    assert store.pathway_texts.find_content() is None
    shutil.rmtree(place)
    assert at_work(place, store).unshown_fault is None


def test_a_store_that_never_worked_with_a_content_misses_none(place: Path, store: Store) -> None:
    shutil.rmtree(place)
    workspace = at_work(place, store)
    assert workspace.unshown_fault is None
    assert "adult" in used(workspace)


def test_a_folder_of_pathways_that_is_named_is_used_though_a_content_is_gone(
    place: Path, store: Store
) -> None:
    used(at_work(place, store))
    named = Workspace(utc_now, pathways=place / "0001" / PATHWAYS, opened=store)
    assert named.unshown_fault is None
    shutil.rmtree(place)
    assert at_work(place, store).unshown_fault is not None


def test_where_its_record_is_gone_too_the_store_knows_what_a_content_held(
    place: Path, store: Store
) -> None:
    before = used(at_work(place, store))
    for number in ("0001", "0002"):
        (place / number / "installed.toml").unlink()
    assert choose(place).pathways == Chosen(place).pathways
    assert used(at_work(place, store)) == before


def test_the_worklist_keeps_to_the_deadlines_of_the_county_while_its_content_is_gone(
    place: Path, store: Store
) -> None:
    used(at_work(place, store))
    store.settings.set(CARE, "of the county")
    shutil.rmtree(place)
    used(workspace := at_work(place, store))
    workspace.refresh_worklist()
    assert store.settings.get(CARE) == "of the county"
