"""An installation: a folder with a folder for each version, and a file that names the one in use.

`distribution/launcher/README.md` tells the whole contract. A version is never changed once it has
its name; everything that is not finished is called `.new-…`.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from store.errors import PackageUnreadable
from store.files import drives, durable, regular_files
from store.installation import package
from store.installation.package import VERSIONS, Package

CURRENT = "current"
PART = ".new-"
"""How the folder of an update begins that is not finished; the launcher starts none."""

_NAME = re.compile(r"\d[0-9A-Za-z.+-]{0,99}")
_LONGEST_NAME = 200
_FOR_ALL = 0o644
"""The rights of `current`: whoever may start the program has to read it."""
_PROCESSES = Path("/proc")


def read_current(installation: Path) -> str | None:
    """Return the name of the version in use; None if the file names none that is here."""
    try:
        text = regular_files.read(installation / CURRENT, _LONGEST_NAME).decode()
    except (OSError, UnicodeDecodeError):
        return None
    name = text.strip()
    return name if name in list_versions(installation) else None


def write_current(installation: Path, name: str) -> None:
    """Use another version from the next start on; after a cut it is the old one or the new one.

    Raises:
        OSError: If the disk refuses; NoAccess.
    """
    path = installation / CURRENT
    durable.write_whole(path, f"{name}\n".encode(), replace=True)
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) != _FOR_ALL:
        path.chmod(_FOR_ALL)


def list_versions(installation: Path) -> dict[str, Package]:
    """Return the versions of an installation by the names of their folders, the newest first."""
    found = {}
    for folder in _folders(installation / VERSIONS):
        if _NAME.fullmatch(folder.name):
            with suppress(PackageUnreadable):
                found[folder.name] = package.read_package(folder)
    return dict(sorted(found.items(), key=lambda each: order(each[0]), reverse=True))


def order(version: str) -> tuple[tuple[int, int, str], ...]:
    """Return what a version is sorted by: 0.9.0rc1, 0.9.0, 0.9.0-2, 0.10.0."""
    parts = re.findall(r"\d+|[A-Za-z]+", version)
    ordered = ((1, int(part), "") if part.isdecimal() else (-1, 0, part) for part in parts)
    return (*ordered, (0, 0, ""))


def free_name(installation: Path, version: str) -> str:
    """Return the name that a version gets: its own, or with a number where that is taken."""
    taken = {folder.name for folder in _folders(installation / VERSIONS)}
    names = (version, *(f"{version}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def before(installation: Path, name: str) -> str | None:
    """Return the newest version that is older than one, for the way back."""
    older = (each for each in list_versions(installation) if order(each) < order(name))
    return next(older, None)


def clear(installation: Path, keep: set[str]) -> list[str]:
    """Remove what updates have left unfinished, and versions that are not to be kept.

    A version from which a program runs, as far as that is known, stays too. Return the names of
    the versions that were removed.
    """
    versions = installation / VERSIONS
    removed = []
    for folder in _folders(versions):
        is_part = folder.name.startswith(PART)
        old = _NAME.fullmatch(folder.name) and folder.name not in keep and not _runs(folder)
        if (is_part or old) and _remove(folder) and not is_part:
            removed.append(folder.name)
    return removed


def _folders(versions: Path) -> Iterator[Path]:
    """Yield the folders of versions, finished or not; what else lies there is let alone."""
    with suppress(OSError):
        for path in sorted(versions.iterdir()):
            if path.is_dir() and not regular_files.leads_elsewhere(path):
                yield path


def _remove(folder: Path) -> bool:
    """Remove a folder of a version; False, and it is no version any more, if not all of it goes."""
    if drives.is_mount_point(folder):
        return False
    if not folder.name.startswith(PART):
        # From here on the launcher does not take it for a whole one.
        fresh = folder.with_name(f"{PART}old-{folder.name}")
        try:
            folder.rename(fresh)
        except OSError:  # as where a program of Windows runs from it
            return False
        folder = fresh
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def _runs(folder: Path) -> bool:
    """Return whether a program runs from a version: Linux tells with which words it was started."""
    mark = os.fsencode(f"{folder}{os.sep}")
    for process in _PROCESSES.glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if mark in process.read_bytes():
                return True
    return False
