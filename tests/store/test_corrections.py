"""Putting right: if these fail, care follows a wrong card, a wrong person, or is lost."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from stepping.episode.events import Agreement, Closed, NeedEstablished, NextContact, Opened
from stepping.episode.validation import ValidationContext
from store.audit import chain
from store.errors import (
    AttachedElsewhere,
    BornLater,
    CardChanged,
    EpisodeOpen,
    MarkedWrong,
    MovedElsewhere,
    OtherUnit,
    RefusedText,
    StillNeeded,
    StopOpen,
    UnknownRecord,
)
from store.opening.store_file import create_store, open_store
from store.pathway_files.care import shipped_care
from store.records import Assessment, Client, Confirmation
from store.repository.store import Store
from store.repository.worklist import list_all
from store.retention import erasure, retention, subject_access
from tests.scripts import run_beside
from tests.store.conftest import PATHWAY, TickingClock
from tests.store.test_roles import HERE, THERE, Site, site

__all__ = ["site"]

DAY = date(2026, 11, 22)
AROUND = ValidationContext(DAY, None, {}, {}, {}, shipped_care().tracks)
LATER = DAY + timedelta(days=400)


def confirmation(step: int = 2, scores: dict[str, int] | None = None) -> Confirmation:
    whole = {"answers": {"client.age": 46}, "decision": {"scores": scores or {"phq9.total": 14}}}
    return Confirmation(
        decision_json=json.dumps(whole),
        suggested_step=step,
        confirmed_step=step,
        need_established=step > 0,
        final_answers_seq=1,
    )


def client_of(store: Store, year: int | None = 1980, **more: Any) -> Client:
    why = "not asked on the phone" if year is None else None
    return store.clients.add(birth_year=year, language="fi", why=why, **more)


def begun(store: Store, client: Client) -> Assessment:
    return store.assessments.start(client.id, PATHWAY, setting="clinic", language="fi")


def in_care(store: Store, client: Client, step: int = 2) -> tuple[Assessment, str]:
    """A confirmed assessment in an episode, with what was agreed by it."""
    record = store.episodes.begin(client.id, Opened(day=DAY), AROUND)
    assessment = begun(store, client)
    store.episodes.attach_assessment(assessment.id, record.id)
    store.answers.record(assessment.id, {"q1": 1})
    store.safety_steps.record(assessment.id, "suicide", "card", "call", done=True)
    store.decisions.confirm(assessment.id, confirmation(step))
    store.episodes.record_event(
        record.id, NextContact(day=DAY, due=DAY + timedelta(days=7)), AROUND
    )
    return assessment, record.id


def corrected(store: Store, client: Client, **changes: Any) -> Client:
    card: dict[str, Any] = {
        "birth_year": client.birth_year,
        "sex": client.sex,
        "language": client.language,
        "municipality": client.municipality,
        "why": "typed wrong",
        "after": client.card,
    }
    return store.corrections.correct_card(client.id, **{**card, **changes})


def waiting(store: Store, **choice: Any) -> list[tuple[str, str]]:
    return [(item.kind, item.client) for item in store.worklist.list_items(LATER, **choice)]


def whole(store: Store) -> None:
    """Nothing is broken, and what is derived is as it would be made anew."""
    sql = "SELECT kind, assessment_id, episode_id, client_id, municipality, due FROM worklist"
    before = sorted(map(str, store.db.execute(sql).fetchall()))
    with store.writing():
        list_all(store)
    assert sorted(map(str, store.db.execute(sql).fetchall())) == before
    assert store.audit_log.find_bad_event() is None
    assert store.find_faults() == []


# -- the card -----------------------------------------------------------------------------


def test_a_corrected_card_is_what_counts_and_the_old_one_stays(store: Store) -> None:
    client = client_of(store, sex="f", municipality="hollola")
    after = corrected(store, client, birth_year=2005, language="sv", municipality="asikkala")
    assert (after.birth_year, after.sex, after.language) == (2005, "f", "sv")
    assert after == store.clients.get(client.id) == store.clients.find(client.code)
    (change,) = store.corrections.list_card_changes(client.id)
    assert (change.before.birth_year, change.after.birth_year) == (1980, 2005)
    assert (change.why, change.by) == ("typed wrong", "nurse-1")
    row = next(store.db.query("SELECT birth_year FROM clients"))
    assert row["birth_year"] == 1980
    whole(store)


def test_legal_times_and_what_waits_follow_the_corrected_card_at_once(store: Store) -> None:
    """Born in 2010 and not in 1980: the therapy guarantee runs, 28 days in the place of months."""
    client = client_of(store, municipality="hollola")
    in_care(store, client)
    draft = begun(store, client)

    def due() -> list[date | None]:
        return [item.due for item in store.worklist.list_items(LATER) if item.kind == "guarantee"]

    assert due() == [date(2027, 2, 22)]
    now = corrected(store, client, birth_year=2010, municipality="asikkala")
    assert due() == [DAY + timedelta(days=14)]
    places = {item.municipality for item in store.worklist.list_items(LATER)}
    assert places == {"asikkala"}
    assert store.assessments.list_drafts()[0].assessment.id == draft.id
    assert corrected(store, now, birth_year=None).birth_year is None
    assert due() == [DAY + timedelta(days=14)]
    whole(store)


def test_the_same_card_twice_is_one_correction(store: Store) -> None:
    client = client_of(store)
    once = corrected(store, client, birth_year=1990)
    assert corrected(store, client, birth_year=1990) == once
    assert len(store.corrections.list_card_changes(client.id)) == 1


def test_a_card_that_another_window_put_right_is_not_overwritten(store: Store) -> None:
    client = client_of(store)
    corrected(store, client, birth_year=1990)
    with pytest.raises(CardChanged):
        corrected(store, client, sex="m")
    assert store.clients.get(client.id).sex is None


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"why": " "}, RefusedText),
        ({"why": "100190-9015"}, RefusedText),
        ({"birth_year": 1899}, ValueError),
        ({"birth_year": 2100}, ValueError),
        ({"language": "f i"}, RefusedText),
    ],
)
def test_a_correction_that_cannot_be_changes_nothing(
    store: Store, change: dict[str, Any], error: type[Exception]
) -> None:
    client = client_of(store)
    head = store.audit_log.get_head()
    with pytest.raises(error):
        corrected(store, client, **{"birth_year": 1991, **change})
    assert store.audit_log.get_head() == head


def test_nobody_is_born_after_what_was_recorded_of_them(store: Store) -> None:
    client = client_of(store)
    in_care(store, client)
    with pytest.raises(BornLater) as refused:
        corrected(store, client, birth_year=2027)
    assert refused.value.values == {"year": 2026}
    with pytest.raises(UnknownRecord):
        corrected(store, client.model_copy(update={"id": "nobody"}), birth_year=1990)


def test_a_year_that_is_not_known_needs_a_reason_and_is_told_as_none(store: Store) -> None:
    with pytest.raises(RefusedText):
        store.clients.add(birth_year=None, language="fi")
    client = client_of(store, None)
    assert client.birth_year is None
    assert [c.birth_year for c in store.clients.list_recent()] == [None]
    (change,) = store.corrections.list_card_changes(client.id)
    assert change.why == "not asked on the phone"
    held = subject_access.gather_records(store, client.id).tables
    assert held["clients"][0]["birth_year"] is None
    assert corrected(store, client, birth_year=1999).birth_year == 1999
    whole(store)


def test_the_guarantee_runs_for_a_client_whose_year_is_not_known(store: Store) -> None:
    client = client_of(store, None)
    in_care(store, client)
    (item,) = [each for each in store.worklist.list_items(LATER) if each.kind == "guarantee"]
    assert item.due == DAY + timedelta(days=14)


# -- two codes of one person ---------------------------------------------------------------


def joined(store: Store, *, care: bool = True) -> tuple[Client, Client]:
    one, other = client_of(store, sex="f"), client_of(store, 1981)
    if care:
        in_care(store, one)
        in_care(store, other)
    store.corrections.join_clients(one.id, other.id, "the same person, two first calls")
    return one, other


def test_either_code_finds_the_person_with_all_that_was_recorded(store: Store) -> None:
    one, other = joined(store)
    person = store.clients.find(one.code)
    assert person == store.clients.find(other.code) == store.clients.get(other.id)
    assert person is not None
    assert (person.id, person.code, person.also) == (one.id, one.code, (other.code,))
    assert (person.birth_year, person.sex) == (1980, "f")
    assert len(store.assessments.list_of(one.id)) == len(store.assessments.list_of(other.id)) == 2
    assert len(store.episodes.list_of(other.id)) == 2
    assert [client.id for client in store.clients.list_recent()] == [one.id]
    assert {code for _, code in waiting(store)} == {one.code}
    assert begun(store, other).client_id == one.id
    whole(store)


def test_of_two_open_episodes_the_older_goes_on_and_no_third_begins(store: Store) -> None:
    one, other = joined(store)
    older, younger = sorted(record.seq for record, _ in store.episodes.list_of(one.id))
    found = store.episodes.find_open(other.id)
    assert found
    assert found[0].seq == older
    with pytest.raises(EpisodeOpen):
        store.episodes.begin(other.id, Opened(day=DAY), AROUND)
    (late,) = [record for record, _ in store.episodes.list_of(one.id) if record.seq == younger]
    store.episodes.record_event(late.id, Closed(day=DAY, how="moved_on"), AROUND)
    assert store.episodes.find_open(other.id) == found


def test_an_assessment_begun_under_one_code_may_belong_to_the_others_episode(store: Store) -> None:
    one, other = joined(store, care=False)
    record = store.episodes.begin(one.id, Opened(day=DAY), AROUND)
    sql = "SELECT id FROM clients WHERE code = ?"
    assert store.db.execute(sql, (other.code,)).fetchone() == (other.id,)
    draft = begun(store, other)
    store.episodes.attach_assessment(draft.id, record.id)
    assert store.episodes.find_of_assessment(draft.id)


def test_joining_twice_or_the_other_way_round_changes_nothing(store: Store) -> None:
    one, other = joined(store)
    head = store.audit_log.get_head()
    store.corrections.join_clients(one.id, other.id, "again")
    store.corrections.join_clients(other.id, one.id, "again")
    assert store.audit_log.get_head() == head
    third = client_of(store)
    with pytest.raises(CardChanged):
        store.corrections.join_clients(third.id, other.id, "not the one that stands any more")
    with pytest.raises(UnknownRecord):
        store.corrections.join_clients(one.id, "nobody", "x")


def test_three_codes_are_one_person_and_each_can_be_parted_again(store: Store) -> None:
    one, other = joined(store, care=False)
    third = client_of(store)
    store.corrections.join_clients(third.id, one.id, "the same again")
    person = store.clients.get(other.id)
    assert (person.id, set(person.also)) == (third.id, {one.code, other.code})
    alone = store.corrections.part_clients(third.id, other.code, "two people after all")
    assert (alone.id, alone.also) == (other.id, ())
    assert store.clients.get(one.id).id == third.id
    assert [j.stands for j in store.corrections.list_joinings(third.id)][-1] is None
    head = store.audit_log.get_head()
    store.corrections.part_clients(third.id, other.code, "again")
    assert store.audit_log.get_head() == head


def test_what_was_recorded_under_a_code_goes_with_it_when_it_is_parted(store: Store) -> None:
    one, other = joined(store)
    since = begun(store, other)
    store.corrections.part_clients(one.id, other.code, "two people after all")
    assert since.id in {each.id for each in store.assessments.list_of(one.id)}
    assert len(store.assessments.list_of(other.id)) == 1
    assert {code for _, code in waiting(store)} == {one.code, other.code}
    assert store.episodes.find_open(one.id) != store.episodes.find_open(other.id)
    whole(store)


def test_the_legal_times_of_both_episodes_follow_the_card_that_stands(store: Store) -> None:
    young, old = client_of(store, 2010), client_of(store, 1950)
    in_care(store, young)
    in_care(store, old)
    store.corrections.join_clients(young.id, old.id, "the same person")
    due = [item.due for item in store.worklist.list_items(LATER) if item.kind == "guarantee"]
    assert due == [DAY + timedelta(days=14)] * 2
    store.corrections.part_clients(young.id, old.code, "not the same")
    due = [item.due for item in store.worklist.list_items(LATER) if item.kind == "guarantee"]
    assert due == [DAY + timedelta(days=14), date(2027, 2, 22)]


def test_both_clients_have_to_be_in_reach_and_the_person_is_where_the_one_is(site: Site) -> None:
    with (
        site.as_("aino", "nurse", unit=HERE) as aino,
        site.as_("bo", "nurse", unit=THERE) as bo,
        site.as_("pia", "lead", unit=HERE) as lead,
    ):
        ours, theirs = client_of(aino), client_of(bo)
        with pytest.raises(OtherUnit):
            aino.corrections.join_clients(ours.id, theirs.id, "the same person")
        lead.corrections.join_clients(ours.id, theirs.id, "the same person")
        assert aino.clients.find(theirs.code) == aino.clients.get(ours.id)
        with pytest.raises(OtherUnit):
            bo.clients.get(theirs.id)
        draft = begun(aino, ours)
        with pytest.raises(OtherUnit):
            bo.corrections.move_assessment(draft.id, theirs.id, "x", after=None)
        lead.corrections.part_clients(ours.id, theirs.code, "two people")
        assert bo.clients.get(theirs.id).also == ()


# -- an assessment of the wrong client --------------------------------------------------------


def test_a_marked_assessment_stays_to_be_read_and_counts_nowhere(store: Store) -> None:
    client = client_of(store)
    wrong, episode = in_care(store, client)
    marked = store.corrections.mark_wrong_client(wrong.id, "answers of her sister", after=None)
    assert marked.assessment.wrong_client
    assert marked.left == 3  # the measurement, the need and the next contact
    (found,) = store.assessments.list_of(client.id)
    assert (found.id, found.seq, found.wrong_client) == (wrong.id, wrong.seq, True)
    assert store.decisions.find(wrong.id)
    assert store.answers.get_progress(wrong.id).answers == {"q1": 1}
    told = store.episodes.get(episode)[1]
    assert (told.measured, told.need, told.next_contact, told.step) == ((), None, None, None)
    assert store.episodes.find_of_assessment(wrong.id) is None
    assert waiting(store) == [("no_next_contact", client.code)]
    with pytest.raises(AttachedElsewhere):
        store.episodes.attach_assessment(wrong.id, episode)
    whole(store)


def test_a_marked_draft_takes_no_answer_but_safety_steps_and_its_end(store: Store) -> None:
    client = client_of(store)
    draft = begun(store, client)
    store.answers.record(draft.id, {"danger": "yes"})
    store.corrections.mark_wrong_client(draft.id, "began under the wrong code", after=None)
    calls: list[Callable[[], object]] = [
        lambda: store.answers.record(draft.id, {"q2": 1}),
        lambda: store.decisions.confirm(draft.id, confirmation()),
        lambda: store.answers.add_note(draft.id, "q1", "tired"),
    ]
    for refused in calls:
        with pytest.raises(MarkedWrong):
            refused()
    store.safety_steps.record(draft.id, "R1", "danger", "call", done=True)
    (item,) = store.worklist.list_items(LATER)
    assert (item.kind, item.assessment_id, item.wrong_client) == ("open_stop", draft.id, True)
    assert store.assessments.list_drafts() == []
    assert store.open_stops.list_of(client.id) == []
    whole(store)
    with pytest.raises(StopOpen):
        store.assessments.abandon(draft.id, "of nobody known here")
    store.safety_steps.record(draft.id, "R1", "danger", "stay", done=False, why_not="already gone")
    store.assessments.abandon(draft.id, "of nobody known here")
    assert store.worklist.list_items(LATER) == []


def test_a_mark_is_taken_back_and_all_counts_again(store: Store) -> None:
    client = client_of(store)
    wrong, episode = in_care(store, client)
    marked = store.corrections.mark_wrong_client(wrong.id, "x", after=None).assessment
    back = store.corrections.move_assessment(wrong.id, client.id, "it was right", after=marked.move)
    assert back.joined
    assert not store.assessments.get(wrong.id).wrong_client
    told = store.episodes.get(episode)[1]
    assert [m.assessment for m in told.measured] == [wrong.id]
    assert told.need == NeedEstablished(day=DAY)
    whole(store)


def test_a_moved_assessment_takes_along_all_that_hung_on_it(store: Store) -> None:
    wrong, right = client_of(store), client_of(store, 2010)
    kept, theirs = in_care(store, wrong, step=1)
    moved = begun(store, wrong)
    store.episodes.attach_assessment(moved.id, theirs)
    store.answers.record(moved.id, {"q1": 1})
    store.decisions.confirm(moved.id, confirmation(3, {"phq9.total": 21}))
    agreed = NextContact(day=DAY, due=DAY + timedelta(days=1))
    for event in (Agreement(day=DAY, rating=8), agreed):
        store.episodes.record_event(theirs, event, AROUND)
    ours = store.episodes.begin(right.id, Opened(day=DAY), AROUND)
    carried = store.corrections.move_assessment(moved.id, right.id, "wrong code", after=None)
    assert (carried.left, carried.joined, carried.why_not) == (3, True, None)
    before, after = store.episodes.get(theirs)[1], store.episodes.get(ours.id)[1]
    assert [m.assessment for m in before.measured] == [kept.id]
    assert (before.step, before.agreement) == (1, None)
    assert before.next_contact == NextContact(day=DAY, due=DAY + timedelta(days=7))
    assert before.need == NeedEstablished(day=DAY)
    assert [m.assessment for m in after.measured] == [moved.id]
    assert (after.step, after.agreement, after.next_contact) == (3, 8, agreed)
    assert after.need == NeedEstablished(day=DAY)
    assert [each.id for each in store.assessments.list_of(right.id)] == [moved.id]
    assert [each.id for each in store.assessments.list_of(wrong.id)] == [kept.id]
    (away,) = store.corrections.list_moved_away(wrong.id)
    assert (away.assessment_id, away.seq, away.to) == (moved.id, moved.seq, right.code)
    assert store.safety_steps.list_recorded(kept.id)
    whole(store)


def test_the_need_goes_on_by_what_is_left_when_its_assessment_moves(store: Store) -> None:
    """A clock that runs for a good reason does not stop because a wrong one was taken away."""
    wrong, right = client_of(store), client_of(store)
    first, episode = in_care(store, wrong)
    second = begun(store, wrong)
    store.episodes.attach_assessment(second.id, episode)
    store.answers.record(second.id, {"q1": 2})
    store.decisions.confirm(second.id, confirmation(1))
    store.corrections.move_assessment(first.id, right.id, "wrong code", after=None)
    told = store.episodes.get(episode)[1]
    assert [m.assessment for m in told.measured] == [second.id]
    assert told.need == NeedEstablished(day=DAY)


def test_a_draft_moves_with_its_open_stop_and_without_what_an_episode_gave(store: Store) -> None:
    wrong, right = client_of(store), client_of(store, municipality="asikkala")
    _, theirs = in_care(store, wrong)
    draft = begun(store, wrong)
    store.episodes.attach_assessment(draft.id, theirs)
    store.answers.record(draft.id, {"care.step": 2}, told=["care.step"])
    store.answers.record(draft.id, {"danger": "yes"})
    store.corrections.move_assessment(draft.id, right.id, "wrong code", after=None)
    (found,) = store.assessments.list_drafts()
    assert (found.client_code, found.stopped) == (right.code, True)
    assert store.answers.get_progress(draft.id).answers == {"danger": "yes"}
    assert store.open_stops.list_of(wrong.id) == []
    assert [stop.assessment_id for stop in store.open_stops.list_of(right.id)] == [draft.id]
    (item,) = [each for each in store.worklist.list_items(LATER) if each.kind == "open_stop"]
    assert (item.client, item.municipality, item.episode_id) == (right.code, "asikkala", None)
    ours = store.episodes.begin(right.id, Opened(day=DAY), AROUND)
    store.episodes.attach_assessment(draft.id, ours.id)
    store.episodes.attach_assessment(draft.id, ours.id)
    found_in = store.episodes.find_of_assessment(draft.id)
    assert found_in
    assert found_in[0].id == ours.id
    store.episodes.record_event(
        theirs, Closed(day=DAY, how="recovered", despite="clinical"), AROUND
    )  # its draft is another's now
    whole(store)


def test_what_does_not_fit_the_other_episode_moves_without_it_and_says_why(store: Store) -> None:
    wrong, right = client_of(store), client_of(store)
    moved, _ = in_care(store, wrong)
    next_day = DAY + timedelta(days=1)
    around = ValidationContext(next_day, None, {}, {}, {}, shipped_care().tracks)
    store.episodes.begin(right.id, Opened(day=next_day), around)
    carried = store.corrections.move_assessment(moved.id, right.id, "wrong code", after=None)
    assert not carried.joined
    assert carried.why_not == "The day lies before the episode began."
    assert [each.id for each in store.assessments.list_of(right.id)] == [moved.id]
    whole(store)


def test_moving_or_marking_twice_changes_nothing_and_the_second_window_is_told(
    store: Store,
) -> None:
    one, other, third = client_of(store), client_of(store), client_of(store)
    draft = begun(store, one)
    store.corrections.move_assessment(draft.id, other.id, "x", after=None)
    head = store.audit_log.get_head()
    store.corrections.move_assessment(draft.id, other.id, "x", after=None)
    assert store.audit_log.get_head() == head
    with pytest.raises(MovedElsewhere):
        store.corrections.move_assessment(draft.id, third.id, "x", after=None)
    with pytest.raises(MovedElsewhere):
        store.corrections.mark_wrong_client(draft.id, "x", after=None)
    now = store.assessments.get(draft.id)
    store.corrections.mark_wrong_client(draft.id, "x", after=now.move)
    head = store.audit_log.get_head()
    store.corrections.mark_wrong_client(draft.id, "x", after=now.move)
    assert store.audit_log.get_head() == head
    assert [each.id for each in store.assessments.list_of(other.id)] == [draft.id]


def test_an_assessment_is_not_moved_to_somebody_born_later(store: Store) -> None:
    draft = begun(store, client_of(store))
    unborn = client_of(store, 2030)
    with pytest.raises(BornLater):
        store.corrections.move_assessment(draft.id, unborn.id, "x", after=None)
    with pytest.raises(UnknownRecord):
        store.corrections.move_assessment(draft.id, "nobody", "x", after=None)
    assert store.assessments.get(draft.id).move is None


def test_an_assessment_moved_away_and_back_counts_as_before(store: Store) -> None:
    one, other = client_of(store), client_of(store)
    moved, episode = in_care(store, one)
    there = store.corrections.move_assessment(moved.id, other.id, "x", after=None).assessment
    store.corrections.move_assessment(moved.id, one.id, "it was hers", after=there.move)
    told = store.episodes.get(episode)[1]
    assert [m.assessment for m in told.measured] == [moved.id]
    assert store.corrections.list_moved_away(one.id) == []
    assert len(store.corrections.list_moved_away(other.id)) == 1
    whole(store)


# -- the log, the end, other processes -----------------------------------------------------------


def test_the_log_tells_each_deed_under_both_clients(store: Store) -> None:
    one, other, third = client_of(store), client_of(store), client_of(store)
    corrected(store, one, birth_year=1990)
    draft = begun(store, one)
    marked = store.corrections.mark_wrong_client(draft.id, "x", after=None).assessment
    store.corrections.move_assessment(draft.id, third.id, "x", after=marked.move)
    store.corrections.join_clients(one.id, other.id, "x")
    store.corrections.part_clients(one.id, other.code, "x")
    told = {entry.event for entry in store.audit_log.find_uses(one.id)}
    assert told >= {
        "correction.made",
        "belonging.wrong_client",
        "belonging.moved",
        "joining.made",
        "joining.undone",
    }
    assert "belonging.moved" in {entry.event for entry in store.audit_log.find_uses(third.id)}
    assert chain.first_bad(store.db) is None


def taken(store: Store, assessment: Assessment) -> None:
    retention.mark_transferred(store, assessment.id)


def test_a_note_taken_to_the_wrong_record_is_to_be_taken_to_the_right_one(store: Store) -> None:
    one, other = client_of(store), client_of(store)
    moved = begun(store, one)
    store.answers.record(moved.id, {"q1": 1})
    store.decisions.confirm(moved.id, confirmation())
    taken(store, moved)
    store.corrections.move_assessment(moved.id, other.id, "x", after=None)
    assert retention.transfer_of(store, moved.id) is None
    (bundle,) = [each for each in retention.survey(store, 1) if each.assessments]
    assert (bundle.client, bundle.why) == (other.code, "not_taken")
    with pytest.raises(StillNeeded):
        erasure.erase(store, other.id)
    taken(store, moved)
    assert retention.transfer_of(store, moved.id)


def test_a_marked_assessment_waits_for_no_note_and_is_counted_nowhere(
    store: Store, clock: TickingClock
) -> None:
    client = client_of(store)
    wrong = begun(store, client)
    store.answers.record(wrong.id, {"q1": 1})
    store.decisions.confirm(wrong.id, confirmation())
    store.corrections.mark_wrong_client(wrong.id, "x", after=None)
    clock.now += timedelta(days=40)
    done = erasure.purge(store)
    assert (done.assessments, done.clients) == (1, 1)
    assert store.db.table("summary_assessments").count == 0
    assert store.audit_log.find_bad_event() is None


def test_erasure_takes_every_code_of_the_person_and_nothing_of_others(store: Store) -> None:
    one, other = joined(store, care=False)
    third = client_of(store, 1970)
    own, away = begun(store, one), begun(store, one)
    store.assessments.abandon(own.id, "left")
    store.corrections.move_assessment(away.id, third.id, "x", after=None)
    corrected(store, store.clients.get(one.id), birth_year=1985)
    done = erasure.erase(store, other.id)
    assert (done.assessments, done.clients) == (1, 0)  # an assessment of another began there
    assert [each.id for each in store.assessments.list_of(third.id)] == [away.id]
    store.assessments.abandon(away.id, "left")
    erasure.erase(store, third.id)
    assert store.clients.list_recent() == []
    assert {store.db.table(name).count for name in ("clients", "client_joins")} == {0}
    assert store.db.table("client_corrections").count == 0
    assert store.audit_log.find_bad_event() is None
    assert store.find_faults() == []


def test_no_code_of_a_person_is_purged_while_another_is_needed(
    store: Store, clock: TickingClock
) -> None:
    one, other = joined(store, care=False)
    begun(store, one)
    clock.now += timedelta(days=40)
    assert erasure.purge(store).clients == 0
    assert store.clients.find(other.code) == store.clients.get(one.id)


def test_what_is_held_on_a_person_is_told_of_all_codes_and_of_nobody_else(store: Store) -> None:
    one, other = joined(store)
    third = client_of(store)
    away = store.assessments.list_of(one.id)[-1]
    store.corrections.move_assessment(away.id, third.id, "x", after=None)
    held = subject_access.gather_records(store, other.id).tables
    assert {row["code"] for row in held["clients"]} == {one.code, other.code}
    assert away.id not in json.dumps(held)
    assert len(held["assessments"]) == 1
    theirs = subject_access.gather_records(store, third.id).tables
    assert [row["id"] for row in theirs["assessments"]] == [away.id]
    assert theirs["decisions"]


def test_a_correction_killed_at_any_moment_is_whole_or_not_there(path: Path, key: bytes) -> None:
    """Three programs put the same client right at once; two of them are killed on the way."""
    script = Path(__file__).with_name("correction_writer.py")
    with create_store(path, key, "nurse-1") as store:
        one, other = client_of(store, 1949), client_of(store, 1949)
        today = store.clock().date()
        around = ValidationContext(today, None, {}, {}, {}, shipped_care().tracks)
        for client in (one, other):
            store.episodes.begin(client.id, Opened(day=today), around)
        moved = begun(store, one)
        store.answers.record(moved.id, {"q1": 1})
        store.decisions.confirm(moved.id, confirmation())
    chance = random.Random(5)
    writers = [run_beside(script, path, one.id, other.id, moved.id) for _ in range(3)]
    for writer in writers:
        assert writer.stdout
        assert writer.stdout.readline() == "ready\n"
    for writer in writers[1:]:
        time.sleep(chance.uniform(0.05, 0.4))
        writer.kill()
        writer.communicate()
    writers[0].communicate()
    with open_store(path, key, "nurse-1") as store:
        assert store.audit_log.find_bad_event() is None
        assert store.find_faults() == []
        told = {
            event.assessment
            for record, episode in store.episodes.list_of(one.id) + store.episodes.list_of(other.id)
            for event in episode.measured
        }
        counted = not store.assessments.get(moved.id).wrong_client
        assert told == (
            {moved.id} if store.episodes.find_of_assessment(moved.id) and counted else set()
        )
        whole(store)


# -- against a model -----------------------------------------------------------------------------

Move = Literal["mark", "move", "join", "part", "correct"]


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_corrections_keeps_every_assessment_with_one_person(
    store: Store, seed: int
) -> None:
    chance = random.Random(seed)
    clients = [client_of(store) for _ in range(4)]
    for client in clients[:2]:
        in_care(store, client)
    ids = [each.id for client in clients for each in store.assessments.list_of(client.id)]
    ids += [begun(store, client).id for client in clients]
    for _ in range(40):
        play(store, chance, clients, ids)
    found = [
        each
        for client in {store.clients.get(c.id).id for c in clients}
        for each in store.assessments.list_of(client)
    ]
    assert sorted(each.id for each in found) == sorted(ids)
    measured = [
        event.assessment
        for client in clients
        for record, told in store.episodes.list_of(client.id)
        if record.client_id == client.id
        for event in told.measured
    ]
    assert len(measured) == len(set(measured))
    assert not set(measured) & {each.id for each in found if each.wrong_client}
    whole(store)


def play(store: Store, chance: random.Random, clients: list[Client], ids: list[str]) -> None:
    one, other = chance.sample(clients, 2)
    assessment = store.assessments.get(chance.choice(ids))
    kind: Move = chance.choice(["mark", "move", "move", "join", "part", "correct"])
    match kind:
        case "mark":
            store.corrections.mark_wrong_client(assessment.id, "x", after=assessment.move)
        case "move":
            store.corrections.move_assessment(assessment.id, one.id, "x", after=assessment.move)
        case "join":
            store.corrections.join_clients(
                store.clients.get(one.id).id, store.clients.get(other.id).id, "x"
            )
        case "part":
            store.corrections.part_clients(store.clients.get(one.id).id, one.code, "x")
        case "correct":
            year = chance.randrange(1940, 2015)
            corrected(store, store.clients.get(one.id), birth_year=year)


def test_looking_at_one_client_goes_through_no_table_of_all(store: Store) -> None:
    """What is asked of one client or one page costs the same with 100,000 assessments."""
    one, other = joined(store)
    away = store.assessments.list_of(one.id)[-1]
    store.corrections.move_assessment(away.id, client_of(store).id, "x", after=None)
    said: list[str] = []
    store.db.conn.set_trace_callback(said.append)
    store.clients.find(other.code)
    store.assessments.list_of(one.id)
    store.episodes.list_of(one.id)
    store.corrections.list_moved_away(one.id)
    store.corrections.list_joinings(one.id)
    store.corrections.list_card_changes(one.id)
    store.open_stops.list_of(one.id)
    store.risk_marks.list_of(one.id)
    store.assessments.list_drafts()
    store.worklist.list_items(LATER)
    store.db.conn.set_trace_callback(None)
    steps = [
        step
        for sql in said
        if sql.lstrip().startswith(("SELECT", "WITH"))
        for (_, _, _, step) in store.db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
    ]
    assert len(steps) > 40
    through = [step for step in steps if step.startswith("SCAN")]
    small = (
        "SCAN w",
        "SCAN d",
        "SCAN o",
        "SCAN members",
        "SCAN json_each",
        "SCAN found",
        "SCAN joined",
        "SCAN theirs",
        "SCAN newest",
    )
    assert [step for step in through if not step.startswith((*small, "SCAN (", "SCAN CONST"))] == []
