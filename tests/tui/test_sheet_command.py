"""If these fail, a sheet is written where it must not be, over something, or of nobody's asking."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tui.cli import porras


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without anything."""
    own = tmp_path / "home"
    own.mkdir()
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(own))
    return own


def run(*words: str) -> Result:
    return CliRunner().invoke(porras, ["--lang", "en", *words])


def test_a_blank_plan_is_printed_without_a_store(home: Path) -> None:
    done = run("sheet", "safety_plan", "--lang", "fi")
    assert done.exit_code == 0, done.output
    assert done.output.startswith("Turvasuunnitelmani\n")
    assert not list(home.rglob("*.db"))


@pytest.mark.parametrize(
    ("form", "begins"), [("text", b"What you"), ("html", b"<!DOCTYPE"), ("pdf", b"%PDF-")]
)
def test_each_format_is_a_new_file_and_replaces_nothing(
    tmp_path: Path, form: str, begins: bytes
) -> None:
    file = tmp_path / "sheet"
    words = ("sheet", "self_care", "--pathway", "adult", "--step", "1", "--format", form)
    assert run(*words, "--out", str(file)).exit_code == 0
    made = file.read_bytes()
    assert made.startswith(begins)
    again = run(*words, "--out", str(file))
    assert again.exit_code == 1
    assert "Choose another name" in again.output
    assert file.read_bytes() == made


@pytest.mark.skipif(sys.platform == "win32", reason="rights are those of POSIX")
def test_what_a_client_has_told_is_the_owners_alone_and_logged(tmp_path: Path) -> None:
    listed = run("--demo", "worklist", "--format", "json")
    code = listed.stdout[listed.stdout.index("TREE") :][:8]
    file = tmp_path / "agreed.html"
    words = ("--demo", "sheet", "agreed", "--client", code, "--format", "html")
    done = run(*words, "--out", str(file))
    assert done.exit_code == 0, done.output
    assert "not encrypted" in done.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert code not in file.read_text(encoding="utf-8")
    assert "took a record out of the store" in run("--demo", "audit", "log").output


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("nothing",), 2),
        (("form",), 1),
        (("agreed",), 1),
        (("self_care", "--pathway", "adult", "--step", "9"), 1),
        (("form", "--pathway", "nothing"), 2),
        (("safety_plan", "--format", "pdf"), 2),
        (("safety_plan", "--lang", "de"), 2),
        (("safety_plan", "--client", "TREENABK", "--pathway", "adult"), 2),
        (("safety_plan", "--as", "maija"), 2),
    ],
)
def test_what_cannot_be_is_refused_in_words(words: tuple[str, ...], status: int) -> None:
    done = run("sheet", *words)
    assert done.exit_code == status, done.output
    assert "Traceback" not in done.output
    assert done.output.strip()
