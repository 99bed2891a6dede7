"""Whose a file of Windows is, who else may use it, and how it is kept from them.

A disk without rights, as most sticks are, belongs to whoever holds it: nobody is named its owner.
"""

from __future__ import annotations

import sys

if sys.platform != "win32":
    raise ImportError("only Windows has these functions")

from contextlib import suppress
from pathlib import Path

from store.windows import descriptors, security, volumes


def keeps_rights(path: Path) -> bool:
    """Return whether the disk under a path keeps rights at all; where nobody knows, it does."""
    try:
        return volumes.volume_of(path).keeps_rights
    except OSError:
        return True


def on_read_only_disk(path: Path) -> bool:
    """Return whether the whole disk under a path takes no writes."""
    try:
        return volumes.volume_of(path).read_only
    except OSError:
        return False


def owner_of(path: Path) -> str | None:
    """Return the mark of whoever a file belongs to; None where that is not to be known."""
    with suppress(OSError):
        if keeps_rights(path):
            return security.descriptor_of(path).owner
    return None


def is_anybodys(owner: str) -> bool:
    """Return whether files of an owner keep nobody out, as those that an administrator made."""
    return descriptors.is_trusted(owner)


def readers_of(path: Path) -> tuple[str, ...]:
    """Return the names of others than the owner who may read a file or folder that stands.

    Raises:
        OSError: If the system does not tell.
    """
    if not keeps_rights(path):
        return ()
    found = security.descriptor_of(path)
    return tuple(map(security.name_of, descriptors.others(found, security.me(), descriptors.READ)))


def replacers_of(path: Path) -> tuple[str, ...]:
    """Return the names of others who may move a folder, or what lies in it, out of the way.

    Of a file, those who may write it as well. An owner may take such a right at any time, whatever
    the list says.

    Raises:
        OSError: If the system does not tell.
    """
    if not keeps_rights(path):
        return ()
    found, me = security.descriptor_of(path), security.me()
    rights = descriptors.REPLACE if path.is_dir() else descriptors.REPLACE | descriptors.CHANGE
    others = descriptors.others(found, me, rights)
    strange = descriptors.strange_owner(found, me)
    return tuple(map(security.name_of, (strange, *others) if strange else others))


def make_private(path: Path) -> None:
    """Keep a file or folder that was made just now from everybody else, where the disk can.

    Raises:
        OSError: If the system does not do that.
    """
    if keeps_rights(path):
        text = descriptors.private(security.me(), folder=path.is_dir())
        security.give_rights(path, text)


def open_for_all(folder: Path, *, writable: bool) -> None:
    """Let everybody of this computer read a folder that was made just now, or lay files there.

    Raises:
        OSError: If the system does not do that.
    """
    if keeps_rights(folder):
        security.give_rights(folder, descriptors.shared(security.me(), writable=writable))


def make_like_folder(path: Path) -> None:
    """Give a file the rights of the folder that it lies in, and no others.

    Raises:
        OSError: If the system does not do that.
    """
    if keeps_rights(path):
        security.give_rights(path, descriptors.AS_FOLDER)


def give_those_of(old: Path, fresh: Path) -> None:
    """Give a file the rights of another one that somebody has chosen for it.

    Rights that a file has from its folder are nobody's choice.

    Raises:
        OSError: If the system does not do that.
    """
    if keeps_rights(old):
        text = security.rights_text(old)
        if descriptors.parse(text).protected:
            security.give_rights(fresh, text)
