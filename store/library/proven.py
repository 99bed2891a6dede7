"""The pathways that come with Porras, as they were proven before they were shipped.

A text with one of these digests needs no proof at the start of the program; any other text does.
A test proves them anew, and fails when a shipped text is no longer the one that was proven.
"""

from __future__ import annotations

from collections.abc import Mapping

PROVEN: Mapping[str, str] = {
    "adult": "36214cce8e068e02acc0d4baec5a3d151e2f7613ed13cb9a17d6a23760ac5543",
    "youth": "e2b6b57aa9f5caa9bd307001a55f1f85002e5c42187c0e734766c09fcafb3c94",
    "follow_up": "0a021945a5cae03fdb1dfcb2d30e34d64950d2dac5fe0280f59f9bc7d386985d",
}
"""The digest of each, by id."""
