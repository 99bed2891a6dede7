"""`porras pathway check`: what a clinical lead is told before a table may meet a client."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from store.paths import PATHWAYS
from tests.stepping.cases import SMALL, adult, changed
from tui.cli import porras


def run(*arguments: str | Path, given: str | None = None) -> Result:
    return CliRunner().invoke(porras, [str(a) for a in arguments], input=given)


def lay_out(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A pathway in a folder of its own."""
    return lay_out(tmp_path / "mine", SMALL)


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A copy of all that comes with Porras, which a test may break."""
    return Path(shutil.copytree(PATHWAYS, tmp_path / "pathways"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (old, text.count(old))
    path.write_text(text.replace(old, new), encoding="utf-8")


def told(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    done = run(*arguments, "--format", "json")
    assert "Traceback" not in done.stderr
    report = json.loads(done.stdout)
    assert isinstance(report, dict)
    return done.exit_code, report


# -- what passes --------------------------------------------------------------------------------


def test_a_sound_pathway_is_proven() -> None:
    done = run("pathway", "check", "adult")
    assert done.exit_code == 0, done.output
    assert f"{len(adult().examples)} examples" in done.stdout
    assert "proven over all answer sets: no errors" in done.stdout
    assert f"digest {adult().digest}" in done.stdout
    assert "phq9.total: 4|5, 9|10, 15|16, 19|20" in done.stdout, "the covered cut-offs are listed"


def test_the_report_for_scripts_says_the_same() -> None:
    code, report = told("pathway", "check", "adult")
    assert (code, report["ok"], report["errors"]) == (0, True, 0)
    assert report["digest"] == adult().digest
    assert all(row["below"] and row["above"] for row in report["coverage"])


def test_a_countys_own_pathway_needs_nothing_of_ours(mine: Path) -> None:
    """Our example services name our interventions; they are no fault of another pathway."""
    done = run("pathway", "check", mine)
    assert done.exit_code == 0, done.output
    assert "1 examples" in done.stdout


# -- what does not ------------------------------------------------------------------------------


def test_a_failing_example_is_told_with_its_line(tmp_path: Path) -> None:
    wrong = lay_out(tmp_path / "wrong", changed("examples.toml", "step = 0", "step = 1"))
    done = run("pathway", "check", wrong)
    assert done.exit_code == 1
    assert "error  examples.toml:1: example well: step should be 1, it is 0" in done.stdout
    assert "wrong: 1 error; the pathway is not fit for use" in done.stderr


def test_what_cannot_be_read_is_told_in_both_forms(tmp_path: Path) -> None:
    wrong = lay_out(tmp_path / "wrong", changed("rules.toml", "low and weeks", "low and weks"))
    done = run("pathway", "check", wrong)
    assert done.exit_code == 1
    assert "rules.toml:17: the fact 'weks' is not known; did you mean 'weeks'?" in done.stdout
    code, report = told("pathway", "check", wrong)
    assert code == 1
    assert [finding["line"] for finding in report["findings"]] == [17]


AREA = """\
id = "area"
county = { en = "County" }
municipalities = [ { id = "hollola", name = { en = "Hollola" } } ]

