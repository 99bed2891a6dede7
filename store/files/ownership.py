"""Whose files these are: what the program writes belongs to whoever owns the store.

Root may give files away and does so; every other user can only refuse. A file that root had written
as its own would keep everybody else out of the store. On Windows nobody gives files away: there an
administrator is refused like everybody else, and what one has written keeps nobody out.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

from store.errors import (
    Estranged,
    GroupNotKept,
    NameTooLong,
    NoAccess,
    NoRights,
    ReadOnlyDisk,
    ReadOnlyStore,
)

if sys.platform == "win32":
    from store.windows import owners, security

_POSIX = os.name == "posix"

Owner = int | str
"""A user: a number, and on Windows a mark such as S-1-5-21-…-1001."""


def stands(path: Path) -> bool:
    """Return whether there is something at a path.

    Raises:
        NoAccess: If this user may not look.
        NameTooLong: If no file can have such a name.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except PermissionError:
        raise no_access(path) from None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise NameTooLong(path=str(path)) from None
        if error.errno == errno.ELOOP:  # links that lead round in a circle lead to nothing
            return False
        raise
    return True


def no_access(path: Path) -> NoAccess:
    """Return why this user may not use a path: whose the file or folder in the way is."""
    place = _obstacle(path)
    if _owner(place) == _me():  # on Windows users of two domains may bear one name
        return NoRights(path=str(place), user=name(_me()), owner=name(_owner(place)))
    return no_access_of(place)


def denies(path: Path) -> bool:
    """Return whether it is the rights of this user that keep a file from being read and written."""
    place = _obstacle(path)
    if _may(place, os.R_OK | (os.X_OK if place.is_dir() else 0)) and on_read_only_disk(place):
        return False
    return not _may(place, os.R_OK | os.W_OK | (os.X_OK if place.is_dir() else 0))


def on_read_only_disk(path: Path) -> bool:
    """Return whether the whole disk takes no writes, by the nearest folder that stands."""
    if sys.platform == "win32":
        return owners.on_read_only_disk(path)
    there = next(each for each in (path, *path.parents) if each.exists())
    return bool(os.statvfs(there).f_flag & os.ST_RDONLY)


def not_written(path: Path) -> ReadOnlyStore | None:
    """Return why this user may not write a file or folder that stands: the disk, or the rights."""
    if on_read_only_disk(path):
        return ReadOnlyDisk(path=str(path))
    may = _may(path, os.R_OK | os.W_OK | (os.X_OK if path.is_dir() else 0))
    return None if may else no_access(path)


def refuse_stranger(path: Path) -> None:
    """Refuse a user who is neither root nor the owner of a file that stands.

    What such a user wrote beside the file or in its place would be closed to the owner.

    Raises:
        NoAccess: If so.
    """
    if stands(path) and _is_strangers(path):
        raise no_access_of(path)


def _is_strangers(path: Path) -> bool:
    if sys.platform == "win32":
        owner = owners.owner_of(path)
        return owner is not None and owner != _me() and not owners.is_anybodys(owner)
    return _me() not in {0, path.stat().st_uid}


def another(path: Path, found: os.stat_result) -> str | None:
    """Return the name of whoever owns what was looked at, if that is not this very user."""
    if sys.platform == "win32":
        return name(owners.owner_of(path)) if _is_strangers(path) else None
    return name(found.st_uid) if found.st_uid != _me() else None


def keep_private(path: Path) -> None:
    """Keep a file or folder that was made just now from everybody else.

    Elsewhere it is made so; on Windows it has the rights of its folder until it is told.

    Raises:
        OSError: If the system does not do that.
    """
    if sys.platform == "win32":
        owners.make_private(path)


def open_for_all(folder: Path, mode: int) -> None:
    """Let everybody read a folder that was made just now, and lay files there if the mode says so.

    Raises:
        OSError: If the system does not do that.
    """
    folder.chmod(mode)  # whatever the umask is
    if sys.platform == "win32":
        owners.open_for_all(folder, writable=bool(mode & stat.S_IWOTH))


def keep_shared(path: Path) -> None:
    """Let a file be used by whoever may use its folder, where the mode does not say so."""
    if sys.platform == "win32":
        owners.make_like_folder(path)


def readers(path: Path) -> tuple[str, ...]:
    """Return who else may read a file or folder, by name; on Windows only."""
    if sys.platform == "win32":
        with suppress(OSError):
            return owners.readers_of(path)
    return ()


def no_access_of(path: Path) -> NoAccess:
    """Return the error that names the owner of this very path."""
    told = {"path": str(path), "user": name(_me()), "owner": name(_owner(path))}
    return (Estranged if _owner(path.parent) == _me() else NoAccess)(**told)


