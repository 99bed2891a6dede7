"""Whose reports are whose, and who sees numbers of few persons."""

from __future__ import annotations

from stepping.reports.catalogue import REPORTS
from stepping.reports.model import Report
from store.repository.store import Store


def reports_for(store: Store) -> tuple[Report, ...]:
    """Return the reports that the roles of the worker give, in the order of the catalogue."""
    return tuple(one for one in REPORTS.values() if store.may("care" if is_own(one) else "report"))


def is_own(report: Report) -> bool:
    """Return whether it is about the clients for whom the worker is responsible."""
    return "own" in report.audience


def hides_few(store: Store, report: Report) -> bool:
    """Return whether few persons are hidden from the worker on a screen too.

    Whoever may read the clients that are counted, sees them all the same: a nurse her own, and a
    lead those of all units.
    """
    return not (is_own(report) or store.may("read all"))
