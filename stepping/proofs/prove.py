"""The proofs over all answer sets of a pathway; each tells what it found as findings.

Nothing is sampled: a proof works on the diagrams of `stepping.space`, which hold every answer set,
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
from stepping.proofs.context import Ground
from stepping.proofs.findings import Finding

ALL = (
    reachability.dead,
    monotonicity.lowered_steps,
    monotonicity.closed_stops,
    steps.unreached_steps,
    steps.swallowed,
    safety_flags.safety,
    safety_flags.cards,
    interventions.offers,
    interventions.interventions,
    questions.undirected,
    questions.unused,
    questions.unsure,
)
"""Each proof yields what does not hold."""


def prove(pathway: Pathway) -> Iterator[Finding]:
    """Yield everything about a pathway that does not hold, errors and hints.

    Raises:
        TooEntangled: If its rules hang together so widely that they do not fit into memory.
    """
    ground = Ground(pathway)
    for proof in ALL:
        yield from proof(ground)
