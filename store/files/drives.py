"""Drives: the file system under a path, whether it is mounted, and how much room it has."""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from store.files import ownership
from store.windows import synchronised

if sys.platform == "win32":
    from store.windows import owners, volumes

_NETWORK = frozenset(
    {"9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "gfs", "gfs2", "gpfs"}
    | {"lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "panfs", "pvfs2"}
    | {"smb2", "smb3", "smbfs", "fuse.ceph", "fuse.cephfs", "fuse.curlftpfs", "fuse.davfs2"}
    | {"fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.smbnetfs", "fuse.sshfs"}
)
_WITHOUT_RIGHTS = frozenset({"exfat", "fuse.exfat", "fuseblk", "msdos", "ntfs", "ntfs3", "vfat"})
"""File systems of sticks and the like, where whoever holds the disk reads every file."""

BLOCKS, FSTAB = Path("/sys/dev/block"), Path("/etc/fstab")
"""The disks that Linux knows, and where each should be mounted."""

MOUNTS = Path("/proc/mounts")
"""The mount table of Linux; elsewhere there is none, and no drive is known."""


def keeps_rights(path: Path) -> bool:
    """Return whether the disk keeps a file or folder of its owner from everybody else."""
    if sys.platform == "win32":
        return owners.keeps_rights(path) and not ownership.readers(path)
    return not stat.S_IMODE(path.stat().st_mode) & 0o077 and kind_of(path) not in _WITHOUT_RIGHTS


def keeps_rights_at_all(path: Path) -> bool:
    """Return whether the disk under a path knows who may read what."""
    if sys.platform == "win32":
        return owners.keeps_rights(path)
    return kind_of(path) not in _WITHOUT_RIGHTS


def file_system(path: Path, mounts: str) -> str:
    """Return the kind of file system under a path, by a mount table in the form of Linux."""
    place = Path(os.path.realpath(path))
    best, kind = -1, ""
    for point, each in _mounted(mounts):
        if place.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), each
    return kind


def _mounted(mounts: str) -> Iterator[tuple[Path, str]]:
    """Yield where each file system of a mount table lies, and its kind."""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) >= 3:
            # Blanks and a few other characters stand there as three octal digits.
            name = re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), fields[1])
            yield Path(name), fields[2]


def is_mount_point(path: Path) -> bool:
    """Return whether another file system, or another folder, is mounted at a path."""
    if os.path.ismount(path):
        return True
    try:
        mounts = MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return False
    return any(point == path for point, _ in _mounted(mounts))


def kind_of(path: Path) -> str:
    """Return the kind of file system that a path lies on; empty where that is not to be known."""
    try:
        return file_system(path, MOUNTS.read_text(encoding="utf-8", errors="surrogateescape"))
    except OSError:
        return ""


def network_drive(path: Path) -> str | None:
    """Return the kind of network file system under a path; None if it is local or unknown.

    On Windows that is the root of the drive, or the service that copies the folder to a network.
    """
    if sys.platform == "win32":
        return synchronised.service_of(path, os.environ) or _far_root(path)
    kind = kind_of(path)
    return kind if kind in _NETWORK else None


def knows_no_owners(path: Path) -> bool:
    """Return whether a path lies on a disk that may give every file to the same user."""
    if sys.platform == "win32":
        return not owners.keeps_rights(path) or _far_root(path) is not None
    return kind_of(path) in _WITHOUT_RIGHTS | _NETWORK


def _far_root(path: Path) -> str | None:
    """Return the drive of Windows that a path lies on, if that is on another computer."""
    if sys.platform == "win32":
        place = os.path.realpath(path)
        if place.startswith("\\\\") and not place.startswith(("\\\\?\\", "\\\\.\\")):
            return "\\\\" + place.split("\\")[2]
        with suppress(OSError):
            found = volumes.volume_of(path)
            return found.root if found.far else None
    return None


class BackupLocation(NamedTuple):
    """What is to be known of the place of a backup."""

    network: str | None
    """The kind of network drive that it lies on, if any."""
    same_disk: bool
    """Whether it would be lost together with the store's own disk."""
    not_mounted: Path | None
    """Where another disk should be, in whose empty place it lies."""
    private: bool
    """Whether the disk keeps it from others; the database in it is encrypted all the same."""


def same_disk(one: Path, other: Path) -> bool:
    """Return whether two folders lie on one disk, perhaps in two parts, as far as is known."""
    devices = one.stat().st_dev, other.stat().st_dev
    if sys.platform == "win32":
        disk = volumes.disk_of(one)
        return devices[0] == devices[1] or (disk is not None and disk == volumes.disk_of(other))
    return devices[0] == devices[1] or not _disks(devices[0]).isdisjoint(_disks(devices[1]))


def _disks(device: int) -> set[str]:
    """Return the disks that a file system of Linux lies on, by name."""
    if sys.platform == "win32":
        return set()
    found, waiting = set(), [BLOCKS / f"{os.major(device)}:{os.minor(device)}"]
    with suppress(OSError):
        while waiting:
            node = waiting.pop().resolve(strict=True)
            under = list(node.glob("slaves/*"))
            waiting += under
            if not under:
                found.add(node.parent.name if (node / "partition").exists() else node.name)
    return found


def not_mounted(folder: Path) -> Path | None:
    """Return the place for another disk that a folder lies in, if no disk is mounted there."""
    try:
        places = {point for point, _ in _mounted(_lines_of(FSTAB))}
    except OSError:
        return None
    for place in (folder, *folder.parents):
        if is_mount_point(place):
            return None
        if place in places:
            return place
    return None


def _lines_of(table: Path) -> str:
    text = table.read_text(encoding="utf-8", errors="surrogateescape")
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if not line.startswith("#"))


def free_bytes(path: Path) -> int:
    """Room for the user on the disk of the path, or of its nearest folder that stands."""
    for place in (path, *path.parents):
        with suppress(OSError):  # it is not there, or this user may not look
            return shutil.disk_usage(place).free
    return 0
