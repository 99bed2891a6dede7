"""If these fail, a safety step says that a contact is agreed, and no contact stands anywhere."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from stepping.episode.events import Closed, Event, NextContact, Opened, Withdrawn
from stepping.finland import finnish_day
from store.codes import show
from store.errors import ClosedAssessment, UnfitEvent
from store.records import AgreedContact, Assessment, PathwayCopy
from store.repository.store import Store
from tests.store.test_corrections import confirmation
from tests.store.test_episodes import AROUND, ago, kept

STEP = ("S2", "suicide_non_acute", "next_contact")


@pytest.fixture
def draft(store: Store, pathway: PathwayCopy) -> Assessment:
    client = store.add_client(birth_year=2006, language="fi", municipality="hollola")
    return store.start(client.id, pathway, setting="clinic", language="fi")


def today(store: Store) -> datetime.date:
    return finnish_day(store._clock())


def in_days(store: Store, days: int, **more: str) -> AgreedContact:
    first = today(store)
    due, by = (first + datetime.timedelta(days=n) for n in (days, 7))
    return AgreedContact(due=due, by=by, time="09:30", who="nurse1", **more)


def next_of(store: Store, draft: Assessment) -> NextContact | None:
    found = store.open_episode_of(draft.client_id)
    return found[1].next_contact if found else None


def test_a_safety_step_s_contact_begins_the_episode_and_stands_in_it(
    store: Store, draft: Assessment
) -> None:
    agreed = in_days(store, 5)
    store.record_safety(draft.id, *STEP, done=True, agreed=agreed)
    found = next_of(store, draft)
    assert found is not None
    assert (found.due, found.time, found.who, found.by) == (
        agreed.due,
        "09:30",
        "nurse1",
        agreed.by,
    )
    assert store.safety(draft.id)[0].agreed == agreed
    attached = store.episode_of(draft.id)
    assert attached is not None
    later = agreed.due + datetime.timedelta(days=2)
    items = [i for i in store.worklist(later) if i.kind == "next_contact"]
    assert [(i.client_id, i.due, i.who, i.time) for i in items] == [
        (draft.client_id, agreed.due, "nurse1", "09:30")
    ]
    assert store.verify_chain() is None


def test_an_open_episode_takes_it(store: Store, draft: Assessment) -> None:
    record = store.begin_episode(draft.client_id, Opened(day=ago(3)), AROUND)
    store.record_safety(draft.id, *STEP, done=True, agreed=in_days(store, 5))
    assert [r.id for r, _ in store.episodes_of(draft.client_id)] == [record.id]
    assert next_of(store, draft) is not None


def test_recording_it_again_corrects_the_contact(store: Store, draft: Assessment) -> None:
    store.record_safety(draft.id, *STEP, done=True, agreed=in_days(store, 5))
    store.record_safety(draft.id, *STEP, done=True, agreed=in_days(store, 2))
    found = store.open_episode_of(draft.client_id)
    assert found is not None
    agreed = [e.event for e in found[1].entries if isinstance(e.event, NextContact)]
    assert [event.due for event in agreed] == [in_days(store, 2).due]
    assert store.safety(draft.id)[-1].agreed == in_days(store, 2)


def test_a_step_that_was_not_done_after_all_takes_its_contact_with_it(
    store: Store, draft: Assessment
) -> None:
    store.record_safety(draft.id, *STEP, done=True, agreed=in_days(store, 5))
    store.record_safety(draft.id, *STEP, done=False, why_not="left before it was agreed")
    assert next_of(store, draft) is None
    assert store.safety(draft.id)[-1].agreed is None
    items = store.worklist(today(store))
    assert "no_next_contact" in {i.kind for i in items if i.client_id == draft.client_id}


def test_a_contact_that_the_episode_refuses_leaves_the_step_open(
    store: Store, draft: Assessment
) -> None:
    before = kept(store)
    with pytest.raises(UnfitEvent):
        store.record_safety(draft.id, *STEP, done=True, agreed=in_days(store, 8))
    assert kept(store) == before
    assert store.safety(draft.id) == []
    store.record_safety(draft.id, *STEP, done=True, agreed=in_days(store, 8, why="in hospital"))
    assert next_of(store, draft) is not None


def test_a_contact_corrected_in_the_episode_is_the_step_s_contact(
    store: Store, draft: Assessment
) -> None:
    store.record_safety(draft.id, *STEP, done=True, agreed=in_days(store, 5))
    found = store.open_episode_of(draft.client_id)
    assert found is not None
    entry = found[1].entries[-1]
    assert isinstance(entry.event, NextContact)
    moved = entry.event.model_copy(update={"time": "14:00"})
    store.record(found[0].id, moved, AROUND, supersedes=entry.id)
    agreed = store.safety(draft.id)[0].agreed
    assert agreed is not None
    assert agreed.time == "14:00"


def test_a_safety_contact_goes_with_the_assessment_that_moves(
    store: Store, draft: Assessment
) -> None:
    """The contact of somebody with thoughts of death is not left with another person."""
    store.record_safety(draft.id, *STEP, done=True, agreed=in_days(store, 5))
    right = store.add_client(birth_year=1970, language="fi")
    carried = store.move_assessment(draft.id, right.id, "wrong code", after=None)
    assert (carried.left, carried.joined, carried.why_not) == (1, True, None)
    assert next_of(store, draft) is None
    found = store.open_episode_of(right.id)
    assert found is not None
    assert found[1].next_contact is not None
    assert found[1].next_contact.due == in_days(store, 5).due
    assert store.safety(draft.id)[0].agreed == in_days(store, 5)
    store.withdraw_safety(draft.id, *STEP)
    found = store.open_episode_of(right.id)
    assert found is not None
    assert found[1].next_contact is None


def test_a_contact_that_one_client_could_not_take_goes_on_to_the_right_one(
    store: Store, draft: Assessment
) -> None:
    store.record_safety(draft.id, *STEP, done=True, agreed=in_days(store, 5))
    wrong, right = (store.add_client(birth_year=1970, language="fi") for _ in range(2))
    died = store.begin_episode(wrong.id, Opened(day=today(store)), AROUND)
    store.record(died.id, Closed(day=today(store), how="died"), AROUND)
    carried = store.move_assessment(draft.id, wrong.id, "wrong code", after=None)
    assert carried.why_not is not None
    move = carried.assessment.move
    carried = store.move_assessment(draft.id, right.id, "wrong again", after=move)
    assert (carried.joined, carried.why_not) == (True, None)
    assert store.safety(draft.id)[0].agreed == in_days(store, 5)


def test_a_contact_of_a_marked_assessment_stands_again_when_the_mark_is_taken_back(
    store: Store, draft: Assessment
) -> None:
    store.record_safety(draft.id, *STEP, done=True, agreed=in_days(store, 5))
    marked = store.mark_wrong(draft.id, "of nobody here", after=None)
    assert (marked.left, next_of(store, draft)) == (1, None)
    store.move_assessment(
        draft.id, draft.client_id, "right after all", after=marked.assessment.move
    )
    stands = next_of(store, draft)
    assert stands is not None
    assert stands.due == in_days(store, 5).due
    assert store.safety(draft.id)[0].agreed == in_days(store, 5)


def test_a_contact_agreed_under_one_of_two_joined_codes_parts_with_it(
    store: Store, draft: Assessment, pathway: PathwayCopy
) -> None:
    """Each draft keeps its own episode, so that parting the codes leaves nobody without a call."""
    older = store.add_client(birth_year=2006, language="fi")
    theirs = store.start(older.id, pathway, setting="clinic", language="fi")
    for each in (theirs, draft):
        store.record_safety(each.id, *STEP, done=True, agreed=in_days(store, 5))
    store.join_clients(older.id, draft.client_id, "two first calls")
    store.withdraw_safety(draft.id, *STEP)
    store.record_safety(draft.id, *STEP, done=True, agreed=in_days(store, 3))
    store.part_clients(older.id, store.client(draft.client_id).also[0], "two people")
    contacts = [next_of(store, draft), next_of(store, theirs)]
    assert [c and c.due for c in contacts] == [in_days(store, n).due for n in (3, 5)]


def test_parting_leaves_nothing_of_one_person_in_the_episode_of_the_other(
    store: Store, draft: Assessment
) -> None:
    """The call, the measurement and the legal time of the one are not kept for the other."""
    older = store.add_client(birth_year=1970, language="fi")
    store.join_clients(older.id, draft.client_id, "one person, it seemed")
    store.record_safety(draft.id, *STEP, done=True, agreed=in_days(store, 5))
    record = store.open_episode_of(older.id)
    assert record is not None
    assert record[0].client_id == older.id
    store.part_clients(older.id, store.client(older.id).also[0], "two people")
    found = store.open_episode_of(older.id)
    assert found is not None
    assert (found[1].next_contact, store.safety(draft.id)[0].agreed) == (None, in_days(store, 5))
    own = store.episode_of(draft.id)
    assert own is not None
    assert own[0].client_id == draft.client_id
    assert own[1].next_contact is not None
    store.record_answers(draft.id, {"q1": 1})
    store.confirm(draft.id, confirmation(4))
    assert [m.assessment for m in store.episode(own[0].id)[1].measured] == [draft.id]
    assert store.episode(record[0].id)[1].measured == ()
    store.part_clients(older.id, show(store.client(draft.client_id).code), "again")
    assert (store.faults(), store.verify_chain()) == ([], None)


@pytest.mark.parametrize("whose", [0, 1])
def test_a_death_of_one_code_does_not_stay_with_both_after_parting(
    store: Store, whose: int
) -> None:
    pair = [store.add_client(birth_year=1970, language="fi") for _ in range(2)]
    episodes = [store.begin_episode(c.id, Opened(day=today(store)), AROUND) for c in pair]
    store.join_clients(pair[0].id, pair[1].id, "one person, it seemed")
    store.record(episodes[whose].id, Closed(day=today(store), how="died"), AROUND)
    assert store.death_of(pair[0].id) is not None
    store.part_clients(pair[0].id, show(pair[1].code), "two people")
    assert [store.death_of(c.id) is not None for c in pair] == [whose == 0, whose == 1]
    assert store.open_episode_of(pair[1 - whose].id) is not None


def test_nothing_is_taken_back_that_a_confirmed_step_rests_on(
    store: Store, draft: Assessment
) -> None:
    """A window left open at the stop cannot undo its steps, nor drop its contact, afterwards."""
    store.record_safety(draft.id, *STEP, done=True, agreed=in_days(store, 5))
    store.record_answers(draft.id, {"q1": 1})
    store.confirm(draft.id, confirmation(2))
    with pytest.raises(ClosedAssessment):
        store.withdraw_safety(draft.id, *STEP)
    with pytest.raises(ClosedAssessment):
        store.record_safety(draft.id, *STEP, done=False, why_not="left")
    assert store.safety(draft.id)[0].agreed == in_days(store, 5)
    assert next_of(store, draft) is not None


def test_the_contact_of_a_safety_step_is_not_withdrawn_beside_the_step(
    store: Store, draft: Assessment
) -> None:
    """The step would stand as done, and nobody would get in touch."""
    store.record_safety(draft.id, *STEP, done=True, agreed=in_days(store, 5))
    found = store.open_episode_of(draft.client_id)
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
            store.record(record.id, event, around, supersedes=agreed.id)
    moved = agreed.event.model_copy(update={"due": in_days(store, 3).due})
    told = store.record(record.id, moved, around, supersedes=agreed.id)
    assert told.next_contact is not None
    assert told.next_contact.due == in_days(store, 3).due
    store.withdraw_safety(draft.id, *STEP)
    assert next_of(store, draft) is None
