"""If these fail, a report tells a sum of what was, and nobody sees that it is old."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.reports.making import make_report
from casework.training.caseload import caseload
from stepping.episode.events import Contact, NeedEstablished
from stepping.finland import finnish_day
from stepping.reports.catalogue import AREA, BREAKDOWNS, REPORTS, find_report
from stepping.reports.counts import Tally
from stepping.reports.periods import month_of, read_period
from stepping.reports.series import SERIES
from store.database.tables import v9_facts, v9_sums
from store.errors import DiskFull, StoreError
from store.maintenance import integrity
from store.opening.store_file import open_store
from store.paths import StorePaths
from store.report_records import Counting
from store.repository.internal import kept_sums, report_rows
from store.repository.internal.report_sums import add_up, query
from store.repository.store import Store
from store.retention import erasure
from store.training.opening import open_training
from store.training.reset import reset_training
from store.training.shapes import read_shapes
from tests.store.conftest import TickingClock
from tests.store.test_retention import Workspace
from tests.store.test_summaries import Walk

NOW = datetime.datetime(2026, 12, 6, 10, tzinfo=UTC)
COLUMNS = {
    series: sorted(
        {
            BREAKDOWNS[name].column
            for report in REPORTS.values()
            for name in report.breakdowns
            if name != AREA  # made of the municipality, which is what is counted
            if series in {figure.series for figure in report.figures_by(name)}
        }
    )
    for series in SERIES
}
"""By what each series is told in some report."""


def read_and_keep(store: Store, counting: Counting, unit: str | None = None) -> list[Tally]:
    """Return what is read of sums, within a transaction that keeps those that were missing."""
    fresh: list[kept_sums.Counted] = []
    found = kept_sums.read(store, counting, unit, fresh=fresh)
    kept_sums.keep_fresh(store, fresh)
    return found


def ask(
    store: Store,
    series: str,
    column: str | None,
    *,
    persons: bool,
    unit: str | None = None,
    months: range | None = None,
) -> tuple[list[Tally], list[Tally]]:
    """Return what is read of the sums that are kept, and what is counted now."""
    today = finnish_day(store.clock())
    last = today.year * 12 + 11
    counting = Counting(
        SERIES[series], column, months or range(last - 35, last + 1), today, persons=persons
    )
    with store.writing():
        kept = read_and_keep(store, counting, unit)
        return in_order(kept), in_order(add_up(store, counting, unit=unit))


def in_order(tallies: Any) -> list[Tally]:
    return sorted(tallies, key=repr)


def kept(store: Store) -> int:
    return store.db.table("report_sums").count


def astray(store: Store) -> int:
    with store.reading():
        return kept_sums.count_astray(store)


@pytest.fixture
def workspace(store: Store, clock: TickingClock) -> Workspace:
    return Workspace(store, clock)


# -- histories -------------------------------------------------------------------------------------


class LongWalk(Walk):
    """Random deeds over years, of which some are told of late."""

    def do(self) -> str:
        self.workspace.wait(self.chance.choice([0, 1, 40, 170]))
        if self.chance.random() < 0.25:
            with suppress(StoreError, IndexError):
                self.late()
            return "late"
        return super().do()

    def late(self) -> None:
        """Tell of something that was on the first day of an episode."""
        episode = self.episode
        day = self.store.episodes.get(episode)[1].entries[0].event.day
        late = (
            Contact(day=day, period="p1"),
            NeedEstablished(day=day),
        )
        self.workspace.tell(episode, self.chance.choice(late))


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.nightly) for seed in range(1, 6))]
)
def test_sums_kept_are_those_counted_now_after_any_history(workspace: Workspace, seed: int) -> None:
    chance = random.Random(seed)
    walk = LongWalk(workspace, chance)
    for client in walk.clients[:2]:
        workspace.care(client)
    done, read, told = [], 0, 0
    for _ in range(20):
        done.append(walk.do())
        assert astray(workspace.store) == 0, done
        before = kept(workspace.store)
        for series in chance.sample(sorted(SERIES), 5):
            column = chance.choice([None, *COLUMNS[series]])
            unit = chance.choice([None, None, "Lahti"])
            persons = chance.random() < 0.5
            found, now = ask(workspace.store, series, column, persons=persons, unit=unit)
            assert found == now, (series, column, persons, unit, done)
            told += bool(now)
        read += before
    assert told > 3, "the histories tell nothing"
    assert read > 20, "no sum ever stood"
    assert {"late", "purge", "correct", "join"} & {*done}


# -- what deletes them -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A training store with a caseload."""
    path = tmp_path_factory.mktemp("sums") / "training.db"
    shapes = read_shapes().model_copy(update={"clients": 3})
    reset_training(path, lambda: NOW, caseload(None, shapes))
    with open_training(path, lambda: NOW + timedelta(days=1)) as store:
        yield store


