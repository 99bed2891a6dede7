"""The trainers' document: whoever follows it to the letter must get a case that can be used."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from casework.language import speech
from casework.training.opening import MOST_CASES
from screens.training.exercises.replay import FRAME_S
from screens.training.judging import own_step
from screens.training.trainer.page import EVERY_S, VIEWS
from stepping.pathway.schema import Content
from stepping.training import vignette
from stepping.training.exercises.drill import LEFT_ALONE_S
from stepping.training.exercises.what_if import MOST_CHOICES
from stepping.training.kappa import DRAWS, FEWEST_CASES
from stepping.training.progress import ENOUGH
from store.training.shapes import read_shapes
from tests.reference import TRAINING, put_into
from tests.tui.test_docs import ROOT, blocks
from tui.cli import porras

TEXT = (ROOT / "docs" / "trainers.md").read_text("utf-8")
CLASSES = (ROOT / "docs" / "classes.md").read_text("utf-8")

TEN_MINUTES = "A case of your own in ten minutes"


def section(title: str) -> str:
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def run(line: str) -> Result:
    return CliRunner().invoke(porras, ["--lang", "en", *shlex.split(line)[1:]])


def follow(block: str) -> None:
    """Put each line of a block in the place of the one with the same key."""
    first, *lines = block.strip().split("\n")
    path = Path(first.removeprefix("# "))
    text = path.read_text("utf-8")
    for line in lines:
        key = re.escape(line.partition(" = ")[0])
        (found, *_) = re.findall(rf"(?m)^{key} = .*$", text)
        text = text.replace(found, line, 1)
    path.write_text(text, encoding="utf-8")


def test_ten_minutes_end_with_a_case_that_can_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tour = section(TEN_MINUTES)
    (begin,), (check,), (practise,) = (block.splitlines() for block in blocks(tour, ""))
    changes = blocks(tour)
    (told,) = blocks(tour, "text")
    assert run(begin).exit_code == 0
    follow(changes[0])
    assert told in run(check).stdout
    follow(changes[1])
    done = run(check)
    assert done.exit_code == 0, done.output
    assert "adult gives step 2, 2 is expected" in done.stdout
    assert not re.search("rule A3 does not hold", done.stdout)
    listed = run(practise.replace(" train", " vignette list"))
    assert "evening_walk\tadult\tstep\t2\ttalk\t2\tdraft\tA man who walks in the evenings" in (
        listed.stdout
    )
    assert run(begin).exit_code == 1, "begun twice, it overwrites nothing"


def test_every_sheet_that_the_document_names_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (begin,), *_ = (block.splitlines() for block in blocks(section(TEN_MINUTES), ""))
    assert run(begin).exit_code == 0
    (sheets,) = (block.splitlines() for block in blocks(section("Paper"), ""))
    assert len(sheets) == 6
    for line in sheets:
        done = run(line)
        assert done.exit_code == 0, done.output
        assert "@page { size: A4;" in done.stdout


def test_what_is_signed_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run("porras vignette new mine --pathway adult --out my_cases")
    path = tmp_path / "my_cases" / "mine.toml"
    (block,) = blocks(section("Who signs a case"))
    signed = tomllib.loads(block)["judged"]
    text = path.read_text("utf-8").replace('status = "draft"', 'status = "signed"', 1)
    by = f'signed_by = "{signed["signed_by"]}"\nby = '
    path.write_text(text.replace("\nby = ", f"\n{by}", 1), encoding="utf-8")
    done = run(f"porras vignette check {path}")
    assert done.exit_code == 0, done.output
    assert "no clinician has signed it" not in done.stdout


NUMBERS = {2: "two", 3: "three", 6: "six", 8: "eight", 10: "ten", 12: "twelve", 60: "sixty"}
FIGURES = (
    f"({own_step.LONGEST} characters, no names)",
    f"up to {NUMBERS[own_step.MOST]} scores or answers that decided",
    f"an answer every {NUMBERS[int(FRAME_S)]} seconds",
    f"up to {NUMBERS[MOST_CHOICES]} of its answers and scores",
    f"After {NUMBERS[int(LEFT_ALONE_S // 60)]} minutes the drill counts as left alone",
    f"from {NUMBERS[ENOUGH]} cases on",
    f"by itself every {NUMBERS[int(EVERY_S)]} seconds",
    f"none for fewer than {NUMBERS[FEWEST_CASES]} cases",
)


@pytest.mark.parametrize("figure", FIGURES)
def test_figures_are_those_of_the_program(figure: str) -> None:
    assert figure in " ".join(TEXT.split())


def test_draws_clients_and_cases_are_as_many_as_the_documents_say() -> None:
    assert "comes of a thousand draws" in TEXT
    assert DRAWS == 1000
    assert "begins with 200 invented clients besides" in TEXT
    assert read_shapes().clients >= 200
    assert f"up to {NUMBERS[MOST_CASES]} that are agreed on" in " ".join(CLASSES.split())


KEYS = (
    (TEXT, "`n` goes to the next answer that changes something", "n", "next change"),
    (TEXT, "`w` asks *what if*", "w", "what if"),
    (TEXT, "under `c`, *the trainer's page*", "c", "the trainer's page"),
    (TEXT, "`s` puts the words of the seats in place of the dots", "s", "seats by word"),
    (TEXT, "Until you press `r` **twice** on one of the pages", "r", "reveal the steps"),
    (TEXT, "`h` hides it again", "h", "hide the steps"),
    (CLASSES, "`j`, *join a class*", "j", "join a class"),
)


@pytest.mark.parametrize(("document", "told", "letter", "label"), KEYS)
def test_letters_are_those_of_the_pages(document: str, told: str, letter: str, label: str) -> None:
    assert told in " ".join(document.split())
    assert speech("en").letter(letter, label) == letter
    assert speech("fi")(f"[{letter}] {label}") != f"[{letter}] {label}", "there is such a key"


def test_the_pages_of_a_trainer_are_those_of_the_program() -> None:
    listed = re.findall(r"(?m)^(\d)\. \*(.*?)\*[:,]", section("The trainer's page"))
    assert [(int(at), name.lower()) for at, name in listed] == [
        (at, view.name) for at, view in enumerate(VIEWS, start=1)
    ]
    (told,) = re.findall(r"the pages of a case \((.*?)\)", TEXT)
    telling = [str(at) for at, view in enumerate(VIEWS, start=1) if view.tells]
    assert re.findall(r"\d", told) == telling


@pytest.mark.parametrize("document", [TEXT, CLASSES])
def test_links_lead_somewhere(document: str) -> None:
    heads = re.findall(r"^#+ (.*)$", document, re.MULTILINE)
    places = {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads}
    links = re.findall(r"\]\(([^)]+)\)", document)
    assert links
    for link in links:
        assert link[1:] in places if link[0] == "#" else (ROOT / "docs" / link).is_file(), link


def test_letters_of_a_replay_in_other_languages_are_told() -> None:
    fi, sv = (
        [speech(language).letter(*key) for key in (("n", "next change"), ("w", "what if"))]
        for language in ("fi", "sv")
    )
    said = "In Finnish the letters are `{}` and `{}`, in Swedish `{}` and `{}`."
    assert said.format(*fi, *sv) in " ".join(TEXT.split())


def test_the_tables_of_keys_are_those_of_the_reader() -> None:
    """If this fails, run `python -m tests.reference docs/trainers.md`."""
    assert put_into(TEXT, TRAINING) == TEXT


def test_no_key_is_left_out() -> None:
    told = set(re.findall(r"`([a-z_]+)`", section("Every key")))
    for model in vars(vignette).values():
        own = isinstance(model, type) and model.__module__ == vignette.__name__
        if own and issubclass(model, Content):
            assert {*model.model_fields} <= told, model
