"""The pathways that come with Porras, as they were proven before they were shipped.

A text with one of these digests needs no proof at the start of the program; any other text does.
A test proves them anew, and fails when a shipped text is no longer the one that was proven.
"""

from __future__ import annotations

from collections.abc import Mapping

PROVEN: Mapping[str, str] = {
    "adult": "0a7be8c285905fda2a6ea89198822cee0a9df456dded3d9a16bdd9aa0a129bb3",
    "youth": "6119b40b097252a0be90d373329dfbd7cf38a7874e89f00a7f510f888c39f703",
    "follow_up": "14e6845a42944b5400cf859e098da1100f13352d1e3cc1b81d3a4f7451decf4b",
}
"""The digest of each, by id."""
