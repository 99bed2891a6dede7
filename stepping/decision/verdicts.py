"""Whether a client has recovered, is a case, and is at risk: the one meaning of these words.

A pathway that measures a client again says it by its facts `recovered`, `case.now` and
`suicide.sign`. Its rules rest on these facts; pages, the note and reports read what the facts said
when a measurement was confirmed, and never work it out from scores. What scores alone show is said
in other words (`stepping.episode.reliable_change`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from stepping.pathway.condition import WordState
from stepping.pathway.model import NO, YES

if TYPE_CHECKING:
    from stepping.decision.facts import FactStates
    from stepping.pathway.model import Pathway

RECOVERED = "recovered"
_FACTS = {"recovered": RECOVERED, "case": "case.now", "risk": "suicide.sign"}


class Verdicts(BaseModel):
    """What the facts of a follow-up say of a client that day; `None` where one does not say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    recovered: bool | None = None
    """Whether the client has recovered: scores, risk and the client's own word together."""
    case: bool | None = None
    """Whether a score is in the clinical range."""
    risk: bool | None = None
    """Whether there is any sign of suicide risk."""


def find_verdicts(pathway: Pathway, states: FactStates) -> Verdicts | None:
    """Return what a pathway's own facts say of recovery; nothing if it has no such fact."""
    if RECOVERED not in pathway.facts:
        return None
    return Verdicts(**{name: _truth(pathway, states, fact) for name, fact in _FACTS.items()})


def _truth(pathway: Pathway, states: FactStates, fact: str) -> bool | None:
    state = states.get_state(fact) if fact in pathway.facts else None
    if isinstance(state, WordState) and not state.maybe_hidden and len(state.values) == 1:
        return {YES: True, NO: False}.get(next(iter(state.values)))
    return None
