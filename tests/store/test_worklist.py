"""What waits is told by the day: a measurement, a review or a unit's matter not missed."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from stepping.episode.events import (
    Contact,
    Measured,
    NeedEstablished,
    NextContact,
    Opened,
    PeriodEnded,
    PeriodStarted,
    TrackEvent,
    Voice,
)
from stepping.episode.validation import ValidationContext
from stepping.pathway.care.reader import DEADLINES, read_care
from stepping.pathway.care.schema import CareRules
from stepping.pathway.schema import Ages, Measuring
from store.errors import RefusedText
from store.maintenance import derived, rolling_check
from store.opening.store_file import open_store
from store.pathway_files.care import care_files, shipped_care
from store.records import (
    AgreedContact,
    Client,
    Confirmation,
    DraftState,
    EpisodeRecord,
    PathwayCopy,
    WorkItem,
)
from store.repository.store import Store
from store.repository.worklist import list_all
from store.retention import erasure, retention
from tests.store.conftest import PATHWAY, TickingClock, bring_to

TODAY = datetime.date(2026, 11, 22)
AROUND = ValidationContext(TODAY, 2006, {"guided": Ages()}, {}, {}, shipped_care().tracks)


def ago(days: int) -> datetime.date:
    return TODAY - datetime.timedelta(days=days)


@pytest.fixture
def client(store: Store) -> Client:
    return store.clients.add(birth_year=2006, language="fi", municipality="hollola")


@pytest.fixture
def record(store: Store, client: Client) -> EpisodeRecord:
    return store.episodes.begin(client.id, Opened(day=ago(200)), AROUND)


def of_kind(store: Store, kind: str, today: datetime.date = TODAY) -> list[WorkItem]:
    return [item for item in store.worklist.list_items(today, limit=100) if item.kind == kind]


def treated(store: Store, record: EpisodeRecord, plan: Measuring, *contacts: int) -> None:
    """A treatment that began 100 days ago, with contacts some days ago."""
    started = PeriodStarted(day=ago(100), period="p1", intervention="guided", measuring=plan)
    store.episodes.record_event(record.id, started, AROUND)
    for days in contacts:
        store.episodes.record_event(record.id, Contact(day=ago(days), period="p1"), AROUND)


def measured(days: int) -> Measured:
    return Measured(day=ago(days), assessment=f"a{days}", step=2, scores={"phq9.total": 9})


# Measurements


def test_a_measurement_waits_from_the_contact_that_should_have_had_it(
    store: Store, record: EpisodeRecord
) -> None:
    store.episodes.record_event(record.id, measured(101), AROUND)
    treated(store, record, Measuring(every=2), 30)
    assert of_kind(store, "measurement") == [], "due at the next contact only"
    store.episodes.record_event(record.id, Contact(day=ago(10), period="p1"), AROUND)
    assert of_kind(store, "measurement", ago(11)) == []
    (item,) = of_kind(store, "measurement", ago(10))
    assert (item.occasion, item.due, item.since) == ("contact", ago(10), ago(101))
    assert (item.episode_id, item.assessment_id, item.rule, item.track) == (
        record.id,
        None,
        None,
        None,
    )
    store.episodes.record_event(record.id, measured(5), AROUND)
    assert of_kind(store, "measurement") == []


def test_only_the_earliest_measurement_of_an_episode_waits(
    store: Store, record: EpisodeRecord
) -> None:
    treated(store, record, Measuring(every=1, after_months=(1, 2)), 95)
    store.episodes.record_event(
        record.id, PeriodEnded(day=ago(90), period="p1", why="completed"), AROUND
    )
    (item,) = of_kind(store, "measurement")
    assert (item.occasion, item.due) == ("end", ago(90))
    store.episodes.record_event(record.id, measured(90), AROUND)
    (item,) = of_kind(store, "measurement")
    assert (item.occasion, item.due) == ("months", datetime.date(2026, 9, 24))
    store.episodes.record_event(record.id, measured(60), AROUND)
    assert [item.due for item in of_kind(store, "measurement")] == [datetime.date(2026, 10, 24)]
    store.episodes.record_event(record.id, measured(1), AROUND)
    assert of_kind(store, "measurement") == []


# Reviews of tracks


def test_a_review_waits_from_its_day_until_the_track_is_taken_up(
    store: Store, record: EpisodeRecord
) -> None:
    def track(days: int, what: Any, **more: Any) -> None:
        event = TrackEvent(day=ago(days), track="doctor", what=what, **more)
        store.episodes.record_event(record.id, event, AROUND)

    track(60, "planned", review_on=ago(20))
    track(40, "referred")
    assert of_kind(store, "review", ago(21)) == []
    (item,) = of_kind(store, "review", ago(20))
    assert (item.track, item.due, item.since) == ("doctor", ago(20), ago(60))
    track(15, "met", review_on=ago(3))
    (item,) = of_kind(store, "review")
    assert (item.due, item.since) == (ago(3), ago(15))
    track(2, "ended")
    assert of_kind(store, "review") == []


def test_the_reviews_of_several_tracks_wait_side_by_side(
    store: Store, record: EpisodeRecord
) -> None:
    for name in ("doctor", "exercise"):
        event = TrackEvent.model_validate(
            {"day": ago(20), "track": name, "what": "planned", "review_on": ago(10)}
        )
        store.episodes.record_event(record.id, event, AROUND)
    assert {item.track for item in of_kind(store, "review")} == {"doctor", "exercise"}


# Order


def test_what_is_agreed_stands_by_its_day_whatever_it_is(store: Store) -> None:
    """A colleague who reads from the top takes up first what has waited longest."""

    def in_care() -> EpisodeRecord:
        person = store.clients.add(birth_year=2006, language="fi")
        return store.episodes.begin(person.id, Opened(day=ago(200)), AROUND)

    treated(store, in_care(), Measuring(every=1), 8)
    review = TrackEvent(day=ago(20), track="doctor", what="planned", review_on=ago(7))
    store.episodes.record_event(in_care().id, review, AROUND)
    store.episodes.record_event(in_care().id, NextContact(day=ago(20), due=ago(9)), AROUND)
    found = store.worklist.list_items(TODAY, limit=3)
    assert [(item.kind, item.due) for item in found] == [
        ("next_contact", ago(9)),
        ("measurement", ago(8)),
        ("review", ago(7)),
    ]
    assert store.worklist.list_items(ago(7), limit=3) == found


def test_a_result_that_nobody_confirmed_stands_before_the_drafts(
    store: Store, client: Client, pathway: PathwayCopy
) -> None:
    first, whole = (
        store.assessments.start(client.id, pathway, setting="clinic", language="fi")
        for _ in range(2)
    )
    bring_to(store, whole.id, "unconfirmed")
    found = [(item.kind, item.assessment_id) for item in store.worklist.list_items(TODAY)]
    assert found == [("unconfirmed", whole.id), ("draft", first.id)]
    done = CONFIRMED.model_copy(update={"final_answers_seq": 3})
    store.decisions.confirm(whole.id, done)
    assert [item.assessment_id for item in store.worklist.list_items(TODAY)] == [first.id]


def test_of_two_legal_times_the_one_that_ends_first_is_listed(
    store: Store, record: EpisodeRecord
) -> None:
    store.episodes.record_event(record.id, NeedEstablished(day=ago(5)), AROUND)
    (item,) = of_kind(store, "guarantee")
    assert (item.rule, item.due) == ("first_treatment", ago(5 - 14))


# The need for treatment


CONFIRMED = Confirmation(
    decision_json="{}", suggested_step=2, confirmed_step=2, final_answers_seq=0
)
NEEDED = CONFIRMED.model_copy(update={"need_established": True})


def test_the_need_comes_with_the_step_and_only_once(
    store: Store, client: Client, record: EpisodeRecord, pathway: PathwayCopy, clock: TickingClock
) -> None:
    def confirmed(word: Confirmation) -> datetime.date | None:
        assessment = store.assessments.start(client.id, pathway, setting="clinic", language="fi")
        store.episodes.attach_assessment(assessment.id, record.id)
        store.decisions.confirm(assessment.id, word)
        need = store.episodes.get(record.id)[1].need
        return need.day if need else None

    assert confirmed(CONFIRMED) is None
    assert confirmed(NEEDED) == TODAY
    clock.now += datetime.timedelta(days=9)
    assert confirmed(NEEDED) == TODAY
    assert len(store.episodes.get(record.id)[1].measured) == 3
    assert store.audit_log.find_bad_event() is None


def test_an_assessment_without_an_episode_starts_no_clock(
    store: Store, client: Client, pathway: PathwayCopy
) -> None:
    assessment = store.assessments.start(client.id, pathway, setting="clinic", language="fi")
    store.decisions.confirm(assessment.id, NEEDED)
    assert store.episodes.list_of(client.id) == []


# The unit


HERE, THERE = "Lahden sote-keskus", "Hollolan sote-keskus"


def begun(store: Store, pathway: PathwayCopy) -> tuple[str, str]:
    """A draft and an episode, each with a client of its own."""
    one, other = (store.clients.add(birth_year=2006, language="fi") for _ in range(2))
    draft = store.assessments.start(one.id, pathway, setting="clinic", language="fi")
    return draft.id, store.episodes.begin(other.id, Opened(day=ago(9)), AROUND).id


def of_unit(store: Store, unit: str) -> set[str | None]:
    found = store.worklist.list_items(TODAY, unit=unit)
    assert len(found) == store.worklist.count_items(TODAY, unit=unit)
    assert {item.unit for item in found} <= {unit}
    return {item.assessment_id or item.episode_id for item in found}


def test_clients_stay_with_the_unit_when_their_nurse_moves(
    store: Store, path: Path, key: bytes, pathway: PathwayCopy
) -> None:
    assert store.staff.get_own_unit() is None
    first = begun(store, pathway)
    assert [item.unit for item in store.worklist.list_items(TODAY)] == [None, None]
    store.staff.set_own_unit(HERE)
    assert of_unit(store, HERE) == {*first}, "what was begun before belongs to the first unit"
    second = begun(store, pathway)
    store.staff.set_own_unit(THERE)
    third = begun(store, pathway)
    with open_store(path, key, "nurse-2") as other:
        assert other.staff.get_own_unit() is None
        theirs = begun(other, pathway)
        store.staff.set_unit("nurse-2", HERE)
        assert other.staff.list_units() == [HERE, THERE]
        assert of_unit(other, HERE) == {*first, *second, *theirs}
        assert of_unit(other, THERE) == set(), "these are another unit's clients"
    assert (store.staff.get_own_unit(), of_unit(store, THERE)) == (THERE, {*third})
    store.staff.set_unit(
        "nurse-1", HERE
    )  # an event can be recorded by a nurse of the client's unit
    # An event of the new unit's does not take the client there.
    store.episodes.record_event(first[1], NextContact(day=ago(2), due=ago(1)), AROUND)
    before = of_unit(store, HERE)
    with store.writing():
        list_all(store)
    assert of_unit(store, HERE) == before == {*first, *second, *theirs}
    assert store.audit_log.find_bad_event() is None


def test_a_unit_is_audited_and_the_same_one_is_not_written_twice(store: Store) -> None:
    store.staff.set_own_unit(HERE)
    told = store.audit_log.get_head()
    store.staff.set_own_unit(f"  {HERE} ")
    assert store.audit_log.get_head() == told
    store.staff.set_own_unit(THERE)
    store.staff.set_own_unit(HERE)
    assert [row["unit"] for row in store.db.table("worker_units").rows] == [HERE, THERE, HERE]
    assert store.staff.list_units() == [HERE, THERE]
    assert store.staff.get_own_unit() == HERE


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("", "missing"),
        ("   ", "missing"),
        ("x" * 41, "long"),
        ("Anna 131052-308T", "hetu"),
        ("puh 040 123 4567", "phone"),
        ("anna@example.org", "email"),
    ],
)
def test_a_unit_is_never_a_person(store: Store, name: str, kind: str) -> None:
    with pytest.raises(RefusedText) as refused:
        store.staff.set_own_unit(name)
    assert refused.value.kind == kind
    assert store.staff.get_own_unit() is None
    store.staff.set_own_unit("x" * 40)


# Drafts


def test_what_an_episode_gave_is_no_answer_of_the_nurses(
    store: Store, client: Client, pathway: PathwayCopy
) -> None:
    """A follow-up that nobody has begun would look as if it were half done."""
    draft = store.assessments.start(client.id, pathway, setting="clinic", language="fi")
    facts = {"care.step": 2, "before.phq9": 14}
    store.answers.record(draft.id, facts, told=frozenset(facts))
    assert [each.answered for each in store.assessments.list_drafts()] == [0]
    store.answers.record(draft.id, {"q1": 1})
    assert [each.answered for each in store.assessments.list_drafts()] == [1]
    assert store.answers.get_progress(draft.id).answers == {**facts, "q1": 1}
    assert store.audit_log.find_bad_event() is None


def test_a_draft_tells_whether_its_safety_stop_is_open(
    store: Store, client: Client, pathway: PathwayCopy
) -> None:
    """Whoever chooses from the drafts must see in which of them somebody may be in danger."""
    draft = store.assessments.start(client.id, pathway, setting="clinic", language="fi")
    states: tuple[DraftState, ...] = ("draft", "open_stop", "unconfirmed")
    for state in states:
        bring_to(store, draft.id, state)
        assert [each.stopped for each in store.assessments.list_drafts()] == [state == "open_stop"]


# An episode that holds nothing


@contextmanager
def at_once(store: Store) -> Iterator[None]:
    """No time passes, as when a program does two things and no hand is between them."""
    ticking, now = store.clock, store.clock()
    store.clock = lambda: now
    yield
    store.clock = ticking


def left_behind(store: Store, client: Client, opened: Opened) -> tuple[str, str]:
    """What an earlier program left: opened for a step that was then not confirmed."""
    made = store.assessments.start(client.id, PATHWAY, setting="clinic", language="fi")
    with at_once(store):
        episode = store.episodes.begin(client.id, opened, AROUND).id
        store.episodes.attach_assessment(made.id, episode)
    return made.id, episode


def test_an_episode_left_without_anything_is_not_told_for_ever(
    store: Store, client: Client
) -> None:
    made, episode = left_behind(store, client, Opened(day=TODAY))
    assert [item.kind for item in store.worklist.list_items(TODAY)] == ["draft", "no_next_contact"]
    store.assessments.abandon(made, "left the line")
    assert store.worklist.list_items(TODAY) == []
    assert store.worklist.count_items(TODAY) == 0
    assert store.find_faults() == []
    assert store.episodes.find_open(client.id) is not None, "the next assessment joins it"
    later = store.assessments.start(client.id, PATHWAY, setting="clinic", language="fi")
    store.episodes.attach_assessment(later.id, episode)
    assert of_kind(store, "no_next_contact") != [], "somebody has begun with the client again"
    with store.writing():
        list_all(store)
    assert of_kind(store, "no_next_contact") != []


def test_an_open_episode_is_never_due_whatever_it_holds(
    store: Store, clock: TickingClock, client: Client
) -> None:
    made, _ = left_behind(store, client, Opened(day=TODAY))
    store.assessments.abandon(made, "left the line")
    clock.now += datetime.timedelta(days=3000)
    assert [bundle.why for bundle in retention.survey(store)] == ["open_episode"]
    assert erasure.purge(store)[:3] == (0, 0, 0)


def test_an_episode_that_a_nurse_opened_while_a_draft_lay_open_waits(
    store: Store, clock: TickingClock, client: Client
) -> None:
    """She opens it, then goes on with the draft, and the client has to go."""
    made = store.assessments.start(client.id, PATHWAY, setting="clinic", language="fi")
    episode = store.episodes.begin(client.id, Opened(day=TODAY), AROUND)
    clock.now += datetime.timedelta(seconds=3)
    store.episodes.attach_assessment(made.id, episode.id)
    store.assessments.abandon(made.id, "had to go")
    assert len(of_kind(store, "no_next_contact")) == 1


@pytest.mark.parametrize("holds", ["referrer", "goal", "decision", "opened first", "no assessment"])
def test_an_episode_that_holds_anything_waits(store: Store, client: Client, holds: str) -> None:
    referrer = "school" if holds == "referrer" else None
    if holds in ("opened first", "no assessment"):
        store.episodes.begin(client.id, Opened(day=TODAY), AROUND)
    if holds == "no assessment":
        assert len(of_kind(store, "no_next_contact")) == 1
        return
    if holds == "opened first":
        made = store.assessments.start(client.id, PATHWAY, setting="clinic", language="fi").id
        found = store.episodes.find_open(client.id)
        assert found is not None
        store.episodes.attach_assessment(made, found[0].id)
    else:
        made, episode = left_behind(store, client, Opened(day=TODAY, referrer=referrer))
    if holds == "goal":
        words = Voice(day=TODAY, about="goal", words="to sleep")
        store.episodes.record_event(episode, words, AROUND)
    if holds == "decision":
        done = Confirmation(
            decision_json="{}", suggested_step=1, confirmed_step=1, final_answers_seq=0
        )
        store.decisions.confirm(made, done)
    else:
        store.assessments.abandon(made, "left the line")
    assert len(of_kind(store, "no_next_contact")) == 1


def test_an_episode_waits_no_more_once_the_only_contact_is_withdrawn(
    store: Store, client: Client
) -> None:
    """A safety step agreed on it, was taken back, and the assessment ended without a step."""
    made = store.assessments.start(client.id, PATHWAY, setting="clinic", language="fi").id
    agreed = AgreedContact(due=TODAY + datetime.timedelta(days=1), role="nurse")
    with at_once(store):
        store.safety_steps.record(made, "R1", "danger", "call", done=True, agreed=agreed)
    assert len(of_kind(store, "next_contact", TODAY + datetime.timedelta(days=2))) == 1
    store.safety_steps.withdraw(made, "R1", "danger", "call")
    assert len(of_kind(store, "no_next_contact")) == 1
    store.assessments.abandon(made, "no danger after all")
    assert store.worklist.list_items(TODAY) == []


# What a site says of deadlines itself


def shorter() -> CareRules:
    """Our tracks and deadlines, but for a first treatment of the young within 7 days."""
    ours = dict(care_files())
    ours[DEADLINES] = ours[DEADLINES].replace("days = 14", "days = 7", 1)
    return read_care(ours)


def test_a_legal_time_is_listed_by_the_deadlines_of_the_site(
    store: Store, record: EpisodeRecord
) -> None:
    store.site_care = shorter
    store.episodes.record_event(record.id, NeedEstablished(day=TODAY), AROUND)
    (item,) = of_kind(store, "guarantee")
    assert (item.rule, item.due) == ("first_treatment", TODAY + datetime.timedelta(days=7))


def test_edited_deadlines_are_no_damage_and_any_other_line_is(
    store: Store, record: EpisodeRecord
) -> None:
    """A line that is not what the records tell condemns the store: an edit of a file must not."""
    store.episodes.record_event(record.id, NeedEstablished(day=TODAY), AROUND)

    def fits() -> bool:
        (episode,) = derived.episodes(store)
        return derived.matters_fit(store, episode)

    assert fits()
    store.worklist.bring_up_to_date()
    store.site_care = shorter  # edited, or a colleague's program that is told another folder
    assert fits()
    store.site_care = None
    store.db.execute("UPDATE worklist SET due = '2030-01-01' WHERE kind = 'guarantee'")
    assert not fits(), "all of them were made by the deadlines of now"
    store.site_care = shorter
    store.db.execute("DELETE FROM worklist WHERE kind = 'no_next_contact'")
    assert not fits()


def test_a_sound_store_whose_deadlines_cannot_be_read_today_is_not_condemned(
    store: Store, record: EpisodeRecord
) -> None:
    """The site's own file is cut in half, or its drive is silent: ours stand in for it."""
    store.site_care = shorter
    store.episodes.record_event(record.id, NeedEstablished(day=TODAY), AROUND)
    store.worklist.bring_up_to_date()
    for care in (None, shorter):
        list(rolling_check.round_of(store.db, random.Random(1), store.clock, care))


