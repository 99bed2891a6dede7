"""`porras report` on a training store with a small caseload."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from casework.training.caseload import caseload
from stepping.reports.catalogue import REPORTS
from store.pathway_files.targets import load_targets
from store.training.reset import reset_training
from store.training.shapes import read_shapes
from tui import say
from tui.cli import porras

NOW = datetime(2026, 12, 6, 10, tzinfo=UTC)
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    shapes = read_shapes().model_copy(update={"clients": 8})
    reset_training(folder / "training.db", lambda: NOW, caseload(None, shapes))
    return folder / "porras.db"


@pytest.fixture
def run(database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    for module in ("tui.launch", "tui.commands.open_store"):
        monkeypatch.setattr(f"{module}.now", lambda: NOW)
    monkeypatch.setattr(say, "is_read_by_a_person", lambda: True)

    def asked(*arguments: str) -> Result:
        return CliRunner().invoke(
            porras, ["--demo", "--lang", "en", "--db", str(database), "report", *arguments]
        )

    yield asked


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_is_printed(run: Run, name: str) -> None:
    done = run(name, "--period", "2026")
    assert done.exit_code == 0, done.output
    assert "Made by Porras on 2026-12-06. Head of the log: " in " ".join(done.stdout.split())
    assert all(len(line) <= 78 for line in done.stdout.splitlines())


def test_without_a_period_it_is_the_last_quarter_that_is_over(run: Run) -> None:
    assert "quarter 3 of 2026; beside it quarter 3 of 2025" in run("methods").stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["acces"], "did you mean 'access'?"),
        (["access", "--by", "units"], "did you mean 'unit'?"),
        (["access", "--by", "zzz"], "there is age_limit, unit, municipality"),
        (["access", "--period", "2026-09..2026-02"], "did you mean '2026-02..2026-09'?"),
        (["access", "--period", "2027-Q1"], "did you mean '2026-Q4'?"),
        (["access", "--period", "yesterday"], "that is no period"),
        (["access", "--period", "٢٠٢٥"], "that is no period"),
        (["access", "--period", "2026-0٢..2026-03"], "that is no period"),
        (
            ["access", "--format", "csv", "--out", "report.XLSX"],
            "the file ends in .xlsx, and --format csv writes .csv",
        ),
        (["access", "--out", "report.html"], "the file ends in .html"),
        (["access", "--format", "xlsx", "--out", "-"], "this form needs --out FILE"),
        (
            ["access", "--period", "2001-01..2026-01"],
            "A period has at most 20 years. Nothing was counted. Ask for 2006-02..2026-01.",
        ),
        (["access", "--format", "xlsx"], "this form needs --out FILE"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(run: Run, arguments: list[str], told: str) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr


def test_there_is_no_file_of_what_is_not_over(run: Run, tmp_path: Path) -> None:
    done = run("access", "--period", "2026", "--out", str(tmp_path / "report.txt"))
    assert done.exit_code == 1
    assert "The last one is 2025." in done.stderr
    assert not list(tmp_path.iterdir())


def test_text_that_goes_on_into_a_file_or_a_program_is_a_file(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out = tmp_path / "report.txt"
    asked = ("contacts", "--by", "month", "--period", "2026-01..2026-11")
    on_the_terminal = run(*asked).stdout
    monkeypatch.setattr(say, "is_read_by_a_person", lambda: False)
    handed_on = run(*asked).stdout
    assert run(*asked, "--out", str(out)).exit_code == 0
    figures = [text.split("Made by")[0] for text in (handed_on, out.read_text(encoding="utf-8"))]
    assert figures[0].strip() == figures[1].strip() != on_the_terminal.split("Made by")[0].strip()
    refused = run("contacts", "--period", "2026")
    assert (refused.exit_code, refused.stdout) == (1, "")


def test_a_dash_is_the_standard_output_and_no_file(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("access", "--format", "csv", "--out", "-")
    assert done.stdout == run("access", "--format", "csv").stdout != ""
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("form", ["text", "csv", "excel", "json", "html", "xlsx", "table"])
def test_each_form_is_written_and_nothing_replaced(run: Run, tmp_path: Path, form: str) -> None:
    out = tmp_path / "report"
    arguments = ("access", "--by", "month", "--format", form, "--out", str(out))
    done = run(*arguments)
    assert done.exit_code == 0, done.output
    content = out.read_bytes()
    again = run(*arguments)
    assert (again.exit_code, out.read_bytes()) == (1, content)
    assert [path.name for path in tmp_path.iterdir()] == ["report"]
    match form:
        case "csv":
            rows = list(csv.DictReader(io.StringIO(content.decode())))
            assert {row["report"] for row in rows} == {"access"}
        case "json":
            assert json.loads(content)["report"] == "access"
        case "xlsx" | "table":
            assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def test_a_lead_is_told_of_her_unit_and_may_be_told_of_all_with_the_role_for_it(run: Run) -> None:
    year = ("methods", "--period", "2026")
    assert "Use of methods: Hollolan sote-keskus" in run(*year).stdout
    done = run("methods", "--period", "2025", "--of", "all")
    everybody = done.stdout
    assert done.exit_code == 0, done.output
    assert "Use of methods\n" in everybody
    assert "Hollolan" not in everybody
    assert "The last one is 2025." in run(*year, "--of", "all").stderr


@pytest.mark.parametrize("form", ["text", "csv"])
@pytest.mark.parametrize(
    ("name", "told"),
    [("methods", "A file of one unit is told by time alone."), ("caseload", "stay on the screen")],
)
def test_what_could_tell_of_few_beside_other_files_is_no_file(
    run: Run, tmp_path: Path, name: str, told: str, form: str
) -> None:
    by = ["--by", "method"] if name == "methods" else []
    out = ["--format", form, "--out", str(tmp_path / "report")]
    done = run(name, *by, *out)
    assert (done.exit_code, done.stdout) == (1, "")
    assert told in done.stderr
    assert not list(tmp_path.iterdir())


def test_nothing_is_written_into_the_folder_of_the_store(run: Run, database: Path) -> None:
    before = sorted(database.parent.iterdir())
    done = run("methods", "--out", str(database.parent / "report.txt"))
    assert done.exit_code == 1
    assert "folder of the store" in done.stderr
    assert sorted(database.parent.iterdir()) == before


def test_targets_stand_beside_and_their_faults_are_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "targets.toml"
    file.write_text('[access.within_14]\ntarget = 80\nsource = "the county"\n', encoding="utf-8")
    done = run("access", "--period", "2026", "--targets", str(file))
    assert "◆" in done.stdout
    file.write_text("[access.within_15]\ntarget = 80\n", encoding="utf-8")
    done = run("access", "--targets", str(file))
    assert done.exit_code == 1
    assert "--targets:1: the figure of access 'within_15' is not known" in done.stderr
    file.write_text("# " + "x" * 1_000_000, encoding="utf-8")
    done = run("access", "--targets", str(file))
    assert (done.exit_code, done.stdout) == (1, "")
    assert "--targets: larger than a million bytes" in done.stderr


def test_the_targets_of_the_site_stand_beside_with_who_set_them(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = "casework.reports.targets.load_targets"
    monkeypatch.setattr(read, lambda _: load_targets(tmp_path))
    assert "◆" not in run("access", "--period", "2026").stdout
    file = tmp_path / "targets.toml"
    file.write_text('[access.within_14]\ntarget = 80\nsource = "the county"\n', encoding="utf-8")
    done = run("access", "--period", "2026")
    assert "◆" in done.stdout
    told = "Target for “treatment within 14 days”: 80 % (the county)."
    assert told in " ".join(done.stdout.split())
    file.write_text("[access.within_15]\ntarget = 80\n", encoding="utf-8")
    done = run("access", "--period", "2026")
    assert done.exit_code == 1
    assert "targets.toml:1: the figure of access 'within_15' is not known" in done.stderr
