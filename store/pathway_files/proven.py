"""The pathways that come with Porras, as they were proven before they were shipped.

A text with one of these digests needs no proof at the start of the program; any other text does.
A test proves them anew, and fails when a shipped text is no longer the one that was proven.
"""

from __future__ import annotations

from collections.abc import Mapping

PROVEN: Mapping[str, str] = {
    "adult": "bca17371d2411c8000a79a6d7bf1152536b40f5cbcd2f0428797e0f5b3e6761c",
    "youth": "680a302372b52dfb0cd29e56a66835d5bfbf386cb5dcaeb7d9e5e8aed72f39ab",
    "follow_up": "25262432338f91210b5d61a217f582bf1ea8399fd603092d8904a019d564ee10",
}
"""The digest of each, by id."""
