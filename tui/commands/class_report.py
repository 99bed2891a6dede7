"""`porras class report`: what a class shows, as a file to keep, without names."""

from __future__ import annotations

from html import escape
from io import StringIO
from pathlib import Path
from typing import Literal, TypeAlias

import click

from casework.training.class_results import ClassResults, read_results
from casework.training.classroom import Classroom
from casework.training.opening import load_used
from screens.documents.as_html import as_html
from screens.documents.as_text import as_text
from screens.training.seat_faults import told_faults
from screens.training.trainer.report import COLUMNS, class_report, class_rows
from stepping.spreadsheet import write_rows
from store.errors import shown
from store.output import Kind, Unwritten, write_file
from tui import say
from tui.commands.class_places import FOLDER, find_class, t_of
from tui.commands.common import get_guarded
from tui.commands.groups import CommandError
from tui.settings import Settings

Form: TypeAlias = Literal["text", "html", "csv"]


@click.command("report")
@click.argument("name", metavar="NAME")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "csv"]),
    default="text",
    help="Plain text of 78 columns, a page to print on A4, or rows for a spreadsheet.",
)
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write it to this file instead of printing it.",
)
@click.option("--seats", is_flag=True, help="With the words of the seats; else nobody is told of.")
@FOLDER
@click.pass_obj
def report_(
    settings: Settings, name: str, form: Form, out: Path | None, seats: bool, folder: Path | None
) -> None:
    """Write what a class shows: steps, shares, agreement, missed stops, what to talk about.

    It holds no names, and the same class gives the same file. It is for talking: nobody is ranked.
    """
    t, found = t_of(settings), find_class(settings, name, folder)
    results = read_results(Classroom(found.folder, load_used(settings.pathways)))
    for told in told_faults(results.seats, results.early, t):
        say.line(f"porras: {told}", err=True)
    text, mark = _drawn(results, settings.speaks, form, seats=seats)
    if out is None:
        say.document(text, utf8=form != "text")
        return
    kind = Kind(lambda begin: mark.encode() in begin, private=False)
    try:
        write_file(out, text.encode(), kind, get_guarded(settings), replace=True)
    except Unwritten as error:
        raise CommandError(f"{shown(out)}: {t(error.sentence)}") from None
    say.line(t("The report of the class {name} is in {path}.", name=found.record.name, path=out))


def _drawn(results: ClassResults, language: str, form: Form, *, seats: bool) -> tuple[str, str]:
    """Return a report, and what stands near the beginning of an earlier one of this class."""
    if form == "csv":
        target = StringIO()
        write_rows(target, class_rows(results, language, seats=seats))
        return target.getvalue(), ",".join(map(str, COLUMNS))
    document = class_report(results, language, seats=seats)
    if form == "html":
        return as_html(document), f"<title>{escape(document.title)}</title>"
    return as_text(document), f"{document.title}\n="
