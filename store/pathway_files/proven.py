"""The pathways that come with Porras, as they were proven before they were shipped.

A text with one of these digests needs no proof at the start of the program; any other text does.
A test proves them anew, and fails when a shipped text is no longer the one that was proven.
"""

from __future__ import annotations

from collections.abc import Mapping

PROVEN: Mapping[str, str] = {
    "adult": "99dfb3d31a35b8569d786a2a1d8d2dc21d7dbfe1be14da27b271293cceb335a9",
    "youth": "a82aac935a6521f873c1d716033b3660ccd723ff8243c6d33fe4bea8a15ff6e4",
    "follow_up": "4e67ee7c703fd37d82ee7be501584ae34a0c16d4873a5459a5a5d74c98ed5c23",
}
"""The digest of each, by id."""
