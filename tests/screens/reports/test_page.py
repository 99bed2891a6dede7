"""If these fail, somebody sees sums that are not theirs, or cannot ask for another period."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from screens.base.error import ErrorScreen
from screens.base.pick import PickScreen
from screens.base.prompt import ValuePrompt
from screens.desk.start import StartScreen
from screens.reports.choosing import ABOUT, KINDS, may_be_asked, periods_near
from screens.reports.forms import FORMS
from screens.reports.page import ReportScreen
from screens.reports.words import REPORTS
from stepping.episode.events import PeriodStarted
from stepping.reports.periods import calendar_period, month_of, read_period
from store.pathway_files.targets import NAME, load_targets
from store.permissions import Role
from tests.screens.running import Session, Stage
from tests.screens.test_result import MODERATE
from tests.screens.test_roles import colleague, comes_in

TODAY = date(2026, 11, 22)
UNIT = "Lahden sote-keskus"


def started(stage: Stage) -> None:
    """Begin a treatment on the day of the stage, for which the first worker is responsible."""
    from casework.episode import EpisodeSession
    from casework.workspace import Workspace

    workspace = Workspace(stage.clock, language="en", language_asked=True, debounce_s=0)
    with stage.store() as store:
        store.staff.set_own_unit(UNIT)
        workspace.opened = store
        visit = stage.visit(store)
        visit.record_answers(dict(stage.whole(MODERATE)))
        visit.confirm(visit.decide(), 1)
        found = store.episodes.find_open(visit.client.id)
        assert found is not None
        care = EpisodeSession.load(workspace, visit.client, found[0].id)
        care.record_event(
            PeriodStarted(day=TODAY, period="p1", intervention="guided_self_help", step=1)
        )


def asked(session: Session) -> list[str]:
    """Return the questions that the log keeps, the oldest first."""
    rows = session.store.db.table("audit").rows
    return [row["subject"] for row in rows if row["event"] == "view.report"]


async def opened(session: Session, digit: str = "1") -> ReportScreen:
    await session.press("r")
    session.on(PickScreen)
    await session.press(digit)
    return session.on(ReportScreen)


# -- whose they are -------------------------------------------------------------------------------


async def test_the_role_report_sees_sums_and_no_client(stage: Stage) -> None:
    code = colleague(stage, "report")
    async with stage.program() as session:
        await comes_in(session)
        session.says("Your roles open no client's data here. The sums that name nobody: r.")
        session.lacks(code, "new assessment", "worklist", "find client", "Waits today")
        for key in ("n", "c", "w", "1", "enter", "down", "up"):
            await session.press(key)
            session.on(StartScreen)
        await session.press("r")
        session.says("1–6 of 12", REPORTS["methods"], ABOUT["methods"])
        await session.press("tab", "tab")
        session.lacks(REPORTS["caseload"])
        await session.press("1", "escape", "escape")
        session.on(StartScreen)
        events = [row["event"] for row in session.store.db.table("audit").rows]
        assert "access.refused" not in events
        assert "view.report" in events


async def test_few_are_hidden_from_the_role_report(stage: Stage) -> None:
    started(stage)
    colleague(stage, "report")
    stage.clock.now += timedelta(days=60)
    async with stage.program() as session:
        await comes_in(session)
        page = await opened(session)
        session.says("Report quarter 4 of 2026", "hidden", "One to four persons are few")
        told = "".join(text for line in page.body(78) for text, _ in line)
        assert "!" not in told
        assert asked(session) == ["methods/2026-Q4"]


async def test_a_month_that_runs_is_not_told_where_few_are_hidden(stage: Stage) -> None:
    colleague(stage, "report")
    async with stage.program() as session:
        await comes_in(session)
        await opened(session)
        await session.press("l")
        session.says("Report quarter 3 of 2026", "periods that are over. The last one is 2026-Q3")
        assert asked(session) == ["methods/2026-Q3"], "what is refused is not asked"
        await session.press("p", "5")
        await session.type("2026-11")
        session.on(ValuePrompt)
        session.says("A file is made of periods that are over. The last one is 2026-10.")


async def test_a_lead_sees_the_true_number_with_a_warning(stage: Stage) -> None:
    started(stage)
    colleague(stage, "lead", unit=UNIT)
    async with stage.program() as session:
        await comes_in(session)
        await opened(session)
        session.says("There is nothing in this period.")
        await session.press("l")
        session.says("quarter 4 of 2026", "Treatments started", "1!", "Do not hand this page on.")
        await session.press("l")
        session.says("No later period has begun.")
        assert asked(session) == ["methods/2026-Q3/own-unit", "methods/2026-Q4/own-unit"]


async def test_a_lead_sees_her_own_unit_and_not_the_others(stage: Stage) -> None:
    started(stage)
    colleague(stage, "lead", unit="Kuhmon terveysasema")
    async with stage.program() as session:
        await comes_in(session)
        await opened(session)
        session.says("Use of methods: Kuhmon terveysasema")
        await session.press("l")
        session.says("quarter 4 of 2026", "There is nothing in this period.")
        session.lacks("u unit/all")
        await session.press("u", "b", "tab")
        session.lacks("Unit")


async def test_a_lead_without_a_unit_is_told_so(stage: Stage) -> None:
    started(stage)
    colleague(stage, "lead")
    async with stage.program() as session:
        await comes_in(session)
        await session.press("r", "1")
        session.on(ErrorScreen)
        session.says("You belong to no unit here", "Name your unit in the worklist")
        await session.press("enter")
        session.on(ReportScreen)
        session.lacks("Treatments started", "w write to a file")
        assert asked(session) == []


async def test_a_lead_who_has_the_role_report_chooses_and_all_units_hide_few(stage: Stage) -> None:
    started(stage)
    colleague(stage, "lead", "report", unit=UNIT)
    async with stage.program() as session:
        await comes_in(session)
        await opened(session)
        await session.press("l")
        session.says(f"Use of methods: {UNIT}", "quarter 4 of 2026", "1!")
        await session.press("b", "2")
        session.says("by method")
        await session.press("u")
        session.says("Use of methods by method", "quarter 3 of 2026")
        session.lacks(UNIT, "1!")
        stage.clock.now += timedelta(days=60)
        await session.press("u")
        session.says(UNIT)
        assert asked(session) == [
            "methods/2026-Q3/own-unit",
            "methods/2026-Q4/own-unit",
            "methods/method/2026-Q4/own-unit",
            "methods/method/2026-Q3",
            "methods/method/2026-Q3/own-unit",
        ]


async def test_a_nurse_sees_her_own_clients_at_once(stage: Stage) -> None:
    started(stage)
    colleague(stage, "nurse")
    async with stage.program() as session:
        await comes_in(session)
        await session.press("r")
        session.on(ReportScreen)
        session.says(REPORTS["caseload"])
        await session.press("l")
        session.says("There is nothing in this period.")
        await session.press("escape")
        session.on(StartScreen)
        assert asked(session) == ["caseload/2026-Q3", "caseload/2026-Q4"]


@pytest.mark.parametrize("given", ["auditor", "admin"])
async def test_others_have_no_key_to_sums(stage: Stage, given: Role) -> None:
    colleague(stage, given)
    async with stage.program() as session:
        await comes_in(session)
        session.lacks("r reports")
        await session.press("r")
        session.on(StartScreen)


# -- what is asked --------------------------------------------------------------------------------


async def test_the_period_goes_back_and_forth_and_stays_for_the_next_report(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        await opened(session)
        session.says("Report quarter 3 of 2026")
        await session.press("e")
        session.says("quarter 2 of 2026; beside it quarter 2 of 2025")
        await session.press("p")
        session.says("Month", "2026-06", "Four months", "2026", "Another one")
        await session.press("1")
        session.says("2026-06; beside it 2025-06")
        await session.press("escape", "2")
        session.says(REPORTS["onward"], "2026-06; beside it 2025-06")


async def test_a_period_is_typed_and_a_wrong_one_is_told_with_the_nearest(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        await opened(session)
        await session.press("p", "5")
        for typed, said in (
            ("2026-Q9", "That is no period. Type 2026-Q"),
            ("2001-01..2026-01", "A period has at most 20 years. Type 2006-02..2026-01?"),
            ("2026-06..2026-02", "The period ends before it begins. Type 2026-02..2026-06?"),
            ("2027-01", "The period has not begun, or ends in the future. Type 2026-11?"),
        ):
            await session.type(typed)
            session.on(ValuePrompt)
            session.says(said)
        await session.type("2026-02..2026-06")
        session.on(ReportScreen)
        session.says("2026-02–2026-06")
        await session.press("e")
        session.says("2025-09–2026-01")


async def test_it_is_told_by_something_and_again_by_nothing(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        await opened(session)
        await session.press("l", "b", "2")
        session.says("Use of methods by method", "All together".lower())
        await session.press("b", "1")
        session.lacks("by method")
        assert asked(session)[-2:] == [
            "methods/method/2026-Q4/own-unit",
            "methods/2026-Q4/own-unit",
        ]


def test_a_kind_of_period_is_the_one_at_hand_or_the_newest_that_is_over() -> None:
    near = periods_near(read_period("2026-Q3", TODAY), TODAY)
    assert [one.name for one in near] == ["2026-09", "2026-Q3", "2026-T2", "2025"]
    near = periods_near(read_period("2025", TODAY), TODAY)
    assert [one.name for one in near] == ["2025-12", "2025-Q4", "2025-T3", "2025"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_running_period_is_for_those_alone_from_whom_nothing_is_hidden(kind: str) -> None:
    running = calendar_period(kind, month_of(TODAY))  # type: ignore[arg-type]
    assert may_be_asked(running, TODAY, over=False)
    assert not may_be_asked(running, TODAY, over=True)
    later = calendar_period(kind, running.last + 1)  # type: ignore[arg-type]
    assert not may_be_asked(later, TODAY, over=False)


def test_every_report_has_a_name_and_a_sentence() -> None:
    assert [*REPORTS] == [*ABOUT]


# -- to a file ------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", range(len(FORMS)))
async def test_it_is_written_once_in_each_form_and_replaces_nothing(
    stage: Stage, tmp_path: Path, at: int
) -> None:
    form = [*FORMS.values()][at]
    out = tmp_path / f"report.{form.ending}"
    async with stage.program(demo=True) as session:
        await opened(session)
        await session.press("w", str(at + 1))
        assert session.entry.value == f"~/porras-methods-2026-Q3.{form.ending}"
        await session.type(str(session.store.db.path.parent / "report.csv"))
        session.says("That is the folder of the store itself.")
        await session.type(str(out))
        session.on(ReportScreen)
        session.says("Written to")
        assert asked(session) == ["methods/2026-Q3/own-unit", "methods/2026-Q3/own-unit/file"]
        before = out.read_bytes()
        assert before
        await session.press("w", str(at + 1))
        await session.type(str(out))
        session.says("Choose another name.")
        assert out.read_bytes() == before


async def test_of_one_unit_by_anything_but_time_there_is_no_file(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        await opened(session)
        await session.press("b", "2", "w")
        session.on(ReportScreen)
        session.says("A file of one unit is told by time alone.")


async def test_of_ones_own_clients_there_is_no_file(stage: Stage) -> None:
    colleague(stage, "nurse")
    async with stage.program() as session:
        await comes_in(session)
        await session.press("r", "w")
        session.on(ReportScreen)
        session.says("The sums of your own clients stay on the screen.")


async def test_a_file_of_a_period_that_runs_is_of_the_last_one_that_is_over(
    stage: Stage, tmp_path: Path
) -> None:
    async with stage.program(demo=True) as session:
        await opened(session)
        await session.press("l")
        session.says("quarter 4 of 2026")
        await session.press("w")
        session.on(PickScreen)
        session.says("As which file?", "quarter 3 of 2026")
        await session.press("4")
        await session.type(str(tmp_path / "report.csv"))
        session.says("Report quarter 3 of 2026")
        assert "2026-Q3" in (tmp_path / "report.csv").read_text(encoding="utf-8")


async def test_nothing_is_asked_of_the_time_before_any_store(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        page = await opened(session)
        page._period = read_period("2000-Q1", TODAY)
        await session.press("e")
        session.says("No earlier period can be asked for.")
        assert asked(session) == ["methods/2026-Q3/own-unit"]


# -- targets --------------------------------------------------------------------------------------


async def test_a_fault_in_the_targets_of_the_site_is_told_and_the_figures_stand_without_them(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / NAME
    monkeypatch.setattr("casework.reports.targets.load_targets", lambda _: load_targets(tmp_path))
    good = '[methods.completed]\ntarget = 80\nsource = "Plan of the county"\n'
    started(stage)
    colleague(stage, "lead", unit=UNIT)
    for content, is_good in ((good, True), (good.replace("completed", "complete"), False)):
        file.write_text(content, encoding="utf-8")
        async with stage.program() as session:
            await comes_in(session)
            page = await opened(session)
            await session.press("l")
            for lines in (page.body(62), page.spoken(62)):
                said = " ".join("".join(text for text, _ in line) for line in lines)
                assert "Treatments started" in said
                assert ("Plan of the county" in said) is is_good
                warned = "The targets cannot be read: targets.toml:1:" in said
                assert warned is not is_good
            looks = {look for line in page.body(62) for text, look in line if "targets can" in text}
            assert looks == (set() if is_good else {"warning"})


# -- read out -------------------------------------------------------------------------------------


async def test_it_is_read_out_in_words(stage: Stage) -> None:
    started(stage)
    colleague(stage, "lead", unit=UNIT)
    async with stage.program() as session:
        await comes_in(session)
        page = await opened(session)
        await session.press("l")
        said = ["".join(text for text, _ in line) for line in page.spoken(64)]
        assert "Treatments started: 1!; a year before –" in said
        assert not set("█│·◆") & set("".join(said))
        await session.press("b", "2")
        said = ["".join(text for text, _ in line) for line in page.spoken(64)]
        at = said.index("Treatments started:")
        assert said[at + 1] == "all together: 1!; a year before –"
