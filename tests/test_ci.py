"""The check of every change: on a second Python first where there is one, then on the main one."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LESS = "TESTS=--ignore=tests/screens --ignore=tests/terminal --ignore=tests/faults"
"""What the second Python leaves out: tests of pages and terminals."""

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the check is a bash script")


class Machine:
    """A machine on which make only tells what it was asked for."""

    def __init__(self, folder: Path) -> None:
        self.home, self.path = folder / "home", folder / "bin"
        self.home.mkdir()
        self.path.mkdir()
        self.calls = folder / "calls"
        self.calls.touch()
        for program in ("bash", "dirname", "env"):
            (self.path / program).symlink_to(str(shutil.which(program)))
        for program in ("tmux", "screen", "cc"):
            self.has(program, "exit 0")
        self.has("python3", "echo 3.11")
        self.makes("exit 0")

    def has(self, program: str, does: str, place: Path | None = None) -> str:
        """Put a program there, by a line of shell."""
        path = (place or self.path) / program
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{does}\n")
        path.chmod(0o755)
        return str(path)

    def makes(self, does: str) -> None:
        """Let make write down what it is asked for, and do something."""
        self.has("make", f'echo "$*" >> "{self.calls}"\n{does}')

    def checks(self) -> tuple[int, list[str], str]:
        """Run the check; return its status, what make was asked for, and what was told."""
        done = subprocess.run(
            [str(ROOT / ".ci" / "run")],
            env={"PATH": str(self.path), "HOME": str(self.home)},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, self.calls.read_text().splitlines(), done.stderr


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_newest_other_python_goes_first(machine: Machine) -> None:
    machine.has("python3.12", "echo 3.12")
    machine.has("python3.14", "echo 3.14")
    status, calls, _ = machine.checks()
    assert status == 0
    assert calls == [f"PYTHON=python3.14 VENV=.venv-3.14 {LESS} test", "check"]


def test_a_python_of_pyenv_will_do(machine: Machine) -> None:
    place = machine.home / ".pyenv" / "versions" / "3.13.0" / "bin"
    python = machine.has("python3", "echo 3.13", place)
    machine.has("python3.13", "exit 127")  # pyenv's own stand-in, where no version is chosen
    assert machine.checks()[1] == [f"PYTHON={python} VENV=.venv-3.13 {LESS} test", "check"]


def test_the_main_python_is_no_second_one(machine: Machine) -> None:
    machine.has("python3", "echo 3.14")
    machine.has("python3.14", "echo 3.14")
    machine.has("python3.11", "echo 3.11")
    assert machine.checks()[1] == [f"PYTHON=python3.11 VENV=.venv-3.11 {LESS} test", "check"]


def test_without_a_second_python_it_says_so_and_goes_on(machine: Machine) -> None:
    machine.has("python3.12", "exit 1")  # without venv or without SQLite
    status, calls, told = machine.checks()
    assert (status, calls) == (0, ["check"])
    assert "no second one" in told


@pytest.mark.parametrize("fails", ["test", "check"])
def test_a_failure_of_either_fails_it_after_both(machine: Machine, fails: str) -> None:
    machine.has("python3.12", "echo 3.12")
    machine.makes(f'for word; do :; done; [ "$word" != {fails} ]')
    status, calls, _ = machine.checks()
    assert status == 1
    assert [call.split()[-1] for call in calls] == ["test", "check"]


def test_it_may_be_started() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
