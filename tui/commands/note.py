"""`porras note`: the note of an assessment for the patient record, without a screen."""

from __future__ import annotations

from uuid import UUID

import click

from casework.assessment import AssessmentSession
from casework.workspace import Workspace
from screens.export.files import describe_access, find_free_place, guarded_folders, write_file
from screens.note.change_lines import changed_since
from screens.note.compose import compose_note
from screens.note.kinds import NOTE
from screens.note.taken import NoteChange, find_change
from store.errors import UnknownRecord, shown
from store.output import Taken, Unwritten
from store.records import Assessment
from store.times import to_iso_utc
from tui import say
from tui.commands.common import FORMAT, choose_language, require_spoken, risk_as_json, stop_as_json
from tui.commands.groups import CommandError
from tui.commands.open_store import pass_store
from tui.spoken import said


@click.command()
@click.argument("assessment")
@click.option("--lang", metavar="LANGUAGE", help="fi, sv or en; else the assessment's own.")
@click.option("--out", metavar="FILE", help="Write to a file that only you can read; - is stdout.")
@click.option("--force", is_flag=True, help="Let --out write over an earlier note.")
@FORMAT
@pass_store
def note(
    workspace: Workspace,
    /,
    assessment: str,
    lang: str | None,
    out: str | None,
    force: bool,
    form: str,
) -> None:
    """Print an assessment's note for the patient record.

    ASSESSMENT is its id, as porras client lists it, or a client code: then the latest that is
    confirmed, else the latest. That the note was read or written is logged.
    """
    if force and not out:
        raise click.UsageError("--force goes with --out FILE")
    found = _found(workspace, assessment)
    session = AssessmentSession.resume(
        workspace.store, found, workspace.get_pathway(found.pathway_digest)
    )
    language = require_spoken(
        choose_language(lang or found.language, session.pathway.header.languages)
    )
    text = compose_note(workspace, session, language)
    row = workspace.store.decisions.find(found.id)
    change = find_change(workspace, session, row) if row else None
    content = _json(session, language, text, change) if form == "json" else text
    if change is not None and form != "json":
        say.line(f"{found.id}: {changed_since(change, workspace.t)}", err=True)
    if out and out != "-":
        _write(workspace, found, out, content, replace=force)
        return
    workspace.store.audit_log.log_view(found.id)
    say.document(content + "\n", utf8=form == "json")


def _found(workspace: Workspace, named: str) -> Assessment:
    """Return the assessment with an id, or the one that a client's note is of."""
    if _is_id(named):
        return workspace.store.assessments.get(named.lower())
    client = workspace.store.clients.find(named)
    known = workspace.store.assessments.list_of(client.id) if client else []
    confirmed = (each for each in known if each.state == "confirmed")
    found = next(confirmed, None) or next(iter(known), None)
    if found is None:
        raise UnknownRecord
    return found


def _is_id(named: str) -> bool:
    try:
        return str(UUID(named)) == named.lower()
    except ValueError:
        return False


def _json(session: AssessmentSession, language: str, text: str, change: NoteChange | None) -> str:
    answer = {
        "assessment": session.assessment.id,
        "client": session.client.code,
        "language": language,
        "open_stops": _open_stops(session),
        "risk": list(map(risk_as_json, session.store.risk_marks.list_of(session.client.id))),
        "changed_since_taken": _changed(change),
        "lines": text.split("\n"),
        "text": text,
    }
    return say.as_json(answer)


def _changed(change: NoteChange | None) -> dict[str, object] | None:
    """Return since when and in which parts a note is not as it was taken to the record."""
    if change is None:
        return None
    parts = [{"part": e.part, "new": list(e.new), "gone": e.gone} for e in change.parts]
    return {"taken": to_iso_utc(change.taken.at), "by": change.taken.by, "parts": parts}


def _open_stops(session: AssessmentSession) -> list[dict[str, object]]:
    """Return the stops that are open now for the person, in this and in other drafts."""
    stops = session.store.open_stops.list_of(session.client.id)
    return [{**stop_as_json(stop), "assessment": stop.assessment_id} for stop in stops]


def _write(
    workspace: Workspace, found: Assessment, out: str, content: str, *, replace: bool
) -> None:
    """Log first, so that no copy leaves the store unlogged; then write."""
    guarded = guarded_folders(workspace)
    try:
        path = find_free_place(out, guarded, NOTE, replace=replace)
        workspace.store.audit_log.log_export(found.id)
        write_file(path, content, guarded, NOTE, replace=replace)
    except Taken:
        raise CommandError(
            f"{shown(out)}: {said('there is an earlier note already; --force writes over it')}"
        ) from None
    except Unwritten as error:
        raise CommandError(f"{shown(out)}: {workspace.t(error.sentence)}") from None
    say.line(f"{shown(out)}: {workspace.t(describe_access(path))}", err=True)
