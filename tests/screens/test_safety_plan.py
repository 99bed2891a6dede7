"""If these fail, what a client says at a stop is lost, or a plan closes a stop by itself."""

from __future__ import annotations

import stat
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casework.sheets.safety_plan import PlanSession
from screens.assessment.stop import StopScreen
from screens.base.pick import PickScreen
from screens.base.prompt import PromptScreen
from screens.documents.as_text import as_text
from screens.episode.episode import EpisodeScreen
from screens.forms.form import FormScreen
from screens.note.screen import NoteScreen
from screens.sheets.compose import AGREED, sheet_text
from screens.sheets.of_client import sheet_of
from screens.sheets.plan_screen import SafetyPlanScreen
from screens.sheets.screen import SheetScreen
from stepping.decision.safety import SafetyStep, list_safety_steps
from store.codes import show
from store.errors import StoreBusy
from store.records import AgreedContact, Client, StepTerms
from store.repository.safety import SafetyPlans
from tests.screens.running import Session, Stage
from tests.screens.test_contact_form import PLAN, mild
from tests.screens.test_result import MODERATE


def plans(session: Session) -> list[dict[str, str]]:
    """What each plan of the client says, the newest first."""
    client = session.visit.client.id
    return [dict(plan.words) for plan in session.store.safety_plans.list_of(client)]


async def at_the_plan(session: Session) -> None:
    """Go to the step that the client takes a plan along with, and say that it is done."""
    steps = list_safety_steps(session.visit.pathway, session.visit.answers, "S2")
    await session.press(str(steps.index(PLAN) + 1), "d")
    session.on(SafetyPlanScreen)


async def write(session: Session, words: str) -> None:
    await session.press("w")
    session.on(PromptScreen)
    await session.type(words)


async def test_the_step_opens_the_plan_and_is_recorded_with_it(stage: Stage) -> None:
    async with stage.resumed(mild(stage)) as session:
        await at_the_plan(session)
        session.says("112", "09 2525 0111", "My warning signs")
        await write(session, "I stop answering")
        session.on(SafetyPlanScreen)
        session.says("My warning signs: I stop answering", "Stored.")
        assert plans(session) == [{"signs": "I stop answering"}]
        assert session.visit.find_outcome(PLAN) is None
        await session.press("t")
        session.on(FormScreen)
        await session.press("down", "down", "enter")
        session.on(StopScreen)
        record = session.visit.find_outcome(PLAN)
        assert record is not None and record.done


async def test_a_plan_closes_no_stop_by_itself(stage: Stage) -> None:
    async with stage.resumed(mild(stage)) as session:
        await at_the_plan(session)
        await write(session, "I stop answering")
        await session.press("escape")
        session.on(StopScreen)
        session.says("What was written is stored", "The step is open")
        assert session.visit.find_outcome(PLAN) is None
        await at_the_plan(session)
        session.says("I stop answering")
        await session.press("t", "escape")
        session.on(StopScreen)
        assert session.visit.find_outcome(PLAN) is None
        stops = session.store.open_stops.list_of(session.visit.client.id)
        assert "S2" in [stop.stop for stop in stops]


async def test_after_the_record_the_plan_is_looked_at_and_nothing_is_recorded(
    stage: Stage,
) -> None:
    async with stage.resumed(mild(stage)) as session:
        await at_the_plan(session)
        await session.press("t", "down", "down", "enter")
        record = session.visit.find_outcome(PLAN)
        await session.press("p", "t")
        session.on(StopScreen)
        assert session.visit.find_outcome(PLAN) == record


async def test_digits_move_and_write_nothing(stage: Stage) -> None:
    async with stage.resumed(mild(stage)) as session:
        await at_the_plan(session)
        await session.press("3", "1", "2", "5", "4", "9", "0")
        page = session.on(SafetyPlanScreen)
        assert page._points[page._cursor].id == "professionals"
        await session.press("w")
        await session.type("123")
        session.on(PromptScreen)
        session.says("Write a few words.")
        assert plans(session) == []


