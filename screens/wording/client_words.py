"""The words of a client's card: what is asked, what may be answered, and how it differs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, get_args

from casework.family_care import list_family_care
from casework.language import LANGUAGES, N_
from casework.workspace import Workspace
from screens.wording.source_words import pathway_name
from stepping.pathway.population import find_takers, list_covered_ages
from store.records import Client

CardField = Literal["code", "birth_year", "pathway", "sex", "language", "setting", "municipality"]

FIELDS: tuple[CardField, ...] = get_args(CardField)
LABELS: dict[CardField, str] = {
    "code": N_("Client code"),
    "birth_year": N_("Year of birth"),
    "pathway": N_("Pathway"),
    "sex": N_("Sex, for cut-offs only"),
    "language": N_("Language of questions and record"),
    "setting": N_("Where this is done"),
    "municipality": N_("Home municipality"),
}
SEXES = {"f": N_("woman"), "m": N_("man"), "x": N_("other or not told: the stricter cut-off")}
SETTINGS = {
    "reception": N_("reception, in the room"),
    "phone": N_("by phone"),
    "occupational": N_("occupational health"),
    "student": N_("student health"),
    "remote": N_("remote reception by video"),
}
LABEL_WIDTH = 20
"""Cells of a label on a card."""
UNKNOWN = ""
"""What stands for a year of birth that is not known yet."""


def municipality_words(workspace: Workspace, id_: str | None) -> str:
    """Return where a client lives."""
    return workspace.get_municipality_name(id_, workspace.language) or workspace.t(
        "another municipality"
    )


def card_words(workspace: Workspace, client: Client) -> dict[str, str]:
    """Yield each thing on a client's card, by its label."""
    t = workspace.t
    return {
        t(LABELS["birth_year"]): t("not known yet")
        if client.birth_year is None
        else str(client.birth_year),
        t("Sex"): t(SEXES[client.sex]).partition(":")[0] if client.sex else t("not told"),
        t("Language"): LANGUAGES.get(client.language, client.language),
        t(LABELS["municipality"]): municipality_words(workspace, client.municipality),
    }


def differences(workspace: Workspace, one: Client, other: Client) -> Iterator[tuple[str, str, str]]:
    """Return the label and both words of each thing in which two cards differ."""
    words = card_words(workspace, other)
    for label, was in card_words(workspace, one).items():
        if words[label] != was:
            yield label, was, words[label]


def describe_age_fault(workspace: Workspace, age: int) -> str:
    """Return why no pathway assesses an age, and where to turn; nothing if one does."""
    if workspace.find_pathway_for(age) is not None:
        return ""
    headers = [pathway.header for pathway in workspace.pathways_in_use]
    if several := find_takers(headers, age):
        return workspace.t(
            "{pathways} all take age {age}, and nothing says which of them leads. Tell whoever "
            "keeps the pathways.",
            pathways=", ".join(pathway_name(header.id, workspace.t) for header in several),
            age=age,
        )
    ages = ", ".join(f"{low}–{high}" for low, high in list_covered_ages(headers))
    if list_family_care(workspace, age):
        return workspace.t(
            "The pathways here are for ages {ages}, not for {age}. Press f: what there is for a "
            "child of this age and the family. In danger call 112.",
            ages=ages,
            age=age,
        )
    return workspace.t(
        "The pathways here are for ages {ages}, not for {age}. Turn to the services for that "
        "age: for a child the family centre or school health care. In danger call 112.",
        ages=ages,
        age=age,
    )
