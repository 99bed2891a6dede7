"""`porras pathway`: list, show and check the pathways that clinicians own."""

from __future__ import annotations

import click

from tui.loading import Fault, language_of, load_pathway, spoken
from tui.settings import Settings


@click.group()
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

    ready = load_pathway(settings, name)
    language = spoken(language_of(lang or settings.speaks, ready.header.languages))
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

    ready = load_pathway(settings, name)
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
