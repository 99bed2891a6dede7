"""A training store with very many assessments, to see whether a full store slows the program."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stepping.episode.events import (
    Closed,
    Event,
    Measured,
    NeedEstablished,
    NextContact,
    Opened,
    dump_event,
)
from store import codes
from store.audit import chain
from store.pathway_files.files import built_in
from store.records import PathwayCopy
from store.repository.internal import episodes, worklist_lines
from store.repository.store import Store
from store.training.opening import open_training

CLIENTS = 2000
"""Clients besides the training store's own; each has one open episode, and closed ones."""
EPISODES = 20_000
_BATCH = 5000


def fill(path: Path, assessments: int, episodes: int | None = None) -> None:
    """Make a training store whose clients have so many confirmed assessments between them.

    There are as many episodes, or a fifth of the assessments by default; the last of each client
    is open. The rows and their audit are those that the store would write, in few transactions.
    """
    pathway = built_in("adult")
    copy = PathwayCopy.of(pathway)
    with open_training(path) as store:
        first = store.clients.list_recent()[0]
        store.assessments.start(first.id, copy, setting="reception", language="fi")
        filler = _Filler(store, pathway.digest)
        filler.add_all(assessments, assessments // 5 if episodes is None else episodes)


class _Filler:
    """Writes rows with their audit; it knows the end of the chain, so that nothing is looked up."""

    def __init__(self, store: Store, digest: str) -> None:
        self._store = store
        self._digest = digest
        self._seq, self._prev = store.audit_log.get_head()
        self._assessments = self._newest("assessments")
        self._episodes = self._newest("episodes")
        self._today = datetime.datetime.now(datetime.UTC).date()

    def _newest(self, table: str) -> int:
        """The highest number that a row of a table has."""
        row = self._store.db.execute(f"SELECT coalesce(max(seq), 0) FROM {table}").fetchone()
        return int(row[0])

    def add_all(self, assessments: int, episodes: int) -> None:
        """Add clients, then assessments, of which the first ones belong to an episode each."""
        count = min(CLIENTS, max(1, episodes // 10))
        with self._store.writing():
            clients = [self._client(number) for number in range(count)]
        for first in range(0, assessments, _BATCH):
            with self._store.writing():
                for number in range(first, min(first + _BATCH, assessments)):
                    client = clients[number % count]
                    assessment = self._assessment(client, number)
                    if number < episodes:
                        self._episode(client, assessment, number, open_=number >= episodes - count)

    def _append(self, table: str, row: dict[str, Any], event: str, subject: str) -> None:
        """Insert as `Session.append` does, with the same audit."""
        self._seq += 1
        told = {
            "seq": self._seq,
            "at": self._store.timestamp(),
            "actor": self._store.handle,
            "event": event,
            "subject": subject,
            "digest": chain.digest(row),
            "prev": self._prev,
        }
        told["hash"] = self._prev = chain.digest(told)
        for name, values in ((table, row), ("audit", told)):
            columns = ", ".join(f'"{column}"' for column in values)
            marks = ", ".join("?" * len(values))
            sql = f"INSERT INTO {name} ({columns}) VALUES ({marks})"
            self._store.db.conn.execute(sql, tuple(values.values()))

    def _client(self, number: int) -> str:
        row = {
            "id": self._store.ids.new(),
            "code": codes.new(),
            "birth_year": 1950 + number % 60,
            "sex": None,
            "language": "fi",
            "municipality": ("hollola", "asikkala")[number % 2],
            "created_at": self._store.timestamp(),
            "created_by": self._store.worker_id,
        }
        self._append("clients", row, "client.added", str(row["id"]))
        return str(row["id"])

    def _assessment(self, client: str, number: int) -> str:
        assessment = {
            "id": self._store.ids.new(),
            "seq": self._assessments + number + 1,
            "client_id": client,
            "pathway_digest": self._digest,
            "setting": "reception",
            "language": "fi",
            "started_at": self._store.timestamp(),
            "started_by": self._store.worker_id,
        }
        id_ = str(assessment["id"])
        self._append("assessments", assessment, "assessment.started", id_)
        decision = {
            "id": self._store.ids.new(),
            "assessment_id": id_,
            "decision": '{"status":"suggested"}',
            "suggested_step": number % 5,
            "confirmed_step": number % 5,
            "reason_code": None,
            "reason_text": None,
            "at": self._store.timestamp(),
            "by": self._store.worker_id,
        }
        self._append("decisions", decision, "decision.confirmed", str(decision["id"]))
        return id_

    def _episode(self, client: str, assessment: str, number: int, *, open_: bool) -> None:
        store = self._store
        row = {
            "id": store.ids.new(),
            "seq": self._episodes + number + 1,
            "client_id": client,
            "created_at": store.timestamp(),
            "created_by": store.worker_id,
        }
        id_ = str(row["id"])
        self._append("episodes", row, "episode.begun", id_)
        begun = {
            "assessment_id": assessment,
            "episode_id": id_,
            "at": store.timestamp(),
            "by": store.worker_id,
        }
        self._append("episode_assessments", begun, "attachment.made", assessment)
        for seq, event in enumerate(self._events(assessment, number, open_=open_), start=1):
            told = {
                "id": store.ids.new(),
                "episode_id": id_,
                "seq": seq,
                "kind": event.kind,
                "day": event.day.isoformat(),
                "event": dump_event(event),
                "at": store.timestamp(),
                "by": store.worker_id,
                "supersedes": None,
            }
            self._append("episode_events", told, f"event.{event.kind}", str(told["id"]))
        if open_:
            standing = episodes.read(store, id_)
            worklist_lines.list_episode(store, *standing)

    def _events(self, assessment: str, number: int, *, open_: bool) -> Iterator[Event]:
        """An episode that is over, or one of four kinds that wait for something."""
        began = self._today - datetime.timedelta(days=30 if open_ else 400)
        yield Opened(day=began)
        yield Measured(day=began, assessment=assessment, step=number % 5)
        if not open_:
            yield Closed(
                day=began + datetime.timedelta(days=90), how="recovered", despite="clinical"
            )
        elif number % 4 < 2:
            days = 7 + number % 20 if number % 4 else 40 + number % 20
            yield NextContact(day=began, due=began + datetime.timedelta(days=days))
        elif number % 4 == 2:
            yield NeedEstablished(day=began + datetime.timedelta(days=number % 20))
