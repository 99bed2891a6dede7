"""What reports count, rows that name nobody: since when they are whole, and how they are made anew.

They are kept with each entry by `internal/summary/`; reports read the tables themselves.
"""

from __future__ import annotations

from stepping.days import add_months
from stepping.finland import finnish_day
from store.session.guarded import OPEN_TO_ALL, Repository, reads, writes
from store.session.session import Session

WHOLE_FROM = "summary.whole_from"
"""The setting with the month from which on the rows are whole; without it they always were."""


class Summaries(Repository):
    """The rows that reports count."""

    @reads(OPEN_TO_ALL)
    def whole_from(self) -> str | None:
        """Return the month from which on the rows are whole, as in 2026-12; None: from the first.

        Of what an earlier version deleted they tell less.
        """
        return self.session.db.get_setting(WHOLE_FROM)

    @writes("upkeep")
    def rebuild(self) -> None:
        """Make the rows of all that is in the store anew; those of what was deleted stay."""
        from store.repository.internal import kept_sums
        from store.repository.internal.summary import keeping

        kept_sums.forget_all(self.session)
        keeping.keep_all(self.session)
        self.session.log("summaries.rebuilt", "")


def note_gaps(session: Session) -> None:
    """Keep from which month on the rows of an older store are whole, within a transaction.

    An earlier version that has deleted records kept less of them.
    """
    if session.db.execute("SELECT 1 FROM purges LIMIT 1").fetchone():
        month = f"{add_months(finnish_day(session.clock()).replace(day=1), 1):%Y-%m}"
        session.put_setting({"key": WHOLE_FROM, "value": month})
