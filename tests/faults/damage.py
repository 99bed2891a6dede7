"""Bytes that are not as they were written: in the file, in its log, or a whole piece gone (F6)."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from store.errors import DamagedLog, DamagedStore, ForeignFile, KeyslotDamaged, StoreError
from store.repository import Store
from store.upkeep import log_check
from tests.faults.stores import KEY, Ticking, answered, began, copied, digest, in_2100, opened
from tests.faults.tally import Tally

ANSWERS = 120
Hurt = Callable[[bytearray, random.Random], None]


def _flip(content: bytearray, chance: random.Random) -> None:
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _random_page(content: bytearray, chance: random.Random) -> None:
    start = 4096 * chance.randrange(len(content) // 4096)
    content[start : start + 4096] = chance.randbytes(4096)


def _cut(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(len(content)) :]


def flips(folder: Path, count: int) -> Tally:
    """One flipped bit somewhere in the file."""
    return _hurt(folder, count, _flip)


def random_pages(folder: Path, count: int) -> Tally:
    """A page of random bytes."""
    return _hurt(folder, count, _random_page)


def cut_files(folder: Path, count: int) -> Tally:
    """A file that ends too early, at any byte, or is empty."""
    return _hurt(folder, count, _cut)


def _hurt(folder: Path, count: int, hurt: Hurt) -> Tally:
    path = folder / "p.db"
    assessment = answered(path, ANSWERS)
    seen = Counter(_meet(path, assessment, folder / str(n), n, hurt) for n in range(count))
    # Undamaged again, the file still holds everything: nothing was written to the original.
    with opened(path) as store:
        kept = len(store.progress(assessment).answers)
    assert kept == ANSWERS
    return Tally(count, 0, seen=seen)


def _meet(path: Path, assessment: str, folder: Path, seed: int, hurt: Hurt) -> str:
    """Damage a copy and work with it as the program does; say where the damage was met."""
    copy = copied(path, folder)
    content = bytearray(copy.read_bytes())
    hurt(content, random.Random(seed))
    copy.write_bytes(content)
    before = digest(copy)
    try:
        with opened(copy) as store:
            how = _work(store, assessment)
            at_damage = digest(copy)
        assert digest(copy) == at_damage, "written to after the damage was known"
    except (DamagedStore, ForeignFile):
        assert digest(copy) == before, "written to although it was refused"
        how = "refused at opening"
    _stays_refused(copy)
    shutil.rmtree(folder)
    return how


def _work(store: Store, assessment: str) -> str:
    """Read and write until the damage is met; then nothing more may be taken."""
    how = "met at work"
    try:
        store.progress(assessment)
        store.record_answers(assessment, {"new": 1})
        how = "found by the check of all pages"
        assert store.faults(), "damage that nothing finds"
    except DamagedStore:
        pass
    for attempt in (
        lambda: store.record_answers(assessment, {"more": 1}),
        lambda: store.set_setting("a", "1"),
    ):
        try:
            attempt()
        except DamagedStore:
            continue
        raise AssertionError("a damaged file took an entry")
    return how


def _stays_refused(copy: Path) -> None:
    """A later start must not write to it either."""
    before = digest(copy)
    try:
        opened(copy).close()
    except StoreError:
        assert digest(copy) == before
        return
    raise AssertionError("a file known to be damaged was opened")


# -- the log --------------------------------------------------------------------------------------


def _crashed(folder: Path) -> tuple[Path, str]:
    """A store and its log as a crash leaves them, with all its answers in the log."""
    live, crashed = folder / "live" / "p.db", folder / "crashed"
    crashed.mkdir()
    with Store.create(live, KEY, "nurse-1", Ticking()) as store:
        assessment = began(store)
        for number in range(ANSWERS // 2):
            store.record_answers(assessment, {f"q{number}": number})
        for end in ("", "-wal"):
            shutil.copy(live.with_name(live.name + end), crashed)
    return crashed / "p.db", assessment


def _meet_log(folder: Path, count: int, hurt: Hurt) -> Tally:
    """Damage the log of a crashed store; count what the engine would have forgotten in silence."""
    path, assessment = _crashed(folder)
    seen: Counter[str] = Counter()
    kept = lost = 0
    for seed in range(count):
        place = folder / str(seed)
        copy = copied(path, place)
        log = bytearray(log_check.log_of(path).read_bytes())
        hurt(log, random.Random(seed))
        log_check.log_of(copy).write_bytes(log)
        before = digest(copy), digest(log_check.log_of(copy))
        try:
            with Store.open(copy, KEY, "nurse-1", in_2100) as store:
                found = len(store.progress(assessment).answers)
                assert store.verify_chain() is None
                assert store.faults() == []
            kept, lost = kept + found, lost + ANSWERS // 2 - found
            seen["opened, all there" if found == ANSWERS // 2 else "opened, shorter"] += 1
        except (DamagedLog, ForeignFile):
            assert before == (digest(copy), digest(log_check.log_of(copy)))
            seen["refused at opening"] += 1
        shutil.rmtree(place)
    return Tally(count, kept, lost, seen)


def log_flips(folder: Path, count: int) -> Tally:
    """One flipped bit in the log: refused, or no more than the very last entry is missing."""
    tally = _meet_log(folder, count, _flip)
    assert tally.lost <= tally.seen.get("opened, shorter", 0)
    return tally


def log_garbage(folder: Path, count: int) -> Tally:
    """A stretch of the log overwritten by random bytes, of a length up to a page."""

    def overwrite(content: bytearray, chance: random.Random) -> None:
        start = chance.randrange(len(content) - 4096)
        length = chance.randrange(1, 4096)
        content[start : start + length] = chance.randbytes(length)

    tally = _meet_log(folder, count, overwrite)
    # A page's length reaches into two transactions at most; here these are the very last two.
    assert tally.lost <= 2 * tally.seen.get("opened, shorter", 0)
    return tally


def logs_taken_away(folder: Path, count: int) -> Tally:
    """The log removed after a crash; with its index left, it is missed, without it, it is not."""
    path, assessment = _crashed(folder)
    seen: Counter[str] = Counter()
    lost = 0
    for number in range(count):
        copy = copied(path, folder / str(number))
        with_index = number % 2 == 0
        if with_index:
            copy.with_name(copy.name + "-shm").write_bytes(bytes(32768))
        try:
            with opened(copy) as store:
                assert store.verify_chain() is None
                row = store.db.execute("SELECT count(*) FROM answers").fetchone()
                lost += ANSWERS // 2 - int(row[0])
            seen["opened, the older part alone"] += 1
            assert not with_index
        except DamagedLog:
            seen["refused at opening"] += 1
            assert with_index
    assert assessment
    return Tally(count, 0, lost, seen)


# -- the key file ---------------------------------------------------------------------------------


def key_files(folder: Path, count: int) -> Tally:
    """A key file with a flipped bit: told from a wrong passphrase, and never overwritten."""
    from store.vault import keys

    path = folder / "p.keys"
    keys.create(path, "nurse-1", "four words in a row")
    content = path.read_bytes()
    for seed in range(count):
        hurt = bytearray(content)
        _flip(hurt, random.Random(seed))
        path.write_bytes(hurt)
        try:
            keys.unlock(path, "nurse-1", "four words in a row")
        except KeyslotDamaged:
            assert path.read_bytes() == hurt
            continue
        raise AssertionError(f"seed {seed}: a damaged key file was taken")
    path.write_bytes(content)
    assert keys.unlock(path, "nurse-1", "four words in a row")
    return Tally(count, 0, seen=Counter({"refused": count}))
