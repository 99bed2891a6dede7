"""The pathways of drafts at hand, so that the store reads the text of each one once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stepping.pathway.model import Pathway

_at_hand: dict[str, Pathway | None] = {}


def lay_out(pathway: Pathway) -> None:
    """Keep a pathway at hand that has been read already."""
    _at_hand[pathway.digest] = pathway


def at_hand(digest: str, files: Callable[[], str]) -> Pathway | None:
    """Return the pathway with a digest; None if its text cannot be read.

    `files` gives its texts by file name as JSON, and is asked once.
    """
    if digest not in _at_hand:
        _at_hand[digest] = _read(files())
    return _at_hand[digest]


def _read(files: str) -> Pathway | None:
    from stepping.pathway.reader import read_pathway

    try:
        return read_pathway(json.loads(files), kept=True)
    except Exception:
        # Whatever is wrong with one old text, the store opens, and its drafts count as unread.
        return None
