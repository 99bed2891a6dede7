"""A training store with very many assessments, to see whether a full store slows the program."""

from __future__ import annotations

from pathlib import Path

from store.pathway_files import built_in
from store.records import PathwayCopy
from store.repository import Store
from store.training import open_training


def fill(path: Path, assessments: int) -> None:
    """Make a training store whose clients have so many confirmed assessments between them.

    Rows go in by the store's own way of writing, with their audit, in few transactions.
    """
    pathway = built_in("adult")
    copy = PathwayCopy(
        digest=pathway.digest,
        pathway_id=pathway.id,
        version=pathway.header.version,
        files=pathway.files,
    )
    with open_training(path) as store:
        clients = [client.id for client in store.recent_clients()]
        store.start(clients[0], copy, setting="reception", language="fi")
        for first in range(2, assessments + 2, 5000):
            with store._write():
                for seq in range(first, min(first + 5000, assessments + 2)):
                    _add(store, clients[seq % len(clients)], pathway.digest, seq)


def _add(store: Store, client: str, digest: str, seq: int) -> None:
    assessment = {
        "id": store._ids.new(),
        "seq": seq,
        "client_id": client,
        "pathway_digest": digest,
        "setting": "reception",
        "language": "fi",
        "started_at": store._now(),
        "started_by": store._worker,
    }
    store._append("assessments", assessment, "assessment.started", str(assessment["id"]))
    decision = {
        "id": store._ids.new(),
        "assessment_id": assessment["id"],
        "decision": '{"status":"suggested"}',
        "suggested_step": seq % 5,
        "confirmed_step": seq % 5,
        "reason_code": None,
        "reason_text": None,
        "at": store._now(),
        "by": store._worker,
    }
    store._append("decisions", decision, "decision.confirmed", str(decision["id"]))
