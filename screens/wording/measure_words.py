"""Totals of questionnaires that were filled in elsewhere, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from casework.care_names import CareNames
from casework.episode_names import EpisodeNames
from casework.language import N_, Speech
from stepping.episode.episode import Episode
from stepping.episode.events import MeasureTaken
from stepping.episode.measures import MeasureSeries, Tendency, find_series, find_unassessed
from stepping.pathway.care.measures import MeasureLine

TENDENCIES: dict[Tendency, str] = {
    "better": N_("reliable improvement"),
    "worse": N_("reliable deterioration"),
    "unchanged": N_("no reliable change"),
}
NOT_VERIFIED = N_("(* not verified)")


def series_words(episode: Episode, told: EpisodeNames, t: Speech) -> list[str]:
    """Return each series in a sentence, and what the marks mean."""
    found = find_series(episode, told.care.rules.measures)
    texts = ["; ".join(_parts(series, told, t)) for series in found]
    marked = any("*" in text for text in texts)
    return [*texts[:-1], f"{texts[-1]} {t(NOT_VERIFIED)}"] if marked else texts


def _parts(series: MeasureSeries, told: EpisodeNames, t: Speech) -> Iterator[str]:
    measure, last = series.definition, series.points[-1]
    then = f"{t.number(series.points[0].points)} → " if len(series.points) > 1 else ""
    name, day = told.care.measure(measure.id), t.day(last.day)
    yield f"{name} {then}{t.number(last.points)} ({day})"
    if series.tendency is not None and measure.change is not None:
        yield t(TENDENCIES[series.tendency]) + _mark(measure.change.basis)
    line = told.find_line(measure, last.day)
    if line is not None and measure.is_over(last.points, line.at):
        yield limit_words(line, measure.worse == "up", t)
    if last.item is not None:
        yield item_words(measure.id, last.item, told.care)


def limit_words(line: MeasureLine, up: bool, t: Speech) -> str:
    """Return a limit, marked where no source was read for it."""
    points = line.at
    told = (
        t("limit {points} or more", points=points)
        if up
        else t("limit {points} or less", points=points)
    )
    return told + _mark(line.basis)


def _mark(basis: str) -> str:
    return "*" if basis == "local" else ""


def item_words(measure: str, points: int, names: CareNames) -> str:
    """Return the item on suicide with its points."""
    known = names.rules.measures.get(measure)
    if known is None or known.danger is None:
        return f"{measure}: {points}"
    return f"{known.danger.label[names.language]}: {points}/{known.danger.high}"


def danger_words(episode: Episode, names: CareNames, t: Speech) -> str:
    """Say that a typed item asks for an assessment the same day, or nothing."""
    taken = find_unassessed(episode)
    if taken is None:
        return ""
    return t(
        "! Assess safety today. {name} of {day}, {item}. Begin a new measurement: it asks what is "
        "needed.",
        name=names.measure(taken.measure),
        day=t.day(taken.day),
        item=item_words(taken.measure, taken.item or 0, names),
    )


def taken_words(event: MeasureTaken, names: CareNames, t: Speech) -> Iterator[str]:
    """Yield what an entry tells."""
    yield f"{names.measure(event.measure)} {t.number(event.points)}"
    if event.item is not None:
        yield item_words(event.measure, event.item, names)


def with_day_told(points: str, day: date | None, t: Speech) -> str:
    """Return a total, marked with its day where it was told elsewhere."""
    return points if day is None else t("{points} (told elsewhere, {day})", points=points, day=day)
