"""If these fail, a calendar shows a contact twice, at another hour, or tells of the client."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from stepping.episode.episode import Episode, replay
from stepping.episode.events import Contact, Event, EventEntry, NextContact, Opened, Withdrawn
from stepping.interchange.calendar import BEGINS, as_calendar, find_calendar_entry

FIRST = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def entry(seq: int, event: Event, supersedes: str | None = None) -> EventEntry:
    return EventEntry(id=f"e{seq}", seq=seq, event=event, supersedes=supersedes)


def lived(*events: Event | EventEntry) -> Episode:
    entries = [
        each if isinstance(each, EventEntry) else entry(n, each)
        for n, each in enumerate((Opened(day=FIRST), *events), start=1)
    ]
    return replay(entries)


def told(episode: Episode, today: date = FIRST) -> dict[str, object]:
    """What a calendar reads in the file."""
    found = find_calendar_entry(episode, "an episode", today)
    assert found is not None
    events: list[Any] = Calendar.from_ical(as_calendar(found, "Porras K7Q2-MMPV", NOW)).events
    (event,) = events
    return {
        "uid": str(event["UID"]),
        "revision": int(event["SEQUENCE"]),
        "begins": event["DTSTART"].dt,
        "words": str(event["SUMMARY"]),
    }


@pytest.mark.parametrize(
    ("due", "time", "begins"),
    [
        (date(2026, 12, 4), "09:30", datetime(2026, 12, 4, 7, 30, tzinfo=UTC)),
        (date(2027, 7, 1), "09:30", datetime(2027, 7, 1, 6, 30, tzinfo=UTC)),
        (date(2027, 3, 28), "04:30", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        (date(2026, 12, 4), None, date(2026, 12, 4)),
    ],
)
def test_it_begins_by_finnish_clocks(due: date, time: str | None, begins: date) -> None:
    assert told(lived(NextContact(day=FIRST, due=due, time=time)))["begins"] == begins


def test_the_file_holds_these_lines_and_no_other() -> None:
    agreed = NextContact(day=FIRST, due=day(12), time="09:30", who="nurse-1", why="on holiday")
    found = find_calendar_entry(lived(agreed), "an episode", FIRST)
    assert found is not None
    content = as_calendar(found, "Porras K7Q2-MMPV", NOW)
    assert content.startswith(BEGINS)
    lines = content.decode("ascii").split("\r\n")
    assert {line.partition(":")[0] for line in lines} == {
        *("BEGIN", "VERSION", "PRODID", "UID", "DTSTAMP", "SEQUENCE", "DTSTART", "SUMMARY"),
        *("CLASS", "END", ""),
    }
    assert "SUMMARY:Porras K7Q2-MMPV" in lines
    assert "CLASS:PRIVATE" in lines
    assert all(len(line) <= 75 for line in lines)
    assert content == as_calendar(found, "Porras K7Q2-MMPV", NOW)


def test_another_day_moves_the_same_entry() -> None:
    first = NextContact(day=FIRST, due=day(7))
    before = told(lived(first))
    after = told(lived(first, NextContact(day=day(1), due=day(9))))
    right = told(lived(first, entry(3, NextContact(day=FIRST, due=day(8)), "e2")))
    assert before["uid"] == after["uid"] == right["uid"]
    assert (after["begins"], right["begins"]) == (day(9), day(8))
    for later in (after, right):
        assert isinstance(later["revision"], int)
        assert later["revision"] > 2 == before["revision"]


def test_what_was_withdrawn_leaves_the_earlier_contact_with_a_later_revision() -> None:
    first, other = NextContact(day=FIRST, due=day(7)), NextContact(day=day(1), due=day(9))
    back = told(lived(first, other, entry(4, Withdrawn(day=day(1)), "e3")))
    assert (back["begins"], back["revision"]) == (day(7), 4)
    assert back["uid"] == told(lived(first, other))["uid"]


def test_after_a_contact_took_place_the_next_one_stands_beside_it() -> None:
    first, met = NextContact(day=FIRST, due=day(7)), Contact(day=day(7))
    then = NextContact(day=day(7), due=day(21))
    one, other = told(lived(first)), told(lived(first, met, then), day(7))
    assert one["uid"] != other["uid"]
    assert find_calendar_entry(lived(first, met), "an episode", day(7)) is None


def test_two_episodes_share_no_entry() -> None:
    episode = lived(NextContact(day=FIRST, due=day(7)))
    one, other = (find_calendar_entry(episode, id_, FIRST) for id_ in ("one", "other"))
    assert one
    assert other
    assert one.uid != other.uid


def test_a_day_that_is_past_is_no_contact_to_come() -> None:
    episode = lived(NextContact(day=FIRST, due=day(7)))
    assert find_calendar_entry(episode, "an episode", day(7)) is not None
    assert find_calendar_entry(episode, "an episode", day(8)) is None
    assert find_calendar_entry(lived(), "an episode", FIRST) is None
