"""What has changed in a note since it was taken to the patient record.

Only digests of its texts are kept, by parts, with the language and the version of Porras that
composed it: enough to tell what is new, and that something is gone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from casework.assessment import AssessmentSession, stored_decision
from casework.workspace import Workspace
from screens.note.compose import RecordNote, build_note
from store.records import Assessment, StoredDecision
from store.retention.retention import Transfer, last_transfer, transfer_of, written_by

_LENGTH = 16
"""Hexadecimal digits of a digest: two texts of one note never have the same by chance."""


@dataclass(frozen=True)
class PartChange:
    """What one part of a note says that it did not say before."""

    part: str
    """Its heading as a message id; empty for what stands before and after the parts."""
    new: tuple[str, ...]
    gone: int
    """How many texts are there no more, or read otherwise now."""


@dataclass(frozen=True)
class NoteChange:
    """Since when a note in the record is not as it was taken there, and in what."""

    taken: Transfer
    parts: tuple[PartChange, ...] = ()
    """Empty where nobody kept what it was like; it has changed all the same."""
    updated: bool = False
    """Whether another version of Porras composed it, so that some may be wording alone."""


def summarize(note: RecordNote) -> str:
    """Return what a note is like, as JSON without any of its words."""
    parts = {part: [*map(_digest, texts)] for part, texts in _by_part(note).items()}
    kept = {"language": note.language, "by": written_by(), "parts": parts}
    return json.dumps(kept, sort_keys=True)


def find_change(
    workspace: Workspace, session: AssessmentSession, row: StoredDecision
) -> NoteChange | None:
    """Return how the note of a confirmed assessment differs from what was taken, if it does.

    Of a note that was taken before such things were kept, only a later safety step, a later entry
    of its episode and a move to another client are known.

    Raises:
        StoreError: If the store does not tell.
    """
    last = last_transfer(workspace.store, session.assessment.id)
    return _change_since(last, workspace, session, row) if last else None


def _change_since(
    last: Transfer, workspace: Workspace, session: AssessmentSession, row: StoredDecision
) -> NoteChange | None:
    """Return how a note differs from what was taken last, if it does."""
    stands = transfer_of(workspace.store, session.assessment.id) is not None
    if last.note is None:
        return None if stands else NoteChange(last)
    kept = json.loads(last.note)
    note = build_note(workspace, session, stored_decision(row), row, kept["language"])
    found = tuple(list_changes(note, last.note))
    if not found and stands:
        return None
    return NoteChange(last, found, bool(found) and kept["by"] != written_by())


def change_of(workspace: Workspace, assessment: Assessment) -> NoteChange | None:
    """Return the same of an assessment that is not open.

    Raises:
        PathwayError: If its pathway can no longer be read.
        StoreError: If the store does not tell.
    """
    store = workspace.store
    row = store.decisions.find(assessment.id)
    last = last_transfer(store, assessment.id) if row else None
    if row is None or last is None:
        return None
    pathway = workspace.get_pathway(assessment.pathway_digest)
    session = AssessmentSession.resume(store, assessment, pathway)
    return _change_since(last, workspace, session, row)


def list_changes(note: RecordNote, summary: str) -> Iterator[PartChange]:
    """Yield each part in which texts have come or gone since a summary, in the order of the note.

    Once a later measurement has followed, its own note tells what is no longer told here.
    """
    kept: dict[str, list[str]] = json.loads(summary)["parts"]
    past = note.summary is not None and note.summary.past
    now = _by_part(note)
    for part in [*now, *(part for part in kept if part not in now)]:
        left = Counter(kept.get(part, []))
        new = [text for text in now.get(part, ()) if not _taken_from(left, _digest(text))]
        gone = left.total()
        if new or (gone and not past):
            yield PartChange(part, tuple(new), gone)


def _by_part(note: RecordNote) -> dict[str, list[str]]:
    """Return the texts of a note by its parts, in its order; beginning and end are one part."""
    parts: dict[str, list[str]] = {}
    for section in note.sections:
        parts.setdefault(section.part, []).extend(section.texts)
    return parts


def _taken_from(left: Counter[str], digest: str) -> bool:
    """Strike one text out of those that are left to find; false if it is not among them."""
    found = left[digest] > 0
    if found:
        left[digest] -= 1
    return found


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:_LENGTH]
