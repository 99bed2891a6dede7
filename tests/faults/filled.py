"""Records a word of its own in every place that takes one, then dies: run by a test.

filled.py FOLDER store|training   prints the clients' codes, and is killed with its log unread
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from stepping.episode.events import Experience, Opened, TrackEvent, Voice
from stepping.episode.validation import ValidationContext
from store.backup.backup import backup
from store.keys import keystore
from store.maintenance.salvage import salvage_store
from store.opening.unlock import set_up
from store.paths import StorePaths, find
from store.pathway_files.care import shipped_care
from store.pathway_files.files import built_in
from store.records import Confirmation, PathwayCopy
from store.repository.store import Store
from store.training.opening import open_training

HANDLE = "nurse-seven"
PASSPHRASE = "revontulet kaarnavene majakanvartija"

MARKERS = {
    place: f"zq{number:02d}vexmarker{place.replace(' ', '')}"
    for number, place in enumerate(
        (
            "answer",
            "answer in a list",
            "corrected answer",
            "why corrected",
            "why skipped",
            "note",
            "why not done",
            "reason",
            "decision",
            "why abandoned",
            "goal",
            "track goal",
            "experience",
            "municipality",
            "unit",
            "setting",
            "question",
            "pathway text",
        )
    )
}
"""A word for every place, by the place."""


def fill(store: Store) -> list[str]:
    """Record every marker; return the codes of the clients."""
    word = MARKERS
    copy = PathwayCopy.of(built_in("adult"))
    texts = {"rules.toml": f"# {word['pathway text']}"}
    own = PathwayCopy(digest="sha256:11", pathway_id="own", version="1", files=texts)
    store.staff.set_own_unit(word["unit"])
    store.settings.set("county", word["setting"])
    store.pathway_texts.keep_last_good(own)
    client = store.clients.add(birth_year=1980, language="fi", municipality=word["municipality"])
    other = store.clients.add(birth_year=1990, language="sv")
    first = store.assessments.start(client.id, copy, setting="clinic", language="fi").id
    store.answers.record(first, {word["question"]: 1, "q1": word["corrected answer"]})
    store.answers.record(first, {"q1": word["answer"]}, why=word["why corrected"])
    store.answers.record(first, {"q2": ["a", word["answer in a list"]]})
    store.answers.record_skip(first, "q3", word["why skipped"])
    store.answers.add_note(first, "q1", word["note"])
    store.safety_steps.record(first, "S1", "card", "call", done=False, why_not=word["why not done"])
    store.decisions.confirm(
        first,
        Confirmation(
            final_answers_seq=store.answers.get_progress(first).seq,
            decision_json=json.dumps({"status": word["decision"]}),
            suggested_step=2,
            confirmed_step=3,
            reason_code="other",
            reason_text=word["reason"],
        ),
    )
    second = store.assessments.start(other.id, copy, setting="clinic", language="sv").id
    store.assessments.abandon(second, word["why abandoned"])
    _live_through(store, client.id)
    return [client.code, other.code]


def _live_through(store: Store, client_id: str) -> None:
    """An episode with the client's own words in it."""
    day = datetime.now(UTC).date()
    around = ValidationContext(
        day, 1980, interventions={}, services={}, service_ages={}, tracks=shipped_care().tracks
    )
    record = store.episodes.begin(client_id, Opened(day=day), around)
    for event in _own_words(day):
        store.episodes.record_event(record.id, event, around)


def _own_words(day: date) -> tuple[Voice | TrackEvent | Experience, ...]:
    plan = TrackEvent(
        day=day,
        track="multi_service",
        what="planned",
        role="nurse",
        goals=(MARKERS["track goal"],),
        review_on=day + timedelta(days=40),
    )
    return (
        Voice(day=day, about="goal", words=MARKERS["goal"]),
        plan,
        Experience(day=day, helped=MARKERS["experience"]),
    )


def open_store(places: StorePaths, kind: str) -> Store:
    """A new encrypted store, or the plain training store."""
    if kind == "training":
        return open_training(places.training)
    return set_up(places, HANDLE, PASSPHRASE).store


def main() -> None:
    places = find(Path(sys.argv[1]) / "porras.db")
    store = open_store(places, sys.argv[2])
    told = fill(store)
    if not store.training:
        folder = places.database.parent
        backup(store, places, folder / "backups")
        key = keystore.unlock(places.keys, HANDLE, PASSPHRASE)
        salvage_store(places, key, folder / "rescued" / "porras.db", HANDLE)
    print(*told, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
