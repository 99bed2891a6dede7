"""Key files that are put back: if these fail, an old passphrase opens what it no longer should."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2 as driver

from store import paths
from store.audit import chain
from store.database import connections, migrations, transactions
from store.errors import (
    AccountDisabled,
    DiskFull,
    EarlierKeys,
    FailingDisk,
    ForeignFile,
    ForgedKeys,
    NotAllowed,
    OlderKeys,
    OtherOsUser,
    RefusedOsUser,
    RefusedText,
    StoreError,
    WrongPassphrase,
    WrongRecoveryCode,
)
from store.keys import keystore, known_key_file, rekey
from store.opening import key_file_check, staff_accounts, unlock
from store.opening.store_file import create_store
from store.repository import staff
from store.repository.store import Store
from store.session import announcements
from store.times import to_iso_utc, utc_now
from tests.store.test_keys import CODE_1, CODE_2, KEY_1, KEY_2, PASS_1, PASS_2, VERSION_1, VERSION_2

PASS, OTHER, NEW = "four words in a row", "nine brave otters", "new words for today"


class Site:
    """A store of a lead and a nurse, closed."""

    def __init__(self, folder: Path) -> None:
        self.where = paths.find(folder / "site" / "porras.db")
        made = unlock.set_up(self.where, "lead", PASS)
        with made.store as store:
            staff_accounts.add(self.where, store, "nurse-1", "a first passphrase", ["nurse"])
        self.code = made.recovery_code
        self.key = keystore.unlock(self.where.keys, "lead", PASS)
        unlock.unlock(self.where, "nurse-1", "a first passphrase", new_passphrase=OTHER).close()

    def open(self, handle: str = "lead", passphrase: str = PASS) -> Store:
        return unlock.unlock(self.where, handle, passphrase)

    def number(self) -> int:
        return keystore.read(self.where.keys).number

    def setting(self) -> str | None:
        db = connections.connect(
            self.where.database,
            self.key,
            migrations.schema(),
        )
        try:
            row = db.execute(
                "SELECT value FROM settings WHERE key = ?", (known_key_file.SETTING,)
            ).fetchone()
            return row and str(row[0])
        finally:
            db.close()

    @contextmanager
    def put_back(self) -> Iterator[None]:
        """What is done to the key file in the block is undone behind the database's back."""
        before = self.where.keys.read_bytes()
        yield
        self.where.keys.write_bytes(before)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def add(site: Site) -> None:
    with site.open() as store:
        staff_accounts.add(site.where, store, "nurse-2", "a first passphrase", ["nurse"])


def disable(site: Site) -> None:
    with site.open() as store:
        staff_accounts.disable(site.where, store, "nurse-1")


def give(site: Site) -> None:
    with site.open() as store:
        staff_accounts.give_passphrase(site.where, store, "nurse-1", "a first passphrase")


def bind(site: Site) -> None:
    with site.open() as store:
        staff_accounts.bind(site.where, store, "nurse-1", "maija")


def change(site: Site) -> None:
    with site.open() as store:
        staff_accounts.change_passphrase(site.where, store, PASS, NEW)
    unlock.unlock(site.where, "lead", NEW, new_passphrase=PASS).close()


def recover(site: Site) -> None:
    unlock.recover(site.where, site.code, "nurse-1", NEW).close()


@pytest.mark.parametrize("deed", [add, disable, give, bind, change, recover])
def test_a_key_file_from_before_any_change_does_not_open(
    site: Site, deed: Callable[[Site], None]
) -> None:
    known_before = site.setting()
    with site.put_back():
        deed(site)
    assert site.setting() != known_before
    held = site.where.keys.read_bytes()
    with pytest.raises(OlderKeys) as error, site.open():
        pass
    assert int(error.value.values["found"]) < int(error.value.values["known"])
    for word in ("recovery code", "accept-keys", "backup"):
        assert word in str(error.value)
    assert site.where.keys.read_bytes() == held