def test_the_worklist_follows_an_edit_of_the_deadlines(store: Store, record: EpisodeRecord) -> None:
    store.episodes.record_event(record.id, NeedEstablished(day=TODAY), AROUND)
    (item,) = of_kind(store, "guarantee")
    assert item.due == TODAY + datetime.timedelta(days=14)
    store.site_care = shorter
    store.worklist.bring_up_to_date()
    (item,) = of_kind(store, "guarantee")
    assert item.due == TODAY + datetime.timedelta(days=7)
    before = store.audit_log.get_head()
    store.worklist.bring_up_to_date()
    assert store.audit_log.get_head() == before, "it is not made anew each time"


def test_a_line_by_other_deadlines_has_all_listed_anew(store: Store, record: EpisodeRecord) -> None:
    """A colleague's program knows nothing of the site's file and records something."""
    store.site_care = shorter
    store.worklist.bring_up_to_date()
    store.site_care = None
    store.episodes.record_event(record.id, NeedEstablished(day=TODAY), AROUND)
    store.site_care = shorter
    (episode,) = derived.episodes(store)
    assert derived.matters_fit(store, episode), "what other deadlines made is not compared"
    store.worklist.bring_up_to_date()
    (item,) = of_kind(store, "guarantee")
    assert item.due == TODAY + datetime.timedelta(days=7)
