"""The pathways that come with Porras, as they were proven before they were shipped.

A text with one of these digests needs no proof at the start of the program; any other text does.
A test proves them anew, and fails when a shipped text is no longer the one that was proven.
"""

from __future__ import annotations

from collections.abc import Mapping

PROVEN: Mapping[str, str] = {
    "adult": "60a4ab5be4205bf9eda5054e0c4229338269f357455a1518fe020d49a1464807",
    "youth": "cdb17dd414e55cfb76b86f8f8019dac4ee937aed5d73ec24868aeca5f2604c36",
    "follow_up": "c4c9c5673d3c944b983389cefaedf7bd1f06fd0ab0d4bb34a89a1bd87660b618",
}
"""The digest of each, by id."""
