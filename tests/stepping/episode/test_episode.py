"""An episode of care: what happened must be told as it was, and nothing impossible stored."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepping.episode.episode import Episode, EventRejected, replay
from stepping.episode.events import (
    Closed,
    Contact,
    Event,
    EventEntry,
    Measured,
    NeedEstablished,
    NextContact,
    Opened,
    Paused,
    PeriodEnded,
    PeriodStarted,
    Resumed,
    TrackEvent,
    Voice,
    Withdrawn,
    dump_event,
    read_event,
)
from stepping.episode.validation import ValidationContext, apply_event
from stepping.pathway.schema import Ages
from store.pathway_files.care import shipped_care

START = datetime.date(2026, 3, 2)
AROUND = ValidationContext(
    today=datetime.date(2026, 11, 22),
    birth_year=1990,
    interventions={
        "guided_self_help": Ages(),
        "klt": Ages.model_validate({"from": 18, "to": 120}),
        "cool_kids": Ages.model_validate({"from": 7, "to": 17}),
    },
    services={"centre": ("guided_self_help", "klt"), "youth_house": ("klt",)},
    service_ages={"youth_house": Ages.model_validate({"from": 13, "to": 17})},
    tracks=shipped_care().tracks,
)


def day(number: int) -> datetime.date:
    return START + datetime.timedelta(days=number)


def lived(*events: Event | tuple[Event, str]) -> Episode:
    """An episode after some events; a pair is an event and the id of the entry it corrects."""
    episode = Episode()
    for number, told in enumerate(events, start=1):
        event, corrected = told if isinstance(told, tuple) else (told, None)
        entry = EventEntry(id=f"e{number}", seq=number, event=event, supersedes=corrected)
        episode = apply_event(episode, entry, AROUND)
    return episode


def refused(*events: Event | tuple[Event, str]) -> str:
    """Why the last of some events is refused."""
    lived(*events[:-1])
    with pytest.raises(EventRejected) as caught:
        lived(*events)
    return caught.value.reason


OPENED = Opened(day=day(0))
BASELINE = Measured(day=day(0), assessment="a1", step=1, scores={"phq9.total": 14})
HELP = PeriodStarted(day=day(3), period="p1", intervention="guided_self_help", step=1)
END = PeriodEnded(day=day(40), period="p1", why="stepped_up", satisfaction=6)


def test_a_year_of_steps_is_told() -> None:
    episode = lived(
        OPENED,
        BASELINE,
        NeedEstablished(day=day(0)),
        HELP,
        Contact(day=day(10), period="p1"),
        Contact(day=day(20), period="p1", ors=21.5),
        Measured(day=day(20), assessment="a2", scores={"phq9.total": 13}),
        END,
        Measured(day=day(40), assessment="a3", step=2, scores={"phq9.total": 15}),
        PeriodStarted(day=day(47), period="p2", intervention="klt", step=2, service="centre"),
        PeriodEnded(day=day(120), period="p2", why="completed", satisfaction=9),
        Measured(day=day(120), assessment="a4", step=0, scores={"phq9.total": 4}),
        Closed(day=day(120), how="recovered", despite="clinical"),
    )
    assert episode.baseline == BASELINE
    assert episode.step == 0
    assert [period.id for period in episode.periods] == ["p1", "p2"]
    assert not any(period.open for period in episode.periods)
    assert len(episode.periods[0].contacts) == 2
    assert [contact.day for contact in episode.periods[0].contacts] == [day(10), day(20)]
    assert episode.closed is not None


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ((OPENED, Measured(day=day(400), assessment="a1")), "future"),
        ((Opened(day=datetime.date(1989, 5, 1)),), "before the client's year of birth"),
        ((BASELINE,), "has not been opened"),
        ((OPENED, OPENED), "open already"),
        ((OPENED, Measured(day=day(-1), assessment="a1")), "before the episode began"),
        ((OPENED, Measured(day=day(5), assessment="a1"), BASELINE), "before the baseline"),
        ((OPENED, BASELINE, BASELINE), "in the episode already"),
        (
            (OPENED, PeriodStarted(day=day(1), period="p", intervention="hypnosis")),
            "intervention is not known",
        ),
        (
            (OPENED, PeriodStarted(day=day(1), period="p", intervention="cool_kids")),
            "not for the client's age",
        ),
        (
            (OPENED, PeriodStarted(day=day(1), period="p", intervention="klt", service="moon")),
            "service is not known",
        ),
        (
            (
                OPENED,
                PeriodStarted(day=day(1), period="p", intervention="klt", service="youth_house"),
            ),
            "service is not for the client's age",
        ),
        (
            (
                OPENED,
                PeriodStarted(day=day(1), period="p", intervention="cool_kids", service="centre"),
            ),
            "not for the client's age",
        ),
        ((OPENED, HELP, HELP.model_copy(update={"period": "p2"})), "open already"),
        ((OPENED, HELP, HELP), "this id"),
        ((OPENED, HELP, Contact(day=day(2), period="p1")), "before the treatment began"),
        ((OPENED, HELP, END, Contact(day=day(41), period="p1")), "after the treatment ended"),
        ((OPENED, HELP, PeriodEnded(day=day(2), period="p1", why="other")), "before the treatment"),
        (
            (
                OPENED,
                HELP,
                Contact(day=day(30), period="p1"),
                PeriodEnded(day=day(20), period="p1", why="other"),
            ),
            "before its last contact",
        ),
        ((OPENED, HELP, END, END), "has ended already"),
        ((OPENED, Contact(day=day(2), period="p9")), "no such treatment"),
        ((OPENED, Resumed(day=day(2))), "not paused"),
        (
            (OPENED, Paused(day=day(5), why="medical"), Paused(day=day(6), why="medical")),
            "paused already",
        ),
        ((OPENED, Paused(day=day(5), why="medical"), Resumed(day=day(4))), "before it was paused"),
        ((OPENED, NextContact(day=day(5), due=day(4))), "before the day on which it was agreed"),
        (
            (
                OPENED,
                TrackEvent(day=day(5), track="multi_service", what="planned", review_on=day(1)),
            ),
            "review lies before",
        ),
        ((OPENED, HELP, Closed(day=day(9), how="recovered", despite="clinical")), "still open"),
        (
            (OPENED, HELP, END, Closed(day=day(39), how="recovered", despite="clinical")),
            "before the last thing",
        ),
        (
            (
                OPENED,
                Closed(day=day(1), how="moved_on"),
                Voice(day=day(1), about="goal", words="x"),
            ),
            "closed",
        ),
        ((OPENED, Withdrawn(day=day(0))), "which entry"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(events: Sequence[Event], reason: str) -> None:
    assert reason in refused(*events)


def test_an_entry_of_another_window_is_refused() -> None:
    episode = lived(OPENED)
    with pytest.raises(EventRejected, match="another window"):
        apply_event(episode, EventEntry(id="x", seq=1, event=BASELINE), AROUND)


# -- corrections --------------------------------------------------------------------------------


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    corrected = HELP.model_copy(update={"day": day(5)})
    episode = lived(OPENED, HELP, (corrected, "e2"))
    assert [period.started.day for period in episode.periods] == [day(5)]
    assert episode.last_seq == 3


def test_a_withdrawn_end_opens_the_episode_again() -> None:
    closed = Closed(day=day(1), how="moved_on")
    episode = lived(OPENED, closed, (Withdrawn(day=day(2)), "e2"), HELP)
    assert episode.closed is None
    assert len(episode.periods) == 1


def test_what_others_rest_on_is_not_withdrawn() -> None:
    assert "rests on this" in refused(
        OPENED, HELP, Contact(day=day(9), period="p1"), (Withdrawn(day=day(9)), "e2")
    )
    assert "rests on this" in refused(OPENED, BASELINE, (Withdrawn(day=day(0)), "e1"))


def test_a_start_is_not_moved_behind_its_contacts() -> None:
    late = HELP.model_copy(update={"day": day(20)})
    assert "rests on this" in refused(OPENED, HELP, Contact(day=day(9), period="p1"), (late, "e2"))


def test_what_was_corrected_is_not_corrected_again() -> None:
    earlier = HELP.model_copy(update={"day": day(2)})
    assert "does not stand" in refused(OPENED, HELP, (earlier, "e2"), (earlier, "e2"))


# -- what is still to be agreed -----------------------------------------------------------------


def test_an_episode_without_a_next_contact_is_told() -> None:
    assert lived(OPENED, BASELINE).without_next_contact
    agreed = NextContact(day=day(0), due=day(14))
    assert not lived(OPENED, BASELINE, agreed).without_next_contact
    met = lived(OPENED, BASELINE, agreed, HELP, Contact(day=day(14), period="p1"))
    assert met.without_next_contact, "what was agreed has been kept"
    closed = lived(OPENED, BASELINE, Closed(day=day(3), how="moved_on"))
    assert not closed.without_next_contact


# -- any life -----------------------------------------------------------------------------------

DAYS = st.integers(-2, 60).map(day)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Opened, day=DAYS),
    st.builds(Measured, day=DAYS, assessment=st.sampled_from("abcdef"), step=st.integers(0, 4)),
    st.builds(NeedEstablished, day=DAYS),
    st.builds(Paused, day=DAYS, why=st.just("medical")),
    st.builds(Resumed, day=DAYS),
    st.builds(
        PeriodStarted,
        day=DAYS,
        period=st.sampled_from("pq"),
        intervention=st.sampled_from(["klt", "guided_self_help"]),
    ),
    st.builds(Contact, day=DAYS, period=st.sampled_from("pq")),
    st.builds(PeriodEnded, day=DAYS, period=st.sampled_from("pq"), why=st.just("other")),
    st.builds(NextContact, day=DAYS, due=DAYS),
    st.builds(Closed, day=DAYS, how=st.just("moved_on")),
    st.builds(Withdrawn, day=DAYS),
)


@settings(max_examples=300)
@given(st.lists(st.tuples(EVENTS, st.none() | st.integers(1, 12)), max_size=25), st.randoms())
def test_no_life_leads_to_an_impossible_episode(
    told: list[tuple[Event, int | None]], random: object
) -> None:
    """The stored events alone, in any order, tell the same; a refused one leaves no trace."""
    episode = apply_event(Episode(), EventEntry(id="e1", seq=1, event=OPENED), AROUND)
    stored = [EventEntry(id="e1", seq=1, event=OPENED)]
    for event, corrected in told:
        seq = episode.last_seq + 1
        entry = EventEntry(
            id=f"e{seq}",
            seq=seq,
            event=event,
            supersedes=None if corrected is None else f"e{corrected}",
        )
        try:
            after = apply_event(episode, entry, AROUND)
        except EventRejected:
            continue
        episode = after
        stored.append(EventEntry.model_validate_json(entry.model_dump_json()))
        assert_possible(episode)
    shuffled = list(stored)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = replay(shuffled)
    assert again.entries == episode.entries
    assert again.last_seq == episode.last_seq == len(stored)


def assert_possible(episode: Episode) -> None:
    if not episode.entries:  # its beginning was withdrawn, and nothing else was there
        assert episode == Episode(last_seq=episode.last_seq)
        return
    assert episode.opened is not None
    days = [entry.event.day for entry in episode.entries]
    assert all(before <= after for before, after in pairwise(days))
    assert min(days) >= episode.opened.day
    assert max(days) <= AROUND.today
    open_now = [period.started.intervention for period in episode.periods if period.open]
    assert len(open_now) == len(set(open_now))
    for period in episode.periods:
        assert all(contact.day >= period.started.day for contact in period.contacts)
        if period.ended is not None:
            assert period.ended.day >= period.started.day


@given(EVENTS)
def test_an_event_is_the_same_after_it_was_written_down(event: Event) -> None:
    assert read_event(dump_event(event)) == event
