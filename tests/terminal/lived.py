"""A client's path through months: the real program is opened on one day after another."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from casework.language import N_, speech
from screens.episode.recording.background import TITLE
from screens.episode.recording.event_keys import BACKGROUND_KIND, key_of, record_key
from screens.forms.contact_form import DUE
from screens.wording.event_words import CLOSINGS, ENDS
from stepping.decision.interview import Ask, Stop, find_next
from stepping.decision.safety import find_cards
from stepping.pathway.model import NO, YES, Answer, Pathway, Question, QuestionPage
from store.pathway_files.files import built_in
from store.pathway_files.sheets import shipped_sheets
from tests.screens.running import lightest
from tests.terminal.main_job import AWAKE_S, ROOT, SLOW_S, STOP_S, Nurse, Porras
from tests.terminal.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

FOLLOW_UP = built_in("follow_up")
ADULT = built_in("adult")
OPENS = shipped_sheets().plan.opens
"""The safety steps at which the plan is written."""


def items(instrument: str, *scores: int) -> dict[str, Answer]:
    """The answers to the items of an instrument."""
    return {f"{instrument}.{n}": score for n, score in enumerate(scores, start=1)}


class DatedPorras(Porras):
    """The real program on a database of its own, whatever the day."""

    def on(self, day: date) -> Session:
        """Return the program as it opens on the morning of a day, not yet entered."""
        began = f"{day.isoformat()}T09:00:00+02:00"
        flags = ["--db", str(self.database), "--lang", self.language]
        argv = [sys.executable, "-m", "tests.terminal.dated", began, *flags]
        return Session(argv, cwd=ROOT)


@dataclass
class LongNurse(Nurse):
    """A nurse who answers whole pathways by what is wanted, and keeps the episode."""

    session: Session
    language: str
    seen: list[str] = field(default_factory=list)
    """What the episode's page showed, each time it was looked at."""

    def goes_through(
        self, pathway: Pathway, given: Mapping[str, Answer], wanted: Mapping[str, Answer]
    ) -> None:
        """Answer everything that is asked, the lightest where nothing is wanted, with its stops."""
        answers: dict[str, Answer] = dict(given)
        recorded: set[str] = set()
        while True:
            match find_next(pathway, answers, (), recorded):
                case Ask(page):
                    self._answers_page(pathway, page, answers, wanted)
                case Stop(_, (page, *_)):
                    ask_first = re.escape(said("ask first", self.language))
                    self.session.wait_for(f"{ask_first}|{self._words(page)}")
                    if re.search(ask_first, self.session.text):
                        self.session.idle(STOP_S)
                        self.sees("ask first", "a")
                    self._answers_page(pathway, page, answers, wanted)
                case Stop(stops):
                    self._records(pathway, answers, stops)
                    recorded |= set(stops)
                case _:
                    return

    def _answers_page(
        self,
        pathway: Pathway,
        page: QuestionPage,
        answers: dict[str, Answer],
        wanted: Mapping[str, Answer],
    ) -> None:
        chosen = {
            q.id: wanted.get(q.id, lightest(pathway, q.id))
            for q in page.questions
            if q.id not in answers
        }
        self._after(self._words(page), keys_for(page, chosen))
        answers |= chosen

    def _words(self, page: QuestionPage) -> str:
        """The first words of a page's question, wherever its lines break."""
        words = page.questions[0].text[self.language].split()[:7]
        return r"\s+".join(map(re.escape, words))

    def _records(
        self, pathway: Pathway, answers: dict[str, Answer], stops: tuple[str, ...]
    ) -> None:
        """Record every step of every card as done, and go on."""
        cards = [card for stop in stops for card in find_cards(pathway, answers, stop)]
        for at, card in enumerate(cards):
            if at:
                self.sees("This card is recorded. Tab shows the next one.", "Tab")
            self._after(re.escape(card.title[self.language][:40]), "")
            self.session.idle(STOP_S)
            for number, step in enumerate(card.steps, start=1):
                self.session.press(str(number))
                if step.contact_within_days is not None:
                    self._cannot_do()
                else:
                    self.session.press(self.letter("d", "done"))
                    if f"{card.id}/{step.id}" in OPENS:
                        self._leaves_plan_to_paper()
                    if step.agree:
                        self._agree_on_nothing()
                self.session.idle(AWAKE_S)
        self.sees("All safety steps are recorded. Enter goes on.")
        self.session.idle(SLOW_S)
        self.session.press("Enter")

    def _leaves_plan_to_paper(self) -> None:
        """Go on from a safety plan of which nothing is typed."""
        self.sees("Safety plan")
        self.session.idle(AWAKE_S)
        self.session.press(self.letter("t", "the client takes it along"))

    def _agree_on_nothing(self) -> None:
        """Leave who, when and where a step agrees."""
        self.sees("What was agreed")
        self.session.idle(AWAKE_S)
        self.session.press("Up")
        self.sees("Enter stores this.")
        self.session.idle(AWAKE_S)
        self.session.press("Enter")
        self.session.idle(STOP_S)

    def _cannot_do(self) -> None:
        """Leave a contact to be agreed on later."""
        self.session.press(self.letter("x", "not done at >, why"))
        self.sees("Not done: which reason fits best?")
        self.session.idle(AWAKE_S)
        self.session.press("4")
        self.sees("Why is this step not done?")
        self.session.idle(AWAKE_S)
        self.session.send(b"agreed by phone later")
        self.session.wait_for("agreed by phone later")
        self.session.press("Enter")
        self.session.idle(STOP_S)

    def takes_suggestion(self, step: int, name: str) -> None:
        """See the suggested step, confirm it, and leave the note."""
        self._after(rf"\b{step}\b.*{re.escape(name[:20])}", "")
        self.session.idle(SLOW_S)
        self.session.press("Enter")
        self.sees("Confirm or change the step")
        self.session.idle(SLOW_S)
        self.session.press("Enter")
        self._skips_what_is_asked_once()
        self.sees("Note for the patient record")
        self.session.idle(SLOW_S)
        self.session.press("Enter")

    def _skips_what_is_asked_once(self) -> None:
        """Leave untold how the client came, where it is asked: as the first step is confirmed."""
        once, note = said(TITLE, self.language), said("Note for the patient record", self.language)
        self.session.wait_for(f"{re.escape(once)}|{re.escape(note)}")
        if once in self.session.text:
            self.skips_how_the_client_came()

    @contextmanager
    def in_episode(self) -> Iterator[None]:
        """From the start screen to the episode of the one client, and back."""
        self.sees("Clients seen lately", "Enter")
        self.sees("episode of care", self.letter("c", "episode of care"))
        self.at_episode()
        yield
        self.at_episode()
        self.seen.append(self.session.text)
        self.session.press("Esc")
        self.sees("new assessment", "Esc")
        self.sees("Clients seen lately")

    def at_episode(self) -> None:
        """Wait for the episode's page."""
        self.sees("entries, correct")
        self.session.idle(AWAKE_S)

    def begins_treatment(self, intervention: str) -> None:
        """Begin a treatment today, without a service."""
        self._form("period_started", (N_("Treatment"), self._named(intervention)))

    def records_contact(self, day: date | None = None) -> None:
        """Record a contact of the one open treatment."""
        self._form("contact", *([(N_("Day"), day.isoformat())] if day else []))

    def ends_treatment(self, why: str, satisfaction: int | None = None) -> None:
        """End the one open treatment."""
        rated = [(N_("Satisfaction, 0–10"), str(satisfaction))] if satisfaction else []
        self._form("period_ended", (N_("Why it ended"), speech(self.language)(ENDS[why])), *rated)

    def agrees_next_contact(self, day: date) -> None:
        """Agree on a day."""
        self._form("next_contact", (DUE, day.isoformat()))

    def tells_who_referred(self, digit: str) -> None:
        """Tell by its digit who referred the client, which was skipped at first."""
        t = speech(self.language)
        self.at_episode()
        self.session.press(record_key(t))
        self.sees("Record in the episode", key_of(BACKGROUND_KIND, t))
        self.sees(TITLE, "1")
        self.sees("next field", digit)
        self._goes_to(said("Enter stores this.", self.language))
        self.session.idle(SLOW_S)
        self.session.press("Enter")
        self.at_episode()

    def closes(self, how: str) -> None:
        """End the episode."""
        self._form("closed", (N_("How it ended"), speech(self.language)(CLOSINGS[how])))

    def _named(self, intervention: str) -> str:
        found = next(i for i in ADULT.interventions if i.id == intervention)
        return found.content.title[self.language]

    def letter(self, letter: str, label: str) -> str:
        """Return the key of a label in the language of the screen."""
        return speech(self.language).letter(letter, label)

    def _form(self, kind: str, *filled: tuple[str, str]) -> None:
        """Fill in some fields of a form in their order, leave the others, and store it."""
        self.at_episode()
        self.session.press(record_key(speech(self.language)))
        self.sees("Record in the episode", key_of(kind, speech(self.language)))
        for label, value in filled:
            self._goes_to(speech(self.language)(label))
            self._fills(value)
        self._goes_to(said("Enter stores this.", self.language))
        self.session.press("Enter")
        self.at_episode()

    def _goes_to(self, label: str) -> None:
        """Move down to a field, one row at a time."""
        self.session.idle(AWAKE_S)
        for _ in range(12):
            before = self.session.text
            if re.search(rf"^\s*> {re.escape(label[:30])}", before, re.MULTILINE):
                return
            self.session.press("Down")
            self._changed(before)
        raise AssertionError(f"no field {label}\n{self.session.text}")

    def _changed(self, before: str) -> None:
        """Wait a while until the screen is not what it was; a key may have come too soon."""
        for _ in range(20):
            if self.session.text != before:
                return
            self.session.idle(AWAKE_S / 2)

    def _fills(self, value: str) -> None:
        """Pick the choice of that name, or type it."""
        for _ in range(4):
            if found := re.search(
                rf"^\s*(\d) +\([ x]\) {re.escape(value[:30])}", self._now(), re.M
            ):
                self.session.press(found[1])
                return
            if not re.search(r"^\s*1 +\([ x]\) ", self.session.text, re.M):
                break
            self.session.press("0")
        self.session.send(b"\x7f" * 10)
        self.session.idle(AWAKE_S)
        self.session.send(value.encode())
        self.session.idle(AWAKE_S)

    def _now(self) -> str:
        """The screen once it is quiet."""
        self.session.idle(AWAKE_S)
        return self.session.text

    def begins_follow_up(self) -> None:
        """From the start screen to the first question of a follow-up of the one client."""
        self.sees("Clients seen lately", "Enter")
        self.sees("episode of care", self.letter("n", "new assessment"))
        self._after(r"> ", "1")
        self.sees("Follow-up or whole assessment?", "1")

    def leaves(self) -> None:
        """Close the program, and see that it leaves the terminal as it was."""
        self.sees("close Porras", "q")
        assert self.session.wait_exit() == 0
        assert self.session.sane


def keys_for(page: QuestionPage, answers: Mapping[str, Answer]) -> str:
    """Return the keys that give a page its answers."""
    if page.questions[0].page is not None:
        marked = [str(n) for n, q in enumerate(page.questions, 1) if answers.get(q.id) == YES]
        return " ".join([*marked, "Enter"]) if marked else "0"
    return _keys(page.questions[0], answers[page.questions[0].id])


def _keys(question: Question, answer: Answer) -> str:
    words = list(question.words)
    match question.kind:
        case "yesno":
            return {YES: "y", NO: "n"}.get(str(answer), "r")
        case "multi":
            assert isinstance(answer, tuple)
            return (
                " ".join([*(str(words.index(w) + 1) for w in answer), "Enter"]) if answer else "0"
            )
        case "text":
            return "0"
        case "choice" if question.numeric:
            return str(answer)
        case "choice":
            return str(words.index(str(answer)) + 1)
        case _:
            return " ".join([*str(answer), "Enter"])


def said(sentence: str, language: str) -> str:
    """A sentence of the program in a language."""
    return speech(language)(sentence)
