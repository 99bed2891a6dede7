"""The rows of an episode of care."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from stepping.episode.episode import Episode
from stepping.episode.events import Contact, Event, Missed
from stepping.summary.access import (
    days_to_contact,
    days_to_treatment,
    paused_days,
    time_rows,
)
from stepping.summary.change import change_rows
from stepping.summary.context import Context, month_of
from stepping.summary.rows import ContactRow, EpisodeRow, EpisodeRows, Turnout
from stepping.summary.tracks import track_rows
from stepping.summary.treatments import treatment_rows


def episode_rows(episode: Episode, context: Context) -> EpisodeRows | None:
    """Return everything that reports count of an episode; nothing of one that nothing tells of."""
    if not episode.entries:
        return None
    return EpisodeRows(
        episode=_episode_row(episode, context),
        times=tuple(time_rows(episode, context)),
        treatments=tuple(treatment_rows(episode, context)),
        contacts=tuple(_contact_rows(episode)),
        tracks=tuple(track_rows(episode, context)),
        changes=tuple(change_rows(episode, context)),
    )


def _episode_row(episode: Episode, context: Context) -> EpisodeRow:
    closed = episode.closed
    need = episode.need
    first = context.assessments.get(episode.baseline.assessment) if episode.baseline else None
    return EpisodeRow(
        ordinal=context.ordinal,
        opened=month_of(episode.opened.day) if episode.opened else None,
        closed=month_of(closed.day) if closed else None,
        how=closed.how if closed else None,
        **context.person.background(_began(episode)),  # type: ignore[arg-type]
        setting=first.setting if first else None,
        referrer=episode.referrer,
        reason=next(iter(episode.reasons), None),
        segment=episode.segment,
        pathway=first.pathway if first else None,
        version=first.version if first else None,
        suggested=first.suggested if first else None,
        confirmed=first.confirmed if first else None,
        override=first.override if first else None,
        step=episode.step,
        agreement=episode.agreement,
        satisfaction=episode.satisfaction,
        need=month_of(need.day) if need else None,
        contact_days=days_to_contact(episode),
        treatment_days=days_to_treatment(episode),
        wish_days=paused_days(episode, "client_wish"),
        medical_days=paused_days(episode, "medical"),
        worker=None if closed else _worker(episode, context),
    )


def _began(episode: Episode) -> date:
    """Return the first day of an episode; without an opening that of its first entry."""
    return episode.opened.day if episode.opened else episode.entries[0].event.day


def _worker(episode: Episode, context: Context) -> str | None:
    named = episode.responsible
    return (named.who if named else None) or context.worker


def _contact_rows(episode: Episode) -> Iterator[ContactRow]:
    """Yield the contacts of an episode, those of a month that are alike as one row."""
    numbers = {period.id: number for number, period in enumerate(episode.periods, start=1)}
    found = Counter(_contacts(episode.events, numbers))
    for alike, count in sorted(found.items(), key=lambda each: str(each[0])):
        yield ContactRow(*alike, count)


_Alike = tuple[str, int, Turnout, str | None, str | None, str | None]
"""The fields of a row before its count."""


def _contacts(events: Iterable[Event], numbers: dict[str, int]) -> Iterator[_Alike]:
    for event in events:
        if isinstance(event, Contact | Missed):
            yield (
                month_of(event.day),
                numbers.get(event.period or "", 0),
                "kept" if isinstance(event, Contact) else event.why,
                event.channel,
                event.by,
                event.with_whom if isinstance(event, Contact) else None,
            )
