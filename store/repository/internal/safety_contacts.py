"""The next contacts that safety steps agree, kept in the episode of the client."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from stepping.finland import finnish_day
from store.records import AgreedContact
from store.repository.internal import episodes
from store.session.session import Session

if TYPE_CHECKING:
    from stepping.episode.events import NextContact


AGREED = """
    SELECT v.id, v.episode_id, v.event, json_extract(v.event, '$.safety') AS safety
    FROM belongings b
        CROSS JOIN persons o ON o.id = b.client
        CROSS JOIN persons p ON p.person = o.person
        CROSS JOIN episodes e ON e.client_id = p.id
        CROSS JOIN episode_events v ON v.episode_id = e.id
    WHERE b.assessment_id = ? AND v.kind = 'next_contact'
        AND json_extract(v.event, '$.safety') IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM episode_events w WHERE w.supersedes = v.id)"""
"""The contacts that safety steps of a client agreed, and that stand."""

_HAD_AGREED = """
    SELECT v.event, max(v.rowid) AS newest
    FROM safety s CROSS JOIN episode_events v ON json_extract(v.event, '$.safety') = s.id
    WHERE s.assessment_id = ? AND s.done = 1 AND v.kind = 'next_contact'
        AND NOT EXISTS (SELECT 1 FROM safety t WHERE t.supersedes = s.id)
    GROUP BY s.id ORDER BY s.rowid"""
"""The contacts that the safety steps of an assessment had agreed, whether or not they stand."""


def agree(
    session: Session,
    assessment_id: str,
    agreed: AgreedContact | None,
    safety: str,
    before: str | None,
) -> None:
    """Let the episode have the contact that a safety step agrees, within a transaction.

    `safety` is the row of the step and `before` the one that it takes the place of; what that
    agreed is corrected, or withdrawn where nothing is agreed any more. Where the client is in
    no episode, one begins: care has begun.
    """
    if agreed is None and before is None:
        return
    from stepping.episode.events import NextContact

    was = {row["safety"]: row for row in session.rows(AGREED, assessment_id)}.get(before)
    if agreed is None:
        if was is not None:
            told = episodes.read(session, was["episode_id"])
            episodes.withdraw_entry(session, told, was["id"])
        return
    if was is not None:
        told = episodes.read(session, was["episode_id"])
    else:
        told = episodes.join_open(session, assessment_id)
    given = agreed.model_dump(exclude_none=True)
    event = NextContact(day=finnish_day(session.clock()), safety=safety, **given)
    supersedes = was["id"] if was else None
    episodes.add_event(session, told, episodes.guard_texts(event), supersedes=supersedes)


def read_agreed(session: Session, assessment_id: str) -> dict[str, AgreedContact]:
    """Return the contacts that safety steps agreed and that stand, by the id of the step's row."""
    found = {}
    for row in session.rows(AGREED, assessment_id):
        told = json.loads(row["event"])
        kept = {name: told[name] for name in AgreedContact.model_fields if name in told}
        found[row["safety"]] = AgreedContact(**kept)
    return found


def withdraw_agreed(session: Session, assessment_id: str) -> list[NextContact]:
    """Withdraw the contacts that an assessment's safety steps agreed; return them."""
    sql = "SELECT 1 FROM safety WHERE id = ? AND assessment_id = ?"
    left = []
    for row in session.rows(AGREED, assessment_id):
        if session.row(sql, row["safety"], assessment_id) is not None:
            told = episodes.read(session, row["episode_id"])
            episodes.withdraw_entry(session, told, row["id"])
            left.append(_contact(row["event"]))
    return left


def read_once_agreed(session: Session, assessment_id: str) -> list[NextContact]:
    """Return the contacts that an assessment's safety steps had agreed, withdrawn since or not."""
    return [_contact(row["event"]) for row in session.rows(_HAD_AGREED, assessment_id)]


def _contact(event: str) -> NextContact:
    from stepping.episode.events import NextContact

    return NextContact.model_validate_json(event)
