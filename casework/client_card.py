"""A filled-in client card: who is assessed, where, and under which pathway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from stepping.pathway.model import Pathway
from store.errors import OtherUnit
from store.records import Client, OpenStop
from store.repository.store import Store


@dataclass(frozen=True)
class ClientCard:
    """What is asked before an assessment begins; `client` is set when the code was known before."""

    client: Client | None
    code: str
    birth_year: int | None
    """None while it is not known."""
    sex: Literal["f", "m", "x"]
    language: str
    setting: str
    municipality: str
    pathway: Pathway
    """The one that assesses the client's age; while that is not known the nurse chooses."""
    why_unknown: str = ""
    """Why the year of birth of a new client is not known."""


class FoundClient(NamedTuple):
    """The client with a code; of a client of another unit, the open stops alone."""

    client: Client | None
    stops: Sequence[OpenStop] = ()


def find_client(store: Store, code: str) -> FoundClient:
    """Look up a code as it was typed.

    Raises:
        MistypedCode: If there is a mistake in it.
        OtherUnit: If the client belongs to another unit and no stop of theirs is open.
        StoreError: If the store does not tell.
    """
    try:
        return FoundClient(store.clients.find(code))
    except OtherUnit:
        if stops := store.open_stops.list_of_code(code):
            return FoundClient(None, stops)
        raise
