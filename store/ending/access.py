"""Everything that is held on a client: what a client may ask to see, and who has seen it.

Source: GDPR article 15; Finnish Act 703/2023, section 11, for who has used the data.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple

from store import engine
from store.ending import holdings
from store.errors import UnknownRecord
from store.log import trail
from store.session import Session

_JSON = frozenset({"value", "decision", "event"})
"""Columns that hold JSON."""


class Held(NamedTuple):
    """What the store holds on a client at an instant.

    `tables` are rows by table, with every column; workers go by their staff codes.
    """

    at: datetime
    tables: dict[str, list[dict[str, Any]]]
    log: list[trail.Entry]


def held_on(session: Session, client_id: str) -> Held:
    """Read all that is held on a client, to be handed out; it is logged before it is read.

    Raises UnknownRecord, NotAllowed or OtherUnit.
    """
    session.need("read", client_id=client_id)
    session.need("who")
    with session._write():
        if not session._row("SELECT 1 FROM clients WHERE id = ?", client_id):
            raise UnknownRecord
        session._log("export.access", client_id)
    log = trail.uses(session, client_id)
    db = session.db
    with engine.reading(db):
        handles = dict(db.execute("SELECT id, handle FROM workers").fetchall())
        workers = {
            (link.table, link.columns[0]) for link in holdings.links(db) if link.parent == "workers"
        }
        tables = {
            table: [
                {
                    name: handles.get(value, value)
                    if (table, name) in workers
                    else _read(name, value)
                    for name, value in row.items()
                }
                for row in holdings.rows(db, table, numbers)
            ]
            for table, numbers in sorted(holdings.below(db, {"clients": [client_id]}).items())
        }
    return Held(session._clock(), tables, log)


def _read(name: str, value: Any) -> Any:
    return json.loads(value) if name in _JSON and value is not None else value
