"""Processes that write to an episode: run as a program, never imported by a test.

episode_writer.py race PATH EPISODE NAME COUNT   tries for each of COUNT entries; tells which it won
episode_writer.py begin PATH CLIENT NAME COUNT   tries to begin an episode; tells its id
episode_writer.py storm PATH EPISODE NAME COUNT  writes by children that are killed; tells how many
"""

from __future__ import annotations

import datetime
import os
import random
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from stepping.episode.events import Opened, Voice
from stepping.episode.validation import ValidationContext
from store.errors import ChangedElsewhere, EpisodeOpen
from store.opening.store_file import open_store
from store.pathway_files.care import shipped_care

KEY = bytes(range(32))
DAY = datetime.date(2026, 11, 22)
AROUND = ValidationContext(DAY, 2006, {}, {}, {}, shipped_care().tracks)


def wish(words: str) -> Voice:
    return Voice(day=DAY, about="wish", words=words)


def race(path: Path, episode: str, name: str, count: int) -> None:
    """Write entry 2, 3, … as the only window that does; losing one is no fault."""
    with open_store(path, KEY, name) as store:
        for seq in range(2, count + 2):
            with suppress(ChangedElsewhere):
                words = f"entry-{seq}"
                store.episodes.record_event(episode, wish(words), AROUND, after=seq - 1)
                print(words)


def begin(path: Path, client: str, name: str, count: int) -> None:
    with open_store(path, KEY, name) as store:
        for _ in range(count):
            with suppress(EpisodeOpen):
                print(store.episodes.begin(client, Opened(day=DAY), AROUND).id)


def storm(path: Path, episode: str, name: str, count: int) -> None:
    """Kill the writer at random moments; each child goes on at the first entry not told."""
    chance, told, killed = random.Random(name), 0, 0
    while told < count:
        ear, mouth = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ear)
            with open_store(path, KEY, name) as store:
                for number in range(told, count):
                    store.episodes.record_event(episode, wish(f"{name}.{number}"), AROUND)
                    os.write(mouth, f"{number}\n".encode())
            os._exit(0)
        os.close(mouth)
        if killed < 8:
            time.sleep(chance.uniform(0.02, 0.15))
            os.kill(child, signal.SIGKILL)
            killed += 1
        with os.fdopen(ear) as lines:
            heard = [int(line) for line in lines if line.endswith("\n")]
        os.waitpid(child, 0)
        told = max([told, *(number + 1 for number in heard)])
    print(killed)


def main() -> None:
    what, path, subject, name, count = sys.argv[1:]
    act = {"race": race, "begin": begin, "storm": storm}[what]
    act(Path(path), subject, name, int(count))


if __name__ == "__main__":
    main()
