"""The texts of the tables, a file for each version that brought some; none is changed any more."""

from __future__ import annotations

from store.tables import corrections, people

MAY_BE_PURGED = people.MAY_BE_PURGED | corrections.MAY_BE_PURGED
"""Every table whose records may be deleted, with the first word and the id of their events."""
