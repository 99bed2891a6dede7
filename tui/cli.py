"""The command line: the program itself, and everything that works without a screen."""

from __future__ import annotations

import json
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from tui.settings import Settings, SettingsError, read_settings


class Fault(click.ClickException):
    """The input was refused; exit status 1."""


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--demo", is_flag=True, help="Open the training store: invented clients only.")
@click.option("--db", metavar="FILE", help="The database (PORRAS_DB).")
@click.option("--pathways", metavar="DIR", help="The folder of pathways (PORRAS_PATHWAYS).")
@click.option("--lang", metavar="LANGUAGE", help="fi, sv or en (PORRAS_LANG).")
@click.option("--config", metavar="FILE", help="The config file (PORRAS_CONFIG).")
@click.version_option(package_name="porras")
@click.pass_context
def porras(context: click.Context, /, demo: bool, **flags: str | None) -> None:
    """Stepped-care assessment on a terminal.

    Without a command it opens the program. It supports a professional and never decides; it is
    not a CE-marked medical device.
    """
    try:
        context.obj = read_settings(flags)
    except SettingsError as error:
        raise click.UsageError(str(error)) from None
    if context.invoked_subcommand is None:
        from tui.start import open_program

        sys.exit(open_program(context.obj, demo=demo))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # an old terminal shows a "?" and no fault
    if demo:
        raise click.UsageError("--demo opens the program; it goes with no command")


@porras.command()
@click.argument("pathway")
@click.option(
    "--answers", "answers_file", type=click.File("rb"), default="-", help="JSON; - is stdin."
)
@click.option("--lang", metavar="LANGUAGE", help="fi, sv or en.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def decide(
    settings: Settings, pathway: str, answers_file: Any, lang: str | None, form: str
) -> None:
    """Decide on one set of answers: {"question id": value}."""
    from stepping.answers import AnswersError, read_answers
    from stepping.decision import UnknownStop
    from stepping.decision import decide as decide_on
    from stepping.explain import as_json
    from stepping.interview import counted
    from tui.answer_file import AnswerFileError, read_answer_file

    ready = _pathway(settings, pathway)
    language = _language(lang or settings.speaks, ready.header.languages)
    if form == "text":
        _spoken(language)
    if answers_file.isatty():
        raise click.UsageError(
            "give the answers with --answers FILE, or send them to standard input"
        )
    try:
        given = read_answer_file(answers_file)
        answers = read_answers(ready, given.answers)
        decision = decide_on(ready, answers, given.recorded)
    except (AnswersError, AnswerFileError, UnknownStop) as error:
        raise Fault(f"the answers are refused, nothing was decided\n{error}") from None
    for id_, counts in counted(ready, answers).items():
        if not counts:
            click.echo(
                f"note: {id_} was given but is not asked here, so it did not count", err=True
            )
    if form == "json":
        told = json.dumps(as_json(ready, decision, language), ensure_ascii=False, indent=1)
        click.echo(told.encode())  # JSON is UTF-8 whatever the terminal's own encoding is
    else:
        from screens.wording import decision_text

        click.echo(decision_text(ready, decision, language))


@porras.group()
def pathway() -> None:
    """List, show and check pathways."""


@pathway.command("list")
@click.pass_obj
def list_pathways(settings: Settings) -> None:
    """List the pathways that there are."""
    from stepping.problems import PathwayError
    from store.pathway_files import ids, load

    for name in ids(settings.pathways):
        try:
            header = load(name, settings.pathways).header
        except PathwayError as error:
            click.echo(f"{name}\tcannot be used: {error.problems[0]}")
        else:
            ages = f"{header.ages.from_}–{header.ages.to}"
            title = header.title.get(settings.speaks, header.title[header.languages[0]])
            click.echo(f"{name}\t{header.version}\t{header.status}\t{ages}\t{title}")


@pathway.command()
@click.argument("name", metavar="PATHWAY")
@click.option("--lang", metavar="LANGUAGE", help="fi, sv or en.")
@click.pass_obj
def show(settings: Settings, name: str, lang: str | None) -> None:
    """Show a pathway's rules: condition, effect, reason, source and basis."""
    from screens.pathway_table import pathway_text

    ready = _pathway(settings, name)
    language = _spoken(_language(lang or settings.speaks, ready.header.languages))
    click.echo(pathway_text(ready, language))


@pathway.command()
@click.argument("name", metavar="PATHWAY")
@click.pass_obj
def check(settings: Settings, name: str) -> None:
    """Check that a pathway loads, names only what exists, and keeps its examples."""
    from stepping.examples import run_examples
    from stepping.problems import PathwayError
    from stepping.services import check_services
    from store.pathway_files import find_folder, service_files

    ready = _pathway(settings, name)
    problems = list(run_examples(ready))
    try:
        services = service_files(find_folder(name, settings.pathways))
    except PathwayError as error:
        problems += error.problems
    else:
        problems += check_services(ready, services)
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        raise Fault(f"{ready.id}: {len(problems)} faults; the pathway is not fit for use")
    click.echo(
        f"{ready.id} {ready.header.version}: {len(ready.rules)} rules, {len(ready.questions)} "
        f"questions, "
        f"{len(ready.interventions)} interventions, {len(ready.cards)} cards, "
        f"{len(ready.examples)} examples hold, texts in {', '.join(ready.header.languages)}"
    )
    click.echo(f"digest {ready.digest}")


@porras.command()
@click.pass_obj
def doctor(settings: Settings) -> None:
    """Look at this workplace: engine, files, disk, terminal, pathways."""
    from tui.doctor import examine

    faults = 0
    for finding in examine(settings):
        click.echo(f"{finding.mark:<8}{finding.name}: {finding.text}")
        faults += finding.mark == "FAULT"
    if faults:
        raise Fault(f"{faults} faults; mend them before real use")


def _pathway(settings: Settings, name: str) -> Any:
    from stepping.problems import PathwayError
    from store.pathway_files import UnknownPathway, load

    try:
        return load(name, settings.pathways)
    except UnknownPathway as error:
        raise click.UsageError(str(error)) from None
    except PathwayError as error:
        raise Fault(f"the pathway {Path(name).name} cannot be used\n{error}") from None


def _language(language: str, offered: tuple[str, ...]) -> str:
    if language not in offered:
        raise click.UsageError(f"the pathway has no {language!r}; it has {', '.join(offered)}")
    return language


def _spoken(language: str) -> str:
    """A language that Porras itself speaks; a pathway may have texts in more."""
    from screens.language import LANGUAGES

    if language not in LANGUAGES:
        raise click.UsageError(
            f"Porras speaks {', '.join(LANGUAGES)}; texts in {language!r} are in --format json only"
        )
    return language
