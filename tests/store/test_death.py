"""If these fail, a client who has died is called, or a mistaken death cannot be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stepping.episode.events import (
    Closed,
    NeedEstablished,
    NextContact,
    Opened,
    PeriodStarted,
    Withdrawn,
)
from stepping.finland import finnish_day
from store.errors import UnfitEvent
from store.records import Client, EpisodeRecord, PathwayCopy
from store.repository.store import Store
from tests.store.conftest import bring_to
from tests.store.test_episodes import AROUND, TODAY, ago

DEATH = Closed(day=ago(2), how="died")


@pytest.fixture
def client(store: Store) -> Client:
    return store.clients.add(birth_year=2006, language="fi", municipality="hollola")


@pytest.fixture
def record(store: Store, client: Client) -> EpisodeRecord:
    """A client in treatment, with legal times and a contact that lies ahead."""
    made = store.episodes.begin(client.id, Opened(day=ago(60)), AROUND)
    for event in (
        NeedEstablished(day=ago(59)),
        PeriodStarted(day=ago(45), period="p1", intervention="guided"),
        NextContact(day=ago(1), due=TODAY),
    ):
        store.episodes.record_event(made.id, event, AROUND)
    return made


def waiting(store: Store) -> int:
    later = finnish_day(store.clock()) + timedelta(days=400)
    return store.worklist.count_items(later)


def test_a_death_ends_everything_in_one_deed(store: Store, record: EpisodeRecord) -> None:
    assert waiting(store)
    episode = store.episodes.record_event(record.id, DEATH, AROUND)
    assert episode.died == ago(2)
    (period,) = episode.periods
    assert period.ended is not None
    assert (period.ended.day, period.ended.why) == (ago(2), "died")
    assert not waiting(store)
    assert store.episodes.find_death(record.client_id) == ago(2)


def test_drafts_of_the_dead_wait_no_more_and_keep_how_far_they_were(
    store: Store, record: EpisodeRecord, pathway: PathwayCopy
) -> None:
    draft = store.assessments.start(record.client_id, pathway, setting="clinic", language="fi")
    store.episodes.attach_assessment(draft.id, record.id)
    bring_to(store, draft.id, "open_stop")
    episode = store.episodes.record_event(record.id, DEATH, AROUND)
    assert not waiting(store)
    ended = episode.entries[-1] if episode.entries[-1].event == DEATH else None
    ended = ended or next(e for e in episode.entries if e.event == DEATH)
    store.episodes.record_event(record.id, Withdrawn(day=TODAY), AROUND, supersedes=ended.id)
    kinds = {item.kind for item in store.worklist.list_items(TODAY)}
    assert "open_stop" in kinds


def test_a_mistaken_death_is_withdrawn_and_all_stands_as_before(
    store: Store, record: EpisodeRecord
) -> None:
    before, count = store.episodes.get(record.id)[1], waiting(store)
    dead = store.episodes.record_event(record.id, DEATH, AROUND)
    entry = next(e for e in dead.entries if e.event == DEATH)
    after = store.episodes.record_event(
        record.id, Withdrawn(day=TODAY), AROUND, supersedes=entry.id
    )
    assert (after.periods, after.next_contact, after.entries) == (
        before.periods,
        before.next_contact,
        before.entries,
    )
    assert waiting(store) == count
    assert store.episodes.find_death(record.client_id) is None


def test_no_episode_begins_with_the_dead(store: Store, record: EpisodeRecord) -> None:
    store.episodes.record_event(record.id, DEATH, AROUND)
    with pytest.raises(UnfitEvent):
        store.episodes.begin(record.client_id, Opened(day=TODAY), AROUND)


def test_other_clients_wait_as_before(store: Store, record: EpisodeRecord) -> None:
    other = store.clients.add(birth_year=2006, language="fi", municipality="hollola")
    store.episodes.begin(other.id, Opened(day=ago(3)), AROUND)
    store.episodes.record_event(record.id, DEATH, AROUND)
    assert waiting(store) == 1
