"""A new data key: whoever is cut short in it opens the store afterwards, and nothing is lost."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from store import paths
from store.audit import chain
from store.database import connections, migrations, transactions
from store.errors import (
    DamagedStore,
    ForeignFile,
    ForgedKeys,
    OldRecovery,
    OldSlots,
    RekeyUnfinished,
    StoreBusy,
    StoreError,
    StoreInUse,
    StoreMissing,
    WrongPassphrase,
)
from store.files import file_lock
from store.keys import keyslots, keystore, rekey
from store.opening import unlock
from store.opening.store_file import create_store, open_store
from tests.store.test_keys import CODE_1, KEY_1, PASS_1, PASS_2, VERSION_1, forge, parts, stranger

ROOT = Path(__file__).resolve().parents[2]
PASS, OTHER = "four words in a row", "nine brave otters"
STEPS = ("alone", "copied", "verified", "both keys", "marked", "in place", "one key")
"""The steps of a change, in order."""
DONE_FROM = STEPS.index("marked")
"""From this step on the change is finished and no longer undone."""


class Site(NamedTuple):
    """A store of two nurses with clients in it, closed."""

    where: paths.StorePaths
    key: bytes
    code: str
    clients: int
    events: int

    def whole(self) -> bytes:
        """Open the store as everybody may; return its data key."""
        for handle, passphrase in (("nurse-1", PASS), ("nurse-2", OTHER)):
            with unlock.unlock(self.where, handle, passphrase) as store:
                assert store.find_faults() == []
                assert store.audit_log.find_bad_event() is None
                assert store.db.table("clients").count == self.clients
                assert store.audit_log.get_head()[0] > self.events
                assert not rekey._marked(store.db)
        keystore.unlock_with_recovery(self.where.keys, self.code)
        folder = self.where.database.parent
        assert not [path for path in folder.iterdir() if "rekey" in path.name]
        assert len(keystore.read(self.where.keys).checks) == 1
        return keystore.unlock(self.where.keys, "nurse-1", PASS)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return make_site(tmp_path)


def make_site(folder: Path) -> Site:
    where = paths.find(folder / "site" / "porras.db")
    made = unlock.set_up(where, "nurse-1", PASS)
    with made.store as store:
        for year in range(1950, 1970):
            store.clients.add(birth_year=year, language="fi")
    key = keystore.unlock(where.keys, "nurse-1", PASS)
    keystore.set_passphrase(where.keys, "nurse-2", key, OTHER)
    with unlock.unlock(where, "nurse-1", PASS) as store:
        return Site(where, key, made.recovery_code, 20, store.audit_log.get_head()[0])


def changes(where: paths.StorePaths, handle: str = "nurse-1", passphrase: str = PASS) -> int:
    """How often the chain tells of a new data key."""
    with unlock.unlock(where, handle, passphrase) as store:
        rows = store.db.query("SELECT event, actor FROM audit")
        return sum(1 for row in rows if row == {"event": rekey.CHANGED, "actor": "nurse-1"})


def test_everybody_goes_on_with_the_new_key_and_nobody_with_the_old_one(site: Site) -> None:
    before = site.where.database.read_bytes()
    reached: list[str] = []
    new = rekey.rekey(site.where, site.key, "nurse-1", reached=reached.append)
    assert reached == list(STEPS)
    assert new != site.key
    assert site.whole() == new
    assert changes(site.where) == 1
    after = site.where.database.read_bytes()
    pages = {before[at : at + 4096] for at in range(0, len(before), 4096)}
    assert not pages & {after[at : at + 4096] for at in range(0, len(after), 4096)}
    with pytest.raises(ForeignFile):
        open_store(site.where.database, site.key, "nurse-1")
    with pytest.raises(WrongPassphrase):
        keystore.set_passphrase(site.where.keys, "nurse-2", site.key, "another long one")
    with unlock.recover(site.where, site.code, "nurse-1", "new words in a row") as store:
        assert store.db.table("clients").count == site.clients


def test_a_key_can_be_changed_again(site: Site) -> None:
    second = rekey.rekey(site.where, site.key, "nurse-1")
    third = rekey.rekey(site.where, second, "nurse-1")
    assert len({site.key, second, third}) == 3
    assert site.whole() == third
    assert changes(site.where) == 2


# Cut short

CUT = """
import os, sys
from pathlib import Path
from store.keys import keystore, rekey; from store.opening import unlock
from store import paths
where, what, passphrase, step = paths.find(Path(sys.argv[1])), *sys.argv[2:]
def stop(reached):
    if reached == step:
        os._exit(9)
opened = keystore.open_slot(where.keys, "nurse-1", passphrase)
if what == "rekey":
    rekey.rekey(where, opened.keys[0], "nurse-1", reached=stop)
else:
    rekey.finish_rekey(where, opened.keys, stop)
