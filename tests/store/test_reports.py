"""Sums by SQL against a plain count of the same rows, over courses that care could have written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.reports.audience import is_own
from casework.reports.making import make_report
from casework.training.caseload import caseload
from stepping.reports.catalogue import BREAKDOWNS, REPORTS, find_breakdown, find_report
from stepping.reports.counts import Counts
from stepping.reports.evaluate import OnlyOnScreen
from stepping.reports.periods import month_name, read_month, read_period
from stepping.reports.series import SERIES
from store.errors import NoUnit
from store.opening.store_file import open_store
from store.report_records import Counting
from store.repository.store import Store
from store.training.invented import Filling
from store.training.opening import open_training
from store.training.reset import reset_training
from store.training.shapes import read_shapes

NOW = datetime(2026, 12, 6, 10, tzinfo=UTC)
TODAY = date(2026, 12, 7)
MONTHS = range(read_month("2025-01"), read_month("2026-12") + 1)
CLIENTS = 12

Row = dict[str, Any]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("caseload") / "training.db"
    shapes = read_shapes().model_copy(update={"clients": CLIENTS})
    reset_training(path, lambda: NOW, caseload(None, shapes))
    with open_training(path, lambda: NOW + timedelta(days=1)) as store:
        yield store


def rows(store: Store, table: str) -> list[Row]:
    """Return every row of a table with its episode's under `e`, read without any condition."""
    cursor = store.db.execute(f"SELECT * FROM summary_{table}")
    names = [column[0] for column in cursor.description]
    found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    if table == "episodes":
        return [{**row, "e": row} for row in found]
    heads = {row["place"]: row for row in rows(store, "episodes")}
    if table == "assessments":
        return [{**row, "e": heads.get(row["episode"])} for row in found]
    return [{**row, "e": heads[row["id"] >> 12]} for row in found]


def direction(row: Row) -> str | None:
    if row["choice"] in {"suggested", "or_above"}:
        return "same"
    if None in {row["suggested"], row["confirmed"]}:
        return None
    apart = row["confirmed"] - row["suggested"]
    return "up" if apart > 0 else "down" if apart else "same"


Told = Callable[[Row], Any]
PLAIN: dict[str, tuple[str, str, Told, Callable[[Row], bool]]] = {
    "started": (
        "treatments",
        "started",
        lambda row: "ended" if row["ended"] else None,
        lambda row: True,
    ),
    "ended": ("treatments", "ended", lambda row: row["why"], lambda row: True),
    "course_contacts": ("treatments", "ended", lambda row: row["kept"], lambda row: True),
    "satisfaction": (
        "treatments",
        "ended",
        lambda row: row["satisfaction"],
        lambda row: row["satisfaction"] is not None,
    ),
    "compared": (
        "changes",
        "first_month",
        lambda row: row["category"],
        lambda row: row["treatment"] == 0 and row["last"] is not None,
    ),
    "course_compared": (
        "changes",
        "first_month",
        lambda row: row["category"],
        lambda row: row["treatment"] > 0 and row["last"] is not None,
    ),
    "first_score": (
        "changes",
        "first_month",
        lambda row: round(row["first"] * 10),
        lambda row: row["treatment"] == 0 and row["last"] is not None,
    ),
    "access": ("episodes", "need", lambda row: row["treatment_days"], lambda row: True),
    "access_days": (
        "episodes",
        "need",
        lambda row: row["treatment_days"],
        lambda row: row["treatment_days"] is not None,
    ),
    "law": (
        "times",
        "since",
        lambda row: (
            "overdue"
            if row["state"] == "running" and row["due_day"] < TODAY.isoformat()
            else row["state"]
        ),
        lambda row: True,
    ),
    "contacts": ("contacts", "month", lambda row: row["turnout"], lambda row: True),
    "confirmed": ("assessments", "month", direction, lambda row: row["state"] == "confirmed"),
    "minutes": (
        "assessments",
        "month",
        lambda row: row["minutes"],
        lambda row: row["state"] == "confirmed",
    ),
}


