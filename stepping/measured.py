"""Which totals were measured: one of which no own question was asked is none.

What AUDIT-C tells is a part of AUDIT's total and no total of AUDIT, and who is not asked AUDIT-C
has no AUDIT-C of 0, though rules may count on the number.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from stepping.decision.facts import FactStates, get_fact_states
from stepping.pathway.condition import HiddenState
from stepping.pathway.model import Answers, Pathway

if TYPE_CHECKING:
    from stepping.decision.outcome import Decision


def was_asked(pathway: Pathway, states: FactStates, total: str) -> bool:
    """Say whether a question of a total's own questionnaire is asked."""
    name = total.rpartition(".")[0]
    own = (q.id for q in pathway.questions.values() if q.instrument and q.instrument.id == name)
    return any(not isinstance(states.get_state(id_), HiddenState) for id_ in own)


def as_stored(
    pathway: Pathway, answers: Answers, recorded: Collection[str], decision: Decision
) -> dict[str, Any]:
    """Return a decision with everything that it was made from, as JSON holds it."""
    states = get_fact_states(pathway, answers)
    totals = [fact.id for fact in pathway.facts.values() if fact.origin == "total"]
    return {
        "answers": dict(answers),
        "recorded": sorted(recorded),
        "decision": decision.model_dump(mode="json"),
        "not_asked": [t for t in totals if t not in answers and not was_asked(pathway, states, t)],
    }


def measured_scores(stored: object) -> dict[str, int]:
    """Return the scores of a stored decision that are known to the point and were measured.

    Before `not_asked` was kept, a total counts where an answer to its questionnaire is kept.
    """
    whole = stored if isinstance(stored, Mapping) else {}
    decision = whole.get("decision", whole)
    scores = decision.get("scores") if isinstance(decision, Mapping) else None
    known = scores if isinstance(scores, Mapping) else {}
    return {
        id_: score
        for id_, score in known.items()
        if type(score) is int and not _was_left_out(id_, whole)
    }


def _was_left_out(id_: str, whole: Mapping[str, Any]) -> bool:
    left_out, answers = whole.get("not_asked"), whole.get("answers")
    if isinstance(left_out, list):
        return id_ in left_out
    name, _, end = id_.rpartition(".")
    if end != "total" or not isinstance(answers, Mapping):
        return False
    asked = {answer.partition(".")[0] for answer in answers} - {"client"}
    return bool(asked) and name not in asked
