"""If these fail, a note counts as recorded that is not, or nobody hears what is to be deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.episode import EpisodeSession
from casework.workspace import Workspace
from screens.desk.start import StartScreen
from screens.note.screen import NoteScreen
from stepping.episode.events import Closed
from store.retention import retention
from tests.screens.running import Stage, drawn
from tests.screens.test_result import MODERATE

IN_THE_RECORD = "In the patient record since 2026-11-22 (nurse1)."
DUE = "1 assessment is due to be deleted: porras purge"


async def test_the_nurse_says_once_that_the_note_is_in_the_record(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await session.press("enter", "enter")
        session.on(NoteScreen)
        session.says("is in the record")
        session.lacks("In the patient record since")
        id_ = session.visit.assessment.id
        assert retention.transfer_of(session.store, id_) is None
        await session.press("t")
        session.says("Is the note in the patient record?", "It can be deleted here 30 days later")
        await session.press("2")
        session.on(NoteScreen)
        await session.press("t", "escape")
        session.on(NoteScreen)
        assert retention.transfer_of(session.store, id_) is None, "a slip of a finger takes nothing"
        await session.press("t", "1")
        session.on(NoteScreen)
        session.says(IN_THE_RECORD)
        session.lacks("is in the record")
        assert retention.transfer_of(session.store, id_) is not None
        await session.press("t", "l", "l", "l")
        session.says(IN_THE_RECORD)
        await session.press("enter", "enter", "1")
        session.on(NoteScreen)
        session.says(IN_THE_RECORD)
        events = [row["event"] for row in session.store.db.query("SELECT event FROM audit")]
        assert events.count("taking.noted") == 1


async def test_a_note_that_is_not_confirmed_cannot_be_in_the_record(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await session.press("r")
        session.on(NoteScreen)
        session.lacks("is in the record")
        await session.press("t", "1")
        assert session.store.db.table("taken").count == 0


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
async def test_every_key_of_the_note_is_in_sight(stage: Stage, language: str) -> None:
    async with stage.resumed(stage.whole(MODERATE), language=language) as session:
        await session.press("enter", "enter")
        screen = session.on(NoteScreen)
        rows = session.text.split("\n")[-2:]
        shown = " ".join(rows)
        for each in drawn(screen).all_keys():
            if each.caption:
                assert f"{each.caption} {each.label}" in shown


async def test_the_start_tells_how_many_are_due_and_nothing_of_whom(stage: Stage) -> None:
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(stage.whole(MODERATE))
        visit.confirm(visit.decide(), 1)
        retention.mark_transferred(store, visit.assessment.id)
        workspace = Workspace(stage.clock, opened=store)
        found = store.episodes.find_open(visit.client.id)
        assert found is not None
        care = EpisodeSession.load(workspace, visit.client, found[0].id)
        care.record_event(Closed(day=workspace.today, how="recovered", despite="clinical"))
    async with stage.workplace() as session:
        session.on(StartScreen)
        session.lacks("due to be deleted")
    stage.clock.now += timedelta(days=31)
    async with stage.workplace() as session:
        session.says(DUE)
