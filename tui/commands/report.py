"""`porras report`: sums of what was done, on the terminal or as a file."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import click

from casework.reports.areas import employment_areas
from casework.reports.making import make_report
from casework.reports.targets import site_targets
from casework.workspace import Workspace
from screens.base.lines import wrap
from screens.export.files import guarded_folders
from screens.reports import body
from screens.reports.forms import ANY, FORMS
from screens.reports.group_words import names_here
from screens.reports.words import Names, made_words, only_on_screen
from stepping.finland import finnish_day
from stepping.pathway.diagnostics import PathwayError
from stepping.reports.catalogue import (
    UnknownReport,
    find_breakdown,
    find_report,
)
from stepping.reports.evaluate import NotOver, OnlyOnScreen
from stepping.reports.model import Scope
from stepping.reports.periods import (
    LONGEST_YEARS,
    InTheFuture,
    NotAPeriod,
    Period,
    Reversed,
    TooLong,
    newest_whole,
)
from stepping.reports.periods import read_period as read_typed
from stepping.reports.table import Table
from stepping.reports.targets import Targets, read_targets
from store.errors import shown
from store.output import Unwritten, find_target, write_file
from tui import say
from tui.commands.common import InputFile
from tui.commands.groups import CommandError
from tui.commands.open_store import pass_store
from tui.spoken import said

_FORMS = ("text", *FORMS)
_BYTES = ("xlsx", "table")
"""Forms that no terminal can show."""
_SUFFIXES = {"text": ".txt", **{name: f".{form.ending}" for name, form in FORMS.items()}}
"""How a file of each form ends, where its name says one."""
_WIDTH, _LONG = 78, 100_000
_LARGEST_TARGETS = 1_000_000


@click.command()
@click.argument("name")
@click.option("--by", metavar="WHAT", help="What it is told by: unit, method, month …")
@click.option(
    "--period", metavar="PERIOD", help="2026-11, 2026-Q3, 2026-T2 (four months), 2026, A..B."
)
@click.option(
    "--of",
    "scope",
    type=click.Choice(("unit", "all")),
    help="Whose rows are counted: your unit's, or those of all units.",
)
@click.option("--format", "form", type=click.Choice(_FORMS), default="text")
@click.option("--targets", type=InputFile(), metavar="FILE", help="Targets, to stand beside.")
@click.option("--out", metavar="FILE", help="A new file to write it to.")
@pass_store
def report(
    workspace: Workspace,
    /,
    name: str,
    by: str | None,
    period: str | None,
    scope: Scope | None,
    form: str,
    targets: BinaryIO | None,
    out: str | None,
) -> None:
    """Print a report: sums that name nobody, beside the same period a year before.

    NAME is methods, onward, satisfaction, change, access, multi_support, contacts, overrides,
    stops, mini_intervention, work_ability, caseload or pathway. Without --period it is the last
    quarter that is over. A lead counts her own unit, the role report all units. Every form but text
    on the terminal leaves out what few persons stand behind, and what would tell of them; so does
    text of all units. That it was asked for is logged.
    """
    out = None if out == "-" else out
    if form in _BYTES and out is None:
        raise click.UsageError(said("this form needs --out FILE"))
    _refuse_suffix(out, form)
    today = finnish_day(workspace.store.clock())
    asked = _period(period, workspace) if period else newest_whole("quarter", today)
    kept = out is not None or form != "text" or not say.is_read_by_a_person()
    try:
        chosen = find_report(name)
        breakdown = find_breakdown(chosen, by) if by else None
        if out is not None:
            find_target(Path(out), ANY, guarded_folders(workspace))
        table = make_report(
            workspace.store,
            chosen,
            breakdown,
            asked,
            scope=scope,
            areas=employment_areas(workspace, breakdown),
            targets=_targets(targets, workspace),
            for_file=kept,
        )
        _hand_over(_drawn(table, form, workspace), out, workspace)
    except UnknownReport as error:
        raise click.UsageError(_unknown(error)) from None
    except (NotOver, OnlyOnScreen) as error:
        raise CommandError(_no_file(error, workspace)) from None
    except Unwritten as error:
        raise CommandError(f"{shown(out or '')}: {workspace.t(error.sentence)}") from None


def _refuse_suffix(out: str | None, form: str) -> None:
    """Refuse a name that says another form than the one that is written.

    Raises:
        click.UsageError: With both.
    """
    suffix = Path(out or "").suffix.lower()
    if suffix in _SUFFIXES.values() and suffix != _SUFFIXES[form]:
        told = said("the file ends in {suffix}, and --format {form} writes {other}")
        raise click.UsageError(told.format(suffix=suffix, form=form, other=_SUFFIXES[form]))


def _hand_over(content: bytes, out: str | None, workspace: Workspace) -> None:
    """Print a report, or write it to a new file.

    Raises:
        Unwritten: If the file cannot be written.
    """
    if out is None:
        say.line(content.decode().rstrip("\n"))
        return
    write_file(Path(out), content, ANY, guarded_folders(workspace), replace=False)
    say.line(workspace.t("{file} is written.", file=shown(out)), err=True)


def _no_file(error: NotOver | OnlyOnScreen, workspace: Workspace) -> str:
    """Return why nothing may leave the house of what was asked."""
    if isinstance(error, OnlyOnScreen):
        return only_on_screen(error.scope, workspace.t)
    return workspace.t(
        "A file is made of periods that are over. The last one is {period}.", period=error.newest
    )


def _unknown(error: UnknownReport) -> str:
    near = said("did you mean {name}?").format(name=repr(error.near)) if error.near else ""
    there = said("there is {known}").format(known=", ".join(error.known))
    return f"{error.name!r}: {near or there}"


def _period(typed: str, workspace: Workspace) -> Period:
    """Return the period that was typed.

    Raises:
        click.UsageError: With the nearest one, if it is none.
    """
    try:
        return read_typed(typed, finnish_day(workspace.store.clock()))
    except TooLong as error:
        told = workspace.t(
            "A period has at most {count} years. Nothing was counted. Ask for {period}.",
            count=LONGEST_YEARS,
            period=error.hint,
        )
        raise click.UsageError(told) from None
    except NotAPeriod as error:
        why = {
            Reversed: said("the period ends before it begins"),
            InTheFuture: said("the period has not begun, or ends in the future"),
        }.get(type(error), said("that is no period"))
        near = said("did you mean {name}?").format(name=repr(error.hint))
        raise click.UsageError(f"--period {typed!r}: {why}; {near}") from None


def _targets(file: BinaryIO | None, workspace: Workspace) -> Targets:
    """Return the targets of a file, or without one those of the site.

    Raises:
        CommandError: With every fault by its line.
    """
    if file is None:
        targets, faults = site_targets(workspace)
        if faults:
            raise CommandError(faults)
        return targets
    content = file.read(_LARGEST_TARGETS + 1)
    if len(content) > _LARGEST_TARGETS:
        raise CommandError(f"--targets: {said('larger than a million bytes')}")
    try:
        return read_targets(content.decode(), "--targets")
    except UnicodeDecodeError:
        raise CommandError(f"--targets: {said('not readable as text in UTF-8')}") from None
    except PathwayError as error:
        raise CommandError(str(error)) from None


def _drawn(table: Table, form: str, workspace: Workspace) -> bytes:
    """Return a report in one of its forms."""
    t = workspace.t
    names = names_here(workspace)
    if form == "text":
        return _text(table, names, workspace)
    return FORMS[form].write(table, names, t)


def _text(table: Table, names: Names, workspace: Workspace) -> bytes:
    t = workspace.t
    (page,) = body.pages(table, names, t, _WIDTH, _LONG)
    rows = ["".join(text for text, _ in line).rstrip() for line in page]
    return ("\n".join([*rows, "", *wrap(made_words(table, t), _WIDTH)]) + "\n").encode()
