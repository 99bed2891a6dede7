"""Writing files that survive a power cut: as a whole, private to their owner."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from store.errors import InTheWay
from store.file_names import UNFINISHED
from store.files import in_use, ownership
from store.windows.error_numbers import errno_of

if sys.platform == "win32":
    from store.windows import volumes

_CANNOT = {errno.EPERM, errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
"""How a disk says that it has no links, or takes no names to be made durable."""


def private_folder(folder: Path, beside: Path | None = None) -> None:
    """Make the folder for its owner alone (0700); one that already stands is left as it is.

    It belongs to whoever owns the file `beside`, or the folder that it is made in.

    Raises:
        InTheWay: If a file stands there.
    """
    if folder.is_dir():
        return
    private_folder(folder.parent, beside)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except FileExistsError:
        raise InTheWay(path=str(folder)) from None
    ownership.keep_private(folder)
    ownership.belong(folder, beside)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system and the disk can do that."""
    if sys.platform == "win32":
        # NTFS keeps a journal of names, so that a cut leaves the old one or the new one in any
        # case; not every disk takes the wish that it be the new one.
        with suppress(OSError):
            volumes.sync_folder(folder)
    else:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in _CANNOT:
                raise
        finally:
            os.close(descriptor)


def sync_file(path: Path) -> None:
    """Make the content of a file durable."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def new_file(folder: Path) -> Path:
    """Make an empty file with a name of its own in the folder, for its owner alone (0600).

    Its name is short, so that it fits wherever the name of the file fits that it becomes.
    """
    descriptor, name = tempfile.mkstemp(prefix=UNFINISHED, dir=folder)
    os.close(descriptor)
    fresh = Path(name)
    ownership.keep_private(fresh)
    return fresh


def new_folder(folder: Path, prefix: str) -> Path:
    """Make an empty folder with a name of its own in the folder, for its owner alone (0700)."""
    fresh = Path(tempfile.mkdtemp(prefix=prefix, dir=folder))
    ownership.keep_private(fresh)
    return fresh


def new_named(path: Path) -> None:
    """Make an empty file of a name that is free, for its owner alone (0600).

    Raises:
        FileExistsError: If the name is taken.
    """
    path.touch(mode=0o600, exist_ok=False)
    ownership.keep_private(path)


def write_new(path: Path, content: bytes) -> None:
    """Write a file of a name that is free, and make its content durable.

    Raises:
        FileExistsError: If the name is taken.
    """
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_whole(path: Path, content: bytes, *, replace: bool, beside: Path | None = None) -> None:
    """Put a file in place as a whole: after a cut there is the old one or the new one.

    Raises:
        FileExistsError: If the name is taken and the file not to be replaced.
        NoAccess: If it is somebody else's; OSError if the disk refuses.
    """
    fresh = new_file(path.parent)
    try:
        # Whether the file may be given its owner is known before anything is written to it.
        ownership.inherit(fresh, path, beside)
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        put_in_place(fresh, path, replace=replace, beside=beside)
    finally:
        in_use.remove(fresh)


def put_in_place(fresh: Path, path: Path, *, replace: bool, beside: Path | None = None) -> None:
    """Give a finished and synced file its name, and the owner, group and mode of the old one.

    A new one belongs to whoever owns the file `beside`, or the folder.

    Raises:
        FileExistsError: If the name is taken and the file not to be replaced.
        NoAccess: If it is somebody else's.
    """
    ownership.inherit(fresh, path, beside)
    if replace:
        in_use.replace(fresh, path)
    else:
        _name(fresh, path)
    sync_folder(path.parent)


def _name(fresh: Path, path: Path) -> None:
    """Give a file a name that is free; unlike a rename, a link never hides what stands there."""
    try:
        os.link(fresh, path)
    except OSError as error:
        if errno_of(error) not in _CANNOT:
            raise
    else:
        in_use.remove(fresh)
        return
    # A stick with FAT or exFAT has no links. The name is taken by an empty file first, which only
    # one program can do, and the finished one takes its place.
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        in_use.replace(fresh, path)
    except BaseException:
        in_use.remove(path)
        raise
