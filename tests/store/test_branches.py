"""If these fail, a restore costs what came after it, or the wrong person has done it."""

from __future__ import annotations

import random
import sys
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from store.backup import admission, inventory
from store.backup.backup import backup
from store.backup.drill import drill
from store.backup.manifest import Manifest, Restoring, read_manifest
from store.backup.restore import restore
from store.backup.restore_events import SET_ASIDE
from store.errors import (
    BackupsApart,
    NotAllowed,
    PresentStoreClosed,
    TooManyTries,
    WrongPassphrase,
)
from store.file_names import KEYS
from store.keys import keystore, rekey
from store.opening import unlock
from store.opening.store_file import open_store
from store.paths import StorePaths
from store.repository.store import Store
from tests.store.conftest import TickingClock
from tests.store.test_backup import PASS, places, site
from tests.store.test_backup import shelf as stick
from tests.store.test_old_pages import of_changes, with_pages

__all__ = ["places", "site", "stick"]


class Yard(NamedTuple):
    """A store, a stick, and the clock that both go by."""

    places: StorePaths
    stick: Path
    key: bytes
    clock: TickingClock

    def work(self, years: range = range(1950, 1952)) -> None:
        with self.open() as store:
            for year in years:
                store.clients.add(birth_year=year, language="fi")

    def open(self, handle: str = "nurse-1") -> Store:
        return open_store(self.places.database, self.key, handle, self.clock)

    def save(self, keep: int = 14, days: int = 0) -> Path:
        with self.open() as store:
            return backup(store, self.places, self.stick, keep, days).folder

    def put_back(self, folder: Path, handle: str = "nurse-1") -> None:
        restore(folder, self.places, self.key, handle, self.clock, force=True)


@pytest.fixture
def yard(site: Store, places: StorePaths, stick: Path, clock: TickingClock) -> Yard:
    key = site.db.key
    assert key is not None
    site.close()
    return Yard(places, stick, key, clock)


# Branches


def test_what_came_after_a_restore_is_the_newest_and_stays(yard: Yard) -> None:
    """By the number of events the branch that was given up is far ahead."""
    first = yard.save()
    yard.work(range(1950, 1970))
    ahead = yard.save()
    yard.put_back(first)
    yard.work()
    third = yard.save(keep=2)
    yard.work()
    fourth = yard.save(keep=2)
    assert third.exists() and fourth.exists()
    assert read_manifest(ahead).head_seq > read_manifest(fourth).head_seq
    assert drill(yard.stick, yard.places, yard.key, "nurse-1", yard.clock).backup == fourth


def test_a_drill_takes_the_branch_of_the_store_that_stands_at_once(yard: Yard) -> None:
    first = yard.save()
    yard.work(range(1950, 1970))
    yard.save()
    yard.put_back(first)
    assert drill(yard.stick, yard.places, yard.key, "nurse-1", yard.clock).backup == first
    third = yard.save()
    assert drill(yard.stick, yard.places, yard.key, "nurse-1", yard.clock).backup == third


def test_without_a_store_it_is_asked_which_branch_is_meant(yard: Yard) -> None:
    first = yard.save()
    yard.work()
    second = yard.save()
    yard.put_back(first)
    third = yard.save()
    yard.places.database.unlink()
    with pytest.raises(BackupsApart) as refused:
        inventory.find_newest(yard.stick)
    tips = refused.value.tips
    assert [tip.path for tip in tips] == [third, second]
    begun = read_manifest(third).ancestry
    assert begun is not None
    assert [tip.set_aside for tip in tips] == [None, begun[-1].at]
    assert read_manifest(third).branch == begun[-1].hash
    assert read_manifest(second).branch == read_manifest(first).history


def test_the_log_tells_which_branch_was_set_aside(yard: Yard) -> None:
    first = yard.save()
    yard.work()
    with yard.open() as store:
        head = store.audit_log.get_head()
    yard.put_back(first)
    with yard.open() as store:
        told = next(store.db.query("SELECT * FROM audit WHERE event = ?", [SET_ASIDE]))
        history = read_manifest(first).history
        assert told["subject"] == f"{history[:16]}/{head[0]}"
        assert told["digest"] == head[1]
        assert store.audit_log.find_bad_event() is None


