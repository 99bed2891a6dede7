"""`porras worklist`: what waits to be done, without a screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from tui import say
from tui.loading import FORMAT, stop_data
from tui.unlocking import with_store

if TYPE_CHECKING:
    from screens.desk import Desk
    from store.records import WorkItem

_EVERYTHING = -1
"""As many as there are, for the store."""


@click.command()
@click.option("--own", is_flag=True, help="Only what you began yourself.")
@click.option("--municipality", metavar="ID", help="Only clients of one municipality.")
@click.option("--unit", metavar="NAME", help="Only what was begun in one unit.")
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="Only the N most pressing.")
@FORMAT
@with_store
def worklist(
    desk: Desk,
    /,
    own: bool,
    municipality: str | None,
    unit: str | None,
    limit: int | None,
    form: str,
) -> None:
    """List what waits, the most pressing first.

    Open safety stops, then contacts, measurements and reviews whose day has come, legal times, what
    is not confirmed, drafts, episodes without a next contact. A "!" marks an open safety stop and
    every day that has passed.
    """
    _known("municipality", municipality, _municipalities(desk))
    _known("unit", unit, desk.store.units())
    desk.store.log_deed("view.worklist")
    items = desk.store.worklist(
        desk.today, own=own, municipality=municipality, unit=unit, limit=limit or _EVERYTHING
    )
    if form == "json":
        told = [_item(item, desk.today) for item in items]
        say.data(told)
        return
    for line in _lines(desk, items):
        say.line(line)


def _municipalities(desk: Desk) -> list[str]:
    return [place.id for area in desk.areas for place in area.municipalities]


def _known(what: str, name: str | None, names: list[str]) -> None:
    """Refuse a name that nothing has: an empty list would look as if nothing waited."""
    from stepping.problems import nearest

    if name is not None and name not in names:
        raise click.UsageError(f"there is no {what} {name!r}{nearest(name, names)}")


def _item(item: WorkItem, today: date) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "client": item.client,
        "due": item.due and item.due.isoformat(),
        "since": item.since.isoformat(),
        "days_left": item.due and (item.due - today).days,
        "rule": item.rule,
        "track": item.track,
        "occasion": item.occasion,
        "time": item.time,
        "who": item.who,
        "role": item.role,
        "paused": item.paused,
        "municipality": item.municipality,
        "unit": item.unit,
        "worker": item.worker,
        "stops": [stop_data(stop) for stop in item.stops],
        "assessment": item.assessment_id,
        "episode": item.episode_id,
    }


def _lines(desk: Desk, items: list[WorkItem]) -> Iterator[str]:
    from screens.worklist import pressing, told
    from store.codes import show
    from tui.fitting import beside

    if not items:
        yield desk.t("Nothing waits.")
    for item in items:
        mark = "!" if pressing(item, desk.today) else " "
        place = desk.municipality_name(item.municipality, desk.language)
        parts = (told(item, desk.today, desk.t), place, item.worker)
        yield from beside(f"{mark} {show(item.client)}  ", " · ".join(filter(None, parts)))
