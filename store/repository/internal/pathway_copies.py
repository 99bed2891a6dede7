"""The texts of pathways as they were used, and the pathways that they make, at hand once read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from store.records import PathwayCopy
from store.session.session import Session

if TYPE_CHECKING:
    from stepping.pathway.model import Pathway

_at_hand: dict[str, Pathway | None] = {}


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


def find_pathway(session: Session, digest: str) -> Pathway | None:
    """Return the pathway of a kept text, which is read once; None if it cannot be read."""
    if digest not in _at_hand:
        row = session.row("SELECT files FROM pathways WHERE digest = ?", digest)
        _at_hand[digest] = _read(str(row["files"]) if row else "{}")
    return _at_hand[digest]


def hold_at_hand(pathway: Pathway) -> None:
    """Hold a pathway at hand that has been read already."""
    _at_hand[pathway.digest] = pathway


def _read(files: str) -> Pathway | None:
    from stepping.pathway.reader import read_pathway

    try:
        return read_pathway(json.loads(files), kept=True)
    except Exception:
        # Whatever is wrong with one old text, the store opens, and its drafts count as unread.
        return None
