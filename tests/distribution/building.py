"""Real packages, built from a copy of this tree in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.distribution.made_up import ROOT

PACKING = ROOT / ".venv-packages" / "bin" / "python"
KEPT = ("wheels", "pythons")
"""What lies below `build` and is fetched or made once."""

needs_packing = pytest.mark.skipif(
    sys.platform != "linux" or not PACKING.exists(),
    reason="`make packages` was not run here: .venv-packages is not there",
)


def files_of_tree() -> Iterator[Path]:
    """Return the files of this tree that git knows or would take, by their paths from its top."""
    listing = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others"]
    listing.append("--exclude-standard")
    listed = subprocess.run(listing, capture_output=True, check=True).stdout.decode()
    return (Path(name) for name in listed.split("\0") if (ROOT / name).is_file())


def build(folder: Path, kind: str, **env: str) -> dict[str, Path]:
    """Pack a copy of this tree in a folder; return each file that came out by its name."""
    tree = folder / "tree"
    for name in files_of_tree():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tree / name)
    (tree / "build").mkdir()
    for kept in KEPT:
        (ROOT / "build" / kept).mkdir(parents=True, exist_ok=True)
        (tree / "build" / kept).symlink_to(ROOT / "build" / kept)
    pack = [str(PACKING), "-m", "distribution", "--only", kind, "--out", str(folder / "dist")]
    env = {**os.environ, "SOURCE_DATE_EPOCH": "1790000000", **env}
    subprocess.run(pack, cwd=tree, env=env, check=True)
    return {path.name: path for path in (folder / "dist").iterdir()}


def build_elsewhere(folder: Path, kind: str) -> dict[str, Path]:
    """Pack as on another machine: another path, umask, zone, locale and seed of hashes."""
    before = os.umask(0o077)
    try:
        return build(
            folder / "in" / "another", kind, TZ="Asia/Tokyo", LC_ALL="C", PYTHONHASHSEED="7"
        )
    finally:
        os.umask(before)
