"""The pathways that come with Porras, as they were proven before they were shipped.

A text with one of these digests needs no proof at the start of the program; any other text does.
A test proves them anew, and fails when a shipped text is no longer the one that was proven.
"""

from __future__ import annotations

from collections.abc import Mapping

PROVEN: Mapping[str, str] = {
    "adult": "0b9ea96a25317d871d88c19dacbccd0ff7c9befffeecc47bea01bde1f67a61f9",
    "youth": "aaf764d2417f3e5de4efb0c07e8a70d252fe2aa19ef2241fc4e777b52508ec99",
    "follow_up": "9f9b8ba05a9974ff304ec0fd367c51ca616f1a2802e75e57de7812241a5068c2",
}
"""The digest of each, by id."""
