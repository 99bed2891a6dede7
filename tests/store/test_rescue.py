"""If these fail, a damaged page costs more than that page, or the damaged file itself."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from store.audit import chain
from store.database import migrations
from store.errors import NothingSalvaged, StoreExists
from store.keys import keystore
from store.maintenance.salvage import Report, salvage_store
from store.opening.store_file import open_store
from store.paths import StorePaths, find
from store.records import PathwayCopy
from store.repository.store import Store
from tests.store.conftest import TickingClock
from tests.store.test_backup import PASS, new_site, places

__all__ = ["places"]

PAGE = 4096
TABLES = """
CREATE TABLE rescued_rows (
    seq INTEGER PRIMARY KEY NOT NULL CHECK (seq > 0),
    source TEXT NOT NULL,
    place INTEGER NOT NULL,
    row TEXT NOT NULL CHECK (json_valid(row)),
    UNIQUE (source, place)
) STRICT;
"""


SCHEMA = 110
"""Pages of an empty store, and some more: without those of its schema nothing can be read."""


@pytest.fixture(autouse=True)
def tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of what is kept aside, as one more step of the schema."""
    made = migrations.migrate

    def migrate(db: Any, *arguments: Any, **values: Any) -> None:
        made(db, *arguments, **values)
        if "rescued_rows" not in db.table_names():
            db.executescript(TABLES)

    monkeypatch.setattr(migrations, "migrate", migrate)


@pytest.fixture
def full(places: StorePaths, pathway: PathwayCopy) -> StorePaths:
    """A closed store with enough in it that tables have many pages."""
    with new_site(places, TickingClock()) as store:
        for number in range(60):
            client = store.clients.add(birth_year=1940 + number, language="fi")
            assessment = store.assessments.start(
                client.id, pathway, setting="clinic", language="fi"
            )
            store.answers.record(assessment.id, {f"q{n}": "x" * 60 for n in range(12)})
            store.answers.add_note(assessment.id, "q1", "tired " * 20)
        store.settings.set("language", "fi")
    return places


def key_of(places: StorePaths) -> bytes:
    return keystore.unlock(places.keys, "nurse-1", PASS)


def opened(target: Path, key: bytes) -> Store:
    return open_store(target, key, "nurse-1")


def contents(db: Database) -> dict[str, list[Any]]:
    return {
        table: [dict(row) for row in db.query(f"SELECT * FROM {table} ORDER BY rowid")]
        for table in ("workers", "clients", "pathways", "assessments", "answers", "notes")
    }


def pictures(folder: Path) -> dict[str, str]:
    return {p.name: sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.is_file()}


def spoil(path: Path, pages: list[int]) -> None:
    """Flip one bit in each of these pages, which are counted from 1."""
    content = bytearray(path.read_bytes())
    for page in pages:
        content[(page - 1) * PAGE + 200] ^= 4
    path.write_bytes(content)


def test_a_whole_store_is_rescued_whole(full: StorePaths, tmp_path: Path) -> None:
    key = key_of(full)
    with opened(full.database, key) as store:
        wanted, events = contents(store.db), store.audit_log.get_head()[0]
    before = pictures(full.database.parent)
    target = tmp_path / "new" / "porras.db"
    report = salvage_store(full, key, target, "lead-1", TickingClock())
    assert (report.aside, report.lost, report.unconfirmed) == ({}, {}, {})
    assert report.events >= events
    assert report.missing_events == ()
    assert report.rescued["answers"] == 720
    assert pictures(full.database.parent) == before
    found = find(target)
    with opened(target, keystore.unlock(found.keys, "nurse-1", PASS)) as store:
        assert contents(store.db) == wanted
        assert store.audit_log.find_bad_event() is None
        assert store.find_faults() == []
        assert store.settings.get("language") == "fi"
        assert len(store.assessments.list_drafts()) > 0
        first = next(store.db.query("SELECT * FROM audit WHERE seq = 1"))
        assert (first["event"], first["actor"]) == ("store.rescued", "lead-1")


def old_log(store: Store) -> Iterator[dict[str, Any]]:
    for row in store.db.query("SELECT row FROM rescued_rows WHERE source = 'audit' ORDER BY place"):
        yield json.loads(row["row"])


def test_the_old_log_is_kept_as_it_was(full: StorePaths, tmp_path: Path) -> None:
    """Who looked at whose data is still to be told, years later."""
    key = key_of(full)
    with opened(full.database, key) as store:
        wanted = list(store.db.query("SELECT * FROM audit ORDER BY seq"))
    target = tmp_path / "new" / "porras.db"
    salvage_store(full, key, target, "lead-1")
    with opened(target, key) as store:
        kept = list(old_log(store))
        assert kept[: len(wanted)] == wanted
        hashes = [row["hash"] for row in kept]
        assert [row["prev"] for row in kept] == [chain.START, *hashes[:-1]]


