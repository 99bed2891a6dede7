"""`porras pathway diff`: what a new version would do, before it does it to anybody."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from store.paths import PATHWAYS
from store.pathway_files.files import built_in, load
from tests.review import FIRST, NAMES, SHEETS, sheet
from tests.stepping.cases import SMALL, WELL, adult, changed
from tui.cli import porras

HARBOUR = Path(__file__).parents[1] / "fixtures" / "harbour"


def run(*arguments: str | Path, given: str | None = None) -> Result:
    return CliRunner().invoke(porras, [str(a) for a in arguments], input=given)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """A copy of the adult pathway in which a test changes something."""
    shutil.copytree(PATHWAYS, tmp_path / "pathways")
    return tmp_path / "pathways" / "adult"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (old, text.count(old))
    path.write_text(text.replace(old, new), encoding="utf-8")


A2 = 'when = "phq9.total >= 10 or gad7.total >= 10"\nat_least'


def lower_the_cut_off(new: Path) -> None:
    edit(new / "rules.toml", A2, A2.replace("phq9.total >= 10", "phq9.total >= 9"))


def told(*arguments: str | Path) -> dict[str, Any]:
    done = run("pathway", "diff", *arguments, "--format", "json")
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert isinstance(report, dict)
    return report


def test_nothing_changed_is_said() -> None:
    done = run("pathway", "diff", "adult", "adult")
    assert done.exit_code == 0
    assert "the same for every answer set: step, stops and urgency" in done.stdout
    assert "!" not in done.stdout


def test_a_moved_cut_off_is_told_with_rule_condition_and_example(new: Path) -> None:
    lower_the_cut_off(new)
    done = run("pathway", "diff", "adult", new)
    lines = [line.strip() for line in done.stdout.split("\n")]
    assert "rules.toml rule A2 when" in lines
    assert "- phq9.total >= 10 or gad7.total >= 10" in lines
    assert "+ phq9.total >= 9 or gad7.total >= 10" in lines
    assert "step: 0 → 1" in lines
    assert "when  phq9.total is 9 and gad7.total <= 7" in lines
    assert max(len(line) for line in lines if not line.startswith("smallest")) <= 80


def test_the_example_is_confirmed_by_decide_on_both_versions(new: Path) -> None:
    lower_the_cut_off(new)
    (move,) = told("adult", new)["outcomes"]
    steps = []
    for pathway in ("adult", new):
        given = json.dumps(move["example"])
        done = run("decide", pathway, "--format", "json", given=given)
        steps.append(str(json.loads(done.stdout)["step"]))
    assert steps == [move["was"], move["becomes"]]


def test_a_text_moves_no_outcome(new: Path) -> None:
    edit(
        new / "rules.toml",
        "Symptoms are at least mild: measure",
        "Symptoms are mild or more: measure",
    )
    report = told("adult", new)
    assert [change["part"] for change in report["changes"]] == ["texts"]
    assert report["outcomes"] == []


# -- approving ----------------------------------------------------------------------------------


def test_what_an_approval_still_lacks_is_told(new: Path) -> None:
    lower_the_cut_off(new)
    warnings = " ".join(told("adult", new)["warnings"])
    assert f"the version is still {adult().header.version}" in warnings
    assert "change_note does not say what is new" in warnings
    assert "a draft" in warnings


def test_an_approved_new_version_has_nothing_to_be_warned_of(new: Path) -> None:
    lower_the_cut_off(new)
    header = new / "pathway.toml"
    edit(header, f'version = "{adult().header.version}"', 'version = "9.0.0"')
    edit(header, 'status = "draft"', 'status = "approved"')
    edit(header, 'reviewed_by = ""', 'reviewed_by = "An invented doctor"')
    edit(header, 'reviewed_on = ""', 'reviewed_on = "2026-11-20"')
    text = header.read_text(encoding="utf-8")
    line = next(row for row in text.split("\n") if row.startswith("change_note"))
    edit(header, line, 'change_note = "PHQ-9 9 asks for step 1."')
    assert told("adult", new)["warnings"] == []


@pytest.mark.parametrize("lacking", ["reviewed_by", "reviewed_on", "change_note", "version"])
def test_an_approval_without_any_of_its_parts_is_refused(tmp_path: Path, lacking: str) -> None:
    parts = {
        "version": "2",
        "reviewed_by": "A doctor",
        "reviewed_on": "2026-11-20",
        "change_note": "n",
        lacking: "",
    }
    header = SMALL["pathway.toml"].replace('status = "draft"', 'status = "approved"')
    header = header.replace('version = "1"\n', "").replace('change_note = "first"\n', "")
    header = "".join(f'{key} = "{value}"\n' for key, value in parts.items()) + header
    folder = tmp_path / "mine"
    for name, text in {**SMALL, "pathway.toml": header}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    done = run("pathway", "check", folder)
    assert done.exit_code == 1
    assert lacking in done.stdout


# -- a sheet to sign ----------------------------------------------------------------------------


def written(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """The small pathway, and a version that raises R2 earlier and brings the doctor later."""
    after = changed("rules.toml", "low and weeks >= 4", "low and weeks >= 3")
    after = changed("rules.toml", "mood.total >= 3", "mood.total >= 4", after)
    return written(tmp_path / "old", SMALL), written(tmp_path / "new", after)


def test_what_comes_beside_the_step_is_told_like_a_step(two: tuple[Path, Path]) -> None:
    (move,) = told(*two)["beside"]
    assert (move["of"], move["was"], move["becomes"]) == ("action doctor", "yes", "no")
    assert move["example"]["answers"]["mood.1"] + move["example"]["answers"]["mood.2"] == 3
    lines = run("pathway", "diff", *two).stdout.splitlines()
    assert lines[lines.index("Beside the step") + 1] == "  action doctor: yes → no"


def test_a_share_counts_every_whole_answer_set_once(two: tuple[Path, Path]) -> None:
    """With low mood, 3 of 53 weeks; of 9 answers to the two items 6 are low, 1 asks no weeks."""
    shares = {
        (move["of"], move["was"], move["becomes"]): move["share"]
        for part in ("outcomes", "beside")
        for move in told(*two)[part]
    }
    whole = 1 + 8 * 53
    assert shares["step", "0", "1"] == pytest.approx(6 / whole)
    assert shares["action doctor", "yes", "no"] == pytest.approx(2 * 53 / whole)


def test_the_sheet_tells_each_rule_as_it_was_and_is_with_room_to_sign(
    two: tuple[Path, Path],
) -> None:
    done = run("pathway", "diff", *two, "--format", "markdown", "--lang", "en")
    assert done.exit_code == 0, done.output
    rows = {line.split("**")[1]: line for line in done.stdout.splitlines() if "| **" in line}
    assert "`low and weeks >= 4`" in rows["R2"] and "`low and weeks >= 3`" in rows["R2"]
    assert "holds now and did not: 1.4 %" in rows["R2"]
    assert "mood total 2" in rows["R2"] and "weeks: 3" in rows["R2"]
    assert "Suggested step 0: watch → Suggested step 1: help" in rows["R2"]
    assert "local proposal" in rows["R2"] and "yes" in rows["R2"]
    assert "held and does not now: 25 %" in rows["R3"]
    assert "R1" not in rows, "it is as it was"
    for part in ("## Remarks", "## Signature", "☐ approve it", "see a doctor: yes → no"):
        assert part in done.stdout
    assert run("pathway", "diff", *two, "--format", "markdown", "--lang", "fi").stdout.startswith(
        "# Mikä muuttuu"
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_sheets_in_the_documents_are_of_what_is_shipped(name: str) -> None:
    text = (SHEETS / f"{name}.md").read_text("utf-8")
    digests = (built_in(name).digest, load(name, FIRST).digest)
    assert all(digest in text for digest in digests), "make review writes them anew"


def test_a_sheet_in_the_documents_is_what_the_command_makes() -> None:
    """The smallest of them: the others take a minute, and come from the same command."""
    assert (SHEETS / "youth.md").read_text("utf-8") == sheet("youth")


# -- cases --------------------------------------------------------------------------------------


def cases_of(tmp_path: Path, *rows: dict[str, object]) -> Path:
    """A file of cases that are well but for what is given."""
    example = run("decide", "adult", "--format", "json", given="{}")
    required = json.loads(example.stdout)["required"]
    well = {"client.age": 40, **{id_: WELL[id_] for id_ in (*required, "suicide.thoughts")}}
    heading = list(dict.fromkeys([*well, *(id_ for row in rows for id_ in row)]))
    lines = [",".join(["case", *heading])]
    for number, row in enumerate(rows):
        full = {**well, **row}
        lines.append(",".join([f"c{number}", *(str(full.get(id_, "")) for id_ in heading)]))
    path = tmp_path / "cases.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


NINE: dict[str, object] = {"phq9.1": 3, "phq9.2": 3, "phq9.3": 3}


def test_how_many_given_cases_move_between_which_steps(new: Path, tmp_path: Path) -> None:
    lower_the_cut_off(new)
    path = cases_of(tmp_path, {}, NINE, NINE, {**NINE, "phq9.4": 1}, {"danger.child": "yes"})
    report = told("adult", new, "--cases", path)
    counts = {(row["was"], row["becomes"]): row["count"] for row in report["cases"]}
    assert counts == {
        ("step 0", "step 0"): 1,
        ("step 0", "step 1"): 2,
        ("step 1", "step 1"): 1,
        ("stop S1b", "stop S1b"): 1,
    }
    text = run("pathway", "diff", "adult", new, "--cases", path).stdout
    assert "Cases: 2 of 5 move" in text
    assert "2  step 0 → step 1" in text


def test_a_question_that_only_one_version_knows_does_not_stop_the_count(
    new: Path, tmp_path: Path
) -> None:
    """Past cases answer questions that a new version has dropped."""
    questions = (new / "questions.toml").read_text(encoding="utf-8")
    start = questions.index('[[ask]]\nid = "segment"')
    end = questions.index("[[ask]]", start + 1)
    (new / "questions.toml").write_text(questions[:start] + questions[end:], encoding="utf-8")
    rules = new / "rules.toml"
    edit(rules, "services.count >= 3 or segment >= 4", "services.count >= 3")
    care = new / "interventions.toml"
    care.write_text(care.read_text(encoding="utf-8").replace("segment >= 4", "services.count >= 3"))
    path = cases_of(tmp_path, {"segment": 4}, {"segment": 1})
    done = run("pathway", "diff", "adult", new, "--cases", path)
    assert done.exit_code == 0, done.output
    assert "Cases: 0 of 2 move" in done.stdout


def test_an_unfit_file_of_cases_is_refused_with_its_place(new: Path, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("case,phq9.nine\na,1\n", encoding="utf-8")
    done = run("pathway", "diff", "adult", new, "--cases", path)
    assert done.exit_code == 1
    assert "cases.csv: line 1" in done.stderr
    assert "phq9.nine" in done.stderr


def test_a_line_that_decide_would_refuse_is_refused_here_too(new: Path, tmp_path: Path) -> None:
    """Half a line must not be counted as a case that does not move."""
    path = cases_of(tmp_path, {}, {"phq9.1": 7})
    path.write_text(path.read_text(encoding="utf-8") + "c9,no,no\n", encoding="utf-8")
    done = run("pathway", "diff", "adult", new, "--cases", path)
    assert done.exit_code == 1
    assert "phq9.1: 7 is out of range" in done.stderr
    assert "line 4" in done.stderr
    assert "mend those lines" in done.stderr


def test_cases_of_a_finnish_spreadsheet_are_read_here_too(new: Path, tmp_path: Path) -> None:
    lower_the_cut_off(new)
    path = cases_of(tmp_path, {}, NINE)
    lines = path.read_text(encoding="utf-8").replace(",", ";") + ";;\n"
    path.write_text(f"\ufeffsep=;\n;;\n{lines}", encoding="utf-8")
    done = run("pathway", "diff", "adult", new, "--cases", path)
    assert "Cases: 1 of 2 move" in done.stdout


def test_two_pathways_are_not_taken_for_versions_of_one(tmp_path: Path) -> None:
    for name, content in SMALL.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    done = run("pathway", "diff", tmp_path, HARBOUR)
    assert "these are two pathways, small and harbour" in done.stdout
