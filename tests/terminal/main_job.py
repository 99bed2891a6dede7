"""The nurse's main job as keys: from "new assessment" to a confirmed step."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from screens.language import LANGUAGES
from store import keys
from store.records import StoredDecision
from store.repository import Store
from tests.terminal.session import Session

HANDLE = "nurse1"
PASSPHRASE = "oikea hevonen paristo niitti"


def client_keys(language: str) -> tuple[str, ...]:
    """The client card: the new code, year of birth, woman, language, reception, municipality."""
    number = list(LANGUAGES).index(language) + 1
    return ("Enter", "1 9 8 0 Enter", "1", str(number), "1", "1")


@dataclass(frozen=True)
class Answered:
    """One page of the interview: a question on it, and the keys that answer it."""

    question: str
    keys: str


ANSWERS = (
    Answered("danger.suicide", "0"),
    *(Answered(f"phq9.{n}", score) for n, score in enumerate("222211110"[:9], start=1)),
    Answered("suicide.thoughts", "n"),
    Answered("nurse.worried", "n"),
    *(Answered(f"gad7.{n}", "2") for n in range(1, 8)),
    Answered("phq9.difficulty", "2"),
    Answered("auditc.1", "0"),
    Answered("drugs", "0"),
    Answered("flag.psychosis", "0"),
    Answered("pcptsd5.gate", "n"),
    Answered("work.ability", "6 Enter"),
    Answered("work.sick_leave_days", "0 Enter"),
    Answered("work.status", "1"),
    Answered("history.weeks", "9 Enter"),
    Answered("history.episodes", "0 Enter"),
    Answered("history.failed_step", "0"),
    Answered("history.gsh_unfit", "0"),
    Answered("services.count", "1 Enter"),
    Answered("segment", "1"),
    Answered("wish.formats", "3 Enter"),
    Answered("need.language", "0"),
    Answered("need.no_net", "0"),
)
"""A case of moderate depression and anxiety with difficulty: step 2 by rules A2 and A3."""

STEP, RULES = 2, {"A0b", "A1a", "A1b", "A2", "A3"}


class Porras:
    """The real program on a database of its own."""

    def __init__(self, folder: Path, language: str) -> None:
        self.database = folder / "porras.db"
        self.language = language

    def start(self) -> Session:
        """Return the program in an 80×24 terminal, not yet entered."""
        argv = [sys.executable, "-m", "tui", "--db", str(self.database), "--lang", self.language]
        return Session(argv, cwd=Path(__file__).parents[2])

    def set_up(self, session: Session) -> None:
        """Go through the first run to the start screen."""
        session.press("wait:Porras sleep:150 1 sleep:150")
        session.press(" ".join(HANDLE) + " Enter sleep:150 1 sleep:150")
        for _ in range(2):
            session.press(f"'{PASSPHRASE}' Enter sleep:250")
        session.wait_for(r"[A-Z2-9]{5}-[A-Z2-9]{5}")
        session.press("w sleep:150")

    def unlock(self, session: Session) -> None:
        """Open the store that stands."""
        session.wait_for(HANDLE)
        session.press(f"sleep:100 '{PASSPHRASE}' Enter sleep:250")

    def stored(self) -> list[StoredDecision]:
        """Read every confirmed decision through a second connection."""
        key = keys.unlock(self.database.with_suffix(".keys"), HANDLE, PASSPHRASE)
        with Store.open(self.database, key, HANDLE) as store:
            found = [
                store.decision(assessment.id)
                for client in store.recent_clients()
                for assessment in store.assessments_of(client.id)
            ]
        return [row for row in found if row is not None]


def count_keys(*scripts: str) -> int:
    """Return how many keys some scripts press."""
    return sum(len(script.split()) for script in scripts)
