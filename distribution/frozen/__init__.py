"""Packages with a Python of their own: a folder as .tar.gz, and the same as .deb and .rpm.

The Python is CPython, built once by `make pythons` for an old system and kept in build/pythons;
everything that it needs of other libraries is inside its one program. So it starts sooner than a
virtual environment, runs from any folder, and needs nothing but the C library.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from distribution import wheels
from distribution.archives import pack_tar
from distribution.frozen import pythons, system_packages, tree
from distribution.setting import CannotBuild, Setting

SYSTEMS = ("linux-x86_64", "linux-aarch64")


def build(setting: Setting) -> list[Path]:
    """Make the packages of each system for which a Python is kept; return them.

    Raises:
        CannotBuild: If there is none at all.
    """
    here = [system for system in SYSTEMS if pythons.has(setting, system)]
    if not here:
        raise CannotBuild(
            f"No Python is kept in {pythons.folder(setting)}. Run `make pythons` once, as root and "
            "with network; distribution/frozen/python/README.md says what else can be done."
        )
    for system in set(SYSTEMS) - set(here):
        print(f"  No Python for {system} is kept ({pythons.folder(setting)}): left out.")
    own = wheels.own_wheel(setting)
    return [path for system in here for path in _packages(setting, system, own)]


def _packages(setting: Setting, system: str, own: Path) -> list[Path]:
    name = f"{setting.stem}-{system}"
    folder = setting.work / name
    shutil.rmtree(folder, ignore_errors=True)
    glibc = tree.put_together(setting, system, own, folder)
    print(f"  {system}: needs glibc {glibc} or newer.")
    bill = shutil.copyfile(folder / "sbom.cdx.json", setting.out / f"{name}.cdx.json")
    packed = [
        system_packages.pack(setting, system, folder, kind, glibc) for kind in system_packages.KINDS
    ]
    tree.complete_folder(setting, system, folder, glibc)
    return [bill, *packed, pack_tar(folder, setting.out / f"{name}.tar.gz", name)]
