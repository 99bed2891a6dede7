"""`porras class end`: nobody joins the class any more."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from store.times import to_iso_utc, utc_now
from store.training.class_writing import change_class
from tui import say
from tui.commands.class_places import FOLDER, find_class, t_of
from tui.commands.groups import CommandError
from tui.settings import Settings
from tui.spoken import said


@click.command()
@click.argument("name", metavar="NAME")
@click.option("--yes", is_flag=True, help="Do not ask.")
@FOLDER
@click.pass_obj
def end(settings: Settings, name: str, yes: bool, folder: Path | None) -> None:
    """End a class; nobody joins it any more, and what was done in it stays.

    Files of its seats can be collected afterwards too.
    """
    t = t_of(settings)
    found = find_class(settings, name, folder)
    if found.record.ended:
        say.line(
            t(
                "The class {name} ended {when}.",
                name=name,
                when=t.moment(datetime.fromisoformat(found.record.ended)),
            )
        )
        return
    if not yes and not _asked(t("End the class {name}? Nobody joins it any more.", name=name)):
        say.line(t("Nothing was changed."))
        return
    change_class(found.folder, found.record.model_copy(update={"ended": to_iso_utc(utc_now())}))
    say.line(t("The class {name} has ended. What was done in it stays.", name=name))


def _asked(question: str) -> bool:
    if not say.is_answered_by_a_person():
        raise CommandError(said("nobody is there to be asked; add --yes"))
    return click.confirm(question, default=False, err=True)
