"""Which package this program is: the file `package.toml` that lies at its top, and its place.

A program that was started from its sources has none.
"""

from __future__ import annotations

import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias, get_args

from store.errors import PackageUnreadable
from store.files import regular_files

ABOUT = "package.toml"
SIGNERS = "allowed_signers"
"""The file of a package that tells who may sign the next one."""
VERSIONS = "versions"
"""The folder of an installation in which each version has its own."""

Kind: TypeAlias = Literal["folder", "deb", "rpm", "wheelhouse", "windows"]

LARGEST_ABOUT = 10_000
"""Bytes of that file; it has six short lines."""


class Package(NamedTuple):
    """A package that is installed."""

    folder: Path
    """Where its files begin, `package.toml` among them."""
    kind: Kind
    version: str
    system: str
    """For what it was made: linux-x86_64, linux-aarch64, windows-x86_64, or any."""
    python: str
    """The version of the Python that is inside, or that it was installed with."""
    glibc: str = ""
    """The oldest glibc that it runs on, where that counts."""
    made_from: str = ""
    """The commit that it was made from."""

    @property
    def installation(self) -> Path | None:
        """The folder that holds this version beside others, where it is installed so."""
        beside = self.folder.parent
        return beside.parent if beside.name == VERSIONS else None


def top_of_program() -> Path:
    """Return the folder at whose top a package says what it is."""
    return Path(sys.executable).resolve().parent if is_frozen() else Path(sys.prefix).resolve()


def is_frozen() -> bool:
    """Return whether the program brings its own Python, put together into one program."""
    return bool(getattr(sys, "frozen", False))


@cache
def find_package() -> Package | None:
    """Return the package that this program runs from; None from its sources.

    Raises:
        PackageUnreadable: If its file is there and does not tell.
    """
    folder = top_of_program()
    return read_package(folder) if (folder / ABOUT).exists() else None


def read_package(folder: Path) -> Package:
    """Return what the package in a folder says that it is.

    Raises:
        PackageUnreadable: If it does not tell.
    """
    path = folder / ABOUT
    try:
        text = regular_files.read(path, LARGEST_ABOUT)
    except OSError:
        raise PackageUnreadable(path=str(path)) from None
    return parse_package(text, folder, str(path))


def parse_package(text: bytes, folder: Path, place: str) -> Package:
    """Return what the file of a package says, which lies in a folder; `place` is named in a fault.

    Raises:
        PackageUnreadable: If it does not tell.
    """
    try:
        about = tomllib.loads(text.decode()) if len(text) <= LARGEST_ABOUT else {}
    except (ValueError, RecursionError):
        about = {}
    texts = {name: about.get(name, "") for name in Package._fields[1:]}
    all_texts = all(isinstance(told, str) for told in texts.values())
    if not all_texts or texts["kind"] not in get_args(Kind) or not texts["version"]:
        raise PackageUnreadable(path=place)
    return Package(folder, **texts)


def write_package(package: Package) -> str:
    """Return the text of `package.toml` for a package."""
    told = package._asdict()
    del told["folder"]
    return "".join(f'{name} = "{value}"\n' for name, value in told.items() if value)
