"""Where an intervention can be had near the client; kept apart from the decision itself."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from stepping.pathway.diagnostics import Diagnostic, DiagnosticCollector, PathwayError
from stepping.pathway.model import YES, Answer, Answers
from stepping.pathway.reader import read_area
from stepping.pathway.schema import Area, Municipality, Service

STALE_DAYS = 180
"""Days after which a date is marked. A local proposal: a list that is gone through before the
summer closures and before the new budget year is never older than half a year."""

Barrier = Literal["voucher", "transport", "net", "reading", "occupational"]
"""What a client refuses (a voucher), cannot use, or has already (occupational health care)."""
Reason = Literal[
    "municipality",
    "age",
    "language",
    "voucher",
    "net",
    "reading",
    "occupational",
    "transport",
    "near",
]
"""Why a service of the county is left out; `near`: an ordinary service is within reach."""
Group = Literal["here", "elsewhere", "remote"]
"""In or into the client's municipality, elsewhere in the county, or from afar."""
Dated = Literal["contact", "waiting"]


@dataclass(frozen=True)
class Seeker:
    """What decides which services a client can use."""

    municipality: str | None
    age: int | None = None
    languages: frozenset[str] = frozenset()
    """The languages that will do; empty if any will, as with an interpreter."""
    barriers: frozenset[Barrier] = frozenset()


BARRIER_ANSWERS: Mapping[Barrier, tuple[str, Answer]] = {
    "voucher": ("need.no_voucher", YES),
    "transport": ("need.no_transport", YES),
    "net": ("need.no_net", YES),
    "reading": ("need.reading", YES),
    "occupational": ("work.status", "working"),
}
"""The answers that tell of barriers, in those pathways that ask for them."""


def barriers_in(answers: Answers) -> frozenset[Barrier]:
    """Return the barriers that a client's answers tell of."""
    told = BARRIER_ANSWERS.items()
    return frozenset(of for of, (id_, answer) in told if answers.get(id_) == answer)


