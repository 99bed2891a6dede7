"""If these fail, a nurse at a printing terminal or with a screen reader loses work or is misled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from store.paths import find
from store.pathway_files.files import built_in
from store.training.opening import open_training
from tests.screens.running import PASSPHRASE as UNLOCKS
from tests.terminal.main_job import (
    ANSWERS,
    HANDLE,
    PASSPHRASE,
    QUESTIONS,
    ROOT,
    STEP,
    STOP_S,
    draft_answers,
)
from tests.terminal.session import NotShownError, Session, until
from tests.tui.test_plain import office

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drives a Linux pty")

READ_S = 0.12
"""A line that comes faster than this after its question is a bouncing key."""

CONFIRM_S = 0.6


def argv(place: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "tui", "--plain", "--db", str(place / "p.db"), *more]


def dumb(place: Path, *more: str, columns: int = 80) -> Session:
    return Session(argv(place, *more), columns, 24, cwd=ROOT, env={"TERM": "dumb"})


def lines_of(keys: str, question: str) -> list[str]:
    """The lines for the keys that answer a question on a screen."""
    first, *enter = keys.split()
    return [first, ""] if enter and QUESTIONS[question].kind == "multi" else [first]


INTERVIEW = [line for each in ANSWERS for line in lines_of(each.keys, each.question)]
CARD = ["", "1980", "1", "1", "1", "1"]


class Typist:
    """Types each line once it is asked for and could have been read."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._from = 0

    @property
    def new(self) -> str:
        """What was printed since the last line was typed."""
        return self.session.raw[self._from :].decode(errors="replace")

    def asked(self, *words: str, read_s: float = READ_S) -> str:
        """Wait for a prompt, and for words above it; return what stands there."""
        try:
            until(lambda: self._prompts_under(words), lambda: self.session.read(0.1))
        except NotShownError:
            raise NotShownError(f"{words} not in:\n{self.new}") from None
        told = self.flat
        self.session.idle(read_s)
        return told

    def _prompts_under(self, words: Iterable[str]) -> bool:
        return self.new.endswith("> ") and all(word in self.flat for word in words)

    @property
    def flat(self) -> str:
        return " ".join(self.new.split())

    def type(self, *lines: str) -> None:
        for line in lines:
            self.asked()
            self._send(line)

    def _send(self, line: str) -> None:
        self._from = len(self.session.raw)
        self.session.send(line.encode() + b"\n")

    def answers(self, words: str, line: str, read_s: float = READ_S) -> str:
        """Type a line where certain words are asked; return what was printed there."""
        told = self.asked(words, read_s=read_s)
        self._send(line)
        return told


@pytest.fixture
def at_first_item(tmp_path: Path) -> Iterator[tuple[Typist, Path]]:
    with dumb(tmp_path, "--demo", "--lang", "en") as session:
        typist = Typist(session)
        typist.type("n", *CARD, "0")
        typist.asked("Mikään ei ole juuri kiinnostanut")
        yield typist, tmp_path


def sane_output(session: Session, columns: int) -> None:
    """No escape, and no line wider than the terminal; a prompt's line holds what was typed."""
    assert b"\x1b" not in session.raw
    assert b"\x07" not in session.raw
    lines = session.raw.decode().replace("\r", "").split("\n")
    assert max(cell_len(line) for line in lines) <= columns


