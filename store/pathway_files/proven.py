"""The pathways that come with Porras, as they were proven before they were shipped.

A text with one of these digests needs no proof at the start of the program; any other text does.
A test proves them anew, and fails when a shipped text is no longer the one that was proven.
"""

from __future__ import annotations

from collections.abc import Mapping

PROVEN: Mapping[str, str] = {
    "adult": "582a930adebde28a38904a72907362358d97475250f1bdc39817a8b3db62f83e",
    "youth": "0144bbb5218ee2a406317813cee8299254cc8e06959d3cd96764fef4b2c8a0ce",
    "follow_up": "3a95c4bdd37de0075a5d920d193d965119938f84d944fc479881644404c46bb9",
}
"""The digest of each, by id."""
