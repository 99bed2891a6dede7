"""The pathways that come with Porras, as they were proven before they were shipped.

A text with one of these digests needs no proof at the start of the program; any other text does.
A test proves them anew, and fails when a shipped text is no longer the one that was proven.
"""

from __future__ import annotations

from collections.abc import Mapping

PROVEN: Mapping[str, str] = {
    "adult": "b4cbc6b7c74b1eaef4cdad5e06fa24b6e6fa042c8ddb9ad7ea15dffbf5eed423",
    "youth": "1f8d647b022442238ee98712486373db054dcb439421485a6b6f02379c83ed76",
    "follow_up": "69e5b73a2b7e5f608076386078798c608639a657bd02c964761689d33b82e913",
}
"""The digest of each, by id."""
