"""Many writers at one file, and writers that are killed (F1, F2)."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

from tests.faults.stores import answered, began, opened, seen_by_another_engine, whole
from tests.faults.tally import Tally
from tests.scripts import run_beside

ROOT = Path(__file__).parents[2]
WRITER = ROOT / "tests" / "store" / "writer.py"
_A_LIFE = 8
"""Answers for each kill: about as many as a writer reaches before it dies."""


def _printed(process: subprocess.Popen[str]) -> list[int]:
    out, err = process.communicate(timeout=3600)
    assert (process.returncode, err) == (0, ""), err
    return [int(line) for line in out.split()]


def _assessments(path: Path, writers: int) -> dict[str, str]:
    """An assessment for each writer, by the prefix of its questions."""
    answered(path, 0)
    with opened(path) as store:
        return {f"w{number}": began(store) for number in range(writers)}


def _check(path: Path, assessments: dict[str, str], count: int) -> int:
    """Prove that every answer is there, and there once; return how many."""
    with whole(path) as store:
        for prefix, assessment in assessments.items():
            wanted = {f"{prefix}.{number}": number for number in range(count)}
            assert store.answers.get_progress(assessment).answers == wanted
        total = store.db.table("answers").count
    assert total == len(assessments) * count
    counted = seen_by_another_engine(path, path.with_name("plain.db"))
    assert counted["answers"] == total
    return total


def writers(folder: Path, count: int) -> Tally:
    """So many writers at once, with 25 answers each; none of them may be turned away."""
    path = folder / "p.db"
    assessments = _assessments(path, count)
    started = [run_beside(WRITER, path, id_, prefix, 25) for prefix, id_ in assessments.items()]
    told = [_printed(process) for process in started]
    assert told == [list(range(25))] * count
    return Tally(count, _check(path, assessments, 25))


def kills(folder: Path, count: int) -> Tally:
    """So many kills of four writers at random moments; each goes on at what was not told."""
    path = folder / "p.db"
    assessments = _assessments(path, 4)
    answers = count // 4 * _A_LIFE
    started = [
        run_beside(WRITER, path, id_, prefix, answers, count // 4, seed)
        for seed, (prefix, id_) in enumerate(assessments.items())
    ]
    killed = sum(_printed(process)[0] for process in started)
    assert killed > 0
    return Tally(killed, _check(path, assessments, answers))


def kills_while_others_write(folder: Path, count: int) -> Tally:
    """A killed writer beside one that is left alone: its half of a write must harm nobody."""
    path = folder / "p.db"
    answers = count * _A_LIFE
    assessments = _assessments(path, 2)
    (one, first), (other, second) = assessments.items()
    started = [
        run_beside(WRITER, path, first, one, answers, count, random.Random(count).randrange(1000)),
        run_beside(WRITER, path, second, other, answers),
    ]
    killed, alone = (_printed(process) for process in started)
    assert alone == list(range(answers))
    return Tally(killed[0], _check(path, assessments, answers))
