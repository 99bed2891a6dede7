"""Looks at a workplace: store, terminal, translations and pathways."""

from __future__ import annotations

import locale
import os
from collections.abc import Iterable, Iterator

from casework.language import LANGUAGES, speech
from store import paths
from store.maintenance import health
from store.pathway_files.check import check_folder
from store.pathway_files.files import find_folder, ids
from tui.commands.doctor_content import look_at_contents
from tui.commands.doctor_finding import DoctorFinding
from tui.commands.doctor_package import look_at_program
from tui.commands.doctor_terminal import TerminalSetting, describe
from tui.settings import Settings
from tui.terminal import capabilities

_MARKS = {"ok": "OK", "warning": "WARNING", "fault": "FAULT"}


def examine(
    settings: Settings, inside: Iterable[health.HealthCheck] = ()
) -> Iterator[DoctorFinding]:
    """Yield what was found, one thing after another; nothing is changed.

    `inside` is what was found in the store itself.
    """
    t = speech(settings.speaks)
    yield from look_at_program(t)
    for found in (*health.check(paths.find(settings.database)), *inside):
        text = t(found.sentence, **found.values)
        mark = _MARKS[found.level]
        means, do = t(found.means, **found.values), t(found.do, **found.values)
        yield DoctorFinding(mark, found.name, text, means, do, found.values)
    yield _terminal(settings)
    here = TerminalSetting(
        os.environ,
        capabilities.get_size(),
        locale.getencoding(),
        capabilities.get_line_speed(),
        capabilities.find_console(),
    )
    yield from describe(settings, here)
    yield from look_at_contents(settings)
    yield from _pathways(settings)
    for language in LANGUAGES:
        yield _language(settings, language)


def _terminal(settings: Settings) -> DoctorFinding:
    t = speech(settings.speaks)
    refusal = capabilities.check_this_terminal()
    if refusal is None:
        return DoctorFinding("OK", "terminal", t("The terminal can show the program."))
    return DoctorFinding("WARNING", "terminal", t(refusal.text, **refusal.values))


def _pathways(settings: Settings) -> Iterator[DoctorFinding]:
    t = speech(settings.speaks)
    for name in ids(settings.pathways):
        checked = check_folder(find_folder(name, settings.pathways), settings.pathways)
        if checked.report.errors or checked.pathway is None:
            yield DoctorFinding("FAULT", f"pathway {name}", str(checked.report.errors[0]))
            continue
        text = t(
            "Version {version}, {count} examples hold, digest {digest}.",
            version=checked.pathway.header.version,
            count=len(checked.pathway.examples),
            digest=checked.pathway.digest[:12],
        )
        yield DoctorFinding("OK", f"pathway {name}", text)


def _language(settings: Settings, language: str) -> DoctorFinding:
    t = speech(settings.speaks)
    try:
        speech(language)
    except FileNotFoundError:
        return DoctorFinding(
            "FAULT", f"language {language}", t("The translation is not installed.")
        )
    return DoctorFinding("OK", f"language {language}", t("The translation is installed."))
