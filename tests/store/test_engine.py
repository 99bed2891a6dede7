"""The engine: what it refuses, how it waits, and that a fault never becomes a lost answer."""

from __future__ import annotations

import os
import random
import stat
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from string import Formatter

import pytest
from sqlcipher3 import dbapi2 as driver

from store.database import connections, engine, migrations, transactions, wal_check
from store.errors import (
    AffectedEngine,
    DamagedStore,
    ForeignFile,
    FutureSchema,
    NetworkFileSystem,
    StoreBusy,
    StoreError,
    StoreExists,
    StoreFault,
    StoreMissing,
)
from store.files import drives
from store.opening.store_file import create_store, open_store
from store.records import Assessment
from store.repository.store import Store

ROOT = Path(__file__).resolve().parents[2]


def snapshot(folder: Path) -> dict[str, str]:
    """Digest of every file of a folder."""
    return {p.name: sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ("3.6.23", False),
        ("3.7.0", True),
        ("3.40.1", True),
        ("3.44.5", True),
        ("3.44.6", False),
        ("3.44.7", False),
        ("3.45.0", True),
        ("3.50.6", True),
        ("3.50.7", False),
        ("3.51.0", True),
        ("3.51.2", True),
        ("3.51.3", False),
        ("3.53.4", False),
        ("4.0.0", False),
    ],
)
def test_versions_that_lose_commits_are_known(version: str, affected: bool) -> None:
    assert engine.affected_by_wal_reset(version) is affected


def test_the_engine_that_is_linked_is_a_good_one() -> None:
    assert not engine.affected_by_wal_reset(engine.engine_version())


def test_an_affected_engine_opens_nothing(
    path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "sqlite_version", "3.51.2")
    with pytest.raises(AffectedEngine):
        create_store(path, key, "nurse-1")
    assert not path.exists()


def test_the_safeguards_are_on(store: Store) -> None:
    wanted = {
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "secure_delete": 1,
        "temp_store": 2,
        "synchronous": 2,
        "journal_mode": "wal",
        "busy_timeout": 10_000,
        "recursive_triggers": 1,
        "application_id": migrations.STORE_ID,
        "user_version": migrations.newest(),
    }
    found = {name: store.db.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}
    assert found == wanted


def test_files_are_for_their_owner_alone(store: Store, path: Path, assessment: Assessment) -> None:
    store.answers.record(assessment.id, {"q": 1})
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in path.parent.iterdir()}
    ends = ("", "-wal", "-shm", ".ballast", ".head")
    assert modes == {f"porras.db{end}": 0o600 for end in ends}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_nothing_on_the_disk_can_be_read_without_the_key(
    store: Store, path: Path, assessment: Assessment
) -> None:
    store.answers.record(assessment.id, {"phq9.1": "findable words"})
    client = store.clients.list_recent()[0]
    for _ in range(2):
        content = b"".join(p.read_bytes() for p in path.parent.iterdir())
        for text in ("findable words", client.code, "nurse-1", "rules.toml", "SQLite format"):
            assert text.encode() not in content
        store.close()