@dataclass(frozen=True)
class LeftOut:
    """A service that gives the intervention in the county, and every reason against it here."""

    service: Service
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Nearby:
    """Services by where they are; within each the shortest wait first, an unknown one last."""

    here: tuple[Service, ...] = ()
    elsewhere: tuple[Service, ...] = ()
    remote: tuple[Service, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def groups(self) -> Mapping[Group, tuple[Service, ...]]:
        """The services that can be used, by group, the nearest first."""
        return {"here": self.here, "elsewhere": self.elsewhere, "remote": self.remote}

    @property
    def usable(self) -> tuple[Service, ...]:
        """Every service that can be used, the nearest first."""
        return (*self.here, *self.elsewhere, *self.remote)

    @property
    def needs_unlisted_service(self) -> bool:
        """Whether a refused voucher leaves no own or bought service, which must then be found."""
        refused = any(left.reasons == ("voucher",) for left in self.left_out)
        return refused and not any(s.production in ("own", "bought") for s in self.usable)


def find_services(areas: Iterable[Area], intervention: str, client: Seeker) -> Nearby:
    """Return where a client can get an intervention, and which services of the county are left out.

    A near service counts only where nothing else comes to or stands in the municipality, or where
    the client cannot travel. Without a known municipality there is nothing.
    """
    found: dict[Group, list[Service]] = {"here": [], "elsewhere": [], "remote": []}
    near: list[Service] = []
    left_out: list[LeftOut] = []
    for service in _of_the_county(areas, intervention, client.municipality):
        reasons = tuple(_against(service, client))
        if reasons:
            left_out.append(LeftOut(service, reasons))
        elif service.near:
            near.append(service)
        else:
            found[_group(service, client)].append(service)
    if "transport" in client.barriers or not found["here"]:
        found["here"] += near
    else:
        left_out += [LeftOut(service, ("near",)) for service in near]
    here, elsewhere, remote = (tuple(sorted(found[group], key=_wait)) for group in found)
    return Nearby(here, elsewhere, remote, tuple(left_out))


def _of_the_county(
    areas: Iterable[Area], intervention: str, municipality: str | None
) -> Iterator[Service]:
    for area in areas:
        if any(home.id == municipality for home in area.municipalities):
            yield from (s for s in area.service if intervention in s.interventions)


def _against(service: Service, client: Seeker) -> Iterator[Reason]:
    if client.municipality not in service.municipalities:
        yield "municipality"
        return  # what else speaks against it changes nothing
    if client.age is not None and not service.ages.contains(client.age):
        yield "age"
    if client.languages and client.languages.isdisjoint(service.languages):
        yield "language"
    if service.production == "voucher" and "voucher" in client.barriers:
        yield "voucher"
    if "net" in client.barriers and not {"net", "e_id"}.isdisjoint(service.needs):
        yield "net"
    if "reading" in client.barriers and "reading" in service.needs:
        yield "reading"
    if "occupational" in client.barriers and service.without_occupational_care:
        yield "occupational"
    far = _group(service, client) == "elsewhere" and not service.near
    if far and "transport" in client.barriers:
        yield "transport"


def _group(service: Service, client: Seeker) -> Group:
    if service.place == "remote":
        return "remote"
    if service.place == "mobile" or service.at in (None, client.municipality):
        return "here"
    return "elsewhere"


def _wait(service: Service) -> tuple[bool, int]:
    return service.waiting_days is None, service.waiting_days or 0


def find_home(areas: Iterable[Area], municipality: str | None) -> tuple[Area, Municipality] | None:
    """Return a municipality with the first area that names it, if one does."""
    for area in areas:
        for home in area.municipalities:
            if home.id == municipality:
                return area, home
    return None


def find_outdated(service: Service, today: datetime.date) -> dict[Dated, int]:
    """Return the age in days of the contact and of the waiting time, where it is too high."""
    dates: dict[Dated, datetime.date | None] = {
        "contact": service.contact_checked,
        "waiting": service.waiting_checked,
    }
    ages = {of: (today - checked).days for of, checked in dates.items() if checked}
    return {of: days for of, days in ages.items() if days > STALE_DAYS}


# -- the check ---------------------------------------------------------------------------------


def check_services(
    interventions: Iterable[str], files: Mapping[str, str]
) -> tuple[Diagnostic, ...]:
    """Return every fault of files of services, by name and text, and every unknown name in them.

    `interventions` are the ids of all pathways that share the services.
    """
    faults = DiagnosticCollector(files)
    problems: list[Diagnostic] = []
    offered = sorted(interventions)
    for file, text in files.items():
        try:
            area = read_area(file, text)
        except PathwayError as error:
            problems += error.diagnostics
        else:
            _check_area(faults, file, area, offered)
    return (*problems, *faults.found)


def _check_area(faults: DiagnosticCollector, file: str, area: Area, offered: list[str]) -> None:
    homes = [municipality.id for municipality in area.municipalities]
    for index, municipality in enumerate(area.municipalities):
        if municipality.hub is not None and municipality.hub not in homes:
            of = f"municipality {municipality.id}: hub"
            faults.add_unknown(file, ("municipalities", index, "hub"), of, municipality.hub, homes)
    seen: set[str] = set()
    for index, service in enumerate(area.service):
        if service.id in seen:
            faults.add(file, ("service", index, "id"), f"service {service.id}: the id stands twice")
        seen.add(service.id)
        if service.waiting_days is not None and service.waiting_checked is None:
            place = ("service", index, "waiting_days")
            message = f"service {service.id}: the waiting time has no date, waiting_checked"
            faults.add(file, place, message)
        at = () if service.at is None else (service.at,)
        for what, key, names, known in (
            ("intervention", "interventions", service.interventions, offered),
            ("municipality", "municipalities", service.municipalities, homes),
            ("municipality", "at", at, homes),
        ):
            for name in names:
                if name not in known:
                    of = f"service {service.id}: {what}"
                    faults.add_unknown(file, ("service", index, key), of, name, known)
