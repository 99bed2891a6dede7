"""`porras sheet`: a sheet for the hand, as text, HTML or PDF."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import click

from casework.language import LANGUAGES
from casework.workspace import Workspace
from screens.documents.as_pdf import NoPdf
from screens.export.files import describe_access, find_place, guarded_folders
from screens.sheets.compose import Sheet, compose_sheet, sheet_names
from screens.sheets.export import FORMATS, SheetFormat, kind_of
from screens.sheets.of_client import sheet_of
from screens.sheets.parts import NoSheet
from store.errors import shown
from store.output import Guarded, Unwritten, write_file
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
    guarded = guarded_folders(workspace)
    _write(workspace, sheet, wanted.out or "", content, guarded, lambda: log.log_export(client.id))


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
    _write(workspace, sheet, wanted.out or "", content, get_guarded(settings))


def _language(named: str) -> str:
    return require_spoken(choose_language(named, (*LANGUAGES,)))


def _refuse_unknown(workspace: Workspace, name: str) -> None:
    refuse_unknown(said("there is no sheet"), name, sheet_names(workspace))


def _drawn(workspace: Workspace, sheet: Sheet, form: SheetFormat) -> bytes:
    try:
        return FORMATS[form](compose_sheet(workspace, sheet))
    except NoSheet as error:
        raise CommandError(error.told(workspace.t)) from None
    except NoPdf as error:
        raise CommandError(workspace.t(error.sentence)) from None


def _print(content: bytes, form: SheetFormat) -> None:
    """Print a sheet; a terminal reads its own encoding, HTML says that it is UTF-8."""
    say.document(content.decode(), utf8=form == "html")


def _write(
    workspace: Workspace,
    sheet: Sheet,
    out: str,
    content: bytes,
    guarded: Guarded,
    log: Callable[[], object] = lambda: None,
) -> None:
    """Log first, so that no copy leaves the store unlogged; then write a new file."""
    try:
        path = find_place(out, guarded, kind_of(sheet)).path
        log()
        write_file(path, content, kind_of(sheet), guarded, replace=False)
    except Unwritten as error:
        raise CommandError(f"{shown(out)}: {workspace.t(error.sentence)}") from None
    say.line(workspace.t("{file} is written.", file=shown(out)))
    if sheet.holds_client:
        say.line(f"{shown(out)}: {workspace.t(describe_access(path))}", err=True)
