"""Tables, views, indexes and triggers are as the program makes them, or that is told."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from store.audit import chain
from store.database import connections, engine, migrations
from store.errors import DamagedSchema
from store.maintenance import integrity
from store.opening.store_file import open_store
from store.paths import StorePaths
from store.repository.store import Store
from tests.store.test_schema import of_version

HURT = {
    "trigger answers_no_UPDATE": "DROP TRIGGER answers_no_UPDATE",
    "trigger decisions_open_stop": "DROP TRIGGER decisions_open_stop",
    "index worker_units_by_worker": "DROP INDEX worker_units_by_worker",
    "view belongings": "DROP VIEW belongings;"
    " CREATE VIEW belongings AS SELECT id AS assessment_id, client_id AS place, NULL AS kind,"
    " NULL AS move FROM assessments",
    "trigger silencer": "CREATE TRIGGER silencer BEFORE INSERT ON seals"
    " BEGIN SELECT RAISE(IGNORE); END",
    "table drafts": "ALTER TABLE drafts ADD COLUMN more TEXT",
    "trigger moved": "CREATE TRIGGER moved BEFORE INSERT ON notes"
    " BEGIN SELECT RAISE(ABORT, 'moved'); END",
}
"""What a hand in the file does, by what differs then."""


def raw(path: Path, key: bytes, number: int) -> closing[engine.Database]:
    return closing(connections.connect(path, key, migrations.schema(number)))


def hurt(store: Store, about: str) -> None:
    store.db.conn.executescript(HURT[about])


def test_the_digest_is_that_of_what_the_steps_make() -> None:
    made = migrations._made(migrations.newest())
    assert migrations._digest(made) == migrations.MADE, "a step was added: put the new digest there"
    assert len(made) > 100


@pytest.mark.parametrize("about", HURT)
def test_what_guards_the_tables_is_missed_everywhere(
    store: Store, path: Path, key: bytes, about: str
) -> None:
    hurt(store, about)
    assert chain.first_fault(store.db) is None
    fault = store.audit_log.check().fault
    assert fault and (fault.kind, fault.about) == ("schema", about)
    store.close()
    (found,) = (
        each
        for each in integrity.check_deep(StorePaths(path, path, path), key)
        if each.name == "history"
    )
    assert (found.level, found.values["about"]) == ("fault", about)
    with pytest.raises(DamagedSchema, match=about):
        open_store(path, key, "nurse-1")


def test_remarks_and_blanks_do_not_count(store: Store) -> None:
    sql = "SELECT sql FROM sqlite_schema WHERE name = 'answers_no_UPDATE'"
    (text,) = store.db.execute(sql).fetchone()
    store.db.execute("DROP TRIGGER answers_no_UPDATE")
    store.db.execute(text.replace("\n", "\n  -- a remark\n"))
    assert migrations.changed(store.db) is None


def test_a_store_that_has_been_moved_to_another_key_is_no_false_alarm(store: Store) -> None:
    store.db.execute(migrations.SET_MOVED)
    assert migrations.changed(store.db) is None


@pytest.mark.parametrize("number", range(1, migrations.newest()))
def test_an_older_store_is_compared_with_what_its_version_made(
    number: int, path: Path, key: bytes
) -> None:
    old = of_version(number, path, key)
    with raw(old, key, number) as db:
        assert migrations.changed(db) is None
    with open_store(old, key, "nurse-1") as store:
        assert migrations.changed(store.db) is None


def test_an_older_store_that_lacks_a_guard_is_not_brought_up_to_date(
    path: Path, key: bytes
) -> None:
    number = migrations.newest() - 1
    old = of_version(number, path, key)
    with raw(old, key, number) as db:
        db.execute("DROP TRIGGER answers_no_DELETE")
    for _ in range(2):
        with pytest.raises(DamagedSchema, match="answers_no_DELETE"):
            open_store(old, key, "nurse-1")
    with raw(old, key, number) as db:
        assert migrations.changed(db) == "trigger answers_no_DELETE"
