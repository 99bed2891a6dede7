"""The pathways that come with Porras, as they were proven before they were shipped.

A text with one of these digests needs no proof at the start of the program; any other text does.
A test proves them anew, and fails when a shipped text is no longer the one that was proven.
"""

from __future__ import annotations

from collections.abc import Mapping

PROVEN: Mapping[str, str] = {
    "adult": "85241f3fe154d88033ec01037fa85033dc697ae5b31e599716c41eb98132382d",
    "youth": "bfc05e354785cde7fe054fe0e8ccf8dcf290eaec9092c8769c0c4517a3bfa0de",
    "follow_up": "881b5f42e01264c8ffc114e5acf846d286485a8488f097bf46a5318ff3a435a2",
}
"""The digest of each, by id."""
