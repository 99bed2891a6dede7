"""If these fail, a trainer cannot see what a case gives, or loses what they wrote."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft7Validator

from casework.language import LANGUAGES
from store.paths import PATHWAYS
from store.pathway_files.files import ids
from store.pathway_files.vignettes import vignette_files
from tests.test_house import ROOT
from tests.tui.test_authoring import everything
from tui.cli import porras

CASE = "sleepless_teacher"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(porras, ["--lang", "en", *map(str, words)])


def begin(folder: Path, id_: str = "mine", pathway: str = "adult") -> Path:
    done = run("vignette", "new", id_, "--pathway", pathway, "--out", folder)
    assert done.exit_code == 0, done.output
    return folder / f"{id_}.toml"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with one case of a trainer's own."""
    begin(tmp_path / "cases")
    return tmp_path / "cases"


def test_words_of_the_draft_that_are_left_in_one_language_are_told(own: Path) -> None:
    """Else a class hears in Swedish what whoever began the case never wrote."""
    path = own / "mine.toml"
    text = path.read_text("utf-8")
    for word in ('fi = "Uusi tapaus"', 'en = "A new case"'):
        text = text.replace(word, f'{word[:6]}Another"')
    path.write_text(text, encoding="utf-8")
    told = run("vignette", "check", path).stdout
    line = 1 + text.split("\n").index(next(t for t in text.split("\n") if t.startswith("title")))
    assert f"vignettes/mine.toml:{line}: has the words of the draft still, in sv" in told


def test_whoever_begins_a_case_with_a_name_of_ours_is_told(tmp_path: Path) -> None:
    done = run("vignette", "new", CASE, "--pathway", "adult", "--out", tmp_path)
    assert "stands in the place of the case of that name that came with Porras" in done.stdout
    begin_other = run("vignette", "new", "other", "--pathway", "adult", "--out", tmp_path)
    assert "stands in the place" not in begin_other.stdout


# -- new ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("pathway", ids())
def test_a_draft_has_no_fault_and_no_hint_but_what_is_left_to_write(
    tmp_path: Path, pathway: str
) -> None:
    done = run("vignette", "check", begin(tmp_path, "mine", pathway), "--format", "json")
    assert done.exit_code == 0, done.output
    (told,) = json.loads(done.stdout)
    assert told["errors"] == []
    unsigned, *unwritten = [hint["message"] for hint in told["hints"]]
    assert unsigned == "no clinician has signed it"
    assert {*unwritten} == {"has the words of the draft still, in en, fi, sv"}
    assert told["gives"]["pathway"] == pathway


def test_a_draft_may_be_begun_on_a_countys_pathway(tmp_path: Path) -> None:
    county = tmp_path / "county"
    assert run("pathway", "new", county / "north").exit_code == 0
    done = run("--pathways", county, "vignette", "new", "mine", "--pathway", "north")
    assert done.exit_code == 0, done.output
    assert (county / "vignettes" / "mine.toml").is_file()
    done = run("--pathways", county, "vignette", "check")
    assert done.exit_code == 0, done.output
    assert "mine: north gives step" in done.stdout
    (ours,) = (line for line in done.stdout.splitlines() if CASE in line)
    assert ours.startswith(f"{len(vignette_files())} cases that came with Porras do not fit")
    named = run("--pathways", county, "vignette", "check", CASE)
    assert named.exit_code == 0
    assert f"{CASE}: does not fit the pathways in use" in named.stdout
    assert "pathway 'adult' is not in use" in named.stdout
    listed = run("--pathways", county, "vignette", "list").stdout.splitlines()
    assert f"{CASE}\tdoes not fit the pathways in use" in listed
    assert run("--pathways", county, "pathway", "list").stdout.splitlines()[0].startswith("north\t")
    assert run("--pathways", county, "pathway", "check", "north").exit_code == 0


def test_a_pathway_without_an_example_that_ends_in_a_step_is_told(tmp_path: Path) -> None:
    county = tmp_path / "county"
    run("pathway", "new", county / "north")
    (county / "north" / "examples.toml").write_text("", encoding="utf-8")
    done = run("--pathways", county, "vignette", "new", "mine", "--pathway", "north")
    assert done.exit_code == 1
    assert "no example of north ends in a step" in done.stderr
    assert not (county / "vignettes").exists()


