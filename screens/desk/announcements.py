"""What everybody is told of at their next start, and of faulty pathways, in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from casework.workspace import Workspace
from screens.wording.day_words import moment_text
from store.database import head_record
from store.errors import StoreError
from store.files import ownership
from store.paths import find

if TYPE_CHECKING:
    from casework.pathways_in_use import PathwayStatus

_MOST = 3
"""As many as the start page has room for on the smallest window."""


def unwritten(workspace: Workspace) -> str:
    """Say that the head record cannot be written, as long as that is so; else nothing."""
    store = workspace.store
    if not store.head_unwritten:
        return ""
    return workspace.t(
        "! Every entry is stored, but {name} cannot be written. Tell whoever looks after the "
        "computer.",
        name=head_record.path_of(store.db.path).name,
    )


def key_file_gone(workspace: Workspace) -> str:
    """Say that the key file does not stand any more beside the open store; else nothing."""
    store = workspace.store
    if store.training:
        return ""
    keys = find(store.db.path).keys
    with suppress(StoreError):
        if not ownership.stands(keys):
            return workspace.t(
                "! The key file {name} is gone. Once Porras closes, nobody can open the store. "
                "Fetch whoever looks after the computer: the newest backup has it.",
                name=keys.name,
            )
    return ""


def announced(workspace: Workspace) -> Iterator[str]:
    """Each announcement as one sentence, the newest first, and how many more the log tells."""
    found = workspace.announcements
    for each in found[:_MOST]:
        yield f"{moment_text(each.at, workspace.t)}  {workspace.t(each.sentence, **each.values)}"
    if (rest := len(found) - _MOST) > 0:
        yield workspace.t("{count} more of this kind are in the log: porras audit", count=rest)


def fault_words(standing: PathwayStatus, workspace: Workspace) -> str:
    """Say which pathway's files have how many faults, what is used instead, and who tells them."""
    from screens.wording.decision_words import version_text

    count, name, used = len(standing.faults), standing.name, standing.used
    command = f"porras pathway check {name}"
    if used is None:
        return workspace.t.many(
            "Pathway {name}: its files have {count} fault. No earlier version is kept, so "
            "it is not in use. To see it: {command}",
            "Pathway {name}: its files have {count} faults. No earlier version is kept, so "
            "it is not in use. To see them: {command}",
            count,
            name=name,
            command=command,
        )
    return workspace.t.many(
        "Pathway {name}: its files have {count} fault; {version} stays in use. To see "
        "it: {command}",
        "Pathway {name}: its files have {count} faults; {version} stays in use. To see "
        "them: {command}",
        count,
        name=name,
        version=version_text(used.header, workspace.language),
        command=command,
    )
