"""If these fail, a client's page stays on the terminal of a program that was killed."""

from __future__ import annotations

import errno
import os
import pty
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scripts import ROOT
from tests.terminal.session import Session
from tui.terminal import leftover

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drives a Linux pty")

PORRAS = f'"{sys.executable}" -m tui'


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Session]:
    """A plain shell, which does nothing for a terminal that was left odd."""
    (runtime := tmp_path / "run").mkdir(mode=0o700)
    env = {"XDG_RUNTIME_DIR": str(runtime), "XDG_DATA_HOME": str(tmp_path), "PS1": "$ "}
    with Session(["/bin/sh"], env={**env, "ENV": "", "PORRAS_LANG": "en"}, cwd=ROOT) as session:
        session.wait_for(r"\$")
        yield session


def local_flags(session: Session) -> int:
    return int(termios.tcgetattr(session._program_side)[3])


def kill_program(session: Session) -> None:
    (program,) = [pid for pid in session.tree() if pid != session.pid]
    os.kill(program, signal.SIGKILL)
    session.wait_for("Killed")
    end_stray_answer(session)


def end_stray_answer(session: Session) -> None:
    """Let the terminal's answer to the program that is no more be a command of its own."""
    session.settle(5, 0.3)
    session.send(b"\n")
    session.settle(5, 0.3)


USUAL = termios.ICANON | termios.ECHO | termios.ISIG


def test_the_next_start_wipes_what_a_killed_one_has_left(shell: Session) -> None:
    shell.send(f"{PORRAS} --demo\n".encode())
    shell.wait_for("Clients seen lately")
    kill_program(shell)
    assert "Clients seen lately" in shell.text, "the page stays"
    assert not local_flags(shell) & termios.ICANON
    shell.send(f"{PORRAS} --version\n".encode())
    shell.wait_for("porras, version")
    assert "Clients seen lately" not in shell.text
    assert local_flags(shell) & USUAL == USUAL
    assert shell.left_on == set()


def test_what_was_printed_line_by_line_is_wiped_too(shell: Session) -> None:
    shell.send(f"{PORRAS} --demo --plain\n".encode())
    shell.wait_for("Clients seen lately")
    kill_program(shell)
    shell.send(f"{PORRAS} --version\n".encode())
    shell.wait_for("porras, version")
    assert "Clients seen lately" not in shell.text
    assert local_flags(shell) & USUAL == USUAL


def test_nothing_is_wiped_where_nobody_was_killed(shell: Session) -> None:
    shell.send(f"{PORRAS} --demo\n".encode())
    shell.wait_for("Clients seen lately")
    shell.settle(5, 0.5)
    shell.press("q")
    shell.wait_for(r"\$")
    shell.send(b"echo what stands here\n")
    shell.send(f"{PORRAS} --version\n".encode())
    shell.wait_for("porras, version")
    assert "what stands here" in shell.text


def test_the_wrapper_of_a_shared_host_wipes_at_once(shell: Session, tmp_path: Path) -> None:
    source = ROOT / "distribution" / "site" / "shared_host.sh"
    says = f"eval \"$(sed -n '/^wrapper_text() {{/,/^END$/p' {source}; echo '}}')\"; wrapper_text"
    given = {"MARK": "#", "account": "porras", "program": "/opt/porras/porras"}
    script = subprocess.run(
        ["sh", "-c", says],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=True,
        timeout=10,
    ).stdout
    program = "sudo --user=porras --set-home -- /opt/porras/porras"
    assert script.count(program) == 1
    wrapper = tmp_path / "porras-work"
    wrapper.write_text(script.replace(program, f"{PORRAS} --demo"))
    status = tmp_path / "status"
    shell.send(f"sh {wrapper}; echo $? > {status}\n".encode())
    shell.wait_for("Clients seen lately")
    (program_pid,) = [pid for pid in shell.tree() if "tui" in command_of(pid)]
    os.kill(program_pid, signal.SIGKILL)
    end_stray_answer(shell)
    shell.wait_for(r"\$")
    assert "Clients seen lately" not in shell.text
    assert shell.left_on == set()
    assert local_flags(shell) & USUAL == USUAL
    assert "137" in status.read_text()


def command_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


def test_a_terminal_without_a_name_is_worked_on_without_a_mark(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nameless(_: int) -> str:
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))

    monkeypatch.setattr(os, "ttyname", nameless)
    program_side, shown = pty.openpty()
    monkeypatch.setattr(leftover, "_terminal", lambda: shown)
    with leftover.mark_terminal(lines=True):
        assert os.isatty(shown)
    os.close(program_side)
    os.close(shown)
