"""What the program costs as it is handed out, beside the same program in an environment."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from tests.bench.budget import Budget, Setting
from tests.bench.programs import in_turns, porras
from tests.bench.starts import TURNS_A_ROUND
from tests.packages.installing import WAYS

LIMIT = 1.3


def budgets(setting: Setting) -> Iterator[Budget]:
    """Yield a row for the folder and the wheelhouse below `dist`; say what was not built."""
    for name in ("folder", "wheelhouse"):
        file = WAYS[name].file()
        if file is None:
            print(f"{name}: not measured, none was built (make packages)")
            continue
        program = _unpacked(file, setting.folder / name)
        yield Budget(
            f"first paint of the {name} / of the environment",
            LIMIT,
            "×",
            partial(_slower, program, setting),
        )


def _unpacked(file: Path, folder: Path) -> Path:
    """Unpack, and where it has to be, install a package; return its program."""
    folder.mkdir()
    if file.suffix == ".zip":
        subprocess.run([sys.executable, "-m", "zipfile", "-e", file, folder], check=True)
        (package,) = folder.iterdir()
        place = folder / "installed"
        command: list[str | Path] = [sys.executable, "-IB", package / "install.py", "--into", place]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return place / "porras"
    with tarfile.open(file) as packed:
        packed.extractall(folder, filter="tar")
    (package,) = folder.iterdir()
    return package / "porras"


def _slower(program: Path, setting: Setting) -> float:
    """Return how much longer its first paint takes, where both take turns."""
    here = porras(setting.folder / "packaged" / "p.db")
    words = here.argv[here.argv.index("--demo") :]
    packaged = replace(here, argv=(str(program), *words))
    medians = in_turns((here, packaged), TURNS_A_ROUND * setting.rounds)
    environment, measured = (each["time_to_first_paint_s"] for each in medians)
    return float(measured / environment)
