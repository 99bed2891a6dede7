"""What waits to be done, kept beside the records so that asking costs the same in any store."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from typing import Any, TypedDict, Unpack

from stepping.finland import finnish_day
from store.database.tables.v5_corrections import LIST_DRAFTS
from store.records import URGENCY, HeldStop, WorkItem
from store.repository.internal import draft_status, episodes, risk_signs, worklist_lines
from store.repository.internal.worklist_lines import CARE, DANGER
from store.session.guarded import Repository, reads, requires
from store.session.session import Session

_ITEM = f"""
    SELECT w.*, c.code AS client, c.person, k.handle,
        (SELECT b.client ISNULL FROM belongings b WHERE b.assessment_id = w.assessment_id) AS wrong,
        (SELECT json_group_array(json_object(
                'stop', o.stop, 'urgency', o.urgency, 'floor', o.floor, 'since', o.since))
            FROM open_stops o WHERE o.assessment_id = w.assessment_id) AS stops,
        {risk_signs.glances_of("c.person")} AS risk
    FROM worklist w
        CROSS JOIN persons c ON c.id = w.client_id
        CROSS JOIN workers k ON k.id = w.worker"""

_LIVES = """
    NOT EXISTS (
        SELECT 1 FROM persons o
            CROSS JOIN members m ON m.person = o.person
            CROSS JOIN episodes e ON e.client_id = m.client
            CROSS JOIN episode_events v ON v.episode_id = e.id
        WHERE o.id = w.client_id AND v.kind = 'closed' AND json_extract(v.event, '$.how') = 'died'
            AND NOT EXISTS (SELECT 1 FROM episode_events x WHERE x.supersedes = v.id))"""
"""Nothing waits of a client who has died; once a mistaken death is withdrawn, it waits again."""

_ASSESSMENTS_ENDED = """
    SELECT min(n.kind IS 'abandoned' AND a.started_at <= e.created_at AND EXISTS (
        SELECT 1 FROM episode_assessments x WHERE x.assessment_id = a.id AND x.episode_id = e.id
            AND x.at <= strftime('%Y-%m-%dT%H:%M:%fZ', e.created_at, '+2 seconds')))
    FROM (SELECT assessment_id FROM episode_assessments WHERE episode_id = w.episode_id UNION ALL
            SELECT assessment_id FROM assessment_moves WHERE episode_id = w.episode_id) m
        CROSS JOIN belongings b ON b.assessment_id = m.assessment_id
        CROSS JOIN assessments a ON a.id = m.assessment_id
        CROSS JOIN episodes e ON e.id = b.episode_id
        LEFT JOIN closings n ON n.assessment_id = a.id
    WHERE b.episode_id = w.episode_id"""

_STILL_WAITS = f"""
    (w.kind <> 'no_next_contact'
    OR EXISTS (
        SELECT 1 FROM episode_events v
        WHERE v.episode_id = w.episode_id AND v.kind <> 'withdrawn'
            AND (v.kind <> 'opened' OR json_extract(v.event, '$.referrer') NOTNULL)
            AND NOT EXISTS (SELECT 1 FROM episode_events x WHERE x.supersedes = v.id))
    OR coalesce(({_ASSESSMENTS_ENDED}), 0) = 0)"""
"""Whether a line `w` waits for somebody: not that of an episode which holds nothing.

