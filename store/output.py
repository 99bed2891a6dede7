"""The one way in which a file is written that a person asked for: a note, a table, a schema.

Such a file never lands among the files of a store, of a backup or of pathways, follows no link and
replaces nothing but an earlier one of its own kind. What may hold a client's data is its owner's
alone.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from store import file_names
from store.errors import N_, NoAccess, NoWorkingFolder
from store.files import disk_errors, durable, in_use, ownership, regular_files, unfinished
from store.paths import PATHWAYS, at_home, real
from store.windows.error_numbers import HELD, errno_of
from store.windows.names import is_fit

NO_FOLDER = N_("There is no such folder. Write the path of one that stands.")
NO_FILE = N_("That is a folder or no ordinary file. Write the name of a file too.")
LINK = N_("That is a link to another place. Write the path of the file itself.")
OTHERS = N_("That file is not an earlier one of the same kind by Porras. Choose another name.")
NO_NAME = N_("Windows takes no file of this name. Choose another name.")
TAKEN = N_("There is a file of this name already.")
STORE = N_("That is the folder of the store itself. Choose another folder.")
BACKUP = N_("That is a folder of backups. Choose another folder.")
PATHWAY = N_("That is a folder of pathways. Choose another folder.")
OURS = N_("A name that begins so is one of Porras's own. Choose another name.")
CHANGED = N_("The file was changed by another program just now. Look at it and try again.")
NOT_ALLOWED = N_("Files may not be written there. Choose another folder.")
NOT_YOURS = N_("That file belongs to another user. Choose another name.")
IN_USE = N_("Another program has the file open. Close it there, and try again.")
FULL = N_("The disk is full. Make room, or choose another disk.")
TOO_LONG = N_("The name is too long. Choose a shorter one.")
FAILING = N_("The disk or stick reports errors: the file is not on it. Choose another one.")
FAILED = N_("The file could not be written there. Choose another folder.")

_FAULTS = {
    errno.ENOENT: NO_FOLDER,
    errno.ENOTDIR: NO_FOLDER,
    errno.EISDIR: NO_FILE,
    errno.ELOOP: LINK,
    errno.EACCES: NOT_ALLOWED,
    errno.EPERM: NOT_ALLOWED,
    errno.EROFS: NOT_ALLOWED,
    HELD: IN_USE,
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.ENAMETOOLONG: TOO_LONG,
    **dict.fromkeys(disk_errors.FAILING, FAILING),
}
_NO_LINKS = {errno.EPERM, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK}
_ANYBODY = 0o077
_WINDOWS = os.name == "nt"
_BEGINNING = 4096
"""Bytes by which the kind of an older file is told."""

_LARGEST_MANIFEST = 1_000_000

_RELATIVE = {os.open, os.stat, os.unlink, os.rename, os.link} <= os.supports_dir_fd
_SHARED = {"instruments", "cards", "services", "vignettes", ".schemas"}
"""How the folders are called that pathways share."""


class Kind(NamedTuple):
    """One kind of file that is written for a person."""

    is_one: Callable[[bytes], bool]
    """Whether a file that begins so is an earlier one of this kind."""
    among_pathways: bool = False
    """Whether it belongs into a folder of pathways."""
    private: bool = True
    """Whether it may hold a client's data, so that its owner alone may read it (0600)."""


class Guarded(NamedTuple):
    """What is in use here, into which nothing is written for a person."""

    database: Path
    pathways: Path = PATHWAYS


