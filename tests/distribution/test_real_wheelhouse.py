"""If these fail, the wheelhouse that is handed out differs from run to run, or does not install."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from distribution.wheels import PYTHONS
from tests.distribution.building import build, needs_packing
from tests.distribution.made_up import PYTHON, SYSTEM

pytestmark = [pytest.mark.nightly, needs_packing]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return build(tmp_path_factory.mktemp("one"), "wheelhouse")


@pytest.fixture(scope="module")
def unpacked(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    (name,) = (name for name in built if name.endswith(f"{SYSTEM}.zip"))
    folder = tmp_path_factory.mktemp("stick")
    with zipfile.ZipFile(built[name]) as packed:
        packed.extractall(folder)
    return folder / name.removesuffix(".zip")


def install(package: Path, place: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", package / "install.sh", "--into", place],
        capture_output=True,
        text=True,
        env={**os.environ, "PORRAS_PYTHON": sys.executable},
    )


def test_it_installs_into_a_bare_python_and_runs(unpacked: Path, tmp_path: Path) -> None:
    place = tmp_path / "porras"
    done = install(unpacked, place)
    assert done.returncode == 0, done.stdout + done.stderr
    version = unpacked.name.split("-")[1]
    for words, told in ((["--version"], version), (["doctor", "--format", "json"], "")):
        ran = subprocess.run(
            [place / "porras", *words],
            capture_output=True,
            text=True,
            env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        )
        assert "Traceback" not in ran.stderr
        assert told in ran.stdout
    assert json.loads(ran.stdout)


def test_it_is_for_every_python_that_porras_runs_on(unpacked: Path) -> None:
    for python in PYTHONS:
        names = (unpacked / "for-python" / f"{python}.wheels").read_text().split()
        assert all((unpacked / "wheels" / name).is_file() for name in names)
        assert any(name.startswith("pip-") for name in names)
        assert any(name.startswith("porras-") for name in names)
    assert PYTHON in PYTHONS


def test_a_flipped_byte_in_every_tenth_file_is_told(unpacked: Path, tmp_path: Path) -> None:
    files = sorted(path for path in unpacked.rglob("*") if path.is_file())
    tried = [path for path in files[::10] if path.name != "files.sha256"]
    assert len(tried) > 8
    for path in tried:
        whole = path.read_bytes()
        half = len(whole) // 2
        path.write_bytes(whole[:half] + bytes([whole[half] ^ 1]) + whole[half + 1 :])
        done = install(unpacked, tmp_path / "porras")
        path.write_bytes(whole)
        assert done.returncode == 1, path.name
        # A program that is damaged itself may fail before it can tell by name.
        assert path.name in done.stderr or path.name in {"install.sh", "install.py"}
        assert not (tmp_path / "porras").exists()


def test_the_bill_names_what_lies_inside(built: dict[str, Path]) -> None:
    for name, path in built.items():
        if name.endswith(".cdx.json"):
            named = {each["name"] for each in json.loads(path.read_text())["components"]}
            assert {"SQLCipher", "SQLite", "OpenSSL", "libffi", "Argon2 reference code"} < named
            assert not named & {"pytest", "mypy", "hypothesis"}
