"""Which clients a worker may reach: the unit that a client belongs to, as SQL."""

from __future__ import annotations

from collections.abc import Mapping

from store.database.tables.v3_units import unit_then

_UNIT = f"""
    (SELECT coalesce(
        (SELECT m.unit FROM client_units m WHERE m.client = h.person
            ORDER BY m.rowid DESC LIMIT 1),
        {unit_then("h.created_by", "h.created_at")})
    FROM persons h WHERE h.id = {{client}})"""

RECORDS: Mapping[str, str] = {
    "client_id": "?",
    "other_id": "?",
    "assessment_id": "(SELECT place FROM belongings WHERE assessment_id = ?)",
    "episode_id": "(SELECT client_id FROM episodes WHERE id = ?)",
}
"""The arguments by which methods name a record, and whose client that is, as SQL."""


def unit_of(client: str) -> str:
    """Return SQL for the unit that a client belongs to, NULL for none; `client` is a column or `?`.

    It is the one that the client was moved to last, else that in which whoever added the client
    worked then. Of several codes of one person the one that stands counts.
    """
    return _UNIT.format(client=client)