def of_head(row: Row, column: str) -> Any:
    head = row["e"] or {}
    return row.get(column, head.get(column))


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("by", [None, "unit", "age"])
def test_sums_are_those_of_a_plain_count(store: Store, name: str, by: str | None) -> None:
    table, month, value, wanted = PLAIN[name]
    plain: Counter[tuple[str, str, Any]] = Counter()
    for row in rows(store, table):
        if row[month] and wanted(row) and month_name(MONTHS[0]) <= row[month]:
            told = of_head(row, BREAKDOWNS[by].column) if by else ""
            group = "" if told is None else str(told)
            plain[group, row[month], value(row)] += row["count"] if table == "contacts" else 1
    column = BREAKDOWNS[by].column if by else None
    for persons in (False, True):
        found: Counter[tuple[str, str, Any]] = Counter()
        for tally in store.reports.count(
            Counting(SERIES[name], column, MONTHS, TODAY, persons=persons)
        ):
            found[tally.group, month_name(tally.month), tally.value] += tally.number
        assert found == plain
    assert plain or name in {"satisfaction"}


def test_no_more_persons_are_told_than_there_are(store: Store) -> None:
    """The bound that decides what is hidden may be too low; too high it would tell of few."""
    owners: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    persons = dict(
        store.db.execute(
            "SELECT s.place, p.person FROM summary_episodes s "
            "JOIN episodes e ON e.id = s.episode_id JOIN persons p ON p.id = e.client_id"
        ).fetchall()
    )
    for row in rows(store, "contacts"):
        owners[row["channel"] or "", row["month"]].add(persons[row["e"]["place"]])
    counting = Counting(SERIES["contacts"], "channel", MONTHS, TODAY, persons=True)
    counts = Counts(store.reports.count(counting))
    assert owners
    for (group, month), known in owners.items():
        at = read_month(month)
        assert 1 <= counts.bag(group, range(at, at + 1)).persons <= len(known)
    for group in {group for group, _ in owners}:
        year = {who for (one, _), known in owners.items() for who in known if one == group}
        assert counts.bag(group, MONTHS[:12]).persons <= len(year)


@pytest.mark.parametrize("report", REPORTS)
def test_every_report_is_counted_by_everything_that_it_offers(store: Store, report: str) -> None:
    period = read_period("2026", TODAY)
    own = is_own(REPORTS[report])
    count = store.reports.count_own if own else store.reports.count_unit
    for by in (None, *REPORTS[report].breakdowns, "month"):
        chosen = find_breakdown(REPORTS[report], by) if by else None
        table = make_report(store, REPORTS[report], chosen, period)
        assert {cell.figure for cell in table.cells} <= {figure.name for figure in table.figures}
        for figure in table.figures:
            parts = [table.cell(figure, group, period) for group in table.groups]
            whole = table.cell(figure, None, period)
            if figure.kind == "count" and table.groups and whole:
                assert whole.number == sum(cell.number or 0 for cell in parts if cell), (by, figure)
                asked = Counting(SERIES[figure.series], None, period.months, TODAY)
                together = sum(tally.number for tally in count(asked))
                assert whole.number == together, (by, figure)