def test_a_whole_journey_in_finnish_on_a_dumb_terminal(tmp_path: Path) -> None:
    at = office(tmp_path, built_in("adult"))
    place = at.stage.places.database
    with at.stage.store():
        pass
    program = [sys.executable, "-m", "tui", "--plain", "--db", str(place), "--lang", "fi"]
    with Session(program, 80, 24, cwd=ROOT, env={"TERM": "dumb"}) as session:
        typist = Typist(session)
        typist.answers("nurse1", UNLOCKS)
        typist.answers("uusi arviointi", "u")
        typist.type(*CARD, *INTERVIEW)
        typist.answers("Ehdotettu porras", "")
        typist.answers("Lyhytterapia", str(STEP), read_s=CONFIRM_S)
        typist.answers("Tämä kysytään kerran", "q", read_s=CONFIRM_S)
        typist.answers("nurse1", "", read_s=CONFIRM_S)
        typist.answers("vahvistettu", "q")
        assert session.wait_exit() == 0
        assert session.sane
        sane_output(session, 80)
        assert UNLOCKS.encode() not in session.raw
    with at.stage.store() as store:
        (client,) = store.clients.list_recent()
        row = store.decisions.find(store.assessments.list_of(client.id)[0].id)
        assert row is not None
        assert row.confirmed_step == STEP


def test_a_pipe_is_taken_line_by_line(tmp_path: Path) -> None:
    lines = ["n", *CARD, *INTERVIEW, "", str(STEP), "q", "", "q", ""]
    done = subprocess.run(
        argv(tmp_path, "--demo", "--lang", "sv"),
        input="\n".join(lines),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "TERM": "dumb", "COLUMNS": "40", "PYTHONIOENCODING": "utf-8"},
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert max(map(cell_len, done.stdout.splitlines())) <= 40
    assert done.stdout.count("ÖVNING") > 3
    with open_training(find(tmp_path / "p.db").training) as store:
        (client, *_) = store.clients.list_recent()
        row = store.decisions.find(store.assessments.list_of(client.id)[0].id)
        assert row is not None
        assert row.confirmed_step == STEP


def test_a_pipe_that_ends_in_the_middle_keeps_what_was_answered(tmp_path: Path) -> None:
    done = subprocess.run(
        argv(tmp_path, "--demo", "--lang", "en"),
        input="\n".join(["n", *CARD, "0", "2", "1"]),  # the last line is cut short
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
    )
    assert done.returncode == 1
    assert "Every answer given is stored" in " ".join(done.stdout.split())
    given = draft_answers(tmp_path)
    assert given["phq9.1"] == 2
    assert "phq9.2" not in given


def test_lines_typed_before_a_question_do_not_answer_it(
    at_first_item: tuple[Typist, Path],
) -> None:
    typist, place = at_first_item
    typist.session.send(b"1\n1\n1\n1\n")
    typist.session.idle(1.0)
    given = draft_answers(place)
    assert [id_ for id_ in given if id_.startswith("phq9")] == ["phq9.1"]


def test_after_kill_9_the_draft_goes_on_where_it_was(at_first_item: tuple[Typist, Path]) -> None:
    typist, place = at_first_item
    typist.type("3", "2")
    typist.asked("question 4")
    typist.session.signal(signal.SIGKILL)
    typist.session.wait_exit()
    assert draft_answers(place)["phq9.2"] == 2
    with dumb(place, "--demo", "--lang", "en") as session:
        again = Typist(session)
        told = again.asked("unfinished assessment, 8 answers, today")
        digit = told.split("unfinished assessment, 8 answers")[0].split()[-2]
        again.type(digit)
        again.asked("question 4")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_says_that_the_draft_is_safe(
    at_first_item: tuple[Typist, Path], number: signal.Signals
) -> None:
    typist, place = at_first_item
    typist.type("3")
    typist.asked("question 3")
    typist.session.signal(number)
    assert typist.session.wait_exit() == 128 + number
    assert "Every answer given is stored" in typist.flat
    assert "Traceback" not in typist.flat
    assert typist.session.sane
    assert draft_answers(place)["phq9.1"] == 3


def test_a_closed_terminal_loses_nothing(tmp_path: Path) -> None:
    with dumb(tmp_path, "--demo", "--lang", "en") as session:
        typist = Typist(session)
        typist.type("n", *CARD, "0", "3")
        typist.asked("question 3")
        session.hang_up()
        assert session.wait_exit() in (1, 128 + signal.SIGHUP)
    assert draft_answers(tmp_path)["phq9.1"] == 3


