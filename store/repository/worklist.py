"""What waits to be done, kept beside the records so that asking costs the same in any store."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

from stepping.finland import finnish_day
from store import text_guard
from store.database.tables.v3_units import unit_then
from store.errors import RefusedText, UnitOfOthers
from store.records import URGENCY, EpisodeRecord, HeldStop, WorkItem
from store.repository.open_stops import Stops

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stepping.episode.episode import Episode
    from stepping.episode.events import NextContact

_ITEM = """
    SELECT w.*, c.code AS client, c.person, k.handle,
        (SELECT b.client ISNULL FROM belongings b WHERE b.assessment_id = w.assessment_id) AS wrong,
        (SELECT json_group_array(json_object(
                'stop', o.stop, 'urgency', o.urgency, 'floor', o.floor, 'since', o.since))
            FROM open_stops o WHERE o.assessment_id = w.assessment_id) AS stops
    FROM worklist w
        CROSS JOIN persons c ON c.id = w.client_id
        CROSS JOIN workers k ON k.id = w.worker"""

_LIST = f"""
    INSERT INTO worklist
        (kind, episode_id, client_id, municipality, unit, worker, since, due, about, paused_from)
    SELECT :kind, e.id, c.id, c.municipality, {unit_then("e.created_by", "e.created_at")},
        e.created_by, :since, :due, :about, :paused_from
    FROM episodes e CROSS JOIN persons c ON c.id = e.client_id WHERE e.id = :episode"""
_LIVES = """
    NOT EXISTS (
        SELECT 1 FROM persons o
            CROSS JOIN members m ON m.person = o.person
            CROSS JOIN episodes e ON e.client_id = m.client
            CROSS JOIN episode_events v ON v.episode_id = e.id
        WHERE o.id = w.client_id AND v.kind = 'closed' AND json_extract(v.event, '$.how') = 'died'
            AND NOT EXISTS (SELECT 1 FROM episode_events x WHERE x.supersedes = v.id))"""
"""Nothing waits of a client who has died; once a mistaken death is withdrawn, it waits again."""
NOTHING = {"due": None, "about": None, "paused_from": None}
"""The columns of a line that a matter may leave out."""

LONGEST_UNIT = 40
"""Characters that the name of a unit may have."""

_ABOUT = {"guarantee": "rule", "review": "track", "measurement": "occasion"}
"""What the column `about` tells of a kind."""


class Worklist(Stops):
    """The part of the store that knows what waits."""

    def worklist(
        self,
        today: datetime.date,
        *,
        own: bool = False,
        municipality: str | None = None,
        unit: str | None = None,
        limit: int = 9,
        offset: int = 0,
    ) -> list[WorkItem]:
        """What waits on a day, the most pressing first.

        Open stops; agreed contacts whose day has passed, and measurements and reviews whose day has
        come, the oldest first; legal times by their last day, those that stand still after those
        that run; results not confirmed; other drafts; episodes in which no next contact is agreed.
        `own` leaves what this worker began, `municipality` clients of one, `unit` what was begun
        there.
        """
        with self._read():
            where, values = self._choice(today, own=own, municipality=municipality, unit=unit)
            values |= {"limit": limit, "offset": offset}
            order = "ORDER BY rank, place, waits_from, w.rowid LIMIT :limit OFFSET :offset"
            return [
                _item(row, today) for row in self._rows(f"{_ITEM} WHERE {where} {order}", values)
            ]

    def count_worklist(
        self,
        today: datetime.date,
        *,
        own: bool = False,
        municipality: str | None = None,
        unit: str | None = None,
    ) -> int:
        """How many matters `worklist` has in all."""
        with self._read():
            where, values = self._choice(today, own=own, municipality=municipality, unit=unit)
            row = self._row(f"SELECT count(*) AS count FROM worklist w WHERE {where}", values)
        return int(row["count"]) if row else 0

    def _choice(
        self, today: datetime.date, *, own: bool, municipality: str | None, unit: str | None
    ) -> tuple[str, dict[str, str | int | None]]:
        """The condition of a choice of matters in the worker's reach, and its values."""
        worker = self._worker if own else None
        chosen = {"worker": worker, "municipality": municipality, "unit": unit}
        given = {column: value for column, value in chosen.items() if value is not None}
        within, home = self._within("w.client_id")
        columns = (f"w.{column} = :{column}" for column in given)
        where = " AND ".join(["w.waits_from <= :today", *columns, within, _LIVES])
        return where, {"today": today.isoformat(), **given, **home}

    def unit(self) -> str | None:
        """The unit of the worker who has signed in; None if none has been named."""
        with self._read():
            return self._standing().unit

    def units(self) -> list[str]:
        """Every unit that somebody has named, the one named last first."""
        sql = "SELECT unit FROM worker_units GROUP BY unit ORDER BY max(rowid) DESC"
        with self._read():
            return [str(row["unit"]) for row in self._rows(sql)]

    def set_unit(self, name: str) -> None:
        """Keep where the worker works from now on; the same unit again is not written.

        What the worker has begun stays with the unit in which it was begun, since its clients do;
        what was begun before the first unit belongs to that one. RefusedText for a name that is
        empty, longer than `LONGEST_UNIT`, or looks like a person's data. UnitOfOthers if others
        work there, whose clients one would see: whoever may change people says that.
        """
        plain = plain_unit(name)
        if not self.may("people") and self._others_in(plain):
            self._refuse("unit")
            raise UnitOfOthers(unit=plain)
        with self._write():
            self._put_unit(self._worker, plain)

    def _others_in(self, unit: str) -> bool:
        """Whether anybody else has ever worked in a unit, or a client was moved there."""
        sql = """
            SELECT 1 FROM worker_units WHERE unit = ? AND worker <> ? UNION ALL
            SELECT 1 FROM client_units WHERE unit = ? LIMIT 1"""
        with self._read():
            return self._row(sql, unit, self._worker, unit) is not None

    def _put_unit(self, worker: str, plain: str) -> None:
        """Keep where a worker works from now on, within a transaction."""
        if self._people().units.get(worker) == plain:
            return
        row = {
            "id": self._ids.new(),
            "worker": worker,
            "unit": plain,
            "at": self._now(),
            "by": self._worker,
        }
        self._append("worker_units", row, "unit.named", row["id"])
        sql = "UPDATE worklist SET unit = ? WHERE worker = ? AND unit IS NULL"
        self.db.execute(sql, (plain, worker))

    def _list_again(self, record: EpisodeRecord, episode: Episode, birth_year: int | None) -> None:
        """Put what an episode leaves open in the place of what it did, within a transaction."""
        # The plus keeps the engine from looking for what has no assessment, which is nearly all.
        sql = "DELETE FROM worklist WHERE episode_id = ? AND +assessment_id IS NULL"
        self.db.execute(sql, (record.id,))
        for matter in matters_of(episode, birth_year):
            self.db.execute(_LIST, {"episode": record.id, **NOTHING, **matter})


