"""Unpacking a package: nothing but folders and files, within bounds, into a folder of its own.

The names in an archive are anybody's. Each file is written to a new name below the folder; a link,
a device, a way out of the folder, or a name that comes twice, refuses the whole.
"""

from __future__ import annotations

import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from store.errors import PackageBroken, PackageUnfit
from store.installation.file_list import LIST
from store.installation.package import ABOUT, LARGEST_ABOUT, Package, parse_package

MOST_BYTES, MOST_FILES = 1 << 30, 50_000
"""What no package of ours comes near: one has some 100 MB in 3,000 files."""

_LONGEST_NAME = 300
_DEEPEST_TOP = 3
_BLOCK = 1 << 20
_FOLDER, _RUNS, _PLAIN = 0o755, 0o755, 0o644
_BROKEN = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)
"""How Python says that an archive cannot be read; damaged data of gzip is an OSError."""


class Survey(NamedTuple):
    """What an archive holds, before anything of it is written."""

    package: Package
    """What it says that it is; its folder is where that lies within the archive."""
    size: int
    """Bytes of all its files."""


class _Member(NamedTuple):
    name: str
    size: int
    runs: bool
    content: IO[bytes] | None
    """None of a folder."""


def survey(archive: Path) -> Survey:
    """Look through an archive without unpacking it.

    Raises:
        PackageBroken: If it cannot be read to its end, or does not tell which package it is.
        PackageUnfit: If it holds what no package may hold.
    """
    told: dict[str, bytes] = {}
    lists, size = set(), 0
    with _readable(archive):
        for member in _members(archive):
            size += member.size
            top, _, name = member.name.rpartition("/")
            if top.count("/") + bool(top) > _DEEPEST_TOP or member.content is None:
                continue
            if name == ABOUT:
                told[top] = member.content.read(LARGEST_ABOUT + 1)
            elif name == LIST:
                lists.add(top)
    tops = [top for top in told if top in lists]
    if len(tops) != 1:
        raise PackageBroken(path=str(archive))
    return Survey(parse_package(told[tops[0]], Path(tops[0] or "."), str(archive)), size)


def unpack(archive: Path, target: Path) -> None:
    """Write all that an archive holds below a folder that is new and empty.

    Raises:
        PackageBroken: If it cannot be read to its end; PackageUnfit, OSError.
    """
    with _readable(archive):
        for member in _members(archive):
            path = target / member.name
            if member.content is None:
                _make_folder(path, target)
            else:
                _make_folder(path.parent, target)
                _write(path, member.content, member.size)
                path.chmod(_RUNS if member.runs else _PLAIN)


def _make_folder(path: Path, target: Path) -> None:
    if path != target and not path.is_dir():
        _make_folder(path.parent, target)
        path.mkdir()
        path.chmod(_FOLDER)


def _write(path: Path, content: IO[bytes], size: int) -> None:
    """Write a file that has as many bytes as the archive says."""
    with path.open("xb") as file:
        while block := content.read(_BLOCK):
            size -= len(block)
            if size < 0:
                raise EOFError
            file.write(block)
        if size:
            raise EOFError


@contextmanager
def _readable(archive: Path) -> Iterator[None]:
    """Say that an archive is broken where it is; what the disk refuses goes on as it is."""
    try:
        yield
    except _BROKEN:
        raise PackageBroken(path=str(archive)) from None
    except OSError as error:
        if error.errno is None:  # as gzip tells of damaged data
            raise PackageBroken(path=str(archive)) from None
        raise
    except (RuntimeError, ValueError):  # a zip with a password, or with numbers that cannot be
        raise PackageBroken(path=str(archive)) from None


def _members(archive: Path) -> Iterator[_Member]:
    """Yield what an archive holds, each fit to be written, and all of it within bounds."""
    seen: set[str] = set()
    size = 0
    for member in _of_zip(archive) if zipfile.is_zipfile(archive) else _of_tar(archive):
        size += member.size
        folded = member.name.casefold()  # for some systems two such names are one
        if member.content is not None and folded in seen:
            raise PackageUnfit(path=str(archive), file=member.name)
        seen.add(folded)
        fit = _is_fit(member.name) and member.size >= 0
        if not fit or size > MOST_BYTES or len(seen) > MOST_FILES:
            raise PackageUnfit(path=str(archive), file=member.name)
        yield member


def _is_fit(name: str) -> bool:
    parts = name.split("/")
    plain = name.isprintable() and not set(name) & set('\\:*?"<>|') and len(name) <= _LONGEST_NAME
    return plain and not {"", ".", ".."}.intersection(parts)


def _of_tar(archive: Path) -> Iterator[_Member]:
    with tarfile.open(archive, "r:gz") as tar:
        for found in tar:
            name = found.name.removesuffix("/")
            if found.isdir():
                yield _Member(name, 0, True, None)
            elif found.isreg() and not found.issparse():
                content = tar.extractfile(found)
                yield _Member(name, found.size, bool(found.mode & stat.S_IXUSR), content)
            else:
                raise PackageUnfit(path=str(archive), file=name)


def _of_zip(archive: Path) -> Iterator[_Member]:
    with zipfile.ZipFile(archive) as packed:
        for found in packed.infolist():
            mode = found.external_attr >> 16
            name = found.filename.removesuffix("/")
            if found.is_dir():
                yield _Member(name, 0, True, None)
            elif stat.S_IFMT(mode) in {0, stat.S_IFREG}:
                with packed.open(found) as content:
                    yield _Member(name, found.file_size, bool(mode & stat.S_IXUSR), content)
            else:
                raise PackageUnfit(path=str(archive), file=name)
