"""A hand that changes the past with the key and all the rights to do so (F11)."""

from __future__ import annotations

import datetime
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as driver

from stepping.episode.events import Opened
from stepping.episode.validation import ValidationContext
from store.audit import chain
from store.database.engine import Database
from store.opening.store_file import create_store
from store.pathway_files.care import shipped_care
from store.records import Confirmation
from store.repository.store import Store
from tests.faults.stores import KEY, Ticking, began
from tests.faults.tally import Tally

_TABLES = {table: (column, word) for word, (table, column) in chain.WRITTEN.items()}
"""By table: the column that an event names as its subject, and the first word of such an event."""


def history(path: Path) -> Store:
    """A store with a row in each of these tables, without the triggers that guard them."""
    store = create_store(path, KEY, "nurse-1", Ticking())
    for number in range(3):
        assessment = began(store)
        store.answers.record(assessment, {"q1": number, "q2": 2})
        store.answers.record(assessment, {"q1": number + 1})
        store.answers.add_note(assessment, "q1", "tired")
        store.safety_steps.record(assessment, "s", "c", "p", done=True)
        client = store.assessments.get(assessment).client_id
        store.audit_log.log_view(client)
        day = datetime.date(2026, 11, 22)
        opening = Opened(day=day)
        episode = store.episodes.begin(
            client, opening, ValidationContext(day, 1980, {}, {}, {}, shipped_care().tracks)
        )
        store.episodes.attach_assessment(assessment, episode.id)
        done = Confirmation(
            decision_json="{}", suggested_step=1, confirmed_step=1, final_answers_seq=3
        )
        store.decisions.confirm(assessment, done)
    store.staff.set_own_unit("Lahden sote-keskus")
    store.settings.set("language", "fi")
    for (name,) in store.db.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
    ).fetchall():
        store.db.execute(f"DROP TRIGGER {name}")
    store.db.execute("PRAGMA foreign_keys = OFF")
    store.db.execute("PRAGMA ignore_check_constraints = ON")
    return store


def _event_of(db: Database, table: str, subject: str) -> int:
    """The number of the event that tells of a record."""
    sql = "SELECT min(seq) FROM audit WHERE subject = ? AND event LIKE ?"
    return int(db.execute(sql, (subject, _TABLES[table][1] + ".%")).fetchone()[0])


def _rows(db: Database, table: str) -> list[dict[str, Any]]:
    return list(db.table(table).rows)


def _filled(db: Database, chance: random.Random) -> str:
    """A table with rows in it; what a part of the program keeps that is not used here has none."""
    there = set(db.table_names())
    return chance.choice([name for name in _TABLES if name in there and db.table(name).count])


def _other(value: object, chance: random.Random) -> object:
    if isinstance(value, int):
        return value + chance.choice((-1, 1))
    return f"{value or ''}{chance.choice('abc')}"


def edit(db: Database, chance: random.Random) -> int:
    """One cell of one record gets another value."""
    table = _filled(db, chance)
    key, _ = _TABLES[table]
    row = chance.choice(_rows(db, table))
    column = chance.choice([name for name in row if name != key])
    sql = f'UPDATE {table} SET "{column}" = ? WHERE "{key}" = ?'
    db.execute(sql, (_other(row[column], chance), row[key]))
    return _event_of(db, table, row[key])


def delete(db: Database, chance: random.Random) -> int:
    """One record is gone."""
    table = _filled(db, chance)
    key, _ = _TABLES[table]
    subject = chance.choice(_rows(db, table))[key]
    db.execute(f'DELETE FROM {table} WHERE "{key}" = ?', (subject,))
    return _event_of(db, table, subject)


def smuggle(db: Database, chance: random.Random) -> int:
    """A note that nobody wrote."""
    row = chance.choice(_rows(db, "notes"))
    db.table("notes").insert({**row, "id": f"smuggled{chance.random()}"})
    return chain.head(db)[0] + 1


def edit_event(db: Database, chance: random.Random) -> int:
    """One cell of the history itself gets another value."""
    seq = chance.randrange(1, chain.head(db)[0] + 1)
    column = chance.choice(("at", "actor", "event", "subject", "digest", "prev", "hash"))
    value = db.execute(f"SELECT {column} FROM audit WHERE seq = ?", (seq,)).fetchone()[0]
    db.execute(f"UPDATE audit SET {column} = ? WHERE seq = ?", (_other(value, chance), seq))
    return seq


