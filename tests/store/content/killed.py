"""Cuts the installing of a content short at every touch of the disk: a program, never imported.

killed.py FOLDER STEP

FOLDER has `site`, in which one content is in use, and the sticks `first` and `second` with the
author's `key`. For n = 1, 1 + STEP, … a child installs the second on a fresh copy of the site and
is ended at its n-th open, rename, removal or new folder there. After each, one of the two has to be
in use as it was signed, and the second has to come into use when it is done again. The same with
going back. Prints at how many places each was cut short.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from store.content.places import check_sound, choose, numbers
from store.content.receiving import alone, check_wanted, go_back, put_in_place, receive
from tests.store.content.made import Author
from tests.store.killed import end_at

TITLES = {"Invented 1.0", "Invented 2.0"}


def install(place: Path, author: Author) -> None:
    with alone(place), receive(place, author.folder / "second", author.signers) as staged:
        if check_wanted(staged, "0.2.0", older=False):
            put_in_place(staged, "2026-11-30T12:00:00.000Z", staged.about.holds)


def back(place: Path, author: Author) -> None:
    with alone(place):
        if choose(place).title == "Invented 2.0":
            go_back(place)


def cut(action: Callable[[Path, Author], None], place: Path, author: Author, number: int) -> bool:
    """Do the action in a child; whether it was ended before it was done."""
    child = os.fork()
    if child == 0:
        try:
            end_at(number, place)
            action(place, author)
        except BaseException as error:
            print(repr(error), file=sys.stderr)
            os._exit(1)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in {0, 9}, (number, status)
    return status == 9


def check_whole(place: Path) -> None:
    """One of the two is in use, as it was signed, and nobody hears of damage."""
    chosen = choose(place)
    assert chosen.damage is None, chosen
    assert chosen.title in TITLES, chosen
    assert check_sound(place / chosen.number)


def storm(
    action: Callable[[Path, Author], None], ready: Path, author: Author, step: int, ends: str
) -> int:
    trial = ready.with_name("trial")
    number, count, going = 1, 0, True
    while going:
        shutil.rmtree(trial, ignore_errors=True)
        shutil.copytree(ready, trial)
        going = cut(action, trial, author, number)
        check_whole(trial)
        action(trial, author)
        check_whole(trial)
        assert choose(trial).title == ends
        assert not (trial / ".incoming").exists()
        assert len(numbers(trial)) <= 3
        number, count = number + step, count + going
    shutil.rmtree(ready)
    trial.rename(ready)
    return count


def main() -> None:
    folder, step = Path(sys.argv[1]), int(sys.argv[2])
    author = Author(folder, folder / "key")
    place = folder / "site"
    installed = storm(install, place, author, step, "Invented 2.0")
    gone_back = storm(back, place, author, 1, "Invented 1.0")
    print(installed, gone_back)


if __name__ == "__main__":
    main()
