"""`porras content back`: brings the content into use again that was in use before."""

from __future__ import annotations

import click

from store.content.chosen import OURS
from store.content.places import read_record
from store.content.receiving import alone, go_back
from tui import say
from tui.commands.content_common import place_of, t_of
from tui.settings import Settings


@click.command()
@click.option("--ours", is_flag=True, help="Go back to the pathways that come with Porras.")
@click.pass_obj
def back(settings: Settings, ours: bool) -> None:
    """Bring the content into use again that was in use before.

    Drafts go on with the texts that they began with. The other content stays, to be installed anew.
    """
    t, place = t_of(settings), place_of(settings)
    with alone(place):
        number = go_back(place, ours=ours)
    if number == OURS:
        say.line(t("In use from the next start: the pathways that come with Porras."))
        return
    title = read_record(place / number).title
    say.line(t("In use from the next start: {title}, number {number}.", title=title, number=number))
