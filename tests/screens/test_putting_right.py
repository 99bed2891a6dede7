"""Putting right on the screens: if these fail, a wrong card or client stays, or goes by a slip."""

from __future__ import annotations

from datetime import date

import pytest

from casework.assessment import AssessmentSession
from casework.workspace import Workspace
from screens.assessment.assessment_list import AssessmentListScreen
from screens.assessment.client_card import ClientScreen
from screens.assessment.question import QuestionScreen
from screens.base.error import ErrorScreen
from screens.base.pick import PickScreen
from screens.base.prompt import ValuePrompt
from screens.corrections.assessment import AssessmentScreen, MisfitScreen
from screens.corrections.card_form import CardForm
from screens.corrections.putting_right import CompareScreen, PutRightScreen
from screens.desk.start import StartScreen
from screens.desk.worklist import WorklistScreen
from screens.episode.timeline import history
from screens.note.screen import NoteScreen
from screens.result.confirm import ConfirmScreen
from stepping.episode.events import NeedEstablished, Opened
from stepping.episode.validation import ValidationContext
from store.codes import show
from store.errors import CardChanged, StopOpen
from store.paths import PATHWAYS
from store.pathway_files.care import shipped_care
from store.repository.store import Store
from tests.screens.running import CALM, Session, Stage
from tests.screens.test_result import MODERATE


async def at_the_client(session: Session, code: str) -> None:
    """Find a client by code, and open what is put right."""
    session.on(StartScreen)
    await session.press(session.app.workspace.t.letter("c", "find client"))
    await session.type(code)
    session.on(AssessmentListScreen)
    await session.press("k")
    session.on(PutRightScreen)


def client_of(stage: Stage, year: int | None = 1986, *, draft: bool = True) -> str:
    """Leave a client in the store, with a calm draft; return the code."""
    with stage.store() as store:
        why = "not asked yet" if year is None else None
        client = store.clients.add(birth_year=year, language="en", municipality="hollola", why=why)
        if draft:
            visit = AssessmentSession.start(
                store, stage.pathway, client, setting="phone", language="en"
            )
            visit.record_answers(dict(CALM))
        return client.code


async def retype_year(session: Session, year: str, why: str) -> None:
    """Put another year of birth on the card, and say why."""
    session.on(CardForm)
    await session.press("backspace", "backspace", "backspace", "backspace", *year, "enter")
    await session.press("down", "down", "down")
    await session.type(why)
    session.on(CardForm)


@pytest.mark.parametrize(
    ("language", "old", "stored"),
    [
        ("en", "Year of birth 1986 → 1996", "The card is put right."),
        ("fi", "Syntymävuosi 1986 → 1996", "Tiedot on korjattu."),
    ],
)
async def test_a_card_is_put_right_and_old_and_new_are_seen_before(
    stage: Stage, language: str, old: str, stored: str
) -> None:
    code = client_of(stage)
    async with stage.workplace(language=language) as session:
        await at_the_client(session, code)
        await session.press("k")
        await retype_year(session, "1996", "typed wrong")
        session.says(old)
        client = session.store.clients.find(code)
        assert client
        assert client.birth_year == 1986, "nothing is stored before the last Enter"
        await session.press("enter")
        session.on(AssessmentListScreen)
        session.says(stored, "1996")
        (change,) = session.store.corrections.list_card_changes(client.id)
        assert (change.why, change.after.birth_year) == ("typed wrong", 1996)


async def test_a_card_on_which_nothing_changed_is_not_stored(stage: Stage) -> None:
    code = client_of(stage)
    async with stage.workplace() as session:
        await at_the_client(session, code)
        await session.press("k")
        await retype_year(session, "1986", "nothing")
        await session.press("enter")
        session.on(CardForm)
        session.says("Nothing is different from the old card.")


async def test_a_card_that_cannot_be_keeps_what_was_typed(stage: Stage) -> None:
    code = client_of(stage)
    async with stage.workplace() as session:
        await at_the_client(session, code)
        await session.press("k", "backspace", "enter")
        session.on(CardForm)
        session.says("A year of birth from 1906 to 2026, please.")
        await session.press("escape")
        session.on(AssessmentListScreen)


