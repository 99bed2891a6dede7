"""How much memory running programs take: `python -m tests.memory 1 10 40`.

Linux only: what a process maps is read from `/proc`. A page that several programs share counts for
each with its part of it (proportional set size), so that the sum over all is what the machine
gives. Of the shared part nearly all is code of libraries; Python's own objects are never shared.
"""

from __future__ import annotations

import re
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from tests.terminal.session import Session

ROOT = Path(__file__).parents[1]
STANDS = r"n new assessment"
"""What is on the start screen once it can be used."""

_REST_S = 1.5
"""What is read beside the first screen has been read this long after it stands."""

UNGUARDED = """
import tui.hardening
tui.hardening.forbid_dumps = lambda: None
from tui.__main__ import main
main()
"""
"""The program without its guard against others that look into its memory, as is done here."""

Name = Literal["porras", "hello"]


class Share(NamedTuple):
    """What one program takes, in kB."""

    pss_kb: float
    """Its own pages, and its part of each shared one."""
    private_kb: float
    """What ending it would give back."""
    shared_kb: float
    """The pages that others map as well, counted whole."""


def share_of(pid: int) -> Share:
    """Return what a running process takes; OSError if it may not be looked at, or has ended."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    kb = {name: int(value) for name, value in re.findall(r"^(\w+):\s+(\d+) kB", rollup, re.M)}
    private = kb["Private_Clean"] + kb["Private_Dirty"]
    return Share(kb["Pss"], private, kb["Shared_Clean"] + kb["Shared_Dirty"])


def running(count: int, program: Name = "porras") -> list[Share]:
    """Start so many programs, wait until each stands and rests, and return what each takes."""
    with standing(count, program) as sessions:
        return [share_of(session.pid) for session in sessions]


@contextmanager
def standing(count: int, program: Name = "porras") -> Iterator[list[Session]]:
    """So many programs side by side, each on a store of its own; they are ended afterwards.

    They are started one after another: together they would only wait for the processors.
    """
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder, sessions = Path(name), []
        stores = _stores(folder, count) if program == "porras" else [folder] * count
        for database in stores:
            argv, ready = _command(program, database)
            sessions.append(stack.enter_context(Session(argv, cwd=ROOT)))
            sessions[-1].wait_for(ready)
        for session in reversed(sessions):
            session.settle(2 * _REST_S, _REST_S if session is sessions[-1] else 0.05)
        yield sessions


def _stores(folder: Path, count: int) -> list[Path]:
    """Databases with a training store beside each: on most days it is there already."""
    first, *others = databases = [folder / str(number) / "p.db" for number in range(count)]
    with Session(_command("porras", first)[0], cwd=ROOT) as session:
        session.wait_for(STANDS)
        session.settle(2 * _REST_S, _REST_S)
        session.send(b"q")
        session.wait_exit()
    for database in others:
        database.parent.mkdir()
        shutil.copy(first.with_name("training.db"), database.with_name("training.db"))
    return databases


def _command(program: Name, database: Path) -> tuple[Sequence[str], str]:
    if program == "hello":
        return (sys.executable, "-m", "tests.terminal.samples.hello"), "hello"
    options = ("--demo", "--lang", "en", "--db", str(database))
    return (sys.executable, "-c", UNGUARDED, *options), STANDS


def main(counts: Sequence[str]) -> int:
    """Print one line for each number of programs."""
    for count in map(int, counts or ("1", "10", "40")):
        for program in get_args(Name):
            shares = running(count, program)
            mean = Share(*(statistics.mean(each) / 1024 for each in zip(*shares, strict=True)))
            print(
                f"{count:>3} × {program:<7} each {mean.pss_kb:6.1f} MB proportional,"
                f" {mean.private_kb:6.1f} private, {mean.shared_kb:6.1f} shared"
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