An episode was once opened before the step was confirmed, and it still is for the contact of a
safety step. If that is withdrawn and the assessment ended without a step, the episode is left with
its opening alone. Care never began, and there is nothing to agree on. One that a nurse opened, or
for somebody who referred the client, waits all the same: no hand opens an episode and goes on with
a draft within two seconds.
"""

_HAS_COME = """
    w.waits_from <= :tomorrow AND (w.waits_from <= :today OR w.kind = 'next_contact')"""
"""Whether the day of a line has come; `waits_from` of an agreed contact is the day after."""

_CONTACTS = "w.rank = 1 AND w.place BETWEEN :first AND :last AND w.kind = 'next_contact'"
"""Whether a line is a contact agreed for some days; the rank leads into the index."""

_TIME = "json_extract(w.about, '$.time')"

_WITH_LINES = "WHERE e.id IN (SELECT episode_id FROM worklist WHERE +assessment_id IS NULL)"
"""Leaves the episodes of which something is listed."""

_ABOUT = {"review": "track", "measurement": "occasion"}
"""What the column `about` holds for a kind of matter; of the others it holds a JSON object."""


class Choice(TypedDict, total=False):
    """Which matters are listed of all that there are; what is not chosen leaves none out."""

    own: bool
    """Whether only those that this worker began."""
    municipality: str | None
    """The municipality whose clients alone are listed."""
    unit: str | None
    """The unit in which they were begun."""


class Worklist(Repository):
    """What waits to be done."""

    @requires("read")
    def bring_up_to_date(self) -> None:
        """List anew what follows the site's tracks and deadlines, if these have changed since."""
        session = self.session
        digest = session.care.digest
        if session.db.get_setting(CARE) == digest:
            return
        with session.writing():
            session.put_setting({"key": CARE, "value": digest})
            _list_episodes(session, _WITH_LINES)

    @reads("read")
    def list_items(
        self,
        today: datetime.date,
        *,
        limit: int = 9,
        offset: int = 0,
        **choice: Unpack[Choice],
    ) -> list[WorkItem]:
        """Return what waits on a day, the most pressing first.

        Open stops; typed items on suicide that nobody has assessed; agreed contacts, measurements
        and reviews whose day has come or has passed, the oldest first; legal times by their last
        day, those that stand still after those that run; results not confirmed; other
        drafts; episodes in which no next contact is agreed.
        """
        where, values = _waiting(self.session, today, **choice)
        values |= {"limit": limit, "offset": offset}
        order = "ORDER BY rank, place, waits_from, w.rowid LIMIT :limit OFFSET :offset"
        return [
            _item(row, today) for row in self.session.rows(f"{_ITEM} WHERE {where} {order}", values)
        ]

    @reads("read")
    def list_contacts(
        self,
        first: datetime.date,
        last: datetime.date,
        *,
        limit: int = 9,
        offset: int = 0,
        **choice: Unpack[Choice],
    ) -> list[WorkItem]:
        """Return the contacts that are agreed from one day to another, the earliest first.

        One that has been met is none of them.
        """
        where, values = _agreed(self.session, first, last, **choice)
        values |= {"limit": limit, "offset": offset}
        order = f"ORDER BY rank, place, {_TIME}, w.rowid LIMIT :limit OFFSET :offset"
        return [
            _item(row, first) for row in self.session.rows(f"{_ITEM} WHERE {where} {order}", values)
        ]

    @reads("read")
    def count_contacts(
        self,
        first: datetime.date,
        last: datetime.date,
        *,
        at_most: int = -1,
        **choice: Unpack[Choice],
    ) -> int:
        """Return how many contacts `list_contacts` has in all; it stops at `at_most`, if any."""
        where, values = _agreed(self.session, first, last, **choice)
        return self._count(where, values, at_most)

    @reads("read")
    def count_items(
        self,
        today: datetime.date,
        *,
        at_most: int = -1,
        **choice: Unpack[Choice],
    ) -> int:
        """Return how many matters `list_items` has in all; it stops at `at_most`, if any."""
        where, values = _waiting(self.session, today, **choice)
        return self._count(where, values, at_most)

    @reads("read")
    def list_drafts(self, assessment_ids: Sequence[str], today: datetime.date) -> list[WorkItem]:
        """Return the matters that some drafts are, in the order of their ids."""
        sql = f"""
            {_ITEM} WHERE w.assessment_id IN (SELECT value FROM json_each(:ids)) AND {{within}}"""
        within, home = self.session.reach_condition("w.client_id")
        values = {"ids": json.dumps([*assessment_ids]), **home}
        rows = self.session.rows(sql.format(within=within), values)
        found = {row["assessment_id"]: _item(row, today) for row in rows}
        return [found[id_] for id_ in assessment_ids if id_ in found]

    def _count(self, where: str, values: dict[str, Any], at_most: int) -> int:
        sql = f"SELECT count(*) AS count FROM (SELECT 1 FROM worklist w WHERE {where} LIMIT :most)"
        row = self.session.row(sql, {**values, "most": at_most})
        return int(row["count"]) if row else 0


