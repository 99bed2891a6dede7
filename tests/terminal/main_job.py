"""The nurse's main job as keys: from "new assessment" to a confirmed step."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from casework.language import LANGUAGES, speech
from screens.episode.recording.background import TITLE
from screens.wording.client_words import LABELS, CardField
from store.keys import keystore as keys
from store.opening.store_file import open_store
from store.pathway_files import files
from store.records import StoredDecision
from store.repository.store import Store
from store.training.opening import open_training
from tests.terminal.session import Session

HANDLE = "nurse1"
PASSPHRASE = "oikea hevonen paristo niitti"
ROOT = Path(__file__).parents[2]
NIMBLE = (sys.executable, "-m", "tests.terminal.nimble")
"""The program for fingers quicker than a hand's."""

AWAKE_S = 0.12
"""A fresh screen takes no key for a moment, so that nobody answers what he has not read."""

SETTLE_S = 0.02
"""How long it is quiet after a key before the next; screens are waited for by their words."""

SLOW_S = 0.6
"""The screens where a stray Enter would weigh more sleep longer."""

STOP_S = 1.1
"""A stop takes no key that acts in its first second."""

QUESTIONS = files.built_in("adult").questions


@dataclass(frozen=True)
class Answered:
    """One page of the interview: a question on it, and the keys that answer it."""

    question: str
    keys: str


ANSWERS = (
    Answered("danger.suicide", "0"),
    *(Answered(f"phq9.{n}", score) for n, score in enumerate("222211110", start=1)),
    Answered("suicide.thoughts", "n"),
    Answered("history.attempt", "0"),
    *(Answered(f"gad7.{n}", "2") for n in range(1, 8)),
    Answered("phq9.difficulty", "2"),
    Answered("function.daily", "1"),
    Answered("auditc.1", "0"),
    Answered("drugs", "0"),
    Answered("flag.psychosis", "0"),
    Answered("pcptsd5.gate", "n"),
    Answered("problem.main", "1 Enter"),
    Answered("work.ability", "6 Enter"),
    Answered("work.sick_leave_days", "0 Enter"),
    Answered("work.status", "1"),
    Answered("history.weeks", "9 Enter"),
    Answered("treatment.now", "0"),
    Answered("wish.formats", "3 Enter"),
    Answered("need.language", "0"),
    Answered("need.no_net", "0"),
    Answered("history.episodes", "0 Enter"),
    Answered("history.failed_step", "0"),
    Answered("treatment.trials", "0 Enter"),
    Answered("history.gsh_unfit", "0"),
    Answered("services.count", "1 Enter"),
    Answered("segment", "1"),
    Answered("nurse.worried", "n"),
)
"""A case of moderate depression and anxiety with difficulty: step 2 by rules A2 and A3."""

STEP, RULES = 2, {"A0b", "A1a", "A1b", "A2", "A3"}


def client_keys(language: str) -> dict[CardField, str]:
    """The client card by field: the new code, year of birth, woman, language, place."""
    number = list(LANGUAGES).index(language) + 1
    return {
        "code": "Enter",
        "birth_year": "1 9 8 0 Enter",
        "sex": "1",
        "language": str(number),
        "setting": "1",
        "municipality": "1",
    }


def count_keys(*scripts: str) -> int:
    """Return how many keys some scripts press."""
    return sum(len(script.split()) for script in scripts)


