"""Archives that come out the same twice: sorted, one time for all, no owner, fixed rights."""

from __future__ import annotations

import gzip
import os
import stat
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from store.installation.file_list import files_in

_OLDEST_ZIP = 315_532_800
"""1 January 1980, with which the times of a zip begin."""


def epoch() -> int:
    """Return the time of all files (SOURCE_DATE_EPOCH, seconds since 1970)."""
    return int(os.environ["SOURCE_DATE_EPOCH"])


def pack_tar(folder: Path, target: Path, top: str) -> Path:
    """Write a .tar.gz of a folder, whose files lie in the folder `top` there; return it."""
    with (
        target.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=epoch(), compresslevel=9) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in _everything(folder):
            member = archive.gettarinfo(folder / path, f"{top}/{path}")
            member.uid = member.gid = 0
            member.uname = member.gname = "root"
            member.mtime = epoch()
            member.mode = _rights(folder / path)
            if member.isreg():
                with (folder / path).open("rb") as content:
                    archive.addfile(member, content)
            else:
                archive.addfile(member)
    return target


def _everything(folder: Path) -> Iterator[str]:
    """Yield each folder before what is in it."""
    files = list(files_in(folder, ()))
    folders = {str(parent) for file in files for parent in Path(file).parents} - {"."}
    yield from sorted({*files, *folders})


def _rights(path: Path) -> int:
    runs = path.is_dir() or path.lstat().st_mode & stat.S_IXUSR
    return 0o755 if runs else 0o644


def pack_zip(folder: Path, target: Path, top: str = "") -> Path:
    """Write a .zip of a folder, whose files lie in the folder `top` there; return it."""
    return zip_files(
        target,
        (
            (f"{top}/{path}" if top else path, folder / path)
            for path in sorted(files_in(folder, ()))
        ),
    )


def zip_files(target: Path, files: Iterable[tuple[str, Path]]) -> Path:
    """Write a .zip of files, each under a name of its own; return it."""
    moment = datetime.fromtimestamp(max(epoch(), _OLDEST_ZIP), UTC)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, path in files:
            member = zipfile.ZipInfo(name, moment.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3  # so that the rights count
            member.external_attr = (stat.S_IFREG | _rights(path)) << 16
            archive.writestr(member, path.read_bytes(), compresslevel=9)
    return target
