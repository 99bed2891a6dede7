"""The texts of pathways as they were used."""

from __future__ import annotations

import json
from typing import Any

from store.records import PathwayCopy
from store.session.session import Session


def keep(session: Session, pathway: PathwayCopy) -> None:
    """Keep the texts of a pathway once; its digest is their key."""
    if session.row("SELECT 1 FROM pathways WHERE digest = ?", pathway.digest):
        return
    row: dict[str, Any] = {
        "digest": pathway.digest,
        "pathway_id": pathway.pathway_id,
        "version": pathway.version,
        "files": json.dumps(dict(pathway.files), ensure_ascii=False, sort_keys=True),
    }
    session.append("pathways", row, "pathway.kept", pathway.digest)


def read_files(session: Session, digest: str) -> str:
    """Return the texts of a pathway by file name as JSON."""
    row = session.row("SELECT files FROM pathways WHERE digest = ?", digest)
    return str(row["files"]) if row else "{}"