"""


def cut(site: Site, what: str, step: str) -> int:
    """Do it in a program of its own that ends like by kill -9 at a step; its exit status."""
    run = [sys.executable, "-c", CUT, str(site.where.database), what, PASS, step]
    return subprocess.run(run, cwd=ROOT, check=False, timeout=60).returncode


@pytest.mark.parametrize("step", STEPS)
def test_a_cut_at_any_step_leaves_a_store_that_opens(site: Site, step: str) -> None:
    assert cut(site, "rekey", step) == 9
    key = site.whole()
    done = STEPS.index(step) >= DONE_FROM
    assert (key != site.key) == done
    assert changes(site.where) == done
    new = rekey.rekey(site.where, key, "nurse-1")
    assert site.whole() == new
    assert changes(site.where) == done + 1


@pytest.mark.parametrize("first", ["both keys", "marked", "in place"])
@pytest.mark.parametrize("second", ["decided", "one key"])
def test_finishing_can_be_cut_short_too(site: Site, first: str, second: str) -> None:
    assert cut(site, "rekey", first) == 9
    expected = 0 if (first, second) == ("in place", "decided") else 9
    assert cut(site, "settle", second) == expected
    assert (site.whole() != site.key) == (STEPS.index(first) >= DONE_FROM)


TOUCHED = """
import os, sys
from pathlib import Path
from store.keys import keystore, rekey
from store import paths
import cryptography.hazmat.primitives.kdf.hkdf, cryptography.hazmat.primitives.hashes
where, left = paths.find(Path(sys.argv[1])), int(sys.argv[2])
folder = str(where.database.parent)
key = keystore.unlock(where.keys, "nurse-1", "four words in a row")
def watch(event, arguments):
    global left
    if event in {"open", "os.rename", "os.remove", "os.link"} and folder in str(arguments[0]):
        left -= 1
        if left == 0:
            os._exit(9)
sys.addaudithook(watch)
rekey.rekey(where, key, "nurse-1")
"""


@pytest.mark.parametrize("stride", [7, pytest.param(1, marks=pytest.mark.nightly)])
def test_a_cut_at_a_touch_of_the_folder_leaves_a_store_that_opens(
    tmp_path: Path, stride: int
) -> None:
    site = make_site(tmp_path)
    key, undone, done = site.key, 0, 0
    for touch in range(1, 200, stride):
        run = [sys.executable, "-c", TOUCHED, str(site.where.database), str(touch)]
        status = subprocess.run(run, cwd=ROOT, check=False, timeout=60).returncode
        if status == 0:
            break
        assert status == 9
        now = site.whole()
        undone, done = undone + (now == key), done + (now != key)
        key = now
    print(f"{undone} cuts left the old key and {done} the new one")
    assert undone >= 1
    assert done >= 1
    assert site.whole() != key


HALF_WRITTEN = """
import os, sys
from pathlib import Path
from store.database import connections, engine, transactions
connection = engine.dial(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), "rw")
connection.execute("PRAGMA journal_mode = DELETE").fetchall()
for setting in ("cache_size", "cache_spill"):
    connection.execute(f"PRAGMA {setting} = 2")
connection.execute("BEGIN IMMEDIATE")
connection.execute("CREATE TABLE half (page)")
for _ in range(1000):
    connection.execute("INSERT INTO half VALUES (randomblob(500))")
os._exit(9)
"""


def test_pages_that_were_half_written_are_taken_back_with_any_key(site: Site) -> None:
    database = site.where.database
    run = [sys.executable, "-c", HALF_WRITTEN, str(database), site.key.hex()]
    assert subprocess.run(run, cwd=ROOT, check=False, timeout=60).returncode == 9
    assert database.with_name(database.name + "-journal").stat().st_size > 0
    with pytest.raises(ForeignFile):
        open_store(database, bytes(range(32)), "nurse-1")
    assert site.whole() == site.key


KILLED = """
import sys
from pathlib import Path
from store.keys import keystore, rekey
from store import paths
where = paths.find(Path(sys.argv[1]))
key = keystore.unlock(where.keys, "nurse-1", "four words in a row")
print("ready", flush=True)
while True:
    key = rekey.rekey(where, key, "nurse-1")