class Unwritten(Exception):
    """No file was written, and an older one is as it was.

    `sentence` says why, and what to do; to be translated where it is shown.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Taken(Unwritten):
    """An earlier file of the same kind stands there, and nobody has said that it may go."""

    def __init__(self) -> None:
        super().__init__(TAKEN)


class Spot(NamedTuple):
    """Where a file would be written; links on the way to its folder are followed."""

    path: Path
    taken: bool
    """Whether an earlier one of its kind stands there, which would be replaced."""


def find_target(named: Path, kind: Kind, guarded: Guarded) -> Spot:
    """Return where a file would be written.

    Raises:
        Unwritten: If it would be refused.
    """
    with _told(), _Folder.of(named) as folder:
        _refuse_folder(folder.path, kind, guarded)
        return Spot(folder.path / folder.name, folder.stands(kind) is not None)


@contextmanager
def open_target(named: Path, kind: Kind, guarded: Guarded, *, replace: bool) -> Iterator[BinaryIO]:
    """Give a file to write to, which gets its name as a whole when the block ends without an error.

    It takes the place of an earlier one of its kind only with `replace`. One that root writes
    belongs to whoever owns the file that it replaces, else the folder.

    Raises:
        Unwritten: If it is refused or the disk fails, Taken; whatever the block raises passes.
    """
    with ExitStack() as stack:
        with _told():
            folder = stack.enter_context(_Folder.of(named))
            _refuse_folder(folder.path, kind, guarded)
            old = folder.stands(kind)
            if old and not replace:
                raise Taken
            fresh, file = folder.fresh(0o600 if kind.private else 0o644, old)
            stack.callback(folder.forget, fresh)
            stack.callback(_closed, file)
        yield file
        with _told():
            file.flush()
            os.fsync(file.fileno())
            if _WINDOWS:  # which gives no name to what is open
                file.close()
            if folder.stands(kind) != old:
                raise Unwritten(CHANGED)
            folder.name_it(fresh, replace=old is not None)


def write_file(named: Path, content: bytes, kind: Kind, guarded: Guarded, *, replace: bool) -> None:
    """Write a file as a whole.

    Raises:
        Unwritten: As `open_target`, and if the disk fails meanwhile.
    """
    with _told(), open_target(named, kind, guarded, replace=replace) as file:
        file.write(content)


@contextmanager
def _told() -> Iterator[None]:
    """Say in words what the disk refuses."""
    try:
        yield
    except NoAccess as error:
        raise Unwritten(NOT_YOURS) from error
    except (NoWorkingFolder, RuntimeError) as error:  # deleted, or of a user whom nobody knows
        raise Unwritten(NO_FOLDER) from error
    except ValueError as error:  # a character that no name has
        raise Unwritten(NO_FILE) from error
    except OSError as error:
        raise Unwritten(_FAULTS.get(errno_of(error) or 0, FAILED)) from error


def _closed(file: BinaryIO) -> None:
    with suppress(OSError):  # what could not be written is told already
        file.close()


class _Old(NamedTuple):
    """The file that is replaced, as it was looked at."""

    identity: tuple[int, ...]
    """Device and number, and when it was changed last: a number is given again at once."""
    user: int
    group: int


class _Folder:
    """The folder of the file, opened once, so that nothing is followed that is put in its way."""

    def __init__(self, path: Path, name: str, descriptor: int | None) -> None:
        self.path = path
        self.name = name
        self._descriptor = descriptor

    @classmethod
    @contextmanager
    def of(cls, named: Path) -> Iterator[_Folder]:
        """Open the folder of a file that is named; `~` is the user's own folder.

        Raises:
            Unwritten: If there is no such folder, or that is no name of a file.
        """
        named = at_home(named)
        if not named.name or named.name == ".." or "\0" in str(named):
            raise Unwritten(NO_FILE)
        if _WINDOWS and not is_fit(named.name):
            raise Unwritten(NO_NAME)
        path = real(named.parent)
        if sys.platform == "win32" or not _RELATIVE:
            if not path.is_dir():
                raise Unwritten(NO_FOLDER)
            yield cls(path, named.name, None)
            return
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            yield cls(path, named.name, descriptor)
        finally:
            os.close(descriptor)

    def _at(self, name: str) -> str | Path:
        return self.path / name if self._descriptor is None else name

    def stands(self, kind: Kind) -> _Old | None:
        """Return the earlier file of its kind under the name; None if the name is free.

        Raises:
            Unwritten: If something else stands there.
        """
        if self.name.startswith(file_names.UNFINISHED):
            raise Unwritten(OURS)
        try:
            found = os.stat(self._at(self.name), dir_fd=self._descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return None
        if stat.S_ISLNK(found.st_mode):
            raise Unwritten(LINK)
        if not stat.S_ISREG(found.st_mode):
            raise Unwritten(NO_FILE)
        if hasattr(os, "geteuid") and os.geteuid() not in {0, found.st_uid}:
            raise Unwritten(NOT_YOURS)
        if not kind.is_one(self._beginning(found)):
            raise Unwritten(OTHERS)
        identity = (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_ctime_ns)
        return _Old(identity, found.st_uid, found.st_gid)

    def _beginning(self, found: os.stat_result) -> bytes:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        flags |= getattr(os, "O_BINARY", 0)
        descriptor = os.open(self._at(self.name), flags, dir_fd=self._descriptor)
        with os.fdopen(descriptor, "rb") as file:
            if not os.path.samestat(os.fstat(descriptor), found):
                raise Unwritten(CHANGED)
            return file.read(_BEGINNING)

    def fresh(self, mode: int, old: _Old | None) -> tuple[str, BinaryIO]:
        """Return a new file in the folder, with its owner, and by what it is given its name."""
        name, file = unfinished.make(self.path, self._descriptor, mode)
        try:
            if not mode & _ANYBODY:
                ownership.keep_private(self.path / name)
            if sys.platform != "win32" and os.geteuid() == 0:
                like = self.path.stat()
                wanted = (old.user, old.group) if old else (like.st_uid, like.st_gid)
                if wanted != (0, 0):
                    os.fchown(file.fileno(), *wanted)
        except BaseException:
            file.close()
            self.forget(name)
            raise
        return name, file

    def forget(self, name: str) -> None:
        """Remove what did not get its name."""
        if unfinished.has_name(name):
            with suppress(OSError):
                os.unlink(self._at(name), dir_fd=self._descriptor)

    def name_it(self, fresh: str, *, replace: bool) -> None:
        """Give the finished file its name; a link, unlike a rename, never hides what is there."""
        if replace:
            self._replace(fresh)
        elif not self._link(self._at(fresh), self._at(self.name)):
            try:
                self._replace(fresh)
            except BaseException:
                self.forget(self.name)
                raise
        durable.sync_folder(self.path)

    def _replace(self, fresh: str) -> None:
        here, named = self._descriptor, fresh
        if not unfinished.has_name(fresh):
            os.link(fresh, named := unfinished.new_name(), dst_dir_fd=here)
        old, new = self._at(named), self._at(self.name)
        try:
            in_use.patiently(
                lambda: os.replace(old, new, src_dir_fd=here, dst_dir_fd=here),
                self.path / self.name,
            )
        except BaseException:
            self.forget(named)
            raise

    def _link(self, old: str | Path, new: str | Path) -> bool:
        """Take the name by a link, else by an empty file; return whether the disk has links."""
        here = self._descriptor
        try:
            os.link(old, new, src_dir_fd=here, dst_dir_fd=here)
        except FileExistsError:
            raise Unwritten(CHANGED) from None
        except OSError as error:
            if errno_of(error) not in _NO_LINKS:
                raise
            self._claim()
            return False
        return True

    def _claim(self) -> None:
        """Take the name with an empty file, which only one program can do."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        try:
            os.close(os.open(self._at(self.name), flags, 0o600, dir_fd=self._descriptor))
        except FileExistsError:
            raise Unwritten(CHANGED) from None