REFUSED: dict[str, tuple[type[StoreError], Callable[[Site, Store], object]]] = {
    "user with a control character": (
        RefusedOsUser,
        lambda site, store: staff_accounts.bind(site.where, store, "nurse-1", "mai\x1bja"),
    ),
    "user of no length": (
        RefusedOsUser,
        lambda site, store: staff_accounts.bind(site.where, store, "nurse-1", " "),
    ),
    "long user": (
        RefusedOsUser,
        lambda site, store: staff_accounts.bind(site.where, store, "nurse-1", "x" * 81),
    ),
    "new, with such a user": (
        RefusedOsUser,
        lambda site, store: staff_accounts.add(
            site.where, store, "nurse-2", "a first passphrase", ["nurse"], None, "a\nb"
        ),
    ),
    "new, with a unit": (
        RefusedText,
        lambda site, store: staff_accounts.add(
            site.where, store, "nurse-2", "a first passphrase", ["nurse"], "x" * 200
        ),
    ),
    "new, without a role": (
        RefusedText,
        lambda site, store: staff_accounts.add(
            site.where, store, "nurse-2", "a first passphrase", []
        ),
    ),
}
"""Deeds on key file and database that one of the two refuses."""


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_has_changed_neither_key_file_nor_people(site: Site, name: str) -> None:
    error, deed = REFUSED[name]
    held = site.where.keys.read_bytes()
    with site.open() as store:
        people, head = store.staff.list_all(), chain.head(store.db)
        with pytest.raises(error):
            deed(site, store)
        assert (store.staff.list_all(), chain.head(store.db)) == (people, head)
    assert site.where.keys.read_bytes() == held


