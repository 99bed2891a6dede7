"""Finds what an episode of care has been told since its notes were taken to the patient record."""

from __future__ import annotations


def list_untold(episode: str) -> str:
    """Return a query for the assessments whose notes tell what no note in the record tells.

    `episode` is SQL for the id of an episode. An entry stands in the note of the measurement before
    it and in that of the one after it: one of them has to be taken later than it was written. Of an
    episode without a measurement there is no note.
    """
    return f"""
        SELECT coalesce(v.own, v.following) FROM (
            SELECT x.at,
                ({_measured("(m.day, m.seq) <= (x.day, x.seq)", "DESC")}) AS own,
                ({_measured("(m.day, m.seq) > (x.day, x.seq)", "ASC")}) AS following
            FROM episode_events x WHERE x.episode_id = {episode}
        ) v
        WHERE coalesce(v.own, v.following) NOTNULL AND v.at > coalesce((
            SELECT max(t.at) FROM taken t WHERE t.assessment_id IN (v.own, v.following)), '')"""


def _measured(where: str, order: str) -> str:
    """Return a query for the assessment of the nearest measurement that stands."""
    return f"""
        SELECT json_extract(m.event, '$.assessment') FROM episode_events m
        WHERE m.episode_id = x.episode_id AND m.kind = 'measured' AND {where}
            AND NOT EXISTS (SELECT 1 FROM episode_events w WHERE w.supersedes = m.id)
        ORDER BY m.day {order}, m.seq {order} LIMIT 1"""