"""


@pytest.mark.parametrize("kills", [6, pytest.param(200, marks=pytest.mark.nightly)])
def test_a_kill_at_any_moment_leaves_a_store_that_opens(site: Site, kills: int) -> None:
    moments = random.Random(7)
    for _ in range(kills):
        run = [sys.executable, "-c", KILLED, str(site.where.database)]
        with subprocess.Popen(run, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout is not None
            assert program.stdout.readline() == "ready\n"
            time.sleep(moments.uniform(0, 0.3))
            program.kill()
        site.whole()


def test_entries_go_on_after_a_cut_and_are_there_after_the_next_change(site: Site) -> None:
    assert cut(site, "rekey", "both keys") == 9
    with unlock.unlock(site.where, "nurse-2", OTHER) as store:
        client = store.clients.add(birth_year=1999, language="sv")
    rekey.rekey(site.where, site.key, "nurse-1")
    with unlock.unlock(site.where, "nurse-2", OTHER) as store:
        assert store.clients.get(client.id) == client


def test_a_copy_that_was_taken_away_costs_nothing(site: Site) -> None:
    assert cut(site, "rekey", "marked") == 9
    rekey.copy_of(site.where.database).unlink()
    assert site.whole() == site.key


def test_keys_are_not_changed_between_two_halves(site: Site) -> None:
    assert cut(site, "rekey", "marked") == 9
    before = site.where.keys.read_bytes()
    for action in (
        lambda: keystore.add_user(site.where.keys, site.key, "nurse-3", OTHER),
        lambda: rekey.rekey(site.where, site.key, "nurse-1"),
    ):
        with pytest.raises(RekeyUnfinished):
            action()
    assert site.where.keys.read_bytes() == before
    site.whole()


def test_a_database_that_was_moved_away_between_two_halves_is_not_set_up_anew(site: Site) -> None:
    assert cut(site, "rekey", "both keys") == 9
    aside = site.where.database.rename(site.where.database.with_name("aside"))
    for attempt in (unlock.unlock, unlock.finish_set_up):
        with pytest.raises(StoreMissing):
            attempt(site.where, "nurse-1", PASS)
    aside.rename(site.where.database)
    assert site.whole() == site.key


# Others

OTHER_PROGRAM = """
import sys
from pathlib import Path
from store.database import connections, engine, migrations, transactions
from store import paths
from store.keys import keystore; from store.opening import unlock
from store.errors import StoreError
where, what = paths.find(Path(sys.argv[1])), sys.argv[2]
dial = engine.dial
def waiting(path, key, mode):
    connection = dial(path, key, mode)
    if waiting.calls == int(what):
        print("opened", flush=True)
        sys.stdin.readline()
    waiting.calls += 1
    return connection
waiting.calls = 0
if what != "open":
    engine.dial = waiting
try:
    with unlock.unlock(where, "nurse-2", "nine brave otters") as store:
        if what == "open":
            print("opened", flush=True)
            sys.stdin.readline()
        print("stored", store.clients.add(birth_year=2001, language="sv").id)
except StoreError as error:
    print("refused", type(error).__name__)
