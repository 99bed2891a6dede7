"""The pattern of a vignette as a case, and that case with danger in it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from casework.training.shelf import read_one
from stepping.pathway.model import Pathway
from stepping.training.reading import Case
from store.pathway_files.files import ids, load
from store.pathway_files.vignettes import vignette_files, vignette_text

PATTERN = "sleepless_teacher"


@cache
def used() -> Mapping[str, Pathway]:
    """The shipped pathways by id."""
    return {name: load(name) for name in ids()}


@cache
def pattern(*changes: tuple[str, str]) -> Case:
    """The pattern, which is on step 1; `changes` are made in its text."""
    text = vignette_text(PATTERN, vignette_files()[PATTERN])
    for was, becomes in changes:
        assert was in text
        text = text.replace(was, becomes)
    return read_one(PATTERN, text, used())


@cache
def shipped_case(id_: str) -> Case:
    """A case that comes with Porras, on the shipped pathways."""
    return read_one(id_, vignette_text(id_, vignette_files()[id_]), used())


def dark(*changes: tuple[str, str]) -> Case:
    """The same teacher, who has thought of death: the stop S2."""
    return pattern(
        ("[0, 0, 3, 1, 0, 0, 2, 0, 0]", "[0, 0, 3, 1, 0, 0, 2, 0, 1]"),
        ("lowest = 1\nhighest = 1", 'lowest = 2\nhighest = 4\nstops = ["S2"]'),
        *changes,
    )
