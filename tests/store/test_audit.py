"""A changed past must show: the chain names the first event that no longer holds."""

from __future__ import annotations

import ast
import datetime
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stepping.decision.outcome import OR_ABOVE
from stepping.episode.events import Contact, Opened, PeriodStarted, Withdrawn
from stepping.episode.validation import ValidationContext
from stepping.pathway.schema import Ages
from store.audit import chain, event_types, origin
from store.audit.origin import Origin
from store.database import connections, engine, migrations
from store.database.tables import v1_assessments, v2_episodes, v3_units
from store.opening.store_file import create_store
from store.pathway_files.care import shipped_care
from store.records import Assessment, Confirmation, PathwayCopy
from store.repository.store import Store
from store.session.sign_in import sign_in

ROOT = Path(__file__).resolve().parents[2]
DAY = datetime.date(2026, 11, 22)
AROUND = ValidationContext(
    DAY,
    1980,
    {"self_help": Ages.model_validate({"from": 18, "to": 99})},
    {},
    {},
    shipped_care().tracks,
)


def live(store: Store, assessment: Assessment, pathway: PathwayCopy) -> None:
    """A history with a row in every table, a correction of each kind, and an override."""
    store.answers.record(assessment.id, {"q1": 1, "q2": 2})
    store.answers.record(assessment.id, {"q1": 3})
    store.answers.record_skip(assessment.id, "q3")
    store.answers.withdraw(assessment.id, "q2")
    store.answers.add_note(assessment.id, "q1", "tired")
    store.safety_steps.record(assessment.id, "s", "c", "p", done=False, why_not="no phone")
    store.safety_steps.record(assessment.id, "s", "c", "p", done=True)
    store.audit_log.log_view(assessment.client_id)
    episode = store.episodes.begin(assessment.client_id, Opened(day=DAY), AROUND)
    store.episodes.attach_assessment(assessment.id, episode.id)
    began = PeriodStarted(day=DAY, period="p1", intervention="self_help", step=1)
    told = store.episodes.record_event(episode.id, began, AROUND)
    told = store.episodes.record_event(episode.id, Contact(day=DAY, period="p1"), AROUND)
    entry = told.entries[-1].id
    told = store.episodes.record_event(
        episode.id, Contact(day=DAY, period="p1", ors=20), AROUND, supersedes=entry
    )
    entry = told.entries[-1].id
    store.episodes.record_event(episode.id, Withdrawn(day=DAY), AROUND, supersedes=entry)
    other = store.assessments.start(assessment.client_id, pathway, setting="clinic", language="fi")
    store.assessments.abandon(other.id, "client left")
    store.staff.set_own_unit("Lahden sote-keskus")
    store.settings.set("county", "paijat_hame")
    store.decisions.confirm(
        assessment.id,
        Confirmation(
            decision_json="{}",
            suggested_step=1,
            confirmed_step=2,
            reason_code="other",
            final_answers_seq=5,
        ),
    )


@pytest.fixture
def worked(store: Store, assessment: Assessment, pathway: PathwayCopy) -> Store:
    """A store with some history and without the triggers that guard it."""
    live(store, assessment, pathway)
    unguard(store)
    store.db.execute("PRAGMA foreign_keys = OFF")
    return store


def unguard(store: Store) -> None:
    sql = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
    for (name,) in store.db.execute(sql).fetchall():
        store.db.execute(f"DROP TRIGGER {name}")


def number(store: Store, event: str) -> int:
    """The number of the first event of a kind."""
    row = store.db.execute("SELECT min(seq) FROM audit WHERE event = ?", (event,)).fetchone()
    return int(row[0])


def found(store: Store, anchor: chain.Anchor | None = None) -> tuple[int, str] | None:
    """Number and kind of the first fault."""
    fault = chain.first_fault(store.db, anchor)
    return (fault.seq, fault.kind) if fault else None


def test_an_untouched_history_holds(worked: Store) -> None:
    assert worked.audit_log.find_bad_event() is None
    assert chain.head(worked.db)[0] == worked.db.table("audit").count
    tables = (*v1_assessments.NAMES, *v2_episodes.NAMES, *v3_units.NAMES, "seal_keys")
    rows = {table: worked.db.table(table).count for table in tables}
    assert all(rows.values()), f"the attacks below need a row in every table: {rows}"


