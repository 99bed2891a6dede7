"""A report on a terminal: each page fits, and its bars are read without colour."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from casework.language import LANGUAGES, speech
from screens.base.lines import Line
from screens.reports import body, words
from stepping.reports.catalogue import REPORTS
from stepping.reports.evaluate import Facts
from stepping.reports.targets import read_targets
from tests.stepping.reports.invented import invented

SIZES = ((78, 20), (62, 14))
FACTS = Facts(read_targets('[access.within_14]\ntarget = 80\nsource = "the county"', "t.toml"))


def long_name(_: str, value: str) -> str:
    return f"{value} – pitkä nimi jota mikään sarake ei vedä yhdelle riville kokonaan"


def texts(page: list[Line]) -> list[str]:
    return ["".join(text for text, _ in line) for line in page]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("report", REPORTS)
def test_every_page_fits(report: str, width: int, height: int, language: str) -> None:
    by = next(iter(REPORTS[report].breakdowns), None)
    for told in (None, by):
        table = invented(report, told, for_file=False, many=12)
        pages = body.pages(table, long_name, speech(language), width, height)
        for page in pages:
            assert len(page) <= height
            assert all(cell_len(line) <= width for line in texts(page))
        whole = " ".join(" ".join(line for page in pages for line in texts(page)).split())
        for figure in table.figures:
            if told is None and figure.only_by is None:
                assert speech(language)(words.FIGURES[figure.name]) in whole, "no name is cut"


def test_a_bar_says_the_same_in_black_and_white() -> None:
    table = invented("access", facts=FACTS)
    (page,) = body.pages(table, long_name, speech("en"), 78, 40)
    rows = [line for line in texts(page) if line.startswith("treatment within 14 days")]
    cell = table.cell(table.figures[2], None, table.periods[0])
    assert cell is not None
    assert cell.value is not None
    (row,) = rows
    bar = row[32:].split("  ")[0].strip().split(" ")[0]
    assert {*bar} <= {"█", "·", "│", "◆"}
    assert bar.count("◆") == 1
    filled = max(at for at, sign in enumerate(bar) if sign == "█") + 1
    assert abs(filled - float(cell.value) * len(bar)) <= 1


def test_nothing_in_a_period_is_one_sentence() -> None:
    table = invented("methods", many=0, for_file=False)
    (page,) = body.pages(table, long_name, speech("en"), 78, 20)
    assert texts(page)[-1] == "There is nothing in this period."
    assert not any("0" in line for line in texts(page)[2:])


def test_a_screen_warns_of_few_and_marks_them() -> None:
    table = invented("access", "unit", for_file=False, many=6)
    pages = body.pages(table, long_name, speech("en"), 78, 20)
    assert any("Do not hand this page on." in line for line in texts(pages[0]))
    assert any(line.rstrip().endswith("!") for page in pages for line in texts(page))
