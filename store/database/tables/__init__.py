"""The texts of the tables, a file for each version that brought some; none is changed any more."""

from __future__ import annotations

from store.database.tables import v4_staff, v5_corrections, v10_safety_plans

MAY_BE_PURGED = (
    v4_staff.MAY_BE_PURGED | v5_corrections.MAY_BE_PURGED | v10_safety_plans.MAY_BE_PURGED
)
"""Every table whose records may be deleted, with the first word and the id of their events."""
