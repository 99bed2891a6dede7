"""If these fail, a trainee cannot find the case that is named, or learns its answer first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casework.training.shelf import read_shelf
from casework.workspace import Workspace
from screens.base.page import Page
from screens.training.case_list import CaseListScreen
from stepping.pathway.care.reader import LANGUAGES
from stepping.training.reading import Case
from store.paths import PATHWAYS
from tests.screens.running import TickingClock, press
from tests.training_cases import used

CASES = list(read_shelf(PATHWAYS, used()).cases.values())


def text(page: Page[Case], width: int = 64) -> str:
    return "\n".join("".join(said for said, _ in line) for line in page.content(width).lines)


def listed(language: str = "en", tried: tuple[str, ...] = ()) -> CaseListScreen:
    workspace = Workspace(clock=TickingClock(), language=language)
    return CaseListScreen(workspace, "Judge a case", CASES, tried)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_case_comes_once_and_fits_the_smallest_window(language: str) -> None:
    page, seen = listed(language), list[Case]()
    for _ in range(-(-len(CASES) // 9)):
        seen += page._shown
        lines = page.content(62).lines
        assert len(lines) <= 14
        press(page, "tab")
    assert seen == CASES
    assert page._parts.first == 0


def test_a_letter_keeps_to_one_pathway() -> None:
    page = listed()
    press(page, "tab")
    press(page, "p")
    first = page._wanted[0].pathway.id
    assert page._parts.first == 0
    assert {case.pathway.id for case in page._wanted} == {first}
    for _ in page._pathways:
        press(page, "p")
    assert page._wanted == CASES


def test_what_was_tried_is_told_and_nothing_of_the_answer_is() -> None:
    page = listed(tried=(CASES[0].vignette.id,))
    assert "· tried" in text(page, 90).split("\n")[0]
    assert text(page).count("tried") == 1
    assert "step" not in text(page)
    short = replace(page.workspace, language="fi")
    page.workspace = short
    assert "kokeiltu" in text(page)
