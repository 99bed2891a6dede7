"""If these fail, an episode of care cannot be told, or what was told is lost or wrong."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from textual.events import Paste

from casework.assessment import AssessmentSession, stored_decision
from casework.episode import EpisodeSession, list_interventions
from screens.assessment.assessment_list import AssessmentListScreen
from screens.base.pick import PickScreen
from screens.desk.start import StartScreen
from screens.episode.episode import EntryScreen, EpisodeScreen, RecordScreen
from screens.forms.form import FormScreen
from screens.note.screen import NoteScreen
from screens.result.confirm import ConfirmScreen
from screens.result.result import ResultScreen
from stepping.episode.episode import Episode
from stepping.episode.events import Segment, Voice
from stepping.reports.model import NOT_TOLD
from stepping.reports.series import SERIES
from store.errors import StoreBusy
from store.pathway_files import files
from store.report_records import Counting
from store.repository.decisions import Decisions
from store.repository.episodes import Episodes
from store.repository.internal import kept_sums
from tests.screens.running import Session, Stage
from tests.screens.test_result import MODERATE

TODAY = date(2026, 11, 22)


async def to_episode(session: Session) -> None:
    """Confirm the suggestion, then open the client's episode."""
    session.on(ResultScreen)
    await session.press("enter")
    session.on(ConfirmScreen)
    await session.press("enter")
    await session.skip_what_is_asked_once()
    session.on(NoteScreen)
    await session.press("enter")
    session.on(StartScreen)
    await session.press("enter")
    session.on(AssessmentListScreen)
    await session.press("c")
    session.on(EpisodeScreen)


def assessed_again(session: Session, stage: Stage) -> AssessmentSession:
    """Another whole assessment of the same client, with the same answers."""
    (client,) = session.store.clients.list_recent(1)
    visit = AssessmentSession.start(
        session.store, stage.pathway, client, setting="phone", language="en"
    )
    visit.record_answers(stage.whole(MODERATE))
    return visit


def episode(session: Session) -> Episode:
    """The client's newest episode, as the store has it."""
    (client,) = session.store.clients.list_recent(1)
    return session.store.episodes.list_of(client.id)[0][1]


