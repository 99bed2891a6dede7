"""Whether the files of a package are those of its list, and whose signature the list has.

It finds damage, and a change by whoever cannot sign. Whoever may write the folder may also change
what checks it: that is found from outside only (docs/update.md).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from store.errors import FileListUnreadable, SignatureWrong, SignersUnreadable
from store.files import regular_files
from store.installation import file_list
from store.installation.environment import MADE_HERE, MADE_IN_PLACE
from store.installation.file_list import LIST, SIGNATURE, Differences
from store.installation.package import SIGNERS, Package
from store.installation.signature import LARGEST_SIGNATURE, Signer, read_signers, verify

LARGEST_SIGNERS = 100_000
"""Bytes; a line has some 150."""

_COMPILED = re.compile(r"((?:.*/)?)__pycache__/([^/]+)\.cpython-\d+(?:\.opt-[12])?\.pyc")
"""What Python writes beside a source, so that it need not be read again."""


class Verdict(NamedTuple):
    """What was found out about a package."""

    package: Package
    listed: int
    """How many files its list names; 0 where the list cannot be read."""
    differences: Differences
    signer: Signer | None
    """Who has signed the list; None where nobody has, or it is in doubt."""
    doubt: FileListUnreadable | SignatureWrong | SignersUnreadable | None = None
    """Why neither list nor signature says anything."""

    @property
    def is_whole(self) -> bool:
        """Whether every file is as the list says, and nothing is in doubt."""
        return bool(self.listed) and not self.differences and not self.doubt

    @property
    def damaged(self) -> str | None:
        """The first file that is missing or not as the list says, or the list; None if none is."""
        if not self.listed:
            return LIST
        return next(iter((*self.differences.changed, *self.differences.missing)), None)


def examine(package: Package) -> Verdict:
    """Read every file of a package and compare it with the list.

    Raises:
        OSError: If its folder cannot be read.
    """
    folder, nothing = package.folder, Differences((), (), ())
    path = folder / LIST
    try:
        text = regular_files.read(path, file_list.LARGEST_LIST)
        listed = file_list.parse(text, str(path))
    except OSError:
        return Verdict(package, 0, nothing, None, FileListUnreadable(path=str(path), line=1))
    except FileListUnreadable as error:
        return Verdict(package, 0, nothing, None, error)
    found = _compare(folder, listed)
    try:
        return Verdict(package, len(listed), found, read_signature(folder, text))
    except (SignatureWrong, SignersUnreadable) as error:
        return Verdict(package, len(listed), found, None, error)


def read_signature(
    folder: Path, text: bytes, signers: Collection[Signer] | None = None
) -> Signer | None:
    """Return who has signed the list of a folder; None if nobody has.

    `text` is the list. Whose signature counts is what the folder itself says, unless `signers` are
    given.

    Raises:
        SignatureWrong: If the signature is not theirs, or not of this list.
        SignersUnreadable: If the folder does not tell who may sign.
    """
    path = folder / SIGNATURE
    try:
        signature = regular_files.read(path, LARGEST_SIGNATURE)
    except FileNotFoundError:
        return None
    except OSError:
        raise SignatureWrong(path=str(folder / LIST)) from None
    counting = signers_of(folder) if signers is None else signers
    return verify(text, signature, counting, "porras-package", str(folder / LIST))


def signers_of(folder: Path) -> tuple[Signer, ...]:
    """Return whose signature counts by the word of a package; nobody's where it does not say.

    Raises:
        SignersUnreadable: If its file of signers cannot be read.
    """
    path = folder / SIGNERS
    try:
        text = regular_files.read(path, LARGEST_SIGNERS).decode()
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError):
        raise SignersUnreadable(path=str(path), line=1) from None
    return read_signers(text, str(path))


def _compare(folder: Path, listed: Mapping[str, str]) -> Differences:
    """Return how a folder differs from its list, and from that of what was made on this computer.

    What was made here is no difference; that it has changed since is one.
    """
    made: dict[str, str] = {}
    with suppress(OSError, FileListUnreadable):
        text = regular_files.read(folder / MADE_HERE, file_list.LARGEST_LIST)
        made = file_list.parse(text, MADE_HERE)
    every = {**made, **listed}
    here = _counted(file_list.files_in(folder), every, made_here=bool(made))
    return file_list.compare(folder, every, set(here))


def _counted(paths: Iterator[str], listed: Collection[str], *, made_here: bool) -> Iterator[str]:
    """Yield the files of a folder without those that are written there in the course of things."""
    for path in paths:
        if path not in listed:
            compiled = _COMPILED.fullmatch(path)
            if compiled and f"{compiled[1]}{compiled[2]}.py" in listed:
                continue
            if made_here and path in MADE_IN_PLACE:
                continue
        yield path
