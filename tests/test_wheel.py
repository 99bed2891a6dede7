"""What a site installs: the wheel holds everything that the program reads, and runs anywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, built with what is installed here."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    done = subprocess.run([*command, str(ROOT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_it_holds_every_pathway_stylesheet_and_translation(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    patterns = (
        "pathways/**/*.toml",
        "pathways/**/*.md",
        "tui/**/*.tcss",
        "store/**/*.toml",
        "stepping/**/*.toml",
    )
    for pattern in patterns:
        needed = list(ROOT.glob(pattern))
        assert needed, pattern
        for path in needed:
            assert path.relative_to(ROOT).as_posix() in inside
    for path in ROOT.glob("casework/locale/*/LC_MESSAGES/*.po"):
        assert path.with_suffix(".mo").relative_to(ROOT).as_posix() in inside
    assert not [name for name in inside if name.startswith("tests/")]


def test_it_runs_from_any_folder(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-deps", "--target", str(place), str(wheel)], check=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tui", "decide", "adult", "--lang", "fi", "--format", "json"],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(place)},
        input='{"danger.suicide": true}',
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    decision = json.loads(done.stdout)
    assert decision["stops"] == ["S1"]
    where = "import stepping; print(stepping.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", where],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(place)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.startswith(str(place))