def list_all(session: Session) -> None:
    """Make the worklist, the open stops and the signs of risk anew, within a transaction.

    Of a draft whose pathway cannot be read, what was known is carried over.
    """
    marked = "SELECT kind, assessment_id FROM worklist WHERE assessment_id IS NOT NULL"
    drafts = session.db.execute(f"{marked} AND kind <> 'draft'").fetchall()
    session.db.execute("DELETE FROM worklist")
    session.db.execute(LIST_DRAFTS)
    for draft in drafts:
        session.db.execute("UPDATE worklist SET kind = ? WHERE assessment_id = ?", draft)
    draft_status.keep_all(session)
    risk_signs.keep_all(session)
    from store.repository.internal.summary import keeping

    keeping.keep_all_assessments(session)
    _list_episodes(session)


def _list_episodes(session: Session, which: str = "") -> None:
    """List anew what episodes leave open, all or those of a condition, and what reports count."""
    from store.repository.internal.summary import keeping

    for row in session.rows(f"{episodes.EPISODE} {which} ORDER BY e.seq"):
        told = episodes.replay_events(session, row)
        worklist_lines.list_episode(session, *told)
        keeping.keep_episode(session, told)


def _waiting(
    session: Session, today: datetime.date, **choice: Unpack[Choice]
) -> tuple[str, dict[str, str | int | None]]:
    """Return the condition of what waits on a day, and its values."""
    within, values = _reach(session, **choice)
    tomorrow = (today + datetime.timedelta(days=1)).isoformat()
    return f"{_HAS_COME} AND {within}", {**values, "today": today.isoformat(), "tomorrow": tomorrow}


def _agreed(
    session: Session, first: datetime.date, last: datetime.date, **choice: Unpack[Choice]
) -> tuple[str, dict[str, str | int | None]]:
    """Return the condition of the contacts that are agreed for some days, and its values."""
    within, values = _reach(session, **choice)
    days = {"first": first.isoformat(), "last": last.isoformat()}
    return f"{_CONTACTS} AND {within}", {**values, **days}


def _reach(
    session: Session,
    *,
    own: bool = False,
    municipality: str | None = None,
    unit: str | None = None,
) -> tuple[str, dict[str, str | int | None]]:
    """Return the condition of a choice of matters in the worker's reach, and its values."""
    worker = session.worker_id if own else None
    chosen = {"worker": worker, "municipality": municipality, "unit": unit}
    given = {column: value for column, value in chosen.items() if value is not None}
    within, home = session.reach_condition("w.client_id")
    columns = (f"w.{column} = :{column}" for column in given)
    return " AND ".join([*columns, within, _LIVES, _STILL_WAITS]), {**given, **home}


def _item(row: dict[str, Any], today: datetime.date) -> WorkItem:
    due, paused_from = _day(row["due"]), _day(row["paused_from"])
    if due and paused_from:
        due += max(today - paused_from, datetime.timedelta())
    name = _ABOUT.get(row["kind"])
    about: dict[str, Any] = {name: row["about"]} if name else json.loads(row["about"] or "{}")
    if about.get("occasion") == DANGER:
        due = _since(row["since"])
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
        risk=risk_signs.read_glances(row["risk"]),
        **about,
    )


def _stops(text: str) -> tuple[HeldStop, ...]:
    """Return the open stops of a draft, the most urgent first."""
    stops = [HeldStop(**row) for row in json.loads(text)]
    return tuple(sorted(stops, key=lambda stop: (URGENCY.index(stop.urgency), stop.since)))


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _since(text: str) -> datetime.date:
    """Return a day as it stands, or the Finnish day of an instant."""
    if len(text) == len("2026-01-31"):
        return datetime.date.fromisoformat(text)
    return finnish_day(datetime.datetime.fromisoformat(text))
