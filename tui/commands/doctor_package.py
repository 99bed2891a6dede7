"""What the doctor says of the program itself: which package it is, its files, who vouches."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from casework.error_text import translate_error
from casework.language import Speech
from store.audit import origin
from store.errors import PackageUnreadable, StoreError, shown
from store.installation import layout, self_check
from store.installation.package import Package, find_package
from store.installation.self_check import Verdict
from tui.commands.doctor_finding import DoctorFinding

_NAMED = 5
"""How many files of a kind are told by name; the rest is counted."""


def look_at_program(t: Speech) -> Iterator[DoctorFinding]:
    """Yield what is to be said of the program that runs; every file of it is read."""
    try:
        package = find_package()
        if package is None:
            yield _from_sources(t)
            return
        yield _package(t, package)
        verdict = self_check.examine(package)
    except PackageUnreadable as error:
        yield _fault(t, "package", error)
        return
    except OSError as error:
        unreadable = PackageUnreadable(path=str(error.filename))
        yield _fault(t, "program files", unreadable)
        return
    yield _files(t, verdict)
    yield _signature(t, verdict)
    yield from _in_use(t, package)


def _from_sources(t: Speech) -> DoctorFinding:
    told = {"version": origin.app_version() or "?", "python": _python()}
    text = t("Porras {version} runs from its sources, with Python {python}.", **told)
    return DoctorFinding("OK", "package", text, values=told)


def _python() -> str:
    return ".".join(str(number) for number in sys.version_info[:3])


def _package(t: Speech, package: Package) -> DoctorFinding:
    told = package._asdict() | {"folder": str(package.folder), "running": _python()}
    text = t(
        "Porras {version}: package {kind} for {system}, Python {running}, in {folder}.",
        **{name: shown(told[name]) for name in ("version", "kind", "system", "running", "folder")},
    )
    if package.glibc:
        text += " " + t("It needs glibc {glibc} or newer.", glibc=shown(package.glibc))
    if package.made_from:
        text += " " + t("Made from commit {commit}.", commit=shown(package.made_from))
    return DoctorFinding("OK", "package", text, values=told)


def _files(t: Speech, verdict: Verdict) -> DoctorFinding:
    if not verdict.listed and verdict.doubt:
        return _fault(t, "program files", verdict.doubt)
    found = verdict.differences
    values = {"listed": verdict.listed, **found._asdict()}
    if not found:
        text = t(
            "Every file of the program is as its list says ({count} files).", count=verdict.listed
        )
        return DoctorFinding("OK", "program files", text, values=values)
    told = (
        (t("Changed"), found.changed),
        (t("Missing"), found.missing),
        (t("Not in the list"), found.added),
    )
    text = " ".join(f"{word}: {_named(t, paths)}." for word, paths in told if paths)
    return DoctorFinding(
        "FAULT",
        "program files",
        text,
        t("The program is not the one that was installed; it may fail, or do something else."),
        t("Install it again from a package that you have checked: porras update --again FOLDER."),
        values,
    )


def _named(t: Speech, paths: tuple[str, ...]) -> str:
    some = ", ".join(map(shown, paths[:_NAMED]))
    if (left := len(paths) - _NAMED) <= 0:
        return some
    return t("{some} and {left} more", some=some, left=left)


def _signature(t: Speech, verdict: Verdict) -> DoctorFinding:
    if verdict.listed and verdict.doubt:
        return _fault(t, "signature", verdict.doubt)
    if signer := verdict.signer:
        told = {"signer": signer.name, "fingerprint": signer.fingerprint}
        text = t("The list of files is signed by {signer}, {fingerprint}.", **told)
        return DoctorFinding("OK", "signature", text, values=told)
    return DoctorFinding(
        "WARNING",
        "signature",
        t("The list of files is not signed."),
        t("Damage is found by it, but not a change by somebody who also writes a new list."),
        t("If your organisation signs its packages, install the signed one."),
    )


def _in_use(t: Speech, package: Package) -> Iterator[DoctorFinding]:
    """Yield a finding where the next start would start another version, or has to guess."""
    if package.installation is None:
        return
    current = layout.read_current(package.installation)
    values = {"file": str(package.installation / layout.CURRENT), "named": current or ""}
    name = package.folder.name
    if current is None:
        text = t("The file {file} names no version that is here.", file=values["file"])
        means = t("The newest version that is whole starts, and says so each time.")
        do = t("Say which version is to be used: porras update --use {name}", name=name)
        yield DoctorFinding("WARNING", "version in use", text, means, do, values)
    elif current != name:
        text = t(
            "Version {named} is in use now; this window still runs {name}.",
            named=current,
            name=name,
        )
        yield DoctorFinding("OK", "version in use", text, values=values)


def _fault(t: Speech, name: str, error: StoreError) -> DoctorFinding:
    told = translate_error(error, t)
    return DoctorFinding("FAULT", name, told.what, told.safe, told.next, error.values)