def inherit(fresh: Path, path: Path, beside: Path | None = None) -> None:
    """Give a new file what the file at `path` has, which it is to replace: owner, group and mode.

    Where none stands there it belongs to whoever owns the file `beside`, or the folder; so it does
    where a file stands there that has got another owner than the one `beside`.

    Raises:
        NoAccess: If that may not be done; OSError if the disk refuses.
    """
    beside = beside if beside and beside.exists() else None
    if not path.exists() or (beside and _owner(beside) != _owner(path)):
        belong(fresh, beside or path.parent)
    elif _POSIX:
        old = path.stat()
        _give(fresh, old, path)
        if stat.S_IMODE(fresh.stat().st_mode) != stat.S_IMODE(old.st_mode):
            fresh.chmod(stat.S_IMODE(old.st_mode))
    elif sys.platform == "win32":
        owners.give_those_of(path, fresh)


def belong(fresh: Path, beside: Path | None = None) -> None:
    """Let a new file or folder belong to whoever owns the file `beside`, or its own folder.

    Only root can make files in other people's folders that would be closed to them.
    """
    if _POSIX and _me() == 0:
        like = beside if beside and beside.exists() else fresh.parent
        _give(fresh, like.stat(), like)


def _give(fresh: Path, wanted: os.stat_result, like: Path) -> None:
    found = fresh.stat()
    same = (found.st_uid, found.st_gid) == (wanted.st_uid, wanted.st_gid)
    if sys.platform == "win32" or same:  # there nobody gives a file away
        return
    try:
        os.chown(fresh, wanted.st_uid, wanted.st_gid)
    except PermissionError:
        if found.st_uid != wanted.st_uid:
            raise no_access_of(like) from None
        if wanted.st_mode & stat.S_IRWXG:  # a group that has no rights is no loss
            told = {"path": str(like), "user": name(_me()), "owner": name(wanted.st_uid)}
            raise GroupNotKept(**told) from None


def open_to_others(folder: Path) -> Path | None:
    """Return the folder, or the nearest one above it, in which others may replace what lies there.

    Of folders above, one with the sticky bit lets nobody touch what is another's. A group of the
    user's own, whose number is the user's, is nobody else. None where there is none such.
    """
    place = Path(os.path.realpath(folder))
    if sys.platform == "win32":
        for each in (place, *place.parents):
            with suppress(OSError):
                if owners.replacers_of(each):
                    return each
        return None
    for each in (place, *place.parents):
        with suppress(OSError):
            found = each.stat()
            sticky = each != place and found.st_mode & stat.S_ISVTX
            by_group = found.st_mode & stat.S_IWGRP and found.st_gid not in {0, found.st_uid}
            if (by_group or found.st_mode & stat.S_IWOTH) and not sticky:
                return each
            if found.st_uid not in {0, _me()} and _me() != 0:
                return each
    return None


def strangers(database: Path) -> tuple[Owner | None, list[Path]]:
    """Whose the files of a store are, and those of them that belong to somebody else.

    They are whoever's most of them are, since the database itself may have been taken; where as
    many belong to another, the database tells.
    """
    if not stands(database):
        return None, []
    stem = database.with_suffix("").name + "."
    try:
        beside = sorted(path for path in database.parent.iterdir() if path.name.startswith(stem))
    except PermissionError:  # whoever may not look there is told so by others
        return None, []
    owned = {path: _owner(path) for path in (database, *beside)}
    if sys.platform == "win32":
        named = ((path, who) for path, who in owned.items() if isinstance(who, str))
        owned = {path: who for path, who in named if not owners.is_anybodys(who)}
        if not owned:
            return None, []
    (most, _), *_ = Counter(owned.values()).most_common()
    return most, [path for path, uid in owned.items() if uid not in {None, most}]


def name_of(path: Path) -> str:
    """Return the name of whoever a file belongs to."""
    return name(_owner(path))


def name(uid: Owner | None) -> str:
    """Return the name of a user of this computer, or the number of one who has none."""
    if uid is None:
        return "?"
    if sys.platform == "win32":
        return security.name_of(str(uid))
    try:
        import pwd

        return pwd.getpwuid(int(uid)).pw_name
    except (ImportError, KeyError):
        return str(uid)


def _me() -> Owner:
    if sys.platform == "win32":
        return security.me()
    return os.geteuid()


def _owner(path: Path) -> Owner | None:
    if sys.platform == "win32":
        return owners.owner_of(path)
    try:
        return path.stat().st_uid
    except OSError:
        return None


def _obstacle(path: Path) -> Path:
    """Return the first folder that this user may not enter, else the file, else its folder."""
    for folder in reversed(path.parents):
        if not _may(folder, os.X_OK):
            return folder
    return path if path.exists() and not _may(path, os.R_OK | os.W_OK) else path.parent


def _may(path: Path, rights: int) -> bool:
    # Those of the effective user are asked for where the system can tell.
    effective = os.access in os.supports_effective_ids
    return os.access(path, rights, effective_ids=effective)
