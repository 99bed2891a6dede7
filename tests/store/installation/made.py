"""Made-up packages for tests: a program of a few files, its archive on a stick, an installation."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import NamedTuple

from distribution.archives import pack_tar, pack_zip
from distribution.signing import seal, signer_line
from store.installation import file_list
from store.installation.layout import CURRENT
from store.installation.offers import SUMS
from store.installation.package import (
    ABOUT,
    SIGNERS,
    VERSIONS,
    Kind,
    Package,
    read_package,
    write_package,
)
from store.installation.signing import sign

SYSTEM = f"linux-{platform.machine()}"
FILES = 40


def make_package(
    folder: Path, key: Path | None, version: str, kind: Kind = "folder", **other: str
) -> Package:
    """Fill a folder with a program and seal it; `other` is what it says of itself besides."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(FILES):
        part = folder / f"_internal/part{number % 3}/lib{number}.so"
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(f"{version} {number}\n".encode() * 50)
    program = folder / "porras"
    program.write_text(f"#!/bin/sh\necho {version}\n")
    program.chmod(0o755)
    said = {"system": SYSTEM, "python": "3.13.5", "made_from": "0123abc", "version": version}
    package = Package(folder, kind, **(said | other))
    (folder / ABOUT).write_text(write_package(package))
    if key:
        (folder / SIGNERS).write_text(signer_line(key, "region", "porras-package"))
    seal(folder, key)
    return package


def put_on_stick(stick: Path, package: Package, key: Path | None, name: str = "") -> Path:
    """Write a package as an archive into a folder with its sums, which are signed with the key."""
    stick.mkdir(exist_ok=True)
    top = f"porras-{package.version}"
    if package.kind == "windows":
        path = pack_zip(package.folder, stick / f"{top}-{package.system}.zip", top)
    else:
        name = name or f"{top}-{package.system}.tar.gz"
        path = pack_tar(package.folder, stick / name, top)
    add_up(stick, key)
    return path


def add_up(stick: Path, key: Path | None) -> None:
    """Write the sums of all packages of a folder, signed where there is a key."""
    for old in stick.glob(f"{SUMS}*"):
        old.unlink()
    sums = {path.name: file_list.digest_of(path) for path in stick.iterdir() if path.is_file()}
    (stick / SUMS).write_text(file_list.write(sums))
    if key:
        sign(stick / SUMS, key, "porras-package")


def install(place: Path, key: Path | None, version: str, kind: Kind = "folder") -> Package:
    """Make an installation in which a version is in use; return that version."""
    folder = place / VERSIONS / version
    make_package(folder, key, version, kind)
    (place / CURRENT).write_text(f"{version}\n")
    return read_package(folder)


class Site(NamedTuple):
    """An installation of 0.2.0, whose makers' key is known, and a stick with 0.3.0."""

    package: Package
    stick: Path
    key: Path
    newer: Path
    """The archive on the stick."""

    @property
    def place(self) -> Path:
        """The folder of the installation."""
        assert self.package.installation
        return self.package.installation


def make_site(place: Path, key: Path, kind: Kind = "folder") -> Site:
    """Make both below a folder."""
    package = install(place / "installed", key, "0.2.0", kind)
    newer = make_package(place / "made" / "0.3.0", key, "0.3.0", kind, **_system(kind))
    stick = place / "stick"
    return Site(package, stick, key, put_on_stick(stick, newer, key))


def _system(kind: Kind) -> dict[str, str]:
    return {"system": "windows-x86_64"} if kind == "windows" else {}
