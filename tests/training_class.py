"""An invented class: cases from the pattern of vignettes, and judgements of its seats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from casework.training.classroom import Classroom
from casework.training.shelf import read_one
from stepping.pathway.model import Pathway
from stepping.training.reading import Case
from stepping.training.records import (
    ClassCase,
    ClassRecord,
    Judgement,
    Place,
    SeatRecord,
    write_record,
)
from store.pathway_files.files import load
from store.pathway_files.vignettes import vignette_files, vignette_text

PATTERN = "sleepless_teacher"
AT = "2026-11-30T12:00:00.000Z"
SEATS = ("koivu", "haapa", "leppa", "pihlaja")
WHY = 'why = { en = "W", fi = "W", sv = "W" }'
CASES: Mapping[str, tuple[tuple[str, str], ...]] = {
    PATTERN: (),
    "wide_range": (
        (
            "lowest = 1\nhighest = 1",
            f"lowest = 2\nhighest = 3\n{WHY}",
        ),
    ),
    "hidden_danger": (
        ("2, 0, 0]", "2, 0, 1]"),
        ("highest = 1", f'highest = 4\nstops = ["S2"]\n{WHY}'),
        ("lowest = 1", "lowest = 4"),
    ),
    "open_talk": (('use = "test"', 'use = "talk"'),),
}
"""What each case has otherwise than the pattern."""


@cache
def adult() -> Pathway:
    return load("adult")


@cache
def texts() -> Mapping[str, str]:
    pattern = vignette_text(PATTERN, vignette_files()[PATTERN])
    made = {}
    for id_, changes in CASES.items():
        text = pattern.replace(f'id = "{PATTERN}"', f'id = "{id_}"')
        for was, becomes in changes:
            assert was in text, was
            text = text.replace(was, becomes)
        made[id_] = text
    return made


@cache
def cases() -> Mapping[str, Case]:
    return {id_: read_one(id_, text, {"adult": adult()}) for id_, text in texts().items()}


def key(*parts: object) -> str:
    """An id that the same parts always give."""
    drawn = sha256(repr(parts).encode()).hexdigest()
    return f"{drawn[:8]}-{drawn[8:12]}-{drawn[12:16]}-{drawn[16:20]}-{drawn[20:32]}"


CLASS = key("class")


def record(seats: Sequence[str] = SEATS, ids: Sequence[str] = tuple(CASES)) -> ClassRecord:
    held = tuple(ClassCase(id=id_, digest=cases()[id_].digest, text=texts()[id_]) for id_ in ids)
    return ClassRecord(
        id=CLASS,
        name="syksy",
        opened=AT,
        seats=tuple(seats),
        cases=held,
        pathways={"adult": adult().digest},
    )


def judgement(case: str, step: int, *, nth: int = 0, seat: str = "", **changed: Any) -> Judgement:
    """What a seat thinks of a case; `changed` are answers by question, or fields of the try."""
    told = cases()[case]
    given = {each: value for each, value in told.answers.items() if each in adult().questions}
    given |= changed.pop("answers", {})
    stops = changed.pop("stops", told.stopped.stops)
    whole = {
        "id": key(seat, case, nth),
        "at": AT,
        "case": case,
        "case_digest": told.digest,
        "class_id": CLASS,
        "mode": "judge",
        "pathway": "adult",
        "digest": adult().digest,
        "answers": {each: value for each, value in given.items() if value is not None},
        "stops": stops,
        "step": step,
    }
    return Judgement(**(whole | changed))


def seat(word: str, *judgements: Judgement, now: Place | None = None) -> SeatRecord:
    return SeatRecord(seat=word, class_id=CLASS, entries=judgements, now=now)


def steps(
    by_case: Mapping[str, Sequence[int]], seats: Sequence[str] = SEATS
) -> dict[str, SeatRecord]:
    """The files of a class in which each seat chose these steps and answered as the expert."""
    return {
        word: seat(
            word,
            *(
                judgement(case, chosen[at], seat=word)
                for case, chosen in by_case.items()
                if at < len(chosen)
            ),
        )
        for at, word in enumerate(seats)
    }


def place(case: str, done: int, of: int) -> Place:
    return Place(
        id=key("place", case, done),
        at=AT,
        case=case,
        case_digest=cases()[case].digest,
        class_id=CLASS,
        done=done,
        of=of,
    )


def whole_class() -> dict[str, SeatRecord]:
    """Four seats of whom each has judged something, and one is in a case."""
    chosen = {PATTERN: (1, 1, 0, 2), "wide_range": (2, 3, 1), "open_talk": (0, 4, 2, 1)}
    seats = steps({**chosen, "hidden_danger": (4, 4)})
    overlooked = judgement(
        "hidden_danger",
        2,
        seat="leppa",
        stops=(),
        answers={"phq9.9": 0, "phq9.difficulty": 2, "phq9.3": None},
    )
    seats["leppa"] = (
        seats["leppa"].with_entry(overlooked).model_copy(update={"now": place("open_talk", 3, 34)})
    )
    return seats


def written(folder: Path, seats: Mapping[str, SeatRecord]) -> Classroom:
    """The same as files on the disk, as a trainer opens it."""
    (folder / "seats").mkdir(parents=True, exist_ok=True)
    (folder / "class.json").write_bytes(write_record(record()))
    for word, each in seats.items():
        (folder / "seats" / f"{word}.json").write_bytes(write_record(each))
    return Classroom(folder, {"adult": adult()})
