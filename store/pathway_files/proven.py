"""The pathways that come with Porras, as they were proven before they were shipped.

A text with one of these digests needs no proof at the start of the program; any other text does.
A test proves them anew, and fails when a shipped text is no longer the one that was proven.
"""

from __future__ import annotations

from collections.abc import Mapping

PROVEN: Mapping[str, str] = {
    "adult": "29bccbbe79c2976a039e23262714c9d4e2b34afd1f70ae8a656047e130812444",
    "youth": "2812c26fb780d8252761b6644dddbcd47cd95386a89d49f240598513b3e037e3",
    "follow_up": "897ca0f8bc76123fbbf088f66b3ae0821fb26bdcffb46419fef03fad8be3c815",
}
"""The digest of each, by id."""
