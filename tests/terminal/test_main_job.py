"""The nurse's main job in the real program, at 80×24, in every language."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from stepping.decision.decide import decide
from stepping.episode.episode import Episode
from stepping.pathway.reader import read_pathway
from tests.terminal.lived import LongNurse
from tests.terminal.main_job import (
    ANSWERS,
    HANDLE,
    RULES,
    STEP,
    Nurse,
    Porras,
    client_keys,
    count_keys,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drives a Linux pty")


@pytest.mark.parametrize(
    "language",
    ["fi", *(pytest.param(other, marks=pytest.mark.nightly) for other in ("en", "sv"))],
)
def test_from_first_run_to_a_confirmed_decision_in_seventy_keys(
    tmp_path: Path, language: str
) -> None:
    porras = Porras(tmp_path, language)
    with porras.start() as session:
        nurse = Nurse(session, language)
        nurse.sets_up()
        nurse.fills_in_client()
        nurse.answers(*ANSWERS)
        nurse.confirms()
        nurse.sees("done", "Enter")
        nurse.sees("close Porras", "q")
        assert session.wait_exit() == 0
        assert session.sane
        assert not session.left_on
    pressed = count_keys(*(a.keys for a in ANSWERS))
    assert pressed <= 64
    assert pressed + count_keys("n", *client_keys(language).values(), "Enter Enter Esc") <= 70
    (row,) = porras.stored()
    kept = json.loads(row.decision_json)
    assert (row.suggested_step, row.confirmed_step, row.by) == (STEP, STEP, HANDLE)
    assert {rule["id"] for rule in kept["decision"]["rules"]} == RULES
    check_replay(porras)


def check_replay(porras: Porras) -> None:
    """The stored pathway text and the stored answers give the stored decision again."""
    with porras.opened() as store:
        (client,) = store.clients.list_recent()
        (assessment,) = store.assessments.list_of(client.id)
        pathway = read_pathway(store.pathway_texts.read_files(assessment.pathway_digest))
        row = store.decisions.find(assessment.id)
        assert store.audit_log.find_bad_event() is None
        assert store.find_faults() == []
    assert row is not None
    kept = json.loads(row.decision_json)
    answers = {id_: tuple(v) if isinstance(v, list) else v for id_, v in kept["answers"].items()}
    assert decide(pathway, answers, kept["recorded"]).model_dump(mode="json") == kept["decision"]


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.nightly)])
def test_killed_after_an_answer_it_goes_on_at_the_next_question(tmp_path: Path, every: int) -> None:
    porras = Porras(tmp_path, "fi")
    with porras.start() as session:
        nurse = Nurse(session, "fi")
        nurse.sets_up()
        nurse.fills_in_client()
        nurse.asked(ANSWERS[0].question)
        session.kill()
    last = len(ANSWERS) - 1
    for first in range(0, last, every):
        following = min(first + every, last)
        with porras.start() as session:
            nurse = Nurse(session, "fi")
            nurse.unlocks()
            nurse.resumes()
            nurse.answers(*ANSWERS[first:following])
            nurse.asked(ANSWERS[following].question)
            session.kill()
    with porras.start() as session:
        nurse = Nurse(session, "fi")
        nurse.unlocks()
        nurse.resumes()
        nurse.answers(ANSWERS[-1])
        nurse.confirms_step()
        nurse.presses("4")  # one answer to what is asked once, which nothing has stored yet
        session.kill()
    (row,) = porras.stored()
    assert row.confirmed_step == STEP
    check_replay(porras)
    assert told(porras).referrer is None
    tell_later(porras)
    assert told(porras).referrer == "health_centre"


def told(porras: Porras) -> Episode:
    """The one episode, through a second connection."""
    with porras.opened() as store:
        (client,) = store.clients.list_recent()
        ((_, episode),) = store.episodes.list_of(client.id)
        return episode


def tell_later(porras: Porras) -> None:
    """Tell on the page of the episode who referred the client."""
    with porras.start() as session:
        nurse = LongNurse(session, porras.language)
        nurse.unlocks()
        nurse.sees("Clients seen lately")
        with nurse.in_episode():
            nurse.tells_who_referred("4")
