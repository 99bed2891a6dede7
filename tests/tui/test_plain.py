"""If these fail, whoever works line by line is asked, stopped or told otherwise than on screens."""

from __future__ import annotations

import io
import os
import re
import select
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from rich.cells import cell_len

from casework.assessment import AssessmentSession
from casework.workspace import Workspace
from screens.assessment.assessment_list import AssessmentListScreen
from screens.assessment.client_card import ClientScreen
from screens.assessment.not_done import NotDoneScreen
from screens.assessment.question import QuestionScreen
from screens.assessment.stop import StopScreen
from screens.base.error import ErrorScreen
from screens.base.keys import bindings
from screens.base.page import Page
from screens.base.pick import PickScreen
from screens.base.prompt import ValuePrompt
from screens.desk.clock_check import ClockScreen
from screens.desk.start import StartScreen
from screens.episode.recording.at_first import AtFirstScreen
from screens.forms.form import FormScreen
from screens.note.screen import NoteScreen
from screens.result.confirm import ConfirmScreen
from screens.result.result import ResultScreen
from screens.sheets.plan_screen import SafetyPlanScreen
from stepping.decision.interview import unanswered_questions
from stepping.episode.episode import Episode
from stepping.episode.events import NextContact, Responsible
from stepping.pathway.model import Answer, Pathway, Question
from store.audit.clock_check import AHEAD
from store.codes import show
from store.errors import DiskFull
from store.keys import keystore as store_keys
from store.paths import PATHWAYS, find
from store.pathway_files import files
from store.records import Client
from store.repository.store import Store
from store.training.opening import open_training
from tests.screens.running import CALM, HANDLE, PASSPHRASE, Stage, TickingClock, lightest
from tests.screens.test_result import MODERATE
from tui.line_mode import keys
from tui.line_mode.app import LineModeApp
from tui.line_mode.line_io import Ended, LineTerminal, folded
from tui.line_mode.lock import LineLock
from tui.line_mode.page import changed
from tui.line_mode.run import open_plain
from tui.line_mode.stdio import StdioTerminal

FOLLOW_UP = files.built_in("follow_up")
DANGER: dict[str, Answer] = {**MODERATE, "danger.violence": "yes"}
WHY_NOT = "police are here"


def lines_for(question: Question, answer: Answer) -> list[str]:
    """The lines that answer a question which stands alone on its page."""
    match question.kind:
        case "yesno":
            return [str(answer)[0]]
        case "multi":
            at = [str(question.words.index(word) + 1) for word in answer]  # type: ignore[union-attr]
            return [" ".join(at), ""] if at else ["0"]
        case "text":
            return [""] if answer else ["0"]
        case "choice" if not question.numeric:
            return [str([option.id for option in question.options].index(str(answer)) + 1)]
        case _:
            return [str(answer)]


class Watched(LineModeApp):
    """The program line by line, which can be asked which page it reads out."""

    last: ClassVar[LineModeApp]

    def __init__(self, *all_: Any, **options: Any) -> None:
        super().__init__(*all_, **options)
        Watched.last = self


@pytest.fixture(autouse=True)
def watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.line_mode.run.LineModeApp", Watched)


@dataclass
class Nurse:
    """Somebody at a line-by-line terminal, who reads which sheet asks and types lines."""

    pathway: Pathway
    answers: Mapping[str, Answer]
    width: int = 80
    born: int = 1986
    language: str = "en"
    attended: bool = False
    said: list[str] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    """Seconds that the program let pass."""
    asked: list[str] = field(default_factory=list)
    """The sheet or the page that each line was typed at."""
    known: bool = False
    """Whether the client is one seen lately."""
    meanwhile: Callable[[Page[Any]], str | None] = lambda _: None
    """Does something at a prompt, or types another line there."""
    _queue: list[str] = field(default_factory=list)
    _at: object = None

    @property
    def paper(self) -> LineTerminal:
        return LineTerminal(
            self.said.append,
            self.ask,
            columns=lambda: self.width,
            attended=self.attended,
            sleep=self.waited.append,
        )

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())

    def ask(self, secret: bool) -> str:
        sheet: Any = Watched.last.page
        place = sheet.page.id if isinstance(sheet, QuestionScreen) else type(sheet).__name__
        hidden = isinstance(sheet, ValuePrompt) and sheet.entry.secret
        assert secret == (hidden and "opens a card" not in self.said[-1])
        self.asked.append(place)
        other = self.meanwhile(sheet)
        if other is not None:
            return other
        if (id(sheet), place) != self._at or not self._queue:
            self._at = id(sheet), place
            self._queue = list(self._lines(sheet))
        return self._queue.pop(0)

    def _lines(self, sheet: Page[Any]) -> Iterator[str]:
        match sheet:
            case StartScreen():
                begin = "" if self.known else sheet.t.letter("n", "new assessment")
                yield "q" if "NoteScreen" in self.asked else begin
            case ClientScreen():
                language = str(["fi", "sv", "en"].index(self.language) + 1)
                card = ["", str(self.born), "1", language, "1", "1"]
                yield from ["1"] if self.known else card
            case AssessmentListScreen():
                yield sheet.t.letter("n", "new assessment")
            case QuestionScreen():
                yield from self._answered(sheet)
            case StopScreen() | FormScreen() | SafetyPlanScreen():
                yield from self._recorded(sheet)
            case PickScreen() | NotDoneScreen():
                yield "1"
            case ConfirmScreen():
                yield str(sheet._suggested)
            case ValuePrompt():
                yield PASSPHRASE if sheet.entry.secret else self._written(sheet)
            case ResultScreen() | NoteScreen():
                yield ""
            case _:
                raise AssertionError(f"nobody expects {sheet!r}")

    def _written(self, sheet: ValuePrompt[Any]) -> str:
        """The text that a question asks for, or why a safety step is not done."""
        below = self.asked[-2]
        answer = self.answers.get(below)
        return WHY_NOT if below == "NotDoneScreen" else str(answer)

    def _answered(self, sheet: QuestionScreen) -> Iterator[str]:
        questions = sheet.page.questions
        if questions[0].page is None:
            yield from lines_for(questions[0], self.answers[questions[0].id])
            return
        given = [self.answers[question.id] for question in questions]
        marked = [str(n) for n, answer in enumerate(given, start=1) if answer == "yes"]
        yield from [" ".join(marked), ""] if marked else ["0"]

    def _recorded(self, sheet: StopScreen | FormScreen | SafetyPlanScreen) -> Iterator[str]:
        """The first step is not done and why, the others are; questions come before them."""
        if isinstance(sheet, AtFirstScreen):
            yield "q"
            return
        if isinstance(sheet, SafetyPlanScreen):
            yield sheet.t.letter("t", "the client takes it along")
            return
        if isinstance(sheet, FormScreen):
            yield from ("5", "9.30", "1", "")  # the contact that a step agrees
            return
        ask_first = sheet.t.letter("a", "ask first")
        if any(each.keys == ask_first for each in bindings(sheet.key_list())):
            yield ask_first
            return
        steps = sheet._steps()
        open_ = [
            n for n, step in enumerate(steps, start=1) if not sheet._session.find_outcome(step)
        ]
        done, undone = sheet.t.letter("d", "done"), sheet.t.letter("x", "not done at >, why")
        yield (f"{undone}1" if open_[0] == 1 else f"{done}{open_[0]}") if open_ else ""


