"""If these fail, a step that was left open upward is hidden, or picked without anybody's word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casework.assessment import stored_decision
from casework.care_names import CareNames
from casework.language import LANGUAGES, speech
from screens.assessment.assessment_list import AssessmentListScreen
from screens.base.prompt import ValuePrompt
from screens.desk.start import StartScreen
from screens.note.compose import RecordNote
from screens.note.screen import NoteScreen
from screens.result.confirm import ConfirmScreen
from screens.result.result import ResultScreen
from screens.wording.decision_words import decision_text
from stepping.decision.decide import decide
from stepping.decision.outcome import OR_ABOVE
from stepping.pathway.model import Answer
from stepping.pathway.reader import read_pathway
from store.errors import RefusedText
from store.paths import find
from store.pathway_files.care import shipped_care
from tests.screens.running import Stage
from tests.screens.test_result import confirmed
from tests.stepping.cases import LADDER, changed
from tests.store.test_pathway_files import lay_out

LONG: dict[str, Answer] = {"danger": "no", "mood.1": 1, "mood.2": 1, "weeks": 12}
"""Step 2 or above."""


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A workplace whose one pathway says step 2 or above after ten weeks."""
    lay_out(tmp_path / "county" / "small", LADDER)
    return Stage(find(tmp_path / "data" / "porras.db"), read_pathway(LADDER))


@pytest.fixture
def county(tmp_path: Path) -> Path:
    return tmp_path / "county"


async def test_the_result_says_or_above_and_what_to_weigh(stage: Stage, county: Path) -> None:
    async with stage.resumed(LONG, pathways=county) as session:
        session.on(ResultScreen)
        session.says("Suggested step 2 or above: therapy")
        session.says("Weigh when you choose the step", "- how long it has lasted (R4)")
        session.says("small 1 (draft)")
    async with stage.resumed({**LONG, "weeks": 5}, pathways=county) as session:
        session.says("Suggested step 1: help")
        session.lacks("or above", "Weigh when")


async def test_a_higher_step_is_confirmed_without_an_excuse(stage: Stage, county: Path) -> None:
    async with stage.resumed(LONG, pathways=county) as session:
        assessment = session.visit.assessment.id
        await session.press("enter")
        session.on(ConfirmScreen)
        session.says("> 2 therapy (suggested, or above)", "- how long it has lasted (R4)")
        session.says("Step 2 and every step above need no reason", "Enter confirm step 2")
        await session.press("3")
        session.on(ConfirmScreen)
        session.says("> 3 specialist", "Enter confirm step 3")
        session.says("Step 3 offers")
        assert session.store.decisions.find(assessment) is None
        await session.press("enter")
        await session.skip_what_is_asked_once()
        note = " ".join(session.on(NoteScreen).note.split())
        assert "Suggested step 2 or above: therapy Confirmed step 3: specialist" in note
        assert "Considered: how long it has lasted (R4)" in note
        assert "Reason for another step" not in note
    row = confirmed(stage, assessment)
    assert (row.suggested_step, row.confirmed_step) == (2, 3)
    assert (row.reason_code, row.reason_text) == (OR_ABOVE, None)
    assert stored_decision(row).consider == ("R4",)


async def test_no_digit_confirms(stage: Stage, county: Path) -> None:
    """Scores typed from paper may run on over the confirmation."""
    async with stage.resumed(LONG, pathways=county) as session:
        await session.press("enter", "2", "3", "3")
        session.on(ConfirmScreen)
        session.says("Enter confirms step 3.")
        assert session.store.decisions.find(session.visit.assessment.id) is None


async def test_the_suggested_step_itself_is_still_one_key(stage: Stage, county: Path) -> None:
    async with stage.resumed(LONG, pathways=county) as session:
        assessment = session.visit.assessment.id
        await session.press("enter", "3", "2")
        session.says("> 2 therapy")
        await session.press("enter")
        await session.skip_what_is_asked_once()
        session.on(NoteScreen)
    row = confirmed(stage, assessment)
    assert (row.confirmed_step, row.reason_code) == (2, None)


async def test_one_step_down_is_still_an_override(stage: Stage, county: Path) -> None:
    async with stage.resumed(LONG, pathways=county) as session:
        assessment = session.visit.assessment.id
        await session.press("enter", "0")
        session.says("Step 0 is too low here.")
        await session.press("3", "1")
        session.says("Why step 1 instead of 2?")
        await session.press("1")
        session.on(ValuePrompt)
        await session.type("tries the lighter one first")
        await session.skip_what_is_asked_once()
        session.on(NoteScreen)
    row = confirmed(stage, assessment)
    assert (row.confirmed_step, row.reason_code) == (1, "wish")


async def test_where_nothing_is_left_open_a_higher_step_needs_its_reason(
    stage: Stage, county: Path
) -> None:
    async with stage.resumed({**LONG, "weeks": 5}, pathways=county) as session:
        await session.press("enter", "3")
        session.says("Why step 3 instead of 1?")
        assert session.store.decisions.find(session.visit.assessment.id) is None


def test_the_store_never_takes_an_override_for_a_step_left_open(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers({**LONG, "weeks": 5})
        with pytest.raises(RefusedText, match="A reason is needed"):
            visit.confirm(visit.decide(), 3)
        assert visit.confirm(visit.decide(), 3, "wish", "wants more").reason_code == "wish"


async def test_past_assessments_tell_what_was_left_open_and_which_version_decided(
    stage: Stage, county: Path
) -> None:
    async with stage.resumed(LONG, pathways=county) as session:
        await session.press("enter", "3", "enter", "escape", "enter")
        session.on(StartScreen)
        await session.press("enter")
        session.on(AssessmentListScreen)
        session.says("confirmed step 3 (suggested: step 2 or above)", "nurse1 · small 1 (draft)")
        await session.press("1")
        assert "Considered:" in session.on(NoteScreen).note


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_are_there_in_every_language(stage: Stage, language: str) -> None:
    pathway, t = read_pathway(swedish()), speech(language)
    answers = {"client.age": 40, **LONG}
    text = decision_text(pathway, decide(pathway, answers), answers, language)
    assert t("Weigh when you choose the step") in text
    assert f"how long it has lasted{' (fi)' if language == 'fi' else ''} (R4)" in text
    assert text.split("\n")[0].startswith(
        t("Suggested step {step} or above: {name}", step=2, name="")
    )
    if language != "en":
        assert "or above" not in text
    with stage.store() as store:
        stage.pathway = pathway
        visit = stage.visit(store, language=language)
        visit.record_answers(LONG)
        row = visit.confirm(visit.decide(), 3)
        names = CareNames(shipped_care(), language)
        note = RecordNote(visit, visit.decide(), row, language, False, names).text()
    assert t("Considered") in note
    assert t("{id} {version} (draft)", id="small", version="1") in note


def swedish() -> dict[str, str]:
    """The pathway with Swedish texts as well, which are the English ones."""
    files = changed("pathway.toml", '["en", "fi"]', '["en", "fi", "sv"]', LADDER)
    pattern = re.compile(r'en = ("[^"]*"), fi = "[^"]*"')
    said = {name: pattern.sub(r"\g<0>, sv = \1", text) for name, text in files.items()}
    said["instruments/mood.toml"] += """
[wording.sv]
status = "working"
source = "test"
"""
    return said
