"""Writes the sheets on which the second version is signed: `make review`.

What changes from the texts of version 1, which lie in `tests/fixtures/pathways_v1`, to those that
are shipped: one sheet for each pathway, as `porras pathway diff OLD NEW --format markdown` says it.
"""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from tui.cli import porras

ROOT = Path(__file__).resolve().parents[1]
FIRST = ROOT / "tests" / "fixtures" / "pathways_v1"
SHEETS = ROOT / "docs" / "review_2.0.0"
NAMES = ("adult", "youth", "follow_up")


def sheet(name: str) -> str:
    """The sheet of a pathway as the command makes it today."""
    arguments = ("pathway", "diff", str(FIRST / name), name, "--format", "markdown", "--lang", "en")
    done = CliRunner().invoke(porras, list(arguments), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def main() -> None:
    SHEETS.mkdir(exist_ok=True)
    for name in NAMES:
        (SHEETS / f"{name}.md").write_text(sheet(name), "utf-8")


if __name__ == "__main__":
    main()