@dataclass
class Office:
    """A workplace with an encrypted store, and a desk to work at line by line."""

    stage: Stage
    pathways: tuple[Pathway, ...]

    def workspace(self, language: str = "en") -> Workspace:
        workspace = Workspace(
            self.stage.clock, language=language, language_asked=True, debounce_s=0
        )
        workspace._found = {pathway.id: pathway for pathway in self.pathways}
        return workspace

    def work(self, nurse: Nurse, **options: Any) -> int:
        with self.stage.store():
            pass
        workspace = self.workspace(nurse.language)
        status = open_plain(workspace, self.stage.places, nurse.paper, demo=False, **options)
        print("\n".join(nurse.said[-60:]))
        return status

    def decided(self) -> str:
        """The newest stored decision, whole."""
        with self.stage.store() as store:
            (client,) = store.clients.list_recent()
            row = store.decisions.find(store.assessments.list_of(client.id)[0].id)
        assert row is not None
        return row.decision_json


def office(folder: Path, *pathways: Pathway) -> Office:
    return Office(Stage(find(folder / "porras.db"), pathways[0], TickingClock()), pathways)


def whole(pathway: Pathway, answers: Mapping[str, Answer], age: int) -> dict[str, Answer]:
    """Add the lightest answer to whatever else is asked of a woman of an age."""
    card: dict[str, Answer] = {"client.age": age, "client.sex": "f"}
    found = dict(answers)
    while left := unanswered_questions(pathway, {**card, **found}):
        found[left[0].id] = lightest(pathway, left[0].id)
    return found


def told_to_the_store(
    at: Office, answers: Mapping[str, Answer], *, born: int = 1986, pathway: Pathway | None = None
) -> None:
    """Decide on the same answers without any terminal."""
    with at.stage.store() as store:
        client = next(iter(store.clients.list_recent()), None) or store.clients.add(
            birth_year=born, language="en", sex="f", municipality="hollola"
        )
        decide_on(at, store, client, answers, pathway or at.stage.pathway)


def decide_on(
    at: Office, store: Store, client: Client, answers: Mapping[str, Answer], pathway: Pathway
) -> None:
    workspace = at.workspace()
    workspace.opened = store
    visit = AssessmentSession.start(store, pathway, client, setting="reception", language="en")
    visit.join_open_episode()
    visit.record_answers(
        {id_: answer for id_, answer in answers.items() if id_ in pathway.questions}
    )
    for stop in visit.decide().stops:
        for card in visit.list_cards(stop):
            for step in card.steps:
                from stepping.decision.safety import SafetyStep

                visit.record_safety_step(SafetyStep(stop, card.id, step.id))
    decision = visit.decide()
    assert decision.step is not None
    visit.confirm(decision, decision.step)


YOUTH = files.built_in("youth")


@pytest.mark.parametrize(
    ("pathway", "answers", "born"),
    [
        ("adult", MODERATE, 1986),
        ("adult", DANGER, 1986),
        ("adult", {**MODERATE, "danger.child": "yes", "work.sick_leave_days": 112}, 1986),
        ("adult", {**MODERATE, "wish.formats": ("net", "group"), "need.language": "viro"}, 1986),
        ("youth", {}, 2011),
        ("youth", {"danger.suicide": "yes", "present": "with_guardian"}, 2011),
    ],
)
def test_the_same_answers_give_the_same_stored_decision_byte_for_byte(
    tmp_path: Path, pathway: str, answers: Mapping[str, Answer], born: int
) -> None:
    read = files.built_in(pathway)
    given = whole(read, {**CALM, **answers}, 2026 - born)
    here, there = office(tmp_path / "here", read), office(tmp_path / "there", read)
    nurse = Nurse(read, given, born=born)
    assert here.work(nurse) == 0
    told_to_the_store(there, given, born=born)
    assert here.decided() == there.decided()
    assert '"status": "suggested"' in here.decided()


