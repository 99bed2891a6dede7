"""If these fail, a report has no picture in the training store, or all of a file is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from casework.reports.making import make_report
from casework.training.caseload import caseload
from stepping.finland import finnish_day
from stepping.reports.catalogue import REPORTS
from stepping.reports.periods import calendar_period, month_of, newest_whole
from store.repository.store import Store
from store.training.opening import open_training
from store.training.reset import reset_training

pytestmark = pytest.mark.nightly

NOW = datetime(2026, 12, 6, 10, tzinfo=UTC)
OF_ALL = [name for name in REPORTS if name != "caseload"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The whole caseload, a day after it was made."""
    path = tmp_path_factory.mktemp("whole") / "training.db"
    reset_training(path, lambda: NOW, caseload())
    with open_training(path, lambda: NOW + timedelta(days=1)) as store:
        yield store


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_has_figures_for_a_nurse_or_a_lead(store: Store, name: str) -> None:
    """Most figures tell something of the year that runs; own clients are those in care now."""
    year = calendar_period("year", month_of(finnish_day(store.clock())))
    table = make_report(store, REPORTS[name], None, year)
    assert not table.is_empty
    told = {cell.figure for cell in table.cells if not cell.is_empty}
    assert len(told) > len(table.figures) / 2


def test_files_of_all_tell_the_main_figures_of_most_reports(store: Store) -> None:
    """Of the year, and of almost all of some period; what few stand behind stays hidden."""
    today = finnish_day(store.clock())
    told: dict[str, set[str]] = {kind: set() for kind in ("quarter", "third", "year")}
    for name, kind in product(OF_ALL, told):
        period = newest_whole(kind, today)  # type: ignore[arg-type]
        table = make_report(store, REPORTS[name], None, period, scope="all", for_file=True)
        main = table.cell(table.figures[0], None, period)
        if main is not None and main.hidden is None and not main.is_empty:
            told[kind].add(name)
    assert len(told["year"]) > len(OF_ALL) / 2, told
    assert len(set().union(*told.values())) > len(OF_ALL) * 3 / 4, told
