"""What the store tells of a client's risk that stays, and the safety plan against it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import AwareDatetime

from store.records import Code, Record, RiskKind, SafetyRecord


class RiskSign(Record):
    """A stop for danger of suicide, or an attempt, that an assessment has told of."""

    kind: RiskKind
    about: Code
    """The id of the stop, or of the question."""
    since: AwareDatetime
    """When it was first told."""
    by: str
    """Staff code."""
    wrong: AwareDatetime | None = None
    """When the answer was corrected; None while it stands."""
    answer: Any = None
    """What was answered last, where `about` is a question."""


class RiskMark(Record):
    """What one assessment of a client has told of risk, and what was done about it."""

    assessment_id: str
    pathway_id: str
    pathway_version: str
    pathway_digest: str
    signs: tuple[RiskSign, ...]
    """At least one, in the order in which they were told."""
    steps: tuple[SafetyRecord, ...]
    """The safety steps that were recorded under these stops, in that order."""

    @property
    def stands(self) -> bool:
        """Whether any of it was never corrected."""
        return any(sign.wrong is None for sign in self.signs)


class SafetyPlan(Record):
    """A client's safety plan as it stands, in the client's own words."""

    id: str
    assessment_id: str | None
    """The assessment in which it was begun; None for one begun outside any."""
    at: AwareDatetime
    """When it was begun."""
    by: str
    """Staff code of whoever began it."""
    words: Mapping[str, str]
    """What was told, by the ids of its points; a point of which nothing was told is missing."""
