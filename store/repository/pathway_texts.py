"""The texts of pathways: those of assessments, and the last ones without a fault."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from store.errors import UnknownRecord
from store.records import PathwayCopy
from store.repository.internal import pathway_copies
from store.session.guarded import OPEN_TO_ALL, Repository, reads, requires

if TYPE_CHECKING:
    from stepping.pathway.model import Pathway
    from store.database.engine import Database

_LAST_GOOD = "last_good."
"""Begins the setting that holds the digest of a pathway's last text without a fault."""

_CONTENT = "content"
"""The setting that holds which content was worked with last."""


class PathwayTexts(Repository):
    """The texts of pathways: those of assessments, and the last ones without a fault."""

    @requires(OPEN_TO_ALL)
    def hold_at_hand(self, pathway: Pathway) -> None:
        """Hold a pathway that has been read, so that its text is not read again for its drafts."""
        pathway_copies.hold_at_hand(pathway)

    @requires(OPEN_TO_ALL)
    def keep_last_good(self, pathway: PathwayCopy) -> None:
        """Keep the texts of a pathway without a fault, to fall back on; once for each text."""
        if self.find_last_good().get(pathway.pathway_id) == pathway.digest:
            return
        row = {"key": _LAST_GOOD + pathway.pathway_id, "value": pathway.digest}
        with self.session.writing():
            pathway_copies.keep(self.session, pathway)
            self.session.put_setting(row)

    @reads(OPEN_TO_ALL)
    def find_last_good(self) -> dict[str, str]:
        """Return the digest of the last text without a fault, by the pathway's id."""
        sql = "SELECT key, value FROM settings WHERE substr(key, 1, ?) = ? ORDER BY key"
        rows = self.session.rows(sql, len(_LAST_GOOD), _LAST_GOOD)
        return {str(row["key"]).removeprefix(_LAST_GOOD): str(row["value"]) for row in rows}

    @requires(OPEN_TO_ALL)
    def keep_content(self, title: str, holds: Mapping[str, str]) -> None:
        """Keep which content is worked with, and its pathways; no title for what is ours."""
        if (self.find_content() or ("", {})) == (title, holds):
            return
        told = json.dumps([title, holds], ensure_ascii=False, sort_keys=True) if title else ""
        with self.session.writing():
            self.session.put_setting({"key": _CONTENT, "value": told})

    @reads(OPEN_TO_ALL)
    def find_content(self) -> tuple[str, dict[str, str]] | None:
        """Return title and pathways of the content that was worked with last; None for ours."""
        return content_in(self.session.db)

    @reads(OPEN_TO_ALL)
    def read_files(self, digest: str) -> dict[str, str]:
        """Return the texts of a pathway that is kept, by file name.

        Raises:
            UnknownRecord: If none.
        """
        row = self.session.row("SELECT files FROM pathways WHERE digest = ?", digest)
        if not row:
            raise UnknownRecord
        files: dict[str, str] = json.loads(row["files"])
        return files


def content_in(db: Database) -> tuple[str, dict[str, str]] | None:
    """Return title and pathways of the content that a store worked with last; None for ours."""
    kept = db.get_setting(_CONTENT)
    if not kept:
        return None
    title, holds = json.loads(kept)
    return str(title), dict(holds)
