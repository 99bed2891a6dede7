"""If these fail, a contact does not reach the calendar, or a file tells more than when it is."""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from casework.episode import EpisodeSession
from screens.base.pick import PickScreen
from screens.base.prompt import ValuePrompt
from screens.episode.episode import EpisodeScreen
from stepping.episode.events import NextContact
from store.codes import show
from store.errors import StoreBusy
from tests.screens.running import Session, Stage
from tests.screens.test_episode import TODAY, to_episode
from tests.screens.test_result import MODERATE


def agree(session: Session, due: datetime.date, time: str | None = "09:30") -> None:
    """Agree on the next contact in another window."""
    workspace = session.app.workspace
    (client,) = session.store.clients.list_recent(1)
    found = session.store.episodes.find_open(client.id)
    assert found is not None
    care = EpisodeSession.load(workspace, client, found[0].id)
    care.record_event(NextContact(day=TODAY, due=due, time=time))


@asynccontextmanager
async def on_episode(stage: Stage) -> AsyncIterator[Session]:
    """An episode's page with a contact agreed for the fifth of December at 9.30."""
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await session.press("escape")
        agree(session, TODAY + timedelta(days=13))
        await session.press("c")
        session.on(EpisodeScreen)
        yield session


def events(path: Path) -> list[Any]:
    return list(Calendar.from_ical(path.read_bytes()).events)


def exported(session: Session) -> list[str]:
    rows = session.store.db.query("SELECT subject FROM audit WHERE event = 'export'")
    return [row["subject"] for row in rows]


async def test_the_next_contact_is_written_with_the_code_alone_and_logged(
    stage: Stage, tmp_path: Path
) -> None:
    path = tmp_path / "next.ics"
    async with on_episode(stage) as session:
        session.says("n to a calendar")
        await session.press("n")
        session.on(ValuePrompt)
        session.says("the day, the time and the client code")
        await session.type(str(path))
        session.on(EpisodeScreen)
        session.says("Written to", "not encrypted")
        (event,) = events(path)
        (client,) = session.store.clients.list_recent(1)
        found = session.store.episodes.find_open(client.id)
        assert found is not None
        assert exported(session) == [found[0].id]
        assert str(event["SUMMARY"]) == f"Porras {show(client.code)}"
        assert f"{event['DTSTART'].dt:%d.%m. %H:%M}" == "05.12. 07:30"
        assert path.stat().st_mode & 0o777 == 0o600


async def test_what_another_window_agreed_meanwhile_is_what_is_written(
    stage: Stage, tmp_path: Path
) -> None:
    path = tmp_path / "next.ics"
    async with on_episode(stage) as session:
        await session.press("n")
        agree(session, TODAY + timedelta(days=2), None)
        await session.type(str(path))
        (event,) = events(path)
        assert event["DTSTART"].dt == TODAY + timedelta(days=2)


async def test_once_more_it_asks_before_it_replaces(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "next.ics"
    async with on_episode(stage) as session:
        await session.press("n")
        await session.type(str(path))
        (first,) = events(path)
        agree(session, TODAY + timedelta(days=20))
        await session.press("n", "enter")
        session.on(PickScreen)
        await session.press("1")
        assert [first] == events(path)
        await session.press("n", "enter", "2")
        session.on(EpisodeScreen)
        (moved,) = events(path)
        assert moved["UID"] == first["UID"]
        assert moved["SEQUENCE"] > first["SEQUENCE"]


async def test_a_note_in_the_way_is_not_replaced(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("Assessment of care needs 2026-11-20 (nurse-1)", encoding="utf-8")
    async with on_episode(stage) as session:
        await session.press("n")
        await session.type(str(path))
        session.on(ValuePrompt)
        session.says("not an earlier one of the same kind")
        assert exported(session) == []


async def test_without_a_contact_to_come_there_is_no_key(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        session.lacks("to a calendar")
        await session.press("n")
        session.on(EpisodeScreen)


async def test_nothing_is_written_that_could_not_be_logged(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(subject: str) -> None:
        raise StoreBusy(path="porras.db")

    async with on_episode(stage) as session:
        await session.press("n")
        monkeypatch.setattr(session.store.audit_log, "log_export", busy)
        await session.type(str(tmp_path / "next.ics"))
        assert not list(tmp_path.glob("*.ics"))
