"""The real program, and a key that is held down for three seconds as keyboards hold one."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from store.opening.training import open_training
from tests.terminal.keyscript import key_bytes
from tests.terminal.main_job import ROOT, Nurse
from tests.terminal.session import Session

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drives a Linux pty")

KEYBOARD = [0.5, *[1 / 30] * 75]
"""Half a second, then thirty times a second."""

RATTLE = [1 / 30] * 90


def hold(session: Session, key: str, gaps: Sequence[float]) -> None:
    """Send a key again and again; a late sender does not hurry after it."""
    session.send(key_bytes(key))
    for gap in gaps:
        end = time.perf_counter() + gap
        while (left := end - time.perf_counter()) > 0:
            session.read(left)
        session.send(key_bytes(key))
    session.idle(0.5)


@pytest.mark.parametrize("gaps", [KEYBOARD, RATTLE], ids=["keyboard", "rattle"])
def test_a_zero_held_for_three_seconds_answers_one_page_at_most(
    tmp_path: Path, gaps: Sequence[float]
) -> None:
    argv = [sys.executable, "-m", "tui", "--demo", "--db", str(tmp_path / "p.db"), "--lang", "en"]
    with Session(argv, cwd=ROOT) as session:
        nurse = Nurse(session, "en")
        nurse.awake_s = 0.3
        nurse.fills_in_client()
        nurse.asked("danger.suicide")
        session.idle(1.2)
        hold(session, "0", gaps)
        # A busy machine may bring some repeats within one read.
        session.wait_for("A key held down does one thing only|Several keys came at once")
    with open_training(tmp_path / "training.db") as store:
        (draft, *_) = store.assessments.list_drafts()
        given = store.answers.get_progress(draft.assessment.id).answers
    assert {id_.partition(".")[0] for id_ in given} <= {"danger", "client"}