def test_a_backup_of_before_branches_were_told_still_counts(yard: Yard) -> None:
    first = yard.save()
    older = read_manifest(first).model_copy(update={"version": 1, "ancestry": None})
    (first / "manifest.json").write_text(
        older.model_dump_json(exclude={"ancestry"}), encoding="utf-8"
    )
    assert drill(yard.stick, yard.places, yard.key, "nurse-1", yard.clock).backup == first
    yard.work()
    second = yard.save(keep=1)
    assert inventory.find_newest(yard.stick) == second
    third = yard.save(keep=1)
    assert first.exists(), "it is the first of its month"
    assert third.exists() and not second.exists()


def _invented(rng: random.Random) -> list[tuple[Manifest, frozenset[int]]]:
    """Manifests of one store that is often put back, and the events that each really holds."""
    whole = {"reason": "asked", "app": "", "engine": "", "schema_version": 1, "first_bad": None}
    chain, ancestry, number = [0], list[Restoring](), 0
    saved: list[tuple[Manifest, tuple[int, ...], tuple[Restoring, ...]]] = []
    for minute in range(rng.randint(3, 25)):
        at = f"2026-01-01T00:{minute:02}:00.000Z"
        more = rng.randint(0, 3)
        chain += range(number + 1, number + more + 1)
        number += more
        if saved and rng.random() < 0.3:
            _, events, restores = rng.choice(saved)
            chain, ancestry = list(events), list(restores)
            chain.append(number := number + 1)
            hash_ = f"{number:064x}"
            ancestry.append(Restoring(seq=len(chain), hash=hash_, at=at))
        told = {"made": at, "head_seq": len(chain), "head_hash": f"{chain[-1]:064x}"}
        of = {"history": "0" * 64, "ancestry": tuple(ancestry), "rows": {}, "files": {}}
        saved.append((Manifest.model_validate(whole | told | of), tuple(chain), tuple(ancestry)))
    return [(manifest, frozenset(events)) for manifest, events, _ in saved]


@pytest.mark.parametrize("seed", range(60))
def test_manifests_tell_exactly_what_holds_what(seed: int) -> None:
    made = _invented(random.Random(seed))
    for manifest, events in made:
        for other, others in made:
            assert inventory._holds_all(manifest, other) == (others <= events)
    entries = [inventory.Entry(Path(f"{place:03}"), each) for place, (each, _) in enumerate(made)]
    tips = inventory.find_tips(entries)
    held = {place: events for place, (_, events) in enumerate(made)}
    last = {int(tip.path.name) for tip in tips}
    assert all(any(events <= held[tip] for tip in last) for events in held.values())
    assert not any(held[one] <= held[two] for one in last for two in last - {one})


# Whoever may


def test_who_was_demoted_puts_no_old_backup_back(yard: Yard) -> None:
    with yard.open() as store:
        store.staff.add("nurse-2", ["nurse", "admin"])
    yard.open("nurse-2").close()
    old = yard.save()
    with yard.open() as store:
        store.staff.set_roles("nurse-2", ["nurse"])
    for deed in (restore, drill):
        with pytest.raises(NotAllowed):
            deed(old, yard.places, yard.key, "nurse-2", yard.clock)
    with yard.open() as store:
        store.staff.disable("nurse-2")
    with pytest.raises(NotAllowed):
        yard.put_back(old, "nurse-2")
    done = restore(old, yard.places, yard.key, "nurse-1", yard.clock, force=True)
    assert (done.regained, done.as_today) == ((), ("nurse-2",))


def test_a_store_with_other_keys_is_set_aside_only_by_who_opens_it(yard: Yard) -> None:
    old = yard.save()
    rekey.rekey(yard.places, yard.key, "nurse-1", yard.clock)
    before = yard.places.database.read_bytes()
    with pytest.raises(PresentStoreClosed):
        yard.put_back(old)
    assert yard.places.database.read_bytes() == before
    present = admission.open_present(yard.places, "nurse-1", PASS, clock=yard.clock)
    restore(old, yard.places, yard.key, "nurse-1", yard.clock, force=True, present=present)
    yard.open().close()


