"""Prints what a seat has tried: `porras train --results`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from casework.language import Speech, speech
from casework.training.opening import load_used
from casework.training.shelf import read_shelf
from screens.training.results import sums, title, told_case
from stepping.training.progress import JudgedCase, Progress, follow_progress
from store.training.places import OWN_SEAT, record_path
from store.training.seats import load_record
from tui import say
from tui.launch import find_places
from tui.settings import Settings


def print_results(settings: Settings, form: str) -> None:
    """Print the own results of the seat, as sentences or as JSON for other programs.

    Raises:
        StoreError: If the file of the seat cannot be used.
    """
    seat = settings.seat or OWN_SEAT
    record = load_record(record_path(find_places(settings), seat), seat)
    shelf = read_shelf(settings.pathways, load_used(settings.pathways), settings.vignettes)
    progress = follow_progress(record, shelf.cases)
    t = speech(settings.speaks)
    say.answer(form, lambda: _as_data(seat, progress), _lines(progress, t, settings.speaks))


def _lines(progress: Progress, t: Speech, language: str) -> Iterator[str]:
    yield from sums(progress, t)
    for each in reversed(progress.judged):
        yield f"{title(each, language)}: {told_case(each, t)}"


def _as_data(seat: str, progress: Progress) -> dict[str, Any]:
    return {
        "seat": seat,
        "judged": [_judged(each) for each in progress.judged],
        "flips": [each.model_dump(mode="json") for each in progress.flips],
        "drills": [each.model_dump(mode="json") for each in progress.drills],
    }


def _judged(each: JudgedCase) -> dict[str, Any]:
    """Return a judgement; without the expected steps where the case is not as it was."""
    told: dict[str, Any] = {
        **each.judgement.model_dump(mode="json", exclude={"answers"}),
        "time": each.time,
    }
    if each.case and each.verdict:
        expect = each.case.vignette.expect
        told |= {
            "use": each.case.vignette.use,
            "expected": [expect.lowest, expect.highest],
            "exact": each.verdict.exact,
            "too_low": each.verdict.unsafe_low,
            "missed_stops": list(each.missed),
        }
    return told
