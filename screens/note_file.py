"""Writes a note to a file of the nurse's choice, and says in words why that cannot be."""

from __future__ import annotations

import errno
from pathlib import Path

from screens.language import N_
from stepping.privacy import find_identity
from store.errors import NoAccess
from store.places import real
from store.upkeep import disk, medium

_NOT_ENCRYPTED = N_("The file is not encrypted: delete it as soon as it has been used.")

_OPEN_TO_ALL = N_("Whoever holds that disk can read the file: it is not encrypted. Delete it soon.")
_NO_FOLDER = N_("There is no such folder. Write the path of one that stands.")
_NO_FILE = N_("That is a folder or no ordinary file. Write the name of a file too.")
_NOT_ALLOWED = N_("Files may not be written there. Choose another folder.")
_NOT_YOURS = N_("That file belongs to another user. Choose another name.")
_FULL = N_("The disk is full. Make room, or choose another disk.")
_TOO_LONG = N_("The name is too long. Choose a shorter one.")
_STORE = N_("That is the folder of the store itself. Choose another folder.")
_NAMED = N_("The name of the file tells who the client is. Choose another, such as the code.")
_FAILING = N_("The disk or stick reports errors: the note is not on it. Choose another one.")
_OTHER = N_("The file could not be written there. Choose another folder.")

_FAULTS = {
    errno.ENOENT: _NO_FOLDER,
    errno.ENOTDIR: _NO_FOLDER,
    errno.EISDIR: _NO_FILE,
    errno.EACCES: _NOT_ALLOWED,
    errno.EPERM: _NOT_ALLOWED,
    errno.EROFS: _NOT_ALLOWED,
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.ENAMETOOLONG: _TOO_LONG,
    **dict.fromkeys(medium.FAILING, _FAILING),
}


class Unwritten(Exception):
    """The note is not in the file; `sentence` says why, to be translated where it is shown."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def place(text: str, store: Path) -> Path:
    """Return the path that a text names; `~` is the user's own folder.

    `store` is the database's file: a note takes the place of nothing that lies beside it.

    Raises:
        Unwritten: If no file can be there.
    """
    try:
        path = real(Path(text.strip()))
        if not path.name or "\0" in text or path.is_dir() or (path.exists() and not path.is_file()):
            raise Unwritten(_NO_FILE)
        if path.parent == real(store.parent):
            raise Unwritten(_STORE)
        if find_identity(path.name):
            raise Unwritten(_NAMED)
        if not path.parent.is_dir():
            raise Unwritten(_NO_FOLDER)
    except ValueError as error:  # a character that no name has
        raise Unwritten(_NO_FILE) from error
    except OSError as error:
        raise Unwritten(_FAULTS.get(error.errno or 0, _OTHER)) from error
    except RuntimeError as error:  # the folder of a user whom nobody knows
        raise Unwritten(_NO_FOLDER) from error
    return path


def write(path: Path, text: str, *, replace: bool) -> bool:
    """Write a note as a whole; say whether it was written.

    It was not where a file stands that may not be replaced. A new file is readable by its owner
    alone (0600) where the disk keeps that, which `warning` tells; a replaced one keeps its rights.

    Raises:
        Unwritten: If the disk refuses; an older file is then as it was.
    """
    try:
        disk.write_whole(path, (text + "\n").encode(), replace=replace)
    except FileExistsError:
        return False
    except NoAccess as error:
        raise Unwritten(_NOT_YOURS) from error
    except OSError as error:
        raise Unwritten(_FAULTS.get(error.errno or 0, _OTHER)) from error
    return True


def warning(path: Path) -> str:
    """What has to be told of a file that was written: who can read it."""
    return _NOT_ENCRYPTED if disk.keeps_rights(path) else _OPEN_TO_ALL
