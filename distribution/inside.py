"""What lies inside wheels beside Python: engines, libraries, crates, and what they say they are.

Versions are asked of the libraries themselves. Where a wheel is for another system than this one,
its binary has to hold the same answer.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from packaging.utils import parse_wheel_filename

from distribution.setting import CannotBuild

LICENCES = Path(__file__).parent / "licences"
_APACHE, _CC0 = LICENCES / "Apache-2.0.txt", LICENCES / "CC0-1.0.txt"

_OPENSSL = re.compile(rb"OpenSSL (\d+\.\d+\.\d+[a-z]?) +\d+ [A-Z][a-z]{2} \d{4}")
_VENDORED = re.compile(r"^\s*([\w.-]+)==([\w.]+)", re.MULTILINE)


@dataclass(frozen=True, order=True)
class Part:
    """Something that a package brings, inside of a wheel or beside them all."""

    name: str
    version: str
    """As the part itself tells it; "" where nothing tells."""
    licence: str = ""
    """By SPDX."""
    texts: tuple[Path, ...] = ()
    """Files with the licence; none where the wheel that brings the part has it."""
    inside: str = ""
    """The name of that wheel; "" for what lies beside the wheels, such as CPython."""
    cpe: str = ""
    """Vendor and product, as in openssl:openssl, by which lists of known faults name it."""
    purl: str = ""
    told_by: str = ""
    """Where the version comes from."""


class Engine(NamedTuple):
    """What the encrypted database says of itself."""

    sqlcipher: str
    sqlite: str
    source: str
    """The check-in of SQLite from which it was made."""


@cache
def ask_engine() -> Engine:
    """Return what the SQLCipher that is installed here says that it is."""
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(":memory:")
    try:
        asked = ("PRAGMA cipher_version", "SELECT sqlite_version()", "SELECT sqlite_source_id()")
        cipher, sqlite, source = (connection.execute(each).fetchone()[0] for each in asked)
    finally:
        connection.close()
    return Engine(cipher.split()[0], sqlite, source)


def openssl_version(binary: bytes, wheel: str) -> str:
    """Return the version of the OpenSSL inside a library, as its own text for people tells it.

    Raises:
        CannotBuild: If there is no such text, or more than one.
    """
    found = {match[1].decode() for match in _OPENSSL.finditer(binary)}
    if len(found) != 1:
        raise CannotBuild(f"{wheel} does not tell which OpenSSL is inside: {sorted(found)}.")
    return found.pop()


def _openssl(binary: bytes, wheel: str) -> Iterator[Part]:
    yield Part(
        "OpenSSL",
        openssl_version(binary, wheel),
        "Apache-2.0",
        (_APACHE,),
        cpe="openssl:openssl",
        purl="pkg:generic/openssl",
        told_by="the version text of the library",
    )


def _sqlcipher(binary: bytes, wheel: str) -> Iterator[Part]:
    engine = ask_engine()
    for told in (engine.sqlcipher, engine.source):
        if told.encode() not in binary:
            raise CannotBuild(f"{wheel} holds another engine than is installed here ({told}).")
    yield Part(
        "SQLCipher",
        engine.sqlcipher,
        "BSD-3-Clause",
        (LICENCES / "SQLCipher.txt",),
        cpe="zetetic:sqlcipher",
        purl="pkg:generic/sqlcipher",
        told_by="PRAGMA cipher_version",
    )
    yield Part(
        "SQLite",
        engine.sqlite,
        "blessing",
        (LICENCES / "SQLite.txt",),
        cpe="sqlite:sqlite",
        purl="pkg:generic/sqlite",
        told_by=f"sqlite_version(), {engine.source}",
    )
    yield from _openssl(binary, wheel)


def _argon2(_: bytes, __: str) -> Iterator[Part]:
    from argon2.low_level import ARGON2_VERSION

    texts = (LICENCES / "Argon2.txt", _CC0, _APACHE)
    told_by = f"argon2.low_level.ARGON2_VERSION, of the algorithm: {ARGON2_VERSION}"
    version = f"{ARGON2_VERSION >> 4}.{ARGON2_VERSION & 15}"
    licence = "CC0-1.0 OR Apache-2.0"
    yield Part("Argon2 reference code", version, licence, texts, told_by=told_by)


def _libffi(binary: bytes, _: str) -> Iterator[Part]:
    if b"ffi_type_sint64" in binary or b"ffi_call" in binary:
        yield Part("libffi", "", "MIT", (LICENCES / "libffi.txt",), told_by="nothing tells")


_NATIVE: dict[str, Callable[[bytes, str], Iterator[Part]]] = {
    "sqlcipher3": _sqlcipher,
    "cryptography": _openssl,
    "argon2-cffi-bindings": _argon2,
    "cffi": _libffi,
}


def parts_inside(wheels: Iterable[Path]) -> list[Part]:
    """Return what lies inside wheels, each part once, sorted.

    Raises:
        CannotBuild: If a wheel does not tell what is inside, or tells otherwise than others.
    """
    found: set[Part] = set()
    for wheel in wheels:
        name, version, _, _ = parse_wheel_filename(wheel.name)
        with zipfile.ZipFile(wheel) as packed:
            binary = _binary(packed)
            if binary and name in _NATIVE:
                _refuse_other(name, str(version))
                found |= {_within(part, name) for part in _NATIVE[name](binary, wheel.name)}
            if binary:
                found |= {_within(part, name) for part in _told_by_wheel(packed)}
            found |= {_within(part, name) for part in _vendored(packed)}
    _refuse_two(found)
    return sorted(found)


def _within(part: Part, wheel: str) -> Part:
    return Part(**{**vars(part), "inside": wheel})


def _binary(packed: zipfile.ZipFile) -> bytes:
    names = (name for name in packed.namelist() if name.endswith((".so", ".pyd", ".dll")))
    return b"\0".join(packed.read(name) for name in names)


def _refuse_other(name: str, version: str) -> None:
    """Refuse to ask a library here about a wheel of another version."""
    here = metadata.version(name)
    if here != version:
        raise CannotBuild(
            f"{name} {here} is installed here, and {version} is packed. `make packages` makes the "
            "environment that fits (requirements-packages.lock)."
        )


def _refuse_two(found: Iterable[Part]) -> None:
    """Refuse wheels for several Pythons that differ in the version of an engine."""
    versions: dict[tuple[str, str], set[str]] = {}
    for part in found:
        if part.cpe:
            versions.setdefault((part.inside, part.name), set()).add(part.version)
    for (wheel, name), told in versions.items():
        if len(told) > 1:
            raise CannotBuild(f"The wheels of {wheel} hold several versions of {name}: {told}.")


def _told_by_wheel(packed: zipfile.ZipFile) -> Iterator[Part]:
    """Yield what a wheel lists of itself (PEP 770), such as the crates in it."""
    for name in packed.namelist():
        if ".dist-info/sboms/" not in name or not name.endswith(".json"):
            continue
        for component in json.loads(packed.read(name)).get("components", ()):
            if component.get("scope") == "excluded" or component["name"] == "openssl":
                continue  # not in what is shipped; told by the library itself
            licences = component.get("licenses") or [{}]
            yield Part(
                component["name"],
                component.get("version", ""),
                licences[0].get("expression", ""),
                purl=component.get("purl", "").partition("?")[0].partition("@")[0],
                told_by=f"the list in the wheel, {Path(name).name}",
            )


def _vendored(packed: zipfile.ZipFile) -> Iterator[Part]:
    """Yield the packages that another has taken in as a copy, with their licences."""
    for name in packed.namelist():
        if name.endswith("/_vendor/vendor.txt"):
            for project, version in _VENDORED.findall(packed.read(name).decode()):
                purl = f"pkg:pypi/{project.lower()}"
                yield Part(project, version, purl=purl, told_by=name)
