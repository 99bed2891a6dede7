"""The pathways that come with Porras, as they were proven before they were shipped.

A text with one of these digests needs no proof at the start of the program; any other text does.
A test proves them anew, and fails when a shipped text is no longer the one that was proven.
"""

from __future__ import annotations

from collections.abc import Mapping

PROVEN: Mapping[str, str] = {
    "adult": "4f6349dd9d629bf30a25afe2eab9522176ebbed7b5c2ff37bcc75b230e800019",
    "youth": "402674b17dd0598aa549be0f1f267a6c19496a9ec04c776f57624668eb0714cb",
    "follow_up": "3a95c4bdd37de0075a5d920d193d965119938f84d944fc479881644404c46bb9",
}
"""The digest of each, by id."""
