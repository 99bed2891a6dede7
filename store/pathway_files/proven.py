"""The pathways that come with Porras, as they were proven before they were shipped.

A text with one of these digests needs no proof at the start of the program; any other text does.
A test proves them anew, and fails when a shipped text is no longer the one that was proven.
"""

from __future__ import annotations

from collections.abc import Mapping

PROVEN: Mapping[str, str] = {
    "adult": "caa24aabe2926f0954faf2ee0b49ff7c13eea77875131034c3963dc8fc1d1f19",
    "youth": "be727ad5a225baafef8217fbe7b2403852f7b73d0c4c1bf77a388ad569c94559",
    "follow_up": "b8fc3c9323bee8eaaf1de269232a4e2c48978705ef09331d96d8ea79d39021a7",
}
"""The digest of each, by id."""