"""


@contextmanager
def other_program(site: Site, what: str) -> Iterator[subprocess.Popen[str]]:
    """Another program that has got as far as to have the file open, and waits for a line."""
    run = [sys.executable, "-c", OTHER_PROGRAM, str(site.where.database), what]
    pipe = subprocess.PIPE
    with subprocess.Popen(run, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "opened\n"
        yield program


def test_a_store_that_others_have_open_is_not_touched(site: Site) -> None:
    with other_program(site, "open") as program:
        before = site.where.keys.read_bytes()
        with pytest.raises(StoreBusy) as error:
            rekey.rekey(site.where, site.key, "nurse-1")
        assert site.where.keys.read_bytes() == before
        assert not rekey.copy_of(site.where.database).exists()
        if Path("/proc/locks").exists():
            assert isinstance(error.value, StoreInUse)
            assert str(program.pid) in str(error.value)
        said, _ = program.communicate("\n")
        assert said.startswith("stored")
    rekey.rekey(site.where, site.key, "nurse-1")
    with unlock.unlock(site.where, "nurse-1", PASS) as store:
        assert store.db.table("clients").count == site.clients + 1


@pytest.mark.parametrize("connection", ["0", "1"])
def test_a_program_that_had_the_old_file_in_hand_writes_into_the_new_one(
    site: Site, connection: str
) -> None:
    with other_program(site, connection) as late:
        new = rekey.rekey(site.where, site.key, "nurse-1")
        said, _ = late.communicate("\n")
    word, client = said.split()
    assert word == "stored"
    with unlock.unlock(site.where, "nurse-1", PASS) as store:
        assert client in [each.id for each in store.clients.list_recent()]
    assert site._replace(clients=site.clients + 1).whole() == new


def test_a_marked_file_takes_no_entry_from_a_program_that_was_late(site: Site) -> None:
    assert cut(site, "rekey", "marked") == 9
    with pytest.raises(StoreError):
        open_store(site.where.database, site.key, "nurse-1")
    assert site.whole() != site.key


def test_who_comes_meanwhile_waits_for_the_turn(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_lock, "WAIT_S", 0.1)
    assert cut(site, "rekey", "both keys") == 9
    held = keystore.open_slot(site.where.keys, "nurse-1", PASS).keys
    assert len(held) == 2
    with file_lock.alone(site.where.keys), pytest.raises(StoreBusy):
        rekey.finish_rekey(site.where, held)
    assert rekey.finish_rekey(site.where, held) == site.key
    assert rekey.finish_rekey(site.where, held) == site.key  # found settled by another program


# Refused


def test_a_slot_that_cannot_take_a_new_key_is_named(tmp_path: Path) -> None:
    where = paths.find(tmp_path / "old" / "porras.db")
    create_store(where.database, KEY_1, "nurse-1").close()
    where.keys.write_bytes(VERSION_1.read_bytes())
    before = where.database.read_bytes()
    with pytest.raises(OldSlots) as error:
        rekey.rekey(where, KEY_1, "nurse-1")
    assert error.value.values == {"handles": "nurse-1, nurse-2"}
    unlock.unlock(where, "nurse-1", PASS_1).close()
    with pytest.raises(OldSlots) as error:
        rekey.rekey(where, KEY_1, "nurse-1")
    assert error.value.values == {"handles": "nurse-2"}
    keystore.remove_user(where.keys, KEY_1, "nurse-2", {"nurse-1"})
    with pytest.raises(OldRecovery):
        rekey.rekey(where, KEY_1, "nurse-1")
    assert keyslots.digest(KEY_1) == keystore.read(where.keys).checks[0]
    assert len(before) <= where.database.stat().st_size
    code = keystore.renew_recovery(where.keys, KEY_1)
    new = rekey.rekey(where, KEY_1, "nurse-1")
    assert keystore.unlock_with_recovery(where.keys, code) == new
    assert changes(where, "nurse-1", PASS_1) == 1


def test_an_old_recovery_code_is_turned_when_it_is_used(tmp_path: Path) -> None:
    where = paths.find(tmp_path / "old" / "porras.db")
    create_store(where.database, KEY_1, "nurse-1").close()
    where.keys.write_bytes(VERSION_1.read_bytes())
    unlock.recover(where, CODE_1, "nurse-1", "new words in a row").close()
    unlock.unlock(where, "nurse-2", PASS_2).close()
    new = rekey.rekey(where, KEY_1, "nurse-1")
    assert keystore.unlock_with_recovery(where.keys, CODE_1) == new


def test_a_new_key_never_reaches_a_stranger(site: Site) -> None:
    body, signed = parts(site.where.keys)
    stranger(body, 2)
    forge(site.where.keys, body, signed)
    before = site.where.keys.read_bytes(), site.where.database.read_bytes()
    with pytest.raises(ForgedKeys):
        rekey.rekey(site.where, site.key, "nurse-1")
    assert (site.where.keys.read_bytes(), site.where.database.read_bytes()) == before


def test_only_the_key_of_this_store_changes_it(site: Site) -> None:
    with pytest.raises(WrongPassphrase):
        rekey.rekey(site.where, bytes(32), "nurse-1")
    assert site.whole() == site.key


def test_a_damaged_store_is_not_copied_into_a_new_one(site: Site) -> None:
    content = bytearray(site.where.database.read_bytes())
    content[-5000] ^= 1
    site.where.database.write_bytes(content)
    before = site.where.keys.read_bytes()
    with pytest.raises(DamagedStore):
        rekey.rekey(site.where, site.key, "nurse-1")
    assert site.where.keys.read_bytes() == before
    assert not rekey.copy_of(site.where.database).exists()


def test_a_chain_that_does_not_hold_is_not_carried_on(site: Site) -> None:
    database = connections.connect(site.where.database, site.key, migrations.schema())
    with transactions.writing(database):
        triggers = [
            row[0]
            for row in database.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'clients'"
            ).fetchall()
        ]
        for name in triggers:
            database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE clients SET birth_year = 1900")
    assert chain.first_bad(database) is not None
    database.close()
    with pytest.raises(DamagedStore):
        rekey.rekey(site.where, site.key, "nurse-1")
    assert keystore.unlock(site.where.keys, "nurse-1", PASS) == site.key


FULL = """
import resource, signal, sys
from pathlib import Path
from store.keys import keystore, rekey
from store import paths
from store.errors import DiskFull
where = paths.find(Path(sys.argv[1]))
key = keystore.unlock(where.keys, "nurse-1", "four words in a row")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
size = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
try:
    rekey.rekey(where, key, "nurse-1")
except DiskFull:
    sys.exit(7)
"""


@pytest.mark.parametrize("kib", [64, 128])
def test_a_full_disk_leaves_the_old_key(site: Site, kib: int) -> None:
    if os.name != "posix":
        pytest.skip("limits of Unix")
    run = [sys.executable, "-c", FULL, str(site.where.database), str(kib << 10)]
    assert subprocess.run(run, cwd=ROOT, check=False, timeout=60).returncode == 7
    assert site.whole() == site.key
