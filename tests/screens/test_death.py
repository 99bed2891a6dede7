"""If these fail, a death is asked about what helped, or left half done."""

from __future__ import annotations

from casework.assessment import AssessmentSession
from screens.assessment.client_card import ClientScreen
from screens.episode.episode import EpisodeScreen
from screens.forms.form import FormScreen
from store.records import Assessment
from tests.screens.running import CALM, Stage
from tests.screens.test_episode import episode, to_episode
from tests.screens.test_result import MODERATE


async def test_a_death_asks_for_the_day_and_nothing_else(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await session.press("r")
        session.says("m The client has died")
        await session.press("m", "enter")
        session.on(FormScreen)
        session.says("This is needed: Day of death")
        session.lacks("what helped", "Satisfaction", "How it ended")
        await session.press(*"22.11.", "enter", "enter")
        session.on(EpisodeScreen)
        session.says("nothing: the client died on Sun 2026-11-22")
        assert episode(session).died is not None
        assert not session.store.worklist.list_items(session.app.workspace.today)


async def test_drafts_are_told_and_ended_with_their_open_safety_steps(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        client = session.visit.client
        await to_episode(session)
        other = AssessmentSession.start(
            session.store, stage.pathway, client, setting="reception", language="en"
        )
        other.record_answers({**CALM, "danger.suicide": "yes"})
        await session.press("r", "m", *"22.11.", "enter", "enter")
        session.says("1 draft of the client is open: x ends it.")
        await session.press("x")
        session.says("Press x again", "does not come back, even if the death is withdrawn")
        assert draft(session.store.assessments.list_of(client.id))
        await session.press("x")
        session.says("The drafts have ended.")
        assert not draft(session.store.assessments.list_of(client.id))
        rows = session.store.safety_steps.list_recorded(other.assessment.id)
        assert rows
        assert {(row.done, row.why_not) for row in rows} == {(False, "the client has died")}
        session.lacks("A safety stop is open")
        await session.press("c", "1", "w")
        session.says("Drafts that have ended stay so: ask about danger again.")


def draft(assessments: list[Assessment]) -> list[Assessment]:
    return [each for each in assessments if each.state == "draft"]


async def test_a_new_assessment_of_the_dead_warns(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        client = session.visit.client
        await to_episode(session)
        await session.press("r", "m", *"22.11.", "enter", "enter")
        await session.put(ClientScreen(session.app.workspace, client))
        await session.settle()
        session.says("! This client's death is recorded: 2026-11-22. Check the code.")
