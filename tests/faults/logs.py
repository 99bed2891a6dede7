"""The log of the newest entries, hurt, cut off, taken away, or of another day (F6, F25).

The head record tells what was acknowledged. So whatever becomes of the log, and of the database
with it, a store is opened with all that was acknowledged or refused; nothing is missing in silence.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from store.errors import Damaged, DamagedStore, EntriesMissing, ForeignFile, StoreError
from store.opening.store_file import open_store
from tests.faults.stores import KEY, Ticking, answered, digest, opened
from tests.faults.tally import Tally

ANSWERS = 60
_FRAME = 24 + 4096
Hurt = Callable[[bytearray, random.Random], None]


class Day(NamedTuple):
    """A store at work: a copy of its files after every answer, each as a crash would leave them."""

    assessment: str
    copies: list[Path]


def _worked(folder: Path) -> Day:
    """A day's work with its answers in the log; it is brought into the file twice on the way."""
    live = folder / "live" / "p.db"
    assessment = answered(live, 0)
    copies = []
    with open_store(live, KEY, "nurse-1", Ticking()) as store:
        for number in range(ANSWERS):
            store.answers.record(assessment, {f"q{number}": number})
            if number in {ANSWERS // 3, ANSWERS // 2}:
                store.db.merge_log(1)
            copies.append(folder / f"after{number}")
            copies[-1].mkdir()
            for end in ("", "-wal", "-shm", ".head"):
                shutil.copy(live.with_name(live.name + end), copies[-1])
    return Day(assessment, copies)


def _met(day: Day, place: Path, answers: int, seen: Counter[str], how: str) -> tuple[int, int]:
    """Open what is left; how many acknowledged answers are there, and how many are not."""
    path = place / "p.db"
    before = {file.name: digest(file) for file in place.iterdir() if file.suffix != ".db-shm"}
    try:
        store = opened(path)
    except (Damaged, ForeignFile) as refused:
        after = {name: digest(place / name) for name in before if (place / name).exists()}
        assert after == before, "written to although it was refused"
        seen[f"{how}: {_name(refused)}"] += 1
        return 0, 0
    try:
        with store:
            found = len(store.answers.get_progress(day.assessment).answers)
            assert store.audit_log.find_bad_event() is None
            assert store.find_faults() == []
    except DamagedStore:
        seen[f"{how}: met at work"] += 1
        return 0, 0
    seen[f"{how}: opened" + (", all there" if found >= answers else ", shorter")] += 1
    return min(found, answers), max(0, answers - found)


def _name(refused: StoreError) -> str:
    if isinstance(refused, EntriesMissing):
        return "refused, with what is missing"
    return "refused"


# -- bytes ----------------------------------------------------------------------------------------


def _flip(content: bytearray, chance: random.Random) -> None:
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _overwrite(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content) - 4096)
    length = chance.randrange(1, 4096)
    content[start : start + length] = chance.randbytes(length)


def _at_a_frame(content: bytearray, chance: random.Random) -> None:
    del content[32 + _FRAME * chance.randrange((len(content) - 32) // _FRAME) :]


def _in_a_frame(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(len(content)) :]


def _empty(content: bytearray, _chance: random.Random) -> None:
    content.clear()


def _zero_tail(content: bytearray, chance: random.Random) -> None:
    start = 32 + _FRAME * chance.randrange((len(content) - 32) // _FRAME)
    content[start:] = bytes(len(content) - start)


def _hurt(folder: Path, count: int, ways: dict[str, Hurt], day: Day | None = None) -> Tally:
    """Hurt the bytes of the log of a crashed store in each way in turn."""
    day = day or _worked(folder)
    seen: Counter[str] = Counter()
    kept = lost = 0
    for seed in range(count):
        chance = random.Random(seed)
        how, hurt = list(ways.items())[seed % len(ways)]
        answers = chance.randrange(ANSWERS // 2 + 2, ANSWERS)
        place = folder / "hurt"
        shutil.copytree(day.copies[answers], place)
        log = bytearray((place / "p.db-wal").read_bytes())
        hurt(log, chance)
        (place / "p.db-wal").write_bytes(log)
        found, missing = _met(day, place, answers + 1, seen, how)
        kept, lost = kept + found, lost + missing
        shutil.rmtree(place)
    assert lost == 0
    return Tally(count, kept, lost, seen)


def flips(folder: Path, count: int) -> Tally:
    """One flipped bit in the log."""
    return _hurt(folder, count, {"a bit": _flip})


def garbage(folder: Path, count: int) -> Tally:
    """A stretch of the log overwritten by random bytes, of a length up to a page."""
    return _hurt(folder, count, {"garbage": _overwrite})


# -- pieces ---------------------------------------------------------------------------------------


def _taken(place: Path, _older: Path) -> None:
    (place / "p.db-wal").unlink()


def _taken_with_index(place: Path, _older: Path) -> None:
    (place / "p.db-wal").unlink()
    (place / "p.db-shm").unlink()


def _older_log(place: Path, older: Path) -> None:
    shutil.copy(older / "p.db-wal", place)


def _older_log_without_index(place: Path, older: Path) -> None:
    _older_log(place, older)
    (place / "p.db-shm").unlink()


def _older_database(place: Path, older: Path) -> None:
    shutil.copy(older / "p.db", place)


def _older_all(place: Path, older: Path) -> None:
    """Everything but the record is of an earlier moment."""
    for end in ("", "-wal", "-shm"):
        shutil.copy(older / f"p.db{end}", place)


_PIECES: dict[str, Callable[[Path, Path], None]] = {
    "log gone": _taken,
    "log and index gone": _taken_with_index,
    "older log": _older_log,
    "older log, no index": _older_log_without_index,
    "older database": _older_database,
    "all older but the record": _older_all,
}
_CUTS: dict[str, Hurt] = {
    "cut at a frame": _at_a_frame,
    "cut in a frame": _in_a_frame,
    "emptied": _empty,
    "zeroed tail": _zero_tail,
}


def cuts(folder: Path, count: int) -> Tally:
    """The log cut off, emptied, zeroed or taken away, or of an earlier moment than the record."""
    day = _worked(folder)
    cut = _hurt(folder, count // 2, _CUTS, day)
    seen, kept, lost = Counter(cut.seen), cut.kept, cut.lost
    for seed in range(count - count // 2):
        chance = random.Random(seed)
        how, change = list(_PIECES.items())[seed % len(_PIECES)]
        answers = chance.randrange(1, ANSWERS)
        place = folder / "changed"
        shutil.copytree(day.copies[answers], place)
        change(place, day.copies[chance.randrange(answers)])
        found, missing = _met(day, place, answers + 1, seen, how)
        kept, lost = kept + found, lost + missing
        shutil.rmtree(place)
    assert lost == 0
    return Tally(count, kept, lost, seen)
