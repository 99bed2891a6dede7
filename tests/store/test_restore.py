"""If these fail, a backup is a false comfort: it cannot be put back, or not the right one is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from store.audit import chain
from store.backup import admission, restore_plan
from store.backup.backup import backup, before_migration
from store.backup.drill import drill
from store.backup.manifest import file_digest, open_copy, read_manifest
from store.backup.restore import restore
from store.backup.restore_plan import finish
from store.database import connections, engine, migrations
from store.errors import (
    BackupChainBroken,
    BackupDamaged,
    BackupMissing,
    BackupOfAnother,
    BackupOlder,
    BackupsApart,
    FutureSchema,
    NotAllowed,
    PresentStoreClosed,
    StoreBusy,
    StoreError,
    WrongPassphrase,
)
from store.file_names import DATABASE, KEYS, MANIFEST
from store.keys import keystore
from store.opening.store_file import open_store
from store.paths import StorePaths, find
from store.repository import staff
from store.repository.store import Store
from tests.scripts import ROOT
from tests.store.conftest import TickingClock
from tests.store.tampered import without_guard
from tests.store.test_backup import (
    PASS,
    kill_everywhere,
    new_site,
    older,
    places,
    shelf,
    site,
)
from tests.store.test_old_pages import run_round
from tests.store.test_schema import of_version

__all__ = ["places", "shelf", "site"]

NEW_PASS = "five other words in a row"


def key_of(folder: Path) -> bytes:
    return keystore.unlock(folder / KEYS, "nurse-1", PASS)


def again(places: StorePaths) -> Store:
    return open_store(places.database, keystore.unlock(places.keys, "nurse-1", PASS), "nurse-1")


def pictures(folder: Path) -> dict[str, str]:
    """Digest of every file in a folder; the lock file comes and goes."""
    return {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.is_file() and path.suffix != ".lock"
    }


def test_what_was_lost_since_is_said_and_the_old_file_is_kept(
    site: Store, places: StorePaths, shelf: Path
) -> None:
    site.staff.add("lead-1", ["lead", "admin"])
    head = site.audit_log.get_head()
    made = backup(site, places, shelf).folder
    site.clients.add(birth_year=1999, language="fi")
    key = site.db.key
    assert key is not None
    lost = site.audit_log.get_head()[0] - head[0]
    site.close()
    before = pictures(places.database.parent)
    with pytest.raises(BackupOlder) as refused:
        restore(made, places, key, "nurse-1")
    assert refused.value.values == {"count": lost}
    assert pictures(places.database.parent) == before

    done = restore(made, places, key, "lead-1", force=True)
    assert done.keys_kept
    assert done.aside is not None
    assert sha256(done.aside.read_bytes()).hexdigest() == before["porras.db"]
    with again(places) as store:
        assert store.audit_log.find_bad_event() is None
        assert store.db.table("clients").count == 1
        row = next(store.db.query("SELECT * FROM audit WHERE event = 'store.restored'"))
        assert (row["seq"], row["actor"], row["subject"]) == (head[0] + 1, "lead-1", made.name)
        files = sha256(sha256(done.aside.read_bytes()).digest()).hexdigest()
        assert row["digest"] == files, "the event names what it replaced"


def test_entries_that_are_still_in_the_log_are_kept_with_the_old_file(
    site: Store, places: StorePaths, shelf: Path
) -> None:
    made = backup(site, places, shelf).folder
    key = key_of(made)
    script = (
        "import os, sys; from pathlib import Path\n"
        "from store.opening.store_file import open_store\n"
        f"store = open_store(Path(sys.argv[1]), bytes.fromhex('{key.hex()}'), 'nurse-1')\n"
        "store.clients.add(birth_year=1999, language='fi'); os._exit(0)"
    )
    site.close()
    subprocess.run([sys.executable, "-c", script, str(places.database)], cwd=ROOT, check=True)
    assert places.database.with_name("porras.db-wal").stat().st_size
    aside = restore(made, places, key, "nurse-1", force=True).aside
    assert aside is not None
    with again(places) as store:
        assert store.db.table("clients").count == 1
    with open_store(aside, key, "nurse-1") as old:
        assert old.db.table("clients").count == 2


def test_the_loss_of_the_computer_is_survived(site: Store, places: StorePaths, shelf: Path) -> None:
    answers = site.db.table("answers").count
    made = backup(site, places, shelf).folder
    site.close()
    shutil.rmtree(places.database.parent)
    done = restore(made, places, key_of(made), "nurse-1")
    assert (done.aside, done.keys_kept) == (None, False)
    with again(places) as store:
        assert store.audit_log.find_bad_event() is None
        assert store.db.table("answers").count == answers
    left = {path.name.removesuffix(".lock") for path in places.database.parent.iterdir()}
    assert left <= {"porras.db", "porras.keys", "porras.db.ballast", "porras.db.head"}


def test_a_safety_plan_comes_back_on_another_computer(
    site: Store, places: StorePaths, shelf: Path
) -> None:
    """With the plan before it, and with a point that was emptied since."""
    client = site.clients.add(birth_year=1980, language="fi")
    first = site.safety_plans.begin(client.id)
    site.safety_plans.write(first.id, "signs", "no sleep", before="")
    site.safety_plans.write(first.id, "own", "the walk", before="")
    second = site.safety_plans.begin(client.id)
    site.safety_plans.write(second.id, "own", "", before="the walk")
    told = site.safety_plans.list_of(client.id)
    assert [dict(plan.words) for plan in told] == [
        {"signs": "no sleep"},
        {"signs": "no sleep", "own": "the walk"},
    ]
    made = backup(site, places, shelf).folder
    site.close()
    shutil.rmtree(places.database.parent)
    restore(made, places, key_of(made), "nurse-1")
    with again(places) as store:
        assert store.safety_plans.list_of(client.id) == told
        assert store.audit_log.find_bad_event() is None


def test_a_changed_passphrase_stays_changed(site: Store, places: StorePaths, shelf: Path) -> None:
    made = backup(site, places, shelf).folder
    key = key_of(made)
    site.close()
    keystore.set_passphrase(places.keys, "nurse-1", key, NEW_PASS)
    assert restore(made, places, key, "nurse-1", force=True).keys_kept
    with pytest.raises(WrongPassphrase):
        keystore.unlock(places.keys, "nurse-1", PASS)
    open_store(
        places.database, keystore.unlock(places.keys, "nurse-1", NEW_PASS), "nurse-1"
    ).close()


def test_lost_keys_come_back(site: Store, places: StorePaths, shelf: Path) -> None:
    made = backup(site, places, shelf).folder
    site.close()
    places.keys.unlink()
    assert not restore(made, places, key_of(made), "nurse-1", force=True).keys_kept
    again(places).close()


@pytest.mark.skipif(sys.platform == "win32", reason="there an open file cannot be replaced anyway")
def test_nothing_is_replaced_under_a_program_that_is_running(
    site: Store, places: StorePaths, shelf: Path
) -> None:
    made = backup(site, places, shelf).folder
    key = key_of(made)
    site.close()
    script = (
        "import sys; from pathlib import Path; from store.opening.store_file import open_store\n"
        f"store = open_store(Path(sys.argv[1]), bytes.fromhex('{key.hex()}'), 'nurse-1')\n"
        "print('open', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", script, str(places.database)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None and other.stdin is not None
    assert other.stdout.readline() == "open\n"
    with pytest.raises(StoreBusy) as refused:
        restore(made, places, key, "nurse-1", force=True)
    if sys.platform == "linux":
        assert str(other.pid) in str(refused.value.values["who"])
    other.stdin.close()
    assert other.wait() == 0
    other.stdout.close()
    restore(made, places, key, "nurse-1", force=True)


TRY_THE_LOCK = """
import fcntl, sys
with open(sys.argv[1], "rb+") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB, 510, 0x40000002)
    except OSError:
        sys.exit(7)
