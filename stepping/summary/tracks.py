"""The rows of what goes on beside the steps of care."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from stepping.episode.episode import Episode
from stepping.episode.events import AlcoholUse, TrackEvent
from stepping.episode.tracks import ALCOHOL, TrackedEvent, action_of, events_of
from stepping.summary.context import Context, month_of
from stepping.summary.rows import AssessmentRow, TrackRow

FIRED, POSITIVE, AUDIT, MINI = "fired", "positive", "audit", "mini"
"""What no event of a track says: that an assessment asked for the track, that AUDIT-C was over its
limit, that the whole AUDIT was done, and that a mini-intervention was given."""


@dataclass(frozen=True)
class _Moment:
    """Something that happened on a track."""

    day: date
    what: str
    event: TrackedEvent | None = None


def track_rows(episode: Episode, context: Context) -> Iterator[TrackRow]:
    """Yield what happened on each track of an episode, by round."""
    fired = {
        track: list(_fired(episode, context, form)) for track, form in context.given_by.items()
    }
    lived = {*episode.tracks, *fired, ALCOHOL}
    for track in sorted(lived):
        screened = _screened(episode, context.assessments) if track == ALCOHOL else ()
        # of one day first what was found: what was done about it, perhaps on that day, is its own
        moments = [*screened, *fired.get(track, ()), *_moments(events_of(episode, track))]
        moments.sort(key=lambda moment: moment.day)
        for number, turn in enumerate(_rounds(moments), start=1):
            yield from _rows(track, number, turn, open_=episode.closed is None)


def _fired(episode: Episode, context: Context, form: str) -> Iterator[_Moment]:
    """Yield when an assessment asked for a track: it offered the form of care that gives it."""
    for measured in episode.measured:
        row = context.assessments.get(measured.assessment)
        if row is not None and form in json.loads(row.offered):
            yield _Moment(measured.day, FIRED)


def _moments(events: Sequence[TrackedEvent]) -> Iterator[_Moment]:
    for event in events:
        yield _Moment(event.day, action_of(event), event)
        if isinstance(event, AlcoholUse):
            if event.audit is not None:
                yield _Moment(event.day, AUDIT, event)
            if event.mini_intervention:
                yield _Moment(event.day, MINI, event)


def _screened(episode: Episode, rows: Mapping[str, AssessmentRow]) -> Iterator[_Moment]:
    """Yield when AUDIT-C was over its limit, and when the whole AUDIT was answered beside it."""
    for measured in episode.measured:
        row = rows.get(measured.assessment)
        if row is not None and row.auditc_positive:
            yield _Moment(measured.day, POSITIVE)
        if row is not None and row.audit is not None:
            yield _Moment(measured.day, AUDIT)


def _rounds(moments: Sequence[_Moment]) -> Iterator[list[_Moment]]:
    """Yield the moments of each round: one ends with its end, and AUDIT-C begins one of its own."""
    turn: list[_Moment] = []
    for moment in moments:
        if turn and (turn[-1].what == "ended" or moment.what == POSITIVE):
            yield turn
            turn = []
        turn.append(moment)
    if turn:
        yield turn


def _rows(track: str, number: int, turn: list[_Moment], *, open_: bool) -> Iterator[TrackRow]:
    began = turn[0].day
    ordered = sorted(turn, key=lambda moment: moment.what)  # stable: those of one kind stay in turn
    review = _review(turn) if open_ else None
    for what, group in groupby(ordered, key=lambda moment: moment.what):
        alike = list(group)
        told = [each.event for each in alike if isinstance(each.event, TrackEvent)]
        yield TrackRow(
            track=track,
            round=number,
            what=what,
            month=month_of(alike[0].day),
            days=(alike[0].day - began).days,
            count=len(alike),
            place=_last(told, "where"),
            role=_last(told, "role"),
            outcome=_last(told, "outcome"),
            took_place=_last(told, "took_place"),
            review_day=review if what == turn[-1].what else None,
        )


def _last(events: Sequence[TrackEvent], name: str) -> Any:
    """Return what was told last of a detail; None where nobody told."""
    told = [value for event in events if (value := getattr(event, name)) is not None]
    return told[-1] if told else None


def _review(turn: Sequence[_Moment]) -> str | None:
    """Return when a round that goes on is to be looked at again, as was agreed last."""
    if turn[-1].what == "ended":
        return None
    agreed = [each.event.review_on for each in turn if each.event and each.event.review_on]
    return agreed[-1].isoformat() if agreed else None
