"""The way of an episode under its totals: the stair of steps, forms of care, and contacts."""

from __future__ import annotations

from collections.abc import Sequence

from casework.episode_names import EpisodeNames
from casework.language import Speech
from screens.base.lines import Line, Look
from screens.episode.axis import Axis
from screens.episode.columns import label
from stepping.episode.episode import Episode, Period

_LEAST_NAME = 4
"""Cells of a name that still tell something."""


def stairs(episode: Episode, told: EpisodeNames, axis: Axis, labels: int, t: Speech) -> list[Line]:
    """Draw the confirmed steps as a stair, the highest step in the highest row.

    The one that was confirmed last has its name, unless a form of care goes on that has its own.
    """
    steps = [(axis.at(e.day), e.step) for e in episode.measured if e.step is not None]
    levels = sorted({step for _, step in steps}, reverse=True)
    end = axis.at(axis.until)
    rows = {level: [" "] * axis.width for level in levels}
    for place, (start, step) in enumerate(steps):
        stop = steps[place + 1][0] if place + 1 < len(steps) else end
        for column in range(start, stop + 1):
            rows[step][column] = "─"
        if place and (before := steps[place - 1][1]) != step:
            _riser(rows, start, before, step)
    if steps and episode.closed is None and end > steps[-1][0]:
        rows[steps[-1][1]][end] = ">"
    if steps and not any(period.open for period in episode.periods):
        start, step = steps[-1]
        _name(rows[step], told.steps.get(step, ""), (start, end), 0, None)
    return [_row(t("Step {step}", step=n), rows[n], labels, "accent") for n in levels]


def _riser(rows: dict[int, list[str]], column: int, before: int, step: int) -> None:
    """Join two steps in a column."""
    up = step > before
    rows[before][column] = "┘" if up else "┐"
    rows[step][column] = "┌" if up else "└"
    for between in rows:
        if min(before, step) < between < max(before, step):
            rows[between][column] = "│"


def care(episode: Episode, told: EpisodeNames, axis: Axis, labels: int, t: Speech) -> list[Line]:
    """Draw each form of care from its start to its end with its name; an open one has an arrow."""
    lines = []
    for number, periods in enumerate(_in_rows(episode.periods, axis)):
        cells = [" "] * axis.width
        for period in periods:
            _bar(cells, period, axis)
        for place, period in enumerate(periods):
            before = _stop(periods[place - 1], axis) + 2 if place else 0
            after = axis.at(periods[place + 1].started.day) if place + 1 < len(periods) else None
            name = told.intervention(period.started.intervention)
            _name(cells, name, (_start(period, axis), _stop(period, axis)), before, after)
        lines.append(_row(t("Care") if not number else "", cells, labels))
    return lines


def _in_rows(periods: Sequence[Period], axis: Axis) -> list[list[Period]]:
    """Return treatments in rows in which none covers another, the earliest first."""
    rows: list[list[Period]] = []
    for period in sorted(periods, key=lambda each: each.started.day):
        fits = (row for row in rows if _stop(row[-1], axis) < _start(period, axis))
        if (row := next(fits, None)) is None:
            rows.append(row := [])
        row.append(period)
    return rows


def _start(period: Period, axis: Axis) -> int:
    return axis.at(period.started.day)


def _stop(period: Period, axis: Axis) -> int:
    return axis.at(period.ended.day if period.ended else axis.until)


def _bar(cells: list[str], period: Period, axis: Axis) -> None:
    start, stop = _start(period, axis), _stop(period, axis)
    cells[start : stop + 1] = "─" * (stop + 1 - start)
    cells[start] = "├"
    cells[stop] = "┤" if period.ended else ">"


def _name(
    cells: list[str], name: str, ends: tuple[int, int], before: int, after: int | None
) -> None:
    """Write a name into a bar, behind it or before it, wherever it has room; else cut it off."""
    start, stop = ends
    inside, end = stop - start - 1, len(cells) if after is None else after - 1
    if len(name) <= inside:
        _put(cells, start + 1, name)
    elif len(name) < end - stop - 1:
        _put(cells, stop + 2, name)
    elif len(name) < start - before:
        _put(cells, start - 1 - len(name), name)
    elif inside >= _LEAST_NAME:
        _put(cells, start + 1, name[: inside - 1] + "…")


def _put(cells: list[str], at: int, text: str) -> None:
    cells[at : at + len(text)] = text


def contacts(episode: Episode, axis: Axis, labels: int, t: Speech) -> list[Line]:
    """Draw each contact as `o`, and each that did not take place as `x`, which is never hidden."""
    held = [axis.at(each.day) for each in episode.contacts]
    missed = [axis.at(each.day) for each in episode.missed]
    if not held and not missed:
        return []
    cells = [" "] * axis.width
    for signs, sign in ((held, "o"), (missed, "x")):
        for place in signs:
            cells[place] = sign
    name = t("Contacts, x missed") if missed else t("Contacts")
    return [_row(name, cells, labels)]


def label_width(episode: Episode, t: Speech) -> int:
    """Return the cells that the names left of these rows need."""
    missed = bool(episode.missed)
    steps = [t("Step {step}", step=4)] if episode.step is not None else []
    names = [t("Contacts, x missed") if missed else t("Contacts"), t("Care"), *steps]
    return max(map(len, names)) + 1


def _row(name: str, cells: Sequence[str], labels: int, look: Look = "normal") -> Line:
    return label(name, labels), ("".join(cells).rstrip(), look)
