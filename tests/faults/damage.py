"""Bytes that are not as they were written: in the database or in its key file (F6)."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from store.errors import DamagedStore, ForeignFile, KeyslotDamaged, StoreError
from store.repository.store import Store
from tests.faults.stores import answered, copied, digest, opened
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
        kept = len(store.answers.get_progress(assessment).answers)
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
        store.answers.get_progress(assessment)
        store.answers.record(assessment, {"new": 1})
        how = "found by the check of all pages"
        assert store.find_faults(), "damage that nothing finds"
    except DamagedStore:
        pass
    for attempt in (
        lambda: store.answers.record(assessment, {"more": 1}),
        lambda: store.settings.set("a", "1"),
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


# -- the key file ---------------------------------------------------------------------------------


def key_files(folder: Path, count: int) -> Tally:
    """A key file with a flipped bit: told from a wrong passphrase, and never overwritten."""
    from store.keys import keystore

    path = folder / "p.keys"
    keystore.create(path, "nurse-1", "four words in a row")
    content = path.read_bytes()
    for seed in range(count):
        hurt = bytearray(content)
        _flip(hurt, random.Random(seed))
        path.write_bytes(hurt)
        try:
            keystore.unlock(path, "nurse-1", "four words in a row")
        except KeyslotDamaged:
            assert path.read_bytes() == hurt
            continue
        raise AssertionError(f"seed {seed}: a damaged key file was taken")
    path.write_bytes(content)
    assert keystore.unlock(path, "nurse-1", "four words in a row")
    return Tally(count, 0, seen=Counter({"refused": count}))
