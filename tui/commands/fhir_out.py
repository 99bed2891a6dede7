"""`porras fhir out`: an assessment or an episode of care as a FHIR R4 Bundle."""

from __future__ import annotations

import click

from casework.assessment import AssessmentSession
from casework.episode import EpisodeSession
from casework.workspace import Workspace
from screens.documents.fhir_words import form_words
from screens.export.client_record import Wanted, record_of_assessment, record_of_episode
from screens.export.files import describe_access, find_free_place, guarded_folders
from stepping.interchange.record import ClientRecord
from stepping.pathway.diagnostics import PathwayError
from store import output
from store.errors import UnknownRecord, shown
from store.output import Kind, Taken, Unwritten
from store.pathway_files.forms import load_codes
from store.records import Assessment
from tui import say
from tui.commands.groups import CommandError
from tui.commands.open_store import pass_store
from tui.spoken import said

_RECORD = Kind(lambda beginning: beginning.startswith(b'{\n "resourceType": "Bundle",'))


@click.command()
@click.argument("named", metavar="ASSESSMENT|EPISODE")
@click.option("--out", metavar="FILE", required=True, help="A file that only you can read.")
@click.option("--force", is_flag=True, help="Let --out write over an earlier such file.")
@click.option("--words", is_flag=True, help="With what was written in words, which may tell more.")
@pass_store
def out(workspace: Workspace, /, named: str, out: str, force: bool, words: bool) -> None:
    """Write an assessment or an episode of care for other programs, as a FHIR R4 Bundle.

    The id is that of porras client --format json. The client is known by the client code alone; no
    name and no identity code is in it. That it was written is logged.
    """
    try:
        subject, record = _found(workspace, named.lower(), Wanted(load_codes(), form_words, words))
    except PathwayError as error:
        raise CommandError(str(error)) from None
    guarded = guarded_folders(workspace)
    try:
        path = find_free_place(out, guarded, _RECORD, replace=force)
        content = record.to_bytes()
        workspace.store.audit_log.log_export(subject)
        output.write_file(path, content, _RECORD, guarded, replace=force)
    except Taken:
        there = said("there is an earlier file of this kind already; --force writes over it")
        raise CommandError(f"{shown(out)}: {there}") from None
    except Unwritten as error:
        raise CommandError(f"{shown(out)}: {workspace.t(error.sentence)}") from None
    say.line(f"{shown(out)}: {workspace.t(describe_access(path))}", err=True)


def _found(workspace: Workspace, named: str, wanted: Wanted) -> tuple[str, ClientRecord]:
    """Return what the id names, and what a file of it tells.

    Raises:
        UnknownRecord: If neither an assessment nor an episode has the id.
        CommandError: If it counts nowhere.
    """
    store = workspace.store
    try:
        found: Assessment = store.assessments.get(named)
    except UnknownRecord:
        record, _ = store.episodes.get(named)
        client = store.clients.get(record.client_id)
        care = EpisodeSession.load(workspace, client, record.id)
        return record.id, record_of_episode(workspace, care, wanted)
    if found.wrong_client:
        raise CommandError(said("the assessment is marked as another client's: it is not written"))
    pathway = workspace.get_pathway(found.pathway_digest)
    session = AssessmentSession.resume(store, found, pathway)
    return found.id, record_of_assessment(workspace, session, wanted)
