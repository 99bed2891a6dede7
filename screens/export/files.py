"""Finds and writes the file that a nurse names, or says why it cannot be."""

from __future__ import annotations

from pathlib import Path

from casework.language import N_
from casework.workspace import Workspace
from stepping.characters import escape_unfit
from stepping.privacy import find_identity
from store import output
from store.files import drives
from store.output import Guarded, Kind, Spot, Taken, Unwritten
from store.paths import real

_NOT_ENCRYPTED = N_("The file is not encrypted: delete it as soon as it has been used.")
_OPEN_TO_ALL = N_("Whoever holds that disk can read the file: it is not encrypted. Delete it soon.")
_NAMED = N_("The name of the file tells who the client is. Choose another, such as the code.")


def find_place(text: str, guarded: Guarded, kind: Kind) -> Spot:
    """Return the place that a text names, where a file would be written; `~` is the user's folder.

    Raises:
        Unwritten: If no file can be there.
    """
    named = Path(text.strip())
    if find_identity(named.name):
        raise Unwritten(_NAMED)
    return output.find_target(named, kind, guarded)


def find_free_place(text: str, guarded: Guarded, kind: Kind, *, replace: bool = False) -> Path:
    """As `find_place`, where nobody can be asked whether an earlier file may go.

    Raises:
        Taken: If one stands there, and it was not said before that it may.
    """
    path, taken = find_place(text, guarded, kind)
    if taken and not replace:
        raise Taken
    return path


def write_file(path: Path, text: str, guarded: Guarded, kind: Kind, *, replace: bool) -> None:
    """Write a text as a whole file, readable by its owner alone where the disk keeps that.

    Raises:
        Unwritten: If it is refused or the disk fails; an older file is then as it was.
        Taken: If an earlier one stands there that is not to be replaced.
    """
    output.write_file(path, as_bytes(text), kind, guarded, replace=replace)


def as_bytes(text: str) -> bytes:
    """Return a text as a file holds it: UTF-8, with nothing in it that steers a terminal."""
    return escape_unfit(text + "\n", lines=True).encode()


def guarded_folders(workspace: Workspace) -> Guarded:
    """Return what nothing is written into: the folders of the open store and of the pathways."""
    return Guarded(workspace.store.db.path, real(workspace.pathways))


def describe_access(path: Path) -> str:
    """Return what has to be told of a file that was written: who can read it."""
    return _NOT_ENCRYPTED if drives.keeps_rights(path) else _OPEN_TO_ALL