def test_a_stop_on_a_narrow_terminal_takes_its_steps_one_by_one(tmp_path: Path) -> None:
    with dumb(tmp_path, "--demo", "--lang", "en", columns=40) as session:
        typist = Typist(session)
        typist.type("n", *CARD, "2", "")
        told = typist.answers("STOP · EMERGENCY", "x2")
        typist.answers("This has just come up", "x2", read_s=STOP_S)
        assert "Suggested step" not in told
        typist.answers("Not done: which reason fits best?", "3")
        typist.answers("Why is this step not done?", "the police are on their way")
        typist.answers("STOP · EMERGENCY", "1", read_s=STOP_S)
        typist.answers("That is not possible here.", "d1")
        typist.type("d3", "d4", "d5")
        typist.answers("All safety steps are recorded", "")
        typist.asked("question 2")
        sane_output(session, 40)
    with open_training(tmp_path / "training.db") as store:
        (draft, *_) = store.assessments.list_drafts()
        rows = store.safety_steps.list_recorded(draft.assessment.id)
    assert [(row.reason, row.why_not) for row in rows if not row.done] == [
        ("by_another", "the police are on their way")
    ]
    assert sum(row.done for row in rows) == 4


def test_the_first_run_sets_a_workplace_up_without_showing_the_passphrase(tmp_path: Path) -> None:
    with dumb(tmp_path, "--lang", "en") as session:
        typist = Typist(session)
        typist.answers("Set up this workplace", "1")
        typist.answers("Your staff code", HANDLE)
        typist.answers("Where is this workplace?", "holl")
        typist.answers("1 Hollola", "1")
        typist.answers("Choose a passphrase", PASSPHRASE)
        typist.answers("The passphrase again", PASSPHRASE)
        typist.answers("Recovery code", "w")
        typist.answers("new assessment", "q")
        assert session.wait_exit() == 0
        assert PASSPHRASE.encode() not in session.raw
        sane_output(session, 80)


def test_another_character_set_ends_nothing(at_first_item: tuple[Typist, Path]) -> None:
    typist, place = at_first_item
    typist.session.send(b"\xe4\n")
    typist.asked("not possible here")
    typist.type("1")
    typist.asked("question 3")
    assert draft_answers(place)["phq9.1"] == 1


def test_without_the_flag_a_dumb_terminal_is_told_of_it(tmp_path: Path) -> None:
    command = [word for word in argv(tmp_path, "--demo") if word != "--plain"]
    with Session(command, cwd=ROOT, env={"TERM": "dumb"}) as session:
        assert session.wait_exit() == 2
        assert "porras --plain" in session.text


def test_the_variable_is_the_flag(tmp_path: Path) -> None:
    command = [word for word in argv(tmp_path, "--demo") if word != "--plain"]
    env = {"TERM": "dumb", "PORRAS_PLAIN": "1"}
    with Session(command, cwd=ROOT, env=env) as session:
        Typist(session).type("q")
        assert session.wait_exit() == 0


# -- the client alone ----------------------------------------------------------------------------


@pytest.fixture
def handed_over(tmp_path: Path) -> Iterator[tuple[Typist, Path]]:
    """A client is at the first item, on a terminal that cannot be cleared."""
    with dumb(tmp_path, "--demo", "--lang", "fi") as session:
        typist = Typist(session)
        hand_over(typist)
        yield typist, tmp_path


def hand_over(typist: Typist) -> str:
    """Leave the client at the first item; return what was printed since the nurse agreed."""
    typist.type("u", *CARD, "0", "q")
    typist.answers("anna näppäimistö asiakkaalle", "a")
    typist.answers("Pysy lähellä", "")
    typist.answers("Ennen kuin aloitat", "", read_s=CONFIRM_S)
    return typist.asked("Ei ole kiire")


