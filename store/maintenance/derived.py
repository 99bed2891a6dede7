"""Whether what is derived from the records still fits them: drafts and what waits, stops, risk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from store.repository.internal import draft_status, kept_sums, risk_signs
from store.repository.internal.episodes import EPISODE, replay_events
from store.repository.internal.summary import keeping
from store.repository.internal.worklist_lines import BY_CARE, CARE, NOTHING, matters_of
from store.repository.store import Store

_UNFINISHED = """
    SELECT id FROM assessments EXCEPT SELECT assessment_id FROM decisions
    EXCEPT SELECT assessment_id FROM closings"""
_DRAFTS = "SELECT assessment_id FROM drafts"
_LISTED = "SELECT assessment_id FROM worklist WHERE assessment_id IS NOT NULL"
_PAIRS = ((_UNFINISHED, _DRAFTS), (_DRAFTS, _UNFINISHED), (_DRAFTS, _LISTED), (_LISTED, _DRAFTS))


def drafts_astray(store: Store) -> int:
    """Return how many drafts are not listed as they should be, within a transaction."""
    sql = "SELECT count(*) FROM (SELECT * FROM ({a}) EXCEPT SELECT * FROM ({b}))"
    return sum(int(store.db.execute(sql.format(a=a, b=b)).fetchone()[0]) for a, b in _PAIRS)


def drafts(store: Store) -> list[str]:
    """Return the ids of all drafts."""
    return [str(row[0]) for row in store.db.execute(_UNFINISHED).fetchall()]


def stops_fit(store: Store, assessment_id: str) -> bool:
    """Return whether the open stops of a draft are those that its answers and steps leave open.

    Of one that is none any more, or whose pathway or answers cannot be read, nothing is known.
    """
    try:
        held = draft_status.held_now(store, assessment_id)
    except (TypeError, ValueError, KeyError):
        return True
    sql = "SELECT stop, urgency, floor FROM open_stops WHERE assessment_id = ?"
    kept = {tuple(row.values()) for row in store.rows(sql, assessment_id)}
    return held is None or kept == held


def risk_fits(store: Store, assessment_id: str) -> bool:
    """Return whether the signs of risk of a draft are those that its entries tell.

    Those of one that is closed stay as they were: its client's card may have changed since.
    """
    try:
        told = risk_signs.find(store, assessment_id)
    except (TypeError, ValueError, KeyError):
        return True
    kept = store.rows("SELECT * FROM risk_signs WHERE assessment_id = ?", assessment_id)
    return told is None or _alike(told) == _alike(kept)


def episodes(store: Store) -> list[dict[str, Any]]:
    """Return every episode, as `matters_fit` takes it."""
    return store.rows(f"{EPISODE} ORDER BY e.seq")


def matters_fit(store: Store, episode: dict[str, Any]) -> bool:
    """Return whether the worklist tells what an episode leaves open.

    What follows the site's tracks and deadlines is compared only where every line was made by
    those of now: a file that was edited, or that cannot be read today, is no damage.
    """
    told, care = replay_events(store, episode), store.care
    found = matters_of(told.episode, told.birth_year, care)
    matters = [{**NOTHING, **each} for each in found]
    columns = "kind, since, due, about, paused_from"
    sql = f"SELECT {columns} FROM worklist WHERE episode_id = ? AND +assessment_id IS NULL"
    listed = store.rows(sql, told.record.id)
    if store.db.get_setting(CARE) != care.digest:
        matters, listed = (
            [row for row in rows if row["kind"] not in BY_CARE] for rows in (matters, listed)
        )
    return _alike(matters) == _alike(listed)


def summary_fits(store: Store, episode: dict[str, Any]) -> bool:
    """Return whether the rows that reports count of an episode are those that it tells now.

    The times of the law follow the site's deadlines: they are compared only as `matters_fit` does.
    """
    known = store.db.get_setting(CARE) == store.care.digest
    return keeping.rows_fit(store, replay_events(store, episode), times=known)


def assessment_summary_fits(store: Store, assessment_id: str) -> bool:
    """Return whether the rows that reports count of an assessment are those that it tells now."""
    return keeping.assessment_rows_fit(store, assessment_id)


def sums_astray(store: Store) -> int:
    """Return how many sums that were kept for reports differ from what their rows tell."""
    return kept_sums.count_astray(store)


def closed(store: Store) -> list[str]:
    """Return the ids of all assessments that are closed."""
    sql = "SELECT assessment_id FROM decisions UNION SELECT assessment_id FROM closings"
    return [str(row[0]) for row in store.db.execute(sql).fetchall()]


def _alike(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return rows in a form that does not depend on any order."""
    return sorted(str(sorted(row.items())) for row in rows)
