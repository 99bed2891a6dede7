"""A report in each of its forms: the same bytes, no formula, nothing that was hidden."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from casework.language import LANGUAGES, Speech, speech
from screens.base.lines import harmless
from screens.reports import words
from screens.reports.as_csv import as_csv
from screens.reports.as_html import as_html
from screens.reports.as_json import as_json
from screens.reports.as_package import COLUMN_WORDS, as_package
from screens.reports.as_xlsx import as_xlsx
from screens.reports.long_rows import COLUMNS, NUMBERS
from stepping.characters import UNFIT, escape_unfit
from stepping.reports.catalogue import BREAKDOWNS, PARTS, REPORTS
from stepping.reports.evaluate import Facts
from stepping.reports.periods import read_month
from stepping.reports.table import Table
from stepping.reports.targets import read_targets
from stepping.spreadsheet import as_meant
from tests.stepping.reports.invented import invented

HEAD = "3f9a17c2e5d04b6a"
TARGETS = read_targets('[access.within_14]\ntarget = 80\nsource = "the county"', "targets.toml")
FACTS = Facts(TARGETS, read_month("2026-01"), HEAD)


def as_they_are(_: str, value: str) -> str:
    return value


Form = Callable[[Table, Callable[[str, str], str], Speech], bytes]
FORMS: dict[str, Form] = {
    "csv": as_csv,
    "excel": lambda table, names, t: as_csv(table, names, t, excel=True),
    "json": as_json,
    "html": as_html,
    "xlsx": as_xlsx,
    "table": as_package,
}


@pytest.fixture(scope="module")
def table() -> Table:
    return invented("access", "unit", facts=FACTS)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_same_question_has_the_same_bytes(form: Form, table: Table) -> None:
    again = invented("access", "unit", facts=FACTS)
    assert form(table, as_they_are, speech("fi")) == form(again, as_they_are, speech("fi"))


def read_csv(content: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_csv_has_a_figure_a_row_and_none_of_what_is_hidden(table: Table) -> None:
    rows = read_csv(as_csv(table, as_they_are, speech("en")))
    assert len(rows) == len(table.cells)
    hidden = [row for row in rows if row["hidden"]]
    assert hidden
    assert all(row["number"] == row["denominator"] == row["value"] == "" for row in hidden)
    for row, cell in zip(rows, table.cells, strict=True):
        if cell.value is not None and not cell.is_empty:
            assert abs(Fraction(row["value"]) - cell.value) <= Fraction(1, 200)


def test_csv_for_excel_has_a_mark_semicolons_and_commas(table: Table) -> None:
    content = as_csv(table, as_they_are, speech("fi"), excel=True)
    assert content.startswith(b"\xef\xbb\xbfreport;of_unit;figure;")
    plain = read_csv(as_csv(table, as_they_are, speech("fi")))
    excel = read_csv(content, ";")
    for one, other in zip(plain, excel, strict=True):
        assert other == {
            key: text.replace(".", ",") if key in NUMBERS else text for key, text in one.items()
        }
    assert any("," in row["value"] for row in excel)


def test_a_group_that_looks_like_a_formula_is_words_in_every_table(table: Table) -> None:
    assert "=1+1" in table.groups
    for excel in (False, True):
        rows = read_csv(
            as_csv(table, as_they_are, speech("fi"), excel=excel), ";" if excel else ","
        )
        assert {"'=1+1"} == {row["group"] for row in rows if "1+1" in row["group"]}
    with zipfile.ZipFile(io.BytesIO(as_xlsx(table, as_they_are, speech("fi")))) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "sheets/sheet" in name]
        assert not any("<f>" in sheet for sheet in sheets)
        assert "<t>=1+1</t>" in book.read("xl/sharedStrings.xml").decode()


NASTY = (
    *("=1+1", "+358 1", "-3", "@SUM(A1)", "'=1", "\t=1", "＝1", " -1"),
    *('the "old" unit', "a;b,c", "one\ntwo", "one\rtwo", "a\\b", "<b>&amp;", "]]>", "{0}"),
    *("\u202egro.live", "a\u200bb", "\x1b[2J", "\x00", "\ufeffx", "a\u2028b"),
)
"""Names of units, as people write them and as nobody should."""


def of_unit(table: Table, name: str) -> Table:
    """The same table with a unit of that name, and told of it."""
    was = "=1+1"
    cells = [replace(cell, group=name) if cell.group == was else cell for cell in table.cells]
    groups = [name if group == was else group for group in table.groups]
    return replace(table, cells=tuple(cells), groups=tuple(groups), unit=name)


def parts_of(archive: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name).decode() for name in opened.namelist()}


@pytest.mark.parametrize("name", NASTY, ids=ascii)
def test_any_name_is_only_words_in_every_form(name: str) -> None:
    table = invented("mini_intervention", "unit", many=200, facts=FACTS)
    told = of_unit(table, name)
    forms = {each: form(told, as_they_are, speech("fi")) for each, form in FORMS.items()}
    package = parts_of(forms["table"])
    texts = [forms[each].decode("utf-8-sig") for each in ("csv", "excel", "json", "html")]
    for text in (*texts, *package.values(), *parts_of(forms["xlsx"]).values()):
        assert [
            hex(ord(found[0])) for found in UNFIT.finditer(text) if found[0] not in "\t\r\n"
        ] == []
    kept = escape_unfit(name, lines=True).replace("\n", "\r\n")
    for rows in (
        read_csv(forms["csv"]),
        read_csv(forms["excel"], ";"),
        read_csv(package["mini_intervention.csv"].encode()),
    ):
        assert len(rows) == len(told.cells)
        for column in ("group", "of_unit"):
            known = {row[column] for row in rows}
            assert kept in {as_meant(each) for each in known}
            assert [each for each in known if each[:1] in set("=+-@＝＋－＠\t\r")] == []
    whole: dict[str, Any] = json.loads(forms["json"])
    assert name in {row["group"] for row in whole["rows"]}
    assert whole["of_unit"] == json.loads(package["datapackage.json"])["porras"]["of_unit"] == name
    page, plain = Looked(), Looked()
    page.feed(forms["html"].decode())
    plain.feed(as_html(of_unit(table, "Lahti"), as_they_are, speech("fi")).decode())
    assert page.tags == plain.tags
    assert harmless(name) in page.text
    for part, text in parts_of(forms["xlsx"]).items():
        assert "<f>" not in text
        ElementTree.fromstring(text)
        assert part.endswith((".xml", ".rels"))


def test_json_says_null_of_what_is_not_told(table: Table) -> None:
    told: dict[str, Any] = json.loads(as_json(table, as_they_are, speech("sv")))
    assert (told["head_of_log"], told["whole_from"], told["made"]) == (
        HEAD,
        "2026-01",
        "2026-11-30",
    )
    assert told["periods"] == ["2026-Q3", "2025-Q3"]
    for row, cell in zip(told["rows"], table.cells, strict=True):
        empty = cell.is_empty or cell.hidden is not None
        assert row["number"] == (None if empty else cell.number)
        assert row["group"] == (None if cell.group is None else cell.group or "not_told")


class Looked(HTMLParser):
    """What a browser would be told to fetch, run or show."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_runs_nothing_and_fetches_nothing(language: str, table: Table) -> None:
    page = Looked()
    hostile = "<script>alert(1)</script>\x1b[2J"
    page.feed(as_html(table, lambda _, value: value + hostile, speech(language)).decode())
    assert not {"script", "link", "img", "iframe", "object"} & {*page.tags}
    names = {name for name, _ in page.attributes}
    assert not {name for name in names if name.startswith("on")} | names & {"src", "href"}
    assert "\x1b" not in page.text
    assert "svg" in page.tags
    assert HEAD in page.text
    assert ("lang", language) in page.attributes


