"""A history that was rewritten does not fit its seals; and a seal never stands in anybody's way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlcipher3 import dbapi2 as driver

from store.audit import chain, seals
from store.audit.origin import Origin
from store.database import connections, engine, migrations
from store.errors import DamagedStore
from store.opening.store_file import create_store, open_store
from store.repository import audit_log, worklist
from store.repository.store import Store
from store.session.sign_in import sign_in
from tests.store.conftest import TickingClock
from tests.store.test_schema import of_version


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A seal every ten events."""
    monkeypatch.setattr(seals, "EVERY", 10)


def work(store: Store, events: int = 32) -> None:
    for number in range(events):
        store.audit_log.log_view(f"client-{number}")


def sealed(store: Store) -> list[int]:
    return [row["seq"] for row in store.db.query("SELECT seq FROM seals ORDER BY seq")]


def found(store: Store, anchor: chain.Anchor | None = None) -> tuple[int, str] | None:
    fault = chain.first_fault(store.db, anchor)
    return (fault.seq, fault.kind) if fault else None


@pytest.fixture
def worked(store: Store) -> Store:
    """A store with seals, and without the triggers that guard it."""
    work(store)
    for (name,) in store.db.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
    ).fetchall():
        store.db.execute(f"DROP TRIGGER {name}")
    store.db.execute("PRAGMA foreign_keys = OFF")
    return store


# -- making them ---------------------------------------------------------------------------------


def test_the_newest_event_is_sealed_now_and_then_and_on_closing(
    store: Store, path: Path, key: bytes, clock: TickingClock
) -> None:
    work(store)
    newest = store.audit_log.get_head()[0]
    assert sealed(store) == [10, 20, 30]
    store.close()
    with open_store(path, key, "nurse-2", clock) as after:
        assert sealed(after) == [10, 20, 30, newest]
        assert after.audit_log.find_bad_event() is None
        public = seals.public_key(after.db)
    with open_store(path, key, "nurse-2", clock) as again:
        assert seals.public_key(again.db) == public, "a store keeps its key"


def test_closing_twice_does_no_harm(store: Store) -> None:
    store.close()
    store.close()


def test_anybody_can_check_a_seal_with_the_public_key_alone(store: Store) -> None:
    work(store)
    row = next(store.db.query("SELECT * FROM seals WHERE seq = 20"))
    hash_ = store.db.execute("SELECT hash FROM audit WHERE seq = 20").fetchone()[0]
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(row["public_key"]))
    said = f"porras seal 1 20 {hash_} {row['at']}".encode()
    public.verify(bytes.fromhex(row["signature"]), said)


def test_a_program_that_was_killed_leaves_only_the_last_events_unsealed(
    store: Store, path: Path, key: bytes
) -> None:
    work(store)
    store.db.close()
    with open_store(path, key, "nurse-2") as after:
        assert after.audit_log.find_bad_event() is None
        assert sealed(after) == [10, 20, 30]
        work(after, 3)
        assert sealed(after) == [10, 20, 30, 40]


def test_a_store_of_an_older_version_gets_its_key_at_the_first_sign_in(
    path: Path, key: bytes, clock: TickingClock
) -> None:
    """What was logged before holds as it stands, although the rows have new columns now."""
    of_version(2, path, key)
    db = connections.connect(path, key, migrations.schema(2))
    before = chain.head(db)
    assert chain.first_fault(db, chain.Anchor(*before)) is None
    db.close()
    db = connections.connect(path, key, migrations.schema())
    with Store(db, "nurse-1", clock, training=False) as store:
        migrations.migrate(db, then=lambda: worklist.list_all(store))
        sign_in(store)
        assert found(store, chain.Anchor(*before)) is None
        sql = "SELECT event FROM audit WHERE seq > ? ORDER BY seq"
        told = [row["event"] for row in store.db.query(sql, (before[0],))]
        assert "sealkey.made" in told


