"""Writes an agreed contact as an entry for any calendar (RFC 5545), which tells nothing of care."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import NamedTuple

from stepping.episode.contacts import is_met
from stepping.episode.episode import Episode
from stepping.episode.events import NextContact
from stepping.finland import zone
from stepping.interchange.codes import urn

_MAKER = "-//Porras//Porras//EN"
BEGINS = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{_MAKER}\r\n".encode()
"""How such a file begins."""


class CalendarEntry(NamedTuple):
    """One contact as a calendar knows it."""

    uid: str
    """The same for each time that is agreed in place of an earlier one, so that it moves there."""
    revision: int
    """Rises with whatever is recorded in the episode."""
    begins: date | datetime
    """A whole day, or an instant in UTC: no calendar needs to know our rules of summer time."""


def find_calendar_entry(episode: Episode, id_: str, today: date) -> CalendarEntry | None:
    """Return the agreed contact of an episode as a calendar entry, if one is still to come.

    `id_` is the episode's. What is agreed once the earlier contact took place is an entry of its
    own: the earlier one stays in the calendar.
    """
    agreed = episode.find_agreed_contact(today)
    if agreed is None:
        return None
    events = episode.events
    met = sum(isinstance(each, NextContact) and is_met(each, events) for each in events)
    return CalendarEntry(urn("calendar", id_, str(met)), episode.last_seq, _begins(agreed))


def _begins(agreed: NextContact) -> date | datetime:
    if agreed.time is None:
        return agreed.due
    return datetime.combine(agreed.due, time.fromisoformat(agreed.time), zone()).astimezone(UTC)


def as_calendar(entry: CalendarEntry, summary: str, now: datetime) -> bytes:
    """Return a file of one entry; `summary` is its only text.

    It is marked as private, and has no end: how long a contact takes is not known.
    """
    from icalendar import Calendar, Event

    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("sequence", entry.revision)
    event.add("dtstart", entry.begins)
    event.add("summary", summary)
    event.add("class", "PRIVATE")
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _MAKER)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