[[service]]
id = "clinic"
name = { en = "Clinic" }
municipalities = ["hollola", "lahti"]
interventions = ["tolk"]
production = "own"
place = "fixed"
languages = ["fi"]
contact = "000"
contact_checked = 2026-11-02
waiting_days = 3
"""


def test_a_service_that_names_what_does_not_exist_is_told(mine: Path) -> None:
    lay_out(mine, {"services/area.toml": AREA})
    done = run("pathway", "check", mine)
    assert done.exit_code == 1
    assert "service clinic: intervention 'tolk' is not known; did you mean 'talk'?" in done.stdout
    assert "service clinic: municipality 'lahti' is not known" in done.stdout
    assert "service clinic: the waiting time has no date, waiting_checked" in done.stdout
    assert "services/area.toml:9:" in done.stdout


def test_a_folder_under_another_name_is_told_as_the_program_tells_it(ours: Path) -> None:
    edit(ours / "youth/pathway.toml", 'id = "youth"', 'id = "junior"')
    code, report = told("--pathways", ours, "pathway", "check", "youth")
    assert code == 1
    assert "id is not the folder's name" in report["findings"][0]["message"]


def test_an_unknown_pathway_is_wrong_usage() -> None:
    done = run("pathway", "check", "adlut")
    assert done.exit_code == 2
    assert "did you mean 'adult'?" in done.stderr


# -- counter-examples ---------------------------------------------------------------------------


def decided(root: Path, case: object) -> dict[str, Any]:
    """What `porras decide` says of a printed case."""
    done = run("--pathways", root, "decide", "adult", "--format", "json", given=json.dumps(case))
    assert done.exit_code == 0, done.stderr
    decision = json.loads(done.stdout)
    assert isinstance(decision, dict)
    return decision


def finding(report: dict[str, Any], kind: str) -> dict[str, Any]:
    found = [f for f in report["findings"] if f["kind"] == kind]
    assert len(found) == 1, report["findings"]
    return dict(found[0])


def test_a_lowered_step_is_shown_by_a_case_that_decide_confirms(ours: Path) -> None:
    edit(
        ours / "adult/rules.toml",
        'when = "phq9.total >= 20"\nat_least',
        'when = "phq9.total is 20"\nat_least',
    )
    code, report = told("--pathways", ours, "pathway", "check", "adult")
    assert code == 1
    ways = [f for f in report["findings"] if f["kind"] == "monotone_step"]
    assert {(f["file"], f["of"]) for f in ways} == {("rules.toml", "A6a")}
    items = [f"(phq9.{item} " for item in range(1, 9)]  # the ninth leads to a stop
    assert all(item in f["message"] for item, f in zip(items, ways, strict=True))
    found = ways[0]
    before, after = decided(ours, found["case"]), decided(ours, found["worse"])
    assert (before["step"], after["step"]) == (3, 2)
    assert found["shows"] == "step 3 → step 2"
    better, worse = found["case"]["answers"], found["worse"]["answers"]
    (moved,) = [id_ for id_ in worse if better.get(id_) != worse[id_]]
    assert moved.startswith("phq9.")
    assert worse[moved] == better[moved] + 1


def test_a_closed_stop_is_shown_by_a_case_that_decide_confirms(ours: Path) -> None:
    edit(
        ours / "adult/rules.toml",
        'when = "phq9.9 >= 1 or suicide.thoughts or asq.any or nurse.worried or history',
        'when = "phq9.9 is 1 or suicide.thoughts or asq.any or nurse.worried or history',
    )
    _, report = told("--pathways", ours, "pathway", "check", "adult")
    found = finding(report, "monotone_stop")
    assert found["of"] == "S2"
    assert len(found["case"]["answers"]) == 1, "the smallest one"
    assert decided(ours, found["case"])["stops"] == ["S2"]
    assert decided(ours, found["worse"])["stops"] == []


def test_a_stop_without_a_card_is_shown_by_a_case(ours: Path) -> None:
    edit(ours / "adult/rules.toml", '  { card = "child_at_risk", when = "danger.child" },\n', "")
    _, report = told("--pathways", ours, "pathway", "check", "adult")
    found = finding(report, "stop_without_card")
    assert found["case"]["answers"] == {"danger.child": "yes"}
    assert decided(ours, found["case"])["stops"] == ["S1b"]


def test_the_text_form_prints_the_case_as_decide_reads_it(ours: Path) -> None:
    edit(ours / "adult/rules.toml", '  { card = "child_at_risk", when = "danger.child" },\n', "")
    done = run("--pathways", ours, "pathway", "check", "adult")
    (line,) = [
        row for row in done.stdout.split("\n") if row.startswith("       on ") and "child" in row
    ][:1]
    case = json.loads(line.removeprefix("       on     "))
    assert decided(ours, case)["stops"] == ["S1b"]


# -- watching -----------------------------------------------------------------------------------


@pytest.fixture
def watching(mine: Path) -> Iterator[subprocess.Popen[str]]:
    # Where tests run in the background an interrupt is ignored, and what they start inherits that.
    listening = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)"
    code = f"{listening}; from tui.__main__ import main; main()"
    command = [sys.executable, "-c", code, "pathway", "check", "--watch", str(mine)]
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as program:
        yield program
        program.kill()


def read_until(program: subprocess.Popen[str], mark: str) -> str:
    """Read lines up to one with a mark; the test runner's own time limit ends a wait in vain."""
    assert program.stdout is not None
    lines = []
    for line in program.stdout:
        lines.append(line)
        if mark in line:
            return "".join(lines)
    raise AssertionError(f"{mark!r} never came: {''.join(lines)}")


def test_a_save_is_checked_at_once(mine: Path, watching: subprocess.Popen[str]) -> None:
    """Who edits a table sees a fault while the hand is still on it."""
    read_until(watching, "no errors")
    broken = changed("rules.toml", "low and weeks", "low and weks")
    (mine / "rules.toml").write_text(broken["rules.toml"], encoding="utf-8")
    assert "'weks' is not known" in read_until(watching, "weks")
    (mine / "rules.toml").write_text(SMALL["rules.toml"], encoding="utf-8")
    read_until(watching, "no errors")
    (mine / ".#rules.toml").symlink_to("somebody@somewhere.1")  # an editor's lock
    (mine / "pathway.toml").rename(mine / "away")
    read_until(watching, "pathway.toml:1: the file is missing")
    (mine / "away").rename(mine / "pathway.toml")
    read_until(watching, "no errors")
    time.sleep(0.1)
    watching.send_signal(signal.SIGINT)
    assert watching.wait(timeout=20) == 0
