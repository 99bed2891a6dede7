"""If these fail, a report of a class names somebody, or runs in a spreadsheet."""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from casework.training.class_results import ClassResults, read_results
from casework.training.classroom import Classroom
from screens.documents.as_html import as_html
from screens.training.trainer.report import class_report
from stepping.training.reading import Case
from stepping.training.records import write_record
from store.training.classes import SeatFiles
from tests.screens.test_review import HOSTILE, Page
from tests.training_class import SEATS, adult, cases, record, whole_class, written
from tests.tui.test_docs import ROOT
from tui.cli import porras
from tui.commands.class_report import Form, _drawn

FORMS: tuple[Form, ...] = ("text", "html", "csv")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path / "syksy", whole_class()).folder


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(porras, ["--lang", "en", "class", "report", str(folder), *words])


def drawn(folder: Path, form: Form, language: str = "en", *, seats: bool = False) -> str:
    results = read_results(Classroom(folder, {"adult": adult()}))
    text, _ = _drawn(results, language, form, seats=seats)
    return text


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
@pytest.mark.parametrize("form", FORMS)
def test_no_word_of_a_seat_stands_in_it_unless_asked_for(
    folder: Path, form: Form, language: str
) -> None:
    without = drawn(folder, form, language)
    assert not [word for word in SEATS if word in without]
    asked = drawn(folder, form, language, seats=True)
    assert [word for word in SEATS if word in asked] == [*SEATS]


def test_it_tells_the_day_in_finland_on_which_the_class_was_opened(folder: Path) -> None:
    class_file = folder / "class.json"
    late = record().model_copy(update={"opened": "2026-08-31T22:30:00.000Z"})
    class_file.write_bytes(write_record(late))
    assert "Opened 2026-09-01;" in drawn(folder, "text")


@pytest.mark.parametrize("form", FORMS)
def test_the_same_class_gives_the_same_bytes(folder: Path, tmp_path: Path, form: Form) -> None:
    """And a report takes the place of an earlier one of this class."""
    out = tmp_path / "report"
    first = drawn(folder, form).encode()
    out.write_bytes(first)
    again = run(folder, "--format", form, "--out", str(out))
    assert again.exit_code == 0, again.output
    assert out.read_bytes() == first


def test_a_file_that_is_no_report_of_this_class_stays(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    out.write_text("mine")
    refused = run(folder, "--format", "html", "--out", str(out))
    assert refused.exit_code == 1
    assert out.read_text() == "mine"


def test_text_has_at_most_seventy_eight_columns(folder: Path) -> None:
    text = drawn(folder, "text")
    assert max(map(len, text.splitlines())) <= 78
    assert "Class syksy" in text
    assert "1 of 3 without it: Suicidal thoughts" in text
    assert "With the expected steps (weighted κ): " in text


def test_a_page_is_whole_and_asks_nobody_for_anything(folder: Path) -> None:
    page = Page(drawn(folder, "html"))
    assert "script" not in page.tags
    assert page.tags.count("svg") == 4
    assert not [value for name, value in page.attributes if name in ("src", "href")]
    assert page.tags.count("circle") == 4 + 3 + 3 + 4


def test_rows_hold_each_figure_once(folder: Path) -> None:
    rows = [*csv.DictReader(StringIO(drawn(folder, "csv")))]
    keys = [(row["case"], row["what"], row["name"]) for row in rows]
    assert len(keys) == len({*keys})
    found = dict(zip(keys, rows, strict=True))
    assert found[("hidden_danger", "missed_stop", "S2")]["count"] == "1"
    assert found[("sleepless_teacher", "step", "1")]["count"] == "2"
    assert found[("wide_range", "expected", "")]["high"] == "3"
    assert float(found[("", "kappa_linear", "")]["value"]) <= 1


def test_rows_are_those_that_the_document_names(folder: Path) -> None:
    section = (ROOT / "docs" / "commands.md").read_text("utf-8").split("`report NAME` prints")[1]
    text = drawn(folder, "csv", seats=True)
    columns, *rows = csv.reader(StringIO(text))
    assert f"`{','.join(columns)}`" in section
    told = {*re.findall(r"`([a-z_]+)`", section.split("in each row:")[1])}
    assert {row[3] for row in rows} == told - {"value", "low", "high"}


def _hostile(folder: Path, title: str) -> ClassResults:
    """The class with one case whose title somebody has written to do harm."""
    room = Classroom(folder, {})
    room.shelf = type(room.shelf)({**cases(), "wide_range": _titled(title)}, ())
    results = read_results(room)
    return ClassResults(results.figures, SeatFiles({}, {}))


def _titled(title: str) -> Case:
    case = cases()["wide_range"]
    vignette = case.vignette.model_copy(update={"title": dict.fromkeys(("en", "fi", "sv"), title)})
    return Case(vignette, case.pathway, case.answers, case.stopped, case.decision, case.digest)


def test_a_title_is_a_title_and_nothing_else(folder: Path) -> None:
    page = Page(as_html(class_report(_hostile(folder, HOSTILE), "en", seats=True)))
    assert "script" not in page.tags
    assert any("<script>alert(1)</script>" in word for word in page.words)


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1+1", "@x", "\t=1", "＝1"])
def test_no_cell_is_a_formula(folder: Path, title: str) -> None:
    text, _ = _drawn(_hostile(folder, title), "en", "csv", seats=True)
    rows = [*csv.reader(StringIO(text))]
    titles = {row[1] for row in rows if row[0] == "wide_range"}
    assert all(each.startswith(("'", "\\")) for each in titles)
    figures = [cell for row in rows for cell in row[5:]]
    assert all(cell[:1] != "=" for cell in figures)