async def test_names_of_people_are_refused_before_the_disk(stage: Stage) -> None:
    async with stage.resumed(mild(stage)) as session:
        await at_the_plan(session)
        await write(session, "my sister 131052-908T")
        session.on(PromptScreen)
        session.says("No names")
        session.says("112 · 09 2525 0111")
        assert plans(session) == []


async def test_what_was_written_outlives_a_window_that_dies(stage: Stage) -> None:
    assessment = mild(stage)
    async with stage.resumed(assessment) as session:
        await at_the_plan(session)
        await write(session, "I stop answering")
        await session.press("w", "t", "h", "e", " ")  # never taken
    async with stage.resumed(assessment) as session:
        await at_the_plan(session)
        session.says("I stop answering")
        assert plans(session) == [{"signs": "I stop answering"}]


async def test_a_store_that_takes_nothing_keeps_the_words_in_the_line(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.resumed(mild(stage)) as session:
        await at_the_plan(session)

        def busy(*_: object, **__: object) -> None:
            raise StoreBusy(path="porras.db", seconds=5)

        monkeypatch.setattr(SafetyPlans, "write", busy)
        await write(session, "I stop answering")
        session.says("Another program keeps the database")
        await session.press("enter")
        session.on(PromptScreen)
        assert session.entry.value == "I stop answering"
        monkeypatch.undo()
        await session.press("enter")
        session.on(SafetyPlanScreen)
        assert plans(session) == [{"signs": "I stop answering"}]


async def test_a_point_of_another_window_is_read_again(stage: Stage) -> None:
    async with stage.resumed(mild(stage)) as session:
        await at_the_plan(session)
        await session.press("w")
        other = PlanSession(
            session.app.workspace, session.visit.client, session.visit.assessment.id
        )
        other.write("signs", "no sleep")
        for _ in range(2):
            await session.type("no food")
            session.says("changed in another window")
            assert plans(session) == [{"signs": "no sleep"}]
            await session.press("enter")
            session.on(PromptScreen)
        await session.press("escape")
        session.says("no sleep")
        await write(session, "no food")
        assert plans(session) == [{"signs": "no food"}]


async def test_what_is_written_beside_an_assessment_does_not_go_along_with_it(stage: Stage) -> None:
    """Whoever sat there was another, and the client whose page was opened came the same day."""
    async with stage.resumed(mild(stage)) as session:
        store, visit = session.store, session.visit
        await at_the_plan(session)
        await write(session, "no sleep")
        PlanSession(session.app.workspace, visit.client).write("own", "the walk")
        assert plans(session) == [{"signs": "no sleep", "own": "the walk"}, {"signs": "no sleep"}]
        right = store.clients.add(birth_year=1990, language="fi")
        store.corrections.move_assessment(visit.assessment.id, right.id, "hers", after=None)
        assert plans(session) == [{"own": "the walk"}]
        found = store.safety_plans.find(right.id)
        assert found is not None
        assert found.words == {"signs": "no sleep"}


async def test_the_day_of_the_plan_before_is_that_of_the_clocks_here(stage: Stage) -> None:
    """Half past midnight here is the evening before in the clock that the store keeps."""
    async with stage.resumed(mild(stage)) as session:
        workspace = session.app.workspace
        plan = PlanSession(workspace, session.visit.client)
        plan.write("signs", "no sleep")
        assert plan.plan is not None
        plan.plan = plan.plan.model_copy(update={"at": datetime(2026, 1, 9, 22, 30, tzinfo=UTC)})
        page = SafetyPlanScreen(plan, None, along=True)
        page._tell_start()
        assert "2026-01-10" in page.message


async def test_an_emptied_point_is_empty_and_the_plan_before_stays(stage: Stage) -> None:
    async with stage.resumed(mild(stage)) as session:
        PlanSession(session.app.workspace, session.visit.client).write("signs", "no sleep")
        await at_the_plan(session)
        session.says("It starts from the plan of 2026")
        assert len(plans(session)) == 1, "looking begins none"
        await session.press("w", *["backspace"] * 8, "enter")
        session.on(SafetyPlanScreen)
        assert plans(session) == [{}, {"signs": "no sleep"}]


async def test_violence_by_a_partner_has_another_plan(stage: Stage) -> None:
    """A paper at home may be found by the one who does it."""
    page = StopScreen.__new__(StopScreen)
    step = SafetyStep("S5", "partner_violence", "safety_plan")
    async with stage.resumed(mild(stage)) as session:
        page = session.on(StopScreen)
        assert page._opens_plan(PLAN)
        assert not page._opens_plan(step)


# -- the sheets of a client -----------------------------------------------------------------------


async def at_the_sheets(session: Session) -> None:
    session.on(NoteScreen)
    await session.press("h")
    session.on(PickScreen)
    session.says("Sheets", "My safety plan")


async def confirmed(session: Session) -> None:
    await session.press("enter")
    await session.press("enter")
    await session.skip_what_is_asked_once()
    session.on(NoteScreen)


async def test_the_note_leads_to_the_sheets_and_a_file_that_is_logged(
    stage: Stage, tmp_path: Path
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await confirmed(session)
        await at_the_sheets(session)
        await session.press("1")
        session.on(SafetyPlanScreen)
        await write(session, "I stop answering")
        await session.press("h")
        page = session.on(SheetScreen)
        assert page._sheet.client is not None and page._made is not None
        code = show(page._sheet.client.code)
        session.says(code)
        assert code not in as_text(page._made), "the screen alone says whose it is"
        events = [row["event"] for row in session.store.db.query("SELECT event FROM audit")]
        assert events[-1] == "view"
        await session.press("w", "2")
        session.on(PromptScreen)
        file = tmp_path / "plan.html"
        session.entry.value = ""
        await session.type(str(file))
        session.on(SheetScreen)
        session.says("Written to", "not encrypted")
        assert "I stop answering" in file.read_text(encoding="utf-8")
        if sys.platform != "win32":
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        events = [row["event"] for row in session.store.db.query("SELECT event FROM audit")]
        assert events[-1] == "export"
        await session.press("w", "2")
        session.entry.value = ""
        await session.type(str(file))
        session.on(PromptScreen)
        session.says("Choose another name")


async def test_the_episode_leads_to_the_sheets_and_back(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await confirmed(session)
        await session.press("c")
        session.on(EpisodeScreen)
        await session.press("h")
        await session.press("2")
        page = session.on(SheetScreen)
        session.says("What we agreed")
        await session.press("l")
        assert page._sheet.language != "en"
        await session.press("escape", "escape")
        session.on(EpisodeScreen)


async def test_what_the_stop_agreed_stands_on_the_sheet_of_its_own_client_alone(
    stage: Stage,
) -> None:
    async with stage.resumed(mild(stage)) as session:
        visit, store, workspace = session.visit, session.store, session.app.workspace
        means = SafetyStep("S2", "suicide_non_acute", "means")
        company = SafetyStep("S2", "suicide_non_acute", "company")
        contact = SafetyStep("S2", "suicide_non_acute", "next_contact")
        due = workspace.today + timedelta(days=3)
        visit.record_safety_step(means, terms=StepTerms(who="relative", where="in the shed"))
        visit.record_safety_step(company, "nobody is near")
        visit.record_safety_step(contact, agreed=AgreedContact(due=due, role="nurse"))

        def sheet(client: Client) -> str:
            return sheet_text(workspace, sheet_of(workspace, AGREED, "en", client))

        told = " ".join(sheet(visit.client).split())
        assert "Medicines, weapons and other means are kept out of reach: someone close" in told
        for hidden in ("in the shed", "Somebody stays", "nobody is near"):
            assert hidden not in told
        store.corrections.mark_wrong_client(visit.assessment.id, "another", after=None)
        assert f"{due:%Y-%m-%d}" in told
        told = sheet(visit.client)
        assert "Medicines" not in told
        assert f"{due:%Y-%m-%d}" not in told


async def test_before_a_step_is_confirmed_the_note_has_no_sheets(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await session.press("r")
        session.on(NoteScreen)
        session.lacks("sheets")
