"""Calls the values that reports are told by what clinicians and the screens call them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from casework.care_names import CareNames
from casework.language import LANGUAGES, N_, Speech
from casework.workspace import Workspace
from screens.reports.words import Names
from screens.wording.service_words import PRODUCTION

_AGES = {"13": "13–17", "18": "18–22"}
_TEENS = 30
"""From this age on a band has ten years."""
_WORDS: Mapping[tuple[str, str], str] = {
    ("age_limit", "under_23"): N_("under 23"),
    ("age_limit", "from_23"): N_("from 23"),
    ("sex", "f"): N_("female"),
    ("sex", "m"): N_("male"),
    ("sex", "x"): N_("other"),
    ("start_band", "case"): N_("above the cut-off"),
    ("start_band", "below"): N_("below the cut-off"),
}


@dataclass(frozen=True)
class Near:
    """How the services of the site call municipalities and services, by id."""

    municipalities: Mapping[str, str]
    services: Mapping[str, str]


def names_of(
    care: CareNames, forms: Mapping[str, str], t: Speech, near: Callable[[], Near]
) -> Names:
    """Return how values are called; one that nothing knows any more stands for itself.

    What is `near` is asked for only where a report is told by it.
    """
    told: Mapping[str, Callable[[str], str]] = {
        "age": _age,
        "step": lambda value: t("step {step}", step=value),
        "segment": lambda value: t("client group {group}", group=value),
        "language": lambda value: LANGUAGES.get(value, value),
        "method": lambda value: forms.get(value, value),
        "referrer": care.referrer,
        "channel": care.channel,
        "profession": care.role,
        "measure": care.measure,
        "law": care.deadline,
        "not_done": care.not_done,
        "production": lambda value: t(PRODUCTION[value]) if value in PRODUCTION else value,
        "municipality": lambda value: near().municipalities.get(value, value),
        "hub": lambda value: near().services.get(value, value),
        "onward": lambda value: near().services.get(value, value),
    }

    def name(by: str, value: str) -> str:
        if (by, value) in _WORDS:
            return t(_WORDS[by, value])
        return told[by](value) if by in told else value

    return name


def names_here(workspace: Workspace) -> Names:
    """Return how values are called, with the forms of care as the pathways in use call them."""
    forms = {
        one.id: one.content.title[workspace.language]
        for pathway in workspace.readable_pathways
        for one in pathway.interventions
    }

    @cache
    def near() -> Near:
        homes = [home for area in workspace.areas for home in area.municipalities]
        services = [each for area in workspace.areas for each in area.service]
        return Near(
            {home.id: home.name[workspace.language] for home in homes},
            {each.id: each.name[workspace.language] for each in services},
        )

    return names_of(workspace.care_names, forms, workspace.t, near)


def _age(value: str) -> str:
    """Return the band of an age, which is kept as its lowest year."""
    if value in _AGES or not value.isdigit():
        return _AGES.get(value, value)
    return f"{value}–{int(value) + (9 if int(value) >= _TEENS else 6)}"
