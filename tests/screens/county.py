"""A county's own folder of two small pathways, for the young and for the grown-up."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stepping.pathway.model import Pathway
from stepping.pathway.reader import read_pathway
from tests.stepping.cases import changed, text
from tests.store.test_pathway_files import lay_out

HEADER = "pathway.toml"


def pathway_files(
    id_: str, low: int, high: int, more: str = "", version: str = "1"
) -> dict[str, str]:
    """The small pathway under a name, for some ages, with more in its header."""
    files = changed(HEADER, 'id = "small"', f'id = "{id_}"')
    files = changed(HEADER, f"title = {text('small')}", f"title = {text(f'for the {id_}')}", files)
    files = changed(HEADER, 'version = "1"', f'version = "{version}"', files)
    files = changed(HEADER, "from = 18, to = 99", f"from = {low}, to = {high}", files)
    files = changed("questions.toml", "min = 18", f"min = {low}", files)
    return {**files, HEADER: files[HEADER] + more}


OVERLAP = f"""
[[overlap]]
pathway = "adult"
ages = {{ from = 18, to = 22 }}
leads = "adult"
because = {text("as the law says")}
"""

ADULT = pathway_files("adult", 18, 99)
YOUTH = pathway_files("youth", 13, 22, OVERLAP)


def county(folder: Path, **pathways: Mapping[str, str]) -> Path:
    """Lay out pathways by name, the two above if none are named."""
    for name, files in (pathways or {"adult": ADULT, "youth": YOUTH}).items():
        lay_out(folder / name, files)
    return folder


def adult() -> Pathway:
    return read_pathway(ADULT)


def youth() -> Pathway:
    return read_pathway(YOUTH)