def test_a_follow_up_decides_as_the_store_does(tmp_path: Path) -> None:
    adult = files.built_in("adult")
    first = whole(adult, MODERATE, 40)
    again = whole(FOLLOW_UP, {**CALM, "care.step": 1, "care.contacts": 0, "before.phq9": 10}, 40)
    here, there = (office(tmp_path / at, adult, FOLLOW_UP) for at in ("here", "there"))
    for at in (here, there):
        told_to_the_store(at, first)
    nurse = Nurse(FOLLOW_UP, again, known=True)
    assert here.work(nurse) == 0
    told_to_the_store(there, again, pathway=FOLLOW_UP)
    assert '"pathway": "follow_up"' in here.decided()
    assert here.decided() == there.decided()


def test_no_step_is_told_before_the_safety_steps_and_each_is_kept(tmp_path: Path) -> None:
    adult = files.built_in("adult")
    at, nurse = office(tmp_path, adult), Nurse(adult, whole(adult, DANGER, 40))
    assert at.work(nurse) == 0
    stops = [n for n, place in enumerate(nurse.asked) if place == "StopScreen"]
    assert stops
    assert nurse.asked.index("StopScreen") < nurse.asked.index("phq9.1")
    recorded = nurse.text.index("All safety steps are recorded")
    assert "Suggested step" not in nurse.text[:recorded]
    with at.stage.store() as store:
        (client,) = store.clients.list_recent()
        rows = store.safety_steps.list_recorded(store.assessments.list_of(client.id)[0].id)
    assert [(row.reason, row.why_not) for row in rows if not row.done] == [
        ("declined", WHY_NOT)
    ] * len({(row.stop, row.card) for row in rows})
    assert sum(row.done for row in rows) > 3


def test_every_answer_is_in_the_store_before_the_next_question(tmp_path: Path) -> None:
    adult = files.built_in("adult")
    at = office(tmp_path, adult)
    given = whole(adult, MODERATE, 40)
    seen: list[tuple[str, int]] = []

    def look(sheet: Page[Any]) -> str | None:
        if isinstance(sheet, QuestionScreen) and len(seen) < 6:
            with at.stage.store() as store:
                (draft,) = store.assessments.list_drafts()
                seen.append((sheet.page.id, draft.answered))
        return None

    assert at.work(Nurse(adult, given, meanwhile=look)) == 0
    assert [count for _, count in seen] == [0, *range(len(CALM), len(CALM) + 5)]


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
@pytest.mark.parametrize("width", [80, 40])
def test_no_line_is_wider_than_the_paper_and_nothing_steers_a_terminal(
    tmp_path: Path, language: str, width: int
) -> None:
    adult = files.built_in("adult")
    nurse = Nurse(adult, whole(adult, DANGER, 40), width=width, language=language)
    assert office(tmp_path, adult).work(nurse) == 0
    assert max(map(cell_len, nurse.said)) <= width
    assert all(line.isprintable() for line in nurse.said)
    # Where a text has no room it is broken into bits of words, one below the other.
    bits = [0 < len(line.strip()) < 4 for line in nurse.said]
    assert not any(one and other for one, other in pairwise(bits)), "\n".join(nurse.said)


@pytest.mark.parametrize("call", ["!", "112"])
def test_the_emergency_card_opens_at_every_prompt_with_its_numbers_first(
    tmp_path: Path, call: str
) -> None:
    adult = files.built_in("adult")
    met: set[str] = set()
    wanted: list[str] = []

    def call_at_each(sheet: Page[Any]) -> str | None:
        place = type(sheet).__name__
        if wanted:
            return wanted.pop()
        if place in met:
            return None
        met.add(place)
        wanted[:] = ["", "1"]  # open the first card, then go back
        return call

    nurse = Nurse(adult, whole(adult, DANGER, 40), meanwhile=call_at_each)
    assert office(tmp_path, adult).work(nurse) == 0
    assert {"ValuePrompt", "StopScreen", "QuestionScreen", "ResultScreen", "NoteScreen"} <= met
    opened = [n for n, line in enumerate(nurse.said) if line.startswith("-- ! EMERGENCY CARD")]
    assert len(opened) == len(met)
    for at in opened:
        assert "112" in nurse.said[at + 1]
    lead = files.built_in("adult").cards["suicide_acute"].lead["en"]
    assert nurse.text.count(lead) >= len(met)


def test_where_112_is_a_number_that_is_asked_for_it_is_the_answer(tmp_path: Path) -> None:
    adult = files.built_in("adult")
    answers = whole(adult, {**MODERATE, "work.sick_leave_days": 112}, 40)
    at, nurse = office(tmp_path, adult), Nurse(adult, answers)
    assert at.work(nurse) == 0
    assert "EMERGENCY" not in nurse.text
    assert '"work.sick_leave_days": 112' in at.decided()


def at_page(page: str, *lines: str) -> Callable[[Page[Any]], str | None]:
    """Type some lines first at a page, and at what they lead to; then go on as always."""
    left = list(lines)
    begun = False

    def type_there(sheet: Page[Any]) -> str | None:
        nonlocal begun
        begun = begun or (isinstance(sheet, QuestionScreen) and sheet.page.id == page)
        return left.pop(0) if begun and left else None

    return type_there