def test_an_empty_history_holds(store: Store) -> None:
    assert store.audit_log.find_bad_event() is None


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        *((name, "hash") for name in ("at", "actor", "event", "subject", "digest", "prev", "hash")),
        *((name, "hash") for name in ("os_user", "origin", "app")),
        ("seq", "gap"),
    ],
)
def test_every_changed_column_of_an_event_shows(worked: Store, column: str, kind: str) -> None:
    values = {"seq": 9999, **dict.fromkeys(("digest", "prev", "hash"), "f" * 64)}
    value = values.get(column, "2020-01-01T00:00:00.000Z")
    worked.db.execute(f"UPDATE audit SET {column} = ? WHERE seq = 5", (value,))
    assert found(worked) == (5, kind)


@pytest.mark.parametrize("column", ["os_user", "origin", "app"])
def test_where_an_event_came_from_cannot_be_wiped(worked: Store, column: str) -> None:
    worked.db.execute("UPDATE audit SET os_user = 'a', origin = 'b', app = 'c' WHERE seq = 5")
    row = next(worked.db.query("SELECT * FROM audit WHERE seq = 5"))
    new = chain.digest({name: value for name, value in row.items() if name != "hash"})
    worked.db.execute("UPDATE audit SET hash = ? WHERE seq = 5", (new,))
    assert found(worked) == (6, "link")
    worked.db.execute(f"UPDATE audit SET {column} = NULL WHERE seq = 5")
    assert found(worked) == (5, "hash")


ROWS = {
    "worker.added": "UPDATE workers SET handle = 'nurse-9'",
    "client.added": "UPDATE clients SET birth_year = 1981",
    "pathway.kept": "UPDATE pathways SET files = '{}'",
    "assessment.started": "UPDATE assessments SET language = 'sv'",
    "answer.given": "UPDATE answers SET value = '0' WHERE seq = 1",
    "answer.corrected": "UPDATE answers SET value = '0' WHERE seq = 3",
    "note.added": "UPDATE notes SET text = 'well'",
    "safety.recorded": "UPDATE safety SET recorder = 'nurse-9'",
    "safety.corrected": "UPDATE safety SET recorder = 'nurse-9' WHERE done = 1",
    "decision.overridden": "UPDATE decisions SET decision = '[]'",
    "closing.abandoned": "UPDATE closings SET why = 'forgotten'",
    "episode.begun": "UPDATE episodes SET created_at = '2020-01-01T00:00:00.000Z'",
    "attachment.made": "UPDATE episode_assessments SET at = '2020-01-01T00:00:00.000Z'",
    "event.opened": """UPDATE episode_events SET day = '2020-01-01',
        event = json_set(event, '$.day', '2020-01-01') WHERE kind = 'opened'""",
    "event.measured": """UPDATE episode_events SET at = '2020-01-01T00:00:00.000Z'
        WHERE kind = 'measured'""",
    "unit.named": "UPDATE worker_units SET unit = 'elsewhere'",
    "sealkey.made": "UPDATE seal_keys SET private_key = public_key",
}


@pytest.mark.parametrize("event", ROWS)
def test_every_changed_record_shows_at_its_event(worked: Store, event: str) -> None:
    worked.db.execute(ROWS[event])
    assert found(worked) == (number(worked, event), "changed")


ATTACKS: dict[str, tuple[Callable[[Store], object], str, str]] = {
    "a deleted event": (
        lambda s: s.db.execute("DELETE FROM audit WHERE event = 'note.added'"),
        "note.added",
        "gap",
    ),
    "events changed about": (
        lambda s: s.db.executescript(
            "UPDATE audit SET seq = 999 WHERE seq = 8; UPDATE audit SET seq = 8 WHERE seq = 9;"
            "UPDATE audit SET seq = 9 WHERE seq = 999;"
        ),
        "answer.given",
        "hash",
    ),
    "a deleted record": (
        lambda s: s.db.execute("DELETE FROM answers WHERE seq = 3"),
        "answer.corrected",
        "missing",
    ),
    "a dropped table": (lambda s: s.db.execute("DROP TABLE notes"), "note.added", "missing"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_gaps_swaps_and_losses_show(worked: Store, attack: str) -> None:
    act, event, kind = ATTACKS[attack]
    bad = number(worked, event)
    act(worked)
    assert found(worked) == (bad, kind)


def test_a_record_that_no_event_tells_of_shows(worked: Store) -> None:
    row = next(worked.db.table("notes").rows)
    worked.db.table("notes").insert({**row, "id": "smuggled"})
    assert found(worked) == (chain.head(worked.db)[0] + 1, "untold")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE settings SET value = 'uusimaa' WHERE key = 'county'",
        "DELETE FROM settings WHERE key = 'county'",
        "INSERT INTO settings (key, value) VALUES ('retention', '1')",
    ],
)
def test_a_setting_changed_past_the_program_shows(worked: Store, sql: str) -> None:
    worked.db.execute(sql)
    assert found(worked) == (chain.head(worked.db)[0] + 1, "setting")


