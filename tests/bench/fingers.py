"""A quick nurse beside a program that waits for no key: four answers a second are never slowed."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from store.training.opening import open_training
from tests.bench.budget import Budget, Setting
from tests.terminal.keyscript import key_bytes
from tests.terminal.main_job import NIMBLE, ROOT, Nurse
from tests.terminal.session import Session

PRESS_S = 0.25
"""Four answers a second, whatever is on the screen by then."""

SCORES = {"one digit": "000000000", "several": "112003210"}
"""The items of a PHQ-9, the last of which stops nothing."""

PROGRAM = (sys.executable, "-m", "tui")
SLOWED = 1.1
"""The last of nine answers may be drawn later by the wait for a second press."""


class Run(NamedTuple):
    """How it went: answers taken of each key sent, and seconds to the last page."""

    taken: float
    seconds: float


def _answer(argv: Sequence[str], folder: Path, scores: str) -> Run:
    folder.mkdir(parents=True)
    options = ["--demo", "--db", str(folder / "p.db"), "--lang", "en"]
    with Session([*argv, *options], cwd=ROOT) as session:
        nurse = Nurse(session, "en")
        nurse.awake_s = 2 * PRESS_S
        nurse.fills_in_client()
        nurse.asked("danger.suicide", "0")
        nurse.asked("phq9.1")
        session.idle(4 * PRESS_S)
        began = time.perf_counter()
        for number, score in enumerate(scores):
            session.idle(max(0.0, began + number * PRESS_S - time.perf_counter()))
            session.send(key_bytes(score))
        session.settle(4.0, 1.0)
        seconds = session.last_output - began
    with open_training(folder / "training.db") as store:
        (draft, *_) = store.assessments.list_drafts()
        given = store.answers.get_progress(draft.assessment.id).answers
    kept = [given.get(f"phq9.{n}") == int(score) for n, score in enumerate(scores, start=1)]
    return Run(sum(kept) / len(scores), seconds)


@cache
def _runs(setting: Setting, name: str) -> tuple[Run, Run]:
    """The program, and the same that waits for no key, one after the other."""
    ours, nimble = (
        _answer(argv, setting.folder / "fingers" / name / which, SCORES[name])
        for which, argv in (("ours", PROGRAM), ("nimble", NIMBLE))
    )
    return ours, nimble


def _taken(setting: Setting, name: str) -> float:
    return _runs(setting, name)[0].taken


def _slowed(setting: Setting, name: str) -> float:
    ours, nimble = _runs(setting, name)
    return ours.seconds / nimble.seconds


def budgets(setting: Setting) -> Iterator[Budget]:
    """Yield what of each row of scores is taken, and how much later its last page stands."""
    for name in SCORES:
        what = f"PHQ-9 at four answers a second, {name}: answers taken"
        yield Budget(what, 1.0, "of 1", partial(_taken, setting, name), at_least=True)
        slowed = partial(_slowed, setting, name)
        yield Budget("  last page / without the wait for a second press", SLOWED, "×", slowed)
