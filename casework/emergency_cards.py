"""The cards of the emergency page: whatever has become of the pathways, there are some."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from casework.workspace import Workspace
from stepping.episode.episode import Episode
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import Pathway
from stepping.pathway.schema import LEVELS, Card, CardNumber
from store.pathway_files.files import built_in

BUILT_IN = "adult"
"""The pathway whose cards come with Porras and cover every red flag of a grown-up."""


def list_emergency_cards(workspace: Workspace) -> list[Card]:
    """Return the emergency cards of every pathway, the most urgent first; never without any.

    Where a pathway's own files are broken, its last good text is asked, and the cards that come
    with Porras hold beside the others; alone, where the program fails on the others, or the disk
    does not answer.
    """
    try:
        return _cards_in_use(workspace)
    except Exception:  # whatever it is: this card opens
        return _most_urgent_first([built_in(BUILT_IN)])


def _cards_in_use(workspace: Workspace) -> list[Card]:
    if not workspace.pathways_ready():
        return _most_urgent_first([built_in(BUILT_IN)])
    pathways = [*workspace.readable_pathways]
    if not pathways or len(pathways) < len(workspace.pathways_on_disk):
        with suppress(PathwayError):
            pathways.append(built_in(BUILT_IN))
    return _most_urgent_first(pathways)


def _most_urgent_first(pathways: Iterable[Pathway]) -> list[Card]:
    cards: dict[str, Card] = {}
    for pathway in pathways:
        for id_ in pathway.header.emergency_cards:
            cards.setdefault(id_, pathway.cards[id_])
    return _by_urgency(cards.values())


def _by_urgency(cards: Iterable[Card]) -> list[Card]:
    return sorted(cards, key=lambda card: -LEVELS.index(card.level))


def list_numbers(cards: Iterable[Card]) -> list[CardNumber]:
    """Return each number once, as the first card tells it; the emergency number first."""
    numbers: dict[str, CardNumber] = {}
    for number in (each for card in cards for each in card.numbers):
        numbers.setdefault(number.number, number)
    return sorted(numbers.values(), key=lambda number: number.number != "112")


def list_crisis_numbers(pathway: Pathway) -> list[CardNumber]:
    """Return whom somebody in distress can call: the verified numbers of the cards on risk.

    Those of a county's own pathway are the county's own; where its cards verify none, those of the
    cards that come with Porras.
    """
    if own := _of_risk(pathway):
        return own
    with suppress(PathwayError):
        return _of_risk(built_in(BUILT_IN))
    return []


def find_pathway(workspace: Workspace, episode: Episode) -> Pathway:
    """Return the pathway whose cards say whom the client of an episode can call.

    It is that of the latest assessment; where it cannot be read, another one, and never none.

    Raises:
        StoreError: If the store does not tell.
    """
    for measured in episode.measured[-1:]:
        with suppress(PathwayError):
            assessment = workspace.store.assessments.get(measured.assessment)
            return workspace.get_pathway(assessment.pathway_digest)
    return next(iter(workspace.readable_pathways), None) or built_in(BUILT_IN)


def _of_risk(pathway: Pathway) -> list[CardNumber]:
    cards = _by_urgency(card for card in pathway.cards.values() if card.risk)
    return [number for number in list_numbers(cards) if number.is_verified]
