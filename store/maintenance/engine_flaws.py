"""Faults of SQLite and SQLCipher that are known, and whether they lie in what Porras uses of them.

The one for which an engine is refused outright, that of the write-ahead log which was mended in
3.51.3, stands in `engine.affected_by_wal_reset`; older versions than it lets pass are not listed.
Porras runs no SQL but its own and has no full-text index, which most records are about. As of
`AS_OF`: the CVE records (osv.dev, github.com/CVEProject/cvelistV5), the changes of SQLite
(sqlite.org/changes.html) and of SQLCipher (its CHANGELOG.md), read on that day.
"""

from __future__ import annotations

from store.maintenance.openssl import Flaw

AS_OF = "2026-11-30"
"""The day on which the lists were made."""

SQLITE = (
    # Withdrawn by its makers within days (March 2026); 3.51.3 took its place.
    Flaw("3.52.0 was withdrawn", (("3.52.0", "3.52.1"),), ("engine",)),
    # More columns in an aggregate than the counter holds: needs SQL of somebody else's.
    Flaw("CVE-2025-6965", (("3.0.0", "3.50.2"),)),
    # Full-text indexes (FTS5, FTS3).
    Flaw("CVE-2026-11822", (("3.0.0", "3.53.2"),)),
    Flaw("CVE-2026-11824", (("3.0.0", "3.53.2"),)),
    Flaw("CVE-2026-119372", (("3.0.0", "3.54.0"),)),
    Flaw("CVE-2026-119373", (("3.0.0", "3.54.0"),)),
    Flaw("CVE-2026-119374", (("3.0.0", "3.54.0"),)),
)

SQLCIPHER = (
    # A page that could not be encrypted while a write-ahead log was in use.
    Flaw("damage after a failed page, mended in 4.4.2", (("4.0.0", "4.4.2"),), ("engine",)),
    # Pragmas and exports that only SQL of somebody else's would use so.
    Flaw("CVE-2020-27207", (("4.0.0", "4.4.1"),)),
    Flaw("CVE-2021-3119", (("4.0.0", "4.4.3"),)),
)
