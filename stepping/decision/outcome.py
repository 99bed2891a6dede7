"""What a decision says: the suggestion with its whole trace, as frozen data."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from stepping.decision.verdicts import Verdicts
from stepping.pathway.schema import Urgency

Status = Literal["suggested", "stop", "insufficient"]
FactValue = int | str | tuple[int, int] | tuple[str, ...] | None
"""A fact as the trace shows it: a value, a range of numbers, chosen options, or unknown."""

URGENCIES: tuple[Urgency, ...] = ("week", "same_day", "emergency")
"""From the least to the most urgent."""

StepLimit = Literal["stop_elsewhere", "stop", "declined", "or_above", "one_step_down"]
"""What says which steps may be confirmed: an open stop of another draft, a recorded one, declined
answers, a suggestion that is open upward, or nothing but the suggestion itself."""

Choice = Literal["suggested", "or_above", "override"]
"""What a confirmed step is: the suggested one, one above that was left open, or another."""

AT_LEAST = "pathway:at_least"
"""The reason code of a suggested step that is a lower bound: answers were declined."""

OR_ABOVE = "pathway:or_above"
"""The reason code of a step chosen from an "or above"; no override reason can have a colon."""


def classify_choice(suggested: int | None, confirmed: int | None, *, or_above: bool) -> Choice:
    """Say what a confirmed step is; `or_above` tells whether the suggestion left it open upward."""
    if confirmed == suggested:
        return "suggested"
    upward = suggested is not None and confirmed is not None and confirmed > suggested
    return "or_above" if or_above and upward else "override"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FiredRule(_Frozen):
    """A rule that holds, with the facts it was decided on."""

    id: str
    effect: str
    facts: dict[str, FactValue]
    held: tuple[str, ...] = ()
    """The alternatives of its condition that hold, as conditions; none where it has no "or"."""


class OpenRule(_Frozen):
    """A rule that could still hold, and the unanswered and declined questions behind that."""

    id: str
    effect: str
    missing: tuple[str, ...]
    declined: tuple[str, ...] = ()


class Reason(_Frozen):
    """Where the words of a reason stand: a rule, or a row of an intervention's own lists."""

    of: Literal["rule", "suits", "excluded_if", "requires", "wish", "age"]
    id: str
    row: int = 0


class RankedIntervention(_Frozen):
    """An intervention on the step, or beside it, with how many things speak for it."""

    id: str
    step: int | None
    fit: int
    because: tuple[Reason, ...]


class ExcludedIntervention(_Frozen):
    """An intervention of the step that is not offered, and why."""

    id: str
    because: tuple[Reason, ...]


class Counterfactual(_Frozen):
    """The smallest change of one fact, in one direction, that moves the step."""

    fact: str
    was: int | str
    becomes: int | str
    step: int


class OpenElsewhere(_Frozen):
    """A safety stop that is open in another draft of the same person."""

    draft: str
    """What the other draft is known by."""
    pathway: str
    """The pathway whose stop it is."""
    id: str
    urgency: Urgency
    floor: int | None
    """The lowest step that the stop leaves once it is recorded; None where it sets none."""
    day: date
    """When the other draft was begun."""


class Decision(_Frozen):
    """What the pathway says of a set of answers; the same for ever for the same digest."""

    pathway: str
    version: str
    digest: str
    status: Status
    step: int | None = None
    or_above: bool = False
    lowest: int | None
    highest: int | None
    settled: bool
    """Whether no unanswered question can still change the step or open a stop."""
    provisional: bool
    urgency: Urgency | None
    stops: tuple[str, ...]
    """The open stops, the most urgent first."""
    rules: tuple[FiredRule, ...]
    possible: tuple[OpenRule, ...]
    scores: dict[str, int | tuple[int, int]]
    missing: tuple[str, ...]
    required: tuple[str, ...]
    """The missing answers without which no step may be confirmed."""
    declined: tuple[str, ...] = ()
    """The questions that the client declined; each may be anything in its range, for good."""
    at_least: bool = False
    """Whether the step is only a lower bound: a declined answer may hide a higher one or a stop."""
    actions: tuple[str, ...]
    interventions: tuple[RankedIntervention, ...] = ()
    excluded: tuple[ExcludedIntervention, ...] = ()
    flips: tuple[Counterfactual, ...] = ()
    lowest_override: int | None = None
    """The lowest step that may be confirmed: no lower than a recorded stop allows, and not below a
    step that is a lower bound."""
    consider: tuple[str, ...] = ()
    """The rules that say "or above" on the final step; each tells what to weigh."""
    elsewhere: tuple[OpenElsewhere, ...] = ()
    """The stops open in other drafts that this decision knows of, the most urgent first."""
    verdicts: Verdicts | None = None
    """Of recovery, case and risk, where the pathway tells; older decisions lack it."""

    def get_reason_code(self, step: int) -> str | None:
        """Return the reason code that confirming a step brings with it, or nothing."""
        if self.at_least and step == self.step:
            return AT_LEAST
        return OR_ABOVE if self.classify_choice(step) == "or_above" else None

    @property
    def step_limit(self) -> StepLimit:
        """What says which steps may be confirmed."""
        floors = [stop.floor for stop in self.elsewhere if stop.floor is not None]
        if floors and self.lowest_override is not None and max(floors) >= self.lowest_override:
            return "stop_elsewhere"
        if self.urgency is not None:
            return "stop"
        if self.at_least:
            return "declined"
        return "or_above" if self.or_above else "one_step_down"

    def classify_choice(self, step: int) -> Choice:
        """Say what it is to confirm a step on this suggestion."""
        return classify_choice(self.step, step, or_above=self.or_above)
