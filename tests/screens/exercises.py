"""A case that turns, and practice with it, for the tests of exercises."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from casework.training.practice import Practice
from casework.training.shelf import read_one
from casework.workspace import Workspace
from stepping.training.reading import Case
from store.pathway_files.files import built_in
from tests.stepping.training.test_vignettes import PATTERN, TURN, text


@cache
def turning() -> Case:
    """The pattern of a vignette, which turns to the card for acute danger of suicide."""
    return read_one(PATTERN, text() + TURN, {"adult": built_in("adult")})


def practice_in(folder: Path, workspace: Workspace) -> Practice:
    """A seat at practice, whose record lies in a folder."""
    return Practice(workspace, folder / "record.json")
