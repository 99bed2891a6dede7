"""Guessing at the keyboard: if these fail, it is free, or a nurse is kept out for nothing."""

from __future__ import annotations

import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store.errors import AccountLocked, TooManyTries
from store.vault.tries import LOCKED, LONGEST_WAIT_S, Failures, Report, Tries

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


class Hand:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def turn(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def tries(tmp_path: Path, clock: Hand) -> Tries:
    made = fresh(tmp_path, clock)
    made.start()
    return made


def fresh(folder: Path, clock: Hand) -> Tries:
    """The counts as a program sees them that has just been started."""
    return Tries(folder / "porras.keys", lambda: ("nurse-1", "nurse-2"), clock)


def fail(tries: Tries, times: int, handle: str = "nurse-1") -> None:
    for _ in range(times):
        tries.failed(handle)


def told(tries: Tries, handle: str = "nurse-1") -> Report | None:
    """What a success of this staff code hands over."""
    reports: list[Report] = []
    tries.clear(handle, reports.append)
    assert len(reports) < 2
    return reports[0] if reports else None


@pytest.mark.parametrize("handle", ["nurse-1", "nobody"])
def test_each_failure_after_the_third_doubles_the_wait(
    tries: Tries, clock: Hand, handle: str
) -> None:
    waits = []
    for _ in range(LOCKED - 1):
        tries.admit(handle)
        tries.failed(handle)
        try:
            tries.admit(handle)
            waits.append(0)
        except TooManyTries as error:
            waits.append(int(error.values["seconds"]))
            clock.turn(waits[-1] - 0.01)
            with pytest.raises(TooManyTries):
                tries.admit(handle)
            clock.turn(0.01)
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, LONGEST_WAIT_S]
    tries.failed(handle)
    clock.turn(10**8)
    with pytest.raises(AccountLocked):
        tries.admit(handle)


def test_a_restart_forgets_nothing(tries: Tries, tmp_path: Path, clock: Hand) -> None:
    fail(tries, 5)
    with pytest.raises(TooManyTries) as error:
        fresh(tmp_path, clock).admit("NURSE-1 ")
    assert error.value.values == {"seconds": 4}
    fail(tries, LOCKED)
    with pytest.raises(AccountLocked):
        fresh(tmp_path, clock).admit("nurse-1")
    assert fresh(tmp_path, clock).locked() == ("nurse-1",)
    fresh(tmp_path, clock).admit("nurse-2")


def test_a_clock_that_is_set_back_shortens_no_wait_and_makes_none_endless(
    tries: Tries, clock: Hand
) -> None:
    fail(tries, 6)
    clock.turn(7)
    clock.turn(-365 * 86_400)
    with pytest.raises(TooManyTries) as error:
        tries.admit("nurse-1")
    assert error.value.values == {"seconds": 8}
    clock.turn(7)
    with pytest.raises(TooManyTries):
        tries.admit("nurse-1")
    clock.turn(1)
    tries.admit("nurse-1")


def test_a_success_or_a_lead_ends_the_row_and_tells_of_it_once(tries: Tries, clock: Hand) -> None:
    fail(tries, LOCKED)
    clock.turn(60)
    fail(tries, 2, "nurse-2")
    report = told(tries)
    assert report == Report((Failures("nurse-1", ("2026-11-22T08:30:00.000Z",) * LOCKED),), "")
    tries.admit("nurse-1")
    assert told(tries) is None
    report = told(tries, "nurse-2")
    assert report == Report((Failures("nurse-2", ("2026-11-22T08:31:00.000Z",) * 2),), "")


def test_what_could_not_be_recorded_is_told_again(tries: Tries) -> None:
    fail(tries, 4)

    def full(report: Report) -> None:
        raise OSError(report)

    with pytest.raises(OSError, match="nurse-1"):
        tries.clear("nurse-1", full)
    report = told(tries)
    assert report is not None
    assert len(report.failures[0].at) == 4


def test_a_failure_that_comes_while_others_are_told_still_counts(tries: Tries) -> None:
    fail(tries, 3)
    tries.clear("nurse-1", lambda _: tries.failed("nurse-1"))
    report = told(tries)
    assert report is not None
    assert len(report.failures[0].at) == 1


def test_codes_that_nobody_has_are_told_and_go_on_waiting(tries: Tries, clock: Hand) -> None:
    fail(tries, 4, "my secret passphrase")
    fail(tries, 1, "\ud800")
    content = tries.path.read_text()
    assert "secret" not in content
    report = told(tries)
    assert report is not None
    assert [(handle, len(at)) for handle, at in report.failures] == [(None, 5)]
    with pytest.raises(TooManyTries):
        tries.admit("my secret passphrase")
    assert told(tries) is None
    assert tries.locked() == ()
    fail(tries, LOCKED, "my secret passphrase")
    assert told(tries, "my secret passphrase") is not None
    tries.admit("my secret passphrase")


def test_any_number_of_invented_codes_makes_no_big_file(tries: Tries) -> None:
    for number in range(150):
        tries.failed(f"x{number}")
    size = tries.path.stat().st_size
    assert 2_000 < size < 256 * LOCKED * 40


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (None, "missing"),
        (b"", "damaged"),
        (b"\xff\x00", "damaged"),
        (b'{"format": "porras-tries", "entries": {"nurse-1": {"told": -1}}}', "damaged"),
    ],
)
def test_a_lost_file_keeps_nobody_out_and_is_told(
    tries: Tries, content: bytes | None, trouble: str
) -> None:
    fail(tries, LOCKED)
    if content is None:
        tries.path.unlink()
    else:
        tries.path.write_bytes(content)
    tries.admit("nurse-1")
    fail(tries, 3)
    with pytest.raises(TooManyTries):
        tries.admit("nurse-1")
    report = told(tries)
    assert report is not None
    assert report.trouble == trouble
    assert told(tries) is None


def test_the_file_is_private(tries: Tries) -> None:
    assert stat.S_IMODE(tries.path.stat().st_mode) == 0o600
    assert told(tries) is None
    tries.start()
    fail(tries, 1)
    tries.start()
    assert told(tries) is not None


def test_a_folder_that_takes_no_write_keeps_nobody_out(tmp_path: Path, clock: Hand) -> None:
    gone = Tries(tmp_path / "gone" / "porras.keys", lambda: ("nurse-1",), clock)
    fail(gone, LOCKED)
    gone.admit("nurse-1")


FAIL = """
import sys
from pathlib import Path
from store.vault.tries import Tries
for _ in range(2):
    Tries(Path(sys.argv[1]), lambda: ("nurse-1",)).failed("nurse-1")
"""


def test_programs_that_fail_at_once_are_all_counted(tries: Tries, tmp_path: Path) -> None:
    run = [sys.executable, "-c", FAIL, str(tmp_path / "porras.keys")]
    working = [subprocess.Popen(run, cwd=ROOT) for _ in range(4)]
    assert [each.wait(60) for each in working] == [0] * 4
    report = told(tries)
    assert report is not None
    assert len(report.failures[0].at) == 8
