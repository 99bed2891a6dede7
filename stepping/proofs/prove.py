"""The proofs over all answer sets of a pathway; each tells what it found as findings.

Nothing is sampled: a proof works on the diagrams of `answer_space`, which hold every answer set,
with every question answered in any way or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from stepping.pathway.model import Pathway
from stepping.proofs import (
    interventions,
    monotonicity,
    questions,
    reachability,
    safety_flags,
    steps,
)
from stepping.proofs.context import ProofContext
from stepping.proofs.findings import ProofFinding

PROOFS = (
    reachability.check_reachability,
    monotonicity.check_monotone_steps,
    monotonicity.check_monotone_stops,
    steps.check_steps_reached,
    steps.check_rules_matter,
    safety_flags.check_safety,
    safety_flags.check_cards,
    safety_flags.check_opened_cards,
    interventions.check_offers,
    interventions.check_interventions,
    questions.check_directions,
    questions.check_use,
    questions.check_required,
)
"""Each proof yields what does not hold."""


def prove(pathway: Pathway) -> Iterator[ProofFinding]:
    """Yield everything about a pathway that does not hold, errors and hints.

    Raises:
        NodeLimitExceeded: If its rules hang together so widely that they do not fit into memory.
    """
    context = ProofContext(pathway)
    for proof in PROOFS:
        yield from proof(context)