def test_a_case_may_be_of_a_pathway_with_other_steps(tmp_path: Path) -> None:
    """Its three steps are numbered 7 to 9."""
    county = tmp_path / "county"
    run("pathway", "new", county / "north")
    for path in (county / "north").glob("*.toml"):
        text = path.read_text("utf-8")
        for key in ("number", "step", "at_least", "lowest"):
            text = re.sub(rf"\b({key} = )([012])\b", lambda m: f"{m[1]}{int(m[2]) + 7}", text)
        text = re.sub(r"(then_at_least = )([012])\b", lambda m: f"{m[1]}{int(m[2]) + 7}", text)
        text = re.sub(r"(steps = \[)([012])\b", lambda m: f"{m[1]}{int(m[2]) + 7}", text)
        path.write_text(text, "utf-8")
    begun = run("--pathways", county, "vignette", "new", "mine", "--pathway", "north")
    assert begun.exit_code == 0, begun.stderr
    assert "mine: north gives step 8, 8 is expected" in (
        run("--pathways", county, "vignette", "check").stdout
    )


def test_an_editor_finds_the_schema_that_a_draft_names(own: Path) -> None:
    named = (own / "mine.toml").read_text("utf-8").split("\n")[0].removeprefix("#:schema ")
    Draft7Validator.check_schema(json.loads((own / named).read_text("utf-8")))


def test_what_stands_there_is_never_touched(own: Path) -> None:
    (own / "mine.toml").write_text("a day's work", encoding="utf-8")
    done = run("vignette", "new", "mine", "--pathway", "adult", "--out", own)
    assert done.exit_code == 1
    assert "is there already; nothing was changed" in done.stderr
    assert (own / "mine.toml").read_text("utf-8") == "a day's work"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("mine", "--pathway", "adult"), "name a folder of your own"),
        (("mine", "--pathway", "adult", "--out", PATHWAYS / "vignettes"), "by its next version"),
        (("my-case", "--pathway", "adult", "--out", "OWN"), "cannot be a case's id"),
        (("../case", "--pathway", "adult", "--out", "OWN"), "cannot be a case's id"),
        (("mine", "--pathway", "adul", "--out", "OWN"), "did you mean 'adult'?"),
        (("mine", "--out", "OWN"), "--pathway"),
    ],
)
def test_what_makes_no_case_leaves_nothing(
    tmp_path: Path, words: tuple[str | Path, ...], told: str
) -> None:
    before = everything(PATHWAYS)
    given = [tmp_path / "own" if word == "OWN" else word for word in words]
    done = run("vignette", "new", *given)
    assert done.exit_code in {1, 2}
    assert told in done.stderr
    assert everything(tmp_path) == set()
    assert everything(PATHWAYS) == before


def test_no_draft_is_written_into_the_folder_of_a_store(tmp_path: Path) -> None:
    words = ("vignette", "new", "mine", "--pathway", "adult", "--out", tmp_path)
    done = run("--db", tmp_path / "porras.db", *words)
    assert done.exit_code == 1
    assert not (tmp_path / "mine.toml").exists()


# -- list ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_tells_each_case_in_the_language_asked_for(language: str) -> None:
    done = run("--lang", language, "vignette", "list")
    assert done.exit_code == 0, done.output
    rows = {row.split("\t")[0]: row.split("\t")[1:] for row in done.stdout.splitlines()}
    assert {*rows} == {*vignette_files()}
    titles = {
        "en": "A teacher who cannot let go",
        "fi": "Opettaja, joka ei pääse irti työstä",
        "sv": "En lärare som inte kan koppla av",
    }
    assert rows[CASE] == ["adult", "step", "1", "test", "1", "draft", titles[language]]


def test_the_list_has_own_cases_beside_ours_for_other_programs(own: Path) -> None:
    (own / "broken.toml").write_text("id = ", encoding="utf-8")
    done = run("--vignettes", own, "vignette", "list", "--format", "json")
    assert done.exit_code == 0, done.output
    rows = {row["id"]: row for row in json.loads(done.stdout)}
    assert {*rows} == {*vignette_files(), "mine", "broken"}
    assert rows["mine"]["fits"]
    assert not rows["broken"]["fits"]
    assert rows["broken"]["faults"][0].startswith("vignettes/broken.toml:1: not readable as TOML")
    assert rows[CASE]["title"] == "A teacher who cannot let go"


# -- check --------------------------------------------------------------------------------------


def change(path: Path, was: str, becomes: str) -> None:
    text = path.read_text("utf-8")
    assert was in text
    path.write_text(text.replace(was, becomes, 1), encoding="utf-8")


