"""What stands on the page of a question: its words, its answers, and where the pointer is."""

from __future__ import annotations

from typing import Literal, Protocol

from casework.assessment import AssessmentSession
from casework.language import N_, Speech, speech_for
from casework.workspace import Workspace
from screens.base.content import Traits
from screens.base.keys import choice_key
from screens.base.lines import Line, bold, labelled, paragraph, plain, wrap
from screens.base.page import Page
from screens.forms.entry import Entry
from stepping.days import LETTERS, LONGEST
from stepping.pathway.model import DECLINED, NO, REFUSED, YES, Question, QuestionPage

Outcome = Literal["stop", "finished", "again", "pause", "card", "navigator"]
"""Why the questions were left: an open stop, the end, another way than before (see
`_is_other_way`), a pause, back from the first one to the client's card, or for what a navigator
tells."""

NOWHERE = -1
"""Where the pointer is before anybody has moved it: a stray Enter chooses nothing."""


class Companion(Protocol):
    """What goes with the questions of a case of practice, from page to page."""

    @property
    def letter(self) -> str:
        """The letter of the key of `page`, in the nurse's language."""

    @property
    def label(self) -> str:
        """The label of that key, as a msgid; empty where there is none."""

    def page(self) -> Page[bool]:
        """Return the page to read beside the questions."""

    def aside(self, width: int) -> list[Line]:
        """Return the same in short, for the second column of a wide terminal."""

    def told(self, page: QuestionPage, width: int) -> list[Line]:
        """Return what is said if a page is asked; nothing where nothing is known."""

    def reach(self) -> str:
        """Take note that another page is asked; return what to say of that, if anything."""


