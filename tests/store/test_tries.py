"""Guessing at the keyboard: if these fail, it is free, or a nurse is kept out for nothing."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest

from store.errors import AccountLocked, KeyslotDamaged, TooManyTries, WrongPassphrase
from store.files import file_lock
from store.keys import login_throttle as module
from store.keys.login_throttle import (
    FREE,
    LOCKED,
    LOCKED_S,
    LONGEST_WAIT_S,
    Failures,
    LoginThrottle,
    Report,
)

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


class Hand:
    """A clock that a test turns."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def turn(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def tries(tmp_path: Path, clock: Hand) -> LoginThrottle:
    made = fresh(tmp_path, clock)
    made.create_file()
    return made


def fresh(folder: Path, clock: Hand) -> LoginThrottle:
    """The counts as a program sees them that has just been started."""
    return LoginThrottle(folder / "porras.keys", lambda: ("nurse-1", "nurse-2"), clock)


def attempt(tries: LoginThrottle, handle: str = "nurse-1") -> None:
    """One wrong try, which may have to wait."""
    with pytest.raises(WrongPassphrase), tries.attempt(handle):
        raise WrongPassphrase


def right(tries: LoginThrottle, handle: str = "nurse-1") -> None:
    with tries.attempt(handle):
        pass


def fail(tries: LoginThrottle, times: int, handle: str = "nurse-1") -> None:
    """So many wrong tries at one instant, as if none had to wait."""
    for _ in range(times):
        tries._settle(handle, lambda entry: entry.failed("", tries._now()))


def told(tries: LoginThrottle, handle: str = "nurse-1") -> Report | None:
    """What a success of this staff code hands over."""
    reports: list[Report] = []
    tries.clear_failures(handle, reports.append)
    assert len(reports) < 2
    return reports[0] if reports else None


@pytest.mark.parametrize("handle", ["nurse-1", "nobody"])
def test_each_failure_after_the_third_doubles_the_wait(
    tries: LoginThrottle, clock: Hand, handle: str
) -> None:
    waits = []
    for _ in range(LOCKED - 1):
        attempt(tries, handle)
        try:
            right(tries, handle)
            waits.append(0)
        except TooManyTries as error:
            waits.append(int(error.values["seconds"]))
            clock.turn(waits[-1] - 0.01)
            with pytest.raises(TooManyTries):
                right(tries, handle)
            clock.turn(0.01)
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, LONGEST_WAIT_S]
    right(tries, handle)


def test_ten_failures_wait_an_hour_and_then_one_more_is_let_in(
    tries: LoginThrottle, clock: Hand
) -> None:
    fail(tries, LOCKED)
    for more in range(3):
        with pytest.raises(AccountLocked) as error:
            right(tries)
        assert error.value.values == {"count": LOCKED + more, "until": f"{11 + more}:30"}
        assert tries.locked_handles() == ("nurse-1",)
        clock.turn(LOCKED_S - 0.01)
        with pytest.raises(AccountLocked):
            right(tries)
        clock.turn(0.01)
        assert tries.locked_handles() == ()
        attempt(tries)
    clock.turn(LOCKED_S)
    right(tries)
    report = told(tries)
    assert report is not None
    assert report.failures[0].times == LOCKED + 3
    assert tries.locked_handles() == ()


def test_a_right_try_is_no_failure_and_waits_for_none(tries: LoginThrottle) -> None:
    for _ in range(LOCKED + 2):
        right(tries)
    assert told(tries) is None
    fail(tries, FREE - 1)
    for _ in range(3):
        right(tries)
    report = told(tries)
    assert report is not None
    assert report.failures[0].times == FREE - 1


def test_a_fault_that_tells_nothing_of_the_passphrase_is_no_failure(tries: LoginThrottle) -> None:
    for _ in range(FREE + 1):
        with pytest.raises(KeyslotDamaged), tries.attempt("nurse-1"):
            raise KeyslotDamaged(path="porras.keys")
    assert told(tries) is None


