"""Records the nurse's main job in the real program as a moving picture: `make recording`.

It goes from the start screen of the training store over the client card and every question to the
confirmed step and its note. `python -m tests.recording FILE` writes it elsewhere.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.terminal.film import Film
from tests.terminal.main_job import ANSWERS, Nurse, Porras
from tests.terminal.session import Session

FILE = Path("docs") / "pictures" / "main_job.svg"
MOST_BYTES = 1_000_000

_LOOK_S, _ANSWER_S, _LONG_S = 1.5, 0.55, 5.0
"""How long a page stays that is new, one of many alike, and one that has much to read."""
_CALM_S = 0.3
"""How long nothing may come before a page counts as drawn."""
_FIRST = 4
"""Questions that are shown as long as a page that is new."""


class Filmed(Nurse):
    """A nurse whose every page is taken before she presses the next key."""

    def __init__(self, session: Session, language: str, film: Film) -> None:
        super().__init__(session, language)
        self.pace_s = _LOOK_S
        self._film = film
        self._key = ""

    def looks(self, seconds: float) -> None:
        """Take what stands on the screen, with the key that led there."""
        self.session.settle(5.0, _CALM_S)
        self._film.add(self.session.terminal, seconds, self._key)

    def presses(self, script: str) -> None:
        """Press keys one by one, each after a look."""
        for key in script.split():
            self.looks(self.pace_s)
            self.session.press(key)
            self._key = key


def record(language: str = "en") -> Film:
    """Go through the main job once, and return what was seen."""
    film = Film("Porras: from a new assessment to a confirmed step of care")
    with (
        tempfile.TemporaryDirectory() as place,
        Porras(Path(place), language).start(demo=True) as session,
    ):
        nurse = Filmed(session, language, film)
        nurse.sees("new assessment")
        session.idle(1.0)
        nurse.fills_in_client()
        nurse.answers(*ANSWERS[:_FIRST])
        nurse.pace_s = _ANSWER_S
        nurse.answers(*ANSWERS[_FIRST:])
        nurse.pace_s = _LONG_S
        nurse.confirms()
        nurse.looks(_LONG_S)
    return film


def main(file: Path = FILE) -> None:
    """Write the recording; refuse one that is too heavy for a page of text."""
    film = record()
    drawn = film.svg().encode()
    if len(drawn) > MOST_BYTES:
        raise SystemExit(f"{len(drawn):,} bytes are too many for a recording")
    file.write_bytes(drawn)
    print(f"{file}: {film.seconds:.0f} s, {len(drawn):,} bytes")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