def draft_after(tmp_path: Path, page: str, *lines: str) -> tuple[Nurse, Mapping[str, Any], Any]:
    """Type lines at a page, and end the input there; return what is stored then."""
    adult = files.built_in("adult")
    at = office(tmp_path, adult)
    typed = at_page(page, *lines)

    def then_end(sheet: Page[Any]) -> str | None:
        line = typed(sheet)
        if line is None and isinstance(sheet, QuestionScreen) and page in nurse.asked:
            raise EOFError
        return line

    nurse = Nurse(adult, whole(adult, MODERATE, 40), meanwhile=then_end)
    assert at.work(nurse) == 1
    with at.stage.store() as store:
        (draft,) = store.assessments.list_drafts()
        progress = store.answers.get_progress(draft.assessment.id)
    return nurse, progress.answers, progress


@pytest.mark.parametrize(
    "line", ["9", "1 2", "11", "yes", "0 1", "-1", "x1", ".", "", "enter", "down"]
)
def test_what_is_no_answer_records_nothing_and_the_possible_is_named(
    tmp_path: Path, line: str
) -> None:
    nurse, answers, _ = draft_after(tmp_path, "phq9.1", line)
    assert "phq9.1" not in answers
    after = nurse.text.split("Little interest")[-1]
    assert "0–3 answer" in after
    assert "That is not possible here." in after or "Choose with a digit" in after


def test_a_question_is_declined_by_its_letter(tmp_path: Path) -> None:
    nurse, answers, _ = draft_after(tmp_path, "phq9.1", "d", "<", "<")
    assert "d declines" in nurse.text
    assert answers["phq9.1"] == "declined"
    assert "d (x) declines" in nurse.text


def test_of_a_page_of_several_a_question_is_declined_by_letter_and_number(tmp_path: Path) -> None:
    nurse, answers, _ = draft_after(tmp_path, "flags", "d", "d2", "0", "<", "<")
    assert "d1–da declines" in nurse.text
    assert (answers["flag.mania"], answers["flag.psychosis"]) == ("declined", "no")


def test_a_number_out_of_range_says_the_range(tmp_path: Path) -> None:
    nurse, answers, _ = draft_after(tmp_path, "work.ability", "4x", "11", "<")
    assert "work.ability" not in answers
    assert "A whole number from 0 to 10, please." in nurse.text


def test_a_needed_question_is_skipped_only_with_a_reason(tmp_path: Path) -> None:
    nurse, _, progress = draft_after(tmp_path, "phq9.1", "s", "", "too tired", "<")
    assert "Write a few words." in nurse.text
    assert progress.skipped == {"phq9.1": "too tired"}


def test_a_note_is_kept_and_names_are_refused(tmp_path: Path) -> None:
    nurse, answers, progress = draft_after(
        tmp_path, "phq9.1", "m", "ring 040 123 4567", "slept badly"
    )
    assert "No names, personal identity codes" in nurse.text
    assert [note.text for note in progress.notes] == ["slept badly"]
    assert "phq9.1" not in answers


def test_a_text_too_long_is_refused_and_not_cut(tmp_path: Path) -> None:
    nurse, _, progress = draft_after(tmp_path, "phq9.1", "m", "a" * 501, "short")
    assert "At most 500 characters" in nurse.text
    assert [note.text for note in progress.notes] == ["short"]


def test_going_back_corrects_an_answer(tmp_path: Path) -> None:
    _, answers, _ = draft_after(tmp_path, "phq9.2", "<", "3", "<")
    assert answers["phq9.1"] == 3
    assert "phq9.2" not in answers


def test_the_client_reads_the_question_in_another_language(tmp_path: Path) -> None:
    nurse, _, _ = draft_after(tmp_path, "phq9.1", "l")
    before, after = nurse.text.split("Little interest or pleasure")
    assert "PHQ-9" in before
    assert "kahden viikon" in after


def test_marks_are_taken_together_or_not_at_all(tmp_path: Path) -> None:
    nurse, answers, _ = draft_after(tmp_path, "danger", "1 7", "0 1", "2 2x")
    assert answers == {}
    assert nurse.text.count("That is not possible here.") == 3


def test_help_names_every_key_that_works(tmp_path: Path) -> None:
    nurse, answers, _ = draft_after(tmp_path, "phq9.1", "?")
    told = nurse.text.split("Possible here:")[1]
    for part in ("0–3 answer", "< back", "s skip", "m note", "q pause", "! emergency card"):
        assert part in told
    assert "phq9.1" not in answers


def test_the_pause_says_that_the_draft_is_safe_and_it_can_be_gone_on_with(tmp_path: Path) -> None:
    adult = files.built_in("adult")
    at = office(tmp_path, adult)
    typed = at_page("phq9.2", "q", "l", "1", "2")
    nurse = Nurse(adult, whole(adult, MODERATE, 40), meanwhile=typed)
    assert at.work(nurse) == 0
    assert "the draft waits at this question" in nurse.text
    assert "The draft is stored." in nurse.text
    assert nurse.asked.count("phq9.2") == 2
    assert '"phq9.2": 2' in at.decided()


def test_a_step_is_confirmed_by_its_number_and_never_by_an_empty_line(tmp_path: Path) -> None:
    adult = files.built_in("adult")
    at = office(tmp_path, adult)
    typed: list[str] = []

    def empty_first(sheet: Page[Any]) -> str | None:
        if isinstance(sheet, ConfirmScreen) and len(typed) < 2:
            typed.append("")
            return ("", "enter")[len(typed) - 1]
        return None

    nurse = Nurse(adult, whole(adult, MODERATE, 40), meanwhile=empty_first)
    assert at.work(nurse) == 0
    assert nurse.asked.count("ConfirmScreen") == 3
    assert re.search(r"\[(\d) confirm step \1;", nurse.text)
    assert "Enter confirm step" not in nurse.text


