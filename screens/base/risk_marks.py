"""Tells on any page what stays to be told of a client's risk, and what was done about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from casework.care_names import CareNames
from casework.language import Speech, speech
from casework.workspace import Workspace
from screens.base.keys import KeyBinding
from screens.base.lines import Line, Look, Part, paragraph, paragraphs
from screens.base.page import Page
from screens.wording.measure_words import danger_words
from screens.wording.risk_words import RiskWords
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import Pathway
from store.errors import StoreError
from store.records import Client
from store.risk_records import RiskMark

_SHOWN = 2
"""How many marks stand on a page before a key shows all of them."""


def risk_key(page: Page[Any], run: Callable[[], object], *, whole: bool) -> KeyBinding:
    """Return the key that shows each safety step, or what was told in short."""
    if whole:
        return page.bind("s", "risk: in short", run)
    return page.bind("s", "risk: what was done", run)


def risk_lines(
    workspace: Workspace, marks: Sequence[RiskMark], width: int, *, whole: bool
) -> list[Line]:
    """Return the marks of a client as lines, those that stand first; with each step if `whole`."""
    ordered = in_order(marks)
    lines: list[Line] = []
    for mark in ordered if whole else ordered[:_SHOWN]:
        first, *steps = sentences(workspace, mark)
        look: Look = "danger" if mark.stands else "normal"
        lines += paragraph(f"{'!' if mark.stands else '-'} {first}", width, hanging=2, look=look)
        if whole:
            lines += [
                row for step in steps for row in paragraph(f"- {step}", width, indent=2, hanging=2)
            ]
    left = len(ordered) - _SHOWN
    if left > 0 and not whole:
        more = workspace.t.many("and {count} earlier time", "and {count} earlier times", left)
        lines += paragraph(more, width, indent=2)
    return lines


def risk_parts(workspace: Workspace, marks: Sequence[RiskMark]) -> list[Part]:
    """Return the marks of a client in a few words, those that stand first."""
    ordered = in_order(marks)
    parts: list[Part] = []
    for mark in ordered[:_SHOWN]:
        words = risk_words(workspace, mark, None).brief(mark)
        parts.append((f"! {words}", "danger") if mark.stands else (f"- {words}", "normal"))
    if (left := len(ordered) - _SHOWN) > 0:
        more = workspace.t.many("and {count} earlier time", "and {count} earlier times", left)
        parts.append((more, "normal"))
    return parts


def find_dangers(workspace: Workspace, client: Client) -> list[str]:
    """Say which typed items on suicide nobody has assessed since, over all episodes of a client.

    Raises:
        StoreError: If the store does not tell.
    """
    episodes = workspace.store.episodes.list_of(client.id)
    told = (danger_words(each, workspace.care_names, workspace.t) for _, each in episodes)
    return [words for words in told if words]


def danger_lines(dangers: Iterable[str], width: int) -> list[Line]:
    """Return what `find_dangers` says as lines."""
    return paragraphs(dangers, width, "danger")


def in_order(marks: Iterable[RiskMark]) -> list[RiskMark]:
    """Return marks, those that stand first, the newest of each first as they come."""
    return sorted(marks, key=lambda mark: not mark.stands)


def sentences(workspace: Workspace, mark: RiskMark, language: str | None = None) -> Iterator[str]:
    """Say what was told and what was done, then each safety step; by default as the nurse reads."""
    words = risk_words(workspace, mark, language)
    yield words.mark(mark)
    yield from words.steps(mark)


def risk_words(workspace: Workspace, mark: RiskMark, language: str | None = None) -> RiskWords:
    """Return the words for a mark, by the text that its assessment was made under."""
    used = language or workspace.language
    say: Speech = speech(used)
    return RiskWords(_text_of(workspace, mark), CareNames(workspace.care, used), used, say)


def _text_of(workspace: Workspace, mark: RiskMark) -> Pathway | None:
    try:
        return workspace.get_pathway(mark.pathway_digest)
    except (PathwayError, StoreError):
        return None
