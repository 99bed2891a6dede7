"""What the commands say of what is due, what is kept and what was deleted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from casework.workspace import Workspace
from stepping.finland import finnish_day
from store.backup.inventory import Copies, find_copies
from store.codes import show
from store.retention.erasure import Purge
from store.retention.retention import WHY, Bundle
from tui import say


def foreseen(bundles: Sequence[Bundle]) -> dict[str, Any]:
    """Return what is due and what is kept, for other programs."""
    rows = [
        {
            "client": each.client,
            "episode": each.episode_id,
            "assessments": list(each.assessments),
            "why": each.why,
            "until": each.until.isoformat(),
        }
        for each in bundles
    ]
    return {
        "due": [each for each in rows if each["why"] is None],
        "kept": [each for each in rows if each["why"] is not None],
    }


def foretell(workspace: Workspace, bundles: Sequence[Bundle]) -> Iterator[str]:
    """Yield what is due and what is kept, a line for each client."""
    for each in bundles:
        count = workspace.t.many("{count} assessment", "{count} assessments", len(each.assessments))
        yield f"{show(each.client)}  {count}: {_why(workspace, each)}"
    due = sum(len(each.assessments) for each in bundles if each.why is None)
    yield workspace.t.many("{count} assessment is due.", "{count} assessments are due.", due)


def _why(workspace: Workspace, each: Bundle) -> str:
    """Return which rule keeps something, if one does."""
    if each.why is None:
        return workspace.t("due")
    return workspace.t(WHY[each.why], day=finnish_day(each.until))


def reasons(workspace: Workspace, kept: Sequence[Bundle]) -> Iterator[str]:
    """Yield how much each rule keeps, and until when at most."""
    last = {each.why: each for each in sorted(kept, key=lambda each: each.until)}
    counts = Counter(each.why for each in kept)
    for why, each in last.items():
        yield f"{counts[why]} × {_why(workspace, each)}"


def report(workspace: Workspace, done: Purge, kept: Sequence[Bundle], form: str) -> None:
    """Print what was deleted, what is kept, and where copies are."""
    copies = find_copies(workspace.store.db.path)
    say.answer(form, lambda: _as_data(done, kept, copies), _as_text(workspace, done, kept, copies))


def _as_data(done: Purge, kept: Sequence[Bundle], copies: Copies) -> dict[str, Any]:
    return {
        "clients": done.clients,
        "episodes": done.episodes,
        "assessments": done.assessments,
        "records": done.records,
        "proofs": [proof._asdict() for proof in done.proofs],
        "tidy": done.tidy,
        "kept": dict(Counter(each.why for each in kept)),
        "backups": {
            "count": copies.backups,
            "oldest": copies.oldest and copies.oldest.isoformat(),
            "lasting": list(copies.lasting),
        },
    }


def _as_text(
    workspace: Workspace, done: Purge, kept: Sequence[Bundle], copies: Copies
) -> Iterator[str]:
    t = workspace.t
    yield t(
        "Deleted: {assessments} assessments, {episodes} episodes of care, {clients} clients "
        "({records} records).",
        assessments=done.assessments,
        episodes=done.episodes,
        clients=done.clients,
        records=done.records,
    )
    for proof in done.proofs:
        yield t("Proof: event {seq}, digest {digest}", seq=proof.seq, digest=proof.digest)
    yield from reasons(workspace, kept)
    if done.proofs:
        yield t("What stays: events without content in the log, and a row that names nobody.")
        yield from _in_copies(workspace, copies)
    if not done.tidy:
        yield t(
            "Another program reads the store, or the disk is full: the file could not be written "
            "anew. Run porras purge once more later."
        )


def _in_copies(workspace: Workspace, copies: Copies) -> Iterator[str]:
    """Yield where what was deleted can still be read."""
    t = workspace.t
    if copies.oldest:
        yield t.many(
            "{count} backup beside the store still holds it until its time is over. It is of "
            "{day}.",
            "{count} backups beside the store still hold it until their time is over. The oldest "
            "is of {day}.",
            copies.backups,
            day=finnish_day(copies.oldest),
        )
    else:
        yield t("No backup lies beside the store.")
    yield t("Backups elsewhere hold it until you delete them.")
    for name in copies.lasting:
        yield t("Nothing removes this copy; delete it when it is not needed: {name}", name=name)
