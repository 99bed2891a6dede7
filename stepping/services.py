"""Where an intervention can be had near the client; kept apart from the decision itself."""

from __future__ import annotations

from collections.abc import Iterable

from stepping.content import Area, Service
from stepping.pathway import Pathway
from stepping.problems import Problem, nearest


def check_services(pathway: Pathway, areas: Iterable[Area]) -> tuple[Problem, ...]:
    """Return every service that names an intervention or municipality that does not exist."""
    offered = [intervention.id for intervention in pathway.interventions]
    problems = []
    for area in areas:
        homes = [municipality.id for municipality in area.municipalities]
        for service in area.service:
            for names, known, what in (
                (service.interventions, offered, "intervention"),
                (service.municipalities, homes, "municipality"),
            ):
                problems += [
                    Problem(
                        f"services/{area.id}.toml",
                        1,
                        f"service {service.id}: {what} {name!r} is not known{nearest(name, known)}",
                    )
                    for name in names
                    if name not in known
                ]
    return tuple(problems)


def services_near(
    areas: Iterable[Area], municipality: str, intervention: str
) -> tuple[Service, ...]:
    """Return the services that give an intervention to a municipality, shortest wait first.

    A service without a stated wait comes last: nothing is known of it.
    """
    found = [
        service
        for area in areas
        for service in area.service
        if municipality in service.municipalities and intervention in service.interventions
    ]
    return tuple(sorted(found, key=lambda s: (s.waiting_days is None, s.waiting_days or 0)))
