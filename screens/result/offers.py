"""The forms of care of a step with what there is of them near the client, numbered from 1."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from casework.assessment import AssessmentSession
from casework.workspace import Workspace
from screens.base.lines import Line, bold, cells, labelled, paragraphs, plain
from screens.wording.decision_words import DecisionWords
from screens.wording.service_words import NEAR, OWED
from stepping.decision.outcome import RankedIntervention
from stepping.pathway.schema import Service
from stepping.services.match import Group, Nearby, find_outdated

_GAP = 2
_KEYS = 9
"""How many forms of care have a digit of their own."""


@dataclass(frozen=True)
class Placed:
    """A form of care with the services that give it."""

    offer: RankedIntervention
    nearby: Nearby


def place_offers(
    workspace: Workspace, session: AssessmentSession, offers: Sequence[RankedIntervention]
) -> list[Placed]:
    """Find the services of each form of care; those come first that the client can get."""
    placed = [Placed(each, workspace.find_services(each.id, session.seeker)) for each in offers]
    return sorted(placed, key=lambda each: not each.nearby.usable)


@dataclass(frozen=True)
class OfferTable:
    """Forms of care by the days that one waits for each: here, elsewhere and remotely."""

    workspace: Workspace
    session: AssessmentSession
    say: DecisionWords
    placed: Sequence[Placed]
    numbered: bool = True
    """Whether a digit opens each."""

    def lines(self, title: str, width: int) -> list[Line]:
        """Draw a row for each form of care, or sentences where the rows are too long."""
        if not self.placed:
            return []
        groups = self._groups()
        heads = [self._place(group) for group in groups]
        sizes = [max(cell_len(head), 4) + _GAP for head in heads]
        none = (each.nearby for each in self.placed if not each.nearby.usable)
        room = width - max(sum(sizes), *(_GAP + cell_len(self._none(nearby)) for nearby in none), 0)
        names = [self._name(number, each) for number, each in enumerate(self.placed, start=1)]
        told = next(
            (text for text in self._told(groups) if cell_len(title + text) + _GAP <= room), None
        )
        column = max(cell_len(title + (told or "")) + _GAP, *map(cells, names))
        if told is None or column > room:
            return [bold(title), *paragraphs(self.sentences(), width)]
        places = "".join(f"{head:>{size}}" for head, size in zip(heads, sizes, strict=True))
        rest = f"{told:>{column - cell_len(title)}}{places}"
        lines: list[Line] = [((title, "bold"), (rest, "dim"))]
        for name, each in zip(names, self.placed, strict=True):
            space = " " * (column - cells(name))
            lines.append((*name, (space, "normal"), *self._row(each.nearby, groups, sizes)))
            if each.nearby.needs_unlisted_service:
                lines += labelled("  !", self.say.t(OWED), width)
        return lines

    def sentences(self) -> Iterator[str]:
        """Yield each form of care with its number and the days of waiting."""
        for number, each in enumerate(self.placed, start=1):
            waits = [
                f"{self.say.t(NEAR[group])} {self._wait(services[0])}"
                for group, services in each.nearby.groups.items()
                if services
            ]
            told = ", ".join(waits) or self._none(each.nearby)
            key = f"{number} " if self.numbered and number <= _KEYS else ""
            title = self.say.intervention(each.offer.id)
            yield f"{key}{title}: {told}" if told else f"{key}{title}"
            if each.nearby.needs_unlisted_service:
                yield f"! {self.say.t(OWED)}"

    def _groups(self) -> list[Group]:
        """Return the places at which anything is, the nearest first."""
        found = (each.nearby.groups for each in self.placed)
        used = {group for groups in found for group, services in groups.items() if services}
        return [group for group in NEAR if group in used]

    def _place(self, group: Group) -> str:
        home = self.session.client.municipality
        if group == "here" and home:
            return self.workspace.get_municipality_name(home, self.say.language)
        return self.say.t(NEAR[group])

    def _name(self, number: int, placed: Placed) -> Line:
        key = f"{number} " if number <= _KEYS else "  "
        title = plain(self.say.intervention(placed.offer.id))
        return ((key, "accent"), *title) if self.numbered else title

    def _told(self, groups: list[Group]) -> tuple[str, ...]:
        """Say what the numbers are, from which day the oldest is if there is room."""
        if not groups:
            return ("",)
        t = self.workspace.t
        used = [found[0] for p in self.placed for found in p.nearby.groups.values() if found]
        days = [service.waiting_checked for service in used if service.waiting_checked]
        dated = [t.day(day) for day in (days and [min(days)])]
        long = [t("days of waiting, oldest {day}", day=day) for day in dated]
        return (*long, t("days of waiting"))

    def _row(self, nearby: Nearby, groups: list[Group], sizes: list[int]) -> Line:
        if not nearby.usable:
            none = self._none(nearby)
            return plain(" " * _GAP + none, "dim") if none else ()
        found = (nearby.groups[group] for group in groups)
        return plain(
            "".join(
                f"{self._days(services[0]) if services else '':>{size}}"
                for services, size in zip(found, sizes, strict=True)
            )
        )

    def _days(self, service: Service) -> str:
        days = "?" if service.waiting_days is None else str(service.waiting_days)
        return f"! {days}" if self._is_old(service) else days

    def _wait(self, service: Service) -> str:
        t = self.workspace.t
        if service.waiting_days is None:
            return t("waiting time not known")
        days = t.many("{count} day", "{count} days", service.waiting_days)
        return (
            f"{days} {t('! the waiting time is old, ask again')}" if self._is_old(service) else days
        )

    def _is_old(self, service: Service) -> bool:
        return "waiting" in find_outdated(service, self.workspace.today)

    def _none(self, nearby: Nearby) -> str:
        """Say why there is nothing, where the municipality is known."""
        if nearby.left_out:
            return self.say.t("nothing on the list fits")
        home = self.session.client.municipality
        return self.say.t("not available in this municipality's list") if home else ""