def plain_unit(name: str) -> str:
    """Return the name of a unit without needless blanks; RefusedText where it is none."""
    plain = text_guard.free("unit", name, limit=LONGEST_UNIT)
    if not plain:
        raise RefusedText("unit", "missing")
    return plain


def _item(row: dict[str, Any], today: datetime.date) -> WorkItem:
    due, paused_from = _day(row["due"]), _day(row["paused_from"])
    if due and paused_from:
        due += max(today - paused_from, datetime.timedelta())
    about = {}
    if row["about"] and row["kind"] == "next_contact":
        about = json.loads(row["about"])
    elif row["about"]:
        about = {_ABOUT[row["kind"]]: row["about"]}
    return WorkItem(
        kind=row["kind"],
        client_id=row["person"],
        client=row["client"],
        episode_id=row["episode_id"],
        assessment_id=row["assessment_id"],
        due=due,
        since=_since(row["since"]),
        paused=paused_from is not None,
        municipality=row["municipality"],
        unit=row["unit"],
        worker=row["handle"],
        wrong_client=bool(row["wrong"]),
        stops=_stops(row["stops"]),
        **about,
    )


def _stops(text: str) -> tuple[HeldStop, ...]:
    """The open stops of a draft, the most urgent first."""
    stops = [HeldStop(**row) for row in json.loads(text)]
    return tuple(sorted(stops, key=lambda stop: (URGENCY.index(stop.urgency), stop.since)))


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _since(text: str) -> datetime.date:
    """A day as it stands, or the Finnish day of an instant."""
    if len(text) == len("2026-01-31"):
        return datetime.date.fromisoformat(text)
    return finnish_day(datetime.datetime.fromisoformat(text))


def matters_of(episode: Episode, birth_year: int | None) -> Iterator[dict[str, str | None]]:
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
            "about": _who_and_when(agreed),
        }
    yield from _measurement(episode)
    yield from _reviews(episode)
    if episode.need is not None:
        yield from _legal_time(episode, episode.need.day, birth_year)


def _who_and_when(agreed: NextContact) -> str | None:
    """Who gets in touch and at what time, as one column; nothing where neither is told."""
    told = agreed.model_dump(include={"who", "role", "time"}, exclude_none=True)
    return json.dumps(told) if told else None


def _measurement(episode: Episode) -> Iterator[dict[str, str | None]]:
    """The measurement that is due first, as columns of the worklist; it may be due later only."""
    from stepping.episode.schedule import due_measurements

    last = [event.day for event in (episode.opened, *episode.measured) if event]
    for first in due_measurements(episode)[:1]:
        yield {
            "kind": "measurement",
            "since": max(last).isoformat(),
            "due": first.day.isoformat(),
            "about": first.occasion,
        }


def _reviews(episode: Episode) -> Iterator[dict[str, str | None]]:
    """What is agreed to be looked at again on each track, as columns of the worklist."""
    from stepping.episode.tracks import track_statuses

    for track in track_statuses(episode, datetime.date.min):
        if track.by is not None:
            agreed = [event.day for event in track.events if event.review_on == track.by]
            yield {
                "kind": "review",
                "since": max(agreed).isoformat(),
                "due": track.by.isoformat(),
                "about": track.track,
            }


def _legal_time(
    episode: Episode, need: datetime.date, birth_year: int | None
) -> Iterator[dict[str, str | None]]:
    """The time that runs out first, as columns of the worklist.

    Its last day is told as of a day after which nothing but an open pause can move it.
    """
    from stepping.episode.clocks import legal_deadlines

    seen = max([need, *(event.day for pause in episode.pauses for event in pause if event)])
    running = [
        (time.due, time)
        for time in legal_deadlines(episode, birth_year, seen)
        if time.due is not None and time.state != "met"
    ]
    for due, time in sorted(running, key=lambda each: each[0])[:1]:
        yield {
            "kind": "guarantee",
            "since": need.isoformat(),
            "due": due.isoformat(),
            "about": time.rule.id,
            "paused_from": seen.isoformat() if time.state == "paused" else None,
        }