def test_a_try_that_was_cut_short_has_failed(
    tries: LoginThrottle, tmp_path: Path, clock: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAIT_S", 0.1)  # nobody knows yet whether they still go on
    for _ in range(FREE):
        with pytest.raises(KeyboardInterrupt), tries.attempt("nurse-1"):
            raise KeyboardInterrupt
    with pytest.raises(TooManyTries):
        right(fresh(tmp_path, clock))
    assert told(tries) is None  # nobody knows yet whether they still go on
    clock.turn(60)
    report = told(fresh(tmp_path, clock))
    at = "2026-11-22T08:30:00.000Z"
    assert report == Report((Failures("nurse-1", FREE, at, at),), "")


def test_a_colleagues_try_that_goes_on_is_not_told_as_a_failure(tries: LoginThrottle) -> None:
    with tries.attempt("nurse-1"):
        right(tries)
        assert told(tries) is None
    assert told(tries) is None


def test_a_restart_forgets_nothing(tries: LoginThrottle, tmp_path: Path, clock: Hand) -> None:
    fail(tries, 5)
    with pytest.raises(TooManyTries) as error:
        right(fresh(tmp_path, clock), "NURSE-1 ")
    assert error.value.values == {"seconds": 4}
    fail(tries, LOCKED)
    with pytest.raises(AccountLocked):
        right(fresh(tmp_path, clock))
    assert fresh(tmp_path, clock).locked_handles() == ("nurse-1",)
    right(fresh(tmp_path, clock), "nurse-2")


def test_a_clock_that_is_set_back_shortens_no_wait_and_makes_none_endless(
    tries: LoginThrottle, clock: Hand
) -> None:
    fail(tries, 6)
    clock.turn(7)
    clock.turn(-365 * 86_400)
    with pytest.raises(TooManyTries) as error:
        right(tries)
    assert error.value.values == {"seconds": 8}
    clock.turn(7)
    with pytest.raises(TooManyTries):
        right(tries)
    clock.turn(1)
    right(tries)


def test_failures_under_a_clock_put_forward_keep_nobody_out_for_longer_than_an_hour(
    tries: LoginThrottle, clock: Hand
) -> None:
    clock.turn(365 * 86_400)
    fail(tries, LOCKED)
    with pytest.raises(KeyboardInterrupt), tries.attempt("nurse-2"):
        raise KeyboardInterrupt
    clock.turn(-365 * 86_400)
    with pytest.raises(AccountLocked):
        right(tries)
    clock.turn(LOCKED_S)
    right(tries)
    right(tries, "nurse-2")


def test_a_success_or_a_lead_ends_the_row_and_tells_of_it_once(
    tries: LoginThrottle, clock: Hand
) -> None:
    fail(tries, LOCKED)
    clock.turn(60)
    fail(tries, 2, "nurse-2")
    report = told(tries)
    at = "2026-11-22T08:30:00.000Z"
    assert report == Report((Failures("nurse-1", LOCKED, at, at),), "")
    right(tries)
    assert told(tries) is None
    report = told(tries, "nurse-2")
    at = "2026-11-22T08:31:00.000Z"
    assert report == Report((Failures("nurse-2", 2, at, at),), "")


def test_what_could_not_be_recorded_is_told_again(tries: LoginThrottle) -> None:
    fail(tries, 4)

    def full(report: Report) -> None:
        raise OSError(report)

    with pytest.raises(OSError, match="nurse-1"):
        tries.clear_failures("nurse-1", full)
    report = told(tries)
    assert report is not None
    assert report.failures[0].times == 4


def test_a_failure_that_comes_while_others_are_told_still_counts(tries: LoginThrottle) -> None:
    fail(tries, 2)
    tries.clear_failures("nurse-1", lambda _: attempt(tries))
    report = told(tries)
    assert report is not None
    assert report.failures[0].times == 1


def test_codes_that_nobody_has_are_told_and_go_on_waiting(
    tries: LoginThrottle, clock: Hand
) -> None:
    fail(tries, 4, "my secret passphrase")
    fail(tries, 1, "\ud800")
    content = tries.path.read_text()
    assert "secret" not in content
    report = told(tries)
    assert report is not None
    assert [(each.handle, each.times) for each in report.failures] == [(None, 5)]
    with pytest.raises(TooManyTries):
        right(tries, "my secret passphrase")
    assert told(tries) is None
    assert tries.locked_handles() == ()
    fail(tries, LOCKED, "my secret passphrase")
    assert told(tries, "my secret passphrase") is not None
    right(tries, "my secret passphrase")


def test_any_number_of_invented_codes_makes_no_big_file(tries: LoginThrottle) -> None:
    for number in range(150):
        with suppress(WrongPassphrase, TooManyTries), tries.attempt(f"x{number}"):
            raise WrongPassphrase
    size = tries.path.stat().st_size
    assert 2_000 < size < 256 * 400


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (None, "missing"),
        (b"", "damaged"),
        (b"\xff\x00", "damaged"),
        (b'{"format": "porras-tries", "entries": {"nurse-1": {"told": -1}}}', "damaged"),
        (b'{"entries": {"nurse-1": {"at": [1], "told": "x", "since": 1}}}', "damaged"),
        (b'{"entries": {"nurse-1": {"claims": {"a": 1e300}}}}', "damaged"),
        (b"[" * 100_000, "damaged"),
    ],
)
def test_a_lost_file_keeps_nobody_out_and_is_told(
    tries: LoginThrottle, content: bytes | None, trouble: str
) -> None:
    fail(tries, LOCKED)
    if content is None:
        tries.path.unlink()
    else:
        tries.path.write_bytes(content)
    right(tries)
    fail(tries, 3)
    with pytest.raises(TooManyTries):
        right(tries)
    report = told(tries)
    assert report is not None
    assert report.trouble == trouble
    assert told(tries) is None


