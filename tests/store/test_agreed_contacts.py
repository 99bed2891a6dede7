"""If these fail, a safety step says that a contact is agreed, and no contact stands anywhere."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from stepping.episode.events import Closed, Event, NextContact, Opened, Withdrawn
from stepping.finland import finnish_day
from store.codes import show
from store.errors import ClosedAssessment, RefusedText, UnfitEvent
from store.records import AgreedContact, Assessment, PathwayCopy, StepTerms
from store.repository.store import Store
from store.retention.subject_access import gather_records
from tests.store.test_corrections import confirmation
from tests.store.test_episodes import AROUND, ago, kept

STEP = ("S2", "suicide_non_acute", "next_contact")


@pytest.fixture
def draft(store: Store, pathway: PathwayCopy) -> Assessment:
    client = store.clients.add(birth_year=2006, language="fi", municipality="hollola")
    return store.assessments.start(client.id, pathway, setting="clinic", language="fi")


def today(store: Store) -> datetime.date:
    return finnish_day(store.clock())


def in_days(store: Store, days: int, **more: str) -> AgreedContact:
    first = today(store)
    due, by = (first + datetime.timedelta(days=n) for n in (days, 7))
    return AgreedContact(due=due, by=by, time="09:30", who="nurse1", **more)


def next_of(store: Store, draft: Assessment) -> NextContact | None:
    found = store.episodes.find_open(draft.client_id)
    return found[1].next_contact if found else None


def test_a_safety_step_s_contact_begins_the_episode_and_stands_in_it(
    store: Store, draft: Assessment
) -> None:
    agreed = in_days(store, 5)
    store.safety_steps.record(draft.id, *STEP, done=True, agreed=agreed)
    found = next_of(store, draft)
    assert found is not None
    assert (found.due, found.time, found.who, found.by) == (
        agreed.due,
        "09:30",
        "nurse1",
        agreed.by,
    )
    assert store.safety_steps.list_recorded(draft.id)[0].agreed == agreed
    attached = store.episodes.find_of_assessment(draft.id)
    assert attached is not None
    later = agreed.due + datetime.timedelta(days=2)
    items = [i for i in store.worklist.list_items(later) if i.kind == "next_contact"]
    assert [(i.client_id, i.due, i.who, i.time) for i in items] == [
        (draft.client_id, agreed.due, "nurse1", "09:30")
    ]
    assert store.audit_log.find_bad_event() is None


def test_an_open_episode_takes_it(store: Store, draft: Assessment) -> None:
    record = store.episodes.begin(draft.client_id, Opened(day=ago(3)), AROUND)
    store.safety_steps.record(draft.id, *STEP, done=True, agreed=in_days(store, 5))
    assert [r.id for r, _ in store.episodes.list_of(draft.client_id)] == [record.id]
    assert next_of(store, draft) is not None


def test_recording_it_again_corrects_the_contact(store: Store, draft: Assessment) -> None:
    store.safety_steps.record(draft.id, *STEP, done=True, agreed=in_days(store, 5))
    store.safety_steps.record(draft.id, *STEP, done=True, agreed=in_days(store, 2))
    found = store.episodes.find_open(draft.client_id)
    assert found is not None
    agreed = [e.event for e in found[1].entries if isinstance(e.event, NextContact)]
    assert [event.due for event in agreed] == [in_days(store, 2).due]
    assert store.safety_steps.list_recorded(draft.id)[-1].agreed == in_days(store, 2)


def test_a_step_that_was_not_done_after_all_takes_its_contact_with_it(
    store: Store, draft: Assessment
) -> None:
    store.safety_steps.record(draft.id, *STEP, done=True, agreed=in_days(store, 5))
    store.safety_steps.record(draft.id, *STEP, done=False, why_not="left before it was agreed")
    assert next_of(store, draft) is None
    assert store.safety_steps.list_recorded(draft.id)[-1].agreed is None
    items = store.worklist.list_items(today(store))
    assert "no_next_contact" in {i.kind for i in items if i.client_id == draft.client_id}


def test_a_contact_that_the_episode_refuses_leaves_the_step_open(
    store: Store, draft: Assessment
) -> None:
    before = kept(store)
    with pytest.raises(UnfitEvent):
        store.safety_steps.record(draft.id, *STEP, done=True, agreed=in_days(store, 8))
    assert kept(store) == before
    assert store.safety_steps.list_recorded(draft.id) == []
    store.safety_steps.record(
        draft.id, *STEP, done=True, agreed=in_days(store, 8, why="in hospital")
    )
    assert next_of(store, draft) is not None


def test_a_contact_corrected_in_the_episode_is_the_step_s_contact(
    store: Store, draft: Assessment
) -> None:
    store.safety_steps.record(draft.id, *STEP, done=True, agreed=in_days(store, 5))
    found = store.episodes.find_open(draft.client_id)
    assert found is not None
    entry = found[1].entries[-1]
    assert isinstance(entry.event, NextContact)
    moved = entry.event.model_copy(update={"time": "14:00"})
    store.episodes.record_event(found[0].id, moved, AROUND, supersedes=entry.id)
    agreed = store.safety_steps.list_recorded(draft.id)[0].agreed
    assert agreed is not None
    assert agreed.time == "14:00"


def test_a_safety_contact_goes_with_the_assessment_that_moves(
    store: Store, draft: Assessment
) -> None:
    """The contact of somebody with thoughts of death is not left with another person."""
    store.safety_steps.record(draft.id, *STEP, done=True, agreed=in_days(store, 5))
    right = store.clients.add(birth_year=1970, language="fi")
    carried = store.corrections.move_assessment(draft.id, right.id, "wrong code", after=None)
    assert (carried.left, carried.joined, carried.why_not) == (1, True, None)
    assert next_of(store, draft) is None
    found = store.episodes.find_open(right.id)
    assert found is not None
    assert found[1].next_contact is not None
    assert found[1].next_contact.due == in_days(store, 5).due
    assert store.safety_steps.list_recorded(draft.id)[0].agreed == in_days(store, 5)
    store.safety_steps.withdraw(draft.id, *STEP)
    found = store.episodes.find_open(right.id)
    assert found is not None
    assert found[1].next_contact is None


def test_a_contact_that_one_client_could_not_take_goes_on_to_the_right_one(
    store: Store, draft: Assessment
) -> None:
    store.safety_steps.record(draft.id, *STEP, done=True, agreed=in_days(store, 5))
    wrong, right = (store.clients.add(birth_year=1970, language="fi") for _ in range(2))
    died = store.episodes.begin(wrong.id, Opened(day=today(store)), AROUND)
    store.episodes.record_event(died.id, Closed(day=today(store), how="died"), AROUND)
    carried = store.corrections.move_assessment(draft.id, wrong.id, "wrong code", after=None)
    assert carried.why_not is not None
    move = carried.assessment.move
    carried = store.corrections.move_assessment(draft.id, right.id, "wrong again", after=move)
    assert (carried.joined, carried.why_not) == (True, None)
    assert store.safety_steps.list_recorded(draft.id)[0].agreed == in_days(store, 5)


def test_a_contact_of_a_marked_assessment_stands_again_when_the_mark_is_taken_back(
    store: Store, draft: Assessment
) -> None:
    store.safety_steps.record(draft.id, *STEP, done=True, agreed=in_days(store, 5))
    marked = store.corrections.mark_wrong_client(draft.id, "of nobody here", after=None)
    assert (marked.left, next_of(store, draft)) == (1, None)
    store.corrections.move_assessment(
        draft.id, draft.client_id, "right after all", after=marked.assessment.move
    )
    stands = next_of(store, draft)
    assert stands is not None
    assert stands.due == in_days(store, 5).due
    assert store.safety_steps.list_recorded(draft.id)[0].agreed == in_days(store, 5)


def test_a_contact_agreed_under_one_of_two_joined_codes_parts_with_it(
    store: Store, draft: Assessment, pathway: PathwayCopy
) -> None:
    """Each draft keeps its own episode, so that parting the codes leaves nobody without a call."""
    older = store.clients.add(birth_year=2006, language="fi")
    theirs = store.assessments.start(older.id, pathway, setting="clinic", language="fi")
    for each in (theirs, draft):
        store.safety_steps.record(each.id, *STEP, done=True, agreed=in_days(store, 5))
    store.corrections.join_clients(older.id, draft.client_id, "two first calls")
    store.safety_steps.withdraw(draft.id, *STEP)
    store.safety_steps.record(draft.id, *STEP, done=True, agreed=in_days(store, 3))
    store.corrections.part_clients(
        older.id, store.clients.get(draft.client_id).also[0], "two people"
    )
    contacts = [next_of(store, draft), next_of(store, theirs)]
    assert [c and c.due for c in contacts] == [in_days(store, n).due for n in (3, 5)]


def test_parting_leaves_nothing_of_one_person_in_the_episode_of_the_other(
    store: Store, draft: Assessment
) -> None:
    """The call, the measurement and the legal time of the one are not kept for the other."""
    older = store.clients.add(birth_year=1970, language="fi")
    store.corrections.join_clients(older.id, draft.client_id, "one person, it seemed")
    store.safety_steps.record(draft.id, *STEP, done=True, agreed=in_days(store, 5))
    record = store.episodes.find_open(older.id)
    assert record is not None
    assert record[0].client_id == older.id
    store.corrections.part_clients(older.id, store.clients.get(older.id).also[0], "two people")
    found = store.episodes.find_open(older.id)
    assert found is not None
    assert (found[1].next_contact, store.safety_steps.list_recorded(draft.id)[0].agreed) == (
        None,
        in_days(store, 5),
    )
    own = store.episodes.find_of_assessment(draft.id)
    assert own is not None
    assert own[0].client_id == draft.client_id
    assert own[1].next_contact is not None
    store.answers.record(draft.id, {"q1": 1})
    store.decisions.confirm(draft.id, confirmation(4))
    assert [m.assessment for m in store.episodes.get(own[0].id)[1].measured] == [draft.id]
    assert store.episodes.get(record[0].id)[1].measured == ()
    store.corrections.part_clients(older.id, show(store.clients.get(draft.client_id).code), "again")
    assert (store.find_faults(), store.audit_log.find_bad_event()) == ([], None)


@pytest.mark.parametrize("whose", [0, 1])
def test_a_death_of_one_code_does_not_stay_with_both_after_parting(
    store: Store, whose: int
) -> None:
    pair = [store.clients.add(birth_year=1970, language="fi") for _ in range(2)]
    episodes = [store.episodes.begin(c.id, Opened(day=today(store)), AROUND) for c in pair]
    store.corrections.join_clients(pair[0].id, pair[1].id, "one person, it seemed")
    store.episodes.record_event(episodes[whose].id, Closed(day=today(store), how="died"), AROUND)
    assert store.episodes.find_death(pair[0].id) is not None
    store.corrections.part_clients(pair[0].id, show(pair[1].code), "two people")
    assert [store.episodes.find_death(c.id) is not None for c in pair] == [whose == 0, whose == 1]
    assert store.episodes.find_open(pair[1 - whose].id) is not None


def test_nothing_is_taken_back_that_a_confirmed_step_rests_on(
    store: Store, draft: Assessment
) -> None:
    """A window left open at the stop cannot undo its steps, nor drop its contact, afterwards."""
    store.safety_steps.record(draft.id, *STEP, done=True, agreed=in_days(store, 5))
    store.answers.record(draft.id, {"q1": 1})
    store.decisions.confirm(draft.id, confirmation(2))
    with pytest.raises(ClosedAssessment):
        store.safety_steps.withdraw(draft.id, *STEP)
    with pytest.raises(ClosedAssessment):
        store.safety_steps.record(draft.id, *STEP, done=False, why_not="left")
    assert store.safety_steps.list_recorded(draft.id)[0].agreed == in_days(store, 5)
    assert next_of(store, draft) is not None


def test_the_contact_of_a_safety_step_is_not_withdrawn_beside_the_step(
    store: Store, draft: Assessment
) -> None:
    """The step would stand as done, and nobody would get in touch."""
    store.safety_steps.record(draft.id, *STEP, done=True, agreed=in_days(store, 5))
    found = store.episodes.find_open(draft.client_id)
    assert found is not None
    record, episode = found
    agreed = next(each for each in episode.entries if isinstance(each.event, NextContact))
    around = replace(AROUND, today=today(store))
    less: tuple[Event, ...] = (
        Withdrawn(day=today(store)),
        NextContact(day=today(store), due=today(store)),
    )
    for event in less:
        with pytest.raises(UnfitEvent):
            store.episodes.record_event(record.id, event, around, supersedes=agreed.id)
    moved = agreed.event.model_copy(update={"due": in_days(store, 3).due})
    told = store.episodes.record_event(record.id, moved, around, supersedes=agreed.id)
    assert told.next_contact is not None
    assert told.next_contact.due == in_days(store, 3).due
    store.safety_steps.withdraw(draft.id, *STEP)
    assert next_of(store, draft) is None


def test_what_else_a_step_agrees_is_kept_with_it(store: Store, draft: Assessment) -> None:
    """Told in part, told anew, taken back, and with the next contact."""

    def now() -> StepTerms | None:
        rows = store.safety_steps.list_recorded(draft.id)
        return rows[0].terms if rows else None

    def record(terms: StepTerms | None, **more: Any) -> None:
        given = {"done": True, **more}
        store.safety_steps.record(
            draft.id, "S2", "suicide_non_acute", "means", terms=terms, **given
        )

    plan = StepTerms(who="relative", when=today(store), where="in the client's phone")
    record(plan)
    assert now() == plan
    record(StepTerms())
    assert now() is None, "not told, and no empty words"
    part = StepTerms(where="locked away at home")
    record(part)
    assert now() == part
    with pytest.raises(RefusedText):
        record(StepTerms(where="with 010190-912K"))
    assert now() == part
    store.safety_steps.withdraw(draft.id, "S2", "suicide_non_acute", "means")
    assert now() is None
    record(part, done=False, why_not="no one answered")
    assert now() is None, "what was not done agreed nothing"
    assert store.audit_log.find_bad_event() is None

    store.safety_steps.record(draft.id, *STEP, done=True, agreed=in_days(store, 5), terms=part)
    row = store.safety_steps.list_recorded(draft.id)[-1]
    assert (row.terms, row.agreed) == (part, in_days(store, 5))
    told = gather_records(store, draft.client_id).tables["safety"]
    assert {"where": "locked away at home"} in [each["terms"] for each in told]
