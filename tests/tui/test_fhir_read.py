"""If these fail, looking at a filled-in form stores something, hides a fault, or breaks."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from stepping.interchange.responses.json_text import LARGEST
from tests.interchange.__main__ import FIXTURES, PATHWAYS, form_of
from tests.stepping.interchange.responses.filled import GIVEN, NOW, respond
from tui.cli import porras

PHQ: dict[str, Any] = {f"phq9.{n}": 1 for n in range(1, 10)} | {"phq9.difficulty": 1}


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.commands.fhir_read.utc_now", lambda: NOW)


def run(*names: object, lang: str = "en") -> Result:
    words = ["--lang", lang, "fhir", "read", *map(str, names)]
    return CliRunner().invoke(porras, words, env={"HOME": "/nowhere"})


def kept(folder: Path, response: Any, name: str = "came.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(response), encoding="utf-8")
    return path


def test_danger_comes_first_then_totals_of_ours_beside_theirs(tmp_path: Path) -> None:
    path = kept(tmp_path, respond("phq9", PHQ, totals={"phq9.total": 13}))
    before = path.read_bytes()
    done = run(path)
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0] == "Danger"
    assert lines[1].startswith("  item[0].item[8].answer[0]: ")
    assert "Several days · 2026-11-20" in lines[1]
    assert "  PHQ-9 total: 9 (the file says 13, which disagrees)" in lines
    assert "  item[1]: PHQ-9 total: another total than the answers give (13 ≠ 9)" in lines
    assert lines[-1] == "Nothing was stored."
    assert [*tmp_path.iterdir()] == [path]
    assert path.read_bytes() == before


def test_other_programs_get_the_same_as_data(tmp_path: Path) -> None:
    path = kept(tmp_path, respond("phq9", PHQ, totals={"phq9.total": 13}))
    told = json.loads(run(path, "--format", "json").stdout)
    (form,) = told["forms"]
    (total,) = form["totals"]
    assert (total["id"], total["ours"], total["theirs"], total["agrees"]) == (
        *("phq9.total", 9, 13),
        False,
    )
    assert form["danger"][0]["question"] == "phq9.9"
    answers = {each["question"]: (each["answer"], each["given_at"]) for each in form["answers"]}
    assert answers == dict.fromkeys(PHQ, (1, "2026-11-20T08:30:00+00:00"))
    assert [(f["kind"], f["place"], f["refused"]) for f in told["faults"]] == [
        ("total", "item[1]", False)
    ]
    assert told["stored"] is False


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.json")), ids=lambda path: path.stem)
def test_what_real_renderers_wrote_is_read_by_the_form_that_it_answers(
    path: Path, tmp_path: Path
) -> None:
    worst = json.loads(path.read_text(encoding="utf-8"))["worst"]
    if "authored" in worst:
        worst["authored"] = GIVEN
    name = path.name.split(".")[0]
    told = json.loads(run(kept(tmp_path, worst), "--format", "json").stdout)
    (form,) = told["forms"]
    assert form["pathway"] == (name if name in PATHWAYS else None)
    computed = {fact.id for fact, *_ in form_of(name).totals.values()}
    agreeing = {total["id"] for total in form["totals"] if total["agrees"]}
    unknown = {total["id"] for total in form["totals"] if total["ours"] is None}
    assert unknown <= ({"auditc.total"} if name == "youth" else {"audit.total"})  # by age, by sex
    assert agreeing >= computed - unknown
    assert {f["about"] for f in told["faults"] if f["kind"] == "total"} <= unknown
    odd = {f["kind"] for f in told["faults"]} - {"unfinished", "no_date", "missing", "hidden"}
    assert odd <= {"total"}


@pytest.mark.parametrize("name", ["phq9", "audit", "adult"])
def test_a_form_of_another_version_than_ours_is_told_and_read_all_the_same(
    name: str, tmp_path: Path
) -> None:
    answers = {f"auditc.{n}": 1 for n in (1, 2, 3)} if name == "audit" else PHQ
    asked = form_of(name).resource()
    address, version = asked["url"], asked["version"]
    for told, odd in (
        (f"{address}|{version}", False),
        (address, False),
        (f"{address}|{version[:-1]}{'0' if version[-1] != '0' else '1'}", True),
        (f"{address}|0.1+\x1b[31m", True),
    ):
        came = kept(tmp_path, respond(name, answers, questionnaire=told))
        read = json.loads(run(came, "--format", "json").stdout)
        kinds = [(f["kind"], f["place"], f["refused"]) for f in read["faults"]]
        assert (("edition", "questionnaire", False) in kinds) == odd, told
        assert [a["question"] for a in read["forms"][0]["answers"]] == [*answers]
        line = "questionnaire: another version of this form than ours; its words may differ"
        assert (f"  {line}" in run(came).output.splitlines()) == odd
        assert "\x1b" not in run(came).output


def test_several_files_are_of_one_person_and_told_apart_by_number(tmp_path: Path) -> None:
    one = kept(tmp_path, respond("phq9", PHQ, subject={"reference": "Patient/1"}), "one.json")
    other = kept(tmp_path, respond("gad7", {"gad7.1": 1}, authored=None), "other.json")
    done = run(one, other)
    assert done.exit_code == 0, done.output
    assert "  (2).authored: does not say when it was filled in" in done.output
    assert "not answered: GAD-7 item 2" in done.output
    another = kept(tmp_path, respond("gad7", {"gad7.1": 1}, subject={"reference": "Patient/2"}))
    done = run(one, another)
    assert done.exit_code == 1
    assert "(2).subject: more than one person's forms" in done.output


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    real = kept(tmp_path, respond("phq9", PHQ), "real.json")
    link, pipe = tmp_path / "link.json", tmp_path / "pipe"
    link.symlink_to(real)
    os.mkfifo(pipe)
    for path in (link, pipe, tmp_path, Path("/dev/zero"), tmp_path / "none.json"):
        done = run(path)
        assert done.exit_code == 1, path
        assert done.stdout == "", path
    big = tmp_path / "big.json"
    with big.open("wb") as file:
        file.truncate(100_000_000)
    done = run(big)
    assert done.exit_code == 1
    assert "larger than any filled-in form; nothing was stored" in done.output
    assert big.stat().st_size > LARGEST


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"a": }', "not JSON from here on (line 1, column 7); nothing was stored"),
        (b'{"a": NaN}', "not a number that a form has (a); nothing was stored"),
        (b'{"a": 1, "a": 2}', "stands there twice (a); nothing was stored"),
        (b"\xff", "not UTF-8 text (byte 1); nothing was stored"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_place(
    tmp_path: Path, content: bytes, told: str
) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    done = run(path)
    assert done.exit_code == 1
    assert told in done.output
    assert done.stdout == ""


def test_a_form_that_is_not_known_exits_with_1(tmp_path: Path) -> None:
    items = [{"linkId": "x", "answer": [{"valueInteger": 1}]}]
    response = respond("phq9", {}, item=items, questionnaire="http://elsewhere/x")
    done = run(kept(tmp_path, response))
    assert done.exit_code == 1
    assert "item: no question of it is known here" in done.output
    assert "nothing was stored" in done.output
