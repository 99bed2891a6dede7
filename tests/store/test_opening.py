"""From nothing to an open store, and every way in which that can be cut short."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from store import paths
from store.database import damage_mark, engine, engine_errors, reserve
from store.errors import (
    AccountDisabled,
    AccountLocked,
    DiskFull,
    KeysMissing,
    NoAccess,
    OtherOsUser,
    PassphraseMustChange,
    ReadOnlyDisk,
    ReadOnlyStore,
    RefusedHandle,
    RefusedPassphrase,
    StoreBusy,
    StoreError,
    StoreExists,
    StoreMissing,
    TooManyTries,
    WrongPassphrase,
    WrongRecoveryCode,
)
from store.files import disk_errors, drives, ownership
from store.keys import authentication, keystore
from store.maintenance import health
from store.opening import staff_accounts, unlock
from store.opening.store_file import create_store
from store.repository.store import Store
from store.training.invented import seed
from store.training.opening import open_training
from tests.store.test_keys import CODE_1, KEY_1, PASS_1, PASS_2, VERSION_1
from tests.store.test_tries import Hand

ROOT = Path(__file__).resolve().parents[2]
PASS = "four words in a row"


@pytest.fixture
def where(tmp_path: Path) -> paths.StorePaths:
    return paths.find(tmp_path / "site" / "porras.db")


def test_set_up_close_and_unlock(where: paths.StorePaths) -> None:
    assert where.get_state() == "nothing"
    with unlock.set_up(where, "Nurse-1", PASS).store as store:
        client = store.clients.add(birth_year=1980, language="fi")
    assert where.get_state() == "store"
    with unlock.unlock(where, " NURSE-1", PASS) as store:
        assert store.handle == "nurse-1"
        assert store.clients.get(client.id) == client
    with pytest.raises(WrongPassphrase):
        unlock.unlock(where, "nurse-1", PASS + "x")
    with pytest.raises(StoreExists):
        unlock.set_up(where, "nurse-1", PASS)


def test_a_refused_set_up_leaves_nothing(where: paths.StorePaths) -> None:
    with pytest.raises(RefusedPassphrase):
        unlock.set_up(where, "nurse-1", "short")
    with pytest.raises(RefusedHandle):
        unlock.set_up(where, "Maija Virtanen", PASS)
    assert where.get_state() == "nothing"


def test_a_forgotten_passphrase(where: paths.StorePaths) -> None:
    made = unlock.set_up(where, "nurse-1", PASS)
    made.store.close()
    with unlock.recover(where, made.recovery_code, "nurse-1", "new words in a row") as store:
        assert store.audit_log.find_bad_event() is None
    unlock.unlock(where, "nurse-1", "new words in a row").close()
    with pytest.raises(WrongPassphrase):
        unlock.unlock(where, "nurse-1", PASS)


CUT = """
import os, sys
from pathlib import Path
from store.opening import unlock
from store import paths
from store.opening import store_file
store_file.create_store = lambda *args, **values: os._exit(9)
unlock.set_up(paths.find(Path(sys.argv[1])), "nurse-1", "four words in a row")
"""


def test_a_set_up_cut_short_is_gone_on_with(where: paths.StorePaths) -> None:
    done = subprocess.run([sys.executable, "-c", CUT, str(where.database)], cwd=ROOT, check=False)
    assert done.returncode == 9
    assert where.get_state() == "keys only"
    with pytest.raises(StoreMissing):
        unlock.unlock(where, "nurse-1", PASS)
    with pytest.raises(StoreExists):
        unlock.set_up(where, "nurse-1", PASS)
    made = unlock.finish_set_up(where, "nurse-1", PASS)
    made.store.close()
    assert where.get_state() == "store"
    unlock.unlock(where, "nurse-1", PASS).close()
    unlock.recover(where, made.recovery_code, "nurse-1", PASS).close()


def test_a_database_without_keys_is_never_set_up_over(where: paths.StorePaths) -> None:
    unlock.set_up(where, "nurse-1", PASS).store.close()
    saved, content = where.keys.read_bytes(), where.database.read_bytes()
    where.keys.unlink()
    assert where.get_state() == "database only"
    for attempt in (unlock.set_up, unlock.finish_set_up, unlock.unlock):
        with pytest.raises((StoreExists, KeysMissing)):
            attempt(where, "nurse-1", PASS)
    assert where.database.read_bytes() == content
    assert not where.keys.exists()
    where.keys.write_bytes(saved)
    unlock.unlock(where, "nurse-1", PASS).close()


def test_finishing_a_set_up_never_touches_a_store(where: paths.StorePaths) -> None:
    made = unlock.set_up(where, "nurse-1", PASS)
    made.store.close()
    with pytest.raises(StoreExists):
        unlock.finish_set_up(where, "nurse-1", PASS)
    assert keystore.unlock_with_recovery(where.keys, made.recovery_code)


def test_the_keys_of_another_store_do_not_open_this_one(
    where: paths.StorePaths, tmp_path: Path
) -> None:
    unlock.set_up(where, "nurse-1", PASS).store.close()
    other = paths.find(tmp_path / "other" / "porras.db")
    made = unlock.set_up(other, "nurse-1", PASS)
    made.store.close()
    with pytest.raises(WrongRecoveryCode):
        unlock.recover(where, made.recovery_code, "nurse-1", PASS)
    unlock.unlock(where, "nurse-1", PASS).close()


# Tries


def events(store: Store, *names: str) -> list[tuple[str, str]]:
    """The events of these names, oldest first, with what they are about."""
    rows = store.db.query("SELECT event, subject FROM audit ORDER BY seq")
    return [(row["event"], row["subject"]) for row in rows if row["event"] in names]


def wrong(where: paths.StorePaths, clock: Hand, times: int, handle: str = "nurse-1") -> None:
    for _ in range(times):
        clock.turn(60)
        with pytest.raises(WrongPassphrase):
            unlock.unlock(where, handle, PASS + "!", clock)


def test_failed_unlocks_stand_in_the_chain_after_the_next_success(where: paths.StorePaths) -> None:
    clock = Hand()
    unlock.set_up(where, "nurse-1", PASS, clock).store.close()
    wrong(where, clock, 4)
    wrong(where, clock, 1, "nobody")
    with pytest.raises(TooManyTries), unlock.unlock(where, "nurse-1", PASS, Hand()):
        pass
    clock.turn(60)
    with unlock.unlock(where, "nurse-1", PASS, clock) as store:
        own = "nurse-1/4/2026-11-22T08:31:00.000Z/2026-11-22T08:34:00.000Z"
        unknown = "@/1/2026-11-22T08:35:00.000Z/2026-11-22T08:35:00.000Z"
        told = [("unlock.failed", own), ("unlock.failed", unknown)]
        assert events(store, "unlock.failed", "tries.lost") == told
        assert store.audit_log.find_bad_event() is None
    with unlock.unlock(where, "nurse-1", PASS, clock) as store:
        assert events(store, "unlock.failed", "tries.lost") == told
    where.keys.with_suffix(".tries").unlink()
    with unlock.unlock(where, "nurse-1", PASS, clock) as store:
        assert events(store, "tries.lost") == [("tries.lost", "missing")]


def test_a_locked_staff_code_is_opened_by_a_lead_or_the_recovery_code(
    where: paths.StorePaths,
) -> None:
    clock = Hand()
    made = unlock.set_up(where, "nurse-1", PASS, clock)
    key = keystore.unlock(where.keys, "nurse-1", PASS)
    keystore.set_passphrase(where.keys, "lead", key, PASS)
    made.store.staff.add("lead", ["lead"])
    wrong(where, clock, 10)
    for passphrase in (PASS, PASS + "!"):
        with pytest.raises(AccountLocked):
            unlock.unlock(where, "nurse-1", passphrase, clock)
    made.store.close()
    with unlock.unlock(where, "lead", PASS, clock) as store:
        assert events(store, "unlock.failed") == []
        unlock.unlock_account(where, store, "nurse-1", clock)
        assert events(store, "account.unlocked") == [("account.unlocked", "nurse-1")]
        assert len(events(store, "unlock.failed")) == 1
    with unlock.unlock(where, "nurse-1", PASS, clock) as store:
        with pytest.raises(WrongPassphrase):
            unlock.unlock(where, "nurse-1", PASS + "!", clock)
        unlock.unlock(where, "nurse-1", PASS, clock).close()
        assert len(events(store, "unlock.failed")) == 2
    wrong(where, clock, 10)
    with pytest.raises(AccountLocked):
        unlock.unlock(where, "nurse-1", PASS, clock)
    unlock.recover(where, made.recovery_code, "nurse-1", "new words in a row", clock).close()
    with unlock.unlock(where, "nurse-1", "new words in a row", clock) as store:
        assert events(store, "recovery.used") == [("recovery.used", "nurse-1")]
        assert len(events(store, "unlock.failed")) == 3


def test_all_who_could_unlock_are_locked_and_none_for_ever(where: paths.StorePaths) -> None:
    clock = Hand()
    made = unlock.set_up(where, "nurse-1", PASS, clock)
    key = keystore.unlock(where.keys, "nurse-1", PASS)
    keystore.set_passphrase(where.keys, "lead", key, PASS)
    made.store.staff.add("lead", ["lead", "admin"])
    made.store.close()
    for handle in ("nurse-1", "lead"):
        wrong(where, clock, 10, handle)
    for handle in ("nurse-1", "lead"):
        with pytest.raises(AccountLocked):
            unlock.unlock(where, handle, PASS, clock)
    unlock.recover(where, made.recovery_code, "lead", "new words in a row", clock).close()
    unlock.unlock(where, "lead", "new words in a row", clock).close()
    with pytest.raises(AccountLocked):
        unlock.unlock(where, "nurse-1", PASS, clock)
    clock.turn(3600)
    with unlock.unlock(where, "nurse-1", PASS, clock) as store:
        assert len(events(store, "unlock.failed")) == 2


def test_a_locked_staff_code_keeps_nobody_else_out(where: paths.StorePaths) -> None:
    clock = Hand()
    unlock.set_up(where, "nurse-1", PASS, clock).store.close()
    key = keystore.unlock(where.keys, "nurse-1", PASS)
    keystore.set_passphrase(where.keys, "nurse-2", key, PASS)
    wrong(where, clock, 10)
    unlock.unlock(where, "nurse-2", PASS, clock).close()


# First passphrases, bound accounts, old key files


def test_a_first_passphrase_opens_only_with_one_of_ones_own(where: paths.StorePaths) -> None:
    unlock.set_up(where, "lead", PASS).store.close()
    key = keystore.unlock(where.keys, "lead", PASS)
    keystore.add_user(where.keys, key, "nurse-1", "given by the lead")
    with pytest.raises(PassphraseMustChange):
        unlock.unlock(where, "nurse-1", "given by the lead")
    for refused in ("given by the lead", "short"):
        with pytest.raises(RefusedPassphrase):
            unlock.unlock(where, "nurse-1", "given by the lead", new_passphrase=refused)
    with pytest.raises(WrongPassphrase):
        unlock.unlock(where, "nurse-1", "guessed by another", new_passphrase=PASS)
    with unlock.unlock(where, "nurse-1", "given by the lead", new_passphrase=PASS) as store:
        assert store.handle == "nurse-1"
        assert events(store, "passphrase.changed") == [("passphrase.changed", "nurse-1")]
    unlock.unlock(where, "nurse-1", PASS).close()


def test_a_bound_staff_code_opens_for_its_own_user_of_the_computer(where: paths.StorePaths) -> None:
    unlock.set_up(where, "nurse-1", PASS).store.close()
    key = keystore.unlock(where.keys, "nurse-1", PASS)
    keystore.bind(where.keys, key, "nurse-1", "maija")
    with pytest.raises(WrongPassphrase):  # a stranger is not told that the code is bound
        unlock.unlock(where, "nurse-1", PASS + "!", os_user="pekka")
    with pytest.raises(OtherOsUser) as error:
        unlock.unlock(where, "nurse-1", PASS, os_user="pekka")
    assert "pekka" in str(error.value)
    assert "maija" not in str(error.value)
    unlock.unlock(where, "nurse-1", PASS, os_user="maija").close()
    keystore.bind(where.keys, key, "nurse-1", authentication.this_os_user())
    unlock.unlock(where, "nurse-1", PASS).close()


def test_the_user_of_the_computer_is_not_what_a_variable_claims(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if os.name != "posix":
        pytest.skip("users of Unix")
    for name in ("USER", "LOGNAME", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "claimed")
    assert authentication.this_os_user() != "claimed"


@pytest.fixture
def old(where: paths.StorePaths) -> paths.StorePaths:
    """A store with the key file of an older Porras."""
    create_store(where.database, KEY_1, "nurse-1").close()
    where.keys.write_bytes(VERSION_1.read_bytes())
    return where


def test_each_unlock_turns_one_slot_of_an_old_key_file(old: paths.StorePaths) -> None:
    unlock.unlock(old, "nurse-2", PASS_2).close()
    assert [user.old for user in keystore.users(old.keys)] == [True, False]
    unlock.unlock(old, "nurse-1", PASS_1).close()
    assert not any(user.old for user in keystore.users(old.keys))
    unlock.recover(old, CODE_1, "nurse-1", PASS_1).close()
    turned = old.keys.read_bytes()
    unlock.recover(old, CODE_1, "nurse-2", PASS_2).close()
    unlock.unlock(old, "nurse-1", PASS_1).close()
    assert turned != VERSION_1.read_bytes()


@pytest.mark.parametrize("error", [DiskFull, ReadOnlyStore, StoreBusy])
def test_an_old_slot_that_cannot_be_turned_now_opens_all_the_same(
    old: paths.StorePaths, error: type[StoreError], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise error(path="porras.keys")

    monkeypatch.setattr(keystore, "upgrade_slot", refuse)
    unlock.unlock(old, "nurse-1", PASS_1).close()
    assert keystore.users(old.keys)[0].old


# Places


def test_the_keys_and_the_training_store_lie_beside_the_database(tmp_path: Path) -> None:
    found = paths.find(tmp_path / "site.db")
    assert found == (tmp_path / "site.db", tmp_path / "site.keys", tmp_path / "training.db")


def test_the_usual_place_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.name != "posix" or sys.platform == "darwin":
        pytest.skip("the variables of the free desktops")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert paths.find().database == tmp_path / "data" / "porras" / "porras.db"


# Training


def test_the_training_store_has_six_invented_clients_once(where: paths.StorePaths) -> None:
    with open_training(where.training) as store:
        first = store.clients.list_recent()
        assert store.training
    with open_training(where.training) as store:
        assert store.clients.list_recent() == first
        told = store.audit_log.get_head()
        seed(store)
        assert store.audit_log.get_head() == told
        assert store.clients.find("treen-aam") is not None
    assert len(first) == 6
    assert len({client.code for client in first}) == 6
    assert where.get_state() == "nothing"


def test_invented_clients_never_get_among_real_ones(where: paths.StorePaths) -> None:
    with unlock.set_up(where, "nurse-1", PASS).store as store:
        with pytest.raises(ValueError, match="training"):
            seed(store)
        assert store.clients.list_recent() == []


# Health


def levels(where: paths.StorePaths) -> dict[str, str]:
    found = health.check(where)
    assert all("{" not in str(finding) for finding in found)
    return {finding.name: finding.level for finding in found if finding.level != "ok"}


def test_a_healthy_site_has_no_findings(where: paths.StorePaths) -> None:
    assert levels(where) == {}
    with unlock.set_up(where, "nurse-1", PASS).store as store:
        assert levels(where) == {}
        assert health.check_open(store.db).level == "ok"
    open_training(where.training).close()
    assert levels(where) == {}


def test_a_missing_reserve_and_a_damaged_page_are_told_without_a_passphrase(
    where: paths.StorePaths,
) -> None:
    unlock.set_up(where, "nurse-1", PASS).store.close()
    reserve.release(where.database)
    damage_mark.path_of(where.database).touch()
    assert levels(where) == {"ballast": "warning", "suspicion": "warning"}
    assert all(each.means and each.do for each in health.check(where) if each.level != "ok")


def test_a_check_changes_nothing(where: paths.StorePaths) -> None:
    health.check(where)
    assert not where.database.parent.exists()


def test_files_that_others_may_read_are_found(where: paths.StorePaths) -> None:
    if os.name != "posix":
        pytest.skip("rights of Unix")
    unlock.set_up(where, "nurse-1", PASS).store.close()
    where.database.parent.chmod(0o755)
    assert levels(where) == {"rights": "warning"}
    where.keys.chmod(0o640)
    assert levels(where) == {"rights": "fault"}


@pytest.mark.skipif(os.name != "posix", reason="disks of Unix")
def test_a_disk_that_takes_no_writes_is_told_as_one(
    where: paths.StorePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlock.set_up(where, "nurse-1", PASS).store.close()
    flags = os.statvfs_result([4096, 4096, 9, 9, 9, 9, 9, 9, os.ST_RDONLY, 255])
    monkeypatch.setattr(os, "statvfs", lambda path: flags)
    told = {each.name: each.error for each in health.check(where)}
    assert type(told["writing"]) is ReadOnlyDisk
    assert type(engine_errors.not_to_be_written(where.database)) is ReadOnlyDisk
    for errors in (engine_errors.translated, disk_errors.translated):
        with pytest.raises(ReadOnlyDisk), errors(where.keys):
            raise OSError(errno.EROFS, "read-only", str(where.keys))


@pytest.mark.parametrize("which", ["folder", "database", "keys", "head", "tries"])
def test_rights_that_keep_the_store_from_being_written_are_found(
    where: paths.StorePaths, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    unlock.set_up(where, "nurse-1", PASS).store.close()
    path = {
        "folder": where.database.parent,
        "database": where.database,
        "keys": where.keys,
        "head": where.database.with_name("porras.db.head"),
        "tries": where.keys.with_suffix(".tries"),
    }[which]
    path.touch(exist_ok=True)
    may = ownership._may
    monkeypatch.setattr(
        ownership,
        "_may",
        lambda place, rights: not (place == path and rights & os.W_OK) and may(place, rights),
    )
    assert levels(where) == {"writing": "fault"}
    (finding,) = (each for each in health.check(where) if each.name == "writing")
    assert isinstance(finding.error, NoAccess)


def test_lost_and_damaged_files_are_found(where: paths.StorePaths) -> None:
    unlock.set_up(where, "nurse-1", PASS).store.close()
    where.keys.write_bytes(b"{}")
    where.keys.chmod(0o600)
    assert levels(where) == {"keys": "fault"}
    where.keys.unlink()
    assert levels(where) == {"files": "fault"}
    where.training.write_bytes(b"junk" * 100)
    assert levels(where)["training"] == "fault"


def test_a_full_disk_and_a_network_drive_are_found(
    where: paths.StorePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drives, "free_bytes", lambda _: 100 << 20)
    assert levels(where) == {"room": "warning"}
    monkeypatch.setattr(drives, "free_bytes", lambda _: 0)
    assert levels(where) == {"room": "fault"}
    monkeypatch.setattr(drives, "network_drive", lambda _: "nfs4")
    monkeypatch.setattr(engine, "engine_version", lambda: "3.40.1")
    assert levels(where) == {"engine": "fault", "drive": "fault", "room": "fault"}


def test_damaged_pages_are_found(where: paths.StorePaths) -> None:
    store = unlock.set_up(where, "nurse-1", PASS).store
    for year in range(1950, 2000):
        store.clients.add(birth_year=year, language="fi")
    sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'clients'"
    page = store.db.execute(sql).fetchone()[0]
    store.close()
    content = bytearray(where.database.read_bytes())
    content[4096 * page - 2000] ^= 1
    where.database.write_bytes(content)
    with unlock.unlock(where, "nurse-1", PASS) as damaged:
        assert health.check_open(damaged.db).level == "fault"


def test_the_recovery_code_brings_back_nobody_who_was_put_out(where: paths.StorePaths) -> None:
    made = unlock.set_up(where, "lead", PASS)
    staff_accounts.add(where, made.store, "nurse-1", "a first passphrase", ["nurse"])
    staff_accounts.disable(where, made.store, "nurse-1")
    made.store.close()
    before = where.keys.read_bytes()
    with pytest.raises(AccountDisabled):
        unlock.recover(where, made.recovery_code, "nurse-1", PASS)
    assert where.keys.read_bytes() == before
    with unlock.recover(where, made.recovery_code, "lead", "new words in a row") as store:
        assert store.may("people"), "the administrator's way back"