def told_at_first(at: Office) -> Episode:
    with at.stage.store() as store:
        (client,) = store.clients.list_recent()
        ((_, told),) = store.episodes.list_of(client.id)
    return told


def test_how_the_client_came_is_asked_once_and_one_line_skips_it(tmp_path: Path) -> None:
    adult = files.built_in("adult")
    at = office(tmp_path, adult)
    nurse = Nurse(adult, whole(adult, MODERATE, 40))
    assert at.work(nurse) == 0
    assert nurse.asked.count("AtFirstScreen") == 1
    assert nurse.asked[nurse.asked.index("AtFirstScreen") + 1] == "NoteScreen"
    assert "This is asked once and may be skipped." in nurse.text
    assert "q skip" in nurse.text
    told = told_at_first(at)
    assert len(told.measured) == 1
    assert (told.referrer, told.reasons) == (None, ())
    assert not any(isinstance(event, Responsible) for event in told.events)


def test_how_the_client_came_is_told_line_by_line(tmp_path: Path) -> None:
    adult = files.built_in("adult")
    at = office(tmp_path, adult)
    typed = ["4", "2", "1", "1", ""]

    def tell(sheet: Page[Any]) -> str | None:
        return typed.pop(0) if isinstance(sheet, AtFirstScreen) else None

    nurse = Nurse(adult, whole(adult, MODERATE, 40), meanwhile=tell)
    assert at.work(nurse) == 0
    assert typed == []
    told = told_at_first(at)
    assert (told.referrer, told.reasons) == ("health_centre", ("anxiety",))
    assert any(isinstance(event, Responsible) for event in told.events)


def test_the_end_of_input_says_what_is_safe_and_its_status_tells_where(tmp_path: Path) -> None:
    nurse, answers, _ = draft_after(tmp_path, "phq9.3")
    assert nurse.text.endswith("start it again and go on with the draft.")
    assert [id_ for id_ in answers if id_.startswith("phq9")] == ["phq9.1", "phq9.2"]
    at = office(tmp_path / "other", files.built_in("adult"))

    def end_at_start(sheet: Page[Any]) -> str | None:
        if not isinstance(sheet, StartScreen):
            return None
        raise EOFError

    done = Nurse(files.built_in("adult"), {}, meanwhile=end_at_start)
    assert at.work(done) == 0


def test_a_wrong_passphrase_is_told_and_nothing_opens(tmp_path: Path) -> None:
    adult = files.built_in("adult")
    at, tries = office(tmp_path, adult), iter(["wrong", "", "<"])

    def wrong(sheet: Page[Any]) -> str | None:
        return next(tries, "q")

    nurse = Nurse(adult, {}, meanwhile=wrong)
    assert at.work(nurse) == 0
    assert "passphrase" in nurse.text
    assert "StartScreen" not in nurse.asked


