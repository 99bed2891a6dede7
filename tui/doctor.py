"""Looks at a workplace: store, terminal, translations and pathways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from screens.language import LANGUAGES, speech
from stepping.examples import run_examples
from stepping.problems import PathwayError
from stepping.services import check_services
from store import health, places
from store.pathway_files import find_folder, ids, load, service_files
from tui import terminal
from tui.settings import Settings

_MARKS = {"ok": "OK", "warning": "WARNING", "fault": "FAULT"}


@dataclass(frozen=True)
class Finding:
    """One thing looked at: a mark, its name, and a sentence."""

    mark: str
    name: str
    text: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield what was found, one thing after another; nothing is changed."""
    t = speech(settings.speaks)
    for found in health.check(places.find(settings.database)):
        yield Finding(_MARKS[found.level], found.name, t(found.sentence, **found.values))
    yield _terminal(settings)
    yield from _pathways(settings)
    for language in LANGUAGES:
        yield _language(settings, language)


def _terminal(settings: Settings) -> Finding:
    t = speech(settings.speaks)
    refusal = terminal.current()
    if refusal is None:
        return Finding("OK", "terminal", t("The terminal can show the program."))
    return Finding("WARNING", "terminal", t(refusal.text, **refusal.values))


def _pathways(settings: Settings) -> Iterator[Finding]:
    t = speech(settings.speaks)
    for name in ids(settings.pathways):
        try:
            pathway = load(name, settings.pathways)
            services = service_files(find_folder(name, settings.pathways))
        except PathwayError as error:
            yield Finding("FAULT", f"pathway {name}", str(error.problems[0]))
            continue
        problems = [*run_examples(pathway), *check_services(pathway, services)]
        if problems:
            yield Finding("FAULT", f"pathway {name}", str(problems[0]))
        else:
            text = t(
                "Version {version}, {count} examples hold, digest {digest}.",
                version=pathway.header.version,
                count=len(pathway.examples),
                digest=pathway.digest[:12],
            )
            yield Finding("OK", f"pathway {name}", text)


def _language(settings: Settings, language: str) -> Finding:
    t = speech(settings.speaks)
    try:
        speech(language)
    except FileNotFoundError:
        return Finding("FAULT", f"language {language}", t("The translation is not installed."))
    return Finding("OK", f"language {language}", t("The translation is installed."))