def test_the_file_is_private(tries: LoginThrottle) -> None:
    assert stat.S_IMODE(tries.path.stat().st_mode) == 0o600
    assert told(tries) is None
    tries.create_file()
    fail(tries, 1)
    tries.create_file()
    assert told(tries) is not None


def test_a_file_of_before_keeps_its_row(tries: LoginThrottle, clock: Hand) -> None:
    at = [f"2026-11-22T08:29:{second:02}.000Z" for second in range(10)]
    entry = {"at": at, "told": 0, "since": clock.now.timestamp()}
    told_of = {"?7f": {"at": at[:4], "told": 3, "since": 0.0}}
    file = {"format": "porras-tries", "salt": "00", "entries": {"nurse-1": entry} | told_of}
    tries.path.write_text(json.dumps(file))
    assert tries.locked_handles() == ("nurse-1",)
    report = told(tries)
    own, unknown = Failures("nurse-1", 10, at[0], at[-1]), Failures(None, 1, at[3], at[3])
    assert report == Report((own, unknown), "")


def test_a_folder_that_takes_no_write_keeps_nobody_out_and_is_told(
    tmp_path: Path, clock: Hand
) -> None:
    gone = LoginThrottle(tmp_path / "gone" / "porras.keys", lambda: ("nurse-1",), clock)
    for _ in range(LOCKED):
        attempt(gone)
    right(gone)
    report = told(gone)
    assert report is not None
    assert report.trouble == "missing"