async def test_a_draft_whose_pathway_does_not_fit_the_card_any_more_is_told(stage: Stage) -> None:
    code = client_of(stage)
    async with stage.workplace() as session:
        await at_the_client(session, code)
        await session.press("k")
        await retype_year(session, "2012", "a child's card")
        await session.press("enter")
        session.on(AssessmentListScreen)
        await session.press("1")
        session.on(MisfitScreen)
        session.says(
            "The pathway of this draft is for ages 18–120", "a safety stop in it stays open"
        )
        await session.press("n")
        session.on(ClientScreen)
        await session.press("escape")
        session.on(StartScreen)
        await session.press("1", "g")
        session.on(QuestionScreen)


async def test_a_card_is_put_right_from_the_form_that_begins_an_assessment(stage: Stage) -> None:
    code = client_of(stage)
    async with stage.workplace() as session:
        await session.press("n", *show(code), "enter")
        session.on(ClientScreen)
        session.says("put the card right")
        await session.press("k")
        await retype_year(session, "1970", "typed wrong")
        await session.press("enter")
        session.on(ClientScreen)
        session.says("Year of birth 1970", "The card is put right.")


# -- a year of birth that is not known ------------------------------------------------------


async def test_a_client_whose_year_is_not_known_yet_is_assessed_and_asked_for_it(
    stage: Stage,
) -> None:
    async with stage.workplace() as session:
        await session.press("n", "enter", "u")
        session.on(ValuePrompt)
        await session.type("would not tell on the phone")
        session.on(ClientScreen)
        session.says("not known yet", "The year of birth is still to be asked.")
        await session.press("1", "1", "1", "1")
        session.on(QuestionScreen)
        visit = session.visit
        assert "client.age" not in visit.answers
        assert visit.client.birth_year is None
        (change,) = session.store.corrections.list_card_changes(visit.client.id)
        assert change.why == "would not tell on the phone"
        await session.press("escape", "l")
        (row,) = (row for row in session.text.split("\n") if row.endswith("  ?"))
        assert show(visit.client.code) in row
        await session.press("down", "enter")
        session.on(AssessmentListScreen)
        session.says("! The year of birth is still to be asked")


async def test_four_noughts_are_a_year_that_is_not_known(stage: Stage) -> None:
    async with stage.workplace() as session:
        await session.press("n", "enter", "0", "0", "0", "0", "enter")
        session.on(ValuePrompt)
        await session.press("escape")
        session.on(ClientScreen)
        session.lacks("not known yet 1", "still to be asked")


@pytest.mark.parametrize("answers", [CALM, MODERATE])
def test_an_age_that_is_not_known_never_lowers_a_step(
    stage: Stage, answers: dict[str, object]
) -> None:
    with stage.store() as store:
        steps = []
        for year in (None, 1986, 1940, 2006):
            why = "x" if year is None else None
            client = store.clients.add(birth_year=year, language="en", sex="f", why=why)
            visit = AssessmentSession.start(
                store, stage.pathway, client, setting="phone", language="en"
            )
            visit.record_answers(stage.whole(answers))  # type: ignore[arg-type]
            steps.append(visit.decide().step)
        unknown, *known = steps
        assert unknown is None or all(step is None or unknown >= step for step in known)


def test_the_page_of_an_episode_says_why_the_earlier_day_counts(stage: Stage) -> None:
    with stage.store() as store:
        client = store.clients.add(birth_year=None, language="en", why="x")
        today = date(2026, 11, 22)
        around = ValidationContext(today, None, {}, {}, {}, shipped_care().tracks)
        record = store.episodes.begin(client.id, Opened(day=today), around)
        episode = store.episodes.record_event(record.id, NeedEstablished(day=today), around)
        workspace = Workspace(stage.clock, language="en", pathways=PATHWAYS)
        workspace.opened = store
        from casework.episode_names import collect_names

        names = collect_names(workspace, None, episode)
        lines = history(episode, names, today, workspace.t, 78)
        text = " ".join("".join(part for part, _ in line) for line in lines)
        assert "year of birth not known, so the earlier day counts" in " ".join(text.split())


# -- two codes of one person ------------------------------------------------------------------