def test_a_transaction_takes_the_write_lock_at_once(
    store: Store, path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    with open_store(path, key, "nurse-1") as other:
        with store.db.atomic(), pytest.raises(StoreBusy):
            other.settings.set("a", "1")
        other.settings.set("a", "2")
        assert store.settings.get("a") == "2"


def test_readers_go_on_while_someone_writes(
    store: Store, path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    store.settings.set("a", "1")
    with open_store(path, key, "nurse-1") as other, store.db.atomic():
        assert other.settings.get("a") == "1"


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), transactions.writing(store.db):
        store.db.execute("INSERT INTO settings VALUES ('a', '1')")
        raise RuntimeError
    assert store.settings.get("a") is None
    store.settings.set("a", "2")
    assert store.settings.get("a") == "2"


def test_an_inner_failure_undoes_only_the_inner_block(store: Store) -> None:
    with transactions.writing(store.db):
        store.db.execute("INSERT INTO settings VALUES ('outer', '1')")
        with pytest.raises(RuntimeError), store.db.atomic():
            store.db.execute("INSERT INTO settings VALUES ('inner', '1')")
            raise RuntimeError
    assert (store.settings.get("outer"), store.settings.get("inner")) == ("1", None)


def test_an_unexpected_engine_error_tells_its_code_and_no_data(store: Store) -> None:
    with pytest.raises(StoreFault) as error, transactions.writing(store.db):
        store.db.execute("INSERT INTO workers VALUES ('x', 'Maija Virtanen', 'no date')")
    assert "SQLITE_CONSTRAINT" in str(error.value)
    assert "Maija" not in str(error.value)


def test_a_closed_store_says_so_in_its_own_words(store: Store) -> None:
    store.close()
    with pytest.raises(StoreFault):
        store.assessments.list_drafts()


def test_a_missing_file_is_not_made(path: Path, key: bytes) -> None:
    with pytest.raises(StoreMissing):
        open_store(path, key, "nurse-1")
    assert not path.parent.exists()


def plain_database(path: Path) -> None:
    connection = driver.connect(str(path))
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE t (a)")
    connection.close()


def other_program(path: Path) -> None:
    """Encrypted with the very same key, but not ours."""
    connections._open(path, bytes(range(32)), 0x1234, create=True).close()


FOREIGN = {
    "photo": lambda path: path.write_bytes(b"\xff\xd8\xff\xe0" + random.Random(1).randbytes(9000)),
    "text": lambda path: path.write_text("not a database\n" * 500),
    "plain": plain_database,
    "other": other_program,
}


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("training", [False, True])
def test_a_foreign_file_is_refused_and_left_as_it_is(
    tmp_path: Path, key: bytes, kind: str, training: bool
) -> None:
    path = tmp_path / "porras.db"
    FOREIGN[kind](path)
    before = snapshot(tmp_path)
    with pytest.raises(ForeignFile):
        open_store(path, None if training else key, "nurse-1", training=training)
    assert snapshot(tmp_path) == before


def test_practice_and_care_are_never_taken_for_each_other(tmp_path: Path, key: bytes) -> None:
    care, practice = tmp_path / "porras.db", tmp_path / "training.db"
    create_store(care, key, "nurse-1").close()
    create_store(practice, None, "nurse-1", training=True).close()
    before = snapshot(tmp_path)
    with pytest.raises(ForeignFile):
        open_store(care, key, "nurse-1", training=True)
    with pytest.raises(ForeignFile):
        open_store(practice, None, "nurse-1")
    with pytest.raises(ForeignFile):
        open_store(care, None, "nurse-1", training=True)
    with pytest.raises(ForeignFile):
        open_store(practice, key, "nurse-1")
    assert snapshot(tmp_path) == before


def test_a_wrong_key_opens_nothing_and_changes_nothing(store: Store, path: Path) -> None:
    store.close()
    before = snapshot(path.parent)
    with pytest.raises(ForeignFile):
        open_store(path, bytes(32), "nurse-1")
    assert snapshot(path.parent) == before


def test_a_newer_schema_is_refused_and_left_as_it_is(store: Store, path: Path, key: bytes) -> None:
    store.db.execute("PRAGMA user_version = 99")
    store.close()
    before = snapshot(path.parent)
    with pytest.raises(FutureSchema) as error:
        open_store(path, key, "nurse-1")
    assert error.value.values["found"] == 99
    assert snapshot(path.parent) == before


def test_a_newer_schema_is_refused_also_while_it_stands_in_the_log(
    store: Store, path: Path, key: bytes, tmp_path: Path
) -> None:
    """As another computer's crash leaves it: the newest pages are not in the main file yet."""
    store.db.execute("PRAGMA user_version = 99")
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for end in ("", "-wal"):
        (crashed / f"porras.db{end}").write_bytes(path.with_name(f"porras.db{end}").read_bytes())
    before = snapshot(crashed)
    with pytest.raises(FutureSchema):
        open_store(crashed / "porras.db", key, "nurse-1")
    after = snapshot(crashed)
    assert {name: after[name] for name in before} == before


def test_an_emptied_file_is_damage_and_not_a_new_store(
    store: Store, path: Path, key: bytes
) -> None:
    store.close()
    path.write_bytes(b"")
    with pytest.raises(DamagedStore):
        open_store(path, key, "nurse-1")
    assert path.read_bytes() == b""


def test_a_store_is_never_made_over_a_file(path: Path, key: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(b"")
    for training in (False, True):
        with pytest.raises(StoreExists):
            create_store(path, None if training else key, "nurse-1", training=training)
    assert snapshot(path.parent) == {"porras.db": sha256(b"").hexdigest()}


@pytest.mark.parametrize("seed", range(8))
def test_damage_is_found_and_never_written_over_in_silence(
    store: Store,
    path: Path,
    key: bytes,
    assessment: Assessment,
    seed: int,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """One flipped bit anywhere: an error of ours or a reported fault, and no word on the screen."""
    for number in range(30):
        store.answers.record(assessment.id, {f"q{number}": number})
    store.close()
    content = bytearray(path.read_bytes())
    content[random.Random(seed).randrange(len(content))] ^= 0x10
    path.write_bytes(content)
    try:
        with open_store(path, key, "nurse-1") as damaged:
            assert damaged.find_faults()
    except (DamagedStore, ForeignFile) as error:
        assert "backup" in str(error)
    assert capfd.readouterr() == ("", "")


def test_a_network_drive_is_refused(
    path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    table = tmp_path / "mounts"
    table.write_text(f"/dev/a / ext4 rw 0 0\nserver:/x {tmp_path.resolve()} nfs4 rw 0 0\n")
    monkeypatch.setattr(drives, "MOUNTS", table)
    with pytest.raises(NetworkFileSystem) as error:
        create_store(path, key, "nurse-1")
    assert error.value.values["kind"] == "nfs4"
    assert not path.exists()


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/home/a/porras.db", "ext4"),
        ("/srv/nurse data/porras.db", "cifs"),
        ("/srv/nurse data2/porras.db", "ext4"),
        ("/srv/nurse data/local/porras.db", "xfs"),
        ("/twice/porras.db", "nfs"),
    ],
)
def test_the_nearest_mount_counts(place: str, kind: str) -> None:
    mounts = (
        "/dev/a / ext4 rw 0 0\n//s/x /srv/nurse\\040data cifs rw 0 0\n"
        "/dev/b /srv/nurse\\040data/local xfs rw 0 0\nbroken\n"
        "/dev/c /twice ext4 rw 0 0\ns:/x /twice nfs rw 0 0\n"
    )
    assert drives.file_system(Path(place), mounts) == kind


def test_without_a_mount_table_no_drive_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drives, "MOUNTS", tmp_path / "none")
    assert drives.network_drive(tmp_path) is None


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from store.errors import DiskFull
from store.opening.store_file import open_store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path, assessment = Path(sys.argv[1]), sys.argv[2]
with open_store(path, bytes(range(32)), "nurse-1") as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))
    kept = 0
    try:
        for number in range(5000):
            store.answers.record(assessment, {f"q{number}": "x" * 400})
            kept += 1
    except DiskFull as error:
        assert "Make room" in str(error)
    answers = store.answers.get_progress(assessment).answers
    assert len(answers) == kept, (len(answers), kept)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    store.answers.record(assessment, {"after": 1})
