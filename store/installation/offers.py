"""The packages in a folder, as on a stick: their names, their sums, and who has signed these."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from store.errors import FileListUnreadable, SignatureWrong, SumsMissing
from store.files import regular_files
from store.installation import file_list
from store.installation.layout import order
from store.installation.package import Kind, Package
from store.installation.signature import LARGEST_SIGNATURE, Signer, verify

SUMS = "SHA256SUMS"
_LARGEST_SUMS = 1_000_000

_NAMES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("folder", re.compile(r"porras-(?P<version>\d[^-]*)-(?P<system>linux-\w+)\.tar\.gz")),
    ("windows", re.compile(r"porras-(?P<version>\d[^-]*)-(?P<system>windows-\w+)\.zip")),
    (
        "wheelhouse",
        re.compile(r"porras-(?P<version>\d[^-]*)-wheelhouse(?:-(?P<system>[\w-]+))?\.zip"),
    ),
    ("deb", re.compile(r"porras_(?P<version>\d[^-_]*)(?:-\d+)?_(?P<system>\w+)\.deb")),
    ("rpm", re.compile(r"porras-(?P<version>\d[^-]*)-\d+\.(?P<system>\w+)\.rpm")),
)
_SYSTEMS = {
    "amd64": "linux-x86_64",
    "x86_64": "linux-x86_64",
    "arm64": "linux-aarch64",
    "aarch64": "linux-aarch64",
}
"""What the packages of distributions call a system."""


class Offer(NamedTuple):
    """A package that lies in a folder, by its name and the sums beside it."""

    path: Path
    kind: Kind
    version: str
    system: str
    digest: str

    def fits(self, package: Package) -> bool:
        """Return whether it may take the place of a package that is installed."""
        systems = {package.system, "any", package.system.partition("-")[0]}
        return self.kind == package.kind and self.system in systems


class Shelf(NamedTuple):
    """The packages of a folder, and who has signed their sums; None where nobody has."""

    offers: tuple[Offer, ...]
    signer: Signer | None


def named(path: Path, digest: str = "") -> Offer | None:
    """Return what a file is by its name; None if it is no package."""
    for kind, pattern in _NAMES:
        if found := pattern.fullmatch(path.name):
            system = found["system"] or "any"
            return Offer(path, kind, found["version"], _SYSTEMS.get(system, system), digest)
    return None


def read_shelf(folder: Path, signers: tuple[Signer, ...]) -> Shelf:
    """Return the packages of a folder that its sums name, the newest first.

    Where there are no `signers`, nobody's signature counts, and nobody has signed.

    Raises:
        SumsMissing: If there are no sums.
        FileListUnreadable: If they cannot be read as such.
        SignatureWrong: If they have a signature that is nobody's of the signers.
    """
    path = folder / SUMS
    try:
        text = regular_files.read(path, _LARGEST_SUMS)
    except FileNotFoundError:
        raise SumsMissing(path=str(folder), file=SUMS) from None
    except regular_files.TooLarge:
        raise FileListUnreadable(path=str(path), line=1) from None
    listed = file_list.parse(text, str(path))
    offers = sorted(_offers(folder, listed), key=lambda each: order(each.version), reverse=True)
    return Shelf(tuple(offers), _signer(path, text, signers) if signers else None)


def _offers(folder: Path, listed: dict[str, str]) -> Iterator[Offer]:
    for name, digest in listed.items():
        if "/" not in name and (offer := named(folder / name, digest)):
            yield offer


def _signer(path: Path, text: bytes, signers: tuple[Signer, ...]) -> Signer | None:
    try:
        signature = regular_files.read(path.with_name(f"{SUMS}.sig"), LARGEST_SIGNATURE)
    except FileNotFoundError:
        return None
    except regular_files.TooLarge:
        raise SignatureWrong(path=str(path)) from None
    return verify(text, signature, signers, "porras-package", str(path))
