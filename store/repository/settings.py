"""Settings of a site."""

from __future__ import annotations

from collections.abc import Mapping

from store import text_guard
from store.permissions import Permission
from store.session.guarded import OPEN_TO_ALL, Repository, reads, writes

_PERMISSIONS: Mapping[str, Permission] = {
    "idle_minutes": "site",
    "printing": "site",
    "retention.days": "site",
}
"""Settings that not everybody may change."""


class Settings(Repository):
    """Settings of a site."""

    @reads(OPEN_TO_ALL)
    def get(self, key: str) -> str | None:
        """Return the value of a setting of this site, or None."""
        return self.session.db.get_setting(key)

    @writes(OPEN_TO_ALL)
    def set(self, key: str, value: str) -> None:
        """Keep a setting of this site; NotAllowed for some of them, by `_PERMISSIONS`."""
        if permission := _PERMISSIONS.get(key):
            self.session.need(permission)
        row = {"key": text_guard.code("key", key), "value": text_guard.free("value", value)}
        self.session.put_setting(row)
