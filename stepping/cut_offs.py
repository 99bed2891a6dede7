"""From which value on a score is a case: by its instrument's own table, else as follow-up says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stepping.decision.facts import get_fact_states
from stepping.pathway.condition import FactState, NumberState, ThreeValued
from stepping.pathway.model import Answers, Fact, Pathway


def find_cut_off(pathway: Pathway, answers: Answers, score: str) -> int | None:
    """Return the first value of a score that is a case for this client, on the way to the worse.

    A table of cut-offs is read with the client's other answers; where it depends on something that
    is not known, the stricter limit counts. None where the pathway tells no cut-off.
    """
    instrument_id, _, total = score.rpartition(".")
    instrument = pathway.instruments.get(instrument_id)
    if instrument is None:
        return None
    fact = pathway.facts[score]
    for positive in instrument.positive:
        table = pathway.facts[f"{instrument_id}.{positive.id}"]
        if any(part.fact == score for each in table.conditions for part in each.parts()):
            return next(_cases(pathway, answers, fact, table), None)
    change = instrument.change
    return change.caseness if change is not None and change.total == total else None


@dataclass(frozen=True)
class _Supposed(ThreeValued):
    """What would hold if one score had a value."""

    known: ThreeValued
    score: str
    value: int

    def get_state(self, fact: str) -> FactState:
        """Return what is known of a fact, or what is supposed of the score."""
        if fact == self.score:
            return NumberState(self.value, self.value)
        return self.known.get_state(fact)


def _cases(pathway: Pathway, answers: Answers, fact: Fact, table: Fact) -> Iterator[int]:
    """Yield the values of a score at which a table may hold, the least bad first."""
    known = get_fact_states(pathway, answers)
    values = range(fact.low, fact.high + 1)
    for value in values if fact.worse != "down" else reversed(values):
        supposed = _Supposed(known, fact.id, value)
        if any(supposed.evaluate(each) is not False for each in table.conditions):
            yield value
