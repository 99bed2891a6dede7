"""A wheelhouse that takes a moment to make: one wheel, which leads to the modules that are here."""

from __future__ import annotations

import platform
import sys
import sysconfig
import zipfile
from pathlib import Path

from distribution.setting import Setting
from distribution.wheelhouse import pack

ROOT = Path(__file__).parents[2]
PYTHON = "{}.{}".format(*sys.version_info[:2])
SYSTEM = f"linux-{platform.machine()}"


def setting(folder: Path, key: Path | None = None, version: str = "0.2.0") -> Setting:
    """A setting whose folders are in one of the test's own."""
    out, work = folder / "dist", folder / "work"
    for each in (out, work):
        each.mkdir(parents=True, exist_ok=True)
    return Setting(ROOT, out, work, version, "0" * 40, key, "region")


def wheel(folder: Path, name: str, files: dict[str, bytes]) -> Path:
    """A wheel of a version 1.0 that holds some files."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    about = f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\nLicense-Expression: MIT\n"
    with zipfile.ZipFile(path, "w") as packed:
        for each, content in files.items():
            packed.writestr(each, content)
        packed.writestr(f"{name}-1.0.dist-info/METADATA", about)
    return path


def wheelhouse(folder: Path, key: Path | None = None, version: str = "0.2.0") -> Path:
    """A package for this Python and this computer, unpacked."""
    paths = f"{ROOT}\n{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n"
    files = {"here.pth": paths.encode(), "invented/__init__.py": b"WORDS = 'invented'\n"}
    package = folder / f"package-{version}"
    (package / "LICENSES").mkdir(parents=True)
    (package / "LICENSES" / "README.txt").write_text("invented\n", encoding="utf-8")
    chosen = {PYTHON: [wheel(folder, "invented", files)]}
    pack.assemble(setting(folder, key, version), package, SYSTEM, chosen)
    return package
