"""If these fail, the start page hides what waits, or a search finds somebody else's client."""

from __future__ import annotations

import datetime

import pytest

from stepping.episode.events import NextContact, Opened
from stepping.episode.validation import ValidationContext
from store.errors import MistypedCode
from store.records import Assessment, Client, PathwayCopy
from store.repository.store import Store
from tests.store.conftest import bring_to
from tests.store.test_episodes import plans

TODAY = datetime.date(2026, 11, 22)
AROUND = ValidationContext(TODAY, 1980, {}, {}, {}, {})


def day(days: int) -> datetime.date:
    return TODAY + datetime.timedelta(days=days)


def in_care(store: Store, due: int, time: str | None = None) -> Client:
    """A client whose next contact is agreed so many days from today."""
    client = store.clients.add(birth_year=1980, language="fi")
    record = store.episodes.begin(client.id, Opened(day=day(-60)), AROUND)
    event = NextContact(day=day(-60), due=day(due), time=time)
    store.episodes.record_event(record.id, event, AROUND)
    return client


def test_contacts_of_a_week_are_listed_by_day_and_time(store: Store) -> None:
    made = [in_care(store, *when) for when in ((8,), (7,), (0, "13:00"), (0, "09:00"), (-1,))]
    found = store.worklist.list_contacts(TODAY, day(7))
    assert [item.client_id for item in found] == [made[3].id, made[2].id, made[1].id]
    assert store.worklist.count_contacts(TODAY, day(7)) == 3
    assert store.worklist.count_contacts(TODAY, day(7), at_most=2) == 2
    assert store.worklist.count_items(TODAY) == 3
    assert store.worklist.count_items(TODAY, at_most=2) == 2


def test_drafts_are_told_as_the_worklist_tells_them(store: Store, assessment: Assessment) -> None:
    bring_to(store, assessment.id, "open_stop")
    (item,) = store.worklist.list_drafts([assessment.id, "nothing"], TODAY)
    assert [item] == store.worklist.list_items(TODAY)
    assert item.kind == "open_stop"


def test_a_list_tells_of_a_client_what_is_agreed_and_what_is_open(
    store: Store, assessment: Assessment
) -> None:
    agreed = in_care(store, 3)
    bring_to(store, assessment.id, "open_stop")
    care, stop = store.clients.list_seen(2)
    assert (care.client, care.due, care.stopped, care.seen) == (agreed, day(3), False, None)
    assert care.episode_id is not None
    assert stop.client.id == assessment.client_id
    assert (stop.stopped, stop.episode_id) == (True, None)
    assert stop.seen == assessment.started_at


def test_of_joined_clients_in_two_episodes_the_first_contact_is_told(store: Store) -> None:
    """The later of two days would hide that a contact is late."""
    stands, other = in_care(store, 30), in_care(store, -2)
    store.corrections.join_clients(stands.id, other.id, "the same person")
    (seen,) = store.clients.list_seen(2)
    assert (seen.client.code, seen.due) == (stands.code, day(-2))
    older = store.episodes.find_open(stands.id)
    assert older is not None
    assert seen.episode_id == older[0].id


def test_recent_clients_are_listed_without_going_through_the_records(
    store: Store, assessment: Assessment
) -> None:
    found = plans(store, lambda: store.clients.list_seen(2), "worklist")
    found += plans(store, lambda: store.clients.search(begins="AB"), "hit")
    small = ("SCAN o", "SCAN m", "SCAN theirs", "SCAN hit", "SCAN (", "SCAN CONST")
    assert [step for step in found if step.startswith("SCAN") and not step.startswith(small)] == []


def test_a_client_is_found_by_the_beginning_of_any_code(store: Store) -> None:
    for code in ("TREENAAM", "TRPPPPPP"):
        store.clients.add(birth_year=1980, language="fi", code=_whole(code))
    every = store.clients.search(begins="tr").shown
    assert len(every) == 2
    found = store.clients.search(begins=" tree-n")
    assert [seen.client.code[:5] for seen in found.shown] == ["TREEN"]
    assert found.total == 1
    store.corrections.join_clients(every[0].client.id, every[1].client.id, "the same person")
    joined = store.clients.search(begins=every[1].client.code[:4]).shown
    assert [seen.client.id for seen in joined] == [every[0].client.id]


def _whole(code: str) -> str:
    from store import codes

    return codes.with_check(code[:7])


@pytest.mark.parametrize("begins", ["T", "", "T0", "TI", "TREENAAMX"])
def test_what_begins_no_code_is_named(store: Store, begins: str) -> None:
    with pytest.raises(MistypedCode):
        store.clients.search(begins=begins)


def test_a_client_is_found_by_the_year_that_the_card_tells(
    store: Store, pathway: PathwayCopy
) -> None:
    made = [store.clients.add(birth_year=1980, language="fi") for _ in range(12)]
    store.clients.add(birth_year=1981, language="fi")
    store.assessments.start(made[3].id, pathway, setting="clinic", language="fi")
    store.corrections.correct_card(
        made[5].id,
        birth_year=1981,
        sex="f",
        language="fi",
        municipality=None,
        why="was told wrong",
        after=None,
    )
    found = store.clients.search(birth_year=1980)
    assert (len(found.shown), found.total) == (9, 11)
    assert found.shown[0].client.id == made[3].id, "who was seen last comes first"
    right = {seen.client.id for seen in store.clients.search(birth_year=1981).shown}
    assert made[5].id in right
    assert len(right) == 2
