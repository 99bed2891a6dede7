"""Draws the pictures of the README from the real program: `python -m tests.pictures FOLDER`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.terminal.main_job import ANSWERS, client_keys
from tests.terminal.session import Session

_PHQ9_THIRD = 4
"""Pages before the question in the picture."""


def draw(folder: Path, language: str = "en") -> None:
    """Answer a case in the training store, and draw a question, a stop and the result."""
    with tempfile.TemporaryDirectory() as place:
        argv = [sys.executable, "-m", "tui", "--demo", "--db", f"{place}/p.db", "--lang", language]
        with Session(argv) as session:
            session.wait_for("TRAINING")
            session.press("sleep:300 n sleep:200")
            for script in client_keys(language):
                session.press(f"{script} sleep:100")
            for page, answered in enumerate(ANSWERS):
                if page == _PHQ9_THIRD:
                    session.terminal.picture(folder / "question.png")
                session.press(f"sleep:100 {answered.keys}")
            session.wait_for("A3")
            session.terminal.picture(folder / "result.png")
            session.press("Esc sleep:200 l sleep:200 n sleep:200")
            for script in client_keys(language):
                session.press(f"{script} sleep:100")
            session.press("0 sleep:100 " + "0 sleep:100 " * 8 + "1 sleep:300")
            session.terminal.picture(folder / "stop.png")


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
