"""Opening a class: its cases, its seats, and the pathways that it is opened with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from random import SystemRandom

from casework.training.shelf import read_one, read_shelf
from stepping.pathway.model import Pathway
from stepping.training.reading import Case
from stepping.training.records import ClassCase, ClassRecord
from stepping.training.vignette import GROUPS
from stepping.training.words import draw_words
from store.pathway_files.files import ids, load_all
from store.pathway_files.vignettes import vignette_files, vignette_text
from store.times import UUID7Generator, to_iso_utc

MOST_CASES = 12
"""Cases of a class for which nobody has said which; as many as a whole day has room for."""


class NoSuchCase(ValueError):
    """No vignette has this id."""


def load_used(pathways: Path) -> dict[str, Pathway]:
    """Return the pathways of a folder that can be read, by id."""
    found = load_all(ids(pathways), pathways)
    return {name: each for name, each in found.items() if isinstance(each, Pathway)}


def usual_cases(cases: Mapping[str, Case], most: int = MOST_CASES) -> tuple[str, ...]:
    """Return the ids of cases for a class: agreed ones, of each group in turn, the easy first."""
    shelves = [
        sorted(
            (case.vignette.difficulty, id_)
            for id_, case in cases.items()
            if case.vignette.group == group and case.vignette.use == "test"
        )
        for group in GROUPS
    ]
    turns = range(max(map(len, shelves), default=0))
    chosen = [shelf[turn][1] for turn in turns for shelf in shelves if turn < len(shelf)]
    return tuple(chosen[:most])


def plan_class(
    name: str,
    seats: Sequence[str],
    texts: Mapping[str, str],
    used: Mapping[str, Pathway],
    now: datetime,
) -> ClassRecord:
    """Return a class that begins now; `texts` are its cases, by id.

    Raises:
        PathwayError: With every fault of the cases.
        ValidationError: If it has no cases, or too many.
    """
    cases = {id_: read_one(id_, text, used) for id_, text in texts.items()}
    needed = sorted({case.vignette.pathway for case in cases.values()})
    return ClassRecord(
        id=UUID7Generator(lambda: now).new(),
        name=name,
        opened=to_iso_utc(now),
        seats=tuple(seats),
        cases=tuple(
            ClassCase(id=id_, digest=case.digest, text=texts[id_]) for id_, case in cases.items()
        ),
        pathways={id_: used[id_].digest for id_ in needed},
    )


def texts_of(
    wanted: Iterable[str], pathways: Path, own: Path | None, used: Mapping[str, Pathway]
) -> dict[str, str]:
    """Return the texts of vignettes; of the usual ones where none are wanted by name.

    Raises:
        NoSuchCase: If there is none of a name.
        PathwayError: If a folder or a file cannot be read.
    """
    files = vignette_files(pathways, own)
    chosen = tuple(wanted) or usual_cases(read_shelf(pathways, used, own).cases)
    for id_ in chosen:
        if id_ not in files:
            raise NoSuchCase(id_)
    return {id_: vignette_text(id_, files[id_]) for id_ in chosen}


def draw_seats(language: str, count: int, taken: Iterable[str]) -> tuple[str, ...]:
    """Return words for the seats of a class, none of them in use elsewhere if there are enough."""
    return draw_words(language, count, frozenset(taken), SystemRandom().sample)
