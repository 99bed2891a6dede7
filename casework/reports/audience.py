"""Whose reports are whose, and who sees numbers of few persons."""

from __future__ import annotations

from stepping.reports.catalogue import REPORTS
from stepping.reports.model import Report, Scope
from store.repository.store import Store


def reports_for(store: Store) -> tuple[Report, ...]:
    """Return the reports that the roles of the worker give, in the order of the catalogue."""
    return tuple(one for one in REPORTS.values() if scopes_for(store, one))


def scopes_for(store: Store, report: Report) -> tuple[Scope, ...]:
    """Return whose rows of a report the roles of the worker let be counted, the nearest first.

    A lead counts her unit, the role `report` all of them; whoever has both chooses.
    """
    if is_own(report):
        return ("own",) if store.may("care") else ()
    unit: tuple[Scope, ...] = ("unit",) if store.may("report unit") else ()
    return (*unit, "all") if store.may("report all") else unit


def is_own(report: Report) -> bool:
    """Return whether it is about the clients for whom the worker is responsible."""
    return "own" in report.audience


def hides_few(scope: Scope) -> bool:
    """Return whether few persons are hidden on a screen too.

    A nurse sees the true numbers of her own clients, and a lead those of her unit. Of all units
    nobody does, whatever other roles they have.
    """
    return scope == "all"
