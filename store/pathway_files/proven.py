"""The pathways that come with Porras, as they were proven before they were shipped.

A text with one of these digests needs no proof at the start of the program; any other text does.
A test proves them anew, and fails when a shipped text is no longer the one that was proven.
"""

from __future__ import annotations

from collections.abc import Mapping

PROVEN: Mapping[str, str] = {
    "adult": "3b8825d04d88513cb5c87b36974530bed900007129a9c47cd2c5ae0bf217c95b",
    "youth": "68ecfddaa1b6f9708d5855799714a6826d12ce23e37a7611f2ef0254713fc6c6",
    "follow_up": "c4c9c5673d3c944b983389cefaedf7bd1f06fd0ab0d4bb34a89a1bd87660b618",
}
"""The digest of each, by id."""
