"""If these fail, a date that slipped under the fingers is taken without being told back."""

from __future__ import annotations

from dataclasses import replace

from screens.assessment.question import QuestionScreen
from stepping.pathway.model import Pathway
from stepping.pathway.reader import read_pathway
from tests.screens.running import Stage
from tests.stepping.cases import changed


def with_a_date() -> Pathway:
    """The small pathway, asking since when instead of for how many weeks."""
    files = changed("questions.toml", 'type = "integer"\nmin = 0\nmax = 52\n', 'type = "date"\n')
    for file, old in (("rules.toml", "weeks >= 4"), ("interventions.toml", "weeks >= 50")):
        files[file] = files[file].replace(old, "weeks is given")
    return read_pathway(files)


async def test_a_date_is_told_back_before_it_is_kept(stage: Stage) -> None:
    pathway = with_a_date()
    async with stage.program(demo=True) as session:
        visit = replace(stage, pathway=pathway).visit(session.store)
        page = next(p for p in pathway.pages if p.questions[0].id == "weeks")
        asked = QuestionScreen(session.app.workspace, visit, page, client_language="en")
        await session.put(asked)
        await session.settle()
        await session.press(*"30.2.", "enter")
        session.says("The calendar has no such day.", "[ 30.2._")
        await session.press(*["backspace"] * 5, *"1.10.", "enter")
        session.says("Thu 2026-10-01, 52 days ago. Enter again keeps it.", "[ 2026-10-01_")
        assert "weeks" not in visit.given
        await session.press("backspace", "2", "enter")
        session.says("Fri 2026-10-02, 51 days ago.")
        await session.press("enter")
        assert visit.given["weeks"] == "2026-10-02"


async def test_a_date_is_typed_and_shown_as_finns_write_it(stage: Stage) -> None:
    pathway = with_a_date()
    async with stage.program(demo=True, language="fi") as session:
        visit = replace(stage, pathway=pathway).visit(session.store)
        page = next(p for p in pathway.pages if p.questions[0].id == "weeks")
        asked = QuestionScreen(session.app.workspace, visit, page, client_language="en")
        await session.put(asked)
        await session.settle()
        await session.press(*"1.10.", "enter")
        session.says("to 1.10.2026, 52 päivää sitten.", "[ 1.10.2026_")
        await session.press("enter")
        assert visit.given["weeks"] == "2026-10-01"