def lost_and_found(places: StorePaths, target: Path) -> Report:
    """Rescue a damaged store, and hold the report against what is there."""
    key = key_of(places)
    before = pictures(places.database.parent)
    report = salvage_store(places, key, target, "lead-1")
    assert pictures(places.database.parent) == before
    with opened(target, key) as store:
        assert store.audit_log.find_bad_event() is None
        assert store.find_faults() == []
        assert len(list(old_log(store))) == report.events
        for table, count in report.rescued.items():
            if table not in {"workers", "settings"}:
                assert store.db.table(table).count == count
        aside = store.db.query(
            "SELECT source, count(*) AS n FROM rescued_rows"
            " WHERE source NOT IN ('audit', 'seals', 'report') GROUP BY source"
        )
        assert {row["source"]: row["n"] for row in aside} == report.aside
    return report


@pytest.mark.parametrize(
    "seed", [0, 3, *(pytest.param(more, marks=pytest.mark.nightly) for more in (1, 2, 4, 5))]
)
def test_damage_costs_what_it_hit_and_the_report_says_what(
    full: StorePaths, tmp_path: Path, seed: int
) -> None:
    """Whatever is neither rescued nor kept aside is told to be lost, or its event is lost too."""
    with opened(full.database, key_of(full)) as store:
        wanted, head = contents(store.db), store.audit_log.get_head()[0]
        roots = {int(row["rootpage"]) for row in store.db.query("SELECT * FROM sqlite_schema")}
    count = full.database.stat().st_size // PAGE
    chance = random.Random(seed)
    pages = chance.sample([page for page in range(SCHEMA + 1, count + 1) if page not in roots], 8)
    spoil(full.database, pages)
    report = lost_and_found(full, tmp_path / "new" / "porras.db")
    gaps = sum(last - first + 1 for first, last in report.missing_events)
    assert gaps <= head - report.events
    unaccounted = 0
    for table, rows in wanted.items():
        kept = report.rescued.get(table, 0) + report.aside.get(table, 0)
        told = report.lost.get(table, 0)
        assert kept + told <= len(rows)
        unaccounted += len(rows) - kept - told
    assert unaccounted <= head - report.events
    total = sum(map(len, wanted.values()))
    kept = sum(report.rescued.values()) + sum(report.aside.values())
    assert kept > total * 0.7, "eight pages of hundreds"


def test_a_lost_parent_does_not_lose_its_children(full: StorePaths, tmp_path: Path) -> None:
    key = key_of(full)
    with opened(full.database, key) as store:
        store.db.execute("PRAGMA foreign_keys = OFF")
        store.db.execute("DROP TRIGGER clients_no_DELETE")
        client = store.clients.list_recent()[0].id
        store.db.execute("DELETE FROM clients WHERE id = ?", (client,))
        assert store.find_faults() != []
    report = lost_and_found(full, tmp_path / "new" / "porras.db")
    assert report.lost == {"clients": 1}
    assert report.aside == {"assessments": 1, "answers": 12, "notes": 1}


def test_a_row_that_was_changed_past_the_program_is_counted(
    full: StorePaths, tmp_path: Path
) -> None:
    with opened(full.database, key_of(full)) as store:
        store.db.execute("DROP TRIGGER notes_no_UPDATE")
        store.db.execute("UPDATE notes SET text = 'well' WHERE rowid = 7")
    report = lost_and_found(full, tmp_path / "new" / "porras.db")
    assert report.unconfirmed == {"notes": 1}
    assert report.lost == {}


def test_gaps_of_the_log_are_named(full: StorePaths, tmp_path: Path) -> None:
    with opened(full.database, key_of(full)) as store:
        store.db.execute("DROP TRIGGER audit_no_DELETE")
        store.db.execute("DELETE FROM audit WHERE seq IN (1, 2, 50, 52, 53)")
    report = lost_and_found(full, tmp_path / "new" / "porras.db")
    assert report.missing_events == ((1, 2), (50, 50), (52, 53))


def test_a_rescue_that_fails_leaves_nothing(full: StorePaths, tmp_path: Path) -> None:
    key, target = key_of(full), tmp_path / "new" / "porras.db"
    before = pictures(full.database.parent)
    with pytest.raises(NothingSalvaged):
        salvage_store(full, bytes(32), target, "lead-1")
    with pytest.raises(StoreExists):
        salvage_store(full, key, full.database, "lead-1")
    spoil(full.database, [1])
    before["porras.db"] = sha256(full.database.read_bytes()).hexdigest()
    with pytest.raises(NothingSalvaged):
        salvage_store(full, key, target, "lead-1")
    assert list(target.parent.iterdir()) == []
    assert pictures(full.database.parent) == before
