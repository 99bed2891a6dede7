"""A hand in the file that changes what the tables guard, and puts the guard back."""

from __future__ import annotations

from store.repository.store import Store


def without_guard(store: Store, trigger: str, *changes: str) -> None:
    """Run SQL that a trigger refuses; the trigger is there again afterwards."""
    sql = "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?"
    (again,) = store.db.execute(sql, (trigger,)).fetchone()
    store.db.execute(f"DROP TRIGGER {trigger}")
    for change in changes:
        store.db.execute(change)
    store.db.execute(again)
