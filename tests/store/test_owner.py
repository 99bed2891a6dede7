"""If these fail, one command of root's keeps everybody else out of the store."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from store import file_names
from store.backup.backup import backup, usual
from store.backup.inventory import find_newest
from store.backup.restore import restore
from store.backup.restore_plan import alone, finish
from store.database import reserve
from store.errors import DamagedStore, NoAccess, StoreError, WrongPassphrase
from store.files import ownership
from store.keys import keyslots, keystore, rekey
from store.maintenance import health, salvage
from store.opening import staff_accounts, unlock
from store.opening.store_file import open_store
from store.paths import StorePaths, find
from store.times import utc_now
from tests.store.test_backup import PASS

NURSE, OTHER = 4711, 4712
"""Users of the computer who need no name there."""

pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be other users"
)


@pytest.fixture(autouse=True)
def light_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases are meant to be slow; what is tried here is whose the files are."""

    def derive(slot: Any, secret: str) -> bytes:
        return hashlib.sha256(slot.salt + secret.encode()).digest()

    monkeypatch.setattr(keyslots, "_derive", derive)


@pytest.fixture
def home() -> Iterator[Path]:
    """A nurse's own folder, in a place that every user can reach."""
    with tempfile.TemporaryDirectory(prefix="porras-test-") as name:
        Path(name).chmod(0o755)
        folder = Path(name) / "site"
        folder.mkdir(mode=0o700)
        os.chown(folder, NURSE, NURSE)
        yield folder


def as_user(uid: int, act: Callable[[], Any]) -> str:
    """Do something in another process as another user; what it returns or raises, as text."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)
            told = str(act())
        except StoreError as error:
            told = f"{type(error).__name__}: {error}"
        except BaseException as error:
            told = f"{type(error).__name__} {error!r}"
        os.write(writing, told.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told_by:
        text = told_by.read()
    os.waitpid(child, 0)
    return text


def opened(places: StorePaths, handle: str = "nurse-1", passphrase: str = PASS) -> str:
    with unlock.unlock(places, handle, passphrase) as store:
        client = store.clients.add(birth_year=1980, language="fi")
        return f"wrote {client.code[:0]}as {store.handle}"


@pytest.fixture
def places(home: Path) -> StorePaths:
    """The nurse's store, set up by the nurse."""
    there = find(home / "porras.db")

    def set_up() -> str:
        unlock.set_up(there, "nurse-1", PASS).store.close()
        return "made"

    assert as_user(NURSE, set_up) == "made"
    return there


def owners(folder: Path) -> dict[str, tuple[int, int]]:
    """Who owns each file and folder that is not the nurse's."""
    found = {str(path.relative_to(folder)): path.stat() for path in folder.rglob("*")}
    return {
        name: (told.st_uid, told.st_gid)
        for name, told in found.items()
        if (told.st_uid, told.st_gid) != (NURSE, NURSE)
    }


def add_user(places: StorePaths) -> None:
    with unlock.unlock(places, "nurse-1", PASS) as store:
        staff_accounts.add(places, store, "nurse-2", "six words in a longer row", ["nurse"])


def mistype(places: StorePaths) -> None:
    places.keys.with_suffix(".tries").unlink()
    with pytest.raises(WrongPassphrase):
        unlock.unlock(places, "nurse-1", "not the passphrase")


def change_key(places: StorePaths) -> None:
    rekey.rekey(places, keystore.unlock(places.keys, "nurse-1", PASS), "nurse-1")


def back_up(places: StorePaths) -> None:
    with unlock.unlock(places, "nurse-1", PASS) as store:
        backup(store, places, usual(places))


def put_back(places: StorePaths) -> None:
    back_up(places)
    key = keystore.unlock(places.keys, "nurse-1", PASS)
    restore(find_newest(usual(places)), places, key, "nurse-1", force=True)


def put_back_without_keys(places: StorePaths) -> None:
    back_up(places)
    key = keystore.unlock(places.keys, "nurse-1", PASS)
    places.keys.unlink()
    restore(find_newest(usual(places)), places, key, "nurse-1", force=True)


def lay_reserve_aside(places: StorePaths) -> None:
    reserve.path_of(places.database).unlink()
    assert reserve.keep(places.database)


def suspect(places: StorePaths) -> None:
    with unlock.unlock(places, "nurse-1", PASS) as store:
        store.db.condemn(DamagedStore(path="p.db"))


def save_what_can_be_read(places: StorePaths) -> None:
    key = keystore.unlock(places.keys, "nurse-1", PASS)
    salvage.salvage_store(places, key, places.database.parent / "saved" / "porras.db", "nurse-1")


def practise(places: StorePaths) -> None:
    from store.training.opening import open_training

    open_training(places.training, utc_now).close()


