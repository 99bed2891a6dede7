"""If these fail, a total that was typed in is lost, asked twice, or hides a danger."""

from __future__ import annotations

import json

from screens.assessment.assessment_list import AssessmentListScreen
from screens.assessment.client_card import ClientScreen
from screens.assessment.question import QuestionScreen
from screens.desk.start import StartScreen
from screens.desk.worklist import WorklistScreen
from screens.episode.episode import EpisodeScreen, RecordScreen
from screens.forms.form import FormScreen
from stepping.episode.events import MeasureTaken
from tests.screens.running import Session, Stage
from tests.screens.test_episode import TODAY, episode, to_episode
from tests.screens.test_follow_up import FOLLOW_UP
from tests.screens.test_result import MODERATE
from tui.commands.client import _as_data, _looked_up


async def to_form(session: Session) -> None:
    session.on(EpisodeScreen)
    await session.press("r")
    session.on(RecordScreen)
    session.says("Points of a questionnaire")
    await session.press("f")
    session.on(FormScreen)


def typed(session: Session) -> list[MeasureTaken]:
    return [e for e in episode(session).events if isinstance(e, MeasureTaken)]


async def test_a_total_is_typed_in_followed_and_told_everywhere(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await to_form(session)
        session.says("1 ( ) EPDS · mood in pregnancy", "5 ( ) WHO-5 · well-being")
        await session.press("2", *"29", "enter")
        session.says("A number from 0 to 28, please")
        await session.press("backspace", "backspace", *"18", "enter", "enter", "enter")
        session.on(EpisodeScreen)
        session.says("ISI 18 (2026-11-22); limit 15 or more*", "(* not verified)")
        assert typed(session) == [MeasureTaken(day=TODAY, measure="isi", points=18)]
        # The same form twice on one day is refused; what was typed stays.
        await to_form(session)
        await session.press("2", *"12", "enter", "enter", "enter")
        session.on(FormScreen)
        session.says("typed in for that day already")
        assert len(typed(session)) == 1


async def test_points_that_nobody_can_have_are_refused(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await to_form(session)
        await session.press("5", *"50", "enter", "enter", "enter")
        session.on(FormScreen)
        session.says("Nobody can have so many points")
        assert typed(session) == []


async def test_the_item_on_suicide_is_asked_and_told_loudly(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await to_form(session)
        await session.press("1")
        session.says("Item 10 (thoughts of harming oneself), 0–3")
        await session.press(*"12", "enter", "enter", "enter")
        session.on(FormScreen)  # the item may not be left
        await session.press("1", "enter", "enter")
        session.on(EpisodeScreen)
        session.says("! Assess safety today. EPDS of 2026-11-22")
        await session.press("escape")
        session.on(AssessmentListScreen)
        session.says("! Assess safety today. EPDS of 2026-11-22")
        await session.press("n")
        session.on(ClientScreen)
        session.says("! Assess safety today. EPDS of 2026-11-22")
        await session.press("escape", "escape")
        session.on(StartScreen)
        await session.press("w")
        session.on(WorklistScreen)
        session.says("1 ! ", "! assess safety today")


async def test_what_was_typed_at_a_contact_is_not_asked_again_today(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        workspace = session.app.workspace
        workspace._found = {stage.pathway.id: stage.pathway, FOLLOW_UP.id: FOLLOW_UP}
        workspace._statuses = None
        await to_episode(session)
        await session.press("r", "t", "1", "enter", "enter", "enter")
        await session.press("r", "c", "up", "up", *"21,5", *["enter"] * 7)
        session.on(EpisodeScreen)
        session.says("ORS 21.5 (2026-11-22); limit 25 or less*")
        await session.press("r", "c")
        session.on(FormScreen)
        session.lacks("ORS total")
        session.says("SRS total, 0–40", "Typed in for this day already: ORS 21.5.")
        await session.press("escape", "escape")
        session.on(AssessmentListScreen)
        await session.press("n", "1", "1")
        session.on(QuestionScreen)
        assert session.visit.pathway.id == FOLLOW_UP.id
        assert session.visit.answers["ors.total"] == 21
        assert "srs.total" not in session.visit.answers


async def test_the_client_s_data_tell_the_series(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await to_form(session)
        await session.press("5", *"40", "enter", "enter", "enter")
        session.on(EpisodeScreen)
        workspace = session.app.workspace
        (client,) = session.store.clients.list_recent(1)
        data = json.loads(json.dumps(_as_data(workspace, _looked_up(workspace, client))))
        (series,) = data["episodes"][0]["measures"]
        assert series["points"] == [{"day": TODAY.isoformat(), "points": 40.0, "item": None}]
        assert (series["worse"], series["limit"], series["over"]) == ("down", 50.0, True)
        assert data["episodes"][0]["assess_safety"] is False
