"""A clinical lead starts a pathway: one command, a folder that works, and nothing half-made."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from casework.language import LANGUAGES
from stepping.json_schema import schema_files
from stepping.pathway.population import check_population, pathway_for
from stepping.proofs.checker import check_pathway
from stepping.proofs.examples import example_answers, run_examples
from stepping.versions.compare import compare_pathways
from stepping.versions.edits import list_edits
from store.paths import PATHWAYS
from store.pathway_files.files import ids, load, service_files
from store.pathway_files.new_pathway import TEMPLATE, template_files
from tui.cli import porras


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(porras, [str(argument) for argument in arguments])


def everything(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A pathway as `new` makes it."""
    folder = tmp_path / "county" / "my_county"
    done = run("pathway", "new", folder)
    assert done.exit_code == 0, done.output
    assert "porras pathway check" in done.stdout
    return folder


def test_a_new_pathway_passes_the_check_at_once(made: Path) -> None:
    done = run("pathway", "check", made)
    assert done.exit_code == 0, done.output
    assert load(str(made)).id == "my_county"


def test_no_proof_finds_anything_in_it_not_even_a_hint(made: Path) -> None:
    """Whoever sees a finding must know that it is about their own change."""
    report = check_pathway(load(str(made)))
    assert [str(finding) for finding in report.findings] == []
    assert all(row.next_to for row in report.coverage)
    assert {row.fact for row in report.coverage} == {"load3.total", "coping", "weeks", "burdens"}


def test_it_stands_on_its_own(made: Path) -> None:
    """A county's pathway must not change when ours does."""
    pathway = load(str(made))
    here = {path.relative_to(made).as_posix() for path in made.rglob("*.toml")}
    assert set(pathway.files) | set(service_files(made)) == here


def test_it_speaks_every_language_of_the_program(made: Path) -> None:
    assert set(load(str(made)).header.languages) == set(LANGUAGES)


def test_it_decides(made: Path, tmp_path: Path) -> None:
    pathway = load(str(made))
    example = next(e for e in pathway.examples if e.id == "load_6")
    case = tmp_path / "case.json"
    case.write_text(json.dumps(example_answers(pathway, example)), encoding="utf-8")
    done = run("decide", made, "--answers", case, "--format", "json")
    told = json.loads(done.stdout)
    assert (told["pathway"], told["step"]) == ("my_county", 2)
    assert "short_treatment" in [offer["id"] for offer in told["interventions"]]


def test_each_file_names_a_schema_that_is_there(made: Path) -> None:
    for path in made.rglob("*.toml"):
        line = path.read_text("utf-8").split("\n")[0]
        found = re.fullmatch(r"#:schema (\S+)", line)
        assert found, path
        assert (path.parent / found[1]).is_file(), path


def test_an_id_of_its_own(tmp_path: Path) -> None:
    """The program refuses a pathway whose folder has another name, so that is said at once."""
    folder = tmp_path / "2027-draft"
    done = run("pathway", "new", folder, "--id", "north")
    assert done.exit_code == 0
    assert "its folder must be called north" in done.stdout
    assert load(str(folder)).id == "north"


@pytest.mark.parametrize("name", ["my-county", "9lives", "with space", "a.b"])
def test_a_bad_id_makes_nothing(tmp_path: Path, name: str) -> None:
    done = run("pathway", "new", tmp_path / "there" / "mine", "--id", name)
    assert done.exit_code == 1
    assert "no pathway was made" in done.stderr
    assert f"{name!r} cannot be a pathway's id" in done.stderr
    assert everything(tmp_path) == set()


def test_an_empty_id_is_an_unset_variable_and_makes_nothing(tmp_path: Path) -> None:
    done = run("pathway", "new", tmp_path / "there" / "mine", "--id", "")
    assert done.exit_code == 2
    assert everything(tmp_path) == set()


