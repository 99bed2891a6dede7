"""Totals of questionnaires that were filled in elsewhere: one series, wherever they were typed.

They are typed in an assessment, at a contact (ORS and SRS) or as an entry of their own. What was
told last of a day counts for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from stepping.episode.episode import Episode
from stepping.episode.events import Contact, Event, EventEntry, Measured, MeasureTaken
from stepping.pathway.care.measures import MeasureDefinition
from stepping.pathway.model import Answer, Pathway

Tendency = Literal["better", "worse", "unchanged"]


@dataclass(frozen=True, slots=True)
class MeasurePoint:
    """A total of one day."""

    day: date
    points: float
    item: int | None = None
    """The points of the item on suicide, where they were typed in beside it."""
    entry: str = ""
    """The entry that tells of it."""


@dataclass(frozen=True)
class MeasureSeries:
    """The totals of one questionnaire over an episode, the earliest first."""

    definition: MeasureDefinition
    points: tuple[MeasurePoint, ...]

    @property
    def difference(self) -> float | None:
        """The points gained from the first to the latest; nothing of a single one."""
        return self.points[-1].points - self.points[0].points if len(self.points) > 1 else None

    @property
    def tendency(self) -> Tendency | None:
        """What became of it; nothing where no change is known to be more than chance."""
        change, gained = self.definition.change, self.difference
        if change is None or gained is None:
            return None
        if abs(gained) < change.points:
            return "unchanged"
        return "worse" if (gained > 0) == (self.definition.worse == "up") else "better"


def find_series(
    episode: Episode, definitions: Mapping[str, MeasureDefinition]
) -> tuple[MeasureSeries, ...]:
    """Return every questionnaire of which an episode tells, in the order of the definitions."""
    found = (MeasureSeries(each, _points(episode, each)) for each in definitions.values())
    return tuple(series for series in found if series.points)


def find_point(episode: Episode, definition: MeasureDefinition, day: date) -> MeasurePoint | None:
    """Return what is known of a questionnaire on one day, if anything is."""
    return next((point for point in _points(episode, definition) if point.day == day), None)


def typed_facts(
    pathway: Pathway,
    episode: Episode,
    definitions: Mapping[str, MeasureDefinition],
    day: date,
) -> dict[str, Answer]:
    """Return what was typed on a day of the questions of a pathway: nobody types it twice.

    Tenths are rounded down, as the form of the question asks. A site that names a question which is
    no number is told so by the check; here nothing is answered for it.
    """
    told: dict[str, int | None] = {}
    for definition in definitions.values():
        if (point := find_point(episode, definition, day)) is not None:
            told[definition.fact] = int(point.points)
            if definition.danger is not None and definition.danger.fact is not None:
                told[definition.danger.fact] = point.item
    return {
        id_: value
        for id_, value in told.items()
        if value is not None
        and (asked := pathway.questions.get(id_))
        and asked.numeric
        and value in asked.points
    }


def _points(episode: Episode, definition: MeasureDefinition) -> tuple[MeasurePoint, ...]:
    of_day: dict[date, MeasurePoint] = {}
    for entry in sorted(episode.entries, key=lambda entry: entry.seq):
        if (point := _point(entry, definition)) is not None:
            of_day[point.day] = point
    return tuple(of_day[day] for day in sorted(of_day))


def _point(entry: EventEntry, definition: MeasureDefinition) -> MeasurePoint | None:
    points, item = told_points(entry.event, definition)
    return None if points is None else MeasurePoint(entry.event.day, points, item, entry.id)


def told_points(event: Event, definition: MeasureDefinition) -> tuple[float | None, int | None]:
    """Return the points that an event tells of a questionnaire, and of its item on suicide."""
    match event:
        case MeasureTaken() if event.measure == definition.id:
            return event.points, event.item
        case Measured():
            return event.scores.get(definition.fact), None
        case Contact():
            told = {"ors.total": event.ors, "srs.total": event.srs}
            return told.get(definition.fact), None
        case _:
            return None, None


def find_unassessed(episode: Episode) -> MeasureTaken | None:
    """Return the latest typed item that tells of suicidal thoughts, if no assessment followed.

    An assessment that was confirmed before the item was typed did not know of it, nor did one that
    had asked its last question about suicide by then.
    """
    if episode.closed is not None:
        return None
    done = [
        (e.seq if e.event.knew is None else e.event.knew, e.event.day)
        for e in episode.entries
        if isinstance(e.event, Measured)
    ]
    open_ = [
        entry.event
        for entry in episode.entries
        if isinstance(entry.event, MeasureTaken)
        and entry.event.item
        and not any(seq >= entry.seq and day >= entry.event.day for seq, day in done)
    ]
    return open_[-1] if open_ else None


def find_faults(
    event: Event, episode: Episode, definitions: Mapping[str, MeasureDefinition]
) -> Iterator[str]:
    """Yield what speaks against typed totals in an episode."""
    match event:
        case MeasureTaken():
            definition = definitions.get(event.measure)
            if definition is None:
                yield "The questionnaire is not known."
            else:
                yield from _of_points(event, definition)
                yield from _of_day(event, episode, [definition])
        case Contact():
            yield from _of_day(event, episode, definitions.values())


def _of_points(event: MeasureTaken, definition: MeasureDefinition) -> Iterator[str]:
    if not definition.takes(event.points):
        yield "Nobody can have so many points on this questionnaire."
    danger, item = definition.danger, event.item
    if danger is None:
        if item is not None:
            yield "This questionnaire has no item of its own here."
    elif item is None:
        yield "The item on suicide is needed: the total hides it."
    elif item > min(danger.high, event.points):
        yield "The item cannot have so many points."


def _of_day(
    event: Event, episode: Episode, definitions: Iterable[MeasureDefinition]
) -> Iterator[str]:
    for definition in definitions:
        told, _ = told_points(event, definition)
        if told is not None and find_point(episode, definition, event.day) is not None:
            yield "This questionnaire is typed in for that day already: correct that entry."
