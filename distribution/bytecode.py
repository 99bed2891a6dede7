"""Compiles what a package brings, so that nothing is ever written into it.

The bytecode says that its source need not be looked at: the signed list of files names all of it.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from distribution.setting import CannotBuild


def compile_folder(python: str | Path, folder: Path, top: Path, *, beside: bool) -> None:
    """Write the bytecode of all modules below a folder, told by their paths from the top.

    `beside`: in the place where the source is, as a Python without sources reads it.

    Raises:
        CannotBuild: If a module is none.
    """
    # One process in the order of names: what is written depends on nothing else.
    command: list[str | Path] = [python, "-I", "-B", "-m", "compileall", "-q", "-f", "-j", "1"]
    command += ["--invalidation-mode", "unchecked-hash", "-s", top]
    command += ["-b", folder] if beside else [folder]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise CannotBuild(f"Not all of {folder} could be compiled.\n{done.stdout}{done.stderr}")
