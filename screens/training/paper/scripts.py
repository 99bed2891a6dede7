"""The trainer's script: what is done in 45 and in 120 minutes, minute by minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casework.language import N_, speech
from screens.documents.document import Block, Bullets, Heading, Piece, Prose, Table, cell


@dataclass(frozen=True)
class Part:
    """A part of a training: how many minutes, what is done, and how."""

    minutes: int
    what: str
    how: str


WELCOME = N_("Welcome, and how we talk")
_WELCOME = N_(
    "All persons are invented. Nobody tells of own clients. A judgement is for learning: nobody "
    "is ranked. Whoever is troubled may leave and come back; tell whom one can talk to."
)
_JUDGE = N_("Judge one case alone")
_HOW_JUDGE = N_(
    "Everybody joins by the word of the seat and chooses the same case under “Judge a case”. Own "
    "step and reasons come first; the suggestion is shown only then."
)
_SHOW = N_("Look at the class together")
_HOW_SHOW = N_(
    "Show the class on the projector: missed stops first, then the steps, then what you disagree "
    "on. Ask for reasons from both ends before you tell what is expected."
)
_REPLAY = N_("Replay the expert's case")
_HOW_REPLAY = N_(
    "Step through the case answer by answer. Stop where the range narrows, and try a what-if that "
    "somebody asks for."
)
_CLOSE = N_("Close")
_HOW_CLOSE = N_(
    "Each says one thing to do otherwise on Monday. Write the report of the class; hand out "
    "certificates. End the class."
)

SCRIPTS: dict[int, tuple[Part, ...]] = {
    45: (
        Part(5, WELCOME, _WELCOME),
        Part(12, _JUDGE, _HOW_JUDGE),
        Part(15, _SHOW, _HOW_SHOW),
        Part(8, _REPLAY, _HOW_REPLAY),
        Part(5, _CLOSE, _HOW_CLOSE),
    ),
    120: (
        Part(10, WELCOME, _WELCOME),
        Part(
            8,
            N_("The tour"),
            N_("Whoever is new to the keys goes through the tour; the others read a case."),
        ),
        Part(15, _JUDGE, _HOW_JUDGE),
        Part(17, _SHOW, _HOW_SHOW),
        Part(10, _REPLAY, _HOW_REPLAY),
        Part(10, N_("Break"), N_("Away from the screens.")),
        Part(
            25,
            N_("Interview in pairs"),
            N_(
                "One plays the client from the sheet, the other asks and fills in. Change after "
                "one case. Afterwards each tells what was asked too late."
            ),
        ),
        Part(
            10,
            N_("Emergency drill"),
            N_("Each alone: the case turns, and the right card is found. Times rank nobody."),
        ),
        Part(
            10,
            N_("A disputed case"),
            N_(
                "Judge a case that is for talking, and leave it unsettled. Practise it without the "
                "class, or open the class with it: porras class open NAME --cases ID,ID."
            ),
        ),
        Part(5, _CLOSE, _HOW_CLOSE),
    ),
}
"""The parts of each training by its length in minutes."""

_BEFORE = (
    N_("Open the class and print its words: porras class open NAME."),
    N_("Print the sheets of the cases, the roles and the certificates."),
    N_("Try the projector with large letters: 64 columns and 18 rows are enough."),
    N_("Know whom a participant can talk to afterwards."),
)


def script(minutes: int, language: str) -> Iterator[Block]:
    """Yield the script of a training of 45 or 120 minutes."""
    t = speech(language)
    yield Heading(1, t("Trainer's script, {minutes} minutes", minutes=minutes))
    yield Heading(2, t("Before"))
    yield Bullets(tuple(map(t, _BEFORE)))
    yield Heading(2, t("The training"))
    rows, begins = [], 0
    for part in SCRIPTS[minutes]:
        ends = begins + part.minutes
        rows.append(
            (
                cell(Piece(f"{begins}–{ends}", "strong")),
                cell(Piece(t(part.what), "strong"), t(part.how)),
            )
        )
        begins = ends
    yield Table((t("Minutes"), t("What")), tuple(rows))
    yield Prose(cell(t("Porras supports and never decides; it is not a CE-marked medical device.")))
