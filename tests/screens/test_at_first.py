"""If these fail, how a client came is never asked, asked twice, or told by a key nobody meant."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual._time import get_time

from casework.episode import EpisodeSession, surroundings
from screens.episode.recording.at_first import AtFirstScreen
from screens.note.screen import NoteScreen
from screens.result.confirm import ConfirmScreen
from screens.result.result import ResultScreen
from stepping.episode.episode import Episode
from stepping.episode.events import Event, Opened, Reason, Referrer, Responsible
from store.database import engine
from store.errors import DiskFull
from tests.screens.running import Session, Stage
from tests.screens.test_deliberate import held, send
from tests.screens.test_open_stops import begin
from tests.screens.test_result import MODERATE
from tests.screens.test_trouble import locked, three_sentences


def episode(session: Session) -> Episode:
    (client,) = session.store.clients.list_recent()
    ((_, told),) = session.store.episodes.list_of(client.id)
    return told


async def confirm(session: Session) -> None:
    """Press the two keys from the result to what comes after the confirmation."""
    await session.press("enter")
    session.on(ConfirmScreen)
    await session.press("enter")


async def test_it_is_told_by_digits_before_the_note_and_stands_there(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await confirm(session)
        session.on(AtFirstScreen)
        session.says("The step is confirmed and stored.")
        session.says("This is asked once and may be skipped.", "Esc skip", "episode: r, then w.")
        await session.press("4", "2", "1", "1")
        session.says("Enter stores this.")
        assert episode(session).referrer is None, "nothing is stored before the last key"
        await session.press("enter")
        session.on(NoteScreen)
        told = episode(session)
        assert (told.referrer, told.reasons) == ("health_centre", ("anxiety",))
        assert told.responsible == Responsible(
            day=told.measured[0].day, who=session.store.handle, role="nurse"
        )
        await session.press("l", "l", "l")
        assert "health centre" in session.on(NoteScreen).note


async def test_a_skip_tells_nothing_and_it_is_not_asked_at_the_next_confirmation(
    stage: Stage,
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await confirm(session)
        session.on(AtFirstScreen)
        await session.press("2", "escape")
        session.on(NoteScreen)
        session.says("What was chosen before the skip is not stored.")
        told = episode(session)
        assert (told.referrer, told.reasons) == (None, ())
        assert not any(isinstance(event, Responsible) for event in told.events)
        (client,) = session.store.clients.list_recent()
    stage.clock.now += timedelta(days=1)
    with stage.store() as store:
        begin(stage, store, client, stage.whole(MODERATE))
    async with stage.workplace() as session:
        await session.press("1")
        session.on(ResultScreen)
        await confirm(session)
        session.on(NoteScreen)


async def test_a_skip_of_nothing_chosen_says_nothing(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await confirm(session)
        session.on(AtFirstScreen)
        await session.press("escape")
        assert session.on(NoteScreen).message == ""


async def test_a_store_that_fails_there_costs_one_key_and_the_confirmation_stands(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    async with stage.resumed(stage.whole(MODERATE)) as session:
        assessment = session.visit.assessment.id
        await confirm(session)
        await session.press("4", "2", "1", "1")
        with locked(stage):
            await session.press("enter")
            three_sentences(session)
            await session.press("enter")
        session.on(AtFirstScreen)
        session.says("health centre", "Enter stores this.")
        told = episode(session)
        assert (len(told.measured), told.referrer) == (1, None)
        assert session.store.decisions.find(assessment) is not None
        await session.press("enter")
        session.on(NoteScreen)
        assert episode(session).referrer == "health_centre"


async def test_after_what_another_window_tells_meanwhile_enter_again_stores_it(
    stage: Stage,
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await confirm(session)
        await session.press("4", "2", "1", "1")
        workspace, (client,) = session.app.workspace, session.store.clients.list_recent()
        with stage.store() as store:
            ((record, _),) = store.episodes.list_of(client.id)
            around = surroundings(workspace, client)
            store.episodes.record_event(
                record.id, Referrer(day=workspace.today, referrer="school"), around
            )
            store.episodes.record_event(
                record.id, Reason(day=workspace.today, reason="anxiety"), around
            )
        entries = len(episode(session).entries)
        await session.press("enter")
        session.on(AtFirstScreen)
        session.says("This episode was changed in another window")
        assert len(episode(session).entries) == entries
        await session.press("enter")
        session.on(NoteScreen)
        told = episode(session)
        assert (told.referrer, told.reasons) == ("health_centre", ("anxiety",))
        assert [e.referrer for e in told.events if isinstance(e, Referrer)] == [
            "school",
            "health_centre",
        ]


async def test_all_of_it_is_stored_or_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = EpisodeSession.record_event

    def fails_at_the_reason(care: EpisodeSession, event: Event) -> None:
        if isinstance(event, Reason):
            raise DiskFull(path="porras.db")
        record(care, event)

    async with stage.resumed(stage.whole(MODERATE)) as session:
        await confirm(session)
        entries = len(episode(session).entries)
        await session.press("4", "2", "1", "1")
        with monkeypatch.context() as patched:
            patched.setattr(EpisodeSession, "record_event", fails_at_the_reason)
            await session.press("enter")
            three_sentences(session)
            await session.press("enter")
        assert len(episode(session).entries) == entries
        await session.press("enter")
        session.on(NoteScreen)
        assert len(episode(session).entries) == entries + 3


async def test_where_the_episode_cannot_be_read_it_is_told_and_the_note_comes(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise DiskFull(path="porras.db")

    async with stage.resumed(stage.whole(MODERATE)) as session:
        await session.press("enter")
        with monkeypatch.context() as patched:
            patched.setattr("tui.flows.assessment.EpisodeSession.of", fails)
            await session.press("enter")
            three_sentences(session)
        await session.press("enter")
        session.on(NoteScreen)
        assert len(episode(session).measured) == 1


async def test_enter_alone_stores_nothing_that_nobody_told(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await confirm(session)
        before = len(episode(session).entries)
        await session.press(*["enter"] * 5)
        session.on(NoteScreen)
        assert len(episode(session).entries) == before


async def test_what_the_episode_tells_already_is_not_asked(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        today = session.app.workspace.today
        opened = Opened(day=today, referrer="school", reason="mood")
        EpisodeSession.open(session.app.workspace, session.visit.client, opened)
        await confirm(session)
        session.on(NoteScreen)


async def test_who_is_responsible_already_stays_so_whoever_confirms(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        workspace, (client,) = session.app.workspace, session.store.clients.list_recent()
        care = EpisodeSession.open(workspace, client, Opened(day=workspace.today))
        responsible = Responsible(day=workspace.today, who="nurse2", role="psychologist")
        care.record_event(responsible)
        await confirm(session)
        session.on(AtFirstScreen)
        session.lacks("Responsible worker")
        await session.press("4", "2", "enter")
        session.on(NoteScreen)
        told = episode(session)
        assert (told.referrer, told.responsible) == ("health_centre", responsible)


async def test_enter_held_over_from_the_confirmation_neither_answers_nor_skips(
    stage: Stage,
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await session.press("enter")
        session.on(ConfirmScreen)
        await send(session, *held("enter", get_time() + 1, 80))
        session.on(AtFirstScreen)
        session.says("> Who referred the client")
        told = episode(session)
        assert (len(told.measured), told.referrer) == (1, None)
