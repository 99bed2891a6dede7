"""Draws the pictures of the README from the real program: `python -m tests.pictures FOLDER`."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from casework.language import speech
from tests.terminal.drawing import draw_png
from tests.terminal.main_job import ANSWERS, Answered, Nurse, Porras

_SEEN = 4
"""Pages before the question in the picture."""
_MAKING_S = 600
"""Seconds that the making of a caseload may take."""
_UNTIL_ITEM_9 = 9
"""Pages before PHQ-9 item 9."""


def draw(folder: Path, language: str = "en") -> None:
    """Answer two cases in the training store, and draw a question, the result and a stop."""
    with (
        tempfile.TemporaryDirectory() as place,
        Porras(Path(place), language).start(demo=True) as session,
    ):
        nurse = Nurse(session, language)
        nurse.fills_in_client()
        nurse.answers(*ANSWERS[:_SEEN])
        nurse.asked(ANSWERS[_SEEN].question)
        session.idle(0.5)
        draw_png(session.terminal, folder / "question.png")
        nurse.answers(*ANSWERS[_SEEN:])
        nurse.sees("full reasons")
        session.idle(0.5)
        draw_png(session.terminal, folder / "result.png")
        session.press("Esc")
        nurse.sees("leave it for later", "l")
        nurse.fills_in_client()
        nurse.answers(*ANSWERS[:_UNTIL_ITEM_9], Answered("phq9.9", "1"))
        nurse.sees("ask first")
        session.idle(0.5)
        draw_png(session.terminal, folder / "stop.png")


def draw_report(folder: Path, language: str = "en") -> None:
    """Make the caseload of the training store, and draw the report on access of a lead's unit."""
    with (
        tempfile.TemporaryDirectory() as place,
        Porras(Path(place), language).start(demo=True, caseload=True) as session,
    ):
        nurse = Nurse(session, language)
        session.wait_for(re.escape(speech(language)("new assessment")), _MAKING_S)
        session.idle(0.5)
        session.press("r")
        nurse.sees("Days to treatment, the times of the law, and who waits now.")
        session.idle(1.0)
        session.press("5")
        nurse.sees("earlier")
        session.idle(0.5)
        draw_png(session.terminal, folder / "report.png")


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
    draw_report(Path(sys.argv[1]))