def test_every_fault_is_told_by_file_and_line(own: Path) -> None:
    change(own / "mine.toml", "lowest = 1\nhighest = 1", "lowest = 3\nhighest = 4")
    change(own / "mine.toml", 'about = ["danger.suicide"', 'about = ["danger.suicid"')
    begin(own, "second")
    done = run("--vignettes", own, "vignette", "check", "mine", "second")
    assert done.exit_code == 1
    at = (own / "mine.toml").read_text("utf-8").split("\n")
    line = next(n for n, row in enumerate(at, 1) if "danger.suicid" in row)
    assert (
        f"error  vignettes/mine.toml:{line}: question 'danger.suicid' is not known" in done.stdout
    )
    assert "second: adult gives step 1, 1 is expected" in done.stdout
    assert "errors in mine; a case with an error is not offered" in done.stderr
    change(own / "mine.toml", 'about = ["danger.suicid"', 'about = ["danger.suicide"')
    done = run("vignette", "check", own / "mine.toml")
    assert done.exit_code == 1
    assert "step 1 comes out, 3–4 is expected, and `why` does not say why" in done.stdout


def test_hints_are_told_and_are_no_errors(own: Path) -> None:
    """What whoever wrote a case may want to know before a class meets it."""
    path = own / "mine.toml"
    change(path, 'rule = "A0b"', 'rule = "A3"')
    change(path, "stops = []", 'stops = []\nwhy = { en = "a", fi = "b", sv = "c" }')
    text = path.read_text("utf-8")
    start, end = text.index('sv = """'), text.index("# ── What a trainee")
    path.write_text(f'{text[:start]}sv = "En kort text."\n\n{text[end:]}', encoding="utf-8")
    done = run("vignette", "check", path, "--format", "json")
    assert done.exit_code == 0, done.output
    told = " | ".join(hint["message"] for hint in json.loads(done.stdout)[0]["hints"])
    assert "no clinician has signed it" in told
    assert "rule A3 does not hold on these answers" in told
    assert "`why` explains nothing: step 1 comes out" in told
    assert "story.sv has 3 words" in told


def test_an_answer_that_nobody_is_asked_for_is_hinted_at(own: Path) -> None:
    """It changes nothing, which whoever wrote it cannot see from the step."""
    change(own / "mine.toml", "[answers]", '[answers]\n"asq.5" = true')
    done = run("vignette", "check", own / "mine.toml")
    assert done.exit_code == 0
    assert "asq.5 is answered, and not asked on these answers" in done.stdout


def test_a_role_play_that_hides_what_decides_is_hinted_at(own: Path) -> None:
    path = own / "mine.toml"
    text = path.read_text("utf-8")
    last = text.rindex("about = ")
    path.write_text(
        f'{text[:last]}about = ["danger.suicide"]{text[text.index(chr(10), last) :]}',
        encoding="utf-8",
    )
    done = run("vignette", "check", path)
    assert done.exit_code == 0
    assert "rule A0b holds, and no `about` names what it rests on" in done.stdout


def test_check_says_what_each_case_gives_to_other_programs() -> None:
    (told,) = json.loads(run("vignette", "check", CASE, "--format", "json").stdout)
    assert told["ok"]
    assert told["expects"] == {"lowest": 1, "highest": 1, "stops": []}
    assert (told["gives"]["step"], told["gives"]["stops"]) == (1, [])
    assert "A2" in told["gives"]["rules"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("sleepless_techer", "did you mean 'sleepless_teacher'?"),
        ("nowhere.toml", "vignettes/nowhere.toml:1: cannot be read"),
    ],
)
def test_a_case_that_is_not_there_is_told(name: str, told: str) -> None:
    done = run("vignette", "check", name)
    assert done.exit_code in {1, 2}
    assert told in done.output


def test_a_countys_pathway_that_cannot_be_read_is_told_at_the_case(tmp_path: Path) -> None:
    county = tmp_path / "county"
    run("pathway", "new", county / "north")
    run("--pathways", county, "vignette", "new", "mine", "--pathway", "north")
    (county / "north" / "rules.toml").write_text("rule = ", encoding="utf-8")
    done = run("--pathways", county, "vignette", "check", "mine")
    assert done.exit_code == 1
    assert "pathway 'north' cannot be used: rules.toml:1" in done.stdout


def test_listing_the_commands_reads_no_case() -> None:
    """Help is there at once."""
    asked = (
        "import sys; from click.testing import CliRunner; from tui.cli import porras; "
        "CliRunner().invoke(porras, ['vignette', '--help']); "
        "print([m for m in sys.modules if m == 'pydantic' or m.startswith('stepping.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['stepping.characters']"
