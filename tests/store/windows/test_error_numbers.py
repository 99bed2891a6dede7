"""What the numbers of Windows mean to a store: each is told in the sentence of other systems."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from store import output
from store.errors import (
    DiskFull,
    FailingDisk,
    NameTooLong,
    NoRoom,
    ReadOnlyDisk,
    StoreBusy,
    StoreError,
    StoreFault,
    StoreLocked,
)
from store.files import disk_errors
from store.windows import names
from store.windows.error_numbers import errno_of


def of_windows(number: int, as_python_has_it: int = errno.EACCES) -> OSError:
    """Return an error as Python raises it on Windows."""
    error = OSError(as_python_has_it, "told by Windows", r"C:\store\porras.db")
    error.winerror = number  # type: ignore[attr-defined, unused-ignore]
    return error


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (112, DiskFull),
        (39, DiskFull),
        (1295, DiskFull),
        (19, ReadOnlyDisk),
        (21, FailingDisk),
        (23, FailingDisk),
        (1117, FailingDisk),
        (1167, FailingDisk),
        (1617, FailingDisk),
        (1393, FailingDisk),
        (32, StoreBusy),
        (33, StoreBusy),
        (206, NameTooLong),
        (9999, StoreFault),
    ],
)
def test_a_number_is_told_as_what_it_means(
    tmp_path: Path, number: int, kind: type[StoreError]
) -> None:
    error = of_windows(number, errno.EINVAL)
    error.filename = str(tmp_path / "porras.db")
    assert type(disk_errors.translate(error, tmp_path / "porras.db")) is kind


def test_work_on_files_tells_of_no_entry() -> None:
    for number, kind in ((112, NoRoom), (32, StoreLocked)):
        with pytest.raises(kind), disk_errors.as_file_work():
            raise disk_errors.translate(of_windows(number), Path("porras.db"))


def test_an_error_of_another_system_keeps_its_number() -> None:
    assert errno_of(OSError(errno.ENOSPC, "full")) == errno.ENOSPC
    assert errno_of(of_windows(5)) == errno.EACCES


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(112, output.FULL), (19, output.NOT_ALLOWED), (32, output.IN_USE), (1167, output.FAILING)],
)
def test_a_file_for_a_person_is_refused_in_the_right_words(number: int, sentence: str) -> None:
    with pytest.raises(output.Unwritten) as refused, output._told():
        raise of_windows(number)
    assert refused.value.sentence == sentence


def test_a_path_that_is_too_long_is_not_told_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    long, short = "C:\\" + "n" * 260, "C:\\short"
    assert names.is_too_long(long, "nt")
    assert not names.is_too_long(short, "nt")
    assert not names.is_too_long(long, "posix")
    monkeypatch.setattr(names, "is_too_long", lambda path: path == long)
    missing = OSError(errno.ENOENT, "not found", long)
    assert isinstance(disk_errors.translate(missing, Path(short)), NameTooLong)
