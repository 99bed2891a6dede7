"""If these fail, a folder that was damaged on its way is installed, or doctor calls it whole."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from store.installation import file_list
from tests.packages.installing import WAYS

BUILT = WAYS["folder"].file()
NAMED = 5
"""How many files the installer names at most."""
pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(BUILT is None, reason="made by `make packages`"),
]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert BUILT is not None
    folder = tmp_path_factory.mktemp("stick")
    with tarfile.open(BUILT) as packed:
        packed.extractall(folder, filter="tar")
    (package,) = folder.iterdir()
    return package


def flip(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)


def every_tenth(package: Path) -> list[str]:
    names = sorted(file_list.files_in(package))[::10]
    return [name for name in names if name != "install.sh" and (package / name).stat().st_size]


def test_doctor_names_a_flipped_byte_in_every_tenth_file(unpacked: Path, tmp_path: Path) -> None:
    damaged = shutil.copytree(unpacked, tmp_path / "damaged")
    listed = file_list.parse((damaged / file_list.LIST).read_bytes(), "the list")
    names = every_tenth(damaged)
    assert len(names) > 100
    for name in names:
        flip(damaged / name)
    found = file_list.compare(damaged, listed, list(file_list.files_in(damaged)))
    assert sorted(found.changed) == names


def test_the_installer_names_a_flipped_byte_in_every_tenth_file(
    unpacked: Path, tmp_path: Path
) -> None:
    place = tmp_path / "porras"
    tenth = every_tenth(unpacked)
    for names in (tenth[at : at + NAMED] for at in range(0, len(tenth), NAMED)):
        whole = {name: (unpacked / name).read_bytes() for name in names}
        for name in names:
            flip(unpacked / name)
        done = subprocess.run(
            ["sh", unpacked / "install.sh", "--into", place],
            capture_output=True,
            text=True,
            env={**os.environ, "HOME": str(tmp_path)},
        )
        for name, content in whole.items():
            (unpacked / name).write_bytes(content)
        assert done.returncode == 1
        assert [name for name in names if f"{name}: FAILED" not in done.stderr] == []
        assert not place.exists()
