"""What is to be done beside the step, with the next contact as it is agreed or asked for."""

from __future__ import annotations

from casework.assessment import AssessmentSession
from casework.care_names import CareNames
from casework.language import speech
from casework.workspace import Workspace
from screens.wording.day_words import contact_words
from screens.wording.decision_words import DecisionWords
from stepping.episode.contacts import actions_beside, contact_limit_days
from stepping.episode.events import NextContact
from stepping.pathway.care.schema import CareRules


def actions(
    workspace: Workspace, session: AssessmentSession, say: DecisionWords, agreed: NextContact | None
) -> list[str]:
    """Return every action beside the step; none later than an agreed contact."""
    found = actions_beside(session.pathway, say.decision, session.answers, agreed, workspace.today)
    return [say.action(id_) for id_ in found]


def next_contact(
    session: AssessmentSession, say: DecisionWords, agreed: NextContact | None, care: CareRules
) -> str:
    """Return which contact is agreed, or within how many days safety asks for one, if it does."""
    if agreed:
        contact = contact_words(agreed, CareNames(care, say.language), speech(say.language))
        return say.t("Next contact agreed: {contact}", contact=contact)
    return say.contact_within(contact_limit_days(session.pathway, say.decision, session.answers))