print(kept)
"""


def run(script: str, *arguments: str) -> str:
    """Run a script in a process of its own, and what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a thing of Unix")
def test_a_full_disk_loses_nothing_and_work_goes_on(
    store: Store, path: Path, key: bytes, assessment: Assessment
) -> None:
    store.close()
    kept = int(run(FULL_DISK, str(path), assessment.id))
    assert 0 < kept < 5000
    with open_store(path, key, "nurse-1") as after:
        assert len(after.answers.get_progress(assessment.id).answers) == kept + 1
        assert after.audit_log.find_bad_event() is None
        assert after.find_faults() == []


NO_RIGHTS = """
import os, sys
from pathlib import Path
from store.errors import ReadOnlyStore
from store.opening.store_file import create_store, open_store
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
path = Path(sys.argv[1])
for attempt, name in ((open_store, path.name), (create_store, "new.db")):
    try:
        attempt(path.with_name(name), bytes(range(32)), "nurse-1")
    except ReadOnlyStore as error:
        print(type(error).__name__)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="rights of Unix")
def test_a_file_that_may_not_be_written_is_named(key: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's folders are closed to other users
        folder = Path(name)
        path = folder / "porras.db"
        create_store(path, key, "nurse-1").close()
        path.chmod(0o444)
        folder.chmod(0o555)
        before = snapshot(folder)
        try:
            assert run(NO_RIGHTS, str(path)).split() == ["NoAccess", "NoAccess"]
            assert snapshot(folder) == before
        finally:
            folder.chmod(0o755)


def test_every_error_has_three_sentences_and_fills_them_in() -> None:
    def below(kind: type[StoreError]) -> list[type[StoreError]]:
        return [kind, *(deep for sub in kind.__subclasses__() for deep in below(sub))]

    for kind in below(StoreError):
        if "__init__" in vars(kind) and kind is not StoreError:
            continue
        told = (kind.what, kind.safe, kind.next)
        names = [name for text in told for _, name, _, _ in Formatter().parse(text) if name]
        error = kind(**dict.fromkeys(names, "value"))
        sentences = str(error)
        assert sentences.count(".") >= 3
        assert "{" not in sentences


def test_importing_the_store_is_cheap() -> None:
    loaded = run("import sys, store, store.errors, store.paths; print(*sys.modules)").split()
    heavy = {"sqlite_utils", "sqlcipher3", "pydantic", "argon2", "cryptography", "platformdirs"}
    assert not heavy & set(loaded)


def test_the_store_knows_no_screen() -> None:
    script = "import sys, store.opening.unlock, store.training.opening; print(*sys.modules)"
    assert "textual" not in run(script).split()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs the proc file system")
def test_this_run_uses_no_descriptor_after_closing(store: Store, path: Path) -> None:
    before = {os.path.realpath(p) for p in Path("/proc/self/fd").glob("*")}
    assert str(path.resolve()) in before
    store.close()
    after = {os.path.realpath(p) for p in Path("/proc/self/fd").glob("*")}
    assert str(path.resolve()) not in after


def torn_copy(store: Store, folder: Path, pages: set[int]) -> Path:
    """A copy of a store that is open, with pages of the database file half overwritten."""
    folder.mkdir()
    for end in ("", "-wal"):
        place = store.db.path.with_name(store.db.path.name + end)
        (folder / place.name).write_bytes(place.read_bytes())
    copy = folder / store.db.path.name
    content = bytearray(copy.read_bytes())
    for page in pages:
        content[4096 * (page - 1) + 512 : 4096 * page] = bytes(4096 - 512)
    copy.write_bytes(content)
    return copy


def test_a_page_that_a_cut_tore_while_the_log_was_merged_is_no_damage(
    store: Store, path: Path, key: bytes, tmp_path: Path
) -> None:
    """The log holds it whole; a store that is called damaged for it would never open again."""
    code = store.clients.add(birth_year=1980, language="fi").code
    in_log = set(wal_check.newer_pages(path))
    pages_of_file = path.stat().st_size // 4096
    torn = {page for page in in_log if page <= pages_of_file}
    assert torn
    copy = torn_copy(store, tmp_path / "cut", torn)
    with open_store(copy, key, "nurse-1") as opened:
        assert opened.find_faults() == []
        assert opened.clients.find(code)
    with open_store(copy, key, "nurse-1") as merged:
        assert merged.find_faults() == []
    # a page that no look at the file reads as it opens
    sql = "SELECT rootpage FROM sqlite_schema WHERE name LIKE 'summary_%' AND rootpage"
    roots = {row[0] for row in store.db.execute(sql).fetchall()}
    other = max(page for page in roots - in_log if page <= pages_of_file)
    copy = torn_copy(store, tmp_path / "damaged", {*torn, other})
    db = connections.connect_to_read(copy, key, migrations.schema())
    try:
        assert [told.split()[-1] for told in transactions._bad_pages(db)] == [str(other)]
    finally:
        db.close()
