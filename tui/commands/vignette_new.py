"""`porras vignette new`: the draft of a case, to be filled with words and answers."""

from __future__ import annotations

from pathlib import Path

import click

from stepping.finland import finnish_day
from stepping.json_schema import schema_files
from stepping.training.draft import NoExample, fill_template
from store.errors import shown
from store.pathway_files.new_pathway import CannotMake
from store.pathway_files.new_vignette import (
    SCHEMA_FILE,
    VIGNETTE_TEMPLATE,
    check_id,
    write_vignette,
)
from store.pathway_files.vignettes import own_folder, vignette_files
from store.times import utc_now
from tui import say
from tui.commands.common import get_guarded, load_pathway
from tui.commands.groups import CommandError
from tui.settings import Settings
from tui.spoken import said


@click.command()
@click.argument("id_", metavar="ID")
@click.option(
    "--pathway",
    "name",
    metavar="PATHWAY",
    required=True,
    help="The pathway that assesses the person.",
)
@click.option(
    "--out",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Your folder of cases; left out: --vignettes, or the one beside your pathways.",
)
@click.pass_obj
def new(settings: Settings, id_: str, name: str, folder: Path | None) -> None:
    """Begin a case of your own: a small draft in three languages, with remarks.

    It overwrites nothing. Its answers are those of an example of the pathway, so that it passes
    the check at once; what it tells and what it teaches is for you to write.
    """
    used = own_folder(settings.pathways, settings.vignettes)
    if (wanted := folder or used) is None:
        raise CommandError(
            said("name a folder of your own for your cases: --out DIR, or --vignettes for good")
        )
    pathway = load_pathway(settings, name)
    try:
        check_id(id_)
        template = VIGNETTE_TEMPLATE.read_text("utf-8")
        text = fill_template(template, id_, pathway, finnish_day(utc_now()).isoformat())
        path = write_vignette(wanted, id_, text, schema_files()[SCHEMA_FILE], get_guarded(settings))
    except CannotMake as error:
        raise CommandError(f"{said('no case was made')}\n{error}") from None
    except NoExample:
        told = said("no example of {pathway} ends in a step; write one in examples.toml first")
        raise CommandError(told.format(pathway=pathway.id)) from None
    say.line(said("{id}: a draft is in {file}").format(id=id_, file=shown(path)))
    if id_ in vignette_files():
        say.line(said("It stands in the place of the case of that name that came with Porras"))
    then = said("Change its words and answers, then: porras vignette check {file}")
    say.line(then.format(file=shown(path)))
    if wanted != used:
        then = said("To practise with it: porras --vignettes {folder} train")
        say.line(then.format(folder=shown(wanted)))
