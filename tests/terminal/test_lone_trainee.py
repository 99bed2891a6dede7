"""A trainee alone in a real terminal: if this fails, practice ends half-way or tells too early."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from screens.training.menu import MODES
from stepping.training.records import Judgement
from store.paths import find
from store.pathway_files.vignettes import vignette_files
from store.training.places import OWN_SEAT, record_path
from store.training.seats import load_record
from tests.terminal.main_job import ANSWERS, NIMBLE, ROOT, SETTLE_S
from tests.terminal.session import Session
from tests.terminal.test_class import CASE, HALF, Trainee

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drives a Linux pty")

JUDGE = str(1 + [each.mode for each in MODES].index("judge"))
EARLY = ("Suggested step", "The case's step", "The pathway, on your answers")


def train(database: Path, *words: str) -> Session:
    """Open practice without the tour, which has tests of its own."""
    argv = [*NIMBLE, "--db", str(database), "--lang", "en", "train", *words]
    return Session(argv, cwd=ROOT, settle_s=SETTLE_S, env={"PORRAS_TOUR": "no"})


def finds_the_pattern(trainee: Trainee) -> None:
    """Open the pattern of cases, which stands far down in the list of all."""
    trainee.sees("Judge a case", f"{JUDGE} ")
    place = [*vignette_files()].index(CASE)
    for part in range(place // 9):
        trainee.sees(f"{part * 9 + 1}–", "Tab")
    trainee.sees("A teacher who cannot let go", str(place % 9 + 1))


@pytest.mark.nightly
def test_who_is_cut_off_half_way_goes_on_and_reads_what_differs_and_their_results(
    tmp_path: Path,
) -> None:
    database = tmp_path / "porras.db"
    with train(database) as session:
        trainee = Trainee(session)
        finds_the_pattern(trainee)
        trainee.sees("I teach eight-year-olds", "Enter")
        trainee.answers(*ANSWERS[:HALF])
        trainee.asked(ANSWERS[HALF].question)
        session.kill()
    with train(database) as session:
        trainee = Trainee(session)
        finds_the_pattern(trainee)
        trainee.sees("Go on where you left off", "1")
        trainee.answers(*ANSWERS[HALF:])
        trainee.sees("Which step would you choose for this person?")
        assert not [each for each in EARLY if each in session.text]
        trainee.judges(0)
        trainee.sees("! Unsafe: 1 step below the lowest of the case", "Enter")
        trainee.sees("What differs", "Enter")
        trainee.sees("What there is to learn")
        session.kill()
    (kept,) = load_record(record_path(find(database), OWN_SEAT), OWN_SEAT).entries
    assert isinstance(kept, Judgement)
    assert (kept.step, kept.suggested) == (0, 2)
    with train(database, "--results") as session:
        session.wait_exit()
        assert "A teacher who cannot let go" in session.text
