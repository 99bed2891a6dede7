"""The comparison with other programs: one that is not of the same pages would prove nothing."""

from __future__ import annotations

import datetime
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from stepping.finland import finnish_day
from stepping.reports.catalogue import REPORTS
from store.opening.store_file import open_store
from store.repository.internal.report_sums import query
from tests.bench import driving
from tests.bench.__main__ import GROUPS
from tests.bench.budget import Budget, Setting, report, told
from tests.bench.driving import VoidError, curses_program, replay, write_pages
from tests.bench.journey import Drawn, Journey, Turn
from tests.bench.picture import Picture, Run, shown
from tests.bench.reports import beside, filled
from tests.bench.reports.dialect import in_duckdb
from tests.terminal.emulator import Terminal
from tests.terminal.main_job import ANSWERS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drives a Linux pty")

FIRST = "\x1b[7m Porras \x1b[m\x1b[3;3H\x1b[1mKuinka usein\x1b[m väsynyt?\x1b[24;80H!"
SECOND = "\x1b[2J\x1b[7m Porras \x1b[m\x1b[3;3H\x1b[1mKuinka monta\x1b[m iltaa?\x1b[4;5H"


def picture(codes: str) -> Picture:
    terminal = Terminal(80, 24)
    terminal.feed(codes.encode())
    return shown(terminal)


def journey(*codes: str) -> Journey:
    """One that has shown these pages, an answer apart."""
    start, *pages = map(picture, codes)
    drawn = [Drawn(Turn("page", "1", True), 10, 20, 5.0, page) for page in pages]
    return Journey(100, start, drawn)


# -- pictures --------------------------------------------------------------


def test_what_nobody_can_see_makes_no_difference() -> None:
    assert picture("\x1b[1ma b") == picture("\x1b[1ma\x1b[m \x1b[1mb")
    assert picture("\x1b[1ma b") != picture("\x1b[1;7ma b")
    assert picture("\x1b[7m ") != picture(" ")


def test_what_differs_from_run_to_run_makes_no_difference_and_all_else_does() -> None:
    old, new = picture("TREE-NAAM 11:52 väsynyt"), picture("ABCD-2345 09:01 väsynyt")
    assert old != new
    assert old.masked() == new.masked()
    assert old.masked() != picture("TREE-NAAM 11:52 väsynxt").masked()
    assert old.masked() != picture("TREE-NAAM \x1b[1m11:52\x1b[m väsynyt").masked()


def test_changed_cells_are_counted_by_letter_and_look() -> None:
    before = picture("väsynyt\x1b[3;1Halku")
    assert picture("väsynyt\x1b[3;1Halku").changed(before) == 0
    assert picture("väsynXt\x1b[3;1H\x1b[1malku").changed(before) == 5


def test_curses_is_given_a_bold_sentence_in_one_piece() -> None:
    """Switched off and on again between words it would send more than curses needs."""
    page = picture(" \x1b[1mKuinka\x1b[m \x1b[1musein\x1b[m väsynyt \x1b[7mA\x1b[m \x1b[7mB")
    text = [run for run in page.runs()[0] if run.text.strip()]
    assert text == [
        Run("Kuinka usein", "bold"),
        Run(" väsynyt ", ""),
        Run("A", "reverse"),
        Run("B", "reverse"),
    ]


# -- the journey drawn again -----------------------------------------------


def test_curses_draws_the_pages_that_were_recorded(tmp_path: Path) -> None:
    recorded = journey(FIRST, SECOND, FIRST)
    write_pages(recorded, tmp_path / "pages.json")
    drawn = replay("curses", curses_program(tmp_path / "pages.json"), recorded)
    assert drawn.pages() == recorded.pages()  # the cursor too: the last cell holds a letter
    assert drawn.start_bytes > len(" Porras Kuinka usein väsynyt?")
    assert [each.cells for each in drawn.drawn] == [14, 14]
    assert all(each.bytes > each.cells for each in drawn.drawn)


def test_curses_draws_colours_and_faint_letters_too(tmp_path: Path) -> None:
    coloured = "\x1b[36mPorras\x1b[m \x1b[2mlähde\x1b[m \x1b[1;31mriski\x1b[m"
    recorded = journey(FIRST, coloured, f"\x1b[97;41m!\x1b[m {coloured}")
    write_pages(recorded, tmp_path / "pages.json")
    drawn = replay("curses", curses_program(tmp_path / "pages.json"), recorded)
    assert drawn.pages() == recorded.pages()


