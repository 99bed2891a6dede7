"""What everybody is told of at their next start, in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from store.errors import StoreError
from store.log import head_record
from store.places import find
from store.times import local_time
from store.upkeep import owner

if TYPE_CHECKING:
    from screens.desk import Desk

_MOST = 3
"""As many as the start page has room for on the smallest window."""


def unwritten(desk: Desk) -> str:
    """Say that the head record cannot be written, as long as that is so; else nothing."""
    store = desk.store
    if not store.head_unwritten:
        return ""
    return desk.t(
        "! Every entry is stored, but {name} cannot be written. Tell whoever looks after the "
        "computer.",
        name=head_record.place(store.db.path).name,
    )


def key_file_gone(desk: Desk) -> str:
    """Say that the key file does not stand any more beside the open store; else nothing."""
    store = desk.store
    if store.training:
        return ""
    keys = find(store.db.path).keys
    with suppress(StoreError):
        if not owner.stands(keys):
            return desk.t(
                "! The key file {name} is gone. Once Porras closes, nobody can open the store. "
                "Fetch whoever looks after the computer: the newest backup has it.",
                name=keys.name,
            )
    return ""


def announced(desk: Desk) -> Iterator[str]:
    """Each announcement as one sentence, the newest first, and how many more the log tells."""
    found = desk.announcements
    for each in found[:_MOST]:
        yield f"{local_time(each.at):%Y-%m-%d %H:%M}  {desk.t(each.sentence, **each.values)}"
    if (rest := len(found) - _MOST) > 0:
        yield desk.t("{count} more of this kind are in the log: porras audit", count=rest)
