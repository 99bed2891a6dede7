"""If these fail, a referral goes out without consent, a plan is lost, or a due day passes by."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, get_args

import pytest

from stepping.episode import tracks
from stepping.episode.episode import Episode, EventRejected
from stepping.episode.events import (
    AlcoholUse,
    Closed,
    Event,
    EventEntry,
    Experience,
    Opened,
    TrackEvent,
    Withdrawn,
)
from stepping.episode.tracks import MOST_GOALS, comes_first, track_status
from stepping.episode.validation import ValidationContext, apply_event
from stepping.pathway.care.schema import Detail
from store.errors import UnfitEvent
from store.pathway_files.care import shipped_care

START = date(2026, 3, 2)
TRACKS = shipped_care().tracks
AROUND = ValidationContext(
    today=date(2026, 11, 22),
    birth_year=1990,
    interventions={},
    services={},
    service_ages={},
    tracks=TRACKS,
)


def day(number: int) -> date:
    return START + timedelta(days=number)


def on(track: str, at: int, what: str, **told: Any) -> TrackEvent:
    return TrackEvent.model_validate({"day": day(at), "track": track, "what": what, **told})


def lived(*events: Event | tuple[Event, str]) -> Episode:
    """An episode after it was opened and some events; a pair corrects the entry with an id.

    The first of the events is `e2`.
    """
    episode = Episode()
    for number, told in enumerate((Opened(day=day(0)), *events), start=1):
        event, corrected = told if isinstance(told, tuple) else (told, None)
        entry = EventEntry(id=f"e{number}", seq=number, event=event, supersedes=corrected)
        episode = apply_event(episode, entry, AROUND)
    return episode


def refused(*events: Event | tuple[Event, str]) -> str:
    """Why the last of some events is refused; those before it are taken."""
    lived(*events[:-1])
    with pytest.raises(EventRejected) as caught:
        lived(*events)
    return caught.value.reason


WORK = (on("work_ability", 1, "consented"), on("work_ability", 2, "referred", where="hub"))
PLAN = on("multi_service", 1, "planned", role="nurse", goals=("to work again",), review_on=day(40))
NOTICE = on("child_welfare", 1, "notified", where="child_protection", manner="phone")
TALK = on("employer_talk", 1, "referred")

FIT: dict[str, tuple[Event, ...]] = {
    "referred after consent": WORK,
    "a plan with all that it needs": (PLAN,),
    "a plan of five goals": (PLAN.model_copy(update={"goals": tuple("abcde")}),),
    "a plan and its review": (PLAN, on("multi_service", 40, "reviewed", review_on=day(80))),
    "a notice without consent": (NOTICE,),
    "the attendance with consent": (
        TALK,
        on("employer_talk", 1, "consented"),
        on("employer_talk", 2, "told"),
    ),
    "physiotherapy that took place": (
        on("physiotherapy", 1, "referred"),
        on("physiotherapy", 9, "met"),
        on("physiotherapy", 30, "ended", took_place=True),
    ),
    "a new round after the end": (*WORK, on("work_ability", 9, "ended"), *WORK),
    "a total": (AlcoholUse(day=day(1), audit=0),),
    "portions": (AlcoholUse(day=day(1), portions=0),),
    "the mini-intervention alone": (AlcoholUse(day=day(1), mini_intervention=True),),
    "one answer of five": (Experience(day=day(1), advice="start sooner"),),
}


@pytest.mark.parametrize("name", FIT)
def test_what_belongs_to_a_track_is_taken(name: str) -> None:
    # The rounds of a track come one after the other, whatever day the sample says.
    told: list[Event] = []
    for event in FIT[name]:
        last = told[-1].day if told else day(0)
        told.append(event.model_copy(update={"day": max(last, event.day)}))
    assert len(lived(*told).entries) == len(told) + 1


UNFIT: dict[str, tuple[tuple[Event, ...], str]] = {
    "referred before consent": (
        (on("work_ability", 1, "referred", where="hub"),),
        "The client's consent comes first.",
    ),
    "referred after the client took the consent back": (
        (
            on("work_ability", 1, "consented"),
            on("work_ability", 2, "refused"),
            on("work_ability", 3, "referred", where="hub"),
        ),
        "The client's consent comes first.",
    ),
    "attendance told without consent": (
        (TALK, on("employer_talk", 2, "told")),
        "The client's consent comes first.",
    ),
    "attendance told after a no": (
        (TALK, on("employer_talk", 1, "refused"), on("employer_talk", 2, "told")),
        "The client's consent comes first.",
    ),
    "more than the attendance": (
        (TALK, on("employer_talk", 1, "consented", words="depressed")),
        tracks.ATTENDANCE_ONLY,
    ),
    "where the client is treated": (
        (on("employer_talk", 1, "referred", where="clinic"),),
        tracks.ATTENDANCE_ONLY,
    ),
    "a review without a plan": (
        (on("multi_service", 1, "reviewed", review_on=day(40)),),
        "There is nothing to review yet: no plan, or no meeting.",
    ),
    "a review without the next one": (
        (PLAN, on("multi_service", 40, "reviewed")),
        "The day of the next review is needed.",
    ),
    "a plan without goals": (
        (PLAN.model_copy(update={"goals": None}),),
        "A plan needs at least one goal of the client's.",
    ),
    "a plan with an empty goal": (
        (PLAN.model_copy(update={"goals": ("",)}),),
        "A plan needs at least one goal of the client's.",
    ),
    "six goals": (
        (PLAN.model_copy(update={"goals": tuple("abcdef")}),),
        "Five goals are enough: choose the most important ones.",
    ),
    "a plan without a contact person": (
        (PLAN.model_copy(update={"role": None}),),
        "A plan needs the role of the contact person.",
    ),
    "a plan without a review": (
        (PLAN.model_copy(update={"review_on": None}),),
        "The day of the next review is needed.",
    ),
    "a meeting nobody was referred to": (
        (on("exercise", 1, "met"),),
        "There is no referral or plan before this meeting.",
    ),
    "an end that does not tell whether it took place": (
        (on("exercise", 1, "referred"), on("exercise", 9, "ended")),
        "It has to be told whether it took place.",
    ),
    "an end of nothing": (
        (on("exercise", 1, "ended", took_place=False),),
        "Nothing has begun on this track that could end.",
    ),
    "met after the end": (
        (*WORK, on("work_ability", 9, "ended"), on("work_ability", 10, "met")),
        "This track has ended: begin it anew first.",
    ),
    "ended twice": (
        (on("doctor", 1, "met"), on("doctor", 2, "ended"), on("doctor", 3, "ended")),
        "This track has ended: begin it anew first.",
    ),
    "consent of an earlier round": (
        (*WORK, on("work_ability", 9, "ended"), on("work_ability", 10, "referred", where="hub")),
        "The client's consent comes first.",
    ),
    "a notice that the client agrees to": (
        (on("child_welfare", 1, "consented"),),
        "This does not happen on this track.",
    ),
    "a notice that the client refuses": (
        (NOTICE, on("child_welfare", 2, "refused")),
        "This does not happen on this track.",
    ),
    "a notice to nobody": (
        (NOTICE.model_copy(update={"where": None}),),
        "It has to be told where.",
    ),
    "a notice made in no way": (
        (NOTICE.model_copy(update={"manner": None}),),
        "It has to be told how the notice was made.",
    ),
    "words about the child": (
        (NOTICE.model_copy(update={"words": "the youngest of three"}),),
        "This is not told with what happened.",
    ),
    "an answer to no notice": (
        (on("child_welfare", 1, "acknowledged"),),
        "There is no notice that could be acknowledged.",
    ),
    "a notice without an outcome": (
        (NOTICE, on("child_welfare", 9, "ended")),
        "It has to be told what became of the notice.",
    ),
    "goals of a doctor's visit": (
        (on("doctor", 1, "met", goals=("to sleep",)),),
        "This is not told with what happened.",
    ),
    "nothing of alcohol": ((AlcoholUse(day=day(1)),), tracks.NOTHING_TOLD),
    "nothing of alcohol but a day": (
        (AlcoholUse(day=day(1), review_on=day(9)),),
        tracks.NOTHING_TOLD,
    ),
    "alcohol asked again before it was asked": (
        (AlcoholUse(day=day(9), audit=9, review_on=day(1)),),
        "The review lies before the day on which it was agreed.",
    ),
    "nothing of the care": (
        (Experience(day=day(1)),),
        "Nothing is told of how the care was: one answer is enough.",
    ),
    "blanks about the care": (
        (Experience(day=day(1), helped="  "),),
        "Nothing is told of how the care was: one answer is enough.",
    ),
}


@pytest.mark.parametrize("name", UNFIT)
def test_what_cannot_be_is_refused_with_the_reason(name: str) -> None:
    events, reason = UNFIT[name]
    assert refused(*events) == reason


def test_every_refusal_is_a_sentence_that_is_translated() -> None:
    tree = ast.parse(inspect.getsource(tracks))
    said = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if node.value.endswith(".") and not _documents(tree, node)
    }
    assert len(said) > 12
    assert said <= set(UnfitEvent._WHAT)


def _documents(tree: ast.Module, node: ast.Constant) -> bool:
    expressions = (each for each in ast.walk(tree) if isinstance(each, ast.Expr))
    return any(each.value is node for each in expressions)


# -- corrections --------------------------------------------------------------------------------


def test_a_consent_is_corrected_on_its_own_day_though_a_referral_followed() -> None:
    consent = on("work_ability", 2, "consented")
    referral = on("work_ability", 2, "referred", where="hub")
    told = consent.model_copy(update={"words": "wants to go soon"})
    episode = lived(consent, referral, (told, "e2"))
    assert track_status(episode, "work_ability", day(3), TRACKS).next == "met"


def test_what_a_referral_rests_on_is_neither_withdrawn_nor_moved_behind_it() -> None:
    rests = "What follows rests on this entry; withdraw that first."
    assert refused(*WORK, (Withdrawn(day=day(9)), "e2")) == rests
    assert refused(*WORK, (on("work_ability", 3, "consented"), "e2")) == rests
    assert refused(*WORK, (on("work_ability", 1, "refused"), "e2")) == rests
    assert lived(*WORK, (Withdrawn(day=day(9)), "e3")).tracks["work_ability"] == WORK[:1]


def test_a_meeting_that_was_forgotten_is_told_after_the_end() -> None:
    ended = on("work_ability", 20, "ended")
    episode = lived(*WORK, ended, on("work_ability", 10, "met"))
    assert [e.what for e in episode.tracks["work_ability"]][-2:] == ["met", "ended"]


# -- where a track stands -----------------------------------------------------------------------


def stands(
    *events: Event, track: str | None = None, at: int = 100, sex: str | None = None
) -> tuple[str, str | None, date | None, bool]:
    found = [track] if track else [t for t in map(tracks.track_of, events) if t]
    told = track_status(lived(*events), found[0], day(at), TRACKS, sex)
    return told.state, told.next, told.by, told.overdue


def test_a_track_that_nobody_took_is_not_begun() -> None:
    assert stands(track="doctor") == ("not_begun", None, None, False)


def test_work_ability_goes_from_consent_to_its_end() -> None:
    met = on("work_ability", 20, "met", review_on=day(60))
    assert stands(*WORK[:1]) == ("open", "referred", None, False)
    assert stands(*WORK) == ("open", "met", None, False)
    assert stands(*WORK, met, at=50) == ("open", "reviewed", day(60), False)
    assert stands(*WORK, met, at=60) == ("open", "reviewed", day(60), False)
    assert stands(*WORK, met, at=61) == ("open", "reviewed", day(60), True)
    reviewed = on("work_ability", 58, "reviewed")
    assert stands(*WORK, met, reviewed) == ("open", "ended", None, False), "held two days early"
    ended = on("work_ability", 70, "ended")
    assert stands(*WORK, met, reviewed, ended) == ("ended", None, None, False)


def test_a_plan_is_reviewed_again_and_again() -> None:
    review = on("multi_service", 41, "reviewed", review_on=day(90))
    assert stands(PLAN, at=39) == ("open", "reviewed", day(40), False)
    assert stands(PLAN, review) == ("open", "reviewed", day(90), True)
    talked = on("multi_service", 20, "met")
    assert stands(PLAN, talked, at=30) == ("open", "reviewed", day(40), False)


def test_what_happens_on_the_day_of_a_review_is_that_review() -> None:
    """On its own day any meeting holds it; the day before, only what is recorded as a review."""
    met = on("work_ability", 20, "met", review_on=day(60))
    told = {at: stands(*WORK, met, on("work_ability", at, "met"), at=70)[2:] for at in (59, 60, 61)}
    assert told == {59: (day(60), True), 60: (None, False), 61: (None, False)}


def test_a_client_who_refuses_is_asked_nothing_more() -> None:
    refusal = on("work_ability", 1, "refused")
    assert stands(refusal) == ("refused", None, None, False)
    assert stands(refusal, on("work_ability", 5, "consented"))[:2] == ("open", "referred")


def test_a_notice_waits_for_its_answer_and_its_outcome() -> None:
    asked = NOTICE.model_copy(update={"review_on": day(8)})
    assert stands(asked, at=9) == ("open", "acknowledged", day(8), True)
    answer = on("child_welfare", 3, "acknowledged")
    assert stands(asked, answer) == ("open", "ended", None, False)


def test_a_closed_episode_owes_nothing() -> None:
    closed = Closed(day=day(50), how="moved_on")
    assert stands(PLAN, closed) == ("open", None, None, False)


def test_a_new_round_forgets_the_last_one() -> None:
    again = on("doctor", 30, "referred")
    told = lived(on("doctor", 1, "met"), on("doctor", 2, "ended"), again)
    standing = track_status(told, "doctor", day(40), TRACKS)
    assert (standing.state, standing.next) == ("open", "met")
    assert standing.events == (again,)


def test_alcohol_goes_from_audit_over_the_mini_intervention_to_asking_again() -> None:
    high = AlcoholUse(day=day(1), audit=17, portions=30)
    assert stands(AlcoholUse(day=day(1), portions=30))[1] == "audit"
    assert stands(high)[1] == "mini_intervention"
    given_ = AlcoholUse(day=day(2), mini_intervention=True, review_on=day(80))
    assert stands(high, given_, at=50) == ("open", "referred", day(80), False)
    referred = on("alcohol", 3, "referred")
    assert stands(high, given_, referred, at=90) == ("open", "ask_again", day(80), True)
    later = AlcoholUse(day=day(79), audit=7, portions=5)
    assert stands(high, given_, referred, later) == ("open", "ended", None, False)


def test_low_use_asks_for_no_intervention_and_much_drinking_does_without_a_high_audit() -> None:
    assert stands(AlcoholUse(day=day(1), audit=7, portions=11))[1] == "ended"
    assert stands(AlcoholUse(day=day(1), audit=7, portions=12))[1] == "mini_intervention"
    assert stands(AlcoholUse(day=day(1), audit=8))[1] == "mini_intervention"
    for sex, next_ in (("f", "mini_intervention"), (None, "mini_intervention"), ("m", "ended")):
        assert stands(AlcoholUse(day=day(1), audit=7, portions=22), sex=sex)[1] == next_


def test_alcohol_asked_after_the_end_begins_anew() -> None:
    first = AlcoholUse(day=day(1), audit=20, mini_intervention=True)
    told = (first, on("alcohol", 5, "ended"), AlcoholUse(day=day(60), audit=12))
    assert stands(*told)[:2] == ("open", "mini_intervention")


# -- the tables ---------------------------------------------------------------------------------


def test_the_tables_know_only_what_events_can_tell() -> None:
    assert set(get_args(Detail)) == set(TrackEvent.model_fields) - {"day", "kind", "track", "what"}
    for track in TRACKS.values():
        actions = [action.id for action in track.action]
        assert len(actions) == len(set(actions))
        assert set(track.way) <= set(actions)
        assert track.way[-1] == "ended"
        assert any(not action.after for action in track.action), "it can begin"
        for action in track.action:
            assert not set(action.needs) & set(action.may)
            assert "goals" not in action.needs or MOST_GOALS >= 1
            if action.consent:
                assert track.find_action("consented") is not None


@pytest.mark.parametrize("track", list(TRACKS))
def test_every_track_can_be_gone_from_its_beginning_to_its_end(track: str) -> None:
    """What is said to be next can be recorded, until the track has ended."""
    details: dict[Detail, Any] = {
        "where": "hub",
        "role": "nurse",
        "review_on": day(1),
        "goals": ("to sleep",),
        "manner": "written",
        "outcome": "nothing",
        "took_place": True,
    }
    events: list[Event] = []
    for _ in range(len(TRACKS[track].way) + 1):
        standing = track_status(lived(*events), track, day(2), TRACKS)
        if standing.state == "ended":
            return
        what = standing.next or TRACKS[track].way[0]
        if what == "reviewed" and what in {tracks.action_of(e) for e in _of_tracks(events)}:
            what = "ended"
        if what in ("used", "audit"):
            events.append(AlcoholUse(day=day(1), audit=3))
            continue
        deed = TRACKS[track].find_action(what)
        assert deed is not None
        needed = {detail: details[detail] for detail in deed.needs}
        events.append(on(track, 1, what, **needed))
    raise AssertionError(f"{track} does not end: {events}")


def _of_tracks(events: Iterable[Event]) -> list[tracks.TrackedEvent]:
    return [event for event in events if isinstance(event, TrackEvent | AlcoholUse)]


def test_who_works_goes_to_occupational_health() -> None:
    (place,) = TRACKS["work_ability"].place
    assert place.id == "occupational_health"
    assert comes_first(place, {"work.status": "working"})
    assert not comes_first(place, {"work.status": "unemployed_limited"})
    assert not comes_first(place, {})
    assert not any(
        comes_first(other, {"work.status": "working"}) for other in TRACKS["child_welfare"].place
    )
