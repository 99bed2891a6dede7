"""The Pythons that are built beforehand and kept: where they lie, and what they are made of."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from distribution.inside import LICENCES, Part
from distribution.setting import CannotBuild, Setting

_PARTS = "parts.tsv"
_ASK = """\
import pyexpat, _decimal
print(pyexpat.EXPAT_VERSION.removeprefix("expat_"), _decimal.__libmpdec_version__)
"""


def folder(setting: Setting) -> Path:
    """Return where they are kept, each in a folder with the name of its system."""
    return setting.root / "build" / "pythons"


def has(setting: Setting, system: str) -> bool:
    """Return whether one is kept for a system, whole: its list of parts is written last."""
    return (folder(setting) / system / _PARTS).is_file()


def parts(setting: Setting, system: str) -> Iterator[Part]:
    """Yield what a Python is made of: CPython itself and the libraries inside its program.

    Raises:
        CannotBuild: If the list of them is not one, or a program holds other libraries.
    """
    yield from _of_cpython(setting, system)
    yield from _listed(setting, system)


def _listed(setting: Setting, system: str) -> Iterator[Part]:
    """Yield CPython and the libraries that it was built with, as the list beside it names them."""
    place = folder(setting) / system
    for line in (place / _PARTS).read_text(encoding="utf-8").splitlines():
        words = line.split("\t")
        if len(words) != 4:
            raise CannotBuild(f"{place / _PARTS} is not a list of parts. Run `make pythons` again.")
        name, version, licence, cpe = words
        texts = tuple(sorted((place / "licences" / name).iterdir()))
        told_by = "the source package or library that it was built from"
        purl = f"pkg:generic/{name.lower()}"
        yield Part(name, version, licence, texts, cpe=cpe, purl=purl, told_by=told_by)


def version(setting: Setting, system: str) -> str:
    """Return the version of the Python, as in 3.13.5."""
    return next(part.version for part in _listed(setting, system) if part.name == "CPython")


def _of_cpython(setting: Setting, system: str) -> Iterator[Part]:
    """Yield the libraries whose sources CPython has among its own, by what they tell.

    The Python of another processor cannot be asked; the same answers have to be in it.
    """
    expat, mpdec = _told(runs_here(setting))
    binary = (folder(setting) / system / "bin" / "python3").read_bytes()
    for text in (f"expat_{expat}", mpdec):
        if f"\0{text}\0".encode() not in binary:
            raise CannotBuild(f"The Python for {system} holds another library than {text}.")
    yield Part(
        "expat",
        expat,
        "MIT",
        (LICENCES / "expat.txt",),
        cpe="libexpat_project:libexpat",
        purl="pkg:generic/expat",
        told_by="pyexpat.EXPAT_VERSION",
    )
    yield Part(
        "libmpdec",
        mpdec,
        "BSD-2-Clause",
        (LICENCES / "libmpdec.txt",),
        purl="pkg:generic/mpdecimal",
        told_by="decimal.__libmpdec_version__",
    )


@cache
def _told(python: Path) -> tuple[str, str]:
    done = subprocess.run([python, "-I", "-c", _ASK], capture_output=True, text=True, check=True)
    expat, mpdec = done.stdout.split()
    return expat, mpdec


def runs_here(setting: Setting) -> Path:
    """Return the Python that is kept for this computer, not one that an emulator would run.

    Raises:
        CannotBuild: If there is none, or it does not run.
    """
    python = folder(setting) / f"linux-{platform.machine()}" / "bin" / "python3"
    if _runs(python):
        return python
    raise CannotBuild(f"{python} does not run on this computer. Run `make pythons` here.")


def _runs(python: Path) -> bool:
    try:
        return subprocess.run([python, "-I", "-c", ""], capture_output=True).returncode == 0
    except OSError:
        return False
