"""Finds a Python of this machine that writes the bytecode which the one for Windows reads."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from distribution.setting import CannotBuild

_MARK = "import importlib.util as u; print(u.MAGIC_NUMBER.hex())"


def find_python(minor: str, mark: bytes) -> str:
    """Return a Python of this machine whose bytecode has a mark.

    Raises:
        CannotBuild: If there is none.
    """
    for python in _pythons(minor):
        done = subprocess.run([python, "-I", "-c", _MARK], capture_output=True, text=True)
        if done.returncode == 0 and done.stdout.strip() == mark.hex():
            return python
    raise CannotBuild(
        f"No Python {minor} is here to compile the package for Windows. Install one: as "
        f"`python{minor}` on the path, or by `pyenv install {minor}`."
    )


def _pythons(minor: str) -> Iterator[str]:
    yield sys.executable
    if named := shutil.which(f"python{minor}"):
        yield named
    versions = Path.home() / ".pyenv" / "versions"
    yield from (str(path) for path in sorted(versions.glob(f"{minor}.*/bin/python3")))
