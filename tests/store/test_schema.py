"""What was recorded stays as it was, and an old file becomes a new one whole or not at all."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import sqlite_utils
from sqlite_utils import Migrations

from stepping.episode.events import Opened
from stepping.episode.validation import ValidationContext
from store.database import connections, engine, migrations, transactions
from store.database.tables import v9_facts
from store.database.tables.v6_open_stops import HIGHEST_STEP, UNREAD
from store.errors import AppendOnly, ClosedAssessment, FutureSchema, StoreFault
from store.keys import key_file, keyslots
from store.keys.key_file import KeyFile
from store.opening.store_file import create_store, open_store
from store.pathway_files.care import shipped_care
from store.records import Assessment, Confirmation, PathwayCopy
from store.repository.internal import draft_status
from store.repository.store import Store
from store.repository.worklist import list_all

ROOT = Path(__file__).resolve().parents[2]
TODAY = datetime.date(2026, 11, 29)
DONE = Confirmation(decision_json="{}", suggested_step=1, confirmed_step=1, final_answers_seq=1)


@pytest.fixture
def full(store: Store, assessment: Assessment, pathway: PathwayCopy) -> Store:
    """A store with a row in every table that daily work fills."""
    other = store.assessments.start(assessment.client_id, pathway, setting="clinic", language="fi")
    store.assessments.abandon(other.id, "client left")
    store.answers.record(assessment.id, {"q1": 1})
    store.answers.add_note(assessment.id, "q1", "tired")
    store.safety_steps.record(assessment.id, "suicide", "card", "call", done=True)
    day = datetime.date(2026, 11, 22)
    around = ValidationContext(day, 1980, {}, {}, {}, shipped_care().tracks)
    episode = store.episodes.begin(assessment.client_id, Opened(day=day), around)
    store.episodes.attach_assessment(assessment.id, episode.id)
    store.decisions.confirm(assessment.id, DONE)
    store.staff.set_own_unit("Lahden sote-keskus")
    return store


@pytest.fixture
def crowded(full: Store, assessment: Assessment) -> Store:
    """The same, with rows that no event tells of in the tables that only rare deeds fill."""
    with transactions.writing(full.db):
        for table, row in rare_rows(full, assessment).items():
            full.db.table(table).insert(row)
    return full


def rare_rows(store: Store, assessment: Assessment) -> dict[str, dict[str, object]]:
    """A row for each table that only rare deeds fill."""
    at, by, hash_ = "2026-11-22T08:00:00.000Z", store.worker_id, "0" * 64
    told = {"id": "1", "at": at, "by": by}
    key = next(iter(store.db.table("seal_keys").rows))["public_key"]
    return {
        "account_changes": {**told, "worker": by, "kind": "roles", "value": "nurse"},
        "client_units": {**told, "client": assessment.client_id, "unit": "Lahti"},
        "seals": {"seq": 1, "hash": hash_, "at": at, "public_key": key, "signature": "0" * 128},
        "rescued_rows": {"seq": 1, "source": "audit", "place": 1, "row": "{}"},
        "taken": {**told, "assessment_id": assessment.id},
        "purges": {
            **told,
            **{"reason": "erasure", "clients": 1, "episodes": 0, "assessments": 0, "records": 1},
            **{"head_seq": 1, "head_hash": hash_, "digest": hash_},
        },
        "purged": {"word": "client", "subject": "x", "digest": hash_, "purge_id": "1"},
        "statistics": {
            **{"place": "0" * 32, "month": "2026-11", "pathway_id": "adult"},
            **{"pathway_version": "1", "stops": "[]", "age_from": 40, "part": "alone"},
        },
        "client_corrections": {
            **told,
            **{"client": assessment.client_id, "birth_year": 1981, "language": "sv", "why": "x"},
        },
        "safety_plans": {**told, "client_id": assessment.client_id},
        "plan_points": {**told, "plan_id": "1", "point": "own", "words": "walk"},
        "client_joins": {**told, "client": assessment.client_id, "stands": None, "why": "x"},
        "assessment_moves": {
            **told,
            **{"assessment_id": assessment.id, "client": assessment.client_id},
            **{"kind": "wrong_client", "why": "x"},
        },
    }


def test_every_table_is_strict_and_has_foreign_keys_that_hold(full: Store) -> None:
    tables = full.db.execute("PRAGMA table_list").fetchall()
    ours = {
        name: strict
        for _, name, kind, _, _, strict in tables
        if kind == "table" and not name.startswith(("sqlite_", "_sqlite_"))
    }
    assert set(migrations.APPEND_ONLY) < set(ours)
    assert all(ours.values())
    assert full.db.execute("PRAGMA foreign_key_check").fetchall() == []
    with pytest.raises(StoreFault), transactions.writing(full.db):
        full.db.execute("UPDATE settings SET value = 1.5")
        full.db.execute("INSERT INTO drafts (assessment_id) VALUES ('nothing')")


@pytest.mark.parametrize("table", migrations.APPEND_ONLY)
def test_no_row_is_ever_changed_deleted_or_replaced(crowded: Store, table: str) -> None:
    full = crowded
    rows = list(full.db.table(table).rows)
    assert rows, "the test needs a row to attack"
    column = next(iter(rows[0]))
    names = ", ".join(f'"{name}"' for name in rows[0])
    for attack in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"INSERT OR REPLACE INTO {table} SELECT {names} FROM {table}",
    ):
        with pytest.raises((AppendOnly, ClosedAssessment)), transactions.writing(full.db):
            full.db.execute(attack)
    assert list(full.db.table(table).rows) == rows


@pytest.mark.parametrize("table", ["answers", "notes", "decisions", "closings"])
def test_a_closed_assessment_takes_no_row_past_the_program(full: Store, table: str) -> None:
    rows = list(full.db.table(table).rows)
    closed = [row[0] for row in full.db.execute("SELECT id FROM assessments")]
    assert len(closed) == 2
    for assessment_id in closed:
        row = {**rows[0], "assessment_id": assessment_id}
        row |= {name: "another" for name in ("id", "question") if name in row}
        with pytest.raises(ClosedAssessment), transactions.writing(full.db):
            full.db.table(table).insert(row)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "given", "value": None},
        {"state": "skipped", "value": "1"},
        {"state": "guessed"},
        {"value": "{not json"},
        {"at": "yesterday"},
        {"by": "nobody"},
        {"assessment_id": "nothing"},
        {"supersedes": "nothing"},
        {"seq": 0},
        {"seq": "two"},
        {"seq": 1},
        {"question": "q1"},
    ],
)
def test_the_tables_refuse_what_makes_no_sense(
    store: Store, assessment: Assessment, change: dict[str, object]
) -> None:
    store.answers.record(assessment.id, {"q1": 1})
    good = {**next(store.db.table("answers").rows), "id": "new", "seq": 2, "question": "q2"}
    with pytest.raises(StoreFault), transactions.writing(store.db):
        store.db.table("answers").insert({**good, **change})
    with transactions.writing(store.db):
        store.db.table("answers").insert(good)


def test_a_history_never_forks(store: Store, assessment: Assessment) -> None:
    """Two corrections of one answer would leave two answers that both count."""
    store.answers.record(assessment.id, {"q1": 1})
    store.answers.record(assessment.id, {"q1": 2})
    second = list(store.db.table("answers").rows)[1]
    with pytest.raises(StoreFault), transactions.writing(store.db):
        store.db.table("answers").insert({**second, "id": "fork", "seq": 3})


def steps(*more: Callable[[sqlite_utils.Database], None]) -> Migrations:
    """The real migrations, and later ones that do not exist yet."""
    later = Migrations("porras")
    for real in migrations.migrations._migrations:
        later(name=real.name)(real.fn)
    for step in more:
        later(name=step.__name__)(step)
    return later


LATER = migrations.newest() + 1


def later_good(db: sqlite_utils.Database) -> None:
    db.execute("ALTER TABLE clients ADD COLUMN segment INTEGER")


def later_bad(db: sqlite_utils.Database) -> None:
    db.execute("CREATE TABLE half (a TEXT) STRICT")
    db.execute("INSERT INTO half VALUES ('x')")
    raise RuntimeError


def shape(db: engine.Database) -> list[tuple[str, ...]]:
    return [*db.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name").fetchall()]


def test_an_older_file_is_brought_up_to_date_with_its_rows(full: Store) -> None:
    before = full.clients.list_recent()
    migrations.migrate(full.db, steps(later_good))
    assert full.db.execute("PRAGMA user_version").fetchone()[0] == LATER
    assert full.db.execute("SELECT segment FROM clients").fetchall() == [(None,)]
    assert full.clients.list_recent() == before
    assert full.audit_log.find_bad_event() is None  # an empty new column changes no digest
    migrations.migrate(full.db, steps(later_good))


def test_a_failed_migration_leaves_the_old_file(full: Store) -> None:
    before = shape(full.db)
    with pytest.raises(RuntimeError):
        migrations.migrate(full.db, steps(later_good, later_bad))
    assert shape(full.db) == before
    assert full.db.execute("PRAGMA user_version").fetchone()[0] == migrations.newest()
    migrations.migrate(full.db, steps(later_good))
    assert full.db.execute("PRAGMA user_version").fetchone()[0] == LATER


CUT = """
import os, sys
from pathlib import Path
from sqlite_utils import Migrations
from stepping.episode.events import Opened
from stepping.episode.validation import ValidationContext
from store.database import connections, engine, migrations, transactions
later = Migrations("porras")
for real in migrations.migrations._migrations:
    later(name=real.name)(real.fn)