async def test_two_codes_become_one_client_and_can_be_parted(stage: Stage) -> None:
    one, other = client_of(stage), client_of(stage, 1990)
    async with stage.workplace() as session:
        await at_the_client(session, one)
        await session.press("y")
        await session.type(one)
        session.says("This is a code of the same client.")
        await session.type(other)
        session.on(CompareScreen)
        session.says(show(one), show(other), "≠ Year of birth", "The years of birth differ")
        await session.press("enter", "1")
        session.on(CompareScreen)
        await session.press("j")
        await session.type("two first calls")
        session.on(AssessmentListScreen)
        session.says("The two codes are one client now.", show(other), "The same person")
        assert len(session.store.assessments.list_drafts()) == 2
        await session.press("escape", "c")
        await session.type(other)
        session.on(AssessmentListScreen)
        session.says(show(one))
        await session.press("k", "e")
        session.on(ValuePrompt)
        await session.type("two people after all")
        session.on(AssessmentListScreen)
        session.lacks("The same person")
        found = session.store.clients.find(other)
        assert found
        assert found.code == other


# -- an assessment of the wrong client ----------------------------------------------------------


async def test_an_assessment_is_marked_and_taken_back(stage: Stage) -> None:
    code = client_of(stage)
    async with stage.workplace() as session:
        await at_the_client(session, code)
        await session.press("a")
        session.on(PickScreen)
        await session.press("1")
        session.on(AssessmentScreen)
        await session.press("m")
        await session.type("began under the wrong code")
        session.on(AssessmentListScreen)
        session.says("wrong client, counts nowhere", "The assessment is marked")
        await session.press("1")
        session.on(NoteScreen)
        await session.press("escape")
        session.on(AssessmentListScreen)
        await session.press("escape", "w")
        session.on(WorklistScreen)
        session.says("! wrong client")
        await session.press("1")
        session.on(AssessmentListScreen)
        await session.press("k", "a", "1", "t")
        await session.type("it was right")
        session.on(AssessmentListScreen)
        session.says("The assessment counts for this client again.")
        await session.press("1")
        session.on(QuestionScreen)


async def test_an_assessment_moves_to_the_right_client(stage: Stage) -> None:
    wrong, right = client_of(stage), client_of(stage, 2012, draft=False)
    async with stage.workplace() as session:
        await at_the_client(session, wrong)
        await session.press("a", "1", "v")
        await session.type(right)
        session.on(CompareScreen)
        session.says(
            "what it suggests is worked out anew", "The pathway of this draft is for ages 18–120"
        )
        await session.press("v")
        await session.type("wrong code")
        session.on(AssessmentListScreen)
        session.says(f"Assessment 1 was moved to {show(right)}")
        assert [draft.client_code for draft in session.store.assessments.list_drafts()] == [right]


async def test_what_was_confirmed_says_on_which_card(stage: Stage) -> None:
    assessment = stage.draft(stage.whole(MODERATE))
    with stage.store() as store:
        visit = AssessmentSession.resume(store, store.assessments.get(assessment), stage.pathway)
        decision = visit.decide()
        assert decision.step is not None
        visit.confirm(decision, decision.step)
        client = visit.client
        store.corrections.correct_card(
            client.id,
            birth_year=1950,
            sex="m",
            language="en",
            municipality=client.municipality,
            why="typed wrong",
            after=client.card,
        )
        again = AssessmentSession.resume(store, store.assessments.get(assessment), stage.pathway)
        assert again.card_changed
        assert again.answers["client.age"] == 40
        assert again.decide() == decision
        code = client.code
    async with stage.workplace() as session:
        await session.press("c")
        await session.type(code)
        await session.press("1")
        session.on(NoteScreen)
        seen = session.flat
        for _ in range(4):
            await session.press("pagedown")
            seen += session.flat
        assert "Confirmed on an earlier card: age 40, sex woman" in seen


async def test_later_questions_of_a_draft_follow_a_corrected_language(stage: Stage) -> None:
    code = client_of(stage)
    with stage.store() as store:
        client = store.clients.find(code)
        assert client
        store.corrections.correct_card(
            client.id,
            birth_year=client.birth_year,
            sex=client.sex,
            language="sv",
            municipality=client.municipality,
            why="speaks Swedish",
            after=client.card,
        )
    async with stage.workplace() as session:
        await session.press("1")
        session.on(QuestionScreen)
        assert session.visit.assessment.language == "sv"