class QuestionBody(Page[Outcome]):
    """A question with its answers as they stand; what the keys do is for subclasses."""

    def __init__(
        self,
        workspace: Workspace,
        session: AssessmentSession,
        page: QuestionPage,
        *,
        client_language: str,
        companion: Companion | None = None,
    ) -> None:
        super().__init__(workspace)
        self._session = session
        self._companion = companion
        self._card = session.settled_card
        self._language = client_language
        self._page = page
        self._cursor = 0
        self._entry: Entry | None = None
        self._told_day = ""
        """The day that was told back in words; a second Enter takes it."""
        self._choice_rows = 0
        """How many rows have to be read to know everything that is answered at once."""
        self._marked: set[str] = set()
        self._parting = ""
        """What the last answer leaves to be said on the next page."""
        self._open(page)

    # -- which page --------------------------------------------------------

    def _open(self, page: QuestionPage) -> None:
        self._page = page
        self.offset_rows = self.seen_rows = 0
        self.message = self._companion.reach() if self._companion else ""
        self._entry = None
        self._told_day = ""
        self._marked = self._chosen()
        self._cursor = self._first_cursor()
        question = page.questions[0]
        if question.kind in ("integer", "scale"):
            given = self._session.valid_answers.get(question.id)
            text = "" if given in (None, DECLINED) else str(given)
            self._entry = Entry(longest=len(str(question.high)), text=text)
        elif question.kind == "date":
            given = self._session.valid_answers.get(question.id, "")
            self._entry = Entry(LETTERS, LONGEST, str(self.t.told(given)))

    def _chosen(self) -> set[str]:
        if self._together:
            return self._answered_with(YES)
        given = self._session.valid_answers.get(self._question.id, ())
        return set(given) if isinstance(given, tuple) else {str(given)}

    def _first_cursor(self) -> int:
        for row, (word, _, _, _) in enumerate(self._choices()):
            if word in self._marked:
                return row
        return 0 if self._together or self._question.kind == "multi" else NOWHERE

    @property
    def _question(self) -> Question:
        return self._page.questions[0]

    @property
    def _together(self) -> bool:
        """Whether several yes/no questions share the page."""
        return self._question.page is not None

    @property
    def page(self) -> QuestionPage:
        """The page that is asked now."""
        return self._page

    @property
    def traits(self) -> Traits:
        """It weighs if a stop may follow from the answer."""
        question = self._question
        numeric = question.kind in ("integer", "scale")
        return Traits(
            weighs=any(q.id in self._session.bearing_on_stops for q in self._page.questions),
            answers=True,
            shows_answers=True,
            reads_heading_once=True,
            takes_several=self._together or question.kind == "multi",
            numbers=range(question.low, question.high + 1) if numeric else None,
        )

    @property
    def _answered(self) -> bool:
        answers = self._session.valid_answers
        return all(q.id in answers for q in self._page.questions)

    @property
    def _declined(self) -> set[str]:
        """The questions of the page that were declined."""
        return self._answered_with(DECLINED)

    def _answered_with(self, word: str) -> set[str]:
        """Return the questions of the page that have a word for an answer."""
        answers = self._session.valid_answers
        return {q.id for q in self._page.questions if answers.get(q.id) == word}

    @property
    def _passed(self) -> bool:
        answers, skipped = self._session.valid_answers, self._session.skipped
        return all(q.id in answers or q.id in skipped for q in self._page.questions)

    # -- words -------------------------------------------------------------

    @property
    def _asked_in(self) -> Speech:
        """The sentences that go with the question, in the language that it is shown in."""
        return speech_for(self._language, self.workspace.language)

    _refusing = N_("refuses to answer")
    _declining = N_("declines")
    """What it is called that the client refuses or declines, as msgids."""

    @property
    def _decline_letter(self) -> str:
        return self.t.letter("d", "declines")

    @property
    def _yes_no_letters(self) -> dict[str, str]:
        """The letter of each answer to a yes/no question, for whoever reads the screen."""
        t = self.t
        letters = {YES: t.letter("y", "yes"), NO: t.letter("n", "no")}
        refused = {REFUSED: t.letter("r", "refuses to answer")} if self._question.refusable else {}
        return letters | refused

    # -- drawing -----------------------------------------------------------

    @property
    def progress(self) -> tuple[int, int]:
        """Return the pages done, and all of them with the result."""
        return self._session.measure_way()

    def top(self) -> tuple[str, str]:
        """Say where this is, and how much is still needed."""
        at = self._session.get_progress(self._page.id)
        where = self.t("question {at} of at most {most}", at=at.at, most=at.most)
        if at.required:
            where += " · " + self.t("{count} still needed", count=at.required)
        return self._section, where

    @property
    def _section(self) -> str:
        """The part of the pathway that the page belongs to."""
        sections = self._session.pathway.header.section
        return next(s.title[self._language] for s in sections if s.id == self._page.section)

    def body(self, width: int) -> list[Line]:
        """Draw the question with its answers, and what a case of practice tells of it."""
        lines = self._page_lines(width) if self._together else self._alone_lines(width)
        told = self._companion.told(self._page, width) if self._companion else []
        return [*lines, (), *told] if told else lines

    def aside(self, width: int) -> list[Line]:
        """Tell what goes with a case of practice."""
        return self._companion.aside(width) if self._companion else []

    def _alone_lines(self, width: int) -> list[Line]:
        question = self._question
        lines = self._instrument_lines(width)
        lines += [bold(row) for row in wrap(question.text[self._language], width)]
        if question.kind in ("integer", "scale", "date", "text"):
            lines += [(), *self._typed_lines(width)]
        else:
            lines += [(), *self._choice_lines(width)]
            self._choice_rows = len(lines)
        if question.declinable:
            lines.append(self._declined_line())
        for text in (question.explain.get(self._language), self._help(question)):
            if text:
                lines += [(), *paragraph(text, width)]
        return lines

    def _help(self, question: Question) -> str:
        """Return what a professional needs to know to ask a question."""
        return question.help.get(self._language, "")

    def _declined_line(self) -> Line:
        declined = self._question.id in self._declined
        box, label = "(x)" if declined else "( )", self._asked_in(self._declining)
        return plain(f"  {self._decline_letter}  {box} {label}", "bold" if declined else "normal")

    def _instrument_lines(self, width: int) -> list[Line]:
        instrument = self._question.instrument
        if instrument is None:
            return [()]
        wording = instrument.wording[self._language].status
        t = self._asked_in
        status = {
            "published": t("published wording"),
            "working": t("working translation, not validated"),
            "none": t("not offered in this language"),
        }[wording]
        lines = labelled(instrument.name, f"({status})", width)
        if stem := self._question.stem.get(self._language):
            lines += paragraph(stem, width)
        return [*lines, ()]

    def _choices(self) -> list[tuple[str, str, str, str]]:
        """Return the answers to choose from: word, key as drawn, keys, label."""
        question = self._question
        if self._together:
            return [
                (q.id, key := choice_key(n), key, q.text[self._language])
                for n, q in enumerate(self._page.questions, start=1)
            ]
        if question.kind == "yesno":
            t = self._asked_in
            rows = {
                YES: ("1", "y", t("yes")),
                NO: ("0", "n", t("no")),
                REFUSED: ("2", "2", t(self._refusing)),
            }
            return [
                (word, digit, ",".join(dict.fromkeys((digit, also, letter))), label)
                for word, letter in self._yes_no_letters.items()
                for digit, also, label in [rows[word]]
            ]
        numbered = question.kind == "choice" and question.numeric
        return [
            (
                option.id,
                key := option.id if numbered else choice_key(n),
                key,
                option.label[self._language],
            )
            for n, option in enumerate(question.options, start=1)
        ]

    def _choice_lines(self, width: int) -> list[Line]:
        lines: list[Line] = []
        multi = self._question.kind == "multi"
        for row, (word, cap, _, label) in enumerate(self._choices()):
            pointer = ">" if row == self._cursor else " "
            chosen = word in self._marked
            box = ("[x]" if chosen else "[ ]") if multi else ("(x)" if chosen else "( )")
            head = f"{pointer} {cap}  {box} "
            for number, text in enumerate(wrap(label, width - len(head))):
                start = head if number == 0 else " " * len(head)
                lines.append(plain(start + text, "bold" if chosen else "normal"))
        return lines

    def _page_lines(self, width: int) -> list[Line]:
        heading = self._page.heading.get(self._language, "")
        lines: list[Line] = [bold(row) for row in wrap(heading, width)] if heading else []
        letter, declined = self._decline_letter, self._declined
        for row, (id_, cap, _, label) in enumerate(self._choices()):
            box = "[x]" if id_ in self._marked else f"[{letter}]" if id_ in declined else "[ ]"
            head = f"{'>' if row == self._cursor else ' '} {cap} {box} "
            for number, text in enumerate(wrap(label, width - len(head))):
                start = head if number == 0 else " " * len(head)
                lines.append(plain(start + text, "bold" if id_ in self._marked else "normal"))
        self._choice_rows = len(lines)
        at_pointer = self._page.questions[min(self._cursor, len(self._page.questions) - 1)]
        if question_help := self._help(at_pointer):
            lines += paragraph(question_help, width)
        return lines

    def _typed_lines(self, width: int) -> list[Line]:
        question, t = self._question, self._asked_in
        if question.kind == "text":
            given = self._session.valid_answers.get(question.id)
            shown = t("nothing") if given == "" else str(given or "–")
            return [plain(t("Answer so far: {answer}", answer=shown))]
        entry = self._entry.drawn() if self._entry else ""
        unit = question.unit.get(self._language, "")
        lines: list[Line] = [((f"  {entry} ", "bold"), (unit, "normal"))]
        if question.kind != "date":
            lines.append(
                plain(t("  a whole number {low}–{high}", low=question.low, high=question.high))
            )
        for number, label in (
            (question.low, question.low_label),
            (question.high, question.high_label),
        ):
            if text := label.get(self._language):
                lines += labelled(f"  {number:>3}", text, width, "normal")
        return lines