def test_what_is_hidden_is_in_no_form(table: Table) -> None:
    """The numbers are not there at all: the table has lost them before any form sees it."""
    for cell in table.cells:
        if cell.hidden:
            assert (cell.number, cell.denominator, cell.value, cell.persons) == (None,) * 4


def test_nothing_is_said_as_nothing() -> None:
    empty = invented("methods", many=0)
    assert empty.is_empty
    page = as_html(empty, as_they_are, speech("en")).decode()
    assert "There is nothing in this period." in page
    assert "<table" not in page
    assert all(row["number"] == "" for row in read_csv(as_csv(empty, as_they_are, speech("en"))))


def test_every_report_figure_and_breakdown_has_its_words() -> None:
    figures = {
        figure.name
        for report in REPORTS.values()
        for by in (None, *report.breakdowns)
        for figure in report.figures_by(by)
    }
    assert figures == {*words.FIGURES}
    assert {*REPORTS} == {*words.REPORTS}
    assert {*BREAKDOWNS, *PARTS} == {*words.BREAKDOWNS}
    assert {*COLUMN_WORDS} == {*COLUMNS}


def test_an_open_table_says_what_each_column_is(table: Table) -> None:
    with zipfile.ZipFile(io.BytesIO(as_package(table, as_they_are, speech("en")))) as archive:
        package = json.loads(archive.read("datapackage.json"))
        rows = read_csv(archive.read("access.csv"))
    (resource,) = package["resources"]
    assert [field["name"] for field in resource["schema"]["fields"]] == [*rows[0]]
    kinds = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
    for row in rows:
        for column, text in row.items():
            if kinds[column] == "integer" and text:
                int(text)


