"""If this fails, who works line by line cannot practise, or hears the answer before giving one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from casework.training.shelf import CaseShelf
from casework.workspace import Workspace
from screens.base.page import Page
from screens.desk.start import StartScreen
from screens.training.case_list import CaseListScreen
from screens.training.judging.compared import ComparisonScreen
from screens.training.judging.own_step import BecauseScreen, OwnStepScreen, OwnWordsPrompt
from screens.training.menu import TrainingMenu
from screens.training.story import StoryScreen
from stepping.training.records import Judgement
from store.paths import find
from store.training.places import OWN_SEAT, record_path
from store.training.seats import load_record
from tests.screens.running import TickingClock
from tests.training_cases import PATTERN, dark
from tests.tui.test_plain import Nurse, Watched
from tui.line_mode.run import open_plain


@dataclass
class Trainee(Nurse):
    """Somebody who judges the only case, answers as it has it, and chooses a step."""

    step: int = 2

    def _lines(self, sheet: Page[Any]) -> Iterator[str]:
        judged = "ComparisonScreen" in self.asked
        match sheet:
            case StartScreen():
                yield "q" if judged else sheet.t.letter("t", "training")
            case TrainingMenu():
                yield "q" if judged else "1"
            case CaseListScreen():
                yield "1"
            case StoryScreen():
                yield ""
            case OwnStepScreen():
                yield from (str(self.step), str(self.step))
            case BecauseScreen():
                yield from ("1", "")
            case OwnWordsPrompt():
                yield ""
            case ComparisonScreen():
                yield from ("", "", "")
            case _:
                yield from super()._lines(sheet)


@pytest.fixture(autouse=True)
def one_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.line_mode.run.LineModeApp", Watched)
    monkeypatch.setattr(
        "casework.training.practice.read_shelf", lambda *_: CaseShelf({PATTERN: dark()}, ())
    )


def test_a_case_is_judged_line_by_line_and_nothing_is_told_before_the_own_step(
    tmp_path: Path,
) -> None:
    case = dark()
    texts = {q.id: "" for q in case.pathway.questions.values() if q.kind == "text"}
    trainee = Trainee(case.pathway, {**texts, **case.answers}, width=76)
    places = find(tmp_path / "porras.db")
    workspace = Workspace(TickingClock(), language_asked=True, debounce_s=0)
    workspace._found = {case.pathway.id: case.pathway}
    assert open_plain(workspace, places, trainee.paper, demo=True) == 0
    (kept,) = load_record(record_path(places, OWN_SEAT), OWN_SEAT).entries
    assert isinstance(kept, Judgement)
    assert (kept.step, kept.suggested, kept.stops) == (2, 2, ("S2",))
    assert len(kept.because) == 1
    told = trainee.text
    before = told[: told.index("Why, in your own words")]
    assert "I teach eight-year-olds" in before
    assert "The client says: ”No. Never. I have the children.”" in before
    assert "Suggested step" not in before
    assert "The case's step" not in before
    assert trainee.asked.count("StopScreen") > 1
    assert "= Every stop of the case was found: S2" in told
    assert "= Your step is one of the case's." in told
