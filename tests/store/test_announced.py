"""What nobody shall do unseen: if these fail, roles are taken and keys put back in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.opening.store_file import create_store, open_store
from store.repository.store import Store
from store.session import announcements
from tests.store.test_tries import Hand

KEY = bytes(range(32))


class Place:
    """A store whose people come in one after the other."""

    def __init__(self, path: Path) -> None:
        self.path, self.clock = path, Hand()
        with create_store(path, KEY, "boss", self.clock) as store:
            store.staff.add("aino", ["nurse"])

    def as_(self, handle: str) -> Store:
        self.clock.turn(60)
        return open_store(self.path, KEY, handle, self.clock)

    def told(self, handle: str) -> list[str]:
        """What somebody is told who opens the store now."""
        with self.as_(handle) as store:
            news = announcements.find_unseen(store)
            announcements.mark_seen(store, news)
            return [each.sentence.format(**each.values) for each in news.announcements]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path / "porras.db")
    assert made.told("boss") == []
    assert made.told("aino") == []  # at the first opening of all there is nothing to compare
    return made


def test_whoever_takes_a_role_is_told_of_to_everybody_once(place: Place) -> None:
    with place.as_("boss") as store:
        store.staff.set_roles("boss", ["admin"])
    with place.as_("boss") as store:
        store.staff.set_roles("boss", ["nurse", "admin"])
    took = "boss took more roles for themselves: nurse."
    assert place.told("aino") == [took]
    assert place.told("aino") == []
    assert place.told("boss") == [took]  # it may have been another under this staff code
    assert place.told("boss") == []


def test_a_role_that_reaches_beyond_a_unit_is_told_whoever_gives_it(place: Place) -> None:
    with place.as_("boss") as store:
        store.staff.set_roles("aino", ["nurse", "lead"])
        store.staff.add("puppet", ["nurse", "auditor"])
        store.staff.add("colleague", ["nurse"])
        store.staff.set_roles("aino", ["nurse"])
    assert place.told("aino") == [
        "boss gave more roles to puppet: auditor.",
        "boss gave more roles to aino: lead.",
    ]


@pytest.mark.parametrize("event", sorted(announcements.TOLD.keys() - {"person.roles"}))
def test_every_kind_is_told_with_the_time_and_who_it_was(place: Place, event: str) -> None:
    from store.audit import chain
    from store.database import connections, migrations, transactions
    from store.times import to_iso_utc

    place.clock.turn(60)
    at = place.clock()
    db = connections.connect(place.path, KEY, migrations.schema())
    with transactions.writing(db):
        chain.append(db, to_iso_utc(at), "boss", event, "porras-1", chain.NOTHING)
    db.close()
    with place.as_("aino") as store:
        news = announcements.find_unseen(store)
        announcements.mark_seen(store, news)
        (told,) = news.announcements
    assert told.at == at
    assert "boss" in told.sentence.format(**told.values)
    assert place.told("aino") == []


def test_what_was_not_shown_is_kept_for_the_next_opening(place: Place) -> None:
    """An opening that told nothing, such as a refused command, swallowed it."""
    with place.as_("boss") as store:
        store.staff.set_roles("boss", ["admin"])
        store.staff.set_roles("boss", ["nurse", "admin"])
    took = ["boss took more roles for themselves: nurse."]
    for _ in range(3):
        place.as_("aino").close()
    with place.as_("aino") as store:
        news = announcements.find_unseen(store)  # read, and the program is killed
    assert len(news.announcements) == 1
    assert place.told("aino") == took
    assert place.told("aino") == []


def test_a_quiet_time_is_noted_so_that_nobody_reads_it_again_and_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcements, "_BEHIND", 5)
    due = []
    for _ in range(8):
        with place.as_("aino") as store:
            news = announcements.find_unseen(store)
            announcements.mark_seen(store, news)
            due.append(news.due)
    assert due.count(True) == 1
    with place.as_("boss") as store:
        store.staff.set_roles("aino", ["lead"])
    assert place.told("aino") == ["boss gave more roles to aino: lead."]