def test_no_key_of_a_terminal_ends_the_program_while_the_client_has_it(
    handed_over: tuple[Typist, Path],
) -> None:
    typist, place = handed_over
    for key in (b"\x03", b"\x04", b"\x1a", b"\x1c", b"\x19"):
        typist.session.send(key)
        typist.session.idle(0.1)
    typist._send("")
    typist.asked("ei ole tässä mahdollista")
    typist.session.signal(signal.SIGINT)  # what a break on a serial line sends
    typist.type("2", "1")
    assert "3/47" in typist.asked("kutsu hoitaja")
    given = draft_answers(place)
    assert [given[id_] for id_ in ("phq9.1", "phq9.2")] == [2, 1]
    assert "phq9.3" not in given


def test_the_nurse_gets_the_keys_back_with_the_keyboard(handed_over: tuple[Typist, Path]) -> None:
    typist, _ = handed_over
    typist.type("h")
    typist.asked("Käänny hoitajan tai jonkun muun työntekijän puoleen", read_s=CONFIRM_S)
    assert b"\x07" in typist.session.raw
    before = len(typist.session.raw)
    typist._send("porras")
    typist.asked("hätäkortti")
    assert b"porras\r\n" not in typist.session.raw[before:]
    typist.session.send(b"\x03")
    assert typist.session.wait_exit() == 128 + signal.SIGINT
    assert typist.session.sane


def test_lines_typed_ahead_by_the_client_answer_nothing(handed_over: tuple[Typist, Path]) -> None:
    typist, place = handed_over
    typist.session.send(b"1\n1\nh\nporras\n")
    typist.session.idle(1.0)
    assert "2/47" in typist.flat
    given = draft_answers(place)
    assert [id_ for id_ in given if id_.startswith("phq9")] == ["phq9.1"]


def test_a_program_that_was_stopped_goes_on_with_the_client(
    handed_over: tuple[Typist, Path],
) -> None:
    typist, place = handed_over
    typist.session.signal(signal.SIGSTOP)
    typist.session.idle(0.2)
    terminal = Path(f"/proc/{typist.session.tree()[0]}/fd/0").readlink()
    subprocess.run(["stty", "-F", terminal, "sane"], check=True)  # as a shell does
    typist.session.signal(signal.SIGCONT)
    typist.session.idle(0.3)
    typist.session.send(b"\x03")
    typist._send("")
    typist.type("3")
    assert "2/47" in typist.asked("kutsu hoitaja")
    assert draft_answers(place)["phq9.1"] == 3


@pytest.mark.parametrize("end", ["hang up", "terminate"])
def test_a_line_that_breaks_while_the_client_has_it_ends_the_program(
    handed_over: tuple[Typist, Path], end: str
) -> None:
    typist, place = handed_over
    typist.type("2")
    typist.asked("2/47")
    if end == "hang up":
        typist.session.hang_up()
    else:
        typist.session.signal(signal.SIGTERM)
    assert typist.session.wait_exit() in (1, 128 + signal.SIGHUP, 128 + signal.SIGTERM)
    assert "hätäkortti" not in typist.flat
    assert draft_answers(place)["phq9.1"] == 2


def test_a_screen_is_cleared_with_what_can_be_scrolled_back(tmp_path: Path) -> None:
    argv_ = argv(tmp_path, "--demo", "--lang", "fi")
    with Session(argv_, 80, 24, cwd=ROOT, env={"TERM": "xterm-256color"}) as session:
        hand_over(Typist(session))
        before, after = session.raw.split(b"\x1b[3J")
        assert "Turvallisuus ensin" in before.decode()
        assert "tyhjennetään ennen kuin asiakas aloittaa" in " ".join(before.decode().split())
        assert "Ennen kuin aloitat" in after.decode()
        assert "Turvallisuus ensin" not in session.text
        assert "Tauko" not in session.text


def test_where_nothing_can_be_cleared_a_page_of_blank_lines_lies_between(
    handed_over: tuple[Typist, Path],
) -> None:
    typist, _ = handed_over
    said = typist.session.raw.decode().replace("\r", "")
    assert "Tätä päätettä ei voi tyhjentää." in said
    assert "\n" * 24 in said.split("? ohje]")[-1]
    sane_output(typist.session, 80)
