"""Two clients' paths through months, in the real program; if one breaks, somebody is lost on it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from casework.episode import EpisodeSession
from casework.workspace import Workspace
from screens.episode.episode import EpisodeScreen
from stepping.decision.decide import decide
from stepping.episode.episode import replay
from stepping.episode.events import EventEntry, read_event
from stepping.pathway.model import Answer
from stepping.pathway.reader import read_pathway
from store.paths import PATHWAYS
from store.repository.store import Store
from store.repository.worklist import list_all
from tests.terminal.lived import ADULT, FOLLOW_UP, DatedPorras, LongNurse, items, said

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drives a Linux pty")

FIRST_DAY = date(2026, 1, 12)
CARD: Mapping[str, Answer] = {"client.age": 46, "client.sex": "f"}


def day(number: int) -> date:
    """The day so many days after the first."""
    return FIRST_DAY + timedelta(days=number)


MILD = {
    **items("phq9", 2, 2, 2, 2, 1, 1, 1, 0, 0),
    **items("gad7", 2, 1, 1, 1, 1, 0, 0),
    "phq9.difficulty": 1,
    "history.weeks": 8,
}
"""PHQ-9 11, GAD-7 6: step 1 by rule A2."""


def same(occasion: str) -> dict[str, Answer]:
    """A follow-up a little below the first measurement: no reliable change."""
    return {
        **items("phq9", 2, 2, 2, 1, 1, 1, 1, 0, 0),
        **items("gad7", 2, 1, 1, 1, 0, 0, 0),
        "phq9.difficulty": 1,
        "work.ability": 7,
        "occasion": occasion,
    }


WELL = {**items("phq9", 1, 1, 1, 0), **items("gad7", 1, 1), "work.ability": 8}


def given(step: int, contacts: int, since: tuple[int, int]) -> dict[str, Answer]:
    """What the episode tells a follow-up of the first client."""
    return {
        **CARD,
        "care.step": step,
        "care.contacts": contacts,
        "before.phq9": 11,
        "before.gad7": 6,
        "since.phq9": since[0],
        "since.gad7": since[1],
    }


@pytest.mark.nightly  # two minutes; the other client is the short form of it
def test_a_year_from_guided_self_help_over_a_step_up_to_recovery(tmp_path: Path) -> None:
    porras = DatedPorras(tmp_path, "fi")
    steps = {step.number: step.name["fi"] for step in FOLLOW_UP.header.step}
    with porras.on(day(0)) as session:
        nurse = LongNurse(session, "fi")
        nurse.sets_up()
        nurse.fills_in_client()
        nurse.goes_through(ADULT, CARD, MILD)
        nurse.takes_suggestion(1, ADULT.header.step[1].name["fi"])
        with nurse.in_episode():
            nurse.begins_treatment("guided_self_help")
            nurse.agrees_next_contact(day(14))
        nurse.leaves()
    for number, when in enumerate((14, 28, 42), start=1):
        with porras.on(day(when)) as session:
            nurse = LongNurse(session, "fi", nurse.seen)
            nurse.unlocks()
            with nurse.in_episode():
                nurse.records_contact()
                nurse.agrees_next_contact(day(when + 14))
            nurse.begins_follow_up()
            nurse.goes_through(FOLLOW_UP, given(1, number, (11, 6)), same("contact"))
            step = 2 if number == 3 else 1
            nurse.takes_suggestion(step, steps[step])
            with nurse.in_episode():
                if step == 2:
                    nurse.ends_treatment("stepped_up")
                    nurse.begins_treatment("klt")
            nurse.leaves()
    with porras.on(day(120)) as session:
        nurse = LongNurse(session, "fi", nurse.seen)
        nurse.unlocks()
        with nurse.in_episode():
            for when in (50, 60, 70, 85, 100, 120):
                nurse.records_contact(day(when))
        nurse.begins_follow_up()
        nurse.goes_through(FOLLOW_UP, given(2, 6, (10, 5)), {**WELL, "occasion": "end"})
        nurse.takes_suggestion(0, steps[0])
        with nurse.in_episode():
            nurse.ends_treatment("completed", satisfaction=9)
            nurse.agrees_next_contact(day(302))
        nurse.leaves()
    with porras.on(day(302)) as session:
        nurse = LongNurse(session, "fi", nurse.seen)
        nurse.unlocks()
        nurse.begins_follow_up()
        nurse.goes_through(FOLLOW_UP, given(0, 0, (3, 2)), {**WELL, "occasion": "months_6"})
        nurse.takes_suggestion(0, steps[0])
        with nurse.in_episode():
            nurse.closes("recovered")
        nurse.leaves()
    assert [row.confirmed_step for row in porras.stored()[::-1]] == [1, 1, 1, 2, 0, 0]
    check_what_is_told(porras, nurse.seen[-1], day(302))
    assert said("scores recovered", "fi") in " ".join(nurse.seen[-1].split())


def test_a_turn_for_the_worse_with_suicidal_thoughts_leads_to_specialised_care(
    tmp_path: Path,
) -> None:
    porras = DatedPorras(tmp_path, "sv")
    worse = {
        **items("phq9", 3, 3, 3, 3, 3, 2, 2, 1, 1),
        **items("gad7", 3, 3, 2, 2, 2, 1, 1),
        "asq.1": "yes",
        "phq9.difficulty": 3,
        "work.ability": 2,
    }
    with porras.on(day(0)) as session:
        nurse = LongNurse(session, "sv")
        nurse.sets_up()
        nurse.fills_in_client()
        nurse.goes_through(ADULT, CARD, MILD)
        nurse.takes_suggestion(1, ADULT.header.step[1].name["sv"])
        with nurse.in_episode():
            nurse.begins_treatment("guided_self_help")
        nurse.leaves()
    with porras.on(day(10)) as session:
        nurse = LongNurse(session, "sv", nurse.seen)
        nurse.unlocks()
        with nurse.in_episode():
            nurse.records_contact()
        nurse.begins_follow_up()
        nurse.goes_through(FOLLOW_UP, given(1, 1, (11, 6)), {**worse, "occasion": "contact"})
        nurse.takes_suggestion(4, FOLLOW_UP.header.step[4].name["sv"])
        with nurse.in_episode():
            nurse.ends_treatment("stepped_up")
            nurse.begins_treatment("specialised_care")
        nurse.leaves()
    assert [row.confirmed_step for row in porras.stored()[::-1]] == [1, 4]
    with porras.opened() as store:
        (client,) = store.clients.list_recent()
        (follow_up, _) = store.assessments.list_of(client.id)
        rows = store.safety_steps.list_recorded(follow_up.id)
        assert {row.stop for row in rows} == {"S2"}
        assert [row.step for row in rows if not row.done] == ["next_contact"]
    check_what_is_told(porras, nurse.seen[-1], day(10))
    assert said("reliable deterioration", "sv") in " ".join(nurse.seen[-1].split())


def check_what_is_told(porras: DatedPorras, seen: str, today: date) -> None:
    """The stored events alone give the page, the worklist and every decision again."""
    with porras.opened() as store:
        (client,) = store.clients.list_recent()
        ((record, episode),) = store.episodes.list_of(client.id)
        assert replay(_entries(store, record.id)) == episode
        now = datetime.combine(today, time(12), tzinfo=UTC)
        workspace = Workspace(clock=lambda: now, pathways=PATHWAYS, language=porras.language)
        workspace.opened = store
        care = EpisodeSession.load(workspace, client, record.id)
        marks = store.risk_marks.list_of(client.id)
        lines = EpisodeScreen(care, risk=marks).content(78).lines
        drawn = ["".join(text for text, _ in line).strip() for line in lines]
        shown = [row.strip(" │▲▼") for row in seen.splitlines()]
        assert [row for row in drawn[:6] if row] == [row for row in shown[1:7] if row]
        waits = store.worklist.list_items(today, limit=99)
        with store.writing():
            list_all(store)
        assert store.worklist.list_items(today, limit=99) == waits
        for assessment in store.assessments.list_of(client.id):
            row = store.decisions.find(assessment.id)
            assert row is not None
            kept = json.loads(row.decision_json)
            answers = {
                i: tuple(v) if isinstance(v, list) else v for i, v in kept["answers"].items()
            }
            pathway = read_pathway(store.pathway_texts.read_files(assessment.pathway_digest))
            again = decide(pathway, answers, kept["recorded"])
            assert again.model_dump(mode="json") == kept["decision"]
        assert store.audit_log.find_bad_event() is None
        assert store.find_faults() == []


def _entries(store: Store, episode_id: str) -> list[EventEntry]:
    """The events of an episode straight from the table."""
    rows = store.db.query(
        "SELECT id, seq, event, supersedes FROM episode_events WHERE episode_id = ?", [episode_id]
    )
    return [EventEntry(**{**row, "event": read_event(row["event"])}) for row in rows]
