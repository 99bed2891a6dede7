"""The signed CPython for Windows: fetched by its digest, unpacked unchanged.

Only `python313._pth`, which tells where it looks for modules, is ours; python.org means it to be
written by whoever embeds it, and no signature covers it.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import NamedTuple

from distribution.setting import CannotBuild, Setting
from store.installation.file_list import digest_of

PIN = Path(__file__).with_name("python.toml")
SITE = "site-packages"


class Pin(NamedTuple):
    """Which CPython it is, and where that is inside of what."""

    name: str
    version: str
    sha256: str
    python: str
    inside: str
    folder: str

    @property
    def top(self) -> str:
        """The folder in the archive, which also names the archive."""
        return f"{self.name.replace('-', '_')}-{self.version}"

    @property
    def minor(self) -> str:
        """The version that wheels are made for, as 3.13."""
        return ".".join(self.python.split(".")[:2])


def read_pin(path: Path = PIN) -> Pin:
    """Return which CPython is packed."""
    return Pin(**tomllib.loads(path.read_text(encoding="utf-8")))


def fetch(setting: Setting, pin: Pin) -> Path:
    """Return the archive that CPython is in; what is kept from the last time is asked of nobody.

    Raises:
        CannotBuild: If it is not there and cannot be had.
    """
    kept = setting.root / "build" / "wheels" / f"{pin.top}.tar.gz"
    if not kept.is_file() or digest_of(kept) != pin.sha256:
        kept.parent.mkdir(parents=True, exist_ok=True)
        _download(setting, pin, kept)
    return kept


def _download(setting: Setting, pin: Pin, kept: Path) -> None:
    asked = setting.work / "wanted-python.txt"
    asked.write_text(f"{pin.name}=={pin.version} --hash=sha256:{pin.sha256}\n", encoding="ascii")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--require-hashes", "--no-binary", ":all:", "--no-build-isolation"]
    command += ["--dest", str(kept.parent), "--requirement", str(asked)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0 or not kept.is_file():
        told = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise CannotBuild(
            f"Python for Windows is not in {kept.parent}, and pip could not get {pin.name} "
            f"{pin.version}. It needs the network once.\n" + "\n".join(told or [done.stderr])
        )


def unpack(archive: Path, pin: Pin, folder: Path) -> None:
    """Write the files of CPython into a folder, and where it looks for modules."""
    with tarfile.open(archive) as outer:
        data = outer.extractfile(f"{pin.top}/{pin.inside}")
        if data is None:
            raise CannotBuild(f"{archive} does not hold {pin.inside}.")
        with zipfile.ZipFile(io.BytesIO(data.read())) as inner:
            for member in inner.infolist():
                below = member.filename.removeprefix(f"{pin.folder}/")
                if below != member.filename and not member.is_dir():
                    path = folder / below
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(inner.read(member))
    short = pin.minor.replace(".", "")
    # Neither `site` nor anything that the user or the registry has set is asked.
    (folder / f"python{short}._pth").write_text(
        f"python{short}.zip\n.\n{SITE}\n", encoding="ascii", newline="\r\n"
    )


def bytecode_of(folder: Path, pin: Pin) -> bytes:
    """Return the mark of the bytecode that this CPython reads, as its own library begins."""
    library = folder / f"python{pin.minor.replace('.', '')}.zip"
    with zipfile.ZipFile(library) as packed, packed.open("abc.pyc") as compiled:
        return compiled.read(4)
