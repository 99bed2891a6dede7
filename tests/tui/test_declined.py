"""If these fail, a script reads a number where a client declined, or a file says another thing."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from click.testing import CliRunner

from stepping.pathway.reader import read_pathway
from stepping.proofs.examples import run_examples
from tests.stepping.cases import WELL, adult, phq9
from tui.cli import porras

CASE = WELL | phq9(14) | {"phq9.6": "declined", "history.weeks": 4}
"""PHQ-9 14 points without item 6: step 1, or step 2 if it adds two."""


def decide(*arguments: str) -> str:
    done = CliRunner().invoke(porras, ["decide", "adult", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def answers(folder: Path) -> str:
    file = folder / "case.json"
    file.write_text(json.dumps(CASE), encoding="utf-8")
    return str(file)


def test_a_single_case_says_at_least_in_json_and_in_words(tmp_path: Path) -> None:
    told = json.loads(decide("--answers", answers(tmp_path), "--format", "json"))
    assert (told["step"], told["range"], told["at_least"]) == (1, [1, 2], True)
    assert (told["declined"], told["missing"], told["settled"]) == (["phq9.6"], [], False)
    assert told["scores"]["phq9.total"] == [14, 17]
    assert {"fact": "phq9.6", "from": "declined", "to": 2, "step": 2} in told["flips"]
    assert any(rule["declined"] == ["phq9.6"] for rule in told["possible"])
    text = decide("--answers", answers(tmp_path), "--lang", "en")
    assert "At least step 1 (1–2): " in text
    assert "14–17 (1 item declined)" in text
    assert "Declined\n  PHQ-9 item 6" in text


def test_a_cell_of_a_file_of_cases_says_the_same(tmp_path: Path) -> None:
    cases, out = tmp_path / "cases.csv", tmp_path / "out.csv"
    with cases.open("w", encoding="utf-8", newline="") as file:
        names = [name for name, value in CASE.items() if value not in ((), "")]
        rows = csv.writer(file)
        rows.writerow(["case", *names])
        rows.writerow(["a", *(CASE[name] for name in names)])
    decide("--batch", str(cases), "--out", str(out))
    (row,) = csv.DictReader(out.read_text("utf-8-sig").splitlines())
    assert (row["status"], row["step"]) == ("suggested", "1")
    assert (row["lowest"], row["highest"]) == ("1", "2")
    assert (row["declined"], row["at_least"]) == ("phq9.6", "yes")


def test_an_example_of_a_pathway_may_decline(tmp_path: Path) -> None:
    name = "examples.toml"
    more = (
        '\n[[example]]\nid = "declines_6"\ntitle = { en = "a", fi = "a", sv = "a" }\n'
        'base = "well"\nanswers = { "phq9.6" = "declined" }\n'
        'expect = { status = "suggested", step = 0, highest = 0 }\n'
    )
    files = dict(adult().files)
    assert run_examples(read_pathway({**files, name: files[name] + more})) == ()
    wrong = more.replace("highest = 0", "highest = 1")
    assert len(run_examples(read_pathway({**files, name: files[name] + wrong}))) == 1
