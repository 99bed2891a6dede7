"""Says services in the nurse's language: where they are, how long one waits, and why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casework.language import LANGUAGES, N_
from casework.workspace import Workspace
from stepping.pathway.schema import Service
from stepping.services.match import Group, LeftOut, Reason, find_outdated

GROUPS: dict[Group, str] = {
    "here": N_("here"),
    "elsewhere": N_("elsewhere in the county"),
    "remote": N_("remotely"),
}
PRODUCTION = {
    "own": N_("the county's own"),
    "bought": N_("bought service"),
    "voucher": N_("by voucher, which the client may refuse"),
    "partner": N_("partner"),
    "third_sector": N_("third sector"),
}
PLACE = {"fixed": "", "mobile": N_("comes to the client"), "remote": N_("remote")}
OWED = N_(
    "The voucher is refused, and no own or bought service is listed. The county has to find one."
)
AGAINST: dict[Reason, str] = {
    "voucher": N_("by voucher, which is refused"),
    "net": N_("needs the net or e-identification"),
    "reading": N_("needs reading of longer texts"),
    "occupational": N_("only for those without occupational health care"),
    "near": N_("near service, for those who cannot get to the others"),
}
"""The reasons against a service that name nothing of it."""
_FIRST = 3
"""Municipalities named before the rest is only hinted at."""


NEAR: dict[Group, str] = {
    "here": N_("here"),
    "elsewhere": N_("elsewhere"),
    "remote": N_("remotely"),
}
"""The places of services in a word."""


@dataclass(frozen=True)
class ServiceWords:
    """Says services in the nurse's language."""

    workspace: Workspace

    def line(self, service: Service) -> str:
        """Return a service with its contact and wait, and what of that is old."""
        t, old = self.workspace.t, find_outdated(service, self.workspace.today)
        parts = [service.name[self.workspace.language], service.contact, self._wait(service)]
        if "waiting" in old:
            parts.append(t("! the waiting time is old, ask again"))
        if "contact" in old:
            parts.append(
                t("! contact checked {date}, check it again", date=service.contact_checked)
            )
        return " · ".join(parts)

    def _wait(self, service: Service) -> str:
        t = self.workspace.t
        if service.waiting_days is None:
            return t("waiting time not known")
        wait = t.many("waiting time {count} day", "waiting time {count} days", service.waiting_days)
        return f"{wait} ({t.told(service.waiting_checked)})"

    def about(self, service: Service) -> str:
        """Who runs it, how it is reached, in which languages, and for whom."""
        t = self.workspace.t
        parts = [
            t(PRODUCTION[service.production]),
            t(PLACE[service.place]) if PLACE[service.place] else self._at(service),
            t("near service, not urgent reception") if service.near else "",
            _languages(service),
            *self._terms(service),
            service.eligibility.get(self.workspace.language, ""),
        ]
        return " · ".join(part for part in parts if part)

    def _terms(self, service: Service) -> Iterator[str]:
        """Yield how many a service takes on, and what it costs, as far as that is known."""
        t = self.workspace.t
        if service.places_a_week is not None:
            yield t.many("{count} place a week", "{count} places a week", service.places_a_week)
        if service.fee is not None:
            yield t("fee {euros} €", euros=service.fee) if service.fee else t("free of charge")
        if service.price is not None:
            yield t("price {euros} €", euros=service.price)
        if service.own_share is not None:
            yield t("own share {euros} €", euros=service.own_share)

    def _at(self, service: Service) -> str:
        return self._town(service.at) if service.at else ""

    def left_out(self, left: LeftOut) -> str:
        """Return a service with every reason against it."""
        reasons = "; ".join(self._against(left.service, reason) for reason in left.reasons)
        return f"{left.service.name[self.workspace.language]}: {reasons}"

    def _against(self, service: Service, reason: Reason) -> str:
        t = self.workspace.t
        match reason:
            case "municipality":
                return t("for residents of {places}", places=self._towns(service))
            case "age" if service.ages.to >= 120:
                return t("from age {low} on", low=service.ages.from_)
            case "age":
                return t("for ages {low}–{high}", low=service.ages.from_, high=service.ages.to)
            case "language":
                return t("serves in: {languages}", languages=_languages(service))
            case "transport":
                return t("in {place}, which cannot be reached", place=self._at(service))
            case _:
                return t(AGAINST[reason])

    def _towns(self, service: Service) -> str:
        names = [self._town(id_) for id_ in service.municipalities[:_FIRST]]
        return ", ".join(names) + (" …" if len(service.municipalities) > _FIRST else "")

    def _town(self, id_: str) -> str:
        return self.workspace.get_municipality_name(id_, self.workspace.language)


def _languages(service: Service) -> str:
    return ", ".join(LANGUAGES.get(code, code) for code in service.languages)
