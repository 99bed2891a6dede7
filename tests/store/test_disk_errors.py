"""What an error of the disk is told as, for the database and the key file alike."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from store.errors import (
    DiskFull,
    FailingDisk,
    FailingMedium,
    NameTooLong,
    NoAccess,
    ReadOnlyDisk,
    StoreError,
    StoreExists,
    StoreFault,
)
from store.files import disk_errors, durable

KINDS: dict[int, type[StoreError]] = {
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
    errno.EIO: FailingDisk,
    errno.EROFS: ReadOnlyDisk,
    errno.EACCES: NoAccess,
    errno.EPERM: NoAccess,
    errno.EEXIST: StoreExists,
    errno.ENAMETOOLONG: NameTooLong,
}


@pytest.mark.parametrize("code", KINDS, ids=errno.errorcode.get)
def test_a_known_cause_is_told_by_its_own_error(tmp_path: Path, code: int) -> None:
    path = tmp_path / "porras.keys"
    with pytest.raises(KINDS[code]), disk_errors.translated(path):
        raise OSError(code, os.strerror(code), str(path))


@pytest.mark.parametrize("code", [errno.EMFILE, errno.EINVAL, errno.EBUSY])
def test_an_unknown_cause_says_nothing_against_the_disk(tmp_path: Path, code: int) -> None:
    """Too many open files, for one, must not send the nurse to another computer."""
    told = disk_errors.translate(OSError(code, os.strerror(code)), tmp_path / "porras.keys")
    assert type(told) is StoreFault
    assert told.values == {"reason": errno.errorcode[code]}


def test_an_error_names_the_file_that_an_unfinished_one_was_to_become(tmp_path: Path) -> None:
    path = tmp_path / "porras.keys"
    path.touch()
    with pytest.raises(StoreExists) as error, disk_errors.translated(path):
        durable.write_whole(path, b"", replace=False)
    assert error.value.values == {"path": str(path)}


def test_another_folder_lies_on_a_disk_of_its_own(tmp_path: Path) -> None:
    away = OSError(errno.EIO, "input/output error", str(tmp_path / "stick" / "porras.db"))
    assert type(disk_errors.translate(away, tmp_path / "porras.db")) is FailingMedium