class Uptime:
    """Seconds that pass only when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_idle_terminal_locks_and_the_late_line_answers_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    adult = files.built_in("adult")
    at, uptime = office(tmp_path, adult), Uptime()
    monkeypatch.setattr(
        "tui.line_mode.run.LineModeApp", lambda *all_: Watched(*all_, uptime=uptime)
    )
    late = iter(["3"])
    locked = iter(["wrong", "!", ""])

    def be_late(sheet: Page[Any]) -> str | None:
        if isinstance(sheet, LineLock):
            return next(locked, None)
        if (
            isinstance(sheet, QuestionScreen)
            and sheet.page.id == "phq9.2"
            and (line := next(late, None))
        ):
            uptime.now += 3600
            return line
        return None

    nurse = Nurse(adult, whole(adult, MODERATE, 40), meanwhile=be_late, attended=True)
    assert at.work(nurse) == 0
    assert "The last line was not taken." in nurse.text
    assert nurse.asked.count("LineLock") == 4
    assert 1.0 in nurse.waited
    assert nurse.asked.count("phq9.2") == 2
    assert '"phq9.2": 2' in at.decided()


def test_a_date_in_doubt_is_checked_before_anything_is_asked(tmp_path: Path) -> None:
    adult = files.built_in("adult")
    at = office(tmp_path, adult)
    with at.stage.store():
        pass
    at.stage.clock.now += 2 * AHEAD
    lines = iter(["", "1", "d"])

    def check(sheet: Page[Any]) -> str | None:
        return next(lines) if isinstance(sheet, ClockScreen) else None

    nurse = Nurse(adult, whole(adult, MODERATE, 40), meanwhile=check)
    assert at.work(nurse) == 0
    assert nurse.asked.count("ClockScreen") == 3
    assert "This computer shows: " in nurse.text
    assert "Is the first date right?" in nurse.text


def test_a_line_that_comes_faster_than_anybody_reads_is_thrown_away(tmp_path: Path) -> None:
    adult = files.built_in("adult")
    at = office(tmp_path, adult)
    with at.stage.store():
        pass
    workspace = at.workspace()
    workspace.debounce_s = 0.05
    calm = Nurse(adult, whole(adult, MODERATE, 40))
    lines = 0

    def ask(secret: bool) -> str:
        nonlocal lines
        lines += 1
        line = calm.ask(secret)
        if isinstance(Watched.last.page, QuestionScreen):
            if lines % 2:
                time.sleep(0.06)
            else:
                calm._queue.insert(0, line)
            if len(calm.asked) > 20:
                raise EOFError
        else:
            time.sleep(0.06)
        return line

    paper = LineTerminal(calm.said.append, ask, lambda: 80, attended=True)
    assert open_plain(workspace, at.stage.places, paper, demo=False) == 1
    with at.stage.store() as store:
        (draft,) = store.assessments.list_drafts()
        given = store.answers.get_progress(draft.assessment.id).answers
    asked = [place for place in calm.asked if place.startswith("phq9")]
    assert len(asked) > len([id_ for id_ in given if id_.startswith("phq9")]) + 2


def test_a_fault_of_the_program_is_said_without_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    adult = files.built_in("adult")
    nurse = Nurse(adult, whole(adult, MODERATE, 40))

    def broken(*_: object) -> None:
        raise ZeroDivisionError("TREENAAM")

    monkeypatch.setattr(AssessmentSession, "record_answers", broken)
    assert office(tmp_path, adult).work(nurse) == 1
    assert "ZeroDivisionError" in nurse.text
    assert "TREENAAM" not in nurse.text


def scripted(folder: Path, *lines: str, columns: int = 80, language: str = "en") -> str:
    """Type lines in the training store; return all that was said, as one line."""
    said: list[str] = []
    left = list(lines)

    def ask(secret: bool) -> str:
        if not left:
            raise EOFError
        said.append(f"<<{left[0]}>>")
        return left.pop(0)

    workspace = Workspace(TickingClock(), language=language, language_asked=True, debounce_s=0)
    paper = LineTerminal(said.append, ask, lambda: columns, attended=False)
    open_plain(workspace, find(folder / "p.db"), paper, demo=True)
    return " ".join(" ".join(said).split())


def test_a_client_is_found_by_code_and_the_next_contact_agreed(tmp_path: Path) -> None:
    with open_training(find(tmp_path / "p.db").training, TickingClock()) as store:
        client = next(c for c in store.clients.list_recent() if store.episodes.find_open(c.id))
    told = scripted(
        *(tmp_path, "c", "TREE-XXXX", "TREENAAX", show(client.code), "c", "r", "n"),
        *("40.1.", "14", "", "", "", "q", "q", "q"),
    )
    assert "The calendar has no such day." in told
    assert "contact Sun 2026-12-06, Independence Day, in 14 days" in told
    with open_training(find(tmp_path / "p.db").training) as store:
        found = store.episodes.find_open(client.id)
        assert found is not None
        planned = [e.event for e in found[1].entries if isinstance(e.event, NextContact)]
    assert str(planned[-1].due) == "2026-12-06"


def test_a_total_and_its_item_on_suicide_are_typed_in(tmp_path: Path) -> None:
    with open_training(find(tmp_path / "p.db").training, TickingClock()) as store:
        client = next(c for c in store.clients.list_recent() if store.episodes.find_open(c.id))
    told = scripted(
        *(tmp_path, "c", show(client.code), "c", "r", "f", "1", "31", "12", "", "1", ""),
        *("q", "q", "q"),
    )
    assert "A number from 0 to 30, please." in told
    assert "Item 10 (thoughts of harming oneself), 0–3" in told
    assert "! Assess safety today. EPDS of 2026-11-22" in told


@pytest.mark.parametrize(("language", "word"), [("en", "lock"), ("fi", "lukitse"), ("sv", "F9")])
def test_a_word_locks_the_keyboard(tmp_path: Path, language: str, word: str) -> None:
    told = scripted(tmp_path, word, "n", "porras", "q", language=language)
    assert told.count("porras") > 1, "the word of the training store is told"
    assert told.index(f"<<{word}>>") < told.index("<<n>>") < told.index("<<porras>>")
    after = told.split("<<n>>")[1].split("<<porras>>")[0]
    assert told.split(f"<<{word}>>")[0].count("--") > after.count("--"), "no page of the nurse"
    assert {"en": "not the word", "fi": "Tämä ei ole", "sv": "Det här är inte"}[language] in after


def test_in_a_text_only_the_key_locks_and_help_says_so(tmp_path: Path) -> None:
    card = ("", "1980", "1", "1", "1", "1", "0")
    told = scripted(tmp_path, "n", *card, "m", "?", "lock", "m", "F9", "porras")
    help_, noted = told.split("<<?>>")[1].split("<<lock>>")
    assert "F9 locks the keyboard." in help_
    assert "you asked for it" not in noted.split("<<F9>>")[0], "it is what was noted"
    assert "you asked for it" in noted.split("<<F9>>")[1]


def test_what_waits_is_listed_and_taken_up(tmp_path: Path) -> None:
    _, told = scripted(tmp_path, "w", "1").split("<<w>>")
    assert told.index("safety stop open since") < told.index("agreed contact")
    assert "! STOP · EMERGENCY: now" in told.split("<<1>>")[1]


def test_an_old_note_is_read_and_written_to_a_file(tmp_path: Path) -> None:
    with open_training(find(tmp_path / "p.db").training, TickingClock()) as store:
        client = next(
            each
            for each in store.clients.list_recent()
            if [a.state for a in store.assessments.list_of(each.id)] == ["confirmed"]
        )
    file = tmp_path / "out" / "note.txt"
    file.parent.mkdir()
    told = scripted(tmp_path, "c", client.code, "1", "w", str(file), "<", "q", "q")
    assert "The file is not encrypted" in told
    for line in file.read_text(encoding="utf-8").split():
        assert line in told


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_every_page_of_the_day_fits_narrow_paper(tmp_path: Path, language: str) -> None:
    """Rows that were laid out for a screen must not run into the margin of a narrow roll."""
    with open_training(find(tmp_path / "p.db").training, TickingClock()) as store:
        client = next(c for c in store.clients.list_recent() if store.episodes.find_open(c.id))
    said: list[str] = []
    lines = ["w", "<", "p", "1", "1", "<", "<", "<", "c", client.code, "c", "r", "n", "q"]
    left = [*lines, "c", "1", "<", "<", "q", "q", "q"]

    def ask(secret: bool) -> str:
        if not left:
            raise EOFError
        return left.pop(0)

    workspace = Workspace(TickingClock(), language=language, language_asked=True, debounce_s=0)
    open_plain(
        workspace,
        find(tmp_path / "p.db"),
        LineTerminal(said.append, ask, lambda: 40, False),
        demo=True,
    )
    assert len(said) > 150
    assert max(map(cell_len, said)) <= 40
    assert all(line.isprintable() for line in said)


def test_a_store_that_fails_is_told_and_the_question_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    adult = files.built_in("adult")
    at = office(tmp_path, adult)
    answer = AssessmentSession.record_answers
    failed: list[bool] = []

    def fails_once(self: AssessmentSession, answers: Mapping[str, Answer]) -> None:
        if "phq9.2" in answers and not failed:
            failed.append(True)
            raise DiskFull(path="p.db")
        answer(self, answers)

    monkeypatch.setattr(AssessmentSession, "record_answers", fails_once)

    def read_it(sheet: Page[Any]) -> str | None:
        return "" if isinstance(sheet, ErrorScreen) else None

    nurse = Nurse(adult, whole(adult, MODERATE, 40), meanwhile=read_it)
    assert at.work(nurse) == 0
    for part in ("What happened", "What is safe", "What to do", "The disk is full"):
        assert part in nurse.text
    assert nurse.asked.count("phq9.2") == 2
    assert '"phq9.2": 2' in at.decided()


def test_a_new_text_of_a_pathway_is_proven_before_it_asks_anybody(tmp_path: Path) -> None:
    folder = tmp_path / "pathways"
    shutil.copytree(PATHWAYS, folder)
    rules = folder / "adult" / "rules.toml"
    rules.write_text(rules.read_text(encoding="utf-8") + "# new\n", encoding="utf-8")
    said: list[str] = []

    def ask(secret: bool) -> str:
        said.append("PROMPT")
        return "q"

    workspace = Workspace(TickingClock(), pathways=folder, language_asked=True, debounce_s=0)
    paper = LineTerminal(said.append, ask, lambda: 80, attended=False)
    assert open_plain(workspace, find(tmp_path / "p.db"), paper, demo=True) == 0
    told = " ".join(said)
    assert told.index("Checking the pathways") < told.index("PROMPT")


def test_danger_is_answered_before_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes back to an idle terminal in an emergency reads the numbers first."""
    adult = files.built_in("adult")
    at, uptime = office(tmp_path, adult), Uptime()
    monkeypatch.setattr(
        "tui.line_mode.run.LineModeApp", lambda *all_: Watched(*all_, uptime=uptime)
    )
    late = iter(["!", "", "3"])

    def be_late(sheet: Page[Any]) -> str | None:
        if isinstance(sheet, QuestionScreen) and sheet.page.id == "phq9.2":
            uptime.now += 3600
            return next(late, None)
        return None

    def end(sheet: Page[Any]) -> str | None:
        if not isinstance(sheet, LineLock):
            return be_late(sheet)
        raise EOFError

    nurse = Nurse(adult, whole(adult, MODERATE, 40), meanwhile=end, attended=True)
    assert at.work(nurse) == 1
    assert nurse.text.index("EMERGENCY CARD") < nurse.text.index("The last line was not taken")