@pytest.mark.parametrize(
    "act",
    [
        add_user,
        mistype,
        change_key,
        back_up,
        put_back,
        put_back_without_keys,
        lay_reserve_aside,
        suspect,
        save_what_can_be_read,
        practise,
    ],
)
def test_whatever_root_does_the_nurse_still_gets_in(
    places: StorePaths, act: Callable[[StorePaths], None]
) -> None:
    act(places)
    assert owners(places.database.parent) == {}
    assert as_user(NURSE, lambda: opened(places)) == "wrote as nurse-1"


def test_while_root_has_the_store_open_the_nurse_can_work(places: StorePaths) -> None:
    with unlock.unlock(places, "nurse-1", PASS) as store:
        store.clients.add(birth_year=1970, language="fi")
        assert owners(places.database.parent) == {}, "the log and its index, too"
        assert as_user(NURSE, lambda: opened(places)) == "wrote as nurse-1"


def test_a_restore_that_root_did_not_end_is_ended_by_the_nurse(
    places: StorePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(places)
    key = keystore.unlock(places.keys, "nurse-1", PASS)
    with monkeypatch.context() as patched:

        def cut(*_: object) -> None:
            raise KeyboardInterrupt

        patched.setattr("store.backup.restore_plan._carry_out", cut)
        with pytest.raises(KeyboardInterrupt):
            restore(find_newest(usual(places)), places, key, "nurse-1", force=True)
    assert owners(places.database.parent) == {}
    assert as_user(NURSE, lambda: finish(places)) == "True"
    assert as_user(NURSE, lambda: opened(places)) == "wrote as nurse-1"


def test_a_store_that_may_not_be_written_is_not_told_to_be_in_use(places: StorePaths) -> None:
    def restored() -> None:
        with alone(places):
            pass

    assert as_user(NURSE, restored) == "None"
    places.database.chmod(0o400)
    assert as_user(NURSE, restored).startswith("PermissionError")


def test_a_file_that_is_replaced_keeps_its_mode(places: StorePaths) -> None:
    places.keys.chmod(0o640)
    places.database.chmod(0o640)
    put_back_without_keys(places)
    change_key(places)
    assert stat.S_IMODE(places.database.stat().st_mode) == 0o640
    add_user(places)
    assert stat.S_IMODE(places.keys.stat().st_mode) == 0o600  # a new one, when it was lost
    places.keys.chmod(0o640)
    change_key(places)
    assert stat.S_IMODE(places.keys.stat().st_mode) == 0o640


def test_a_user_who_cannot_keep_the_owner_is_refused_before_anything_is_written(
    places: StorePaths,
) -> None:
    folder = places.database.parent
    folder.chmod(0o777)
    for path in folder.iterdir():
        path.chmod(0o666)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    told = as_user(OTHER, lambda: opened(places))
    assert told.startswith("NoAccess:")
    assert f"sudo -u {NURSE} porras" in told
    assert "restore" not in told
    key = keystore.unlock(places.keys, "nurse-1", PASS)
    told = as_user(OTHER, lambda: open_store(places.database, key, "nurse-1"))
    assert told.startswith("NoAccess:")
    told = as_user(OTHER, lambda: keystore.set_passphrase(places.keys, "nurse-1", key, PASS + "!"))
    assert told.startswith("NoAccess:")
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".lock"}
    assert after == {name: held for name, held in before.items() if not name.endswith(".lock")}


