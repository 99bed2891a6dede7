"""Making a version of a wheelhouse: its own installer lays it out for the Python of this computer.

The installer is run only after every file of the package was held against the signed list.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from store.errors import PackageDoesNotRun, WrongPackage
from store.installation.package import Package

INSTALLER = "install.py"
MADE_HERE = "made_here.sha256"
"""The list of what the installer makes on this very computer: what Python compiles, and so on."""
MADE_IN_PLACE = frozenset({MADE_HERE, "bin/python3"})
"""What is in no list: the other list itself, and the link to the Python of this computer."""


def refuse_other_python(path: Path, found: Package) -> None:
    """Refuse a wheelhouse that has nothing for the Python that runs this.

    Raises:
        WrongPackage: If so.
    """
    here = "{}.{}".format(*sys.version_info[:2])
    if here not in found.python.split():
        raise WrongPackage(path=str(path), found=f"Python {found.python}", wanted=f"Python {here}")


def make_version(path: Path, folder: Path, version: Path, final: Path) -> None:
    """Let the installer in an unpacked package make a version, which will be called `final`.

    `path` is the package as it was given; the version is tried before this returns.

    Raises:
        PackageDoesNotRun: With its last line, if it gives up; nothing of the installation changed.
        OSError: If Python itself cannot be started.
    """
    version.mkdir()
    version.chmod(0o755)
    python = Path(getattr(sys, "_base_executable", "") or sys.executable).resolve()
    words = ("-IB", str(folder / INSTALLER), "--make", str(version), "--named", str(final))
    done = subprocess.run(  # noqa: S603 - of a package that was proven
        [str(python), *words], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        told = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise PackageDoesNotRun(path=str(path), reason="".join(told)[:300] or "?")
