"""How long an assessment is kept: until its note is in the patient record, and some days more.

Porras is a work aid beside the patient record. What was decided belongs in the record, and the
nurse says that it is there; what is kept here after that only serves to look something up.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from store.audit.origin import app_version
from store.errors import N_, NotConfirmed
from store.repository.internal import assessments
from store.retention.untold import list_untold
from store.session.guarded import OPEN_TO_ALL, reads, requires, writes
from store.session.session import Session
from store.times import to_iso_utc

DAYS, SHORTEST, LONGEST = 30, 1, 365
"""Days for which an assessment is kept once nothing else keeps it: usually, at least, at most."""

SETTING = "retention.days"

Why = Literal["open_stop", "open_episode", "not_taken", "changed", "draft", "waits"]

WHY: Mapping[Why, str] = {
    "open_stop": N_("kept: a safety stop is open in a draft"),
    "open_episode": N_("kept: the episode of care is open, and follow-up needs its baseline"),
    "not_taken": N_("kept: the note has not been taken to the patient record"),
    "changed": N_("kept: its episode of care has entries since the note was taken"),
    "draft": N_("kept: a draft, to be confirmed or abandoned first"),
    "waits": N_("kept until {day}"),
}
"""The rule that keeps something, as a message id; the first one that applies is shown."""

# An assessment is ready when its note is in the record, or it was abandoned or marked as of the
# wrong client; an episode when it is closed. A note counts only in the record of
# the client whose the assessment is now. What is recorded later, such as a safety step or an entry
# of the episode, counts anew. An open episode always waits for something. Of the reasons the last
# by alphabet is the strongest, which max() relies on, but of "changed" and "draft" either will do.
_PARTS = f"""
    SELECT a.place AS client_id, a.episode_id, a.id,
        CASE WHEN d.id IS NOT NULL AND a.client NOTNULL
                AND coalesce(taken, '') < max(coalesce(acted, '0'), coalesce(moved, '0'))
             THEN 'not_taken'
             WHEN EXISTS (SELECT 1 FROM open_stops o WHERE o.assessment_id = a.id)
             THEN 'open_stop'
             WHEN d.id IS NULL AND c.at IS NULL THEN 'draft' END AS why,
        max(coalesce(taken, c.at, a.started_at), coalesce(acted, ''), coalesce(marked, '')) AS since
    FROM (
        SELECT x.id, x.started_at, b.client, b.place, b.episode_id,
            (SELECT max(at) FROM taken t WHERE t.assessment_id = x.id) AS taken,
            (SELECT max(at) FROM safety s WHERE s.assessment_id = x.id) AS acted,
            (SELECT max(at) FROM assessment_moves m
                WHERE m.assessment_id = x.id AND m.kind = 'moved') AS moved,
            (SELECT max(at) FROM assessment_moves m WHERE m.assessment_id = x.id) AS marked
        FROM assessments x CROSS JOIN belongings b ON b.assessment_id = x.id
    ) a
        LEFT JOIN decisions d ON d.assessment_id = a.id
        LEFT JOIN closings c ON c.assessment_id = a.id
    WHERE {{chosen_a}}
    UNION ALL
    SELECT e.client_id, e.id, NULL,
        CASE WHEN EXISTS (SELECT 1 FROM worklist w
                          WHERE w.episode_id = e.id AND +w.assessment_id IS NULL)
             THEN 'open_episode'
             WHEN EXISTS ({list_untold("e.id")}) THEN 'changed' END,
        coalesce((SELECT max(v.at) FROM episode_events v WHERE v.episode_id = e.id), e.created_at)
    FROM episodes e
    WHERE {{chosen_e}}
    UNION ALL
    SELECT c.id, NULL, NULL, NULL, max(c.created_at, coalesce((
        SELECT max(n.at) FROM members m CROSS JOIN safety_plans s ON s.client_id = m.client
            CROSS JOIN plan_points n ON n.plan_id = s.id
        WHERE m.person = c.id AND s.assessment_id ISNULL), '')) FROM persons c
    WHERE c.person = c.id AND {{chosen_c}}
        AND NOT EXISTS (
            SELECT 1 FROM members m CROSS JOIN assessments a ON a.client_id = m.client
            WHERE m.person = c.id)
        AND NOT EXISTS (
            SELECT 1 FROM members m CROSS JOIN assessment_moves x ON x.client = m.client
                CROSS JOIN belongings b ON b.assessment_id = x.assessment_id AND b.place = m.client
            WHERE m.person = c.id)
        AND NOT EXISTS (
            SELECT 1 FROM members m CROSS JOIN episodes e ON e.client_id = m.client
            WHERE m.person = c.id)"""

_ALL = _PARTS.format(chosen_a="TRUE", chosen_e="TRUE", chosen_c="TRUE")
_CHOSEN = "IN (SELECT value FROM json_each(:clients))"
_OF = _PARTS.format(
    chosen_a=f"""a.place {_CHOSEN} AND a.id IN (
        SELECT id FROM assessments WHERE client_id {_CHOSEN} UNION
        SELECT assessment_id FROM assessment_moves WHERE client {_CHOSEN})""",
    chosen_e=f"e.client_id {_CHOSEN}",
    chosen_c=f"c.id {_CHOSEN}",
)

_BUNDLES = """
    SELECT p.client_id, c.code, p.episode_id, json_group_array(p.id) FILTER (WHERE p.id NOT NULL),
        max(p.why), max(p.since)
    FROM ({parts}) p JOIN clients c ON c.id = p.client_id
    GROUP BY coalesce(p.episode_id, p.id, p.client_id)
    ORDER BY max(p.since), p.client_id"""

_READY_CLIENTS = """
    SELECT DISTINCT b.place FROM (
        SELECT assessment_id FROM taken WHERE at <= :limit
        UNION ALL SELECT assessment_id FROM closings WHERE at <= :limit
    ) ready CROSS JOIN belongings b ON b.assessment_id = ready.assessment_id
    LIMIT :clients"""

_COUNT = f"""
    SELECT coalesce(sum(assessments), 0) FROM (
        SELECT count(id) AS assessments FROM ({_OF})
        GROUP BY coalesce(episode_id, id, client_id)
        HAVING max(why) IS NULL AND max(since) <= :limit
    )"""

_COUNTED_CLIENTS = 200
"""Clients among whom is counted, so that a start takes no longer where nobody ever purges."""


class Bundle(NamedTuple):
    """What is deleted together or not at all: an assessment, or an episode with all of its own.

    A client without either is a bundle as well.
    """

    client_id: str
    client: str
    """The client's code."""
    episode_id: str | None
    assessments: tuple[str, ...]
    why: Why | None
    """What keeps it; None if it is due."""
    until: datetime
    """When its days are over; of no meaning while something else keeps it."""


