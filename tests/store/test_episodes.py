"""What happened in an episode of care is told as it was, once, and nothing impossible is kept."""

from __future__ import annotations

import ast
import datetime
import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stepping.episode import measures, schedule, tracks, validation
from stepping.episode.clocks import legal_deadlines
from stepping.episode.events import (
    Agreement,
    Closed,
    Contact,
    Event,
    Measured,
    MeasureTaken,
    Missed,
    NeedEstablished,
    NextContact,
    Opened,
    Paused,
    PeriodEnded,
    PeriodStarted,
    Resumed,
    Segment,
    TrackEvent,
    Voice,
    Withdrawn,
)
from stepping.episode.validation import ValidationContext
from stepping.pathway.schema import Ages, Measuring
from store.errors import (
    AttachedElsewhere,
    ChangedElsewhere,
    EpisodeOpen,
    RefusedText,
    StoreError,
    UnfitEvent,
    UnknownRecord,
)
from store.opening.store_file import open_store
from store.pathway_files.care import shipped_care
from store.records import (
    Assessment,
    Client,
    Confirmation,
    EpisodeRecord,
    PathwayCopy,
)
from store.repository.store import Store
from store.repository.worklist import list_all
from tests.scripts import run_beside
from tests.store.conftest import bring_to

ROOT = Path(__file__).resolve().parents[2]
TODAY = datetime.date(2026, 11, 22)
AROUND = ValidationContext(
    today=TODAY,
    birth_year=2006,
    interventions={"guided": Ages(), "cool_kids": Ages.model_validate({"from": 7, "to": 12})},
    services={"centre": ("guided",), "kids_house": ("guided",)},
    service_ages={"kids_house": Ages.model_validate({"from": 0, "to": 12})},
    tracks=shipped_care().tracks,
    measures=shipped_care().measures,
)


def ago(days: int) -> datetime.date:
    return TODAY - datetime.timedelta(days=days)


def decided(step: int = 2, **scores: Any) -> Confirmation:
    whole = {"decision": {"scores": {name.replace("_", "."): s for name, s in scores.items()}}}
    return Confirmation(
        decision_json=json.dumps(whole),
        suggested_step=step,
        confirmed_step=step,
        final_answers_seq=0,
    )


@pytest.fixture
def client(store: Store) -> Client:
    return store.clients.add(birth_year=2006, language="fi", municipality="hollola")


@pytest.fixture
def record(store: Store, client: Client) -> EpisodeRecord:
    return store.episodes.begin(client.id, Opened(day=ago(60)), AROUND)


@pytest.fixture
def start(store: Store, pathway: PathwayCopy) -> Callable[[Client], Assessment]:
    return lambda client: store.assessments.start(
        client.id, pathway, setting="clinic", language="fi"
    )


TABLES = ("episodes", "episode_events", "episode_assessments", "decisions", "audit", "worklist")


