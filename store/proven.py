"""The pathways that come with Porras, as they were proven before they were shipped.

A text with one of these digests needs no proof at the start of the program; any other text does.
A test proves them anew, and fails when a shipped text is no longer the one that was proven.
"""

from __future__ import annotations

from collections.abc import Mapping

PROVEN: Mapping[str, str] = {
    "adult": "1d0b5386cdccc685ca7e2b911c34cce84f39890442f300e887e1c7f0449b3507",
    "youth": "123a7d66f2c09d7462f326843bdadcbd865db6b563d1a0298e8e094310af77be",
    "follow_up": "448987c37f888d9ac24af3fbd1139ca28545277412123e3f4701822b632ddafa",
}
"""The digest of each, by id."""