# -- where nothing is written -----------------------------------------------------------------


def _refuse_folder(folder: Path, kind: Kind, guarded: Guarded) -> None:
    if _same(folder, real(guarded.database).parent) or _holds_store(folder):
        raise Unwritten(STORE)
    if _holds_backups(folder):
        raise Unwritten(BACKUP)
    if not kind.among_pathways and _holds_pathways(folder, guarded.pathways):
        raise Unwritten(PATHWAY)


def _same(folder: Path, other: Path) -> bool:
    with suppress(OSError):
        return folder.samefile(other)
    return False


def _holds_store(folder: Path) -> bool:
    """Return whether a key file lies there, and something beside it that has the same stem."""
    names = set(os.listdir(folder))  # noqa: PTH208 - only names are wanted
    keys = {name for name in names if name.endswith(".keys")}
    stems = tuple(name.removesuffix("keys") for name in keys)
    return bool(stems) and any(name.startswith(stems) for name in names - keys)


def _holds_backups(folder: Path) -> bool:
    """Return whether backups lie there, or it is one or lies in one, finished or not."""
    backup = re.compile(
        rf"\.?porras-(before-schema-\d+-)?{file_names.TIME}.*|{re.escape(file_names.UNFINISHED)}.*"
    )
    above = (folder, *folder.parents)
    # A file that a killed program left unfinished here is no backup: those are folders.
    here = [name for name in os.listdir(folder) if not _is_left(folder / name)]  # noqa: PTH208
    names = [*here, *(place.name for place in above)]
    return any(map(backup.fullmatch, names)) or any(map(_is_backup, above))


def _is_left(path: Path) -> bool:
    return path.name.startswith(file_names.UNFINISHED) and regular_files.is_regular(path)


def _is_backup(folder: Path) -> bool:
    with suppress(OSError):
        manifest = regular_files.read(folder / file_names.MANIFEST, _LARGEST_MANIFEST)
        return f'"{file_names.BACKUP_FORMAT}"'.encode() in manifest
    return False


def _holds_pathways(folder: Path, root: Path) -> bool:
    header = "pathway.toml"
    above = (folder, *folder.parents)
    if any(_same(place, used) for place in above for used in (root, PATHWAYS)):
        return True
    if any(os.path.lexists(place / header) for place in above):
        return True
    return folder.name in _SHARED and any(folder.parent.glob(f"*/{header}"))