def test_a_store_with_other_keys_asks_its_own_roles(yard: Yard) -> None:
    with yard.open() as store:
        store.staff.add("nurse-2", ["nurse", "admin"])
    keystore.add_user(yard.places.keys, yard.key, "nurse-2", PASS)
    keystore.change_passphrase(yard.places.keys, "nurse-2", PASS, PASS + "!")
    yard.open("nurse-2").close()
    old = yard.save()
    with yard.open() as store:
        store.staff.set_roles("nurse-2", ["nurse"])
    rekey.rekey(yard.places, yard.key, "nurse-1", yard.clock)
    present = admission.open_present(yard.places, "nurse-2", PASS + "!", clock=yard.clock)
    with pytest.raises(NotAllowed):
        restore(old, yard.places, yard.key, "nurse-2", yard.clock, force=True, present=present)


@pytest.mark.parametrize("loss", ["damaged", "without keys", "damaged keys"])
def test_a_store_that_can_answer_nothing_is_set_aside(yard: Yard, loss: str) -> None:
    old = yard.save()
    if loss == "damaged":
        content = bytearray(yard.places.database.read_bytes())
        content[100] ^= 1
        yard.places.database.write_bytes(content)
    elif loss == "without keys":
        yard.places.keys.unlink()
    else:
        yard.places.keys.write_bytes(b"{")
    yard.put_back(old)
    yard.open().close()


def test_a_store_with_an_old_page_of_its_people_can_answer_nothing_either(yard: Yard) -> None:
    """It would not open: its roles cannot be told, so that those of the backup decide."""
    with yard.open() as store:
        store.staff.add("nurse-2", ["nurse", "admin"])
        pages = of_changes(store)
    yard.open("nurse-2").close()
    backup_of_then, then = yard.save(), yard.places.database.read_bytes()
    with yard.open() as store:
        store.staff.set_roles("nurse-2", ["nurse"])
    with pytest.raises(NotAllowed):
        admission.admit(yard.places, yard.key, "nurse-2", None)
    mixed = with_pages(yard.places.database.read_bytes(), then, pages)
    yard.places.database.write_bytes(mixed)
    assert admission.admit(yard.places, yard.key, "nurse-2", None) is None
    assert yard.places.database.read_bytes() == mixed
    yard.put_back(backup_of_then, "nurse-2")
    yard.open().close()


def test_tries_at_a_backup_are_counted_where_the_store_counts_its_own(yard: Yard) -> None:
    key_file, now = yard.save() / KEYS, yard.clock()

    def at_the_backup(words: str, minutes: int = 0) -> bytes:
        then = now + timedelta(minutes=minutes)
        return admission.open_backup(yard.places, key_file, "nurse-1", words, clock=lambda: then)

    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            at_the_backup("wrong words in a row")
    with pytest.raises(TooManyTries):
        at_the_backup(PASS)
    with pytest.raises(TooManyTries):
        unlock.unlock(yard.places, "nurse-1", PASS, lambda: now)
    assert at_the_backup(PASS, minutes=2) == yard.key
    with pytest.raises(WrongPassphrase):
        at_the_backup("wrong words in a row", minutes=2)
    with pytest.raises(TooManyTries):  # the words of an old backup clear no row of failures
        at_the_backup(PASS, minutes=2)


def test_old_backups_go_in_time_also_after_a_new_data_key(yard: Yard) -> None:
    first, second = yard.save(), yard.save()
    rekey.rekey(yard.places, yard.key, "nurse-1", yard.clock)
    key = keystore.unlock(yard.places.keys, "nurse-1", PASS)
    later = yard._replace(key=key)
    third = later.save(keep=1)
    assert first.exists(), "it is the first of its month"
    assert third.exists() and not second.exists()


if sys.platform == "win32":
    pytestmark = pytest.mark.skip(reason="an open file cannot be replaced there")