class Transfer(NamedTuple):
    """When a note was last taken to the patient record, and by whom (a staff code)."""

    at: datetime
    by: str
    note: str | None = None
    """What the note was like then, as it was handed in; `None` where nobody kept it."""


def written_by() -> str:
    """Return the version of the program that composes notes now; empty where it is not known."""
    return app_version() or ""


@writes("care")
def mark_transferred(session: Session, assessment_id: str, note: str | None = None) -> Transfer:
    """Keep that the note is in the patient record; a second time is kept only after a change.

    `note` says what it is like, as JSON without any of its words.

    Raises:
        UnknownRecord: If there is no such assessment.
        NotConfirmed: If it has no decision to be recorded.
    """
    assessments.require_assessment(session, assessment_id)
    if not session.row("SELECT 1 FROM decisions WHERE assessment_id = ?", assessment_id):
        raise NotConfirmed
    before = transfer_of(session, assessment_id)
    if before and note in (None, before.note):
        return before
    row = session.new_row(assessment_id=assessment_id, note=note)
    session.append("taken", row, "taking.noted")
    return Transfer(datetime.fromisoformat(row["at"]), session.handle, note)


_UNCHANGED = f"""
    t.at >= coalesce((SELECT max(at) FROM safety WHERE assessment_id = :id), '')
    AND t.at >= coalesce((SELECT max(at) FROM assessment_moves
        WHERE assessment_id = :id AND kind = 'moved'), '')
    AND :id NOT IN (
        {list_untold("(SELECT episode_id FROM belongings WHERE assessment_id = :id)")})"""
