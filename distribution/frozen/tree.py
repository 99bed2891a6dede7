"""Puts the folder of a version together: Python, what it imports, the program that starts it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from distribution import sbom, wheels
from distribution.bytecode import compile_folder
from distribution.frozen import pythons
from distribution.setting import CannotBuild, Setting
from distribution.version_folder import complete
from store.installation.file_list import files_in
from store.installation.package import Kind, Package

_HERE = Path(__file__).parent
_INSTALLER = (_HERE / "install.sh", _HERE.parent / "wheelhouse" / "install.py")
_LAUNCHER = _HERE.parent / "launcher" / "porras"

_NEVER_USED = (
    *("_pyrepl", "dbm", "ensurepip", "idlelib", "lib2to3", "pydoc_data", "test", "tkinter"),
    *("turtle.py", "turtledemo", "venv", "wsgiref", "xmlrpc", "site-packages"),
)
"""Of the library of Python."""

_GLIBC = re.compile(rb"\0GLIBC_2\.(\d+)(?=[.\0])")
_ELF = b"\x7fELF"


def put_together(setting: Setting, system: str, own: Path, folder: Path) -> str:
    """Fill a folder with all that is alike in each kind of package; return the least glibc.

    Raises:
        CannotBuild: If a part is missing.
    """
    python = pythons.folder(setting) / system
    number = pythons.version(setting, system)
    minor = number.rpartition(".")[0]
    library = folder / "lib" / f"python{minor}"
    _copy_python(python, folder, minor)
    refuse_exported_engine(folder / "bin" / "python3")
    unpacked = wheels.fetch_used(setting, wheels.Target(system, minor), own)
    # Where Debian's sources of CPython, which are those that are kept up, look for modules.
    for wheel in unpacked:
        wheels.unpack(wheel, library / "dist-packages")
    _compile(setting, folder, library)
    shutil.copy(_HERE / "start.sh", folder / "porras")
    sbom.describe(setting, folder, unpacked, tuple(pythons.parts(setting, system)))
    return least_glibc(folder)


def _copy_python(python: Path, folder: Path, minor: str) -> None:
    """Copy the program and its library, without what Porras never uses."""
    library = folder / "lib" / f"python{minor}"
    left_out = shutil.ignore_patterns("__pycache__", "config-*", *_NEVER_USED)
    shutil.copytree(python / "lib" / f"python{minor}", library, ignore=left_out)
    (folder / "bin").mkdir()
    shutil.copy(python / "bin" / f"python{minor}", folder / "bin" / "python3")
    # Python looks for this folder to know where it lies; a list of files names no empty one.
    (library / "lib-dynload").mkdir(exist_ok=True)
    (library / "lib-dynload" / "README").write_text("All modules of Python are in bin/python3.\n")


def refuse_exported_engine(python: Path) -> None:
    """Refuse a Python that hands out the SQLite inside of it.

    The module of SQLCipher would then take that one for its own, and encrypt nothing.

    Raises:
        CannotBuild: If so.
    """
    if b"\0sqlite3_open_v2\0" in python.read_bytes():
        raise CannotBuild(
            f"{python} puts its own SQLite, which encrypts nothing, in the place of SQLCipher. "
            "Build it with distribution/frozen/python/build.sh as it is."
        )


def _compile(setting: Setting, folder: Path, library: Path) -> None:
    """Put bytecode in the place of each module; nothing is ever written into the folder then.

    It is the same for all processors, so the Python of this machine's kind makes it.
    """
    compile_folder(pythons.runs_here(setting), library, folder, beside=True)
    for source in library.rglob("*.py"):
        source.unlink()


def least_glibc(folder: Path) -> str:
    """Return the oldest glibc that has all that the programs and libraries of a folder ask for."""
    newest = 0
    for name in files_in(folder):
        with (folder / name).open("rb") as file:
            if file.read(len(_ELF)) == _ELF:
                newest = max([newest, *map(int, _GLIBC.findall(file.read()))])
    return f"2.{newest}"


def about(setting: Setting, system: str, folder: Path, kind: Kind, glibc: str) -> Package:
    """Return what the package in a folder says that it is."""
    number = pythons.version(setting, system)
    return Package(folder, kind, setting.version, system, number, glibc, setting.commit)


def complete_folder(setting: Setting, system: str, folder: Path, glibc: str) -> None:
    """Add what installs the folder from wherever it was unpacked, and list and sign all of it."""
    for source in _INSTALLER:
        shutil.copy(source, folder / source.name)
    shutil.copy(_LAUNCHER, folder / "launcher")
    complete(setting, about(setting, system, folder, "folder", glibc))
