"""If these fail, a client waits for care that the program says has begun."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from stepping.episode.clocks import Clock, legal_deadlines, what_it_counts_as
from stepping.episode.episode import Episode, EventRejected
from stepping.episode.events import (
    Closed,
    Contact,
    Counted,
    Event,
    EventEntry,
    Missed,
    NeedEstablished,
    NextContact,
    Opened,
    PeriodEnded,
    PeriodStarted,
    TrackEvent,
    Withdrawn,
    read_event,
)
from stepping.episode.schedule import due_measurements
from stepping.episode.validation import ValidationContext, apply_event
from stepping.pathway.care.schema import What
from stepping.pathway.schema import Ages, Measuring
from store.pathway_files.care import shipped_care
from tests.stepping.episode.test_episode import day

YOUNG, ADULT = 2006, 1980
CARE = shipped_care()
FORMS = ("klt", "guided_self_help", "active_monitoring")
AROUND = ValidationContext(
    date(2026, 11, 22), YOUNG, dict.fromkeys(FORMS, Ages()), {}, {}, CARE.tracks
)
GUARANTEE, FIRST, START = "therapy_guarantee", "first_treatment", "treatment_start"
ASSESSED, SPECIALISED = "specialised_assessment", "specialised_treatment"


def lived(*events: Event | tuple[Event, str]) -> Episode:
    """An episode opened on its first day; a pair is an event and the id of what it corrects."""
    episode = Episode()
    for number, told in enumerate((Opened(day=day(0)), *events)):
        event, corrected = told if isinstance(told, tuple) else (told, None)
        entry = EventEntry(id=f"e{number}", seq=number + 1, event=event, supersedes=corrected)
        episode = apply_event(episode, entry, AROUND)
    return episode


def clocks(episode: Episode, at: int, born: int | None = YOUNG) -> dict[str, Clock]:
    found = legal_deadlines(episode, born, day(at), CARE.deadlines)
    assert len({clock.time.rule.id for clock in found}) == len(found)
    return {clock.time.rule.id: clock for clock in found}


def states(episode: Episode, at: int, born: int | None = YOUNG) -> dict[str, str]:
    return {id_: clock.time.state for id_, clock in clocks(episode, at, born).items()}


NEED = NeedEstablished(day=day(5))


def begun(at: int, counted: Counted | None, period: str = "p1", form: str = "klt") -> PeriodStarted:
    return PeriodStarted(day=day(at), period=period, intervention=form, counted=counted)


def seen(at: int, period: str = "p1") -> Contact:
    return Contact(day=day(at), period=period)


@pytest.mark.parametrize(
    ("counted", "young", "adult"),
    [
        ("guarantee", {GUARANTEE: "met", FIRST: "met"}, {START: "met"}),
        ("treatment", {GUARANTEE: "running", FIRST: "met"}, {START: "met"}),
        ("no", {GUARANTEE: "running", FIRST: "running"}, {START: "running"}),
        (None, {GUARANTEE: "running", FIRST: "running"}, {START: "running"}),
    ],
)
def test_each_clock_ends_at_its_own_event_of_what_counts(
    counted: Counted | None, young: dict[str, str], adult: dict[str, str]
) -> None:
    """Need, start and first contact are three events."""
    need = lived(NEED)
    assert set(states(need, 6).values()) == {"running"}
    start = lived(NEED, begun(7, counted))
    assert states(start, 8) == young | {FIRST: "running"}
    assert states(start, 8, ADULT) == adult
    assert states(lived(NEED, begun(7, counted), seen(9)), 10) == young
    told = clocks(start, 8)[GUARANTEE]
    assert [period.id for period in told.untold] == (["p1"] if counted is None else [])
    assert [p.id for p in told.passed_over] == (["p1"] if counted in ("no", "treatment") else [])


def test_the_page_can_tell_which_event_ended_a_clock_and_how_late_it_was() -> None:
    found = clocks(lived(NEED, begun(34, "guarantee"), seen(35), seen(36)), 60)
    ended = {id_: (clock.ended_by, clock.time.days_left) for id_, clock in found.items()}
    assert ended == {
        GUARANTEE: (begun(34, "guarantee"), -1),
        FIRST: (seen(35), -16),
    }
    assert all(clock.period and clock.period.id == "p1" for clock in found.values())
    assert {clock.since for clock in found.values()} == {day(5)}


@pytest.mark.parametrize("late", [False, True])
def test_what_was_before_the_need_ends_nothing_but_for_what_was_going_on(late: bool) -> None:
    """Also where the need is recorded last; a contact before it is no first contact since."""
    before: list[Event] = [begun(1, "guarantee"), seen(2)]
    events: list[Event] = [*before, NEED] if late else [NEED, *before]
    on = clocks(lived(*events), 6)
    assert (on[GUARANTEE].time.state, on[FIRST].time.state) == ("met", "running")
    assert on[GUARANTEE].time.days_left == 28
    over = PeriodEnded(day=day(5), period="p1", why="completed")
    assert set(states(lived(*events, over), 6).values()) == {"running"}


def test_a_correction_and_a_withdrawal_count_at_once() -> None:
    story = (NEED, begun(7, None))
    assert states(lived(*story, (begun(7, "guarantee"), "e2")), 8)[GUARANTEE] == "met"
    told = (NEED, begun(7, "guarantee"), seen(8))
    assert set(states(lived(*told), 9).values()) == {"met"}
    assert states(lived(*told, (begun(7, "no"), "e2")), 9)[GUARANTEE] == "running"
    gone = lived(*told, (Withdrawn(day=day(9)), "e3"), (Withdrawn(day=day(9)), "e2"))
    assert set(states(gone, 10).values()) == {"running"}
    assert states(lived(*told, (NeedEstablished(day=day(9)), "e1")), 10)[FIRST] == "running"


def test_a_first_contact_cannot_lie_before_the_start() -> None:
    with pytest.raises(EventRejected, match="before the treatment began"):
        lived(NEED, begun(9, "guarantee"), seen(8))


def test_a_contact_that_did_not_take_place_counts_for_nothing() -> None:
    agreed = NextContact(day=day(7), due=day(9))
    begun_ = begun(7, "guarantee").model_copy(update={"measuring": Measuring(every=1)})
    missed = [Missed(day=day(at), period="p1", why="not_come") for at in (8, 9)]
    episode = lived(NEED, begun_, agreed, *missed)
    assert states(episode, 10) == {GUARANTEE: "met", FIRST: "running"}
    assert episode.unmet_contact == agreed
    assert due_measurements(episode) == ()
    seen_ = lived(NEED, begun_, agreed, *missed, seen(10))
    assert (states(seen_, 11)[FIRST], seen_.unmet_contact) == ("met", None)
    over = PeriodEnded(day=day(8), period="p1", why="client_ended")
    for at in (6, 9):
        with pytest.raises(EventRejected, match="The day lies"):
            lived(NEED, begun_, over, Missed(day=day(at), period="p1", why="unit_cancelled"))


def test_a_treatment_of_an_older_program_is_not_taken_for_one_that_counts() -> None:
    old = read_event(
        f'{{"kind":"period_started","day":"{day(7)}","period":"p1","intervention":"klt"}}'
    )
    found = clocks(lived(NEED, old, seen(8)), 40)
    assert {clock.time.state for clock in found.values()} == {"overdue"}
    assert all(clock.untold for clock in found.values())


def test_a_later_form_ends_what_an_earlier_one_did_not() -> None:
    story = (NEED, begun(7, "no", "p1", "active_monitoring"), seen(8))
    assert set(states(lived(*story), 9).values()) == {"running"}
    then = (begun(12, "guarantee", "p2"), seen(13, "p2"))
    found = clocks(lived(*story, *then), 20)
    assert {id_: clock.ended_by for id_, clock in found.items()} == {
        GUARANTEE: then[0],
        FIRST: then[1],
    }


def test_a_need_that_was_told_twice_starts_no_time_anew() -> None:
    """As by two windows at once, or by hand beside the confirmed step."""
    for told in ((5, 20), (20, 5)):
        twice = lived(*(NeedEstablished(day=day(at)) for at in told))
        assert {clock.since for clock in clocks(twice, 40).values()} == {day(5)}
        assert set(states(twice, 40).values()) == {"overdue"}


def test_an_ended_episode_owes_only_what_it_kept() -> None:
    done = PeriodEnded(day=day(30), period="p1", why="completed")
    story = (NEED, begun(7, "treatment"), seen(8), done, Closed(day=day(30), how="moved_on"))
    assert states(lived(*story), 90) == {FIRST: "met"}


@pytest.mark.parametrize(
    ("born", "need", "young"),
    [
        (2003, date(2026, 1, 1), True),
        (2003, date(2026, 12, 30), True),
        (2003, date(2026, 12, 31), False),
        (2003, date(2025, 12, 31), True),
        (2002, date(2025, 1, 2), True),
        (2002, date(2026, 1, 1), False),
        (None, date(2026, 1, 1), True),
    ],
)
def test_who_turns_23_in_the_year_of_the_need_is_covered(
    born: int | None, need: date, young: bool
) -> None:
    """The age on that day counts for as long as the time runs, also in a later year."""
    entries = (Opened(day=need), NeedEstablished(day=need))
    episode = Episode(opened=entries[0], need=entries[1])
    for today in (need, date(2027, 3, 1)):
        found = legal_deadlines(episode, born, today, CARE.deadlines)
        assert [clock.time.rule.id for clock in found] == ([GUARANTEE, FIRST] if young else [START])


# -- specialised care ----------------------------------------------------------------------------


def referral(*told: tuple[int, What]) -> Sequence[TrackEvent]:
    return [TrackEvent(day=day(at), track="specialised_care", what=what) for at, what in told]


def test_the_times_of_specialised_care_run_from_the_arrival_of_a_referral() -> None:
    assert states(lived(*referral((1, "referred"))), 90) == {}
    arrived = lived(*referral((1, "referred"), (3, "arrived")))
    found = clocks(arrived, 4)
    assert {id_: clock.time.due for id_, clock in found.items()} == {ASSESSED: day(3 + 42)}
    assert clocks(arrived, 4, ADULT)[ASSESSED].time.due == date(2026, 6, 5)
    assessed = lived(*referral((3, "arrived"), (40, "assessed")))
    then = clocks(assessed, 41)
    assert (then[ASSESSED].time.state, then[SPECIALISED].time.state) == ("met", "running")
    assert then[SPECIALISED].time.due == date(2026, 7, 11)
    assert clocks(assessed, 41, ADULT)[SPECIALISED].time.due == date(2026, 10, 11)
    treated = lived(NEED, *referral((6, "arrived"), (40, "assessed"), (50, "begun")))
    said = states(treated, 60)
    assert (said[ASSESSED], said[SPECIALISED], said[FIRST]) == ("met", "met", "met")
    assert said[GUARANTEE] == "overdue", "only a form of care that counts ends it"


def test_a_referral_that_came_to_nothing_owes_nothing_and_a_new_one_runs_anew() -> None:
    back = referral((3, "arrived"), (9, "ended"))
    assert states(lived(*back), 60) == {}
    again = lived(*back, *referral((20, "arrived"), (21, "arrived")))
    assert clocks(again, 22)[ASSESSED].since == day(20)
    over = referral((3, "arrived"), (9, "assessed"), (10, "ended"))
    assert states(lived(*over), 60) == {ASSESSED: "met"}


def test_a_new_referral_takes_nothing_away_from_care_that_was_given() -> None:
    given = referral((6, "arrived"), (10, "begun"), (60, "ended"))
    for anew in (referral((80, "referred")), referral((80, "arrived"))):
        story = lived(NEED, *given, *anew)
        assert states(story, 90)[FIRST] == "met"
        assert states(story, 200, ADULT)[START] == "met"


def test_nothing_comes_of_a_referral_before_it_arrived() -> None:
    for what in ("assessed", "begun"):
        with pytest.raises(EventRejected, match="has not arrived"):
            lived(*referral((1, "referred"), (2, what)))


# -- what counts ---------------------------------------------------------------------------------


def test_nothing_of_the_lowest_step_or_beside_the_steps_counts_unless_the_county_says_so() -> None:
    from store.pathway_files.files import load

    said: dict[str, set[bool]] = {}
    for name in ("adult", "youth", "follow_up"):
        pathway = load(name)
        for form in pathway.interventions:
            said.setdefault(form.id, set()).add(form.content.guarantee)
        for form in pathway.interventions:
            steps = form.content.steps
            counted = {
                what_it_counts_as(form.content, s, pathway.base_step) for s in steps or [None]
            }
            light = not steps or max(steps) == pathway.base_step
            assert not light or counted == {"no"}, form.id
            assert max(steps, default=0) != 4 or "guarantee" not in counted, form.id
    assert not [id_ for id_, marks in said.items() if len(marks) > 1], (
        "as one, or it counts nowhere"
    )
    assert said["klt"] == said["brief_psychotherapy"] == {True}