@pytest.mark.parametrize("wrong", [0, 1])
def test_a_page_that_is_not_the_same_makes_the_comparison_void(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: int
) -> None:
    monkeypatch.setattr(driving, "PATIENCE_S", 1.0)
    monkeypatch.setattr(driving, "SLOW_S", 0.0)
    write_pages(journey(FIRST, SECOND), tmp_path / "pages.json")
    pages = [FIRST, SECOND]
    pages[wrong] += "\x1b[3;3H\x1b[mKuinka"  # the right words in a wrong look
    with pytest.raises(VoidError, match="Kuinka"):
        replay("curses", curses_program(tmp_path / "pages.json"), journey(*pages))


def test_every_byte_belongs_to_the_key_before_it() -> None:
    """What a program sends late, or for a screen in two parts, is a cost of that key."""
    key = "head -c1 >/dev/null"
    script = f"{key}; printf x; sleep .3; printf yz; {key}; printf q; sleep 9"
    program = ["/bin/sh", "-c", f"stty -echo -icanon; printf ready; {script}"]
    with driving._Recorder(program) as session:
        session.wait_for("ready")
        session.idle(0.2)
        session.press("1")
        session.idle(0.5)
        session.press("2")
        session.note()
    costs = [(each.turn.key, each.bytes, each.cells) for each in session.drawn]
    assert costs == [("1", 3, 3), ("2", 1, 1)]


def test_figures_of_a_journey() -> None:
    made = journey(FIRST, SECOND, FIRST)
    card = Drawn(Turn("client card", "n", False), 600, 500, 50.0, picture(FIRST))
    made = replace(made, drawn=[card, *made.drawn])
    assert made.bytes_a_question == 20 / len(ANSWERS)
    assert made.bytes_a_cell == 0.5
    assert made.bytes_in_all == 620
    assert made.waited_s == 0.06
    assert made.latency["p95"] == 5.0


# -- the table -------------------------------------------------------------


def table(*budgets: Budget) -> tuple[bool, list[str]]:
    lines: list[str] = []
    return report(budgets, lines.append), lines


def test_one_broken_budget_is_seen_among_kept_ones() -> None:
    kept = Budget("bytes", 1.6, "B", lambda: 1.6)
    broken = Budget("time", 1.2, "×", lambda: 1.21)
    few = Budget("rate", 100, "/s", lambda: 99.0, at_least=True)
    free = told("size", "MB", lambda: 1e9)
    assert table(kept, free)[0]
    assert not table(kept, few)[0]
    fine, lines = table(broken, kept)
    assert not fine
    assert "! over budget" in lines[0]
    assert lines[1].endswith("OK")


def test_each_group_has_rows_and_measures_nothing_before_it_is_asked(tmp_path: Path) -> None:
    for name, budgets in GROUPS.items():
        rows = list(budgets(Setting(tmp_path, 1)))
        # Where no package was built, and where DuckDB is not, there is nothing to be measured.
        missing = name == "packages" or (name == "reports" and not beside.is_there())
        assert missing or any(row.limit is not None for row in rows), name
    assert not list(tmp_path.iterdir())


# -- reports ---------------------------------------------------------------


def test_every_question_of_a_report_is_put_as_duckdb_reads_it() -> None:
    seen = set()
    for asks, form, asked in beside.questions(datetime.date(2026, 12, 6)):
        seen.add((asks.name, form))
        for each in asked:
            sql = in_duckdb(query(each, ["worker"] if asks.name in beside.OWN else []))
            assert not re.search(r"json_each\(|julianday|CROSS JOIN|[^:]:[a-z]", sql), sql
    assert len(seen) == 2 * len(REPORTS) - len(beside.OWN)


def test_what_the_bench_counts_stands_for_the_next_time(tmp_path: Path) -> None:
    """Else "sums that stand" would be the time in which they are counted anew."""
    filled.fill(tmp_path / "p.db", filled.invent(tmp_path, 20, 2), 1)
    with open_store(tmp_path / "p.db", filled.KEY, filled.WORKER) as store:
        store.staff.set_roles(filled.WORKER, ["admin", "nurse", "report"])
        _, _, asked = next(beside.questions(finnish_day(store.clock())))
        found = beside._count(store, store.reports.count, asked)
        assert store.db.table("report_sums").count > 0
        assert beside._count(store, store.reports.count, asked) == found


@pytest.mark.nightly
def test_duckdb_and_the_program_tell_the_same_of_the_same_rows(tmp_path: Path) -> None:
    if not beside.is_there():
        pytest.skip("there is no DuckDB: make reference")
    costs = beside.measure(tmp_path, beside.Size(assessments=300, copies=3, clients=4), 1)
    assert len(costs) == 2 * len(REPORTS) - len(beside.OWN)
    with open_store(tmp_path / "p.db", filled.KEY, filled.WORKER) as store:
        assert store.db.table("summary_assessments").count >= 3 * 300
        assert store.db.table("report_sums").count > 0
