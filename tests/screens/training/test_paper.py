"""If these fail, a trainer stands before a class with a sheet that gives the answer away."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner, Result

from casework.training.shelf import read_shelf
from screens.documents.as_text import as_text
from screens.training.paper.scripts import SCRIPTS
from screens.training.paper.sheets import CaseSheet, sheets_of_cases
from stepping.pathway.care.reader import LANGUAGES
from store.paths import PATHWAYS
from store.pathway_files.vignettes import vignette_files
from tests.training_cases import used
from tui.cli import porras

CASE = "sleepless_teacher"


def printed(*words: str, lang: str = "en") -> Result:
    return CliRunner().invoke(porras, ["--lang", lang, "train", "--print", *words])


class Reader(HTMLParser):
    """Holds the words of a page, and that each tag that is opened is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.seen: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)
        if tag not in ("meta", "hr"):
            self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.tags.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.tags:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def page(*words: str, lang: str = "en") -> Reader:
    done = printed(*words, lang=lang)
    assert done.exit_code == 0, done.output
    return Reader(done.output)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "sheet", ["case", "role", "debrief", "certificate", "script-45", "script-120"]
)
def test_every_sheet_is_a_whole_page_for_a4_in_each_language(sheet: str, lang: str) -> None:
    named = [CASE] if sheet in ("case", "role", "debrief") else []
    done = printed(sheet, *named, lang=lang)
    read = Reader(done.output)
    assert not read.tags
    assert {"script", "img", "link", "iframe"}.isdisjoint(read.seen)
    assert "http" not in done.output
    assert f'<html lang="{lang}">' in done.output
    assert "@page { size: A4;" in done.output


def test_no_sheet_for_a_trainee_gives_the_answer_away() -> None:
    for sheet in ("case", "role"):
        told = page(sheet, CASE).text
        assert "I teach eight-year-olds" in told
        assert not re.search(r"step 1|GAD-7|A2|Expected", told, re.IGNORECASE)
        names = ("0 Self-care", "1 Guided self-help", "4 Specialised care")
        assert {name in told for name in names} == {sheet == "case"}, "all of them, or none"
    assert "No. Never. I have the children." in page("role", CASE).text
    assert "Never. I have the children." not in page("case", CASE).text


@pytest.mark.parametrize("sheet", ["case", "role"])
def test_no_sheet_of_any_case_tells_what_there_is_to_learn(sheet: CaseSheet) -> None:
    cases = read_shelf(PATHWAYS, used()).cases
    assert len(cases) == len(vignette_files())
    for language in LANGUAGES:
        told = " ".join(as_text(sheets_of_cases(sheet, [*cases.values()], language)).split())
        for case in cases.values():
            vignette = case.vignette
            texts = [point.text for point in vignette.teach]
            texts += [vignette.expect.why] if vignette.expect.why else []
            texts += [vignette.turn.text] if vignette.turn else []
            for text in texts:
                assert " ".join(text[language].split()) not in told, vignette.id


def test_the_debrief_tells_what_is_expected_and_what_it_stands_on() -> None:
    told = page("debrief", CASE).text
    assert "Expected: step 1." in told
    assert "rules: A1b, A2, A1a" in told
    assert "rule A2:" in told
    assert "rule A3, which does not hold here:" in told
    assert "no clinician has signed" in told


def test_every_case_has_a_sheet_of_its_own() -> None:
    read = page("role")
    assert read.seen.count("h1") == read.seen.count("hr") + 1 > 1


def test_the_form_is_that_of_a_pathway() -> None:
    done = printed("form", "adult")
    assert done.exit_code == 0
    assert "No names and no personal identity codes on this form." in done.output


@pytest.mark.parametrize("minutes", [45, 120])
def test_a_script_lasts_as_long_as_it_says(minutes: int) -> None:
    assert sum(part.minutes for part in SCRIPTS[minutes]) == minutes
    text = printed(f"script-{minutes}", "--format", "text").output
    assert f"–{minutes}" in text
    assert max(map(len, text.splitlines())) <= 78


def test_the_certificate_judges_nobody_and_holds_no_name() -> None:
    told = page("certificate").text
    assert "It judges nobody." in told
    assert not re.search(r"step \d|correct|score|%", told)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["case", "sleepless_teachr"], "did you mean 'sleepless_teacher'?"),
        (["form"], "the form is that of one pathway: name it"),
        (["form", "adults"], "adult"),
        (["certificate", CASE], "certificate belongs to no case"),
        (["poster"], "'poster' is not one of"),
    ],
)
def test_what_cannot_be_printed_is_told(words: list[str], told: str) -> None:
    done = printed(*words)
    assert done.exit_code == 2
    assert told in done.output


def test_cases_are_named_for_paper_alone() -> None:
    done = CliRunner().invoke(porras, ["--lang", "en", "train", CASE])
    assert done.exit_code == 2
    assert "cases are named with --print" in done.output


def test_paper_tells_what_a_nurse_knows_of_a_follow_up_before_it() -> None:
    """Else nobody with the sheet alone can judge whether somebody has recovered."""
    for sheet in ("case", "role", "debrief"):
        told = page(sheet, "bus_driver").text
        assert "Known before: " in told
        assert re.search(r"PHQ-9[^,]*: 15", told)
    assert "Known before" not in page("case", CASE).text


def test_whoever_judges_on_paper_is_asked_for_danger_whatever_the_case() -> None:
    for case in (CASE, "garage_owner"):
        assert "What must be done today" in page("case", case).text


def test_whoever_is_young_is_called_so_on_paper() -> None:
    assert "· a girl of 17 ·" in page("role", "writes_everything").text


def test_the_debrief_tells_how_a_case_turns_and_no_other_sheet_does() -> None:
    assert "fresh plaster" in page("debrief", "writes_everything").text
    assert "Right card: Self-harm" in page("debrief", "writes_everything").text
    for sheet in ("case", "role"):
        assert "fresh plaster" not in page(sheet, "writes_everything").text


def test_a_rule_that_may_hold_is_not_said_to_fail() -> None:
    told = page("debrief", "blue_folder").text
    assert "rule A5, which may hold, since answers are missing:" in told


def test_a_certificate_can_be_read_from_the_name_on() -> None:
    told = page("certificate").text
    assert told.index("Name") < told.index("has taken part") < told.index("Date")