def delete_event(db: Database, chance: random.Random) -> int:
    """One event is gone from the middle."""
    seq = chance.randrange(1, chain.head(db)[0])
    db.execute("DELETE FROM audit WHERE seq = ?", (seq,))
    return seq


def swap_events(db: Database, chance: random.Random) -> int:
    """Two neighbouring events change places."""
    seq = chance.randrange(1, chain.head(db)[0])
    for old, new in ((seq, 0), (seq + 1, seq), (0, seq + 1)):
        db.execute("UPDATE audit SET seq = ? WHERE seq = ?", (new, old))
    return seq


def change_setting(db: Database, chance: random.Random) -> int:
    """A setting becomes another without an event."""
    db.execute("UPDATE settings SET value = value || ?", (chance.choice("abc"),))
    return chain.head(db)[0] + 1


_BY_HAND: tuple[Callable[[Database, random.Random], int], ...] = (
    edit,
    edit,
    delete,
    smuggle,
    edit_event,
    delete_event,
    swap_events,
    change_setting,
)


def by_hand(folder: Path, count: int) -> Tally:
    """A single change anywhere; the check has to name the very event that no longer holds."""
    seen: Counter[str] = Counter()
    with history(folder / "p.db") as store:
        assert chain.first_bad(store.db) is None
        for seed in range(count):
            chance = random.Random(seed)
            act = chance.choice(_BY_HAND)
            store.db.execute("BEGIN")
            try:
                wanted = act(store.db, chance)
                assert chain.first_bad(store.db) == wanted, (seed, act.__name__)
                seen[f"{act.__name__} named".replace("_", " ")] += 1
            except driver.IntegrityError:
                seen["refused by the tables themselves"] += 1
            finally:
                store.db.rollback()
        assert chain.first_bad(store.db) is None
    return Tally(count, 0, seen=seen)


def _cut_tail(db: Database, chance: random.Random) -> None:
    """The newest events and their records, as if they had never been."""
    first = chain.head(db)[0] - chance.randrange(1, 8)
    gone = db.execute("SELECT subject FROM audit WHERE seq > ?", (first,)).fetchall()
    for table, (column, _) in _TABLES.items():
        if table not in db.table_names():
            continue
        marks = ", ".join("?" * len(gone))
        db.execute(f'DELETE FROM {table} WHERE "{column}" IN ({marks})', [row[0] for row in gone])
    db.execute("DELETE FROM audit WHERE seq > ?", (first,))
    told = "SELECT subject FROM audit WHERE event = 'setting.changed'"
    db.execute(f"DELETE FROM settings WHERE key NOT IN ({told})")


def _rewrite(db: Database, chance: random.Random) -> None:
    """A new history, by the rules, in which a view was somebody else's."""
    rows = _rows(db, "audit")
    chance.choice([row for row in rows if row["event"] == "view"])["actor"] = "nurse-9"
    db.execute("DELETE FROM audit")
    for row in rows:
        chain.append(db, row["at"], row["actor"], row["event"], row["subject"], row["digest"])


def by_rewriting(folder: Path, count: int) -> Tally:
    """The tail cut off or all written anew: a chain alone holds; its head kept elsewhere does not.

    The anchor here is the pair that the store gives to be printed or kept.
    """
    seen: Counter[str] = Counter()
    with history(folder / "p.db") as store:
        anchor = chain.head(store.db)
        for seed in range(count):
            chance = random.Random(seed)
            store.db.execute("BEGIN")
            try:
                (_cut_tail, _rewrite)[seed % 2](store.db, chance)
                alone = chain.first_bad(store.db) is not None
                seq, hash_ = anchor
                row = store.db.execute("SELECT hash FROM audit WHERE seq = ?", (seq,)).fetchone()
                assert row is None or row[0] != hash_, seed
                seen["the chain shows it" if alone else "only the anchor shows it"] += 1
            finally:
                store.db.rollback()
    return Tally(count, 0, seen=seen)
