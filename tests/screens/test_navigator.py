"""If these fail, a nurse types for minutes, takes in another's answers, or misses a danger."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from textual._time import get_time

from casework.assessment import AssessmentSession
from casework.elsewhere.navigator import navigator_form, take_result
from screens.assessment.navigator import NavigatorScreen
from screens.assessment.pause import PauseScreen
from screens.assessment.question import QuestionScreen
from screens.assessment.stop import StopScreen
from screens.note.compose import build_note
from screens.note.short_form import totals_line
from screens.result.result import ResultScreen
from stepping.interchange.navigator import NavigatorResult
from stepping.pathway.model import Answer
from store.repository.store import Store
from tests.screens.running import CALM, Session, Stage
from tests.screens.test_deliberate import USUAL, held, send

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
SUMMARY = """\
Terapianavigaattorin yhteenveto

Täyttöpäivä: 20.11.2026
PHQ-9: 14/27 (keskivaikea)
PHQ-9, kohta 9: {item}
Haitta arjessa
  Hyvin vaikeaa
GAD-7: 9
AUDIT-C
5 / 12
Hoitotoiveet:
- nettiterapia
- ryhmä
Koodi: AB12
Soita tarvittaessa 09 2525 0111
"""
SWEDISH = """\
Ifylld 20.11.2026
PHQ-9-poäng: 14
PHQ-9 punkt 9: 0
Svårigheter i vardagen: stora svårigheter
GAD-7-poäng: 9
AUDIT-C-poäng: 5
Önskemål om vård: nätterapi och grupp
Kod: AB12
"""
TAKEN: dict[str, Answer] = {
    "phq9.total": 14,
    "phq9.difficulty": 2,
    "gad7.total": 9,
    "auditc.total": 5,
    "wish.formats": ("net", "group"),
}


@pytest.fixture(autouse=True)
def _now(stage: Stage) -> None:
    stage.clock.now = NOW


def given(session: Session) -> dict[str, Answer]:
    """What stands in the store of the only draft."""
    (draft,) = session.store.assessments.list_drafts()
    kept = session.store.answers.get_progress(draft.assessment.id)
    return {id_: tuple(a) if isinstance(a, list) else a for id_, a in kept.answers.items()}


async def to_form(session: Session) -> NavigatorScreen:
    await session.press("v")
    return session.on(NavigatorScreen)


async def paste(session: Session, text: str) -> None:
    session.screen.take_paste(text)
    await session.settle()


async def test_a_minute_of_digits_and_enter(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        assert session.page == "danger"
        await to_form(session)
        session.says("Navigator's result", "can be pasted here")
        await session.press(*"20.11.", "enter", *"14", "enter", "0", "enter", "2", "enter")
        await session.press("9", "enter", "5", "enter", "enter", *"24", "enter", *"AB12", "enter")
        session.says("2026-11-20", "14/27", "2 Very difficult", "9/21", "5/12")
        session.says("therapy over the net, a group", "AB12", "Enter stores this.")
        session.says("Asked all the same", "danger is always asked by you")
        assert given(session) == {}
        await session.press("enter")
        session.on(QuestionScreen)
        session.says("The navigator's result is stored. Danger is asked here all the same.")
        assert session.page == "danger"
        assert given(session) == TAKEN


@pytest.mark.parametrize("text", [SUMMARY.format(item=0), SWEDISH])
async def test_a_pasted_summary_is_looked_at_before_it_is_taken(stage: Stage, text: str) -> None:
    async with stage.resumed({}) as session:
        await to_form(session)
        await paste(session, text)
        session.says("8 fields are filled in.")
        assert given(session) == {}
        await session.press("enter")
        assert given(session) == TAKEN


async def test_a_positive_item_nine_opens_its_stop_at_once(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await to_form(session)
        await paste(session, SUMMARY.format(item=1))
        session.lacks("danger is always asked")
        session.says("! PHQ-9 item 9 (death, self-harm): see to danger at once")
        await session.press("enter")
        session.on(StopScreen)
        session.says("safety assessment")
        assert given(session)["phq9.9"] == 1
        assert given(session)["phq9.total"] == 13


async def test_lines_that_are_not_recognised_are_told_and_not_kept(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await to_form(session)
        await paste(session, SUMMARY.format(item=0))
        session.says("2 lines were not recognised: 1, 15.")
        session.lacks("2525")
        await session.press("enter")
        assert "2525" not in "".join(map(str, session.store.db.execute("SELECT * FROM notes")))


async def test_a_summary_pasted_twice_is_one(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await to_form(session)
        for _ in range(2):
            await paste(session, SUMMARY.format(item=0))
        await session.press("enter")
        await to_form(session)
        await paste(session, SUMMARY.format(item=0))
        await session.press("enter")
        assert given(session) == TAKEN
        sql = "SELECT count(*) FROM answers UNION ALL SELECT count(*) FROM notes"
        assert [row[0] for row in session.store.db.execute(sql)] == [5, 1]


async def test_another_summary_leaves_nothing_of_the_one_before(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await to_form(session)
        await paste(session, SUMMARY.format(item=0))
        await paste(session, "Täyttöpäivä 30.11.2026\nGAD-7: 3/21\n")
        session.lacks("14/27", "AB12")
        await session.press("enter")
        assert given(session) == {"gad7.total": 3}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Nimi: Matti Meikäläinen\nPHQ-9: 14\n", "Line 1 seems to name a person."),
        ("PHQ-9: 14\nHetu 010190-912K\n", "Line 2 seems to name a person."),
        ("nothing of this\nis a summary\n", "No line of it was recognised."),
        ("PHQ-9: 14/24\n", "Line 1: PHQ-9 total is of another version."),
        ("PHQ-8: 14\n", "Line 1: PHQ-8 is of another version."),
        ("GAD-7: 22\n", "Line 1: GAD-7 total cannot be so many points."),
        ("GAD-7: 3\nGAD-7: 4\n", "Line 2: GAD-7 total is told twice, and not alike."),
        ("GAD-7: 3–5\n", "No line of it was recognised."),
        ("\x1b[2JGAD-7\x00: 3\n", "No line of it was recognised."),
    ],
)
async def test_what_cannot_be_pasted_is_told_with_its_line(
    stage: Stage, text: str, said: str
) -> None:
    async with stage.resumed({}) as session:
        await to_form(session)
        await paste(session, text)
        session.says(said)
        session.lacks("Matti", "912K")
        assert given(session) == {}


async def test_a_hundred_kilobytes_are_refused_unread(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await to_form(session)
        session.screen.refuse_paste(100_000)
        session.says("Pasted: 100000 characters, more than a summary has.")
        await paste(session, SUMMARY.format(item=0) + "x\n" * 1_900)
        session.says("8 fields are filled in.", "1902 lines were not recognised: 1, 15, 16")
        assert given(session) == {}


async def test_half_way_nothing_is_stored(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await to_form(session)
        await paste(session, SUMMARY.format(item=3))
        await session.press("escape")
        session.on(QuestionScreen)
        assert session.page == "danger"
        assert given(session) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Täyttöpäivä 2.11.2026\nAUDIT-C: 5\n", ""),
        ("Täyttöpäivä 1.11.2026\nAUDIT-C: 5\n", "AUDIT-C total: too old to count"),
        ("Täyttöpäivä 30.10.2026\nAUDIT-C: 5\n", "more than 31 days old; ask all of it"),
        ("Täyttöpäivä 2.12.2026\nAUDIT-C: 5\n", "that day has not come yet"),
        ("Täyttöpäivä 20.11.2026\nPHQ-9: 1\nPHQ-9, kohta 9: 3\n", "more points than PHQ-9 total"),
    ],
)
async def test_another_months_day_and_a_contradiction_are_told(
    stage: Stage, text: str, said: str
) -> None:
    async with stage.resumed({}) as session:
        await to_form(session)
        await paste(session, text)
        session.says(*filter(None, [said]))
        await session.press("enter")
        told = given(session)
        if said and "too old" not in said:
            session.on(NavigatorScreen)
        assert told == ({} if said else {"auditc.total": 5})


async def test_a_total_needs_its_item_on_danger(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await to_form(session)
        await session.press(*"20.11.", "enter", *"14", "enter", "enter")
        session.says("This is needed: PHQ-9 item 9")
        assert given(session) == {}


async def test_a_day_is_never_guessed(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await to_form(session)
        await session.press("enter")
        session.says("This is needed: Day it was filled in")


async def test_what_another_window_answered_is_told_and_nothing_taken(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await to_form(session)
        await paste(session, SUMMARY.format(item=0))
        with stage.store() as other:
            _answer_elsewhere(other, stage)
        await session.press("enter")
        session.says("changed in another window")
        await session.press("enter")
        assert given(session) == {"gad7.1": 3}


def _answer_elsewhere(store: Store, stage: Stage) -> None:
    (draft,) = store.assessments.list_drafts()
    AssessmentSession.resume(store, draft.assessment, stage.pathway).record_answers({"gad7.1": 3})


async def test_the_pause_leads_there_too_and_back_to_the_question(stage: Stage) -> None:
    async with stage.resumed(dict.fromkeys(DANGER, "no")) as session:
        assert session.page == "phq9.1"
        await session.press("escape")
        session.on(PauseScreen)
        await session.press("n")
        session.on(NavigatorScreen)
        await session.press("escape")
        assert session.page == "phq9.1"
        await session.press("escape", "n")
        await paste(session, SUMMARY.format(item=0))
        await session.press("enter")
        assert session.page == "phq9.9"


DANGER = [f"danger.{each}" for each in ("suicide", "violence", "child", "confusion")]
DANGER += ["danger.intoxicated", "danger.body"]


async def test_what_was_taken_can_be_asked_here_instead_but_danger_stays(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await to_form(session)
        session.lacks("ask it here instead")
        await paste(session, SUMMARY.format(item=1))
        await session.press("enter")
        await session.put(NavigatorScreen(session.app.workspace, session.visit))
        await session.settle()
        session.says("ask it here instead")
        await session.press("x")
        assert given(session) == {"phq9.9": 1}
        assert session.visit.open_stops == ("S2",)


async def test_a_held_key_takes_nothing_that_was_not_looked_at(stage: Stage) -> None:
    async with stage.resumed({}, pace=USUAL) as session:
        await session.put(NavigatorScreen(session.app.workspace, session.visit))
        form = session.on(NavigatorScreen)
        await paste(session, SUMMARY.format(item=0))
        await session.press("up")
        await send(session, *held("enter", get_time() + 1, 80))
        assert session.on(NavigatorScreen) is form
        session.says("> Enter stores this.")
        assert given(session) == {}


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
async def test_result_and_note_name_the_navigator_and_its_day(stage: Stage, language: str) -> None:
    points = {"phq9": 14, "phq9_item9": 0, "gad7": 9, "auditc": 2}
    with stage.store() as store:
        visit = stage.visit(store, language=language)
        told = NavigatorResult(date(2026, 11, 20), points, ("net",), "AB12")
        take_result(visit, navigator_form(), told)
        rest = stage.whole({**CALM, **visit.valid_answers, "phq9.9": 0})
        visit.record_answers({i: a for i, a in rest.items() if i not in visit.given})
    said = {
        "en": "total from the navigator, 2026-11-20",
        "fi": "pisteet navigaattorista 20.11.2026",
        "sv": "poäng från navigatorn 20.11.2026",
    }[language]
    async with stage.workplace(language=language) as session:
        await session.press("1")
        result = session.on(ResultScreen)
        session.says(said, "14/27", "9/21")
        visit = session.visit
        whole = build_note(session.app.workspace, visit, visit.decide(), None, language)
        assert whole.text().count(said) >= 3
        assert "PHQ-9 [2026-11-20] 14" in totals_line(whole)
        assert result.workspace.language == language
