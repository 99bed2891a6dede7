"""If these fail, somebody may do more after a restore, or nobody can open what was set aside."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from store.backup import admission
from store.backup.drill import drill
from store.backup.restore import Restored, restore
from store.errors import (
    AccountDisabled,
    BackupOlder,
    NotAllowed,
    OlderKeys,
    OtherOsUser,
    PassphraseMustChange,
    PresentStoreClosed,
)
from store.file_names import KEYS
from store.keys import keystore, rekey
from store.opening import key_file_check, staff_accounts, unlock
from store.opening.store_file import open_store
from store.paths import find
from store.repository.store import Store
from tests.store.test_backup import PASS, places, site
from tests.store.test_backup import shelf as stick
from tests.store.test_branches import Yard, yard

__all__ = ["places", "site", "stick", "yard"]

OTHER = "violet anchor maple drum"
NEW = "a new passphrase of the head"

if sys.platform == "win32":
    pytestmark = pytest.mark.skip(reason="an open file cannot be replaced there")


def back(yard: Yard, made: Path, handle: str = "nurse-1") -> Restored:
    return restore(made, yard.places, yard.key, handle, yard.clock, force=True)


def killed_rekey(yard: Yard, step: str) -> None:
    class Cut(BaseException):
        pass

    def stop(reached: str) -> None:
        if reached == step:
            raise Cut

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rekey, "_tidy", lambda *_: None)
        with pytest.raises(Cut):
            rekey.rekey(yard.places, yard.key, "nurse-1", reached=stop)


@pytest.mark.parametrize("step", ["both keys", "marked", "in place"])
def test_a_data_key_that_was_cut_short_is_settled_and_what_is_set_aside_opens(
    yard: Yard, step: str
) -> None:
    made = yard.save()
    yard.work()
    killed_rekey(yard, step)
    with pytest.raises(PresentStoreClosed):
        back(yard, made)
    present = admission.open_present(yard.places, "nurse-1", PASS, clock=yard.clock)
    done = restore(made, yard.places, yard.key, "nurse-1", yard.clock, force=True, present=present)
    unlock.unlock(yard.places, "nurse-1", PASS, yard.clock).close()
    assert done.aside
    suffix = done.aside.name.removeprefix(yard.places.database.name)
    beside = yard.places.keys.with_name(yard.places.keys.name + suffix)
    with open_store(done.aside, keystore.unlock(beside, "nurse-1", PASS), "nurse-1") as old:
        assert old.db.table("clients").count == 3


def test_the_keys_of_today_are_kept_with_the_store_that_is_set_aside(yard: Yard) -> None:
    made = yard.save()
    before = yard.places.keys.read_bytes()
    done = back(yard, made)
    assert done.keys_kept and done.aside
    suffix = done.aside.name.removeprefix(yard.places.database.name)
    assert yard.places.keys.with_name(yard.places.keys.name + suffix).read_bytes() == before
    assert yard.places.keys.read_bytes() == before


def test_an_older_key_file_does_not_come_in_through_a_restore(yard: Yard) -> None:
    unlock.unlock(yard.places, "nurse-1", PASS, yard.clock).close()
    made, older = yard.save(), yard.places.keys.read_bytes()
    with unlock.unlock(yard.places, "nurse-1", PASS, yard.clock) as store:
        keystore.set_passphrase(yard.places.keys, "nurse-1", yard.key, OTHER)
        key_file_check.check_key_file(store, yard.places.keys)
    yard.places.keys.write_bytes(older)
    before = yard.places.database.read_bytes()
    for deed in (restore, drill):
        with pytest.raises(OlderKeys):
            deed(made, yard.places, yard.key, "nurse-1", yard.clock)
    assert yard.places.database.read_bytes() == before


def test_a_first_passphrase_and_another_user_of_the_computer_open_no_backup(yard: Yard) -> None:
    with unlock.unlock(yard.places, "nurse-1", PASS, yard.clock) as store:
        staff_accounts.add(yard.places, store, "first-1", OTHER, ["admin"])
        staff_accounts.bind(yard.places, store, "nurse-1", "somebody-else")
    key_file = yard.save() / KEYS
    for where in (yard.places, find(yard.stick / "elsewhere" / "porras.db")):
        for handle, words, error in (
            ("first-1", OTHER, PassphraseMustChange),
            ("nurse-1", PASS, OtherOsUser),
        ):
            with pytest.raises(error):
                admission.open_backup(where, key_file, handle, words, clock=yard.clock)
    with pytest.raises(PassphraseMustChange):
        admission.open_present(yard.places, "first-1", OTHER, clock=yard.clock)


def test_who_is_bound_today_opens_no_backup_of_before(yard: Yard) -> None:
    key_file = yard.save() / KEYS
    with unlock.unlock(yard.places, "nurse-1", PASS, yard.clock) as store:
        staff_accounts.bind(yard.places, store, "nurse-1", "somebody-else")
        keystore.set_passphrase(yard.places.keys, "nurse-1", yard.key, OTHER)
    with pytest.raises(OtherOsUser):
        admission.open_backup(yard.places, key_file, "nurse-1", PASS, clock=yard.clock)


# People


def _disable(store: Store) -> None:
    store.staff.disable("nurse-2")


def _demote(store: Store) -> None:
    store.staff.set_roles("nurse-2", ["nurse"])


def _turn(store: Store) -> None:
    store.staff.set_roles("nurse-2", ["auditor"])


def _promote(store: Store) -> None:
    store.staff.set_roles("nurse-2", ["nurse", "lead", "admin"])


def _move(store: Store) -> None:
    store.staff.set_unit("nurse-2", "north")


def _nothing(_: Store) -> None:
    pass


@dataclass
class Later:
    """What became of somebody after the backup, and how they stand once it is restored."""

    deed: Callable[[Store], None]
    roles: set[str]
    unit: str = "south"
    disabled: bool = False
    told: set[str] = field(default_factory=lambda: {"nurse-2"})


@pytest.mark.parametrize(
    "later",
    [
        Later(_disable, {"nurse", "lead"}, disabled=True),
        Later(_demote, {"nurse"}),
        Later(_turn, {"nurse", "lead"}, disabled=True),
        Later(_promote, {"nurse", "lead"}, told=set()),
        Later(_move, {"nurse", "lead"}, unit="north"),
        Later(_nothing, {"nurse", "lead"}, told=set()),
    ],
    ids=lambda later: later.deed.__name__,
)
def test_nobody_may_do_more_than_in_both(yard: Yard, later: Later) -> None:
    with yard.open() as store:
        store.staff.add("nurse-2", ["nurse", "lead"], "south")
    made = yard.save()
    with yard.open() as store:
        later.deed(store)
    done = back(yard, made)
    assert set(done.as_today) == later.told
    assert done.regained == ()
    with yard.open() as store:
        people = {person.handle: person for person in store.staff.list_all()}
        there = people["nurse-2"]
        found = set(there.roles), there.unit, there.disabled
        assert found == (later.roles, later.unit, later.disabled)
        assert set(people["nurse-1"].roles) == {"nurse", "lead", "admin"}
        assert store.audit_log.find_bad_event() is None


def test_who_came_after_the_backup_stands_as_today(yard: Yard) -> None:
    made = yard.save()
    with unlock.unlock(yard.places, "nurse-1", PASS, yard.clock) as store:
        staff_accounts.add(yard.places, store, "audit-1", OTHER, ["auditor"], "south")
    assert back(yard, made).as_today == ("audit-1",)
    with yard.open() as store:
        there = {person.handle: person for person in store.staff.list_all()}["audit-1"]
        assert (there.roles, there.unit, there.disabled) == (("auditor",), "south", False)


def test_who_came_after_is_out_of_use_where_the_store_tells_nothing(yard: Yard) -> None:
    made = yard.save()
    with unlock.unlock(yard.places, "nurse-1", PASS, yard.clock) as store:
        staff_accounts.add(yard.places, store, "audit-1", OTHER, ["auditor"])
    content = bytearray(yard.places.database.read_bytes())
    content[100] ^= 1
    yard.places.database.write_bytes(content)
    assert back(yard, made).as_today == ("audit-1",)
    with pytest.raises(AccountDisabled):
        yard.open("audit-1")


def hand_over(yard: Yard) -> None:
    """Let a new administrator come, and the first one leave."""
    with unlock.unlock(yard.places, "nurse-1", PASS, yard.clock) as store:
        staff_accounts.add(yard.places, store, "head-1", OTHER, ["admin"])
    unlock.unlock(yard.places, "head-1", OTHER, yard.clock, new_passphrase=NEW).close()
    with unlock.unlock(yard.places, "head-1", NEW, yard.clock) as store:
        staff_accounts.disable(yard.places, store, "nurse-1")


def test_after_a_handover_the_new_administrator_restores(yard: Yard) -> None:
    made = yard.save()
    hand_over(yard)
    with pytest.raises(NotAllowed) as refused:
        back(yard, made)
    assert refused.value.values["roles"] == "–"
    key = admission.open_backup(yard.places, made / KEYS, "head-1", NEW, clock=yard.clock)
    assert drill(made, yard.places, key, "head-1", yard.clock).backup == made
    assert back(yard, made, "head-1").keys_kept
    with unlock.unlock(yard.places, "head-1", NEW, yard.clock) as store:
        people = {
            person.handle: (person.roles, person.disabled) for person in store.staff.list_all()
        }
        assert people["head-1"] == (("admin",), False)
        assert people["nurse-1"][1]
        events = store.db.query("SELECT actor FROM audit WHERE event = 'store.restored'")
        assert [row["actor"] for row in events] == ["head-1"]


def test_somebody_with_a_passphrase_always_looks_after_the_store(yard: Yard) -> None:
    """The keys are those of the backup, and the only one in them has left."""
    made = yard.save()
    hand_over(yard)
    rekey.rekey(yard.places, yard.key, "head-1", yard.clock)
    present = admission.open_present(yard.places, "head-1", NEW, clock=yard.clock)
    done = restore(made, yard.places, yard.key, "nurse-1", yard.clock, force=True, present=present)
    assert (done.keys_kept, done.regained) == (False, ("nurse-1",))
    with unlock.unlock(yard.places, "nurse-1", PASS, yard.clock) as store:
        assert store.may("people")


def test_a_store_with_a_new_data_key_is_weighed_by_it(yard: Yard) -> None:
    made = yard.save()
    yard.work()
    rekey.rekey(yard.places, yard.key, "nurse-1", yard.clock)
    present = admission.open_present(yard.places, "nurse-1", PASS, clock=yard.clock)
    with pytest.raises(BackupOlder) as refused:
        restore(made, yard.places, yard.key, "nurse-1", yard.clock, present=present)
    assert int(refused.value.values["count"]) > 2
