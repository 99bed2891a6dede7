"""The pathways that come with Porras, as they were proven before they were shipped.

A text with one of these digests needs no proof at the start of the program; any other text does.
A test proves them anew, and fails when a shipped text is no longer the one that was proven.
"""

from __future__ import annotations

from collections.abc import Mapping

PROVEN: Mapping[str, str] = {
    "adult": "a3ede2ec1b517cef008ad8a16a6b4208776ee6966f0c25bf4090d08fb9477107",
    "youth": "ebe844f54addee9295ca05ecd25b1e19dabcf81ab803703a93e543ad05f367fe",
}
"""The digest of each, by id."""
