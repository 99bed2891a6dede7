"""Tells on any page which safety stops of a client are open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casework.workspace import Workspace
from screens.base.lines import Line, paragraph
from screens.wording.day_words import day_words
from screens.wording.decision_words import URGENCY
from stepping.finland import finnish_day
from stepping.pathway.diagnostics import PathwayError
from store.database.tables.v6_open_stops import UNREAD
from store.errors import StoreError
from store.records import OpenStop


def open_stop_lines(workspace: Workspace, stops: Sequence[OpenStop], width: int) -> list[Line]:
    """Return which stops are open as lines, the most urgent first; none where none is."""
    lines: list[Line] = []
    for stop in stops:
        first, *more = sentences(workspace, stop)
        lines += paragraph(f"! {first}", width, hanging=2, look="danger")
        lines += paragraph(" ".join(more), width, indent=2)
    return lines


def sentences(workspace: Workspace, stop: OpenStop) -> Iterator[str]:
    """Say that a stop is open and since when, then why; of an unread draft only where it is."""
    t = workspace.t
    yield t(
        "A safety stop is open: {urgency}, since {day} ({who}).",
        urgency=t(URGENCY[stop.urgency]),
        day=day_words(finnish_day(stop.since), workspace.today, t),
        who=stop.by,
    )
    if not stop.in_reach:
        yield t(
            "Stop {stop}. Its draft belongs to {unit}: call there now.", **_where(workspace, stop)
        )
    elif because := _because(workspace, stop):
        yield f"{stop.stop}: {because}"
    else:
        yield t("The pathway of this draft cannot be read, so the highest step is asked for.")


def _where(workspace: Workspace, stop: OpenStop) -> dict[str, str]:
    return {"stop": stop.stop, "unit": stop.unit or workspace.t("another unit")}


def _because(workspace: Workspace, stop: OpenStop) -> str:
    """Why a stop is open, in the words of its pathway; nothing where that cannot be read."""
    if stop.stop == UNREAD:
        return ""
    try:
        return (
            workspace.get_pathway(stop.pathway_digest)
            .rule(stop.stop)
            .rule.because[workspace.language]
        )
    except (PathwayError, StoreError):
        return ""