def ask_all(store: Store, among: Iterable[str] = SERIES) -> None:
    """Keep sums of series by nothing and by what an episode tells, with persons and without."""
    today = finnish_day(store.clock())
    months = range(today.year * 12 - 24, today.year * 12 + 12)
    with store.writing():
        for series in among:
            for column in (None, *COLUMNS[series][-1:]):
                for persons in (False, True):
                    counting = Counting(SERIES[series], column, months, today, persons=persons)
                    read_and_keep(store, counting)


class _TakenBack(Exception):
    """Nothing of what was tried stays."""


_KEYS = {"place", "id", *v9_facts.HEADS.values()}


def sources_of(series: str) -> str:
    """Return the text that names the tables of which a series counts rows."""
    return report_rows.SOURCES[SERIES[series].rows]


def _others(store: Store, table: str, column: Any) -> list[Any]:
    """Values that may stand in a column: those that do, another month, and nothing."""
    sql = f'SELECT DISTINCT "{column.name}" FROM {table}'
    found = [row[0] for row in store.db.execute(sql).fetchall()]
    if column.name in v9_sums.MONTHS.get(table, ()):
        found.append("2025-02")
    return found if column.notnull else [*found, None]


def _columns(store: Store, table: str) -> list[Any]:
    return [each for each in store.db.table(table).columns if each.name not in _KEYS]


@pytest.mark.parametrize("table", v9_facts.NAMES)
def test_no_sum_outlives_a_change_of_what_it_counts(many: Store, table: str) -> None:
    """The columns under which a row stands, and one that is drawn."""
    columns = _columns(many, table)
    months = [each for each in columns if each.name in v9_sums.MONTHS.get(table, ())]
    drawn = random.Random(table).choice(columns)
    attack(many, table, [*months, *([drawn] if drawn not in months else [])], lines=1)


@pytest.mark.nightly
@pytest.mark.parametrize("table", v9_facts.NAMES)
def test_no_sum_outlives_a_change_of_anything_that_it_counts(many: Store, table: str) -> None:
    attack(many, table, _columns(many, table), lines=3)


def attack(store: Store, table: str, columns: list[Any], lines: int) -> None:
    """Change columns, and for lines their numbers; every sum that stands after it is right."""
    chance = random.Random(table)
    ask_all(store, [name for name in SERIES if table in sources_of(name)])
    rowids = [row[0] for row in store.db.execute(f"SELECT rowid FROM {table}").fetchall()]
    attacks: list[tuple[str, tuple[Any, ...]]] = []
    for column in columns:
        if others := _others(store, table, column):
            sql = f'UPDATE {table} SET "{column.name}" = ? WHERE rowid = ?'
            attacks.append((sql, (chance.choice(others), chance.choice(rowids))))
    if table not in v9_facts.HEADS:
        attacks += [(f"DELETE FROM {table} WHERE id = ?", (chance.choice(rowids),))]
        for rowid in chance.sample(rowids, min(lines, len(rowids))):
            free = rowid | ((1 << v9_facts.LINES) - 1)
            attacks.append((f"UPDATE {table} SET id = ? WHERE id = ?", (free, rowid)))
    gone = 0
    for sql, values in attacks:
        before = kept(store)
        with suppress(_TakenBack, StoreError), store.writing():
            store.db.execute(sql, values)
            gone += kept(store) < before
            assert kept_sums.count_astray(store) == 0, (sql, values)
            raise _TakenBack
        assert kept(store) == before, "a change that is taken back leaves the sums"
    assert gone


def test_an_old_sum_is_found_where_its_trigger_is_missing(workspace: Workspace) -> None:
    """The check above would see a change that deletes nothing."""
    workspace.care(workspace.client())
    ask(workspace.store, "confirmed", None, persons=False)
    workspace.store.db.execute("DROP TRIGGER summary_assessments_sums_UPDATE")
    with workspace.store.writing():
        workspace.store.db.execute("UPDATE summary_assessments SET choice = 'override'")
        workspace.store.db.execute("UPDATE summary_assessments SET confirmed = 4")
    assert astray(workspace.store) > 0


