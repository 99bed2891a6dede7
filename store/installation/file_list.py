"""The list of a package's files with their digests, in the form that `sha256sum -c` reads.

One line a file: 64 hexadecimal digits, two blanks, the path from the folder of the list with `/`
between names. It is sorted by path, ends with a line feed, and names neither itself nor its
signature.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from store.errors import FileListUnreadable
from store.files import regular_files

LIST, SIGNATURE = "files.sha256", "files.sha256.sig"

LARGEST_LIST = 4_000_000
"""Bytes; a package has some 3,000 files of 100 bytes each."""

_LINE = re.compile(r"([0-9a-f]{64})  ([^\\\n\r\0]{1,500})")
_BLOCK = 1 << 20


class Differences(NamedTuple):
    """How a folder differs from its list; paths from the folder, sorted."""

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    added: tuple[str, ...]

    def __bool__(self) -> bool:
        return any(self)


def parse(content: bytes, place: str) -> dict[str, str]:
    """Return the digest of each path that a list names; `place` is named in a fault.

    Raises:
        FileListUnreadable: If it is no text, or a line is none of a list, leads out of the folder,
            or comes twice.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise FileListUnreadable(path=place, line=1) from None
    listed: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        match = _LINE.fullmatch(line)
        if match is None or match[2] in listed or not _stays_inside(match[2]):
            raise FileListUnreadable(path=place, line=number)
        listed[match[2]] = match[1]
    if not listed:
        raise FileListUnreadable(path=place, line=1)
    return listed


def _stays_inside(path: str) -> bool:
    parts = path.split("/")
    return ":" not in path and not {"", ".", ".."}.intersection(parts)


def write(digests: Mapping[str, str]) -> str:
    """Return the text of a list."""
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests))


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits; a pipe is not waited for.

    Raises:
        OSError: If it cannot be read, or is no file.
    """
    digest = hashlib.sha256()
    with regular_files.open_regular(path) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def digest_of_bytes(content: bytes) -> str:
    """Return the SHA-256 of a file that is read already."""
    return hashlib.sha256(content).hexdigest()


def files_in(folder: Path, apart: Collection[str] = (LIST, SIGNATURE)) -> Iterator[str]:
    """Yield the path of each file below a folder, from there, but for some at its top.

    A link is yielded as a file and never followed; so is a junction of Windows.
    """
    for where, folders, files in os.walk(folder):
        below = Path(where)
        links = [name for name in folders if regular_files.leads_elsewhere(below / name)]
        for name in (*files, *links):
            path = (below / name).relative_to(folder).as_posix()
            if path not in apart:
                yield path


def measure(folder: Path, apart: Collection[str] = (LIST, SIGNATURE)) -> dict[str, str]:
    """Return the digest of each file below a folder, by its path from there."""
    return {path: digest_of(folder / path) for path in sorted(files_in(folder, apart))}


def compare(folder: Path, listed: Mapping[str, str], here: Collection[str]) -> Differences:
    """Return how the files of a folder (`here`, by their paths) differ from a list."""
    return Differences(
        tuple(p for p in sorted(listed) if p in here and not _is(folder / p, listed[p])),
        tuple(sorted(set(listed).difference(here))),
        tuple(sorted(set(here).difference(listed))),
    )


def _is(path: Path, digest: str) -> bool:
    try:
        return not path.is_symlink() and digest_of(path) == digest
    except OSError:
        return False