"""Whether a note `t` has been taken since what it tells changed last."""


@reads("read")
def transfer_of(session: Session, assessment_id: str) -> Transfer | None:
    """Return when the note as it is now came to the record; None if not, or if changed since."""
    return _newest(session, assessment_id, _UNCHANGED)


@reads("read")
def last_transfer(session: Session, assessment_id: str) -> Transfer | None:
    """Return when the note came to the record last, whatever has changed since; None if never."""
    return _newest(session, assessment_id)


def _newest(session: Session, assessment_id: str, where: str = "1") -> Transfer | None:
    sql = f"""
        SELECT t.at, w.handle, t.note FROM taken t JOIN workers w ON w.id = t."by"
        WHERE t.assessment_id = :id AND {where} ORDER BY t.rowid DESC LIMIT 1"""
    found = session.db.execute(sql, {"id": assessment_id}).fetchone()
    return Transfer(datetime.fromisoformat(found[0]), *found[1:]) if found else None


@reads(OPEN_TO_ALL)
def get_days(session: Session) -> int:
    """Return for how many days this site keeps what is ready to be deleted."""
    return int(session.db.get_setting(SETTING) or DAYS)


@writes("site")
def set_days(session: Session, count: int) -> None:
    """Keep for how many days this site keeps what is ready; ValueError outside 1–365."""
    check_days(count)
    session.put_setting({"key": SETTING, "value": str(count)})


def check_days(count: int) -> None:
    """Refuse a number of days that is not allowed.

    Raises:
        ValueError: If it is outside 1–365.
    """
    if not SHORTEST <= count <= LONGEST:
        raise ValueError(f"{count} is not {SHORTEST}–{LONGEST} days")


@reads(OPEN_TO_ALL)
def count_due(session: Session) -> int:
    """Return how many assessments are due now; of some two hundred clients at most."""
    limit = find_limit(session, get_days(session))
    values = {"limit": limit, "clients": _COUNTED_CLIENTS}
    ready = [row[0] for row in session.db.execute(_READY_CLIENTS, values)]
    values = {"limit": limit, "clients": json.dumps(ready)}
    return int(session.db.execute(_COUNT, values).fetchone()[0])


def list_bundles(
    session: Session, kept_for: int, clients: Collection[str] | None = None
) -> list[Bundle]:
    """Return what there is to delete or to keep, in the order in which it becomes due.

    `kept_for` in days, 0 for at once. `clients` are ids; all by default. Only within a transaction.
    """
    parts = _ALL if clients is None else _OF
    values = {"clients": json.dumps(list(clients or ()))}
    limit = find_limit(session, kept_for)
    wait = timedelta(days=kept_for)
    found = session.db.execute(_BUNDLES.format(parts=parts), values)
    return [
        Bundle(
            client,
            code,
            episode,
            tuple(json.loads(assessments)),
            why or ("waits" if since > limit else None),
            datetime.fromisoformat(since) + wait,
        )
        for client, code, episode, assessments, why, since in found.fetchall()
    ]


@requires("upkeep")
def survey(session: Session, kept_for: int | None = None) -> list[Bundle]:
    """Return what there is, as `list_bundles`, for the days of this site or `kept_for`.

    That it was seen is logged.
    """
    session.log_event("view.retention")
    with session.reading():
        return list_bundles(session, get_days(session) if kept_for is None else kept_for)


def find_limit(session: Session, kept_for: int) -> str:
    """Return the instant by which something must have become ready to be due now."""
    return to_iso_utc(session.clock() - timedelta(days=kept_for))