def test_a_purge_and_an_erasure_leave_no_sum_of_what_was(workspace: Workspace) -> None:
    episode, made = workspace.care(workspace.client(sex="x"))
    workspace.close(episode)
    workspace.take(*made)
    ask_all(workspace.store)
    workspace.wait(31)
    erasure.purge(workspace.store)
    assert astray(workspace.store) == 0
    for series in SERIES:
        found, now = ask(workspace.store, series, None, persons=True)
        assert found == now


def test_each_kind_of_rows_names_its_table() -> None:
    assert kept_sums.SOURCES.keys() == report_rows.SOURCES.keys()
    for rows, table in kept_sums.SOURCES.items():
        assert table in report_rows.SOURCES[rows]


# -- how they stand --------------------------------------------------------------------------------


def test_only_what_has_changed_is_counted_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.care(workspace.client())
    workspace.wait(62)
    counted: list[range] = []

    def noted(session: Any, counting: Counting, **given: Any) -> Iterator[Tally]:
        counted.append(counting.months)
        return add_up(session, counting, **given)

    monkeypatch.setattr(kept_sums, "add_up", noted)
    ask(workspace.store, "confirmed", None, persons=False)
    assert len(counted.pop()) == 36
    ask(workspace.store, "confirmed", None, persons=False)
    assert counted == []
    workspace.assess(workspace.client())
    this_month = month_of(finnish_day(workspace.clock()))
    ask(workspace.store, "confirmed", None, persons=False)
    assert counted == [range(this_month, this_month + 1)]
    workspace.wait(1)
    ask(workspace.store, "confirmed", None, persons=False)
    assert len(counted) == 1, "what no day changes stands on the next one"


def test_what_depends_on_the_day_is_counted_on_each(many: Store) -> None:
    with_day = {name for name in SERIES if ":today" in report_rows.SOURCES[SERIES[name].rows]}
    assert {"law", "waiting", "review_late"} <= with_day
    for name in sorted(with_day):
        for _ in range(3):
            found, now = ask(many, name, None, persons=False)
            assert found == now, name
            day = many.clock()
            many.clock = lambda day=day: day + timedelta(days=20)  # type: ignore[misc]


def test_whoever_only_reads_counts_the_same_and_keeps_nothing(many: Store) -> None:
    with many.writing():
        kept_sums.forget_all(many)
    counting = Counting(SERIES["started"], "form", range(2025 * 12, 2027 * 12), NOW.date())
    with many.reading():
        found = kept_sums.read(many, counting, fresh=[])
        assert found
        assert in_order(found) == in_order(add_up(many, counting))
    assert kept(many) == 0


def test_a_year_that_is_cut_is_counted_without_the_rest(many: Store) -> None:
    months = range(2025 * 12 + 3, 2026 * 12 + 5)
    found, now = ask(many, "contacts", "unit", persons=True, months=months)
    assert found == now != []


def test_a_transaction_that_fails_keeps_no_sum(many: Store) -> None:
    before = kept(many)
    with suppress(_TakenBack), many.writing():
        kept_sums.forget_all(many)
        counting = Counting(SERIES["started"], None, range(2025 * 12, 2027 * 12), NOW.date())
        read_and_keep(many, counting)
        raise _TakenBack
    assert kept(many) == before
    assert astray(many) == 0


def test_two_programs_read_each_others_sums_and_see_each_others_entries(
    workspace: Workspace, path: Path, key: bytes
) -> None:
    workspace.care(workspace.client())
    ask_all(workspace.store)
    with open_store(path, key, "nurse-2", workspace.clock) as other:
        standing = kept(other)
        assert standing
        found, now = ask(other, "confirmed", None, persons=False)
        assert kept(other) == standing
        assert found == now
        there = Workspace(other, workspace.clock)
        there.assess(there.client())
        assert kept(workspace.store) < standing
        for store in (workspace.store, other):
            for persons in (False, True):
                found, now = ask(store, "confirmed", None, persons=persons)
                assert found == now
                assert sum(tally.number for tally in found) == 3


@pytest.mark.parametrize("writes", [False, True])
def test_others_write_while_a_report_is_counted(
    workspace: Workspace, path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch, *, writes: bool
) -> None:
    """A count that takes a minute keeps no nurse from her entries, nor what they have overtaken."""
    store = workspace.store
    workspace.care(workspace.client())
    today = finnish_day(store.clock())
    counting = Counting(SERIES["confirmed"], None, range(2026 * 12, 2027 * 12), today)
    with open_store(path, key, "nurse-2", workspace.clock) as other:
        there = Workspace(other, workspace.clock)

        def meanwhile(session: Any, counting: Counting, **given: Any) -> Iterator[Tally]:
            yield from add_up(session, counting, **given)
            if writes:
                there.assess(there.client())

        monkeypatch.setattr(kept_sums, "add_up", meanwhile)
        fresh: list[kept_sums.Counted] = []
        with store.reading():
            found = kept_sums.read(store, counting, fresh=fresh)
        monkeypatch.undo()
        with store.writing():
            kept_sums.keep_fresh(store, fresh)
    assert sum(tally.number for tally in found) == 2
    assert (kept(store) == 0) == writes
    assert astray(store) == 0
    again, now = ask(store, "confirmed", None, persons=False)
    assert again == now
    assert sum(tally.number for tally in again) == 2 + writes