def put_right(store: Store, year: int) -> None:
    """Put the year of birth of the one client right."""
    (client,) = store.clients.list_recent()
    store.corrections.correct_card(
        client.id,
        birth_year=year,
        sex=client.sex,
        language="en",
        municipality=client.municipality,
        why="typed wrong",
        after=client.card,
    )


@pytest.mark.parametrize("year", [1950, 2012])
async def test_a_suggestion_on_a_card_put_right_elsewhere_is_made_anew(
    stage: Stage, year: int
) -> None:
    """Else a second Enter confirms what was decided on another age, or for grown-ups."""
    async with stage.resumed(stage.whole(MODERATE), pathways=PATHWAYS) as session:
        await session.press("enter")
        session.on(ConfirmScreen)
        assessment = session.visit.assessment.id
        with stage.store() as other:
            put_right(other, year)
        await session.press("enter")
        session.on(ErrorScreen)
        await session.press("enter", "enter")
        session.on(ConfirmScreen if year == 1950 else MisfitScreen)
        assert session.store.decisions.find(assessment) is None


async def test_a_card_that_does_not_fit_is_told_once_the_stop_is_closed(stage: Stage) -> None:
    """Else a child goes on through the questions of grown-ups after the stop."""
    async with stage.resumed({**CALM, "danger.child": "yes"}) as session:
        with stage.store() as other:
            put_right(other, 2012)
        await session.press("left", "3")
        session.on(ErrorScreen)
        await session.press("enter", "3", "0")
        session.on(MisfitScreen)


def test_an_open_draft_is_told_when_another_window_changes_whose_it_is(stage: Stage) -> None:
    """No answer goes to another client, and no step is confirmed on a card that is gone."""
    assessment = stage.draft(stage.whole(MODERATE))
    with stage.store() as store:
        visit = AssessmentSession.resume(store, store.assessments.get(assessment), stage.pathway)
        decision = visit.decide()
        assert decision.step is not None
        client = visit.client
        store.corrections.correct_card(
            client.id,
            birth_year=1950,
            sex=client.sex,
            language="en",
            municipality=client.municipality,
            why="typed wrong",
            after=None,
        )
        with pytest.raises(CardChanged):
            visit.confirm(decision, decision.step)
        assert visit.answers["client.age"] == 76
        other = store.clients.add(birth_year=1960, language="en")
        store.corrections.move_assessment(assessment, other.id, "wrong code", after=None)
        with pytest.raises(CardChanged):
            visit.record_answers({"phq9.1": 1})
        assert (visit.client.id, visit.answers["client.age"]) == (other.id, 66)
        visit.record_answers({"phq9.1": 1})
        visit.confirm(visit.decide(), visit.decide().step or 0)


def test_an_open_stop_binds_whoever_the_draft_is_of(stage: Stage) -> None:
    """It goes with a draft that moves, holds under every code, and is never lost by a mark."""
    assessment = stage.draft({**CALM, "danger.suicide": "yes"})
    with stage.store() as store:
        wrong = store.clients.get(store.assessments.get(assessment).client_id)
        right = store.clients.add(birth_year=1960, language="en")
        other = store.clients.add(birth_year=1960, language="en")

        def bound() -> list[str]:
            clients = (wrong, right, other)
            return [each.code for each in clients if store.open_stops.list_of(each.id)]

        assert bound() == [wrong.code]
        moved = store.corrections.move_assessment(assessment, right.id, "wrong code", after=None)
        assert bound() == [right.code]
        store.corrections.join_clients(other.id, right.id, "two first calls")
        assert bound() == [right.code, other.code]
        store.corrections.part_clients(other.id, right.code, "two people")
        assert bound() == [right.code]
        store.corrections.mark_wrong_client(
            assessment, "of nobody here", after=moved.assessment.move
        )
        assert bound() == []
        today = date(2026, 11, 22)
        (item,) = store.worklist.list_items(today)
        assert (item.kind, item.wrong_client) == ("open_stop", True)
        with pytest.raises(StopOpen):
            store.assessments.abandon(assessment, "of nobody here")