def test_a_store_that_somebody_else_locks_closes_all_the_same(
    path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    store = create_store(path, key, "nurse-1")
    work(store, 3)
    other = driver.connect(str(path))
    other.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    other.execute("BEGIN IMMEDIATE")
    store.close()
    other.rollback()
    other.close()
    with open_store(path, key, "nurse-1") as after:
        assert sealed(after) == []
        assert after.audit_log.find_bad_event() is None


def test_a_damaged_store_gets_no_seal(store: Store, path: Path, key: bytes) -> None:
    """Nothing at all is written to a damaged file."""
    work(store, 3)
    store.db.verdict = DamagedStore(path="p.db")
    store.close()
    with open_store(path, key, "nurse-1") as after:
        assert sealed(after) == []


# -- breaking them -------------------------------------------------------------------------------


def rewrite(store: Store) -> None:
    """Make the whole chain anew, with one look in another's name: it holds in itself."""
    rows = list(store.db.table("audit").rows)
    store.db.execute("DELETE FROM audit")
    for row in rows:
        if row["subject"] == "client-12":
            row |= {"actor": "somebody"}
        told = Origin(row["os_user"], row["origin"], row["app"])
        at, actor, event, subject, digest = (
            row[name] for name in ("at", "actor", "event", "subject", "digest")
        )
        chain.append(store.db, at, actor, event, subject, digest, told)


def changed_at(store: Store) -> int:
    sql = "SELECT seq FROM audit WHERE subject = 'client-12'"
    return int(store.db.execute(sql).fetchone()[0])


def test_a_chain_rewritten_without_the_key_is_found_at_the_next_seal(worked: Store) -> None:
    assert found(worked) is None
    rewrite(worked)
    assert 10 < changed_at(worked) < 20
    assert found(worked) == (20, "seal")


def forge(store: Store, private: Ed25519PrivateKey, public: str) -> None:
    """Seal the rewritten chain with a key."""
    for row in list(store.db.table("seals").rows):
        sql = "SELECT hash FROM audit WHERE seq = ?"
        row["hash"] = store.db.execute(sql, (row["seq"],)).fetchone()[0]
        row |= {"public_key": public, "signature": private.sign(seals._message(row)).hex()}
        store.db.table("seals").insert(row, replace=True)


@pytest.mark.parametrize("under", ["its own name", "the store's name"])
def test_seals_forged_with_another_key_are_found(worked: Store, under: str) -> None:
    rewrite(worked)
    private = Ed25519PrivateKey.generate()
    own = private.public_key().public_bytes_raw().hex()
    public = own if under == "its own name" else str(seals.public_key(worked.db))
    forge(worked, private, public)
    assert found(worked) == (10, "seal")


def test_a_key_put_in_the_place_of_the_store_s_is_found(worked: Store) -> None:
    """Unless its event is rewritten too; then the fingerprint that was written down tells."""
    anchor = audit_log.parse_anchor(str(worked.audit_log.take_head()))
    rewrite(worked)
    public, secret = seals.new_keys()
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    worked.db.execute("UPDATE seal_keys SET public_key = ?, private_key = ?", (public, secret))
    forge(worked, private, public)
    made = worked.db.execute("SELECT seq FROM audit WHERE event = 'sealkey.made'").fetchone()[0]
    assert found(worked) == (made, "missing")
    row = chain.digest(next(worked.db.table("seal_keys").rows))
    sql = "UPDATE audit SET subject = ?, digest = ? WHERE event = 'sealkey.made'"
    worked.db.execute(sql, (public, row))
    rewrite(worked)
    forge(worked, private, public)
    assert found(worked) is None, "a store that is wholly replaced holds in itself"
    assert found(worked, anchor) == (anchor.seq, "anchor")
    only_key = anchor._replace(seq=1, hash=worked_hash(worked, 1), site=None)
    assert found(worked, only_key) == (chain.head(worked.db)[0] + 1, "key")


def worked_hash(store: Store, seq: int) -> str:
    return str(store.db.execute("SELECT hash FROM audit WHERE seq = ?", (seq,)).fetchone()[0])


def test_with_the_stolen_key_only_an_anchor_tells(worked: Store) -> None:
    """What the seals cannot do is said, and what to do about it holds."""
    anchor = chain.Anchor(*worked.audit_log.get_head())
    public, secret = worked.db.execute("SELECT public_key, private_key FROM seal_keys").fetchone()
    rewrite(worked)
    forge(worked, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)), public)
    assert found(worked) is None
    assert found(worked, anchor) == (anchor.seq, "anchor")