async def test_a_confirmed_step_opens_the_episode_and_starts_the_clock(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        session.says("PHQ-9 /27", "Step 1", "Start of treatment: by 2027-02-22", "23 or older")
        found = episode(session)
        assert found.need is not None
        assert found.need.day == TODAY
        assert [m.step for m in found.measured] == [1]
        assert found.baseline is not None
        row = session.store.decisions.find(found.baseline.assessment)
        assert row is not None
        known = {**stored_decision(row).scores}
        del known["audit.total"]  # nothing of it was asked
        assert found.baseline.scores == known


async def test_a_step_of_self_care_starts_no_clock(stage: Stage) -> None:
    async with stage.resumed(stage.whole()) as session:
        await to_episode(session)
        assert episode(session).need is None
        session.lacks("Clock")


async def test_a_treatment_is_told_from_its_start_to_its_end(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await session.press("r")
        session.on(RecordScreen)
        await session.press("t", "1", "1", "enter", "enter")
        session.on(EpisodeScreen)
        session.says("Start of treatment: in time", "> Guided self-help")
        session.lacks("no treatment is open")
        await session.press("r", "c", "up", "up")
        session.on(FormScreen)
        await session.press("2", "1", ".", "5", "enter", "3", "3", "enter")
        session.says("1 ( ) at the reception")
        await session.press("3", "2", "enter", "enter", "enter")
        session.on(EpisodeScreen)
        (period,) = episode(session).periods
        assert period.started.step == 1
        assert period.started.service is not None
        assert [(c.ors, c.srs, c.channel, c.with_whom, c.by) for c in period.contacts] == [
            (21.5, 33.0, "video", "family", None)
        ]
        await session.press("r", "x")
        await session.press("1", "enter", "7", "enter")
        session.on(FormScreen)
        await session.type("it was good to be heard")
        session.on(FormScreen)
        await session.press("enter", "enter")
        session.on(EpisodeScreen)
        (period,) = episode(session).periods
        assert period.ended is not None
        assert period.ended.why == "completed"
        assert period.ended.satisfaction == 7
        assert period.ended.in_own_words == "it was good to be heard"


async def pick(session: Session, name: str) -> None:
    """Pick a choice of the present field by its name, behind however many keys of more."""
    for _ in range(5):
        if found := re.search(rf"^ *(\d) \([ x]\) {re.escape(name)}", session.text, re.MULTILINE):
            await session.press(found[1])
            return
        await session.press("0")
    raise AssertionError(f"no {name}:\n{session.text}")


@pytest.mark.parametrize(
    ("treatment", "service", "production"),
    [
        ("Net therapy", "Example net therapy unit", "bought"),
        ("Insomnia programme", "Example self-care support by phone", "own"),
        ("Net therapy", None, None),
    ],
)
async def test_who_runs_the_service_chosen_in_the_form_is_counted_in_reports(
    stage: Stage, treatment: str, service: str | None, production: str | None
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await session.press("r", "t")
        await pick(session, treatment)
        await (session.press("enter") if service is None else pick(session, service))
        await session.press("enter", "enter")
        session.on(EpisodeScreen)
        (period,) = episode(session).periods
        assert (period.started.service is None) == (service is None)
        assert period.started.production == production
        month = TODAY.year * 12 + TODAY.month - 1
        asked = Counting(SERIES["started"], "production", range(month, month + 1), TODAY)
        found = kept_sums.read(session.store, asked, fresh=[])
        told = [(tally.group, tally.number) for tally in found]
        assert told == [(production or NOT_TOLD, 1)]


async def test_a_contact_outside_a_treatment_asks_how_and_proposes_what_was_told_last(
    stage: Stage,
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await session.press("r", "c")
        session.lacks("Treatment  ")
        await session.press("7", "3", "1", "enter", "enter")  # a network meeting; the nurse told it
        session.on(EpisodeScreen)
        await session.press("r", "c")
        session.says("network meeting", "other workers", "nurse", "Enter stores this")
        await session.press("enter")
        session.on(EpisodeScreen)
        await session.press("r", "c", *["up"] * 4, "backspace", "enter", "backspace", "enter")
        await session.press("backspace", *["enter"] * 3)
        session.on(EpisodeScreen)
        told = [(c.period, c.channel, c.with_whom, c.by) for c in episode(session).contacts]
        assert told == [
            (None, "network", "network", "nurse"),
            (None, "network", "network", "nurse"),
            (None, None, None, None),
        ]
        await session.press("c", "1", "c")
        await session.press(*["up"] * 4, "2", *["enter"] * 4)
        assert episode(session).contacts[-1].channel == "home", "corrected"


async def test_how_the_client_came_is_told_and_who_is_responsible(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        session.says("responsible: nurse")
        await session.press("r", "w")
        session.says("Who referred the client", "not told", "Responsible worker")
        await session.press("2", "3", "enter", "enter")
        session.on(EpisodeScreen)
        assert episode(session).reasons == ("panic",)
        await session.press("r", "w", "3", "enter", "3", "enter", "enter")
        session.says("psychologist")
        told = episode(session).responsible
        assert told is not None
        assert told.role == "psychologist"
        await session.press("r", "w", "3", "enter")
        session.says("(x) psychologist")


async def test_a_refusal_is_told_on_the_form_and_nothing_typed_is_lost(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await session.press("r", "s", "2", *["backspace"] * 10, *"2026-11-21", "enter", "enter")
        session.on(FormScreen)
        session.says("The day lies before the episode began.", "2, foreseeable need", "2026-11-21")
        await session.press("up", *["backspace"] * 10, *"31.2.", "enter")
        session.says("The calendar has no such day.", "31.2.")
        await session.press(*["backspace"] * 10, *"22.11.", "enter", "enter")
        session.on(EpisodeScreen)
        assert episode(session).segment == 2


async def test_a_field_of_words_takes_typing_at_once_and_is_edited(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await session.press("r", "g", "1", *"to sng", "left", "left", *"i", "end", "?", "!", "e")
        session.says("[ to sing?!e_ ]", "F1 help", "A few words, without names")
        await session.press("home", "delete", "T", "end", "backspace", "backspace", "backspace")
        session.app._driver.send_message(Paste(" in\nthe choir"))  # type: ignore[union-attr]
        await session.settle()
        session.says("[ To singin the choir_ ]")
        await session.press(*["left"] * 12, "space", "enter", "enter", "enter")
        session.on(EpisodeScreen)
        session.says("Stored: ")
        voices = [e.event for e in episode(session).entries if isinstance(e.event, Voice)]
        assert [voice.words for voice in voices] == ["To sing in the choir"]


async def test_words_that_could_name_somebody_are_refused_before_they_are_kept(
    stage: Stage,
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await session.press("r", "g", "1")
        await session.type("call 040 123 4567")
        session.on(FormScreen)
        session.says("No names")
        await session.type("to sing in the choir again")
        await session.press("enter", "enter")
        session.on(EpisodeScreen)
        session.says("Goal to sing in the choir again")


async def test_the_next_contact_is_agreed_in_weeks_and_its_absence_is_marked(
    stage: Stage,
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        session.says("! no next contact is agreed")
        await session.press("r", "n", "2", "w", "enter", "up", "up", "enter")
        session.on(EpisodeScreen)
        session.says("contact Sun 2026-12-06, Independence Day, in 14 days")


async def test_the_clock_is_paused_and_goes_on(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await session.press("r")
        session.lacks("The clock goes on")
        await session.press("p", "1", "enter", "enter")
        session.says("the clock stands still")  # the day that the time runs from does not count
        stage.clock.now += timedelta(days=5)
        await session.press("r")
        session.lacks("The clock is paused")
        await session.press("r", "enter", "enter")
        session.on(EpisodeScreen)
        session.says("moved by 4 days of pause")


async def test_an_entry_is_corrected_and_another_withdrawn(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await session.press("r", "a", "8", "enter", "enter", "enter")
        session.says("agrees with the step 8/10")
        await session.press("c")
        session.on(PickScreen)
        await session.press("1")
        session.on(EntryScreen)
        await session.press("c", "up", "up", "backspace", "3", "enter", "enter", "enter")
        session.on(PickScreen)
        session.says("agrees with the step 3/10")
        session.lacks("8/10")
        await session.press("1", "w")
        session.on(EntryScreen)
        assert episode(session).agreement == 3
        await session.press("w")
        session.on(PickScreen)
        session.lacks("agrees")
        assert episode(session).agreement is None


async def test_an_open_treatment_keeps_the_episode_open(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await session.press("r", "t", "1", "enter", "enter", "enter")
        await session.press("r", "z", "2", "down", "enter", "enter")
        session.on(FormScreen)
        session.says("A treatment is still open: end it first.", "How it ended moved on")
        await session.press("escape", "r", "x", "1", "up", "enter", "enter", "enter")


async def test_what_another_window_recorded_is_read_and_the_form_kept(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await session.press("r", "a", "8")
        found = session.store.episodes.find_open(session.store.clients.list_recent(1)[0].id)
        assert found is not None
        with stage.store() as other:
            client = other.clients.list_recent(1)[0]
            care = EpisodeSession.load(session.app.workspace, client, found[0].id)
            care.record_event(Segment(day=TODAY, group=3))
        await session.press("enter", "enter", "enter")
        session.on(FormScreen)
        session.says("This episode was changed in another window", "0–10 8")
        await session.press("enter")
        session.on(EpisodeScreen)
        session.says("group 3", "8/10")


async def test_the_need_is_established_once_and_an_ended_episode_stays_as_it_was(
    stage: Stage,
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        before = episode(session).need
        await session.press("escape", "escape")
        stage.clock.now += timedelta(days=30)
        again = assessed_again(session, stage)
        again.confirm(again.decide(), 1)
        assert episode(session).need == before
        assert len(episode(session).measured) == 2
        await session.press("enter", "c", "r", "z", "2", "down", "enter", "enter")
        session.on(EpisodeScreen)
        session.says("Episode 2026-11-22 – 2026-12-22", "the episode has ended")
        session.lacks("r record")
        await session.press("c")
        session.on(PickScreen)
        await session.press("escape", "escape")
        session.on(AssessmentListScreen)
        session.says("1 episode of care, ended")
        await session.press("c")
        session.on(FormScreen)  # a new one may be opened, and the old one read
        await session.press("escape")
        session.on(EpisodeScreen)
        session.says("Episode 2026-11-22 – 2026-12-22")
        await session.press("escape", "c", "enter")
        session.on(EpisodeScreen)
        session.says("Episode, opened today", "no measurement yet")


async def test_a_failed_confirmation_can_be_done_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await session.press("enter")
        session.on(ConfirmScreen)
        with monkeypatch.context() as broken:
            broken.setattr(Decisions, "confirm", _busy)
            await session.press("enter")
            session.says("locked")
        await session.press("enter")
        session.on(ConfirmScreen)
        await session.press("enter")
        await session.skip_what_is_asked_once()
        session.on(NoteScreen)
        found = episode(session)
        assert found.need is not None
        assert len(found.measured) == 1
        assert [entry.event.kind for entry in found.entries].count("need_established") == 1


def _busy(*_: object, **__: object) -> None:
    raise StoreBusy(path="porras.db")


async def test_care_of_the_step_and_services_that_suit_the_client_come_first(
    stage: Stage,
) -> None:
    answers = {**MODERATE, "need.no_net": "yes"}
    async with stage.resumed(stage.whole(answers)) as session:
        await to_episode(session)
        (client,) = session.store.clients.list_recent(1)
        found = session.store.episodes.find_open(client.id)
        assert found is not None
        care = EpisodeSession.load(session.app.workspace, client, found[0].id)
        steps = [1 in intervention.steps for intervention in care.list_offered(TODAY)]
        assert steps == sorted(steps, reverse=True)
        needs_net = False
        for intervention in care.list_offered(TODAY):
            services = care.list_services(intervention.id)
            assert all(intervention.id in service.interventions for service in services)
            assert all("hollola" in service.municipalities for service in services)
            barred = [bool({"net", "e_id"} & set(service.needs)) for service in services]
            assert barred == sorted(barred)
            needs_net = needs_net or any(barred)
        assert needs_net  # what began against the odds can be recorded


async def test_methods_for_the_young_are_not_offered_to_an_adult(stage: Stage) -> None:
    """The youth pathway's own forms of care name no ages: they are for those whom it assesses."""
    every = tuple(files.built_in(name) for name in ("adult", "youth", "follow_up"))
    async with stage.resumed(stage.whole(MODERATE)) as session:
        session.app.workspace._found = {pathway.id: pathway for pathway in every}
        offered = list_interventions(session.app.workspace)
        for id_, youngest, oldest in (("ali", 13, 22), ("klt", 18, 120), ("ipc_n", 13, 22)):
            ages = offered[id_].ages
            assert [ages.contains(n) for n in (youngest - 1, youngest, oldest)] == [
                False,
                True,
                True,
            ]
            assert not ages.contains(oldest + 1)
        assert offered["guided_self_help"].ages.contains(13)
        assert offered["guided_self_help"].ages.contains(70)


async def test_a_broken_store_is_told_and_the_program_goes_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await session.press("r", "a", "8", "enter", "enter")
        with monkeypatch.context() as broken:
            broken.setattr(Episodes, "record_event", _busy)
            await session.press("enter")
            session.says("locked")
        await session.press("enter")
        session.on(FormScreen)
        await session.press("enter")
        session.on(EpisodeScreen)
        session.says("8/10")
