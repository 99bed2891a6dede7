"""The pathways that come with Porras, as they were proven before they were shipped.

A text with one of these digests needs no proof at the start of the program; any other text does.
A test proves them anew, and fails when a shipped text is no longer the one that was proven.
"""

from __future__ import annotations

from collections.abc import Mapping

PROVEN: Mapping[str, str] = {
    "adult": "b921e5cc3c6629ad717557b0e862791c3b0acbfefdd84492aadc4cb56ad2d416",
    "youth": "9dc067b42ad58ce1608ccc0a520ce6b56b217cdddd7a0c06ddcad8f78c123751",
    "follow_up": "575812ad7ef6c5e98f1157830daea45072ab5366f44cabc45b5b25ac01d7db46",
}
"""The digest of each, by id."""
