"""If these fail, an agreed contact is lost, or a late one takes the place of a safe one unasked."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from screens.wording.decision_words import decision_text
from stepping.decision.decide import decide
from stepping.episode.contacts import actions_in_time, contact_limit_days, safety_deadline
from stepping.episode.episode import Episode, EventRejected, replay
from stepping.episode.events import (
    Contact,
    Event,
    EventEntry,
    Measured,
    NextContact,
    Opened,
    PeriodStarted,
    read_event,
)
from stepping.episode.validation import ValidationContext, apply_event
from stepping.pathway.model import Answer
from store.pathway_files.care import shipped_care
from store.pathway_files.files import built_in

FIRST = date(2026, 11, 29)
AROUND = ValidationContext(FIRST + timedelta(days=60), 1986, {}, {}, {}, shipped_care().tracks)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def lived(*events: Event) -> Episode:
    return replay(
        EventEntry(id=f"e{n}", seq=n, event=event)
        for n, event in enumerate((Opened(day=FIRST), *events), start=1)
    )


def safe(at: int, due: int, within: int, name: str = "s1") -> NextContact:
    """A contact that a safety step agreed on a day."""
    return NextContact(day=day(at), due=day(due), by=day(at + within), safety=name)


def test_an_event_of_an_older_program_is_still_read() -> None:
    text = '{"day":"2026-11-29","kind":"next_contact","due":"2026-12-10"}'
    assert read_event(text) == NextContact(day=FIRST, due=date(2026, 12, 10))


@pytest.mark.parametrize("time", ["24:00", "9:00", "09:60", "0900", "noon"])
def test_a_time_that_is_none_is_refused(time: str) -> None:
    with pytest.raises(ValueError, match="time"):
        NextContact(day=FIRST, due=FIRST, time=time)


def test_a_contact_may_be_agreed_for_the_same_day() -> None:
    today = NextContact(day=day(1), due=day(1))
    entry = EventEntry(id="e2", seq=2, event=today)
    assert apply_event(lived(), entry, AROUND).next_contact == today
    yesterday = entry.model_copy(update={"event": today.model_copy(update={"due": day(0)})})
    with pytest.raises(EventRejected, match="before the day on which it was agreed"):
        apply_event(lived(), yesterday, AROUND)


def test_of_what_safety_steps_agreed_the_earliest_is_next() -> None:
    tomorrow, week = safe(0, 1, 1, "s1"), safe(0, 5, 7, "s2")
    assert lived(tomorrow, week).next_contact == tomorrow
    assert lived(week, tomorrow).next_contact == tomorrow


def test_a_safety_contact_stands_before_a_later_agreement_until_it_is_made() -> None:
    month, week = NextContact(day=FIRST, due=day(28)), safe(2, 5, 7)
    period = PeriodStarted(day=FIRST, period="p1", intervention="guided")
    assert lived(month, week).next_contact == week
    assert lived(period, month, week, Contact(day=day(6), period="p1")).next_contact == month


def test_what_is_agreed_outside_a_stop_takes_the_place_of_all() -> None:
    week, month = safe(0, 5, 7), NextContact(day=day(1), due=day(28), why="travels")
    assert lived(week, month).next_contact == month


def test_a_later_contact_than_safety_asks_for_needs_a_reason() -> None:
    known = lived(safe(0, 5, 7))
    assert safety_deadline(known.events) == day(7)
    late = NextContact(day=day(1), due=day(8))
    with pytest.raises(EventRejected, match="later than a safety step allows"):
        apply_event(known, EventEntry(id="x", seq=3, event=late), AROUND)
    told = late.model_copy(update={"why": "in hospital until then"})
    assert apply_event(known, EventEntry(id="x", seq=3, event=told), AROUND).next_contact == told
    fine = late.model_copy(update={"due": day(7)})
    assert apply_event(known, EventEntry(id="x", seq=3, event=fine), AROUND).next_contact == fine


def test_a_safety_contact_itself_may_not_be_late_without_a_reason() -> None:
    with pytest.raises(EventRejected, match="later than a safety step allows"):
        apply_event(lived(), EventEntry(id="x", seq=2, event=safe(0, 8, 7)), AROUND)


def test_the_limit_of_one_step_is_no_fault_of_anothers_contact() -> None:
    known = lived(safe(0, 1, 1, "s1"))
    assert apply_event(known, EventEntry(id="x", seq=3, event=safe(0, 5, 7, "s2")), AROUND)


def test_the_deadline_stands_until_the_contact_is_made() -> None:
    agreed = safe(2, 5, 7)
    same_day = Measured(day=day(2), assessment="a1", step=1)
    assert safety_deadline(lived(agreed, same_day).events) == day(9)
    again = Measured(day=day(5), assessment="a2", step=1)
    assert safety_deadline(lived(agreed, again).events) is None


def test_two_to_four_weeks_are_not_told_beside_a_shorter_contact() -> None:
    pathway = built_in("adult")
    answers: dict[str, Answer] = {"client.age": 40, "phq9.9": 1}
    answers |= {f"phq9.{n}": 1 for n in range(1, 9)}
    decision = decide(pathway, answers, frozenset({"S2"}))
    assert "contact_2_4_weeks" in decision.actions, "the contract of `decide` is as before"
    within = contact_limit_days(pathway, decision, answers)
    assert within == 7
    assert "contact_2_4_weeks" not in actions_in_time(pathway, decision, within)
    assert set(decision.actions) - set(actions_in_time(pathway, decision, 7)) == {
        "contact_2_4_weeks"
    }
    assert actions_in_time(pathway, decision, None) == decision.actions
    assert actions_in_time(pathway, decision, None, agreed_in=28) == decision.actions
    assert "contact_2_4_weeks" not in actions_in_time(pathway, decision, None, agreed_in=10)


MILD: dict[str, Answer] = {
    **{f"phq9.{n}": 1 for n in range(1, 10)},
    **{f"gad7.{n}": 0 for n in range(1, 8)},
}
BEFORE: dict[str, Answer] = {
    "before.phq9": 9,
    "since.phq9": 9,
    "before.gad7": 0,
    "since.gad7": 0,
}
LATE: dict[str, tuple[dict[str, Answer], str]] = {
    "adult": ({**MILD, "client.age": 40}, "contact_2_4_weeks"),
    "youth": ({**MILD, "client.age": 15}, "contact_2_4_weeks"),
    "follow_up": (
        {**MILD, **BEFORE, "client.age": 40, "care.step": 1, "care.contacts": 1},
        "go_on",
    ),
}
"""For each pathway: answers with a stop that agrees a contact, and a later contact."""


def test_each_pathway_that_asks_for_a_later_contact_is_looked_at() -> None:
    contacts = {
        name: {id_ for id_, action in built_in(name).actions.items() if action.contact}
        for name in LATE
    }
    assert contacts == {name: {late} for name, (_, late) in LATE.items()}


@pytest.mark.parametrize("name", LATE)
def test_no_pathway_tells_a_later_contact_than_its_stop_agrees(name: str) -> None:
    pathway, (answers, late) = built_in(name), LATE[name]
    stops = frozenset(rule.id for rule in pathway.stops)
    decision = decide(pathway, answers, stops)
    assert late in decision.actions
    within = contact_limit_days(pathway, decision, answers)
    assert within == 7
    assert late not in actions_in_time(pathway, decision, within)
    for language in ("en", "fi", "sv"):
        text = decision_text(pathway, decision, answers, language)
        assert pathway.actions[late].title[language] not in text
        said = [pathway.rule(fired.id).rule.because[language] for fired in decision.rules]
        assert not [
            reason for reason in said if re.search(r"2.4|två till fyra|two to four", reason)
        ]


def test_every_card_whose_text_agrees_a_contact_says_within_how_many_days() -> None:
    marked = {
        (card.id, step.id): step.contact_within_days
        for name in ("adult", "youth", "follow_up")
        for card in built_in(name).cards.values()
        for step in card.steps
        if step.contact_within_days is not None
    }
    assert {"suicide_youth", "suicide_non_acute", "mania_past"} <= {card for card, _ in marked}
    for name in ("adult", "youth", "follow_up"):
        for card in built_in(name).cards.values():
            for step in card.steps:
                if "next contact" in step.text["en"].casefold():
                    assert (card.id, step.id) in marked, step.text["en"]
    assert {days for (card, _), days in marked.items() if card.startswith("suicide")} == {7}
