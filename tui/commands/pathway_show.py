"""`porras pathway show`: a pathway to read, to sign, or to print as a form."""

from __future__ import annotations

from typing import Literal

import click

from screens.pathway.whole import FORMATS, review, review_of_rule
from tui import say
from tui.commands.common import (
    blame_pathway,
    choose_language,
    load_pathway,
    refuse_unknown,
    require_spoken,
)
from tui.settings import Settings
from tui.spoken import said


@click.command()
@click.argument("name", metavar="PATHWAY")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "markdown", "html"]),
    default="table",
    help="Plain text of 78 columns, or a whole document.",
)
@click.option(
    "--part",
    type=click.Choice(["rules", "form", "all"]),
    help="The rules, the questions as a form, or both (a table: rules, a document: all).",
)
@click.option("--rule", metavar="ID", help="One rule only.")
@click.option("--lang", metavar="LANGUAGE", help="fi, sv or en.")
@click.pass_obj
def show(
    settings: Settings,
    name: str,
    form: Literal["table", "markdown", "html"],
    part: Literal["rules", "form", "all"] | None,
    rule: str | None,
    lang: str | None,
) -> None:
    """Show a pathway: rules in words, sources, cards, the form, a place to sign."""
    ready = load_pathway(settings, name)
    offered = ready.header.languages
    language = require_spoken(choose_language(lang or settings.speaks_among(offered), offered))
    if rule is not None and part is not None:
        raise click.UsageError("--rule shows one rule and goes with no --part")
    with blame_pathway(ready):
        if rule is not None:
            what = said("{pathway} has no rule").format(pathway=ready.id)
            refuse_unknown(what, rule, (each.id for each in ready.rules))
            document = review_of_rule(ready, language, rule)
        else:
            document = review(ready, language, part or ("rules" if form == "table" else "all"))
        text = FORMATS[form](document)
    # A terminal reads its own encoding; a document says that it is UTF-8.
    say.document(text, utf8=form != "table")