def test_a_cut_tail_shows_when_a_record_is_left(worked: Store) -> None:
    last = chain.head(worked.db)[0]
    worked.db.execute("DELETE FROM audit WHERE seq = ?", (last,))
    assert found(worked) == (last, "untold")


def rewrite(store: Store) -> None:
    """Make the whole chain anew, with every look in another's name: it holds in itself."""
    rows = list(store.db.table("audit").rows)
    store.db.execute("DELETE FROM audit")
    for row in rows:
        if row["event"] == "view":
            row |= {"actor": "somebody"}
        told = Origin(row["os_user"], row["origin"], row["app"])
        at, actor, event, subject, digest = (
            row[name] for name in ("at", "actor", "event", "subject", "digest")
        )
        chain.append(store.db, at, actor, event, subject, digest, told)


def test_the_head_is_an_anchor_against_rewriting(worked: Store) -> None:
    """Who can rewrite all can make a chain that holds; the printed head does not fit it."""
    seq, hash_ = worked.audit_log.get_head()
    rewrite(worked)
    assert found(worked) is None
    assert found(worked, chain.Anchor(seq, hash_[:16])) == (seq, "anchor")


@pytest.mark.parametrize("left", [1, 7])
def test_an_anchor_shows_that_the_tail_was_cut_off_with_all_it_tells(
    worked: Store, left: int
) -> None:
    for _ in range(left):
        worked.audit_log.log_view("gone")
    seq, hash_ = worked.audit_log.get_head()
    worked.db.execute("DELETE FROM audit WHERE subject = 'gone'")
    assert found(worked) is None
    assert found(worked, chain.Anchor(seq, hash_)) == (seq - left + 1, "cut")


def test_an_anchor_tells_another_store_and_another_key(worked: Store) -> None:
    seq, hash_ = worked.audit_log.get_head()
    site = chain.site(worked.db)
    assert found(worked, chain.Anchor(seq, hash_, site=site)) is None
    assert found(worked, chain.Anchor(seq, hash_, site="0" * 8)) == (1, "anchor")
    assert found(worked, chain.Anchor(seq, hash_, key="0" * 16)) == (seq + 1, "key")


def test_an_empty_column_added_later_changes_no_digest() -> None:
    assert chain.digest({"a": 1, "b": "ä"}) == chain.digest({"b": "ä", "a": 1, "new": None})
    assert chain.digest({"a": 1}) != chain.digest({"a": "1"})


