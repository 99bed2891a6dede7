"""What of a note fits into a code on the screen: one line of capitals, in ASCII."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from casework.language import N_
from screens.base.page import TRAINING
from screens.note.compose import RecordNote
from store.codes import show
from store.times import local_time

_STEP = N_("step {step}")
_SUGGESTED = N_("suggested {step}")
_STOPS = N_("stops {stops}")


def totals_line(note: RecordNote) -> str:
    """Return client code, day and every total, as in "K7Q2-MMPV 2026-11-22 PHQ-9 14".

    A total of which items are missing is told as its range.
    """
    return _line(note, _totals(note))


def short_form(note: RecordNote) -> str:
    """Return the same behind the step, what was suggested, and the safety stops that were met.

    Before it is confirmed there is neither.
    """
    return _line(note, (*_outcome(note), *_totals(note)))


def _line(note: RecordNote, parts: Iterator[str] | tuple[str, ...]) -> str:
    day = local_time(note.session.assessment.started_at).date()
    begins = (show(note.session.client.code), day.isoformat())
    practice = (TRAINING,) if note.training else ()
    return _plain(" ".join((*practice, *begins, *parts)))


def _totals(note: RecordNote) -> Iterator[str]:
    for label, low, high in note.totals():
        yield f"{label} {low}" if low == high else f"{label} {low}-{high}"


def _outcome(note: RecordNote) -> Iterator[str]:
    confirmed, t = note.confirmed, note.t
    if confirmed is None or confirmed.confirmed_step is None:
        return
    yield t(_STEP, step=confirmed.confirmed_step)
    if confirmed.suggested_step not in (None, confirmed.confirmed_step):
        yield t(_SUGGESTED, step=confirmed.suggested_step)
    met = dict.fromkeys(each.stop for each in note.session.safety)
    if met:
        yield t(_STOPS, stops=" ".join(met))


def _plain(text: str) -> str:
    """Return capitals without accents: the letters that a code holds most of."""
    letters = unicodedata.normalize("NFKD", text.upper().replace("–", "-"))
    return letters.encode("ascii", "ignore").decode()
