"""The next contact of a client: which one stands, and by which day safety asks for one.

A contact that a safety step agreed stands beside what was agreed before it; the earliest one is the
next. What is agreed outside a stop takes the place of all. This is a local proposal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from stepping.decision.outcome import Decision
from stepping.decision.safety import find_cards
from stepping.episode.events import Contact, Event, Measured, NextContact
from stepping.pathway.model import Answers, Pathway


def next_contact_of(events: Sequence[Event]) -> NextContact | None:
    """Return the contact that is agreed as the next one; events come in the order of days.

    Where all that was agreed has been met, it is the one agreed last.
    """
    agreed = [event for event in events if isinstance(event, NextContact)]
    if not agreed:
        return None
    others = [place for place, event in enumerate(agreed) if event.safety is None]
    standing = agreed[others[-1] if others else 0 :]
    ahead = [event for event in standing if not is_met(event, events)]
    return min(ahead, key=_when, default=agreed[-1])


def is_met(agreed: NextContact, events: Sequence[Event]) -> bool:
    """Return whether something done has met an agreed contact; events come in the order of days.

    On the day on which it was agreed only a contact after that meets it: the assessment whose
    safety step agrees on a call for the afternoon is confirmed on the same morning.
    """
    at = events.index(agreed)
    return any(
        event.day >= agreed.due
        and (event.day > agreed.day or (isinstance(event, Contact) and place > at))
        for place, event in enumerate(events)
        if isinstance(event, Measured | Contact)
    )


def safety_deadline(events: Sequence[Event]) -> date | None:
    """Return the day by which a safety step asks for a contact, if it has not been met since."""
    last = _last_done(events)
    open_ = (
        event.by
        for event in events
        if isinstance(event, NextContact)
        and event.by is not None
        and (last is None or last <= event.day)
    )
    return min(open_, default=None)


def latest_day(events: Sequence[Event], agreed: NextContact | None = None) -> date | None:
    """Return the last day on which a contact may be without a reason, if safety asks for one.

    One that a safety step agrees has that step's own limit: what others agreed stands beside it.
    """
    return agreed.by if agreed and agreed.safety else safety_deadline(events)


def _when(agreed: NextContact) -> tuple[date, str]:
    return agreed.due, agreed.time or "~"


def _last_done(events: Iterable[Event]) -> date | None:
    return max((e.day for e in events if isinstance(e, Measured | Contact)), default=None)


def contact_limit_days(pathway: Pathway, decision: Decision, answers: Answers) -> int | None:
    """Return within how many days the safety steps that hold ask for a contact, if any does."""
    held = [fired.id for fired in decision.rules if pathway.rule(fired.id).rule.stop]
    limits = (
        step.contact_within_days
        for stop in held
        for card in find_cards(pathway, answers, stop)
        for step in card.steps
        if step.contact_within_days is not None
    )
    return min(limits, default=None)


def actions_beside(
    pathway: Pathway, decision: Decision, answers: Answers, agreed: NextContact | None, day: date
) -> tuple[str, ...]:
    """Return the actions that are told beside a step on a day.

    No contact is told that is later than one that safety asks for or that is agreed.
    """
    within = contact_limit_days(pathway, decision, answers)
    return actions_in_time(pathway, decision, within, (agreed.due - day).days if agreed else None)


def actions_in_time(
    pathway: Pathway, decision: Decision, within: int | None, agreed_in: int | None = None
) -> tuple[str, ...]:
    """Return the actions that are told beside a step: no contact later than a shorter one.

    `within` are the days that the safety steps allow; `agreed_in` those to the agreed contact.
    """
    shortest = min((days for days in (within, agreed_in) if days is not None), default=None)

    def later(id_: str) -> bool:
        action = pathway.actions[id_]
        days = action.days if action.contact else None
        return days is not None and shortest is not None and days > shortest

    return tuple(id_ for id_ in decision.actions if not later(id_))


def last_day(today: date, within: int) -> date:
    """Return the last day on which a contact within some days is in time."""
    return today + timedelta(days=within)
