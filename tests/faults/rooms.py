"""Disks without room: a limit on the size of files, and a small disk that is full (F4, F5)."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.database import reserve
from store.errors import DiskFull, ReserveOpened
from store.opening.store_file import open_store
from store.repository.store import Store
from tests.faults.stores import KEY, answered, copied, opened, whole
from tests.faults.tally import Tally

ROOT = Path(__file__).parents[2]
ROOM = 40 << 20
"""Bytes of the small disk: enough for a ballast to be laid aside."""

_LIMITED = """
import json, resource, sys
from pathlib import Path
from store.errors import DiskFull
from tests.faults.stores import opened
path, assessment, limit = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
free = resource.RLIM_INFINITY
acknowledged = refused = 0
with opened(path) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, free))
    for number in range(400):
        try:
            store.answers.record(assessment, {f"n{number}": "x" * 400})
            acknowledged += 1
        except DiskFull:
            refused += 1
            # Room is made, and the very same entry is taken; then the disk fills up again.
            resource.setrlimit(resource.RLIMIT_FSIZE, (free, free))
            store.answers.record(assessment, {f"n{number}": "x" * 400})
            acknowledged += 1
            limit += 100_000
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, free))
    resource.setrlimit(resource.RLIMIT_FSIZE, (free, free))
print(json.dumps([acknowledged, refused]))
"""


def limits(folder: Path, count: int) -> Tally:
    """A limit met at any byte of any write; the same entry goes in once there is room."""
    path = folder / "p.db"
    assessment = answered(path, 10)
    kept = refusals = 0
    for seed in range(count):
        copy = copied(path, folder / str(seed))
        limit = random.Random(seed).randrange(40_000, 900_000)
        done = subprocess.run(
            [sys.executable, "-c", _LIMITED, str(copy), assessment, str(limit)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        acknowledged, refused = json.loads(done.stdout)
        with whole(copy) as after:
            found = len(after.answers.get_progress(assessment).answers) - 10
        assert found == acknowledged == 400
        kept, refusals = kept + found, refusals + refused
        shutil.rmtree(copy.parent)
    assert refusals
    return Tally(refusals, kept, seen=Counter({"refused with a sentence": refusals}))


# -- a disk of one's own --------------------------------------------------------------------------


def may_mount() -> bool:
    """Whether this user may make a small disk in memory."""
    return sys.platform == "linux" and hasattr(os, "geteuid") and os.geteuid() == 0


def why_not() -> str:
    """Why no small disk can be made here; empty where it can."""
    return "" if may_mount() else "only the super-user may make a small disk"


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of `ROOM` bytes in memory."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM},mode=700", "tmpfs", str(folder)]
    subprocess.run(mount, check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill_up(disk: Path, *, leave: int = 0) -> Path:
    """Take all the room of a disk but some bytes; return the file that takes it."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 16))
        except OSError:
            file.truncate(max(0, file.tell() - leave))
    return filler


def full_disks(folder: Path, count: int) -> Tally:
    """A disk that fills up at work: the reserve carries on, and what was told is there."""
    kept = 0
    seen: Counter[str] = Counter()
    for seed in range(count):
        with small_disk(folder / str(seed)) as disk:
            kept += _work_on_full(disk, random.Random(seed), seen)
    return Tally(count, kept, seen=seen)


def _work_on_full(disk: Path, chance: random.Random, seen: Counter[str]) -> int:
    path = disk / "s" / "p.db"
    assessment = answered(path, 5)
    number = 0
    with opened(path) as store:
        assert reserve.path_of(path).exists()
        filler = fill_up(disk, leave=chance.randrange(0, 200_000))
        number = _until_full(store, assessment, number, ReserveOpened)
        assert not reserve.path_of(path).exists()
        first = number
        number = _until_full(store, assessment, number, DiskFull)
        # The entry that was refused first went in, and so did enough others to end an interview.
        assert number - first >= 40, number - first
        seen["answers on the reserve"] += number - first
        assert len(store.answers.get_progress(assessment).answers) == number + 5
        filler.unlink()
        store.answers.record(assessment, {f"n{number}": number})
        number += 1
        assert reserve.path_of(path).exists(), "the reserve is laid aside anew"
        seen["reserves given up and laid aside anew"] += 1
    with whole(path) as after:
        wanted = {f"n{n}": n for n in range(number)}
        assert wanted.items() <= after.answers.get_progress(assessment).answers.items()
    return number


def _until_full(store: Store, assessment: str, number: int, kind: type[DiskFull]) -> int:
    """Answer until the disk refuses in this way; return the number of the answer it refused."""
    while True:
        try:
            store.answers.record(assessment, {f"n{number}": number})
        except DiskFull as error:
            assert type(error) is kind, error
            return number
        number += 1


def openings_on_full_disks(folder: Path, count: int) -> Tally:
    """Opening, reading and answering where nothing is free; and without a reserve, a sentence."""
    kept = 0
    seen: Counter[str] = Counter()
    for number in range(count):
        with small_disk(folder / str(number)) as disk:
            path = disk / "s" / "p.db"
            assessment = answered(path, 5)
            with_reserve = number % 2 == 0
            if not with_reserve:
                reserve.release(path)
            filler = fill_up(disk)
            before = path.read_bytes()
            try:
                with opened(path) as store:
                    assert len(store.answers.get_progress(assessment).answers) == 5
                    store.answers.record(assessment, {"new": 1})
                    kept += 6
                assert with_reserve
                seen["opened, read and answered on the reserve"] += 1
            except DiskFull:
                assert not with_reserve
                assert path.read_bytes() == before
                seen["refused with a sentence, without a reserve"] += 1
            filler.unlink()
            with open_store(path, KEY, "nurse-1") as after:
                assert after.find_faults() == []
                assert len(after.answers.get_progress(assessment).answers) == 5 + with_reserve
    return Tally(count, kept, seen=seen)
