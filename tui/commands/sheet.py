"""`porras sheet`: a sheet for the hand, as text, HTML or PDF."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from casework.language import LANGUAGES
from casework.workspace import Workspace
from screens.documents.as_pdf import NoPdf
from screens.note.export import describe_access, guarded_folders
from screens.sheets.compose import Sheet, compose_sheet, sheet_names
from screens.sheets.export import (
    FORMATS,
    STANDS,
    SheetFormat,
    check_place,
    write_sheet,
)
from screens.sheets.of_client import sheet_of
from screens.sheets.parts import NoSheet
from store.errors import shown
from store.output import Guarded, Taken, Unwritten
from tui import say
from tui.commands.common import (
    blame_pathway,
    choose_language,
    get_guarded,
    load_pathway,
    refuse_unknown,
    require_spoken,
)
from tui.commands.groups import CommandError
from tui.commands.open_store import FILE, WHO, Caller, find_client, open_workspace, pass_caller
from tui.launch import now
from tui.spoken import said


@click.command()
@click.argument("name")
@click.option("--client", "code", metavar="CODE", help="A client: the store is opened.")
@click.option("--pathway", metavar="P", help="A pathway by its id or folder.")
@click.option("--step", type=click.IntRange(0, 9), help="The step of care of self_care.")
@click.option("--lang", metavar="LANGUAGE", help="fi, sv or en; else the client's, or yours.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "pdf"]),
    default="text",
    help="pdf needs porras[pdf] and --out.",
)
@click.option("--out", metavar="FILE", help="A new file to write it to.")
@WHO
@FILE
@pass_caller
@click.pass_context
def sheet(
    context: click.Context,
    caller: Caller,
    /,
    name: str,
    code: str | None,
    pathway: str | None,
    step: int | None,
    lang: str | None,
    form: SheetFormat,
    out: str | None,
) -> None:
    """Print a sheet for the hand, or write it to a new file.

    NAME is safety_plan, agreed, services_plan, self_care, for_clients, for_managers or form. With
    --client it holds what the client has told; that it was read or written is logged.
    """
    if code is not None and pathway is not None:
        raise click.UsageError(said("--client and --pathway exclude each other"))
    if form == "pdf" and out in {None, "-"}:
        raise click.UsageError(said("--format pdf goes with --out FILE"))
    demo = bool(context.find_root().params.get("demo"))
    wanted = _Wanted(name, lang, form, out, step)
    if code is not None:
        with open_workspace(caller, demo=demo) as workspace:
            _of_client(workspace, code, wanted)
        return
    if demo or caller.who or caller.file:
        raise click.UsageError(said("--demo, --as and --passphrase-file go with --client"))
    _of_nobody(caller, pathway, wanted)


@dataclass(frozen=True)
class _Wanted:
    """What was asked for."""

    name: str
    language: str | None
    form: SheetFormat
    out: str | None
    step: int | None


def _of_client(workspace: Workspace, code: str, wanted: _Wanted) -> None:
    """Write a client's sheet, logged before anything leaves the store."""
    client = find_client(workspace, code)
    _refuse_unknown(workspace, wanted.name)
    spoken = client.language if client.language in LANGUAGES else workspace.language
    language = _language(wanted.language or spoken)
    sheet = sheet_of(workspace, wanted.name, language, client)
    sheet = dataclasses.replace(sheet, step=wanted.step)
    content = _drawn(workspace, sheet, wanted.form)
    log = workspace.store.audit_log
    if wanted.out in {None, "-"}:
        log.log_view(client.id)
        _print(content, wanted.form)
        return
    path = _written(
        workspace,
        wanted,
        content,
        guarded_folders(workspace),
        before=lambda: log.log_export(client.id),
        of_client=sheet.holds_client,
    )
    if sheet.holds_client:
        say.line(f"{shown(path)}: {workspace.t(describe_access(path))}", err=True)


def _of_nobody(caller: Caller, named: str | None, wanted: _Wanted) -> None:
    """Write a sheet that tells of nobody; no store is opened."""
    settings = caller.settings
    workspace = Workspace(
        now,
        pathways=settings.pathways,
        content=settings.chosen,
        language=settings.speaks,
        language_asked=True,
    )
    _refuse_unknown(workspace, wanted.name)
    language = _language(wanted.language or settings.speaks)
    pathway = load_pathway(settings, named) if named else None
    if pathway is None:
        sheet = Sheet(wanted.name, language, step=wanted.step)
        content = _drawn(workspace, sheet, wanted.form)
    else:
        choose_language(language, pathway.header.languages)
        with blame_pathway(pathway):
            sheet = Sheet(wanted.name, language, pathway=pathway, step=wanted.step)
            content = _drawn(workspace, sheet, wanted.form)
    if wanted.out in {None, "-"}:
        _print(content, wanted.form)
        return
    _written(workspace, wanted, content, get_guarded(settings), of_client=False)


def _language(named: str) -> str:
    return require_spoken(choose_language(named, (*LANGUAGES,)))


def _refuse_unknown(workspace: Workspace, name: str) -> None:
    refuse_unknown(said("there is no sheet"), name, sheet_names(workspace))


def _drawn(workspace: Workspace, sheet: Sheet, form: SheetFormat) -> bytes:
    try:
        return FORMATS[form](compose_sheet(workspace, sheet))
    except NoSheet as error:
        raise CommandError(error.sentence) from None
    except NoPdf as error:
        raise CommandError(workspace.t(error.sentence)) from None


def _print(content: bytes, form: SheetFormat) -> None:
    """Print a sheet; a terminal reads its own encoding, HTML says that it is UTF-8."""
    say.document(content.decode(), utf8=form == "html")


def _written(
    workspace: Workspace,
    wanted: _Wanted,
    content: bytes,
    guarded: Guarded,
    *,
    of_client: bool,
    before: Callable[[], object] = lambda: None,
) -> Path:
    out = wanted.out or ""
    try:
        path = check_place(out, guarded, of_client=of_client)
        before()
        write_sheet(path, content, guarded, of_client=of_client)
    except Taken:
        raise CommandError(f"{shown(out)}: {workspace.t(STANDS)}") from None
    except Unwritten as error:
        raise CommandError(f"{shown(out)}: {workspace.t(error.sentence)}") from None
    say.line(workspace.t("{file} is written.", file=shown(out)))
    return path
