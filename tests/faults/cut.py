"""Ends an action at line after line of the store's own code: run as a program, never imported.

cut.py ACTION FOLDER POINTS

The action runs in a child that dies at its n-th line within `store/`, for as many n as POINTS, or
for every line if there are not more. After each death the disk has to hold the old or the new
state, and the action has to succeed when it is done again. Prints a JSON object with counts.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import store
from store.database import migrations
from store.errors import WrongPassphrase
from store.keys import keystore
from store.opening import unlock
from store.opening.store_file import open_store
from store.paths import StorePaths, find
from tests.faults.stores import KEY, answered, in_2100, opened, whole
from tests.store.test_schema import of_version

HOME = str(Path(store.__file__).parent)
DEAD = 9
OLD, NEW = "four words in a row", "other words in a row"


class Action:
    """Something that changes files, and what has to hold wherever it was cut short."""

    def prepare(self, folder: Path) -> None:
        """Make what stands before."""

    def act(self, folder: Path) -> None:
        """Do it."""
        raise NotImplementedError

    def judge(self, folder: Path) -> str:
        """Say which state was left; prove that it is whole and that one can go on."""
        raise NotImplementedError


class SetUp(Action):
    """The first start: keys, then the database."""

    def _places(self, folder: Path) -> StorePaths:
        return find(folder / "p.db")

    def act(self, folder: Path) -> None:
        unlock.set_up(self._places(folder), "nurse-1", OLD).store.close()

    def judge(self, folder: Path) -> str:
        places = self._places(folder)
        found = places.get_state()
        match found:
            case "nothing":
                unlock.set_up(places, "nurse-1", OLD).store.close()
            case "keys only":
                unlock.finish_set_up(places, "nurse-1", OLD).store.close()
        key = keystore.unlock(places.keys, "nurse-1", OLD)
        with open_store(places.database, key, "nurse-1", in_2100) as made:
            assert made.audit_log.find_bad_event() is None
            assert made.find_faults() == []
        return found


class Migration(Action):
    """An old file at its first opening by this version."""

    def prepare(self, folder: Path) -> None:
        of_version(1, folder / "s" / "p.db", KEY)

    def act(self, folder: Path) -> None:
        opened(folder / "s" / "p.db").close()

    def judge(self, folder: Path) -> str:
        path = folder / "s" / "p.db"
        before = self._version(path)
        assert before in (1, migrations.newest())
        with whole(path) as migrated:
            (draft,) = migrated.assessments.list_drafts()
            assert draft.client_code == "TREENABK"
            assert migrated.db.execute("PRAGMA user_version").fetchone()[0] == migrations.newest()
        return "old" if before == 1 else "new"

    def _version(self, path: Path) -> int:
        from store.database import connections

        db = connections.connect(path, KEY, migrations.schema())
        try:
            return int(db.execute("PRAGMA user_version").fetchone()[0])
        finally:
            db.close()


class TwoAnswers(Action):
    """A page with two answers, stored in one transaction."""

    def prepare(self, folder: Path) -> None:
        (folder / "id").write_text(answered(folder / "s" / "p.db", 3))

    def act(self, folder: Path) -> None:
        with opened(folder / "s" / "p.db") as at_work:
            at_work.answers.record((folder / "id").read_text(), {"one": 1, "two": 2})

    def judge(self, folder: Path) -> str:
        with whole(folder / "s" / "p.db") as after:
            assessment = (folder / "id").read_text()
            found = after.answers.get_progress(assessment).answers.keys() & {"one", "two"}
            assert len(found) in (0, 2)
            after.answers.record(assessment, {"one": 1, "two": 2})
            assert after.db.table("answers").count == 5
        return "both" if found else "neither"


class NewPassphrase(Action):
    """A passphrase that is changed."""

    def prepare(self, folder: Path) -> None:
        keystore.create(folder / "k", "nurse-1", OLD)

    def act(self, folder: Path) -> None:
        key = keystore.unlock(folder / "k", "nurse-1", OLD)
        keystore.set_passphrase(folder / "k", "nurse-1", key, NEW)

    def judge(self, folder: Path) -> str:
        try:
            key, state = keystore.unlock(folder / "k", "nurse-1", NEW), "new"
        except WrongPassphrase:
            key, state = keystore.unlock(folder / "k", "nurse-1", OLD), "old"
        keystore.set_passphrase(folder / "k", "nurse-1", key, NEW)
        assert keystore.unlock(folder / "k", "nurse-1", NEW) == key
        return state


ACTIONS: dict[str, Action] = {
    "set_up": SetUp(),
    "migration": Migration(),
    "two_answers": TwoAnswers(),
    "new_passphrase": NewPassphrase(),
}


def traced(act: Callable[[], None], die_at: int) -> int:
    """Do something and return how many lines of the store it took; die at one of them."""
    count = 0

    def line(_frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal count
        if event == "line":
            count += 1
            if count == die_at:
                os._exit(DEAD)
        return line

    def call(frame: FrameType, _event: str, _argument: Any) -> Any:
        return line if frame.f_code.co_filename.startswith(HOME) else None

    sys.settrace(call)
    try:
        act()
    finally:
        sys.settrace(None)
    return count


def in_child(action: Action, folder: Path, die_at: int) -> int | None:
    """Act in a child; return its count of lines, or None if it died where it should."""
    ear, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ear)
        os.write(mouth, str(traced(lambda: action.act(folder), die_at)).encode())
        os._exit(0)
    os.close(mouth)
    with os.fdopen(ear) as told:
        count = told.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status == DEAD:
        return None
    assert status == 0, status
    return int(count)


def main() -> None:
    action, folder, points = ACTIONS[sys.argv[1]], Path(sys.argv[2]), int(sys.argv[3])
    standing = folder / "standing"
    standing.mkdir(mode=0o700)
    action.prepare(standing)
    shutil.copytree(standing, folder / "whole")
    lines = in_child(action, folder / "whole", 0)
    assert lines
    chosen = sorted({1 + number * lines // points for number in range(points)})
    left: Counter[str] = Counter()
    for number in chosen:
        place = folder / f"cut{number}"
        shutil.copytree(standing, place)
        if in_child(action, place, number) is None:
            left[action.judge(place)] += 1
        shutil.rmtree(place)
    print(json.dumps({"lines": lines, "left": left}))


if __name__ == "__main__":
    main()