def test_with_several_staff_codes_each_is_asked_for(tmp_path: Path) -> None:
    adult = files.built_in("adult")
    at = office(tmp_path, adult)
    with at.stage.store():
        pass
    key = store_keys.unlock(at.stage.places.keys, HANDLE, PASSPHRASE)
    store_keys.set_passphrase(at.stage.places.keys, "esc", key, "nine quiet owls sing")
    typed = iter(["q!", "esc", "nine quiet owls sing", "q"])
    nurse = Nurse(adult, {}, meanwhile=lambda _: next(typed))
    assert at.work(nurse) == 0
    assert nurse.asked[-1] == "StartScreen"


def test_a_signal_ends_a_wait_but_nothing_that_is_being_stored() -> None:
    out = io.StringIO()
    tele = StdioTerminal(io.StringIO("1\n2\n"), out)
    with tele.minding_signals():
        assert tele.read_line(False) == "1"
        os.kill(os.getpid(), signal.SIGTERM)
        tele.write_line("stored")  # what goes on when the signal comes is finished first
        with pytest.raises(Ended) as end:
            tele.sleep(30)
        assert end.value.status == 128 + signal.SIGTERM
    assert "stored" in out.getvalue()


# -- the parts -----------------------------------------------------------------------------------


def test_only_rows_that_changed_are_said_again_each_whole() -> None:
    before = ["> 1 [ ] first", "        and more", "  2 [ ] second", "        of it", "end"]
    now = ["  1 [ ] first", "        and more", "> 2 [x] second", "        of it", "end"]
    assert changed(before, now) == ["> 2 [x] second", "        of it"]
    assert changed(before, [*now[:-1], "help", "end"]) == [
        "> 2 [x] second",
        "        of it",
        "help",
    ]
    assert changed(["  a", "> b"], ["> a", "  b"]) == ["> a"]


def test_the_same_keys_are_named_once_and_briefly_after(tmp_path: Path) -> None:
    """On a slow line each question would cost a third more."""
    nurse, _, _ = draft_after(tmp_path, "phq9.3", "9")
    second, third = nurse.text.split("question 3 of")[1].split("question 4 of")
    assert "[0–3 answer; !; ?]" in second
    assert "m note" not in second
    assert "m note" in third.split("That is not possible here.")[1]


