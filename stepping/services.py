"""Where an intervention can be had near the client; kept apart from the decision itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stepping.content import Area, Service
from stepping.problems import Notebook, PathwayError, Problem
from stepping.reading import read_area


def check_services(interventions: Iterable[str], files: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return every fault of files of services, by name and text, and every unknown name in them.

    `interventions` are the ids of all pathways that share the services.
    """
    notes = Notebook(files)
    problems: list[Problem] = []
    offered = sorted(interventions)
    for file, text in files.items():
        try:
            area = read_area(file, text)
        except PathwayError as error:
            problems += error.problems
            continue
        homes = [municipality.id for municipality in area.municipalities]
        for index, service in enumerate(area.service):
            if service.waiting_days is not None and service.waiting_checked is None:
                place = ("service", index, "waiting_days")
                message = f"service {service.id}: the waiting time has no date, waiting_checked"
                notes.add(file, place, message)
            for what, key, names, known in (
                ("intervention", "interventions", service.interventions, offered),
                ("municipality", "municipalities", service.municipalities, homes),
            ):
                for name in names:
                    if name not in known:
                        place = ("service", index, key)
                        notes.unknown(file, place, f"service {service.id}: {what}", name, known)
    return (*problems, *notes.found)


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
