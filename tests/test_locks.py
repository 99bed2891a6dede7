"""What is installed next year is what was tried this year, until the locks are renewed."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.locked import (
    DEV,
    PYTHONS,
    REFERENCE,
    ROOT,
    RUN,
    builders,
    faults,
    open_ranges,
    pins,
    project,
    wanted,
)

LOCKS = {"run": (RUN, ()), "dev": (DEV, ("dev",)), "reference": (REFERENCE, ("reference",))}
each_lock = pytest.mark.parametrize(("path", "extras"), LOCKS.values(), ids=LOCKS)


@each_lock
def test_lock_and_project_agree(path: Path, extras: tuple[str, ...]) -> None:
    """If this fails, `make lock` has not been run since the requirements changed."""
    assert list(faults(path.read_text(encoding="utf-8"), wanted(project(), *extras))) == []


def test_the_wheel_is_built_with_what_is_locked() -> None:
    for name, requirement in builders(project()).items():
        assert wanted(project(), "dev")[name].specifier == requirement.specifier


def test_what_runs_is_what_was_tested() -> None:
    tested = {pin.name: pin for pin in pins(DEV.read_text(encoding="utf-8"))}
    for pin in pins(RUN.read_text(encoding="utf-8")):
        assert (pin.version, pin.hashes) == (tested[pin.name].version, tested[pin.name].hashes)


def test_every_range_ends() -> None:
    assert open_ranges(project()) == []


def test_a_range_without_an_end_is_found() -> None:
    changed = project()
    changed["project"]["dependencies"].append("rich>=15")
    assert open_ranges(changed) == ["rich>=15"]


@each_lock
def test_a_lock_holds_no_address_and_no_place_of_a_machine(
    path: Path, extras: tuple[str, ...]
) -> None:
    assert not re.search(r"://|--(extra-)?index|--find-links|(^|\s)/", path.read_text("utf-8"))


def test_the_pythons_that_are_locked_for_are_those_that_are_named() -> None:
    about = project()["project"]
    prefix = "Programming Language :: Python :: "
    assert [f"{prefix}{python}" for python in PYTHONS] == [
        each for each in about["classifiers"] if re.fullmatch(rf"{prefix}3\.\d+", each)
    ]
    assert SpecifierSet(about["requires-python"]) == SpecifierSet(f">={PYTHONS[0]}")
    assert f"--python-version {PYTHONS[0]}" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_what_is_locked_runs_on_every_python_that_is_named() -> None:
    seen = 0
    for pin in pins(DEV.read_text(encoding="utf-8")):
        for installed in metadata.distributions(name=pin.name):
            if installed.version == pin.version:
                allowed = SpecifierSet(str(installed.metadata.json.get("requires_python", "")))
                assert all(f"{python}.9" in allowed for python in PYTHONS), pin.name
                seen += 1
    assert seen > 20


Change = Callable[[str, dict[str, Any]], str]


def _locked(old: str, new: str, count: int = 1) -> Change:
    """A lock in which something stands otherwise."""

    def change(text: str, _: dict[str, Any]) -> str:
        changed = re.sub(old, new, text, count=count, flags=re.MULTILINE)
        assert changed != text
        return changed

    return change


def _project(old: str | None, new: str | None) -> Change:
    """A project in which a requirement came, went or changed."""

    def change(text: str, wants: dict[str, Any]) -> str:
        if old:
            del wants[old]
        if new:
            wants[Requirement(new).name] = Requirement(new)
        return text

    return change


BROKEN: dict[str, tuple[Change, str]] = {
    "a pin below its range": (_locked("^click==[^ ]+", "click==8.0"), "click 8.0 is outside of"),
    "a pin above its range": (_locked("^click==[^ ]+", "click==9.1"), "click 9.1 is outside of"),
    "a range for a pin": (_locked("^click==", "click>="), "click has no exact version"),
    "any version of a line": (_locked("^click==[^ ]+", "click==8.*"), "click has no exact version"),
    "no hash": (_locked(r"^(click==\S+ \\\n)(    --hash\S+( \\)?\n)+", r"\1"), "click has no hash"),
    "a short hash": (_locked(r"sha256:([0-9a-f]{60})[0-9a-f]{4}", r"sha256:\1", 0), "has no hash"),
    "a pin for one system only": (
        _locked(r"^(click==\S+)", r"\1 ; sys_platform == 'linux'"),
        "click has 0 pins for Python 3.11 on win32",
    ),
    "a pin for old Pythons only": (
        _locked(r"^(click==\S+)", r"\1 ; python_version < '3.14'"),
        "click has 0 pins for Python 3.14 on linux",
    ),
    "a pin that nothing asks for": (
        _locked(r"\Z", "zope==1.0 \\\\\n    --hash=sha256:" + "0" * 64 + "\n    # via zope-core\n"),
        "zope is asked for by nothing",
    ),
    "a requirement that is not locked": (
        _project(None, "attrs-strict>=1"),
        "attrs-strict has 0 pins",
    ),
    "a requirement that went": (_project("tzdata", None), "tzdata is no requirement any more"),
    "a range that moved on": (
        _project(None, "textual==8.3.0"),
        "textual 8.2.8 is outside of ==8.3.0",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
@each_lock
def test_a_disagreement_is_found(path: Path, extras: tuple[str, ...], case: str) -> None:
    change, told = BROKEN[case]
    wants = copy.copy(wanted(project(), *extras))
    text = change(path.read_text(encoding="utf-8"), wants)
    assert any(told in fault for fault in faults(text, wants))
