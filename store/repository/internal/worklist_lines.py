"""What an episode leaves to be done, as lines of the worklist."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING

from store.database.tables.v3_units import unit_then
from store.records import EpisodeRecord
from store.session.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stepping.episode.episode import Episode
    from stepping.episode.events import NextContact
    from stepping.pathway.care.schema import CareRules, Deadlines, TrackDefinition


_LIST = f"""
    INSERT INTO worklist
        (kind, episode_id, client_id, municipality, unit, worker, since, due, about, paused_from)
    SELECT :kind, e.id, c.id, c.municipality, {unit_then("e.created_by", "e.created_at")},
        e.created_by, :since, :due, :about, :paused_from
    FROM episodes e CROSS JOIN persons c ON c.id = e.client_id WHERE e.id = :episode"""

BY_CARE = ("guarantee", "review")
"""The kinds of lines that follow the site's tracks and deadlines."""

CARE = "worklist.care"
"""The setting with the digest of the tracks and deadlines by which all such lines were made.

Empty where some were made by others.
"""

DANGER = "danger"
FOREMOST = datetime.date.min
"""The last day of a measurement for a danger: before every other day. Its own is in `since`."""

NOTHING = {"due": None, "about": None, "paused_from": None}
"""The columns of a line that a matter may leave out."""


def list_episode(
    session: Session, record: EpisodeRecord, episode: Episode, birth_year: int | None
) -> None:
    """Put what an episode leaves open in the place of what it did, within a transaction."""
    # The plus keeps the engine from looking for what has no assessment, which is nearly all.
    sql = "DELETE FROM worklist WHERE episode_id = ? AND +assessment_id IS NULL"
    session.db.execute(sql, (record.id,))
    if session.db.get_setting(CARE) not in (None, "", session.care.digest):
        session.put_setting({"key": CARE, "value": ""})
    for matter in matters_of(episode, birth_year, session.care):
        session.db.execute(_LIST, {"episode": record.id, **NOTHING, **matter})


def matters_of(
    episode: Episode, birth_year: int | None, care: CareRules
) -> Iterator[dict[str, str | None]]:
    """Return what an episode leaves to be done, as columns of the worklist.

    One that is not open leaves nothing.
    """
    if episode.opened is None or episode.closed is not None:
        return
    agreed = episode.next_contact
    if agreed is None or episode.without_next_contact:
        done = [event.day for event in episode.measured]
        done += [contact.day for contact in episode.contacts]
        since = max(done, default=episode.opened.day)
        yield {"kind": "no_next_contact", "since": since.isoformat()}
    else:
        yield {
            "kind": "next_contact",
            "since": agreed.day.isoformat(),
            "due": agreed.due.isoformat(),
            "about": _who_and_when(agreed),
        }
    yield from _measurement(episode)
    yield from _reviews(episode, care.tracks)
    yield from _legal_time(episode, birth_year, care.deadlines)


def _who_and_when(agreed: NextContact) -> str | None:
    """Return who gets in touch and at what time, as one column; None where neither is known."""
    told = agreed.model_dump(include={"who", "role", "time"}, exclude_none=True)
    return json.dumps(told) if told else None


def _measurement(episode: Episode) -> Iterator[dict[str, str | None]]:
    """Return the measurement that is due first, as columns of the worklist."""
    from stepping.episode.schedule import due_measurements

    last = [event.day for event in (episode.opened, *episode.measured) if event]
    for first in due_measurements(episode)[:1]:
        danger = first.occasion == DANGER
        yield {
            "kind": "measurement",
            "since": (first.day if danger else max(last)).isoformat(),
            "due": (FOREMOST if danger else first.day).isoformat(),
            "about": first.occasion,
        }


def _reviews(
    episode: Episode, tracks: Mapping[str, TrackDefinition]
) -> Iterator[dict[str, str | None]]:
    """Return what is agreed to be looked at again on each track, as columns of the worklist."""
    from stepping.episode.tracks import track_statuses

    for track in track_statuses(episode, datetime.date.min, tracks):
        if track.by is not None:
            agreed = [event.day for event in track.events if event.review_on == track.by]
            yield {
                "kind": "review",
                "since": max(agreed).isoformat(),
                "due": track.by.isoformat(),
                "about": track.track,
            }


def _legal_time(
    episode: Episode, birth_year: int | None, deadlines: Deadlines
) -> Iterator[dict[str, str | None]]:
    """Return the time that runs out first, as columns of the worklist.

    All are told as of the last day of which anything is recorded: after that nothing but an open
    pause can move them, and it moves all of them alike.
    """
    from stepping.episode.clocks import legal_deadlines

    seen = max(entry.event.day for entry in episode.entries)
    running = [
        (clock.time.due, clock)
        for clock in legal_deadlines(episode, birth_year, seen, deadlines)
        if clock.time.due is not None and clock.time.state != "met"
    ]
    for due, clock in sorted(running, key=lambda each: each[0])[:1]:
        told = {"rule": clock.time.rule.id, "untold": bool(clock.untold)}
        yield {
            "kind": "guarantee",
            "since": clock.since.isoformat(),
            "due": due.isoformat(),
            "about": json.dumps(told),
            "paused_from": seen.isoformat() if clock.time.state == "paused" else None,
        }
