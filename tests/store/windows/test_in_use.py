"""Files that another program has open just now, as Windows refuses them."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from itertools import chain, count, repeat
from pathlib import Path
from types import SimpleNamespace

import pytest

from store.errors import StoreBusy
from store.files import disk_errors, durable, file_lock, in_use, regular_files
from tests.store.windows.test_error_numbers import of_windows

SHARED, DENIED = 32, 5


@pytest.fixture(autouse=True)
def _time_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a second pass with every look at the clock."""
    seconds = count()
    clock = SimpleNamespace(monotonic=lambda: float(next(seconds)), sleep=lambda _: None)
    monkeypatch.setattr(in_use, "time", clock)


def refusing(numbers: Iterator[int | None]) -> Callable[[], str]:
    """Return an action that fails with each of these numbers in turn, and is done at None."""

    def act() -> str:
        if (number := next(numbers)) is None:
            return "done"
        raise of_windows(number)

    return act


def test_a_program_that_lets_go_is_waited_for(tmp_path: Path) -> None:
    for numbers in ((SHARED, None), (DENIED, DENIED, None), (33, SHARED, DENIED, None), (None,)):
        assert in_use.patiently(refusing(iter(numbers)), tmp_path / "file") == "done"


def test_one_that_does_not_is_told_as_one_that_has_the_file(tmp_path: Path) -> None:
    path = tmp_path / "porras.db"
    with pytest.raises(in_use.InUse) as refused:
        in_use.patiently(refusing(repeat(SHARED)), path)
    told = disk_errors.translate(refused.value, path)
    assert type(told) is StoreBusy
    assert told.values["path"] == str(path)


def test_a_right_that_is_missing_is_not_waited_for(tmp_path: Path) -> None:
    tries = chain(repeat(DENIED, 5), [None])
    with pytest.raises(PermissionError) as refused:
        in_use.patiently(refusing(tries), tmp_path / "file")
    assert not isinstance(refused.value, in_use.InUse)


def test_errors_of_other_systems_are_raised_at_once(tmp_path: Path) -> None:
    def refused() -> None:
        tries.append(1)
        raise PermissionError(errno.EACCES, "denied")

    tries: list[int] = []
    with pytest.raises(PermissionError):
        in_use.patiently(refused, tmp_path)
    assert len(tries) == 1


def test_nothing_is_lost_when_a_file_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "record"
    path.write_bytes(b"old")

    def held(*_: object) -> None:
        raise of_windows(SHARED)

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(in_use.InUse):
        durable.write_whole(path, b"new", replace=True)
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"old"]


@pytest.mark.parametrize("number", [errno.EACCES, errno.EDEADLK, 36, 0])
def test_a_lock_that_is_taken_is_told_in_every_way_that_windows_has(
    tmp_path: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_lock, "_TAKEN", file_lock._TAKEN | {36})  # EDEADLOCK there
    descriptor = file_lock.open_lock(tmp_path / "lock")
    os.write(descriptor, b"abc")

    def locked() -> None:
        assert os.lseek(descriptor, 0, os.SEEK_CUR) > 1 << 30
        raise OSError(number, "taken")

    try:
        assert not file_lock._take_far_out(descriptor, locked)
        assert file_lock._take_far_out(descriptor, lambda: None)
        with pytest.raises(OSError, match="no locks"):
            file_lock._take_far_out(descriptor, _no_locks)
        assert os.lseek(descriptor, 0, os.SEEK_CUR) == 3
        assert os.fstat(descriptor).st_size == 3
    finally:
        os.close(descriptor)


def _no_locks() -> None:
    raise OSError(errno.EINVAL, "no locks")


@pytest.mark.parametrize(
    ("tag", "link"),
    [
        (0xA0000003, True),  # a junction
        (0xA000000C, True),  # a link
        (0x9000601A, False),  # a file that OneDrive fetches when it is read
        (0x80000017, False),  # one that Windows has packed
        (0, False),
    ],
)
def test_a_junction_is_a_link_and_a_packed_file_is_none(
    tmp_path: Path, tag: int, link: bool
) -> None:
    there = tmp_path.lstat()
    found = SimpleNamespace(st_mode=there.st_mode, st_reparse_tag=tag)
    assert regular_files.is_link(found) is link  # type: ignore[arg-type]