def test_a_long_row_keeps_its_indent_and_loses_what_steers() -> None:
    assert folded("    one two three", 12) == ["   one two", "   three"]
    assert folded("a\x1b[2Jb\x07", 80) == ["a?[2Jb?"]


def test_a_half_written_line_is_no_answer() -> None:
    tele = StdioTerminal(io.StringIO("1\n2"), io.StringIO())
    assert tele.read_line(False) == "1"
    with pytest.raises(EOFError):
        tele.read_line(False)


def test_a_piped_passphrase_is_not_written_out() -> None:
    out = io.StringIO()
    tele = StdioTerminal(io.StringIO("hush hush hush\n3\n"), out)
    assert tele.read_line(True) == "hush hush hush"
    assert tele.read_line(False) == "3"
    assert out.getvalue() == "> \n> 3\n"


def test_signs_that_the_character_set_lacks_are_written_otherwise() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="iso-8859-15", errors="replace")
    StdioTerminal(io.StringIO(), out).write_line("1–4 → ä …")
    assert raw.getvalue().decode("iso-8859-15") == "1-4 > ä ...\n"


def test_a_terminal_that_is_gone_ends_the_program() -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    with pytest.raises(Ended) as end:
        StdioTerminal(io.StringIO(), Gone()).write_line("anybody there?")
    assert end.value.status == 128 + 13


def test_every_key_of_a_sheet_can_be_typed_in_a_line(tmp_path: Path) -> None:
    """A key that is shown and cannot be typed would be a dead end."""
    adult = files.built_in("adult")
    dead: set[str] = set()

    def try_all(sheet: Page[Any]) -> str | None:
        for cap, label in islice(keys.caps(sheet.content(80)), 30):
            first = cap.split("–")[0].split()[0]
            usable = keys.usable(sheet)
            enter = next((each.word for each in usable if each.caption == "Enter"), "")
            word = enter if first == "Enter" else first
            typed = keys.of_word(word, usable) is not None
            if not typed and not isinstance(sheet, ValuePrompt):
                dead.add(f"{type(sheet).__name__}: {cap} {label}")
        return None

    nurse = Nurse(adult, whole(adult, DANGER, 40), meanwhile=try_all)
    assert office(tmp_path, adult).work(nurse) == 0
    assert dead == set()


# -- nothing is heard twice for nothing ----------------------------------------------------------


def test_a_form_says_what_was_taken_and_what_comes_next(tmp_path: Path) -> None:
    """Read out whole at each field, the client card would be heard six times."""
    told = scripted(tmp_path, "n", "", "1986", "1")
    after = told.split("<<1986>>")[1].split("<<1>>")[0]
    assert "Year of birth 1986" in after
    assert "1 woman" in after
    assert "Client code" not in after
    assert "[1–3 choose" in after


def test_the_words_above_the_items_are_said_once_and_again_in_another_language(
    tmp_path: Path,
) -> None:
    nurse, _, _ = draft_after(tmp_path, "phq9.3", "l")
    assert nurse.text.count("Over the last 2 weeks, how often") == 1
    third, other = nurse.text.split("question 4 of")[1:]
    assert "Trouble falling or staying asleep" in third
    assert "0 ( ) Not at all" in third
    assert "kahden viikon" in other


def test_a_long_page_that_was_read_is_read_again_only_when_asked_for(tmp_path: Path) -> None:
    told = scripted(tmp_path, "4", "s", "<", "=", "q", "l")
    first, rest = told.split("<<s>>")
    back, again = rest.split("<<<>>")[1].split("<<=>>")
    assert "As before. = reads this page again." in back
    for part, told_there in ((first, True), (back, False), (again, True)):
        assert ("What would change" in part) == told_there


def test_a_page_can_be_read_again_at_any_prompt(tmp_path: Path) -> None:
    nurse, answers, _ = draft_after(tmp_path, "phq9.2", "=")
    assert "phq9.2" not in answers
    assert nurse.text.count("Feeling down, depressed, or hopeless") == 2
    assert nurse.text.count("Over the last 2 weeks") == 2


@pytest.mark.parametrize("ending", [EOFError(), Ended(130), KeyError("x")])
def test_a_first_run_that_ends_speaks_of_no_draft(tmp_path: Path, ending: Exception) -> None:
    said: list[str] = []

    def ask(secret: bool) -> str:
        raise ending

    paper = LineTerminal(said.append, ask, lambda: 80, attended=False)
    open_plain(Workspace(TickingClock(), language="en"), find(tmp_path / "p.db"), paper, demo=False)
    told = " ".join(" ".join(said).split())
    assert "No store was open, and nothing was recorded." in told
    assert "draft" not in told


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")
def test_what_is_typed_while_a_lock_waits_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be a passphrase, typed anew at once, and a client reads along."""
    keyboard, side = os.openpty()
    os.set_blocking(keyboard, False)
    with os.fdopen(side) as source:

        def type_it(_: float) -> None:
            os.write(keyboard, b"secret\n")
            select.select([source], [], [], 5)  # the terminal has taken it by then

        monkeypatch.setattr("tui.line_mode.stdio.time", SimpleNamespace(sleep=type_it))
        StdioTerminal(source, io.StringIO()).sleep(1)
        with pytest.raises(BlockingIOError):
            os.read(keyboard, 99)
        os.write(keyboard, b"c")
        assert select.select([keyboard], [], [], 5)[0], "what is typed later is shown again"
    os.close(keyboard)
