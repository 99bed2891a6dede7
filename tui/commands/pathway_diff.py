"""`porras pathway diff`: what was edited, and for which answers the outcome is another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import click

from screens.documents.as_markdown import as_markdown
from screens.pathway.changes_part import Changes, ChangesPart
from stepping.batch.batch import OUTPUT
from stepping.pathway.model import Pathway
from stepping.proofs.diagrams import NodeLimitExceeded
from stepping.versions.compare import Move, list_moves
from stepping.versions.edits import Edit, list_edits
from stepping.versions.rule_changes import list_beside, list_rule_changes
from stepping.versions.spaces import TwoSpaces
from store.files.regular_files import open_regular
from tui import say
from tui.commands.case_file import BatchFileError, read_cases
from tui.commands.common import blame_pathway, choose_language, load_pathway, require_spoken
from tui.commands.decide_csv import LINES_AT_ONCE, decide_cases
from tui.commands.groups import CommandError
from tui.commands.open_store import Caller
from tui.commands.own_cases import as_json, as_text, compare
from tui.commands.own_options import OWN, OwnOrPath, refuse_store_options, who_opens
from tui.commands.text import unbroken_lines
from tui.settings import Settings
from tui.spoken import said

_WIDTH = 78
_LONGEST_VALUE = 200
"""Characters of a text that are shown; the whole stands in the files and in the JSON."""

_REFUSED = "refused"

Transitions = dict[tuple[str, str], int]
"""How many cases went from one outcome to another."""


class _Comparison(NamedTuple):
    """Two versions and what was found between them."""

    old: Pathway
    new: Pathway
    edits: tuple[Edit, ...]
    moves: tuple[Move, ...]
    beside: tuple[Move, ...]
    """What comes beside the step in one version and not in the other."""
    cases: Transitions | None


@click.command()
@click.argument("old")
@click.argument("new")
@click.option(
    "--cases",
    type=OwnOrPath(),
    help="CSV of cases, as for decide --batch: how many of them move; or own, for those of the "
    "store.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="Text for people, JSON for programs, or a sheet to sign.",
)
@click.option("--lang", metavar="LANGUAGE", help="Of the sheet: fi, sv or en.")
@who_opens
@click.pass_context
def diff(
    context: click.Context,
    /,
    old: str,
    new: str,
    cases: Path | Literal["own"] | None,
    form: str,
    lang: str | None,
    who: str | None,
    secret: str | None,
) -> None:
    """Compare two versions of a pathway, each an id or a folder.

    Says which rules, cut-offs and texts changed, and exactly for which answers the step, a stop
    or the urgency differs, with the smallest example of each.
    """
    settings: Settings = context.obj
    if cases == OWN and form == "markdown":
        raise click.UsageError("the sheet holds no cases; leave out --cases own or --format")
    if cases != OWN:
        refuse_store_options(context, who, secret)
    before, after = load_pathway(settings, old), load_pathway(settings, new)
    if cases == OWN:
        _print_own(context, Caller(settings, who, secret), before, after, form)
        return
    try:
        with blame_pathway(after, besides=NodeLimitExceeded):
            spaces = TwoSpaces(before, after)
            edits, moves = list_edits(before, after), list_moves(spaces)
            beside = tuple(list_beside(spaces))
    except NodeLimitExceeded:
        raise CommandError(
            "the two hang together too widely to be compared answer by answer"
        ) from None
    if form == "markdown":
        offered = after.header.languages
        language = require_spoken(choose_language(lang or settings.speaks_among(offered), offered))
        rules = tuple(list_rule_changes(spaces))
        sheet = Changes(before, after, edits, moves, beside, rules)
        say.document(as_markdown(ChangesPart(sheet, language).document()), utf8=True)
        return
    moved = _move_cases(before, after, cases) if isinstance(cases, Path) else None
    found = _Comparison(before, after, edits, moves, beside, moved)
    say.answer(form, lambda: _json(found), _text(found))
    if any(_REFUSED in pair for pair in moved or {}):
        raise CommandError("what was refused has no decision; mend those lines and run them again")


def _print_own(
    context: click.Context, caller: Caller, old: Pathway, new: Pathway, form: str
) -> None:
    """Print what becomes of the store's own past cases: counts, and nothing of the rules."""
    found = compare(context, caller, old, new, form)
    say.answer(
        form,
        lambda: {**_versions_json(old, new), "own": as_json(found)},
        (*_versions(old, new), "", *as_text(found)),
    )


# -- cases -------------------------------------------------------------------


def _move_cases(old: Pathway, new: Pathway, path: Path) -> Transitions:
    """Decide every case by both versions and count how the outcomes move."""
    before, after = _outcomes(old, new, path), _outcomes(new, old, path)
    return dict(Counter(zip(before, after, strict=True)))


def _outcomes(pathway: Pathway, other: Pathway, path: Path) -> list[str]:
    """Return the outcome of each case, without the columns that only the other version knows."""

    def tell(sentence: str) -> None:
        say.line(f"{path.name}, by {pathway.header.version}: {sentence}", err=True)

    def only_the_others(name: str) -> bool:
        return name not in pathway.facts and name in other.facts

    try:
        with open_regular(path) as file, read_cases(file, LINES_AT_ONCE) as cases:
            decided = decide_cases(pathway, cases, tell=tell, leave_out=only_the_others)
            return [
                _outcome(dict(zip(OUTPUT, row, strict=True))) for rows, _ in decided for row in rows
            ]
    except BatchFileError as error:
        raise CommandError(f"{path.name}: {error}") from None
    except OSError as error:
        raise CommandError(f"{path.name}: {said(str(error.strerror))}") from None


