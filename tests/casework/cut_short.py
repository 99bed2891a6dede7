"""Ends use cases wherever a transaction begins or ends: run as a program, never imported.

cut_short.py FOLDER

For each use case and for n = 1, 2, … a child does it on a fresh copy of one store and is ended at
once when the n-th transaction that writes begins, or is about to be kept. After each the store has
to be as before or as after, and the use case has to succeed when it is done again. Prints each use
case with the number of places at which it was ended.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from casework.assessment import AssessmentSession
from casework.client_card import ClientCard
from stepping.decision.interview import shown_pages
from stepping.episode.events import Opened
from stepping.episode.validation import ValidationContext
from stepping.pathway.model import Answer, Pathway
from store.opening.store_file import create_store, open_store
from store.paths import find
from store.pathway_files.files import built_in
from store.records import Client
from store.repository.store import Store
from tests.screens.running import CALM, Stage

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ADULT, FOLLOW_UP = built_in("adult"), built_in("follow_up")
TABLES = (
    *("clients", "assessments", "answers", "safety", "decisions", "closings", "drafts"),
    *("episodes", "episode_events", "episode_assessments", "open_stops", "worklist"),
    "risk_signs",
)


def opened(path: Path) -> Store:
    """Open the store, which needs no key."""
    return open_store(path, None, "nurse1", lambda: NOW, training=True)


def state(path: Path) -> dict[str, int]:
    """Count the rows of each table."""
    with opened(path) as store:
        return {name: store.db.table(name).count for name in TABLES}


# The store, and what is done in it


def made(path: Path) -> None:
    """Make a store with a client, who is in an episode of care, and four drafts."""
    with create_store(path, None, "nurse1", lambda: NOW, training=True) as store:
        client = store.clients.add(birth_year=1986, language="en", sex="f", municipality="hollola")
        draft(store, client, ADULT, Stage(find(path), ADULT).whole())
        draft(store, client, ADULT, CALM)
        draft(store, client, ADULT, {"danger.suicide": "yes"})
        draft(store, client, FOLLOW_UP, {})
        around = ValidationContext(NOW.date(), 1986, {}, {}, {}, store.care.tracks)
        store.episodes.begin(client.id, Opened(day=NOW.date()), around)
        store.clients.add(birth_year=1986, language="en", sex="f", code="TREENAAM")


def draft(store: Store, client: Client, pathway: Pathway, answers: Mapping[str, Answer]) -> None:
    session = AssessmentSession.start(store, pathway, client, setting="phone", language="en")
    if answers:
        session.record_answers(answers)


def taken_up(store: Store, number: int) -> AssessmentSession:
    """Go on with the draft of a number."""
    (found,) = (d for d in store.assessments.list_drafts() if d.assessment.seq == number)
    pathway = FOLLOW_UP if found.assessment.pathway_id == "follow_up" else ADULT
    return AssessmentSession.resume(store, found.assessment, pathway)


def begins(store: Store, client: Client | None, pathway: Pathway) -> None:
    card = ClientCard(client, "TREENABK", 1990, "f", "en", "phone", "hollola", pathway)
    AssessmentSession.begin(store, card)


def follows(store: Store) -> None:
    begins(store, taken_up(store, 1).client, FOLLOW_UP)


def confirms(store: Store) -> None:
    session = taken_up(store, 1)
    decision = session.decide()
    session.confirm(decision, decision.step or 0)


def skips(store: Store) -> None:
    session = taken_up(store, 2)
    pages = shown_pages(ADULT, session.answers)
    open_ = [p for p in pages if not {q.id for q in p.questions} & session.valid_answers.keys()]
    session.skip_page(max(open_, key=lambda page: len(page.questions)))


USE_CASES: dict[str, Callable[[Store], None]] = {
    "an assessment begins with a new client": lambda store: begins(store, None, ADULT),
    "a follow-up begins": follows,
    "a draft joins an episode": lambda store: taken_up(store, 4).join_open_episode(),
    "a step is confirmed": confirms,
    "a page of several questions is skipped": skips,
    "an assessment ends at an open stop": lambda s: taken_up(s, 3).abandon_with_stops("has died"),
}


# How it is ended


def end_at(number: int, store: Store) -> None:
    """End this process at the n-th beginning or end of a transaction that writes."""
    count = 0

    def heard(statement: str) -> None:
        nonlocal count
        if statement in ("BEGIN IMMEDIATE", "COMMIT"):
            count += 1
            if count == number:
                os._exit(9)

    store.db.conn.set_trace_callback(heard)


def cut(use_case: Callable[[Store], None], path: Path, number: int) -> bool:
    """Do it in a child; whether it was ended before it was done."""
    child = os.fork()
    if child == 0:
        store = opened(path)
        end_at(number, store)
        use_case(store)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in {0, 9}, status
    return status == 9


def try_out(use_case: Callable[[Store], None], ready: Path, trial: Path) -> int:
    """End a use case at every place; return how many there are."""
    number, going, ways = 0, True, [state(ready), {}]
    while going:
        shutil.copy(ready, trial)
        going = cut(use_case, trial, number)
        ways[1] = ways[1] or state(trial)  # the first run is not ended
        assert ways[0] != ways[1]
        assert state(trial) in ways, f"half done at {number}"
        if state(trial) == ways[0]:
            with opened(trial) as store:
                use_case(store)
            assert state(trial) == ways[1], f"not done again after {number}"
        going = going or number == 0
        number += 1
        for left in trial.parent.glob(f"{trial.name}*"):
            left.unlink()
    return number - 2


def main() -> None:
    ready = Path(sys.argv[1]) / "ready.db"
    made(ready)
    for name, use_case in USE_CASES.items():
        print(f"{name}: {try_out(use_case, ready, ready.with_name('trial.db'))}")


if __name__ == "__main__":
    main()
