"""`porras fhir form`: an instrument or a pathway's questions as a FHIR R4 Questionnaire."""

from __future__ import annotations

from pathlib import Path

import click

from screens.documents.fhir_words import form_words
from stepping.interchange.form import Form
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import Pathway
from store.errors import shown
from store.output import Kind, Taken, Unwritten, find_target, write_file
from store.pathway_files.care import site_care
from store.pathway_files.files import ids
from store.pathway_files.forms import instrument_ids, load_codes, load_instrument
from tui import say
from tui.commands.class_places import t_of
from tui.commands.common import (
    blame_pathway,
    choose_language,
    get_guarded,
    load_pathway,
    require_spoken,
    said_nearest,
)
from tui.commands.groups import CommandError
from tui.settings import Settings
from tui.spoken import said

_FORM = Kind(lambda _: True, private=False)
"""A form replaces nothing: an earlier one may be in use elsewhere."""


@click.command()
@click.argument("name", metavar="INSTRUMENT|PATHWAY")
@click.option("--lang", metavar="LANGUAGE", help="fi, sv or en; a file has one.")
@click.option("--out", metavar="FILE", required=True, help="A new file to write it to.")
@click.pass_obj
def form(settings: Settings, name: str, lang: str | None, out: str) -> None:
    """Write an instrument or the questions of a pathway as a FHIR R4 Questionnaire.

    The link of each question is its id here. A form that is filled in elsewhere decides nothing.
    docs/interchange.md tells what stands in it, with every code and its source.
    """
    t = t_of(settings)
    try:
        _check_free(settings, Path(out))
        pathway, instrument = _find(settings, name)
        offered = pathway.header.languages
        language = choose_language(lang or settings.speaks_among(offered), offered)
        require_spoken(language)
        _refuse_unworded(settings, pathway, language)
        with blame_pathway(pathway, (OSError, PathwayError)):
            codes = load_codes()
            made = Form(pathway, language, form_words(language), codes, instrument).to_bytes()
        write_file(Path(out), made, _FORM, get_guarded(settings), replace=False)
    except PathwayError as error:
        told = said("the pathway {name} cannot be used")
        raise CommandError(f"{told.format(name=shown(name))}\n{error}") from None
    except Taken:
        told = t("There is a file of this name already. It is as it was. Choose another name.")
        raise CommandError(f"{shown(out)}: {told}") from None
    except Unwritten as error:
        raise CommandError(f"{shown(out)}: {t(error.sentence)}") from None
    say.line(t("{file} is written.", file=shown(out)))


def _check_free(settings: Settings, out: Path) -> None:
    """Refuse a place where nothing can be written, before anything is made.

    Raises:
        Unwritten: With what stands there, or why none can.
    """
    if find_target(out, _FORM, get_guarded(settings)).taken:
        raise Taken


def _find(settings: Settings, name: str) -> tuple[Pathway, str | None]:
    """Return what a form is made of, and the instrument where it is of one.

    Raises:
        click.UsageError: If nothing has this name.
        CommandError: If the wording is not ours to give.
        PathwayError: With every fault of an instrument's file.
    """
    instruments, pathways = instrument_ids(settings.pathways), ids(settings.pathways)
    if name in instruments:
        return load_instrument(name, settings.pathways), name
    if name in pathways or (Path(name) / "pathway.toml").is_file():
        return load_pathway(settings, name), None
    t, measures = t_of(settings), site_care(settings.pathways).measures
    if (measure := measures.get(name)) is not None:
        told = t(
            "The wording of {name} is not ours to give, so there is no form of it. "
            "Nothing was written. "
            "Get the form from its owner; its total is typed in as before.",
            name=measure.name[settings.speaks],
        )
        raise CommandError(told)
    known = (*instruments, *pathways)
    told = said("{name} is neither an instrument nor a pathway").format(name=repr(name))
    there = said("there is {known}").format(known=", ".join(known))
    raise click.UsageError(told + (said_nearest(name, (*known, *measures)) or f"; {there}"))


def _refuse_unworded(settings: Settings, pathway: Pathway, language: str) -> None:
    """Refuse a language in which an instrument has no wording.

    Raises:
        CommandError: With the name of the first one.
    """
    t = t_of(settings)
    for instrument in pathway.instruments.values():
        if instrument.wording[language].status == "none":
            told = t(
                "{name} has no wording in this language. Nothing was written. "
                "Choose another language with --lang.",
                name=instrument.name,
            )
            raise CommandError(told)