"""


@pytest.mark.skipif(os.name != "posix", reason="locks of POSIX")
def test_nobody_is_let_in_until_the_store_has_been_replaced(
    site: Store, places: StorePaths, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backup(site, places, shelf).folder
    key = key_of(made)
    site.close()
    swap, met = restore_plan.swap, []

    def swapped(*args: Any) -> Path | None:
        tried = [sys.executable, "-c", TRY_THE_LOCK, str(places.database)]
        met.append(subprocess.run(tried, check=False).returncode)
        return swap(*args)

    monkeypatch.setattr(restore_plan, "swap", swapped)
    restore(made, places, key, "nurse-1", force=True)
    assert met == [7]


# What is refused


def spoil(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a flipped bit of the database": (lambda f: spoil(f / DATABASE, 5000), DATABASE),
    "a flipped bit of the keys": (lambda f: spoil(f / KEYS, 40), KEYS),
    "a cut database": (lambda f: (f / DATABASE).write_bytes(b""), DATABASE),
    "a missing database": (lambda f: (f / DATABASE).unlink(), DATABASE),
    "missing keys": (lambda f: (f / KEYS).unlink(), KEYS),
    "a torn manifest": (lambda f: (f / MANIFEST).write_text("{"), MANIFEST),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_backup_changes_nothing(
    site: Store, places: StorePaths, shelf: Path, damage: str
) -> None:
    made = backup(site, places, shelf).folder
    key = key_of(made)
    site.close()
    before = pictures(places.database.parent)
    spoil_it, blamed = DAMAGE[damage]
    spoil_it(made)
    with pytest.raises(BackupDamaged) as refused:
        restore(made, places, key, "nurse-1", force=True)
    assert refused.value.values == {"name": made.name, "file": blamed}
    assert pictures(places.database.parent) == before
    assert not [path for path in places.database.parent.iterdir() if path.is_dir()]


def test_a_manifest_that_was_made_to_fit_does_not_hide_another_database(
    site: Store, places: StorePaths, shelf: Path
) -> None:
    """Digests can be written anew; the events in the database cannot."""
    first = backup(site, places, shelf).folder
    site.clients.add(birth_year=1999, language="fi")
    second = backup(site, places, shelf).folder
    key = key_of(first)
    site.close()
    shutil.copy(first / DATABASE, second / DATABASE)
    manifest = read_manifest(second)
    files = {**manifest.files, DATABASE: file_digest(second / DATABASE)}
    forged = manifest.model_copy(update={"files": files})
    (second / MANIFEST).write_text(forged.model_dump_json())
    with pytest.raises(BackupDamaged):
        restore(second, places, key, "nurse-1", force=True)


def test_the_key_of_another_store_restores_nothing(
    site: Store, places: StorePaths, shelf: Path
) -> None:
    made = backup(site, places, shelf).folder
    site.close()
    before = pictures(places.database.parent)
    with pytest.raises(StoreError):
        restore(made, places, bytes(32), "nurse-1", force=True)
    assert pictures(places.database.parent) == before


def test_a_backup_from_the_future_or_nowhere_is_refused(
    site: Store, places: StorePaths, shelf: Path
) -> None:
    made = backup(site, places, shelf).folder
    key = key_of(made)
    site.close()
    newer = read_manifest(made).model_copy(update={"schema_version": migrations.newest() + 1})
    (made / MANIFEST).write_text(newer.model_dump_json())
    with pytest.raises(FutureSchema):
        restore(made, places, key, "nurse-1", force=True)
    with pytest.raises(BackupMissing):
        restore(shelf / "nowhere", places, key, "nurse-1", force=True)


def test_another_history_is_replaced_only_on_purpose(
    site: Store, places: StorePaths, shelf: Path, tmp_path: Path
) -> None:
    made = backup(site, places, shelf).folder
    other = find(tmp_path / "other" / "porras.db")
    new_site(other, TickingClock()).close()
    with pytest.raises(PresentStoreClosed):
        restore(made, other, key_of(made), "nurse-1", force=True)
    present = admission.open_present(other, "nurse-1", PASS)
    with pytest.raises(BackupOfAnother):
        restore(made, other, key_of(made), "nurse-1", present=present)
    done = restore(made, other, key_of(made), "nurse-1", force=True, present=present)
    assert not done.keys_kept
    with again(other) as store:
        assert store.db.table("clients").count == 1
    assert other.keys.with_name(other.keys.name + str(done.aside)[len(str(other.database)) :])


def test_a_damaged_store_is_replaced_on_purpose_and_never_changed(
    site: Store, places: StorePaths, shelf: Path
) -> None:
    made = backup(site, places, shelf).folder
    key = key_of(made)
    site.close()
    spoil(places.database, 100)
    content = places.database.read_bytes()
    with pytest.raises(BackupOfAnother):
        restore(made, places, key, "nurse-1")
    aside = restore(made, places, key, "nurse-1", force=True).aside
    assert aside is not None and aside.read_bytes() == content
    again(places).close()


def test_a_history_that_did_not_hold_is_restored_only_on_purpose(
    site: Store, places: StorePaths, shelf: Path
) -> None:
    without_guard(site, "answers_no_UPDATE", "UPDATE answers SET value = '0'")
    first_bad = site.audit_log.find_bad_event()
    made = backup(site, places, shelf).folder
    key = key_of(made)
    site.close()
    with pytest.raises(BackupChainBroken) as refused:
        restore(made, places, key, "nurse-1")
    assert refused.value.values == {"seq": first_bad}
    restore(made, places, key, "nurse-1", force=True)
    with again(places) as store:
        assert store.audit_log.find_bad_event() == first_bad
        assert run_round(store), "what somebody has accepted is not found anew each day"


def test_an_older_schema_is_restored_as_it_is(site: Store, places: StorePaths, shelf: Path) -> None:
    """Bringing it up to date is for the next opening, which backs it up first."""
    key = site.db.key
    assert key is not None
    site.close()
    db = older(places.database, key)
    head = chain.head(db)
    db.close()
    store = Store(older(places.database, key), "nurse-1", TickingClock(), training=False)
    store.worker_id = staff.find_worker(store, "nurse-1").id
    made = backup(store, places, shelf)
    store.close()
    assert (made.manifest.schema_version, made.manifest.head_seq) == (
        migrations.newest() - 1,
        head[0],
    )
    restore(made.folder, places, key, "nurse-1", force=True)
    db = older(places.database, key)
    assert chain.head(db)[0] == head[0] + 2, "the restore, and what it has set aside"
    db.close()


@pytest.mark.parametrize("number", [1, 2])
def test_a_store_of_an_older_version_is_kept_before_it_changes_and_can_come_back(
    places: StorePaths, number: int
) -> None:
    """The way back from a new version that turns out to be worse than the old one."""
    key = keystore.create(places.keys, "nurse-1", PASS).key
    db = old_file(places, number, key)
    made = before_migration(db)
    rows = {name: db.table(name).count for name in db.table_names()}
    db.close()
    assert made is not None
    assert read_manifest(made).schema_version == number
    open_store(places.database, key, "nurse-1").close()
    restore(made, places, key, "nurse-1", force=True)
    db = open_copy(places.database, key)
    assert db.execute("PRAGMA user_version").fetchone() == (number,)
    assert {name: db.table(name).count for name in db.table_names()} == {
        **rows,
        "audit": rows["audit"] + 2,
    }
    db.close()
    with open_store(places.database, key, "nurse-1") as store:
        assert store.audit_log.find_bad_event() is None


def old_file(places: StorePaths, number: int, key: bytes) -> engine.Database:
    beside = places.database.parent / "made"
    of_version(number, beside / places.database.name, key).rename(places.database)
    known = migrations.newest()
    return connections.connect(places.database, key, migrations.schema(known))


# Where a store was put back before


def test_what_was_set_aside_never_passes_for_what_was_recorded_since(
    site: Store, places: StorePaths, shelf: Path, clock: TickingClock
) -> None:
    old = backup(site, places, shelf.parent / "elsewhere").folder
    for year in range(1950, 1960):
        site.clients.add(birth_year=year, language="fi")
    more = backup(site, places, shelf).folder
    site.close()
    key = key_of(old)
    restore(old, places, key, "nurse-1", clock, force=True)
    with open_store(places.database, key, "nurse-1", clock) as store:
        store.clients.add(birth_year=1999, language="fi")
        later = backup(store, places, shelf).folder
    places.database.unlink()
    for deed in (restore, drill):
        with pytest.raises(BackupsApart) as refused:
            deed(shelf, places, key, "nurse-1", clock)
        names = f"{later.name}, {more.name}"
        assert refused.value.values == {"path": str(shelf), "count": 2, "names": names}
        assert [tip.set_aside is not None for tip in refused.value.tips] == [False, True]
        assert not places.database.exists()
    assert restore(later, places, key, "nurse-1", clock).manifest.rows["clients"] == 2
    with open_store(places.database, key, "nurse-1", clock) as store:
        for year in range(1950, 1960):
            store.clients.add(birth_year=year, language="fi")
        newer = backup(store, places, shelf).folder
    assert drill(shelf, places, key, "nurse-1", clock).backup == newer, "it is the last of all"


# The drill


def test_a_drill_reads_the_newest_backup_and_changes_nothing(
    site: Store, places: StorePaths, shelf: Path
) -> None:
    backup(site, places, shelf)
    site.clients.add(birth_year=1999, language="fi")
    second = backup(site, places, shelf).folder
    site.close()
    before = pictures(places.database.parent)
    tried = drill(shelf, places, key_of(second), "nurse-1")
    assert tried.backup == second
    assert tried.found.rows["clients"] == 2
    assert tried.found.first_bad is None
    assert tried.found.lineage.head[0] == tried.manifest.head_seq + 1, (
        "the restore itself is an event"
    )
    assert pictures(places.database.parent) == before
    assert not [path for path in places.database.parent.iterdir() if path.is_dir()]


def test_a_drill_finds_a_damaged_backup(site: Store, places: StorePaths, shelf: Path) -> None:
    made = backup(site, places, shelf).folder
    key = key_of(made)
    site.close()
    spoil(made / DATABASE, 9000)
    with pytest.raises(BackupDamaged):
        drill(shelf, places, key, "nurse-1")
    assert not [path for path in places.database.parent.iterdir() if path.is_dir()]


# Cut short


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
@pytest.mark.parametrize("same_keys", [True, False])
def test_a_restore_cut_short_anywhere_leaves_the_old_or_the_new(
    site: Store, places: StorePaths, tmp_path: Path, same_keys: bool
) -> None:
    backup(site, places, tmp_path / "backups")
    if not same_keys:
        site.close()
        shutil.rmtree(places.database.parent)
        site = new_site(places, TickingClock())
    for year in (1950, 1960, 1970, 1980, 1990)[: 4 if same_keys else 5]:
        site.clients.add(birth_year=year, language="fi")
    site.close()
    ready = tmp_path / "ready"
    ready.mkdir()
    shutil.move(tmp_path / "site", ready)
    shutil.move(tmp_path / "backups", ready)
    kill_everywhere("restore", ready, at_least=15)


def test_what_was_left_behind_goes_when_nobody_can_use_it(
    site: Store, places: StorePaths, shelf: Path
) -> None:
    made = backup(site, places, shelf).folder
    key = key_of(made)
    site.close()
    old, new = (places.database.with_name(f".restore-{name}00000") for name in ("old", "new"))
    for left in (old, new):
        left.mkdir()
        (left / DATABASE).write_bytes(b"half")
    os.utime(old, (0, 0))
    restore(made, places, key, "nurse-1", force=True)
    assert not old.exists()
    assert new.exists()


def test_nothing_is_finished_where_nothing_was_begun(site: Store, places: StorePaths) -> None:
    site.close()
    before = pictures(places.database.parent)
    assert not finish(places)
    assert pictures(places.database.parent) == before


def test_only_who_looks_after_the_store_puts_a_backup_in_its_place(
    site: Store, places: StorePaths, shelf: Path
) -> None:
    site.staff.add("nurse-2", ["nurse", "lead", "auditor"])
    made = backup(site, places, shelf).folder
    key = site.db.key
    assert key is not None
    site.close()
    before = pictures(places.database.parent)
    for handle in ("nurse-2", "nobody"):
        with pytest.raises(NotAllowed):
            restore(made, places, key, handle, force=True)
    assert pictures(places.database.parent) == before
