"""If these fail, something that stands in the program's way takes somebody's files with it."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from store.files import removal
from store.keys import rekey
from tests.faults import tricks
from tests.faults.tricks import IN_THE_WAY, TRICKS, Trick

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of Unix")

# Each kind of thing at one name that is swept, each name once, and all that is changed meanwhile.
_TABLE = (
    *TRICKS[: len(IN_THE_WAY)],
    *TRICKS[len(IN_THE_WAY) : -2 * len(IN_THE_WAY) : len(IN_THE_WAY) - 1],
    *(trick for trick in TRICKS if "swapped" in trick.name or "shelf is" in trick.name),
    *(trick for trick in TRICKS if trick.name.startswith(("another", "a plan for a_link_to"))),
    *(trick for trick in TRICKS if trick.name.startswith("a plan that is a_")),
)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    folder = tmp_path_factory.mktemp("tricks") / "ready"
    return folder, tricks.staged(folder)


@pytest.mark.parametrize("trick", dict.fromkeys(_TABLE), ids=lambda trick: trick.name)
def test_no_trick_takes_anything_away(
    trick: Trick, ready: tuple[Path, bytes], tmp_path: Path
) -> None:
    tricks.play(trick, ready[0], tmp_path / "scene", ready[1])


LAID = removal.Laid(re.compile(r"half|whole"), folders=re.compile(r"inner"))


def test_what_was_laid_there_goes_whole(tmp_path: Path) -> None:
    (tmp_path / "left" / "inner").mkdir(parents=True)
    for name in ("half", "inner/half", "inner/whole"):
        (tmp_path / "left" / name).write_text("x")
    assert removal.remove_folder(tmp_path / "left", LAID)
    assert list(tmp_path.iterdir()) == []
    assert not removal.remove_folder(tmp_path / "left", LAID), "there is none any more"


def test_a_file_of_the_store_goes_under_no_name(tmp_path: Path) -> None:
    database = tmp_path / "porras.db"
    database.write_text("all")
    for name in ("half", "other/half"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).hardlink_to(database)
    spared = removal.files_of(database)
    assert not removal.remove_file(tmp_path / "half", spared)
    assert not removal.remove_folder(tmp_path / "other", LAID, spared)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["half", "other", "porras.db"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives away")
def test_what_belongs_to_another_user_stays(tmp_path: Path) -> None:
    """Root acts for whoever owns the folder, and for nobody else."""
    for owner in (4711, 4712):
        left = tmp_path / f"left-{owner}"
        left.mkdir()
        (left / "half").write_text("x")
        os.chown(left / "half", owner, -1)
        os.chown(left, 4711, -1)
    os.chown(tmp_path, 4711, -1)
    assert removal.remove_folder(tmp_path / "left-4711", LAID)
    assert not removal.remove_folder(tmp_path / "left-4712", LAID)


def test_a_copy_of_another_name_is_no_part_of_a_change_of_the_key(tmp_path: Path) -> None:
    """A letter whose name begins like the copy was removed with it."""
    copy = rekey.copy_of(tmp_path / "porras.db")
    mine = copy.with_name(copy.name + "-what-to-do.txt")
    for path in (copy, mine):
        path.write_text("x")
    rekey._remove_copy(copy)
    assert [path.name for path in tmp_path.iterdir()] == [mine.name]