def test_a_database_that_takes_no_entry_leaves_the_key_file_as_it_is(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A binding that the database refuses kept its owner out all the same."""

    def full(*_: object) -> None:
        raise DiskFull(path="porras.db")

    deeds: list[Callable[[Store], object]] = [
        lambda store: staff_accounts.bind(site.where, store, "nurse-1", "maija"),
        lambda store: staff_accounts.disable(site.where, store, "nurse-1"),
        lambda store: staff_accounts.enable(site.where, store, "nurse-1", "a first passphrase"),
    ]
    held = site.where.keys.read_bytes()
    with site.open() as store:
        monkeypatch.setattr(staff, "record_change", full)
        for deed in deeds:
            with pytest.raises(DiskFull):
                deed(store)
    assert site.where.keys.read_bytes() == held


@pytest.mark.parametrize(
    "name",
    ["SOTE\\mvirtanen", "Maija Virtanen", "mvirtanen$", "user+x", "mäija", "m.virtanen@hollola.fi"],
)
def test_names_that_operating_systems_give_are_bound(site: Site, name: str) -> None:
    with site.open() as store:
        staff_accounts.bind(site.where, store, "nurse-1", name)
    with pytest.raises(OtherOsUser), site.open("nurse-1", OTHER):
        pass
    unlock.unlock(site.where, "nurse-1", OTHER, os_user=name).close()


@pytest.mark.parametrize("ask", [key_file_check.check_key_file, key_file_check.accept_key_file])
def test_a_disk_that_fails_meanwhile_is_told_as_such(
    site: Site, ask: Callable[[Store, Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver's own error went up to the screens."""
    error = driver.OperationalError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR"
    with site.open() as store:
        execute = store.db.execute

        def failing(sql: str, *values: Any) -> object:
            if "settings" in sql:
                raise error
            return execute(sql, *values)

        monkeypatch.setattr(store.db, "execute", failing)
        with pytest.raises(FailingDisk):
            ask(store, site.where.keys)


def test_another_key_file_of_the_same_number_does_not_open(site: Site) -> None:
    key = keystore.unlock(site.where.keys, "lead", PASS)
    with site.put_back():
        give(site)
    keystore.add_user(site.where.keys, key, "puppet", "a first passphrase")
    with pytest.raises(OlderKeys) as error, site.open():
        pass
    assert error.value.values["found"] == error.value.values["known"]


def test_a_change_cut_short_between_the_two_files_is_healed(site: Site) -> None:
    key = keystore.unlock(site.where.keys, "lead", PASS)
    known_before = site.setting()
    keystore.set_passphrase(
        site.where.keys, "lead", key, NEW
    )  # and killed before the database knew
    assert site.setting() == known_before
    with site.put_back():
        site.open("lead", NEW).close()
        keystore.set_passphrase(site.where.keys, "lead", key, PASS)
        site.open("nurse-1", OTHER).close()
        assert str(site.setting()).startswith(f"{site.number()}:")
    with pytest.raises(OlderKeys), site.open("lead", NEW):
        pass


def test_a_forged_number_is_no_newer_file(site: Site) -> None:
    import hashlib

    body, signed, _ = site.where.keys.read_bytes().strip().rsplit(b"\n", 2)
    number = b'"number": %d' % site.number()
    assert number in body
    content = body.replace(number, b'"number": 99') + b"\n" + signed
    site.where.keys.write_bytes(
        content + b"\n" + hashlib.sha256(content).hexdigest().encode() + b"\n"
    )
    with pytest.raises(ForgedKeys), site.open():
        pass


def test_the_newer_file_put_back_opens_again(site: Site) -> None:
    with site.put_back():
        change(site)
        newer = site.where.keys.read_bytes()
    with pytest.raises(OlderKeys), site.open():
        pass
    site.where.keys.write_bytes(newer)
    site.open().close()


def told(site: Site) -> list[str]:
    with site.open("nurse-1", OTHER) as store:
        news = announcements.find_unseen(store)
        announcements.mark_seen(store, news)
        return [each.sentence.format(**each.values) for each in news.announcements]


def test_an_administrator_accepts_an_older_file_and_all_are_told(site: Site) -> None:
    with site.put_back():
        change(site)
        newer = site.where.keys.read_bytes()
    with pytest.raises(NotAllowed), unlock.unlock(site.where, "nurse-1", OTHER, older_keys=True):
        pass
    unlock.unlock(site.where, "lead", PASS, older_keys=True).close()
    assert told(site) == ["lead accepted an older key file: look for lost changes."]
    assert told(site) == []
    site.where.keys.write_bytes(newer)  # which is the older one now
    with pytest.raises(OlderKeys), site.open():
        pass


def test_nothing_is_told_where_there_was_nothing_to_accept(site: Site) -> None:
    site.open("nurse-1", OTHER).close()
    unlock.unlock(site.where, "lead", PASS, older_keys=True).close()
    assert told(site) == []


def test_the_recovery_code_opens_with_an_older_file_and_all_are_told(site: Site) -> None:
    with site.put_back():
        change(site)
    site_code_works = unlock.recover(site.where, site.code, "lead", NEW)
    site_code_works.close()
    assert told(site) == [
        "lead opened the store with the recovery code.",
        "lead accepted an older key file: look for lost changes.",
    ]
    with pytest.raises(WrongPassphrase), site.open():
        pass
    site.open("lead", NEW).close()


def test_who_has_left_stays_out_with_the_key_file_that_knew_them(site: Site) -> None:
    with site.put_back():
        disable(site)
    unlock.unlock(site.where, "lead", PASS, older_keys=True).close()
    with pytest.raises(AccountDisabled), site.open("nurse-1", OTHER):
        pass


def test_an_open_session_changes_no_older_file(site: Site) -> None:
    with site.open() as store:
        with site.put_back():
            staff_accounts.give_passphrase(site.where, store, "nurse-1", "a first passphrase")
        held = site.where.keys.read_bytes()
        with pytest.raises(OlderKeys):
            staff_accounts.add(site.where, store, "nurse-2", "a first passphrase", ["nurse"])
        with pytest.raises(OlderKeys):
            staff_accounts.change_passphrase(site.where, store, PASS, NEW)
    assert site.where.keys.read_bytes() == held


@pytest.mark.parametrize(
    ("file", "key", "code"), [(VERSION_1, KEY_1, CODE_1), (VERSION_2, KEY_2, CODE_2)]
)
def test_a_file_of_an_earlier_version_is_older_once_it_was_turned(
    tmp_path: Path, file: Path, key: bytes, code: str
) -> None:
    where = paths.find(tmp_path / "site" / "porras.db")
    create_store(where.database, key, "nurse-1").close()
    where.keys.write_bytes(file.read_bytes())
    unlock.unlock(where, "nurse-1", PASS_1).close()
    assert keystore.read(where.keys).version == 3
    unlock.unlock(where, "nurse-2", PASS_2, os_user="maija").close()
    where.keys.write_bytes(file.read_bytes())
    with pytest.raises(EarlierKeys) as error, unlock.unlock(where, "nurse-1", PASS_1):
        pass
    assert "number" not in str(error.value)
    assert where.keys.read_bytes() == file.read_bytes()
    unlock.recover(where, code, "nurse-1", NEW).close()
    assert keystore.read(where.keys).version == 3
    unlock.unlock(where, "nurse-1", NEW).close()


@pytest.mark.parametrize("step", ["both keys", "marked", "in place", "one key"])
def test_a_new_data_key_that_was_cut_short_opens_and_the_file_before_does_not(
    site: Site, step: str
) -> None:
    class Cut(BaseException):
        pass

    def stop(reached: str) -> None:
        if reached == step:
            raise Cut

    key = keystore.unlock(site.where.keys, "lead", PASS)
    before = site.where.keys.read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rekey, "_tidy", lambda *_: None)  # as if it were killed
        with pytest.raises(Cut):
            rekey.rekey(site.where, key, "lead", reached=stop)
    site.open().close()
    site.open("nurse-1", OTHER).close()
    site.key = keystore.unlock(site.where.keys, "lead", PASS)
    assert str(site.setting()).startswith(f"{site.number()}:")
    site.where.keys.write_bytes(before)
    with pytest.raises((OlderKeys, ForeignFile)), site.open():
        pass


