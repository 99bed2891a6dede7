"""Reading only what is a file: a pipe would be waited for, and a device never comes to its end."""

from __future__ import annotations

import codecs
import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from store.files import unresponsive

_NAME_SURROGATE = 0x20000000
"""Windows marks with it what stands for another file or folder."""


class NotAFile(OSError):
    """At a path stands a pipe, a socket, a device or a folder where a file was to be read."""


class TooLarge(OSError):
    """A file has more bytes than any of its kind may have."""


def open_regular(path: Path, *, links: bool = True) -> BinaryIO:
    """Open a file to be read, and never wait for anything else that stands in its place.

    Without `links` a link is no file either.

    Raises:
        NotAFile: If something else stands there.
        OSError: If the file cannot be opened.
    """
    # Opening a pipe waits for its other end, unless one asks not to be kept waiting. A file knows
    # no waiting. Windows has no pipes in folders, and needs to be told that bytes are wanted.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if not links:
        if leads_elsewhere(path):  # Windows cannot be told so when it opens one
            raise _no_file(path)
        flags |= getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_NOCTTY", 0))
    except OSError as error:
        if error.errno == errno.ENXIO or (error.errno == errno.ELOOP and not links):  # a socket
            raise _no_file(path) from None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _no_file(path)
    return os.fdopen(descriptor, "rb")


def open_given(path: Path) -> BinaryIO:
    """Open what somebody gives to be read: a file, or a descriptor as `/dev/fd/N`, such as a pipe.

    A pipe by its name is refused, since nobody may ever write to it.
    """
    if path == Path("/dev/stdin"):
        path = Path("/dev/fd/0")
    if str(path.parent) in {"/dev/fd", "/proc/self/fd"} and path.name.isdecimal():
        return os.fdopen(os.dup(int(path.name)), "rb")
    return open_regular(path)


def read(path: Path, most: int, *, links: bool = True) -> bytes:
    """Return the whole content of a file of at most `most` bytes.

    Raises:
        TooLarge: If it has more; and whatever `open_regular` raises.
    """
    with open_regular(path, links=links) as file:
        content = file.read(most + 1)
    unresponsive.give_sign()
    if len(content) > most:
        raise TooLarge(errno.EINVAL, f"is larger than {most} bytes", str(path))
    return content


def read_text(path: Path, most: int) -> str:
    """Return the text of a file that a person has written, of at most `most` bytes.

    It is UTF-8, or UTF-16 with its mark at the beginning: so a shell of Windows writes by `>`.

    Raises:
        UnicodeDecodeError: If it is neither; and whatever `read` raises.
    """
    content = read(path, most)
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if wide else "utf-8-sig")


def is_link(found: os.stat_result) -> bool:
    """Return whether what was looked at leads elsewhere: a link, or a junction of Windows.

    A file that Windows has packed, or left on a network until it is read, bears marks that are much
    alike, and is no link.
    """
    elsewhere = getattr(found, "st_reparse_tag", 0) & _NAME_SURROGATE
    return stat.S_ISLNK(found.st_mode) or bool(elsewhere)


def leads_elsewhere(path: Path) -> bool:
    """Return whether a link or a junction stands at a path."""
    try:
        return is_link(path.lstat())
    except OSError:
        return False  # opening it tells why


def is_regular(path: Path) -> bool:
    """Return whether a file stands at a path, or a link that leads to one."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def is_folder(path: Path) -> bool:
    """Return whether a folder stands at a path, or a link that leads to one.

    Where this user may not look `Path.is_dir` raises; here it is none.
    """
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except OSError:
        return False


def refuse_else(path: Path) -> None:
    """Refuse what stands at a path and is no file, nor a link that leads to one.

    For what a library opens by itself.

    Raises:
        NotAFile: If so.
    """
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(path.stat().st_mode):
            raise _no_file(path)


def _no_file(path: Path) -> NotAFile:
    return NotAFile(errno.EINVAL, "is not a file", str(path))
