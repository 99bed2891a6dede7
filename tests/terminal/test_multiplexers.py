"""Inside tmux and GNU screen: what stands there, and what is left after a lost connection.

Failing here means a nurse on a rough line who comes back to a torn page or to a lost answer.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from store.training.opening import open_training
from tests.terminal.lived import ADULT, LongNurse
from tests.terminal.main_job import ANSWERS, NIMBLE, ROOT, SLOW_S
from tests.terminal.session import Session
from tests.terminal.shadow import Shadowed, program
from tests.terminal.test_terminals import CARD, STEP, TROUBLED

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drives a Linux pty")

TMUX = """
set -g status off
"""
SCREEN = """
startup_message off
defutf8 on
altscreen on
"""
SIZES = ((100, 30), (80, 24))
"""Of the windows from which she comes back."""


@dataclass
class Multiplexer:
    """One of the two, with a server of its own in a folder; its settings are the usual ones."""

    name: str
    folder: Path

    def __post_init__(self) -> None:
        self._settings = self.folder / "settings"
        self._settings.write_text(TMUX if self.name == "tmux" else SCREEN)
        self._sockets = self.folder / "s"
        self._sockets.mkdir(mode=0o700)
        self._tmux = ["tmux", "-u", "-S", str(self._sockets / "t"), "-f", str(self._settings)]

    @property
    def env(self) -> dict[str, str | None]:
        """What the shell outside says; nothing of a multiplexer that the tests run in."""
        return {
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
            "PORRAS_GLYPHS": None,
            "SCREENDIR": str(self._sockets),
            **dict.fromkeys(("TMUX", "TMUX_PANE", "STY", "WINDOW", "COLORTERM")),
        }

    def runs(self, command: Sequence[str]) -> list[str]:
        """The command that runs another one inside."""
        if self.name == "tmux":
            return [*self._tmux, "new-session", "-s", "p", *command]
        return ["screen", "-U", "-c", str(self._settings), "-S", "p", *command]

    @property
    def attaches(self) -> list[str]:
        """The command that comes back to what was left."""
        if self.name == "tmux":
            return [*self._tmux, "attach"]
        return ["screen", "-U", "-c", str(self._settings), "-r", "p"]

    @property
    def detaches(self) -> bytes:
        """What the keys send that leave it running."""
        return b"\x02d" if self.name == "tmux" else b"\x01d"

    def page(self) -> bytes:
        """What stands inside, as the multiplexer itself reads it."""
        if self.name == "tmux":
            return _trimmed(self._asks(*self._tmux, "capture-pane", "-p"))
        copy = self.folder / "copy"
        copy.unlink(missing_ok=True)
        self._asks("screen", "-S", "p", "-X", "hardcopy", str(copy))
        end = time.perf_counter() + 5
        while not (copy.exists() and copy.stat().st_size) and time.perf_counter() < end:
            time.sleep(0.02)
        return _trimmed(copy.read_bytes())

    def writes(self, page: str) -> bytes:
        """How it writes a page down; GNU screen keeps the last byte of each character's number."""
        return page.encode() if self.name == "tmux" else bytes(ord(char) & 0xFF for char in page)

    def ends(self) -> None:
        """End it and what runs inside, if anything still does."""
        quit_all = ["screen", "-S", "p", "-X", "quit"]
        command = [*self._tmux, "kill-server"] if self.name == "tmux" else quit_all
        self._asks(*command, check=False)

    def _asks(self, *command: str, check: bool = True) -> bytes:
        env = {name: value for name, value in self.env.items() if value is not None}
        done = subprocess.run(command, env=env, capture_output=True, check=check)
        return done.stdout


def _trimmed(text: bytes) -> bytes:
    return b"\n".join(line.rstrip(b" ") for line in text.split(b"\n")).rstrip(b"\n")


@pytest.fixture(params=["tmux", "screen"])
def inside(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Multiplexer]:
    if not shutil.which(request.param):
        pytest.skip(f"{request.param} is not installed")
    multiplexer = Multiplexer(request.param, tmp_path)
    yield multiplexer
    multiplexer.ends()


class _Nurse(LongNurse):
    """Looks longer: a program is drawn by two others, and hears later that its page is shown."""

    awake_s = SLOW_S


def check_page(session: Shadowed, inside: Multiplexer) -> None:
    """The same page stands inside, outside, and where Textual draws it."""
    session.settle(5, 0.2)
    session.compare()
    assert inside.page() == inside.writes(session.text)


def given(folder: Path) -> dict[str, object]:
    """The answers of the newest draft, through a second connection."""
    with open_training(folder / "training.db") as store:
        (draft, *_) = store.assessments.list_drafts()
        return dict(store.answers.get_progress(draft.assessment.id).answers)


def test_a_lost_connection_in_the_interview_costs_nothing(
    inside: Multiplexer, tmp_path: Path
) -> None:
    command = inside.runs(program(tmp_path, "--demo"))
    with Shadowed(tmp_path, command, env=inside.env, colours=False) as session:
        nurse = _Nurse(session, "fi")
        nurse.fills_in_client()
        nurse.answers(*ANSWERS[:3])
        nurse.asked("phq9.3")
        check_page(session, inside)
        session.hang_up()
        session.wait_exit()
    assert given(tmp_path)["phq9.2"] == 2
    for size, answer, after in zip(SIZES, ANSWERS[3:], ANSWERS[4:], strict=False):
        with Shadowed(tmp_path, inside.attaches, *size, env=inside.env, colours=False) as session:
            nurse = _Nurse(session, "fi")
            nurse.asked(answer.question)
            check_page(session, inside)
            nurse.answers(answer)
            nurse.asked(after.question)
            session.send(inside.detaches)
            assert session.wait_exit() == 0
            assert session.sane
    assert [given(tmp_path)[f"phq9.{n}"] for n in (1, 2, 3, 4)] == [2, 2, 2, 2]


@pytest.mark.skipif(not shutil.which("tmux"), reason="tmux is not installed")
def test_the_status_line_of_tmux_leaves_rows_enough(tmp_path: Path) -> None:
    inside = Multiplexer("tmux", tmp_path)
    (tmp_path / "settings").write_text("set -g status on\n")
    command = inside.runs([*NIMBLE, "--demo", "--db", str(tmp_path / "p.db"), "--lang", "en"])
    with Session(command, cwd=ROOT, env=inside.env) as session:
        nurse = _Nurse(session, "en")
        nurse.fills_in_client()
        nurse.asked("danger.suicide")
        assert re.search(r"^\[p\]", session.text.splitlines()[-1]), session.text
        inside.ends()


@pytest.mark.nightly
def test_the_main_job_inside(inside: Multiplexer, tmp_path: Path) -> None:
    command = inside.runs(program(tmp_path, "--demo"))
    with Shadowed(tmp_path, command, env=inside.env, colours=False) as session:
        nurse = _Nurse(session, "fi")
        nurse.fills_in_client()
        nurse.goes_through(ADULT, CARD, TROUBLED)
        check_page(session, inside)
        nurse.takes_suggestion(STEP, ADULT.header.step[STEP].name["fi"])
        nurse.sees("close Porras")
        check_page(session, inside)
        nurse.leaves()
        assert session.left_on == set()
    with open_training(tmp_path / "training.db") as store:
        (client, *_) = store.clients.list_recent(1)
        row = store.decisions.find(store.assessments.list_of(client.id)[0].id)
        assert row is not None
        assert row.confirmed_step == STEP
