"""The proofs over all answer sets of a pathway; each tells what it found as findings.

Nothing is sampled: a proof works on the diagrams of `stepping.space`, which hold every answer set,
with every question answered in any way or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from stepping.findings import Finding
from stepping.pathway import Pathway
from stepping.proofs import care, dead, flags, questions, reach, worse
from stepping.proofs.ground import Ground

ALL = (
    dead.dead,
    worse.lowered_steps,
    worse.closed_stops,
    reach.unreached_steps,
    reach.swallowed,
    flags.safety,
    flags.cards,
    care.offers,
    care.interventions,
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
