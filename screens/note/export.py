"""Writes a note or what is held on a client to a file of the nurse's choice, or says why not."""

from __future__ import annotations

import re
from pathlib import Path

from casework.language import LANGUAGES, N_, speech
from casework.workspace import Workspace
from screens.note.compose import TITLES
from stepping.characters import escape_unfit
from stepping.privacy import find_identity
from store import output
from store.files import drives
from store.output import Guarded, Kind, Spot, Taken, Unwritten
from store.paths import real

_NOT_ENCRYPTED = N_("The file is not encrypted: delete it as soon as it has been used.")
_OPEN_TO_ALL = N_("Whoever holds that disk can read the file: it is not encrypted. Delete it soon.")
_NAMED = N_("The name of the file tells who the client is. Choose another, such as the code.")

_DAY = r"(?:\d{4}-\d\d-\d\d|\d\d?\.\d\d?\.\d{4})"
"""A day in any language; files of earlier versions have the first form in each."""


def _is_note(beginning: bytes) -> bool:
    """Whether a file begins as a note does, in any language, or as one for other programs."""
    if beginning.startswith(b'{\n "assessment": "'):
        return True
    titles = (speech(each)(title, date="\0") for each in LANGUAGES for title in TITLES)
    begins = "|".join(re.escape(title).replace("\0", _DAY) for title in titles)
    first = beginning.decode(errors="replace").split("\n", _BEFORE_TITLE + 1)
    return any(re.match(rf"(?:{begins}) \(", line) for line in first)


_BEFORE_TITLE = 2
"""Lines that a note may have before its title: that it is for training, that it is a draft."""


def _is_access(beginning: bytes) -> bool:
    """Whether a file begins as what is held on a client does."""
    told = (speech(each)(HELD, code="\0").partition("\0")[0].encode() for each in LANGUAGES)
    return beginning.startswith((b'{\n "client": "', *told))


HELD = N_("All that Porras holds on the client {code}")
"""The first line of what is held on a client."""

NOTE, ACCESS = Kind(_is_note), Kind(_is_access)


def find_place(text: str, guarded: Guarded, kind: Kind = NOTE) -> Spot:
    """Return the place that a text names, where a file would be written; `~` is the user's folder.

    Raises:
        Unwritten: If no file can be there.
    """
    named = Path(text.strip())
    if find_identity(named.name):
        raise Unwritten(_NAMED)
    return output.find_target(named, kind, guarded)


def find_free_place(
    text: str, guarded: Guarded, kind: Kind = NOTE, *, replace: bool = False
) -> Path:
    """As `find_place`, where nobody can be asked whether an earlier file may go.

    Raises:
        Taken: If one stands there, and it was not said before that it may.
    """
    path, taken = find_place(text, guarded, kind)
    if taken and not replace:
        raise Taken
    return path


def write_file(
    path: Path, text: str, guarded: Guarded, kind: Kind = NOTE, *, replace: bool
) -> None:
    """Write a file as a whole, readable by its owner alone where the disk keeps that.

    Raises:
        Unwritten: If it is refused or the disk fails; an older file is then as it was.
        Taken: If an earlier one stands there that is not to be replaced.
    """
    output.write_file(
        path, escape_unfit(text + "\n", lines=True).encode(), kind, guarded, replace=replace
    )


def guarded_folders(workspace: Workspace) -> Guarded:
    """Return what nothing is written into: the folders of the open store and of the pathways."""
    return Guarded(workspace.store.db.path, real(workspace.pathways))


def describe_access(path: Path) -> str:
    """Return what has to be told of a file that was written: who can read it."""
    return _NOT_ENCRYPTED if drives.keeps_rights(path) else _OPEN_TO_ALL
