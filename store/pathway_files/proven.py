"""The pathways that come with Porras, as they were proven before they were shipped.

A text with one of these digests needs no proof at the start of the program; any other text does.
A test proves them anew, and fails when a shipped text is no longer the one that was proven.
"""

from __future__ import annotations

from collections.abc import Mapping

PROVEN: Mapping[str, str] = {
    "adult": "3b7f9b9517f52090853815d746c4e9525b9ae08efe8bc04445d23adf5b98b5f0",
    "youth": "a01410ee28211be31598bcea2ec24f96c03e882ee713af175ef909335f060008",
    "follow_up": "1f89d94e047b1d074e276ff2ec6ed17f4bcd9d026c9d83323f660e22466c077b",
}
"""The digest of each, by id."""
