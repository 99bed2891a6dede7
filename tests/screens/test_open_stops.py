"""If these fail, somebody in danger in one draft gets a light step in another, unseen by all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import Mock

import pytest

from casework.assessment import AssessmentSession, stored_decision
from screens.assessment.assessment_list import AssessmentListScreen
from screens.assessment.client_card import ClientScreen
from screens.assessment.open_stops import OpenStopsScreen
from screens.assessment.pause import PauseScreen
from screens.assessment.question import QuestionScreen
from screens.assessment.stop import StopScreen
from screens.base.error import ErrorScreen, PathwayErrorScreen
from screens.desk.start import StartScreen
from screens.episode.episode import EpisodeScreen
from screens.note.screen import NoteScreen
from screens.result.confirm import ConfirmScreen
from screens.result.result import ResultScreen
from stepping.decision.safety import list_safety_steps
from stepping.pathway.model import Answer
from store.codes import show
from store.database import transactions
from store.errors import StopElsewhere, StopOpen
from store.opening.store_file import open_store
from store.records import Client, Confirmation
from store.repository.store import Store
from tests.screens.running import Session, Stage, _ready_keys, record_steps
from tests.store.tampered import without_guard

ACUTE: Mapping[str, Answer] = {"danger.suicide": "yes"}
"""Opens S1: an emergency that leaves step 4."""
VIOLENCE: Mapping[str, Answer] = {"danger.violence": "yes"}
"""Opens S1b: an emergency that sets no step."""


def begin(
    stage: Stage, store: Store, client: Client, answers: Mapping[str, Answer]
) -> AssessmentSession:
    visit = AssessmentSession.start(
        store, stage.pathway, client, setting="reception", language="en"
    )
    visit.record_answers(dict(answers))
    return visit


@contextmanager
def endangered(stage: Stage, answers: Mapping[str, Answer] = ACUTE) -> Iterator[AssessmentSession]:
    """A client with an open stop in a draft that was begun three days ago."""
    with stage.store() as store:
        client = store.clients.add(birth_year=1986, language="en", sex="f", municipality="hollola")
        visit = begin(stage, store, client, answers)
        stage.clock.now += timedelta(days=3)
        yield visit


def code_of(stage: Stage, answers: Mapping[str, Answer] = ACUTE) -> str:
    with endangered(stage, answers) as visit:
        return visit.client.code


async def to_card(session: Session, code: str) -> None:
    """Type the code on the client card."""
    await session.choose("n", "new assessment")
    await session.press(*code.lower(), "enter")
    session.on(ClientScreen)


# -- it is told --------------------------------------------------------------------------------


async def test_the_card_tells_it_before_anything_else(stage: Stage) -> None:
    code = code_of(stage)
    async with stage.workplace() as session:
        await to_card(session, code)
        session.says(
            "! A safety stop is open: EMERGENCY: now, since Sun 2026-11-22, 3 days ago (nurse1).",
            "S1: Acute danger of suicide",
        )
        rows = session.text.splitlines()
        assert "A safety stop is open" in rows[1], "first of all"


@pytest.mark.parametrize("language", ["fi", "sv"])
async def test_the_card_with_a_stop_fits_in_every_language(stage: Stage, language: str) -> None:
    code = code_of(stage)
    async with stage.workplace(language=language) as session:
        await to_card(session, code)
        session.lacks("A safety stop")
        assert "S1:" in session.text
        assert "> " in session.text, "the field that is asked is in view"


async def test_past_episode_and_start_tell_it_too(stage: Stage) -> None:
    with endangered(stage) as visit:
        code = show(visit.client.code)
    async with stage.workplace() as session:
        marked = [row for row in session.text.splitlines() if f"! {code}" in row]
        assert len(marked) == 2, "the draft and the client"
        await session.press("down", "enter")
        session.on(AssessmentListScreen)
        session.says(code, "! A safety stop is open: EMERGENCY", "draft ! safety stop open")
        await session.press("c")
        await session.press("enter")
        session.on(EpisodeScreen)
        session.says("! A safety stop is open: EMERGENCY", "3 days ago")


async def test_the_worklist_says_how_urgent_and_since_when(stage: Stage) -> None:
    code = code_of(stage)
    async with stage.workplace() as session:
        await session.press("w")
        session.says(
            f"1 ! {show(code)} EMERGENCY: now · safety stop open since Sun 2026-11-22, 3 days ago"
        )


async def test_the_pause_of_another_draft_tells_it(stage: Stage) -> None:
    with endangered(stage) as visit:
        begin(stage, visit.store, visit.client, {"danger.suicide": "no"})
    async with stage.workplace() as session:
        await session.press("2", "n", "escape")
        session.on(PauseScreen)
        session.says("In another draft of this client:", "! A safety stop is open: EMERGENCY")


async def test_a_draft_that_one_may_not_read_is_told_without_its_content(stage: Stage) -> None:
    """The client of another unit may be in front of the nurse."""
    with endangered(stage) as visit:
        code, store = visit.client.code, visit.store
        store.staff.set_own_unit("Lahti")
        store.staff.set_own_unit("Hollola")
        store.staff.add("boss", ["admin", "lead"])
        store.staff.set_roles("nurse1", ["nurse"])
    async with stage.workplace() as session:
        await to_card(session, code)
        session.says(
            "! A safety stop is open: EMERGENCY: now, since Sun 2026-11-22, 3 days ago (nurse1).",
            "Stop S1. Its draft belongs to Lahti: call there now.",
            "This client belongs to another unit.",
            "> Client code",
        )
        session.lacks("suicide")
        await session.press("escape", "c")
        await session.type(code)
        session.says("This client belongs to another unit. A safety stop is open: EMERGENCY")


# -- its draft is offered first ----------------------------------------------------------------


async def test_enter_goes_to_the_draft_and_a_letter_begins_anew(stage: Stage) -> None:
    code = code_of(stage)
    async with stage.workplace() as session:
        await to_card(session, code)
        await session.press("1")
        session.on(OpenStopsScreen)
        session.says("S1: Acute danger of suicide", "no assessment of this client")
        await session.press("escape")
        session.on(ClientScreen)
        session.says("A safety stop is open")
        await session.press("1", "enter")
        session.on(StopScreen)
        assert len(session.store.assessments.list_of(session.visit.client.id)) == 1
        await session.press("escape", "l")
        await to_card(session, code)
        await session.press("1", "n")
        session.on(QuestionScreen)
        assert len(session.store.assessments.list_of(session.visit.client.id)) == 2


async def test_another_draft_is_gone_on_with_only_after_the_offer(stage: Stage) -> None:
    with endangered(stage) as visit:
        begin(stage, visit.store, visit.client, {"danger.suicide": "no"})
    async with stage.workplace() as session:
        await session.press("2")
        session.on(OpenStopsScreen)
        await session.press("escape")
        session.on(StartScreen)
        await session.press("2", "enter")
        session.on(StopScreen)
        await session.press("escape", "l", "2", "n")
        session.on(QuestionScreen)


async def test_of_several_drafts_a_digit_chooses(stage: Stage) -> None:
    with endangered(stage) as visit:
        begin(stage, visit.store, visit.client, {"nurse.worried": "yes"})
        code = visit.client.code
    async with stage.workplace() as session:
        await to_card(session, code)
        await session.press("1")
        session.says("1 S1, begun Sun 2026-11-22, 3 days ago", "2 S2, begun Wed 2026-11-25, today")
        await session.press("2")
        session.on(StopScreen)
        session.says("S2")


async def test_a_client_without_an_open_stop_is_offered_nothing(stage: Stage) -> None:
    with endangered(stage) as visit:
        record_steps(visit, "S1")
        code = visit.client.code
    async with stage.workplace() as session:
        await to_card(session, code)
        session.lacks("safety stop")
        await session.press("1")
        session.on(QuestionScreen)


# -- no step below it --------------------------------------------------------------------------


async def test_the_result_and_its_confirmation_do_not_go_below_it(stage: Stage) -> None:
    with endangered(stage) as visit:
        begin(stage, visit.store, visit.client, stage.whole())
    async with stage.workplace() as session:
        await session.press("2", "n")
        session.on(ResultScreen)
        session.says(
            "Suggested step 4",
            "! EMERGENCY: now: stop S1 is open in the draft of Sun 2026-11-22 (adult).",
            "It asks for step 4 at least.",
            "The stop that is open elsewhere asks for this step.",
        )
        await session.press("enter")
        session.on(ConfirmScreen)
        session.says("stop S1 is open in the draft of Sun 2026-11-22")
        session.says("While that stop is open the step may not go below 4.")
        await session.press("0")
        session.says("Step 0 is too low here.")
        await session.press("enter")
        session.on(ConfirmScreen)
        session.says("That stop stays open. Press once more to confirm all the same.")
        await session.press("enter")
        await session.skip_what_is_asked_once()
        note = session.on(NoteScreen).note
        assert "stop S1 is open in the draft of Sun 2026-11-22" in " ".join(note.split())
        (row,) = session.store.db.execute("SELECT assessment_id FROM decisions").fetchall()
        kept = session.store.decisions.find(row[0])
        assert kept is not None
        assert kept.confirmed_step == 4
        assert [stop.id for stop in stored_decision(kept).elsewhere] == ["S1"]


async def test_a_stop_that_sets_no_step_is_named_and_confirmed_by_a_second_press(
    stage: Stage,
) -> None:
    with endangered(stage, VIOLENCE) as visit:
        begin(stage, visit.store, visit.client, stage.whole())
    async with stage.workplace() as session:
        await session.press("2", "n")
        session.says("Suggested step 0", "stop S1b is open", "It sets no step: see to it first.")
        await session.press("enter", "enter")
        session.on(ConfirmScreen)
        session.says("That stop stays open.")
        await session.press("enter")
        await session.skip_what_is_asked_once()
        session.on(NoteScreen)


async def test_a_stop_that_opened_meanwhile_shows_the_result_anew(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(stage.whole())
    async with stage.workplace() as session:
        await session.press("1", "enter")
        session.on(ConfirmScreen)
        with stage.store() as other:
            begin(stage, other, other.clients.get(visit.client.id), ACUTE)
        await session.press("enter")
        session.on(ErrorScreen)
        session.says("A safety stop is open in another draft of this client.")
        assert session.store.decisions.find(visit.assessment.id) is None
        await session.press("enter")
        session.on(ResultScreen)
        session.says("Suggested step 4", "stop S1 is open")


async def test_an_override_that_was_overtaken_shows_the_result_anew(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(stage.whole())
    async with stage.workplace() as session:
        await session.press("1", "enter", "1", "1")
        with stage.store() as other:
            begin(stage, other, other.clients.get(visit.client.id), ACUTE)
        await session.type("agreed with the client")
        session.on(ErrorScreen)
        await session.press("enter")
        session.on(ResultScreen)
        assert session.store.decisions.find(visit.assessment.id) is None


def test_a_recorded_stop_binds_nobody_any_more(stage: Stage) -> None:
    with endangered(stage) as visit:
        other = begin(stage, visit.store, visit.client, stage.whole())
        assert other.decide().step == 4
        record_steps(visit, "S1")
        other.refresh_stops_elsewhere()
        decision = other.decide()
        assert (decision.step, decision.elsewhere) == (0, ())
        assert other.confirm(decision, 0).confirmed_step == 0


def test_the_store_refuses_a_step_below_and_a_stop_that_is_not_named(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with endangered(stage) as visit:
        other = begin(stage, visit.store, visit.client, stage.whole())
        decision = other.decide()
        low = decision.model_copy(update={"step": 0, "lowest_override": 0})
        unnamed = decision.model_copy(update={"elsewhere": ()})
        for wrong, step in ((low, 0), (unnamed, 4)):
            with monkeypatch.context() as blind, pytest.raises(StopElsewhere):
                blind.setattr(other, "decide_beside", Mock(return_value=wrong))
                other.confirm(wrong, step)
        assert visit.store.decisions.find(other.assessment.id) is None
        assert other.confirm(other.decide(), 4).confirmed_step == 4


# -- no draft ends at a stop -------------------------------------------------------------------


async def test_ending_leads_to_the_stop_first(stage: Stage) -> None:
    async with stage.resumed(ACUTE) as session:
        await session.press("escape", "x")
        session.on(StopScreen)
        session.says("Record each step first, done or not; then the assessment can be ended.")
        steps = list_safety_steps(stage.pathway, session.visit.answers, "S1")
        for _ in steps:
            await session.press("x", "2")
            await session.type("the client has left")
        await session.press("escape", "x")
        await session.type("went home")
        session.on(StartScreen)
        session.says("The assessment was ended without a step.")


async def test_ending_from_a_corrected_page_leads_to_the_stop_too(stage: Stage) -> None:
    async with stage.resumed(ACUTE) as session:
        await session.press("left")
        session.on(QuestionScreen)
        await session.press("escape", "x")
        session.on(StopScreen)


def test_the_store_ends_no_draft_at_a_stop(stage: Stage) -> None:
    with endangered(stage) as visit:
        with pytest.raises(StopOpen):
            visit.abandon("client left")
        blind = Confirmation(
            decision_json="{}", suggested_step=4, confirmed_step=4, final_answers_seq=visit.seq
        )
        with pytest.raises(StopOpen):
            visit.store.decisions.confirm(visit.assessment.id, blind)
        assert visit.store.assessments.get(visit.assessment.id).state == "draft"
        record_steps(visit, "S1")
        visit.abandon("client left")
        assert visit.store.open_stops.list_of(visit.client.id) == []


async def test_a_draft_that_cannot_be_read_binds_and_can_be_ended_with_a_reason(
    stage: Stage,
) -> None:
    with endangered(stage) as visit:
        id_, client = visit.assessment.id, visit.client
        store = visit.store
        store.db.execute("PRAGMA foreign_keys = OFF")
        with transactions.writing(store.db):
            store.db.execute("UPDATE open_stops SET stop = 'pathway:unread'")
            changed = "UPDATE pathways SET digest = 'x', files = '{}'"
            without_guard(store, "pathways_no_UPDATE", changed)
            changed = "UPDATE assessments SET pathway_digest = 'x'"
            without_guard(store, "assessments_no_UPDATE", changed)
        whole = begin(stage, store, client, stage.whole())
        assert whole.decide().step == 4
    async with stage.workplace() as session:
        await session.press("1")
        session.on(PathwayErrorScreen)
        await session.press("enter")
        session.says("This draft cannot be gone on with")
        await session.press("2")
        await session.type("called the client, who is safe")
        session.on(StartScreen)
        assert session.store.assessments.get(id_).state == "abandoned"
        assert session.store.open_stops.list_of(client.id) == []


# -- another nurse -----------------------------------------------------------------------------


def test_a_draft_of_a_nurse_who_is_gone_is_gone_on_with(stage: Stage) -> None:
    with endangered(stage) as visit:
        visit.store.staff.set_own_unit("Hollola")
        visit.store.staff.add("nurse-2", ["nurse", "admin"])
        visit.store.staff.set_unit("nurse-2", "Hollola")
    _, key = _ready_keys()
    with open_store(stage.places.database, key, "nurse-2", stage.clock) as store:
        store.staff.disable("nurse1")
        (draft,) = store.assessments.list_drafts()
        assert draft.stopped
        again = AssessmentSession.resume(store, draft.assessment, stage.pathway)
        record_steps(again, "S1")
        assert store.open_stops.list_of(again.client.id) == []


# -- what was kept before ----------------------------------------------------------------------


def test_an_old_decision_without_the_names_is_read(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(stage.whole())
        row = visit.confirm(visit.decide(), 0)
        whole = json.loads(row.decision_json)
        assert whole["decision"].pop("elsewhere") == []
        old = row.model_copy(update={"decision_json": json.dumps(whole)})
        assert stored_decision(old).elsewhere == ()