def test_a_report_keeps_what_it_has_counted(many: Store) -> None:
    with many.writing():
        kept_sums.forget_all(many)
    period = read_period("2025", finnish_day(many.clock()))
    first = make_report(many, find_report("methods"), None, period, scope="all")
    assert kept(many)
    assert astray(many) == 0
    assert make_report(many, find_report("methods"), None, period, scope="all").cells == first.cells


def test_a_report_that_fails_half_way_leaves_no_sum_to_keep_later(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the same window has written since is no writing of another program."""
    episode, _ = workspace.care(workspace.client())
    store, began = workspace.store, finnish_day(workspace.clock())
    store.staff.add(store.handle, ["nurse", "report", "admin"])
    workspace.wait(40)
    period = read_period(f"{began:%Y-%m}", finnish_day(workspace.clock()))

    def full(*_: object) -> None:
        raise DiskFull(path="porras.db")

    with monkeypatch.context() as patched, pytest.raises(DiskFull):
        patched.setattr(type(store.summaries), "whole_from", full)
        make_report(store, find_report("contacts"), None, period, scope="all")
    workspace.tell(episode, Contact(day=began, period="p1"))
    make_report(store, find_report("methods"), None, period, scope="all")
    assert kept(store)
    assert astray(store) == 0


def test_a_sum_that_was_counted_otherwise_is_never_read(
    many: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later version may count a series in another way."""
    found, _ = ask(many, "started", None, persons=False)
    other = {**report_rows.SOURCES}
    other["treatments"] = f"{other['treatments']} WHERE FALSE"
    monkeypatch.setattr("store.repository.internal.report_sums.SOURCES", other)
    later, now = ask(many, "started", None, persons=False)
    assert found != later
    assert later == now == []
    monkeypatch.undo()
    found, now = ask(many, "started", None, persons=False)
    assert found == now != []


def test_a_wrong_sum_is_told_by_the_deep_check_and_mended(
    workspace: Workspace, path: Path, key: bytes
) -> None:
    workspace.store.staff.add("boss", ["admin"])
    workspace.care(workspace.client())
    ask_all(workspace.store)

    def told() -> str:
        checks = integrity.check_deep(StorePaths(path, path, path), key, workspace.clock)
        (found,) = (each for each in checks if each.name == "reports")
        return found.level

    assert told() == "ok"
    with workspace.store.writing():
        workspace.store.db.execute(
            'UPDATE report_sums SET tallies = \'[[""],[24323],["same"],[null],[77],[77]]\' '
            "WHERE series = 'confirmed' AND told_by = '' AND NOT persons "
            "AND tallies <> '[]'"
        )
    assert told() == "warning"
    with open_store(path, key, "boss", workspace.clock) as boss:
        boss.summaries.rebuild()
    assert kept(workspace.store) == 0
    assert told() == "ok"
    found, now = ask(workspace.store, "confirmed", None, persons=False)
    assert found == now != []


@pytest.mark.parametrize("within", [(), ("worker",)], ids=["few months", "own"])
def test_what_stands_under_a_few_months_is_found_by_its_record(
    store: Store, within: tuple[str, ...]
) -> None:
    """Else every line of a track is looked at for every record: minutes of a large store."""
    months = range(month_of(NOW.date()), month_of(NOW.date()) + 1)
    names = {"today": "2026-12-06", "first": "2026-12", "last": "2026-12", "worker": "w"}
    for name, series in SERIES.items():
        if within and "e.worker" not in report_rows.SOURCES[series.rows]:
            continue
        asked = Counting(series, column=None, months=months, today=NOW.date(), persons=True)
        text = f"EXPLAIN QUERY PLAN {query(asked, within, few=True)}"
        plan = [row[3] for row in store.db.execute(text, names).fetchall()]
        wrong = ("SEARCH l USING INDEX summary_tracks", "SCAN l")
        assert not [step for step in plan if step.startswith(wrong)], (name, plan)