def test_a_count_that_others_hold_keeps_nobody_out_and_is_told(
    tries: LoginThrottle, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(tries, FREE)
    monkeypatch.setattr(file_lock, "WAIT_S", 0.0)
    with file_lock.alone(tries.path):
        with pytest.raises(TooManyTries):  # what stands there holds all the same
            right(tries)
        right(tries, "nurse-2")
        report = told(tries, "nurse-2")
    assert report is not None
    assert report.trouble == "unwritten"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes and devices of Unix")
@pytest.mark.parametrize("odd", ["pipe", "device", "folder"])
@pytest.mark.parametrize("suffix", ["", ".lock"])
def test_a_pipe_or_device_in_its_place_hangs_nothing(
    tries: LoginThrottle, odd: str, suffix: str
) -> None:
    place = tries.path.with_name(tries.path.name + suffix)
    place.unlink(missing_ok=True)
    match odd:
        case "pipe":
            os.mkfifo(place)
        case "device":
            place.symlink_to("/dev/zero")
        case "folder":
            place.mkdir()
    fail(tries, 1)
    right(tries)
    if odd != "folder":
        assert stat.S_ISREG(place.lstat().st_mode)
    if not suffix or odd == "folder":
        report = told(tries)
        assert report is not None
        assert report.trouble in {"damaged", "unwritten"}


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="Windows lets no user make links")
def test_a_lock_that_is_a_link_is_not_followed(tries: LoginThrottle, tmp_path: Path) -> None:
    for target in (tmp_path / "precious", tmp_path / "new"):
        lock = tries.path.with_name(tries.path.name + ".lock")
        lock.unlink(missing_ok=True)
        lock.symlink_to(target)
        fail(tries, 1)
        assert not target.exists()
        assert not lock.is_symlink()


def test_of_thirty_at_once_no_more_than_the_free_tries_run(tmp_path: Path) -> None:
    ran: list[str] = []
    ready = Barrier(30)

    def derive() -> None:
        ran.append("derived")
        raise WrongPassphrase

    def one() -> None:
        tries = LoginThrottle(tmp_path / "porras.keys", lambda: ("nurse-1",), Hand())
        ready.wait()
        try:
            with tries.attempt("nurse-1"):
                derive()
        except (WrongPassphrase, TooManyTries):
            pass

    working = [Thread(target=one) for _ in range(30)]
    for each in working:
        each.start()
    for each in working:
        each.join(60)
    assert len(ran) == FREE


def test_of_ten_at_once_with_the_right_passphrase_all_open(tmp_path: Path) -> None:
    """Those that went on were taken for failures, and most of the others were refused."""
    going: list[int] = []
    most: list[int] = []
    failed: list[BaseException] = []
    ready, settled = Barrier(10), Event()

    def one(number: int) -> None:
        tries = LoginThrottle(tmp_path / "porras.keys", lambda: ("nurse-1",), Hand())
        ready.wait()
        try:
            with tries.attempt("nurse-1"):
                going.append(number)
                most.append(len(going))
                if len(most) <= FREE:
                    settled.wait(0.3)  # until the others have met a full row
                going.remove(number)
        except TooManyTries as error:
            failed.append(error)

    working = [Thread(target=one, args=(number,)) for number in range(10)]
    for each in working:
        each.start()
    for each in working:
        each.join(60)
    assert (len(most), failed) == (10, [])
    assert max(most) == FREE


TRY = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from store.errors import TooManyTries, WrongPassphrase
from store.keys.login_throttle import LoginThrottle
now = datetime(2026, 11, 22, tzinfo=UTC)
tries = LoginThrottle(Path(sys.argv[1]), lambda: ("nurse-1",), lambda: now)
for _ in range(8):
    try:
        with tries.attempt("nurse-1"):
            print("derived")
            raise WrongPassphrase
    except (TooManyTries, WrongPassphrase):
        pass
"""


def test_programs_that_try_at_once_get_the_tries_of_one(tmp_path: Path) -> None:
    run = [sys.executable, "-c", TRY, str(tmp_path / "porras.keys")]
    working = [subprocess.Popen(run, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    derived = [line for each in working for line in each.communicate(timeout=60)[0].split()]
    assert [each.returncode for each in working] == [0] * 4
    assert derived == ["derived"] * FREE
