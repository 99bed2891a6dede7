"""Client mode on a real terminal: no key opens the shell or the nurse's screens, no kill loses."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

import pytest

from casework.assessment import AssessmentSession
from store.opening.unlock import set_up
from store.paths import find
from store.pathway_files.files import built_in
from tests.screens.running import CALM
from tests.terminal.main_job import HANDLE, PASSPHRASE, Nurse, Porras
from tests.terminal.session import Session
from tests.terminal.test_program import FIRST_ITEM, SECOND_ITEM

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drives a Linux pty")


@pytest.fixture
def porras(tmp_path: Path) -> Porras:
    """An encrypted store with one draft, of a client of whom only the danger page is asked."""
    porras = Porras(tmp_path, "en")
    with set_up(find(porras.database), HANDLE, PASSPHRASE).store as store:
        client = store.clients.add(birth_year=1980, language="en", sex="f", municipality="hollola")
        visit = AssessmentSession.start(
            store, built_in("adult"), client, setting="reception", language="en"
        )
        visit.record_answers(dict(CALM))
    return porras


def hand_over(session: Session) -> Nurse:
    """Go on with the draft and leave the client at the first item."""
    nurse = Nurse(session, "en")
    nurse.unlocks()
    nurse.resumes()
    nurse.asked("phq9.1", "Esc")
    nurse.sees("hand the keyboard to the client", "c")
    nurse.sees("The client cannot", "Enter")
    nurse.sees("Before you begin", "sleep:1100 Enter")
    nurse.asked("phq9.1")
    return nurse


def test_no_key_of_the_terminal_opens_the_shell_and_a_kill_loses_nothing(porras: Porras) -> None:
    with porras.start() as session:
        nurse = hand_over(session)
        session.idle(0.2)
        for key in (b"\x03", b"\x1a", b"\x11", b"\x1c", b"\x04", b"\x13", b"\x1b", b"\x1bOP"):
            session.send(key)
            session.idle(0.15)
        assert FIRST_ITEM in session.text
        for _ in range(4):
            session.send(b"2")
            time.sleep(0.005)  # each in a read of its own
        session.wait_for(SECOND_ITEM)
        session.idle(0.3)
        assert SECOND_ITEM in session.text, "the keys after the first were for no question drawn"
        nurse.asked("phq9.2", "h")
        nurse.sees("Waiting for the nurse")
        assert session.kill() == -signal.SIGKILL
    with porras.opened() as store:
        (draft, *_) = store.assessments.list_drafts()
        given = store.answers.get_progress(draft.assessment.id).answers
    assert {id_: v for id_, v in given.items() if id_.startswith("phq9")} == {"phq9.1": 2}
    with porras.start() as session:
        nurse = Nurse(session, "en")
        nurse.sees("Open the store")
        nurse.unlocks()
        nurse.resumes()
        nurse.asked("phq9.2")
        session.wait_for("F10 emergency card")


def test_stopped_and_continued_the_client_is_where_the_client_was(porras: Porras) -> None:
    with porras.start() as session:
        hand_over(session)
        for number in (signal.SIGSTOP, signal.SIGTSTP):
            session.signal(number)
            session.idle(0.3)
            session.signal(signal.SIGCONT)
            session.idle(0.5)
            session.wait_for("I want the nurse")
            assert "emergency card" not in session.text