def test_taking_all_seals_away_is_found(worked: Store) -> None:
    worked.db.execute("DELETE FROM seals")
    rewrite(worked)
    fault = found(worked)
    assert fault is not None
    made = worked.db.execute("SELECT seq FROM audit WHERE event = 'sealkey.made'").fetchone()[0]
    assert fault == (made + 10, "unsealed")


def test_a_cut_tail_is_found_by_the_seal_that_is_left(worked: Store) -> None:
    worked.db.execute("DELETE FROM audit WHERE seq >= 25")
    assert found(worked) == (25, "cut")


@pytest.mark.parametrize("column", ["seq", "hash", "at", "public_key", "signature"])
def test_every_changed_column_of_a_seal_shows(worked: Store, column: str) -> None:
    row = next(worked.db.query("SELECT * FROM seals WHERE seq = 20"))
    values = {"seq": 19, "at": "2020-01-01T00:00:00.000Z"}
    value = values.get(column, "f" * len(str(row[column])))
    worked.db.execute(f"UPDATE seals SET {column} = ? WHERE seq = 20", (value,))
    assert found(worked) == (19 if column == "seq" else 20, "seal")


def test_a_seal_that_is_no_signature_at_all_is_a_fault_and_no_crash(worked: Store) -> None:
    worked.db.execute("UPDATE seals SET signature = ? WHERE seq = 20", ("z" * 128,))
    assert found(worked) == (20, "seal")


# -- written down --------------------------------------------------------------------------------


def test_a_head_is_short_enough_to_write_down_and_reads_back(store: Store) -> None:
    head = store.audit_log.take_head()
    line = str(head)
    assert len(line) <= 60
    anchor = audit_log.parse_anchor(line.upper())
    assert anchor == chain.Anchor(head.seq, head.hash[:20], head.key, head.site)
    assert store.audit_log.check(anchor).fault is None
    assert audit_log.parse_anchor(f"{head.seq}:{head.hash}") == chain.Anchor(head.seq, head.hash)


@pytest.mark.parametrize(
    "text", ["", "12", "12:", "12:abc", "0:" + "a" * 16, "12:" + "g" * 16, "12:" + "a" * 65]
)
def test_what_is_no_head_is_refused(text: str) -> None:
    """A slip of the pen must not pass as an anchor that fits."""
    with pytest.raises(ValueError, match="SEQ:HASH"):
        audit_log.parse_anchor(text)


def test_two_stores_have_two_sites_and_two_keys(store: Store, tmp_path: Path, key: bytes) -> None:
    with create_store(tmp_path / "other" / "porras.db", key, "nurse-1") as other:
        ours, theirs = store.audit_log.take_head(), other.audit_log.take_head()
        assert ours.site != theirs.site
        assert ours.key != theirs.key
        assert found(store, audit_log.parse_anchor(str(theirs))) == (1, "anchor")


# -- reading the log -----------------------------------------------------------------------------


def test_the_log_can_be_narrowed_and_reading_it_is_logged(
    store: Store, path: Path, key: bytes, clock: TickingClock
) -> None:
    work(store, 3)
    clock.now += timedelta(days=1)
    later = clock.now
    with open_store(path, key, "nurse-2", clock) as other:
        work(other, 2)
    told = store.audit_log.list_events(limit=100, since=later)
    assert [entry.event for entry in told] == [
        *("worker.added", "session.opened", "view", "view", "audit.read")
    ]
    assert [entry.seq for entry in store.audit_log.list_events(limit=2)] == [
        told[-1].seq,
        told[-1].seq + 1,
    ]
    hers = store.audit_log.list_events(limit=100, actor="nurse-2")
    assert [entry.seq for entry in hers] == [entry.seq for entry in told[:-1]]
