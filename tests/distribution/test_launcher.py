"""If these fail, a half-finished update keeps somebody out of Porras."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

LAUNCHER = Path(__file__).parents[2] / "distribution" / "launcher" / "porras"

SHELLS = [shell for shell in ("dash", "bash", "busybox") if shutil.which(shell)]

PROGRAM = '#!/bin/sh\nprintf "%s|" "$(basename "$(dirname "$0")")" "$PWD" "$@"\nexit 7\n'


def put(installation: Path, program: str) -> None:
    path = installation / "versions" / program
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PROGRAM)
    path.chmod(0o755)


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    """An installation in a folder with a blank, of three versions and one that is under way."""
    folder = tmp_path / "of all"
    for program in (
        "0.2.0/porras",
        "0.10.0/bin/porras",
        "0.9.0-2/porras",
        ".new-0.11.0-x/porras",
    ):
        put(folder, program)
    shutil.copy(LAUNCHER, folder / "porras")
    return folder


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> list[str]:
    return ["busybox", "sh"] if request.param == "busybox" else [request.param]


def start(shell: list[str], launcher: Path, *words: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [*shell, launcher, *words], capture_output=True, text=True, cwd="/", check=False
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("text", ["0.2.0\n", "0.2.0", "0.2.0\r\n"])
def test_the_version_in_use_starts_with_all_its_words(
    installation: Path, shell: list[str], text: str
) -> None:
    (installation / "current").write_bytes(text.encode())
    assert start(shell, installation / "porras", "a", "b c", "") == (7, "0.2.0|/|a|b c||", "")


def test_a_link_to_a_link_leads_to_the_installation(installation: Path, shell: list[str]) -> None:
    (installation / "current").write_text("0.9.0-2\n")
    places = installation.parent / "bin"
    places.mkdir()
    (places / "first").symlink_to("../of all/porras")
    (places / "porras").symlink_to(places / "first")
    assert start(shell, places / "porras") == (7, "0.9.0-2|/|", "")


@pytest.mark.parametrize(
    "text",
    ["", "\n", "0.3.0\n", "../of all/versions/0.2.0\n", "0.2.0/../0.2.0", ".new-0.11.0-x", "\0\1"],
)
def test_the_newest_whole_version_starts_where_none_is_named(
    installation: Path, shell: list[str], text: str
) -> None:
    (installation / "current").write_text(text)
    (installation / "versions" / "0.12.0").mkdir()  # without a program
    status, said, told = start(shell, installation / "porras", "x")
    assert (status, said) == (7, "bin|/|x|")
    assert "starting 0.10.0" in told
    assert "käynnistyy 0.10.0" in told
    assert told.count("\n") == 1


@pytest.mark.parametrize("left", ["nothing", "no current", "not to be run"])
def test_what_is_missing_is_told(installation: Path, shell: list[str], left: str) -> None:
    if left == "no current":
        assert start(shell, installation / "porras")[:2] == (7, "bin|/|")
        return
    (installation / "current").write_text("0.2.0\n")
    if left == "nothing":
        shutil.rmtree(installation / "versions")
    else:
        for path in installation.glob("versions/**/porras"):
            path.chmod(0o644)
    status, said, told = start(shell, installation / "porras")
    assert (status, said) == (1, "")
    assert "install it again" in told