@pytest.mark.nightly
def test_frictionless_finds_an_open_table_sound(table: Table, tmp_path: Path) -> None:
    """The library and what it needs are far larger than Porras: it gets a place of its own."""
    python = tmp_path / "venv" / "bin" / "python"
    for command in (
        ("python3", "-m", "venv", str(tmp_path / "venv")),
        (str(python), "-m", "pip", "install", "--quiet", "frictionless>=5.18,<6"),
    ):
        subprocess.run(command, check=True, capture_output=True)
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(as_package(table, as_they_are, speech("fi")))
    bad.write_bytes(good.read_bytes().replace(b",2026-Q3,2026-07", b",2026-Q3,       ", 1))
    found = [validated(python, file) for file in (good, bad)]
    assert found[0] == 0
    assert found[1] != 0


def validated(python: Path, file: Path) -> int:
    command = (str(python), "-m", "frictionless", "validate", file.name)
    return subprocess.run(command, cwd=file.parent, capture_output=True, check=False).returncode


@pytest.mark.nightly
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("form", ["xlsx", "excel"])
def test_libreoffice_opens_what_is_made_for_spreadsheets(
    form: str, table: Table, tmp_path: Path
) -> None:
    """It is read back as what it was: words as words, numbers as numbers."""
    source = tmp_path / ("report.xlsx" if form == "xlsx" else "report.csv")
    source.write_bytes(FORMS[form](table, as_they_are, speech("fi")))
    # A Finnish Excel's separators: semicolon, quotation mark, UTF-8, Finnish.
    options = [] if form == "xlsx" else ["--infilter=CSV:59,34,76,1,,1035,false,true"]
    subprocess.run(
        [
            "soffice",
            "--headless",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            *options,
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,false",
            "--outdir",
            str(tmp_path / "back"),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    rows = read_csv((tmp_path / "back" / "report.csv").read_bytes())
    assert len(rows) == len(table.cells)
    for row, cell in zip(rows, table.cells, strict=True):
        assert "1+1" not in row["group"] or row["group"].lstrip("'") == "=1+1"
        if cell.value is not None and not cell.is_empty:
            assert abs(Fraction(row["value"]) - cell.value) <= Fraction(1, 200)