@later()
def later_cut(db):
    db.execute("ALTER TABLE clients ADD COLUMN segment INTEGER")
    db.execute("CREATE TABLE half (a TEXT) STRICT")
    os._exit(9)
known = migrations.schema(migrations.newest())
db = connections.connect(Path(sys.argv[1]), bytes(range(32)), known)
migrations.migrate(db, later)
"""


def test_a_migration_cut_short_leaves_the_old_file(full: Store, path: Path, key: bytes) -> None:
    before = shape(full.db)
    full.close()
    done = subprocess.run([sys.executable, "-c", CUT, str(path)], cwd=ROOT, check=False)
    assert done.returncode == 9
    with open_store(path, key, "nurse-1") as after:
        assert shape(after.db) == before
        assert after.audit_log.find_bad_event() is None
        migrations.migrate(after.db, steps(later_good))
        assert after.find_faults() == []


def of_version(number: int, path: Path, key: bytes) -> Path:
    """An encrypted store as an older version wrote it; its texts are kept as SQL."""
    path.parent.mkdir()
    db = connections.connect(path, key, migrations.schema(number), create=True)
    db.execute("PRAGMA foreign_keys = OFF")
    texts = Path(__file__).with_name(f"version_{number}.sql")
    db.conn.executescript(texts.read_text("utf-8"))
    db.execute(f"PRAGMA user_version = {number:d}")
    db.close()
    # Its backup takes the key file along.
    file = KeyFile(
        number=1,
        checks=(keyslots.digest(key),),
        slots=(keyslots.make("recovery", "", "x", (key,)),),
    )
    key_file.write(path.with_suffix(".keys"), file, (key,), replace=False)
    return path


@pytest.fixture
def old(path: Path, key: bytes) -> Path:
    return of_version(1, path, key)


def test_a_store_of_the_first_version_goes_on_with_all_it_holds(
    old: Path, key: bytes, pathway: PathwayCopy
) -> None:
    with open_store(old, key, "nurse-1") as store:
        assert store.db.execute("PRAGMA user_version").fetchone()[0] == migrations.newest()
        assert store.find_faults() == []
        assert store.audit_log.find_bad_event() is None
        both, none = store.clients.find("TREENAAM"), store.clients.find("TREENABK")
        assert both and none
        assert [a.state for a in store.assessments.list_of(both.id)] == ["abandoned", "confirmed"]
        (draft,) = store.assessments.list_drafts()
        (waiting,) = store.worklist.list_items(datetime.date(2026, 11, 22))
        # Nobody can read the pathway of this draft, so nobody knows that no stop is open in it.
        assert (waiting.kind, waiting.assessment_id) == ("open_stop", draft.assessment.id)
        assert [(stop.stop, stop.floor) for stop in waiting.stops] == [(UNREAD, HIGHEST_STEP)]
        assert (waiting.client, waiting.since) == ("TREENABK", datetime.date(2026, 11, 20))
        store.assessments.abandon(draft.assessment.id, "client left")
        assert store.worklist.list_items(datetime.date(2026, 11, 22)) == []
        day = datetime.date(2026, 11, 20)
        around = ValidationContext(
            datetime.date(2026, 11, 22), both.birth_year, {}, {}, {}, shipped_care().tracks
        )
        episode = store.episodes.begin(both.id, Opened(day=day), around)
        store.episodes.attach_assessment(store.assessments.list_of(both.id)[1].id, episode.id)
        assert store.episodes.get(episode.id)[1].baseline is not None
        assert store.audit_log.find_bad_event() is None


def everything(db: engine.Database, tables: Iterable[str]) -> dict[str, list[dict[str, object]]]:
    """The rows of some tables, without the columns that are empty."""
    return {
        table: [
            {name: value for name, value in row.items() if value is not None}
            for row in db.table(table).rows
        ]
        for table in tables
    }


@pytest.mark.parametrize("number", range(1, migrations.newest()))
def test_a_store_of_any_older_version_loses_no_row(number: int, path: Path, key: bytes) -> None:
    of_version(number, path, key)
    db = connections.connect(path, key, migrations.schema(number))
    tables = set(migrations.APPEND_ONLY) & set(db.table_names())
    before = everything(db, tables)
    db.close()
    assert all(before.values()), "the test needs a row in every table"
    # A clock behind the entries would be an event of its own.
    later = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)
    with open_store(path, key, "nurse-1", lambda: later) as store:
        assert store.find_faults() == []
        assert store.audit_log.find_bad_event() is None
        after = everything(store.db, tables)
        told = after["audit"][len(before["audit"]) :]
        sealed = {"sealkey.made"} if number < 4 else set()
        # The sixth text tells of a head record, which does not lie beside it here.
        head = {"setting.changed" if number < 6 else "head.lost"}
        always = {"store.updated", "session.opened"}
        # It is kept from when on the rows of reports are whole, where something was deleted before.
        whole = {"setting.changed"} if before.get("purges") else set()
        assert {row["event"] for row in told} == always | head | sealed | whole
        (kept,) = (path.parent / "backups").iterdir()
        backup = connections.connect(kept / "porras.db", key, migrations.schema(number))
        assert everything(backup, tables) == before
        backup.close()
        after["audit"] = after["audit"][: len(before["audit"])]
        assert after == before


def test_a_store_of_the_second_version_tells_what_waits_as_of_today(path: Path, key: bytes) -> None:
    """A stop that is open, and what the new kinds find in the old events, must not be lost."""
    of_version(2, path, key)
    with open_store(path, key, "nurse-1") as store:
        found = [
            (item.kind, item.client)
            for item in store.worklist.list_items(datetime.date(2026, 11, 22))
        ]
        assert found == [
            ("open_stop", "TREENABK"),
            ("open_stop", "TREENACR"),
            ("measurement", "TREENACR"),
            ("review", "TREENAAM"),
            ("next_contact", "TREENAAM"),
            ("guarantee", "TREENACR"),  # nobody told whether the treatment counts
            ("no_next_contact", "TREENACR"),
        ]
        store.staff.set_own_unit("Lahden sote-keskus")
        assert (
            store.worklist.count_items(datetime.date(2026, 11, 22), unit="Lahden sote-keskus") == 7
        )


def test_stops_of_older_drafts_are_found_though_nobody_had_marked_them(
    store: Store, assessment: Assessment, path: Path, key: bytes
) -> None:
    """The fifth version marked a stop after its answer was kept, or not at all."""
    store.answers.record(assessment.id, {"danger": "yes"})
    (before,) = store.open_stops.list_of(assessment.client_id)
    for name in ("decisions_open_stop", "closings_open_stop", "open_stops_end"):
        store.db.execute(f"DROP TRIGGER {name}")
    for table in ("plan_points", "safety_plans"):
        store.db.execute(f"DROP TABLE {table}")
    for table in ("report_sums", *v9_facts.NAMES[::-1], "pathway_terms", "earlier_episodes"):
        store.db.execute(f"DROP TABLE {table}")
    store.db.execute("DROP TABLE open_stops")
    store.db.execute("DROP TABLE risk_signs")
    for column in ("reason", "terms"):
        store.db.execute(f"ALTER TABLE safety DROP COLUMN {column}")
    for column in ("given_at", "elsewhere"):
        store.db.execute(f"ALTER TABLE answers DROP COLUMN {column}")
    store.db.execute("ALTER TABLE taken DROP COLUMN note")
    store.db.execute("UPDATE worklist SET kind = 'draft'")
    store.db.execute("DELETE FROM _sqlite_migrations WHERE name > 'm006'")
    store.db.execute("PRAGMA user_version = 5")
    key_file.write(
        path.with_suffix(".keys"),
        KeyFile(
            number=1,
            checks=(keyslots.digest(key),),
            slots=(keyslots.make("recovery", "", "x", (key,)),),
        ),
        (key,),
        replace=False,
    )
    store.close()
    with open_store(path, key, "nurse-1") as after:
        assert after.open_stops.list_of(assessment.client_id) == [before]
        (item,) = after.worklist.list_items(TODAY)
        assert (item.kind, item.stops[0].stop) == ("open_stop", "R1")


@pytest.mark.parametrize("odd", ["x", [["a"]], {"a": 1}])
def test_an_answer_that_does_not_fit_keeps_no_store_closed(
    store: Store, assessment: Assessment, path: Path, key: bytes, odd: object
) -> None:
    """As after damage or a hand in the file: the draft counts as unread, the others as they are."""
    store.answers.record(assessment.id, {"danger": "yes"})
    (before,) = store.open_stops.list_of(assessment.client_id)
    store.db.execute("DROP TRIGGER answers_no_UPDATE")
    store.db.execute("UPDATE answers SET value = ?, question = 'mood.1'", [json.dumps(odd)])
    with pytest.raises((TypeError, ValueError)):
        draft_status.keep_status(store, assessment.id)
    with store.writing():
        list_all(store)
    assert store.open_stops.list_of(assessment.client_id) == [before]
    (item,) = store.worklist.list_items(TODAY)
    assert item.kind == "open_stop"


@pytest.mark.parametrize("number", range(1, migrations.newest()))
def test_an_older_store_gets_the_very_tables_of_a_new_one(
    number: int, path: Path, key: bytes, tmp_path: Path
) -> None:
    old = of_version(number, path, key)
    with (
        open_store(old, key, "nurse-1") as migrated,
        create_store(tmp_path / "new" / "porras.db", key, "nurse-1") as new,
    ):
        assert shape(migrated.db) == shape(new.db)


LISTING_CUT = """
import os, sys
from pathlib import Path
from store.repository import worklist
from store.opening.store_file import open_store
worklist.list_all = lambda *_: os._exit(9)
open_store(Path(sys.argv[1]), bytes(range(32)), "nurse-1")
"""


def test_a_list_that_could_not_be_made_anew_is_made_at_the_next_start(
    path: Path, key: bytes
) -> None:
    of_version(2, path, key)
    done = subprocess.run([sys.executable, "-c", LISTING_CUT, str(path)], cwd=ROOT, check=False)
    assert done.returncode == 9
    with open_store(path, key, "nurse-1") as store:
        assert store.worklist.count_items(datetime.date(2026, 11, 22)) == 7


MIGRATION_CUT = """
import os, sys
from pathlib import Path
from store.database import migrations
from store.opening.store_file import open_store
migrations._freeze = lambda *_: os._exit(9)
open_store(Path(sys.argv[1]), bytes(range(32)), "nurse-1")
"""


def test_a_store_of_the_first_version_cut_short_on_the_way_is_whole_again(
    old: Path, key: bytes
) -> None:
    done = subprocess.run([sys.executable, "-c", MIGRATION_CUT, str(old)], cwd=ROOT, check=False)
    assert done.returncode == 9
    db = connections.connect(old, key, migrations.schema(1))
    assert not {"episodes", "worklist"} & set(db.table_names())
    db.close()
    with open_store(old, key, "nurse-1") as store:
        assert (
            len(store.assessments.list_drafts())
            == len(store.worklist.list_items(datetime.date(2026, 11, 22)))
            == 1
        )
        assert store.audit_log.find_bad_event() is None


def test_an_older_program_leaves_a_newer_store_alone(full: Store, path: Path, key: bytes) -> None:
    full.close()
    before = path.read_bytes()
    with pytest.raises(FutureSchema):
        connections.connect(path, key, migrations.schema(migrations.newest() - 1))
    assert path.read_bytes() == before


CREATION_CUT = """
import os, sys
from pathlib import Path
from store.files import durable
from store.pathway_files.care import shipped_care
from store.opening.store_file import create_store
def cut(*args, **values):
    os._exit(9)
setattr(durable, sys.argv[2], cut)
create_store(Path(sys.argv[1]), bytes(range(32)), "nurse-1")
"""


@pytest.mark.parametrize("where", ["put_in_place", "sync_folder"])
def test_a_creation_cut_short_leaves_no_half_store(path: Path, key: bytes, where: str) -> None:
    path.parent.mkdir(exist_ok=True)  # whose own name is made durable too
    command = [sys.executable, "-c", CREATION_CUT, str(path), where]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 9
    opener = open_store if path.exists() else create_store
    assert path.exists() is (where == "sync_folder")
    with opener(path, key, "nurse-1") as store:
        assert store.find_faults() == []
        assert store.audit_log.find_bad_event() is None


def test_nothing_is_left_beside_a_new_store(store: Store, path: Path) -> None:
    store.close()
    left = {file.name for file in path.parent.iterdir()}
    assert left == {"porras.db", "porras.db.ballast", "porras.db.head"}
