"""Says in short how a note differs from what was taken to the patient record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from rich.cells import cell_len

from casework.language import N_, Speech
from casework.workspace import Workspace
from screens.base.lines import Line, paragraph, plain, wrap
from screens.note.taken import NoteChange, change_of
from stepping.pathway.diagnostics import PathwayError
from store.records import Assessment
from store.times import local_time

_SHOWN = 2
"""Texts of a part that are shown, each in a row: the whole note stands below them."""
_UPDATED = N_("Porras was updated since, so some of it may be wording alone.")
_ELSEWHERE = N_("Beginning and end")


def change_lines(change: NoteChange, t: Speech, width: int) -> list[Line]:
    """Return the lines that stand over a note which is not as it was taken."""
    rows = [plain(f"  {_short(text, width - 2)}") for text in change_words(change, t)]
    head = paragraph(f"! {changed_since(change, t)}", width, hanging=2, look="warning")
    if change.updated:
        head += paragraph(t(_UPDATED), width, indent=2)
    return [*head, *rows, ()]


def say_changed(workspace: Workspace, assessment: Assessment) -> str:
    """Say that the note of an assessment is not as it was taken; nothing where it is, or never was.

    Nothing is said either of one whose pathway can no longer be read: its note cannot be told.

    Raises:
        StoreError: If the store does not tell.
    """
    with suppress(PathwayError):
        change = change_of(workspace, assessment)
        return f"! {note_changed(change, workspace.t)}" if change else ""
    return ""


def note_changed(change: NoteChange, t: Speech) -> str:
    """Say of a note that is not shown that it has changed."""
    return t("Note changed since it was taken on {day}", day=local_time(change.taken.at).date())


def changed_since(change: NoteChange, t: Speech) -> str:
    """Say since when the note in the patient record is not as the note is now."""
    day = local_time(change.taken.at).date()
    return t(
        "Changed since it was taken to the record on {day} ({who}).", day=day, who=change.taken.by
    )


def change_words(change: NoteChange, t: Speech) -> Iterator[str]:
    """Yield by the part of the note what is new in it, the first texts of it, and what has gone."""
    for part in change.parts:
        name = t(part.part or _ELSEWHERE)
        for text in part.new[:_SHOWN]:
            yield t("{part}, new: {text}", part=name, text=" ".join(text.split()))
        if (more := len(part.new) - _SHOWN) > 0:
            yield t.many(
                "{part}: {count} more text is new",
                "{part}: {count} more texts are new",
                more,
                part=name,
            )
        if (gone := part.gone - len(part.new)) > 0:
            yield t.many(
                "{part}: {count} text is there no more",
                "{part}: {count} texts are there no more",
                gone,
                part=name,
            )


def _short(text: str, width: int) -> str:
    """Return a text in one row."""
    if cell_len(text) <= width:
        return text
    return wrap(text, width - 2)[0] + " …"
