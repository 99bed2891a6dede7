"""If these fail, an episode ends as recovered against the figures, and nobody has said why."""

from __future__ import annotations

from datetime import date

import pytest

from casework.episode import EpisodeSession
from casework.language import speech
from screens.episode.episode import EpisodeScreen
from screens.episode.meaning import agreed
from screens.forms.form import FormScreen
from screens.wording.event_words import event_words
from stepping.decision.verdicts import Verdicts
from stepping.episode.episode import EventRejected, replay
from stepping.episode.events import Closed, Event, EventEntry, Measured, Opened, read_event
from stepping.episode.validation import ValidationContext, apply_event
from store.errors import UnfitEvent
from store.pathway_files.care import shipped_care
from tests.screens.episodes import KNOWN, day, in_words, lived, measured
from tests.screens.running import Session, Stage
from tests.screens.test_episode import episode, to_episode
from tests.screens.test_result import MODERATE

TODAY = date(2026, 11, 22)
WELL = Verdicts(recovered=True, case=False, risk=False)
RISK = Verdicts(recovered=False, case=False, risk=True)
PLAIN = Closed(day=day(90), how="recovered")
WHY = "No measurement says"


def why_refused(*events: Event) -> str:
    """Why the last event is refused after the others; nothing where it is not."""
    *before, last = events
    around = ValidationContext(day(400), 1990, {}, {}, {}, shipped_care().tracks)
    after = lived(*before)
    entry = EventEntry(id="last", seq=after.last_seq + 1, event=last)
    try:
        apply_event(after, entry, around)
    except EventRejected as refused:
        return refused.reason
    return ""


START = (Opened(day=day(0)), measured(0, 1, 17, 9))


@pytest.mark.parametrize("told", [None, Verdicts(), RISK, Verdicts(recovered=False)])
def test_an_end_as_recovered_needs_a_reason_where_no_measurement_says_so(
    told: Verdicts | None,
) -> None:
    """Also with the best scores: those of the first version did not keep the rules' word."""
    good = measured(60, 1, 0, 0, told)
    assert WHY in why_refused(*START, good, PLAIN)
    assert not why_refused(*START, good, PLAIN.model_copy(update={"despite": "clinical"}))
    assert WHY in why_refused(Opened(day=day(0)), PLAIN)
    assert not why_refused(*START, good, Closed(day=day(90), how="moved_on"))


def test_the_latest_measurement_counts_and_no_earlier_one() -> None:
    well = measured(60, 1, 3, 2, WELL)
    assert not why_refused(*START, well, PLAIN)
    assert WHY in why_refused(*START, well, measured(70, 1, 3, 2, RISK), PLAIN)
    assert WHY in why_refused(*START, well, measured(70, 1, 3, 2), PLAIN)


def test_another_reason_is_told_in_words() -> None:
    other = PLAIN.model_copy(update={"despite": "other"})
    assert "in a few words" in why_refused(*START, other)
    assert not why_refused(*START, other.model_copy(update={"despite_words": "moved abroad"}))


def test_ends_of_earlier_versions_read_as_before() -> None:
    old = read_event('{"day": "2026-05-31", "how": "recovered", "kind": "closed"}')
    told = replay([*lived(*START).entries, EventEntry(id="z", seq=3, event=old)])
    assert told.closed == PLAIN
    assert event_words(old, KNOWN, speech("en")) == "the episode ended: recovered"


def test_the_reason_stands_in_the_entry_on_the_page_and_in_the_note() -> None:
    ended = PLAIN.model_copy(update={"despite": "other", "despite_words": "sleeps well"})
    words = "no measurement said so; why: another reason, in words sleeps well"
    assert words in event_words(ended, KNOWN, speech("en"))
    assert words in in_words(agreed(lived(*START, ended), KNOWN.care, day(90), speech("en")))


async def test_the_form_asks_why_and_takes_no_end_without_it(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        await session.press("r", "z")
        session.lacks("Why recovered")
        await session.press("1")
        session.says("Why recovered, though no measurement says so")
        await session.press("down", "down", "down", "enter", "enter")
        assert episode(session).closed is None
        session.says("This is needed: Why recovered")
        await session.press("5", "down", "down", "enter", "enter")
        session.on(EpisodeScreen)
        session.says("no measurement said so; why: clinical judgement")
        closed = episode(session).closed
        assert closed is not None
        assert closed.despite == "clinical"


async def test_what_another_measures_meanwhile_is_heeded(stage: Stage) -> None:
    """The form was opened where nothing had to be said; now a sign of risk stands against it."""
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        _tell(session, WELL)
        await session.press("escape", "c", "r", "z", "1")
        session.lacks("Why recovered")
        _tell(session, RISK)
        await session.press("down", "enter", "enter")
        session.on(FormScreen)
        assert episode(session).closed is None
        session.says("This episode was changed in another window")
        await session.press("up", "up")
        session.says("Why recovered, in spite of a sign of suicide risk")


async def test_the_store_itself_refuses_an_end_that_nothing_measured_says(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await to_episode(session)
        (client,) = session.store.clients.list_recent(1)
        found = session.store.episodes.find_open(client.id)
        assert found is not None
        care = EpisodeSession.load(session.app.workspace, client, found[0].id)
        with pytest.raises(UnfitEvent) as refused:
            care.record_event(Closed(day=TODAY, how="recovered"))
        assert WHY in refused.value.what
        assert episode(session).closed is None


def _tell(session: Session, told: Verdicts) -> None:
    """Let somebody put right what the one measurement says."""
    (client,) = session.store.clients.list_recent(1)
    found = session.store.episodes.find_open(client.id)
    assert found is not None
    care = EpisodeSession.load(session.app.workspace, client, found[0].id)
    (entry,) = (e for e in care.episode.entries if isinstance(e.event, Measured))
    care.record_event(entry.event.model_copy(update={"verdicts": told}), entry.id)
