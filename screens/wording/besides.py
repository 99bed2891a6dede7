"""What is to be done beside the step, with the next contact as it is agreed or asked for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from stepping.episode.contacts import actions_in_time, contact_limit_days

if TYPE_CHECKING:
    from casework.assessment import AssessmentSession
    from casework.workspace import Workspace
    from screens.wording.decision_words import DecisionWords
    from stepping.decision.outcome import Decision
    from stepping.episode.episode import Episode
    from stepping.episode.events import NextContact
    from stepping.pathway.care.schema import CareRules


def agreed_contact(episode: Episode | None, day: date) -> NextContact | None:
    """Return the contact that is agreed for a day or later, if one is."""
    if episode is None or episode.closed is not None or episode.without_next_contact:
        return None
    due = episode.next_contact
    return due if due and due.due >= day else None


def actions_told(
    visit: AssessmentSession, decision: Decision, agreed: NextContact | None, day: date
) -> tuple[str, ...]:
    """Return the actions that are told: no contact later than one that safety asks or is agreed."""
    within = contact_limit_days(visit.pathway, decision, visit.answers)
    ahead = (agreed.due - day).days if agreed else None
    return actions_in_time(visit.pathway, decision, within, ahead)


def besides(workspace: Workspace, visit: AssessmentSession, say: DecisionWords) -> list[str]:
    """Return what is to be done beside the step: the next contact first, then every action.

    Raises:
        StoreError: If the store does not tell of the client's episode.
    """
    found = workspace.store.episodes.find_open(visit.client.id)
    agreed = agreed_contact(found[1] if found else None, workspace.today)
    contact = next_contact(visit, say, agreed, workspace.care)
    actions = actions_told(visit, say.decision, agreed, workspace.today)
    return [*([contact] if contact else []), *map(say.action, actions)]


def next_contact(
    visit: AssessmentSession, say: DecisionWords, agreed: NextContact | None, care: CareRules
) -> str:
    """Return which contact is agreed, or within how many days safety asks for one, if it does."""
    if agreed:
        from casework.care_names import CareNames
        from casework.language import speech
        from screens.wording.day_words import when_and_who

        contact = when_and_who(agreed, CareNames(care, say.language), speech(say.language))
        return say.t("Next contact agreed: {contact}", contact=contact)
    within = contact_limit_days(visit.pathway, say.decision, visit.answers)
    if within is None:
        return ""
    return say.many(
        "Next contact within {count} day, not agreed yet",
        "Next contact within {count} days, not agreed yet",
        within,
    )
