"""The locks beside `pyproject.toml`: what they pin, and what is wrong between the two.

`python -m tests.locked` tells what is installed in other versions than the lock has.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from itertools import product
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
RUN, DEV = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
REFERENCE = ROOT / "requirements-reference.lock"
PROJECT = ROOT / "pyproject.toml"

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = (("linux", "posix", "Linux"), ("darwin", "posix", "Darwin"), ("win32", "nt", "Windows"))
ENVIRONMENTS = [
    {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": system,
        "os_name": family,
        "platform_system": name,
    }
    for python, (system, family, name) in product(PYTHONS, SYSTEMS)
]

_OURS = "porras (pyproject.toml)"
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})(?=\s|$)")


@dataclass(frozen=True)
class Pin:
    """One entry of a lock."""

    requirement: Requirement
    hashes: frozenset[str]
    via: frozenset[str]

    @property
    def name(self) -> str:
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        """The exact version, or nothing where the pin is none."""
        only = list(self.requirement.specifier)
        exact = len(only) == 1 and only[0].operator == "==" and "*" not in only[0].version
        return only[0].version if exact else ""

    def holds_in(self, environment: dict[str, str]) -> bool:
        marker = self.requirement.marker
        return marker is None or marker.evaluate(environment)


def pins(text: str) -> list[Pin]:
    """Read a lock: an entry begins at the margin, its hashes and origins are indented below."""
    found = []
    for block in re.split(r"^(?=[^\s#])", text, flags=re.MULTILINE)[1:]:
        said, _, _ = block.partition("\\\n")
        below = re.findall(r"^ +#(?: +via)?(.*)", block, re.MULTILINE)
        origins = (line.strip() for line in below)
        found.append(
            Pin(
                Requirement(said.partition("#")[0].strip()),
                frozenset(_HASH.findall(block)),
                frozenset(each for each in origins if each and not each.startswith("-c ")),
            )
        )
    return found


def wanted(project: dict[str, Any], *extras: str) -> dict[str, Requirement]:
    """The requirements of `pyproject.toml` by name, with those of some extras."""
    about = project["project"]
    more = (text for extra in extras for text in about["optional-dependencies"][extra])
    texts = [*about["dependencies"], *more]
    return {canonicalize_name(each.name): each for each in map(Requirement, texts)}


def faults(text: str, wants: dict[str, Requirement]) -> Iterator[str]:
    """What is wrong between a lock and the requirements that it was made for."""
    locked = pins(text)
    for pin in locked:
        if not pin.version:
            yield f"{pin.name} has no exact version"
        if not pin.hashes:
            yield f"{pin.name} has no hash"
        if pin.name in wants and not wants[pin.name].specifier.contains(pin.version or "0"):
            yield f"{pin.name} {pin.version} is outside of {wants[pin.name].specifier}"
    yield from _origins(locked, set(wants))
    for name, environment in product(wants, ENVIRONMENTS):
        here = [pin for pin in locked if pin.name == name and pin.holds_in(environment)]
        if len(here) != 1:
            python, system = environment["python_version"], environment["sys_platform"]
            yield f"{name} has {len(here)} pins for Python {python} on {system}"


def _origins(locked: list[Pin], wants: set[str]) -> Iterator[str]:
    """What is locked though nothing asks for it any more."""
    reached = {pin.name for pin in locked if _OURS in pin.via}
    for name in sorted(reached - wants):
        yield f"{name} is no requirement any more"
    reached &= wants
    while more := {pin.name for pin in locked if pin.via & reached} - reached:
        reached |= more
    for name in sorted({pin.name for pin in locked} - reached):
        yield f"{name} is asked for by nothing"


def open_ranges(project: dict[str, Any]) -> list[str]:
    """The requirements that take any later version, whatever it breaks."""
    extras = project["project"]["optional-dependencies"]
    all_of_them = [*wanted(project, *extras).values(), *builders(project).values()]
    bounds = {"<", "<=", "==", "~="}
    return [str(r) for r in all_of_them if not {s.operator for s in r.specifier} & bounds]


def builders(project: dict[str, Any]) -> dict[str, Requirement]:
    """What the wheel is built with."""
    needs = map(Requirement, project["build-system"]["requires"])
    return {canonicalize_name(each.name): each for each in needs}


def project() -> dict[str, Any]:
    """The project as it describes itself."""
    return tomllib.loads(PROJECT.read_text(encoding="utf-8"))


def differences() -> Iterator[str]:
    """What is installed here in another version than the lock has, one line each."""
    locked = {pin.name: pin.version for pin in pins(DEV.read_text(encoding="utf-8"))}
    here = {canonicalize_name(d.metadata["Name"]): d.version for d in metadata.distributions()}
    for name in sorted(here.keys() - {"porras", "setuptools"}):
        if here[name] != locked.get(name):
            yield f"{name} {locked.get(name, '(not locked)')} -> {here[name]}"


if __name__ == "__main__":
    print("\n".join(differences()) or "Everything is as it is locked.")