def test_what_stands_there_is_never_touched(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("kept")
    done = run("pathway", "new", folder)
    assert done.exit_code == 1
    assert f"{folder} is not empty" in done.stderr
    assert "is a file" in run("pathway", "new", folder / "notes.txt").stderr
    assert everything(tmp_path) == {folder, folder / "notes.txt"}
    assert (folder / "notes.txt").read_text() == "kept"


def test_an_empty_folder_is_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With somebody standing in it, who must not lose the ground."""
    folder = tmp_path / "mine"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert run("pathway", "new", ".").exit_code == 0
    assert Path.cwd() == folder
    assert load(".").id == "mine"
    assert everything(tmp_path) - everything(folder) == {folder}


def test_a_disk_that_gives_up_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.write_text
    written = []

    def full_after_five(self: Path, *args: str, **more: str) -> int:
        written.append(self)
        if len(written) > 5:
            raise OSError(28, os.strerror(28))
        return real(self, *args, **more)

    monkeypatch.setattr(Path, "write_text", full_after_five)
    done = run("pathway", "new", tmp_path / "mine")
    assert done.exit_code == 1
    assert os.strerror(28) in done.stderr
    assert everything(tmp_path) == set()


def test_the_template_is_no_pathway_of_ours() -> None:
    """Nobody may assess a client with invented content by mistake."""
    assert PATHWAYS not in TEMPLATE.parents
    assert ids() == sorted(name for name in ids() if name not in ("template", "my_pathway"))
    assert "my_pathway" not in [load(name).id for name in ids()]


def test_the_template_says_draft_and_awaits_sign_off() -> None:
    pathway = load(str(TEMPLATE))
    assert pathway.header.status == "draft"
    assert {rule.rule.basis for rule in pathway.rules} == {"local"}
    assert {card.basis for card in pathway.cards.values()} == {"local"}


def test_the_template_shows_every_kind_of_effect() -> None:
    """What an author copies from must be there to be copied."""
    told = " ".join("\n".join(template_files("any").values()).split())
    for word in ("stop =", "then_at_least =", "at_least =", "or_above =", "consider", "add =",
                 "offer =", "count =", "ask_if =", "suits", "excluded_if", "recorded =",
                 "unanswered =", "bands =", "positive"):  # fmt: skip
        assert word in told, word


def test_a_slip_in_a_new_pathway_is_found_by_its_examples(made: Path) -> None:
    """One point more or less at any cut-off fails an example beside it."""
    rules = (made / "rules.toml").read_text("utf-8")
    instrument = (made / "instruments" / "load3.toml").read_text("utf-8")
    slips = [
        ("rules.toml", rules, "load3.total >= 3", ["load3.total >= 2", "load3.total >= 4"]),
        ("rules.toml", rules, "coping <= 4", ["coping <= 3", "coping <= 5"]),
        ("rules.toml", rules, "weeks >= 8", ["weeks >= 7", "weeks >= 9"]),
        ("rules.toml", rules, "burdens >= 2", ["burdens >= 1", "burdens >= 3"]),
        ("rules.toml", rules, " or danger.others", [""]),
        ("rules.toml", rules, "danger.self or ", [""]),
        ("rules.toml", rules, "then_at_least = 2", ["then_at_least = 1", ""]),
        ("instruments/load3.toml", instrument, ">= 6", [">= 5", ">= 7"]),
    ]
    for name, text, right, wrongs in slips:
        assert right in text
        for wrong in wrongs:
            (made / name).write_text(text.replace(right, wrong), encoding="utf-8")
            assert run_examples(load(str(made))), (right, wrong)
        (made / name).write_text(text, encoding="utf-8")
    assert not run_examples(load(str(made)))


def test_schemas_are_written_where_they_are_wanted(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "schemas"
    done = run("pathway", "schema", folder)
    assert done.exit_code == 0, done.output
    assert {path.name: path.read_text("utf-8") for path in folder.iterdir()} == schema_files()
    (folder / "rules.schema.json").write_text(schema_files()["rules.schema.json"] + "old")
    (folder / "mine.json").write_text("kept")
    assert run("pathway", "schema", folder).exit_code == 0
    assert (folder / "rules.schema.json").read_text("utf-8") == schema_files()["rules.schema.json"]
    assert (folder / "mine.json").read_text() == "kept"


def test_schemas_do_not_count_into_the_digest(made: Path) -> None:
    """An editor's help may be renewed without a new version of the rules."""
    before = load(str(made)).digest
    shutil.rmtree(made / ".schemas")
    assert load(str(made)).digest == before


# -- a copy of another pathway -----------------------------------------------------------------


@pytest.mark.parametrize("other", ids())
def test_a_copy_passes_the_check_and_decides_the_same(other: str, tmp_path: Path) -> None:
    folder = tmp_path / "county" / f"{other}_2"
    done = run("pathway", "new", folder, "--from", other)
    assert done.exit_code == 0, done.output
    assert f"a copy of {other} " in done.stdout
    assert run("pathway", "check", folder).exit_code == 0
    copy, original = load(str(folder)), load(other)
    assert (copy.id, copy.header.version, copy.header.status) == (f"{other}_2", "0.1", "draft")
    assert (copy.header.reviewed_by, copy.header.reviewed_on) == ("", "")
    assert copy.header.owner == "Clinical owner to be named"
    assert original.header.version in copy.header.change_note
    assert compare_pathways(original, copy) == ()
    changed = {edit.key for edit in list_edits(original, copy) if edit.file == "pathway.toml"}
    assert changed <= {
        "id",
        "version",
        "status",
        "owner",
        "reviewed_by",
        "reviewed_on",
        "change_note",
        "",
    }


def test_a_copy_stands_on_its_own_and_an_editor_knows_it(tmp_path: Path) -> None:
    folder = tmp_path / "county" / "mine"
    run("pathway", "new", folder, "--from", "adult")
    here = {path.relative_to(folder).as_posix() for path in folder.rglob("*.toml")}
    assert set(load(str(folder)).files) == here
    for name in here:
        first = (folder / name).read_text("utf-8").split("\n")[0]
        assert ((folder / name).parent / first.removeprefix("#:schema ")).is_file(), name


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A county with pathways, instruments and cards of its own, as they come with Porras."""
    shutil.copytree(PATHWAYS, tmp_path / "county", ignore=shutil.ignore_patterns("services"))
    return tmp_path / "county"


def test_a_copy_beside_its_original_takes_nobody_over(county: Path) -> None:
    done = run("--pathways", county, "pathway", "new", county / "mine", "--from", "adult")
    assert done.exit_code == 0, done.output
    pathways = [load(name, county) for name in ids(county)]
    assert check_population(pathways) == ()
    headers = [pathway.header for pathway in pathways]
    for age in range(13, 121):
        assert pathway_for(headers, age) == pathway_for(
            [header for header in headers if header.id != "mine"], age
        )


def test_a_copy_shares_what_lies_beside_both(county: Path) -> None:
    run("--pathways", county, "pathway", "new", county / "mine", "--from", "youth")
    assert {path.name for path in (county / "mine").iterdir() if path.is_dir()} == {".schemas"}
    (county / "youth" / "cards").mkdir()
    for card in (county / "cards").iterdir():
        shutil.copy(card, county / "youth" / "cards")
    run("--pathways", county, "pathway", "new", county / "other", "--from", "youth")
    assert (county / "other" / "cards").is_dir()
    assert not (county / "other" / "instruments").exists()


def test_two_pathways_never_measure_the_same_clients_again(county: Path) -> None:
    before = everything(county)
    done = run("--pathways", county, "pathway", "new", county / "mine", "--from", "follow_up")
    assert done.exit_code == 1
    assert "follow_up in the same folder measures clients of adult" in done.stderr
    assert everything(county) == before


def test_remarks_and_long_values_of_a_header_stay_or_go_as_a_whole(county: Path) -> None:
    header = county / "adult" / "pathway.toml"
    text = header.read_text("utf-8")
    note = re.search(r"(?m)^change_note = .*$", text)
    assert note is not None
    long = 'change_note = """\nid = "none"\n[[overlap]]\n"""  # signed'
    text = text.replace(note[0], long).replace("[[step]]", "# a remark of ours\n[[step]]", 1)
    header.write_text(text, encoding="utf-8")
    done = run("--pathways", county, "pathway", "new", county / "mine", "--from", "adult")
    assert done.exit_code == 0, done.output
    made = (county / "mine" / "pathway.toml").read_text("utf-8")
    assert "# a remark of ours" in made
    assert load("mine", county).id == "mine"


@pytest.mark.parametrize("other", ["nothing", "adult/pathway.toml"])
def test_a_copy_of_nothing_is_refused(other: str, tmp_path: Path) -> None:
    done = run("pathway", "new", tmp_path / "mine", "--from", other)
    assert done.exit_code == 2
    assert everything(tmp_path) == set()


def test_a_copy_of_what_cannot_be_read_is_refused(county: Path) -> None:
    (county / "adult" / "rules.toml").write_text("rule = ", encoding="utf-8")
    done = run("--pathways", county, "pathway", "new", county / "mine", "--from", "adult")
    assert done.exit_code == 1
    assert "rules.toml" in done.stderr
    assert not (county / "mine").exists()


def test_a_copy_overwrites_nothing(county: Path) -> None:
    before = (county / "youth" / "pathway.toml").read_bytes()
    done = run("--pathways", county, "pathway", "new", county / "youth", "--from", "adult")
    assert done.exit_code == 1
    assert "is not empty" in done.stderr
    assert (county / "youth" / "pathway.toml").read_bytes() == before
