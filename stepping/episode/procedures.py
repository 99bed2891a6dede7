"""What was done in an episode that is coded as a procedure, with the points that go with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from stepping.episode.episode import Episode
from stepping.episode.events import AlcoholUse

MINI_INTERVENTION = "mini_intervention"
"""What a mini-intervention about alcohol is called among procedures."""
ALCOHOL_POINTS = ("audit.total", "auditc.total")
"""The totals that belong to a mini-intervention, the whole AUDIT before AUDIT-C."""


@dataclass(frozen=True, slots=True)
class Procedure:
    """One thing that was done."""

    day: date
    what: str
    """The form of care, or `mini_intervention`."""
    code: str | None
    """`None` where the county has to fill it in."""
    points: Mapping[str, int]
    """AUDIT or AUDIT-C by fact, for a mini-intervention; empty where none is known."""


def list_procedures(
    episode: Episode, codes: Mapping[str, str | None], alcohol: str | None
) -> tuple[Procedure, ...]:
    """Return what was done, by day: treatments as they began, and mini-interventions.

    `codes` are those of the forms of care, `alcohol` that of the mini-intervention.
    """
    began = (
        Procedure(started.day, started.intervention, codes.get(started.intervention), {})
        for started in (period.started for period in episode.periods)
    )
    given = (
        Procedure(use.day, MINI_INTERVENTION, alcohol, dict(_points(episode, use)))
        for use in episode.alcohol
        if use.mini_intervention
    )
    return tuple(sorted((*began, *given), key=lambda procedure: procedure.day))


def find_points(episode: Episode, use: AlcoholUse) -> tuple[str, int] | None:
    """Return the total that goes with a mini-intervention: its own, or the latest one before."""
    return next(_points(episode, use), None)


def _points(episode: Episode, use: AlcoholUse) -> Iterator[tuple[str, int]]:
    if use.audit is not None:
        yield ALCOHOL_POINTS[0], use.audit
        return
    audits = [e.audit for e in episode.alcohol if e.audit is not None and e.day <= use.day]
    if audits:
        yield ALCOHOL_POINTS[0], audits[-1]
        return
    before = [measured.scores for measured in episode.measured if measured.day <= use.day]
    for fact in ALCOHOL_POINTS:
        told = [scores[fact] for scores in before if fact in scores]
        if told:
            yield fact, told[-1]
            return
