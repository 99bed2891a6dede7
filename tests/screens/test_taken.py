"""If these fail, a note counts as recorded that is not, or nobody hears what is to be deleted."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from casework.episode import EpisodeSession
from casework.language import speech
from casework.workspace import Workspace
from screens.assessment.assessment_list import AssessmentListScreen
from screens.desk.start import StartScreen
from screens.note.change_lines import change_lines
from screens.note.screen import NoteScreen
from screens.note.taken import NoteChange, PartChange, change_of, list_changes, summarize
from stepping.episode.events import Closed, Event, Voice
from store.pathway_files.files import built_in
from store.retention import retention
from store.retention.retention import Transfer
from tests.screens.noted import AT, confirmed, note_of, visited
from tests.screens.running import Session, Stage, drawn
from tests.screens.test_note_fits import long_episode
from tests.screens.test_result import MODERATE

IN_THE_RECORD = "In the patient record since 2026-11-22 (nurse1)."
DUE = "1 assessment is due to be deleted: porras purge"


async def test_the_nurse_says_once_that_the_note_is_in_the_record(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await session.press("enter", "enter")
        await session.skip_what_is_asked_once()
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


def told_later(stage: Stage, session: Session, *events: Event) -> None:
    """Record what happened after the note was taken, as another window would."""
    (client,) = session.store.clients.list_recent()
    found = session.store.episodes.find_open(client.id)
    assert found is not None
    care = EpisodeSession.load(session.app.workspace, client, found[0].id)
    for event in events:
        care.record_event(event)


async def to_the_note(session: Session) -> None:
    """From the result to the note of the confirmed step, taken to the record."""
    await session.press("enter", "enter")
    await session.skip_what_is_asked_once()
    session.on(NoteScreen)
    await session.press("t", "1")
    session.says(IN_THE_RECORD)
    await session.press("enter")


async def test_a_note_that_changed_since_says_so_until_it_is_taken_again(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_the_note(session)
        await session.press("enter")
        session.on(AssessmentListScreen)
        session.lacks("changed since")
        await session.press("1")
        session.says(IN_THE_RECORD)
        session.lacks("hanged since", "is in the record")
        today = session.app.workspace.today
        told_later(stage, session, Voice(day=today, about="goal", words="to sleep again"))
        await session.press("enter", "escape", "enter")
        session.on(AssessmentListScreen)
        session.says("! Note changed since it was taken on 2026-11-22")
        await session.press("1")
        session.says(
            "! Changed since it was taken to the record on 2026-11-22 (nurse1).",
            "Client's own view, new: goal 2026-11-22: to sleep again",
            "t is in the record",
        )
        await session.press("l")
        session.says("Changed since", "Hoidon tarpeen arviointi")
        await session.press("t", "1")
        session.says(IN_THE_RECORD)
        session.lacks("hanged since", "t is in the record")
        assert session.store.db.table("taken").count == 2
        await session.press("enter", "1")
        session.lacks("hanged since")


async def test_what_another_window_recorded_while_the_note_was_copied_is_not_taken_for_copied(
    stage: Stage,
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await session.press("enter", "enter")
        await session.skip_what_is_asked_once()
        session.on(NoteScreen)
        today = session.app.workspace.today
        told_later(stage, session, Voice(day=today, about="goal", words="to sleep again"))
        await session.press("t", "1")
        session.says("More was recorded meanwhile.", "t is in the record")
        assert "to sleep again" in session.on(NoteScreen).note
        assert session.store.db.table("taken").count == 0
        await session.press("t", "1")
        session.says(IN_THE_RECORD)
        assert session.store.db.table("taken").count == 1


async def test_a_correction_of_the_card_changes_a_note_and_a_day_alone_does_not(
    stage: Stage,
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_the_note(session)
    stage.clock.now += timedelta(days=70)
    async with stage.workplace() as session:
        (client,) = session.store.clients.list_recent()
        (assessment,) = session.store.assessments.list_of(client.id)
        workspace = session.app.workspace
        assert change_of(workspace, assessment) is None, "nothing but days has passed"
        card = {"sex": "f", "language": "en", "municipality": "hollola", "after": client.card}
        session.store.corrections.correct_card(
            client.id,
            birth_year=1980,
            why="misheard",
            **card,  # type: ignore[arg-type]
        )
        change = change_of(workspace, assessment)
        assert change is not None
        assert [part.part for part in change.parts] == [""]
        assert any("1980" in text for text in change.parts[0].new)


async def test_a_note_taken_before_digests_were_kept_says_that_entries_came_later(
    stage: Stage,
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await session.press("enter", "enter")
        await session.skip_what_is_asked_once()
        retention.mark_transferred(session.store, session.visit.assessment.id)
        await session.press("enter", "enter", "1")
        session.says(IN_THE_RECORD)
        session.lacks("hanged since")
        today = session.app.workspace.today
        told_later(stage, session, Voice(day=today, about="goal", words="to sleep again"))
        await session.press("enter", "1")
        session.on(NoteScreen)
        session.says("! Changed since it was taken to the record", "t is in the record")


def test_what_is_kept_of_a_note_holds_none_of_its_words() -> None:
    visit = visited(built_in("adult"), MODERATE)
    note = note_of(visit, "fi", confirmed(visit, 2))
    kept = json.loads(summarize(note))
    assert kept["language"] == "fi"
    digests = [digest for part in kept["parts"].values() for digest in part]
    assert len(digests) == sum(len(section.texts) for section in note.sections)
    assert all(re.fullmatch("[0-9a-f]{16}", digest) for digest in digests)


def test_what_a_later_note_tells_in_its_place_changes_no_earlier_one() -> None:
    """Who has taken the note of a first assessment need not take it again after each follow-up."""
    visit = visited(built_in("adult"), MODERATE)
    row, episode = confirmed(visit, 2), long_episode()
    note = note_of(visit, "fi", row, episode)
    kept = summarize(note)
    assert list(list_changes(note, kept)) == []
    assert list(list_changes(note_of(visit, "fi", row, episode, past=True), kept)) == []
    less = note_of(visit, "fi", row)
    gone = {change.part: change.gone for change in list_changes(less, kept)}
    assert gone["Client's own view"] > 10
    parts = {change.part: change for change in list_changes(note, summarize(less))}
    assert parts["Client's own view"].gone == 0
    assert parts["Client's own view"].new


def test_a_newer_porras_says_that_some_of_it_may_be_wording() -> None:
    taken = Transfer(AT, "nurse1", "{}")
    part = PartChange("Risk", ("a new text",), 3)
    t = speech("en")
    told = {
        updated: " ".join(
            text
            for line in change_lines(NoteChange(taken, (part,), updated), t, 78)
            for text, _ in line
        )
        for updated in (False, True)
    }
    assert "Risk: 2 texts are there no more" in told[False]
    assert "wording alone" not in told[False]
    assert "wording alone" in told[True]


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
        await session.skip_what_is_asked_once()
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
        workspace = Workspace(stage.clock, opened=store)
        found = store.episodes.find_open(visit.client.id)
        assert found is not None
        care = EpisodeSession.load(workspace, visit.client, found[0].id)
        care.record_event(Closed(day=workspace.today, how="recovered", despite="clinical"))
        retention.mark_transferred(store, visit.assessment.id)
    async with stage.workplace() as session:
        session.on(StartScreen)
        session.lacks("due to be deleted")
    stage.clock.now += timedelta(days=31)
    async with stage.workplace() as session:
        session.says(DUE)