def _outcome(row: Mapping[str, str]) -> str:
    match row["status"]:
        case "suggested":
            return f"step {row['step']}{' or above' if row['or_above'] == 'yes' else ''}"
        case "stop":
            return f"stop {row['stops'].replace('|', ', ')}"
        case "insufficient":
            return f"answers missing, step {row['lowest']}–{row['highest']}"
        case _:
            return _REFUSED


# -- telling -----------------------------------------------------------------


def _warnings(old: Pathway, new: Pathway) -> Iterator[str]:
    """Yield what stands in the way of using the new version as an approved one."""
    if old.digest == new.digest:
        return
    if old.id != new.id:
        yield f"these are two pathways, {old.id} and {new.id}, not two versions of one"
        return
    if old.header.version == new.header.version:
        yield f"the version is still {new.header.version}: give the new one a number of its own"
    if new.header.change_note.strip() in ("", old.header.change_note.strip()):
        yield "change_note does not say what is new"
    if new.header.status == "approved" and new.header.reviewed_on == old.header.reviewed_on:
        yield "approved, but reviewed_on is the date of the version before"
    if new.header.status == "draft":
        yield "a draft: approving needs a version, reviewed_by, reviewed_on and a change_note"


def _versions_json(old: Pathway, new: Pathway) -> dict[str, Any]:
    return {
        **{
            name: {"id": each.id, "version": each.header.version, "digest": each.digest}
            for name, each in (("old", old), ("new", new))
        },
        "warnings": list(_warnings(old, new)),
    }


def _json(found: _Comparison) -> dict[str, Any]:
    cases = found.cases
    return {
        **_versions_json(found.old, found.new),
        "changes": [edit.as_json() for edit in found.edits],
        "outcomes": [move.as_json() for move in found.moves],
        "beside": [move.as_json() for move in found.beside],
        "cases": cases
        and [{"was": w, "becomes": b, "count": n} for (w, b), n in sorted(cases.items())],
    }


def _versions(old: Pathway, new: Pathway) -> Iterator[str]:
    for name, pathway in (("old", old), ("new", new)):
        header = pathway.header
        yield f"{name}  {pathway.id} {header.version}, {header.status}"
        yield f"     {pathway.digest}"
    for warning in _warnings(old, new):
        yield from _wrapped("!    ", warning)


def _text(found: _Comparison) -> Iterator[str]:
    yield from _versions(found.old, found.new)
    yield from _edits(found.edits)
    yield ""
    yield "Outcomes"
    if not found.moves:
        yield "  the same for every answer set: step, stops and urgency"
    for move in found.moves:
        yield from _move(move)
    if found.beside:
        yield ""
        yield "Beside the step"
    for move in found.beside:
        yield from _move(move)
    if found.cases is not None:
        yield from _cases(found.cases)


def _edits(edits: tuple[Edit, ...]) -> Iterator[str]:
    for part in ("rules", "cut-offs", "texts", "other", "header", "examples"):
        here = [edit for edit in edits if edit.part == part]
        if here:
            yield ""
            yield f"{part.capitalize()}: {len(here)} changed"
        for edit in here:
            place = " ".join(word for word in (edit.file, edit.table, edit.key) if word)
            if not edit.key:
                yield f"  {place}: {'gone' if edit.becomes is None else 'new'}"
                continue
            yield f"  {place}"
            if edit.was is not None:
                yield from _wrapped("    - ", _short(edit.was))
            if edit.becomes is not None:
                yield from _wrapped("    + ", _short(edit.becomes))


def _move(move: Move) -> Iterator[str]:
    own = move.of in ("step", "urgency", "provisional") or " " in move.of
    what = move.of if own else f"stop {move.of}"
    yield f"  {what}: {move.was} → {move.becomes}"
    if not move.complete:
        yield "    only while answers are missing, or for answers that are not asked"
    for region in move.where:
        yield from _wrapped("    when  ", region.condition or "any answers")
        if region.besides:
            yield from _wrapped("      and ", region.besides)
    if move.more:
        yield "    and under further conditions"
    example = say.as_json(move.example.as_json(), one_line=True)
    yield f"    smallest example  {example}"


def _cases(moved: Transitions) -> Iterator[str]:
    total = sum(moved.values())
    elsewhere = sum(count for (was, becomes), count in moved.items() if was != becomes)
    yield ""
    yield f"Cases: {elsewhere} of {total} move"
    for (was, becomes), count in sorted(moved.items()):
        if was != becomes:
            yield f"  {count:>7}  {was} → {becomes}"


def _short(value: object) -> str:
    text = value if isinstance(value, str) else say.as_json(value, one_line=True)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]} …"


def _wrapped(label: str, text: str) -> Iterator[str]:
    if words := " ".join(text.split()):
        yield from unbroken_lines(label, words, _WIDTH)