def test_a_restored_database_is_told_of_the_key_file_beside_it(site: Site) -> None:
    old = site.where.keys.read_bytes()
    change(site)
    site.where.keys.write_bytes(old)  # as a restore that brings the backup's
    key = keystore.unlock(site.where.keys, "lead", PASS)
    newest = migrations.newest()
    db = connections.connect(site.where.database, key, migrations.schema(newest))
    with transactions.writing(db):
        known_key_file.adopt(db, site.where.keys, to_iso_utc(utc_now()), "lead")
        known_key_file.adopt(db, site.where.keys, to_iso_utc(utc_now()), "lead")
    assert chain.first_bad(db) is None
    db.close()
    site.open().close()
    site.open("nurse-1", OTHER).close()


def test_a_restore_opens_with_whichever_key_file_it_leaves(site: Site, tmp_path: Path) -> None:
    """The backup is of a branch in which the key file was changed to the same number."""
    from store.backup import backup, restore

    branch = site.where.keys.read_bytes()
    give(site)
    with site.open() as store:
        backup.backup(store, site.where, tmp_path / "shelf")
    site.where.keys.write_bytes(branch)
    unlock.unlock(site.where, "lead", PASS, older_keys=True).close()
    lower = site.where.keys.read_bytes()
    assert restore.restore(tmp_path / "shelf", site.where, site.key, "lead", force=True).keys_kept
    site.open("nurse-1", OTHER).close()
    site.where.keys.unlink()
    assert not restore.restore(
        tmp_path / "shelf", site.where, site.key, "lead", force=True
    ).keys_kept
    site.open().close()
    site.where.keys.write_bytes(lower)
    site.open("nurse-1", OTHER).close()


def test_a_recovery_code_that_was_ended_opens_no_older_file(site: Site) -> None:
    with site.put_back(), site.open() as store:
        code = staff_accounts.renew_recovery(site.where, store)
    assert code != site.code
    with pytest.raises(OlderKeys):
        unlock.recover(site.where, site.code, "lead", NEW)
    with pytest.raises(WrongRecoveryCode):
        unlock.recover(site.where, code, "lead", NEW)  # which this file does not hold
    unlock.unlock(site.where, "lead", PASS, older_keys=True).close()
    with pytest.raises(WrongRecoveryCode):  # everybody was told that it opens nothing any more
        unlock.recover(site.where, site.code, "lead", NEW)
    with site.open() as store:
        made = staff_accounts.renew_recovery(site.where, store)
    unlock.recover(site.where, made, "lead", NEW).close()


def test_an_older_file_that_lost_its_code_goes_on_as_any_other(site: Site) -> None:
    with site.put_back(), site.open() as store:
        staff_accounts.renew_recovery(site.where, store)
    held = site.where.keys.read_bytes()
    unlock.unlock(site.where, "lead", PASS, older_keys=True).close()
    assert not keystore.has_recovery(site.where.keys)
    rekey.rekey(site.where, keystore.unlock(site.where.keys, "lead", PASS), "lead")
    site.open("nurse-1", OTHER).close()
    site.key = keystore.unlock(site.where.keys, "lead", PASS)
    site.where.keys.write_bytes(held)
    with pytest.raises((OlderKeys, ForeignFile)):
        unlock.recover(site.where, site.code, "lead", NEW)


def test_an_opening_that_was_refused_tells_nobody_too_early(site: Site) -> None:
    site.open("nurse-1", OTHER).close()
    with site.open() as store:
        store.staff.set_roles("lead", ["admin"])
        store.staff.set_roles("lead", ["admin", "auditor"])
    with site.put_back():
        give_to_lead(site)
        newer = site.where.keys.read_bytes()
    for _ in range(2):
        with pytest.raises(OlderKeys), site.open("nurse-1", OTHER):
            pass
    site.where.keys.write_bytes(newer)
    refused = "nurse-1 met an older key file that was put back; it did not open."
    assert told(site) == [refused, refused, "lead took more roles for themselves: auditor."]
    assert told(site) == []


def give_to_lead(site: Site) -> None:
    with site.open() as store:
        staff_accounts.give_passphrase(site.where, store, "lead", "a first passphrase")
