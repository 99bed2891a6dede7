"""The idle lock on a real terminal: what stands in its cells, and in the bytes that were sent."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from casework.assessment import AssessmentSession
from store.opening.unlock import set_up
from store.paths import find
from store.pathway_files.files import built_in
from tests.screens.running import CALM
from tests.terminal.main_job import AWAKE_S, HANDLE, PASSPHRASE, ROOT, Nurse
from tests.terminal.session import Session

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drives a Linux pty")

TYPED = "sleeps three hours"


@pytest.fixture
def at_work(tmp_path: Path) -> Session:
    """The program in a hurry, on an encrypted store with one draft."""
    database = tmp_path / "porras.db"
    with set_up(find(database), HANDLE, PASSPHRASE).store as store:
        client = store.clients.add(birth_year=1980, language="en", sex="f", municipality="hollola")
        visit = AssessmentSession.start(
            store, built_in("adult"), client, setting="reception", language="en"
        )
        visit.record_answers(dict(CALM))
        store.settings.set("idle_minutes", "6")  # 3.6 s of a clock in a hurry
    argv = [sys.executable, "-m", "tests.terminal.hurried", "--db", str(database), "--lang", "en"]
    return Session(argv, cwd=ROOT, env={"SSH_CONNECTION": None})


def writes_a_note(session: Session) -> None:
    nurse = Nurse(session, "en")
    nurse.unlocks()
    nurse.resumes()
    nurse.asked("phq9.1", "m")
    session.wait_for("Type below and press Enter")
    session.idle(AWAKE_S)
    session.send(TYPED.encode())
    session.wait_for(TYPED)


def sent(session: Session) -> list[bytes]:
    """What the program sends from now on, filled as it comes."""
    drawn, came = session.terminal.feed, list[bytes]()

    def noted(data: bytes) -> bytes:
        came.append(data)
        return drawn(data)

    session.terminal.feed = noted  # type: ignore[method-assign]
    return came


def comes_back(session: Session) -> None:
    session.idle(AWAKE_S)
    session.send(PASSPHRASE.encode())
    session.wait_for("•" * len(PASSPHRASE))
    session.press("Enter")
    session.wait_for(TYPED)


def test_a_screen_that_is_left_alone_shows_nothing_and_gives_everything_back(
    at_work: Session,
) -> None:
    with at_work as session:
        writes_a_note(session)
        came = sent(session)
        session.wait_for("no key was pressed")
        # Some terminals keep what is erased for their scrollback; what is written over is gone.
        for lingers in (b"\x1b[2J", b"\x1b[3J"):
            assert lingers not in b"".join(came)
        assert TYPED not in session.text
        assert "PHQ" not in session.text
        comes_back(session)


def test_a_program_that_was_stopped_for_long_shows_nothing_when_it_goes_on(
    at_work: Session,
) -> None:
    with at_work as session:
        writes_a_note(session)
        session.signal(signal.SIGSTOP)
        session.idle(4.5)
        came = sent(session)
        session.signal(signal.SIGCONT)
        session.wait_for("no key was pressed")
        assert b"".join(came)
        assert TYPED.encode() not in b"".join(came), "not for a moment"
        comes_back(session)
