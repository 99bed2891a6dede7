"""The pathways that come with Porras, as they were proven before they were shipped.

A text with one of these digests needs no proof at the start of the program; any other text does.
A test proves them anew, and fails when a shipped text is no longer the one that was proven.
"""

from __future__ import annotations

from collections.abc import Mapping

PROVEN: Mapping[str, str] = {
    "adult": "4369e7db0dce3dfc8667f3873fb9ed0cd8b3012215a8eae37cd8a51b026708dc",
    "youth": "b7219a10b96beb7050bc306fc5a951b826563da34b3736d6767455f7b467729b",
    "follow_up": "448987c37f888d9ac24af3fbd1139ca28545277412123e3f4701822b632ddafa",
}
"""The digest of each, by id."""