def kept(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Every row that an episode could have touched."""
    return {table: list(store.db.table(table).rows) for table in TABLES}


def refused(
    store: Store, error: type[StoreError], act: Callable[..., object], *values: Any, **more: Any
) -> StoreError:
    """Check that something is refused, that nothing was stored, and that the chain holds."""
    before = kept(store)
    with pytest.raises(error) as caught:
        act(*values, **more)
    assert kept(store) == before
    assert store.audit_log.find_bad_event() is None
    return caught.value


# What is recorded


STORY: tuple[Event, ...] = (
    Measured(day=ago(59), assessment="a1", step=2, scores={"phq9.total": 14}),
    NeedEstablished(day=ago(59)),
    Paused(day=ago(55), why="client_wish"),
    Resumed(day=ago(50)),
    PeriodStarted(day=ago(45), period="p1", intervention="guided", service="centre"),
    Contact(day=ago(40), period="p1", ors=20.5, srs=36),
    Voice(day=ago(40), about="goal", words="sleep through the night"),
    Agreement(day=ago(40), rating=8),
    Segment(day=ago(40), group=1),
    TrackEvent(day=ago(31), track="work_ability", what="consented"),
    TrackEvent(day=ago(30), track="work_ability", what="referred", where="centre", role="nurse"),
    NextContact(day=ago(30), due=ago(20)),
    PeriodEnded(day=ago(20), period="p1", why="completed", satisfaction=9),
    Measured(day=ago(19), assessment="a2", step=1, scores={"phq9.total": 6}),
    Closed(day=ago(10), how="recovered", despite="clinical", in_own_words="I sleep again"),
)


def test_every_event_is_told_again_after_the_program_was_closed(
    store: Store, path: Path, key: bytes, record: EpisodeRecord, client: Client
) -> None:
    for event in STORY:
        told = store.episodes.record_event(record.id, event, AROUND)
    store.close()
    with open_store(path, key, "nurse-2") as later:
        again, episode = later.episodes.get(record.id)
        assert again == record
        assert episode == told
        assert [entry.event for entry in episode.entries] == [Opened(day=ago(60)), *STORY]
        assert later.episodes.list_of(client.id) == [(record, episode)]
        assert later.episodes.find_open(client.id) is None
        assert later.audit_log.find_bad_event() is None
        assert later.find_faults() == []


def test_a_correction_stands_and_what_it_corrects_stays_on_file(
    store: Store, record: EpisodeRecord
) -> None:
    wrong = store.episodes.record_event(
        record.id, NextContact(day=ago(3), due=ago(1)), AROUND
    ).entries[-1]
    store.episodes.record_event(
        record.id, NextContact(day=ago(3), due=TODAY), AROUND, supersedes=wrong.id
    )
    told = store.episodes.get(record.id)[1]
    assert told.next_contact == NextContact(day=ago(3), due=TODAY)
    assert store.db.table("episode_events").count == 3
    store.episodes.record_event(
        record.id, Withdrawn(day=TODAY), AROUND, supersedes=told.entries[-1].id
    )
    assert store.episodes.get(record.id)[1].next_contact is None
    assert store.audit_log.find_bad_event() is None


def test_texts_are_kept_without_blanks_and_an_empty_one_is_none(
    store: Store, record: EpisodeRecord
) -> None:
    store.episodes.record_event(
        record.id, Voice(day=TODAY, about="wish", words="  in the evening "), AROUND
    )
    track = TrackEvent(day=TODAY, track="doctor", what="planned", words="  ")
    told = store.episodes.record_event(record.id, track, AROUND)
    assert told.voices[0].words == "in the evening"
    assert told.tracks["doctor"][0].words is None
    empty = Voice(day=TODAY, about="wish", words="  ")
    refused(store, RefusedText, store.episodes.record_event, record.id, empty, AROUND)


HETU, PHONE, MAIL = "131052-308T", "call 040 123 4567", "jane@mail.example.org"


@pytest.mark.parametrize(
    "event",
    [
        Voice(day=TODAY, about="goal", words=f"see {HETU}"),
        TrackEvent(day=TODAY, track="doctor", what="met", words=PHONE),
        TrackEvent(day=TODAY, track="doctor", what="met", where=HETU),
        TrackEvent(day=TODAY, track="doctor", what="met", role=HETU),
        PeriodEnded(day=TODAY, period="p", why="other", in_own_words=MAIL),
        PeriodEnded(day=TODAY, period="p", why="other", onward=HETU),
        Closed(day=TODAY, how="recovered", despite="clinical", in_own_words=PHONE),
        Voice(day=TODAY, about="goal", words="a bell \x07"),
    ],
)
def test_nobody_is_named_in_an_episode(store: Store, record: EpisodeRecord, event: Event) -> None:
    refused(store, RefusedText, store.episodes.record_event, record.id, event, AROUND)


def test_nobody_is_named_by_the_referrer(store: Store, client: Client) -> None:
    opened = Opened(day=TODAY, referrer=HETU)
    refused(store, RefusedText, store.episodes.begin, client.id, opened, AROUND)


# One episode at a time


def test_a_client_is_in_one_episode_at_a_time(
    store: Store, client: Client, record: EpisodeRecord
) -> None:
    def begin() -> EpisodeRecord:
        return store.episodes.begin(client.id, Opened(day=ago(5)), AROUND)

    refused(store, EpisodeOpen, begin)
    end = store.episodes.record_event(
        record.id, Closed(day=ago(6), how="moved_on"), AROUND
    ).entries[-1]
    second = begin()
    assert second.seq == record.seq + 1
    assert [each.id for each, _ in store.episodes.list_of(client.id)] == [second.id, record.id]
    current = store.episodes.find_open(client.id)
    assert current is not None
    assert current[0] == second
    gone = Withdrawn(day=TODAY)
    refused(
        store, EpisodeOpen, store.episodes.record_event, record.id, gone, AROUND, supersedes=end.id
    )
    store.episodes.record_event(second.id, Closed(day=TODAY, how="moved_on"), AROUND)
    assert store.episodes.record_event(record.id, gone, AROUND, supersedes=end.id).closed is None


def test_an_episode_that_cannot_begin_leaves_nothing(store: Store, client: Client) -> None:
    opened = Opened(day=ago(-1))
    refused(store, UnfitEvent, store.episodes.begin, client.id, opened, AROUND)


def test_other_clients_episodes_do_not_matter(store: Store, record: EpisodeRecord) -> None:
    other = store.clients.add(birth_year=1990, language="fi")
    assert store.episodes.begin(other.id, Opened(day=TODAY), AROUND).client_id == other.id


# What is refused


BAD: dict[str, tuple[Event, str]] = {
    "opened twice": (Opened(day=ago(50)), "The episode is open already."),
    "tomorrow": (NeedEstablished(day=ago(-1)), "The day lies in the future."),
    "before the start": (
        Agreement(day=ago(61), rating=5),
        "The day lies before the episode began.",
    ),
    "before birth": (
        Agreement(day=datetime.date(2005, 1, 1), rating=5),
        "The day lies before the client's year of birth.",
    ),
    "before the baseline": (
        Measured(day=ago(59), assessment="a2"),
        "The follow-up lies before the baseline.",
    ),
    "measured twice": (
        Measured(day=TODAY, assessment="a1"),
        "The assessment is in the episode already.",
    ),
    "unknown care": (
        PeriodStarted(day=TODAY, period="p9", intervention="nothing"),
        "The intervention is not known.",
    ),
    "care for another age": (
        PeriodStarted(day=TODAY, period="p9", intervention="cool_kids"),
        "The intervention is not for the client's age.",
    ),
    "unknown service": (
        PeriodStarted(day=TODAY, period="p9", intervention="guided", service="nowhere"),
        "The service is not known.",
    ),
    "service for another age": (
        PeriodStarted(day=TODAY, period="p9", intervention="guided", service="kids_house"),
        "The service is not for the client's age.",
    ),
    "the same care twice": (
        PeriodStarted(day=TODAY, period="p9", intervention="guided"),
        "This treatment is open already: end it first.",
    ),
    "no such treatment": (
        Contact(day=TODAY, period="p9"),
        "There is no such treatment in this episode.",
    ),
    "before the treatment": (
        Contact(day=ago(55), period="p1"),
        "The day lies before the treatment began.",
    ),
    "ended before its last contact": (
        PeriodEnded(day=ago(45), period="p1", why="completed"),
        "The treatment cannot end before its last contact.",
    ),
    "not paused": (Resumed(day=TODAY), "The clock is not paused."),
    "due before agreed": (
        NextContact(day=TODAY, due=ago(1)),
        "The next contact lies before the day on which it was agreed.",
    ),
    "reviewed before agreed": (
        TrackEvent(day=TODAY, track="doctor", what="planned", review_on=ago(1)),
        "The review lies before the day on which it was agreed.",
    ),
    "closed in treatment": (
        Closed(day=TODAY, how="recovered", despite="clinical"),
        "A treatment is still open: end it first.",
    ),
    "nothing withdrawn": (Withdrawn(day=TODAY), "A withdrawal says which entry it withdraws."),
}


@pytest.fixture
def treated(store: Store, record: EpisodeRecord) -> EpisodeRecord:
    """An episode in the middle of a treatment."""
    for event in (
        Measured(day=ago(58), assessment="a1", step=2),
        PeriodStarted(day=ago(50), period="p1", intervention="guided"),
        Contact(day=ago(40), period="p1"),
    ):
        store.episodes.record_event(record.id, event, AROUND)
    return record


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_is_not_stored_and_the_reason_is_told(
    store: Store, treated: EpisodeRecord, name: str
) -> None:
    event, reason = BAD[name]
    error = refused(store, UnfitEvent, store.episodes.record_event, treated.id, event, AROUND)
    assert isinstance(error, UnfitEvent)
    assert error.reason == error.what == reason


def test_an_entry_is_corrected_once_and_only_in_its_own_episode(
    store: Store, treated: EpisodeRecord
) -> None:
    other = store.clients.add(birth_year=1990, language="fi")
    elsewhere = store.episodes.begin(other.id, Opened(day=TODAY), AROUND)
    foreign = store.episodes.get(elsewhere.id)[1].entries[0].id
    contact = store.episodes.get(treated.id)[1].entries[-1].id
    gone = Withdrawn(day=TODAY)
    store.episodes.record_event(treated.id, gone, AROUND, supersedes=contact)
    for id_ in (foreign, contact, "nothing"):
        refused(
            store, UnfitEvent, store.episodes.record_event, treated.id, gone, AROUND, supersedes=id_
        )


def test_what_others_rest_on_is_not_withdrawn(store: Store, treated: EpisodeRecord) -> None:
    gone = Withdrawn(day=TODAY)
    for entry in store.episodes.get(treated.id)[1].entries:
        if isinstance(entry.event, Opened | PeriodStarted):
            refused(
                store,
                UnfitEvent,
                store.episodes.record_event,
                treated.id,
                gone,
                AROUND,
                supersedes=entry.id,
            )


def test_a_closed_episode_takes_nothing_but_the_withdrawal_of_its_end(
    store: Store, record: EpisodeRecord
) -> None:
    end = store.episodes.record_event(
        record.id, Closed(day=ago(6), how="recovered", despite="clinical"), AROUND
    ).entries[-1]
    for event in STORY:
        refused(store, UnfitEvent, store.episodes.record_event, record.id, event, AROUND)
    assert (
        store.episodes.record_event(
            record.id, Withdrawn(day=TODAY), AROUND, supersedes=end.id
        ).closed
        is None
    )
    assert (
        store.episodes.record_event(record.id, Agreement(day=TODAY, rating=5), AROUND).agreement
        == 5
    )


def test_nothing_is_kept_of_what_is_not_there(
    store: Store, record: EpisodeRecord, assessment: Assessment
) -> None:
    event = Agreement(day=TODAY, rating=5)
    refused(store, UnknownRecord, store.episodes.record_event, "nothing", event, AROUND)
    refused(store, UnknownRecord, store.episodes.begin, "nobody", Opened(day=TODAY), AROUND)
    refused(store, UnknownRecord, store.episodes.attach_assessment, "nothing", record.id)
    refused(store, UnknownRecord, store.episodes.attach_assessment, assessment.id, "nothing")
    for ask in (store.episodes.get, store.episodes.find_of_assessment):
        with pytest.raises(UnknownRecord):
            ask("nothing")
    assert store.episodes.list_of("nobody") == []
    assert store.episodes.find_open("nobody") is None


def test_a_wrong_year_of_birth_lets_nobody_in(store: Store, treated: EpisodeRecord) -> None:
    """The store knows the client's year better than whoever asks."""
    kid = replace(AROUND, birth_year=2017)
    event = PeriodStarted(day=TODAY, period="p9", intervention="cool_kids")
    refused(store, UnfitEvent, store.episodes.record_event, treated.id, event, kid)


def test_every_reason_can_be_translated() -> None:
    """A reason that the catalogue does not know would be shown in English."""
    texts = (Path(each.__file__ or "").read_text("utf-8") for each in (validation, measures))
    reasons = {reason for text in texts for reason in _reasons(ast.parse(text))}
    assert len(reasons) > 25
    # The store counts the entries itself, and tells of another window by `after`.
    assert reasons - set(UnfitEvent._WHAT) == {
        "The episode was changed in another window at the same time."
    }


def _reasons(source: ast.Module) -> Iterator[str]:
    """The sentences that a module yields or raises `EventRejected` with."""
    for node in ast.walk(source):
        told: ast.expr | None = None
        if isinstance(node, ast.Yield):
            told = node.value
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "EventRejected":
            told = node.args[0]
        if isinstance(told, ast.Constant):
            yield str(told.value)


# Assessments of an episode


def test_confirming_tells_the_episode_in_one_go(
    store: Store, client: Client, record: EpisodeRecord, start: Callable[[Client], Assessment]
) -> None:
    assessment = start(client)
    store.episodes.attach_assessment(assessment.id, record.id)
    assert store.episodes.find_of_assessment(assessment.id) == store.episodes.get(record.id)
    store.decisions.confirm(assessment.id, decided(3, phq9_total=14, gad7_total=(3, 9), odd=True))
    told = store.episodes.get(record.id)[1]
    assert told.measured == (
        Measured(
            day=TODAY,
            assessment=assessment.id,
            step=3,
            scores={"phq9.total": 14},
            knew=0,
            by=store.handle,
        ),
    )
    assert (told.step, told.baseline) == (3, told.measured[0])
    assert store.audit_log.find_bad_event() is None


def test_a_total_that_was_typed_in_is_part_of_the_measurement(
    store: Store, client: Client, record: EpisodeRecord, start: Callable[[Client], Assessment]
) -> None:
    assessment = start(client)
    store.episodes.attach_assessment(assessment.id, record.id)
    store.answers.record(assessment.id, {"ors.total": 17, "srs.total": 30})
    store.answers.record(assessment.id, {"ors.total": 21})
    store.answers.withdraw(assessment.id, "srs.total")
    progress = store.answers.get_progress(assessment.id)
    given = decided(3, phq9_total=14).model_copy(update={"final_answers_seq": progress.seq})
    store.decisions.confirm(assessment.id, given)
    told = store.episodes.get(record.id)[1]
    assert told.measured[0].scores == {"phq9.total": 14, "ors.total": 21}


def test_a_danger_that_a_form_tells_of_is_due_until_an_assessment_follows(
    store: Store, client: Client, record: EpisodeRecord, start: Callable[[Client], Assessment]
) -> None:
    taken = MeasureTaken(day=TODAY, measure="epds", points=12, item=1)
    store.episodes.record_event(record.id, taken, AROUND)
    waiting = store.clients.add(birth_year=1990, language="fi")
    late = store.episodes.begin(waiting.id, Opened(day=ago(60)), AROUND)
    store.episodes.record_event(late.id, NextContact(day=ago(50), due=ago(40)), AROUND)
    items = store.worklist.list_items(TODAY)
    assert items[0].occasion == "danger", "before every contact that is late"
    assert items[0].is_pressing(TODAY)
    assert [(i.kind, i.occasion, i.due) for i in items if i.kind == "measurement"] == [
        ("measurement", "danger", TODAY)
    ]
    assessment = start(client)
    store.episodes.attach_assessment(assessment.id, record.id)
    bring_to(store, assessment.id, "unconfirmed")
    answered = {"final_answers_seq": store.answers.get_progress(assessment.id).seq}
    confirmation = decided(3, phq9_total=14).model_copy(update=answered)
    store.decisions.confirm(assessment.id, confirmation)
    assert not [i for i in store.worklist.list_items(TODAY) if i.kind == "measurement"]


def test_the_day_of_a_measurement_is_the_finnish_one(
    store: Store,
    client: Client,
    record: EpisodeRecord,
    clock: Any,
    start: Callable[[Client], Assessment],
) -> None:
    clock.now = datetime.datetime(2026, 11, 22, 22, 30, tzinfo=datetime.UTC)
    assessment = start(client)
    store.episodes.attach_assessment(assessment.id, record.id)
    store.decisions.confirm(assessment.id, decided())
    assert store.episodes.get(record.id)[1].measured[0].day == datetime.date(2026, 11, 23)


@pytest.mark.parametrize(
    "text", ["{}", "[]", '"text"', '{"decision": 3}', '{"scores": {"a.b": 4}}']
)
def test_a_decision_of_any_form_can_be_confirmed(
    store: Store,
    client: Client,
    record: EpisodeRecord,
    start: Callable[[Client], Assessment],
    text: str,
) -> None:
    assessment = start(client)
    store.episodes.attach_assessment(assessment.id, record.id)
    store.decisions.confirm(assessment.id, decided().model_copy(update={"decision_json": text}))
    expected = {"a.b": 4} if "a.b" in text else {}
    assert store.episodes.get(record.id)[1].measured[0].scores == expected


def test_a_confirmation_that_the_episode_cannot_take_leaves_the_draft(
    store: Store,
    client: Client,
    record: EpisodeRecord,
    clock: Any,
    start: Callable[[Client], Assessment],
) -> None:
    """As after a clock was set back: half of it would be a decision without its measurement."""
    assessment, later = start(client), start(client)
    store.episodes.attach_assessment(assessment.id, record.id)
    store.episodes.attach_assessment(later.id, record.id)
    store.decisions.confirm(assessment.id, decided())
    clock.now -= datetime.timedelta(hours=20)
    refused(store, UnfitEvent, store.decisions.confirm, later.id, decided())
    assert store.decisions.find(later.id) is None
    assert [draft.assessment.id for draft in store.assessments.list_drafts()] == [later.id]
    clock.now += datetime.timedelta(hours=20)
    store.decisions.confirm(later.id, decided())


def test_an_assessment_belongs_to_one_episode_of_its_own_client(
    store: Store,
    client: Client,
    record: EpisodeRecord,
    start: Callable[[Client], Assessment],
) -> None:
    other = store.clients.add(birth_year=1990, language="fi")
    elsewhere = store.episodes.begin(other.id, Opened(day=TODAY), AROUND)
    assessment, foreign = start(client), start(other)
    refused(store, AttachedElsewhere, store.episodes.attach_assessment, foreign.id, record.id)
    assert store.episodes.find_of_assessment(assessment.id) is None
    store.episodes.attach_assessment(assessment.id, record.id)
    before = kept(store)
    store.episodes.attach_assessment(assessment.id, record.id)
    assert kept(store) == before
    refused(store, AttachedElsewhere, store.episodes.attach_assessment, assessment.id, elsewhere.id)
    store.assessments.abandon(assessment.id, "client left")
    store.episodes.record_event(record.id, Closed(day=TODAY, how="moved_on"), AROUND)
    second = store.episodes.begin(client.id, Opened(day=TODAY), AROUND)
    refused(store, AttachedElsewhere, store.episodes.attach_assessment, assessment.id, second.id)
    late = start(client)
    refused(store, UnfitEvent, store.episodes.attach_assessment, late.id, record.id)


def test_an_assessment_confirmed_before_its_episode_is_its_baseline(
    store: Store, client: Client, start: Callable[[Client], Assessment]
) -> None:
    first, early = start(client), start(client)
    store.decisions.confirm(first.id, decided(1, gad7_total=8))
    store.decisions.confirm(early.id, decided(1))
    record = store.episodes.begin(client.id, Opened(day=TODAY), AROUND)
    store.episodes.attach_assessment(first.id, record.id)
    told = store.episodes.get(record.id)[1]
    assert told.baseline is not None
    assert told.baseline.scores == {"gad7.total": 8}
    store.episodes.record_event(record.id, Closed(day=TODAY, how="moved_on"), AROUND)
    tomorrow = replace(AROUND, today=ago(-1))
    later = store.episodes.begin(client.id, Opened(day=ago(-1)), tomorrow)
    refused(store, UnfitEvent, store.episodes.attach_assessment, early.id, later.id)


def test_an_episode_does_not_end_under_a_draft(
    store: Store, client: Client, record: EpisodeRecord, start: Callable[[Client], Assessment]
) -> None:
    """Its assessment could not be confirmed any more."""
    assessment = start(client)
    store.episodes.attach_assessment(assessment.id, record.id)
    opening = store.episodes.get(record.id)[1].entries[0].id
    end, gone = Closed(day=TODAY, how="recovered", despite="clinical"), Withdrawn(day=TODAY)
    refused(store, UnfitEvent, store.episodes.record_event, record.id, end, AROUND)
    refused(
        store, UnfitEvent, store.episodes.record_event, record.id, gone, AROUND, supersedes=opening
    )
    store.assessments.abandon(assessment.id, "client left")
    assert store.episodes.record_event(record.id, end, AROUND).closed == end


CONFIRMATION_CUT = """
import os, sys
from pathlib import Path
from store.records import Confirmation
from store.repository.internal import episodes, worklist_lines
from store.pathway_files.care import shipped_care
from store.opening.store_file import open_store
store = open_store(Path(sys.argv[1]), bytes(range(32)), "nurse-1")
where = worklist_lines if sys.argv[3] == "list_episode" else episodes
at, real, calls = sys.argv[3], getattr(where, sys.argv[3]), []
def cut(*args, **values):
    calls.append(at)
    if len(calls) == int(sys.argv[4]):
        os._exit(9)
    return real(*args, **values)
setattr(where, at, cut)
done = Confirmation(decision_json="{}", suggested_step=1, confirmed_step=1, final_answers_seq=0,
                    need_established=True)
store.decisions.confirm(sys.argv[2], done)
"""


@pytest.mark.parametrize(
    ("where", "time"), [("measure", 1), ("list_episode", 1), ("add_event", 2), ("list_episode", 2)]
)
def test_a_confirmation_cut_short_leaves_the_draft_and_the_episode(
    store: Store,
    path: Path,
    key: bytes,
    client: Client,
    record: EpisodeRecord,
    start: Callable[[Client], Assessment],
    where: str,
    time: int,
) -> None:
    """A step without its legal times would be a client whose deadline nobody sees."""
    assessment = start(client)
    store.episodes.attach_assessment(assessment.id, record.id)
    store.close()
    command = [sys.executable, "-c", CONFIRMATION_CUT, str(path), assessment.id, where, str(time)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 9
    with open_store(path, key, "nurse-1") as after:
        assert after.decisions.find(assessment.id) is None
        assert after.episodes.get(record.id)[1].measured == ()
        assert after.episodes.get(record.id)[1].need is None
        assert [item.kind for item in after.worklist.list_items(TODAY)] == [
            "draft",
            "no_next_contact",
        ]
        assert after.audit_log.find_bad_event() is None


# Several windows


def test_what_another_window_recorded_is_not_written_over(
    store: Store, path: Path, key: bytes, record: EpisodeRecord
) -> None:
    mine = store.episodes.get(record.id)[1].last_seq
    event = NextContact(day=TODAY, due=ago(-7))
    with open_store(path, key, "nurse-2") as other:
        other.episodes.record_event(record.id, event, AROUND, after=mine)
    refused(
        store, ChangedElsewhere, store.episodes.record_event, record.id, event, AROUND, after=mine
    )
    store.episodes.record_event(record.id, event, AROUND, after=mine + 1)


WRITER = Path(__file__).with_name("episode_writer.py")


def finish(process: subprocess.Popen[str]) -> list[str]:
    out, err = process.communicate(timeout=600)
    assert (process.returncode, err) == (0, "")
    return out.split()


def whole(path: Path, key: bytes) -> Store:
    store = open_store(path, key, "nurse-1")
    assert store.find_faults() == []
    assert store.audit_log.find_bad_event() is None
    assert listed(store) == rebuilt(store)
    return store


def test_windows_that_race_for_the_next_entry_win_it_once(
    store: Store, path: Path, key: bytes, record: EpisodeRecord
) -> None:
    store.close()
    writers = [run_beside(WRITER, "race", path, record.id, f"w{number}", 20) for number in range(3)]
    won = [word for writer in writers for word in finish(writer)]
    with whole(path, key) as after:
        told = after.episodes.get(record.id)[1]
        assert [voice.words for voice in told.voices] == [f"entry-{n}" for n in range(2, 22)]
        assert sorted(won) == sorted(voice.words for voice in told.voices)


def test_windows_that_begin_an_episode_at_once_begin_one(
    store: Store, path: Path, key: bytes, client: Client
) -> None:
    store.close()
    writers = [run_beside(WRITER, "begin", path, client.id, f"w{number}", 5) for number in range(3)]
    began = [word for writer in writers for word in finish(writer)]
    with whole(path, key) as after:
        assert [record.id for record, _ in after.episodes.list_of(client.id)] == began
        assert len(began) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
def test_killed_writers_lose_nothing_that_was_told(
    store: Store, path: Path, key: bytes, record: EpisodeRecord
) -> None:
    store.close()
    writers = [
        run_beside(WRITER, "storm", path, record.id, f"w{number}", 120) for number in range(2)
    ]
    killed = [int(finish(writer)[0]) for writer in writers]
    assert min(killed) >= 5, "the writers were done before they could be killed"
    with whole(path, key) as after:
        words = [voice.words for voice in after.episodes.get(record.id)[1].voices]
        assert set(words) == {f"w{writer}.{n}" for writer in range(2) for n in range(120)}
        # One that was written but not told before the kill is written once more.
        assert len(words) <= 240 + sum(killed)
        assert after.episodes.get(record.id)[1].last_seq == len(words) + 1


# What waits


def listed(store: Store) -> list[dict[str, Any]]:
    """The worklist as it stands in the table."""
    rows = store.db.table("worklist").rows
    return sorted(rows, key=lambda row: (row["rank"], row["episode_id"] or row["assessment_id"]))


def rebuilt(store: Store) -> list[dict[str, Any]]:
    with store.writing():
        list_all(store)
    return listed(store)


def kinds(store: Store, today: datetime.date = TODAY, **choice: Any) -> list[str]:
    return [item.kind for item in store.worklist.list_items(today, **choice)]


def test_the_most_pressing_comes_first(
    store: Store, record: EpisodeRecord, start: Callable[[Client], Assessment]
) -> None:
    people = [store.clients.add(birth_year=2006, language="fi") for _ in range(5)]
    for person, event in (
        (people[0], NeedEstablished(day=ago(20))),
        (people[1], NeedEstablished(day=ago(25))),
        (people[2], NextContact(day=ago(20), due=ago(1))),
        (people[3], NextContact(day=ago(20), due=ago(2))),
    ):
        episode = store.episodes.begin(person.id, Opened(day=ago(30)), AROUND)
        store.episodes.record_event(episode.id, event, AROUND)
        if event.kind == "need_established":
            store.episodes.record_event(episode.id, NextContact(day=ago(20), due=ago(-30)), AROUND)
    draft, danger = start(people[4]), start(people[4])
    bring_to(store, danger.id, "open_stop")
    found = [(item.kind, item.client) for item in store.worklist.list_items(TODAY)]
    assert found == [
        ("open_stop", people[4].code),
        ("next_contact", people[3].code),
        ("next_contact", people[2].code),
        ("guarantee", people[1].code),
        ("guarantee", people[0].code),
        ("draft", people[4].code),
        ("no_next_contact", store.clients.get(record.client_id).code),
    ]
    bring_to(store, danger.id, "draft")
    assert [item.assessment_id for item in store.worklist.list_items(TODAY)[4:6]] == [
        draft.id,
        danger.id,
    ]
    assert store.worklist.count_items(TODAY) == 7


def test_an_agreed_contact_waits_from_its_day_on(store: Store, record: EpisodeRecord) -> None:
    """Whoever looks at the list in the morning has to see who is to be called that day."""
    store.episodes.record_event(record.id, NextContact(day=ago(5), due=ago(1)), AROUND)
    assert kinds(store, ago(2)) == []
    assert kinds(store, ago(1)) == ["next_contact"]
    assert store.worklist.count_items(ago(1)) == 1
    (item,) = store.worklist.list_items(TODAY)
    assert (item.due, item.since, item.episode_id) == (ago(1), ago(5), record.id)
    store.episodes.record_event(
        record.id, PeriodStarted(day=ago(1), period="p1", intervention="guided"), AROUND
    )
    store.episodes.record_event(record.id, Contact(day=TODAY, period="p1"), AROUND)
    (item,) = store.worklist.list_items(TODAY)
    assert (item.kind, item.since) == ("no_next_contact", TODAY)


def test_a_closed_episode_and_an_ended_draft_wait_no_more(
    store: Store, client: Client, record: EpisodeRecord, start: Callable[[Client], Assessment]
) -> None:
    store.episodes.record_event(record.id, NeedEstablished(day=ago(50)), AROUND)
    left, done = start(client), start(client)
    bring_to(store, left.id, "open_stop")
    assert sorted(kinds(store)) == ["draft", "guarantee", "no_next_contact", "open_stop"]
    bring_to(store, left.id, "draft")
    store.assessments.abandon(left.id, "client left")
    store.decisions.confirm(done.id, decided())
    assert kinds(store) == ["guarantee", "no_next_contact"]
    store.episodes.record_event(record.id, Closed(day=TODAY, how="moved_on"), AROUND)
    assert kinds(store) == []
    assert listed(store) == rebuilt(store) == []


def test_a_pause_moves_the_last_day_only_while_it_lasts(
    store: Store, record: EpisodeRecord
) -> None:
    def clock(today: datetime.date) -> tuple[int, bool]:
        (item,) = (each for each in store.worklist.list_items(today) if each.kind == "guarantee")
        assert item.due is not None
        return (item.due - ago(20)).days, item.paused

    store.episodes.record_event(record.id, NeedEstablished(day=ago(20)), AROUND)
    assert clock(TODAY) == (14, False)
    store.episodes.record_event(record.id, Paused(day=ago(10), why="medical"), AROUND)
    assert clock(TODAY) == (14 + 11, True)
    assert clock(ago(-5)) == (14 + 16, True)
    store.episodes.record_event(record.id, Resumed(day=ago(4)), AROUND)
    assert clock(TODAY) == clock(ago(-5)) == (14 + 6, False)
    begun = PeriodStarted(day=TODAY, period="p1", intervention="guided", counted="guarantee")
    store.episodes.record_event(record.id, begun, AROUND)
    assert "guarantee" in kinds(store), "a first contact is still owed"
    store.episodes.record_event(record.id, Contact(day=TODAY, period="p1"), AROUND)
    assert "guarantee" not in kinds(store)


def test_a_worklist_can_be_ones_own_or_of_one_municipality(
    store: Store, path: Path, key: bytes, record: EpisodeRecord, pathway: PathwayCopy
) -> None:
    with open_store(path, key, "nurse-2") as other:
        person = other.clients.add(birth_year=1990, language="fi", municipality="asikkala")
        theirs = other.episodes.begin(person.id, Opened(day=TODAY), AROUND)
        draft = other.assessments.start(person.id, pathway, setting="clinic", language="fi")
        assert [item.episode_id for item in store.worklist.list_items(TODAY, own=True)] == [
            record.id
        ]
        assert kinds(other, own=True) == ["draft", "no_next_contact"]
        assert other.worklist.list_items(TODAY, own=True)[0].assessment_id == draft.id
        (ours,) = other.worklist.list_items(TODAY, municipality="hollola")
        assert (ours.episode_id, ours.worker, ours.municipality) == (
            record.id,
            "nurse-1",
            "hollola",
        )
        assert other.worklist.count_items(TODAY, municipality="asikkala") == 2
        assert other.worklist.list_items(TODAY, own=True, municipality="hollola") == []
        # Who goes on with a colleague's episode does not take it over.
        store.episodes.record_event(theirs.id, Agreement(day=TODAY, rating=5), AROUND)
        assert store.worklist.count_items(TODAY, own=True) == 1


def test_pages_follow_each_other_without_gap_or_overlap(
    store: Store, start: Callable[[Client], Assessment]
) -> None:
    for number in range(25):
        person = store.clients.add(birth_year=2006, language="fi")
        episode = store.episodes.begin(person.id, Opened(day=ago(30)), AROUND)
        if number % 2:
            due = ago(3 - number % 7)
            store.episodes.record_event(episode.id, NextContact(day=ago(10), due=due), AROUND)
        if number % 3 == 0:
            start(person)
    every = store.worklist.list_items(TODAY, limit=1000)
    pages = [store.worklist.list_items(TODAY, limit=4, offset=offset) for offset in range(0, 40, 4)]
    assert [item for page in pages for item in page] == every
    assert len(every) == store.worklist.count_items(TODAY) > 25


def test_how_far_drafts_are_survives_a_rebuild(
    store: Store, client: Client, record: EpisodeRecord, start: Callable[[Client], Assessment]
) -> None:
    danger, draft, whole = start(client), start(client), start(client)
    store.episodes.attach_assessment(draft.id, record.id)
    bring_to(store, danger.id, "open_stop")
    bring_to(store, whole.id, "unconfirmed")
    assert listed(store) == rebuilt(store)
    assert kinds(store) == ["open_stop", "unconfirmed", "draft", "no_next_contact"]


def plans(store: Store, act: Callable[[], object], word: str) -> list[str]:
    """How the engine goes about those statements of an act that name something."""
    asked: list[str] = []
    store.db.conn.set_trace_callback(asked.append)
    act()
    store.db.conn.set_trace_callback(None)
    statements = {text for text in asked if word in text and not text.startswith("--")}
    assert statements
    return [row[3] for text in statements for row in store.db.execute(f"EXPLAIN QUERY PLAN {text}")]


def test_coming_contacts_are_listed_by_day_and_time(store: Store) -> None:
    times = [(3, "14:00"), (3, "08:30"), (8, None), (0, "09:00"), (7, None), (-1, None)]
    for ahead, time in times:
        person = store.clients.add(birth_year=2006, language="fi")
        episode = store.episodes.begin(person.id, Opened(day=ago(30)), AROUND)
        due = TODAY + datetime.timedelta(days=ahead)
        agreed = NextContact(day=ago(10), due=due, time=time)
        store.episodes.record_event(episode.id, agreed, AROUND)
    week = TODAY + datetime.timedelta(days=7)
    found = store.worklist.list_contacts(TODAY, week)
    told = [((item.due - TODAY).days, item.time) for item in found if item.due]
    assert told == [(0, "09:00"), (3, "08:30"), (3, "14:00"), (7, None)]
    assert store.worklist.count_contacts(TODAY, week) == 4
    assert store.worklist.list_contacts(TODAY, week, limit=1, offset=1) == found[1:2]
    assert store.worklist.list_contacts(TODAY, week, municipality="lahti") == []


@pytest.mark.parametrize(
    "choice", [{}, {"own": True}, {"municipality": "hollola"}, {"unit": "Sote-keskus"}]
)
def test_contacts_of_a_week_are_read_from_an_index(store: Store, choice: dict[str, Any]) -> None:
    """Their number grows with the days, not with the years that the store holds."""
    week = TODAY + datetime.timedelta(days=7)
    found = plans(store, lambda: store.worklist.list_contacts(TODAY, week, **choice), "worklist")
    searched = [line for line in found if " w " in line]
    assert searched
    assert all("INDEX worklist_" in line and "place>" in line for line in searched), searched


@pytest.mark.parametrize(
    "choice", [{}, {"own": True}, {"municipality": "hollola"}, {"unit": "Sote-keskus"}]
)
def test_a_page_is_read_from_an_index_and_never_sorted(
    store: Store, choice: dict[str, Any]
) -> None:
    found = plans(store, lambda: store.worklist.list_items(TODAY, **choice), "worklist")
    assert all("INDEX worklist_" in line for line in found if " w " in line)
    assert not any("TEMP B-TREE" in line for line in found)


def test_an_entry_never_goes_through_other_clients_episodes(
    store: Store, record: EpisodeRecord
) -> None:
    """Recording would take longer with every episode that was ever opened."""
    event = NextContact(day=TODAY, due=TODAY)
    found = plans(
        store, lambda: store.episodes.record_event(record.id, event, AROUND), "episode_id"
    )
    assert not any(line.startswith("SCAN") for line in found)
    assert "SEARCH worklist USING INDEX worklist_by_episode (episode_id=?)" in found


PLAN = Measuring(every=2, after_months=(1,))


def random_event(draw: random.Random, number: int) -> Event:
    day = ago(draw.randrange(60))
    later = day + datetime.timedelta(days=draw.randrange(40))
    period = f"p{draw.randrange(2)}"
    events: list[Event] = [
        Measured(
            day=day,
            assessment=f"m{number}",
            step=draw.randrange(5),
            scores={"phq9.total": 9} if number % 2 else {},
        ),
        NeedEstablished(day=day),
        NeedEstablished(day=day),
        Paused(day=day, why="medical"),
        Resumed(day=day),
        Paused(day=day, why="client_wish"),
        Resumed(day=day),
        NextContact(day=day, due=later),
        PeriodStarted(
            day=day,
            period=period,
            intervention="guided",
            measuring=PLAN,
            counted=draw.choice((None, "no", "treatment", "guarantee")),
        ),
        Contact(day=day, period=period),
        Missed(day=day, period=period, why="not_come"),
        TrackEvent(day=day, track="specialised_care", what="arrived"),
        TrackEvent(
            day=day,
            track="specialised_care",
            what=draw.choice(("assessed", "begun", "ended")),
        ),
        TrackEvent(day=day, track="doctor", what="met", review_on=later),
        TrackEvent(day=day, track="doctor", what="ended"),
        MeasureTaken(day=day, measure="epds", points=12, item=number % 2),
        PeriodEnded(day=day, period=period, why="completed"),
        Closed(day=TODAY, how="recovered", despite="clinical"),
        Withdrawn(day=day),
        Withdrawn(day=day),
    ]
    return draw.choice(events)


def truth(
    store: Store, record: EpisodeRecord, today: datetime.date
) -> Iterator[tuple[tuple[str, str], tuple[datetime.date | None, bool]]]:
    """What an episode leaves to be done on a day, asked of the events on that very day."""
    episode = store.episodes.get(record.id)[1]
    if episode.closed is not None:
        return
    if episode.without_next_contact:
        yield (record.id, "no_next_contact"), (None, False)
    elif episode.next_contact and episode.next_contact.due <= today:
        yield (record.id, "next_contact"), (episode.next_contact.due, False)
    for first in schedule.due_measurements(episode)[:1]:
        if first.day <= today:
            yield (record.id, "measurement"), (first.day, False)
    review = tracks.track_status(episode, "doctor", today, shipped_care().tracks).by
    if review is not None and review <= today:
        yield (record.id, "review"), (review, False)
    times = legal_deadlines(
        episode, store.clients.get(record.client_id).birth_year, today, shipped_care().deadlines
    )
    found = [(each.time.due, each.time.state) for each in times]
    running = [(due, state) for due, state in found if due and state != "met"]
    for due, state in sorted(running)[:1]:
        yield (record.id, "guarantee"), (due, state == "paused")


@pytest.mark.parametrize("seed", range(6))
def test_the_worklist_says_what_the_events_say(store: Store, seed: int) -> None:
    """Whatever happened in whatever order: rebuilt from the events the table is the same."""
    draw = random.Random(seed)
    records = [
        store.episodes.begin(
            store.clients.add(birth_year=year, language="fi").id, Opened(day=ago(60)), AROUND
        )
        for year in (1980, 2003, 2004, 2010)
    ]
    taken = 0
    for number in range(200):
        record = draw.choice(records)
        told = store.episodes.get(record.id)[1]
        event = random_event(draw, number)
        supersedes = None
        if isinstance(event, Withdrawn) and len(told.entries) > 1:
            supersedes = draw.choice(told.entries[1:]).id
        try:
            store.episodes.record_event(record.id, event, AROUND, supersedes=supersedes)
            taken += 1
        except UnfitEvent:
            continue
    assert taken > 40
    for later in (0, 3, 15, 40):
        today = TODAY + datetime.timedelta(days=later)
        found = {
            (item.episode_id, item.kind): (item.due, item.paused)
            for item in store.worklist.list_items(today, limit=100)
        }
        expected = {key: value for each in records for key, value in truth(store, each, today)}
        assert found == expected
    assert listed(store) == rebuilt(store)
    assert store.audit_log.find_bad_event() is None
