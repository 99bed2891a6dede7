"""`porras content list`: the contents that are kept, which is in use, and whether each is sound."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click

from casework.language import Speech
from store.content.places import Record, check_sound, numbers, read_current, read_record
from store.errors import ContentDamaged, shown
from tui import say
from tui.commands.common import FORMAT
from tui.commands.content_common import moment, place_of, t_of
from tui.settings import Settings


class _Row(NamedTuple):
    """One content that is kept."""

    number: str
    record: Record | None
    damage: str
    """The first file that is not what was put in place."""
    in_use: bool


@click.command("list")
@FORMAT
@click.pass_obj
def list_(settings: Settings, form: str) -> None:
    """List the contents that are kept, and which is in use.

    Of each: its number, name and version, since when it is here, who signed it, and the beginning
    of the digest of its list of files.
    """
    place, t = place_of(settings), t_of(settings)
    rows = tuple(_rows(place))
    named = settings.pathways_named
    say.answer(form, lambda: _as_data(rows, named), _text(rows, settings, t))


def _rows(place: Path) -> Iterator[_Row]:
    try:
        current = read_current(place)
    except ContentDamaged:
        current = None
    for number in numbers(place):
        record, damage = None, ""
        try:
            record = read_record(place / number)
            check_sound(place / number)
        except ContentDamaged as error:
            damage = str(error.values["file"])
        yield _Row(number, record, damage, number == current)


def _as_data(rows: tuple[_Row, ...], named: bool) -> dict[str, Any]:
    return {
        "pathways_named": named,
        "contents": [
            {
                "number": row.number,
                "in_use": row.in_use and not named,
                "sound": not row.damage,
                "damaged_file": row.damage or None,
                **({} if row.record is None else row.record._asdict()),
            }
            for row in rows
        ],
    }


def _text(rows: tuple[_Row, ...], settings: Settings, t: Speech) -> Iterator[str]:
    for row in rows:
        mark = "*" if row.in_use and not settings.pathways_named else " "
        if row.record is None:
            yield f"{mark} {row.number}  {t('damaged: {file}', file=row.damage)}"
            continue
        yield f"{mark} {row.number}  {shown(row.record.title)}  {row.record.digest[:12]}"
        yield (
            "        "
            + t("since {at}", at=moment(row.record.at, t))
            + ", "
            + _signed(row.record, t)
        )
        if row.damage:
            yield f"        ! {t('damaged: {file}', file=row.damage)}"
    if settings.pathways_named:
        yield t(
            "The folder in the setting `pathways` is in use: {path}", path=shown(settings.pathways)
        )
    elif not any(row.in_use for row in rows):
        yield t("The pathways that come with Porras are in use.")


def _signed(record: Record, t: Speech) -> str:
    if not record.signer:
        return t("signed by nobody")
    return t("signed by {name}, key {key}", name=shown(record.signer), key=shown(record.key))