def test_a_question_is_in_the_log_and_its_head_on_the_report(store: Store) -> None:
    table = make_report(
        store,
        find_report("access"),
        BREAKDOWNS["unit"],
        read_period("2026-Q3", TODAY),
        scope="all",
        for_file=True,
    )
    (event, subject, digest) = store.db.execute(
        "SELECT event, subject, hash FROM audit ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    assert (event, subject) == ("view.report", "access/unit/2026-Q3/file")
    assert table.head.endswith(digest[:16])


def test_a_nurse_counts_the_episodes_that_are_hers(store: Store) -> None:
    mine = [row for row in rows(store, "episodes") if row["worker"] == store.handle and row["need"]]
    counting = Counting(SERIES["access"], None, MONTHS, TODAY)
    assert sum(tally.number for tally in store.reports.count_own(counting)) == len(mine)


@pytest.mark.parametrize("persons", [False, True])
@pytest.mark.parametrize("by", [None, "age"])
def test_a_lead_counts_the_rows_of_her_own_unit_and_no_others(
    store: Store, by: str | None, persons: bool
) -> None:
    own = store.staff.get_own_unit()
    units = {row["unit"] for row in rows(store, "episodes")}
    assert own in units
    assert len(units) > 1
    for name in ("started", "access", "contacts", "confirmed", "law", "first_score"):
        table, month, value, wanted = PLAIN[name]
        plain: Counter[tuple[str, str, Any]] = Counter()
        for row in rows(store, table):
            counts = row[month] and wanted(row) and month_name(MONTHS[0]) <= row[month]
            if counts and of_head(row, "unit") == own:
                group = "" if by is None else str(of_head(row, BREAKDOWNS[by].column) or "")
                number = row["count"] if table == "contacts" else 1
                plain[group, row[month], value(row)] += number
        column = BREAKDOWNS[by].column if by else None
        found: Counter[tuple[str, str, Any]] = Counter()
        asked = Counting(SERIES[name], column, MONTHS, TODAY, persons=persons)
        for tally in store.reports.count_unit(asked):
            found[tally.group, month_name(tally.month), tally.value] += tally.number
        assert found == plain, name


def test_an_area_of_employment_is_that_of_its_municipalities(store: Store) -> None:
    unit = store.staff.get_own_unit()
    counted = [
        row
        for row in rows(store, "episodes")
        if row["unit"] == unit and (row["need"] or "").startswith("2026")
    ]
    homes = [row["municipality"] for row in counted if row["municipality"]]
    areas = {home: "one" if home < "l" else "other" for home in homes if home != homes[0]}
    year = read_period("2026", TODAY)
    plain: Counter[str] = Counter()
    for row in counted:
        plain[areas.get(row["municipality"] or "", "")] += 1
    report = find_report("access")
    table = make_report(store, report, BREAKDOWNS["area"], year, areas=areas)
    cells = {group: table.cell(report.figures[0], group, year) for group in table.groups}
    found = {group: cell.number for group, cell in cells.items() if cell and cell.number}
    assert found == plain
    assert len(found) > 1


def test_what_a_units_file_hides_by_are_the_sums_of_all(store: Store) -> None:
    asked = Counting(SERIES["started"], "age", MONTHS, TODAY, persons=True)
    by_unit, together = store.reports.count_units(asked)
    assert by_unit == store.reports.count(replace(asked, column="unit"))
    assert together == store.reports.count(replace(asked, column=None))


def test_a_report_of_a_unit_and_its_file_say_of_which(store: Store) -> None:
    period = read_period("2026-Q3", TODAY)
    for for_file in (False, True):
        made = make_report(
            store, find_report("methods"), None, period, scope="unit", for_file=for_file
        )
        assert made.unit == store.staff.get_own_unit()
        (subject,) = store.db.execute(
            "SELECT subject FROM audit ORDER BY seq DESC LIMIT 1"
        ).fetchone()
        assert subject == f"methods/2026-Q3/own-unit{'/file' * for_file}"
    with pytest.raises(OnlyOnScreen):
        make_report(
            store, find_report("methods"), BREAKDOWNS["age"], period, scope="unit", for_file=True
        )


def test_by_what_follows_from_something_else_all_units_are_not_told(store: Store) -> None:
    period = read_period("2026-Q3", TODAY)
    for name, by in (("methods", "code"), ("overrides", "reason"), ("stops", "pathway")):
        report = find_report(name)
        assert make_report(store, report, BREAKDOWNS[by], period, scope="unit").by == by
        with pytest.raises(OnlyOnScreen):
            make_report(store, report, BREAKDOWNS[by], period, scope="all")


def test_a_lead_without_a_unit_is_told_so_and_gets_no_others(tmp_path: Path) -> None:
    path = tmp_path / "training.db"
    reset_training(path, lambda: NOW, Filling(0, lambda store, past: None))
    with open_store(path, None, "trainee", lambda: NOW, training=True) as bare:
        counting = Counting(SERIES["started"], None, MONTHS, TODAY)
        for call in (bare.reports.count_unit, bare.reports.count_units):
            with pytest.raises(NoUnit):
                call(counting)
        with pytest.raises(NoUnit):
            make_report(bare, find_report("methods"), None, read_period("2026-Q3", TODAY))
