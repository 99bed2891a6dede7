"""Past cases of the store, decided again by other versions: counts on the terminal, never a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Literal, NamedTuple

import click

from casework.reports.past_cases import compare_own, decide_own, leaves_out_few
from stepping.pathway.model import Pathway
from stepping.reports.past_cases import (
    CASES,
    COMES,
    GOES,
    HOLDS,
    LACKING,
    MOVE,
    MOVED,
    OPEN,
    OUTCOME,
    RULE,
    STOP,
    UNFIT,
    Count,
    Counts,
)
from tui import say
from tui.commands.common import blame_pathway
from tui.commands.open_store import Caller, open_workspace
from tui.commands.own_options import is_demo

_WIDTH = 9
_UNFIT = {
    "nobody": "whose it is, is in doubt: marked as of the wrong client",
    "not kept": "kept without its answers",
    "question": "answers {id}, which is not asked any more",
    "stop": "has recorded stop {id}, which there is not any more",
    "answer": "an answer to {id} is not allowed any more",
    "answer old": "an answer to {id} is not allowed by the old version",
    "answer new": "an answer to {id} is not allowed by the new version",
}
_BECOMES = {COMES: "would come", GOES: "would go", HOLDS: "holds"}


class OwnCases(NamedTuple):
    """What was counted, and of which pathway."""

    pathway: str
    counts: Counts
    is_rounded: bool


def compare(
    context: click.Context, caller: Caller, old: Pathway, new: Pathway, form: str
) -> OwnCases:
    """Count what becomes of the store's past cases from one version to another."""
    with blame_pathway(new):
        return _asked(context, caller, old.id, form, partial(compare_own, old=old, new=new))


def print_outcomes(context: click.Context, caller: Caller, pathway: Pathway, form: str) -> None:
    """Print what a version says of the store's past cases."""
    with blame_pathway(pathway):
        found = _asked(context, caller, pathway.id, form, partial(decide_own, pathway=pathway))
    say.answer(form, lambda: as_json(found), as_text(found))


def _asked(
    context: click.Context, caller: Caller, pathway: str, form: str, count: Callable[..., Counts]
) -> OwnCases:
    """Count in the open store; what no person looks at on a terminal is taken for a file."""
    for_file = form != "text" or not say.is_read_by_a_person()
    with open_workspace(caller, demo=is_demo(context)) as workspace:
        counts = count(workspace.store, for_file=for_file)
        rounded = leaves_out_few(workspace.store, for_file=for_file)
    return OwnCases(pathway, counts, rounded)


# -- telling -----------------------------------------------------------------


def as_json(found: OwnCases) -> dict[str, Any]:
    """Return what was counted; `few` marks what few persons stand behind."""
    return {
        "pathway": found.pathway,
        "rounded": found.is_rounded,
        "counts": [
            {"what": what, "of": ids, "cases": count.cases, "few": count.few}
            for (what, *ids), count in found.counts.items()
        ],
    }


def as_text(found: OwnCases) -> Iterator[str]:
    """Yield what was counted, line by line."""
    yield f"Past cases of {found.pathway}, confirmed assessments in this store"
    counts = found.counts
    if not counts:
        yield f"  there is none{' of five persons or more' * found.is_rounded}"
        return
    yield from _caution(found)
    yield _line(counts.get((CASES,), Count(0, few=False)), "decided again")
    if any(key[0] == MOVE for key in counts):
        yield _line(counts.get((MOVED,), Count(0, few=False)), "would get another outcome")
    for title, what, told in _SECTIONS:
        rows = [(key, count) for key, count in counts.items() if key[0] == what]
        if rows:
            yield title
            yield from (_line(count, told(key)) for key, count in rows)


def _caution(found: OwnCases) -> Iterator[str]:
    if found.is_rounded:
        yield "  rounded to five; what fewer than five persons stand behind is left out"
    elif any(count.few for count in found.counts.values()):
        yield "! these are true numbers, some of fewer than five persons: do not hand them on"


def _line(count: Count, told: str) -> str:
    return f"{count.cases:>{_WIDTH}}  {told}"


def _of_move(key: tuple[str, ...]) -> str:
    return f"{key[1]} → {key[2]}" if key[1] != key[2] else f"{key[1]}, as before"


def _of_rule(what: Literal["stop", "rule"], key: tuple[str, ...]) -> str:
    return f"{what} {key[2]} {_BECOMES[key[1]]}"


def _of_unfit(key: tuple[str, ...]) -> str:
    return _UNFIT[key[1]].format(id=key[2])


_SECTIONS: tuple[tuple[str, str, Callable[[tuple[str, ...]], str]], ...] = (
    ("Steps", MOVE, _of_move),
    ("Steps", OUTCOME, lambda key: key[1]),
    ("Stops", STOP, partial(_of_rule, "stop")),
    ("Rules", RULE, partial(_of_rule, "rule")),
    ("Without a step for lack of an answer to", LACKING, lambda key: key[1]),
    ("With a step that an answer could raise, to", OPEN, lambda key: key[1]),
    ("Not decided again", UNFIT, _of_unfit),
)
