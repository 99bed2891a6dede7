"""`porras access`: everything that is held on a client, in a file to be handed out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from casework.assessment import AssessmentSession
from casework.language import N_
from casework.workspace import Workspace
from screens.export.files import (
    describe_access,
    find_free_place,
    guarded_folders,
    write_file,
)
from screens.note.compose import compose_note
from screens.note.kinds import ACCESS, HELD
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.told_totals import list_tellable
from store.codes import show
from store.errors import shown
from store.output import Taken, Unwritten
from store.records import Client
from store.retention.subject_access import Held, gather_records
from tui import say
from tui.commands.common import FORMAT
from tui.commands.groups import CommandError
from tui.commands.open_store import find_client, pass_store
from tui.commands.text import labelled_lines

_HEADINGS: Mapping[str, str] = {
    "clients": N_("Client"),
    "client_units": N_("Units of care"),
    "assessments": N_("Assessments"),
    "answers": N_("Answers, with those that were corrected"),
    "notes": N_("Remarks"),
    "safety": N_("Safety steps"),
    "decisions": N_("Decisions"),
    "closings": N_("Assessments that ended without a step"),
    "taken": N_("Notes taken to the patient record"),
    "episodes": N_("Episodes of care"),
    "episode_events": N_("What happened in the episodes"),
    "episode_assessments": N_("Assessments of the episodes"),
    "worklist": N_("What waits"),
    "drafts": N_("Drafts"),
}
"""The tables in the order in which a reader needs them; others follow under their own names."""


@click.command()
@click.argument("code")
@click.option("--out", metavar="FILE", required=True, help="A new file; only you can read it.")
@FORMAT
@pass_store
def access(workspace: Workspace, /, code: str, out: str, form: str) -> None:
    """Write all that is held on a client to a file: every table, and who has used it.

    CODE is the client's code. A client has a right to this (GDPR article 15). That it was handed
    out is logged. Text tells each note as it goes into the patient record; JSON holds every column
    as it is stored.
    """
    client = find_client(workspace, code)
    guarded = guarded_folders(workspace)
    try:
        path = find_free_place(out, guarded, ACCESS)
        held = gather_records(workspace.store, client.id)
        content = (
            _json(client, held) if form == "json" else "\n".join(_text(workspace, client, held))
        )
        write_file(path, content, guarded, ACCESS, replace=False)
    except Taken:
        raise CommandError(workspace.t("{name} exists already", name=out)) from None
    except Unwritten as error:
        raise CommandError(f"{shown(out)}: {workspace.t(error.sentence)}") from None
    say.line(f"{shown(out)}: {workspace.t(describe_access(path))}", err=True)


def _json(client: Client, held: Held) -> str:
    answer = {
        "client": client.code,
        "as_of": held.at.isoformat(),
        "tables": held.tables,
        "log": [{**entry._asdict(), "at": entry.at.isoformat()} for entry in held.log],
    }
    return say.as_json(answer)


# -- as text ------------------------------------------------------------------------------------


def _text(workspace: Workspace, client: Client, held: Held) -> Iterator[str]:
    t = workspace.t
    yield t(HELD, code=show(client.code))
    yield t.moment(held.at)
    order = [*_HEADINGS, *sorted(held.tables.keys() - _HEADINGS.keys())]
    for table in (name for name in order if name in held.tables):
        yield ""
        yield t(_HEADINGS[table]) if table in _HEADINGS else table
        for row in held.tables[table]:
            yield from labelled_lines("  - ", _row(workspace, table, row, held))
    for assessment in held.tables.get("decisions", ()):
        yield ""
        yield _note(workspace, assessment["assessment_id"])
    yield ""
    yield t("Who has used these data")
    for entry in held.log:
        use = f"{entry.actor} {t(entry.sentence)}"
        yield from labelled_lines(f"  {t.moment(entry.at)}  ", use)


def _row(workspace: Workspace, table: str, row: Mapping[str, Any], held: Held) -> str:
    """Return a row as names and values; the whole decision is told by its note."""
    filled = {name: value for name, value in row.items() if value is not None}
    if table == "decisions":
        del filled["decision"]
    words = _asked(workspace, row, held) if table == "answers" else ""
    parts = [f"{name}: {_value(value)}" for name, value in filled.items()]
    return " · ".join([words, *parts] if words else parts)


def _value(value: Any) -> str:
    return value if isinstance(value, str) else say.as_json(value, one_line=True)


def _asked(workspace: Workspace, row: Mapping[str, Any], held: Held) -> str:
    """Return the question and the answer in words, where the pathway's text can still be read."""
    (digest,) = (
        each["pathway_digest"]
        for each in held.tables["assessments"]
        if each["id"] == row["assessment_id"]
    )
    try:
        pathway = workspace.get_pathway(digest)
    except PathwayError:
        return ""
    spoken = pathway.header.languages
    language = workspace.language if workspace.language in spoken else spoken[0]
    question = pathway.questions.get(row["question"])
    if question is None:
        total = list_tellable(pathway).get(row["question"])
        name = pathway.facts[total.id].label[language] if total else ""
        told = N_("{total}: of the items that were not asked one by one")
        return str(workspace.t(told, total=name)) if name else ""
    labels = {option.id: option.label[language] for option in question.options}
    answer = labels.get(_value(row["value"]), "") if row["value"] is not None else ""
    return " ".join(part for part in (question.text[language], answer) if part)


def _note(workspace: Workspace, assessment_id: str) -> str:
    found = workspace.store.assessments.get(assessment_id)
    try:
        session = AssessmentSession.resume(
            workspace.store, found, workspace.get_pathway(found.pathway_digest)
        )
        return compose_note(workspace, session, workspace.language)
    except PathwayError:  # then the tables alone tell it
        return assessment_id
