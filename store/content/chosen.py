"""Which pathways are worked with, and what is said where they are not those of the last time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from store import paths
from store.errors import ContentDamaged, ContentGone, ContentLower

OURS = "0000"
"""Stands for the pathways that come with Porras, where somebody went back to them."""

NEVER = ""
"""Stands for the same where nothing is known of a content."""


class Chosen(NamedTuple):
    """The folder of pathways to work with, and why it is not the one that should be used."""

    place: Path
    """The folder of contents."""
    pathways: Path = paths.PATHWAYS
    number: str = NEVER
    damage: ContentDamaged | None = None
    holds: Mapping[str, str] = {}
    """The pathways that should be used, by id, with their digests; none if that is not known."""
    title: str = ""
    """Name and version of what is used; empty for what comes with Porras."""
    highest: Mapping[str, tuple[int, ...]] = {}
    """The highest version of each content by name that this folder knows to have been in use."""

    def beside(self, title: str, holds: Mapping[str, str]) -> Chosen:
        """Return the same as a store has to take it that last worked with a content."""
        if self.damage is None and self.number == NEVER:
            return self._replace(damage=ContentGone(name=title, file=str(self.place)), holds=holds)
        if self.damage is None and self._is_below(title):
            lower = ContentLower(name=self.title, known=title, file=str(self.place))
            return self._replace(damage=lower, holds=holds)
        if self.damage is not None and not self.holds:
            return self._replace(holds=holds)
        return self

    def _is_below(self, title: str) -> bool:
        """Return whether this is an older version of a content, and nobody has said that it may be.

        Who goes back or installs an older one has the later one in the folder, or says so.
        """
        if not self.title:
            return False
        from store.content.about import name_and_version

        (own, version), (name, known) = map(name_and_version, (self.title, title))
        return own == name and version < known and self.highest.get(name, ()) < known
