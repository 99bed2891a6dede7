"""What comes inside the folder of CPython for Windows, by what its libraries tell of themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from distribution.inside import Part
from distribution.setting import CannotBuild


class Source(NamedTuple):
    """Where the version of a part stands; a part that tells none has no pattern."""

    name: str
    file: str
    pattern: bytes
    licence: str
    cpe: str = ""


SOURCES = (
    Source("CPython", "python3*.dll", rb"\0(3\.\d+\.\d+)\0", "PSF-2.0", "python:python"),
    Source(
        "OpenSSL",
        "libcrypto-3.dll",
        rb"OpenSSL (\d+\.\d+\.\d+) +\d+ [A-Z][a-z]{2} \d{4}",
        "Apache-2.0",
        "openssl:openssl",
    ),
    Source("SQLite", "sqlite3.dll", rb"[^\d.](3\.\d+\.\d+)\0", "blessing", "sqlite:sqlite"),
    Source(
        "Expat",
        "pyexpat.pyd",
        rb"expat_(\d+\.\d+\.\d+)",
        "MIT",
        "libexpat_project:libexpat",
    ),
    Source("bzip2", "_bz2.pyd", rb"(\d\.\d\.\d), \d+-[A-Z][a-z]{2}-\d{4}", "bzip2-1.0.6"),
    Source("liblzma", "_lzma.pyd", b"", "0BSD", "tukaani:xz"),
    Source("zlib", "python3*.dll", rb"[\0\xff](1\.\d\.\d)\0", "Zlib", "zlib:zlib"),
    Source("libffi", "libffi-8.dll", b"", "MIT"),
    Source("Microsoft Visual C++ runtime", "vcruntime140.dll", b"", "LicenseRef-Microsoft"),
)
"""The texts of all their licences are in the LICENSE.txt of CPython."""


def parts_of(folder: Path) -> Iterator[Part]:
    """Yield CPython and what its folder holds.

    Raises:
        CannotBuild: If one of them is not there, or tells another kind of version.
    """
    texts = (folder / "LICENSE.txt",)
    for source in SOURCES:
        told = {
            match.decode()
            for path in folder.glob(source.file)
            for match in (
                re.findall(source.pattern, path.read_bytes()) if source.pattern else [b""]
            )
        }
        if len(told) != 1:
            raise CannotBuild(f"{source.file} does not tell which {source.name} it is: {told}.")
        yield Part(
            source.name,
            told.pop(),
            source.licence,
            texts,
            cpe=source.cpe,
            purl=f"pkg:generic/{source.name.lower()}" if source.cpe else "",
            told_by=source.file if source.pattern else "nothing tells",
        )