def test_root_that_may_give_nothing_away_is_refused(
    places: StorePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    key = keystore.unlock(places.keys, "nurse-1", PASS)
    before = places.keys.read_bytes()
    monkeypatch.setattr(os, "chown", refuse)
    with pytest.raises(NoAccess):
        keystore.set_passphrase(places.keys, "nurse-1", key, PASS + "!")
    assert places.keys.read_bytes() == before
    assert not list(places.keys.parent.glob(f"{file_names.UNFINISHED}*"))


def test_files_that_root_took_are_named_and_no_restore_is_advised(places: StorePaths) -> None:
    os.chown(places.keys, 0, 0)
    told = as_user(NURSE, lambda: opened(places))
    assert told.startswith("Estranged:")
    assert "belongs to root" in told
    assert f"chown {NURSE} '{places.keys}'" in told
    assert "The file" not in told, "it may be a folder"
    assert "restore" not in told
    assert "damaged" not in told
    found = {finding.name: finding for finding in health.check(places) if finding.level == "fault"}
    assert set(found) == {"owners"}
    assert "porras.keys" in str(found["owners"])
    advice = found["owners"].do.format(**found["owners"].values)
    assert f"chown {NURSE} '{places.keys}'" in advice


def test_a_database_that_root_took_makes_no_stranger_of_the_rest(places: StorePaths) -> None:
    os.chown(places.database, 0, 0)
    (found,) = (each for each in health.check(places) if each.name == "owners")
    assert found.level == "fault"
    assert found.values["path"] == str(places.database)
    assert f"chown {NURSE}" in found.do.format(**found.values)


def test_counts_and_reserve_that_root_took_are_the_nurses_again(places: StorePaths) -> None:
    taken = (places.keys.with_suffix(".tries"), reserve.path_of(places.database))
    for path in taken:
        os.chown(path, 0, 0)
    assert set(owners(places.database.parent)) == {path.name for path in taken}

    def err() -> str:
        with pytest.raises(WrongPassphrase):
            unlock.unlock(places, "nurse-1", "not the passphrase")
        reserve.path_of(places.database).unlink()
        return opened(places)

    assert as_user(NURSE, err) == "wrote as nurse-1"
    assert owners(places.database.parent) == {}


def test_a_group_that_may_use_a_file_is_not_lost(places: StorePaths) -> None:
    key = keystore.unlock(places.keys, "nurse-1", PASS)
    os.chown(places.keys, NURSE, OTHER)

    def change() -> None:
        keystore.set_passphrase(places.keys, "nurse-1", key, PASS + "!")

    places.keys.chmod(0o660)
    before = places.keys.read_bytes()
    assert as_user(NURSE, change).startswith("GroupNotKept:")
    assert places.keys.read_bytes() == before
    places.keys.chmod(0o600)
    assert as_user(NURSE, change) == "None"


def test_a_stranger_is_told_whom_to_be_and_not_that_something_is_damaged(
    places: StorePaths,
) -> None:
    def looked() -> str:
        unlock.detect_state(places)
        return "looked"

    def examined() -> str:
        return " ".join(f"{f}{f.do}" for f in health.check(places) if f.level == "fault")

    assert as_user(OTHER, looked).startswith("NoAccess:")
    told = as_user(OTHER, examined)
    assert f"belongs to {NURSE}" in told
    assert "restore" not in told
    assert "damaged" not in told


def test_an_owner_without_rights_gets_them_back(places: StorePaths) -> None:
    places.keys.chmod(0)
    told = as_user(NURSE, lambda: opened(places))
    assert told.startswith("NoRights:")
    assert "chmod u+rw" in told
    places.keys.chmod(0o600)
    places.database.chmod(0)
    assert as_user(NURSE, lambda: opened(places)).startswith("NoRights:")
    places.database.chmod(0o400)
    assert as_user(NURSE, lambda: opened(places)).startswith("NoRights:")


def test_a_backup_that_may_not_be_read_is_not_called_damaged(places: StorePaths) -> None:
    back_up(places)
    found = find_newest(usual(places))
    key = keystore.unlock(places.keys, "nurse-1", PASS)
    for path in (found / "manifest.json", found / "porras.db"):
        os.chown(path, 0, 0)
        told = as_user(NURSE, lambda: restore(found, places, key, "nurse-1"))
        assert told.startswith("Estranged:"), told
        assert path.name in told
        os.chown(path, NURSE, NURSE)


def test_a_note_of_another_user_is_not_replaced(home: Path) -> None:
    from screens.export.files import write_file
    from screens.note.kinds import NOTE
    from store.output import Guarded, Unwritten

    path, guarded = home / "note.txt", Guarded(home / "store" / "porras.db")
    older = "Assessment of care needs 2026-11-20 (nurse-1)"
    path.write_text(older)
    path.chmod(0o644)
    os.chown(path, OTHER, OTHER)

    def replace() -> str:
        try:
            write_file(path, "new", guarded, NOTE, replace=True)
        except Unwritten as error:
            return error.sentence
        return "written"

    assert "another user" in as_user(NURSE, replace)
    assert path.read_text() == older
    assert [path.name for path in home.iterdir()] == ["note.txt"]
    write_file(path, "new", guarded, NOTE, replace=True)
    told = path.stat()
    assert (told.st_uid, told.st_gid, stat.S_IMODE(told.st_mode)) == (OTHER, OTHER, 0o600)


@pytest.mark.parametrize(
    ("mode", "above", "told"),
    [
        (0o700, 0o755, None),
        (0o755, 0o755, None),
        (0o777, 0o755, "store"),
        (0o1777, 0o755, "store"),
        (0o770, 0o755, "store"),
        (0o700, 0o777, "home"),
        (0o700, 0o775, "home"),
        (0o700, 0o1777, None),
    ],
)
def test_a_folder_that_others_may_write_to_is_found(
    home: Path, mode: int, above: int, told: str | None
) -> None:
    (folder := home / "store").mkdir()
    os.chown(folder, NURSE, OTHER)
    os.chown(home, NURSE, OTHER)
    folder.chmod(mode)
    home.chmod(above)
    expected = {None: None, "store": folder, "home": home}[told]
    assert ownership.open_to_others(folder) == expected
    if mode != 0o1777:  # there a folder of its own is safe
        assert ownership.open_to_others(folder / "not yet made") == expected


def test_a_group_of_ones_own_is_nobody_else(home: Path) -> None:
    os.chown(home, NURSE, NURSE)
    home.chmod(0o775)
    assert ownership.open_to_others(home) is None
