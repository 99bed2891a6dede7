"""A filled-in client card: who is assessed, where, and under which pathway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stepping.pathway.model import Pathway
from store.records import Client


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
