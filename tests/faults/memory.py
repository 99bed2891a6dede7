"""Little memory: a long day does not need more and more, and running out loses nothing (F22)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.faults.stores import answered, whole
from tests.faults.tally import Tally

ROOT = Path(__file__).parents[2]
GROWTH_KB = 16 << 10
"""What a store may need more after thousands of assessments than after the first quarter."""

_AT_ONCE = 200
"""Answers in one transaction, so that the engine itself needs memory for it."""

_DAYS = """
import json, sys
from pathlib import Path
from tests.faults.stores import began, opened
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4
path, count = Path(sys.argv[1]), int(sys.argv[2])
sizes = []
with opened(path) as store:
    for number in range(count):
        assessment = began(store)
        for question in range(8):
            store.answers.record(assessment, {f"q{question}": question})
        store.answers.get_progress(assessment)
        store.assessments.list_drafts()
        store.assessments.abandon(assessment, "over")
        if number in (count // 4, count - 1):
            sizes.append(resident())
print(json.dumps(sizes))
"""

_SHORT = """
import resource, sys
from pathlib import Path
from store.errors import StoreError
from tests.faults.stores import opened
path, assessment = Path(sys.argv[1]), sys.argv[2]
first, count, at_once = (int(argument) for argument in sys.argv[3:])
with opened(path) as store:
    store.answers.record_skip(assessment, "before")  # a draft under way has its pathway at hand
    limit = int(Path("/proc/self/statm").read_text().split()[0]) * 4096 + (4 << 20)
    most = limit + (256 << 20)
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
    for number in range(first, count):
        hoard = []
        try:
            for size in (1 << 20, 1 << 12, 1 << 9):
                while True:
                    hoard.append(bytearray(size))
        except MemoryError:
            pass
        while True:
            try:
                entries = {f"n{number}.{n}": "x" * 400 for n in range(at_once)}
                store.answers.record(assessment, entries)
                break
            except (MemoryError, StoreError):
                print("refused", flush=True)
                if limit > most:
                    raise  # what is refused with memory enough is refused for another reason
                if not hoard:  # the store itself has grown: it gets a little more
                    limit += 1 << 20
                    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
                del hoard[-max(1, len(hoard) // 4):]
        hoard.clear()
        print(number, flush=True)
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
"""


def _run(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def long_days(folder: Path, count: int) -> Tally:
    """So many assessments through one open store."""
    path = folder / "p.db"
    answered(path, 0)
    done = _run(_DAYS, path, count)
    assert done.returncode == 0, done.stderr
    early, late = json.loads(done.stdout)
    assert late - early < GROWTH_KB
    with whole(path) as after:
        kept = after.db.table("answers").count
    assert kept == 8 * count
    return Tally(count, kept, seen=Counter({"KiB more at the end": max(0, late - early)}))


def shortages(folder: Path, count: int) -> Tally:
    """Answers while all other memory is taken: refused or kept, and never half.

    Some libraries end the program at once when they get no memory; it is started again then, and
    goes on at what was not told.
    """
    path = folder / "p.db"
    assessment = answered(path, 0)
    seen: Counter[str] = Counter()
    first = 0
    while first < count:
        done = _run(_SHORT, path, assessment, first, count, _AT_ONCE)
        assert done.returncode in (0, -signal.SIGABRT, 1), done.stderr
        words = done.stdout.split()
        seen["refused"] += words.count("refused")
        seen["ended by a library"] += done.returncode != 0
        told = [int(word) for word in words if word != "refused"]
        assert told or seen["ended by a library"] < 50, done.stderr
        first = max([first, *(number + 1 for number in told)])
    assert seen.total(), "memory never ran out"
    with whole(path) as after:
        kept = len(after.answers.get_progress(assessment).answers)
    assert kept == count * _AT_ONCE
    return Tally(count, kept, seen=seen)
