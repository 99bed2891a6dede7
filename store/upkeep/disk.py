"""Files and folders: private rights, writes that survive a power cut, and network drives."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

_NETWORK = frozenset(
    {"9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "gfs", "gfs2", "gpfs"}
    | {"lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "panfs", "pvfs2"}
    | {"smb2", "smb3", "smbfs", "fuse.ceph", "fuse.cephfs", "fuse.curlftpfs", "fuse.davfs2"}
    | {"fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.smbnetfs", "fuse.sshfs"}
)
MOUNTS = Path("/proc/mounts")
"""The mount table of Linux; elsewhere there is none, and no drive is known."""


def private_folder(folder: Path) -> None:
    """Make the folder for its owner alone (0700); one that already stands is left as it is."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can do that."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def new_file(folder: Path, prefix: str) -> Path:
    """An empty file with a name of its own in the folder, readable by its owner alone (0600)."""
    descriptor, name = tempfile.mkstemp(prefix=prefix, dir=folder)
    os.close(descriptor)
    return Path(name)


def write_whole(path: Path, content: bytes, *, replace: bool) -> None:
    """Put a file in place as a whole: after a cut there is the old one or the new one.

    FileExistsError if the file stands and may not be replaced; OSError if the disk refuses.
    """
    fresh = new_file(path.parent, path.name + ".")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        put_in_place(fresh, path, replace=replace)
    finally:
        fresh.unlink(missing_ok=True)


def put_in_place(fresh: Path, path: Path, *, replace: bool) -> None:
    """Give a finished and synced file its name; FileExistsError if taken and not to be replaced."""
    if replace:
        fresh.replace(path)
    else:
        os.link(fresh, path)  # unlike a rename, a link never hides the file that stands there
        fresh.unlink()
    sync_folder(path.parent)


def file_system(path: Path, mounts: str) -> str:
    """The kind of file system that a path lies on, from a mount table in the form of Linux."""
    place = path.resolve()
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        # Blanks and a few other characters stand there as three octal digits.
        point = Path(re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), fields[1]))
        if place.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), fields[2]
    return kind


def network_drive(path: Path) -> str | None:
    """The kind of network file system that a path lies on; None if local or not to be known."""
    try:
        kind = file_system(path, MOUNTS.read_text(encoding="utf-8", errors="surrogateescape"))
    except OSError:
        return None
    return kind if kind in _NETWORK else None


def free_bytes(path: Path) -> int:
    """Room for the user on the disk of the path, or of its nearest folder that stands."""
    import shutil

    place = path
    while not place.exists() and place != place.parent:
        place = place.parent
    return shutil.disk_usage(place).free
