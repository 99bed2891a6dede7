"""What waits to be done, kept beside the records so that asking costs the same in any store."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from stepping.care.deadlines import helsinki_day
from store.records import EpisodeRecord, WorkItem
from store.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stepping.care.episode import Episode

_ITEM = """
    SELECT w.*, c.code AS client, k.handle
    FROM worklist w
        CROSS JOIN clients c ON c.id = w.client_id
        CROSS JOIN workers k ON k.id = w.worker"""

# An agreed contact (rank 1) waits only from the day after; its place is its day.
_WAITING = "(rank <> 1 OR place < ?)"

_LIST = """
    INSERT INTO worklist
        (kind, episode_id, client_id, municipality, worker, since, due, rule, paused_from)
    SELECT :kind, e.id, c.id, c.municipality, e.created_by, :since, :due, :rule, :paused_from
    FROM episodes e JOIN clients c ON c.id = e.client_id WHERE e.id = :episode"""
_NOTHING = {"due": None, "rule": None, "paused_from": None}


class Worklist(Session):
    """The part of the store that knows what waits."""

    def worklist(
        self,
        today: datetime.date,
        *,
        own: bool = False,
        municipality: str | None = None,
        limit: int = 9,
        offset: int = 0,
    ) -> list[WorkItem]:
        """What waits on a day, the most pressing first.

        Open stops; agreed contacts whose day has passed, the oldest first; legal times by their
        last day, those that stand still after those that run; drafts; episodes in which no next
        contact is agreed. `own` leaves what this worker began, `municipality` clients of one.
        """
        where, values = self._choice(today, own=own, municipality=municipality)
        sql = f"{_ITEM} WHERE {where} ORDER BY rank, place, w.rowid LIMIT ? OFFSET ?"
        with self._read():
            return [_item(row, today) for row in self._rows(sql, *values, limit, offset)]

    def count_worklist(
        self, today: datetime.date, *, own: bool = False, municipality: str | None = None
    ) -> int:
        """How many matters `worklist` has in all."""
        where, values = self._choice(today, own=own, municipality=municipality)
        with self._read():
            row = self._row(f"SELECT count(*) AS count FROM worklist w WHERE {where}", *values)
        return int(row["count"]) if row else 0

    def _choice(
        self, today: datetime.date, *, own: bool, municipality: str | None
    ) -> tuple[str, list[str]]:
        """The condition of a choice of matters, and its values."""
        chosen = {"worker": self._worker if own else None, "municipality": municipality}
        given = {column: value for column, value in chosen.items() if value is not None}
        where = " AND ".join([_WAITING, *(f"w.{column} = ?" for column in given)])
        return where, [today.isoformat(), *given.values()]

    def mark_open_stop(self, assessment_id: str, open_: bool) -> None:
        """Keep whether a stop of a draft is open; nothing is written if that is known.

        A closed assessment waits no more, so nothing is kept of it. UnknownRecord if there is none.
        """
        kind = "open_stop" if open_ else "draft"
        with self._read():
            self._require(assessment_id)
            row = self._row("SELECT kind FROM worklist WHERE assessment_id = ?", assessment_id)
        if row is None or row["kind"] == kind:
            return
        with self._write():
            sql = "UPDATE worklist SET kind = ? WHERE assessment_id = ?"
            self.db.execute(sql, (kind, assessment_id))

    def _list_again(self, record: EpisodeRecord, episode: Episode, birth_year: int) -> None:
        """Put what an episode leaves open in the place of what it did, within a transaction."""
        sql = "DELETE FROM worklist WHERE episode_id = ? AND kind NOT IN ('draft', 'open_stop')"
        self.db.execute(sql, (record.id,))
        for matter in _matters(episode, birth_year):
            self.db.execute(_LIST, {"episode": record.id, **_NOTHING, **matter})


def _item(row: dict[str, Any], today: datetime.date) -> WorkItem:
    due, paused_from = _day(row["due"]), _day(row["paused_from"])
    if due and paused_from:
        due += max(today - paused_from, datetime.timedelta())
    return WorkItem(
        kind=row["kind"],
        client_id=row["client_id"],
        client=row["client"],
        episode_id=row["episode_id"],
        assessment_id=row["assessment_id"],
        due=due,
        since=_since(row["since"]),
        rule=row["rule"],
        paused=paused_from is not None,
        municipality=row["municipality"],
        worker=row["handle"],
    )


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _since(text: str) -> datetime.date:
    """A day as it stands, or the Finnish day of an instant."""
    if len(text) == len("2026-01-31"):
        return datetime.date.fromisoformat(text)
    return helsinki_day(datetime.datetime.fromisoformat(text))


def _matters(episode: Episode, birth_year: int) -> Iterator[dict[str, str | None]]:
    """What an episode leaves to be done, as columns of the worklist; nothing unless it is open."""
    if episode.opened is None or episode.closed is not None:
        return
    agreed = episode.next_contact
    if agreed is None or episode.without_next_contact:
        done = [event.day for event in episode.measured]
        done += [contact.day for period in episode.periods for contact in period.contacts]
        since = max(done, default=episode.opened.day)
        yield {"kind": "no_next_contact", "since": since.isoformat()}
    else:
        yield {
            "kind": "next_contact",
            "since": agreed.day.isoformat(),
            "due": agreed.due.isoformat(),
        }
    if episode.need is not None:
        yield from _legal_time(episode, episode.need.day, birth_year)


def _legal_time(
    episode: Episode, need: datetime.date, birth_year: int
) -> Iterator[dict[str, str | None]]:
    """The time that runs out first, as columns of the worklist.

    Its last day is told as of a day after which nothing but an open pause can move it.
    """
    from stepping.care.clocks import clocks

    seen = max([need, *(event.day for pause in episode.pauses for event in pause if event)])
    running = [
        (time.due, time)
        for time in clocks(episode, birth_year, seen)
        if time.due is not None and time.state != "met"
    ]
    for due, time in sorted(running, key=lambda each: each[0])[:1]:
        yield {
            "kind": "guarantee",
            "since": need.isoformat(),
            "due": due.isoformat(),
            "rule": time.rule.id,
            "paused_from": seen.isoformat() if time.state == "paused" else None,
        }
