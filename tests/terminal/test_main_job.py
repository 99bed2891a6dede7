"""The nurse's main job in the real program, at 80×24, in every language."""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from stepping.decision import decide
from stepping.reading import read_pathway
from store import keys, pathway_files
from store.repository import Store
from tests.terminal.main_job import (
    ANSWERS,
    HANDLE,
    PASSPHRASE,
    RULES,
    STEP,
    Porras,
    client_keys,
    count_keys,
)
from tests.terminal.session import Session

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drives a Linux pty")

QUESTIONS = pathway_files.built_in("adult").questions


def on_screen(session: Session, question: str, language: str) -> None:
    """Wait until a question stands on the screen."""
    words = QUESTIONS[question].text[language].split()
    session.wait_for(r"\s+".join(map(_literal, words[:4])))


def _literal(word: str) -> str:
    return "".join(char if char.isalnum() else rf"\{char}" for char in word)


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_from_first_run_to_a_confirmed_decision_in_seventy_keys(
    tmp_path: Path, language: str
) -> None:
    porras = Porras(tmp_path, language)
    with porras.start() as session:
        porras.set_up(session)
        session.press("n sleep:80")
        for script in client_keys(language):
            session.press(f"{script} sleep:60")
        for answered in ANSWERS:
            on_screen(session, answered.question, language)
            session.press(f"sleep:60 {answered.keys}")
        session.wait_for("A3 ")
        session.press("sleep:60 Enter sleep:100 Enter sleep:150")
        session.wait_for(rf"\b{STEP}: .* \({HANDLE}, ")
        session.press("Enter sleep:150 q")
        assert session.wait_exit() == 0
        assert session.sane
        assert not session.left_on
    pressed = count_keys("n", *client_keys(language), *(a.keys for a in ANSWERS), "Enter Enter")
    assert pressed <= 70
    (row,) = porras.stored()
    kept = json.loads(row.decision_json)
    assert (row.suggested_step, row.confirmed_step, row.by) == (STEP, STEP, HANDLE)
    assert {rule["id"] for rule in kept["decision"]["rules"]} == RULES
    check_replay(porras)


def check_replay(porras: Porras) -> None:
    """The stored pathway text and the stored answers give the stored decision again."""
    key = keys.unlock(porras.database.with_suffix(".keys"), HANDLE, PASSPHRASE)
    with Store.open(porras.database, key, HANDLE) as store:
        (client,) = store.recent_clients()
        (assessment,) = store.assessments_of(client.id)
        pathway = read_pathway(store.pathway_files(assessment.pathway_digest))
        row = store.decision(assessment.id)
        assert store.verify_chain() is None
        assert store.faults() == []
    assert row is not None
    kept = json.loads(row.decision_json)
    answers = {id_: tuple(v) if isinstance(v, list) else v for id_, v in kept["answers"].items()}
    assert decide(pathway, answers, kept["recorded"]).model_dump(mode="json") == kept["decision"]


def test_killed_after_every_answer_it_goes_on_at_the_next_question(tmp_path: Path) -> None:
    porras = Porras(tmp_path, "fi")
    with porras.start() as session:
        porras.set_up(session)
        session.press("n sleep:80")
        for script in client_keys("fi"):
            session.press(f"{script} sleep:60")
        on_screen(session, ANSWERS[0].question, "fi")
        session.kill()
    for answered, following in pairwise(ANSWERS):
        with porras.start() as session:
            porras.unlock(session)
            session.press("sleep:60 1")
            on_screen(session, answered.question, "fi")
            session.press(f"sleep:60 {answered.keys}")
            on_screen(session, following.question, "fi")
            session.kill()
    with porras.start() as session:
        porras.unlock(session)
        session.press("sleep:60 1")
        on_screen(session, ANSWERS[-1].question, "fi")
        session.press(
            f"sleep:60 {ANSWERS[-1].keys} wait:A3 sleep:60 Enter sleep:100 Enter sleep:150"
        )
        session.kill()
    (row,) = porras.stored()
    assert row.confirmed_step == STEP
    check_replay(porras)