# -- any single change at all --------------------------------------------------------------------


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store that each change is tried on and undone."""
    pathway = PathwayCopy(digest="sha256:1", pathway_id="a", version="1", files={"r": "x"})
    path = tmp_path_factory.mktemp("lived") / "porras.db"
    with create_store(path, bytes(range(32)), "nurse-1") as store:
        client = store.clients.add(birth_year=1980, language="fi")
        begun = store.assessments.start(client.id, pathway, setting="clinic", language="fi")
        live(store, begun, pathway)
        yield store


@contextmanager
def tried(store: Store) -> Iterator[engine.Database]:
    """Let anything be done to the tables, and undo it."""
    store.db.execute("PRAGMA ignore_check_constraints = ON")
    store.db.conn.execute("BEGIN IMMEDIATE")
    try:
        store.db.conn.execute("PRAGMA defer_foreign_keys = ON")
        unguard(store)
        yield store.db
    finally:
        store.db.rollback()
        store.db.execute("PRAGMA ignore_check_constraints = OFF")


def other(value: Any) -> Any:
    """Another value of a type that the column takes."""
    if isinstance(value, int):
        return value + 1000
    return "x" if value is None else f"{value}x"


def of_type(db: engine.Database, table: str, column: str, value: Any) -> Any:
    """An empty number is filled with a number."""
    if value is None and db.table(table).columns_dict[column] is int:
        return 7
    return other(value)


WORDS = {table: (word, column) for word, (table, column) in chain.WRITTEN.items()}


def told_at(db: engine.Database, table: str, row: Mapping[str, Any]) -> int:
    """The number of the event that wrote a row, found without the code that is tested."""
    word, column = WORDS[table]
    for seq, event, subject in db.execute("SELECT seq, event, subject FROM audit ORDER BY seq"):
        if event.split(".")[0] == word and subject == row[column]:
            return int(seq)
    raise AssertionError(f"no event tells of {row}")


def records(db: engine.Database) -> list[str]:
    """The tables in which some event wrote a row."""
    there = WORDS.keys() & set(db.table_names())
    return sorted(table for table in there if db.table(table).count)


QUICK = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUICK
@given(data=st.data())
def test_any_change_of_any_column_of_any_record_is_found(lived: Store, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(records(lived.db)))
    rows = list(lived.db.table(table).rows)
    row = data.draw(st.sampled_from(rows))
    column = data.draw(st.sampled_from(sorted(row)))
    bad = told_at(lived.db, table, row)
    key = WORDS[table][1]
    with tried(lived) as db:
        sql = f'UPDATE {table} SET "{column}" = ? WHERE "{key}" = ?'
        db.execute(sql, (of_type(db, table, column, row[column]), row[key]))
        assert chain.first_bad(db) == bad
    assert chain.first_bad(lived.db) is None


@QUICK
@given(data=st.data())
def test_any_change_of_any_column_of_any_event_is_found(lived: Store, data: st.DataObject) -> None:
    rows = list(lived.db.table("audit").rows)
    row = data.draw(st.sampled_from(rows))
    column = data.draw(st.sampled_from(sorted(row)))
    with tried(lived) as db:
        value = of_type(db, "audit", column, row[column])
        db.execute(f'UPDATE audit SET "{column}" = ? WHERE seq = ?', (value, row["seq"]))
        assert chain.first_bad(db) == row["seq"]


@QUICK
@given(data=st.data())
def test_any_event_or_record_taken_out_is_found(lived: Store, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from([*records(lived.db), "audit"]))
    row = data.draw(st.sampled_from(list(lived.db.table(table).rows)))
    newest = chain.head(lived.db)[0]
    bad = row["seq"] if table == "audit" else told_at(lived.db, table, row)
    key = "seq" if table == "audit" else WORDS[table][1]
    anchor = chain.Anchor(*lived.audit_log.get_head())
    with tried(lived) as db:
        db.execute(f'DELETE FROM {table} WHERE "{key}" = ?', (row[key],))
        fault = chain.first_fault(db, anchor)
        assert fault is not None
        assert fault.seq == min(bad, newest)


@QUICK
@given(data=st.data())
def test_any_two_events_changed_about_are_found(lived: Store, data: st.DataObject) -> None:
    newest = chain.head(lived.db)[0]
    first, second = sorted(
        data.draw(st.lists(st.integers(1, newest), min_size=2, max_size=2, unique=True))
    )
    with tried(lived) as db:
        for old, new in ((first, -1), (second, first), (-1, second)):
            db.execute("UPDATE audit SET seq = ? WHERE seq = ?", (new, old))
        assert chain.first_bad(db) == first


@QUICK
@given(data=st.data())
def test_any_event_or_record_put_in_is_found(lived: Store, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from([*records(lived.db), "audit"]))
    row = dict(data.draw(st.sampled_from(list(lived.db.table(table).rows))))
    newest = chain.head(lived.db)[0]
    with tried(lived) as db:
        if table == "audit":
            # What comes after makes room; each keeps its hash.
            db.execute("UPDATE audit SET seq = -seq - 1 WHERE seq >= ?", (row["seq"],))
            db.execute("UPDATE audit SET seq = -seq WHERE seq < 0")
            db.table("audit").insert({**row, "actor": "somebody"})
            assert chain.first_bad(db) == row["seq"]
            return
        indexes = (index for index in db.table(table).indexes if index.unique)
        keys = {name for index in indexes for name in index.columns} | {"id"}
        db.table(table).insert({name: other(v) if name in keys else v for name, v in row.items()})
        assert chain.first_fault(db) == chain.Fault(newest + 1, "untold", table)


@QUICK
@given(data=st.data())
def test_any_cut_shows_beside_an_anchor(lived: Store, data: st.DataObject) -> None:
    seq, hash_ = lived.audit_log.get_head()
    first = data.draw(st.integers(1, seq))
    with tried(lived) as db:
        db.execute("DELETE FROM audit WHERE seq >= ?", (first,))
        assert chain.first_bad(db) in {first, None}
        fault = chain.first_fault(db, chain.Anchor(seq, hash_))
        assert fault is not None
        assert fault.seq == first


# -- where an event comes from -------------------------------------------------------------------


def test_every_event_tells_where_it_came_from(
    path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def whence() -> Origin:
        asked.append(1)
        return Origin("nurse", "/dev/pts/3 ssh 192.0.2.7", "1.2.3")

    create_store(path, key, "nurse-1").close()
    monkeypatch.setattr(origin, "here", whence)
    db = connections.connect(path, key, migrations.schema())
    with Store(db, "nurse-1", datetime_now, training=False) as store:
        sign_in(store)
        store.audit_log.log_view("client")
        told = store.audit_log.list_events(limit=3)
        assert {entry[5:8] for entry in told} == {("nurse", "/dev/pts/3 ssh 192.0.2.7", "1.2.3")}
        assert store.audit_log.find_bad_event() is None
    assert asked == [1], "it is collected once, at the sign-in"


def datetime_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@pytest.mark.skipif(sys.platform == "win32", reason="users of Unix")
def test_the_origin_of_a_process_is_the_system_s_word_not_a_variable_s(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import os
    import pwd

    monkeypatch.setenv("USER", "somebody")
    monkeypatch.setenv("LOGNAME", "somebody")
    here = origin.here({"SSH_CONNECTION": "192.0.2.7 50022 192.0.2.1 22"})
    assert here.os_user == pwd.getpwuid(os.getuid()).pw_name
    assert (here.origin or "").endswith("ssh 192.0.2.7")
    assert here.app and here.app[0].isdigit()


@pytest.mark.parametrize("value", ["", "\x1b[2J 1 2 3", "x" * 65 + " 1", "ä 1 2 3"])
def test_a_forged_variable_puts_no_rubbish_in_the_log(value: str) -> None:
    assert "ssh" not in (origin.here({"SSH_CONNECTION": value}).origin or "")


# -- every deed has a name ----------------------------------------------------------------------


def test_corrections_and_overrides_have_names_of_their_own(worked: Store) -> None:
    told = [row["event"] for row in worked.db.query("SELECT event FROM audit ORDER BY seq")]
    for event in (
        "answer.corrected",
        "answer.skipped",
        "answer.withdrawn",
        "safety.corrected",
        "event.corrected",
        "event.withdrawn",
        "decision.overridden",
    ):
        assert told.count(event) == 1, event
    assert (told.count("answer.given"), told.count("event.contact")) == (2, 1)


@pytest.mark.parametrize(
    ("suggested", "confirmed", "reason", "name"),
    [
        (1, 1, None, "decision.confirmed"),
        (1, 2, OR_ABOVE, "decision.confirmed"),
        (1, 2, "wish", "decision.overridden"),
        (2, 1, "wish", "decision.overridden"),
        (None, 1, "other", "decision.overridden"),
    ],
)
def test_a_step_left_open_upward_is_no_override(
    suggested: int | None, confirmed: int, reason: str | None, name: str
) -> None:
    row = {"suggested_step": suggested, "confirmed_step": confirmed, "reason_code": reason}
    assert event_types.name_event("decision.confirmed", row) == name


def events_in(path: Path) -> Iterator[str]:
    """Every event that a module names when it logs, or how the name begins."""
    place = {"log": 0, "log_event": 0, "append": 2}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        at = place.get(node.func.attr)
        if at is None or len(node.args) <= at:
            continue
        match node.args[at]:
            case ast.Constant(str() as name):
                yield name
            case ast.IfExp(_, ast.Constant(str() as one), ast.Constant(str() as two)):
                yield from (one, two)
            case ast.JoinedStr([ast.Constant(str() as begins), *_]):
                yield begins


@pytest.mark.parametrize("room", ["store", "casework", "screens", "tui"])
def test_the_list_of_deeds_names_every_event_that_is_logged(room: str) -> None:
    logged = {name for path in (ROOT / room).rglob("*.py") for name in events_in(path)}
    unknown = {name for name in logged if not event_types.find_type(name)}
    unknown -= {
        name for name in unknown if any(deed.startswith(name) for deed in event_types.EVENT_TYPES)
    }
    assert unknown == set()
    assert room != "store" or {"answer.", "session.opened", "event."} <= logged


def test_an_event_without_a_name_in_the_list_is_not_logged(store: Store) -> None:
    head = store.audit_log.get_head()
    with pytest.raises(ValueError, match="no such event"):
        store.log_event("secret.deed")
    assert store.audit_log.get_head() == head
