"""The pathways that come with Porras, as they were proven before they were shipped.

A text with one of these digests needs no proof at the start of the program; any other text does.
A test proves them anew, and fails when a shipped text is no longer the one that was proven.
"""

from __future__ import annotations

from collections.abc import Mapping

PROVEN: Mapping[str, str] = {
    "adult": "2ffd3e7be5460e09ca639f3ebe12d44cf3391585a93c8a119139cbe6683d1f8e",
    "youth": "afc5270f54f3e7037d207f0f81cf54e08d4edb4a09bfedb98e00133615b2e9fa",
    "follow_up": "ef254a7c9e645cdc2f9799d9f68780b592e7de1718fed047ca04cf90e5c09962",
}
"""The digest of each, by id."""