class Nurse:
    """Somebody at the keyboard, who presses a key once she sees what it is for."""

    awake_s = AWAKE_S
    """How long she looks first; more on a line that has not brought the whole page by then."""

    def __init__(self, session: Session, language: str) -> None:
        self.session = session
        self.language = language

    def sees(self, sentence: str, script: str = "") -> None:
        """Wait for a sentence of the program, then press keys; a letter is that of its caption."""
        words = speech(self.language)(sentence).split()
        keys = self.letter(script, sentence) if len(script) == 1 else script
        self._after(r"\s+".join(map(re.escape, words)), keys)  # lines may break anywhere

    def letter(self, letter: str, label: str) -> str:
        """Return the key of a caption in her language."""
        return speech(self.language).letter(letter, label)

    def chooses(self, letter: str, label: str) -> None:
        """Wait for the label of a key, and press the letter that it has in this language."""
        self.sees(label, speech(self.language).letter(letter, label))

    def _after(self, pattern: str, script: str) -> None:
        self.session.wait_for(pattern)
        if script:
            self.session.idle(self.awake_s)
            self.presses(script)

    def presses(self, script: str) -> None:
        """Press keys."""
        self.session.press(script)

    def asked(self, question: str, script: str = "") -> None:
        """Wait for a question, then press keys."""
        words = QUESTIONS[question].text[self.language].split()[:4]
        self._after(r"\s+".join(map(re.escape, words)), script)

    def fills_in_client(self) -> None:
        """Begin a new assessment and fill in the client card."""
        self.begins()
        for field, script in client_keys(self.language).items():
            label = speech(self.language)(LABELS[field])
            self._after(f"> {re.escape(label)}", script)

    def begins(self) -> None:
        """Ask for a new assessment on the start page."""
        self.chooses("n", "new assessment")

    def answers(self, *answered: Answered) -> None:
        """Answer pages of the interview."""
        for each in answered:
            self.asked(each.question, each.keys)

    def confirms(self) -> None:
        """Confirm the suggestion, skip what is asked once, and wait for the note."""
        self.confirms_step()
        self.skips_how_the_client_came()
        self.sees("Note for the patient record")
        self.session.idle(SLOW_S)

    def confirms_step(self) -> None:
        """Confirm the suggestion and wait until it is stored, and what is asked once is asked.

        On a busy machine the program hears late that its page is shown; an Enter before counts not.
        """
        self._after("A3 ", "")
        self.session.idle(SLOW_S)
        self.presses("Enter")
        self.sees("Confirm or change the step")
        self.session.idle(SLOW_S)
        self.presses("Enter")
        self.sees(TITLE)
        self.session.idle(SLOW_S)

    def skips_how_the_client_came(self) -> None:
        """Leave untold what is asked once, as the first step of an episode is confirmed."""
        self.sees(TITLE)
        self.session.idle(SLOW_S)
        self.presses("Esc")

    def sets_up(self) -> None:
        """Go through the first run to the start screen."""
        self.sees("Set up this workplace", "1")
        self.sees("Your staff code", " ".join(HANDLE) + " Enter")
        self.sees("Where is this workplace?", "h o l l")
        self._after("1  Hollola", "1")
        self.sees("Choose a passphrase")
        self._types_passphrase()
        self.sees("The passphrase again")
        self._types_passphrase()
        self._after(r"[A-Z2-9]{5}-[A-Z2-9]{5}", "w")

    def unlocks(self) -> None:
        """Open the store that stands."""
        self._after(HANDLE, "")
        self._types_passphrase()

    def _types_passphrase(self) -> None:
        self.session.idle(AWAKE_S)
        self.session.send(PASSPHRASE.encode())
        self.session.wait_for("•" * len(PASSPHRASE))
        self.session.press("Enter")

    def resumes(self) -> None:
        """Go on with the one draft that waits."""
        self.sees("unfinished assessment", "1")


def draft_answers(folder: Path) -> dict[str, object]:
    """Return the answers of the newest training draft, through a second connection."""
    with open_training(folder / "training.db") as store:
        (draft, *_) = store.assessments.list_drafts()
        return store.answers.get_progress(draft.assessment.id).answers


class Porras:
    """The real program on a database of its own."""

    def __init__(self, folder: Path, language: str) -> None:
        self.database = folder / "porras.db"
        self.language = language

    def start(self, *, demo: bool = False, caseload: bool = False) -> Session:
        """Return the program in an 80×24 terminal, not yet entered."""
        argv = [
            *NIMBLE,
            "--db",
            str(self.database),
            "--lang",
            self.language,
        ]
        argv += ["--demo"] * demo + ["--caseload"] * caseload
        return Session(argv, cwd=ROOT, settle_s=SETTLE_S)

    def stored(self) -> list[StoredDecision]:
        """Read every confirmed decision through a second connection."""
        with self.opened() as store:
            found = [
                store.decisions.find(assessment.id)
                for client in store.clients.list_recent()
                for assessment in store.assessments.list_of(client.id)
            ]
        return [row for row in found if row is not None]

    def opened(self) -> Store:
        """Open the file beside the program."""
        key = keys.unlock(self.database.with_suffix(".keys"), HANDLE, PASSPHRASE)
        return open_store(self.database, key, HANDLE)
