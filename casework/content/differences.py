"""What a content changes of the pathways that are in use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import Pathway
from stepping.proofs.diagrams import NodeLimitExceeded
from stepping.versions.compare import Move, list_moves
from stepping.versions.edits import list_edits
from stepping.versions.spaces import TwoSpaces
from store.pathway_files.care import care_files
from store.pathway_files.files import area_files, ids, load_all
from store.pathway_files.vignettes import FOLDER as VIGNETTES
from store.pathway_files.vignettes import vignette_files, vignette_text


class Change(NamedTuple):
    """How one pathway differs from the one in use."""

    id: str
    was: str | None
    """The version in use; None where it is new."""
    becomes: str | None
    """None where it is taken out of use."""
    edits: int = 0
    moves: tuple[Move, ...] | None = ()
    """For which answers the outcome is another; None where the two cannot be compared."""


def list_changes(root: Path, new: Mapping[str, Pathway]) -> Iterator[Change]:
    """Yield each pathway that differs from the one of its name in a folder in use."""
    found = load_all(ids(root), root)
    old = {id_: each for id_, each in found.items() if isinstance(each, Pathway)}
    for id_ in sorted({*found, *new}):
        before, after = old.get(id_), new.get(id_)
        was = before.header.version if before else None
        becomes = after.header.version if after else None
        if before is None or after is None:
            yield Change(id_, was, becomes)
        elif before.digest != after.digest:
            yield Change(id_, was, becomes, len(list_edits(before, after)), _moves(before, after))


def _moves(before: Pathway, after: Pathway) -> tuple[Move, ...] | None:
    try:
        return list_moves(TwoSpaces(before, after))
    except NodeLimitExceeded:
        return None


def count_files(used: Path, new: Path) -> dict[str, int]:
    """Return how many files beside the pathways differ as the program reads them, by their kind.

    What a folder lacks and Porras has is read from Porras.
    """
    kinds: dict[str, Callable[[Path], Mapping[str, str]]] = {
        "services": lambda root: area_files(root, examples=False),
        "care": care_files,
        VIGNETTES: _cases,
    }
    counts = {kind: _differing(read, used, new) for kind, read in kinds.items()}
    return {kind: count for kind, count in counts.items() if count}


def _differing(read: Callable[[Path], Mapping[str, str]], used: Path, new: Path) -> int:
    after = read(new)
    try:
        before = read(used)
    except PathwayError:  # what is in use may be at fault; then all that comes is another
        before = {}
    return sum(before.get(name) != after.get(name) for name in {*before, *after})


def _cases(root: Path) -> Mapping[str, str]:
    return {id_: vignette_text(id_, path) for id_, path in vignette_files(root).items()}
