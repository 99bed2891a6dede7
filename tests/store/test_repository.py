"""What the nurse records is there, counts once, and nothing stands there that must not."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepping.decision.outcome import OR_ABOVE
from store import codes
from store.database import transactions
from store.errors import (
    AnswersChanged,
    ClosedAssessment,
    MistypedCode,
    RefusedHandle,
    RefusedText,
    StoreFault,
    UnknownRecord,
)
from store.opening.store_file import open_store
from store.records import Assessment, Confirmation, PathwayCopy
from store.repository.store import Store
from store.times import UUID7Generator, to_iso_utc
from tests.store.conftest import TickingClock


def confirmation(**changes: Any) -> Confirmation:
    given: dict[str, Any] = {
        "decision_json": '{"step": 2,  "note": "ä"}',
        "suggested_step": 2,
        "confirmed_step": 2,
        "final_answers_seq": 0,
    }
    return Confirmation(**{**given, **changes})


def events(store: Store) -> list[str]:
    return [row[0] for row in store.db.execute("SELECT event FROM audit ORDER BY seq")]


# Clients


def test_a_client_is_found_by_the_code_as_it_is_typed(store: Store) -> None:
    made = store.clients.add(birth_year=1975, language="sv", sex="m", municipality="asikkala")
    assert store.clients.get(made.id) == made
    assert store.clients.find(codes.show(made.code).lower()) == made
    assert (made.birth_year, made.language, made.sex) == (1975, "sv", "m")
    assert made.created_by == "nurse-1"


def test_an_unknown_code_is_nobody_and_a_mistyped_one_is_a_mistake(store: Store) -> None:
    made = store.clients.add(birth_year=1975, language="fi")
    unknown = next(code for code in iter(codes.new, "") if code != made.code)
    assert store.clients.find(unknown) is None
    with pytest.raises(MistypedCode):
        store.clients.find(made.code[:-1])
    with pytest.raises(UnknownRecord):
        store.clients.get("nothing")


def test_two_clients_never_share_a_code(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first = store.clients.add(birth_year=1975, language="fi")
    offers = iter([first.code, first.code, "TREENAAM"])
    monkeypatch.setattr(codes, "new", lambda: next(offers))
    assert store.clients.add(birth_year=1976, language="fi").code == "TREENAAM"
    with pytest.raises(StoreFault):
        store.clients.add(birth_year=1976, language="fi", code="TREENAAM")


@pytest.mark.parametrize("year", [0, 75, 1899, 2101])
def test_a_birth_year_is_a_year(store: Store, year: int) -> None:
    with pytest.raises(ValueError, match="birth_year"):
        store.clients.add(birth_year=year, language="fi")
    assert store.clients.list_recent() == []


def test_the_clients_seen_last_come_first(store: Store, pathway: PathwayCopy) -> None:
    made = [store.clients.add(birth_year=1950 + n, language="fi") for n in range(5)]
    store.assessments.start(made[1].id, pathway, setting="clinic", language="fi")
    order = [client.id for client in store.clients.list_recent(limit=3)]
    assert order == [made[1].id, made[4].id, made[3].id]


# Assessments and drafts


def test_the_pathway_is_kept_with_the_assessment_once(
    store: Store, assessment: Assessment, pathway: PathwayCopy
) -> None:
    again = store.assessments.start(assessment.client_id, pathway, setting="phone", language="sv")
    assert (assessment.seq, again.seq) == (1, 2)
    assert again.state == "draft"
    assert (again.pathway_id, again.pathway_version) == ("adult", "1.0.0")
    assert store.pathway_texts.read_files(pathway.digest) == pathway.files
    assert store.db.table("pathways").count == 1
    assert store.assessments.list_of(assessment.client_id) == [again, assessment]
    with pytest.raises(UnknownRecord):
        store.pathway_texts.read_files("sha256:other")


def test_no_assessment_without_a_client(store: Store, pathway: PathwayCopy) -> None:
    with pytest.raises(UnknownRecord):
        store.assessments.start("nobody", pathway, setting="clinic", language="fi")
    assert store.db.table("pathways").count == 0
    assert store.assessments.list_drafts() == []


def test_the_drafts_are_found_without_going_through_all_assessments(store: Store) -> None:
    """A start would take longer with every assessment that was ever made."""
    asked: list[str] = []
    store.db.conn.set_trace_callback(asked.append)
    store.assessments.list_drafts()
    store.db.conn.set_trace_callback(None)
    (sql,) = (text for text in asked if "drafts" in text)
    plan = [row[3] for row in store.db.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert [line for line in plan if line.startswith("SCAN")] == ["SCAN d"]


def test_a_draft_tells_where_it_stands(
    store: Store, assessment: Assessment, pathway: PathwayCopy
) -> None:
    later = store.assessments.start(assessment.client_id, pathway, setting="clinic", language="fi")
    store.answers.record(assessment.id, {"q1": 1, "q2": 2})
    store.answers.record(assessment.id, {"q1": 3})
    store.answers.record_skip(assessment.id, "q3")
    first, second = store.assessments.list_drafts()
    assert (first.assessment, first.answered) == (assessment, 2)
    assert (second.assessment, second.answered) == (later, 0)
    assert second.last_at == later.started_at
    assert first.last_at > second.last_at
    assert first.client_code == store.clients.get(assessment.client_id).code
    store.answers.add_note(later.id, "q1", "came late")
    assert store.assessments.list_drafts()[0].assessment == later


def test_a_closed_assessment_is_no_draft(
    store: Store, assessment: Assessment, pathway: PathwayCopy
) -> None:
    other = store.assessments.start(assessment.client_id, pathway, setting="clinic", language="fi")
    store.assessments.abandon(other.id, "client left")
    store.decisions.confirm(assessment.id, confirmation())
    assert store.assessments.list_drafts() == []
    assert store.assessments.get(other.id).state == "abandoned"
    assert store.assessments.get(assessment.id).state == "confirmed"


# Answers

VALUES: list[Any] = [0, 21, True, False, "yes", "", 7.5, ["a", "b"], [], {"a": 1}, "1.2.2026", "Ää"]


@pytest.mark.parametrize("value", VALUES)
def test_an_answer_comes_back_as_it_was_given(
    store: Store, assessment: Assessment, path: Path, key: bytes, value: Any
) -> None:
    store.answers.record(assessment.id, {"q": value})
    store.close()
    with open_store(path, key, "nurse-2") as other:
        found = other.answers.get_progress(assessment.id).answers["q"]
    assert found == value
    assert type(found) is type(value)


def test_a_correction_counts_and_the_first_answer_stays(
    store: Store, assessment: Assessment
) -> None:
    store.answers.record(assessment.id, {"q1": 3})
    store.answers.record(assessment.id, {"q1": 1}, why="misheard")
    assert store.answers.get_progress(assessment.id).answers == {"q1": 1}
    rows = list(store.db.table("answers").rows)
    assert [(row["value"], row["why"]) for row in rows] == [("3", None), ("1", "misheard")]
    assert rows[1]["supersedes"] == rows[0]["id"]


def test_the_same_answer_again_is_no_new_entry(store: Store, assessment: Assessment) -> None:
    """A retry after a cut, when nobody knows whether the answer was kept."""
    assert store.answers.record(assessment.id, {"q1": 3}) == 1
    told = events(store)
    assert store.answers.record(assessment.id, {"q1": 3}) == 1
    assert events(store) == told
    assert store.answers.record(assessment.id, {"q1": 3}, why="asked again") == 2
    assert store.answers.record(assessment.id, {"q1": True}) == 3
    assert store.answers.record(assessment.id, {"q1": 1}) == 4


def test_skipped_and_withdrawn_questions_have_no_answer(
    store: Store, assessment: Assessment
) -> None:
    store.answers.record(assessment.id, {"q1": 3, "q2": 1})
    store.answers.record_skip(assessment.id, "q1", "client did not want to say")
    store.answers.record_skip(assessment.id, "q3")
    store.answers.withdraw(assessment.id, "q2")
    found = store.answers.get_progress(assessment.id)
    assert found.answers == {}
    assert found.skipped == {"q1": "client did not want to say", "q3": ""}
    assert found.seq == 5
    store.answers.withdraw(assessment.id, "q2")
    store.answers.withdraw(assessment.id, "never.asked")
    assert store.answers.get_progress(assessment.id).seq == 5
    store.answers.record(assessment.id, {"q1": 0, "q2": 0, "q3": 0})
    assert store.answers.get_progress(assessment.id).answers == {"q1": 0, "q2": 0, "q3": 0}
    assert store.answers.get_progress(assessment.id).skipped == {}


def test_assessments_do_not_mix(store: Store, assessment: Assessment, pathway: PathwayCopy) -> None:
    other = store.assessments.start(assessment.client_id, pathway, setting="clinic", language="fi")
    store.answers.record(assessment.id, {"q1": 3})
    store.answers.record(other.id, {"q1": 0})
    store.answers.add_note(other.id, "q1", "calm")
    assert store.answers.get_progress(assessment.id).answers == {"q1": 3}
    assert store.answers.get_progress(assessment.id).notes == ()
    assert store.answers.get_progress(other.id).answers == {"q1": 0}


def test_notes_come_back_in_order_with_their_writer(store: Store, assessment: Assessment) -> None:
    store.answers.add_note(assessment.id, "q1", "  first ")
    store.answers.add_note(assessment.id, "q1", "second")
    notes = store.answers.get_progress(assessment.id).notes
    assert [(n.text, n.by, n.question) for n in notes] == [
        ("first", "nurse-1", "q1"),
        ("second", "nurse-1", "q1"),
    ]


def test_several_answers_are_kept_all_or_none(store: Store, assessment: Assessment) -> None:
    with pytest.raises(RefusedText):
        store.answers.record(assessment.id, {"q1": 1, "q2": "call 040 1234567"})
    assert store.answers.get_progress(assessment.id).seq == 0


def test_every_entry_has_one_event(store: Store, assessment: Assessment) -> None:
    before = len(events(store))
    store.answers.record(assessment.id, {"q1": 1, "q2": 2})
    store.answers.record_skip(assessment.id, "q3")
    store.answers.withdraw(assessment.id, "q1")
    store.answers.add_note(assessment.id, "q1", "x")
    store.safety_steps.record(assessment.id, "stop", "card", "step", done=True)
    store.audit_log.log_view(assessment.client_id)
    store.settings.set("county", "paijat_hame")
    store.decisions.confirm(assessment.id, confirmation(final_answers_seq=4))
    assert events(store)[before:] == [
        "answer.given",
        "answer.given",
        "answer.skipped",
        "answer.withdrawn",
        "note.added",
        "safety.recorded",
        "view",
        "setting.changed",
        "decision.confirmed",
    ]


# What must not stand in the store

BAD_TEXTS = {
    "hetu": "Potilas 010190-912K",
    "phone": "call 040 123 4567",
    "email": "a.b@example.fi",
    "character": "a\x1b[2J",
    "long": "x" * 501,
}


def writers(store: Store, assessment_id: str) -> dict[str, Any]:
    """Every way in which free text gets into the store."""
    changed = {"confirmed_step": 1, "reason_code": "other"}
    return {
        "answer": lambda t: store.answers.record(assessment_id, {"q": t}),
        "answer in a list": lambda t: store.answers.record(assessment_id, {"q": ["a", t]}),
        "answer in a table": lambda t: store.answers.record(assessment_id, {"q": {"a": {t: 1}}}),
        "why": lambda t: store.answers.record(assessment_id, {"q": 1}, why=t),
        "skip": lambda t: store.answers.record_skip(assessment_id, "q", t),
        "note": lambda t: store.answers.add_note(assessment_id, "q", t),
        "why not": lambda t: store.safety_steps.record(
            assessment_id, "s", "c", "p", done=False, why_not=t
        ),
        "reason": lambda t: store.decisions.confirm(
            assessment_id, confirmation(reason_text=t, **changed)
        ),
        "abandon": lambda t: store.assessments.abandon(assessment_id, t),
        "municipality": lambda t: store.clients.add(birth_year=1980, language="fi", municipality=t),
        "setting": lambda t: store.settings.set("county", t),
    }


WRITERS = list(writers(None, ""))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", BAD_TEXTS)
@pytest.mark.parametrize("way", WRITERS)
def test_a_text_that_names_a_person_is_refused_everywhere(
    store: Store, assessment: Assessment, way: str, kind: str
) -> None:
    tables = ("answers", "notes", "safety", "decisions", "closings", "clients", "settings")
    before = [store.db.table(table).count for table in tables]
    told = events(store)
    with pytest.raises(RefusedText) as error:
        writers(store, assessment.id)[way](BAD_TEXTS[kind])
    assert error.value.kind == kind
    assert BAD_TEXTS[kind] not in str(error.value)
    assert [store.db.table(table).count for table in tables] == before
    assert events(store) == told


@pytest.mark.parametrize("way", WRITERS)
def test_an_ordinary_text_is_taken_everywhere(
    store: Store, assessment: Assessment, way: str
) -> None:
    before = store.audit_log.get_head()[0]
    writers(store, assessment.id)[way]("Väsynyt – PHQ-9 12, 2026-11-22")
    assert store.audit_log.get_head()[0] == before + 1


@pytest.mark.parametrize("value", [None, float("nan"), object(), {1, 2}, "\ud800", ["x"] * 5000])
def test_an_answer_that_is_no_answer_is_refused(
    store: Store, assessment: Assessment, value: Any
) -> None:
    with pytest.raises(RefusedText):
        store.answers.record(assessment.id, {"q": value})
    assert store.answers.get_progress(assessment.id).seq == 0


@pytest.mark.parametrize("question", ["", "a b", "q" * 81, "q\n", "010190 912K"])
def test_a_question_is_named_by_its_id(store: Store, assessment: Assessment, question: str) -> None:
    with pytest.raises(RefusedText) as error:
        store.answers.record(assessment.id, {question: 1})
    assert error.value.kind == "code"


@pytest.mark.parametrize("handle", ["Maija Virtanen", "", "a"])
def test_a_worker_is_a_staff_code(
    path: Path, key: bytes, store: Store, assessment: Assessment, handle: str
) -> None:
    with pytest.raises(RefusedHandle):
        open_store(path, key, handle)
    if handle:
        with pytest.raises(RefusedHandle):
            store.safety_steps.record(assessment.id, "s", "c", "p", done=True, recorder=handle)


# Safety steps


def test_a_safety_step_counts_as_it_was_last_recorded(store: Store, assessment: Assessment) -> None:
    store.safety_steps.record(
        assessment.id, "suicide", "acute", "call", done=False, why_not="no line"
    )
    store.safety_steps.record(assessment.id, "suicide", "acute", "stay", done=True)
    store.safety_steps.record(
        assessment.id, "suicide", "acute", "call", done=True, recorder="doctor-7"
    )
    found = [
        (s.step, s.done, s.why_not, s.recorder)
        for s in store.safety_steps.list_recorded(assessment.id)
    ]
    assert found == [("stay", True, None, "nurse-1"), ("call", True, None, "doctor-7")]
    assert store.db.table("safety").count == 3


def test_a_step_not_taken_needs_a_reason(store: Store, assessment: Assessment) -> None:
    for why in (None, "", "  "):
        with pytest.raises(RefusedText) as error:
            store.safety_steps.record(assessment.id, "s", "c", "p", done=False, why_not=why)
        assert error.value.kind == "missing"
    assert store.safety_steps.list_recorded(assessment.id) == []


def test_a_step_not_taken_keeps_the_code_of_its_reason_beside_the_words(
    store: Store, assessment: Assessment
) -> None:
    steps = store.safety_steps
    for why in (None, "  "):
        with pytest.raises(RefusedText) as error:
            steps.record(assessment.id, "s", "c", "p", False, why, reason="declined")
        assert (error.value.kind, error.value.field) == ("missing", "why_not")
    with pytest.raises(RefusedText):
        steps.record(assessment.id, "s", "c", "p", False, "no line", reason="not a code")
    assert steps.list_recorded(assessment.id) == []
    steps.record(assessment.id, "s", "c", "p", False, "wants nobody called", reason="declined")
    steps.record(assessment.id, "s", "c", "q", False, "as before, in words alone")
    steps.record(assessment.id, "s", "c", "r", True, reason="declined")
    told = [(s.step, s.reason) for s in steps.list_recorded(assessment.id)]
    assert told == [("p", "declined"), ("q", None), ("r", None)]
    steps.withdraw(assessment.id, "s", "c", "p")
    rows = store.db.execute("SELECT step, done, reason FROM safety ORDER BY rowid").fetchall()
    assert rows == [("p", 0, "declined"), ("q", 0, None), ("r", 1, None), ("p", 0, None)]


def test_the_table_refuses_a_reason_of_a_step_that_was_taken(
    store: Store, assessment: Assessment
) -> None:
    store.safety_steps.record(assessment.id, "s", "c", "p", done=True)
    row = {**next(store.db.table("safety").rows), "id": "new", "step": "q", "reason": "declined"}
    with pytest.raises(StoreFault), transactions.writing(store.db):
        store.db.table("safety").insert(row)


def test_a_call_made_late_is_still_recorded(store: Store, assessment: Assessment) -> None:
    store.decisions.confirm(assessment.id, confirmation())
    store.safety_steps.record(assessment.id, "s", "c", "p", done=True)
    assert [s.done for s in store.safety_steps.list_recorded(assessment.id)] == [True]


# Decisions


def test_a_decision_is_kept_byte_for_byte(store: Store, assessment: Assessment) -> None:
    assert store.decisions.find(assessment.id) is None
    kept = store.decisions.confirm(assessment.id, confirmation())
    assert kept == store.decisions.find(assessment.id)
    assert kept.decision_json == '{"step": 2,  "note": "ä"}'
    assert (kept.suggested_step, kept.confirmed_step, kept.by) == (2, 2, "nurse-1")


def test_an_override_needs_a_reason(store: Store, assessment: Assessment) -> None:
    for steps in ({"confirmed_step": 1}, {"suggested_step": None}, {"confirmed_step": None}):
        with pytest.raises(RefusedText) as error:
            store.decisions.confirm(assessment.id, confirmation(**steps))
        assert error.value.kind == "missing"
    changed = confirmation(confirmed_step=1, reason_code="client_wish", reason_text="wants less")
    kept = store.decisions.confirm(assessment.id, changed)
    assert (kept.reason_code, kept.reason_text) == ("client_wish", "wants less")


def test_a_step_that_was_left_open_upward_needs_no_other_reason(
    store: Store, assessment: Assessment
) -> None:
    kept = store.decisions.confirm(
        assessment.id, confirmation(confirmed_step=3, reason_code=OR_ABOVE)
    )
    assert (kept.suggested_step, kept.confirmed_step, kept.reason_code) == (2, 3, OR_ABOVE)


@pytest.mark.parametrize("steps", [{"confirmed_step": 1}, {"confirmed_step": None}])
def test_nothing_below_passes_as_left_open_upward(
    store: Store, assessment: Assessment, steps: dict[str, int | None]
) -> None:
    with pytest.raises(RefusedText) as error:
        store.decisions.confirm(assessment.id, confirmation(**steps, reason_code=OR_ABOVE))
    assert error.value.kind == "missing"
    assert store.decisions.find(assessment.id) is None


def test_a_decision_on_changed_answers_is_refused(
    store: Store, assessment: Assessment, path: Path, key: bytes, clock: TickingClock
) -> None:
    """Another window changed an answer after this one showed its suggestion."""
    seq = store.answers.record(assessment.id, {"phq9.9": 0})
    with open_store(path, key, "nurse-2", clock) as other:
        other.answers.record(assessment.id, {"phq9.9": 3})
    with pytest.raises(AnswersChanged):
        store.decisions.confirm(assessment.id, confirmation(final_answers_seq=seq))
    assert store.decisions.find(assessment.id) is None
    store.decisions.confirm(assessment.id, confirmation(final_answers_seq=seq + 1))


def test_a_decision_that_is_no_json_is_refused(store: Store, assessment: Assessment) -> None:
    with pytest.raises(RefusedText):
        store.decisions.confirm(assessment.id, confirmation(decision_json="{"))
    assert store.decisions.find(assessment.id) is None


@pytest.mark.parametrize("end", ["confirm", "abandon"])
def test_a_closed_assessment_takes_no_more(store: Store, assessment: Assessment, end: str) -> None:
    if end == "confirm":
        store.decisions.confirm(assessment.id, confirmation())
    else:
        store.assessments.abandon(assessment.id, "client left")
    for entry in (
        lambda: store.answers.record(assessment.id, {"q": 1}),
        lambda: store.answers.record_skip(assessment.id, "q"),
        lambda: store.answers.withdraw(assessment.id, "q"),
        lambda: store.answers.add_note(assessment.id, "q", "x"),
        lambda: store.decisions.confirm(assessment.id, confirmation()),
        lambda: store.assessments.abandon(assessment.id, "again"),
    ):
        with pytest.raises(ClosedAssessment):
            entry()
    assert store.answers.get_progress(assessment.id).seq == 0


def test_an_unknown_assessment_is_told(store: Store) -> None:
    for entry in (
        lambda: store.answers.record("no", {"q": 1}),
        lambda: store.answers.get_progress("no"),
        lambda: store.safety_steps.list_recorded("no"),
        lambda: store.decisions.find("no"),
        lambda: store.assessments.get("no"),
        lambda: store.safety_steps.record("no", "s", "c", "p", done=True),
        lambda: store.decisions.confirm("no", confirmation()),
        lambda: store.assessments.abandon("no", "x"),
        lambda: store.answers.add_note("no", "q", "x"),
    ):
        with pytest.raises(UnknownRecord):
            entry()


# Settings, workers, time


def test_a_setting_is_kept(store: Store, path: Path, key: bytes) -> None:
    assert store.settings.get("county") is None
    store.settings.set("county", "a")
    store.settings.set("county", "b")
    store.close()
    with open_store(path, key, "nurse-1") as again:
        assert again.settings.get("county") == "b"


def test_a_worker_is_added_once_and_every_opening_is_logged(
    store: Store, path: Path, key: bytes
) -> None:
    store.close()
    open_store(path, key, "Nurse-1").close()
    with open_store(path, key, "nurse-2") as again:
        assert [row["handle"] for row in again.db.table("workers").rows] == ["nurse-1", "nurse-2"]
        assert events(again) == [
            "worker.added",
            "sealkey.made",
            "setting.changed",
            "session.opened",
            "session.opened",
            "worker.added",
            "session.opened",
        ]


def test_a_clock_that_falls_back_loses_no_order(
    store: Store, assessment: Assessment, clock: Any
) -> None:
    store.answers.record(assessment.id, {"q1": 1})
    clock.now -= timedelta(days=366)
    store.answers.record(assessment.id, {"q1": 2})
    assert store.answers.get_progress(assessment.id).answers == {"q1": 2}
    assert store.audit_log.find_bad_event() is None
    ids = [row["id"] for row in store.db.table("answers").rows]
    assert ids == sorted(ids)


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=50))
def test_ids_rise_whatever_the_clock_does(jumps: list[int]) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    times = iter([now + timedelta(milliseconds=jump) for jump in jumps])
    ids = UUID7Generator(lambda: next(times))
    made = [ids.new() for _ in jumps]
    assert made == sorted(set(made))
    form = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    assert all(re.fullmatch(form, one) for one in made)


def test_an_id_carries_its_millisecond() -> None:
    now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    made = UUID7Generator(lambda: now).new()
    assert int(made.replace("-", "")[:12], 16) == int(now.timestamp() * 1000)


def test_an_instant_needs_its_time_zone() -> None:
    assert to_iso_utc(datetime(2026, 11, 22, 10, 0, tzinfo=UTC)) == "2026-11-22T10:00:00.000Z"
    with pytest.raises(ValueError, match="time zone"):
        to_iso_utc(datetime(2026, 11, 22, 10, 0))


# Answers that were given elsewhere


def test_an_answer_from_elsewhere_is_as_old_as_it_is_and_kept_once(
    store: Store, assessment: Assessment, clock: TickingClock
) -> None:
    at = clock.now - timedelta(days=3)
    for _ in range(2):
        assert store.answers.take_in(assessment.id, {"q1": 2, "q2": ["a"]}, "form", at) == 2
    progress = store.answers.get_progress(assessment.id)
    assert progress.answers == {"q1": 2, "q2": ["a"]}
    assert {when.at for when in progress.times.values()} == {at}
    assert {each.source for each in progress.elsewhere.values()} == {"form"}
    assert events(store).count("answer.told") == 2
    # Asked here, the same answer is another one: it is as old as today.
    assert store.answers.record(assessment.id, {"q1": 2}, after=2) == 3
    progress = store.answers.get_progress(assessment.id)
    assert progress.elsewhere.keys() == {"q2"}
    assert progress.times["q1"].at > at
    assert store.audit_log.find_bad_event() is None


def test_what_was_taken_in_is_known_after_it_was_corrected(
    store: Store, assessment: Assessment, clock: TickingClock
) -> None:
    at = clock.now - timedelta(days=3)
    store.answers.take_in(assessment.id, {"q1": 2, "q2": ["a"]}, "form", at)
    store.answers.record(assessment.id, {"q1": 0})
    assert store.answers.list_told(assessment.id) == [("q1", 2, at), ("q2", ("a",), at)]
    with pytest.raises(UnknownRecord):
        store.answers.list_told("nobody")


@pytest.mark.parametrize("ahead", [timedelta(seconds=1), timedelta(days=400)])
def test_nothing_was_given_in_the_future(
    store: Store, assessment: Assessment, clock: TickingClock, ahead: timedelta
) -> None:
    before = events(store)
    with pytest.raises(ValueError, match="future"):
        store.answers.take_in(assessment.id, {"q1": 2}, "form", clock.now + timedelta(1) + ahead)
    with pytest.raises(ValueError, match="time zone"):
        store.answers.take_in(assessment.id, {"q1": 2}, "form", datetime(2020, 1, 1))
    assert store.answers.get_progress(assessment.id).answers == {}
    assert events(store) == before
