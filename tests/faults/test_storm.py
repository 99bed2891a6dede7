"""If these fail, a disk that refuses one write at the wrong moment costs a whole store."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from store.errors import StoreError
from tests.faults import preload
from tests.faults.commands import COMMANDS, NO_STORE, leaves
from tests.faults.deeds import DEEDS, Site, Tell, cheaply, fresh
from tests.faults.preload import Kind
from tests.faults.storm import in_child, recorded, templates
from tui.cli import porras

pytestmark = pytest.mark.skipif(bool(preload.why_not()), reason=preload.why_not())

MOVED = {"set-up": "*/.porras-????????", "new data key": "*/porras.db.rekey"}
"""Deeds that make a database under another name and then give it its own."""


@pytest.mark.parametrize("deed", MOVED)
def test_no_database_gets_its_name_without_what_is_in_its_log(deed: str, tmp_path: Path) -> None:
    told = preload.run_under("tests.faults.test_storm", deed, tmp_path)
    assert "refused" in told
    assert set(told.split()) <= {"refused", "done"}


@pytest.mark.parametrize("deed", ["set-up", "backup"])
def test_names_are_durable_before_others_rest_on_them(deed: str, tmp_path: Path) -> None:
    """A disk may keep the second of two changes of names and not the first, unless it was asked."""
    assert preload.run_under("tests.faults.test_storm", deed, tmp_path, "names") == "durable\n"


def test_every_command_is_killed_or_opens_no_store() -> None:
    """A new command takes its place in one of the two, or this fails."""
    there = set(leaves(porras))
    assert there == NO_STORE | {name for name in COMMANDS if name in there}
    assert not NO_STORE & COMMANDS.keys()


def names(deed: str, folder: Path) -> None:
    """Look where in the record of a deed the names of its folders are made durable."""
    cheaply()
    ((_, each, template),) = templates({deed: DEEDS[deed]}, folder)
    events = recorded(each, template).events

    def at(kind: Kind, end: str, after: int = 0) -> int:
        """The first event of a kind at a path that ends like that."""
        ends = (
            number
            for number, event in enumerate(events)
            if number > after and event.kind is kind and (event.to or event.path).endswith(end)
        )
        return next(ends)

    if deed == "set-up":
        made = at(Kind.MKDIR, "/done/site", -1)
        assert at(Kind.SYNC, "/done", made) < at(Kind.MARK, "")
    else:
        named = at(Kind.RENAME, ".removed")
        assert at(Kind.SYNC, "/done/backups", named) < at(Kind.UNLINK, "", named)
    print("durable")


def main(deed: str, folder: Path) -> None:
    """Fail each of the last writes to the file while it is made, and judge what is left."""
    cheaply()
    template = folder / "template"
    template.mkdir()
    DEEDS[deed].prepare(Site(template))
    _, (written,), _ = in_child(lambda tell: tell(str(_act(deed, template, folder / "whole", 0))))
    for at in range(int(written) - 5, int(written) + 1):
        place = folder / str(at)

        def refused(tell: Tell, at: int = at, place: Path = place) -> None:
            try:
                _act(deed, template, place, at)
            except StoreError:
                tell("refused")

        _, told, said = in_child(refused)
        assert not said, said
        left = DEEDS[deed].judge(Site(place), [] if told else ["new key"])
        assert not left.lost
        print(*(told or ["done"]))
        shutil.rmtree(place)


def _act(deed: str, template: Path, place: Path, at: int) -> int:
    site = fresh(template, place)
    preload.begin(place)
    preload.fail(Kind.WRITE, part=MOVED[deed], at=at, times=1)
    DEEDS[deed].act(site, lambda word: None)
    return preload.counted()


if __name__ == "__main__":
    (names if "names" in sys.argv else main)(sys.argv[1], Path(sys.argv[2]))
