"""What a region should look at in its files of services: old dates, gaps, vouchers alone."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from stepping.pathway.diagnostics import Diagnostic, DiagnosticCollector, PathwayError
from stepping.pathway.reader import read_area
from stepping.pathway.schema import Area, Municipality, Service
from stepping.services.match import find_outdated

Steps = Mapping[str, Mapping[int, frozenset[str]]]
"""By pathway and step: the interventions of that step."""


@dataclass
class _Hints:
    """Collects what a region should look at in files of services that can be read."""

    faults: DiagnosticCollector
    areas: Mapping[str, Area]
    given: dict[str, list[Service]] = field(default_factory=dict)
    """By municipality: what its residents have, whichever file says so."""

    def __post_init__(self) -> None:
        for area in self.areas.values():
            for service in area.service:
                for name in service.municipalities:
                    self.given.setdefault(name, []).append(service)

    def dates(self, today: datetime.date) -> None:
        for file, area in self.areas.items():
            for index, service in enumerate(area.service):
                for of, days in find_outdated(service, today).items():
                    what = "the contact was" if of == "contact" else "the waiting time was"
                    key = f"{of}_checked"
                    message = (
                        f"service {service.id}: {what} checked on {getattr(service, key)}, "
                        f"{days} days ago"
                    )
                    self.faults.add(file, ("service", index, key), message)

    def future_dates(self, today: datetime.date) -> None:
        for file, area in self.areas.items():
            for index, service in enumerate(area.service):
                for key in ("contact_checked", "waiting_checked"):
                    checked = getattr(service, key)
                    if checked is not None and checked > today:
                        message = f"service {service.id}: {key} {checked} is yet to come"
                        self.faults.add(file, ("service", index, key), message)

    def gaps(self, steps: Steps) -> None:
        for file, index, home in self._homes():
            given = {name for s in self.given.get(home.id, ()) for name in s.interventions}
            for pathway, by_step in steps.items():
                lacking = [str(n) for n, names in sorted(by_step.items()) if not names & given]
                if lacking:
                    message = (
                        f"municipality {home.id}: no service for step {', '.join(lacking)} "
                        f"of {pathway}"
                    )
                    self.faults.add(file, ("municipalities", index), message)

    def vouchers(self) -> None:
        for file, index, home in self._homes():
            given = self.given.get(home.id, [])
            by_voucher = {n for s in given if s.production == "voucher" for n in s.interventions}
            owed = {n for s in given if s.production in ("own", "bought") for n in s.interventions}
            for name in sorted(by_voucher - owed):
                message = (
                    f"municipality {home.id}: {name} has no own or bought service for those who "
                    "refuse a voucher"
                )
                self.faults.add(file, ("municipalities", index), message)

    def _homes(self) -> Iterator[tuple[str, int, Municipality]]:
        """Yield each municipality once, where it is named first."""
        seen: set[str] = set()
        for file, area in self.areas.items():
            for index, home in enumerate(area.municipalities):
                if home.id not in seen:
                    seen.add(home.id)
                    yield file, index, home


def service_hints(
    steps: Steps, files: Mapping[str, str], today: datetime.date
) -> tuple[Diagnostic, ...]:
    """Return old dates, steps without a service, and vouchers that nothing stands in for.

    Files that cannot be read are left out; `check_services` tells what is wrong with them.
    """
    hints = _look_through(files)
    hints.dates(today)
    hints.gaps(steps)
    hints.vouchers()
    return hints.faults.found


def future_dates(files: Mapping[str, str], today: datetime.date) -> tuple[Diagnostic, ...]:
    """Return the dates of files that can be read which are yet to come."""
    found = _look_through(files)
    found.future_dates(today)
    return found.faults.found


def _look_through(files: Mapping[str, str]) -> _Hints:
    areas = {}
    for file, text in files.items():
        with suppress(PathwayError):
            areas[file] = read_area(file, text)
    return _Hints(DiagnosticCollector(files), areas)
