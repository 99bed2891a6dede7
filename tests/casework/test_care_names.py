"""If these fail, a county's own roles are not offered, or a code of an older file ends the page."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from casework.care_names import CareNames
from casework.episode_names import EpisodeNames
from casework.language import speech
from casework.workspace import Workspace
from screens.wording.day_words import contact_words
from screens.wording.event_words import event_words
from screens.wording.track_words import status_words
from stepping.episode.events import NeedEstablished, NextContact, Opened, TrackEvent
from stepping.episode.tracks import TrackStatus
from stepping.episode.validation import ValidationContext
from stepping.pathway.care.reader import DEADLINES
from store.opening.store_file import create_store
from store.paths import PATHWAYS
from store.pathway_files.care import care_files, shipped_care
from tests.stepping.episode.test_care_files import OWN_CONTACTS

DAY = date(2026, 3, 2)
TODAY = date(2026, 11, 22)


def test_a_site_offers_its_own_roles_and_shows_those_that_it_no_longer_has(tmp_path: Path) -> None:
    (tmp_path / "care").mkdir()
    (tmp_path / "care" / "contacts.toml").write_text(OWN_CONTACTS, encoding="utf-8")
    workspace = Workspace(lambda: datetime.now(UTC), pathways=tmp_path, language="fi")
    names = workspace.care_names
    assert workspace.care_fault is None
    assert names.roles() == {"mentor": "mentori"}
    assert names.referrers() == {"club": "urheiluseura"}
    assert names.not_done_reasons() == {}
    assert names.not_done("not_reached") == "not_reached"
    contact = NextContact(day=DAY, due=DAY, role="nurse")
    assert contact_words(contact, names, speech("fi")).endswith(", nurse")
    told = EpisodeNames(None, names)
    assert event_words(Opened(day=DAY, referrer="school"), told, speech("fi")).endswith("· school")


def test_the_worklist_follows_the_deadlines_of_the_site_while_they_can_be_read(
    tmp_path: Path,
) -> None:
    def clock() -> datetime:
        return datetime(2026, 11, 22, 12, tzinfo=UTC)

    own = tmp_path / DEADLINES
    own.parent.mkdir()
    own.write_text(care_files()[DEADLINES].replace("days = 14", "days = 7", 1), encoding="utf-8")
    with create_store(tmp_path / "porras.db", bytes(32), "nurse-1", clock) as store:

        def due(pathways: Path) -> list[date | None]:
            Workspace(clock, pathways, opened=store).refresh_worklist()
            items = store.worklist.list_items(TODAY)
            return [item.due for item in items if item.kind == "guarantee"]

        around = ValidationContext(TODAY, None, {}, {}, {}, shipped_care().tracks)
        client = store.clients.add(birth_year=2006, language="fi")
        episode = store.episodes.begin(client.id, Opened(day=TODAY), around)
        store.episodes.record_event(episode.id, NeedEstablished(day=TODAY), around)
        assert due(PATHWAYS) == [TODAY + timedelta(days=14)]
        assert due(tmp_path) == [TODAY + timedelta(days=7)]
        own.write_text("[[deadline]]", encoding="utf-8")
        assert due(tmp_path) == [TODAY + timedelta(days=7)], "ours list nothing"


def test_an_event_of_a_track_that_is_gone_is_told_by_its_codes() -> None:
    t, names = speech("en"), CareNames(shipped_care(), "en")
    event = TrackEvent(day=DAY, track="choir", what="met", role="cantor", where="church")
    assert event_words(event, EpisodeNames(None, names), t) == "choir: met · church · cantor"
    assert status_words(TrackStatus("choir", "open", (event,)), names, t) == "met 2026-03-02"
    assert (names.about("choir"), names.deadline("older_law")) == ("", "older_law")
