"""The pathways that come with Porras, as they were proven before they were shipped.

A text with one of these digests needs no proof at the start of the program; any other text does.
A test proves them anew, and fails when a shipped text is no longer the one that was proven.
"""

from __future__ import annotations

from collections.abc import Mapping

PROVEN: Mapping[str, str] = {
    "adult": "6e41429d9c1d976a4f5b4b0c8f6545e965e31278f034598754eb1c5444276c88",
    "youth": "016391de36d7c96dc2266e9eae15084df84477a8f46b2b9286f8358fe3fb47be",
    "follow_up": "9cc704db3e54b11bf6de480379210499f93fe82d4cbfbbb6d046f7ace0e6ff33",
}
"""The digest of each, by id."""
