"""If these fail, a client is asked again what was told, or an older word hides a newer one."""

from __future__ import annotations

from datetime import date, timedelta

from casework.assessment import AssessmentSession
from casework.episode import EpisodeSession
from casework.workspace import Workspace
from stepping.episode.episode import Episode
from stepping.episode.events import Opened, Referrer, Segment
from stepping.episode.given_facts import carried_answers
from stepping.pathway.reader import read_pathway
from store.records import Client
from store.repository.store import Store
from tests.screens.episodes import day, lived, measured
from tests.screens.running import Stage
from tests.stepping.cases import SMALL, text


def begin(stage: Stage, store: Store, client: Client) -> AssessmentSession:
    """Start another assessment of a client, as after the card."""
    visit = stage.visit(store)
    session = AssessmentSession.start(
        store, visit.pathway, client, setting="reception", language="fi"
    )
    session.join_open_episode()
    return session


def test_a_client_group_is_told_once_and_each_word_keeps_its_day(stage: Stage) -> None:
    whole = stage.whole()
    with stage.store() as store:
        visit = stage.visit(store)
        assert "segment" not in visit.answers
        visit.record_answers({**whole, "segment": 2})
        visit.confirm(visit.decide(), visit.decide().lowest_override or 0)

        def episode() -> Episode:
            return store.episodes.list_of(visit.client.id)[0][1]

        first = episode().segment_day
        assert (episode().segment, [m.segment for m in episode().measured]) == (2, [2])
        stage.clock.now += timedelta(days=1)
        again = begin(stage, store, visit.client)
        assert again.answers["segment"] == 2, "asked once"
        assert "segment" not in again.times, "nobody was asked today"
        again.record_answers({k: v for k, v in whole.items() if k != "segment"})
        again.confirm(again.decide(), again.decide().lowest_override or 0)
        assert (episode().segment, episode().segment_day) == (2, first), "nobody told it anew"
        stage.clock.now += timedelta(days=1)
        changed_ = begin(stage, store, visit.client)
        changed_.record_answers({**whole, "segment": 3})
        changed_.confirm(changed_.decide(), changed_.decide().lowest_override or 0)
        now = episode()
        assert (now.segment, now.segment_day) == (3, now.measured[-1].day)
        workspace = Workspace(stage.clock, opened=store)
        record, _ = store.episodes.list_of(visit.client.id)[0]
        care = EpisodeSession.load(workspace, visit.client, record.id)
        care.record_event(Segment(day=now.measured[-1].day, group=4))
        assert care.episode.segment == 4
        assert begin(stage, store, visit.client).answers["segment"] == 4


def test_the_newest_word_by_day_counts_whatever_was_written_last() -> None:
    interview = measured(5, 1, 10).model_copy(update={"segment": 3, "referrer": "family"})
    told = lived(Opened(day=day(0), referrer="school"), interview, Segment(day=day(3), group=2))
    assert (told.segment, told.segment_day, told.referrer) == (3, day(5), "family")
    later = lived(
        Opened(day=day(0)),
        Segment(day=day(7), group=1),
        interview,
        Referrer(day=day(7), referrer="navigator"),
    )
    assert (later.segment, later.segment_day, later.referrer) == (1, day(7), "navigator")
    old = lived(Opened(day=day(0), referrer="school"), measured(5, 1, 10))
    assert (old.segment, old.segment_day, old.referrer) == (None, None, "school")


def test_only_what_fits_the_question_of_a_pathway_is_carried() -> None:
    question = f"""
[[ask]]
id = "segment"
section = "first"
type = "choice"
context = true
options = [
  {{ id = "1", label = {text("one")} }},
  {{ id = "2", label = {text("two")} }},
]
text = {text("group?")}
label = {text("group")}
source = "a test"
basis = "local"
"""
    name = "questions.toml"
    pathway = read_pathway({**SMALL, name: SMALL[name] + question})
    for group, carried in ((2, {"segment": 2}), (4, {})):
        told = lived(Opened(day=date(2026, 3, 2)), Segment(day=day(1), group=group))
        assert carried_answers(pathway, told) == carried
