"""The danger that was there: what it was, how far its safety steps are recorded, and what comes."""

from __future__ import annotations

from casework.assessment import AssessmentSession
from screens.base.lines import Line, flow
from screens.wording.decision_words import DecisionWords
from stepping.decision.safety import SafetyStep


def danger_lines(
    session: AssessmentSession, say: DecisionWords, contact: str, width: int
) -> list[Line]:
    """Draw the stops that hold, their safety steps and the next contact; nothing without one."""
    held = [fired.id for fired in say.decision.rules if session.pathway.rule(fired.id).rule.stop]
    if not held:
        return []
    cards = [(stop, card) for stop in held for card in session.list_cards(stop)]
    names = ", ".join(dict.fromkeys(card.title[say.language] for _, card in cards))
    steps = [SafetyStep(stop, card.id, step.id) for stop, card in cards for step in card.steps]
    parts = [_counted(session, say, steps), *([contact] if contact else [])]
    danger = f"! {say.urgency()}: {names}"
    return flow(((danger, "danger"), (" · " + " · ".join(parts), "normal")), width, 2)


def _counted(session: AssessmentSession, say: DecisionWords, steps: list[SafetyStep]) -> str:
    """Say how many safety steps are recorded, and how many of those were not done."""
    outcomes = [found for step in steps if (found := session.find_outcome(step))]
    counts = {"recorded": len(outcomes), "steps": len(steps)}
    undone = sum(not outcome.done for outcome in outcomes)
    if undone:
        return say.t(
            "safety steps recorded {recorded}/{steps}, not done {undone}", undone=undone, **counts
        )
    return say.t("safety steps recorded {recorded}/{steps}", **counts)
