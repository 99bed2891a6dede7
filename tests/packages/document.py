"""Puts what runs have told into docs/platforms.md, each kind of run between marks of its own."""

from __future__ import annotations

from collections.abc import Iterable

from tests.packages.roots import REPOSITORY

DOCUMENT = REPOSITORY / "docs" / "platforms.md"


def put(kind: str, run: str, table: Iterable[str]) -> None:
    """Replace what stands between the marks of a kind: which run it was, and its table."""
    begin, end = f"<!-- {kind}: begin -->", f"<!-- {kind}: end -->"
    before, rest = DOCUMENT.read_text(encoding="utf-8").split(begin)
    _, after = rest.split(end)
    told = "\n".join((begin, run, "", *table, end))
    DOCUMENT.write_text(f"{before}{told}{after}", encoding="utf-8")
