"""Sums for reports, from rows that name nobody; and the log of what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from store.audit import chain
from store.errors import NoUnit
from store.session.guarded import OPEN_TO_ALL, Repository, reads, requires, writes

if TYPE_CHECKING:
    from stepping.reports.counts import Tally
    from stepping.reports.past_cases import PastCase
    from store.report_records import Counting
    from store.repository.internal.kept_sums import Counted
    from store.session.session import Session

Told = TypeVar("Told")


class Reports(Repository):
    """Sums for reports; none of them names anybody."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._fresh: list[Counted] = []

    @reads("report all")
    def count(self, counting: Counting) -> list[Tally]:
        """Return the sums of all rows."""
        from store.repository.internal import kept_sums

        return kept_sums.read(self.session, counting, fresh=self._fresh)

    @reads("report unit")
    def count_unit(self, counting: Counting) -> list[Tally]:
        """Return the sums of the rows of the worker's own unit.

        Raises:
            NoUnit: If the worker has none.
        """
        from store.repository.internal import kept_sums

        return kept_sums.read(self.session, counting, self._unit(), fresh=self._fresh)

    @reads("report unit")
    def count_units(self, counting: Counting) -> tuple[list[Tally], list[Tally]]:
        """Return the sums by unit, and those of all rows: what a file of one unit hides by.

        Raises:
            NoUnit: If the worker has none.
        """
        from store.repository.internal import kept_sums

        self._unit()
        asked = (replace(counting, column=column) for column in ("unit", None))
        by_unit, together = (
            kept_sums.read(self.session, each, fresh=self._fresh) for each in asked
        )
        return by_unit, together

    @requires(OPEN_TO_ALL)
    def keep_counted(self) -> None:
        """Keep the sums that were counted since, unless anything was written meanwhile."""
        from store.repository.internal import kept_sums

        fresh, self._fresh = self._fresh, []
        if fresh:
            with self.session.writing():
                kept_sums.keep_fresh(self.session, fresh)

    def _unit(self) -> str:
        unit = self.session.access().unit
        if unit is None:
            raise NoUnit
        return unit

    @reads("care")
    def count_own(self, counting: Counting) -> list[Tally]:
        """Return the sums of the rows of episodes for which the worker is responsible."""
        from store.repository.internal.report_sums import add_up

        return list(add_up(self.session, counting, worker=self.session.handle))

    @reads("report")
    def count_past(
        self, pathway_id: str, count: Callable[[Iterable[list[PastCase]]], Told]
    ) -> Told:
        """Return what is counted of the confirmed assessments of a pathway, of all its versions.

        `count` gets them piece by piece and keeps none: nothing but sums goes further.
        """
        from store.repository.internal.past_cases import read_pieces

        return count(read_pieces(self.session, pathway_id))

    @writes("report")
    def log_past_question(self, question: str) -> None:
        """Log by which texts of a pathway past assessments are decided again."""
        self.session.log_event("view.cases", question)

    @writes("report")
    def log_question(self, question: str) -> str:
        """Log what is asked; return the head of the log with that event."""
        return self._logged(question)

    @writes("care")
    def log_own_question(self, question: str) -> str:
        """Log what a nurse asks of her own clients; return the head of the log with that event."""
        return self._logged(question)

    def _logged(self, question: str) -> str:
        self.session.log_event("view.report", question)
        number, digest = chain.head(self.session.db)
        return f"{chain.site(self.session.db)}/{number}:{digest[:16]}"
