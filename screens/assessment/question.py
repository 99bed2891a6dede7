"""One question, or one page of yes/no questions; a digit answers and goes on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

from casework.assessment import AssessmentSession
from casework.workspace import Workspace
from screens.base.content import Traits
from screens.base.keys import Caption, KeyBinding, Shown, hidden
from screens.base.lines import Line, bold, labelled, paragraph, plain, wrap
from screens.base.page import Page
from screens.base.prompt import PromptScreen
from screens.forms.entry import Entry
from stepping.decision import interview
from stepping.pathway.model import DECLINED, NO, REFUSED, YES, Answer, Question, QuestionPage

Outcome = Literal["stop", "finished", "again", "pause"]
"""Why the questions were left: an open stop, the end, answers grown too old, or a pause."""

_YES_NO_KEYS = {YES: ("1", "1,y,Y"), NO: ("0", "0,n,N"), REFUSED: ("2", "2,r,R")}


_NOWHERE = -1
"""Where the pointer is before anybody has moved it: a stray Enter chooses nothing."""


class QuestionScreen(Page[Outcome]):
    """Asks page after page in place, so that only what differs is drawn."""

    def __init__(
        self,
        workspace: Workspace,
        visit: AssessmentSession,
        page: QuestionPage,
        *,
        client_language: str,
    ) -> None:
        super().__init__(workspace)
        self._visit = visit
        self._language = client_language
        self._page = page
        self._cursor = 0
        self._entry: Entry | None = None
        self._told_day = ""
        """The day that was told back in words; a second Enter takes it."""
        self._marked: set[str] = set()
        self._parting = ""
        """What the last answer leaves to be said on the next page."""
        self._open(page)

    # -- which page --------------------------------------------------------

    def _open(self, page: QuestionPage) -> None:
        self._page = page
        self.offset_rows = 0
        self.message = ""
        self._entry = None
        self._told_day = ""
        self._marked = self._chosen()
        self._cursor = self._first_cursor()
        question = page.questions[0]
        if question.kind in ("integer", "scale"):
            given = self._visit.valid_answers.get(question.id)
            text = "" if given in (None, DECLINED) else str(given)
            self._entry = Entry(longest=len(str(question.high)), text=text)
        elif question.kind == "date":
            from stepping.days import LETTERS, LONGEST

            given = self._visit.valid_answers.get(question.id, "")
            self._entry = Entry(LETTERS, LONGEST, str(given))

    def _chosen(self) -> set[str]:
        if self._together:
            return {
                q.id for q in self._page.questions if self._visit.valid_answers.get(q.id) == YES
            }
        given = self._visit.valid_answers.get(self._question.id, ())
        return set(given) if isinstance(given, tuple) else {str(given)}

    def _first_cursor(self) -> int:
        for row, (word, _, _, _) in enumerate(self._choices()):
            if word in self._marked:
                return row
        return 0 if self._together or self._question.kind == "multi" else _NOWHERE

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
            weighs=any(q.id in self._visit.bearing_on_stops for q in self._page.questions),
            shows_answers=True,
            reads_heading_once=True,
            takes_several=self._together or question.kind == "multi",
            numbers=range(question.low, question.high + 1) if numeric else None,
        )

    @property
    def _answered(self) -> bool:
        return all(q.id in self._visit.valid_answers for q in self._page.questions)

    @property
    def _declined(self) -> set[str]:
        """The questions of the page that were declined."""
        return {
            q.id for q in self._page.questions if self._visit.valid_answers.get(q.id) == DECLINED
        }

    @property
    def _passed(self) -> bool:
        visit = self._visit
        return all(
            q.id in visit.valid_answers or q.id in visit.skipped for q in self._page.questions
        )

    # -- drawing -----------------------------------------------------------

    def top(self) -> tuple[str, str]:
        """Say where this is, and how much is still needed."""
        header = self._visit.pathway.header
        section = next(s for s in header.section if s.id == self._page.section)
        at = self._visit.get_progress(self._page.id)
        where = self.t("question {at} of at most {most}", at=at.at, most=at.most)
        if at.required:
            where += " · " + self.t("{count} still needed", count=at.required)
        return section.title[self._language], where

    def body(self, width: int) -> list[Line]:
        """Draw the question with its answers."""
        if self._together:
            return self._page_lines(width)
        question = self._question
        lines = self._instrument_lines(width)
        lines += [bold(row) for row in wrap(question.text[self._language], width)]
        if question.kind in ("integer", "scale", "date", "text"):
            lines += [(), *self._typed_lines(width)]
        else:
            lines += [(), *self._choice_lines(width)]
        if question.declinable:
            lines.append(self._declined_line())
        if help_text := self._help(question):
            lines += [(), *paragraph(help_text, width)]
        return lines

    def _help(self, question: Question) -> str:
        """What a professional needs to know to ask a question."""
        return question.help.get(self._language, "")

    def _refusal(self) -> str:
        return self.t("refuses to answer")

    @property
    def declining(self) -> str:
        """What it is called that the client declines."""
        return self.t("declines")

    def _declined_line(self) -> Line:
        declined = self._visit.valid_answers.get(self._question.id) == DECLINED
        box = "(x)" if declined else "( )"
        return plain(f"  d  {box} {self.declining}", "bold" if declined else "normal")

    def _instrument_lines(self, width: int) -> list[Line]:
        instrument = self._question.instrument
        if instrument is None:
            return [()]
        wording = instrument.wording[self._language].status
        status = {
            "published": self.t("published wording"),
            "working": self.t("working translation, not validated"),
            "none": self.t("not offered in this language"),
        }[wording]
        lines = labelled(instrument.name, f"({status})", width)
        shares_options = self._question.options and len(self._question.options) == len(
            instrument.options
        )
        if shares_options and instrument.stem[self._language]:
            lines += paragraph(instrument.stem[self._language], width)
        return [*lines, ()]

    def _choices(self) -> list[tuple[str, str, str, str]]:
        """The answers to choose from: word, key as drawn, keys, label."""
        question = self._question
        if self._together:
            return [
                (q.id, str(n), str(n), q.text[self._language])
                for n, q in enumerate(self._page.questions, start=1)
            ]
        if question.kind == "yesno":
            names = {YES: self.t("yes"), NO: self.t("no"), REFUSED: self._refusal()}
            order = (YES, NO, REFUSED) if question.refusable else (YES, NO)
            return [(word, *_YES_NO_KEYS[word], names[word]) for word in order]
        numbered = question.kind == "choice" and question.numeric
        return [
            (option.id, key := option.id if numbered else str(n), key, option.label[self._language])
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
        for row, (id_, cap, _, label) in enumerate(self._choices()):
            declined = self._visit.valid_answers.get(id_) == DECLINED
            box = "[x]" if id_ in self._marked else "[d]" if declined else "[ ]"
            head = f"{'>' if row == self._cursor else ' '} {cap} {box} "
            for number, text in enumerate(wrap(label, width - len(head))):
                start = head if number == 0 else " " * len(head)
                lines.append(plain(start + text, "bold" if id_ in self._marked else "normal"))
        at_pointer = self._page.questions[min(self._cursor, len(self._page.questions) - 1)]
        if question_help := self._help(at_pointer):
            lines += paragraph(question_help, width)
        return lines

    def _typed_lines(self, width: int) -> list[Line]:
        question = self._question
        if question.kind == "text":
            given = self._visit.valid_answers.get(question.id)
            shown = self.t("nothing") if given == "" else str(given or "–")
            return [plain(self.t("Answer so far: {answer}", answer=shown))]
        entry = self._entry.drawn() if self._entry else ""
        unit = question.unit.get(self._language, "")
        lines: list[Line] = [((f"  {entry} ", "bold"), (unit, "normal"))]
        if question.kind != "date":
            lines.append(
                plain(self.t("  a whole number {low}–{high}", low=question.low, high=question.high))
            )
        for number, label in (
            (question.low, question.low_label),
            (question.high, question.high_label),
        ):
            if text := label.get(self._language):
                lines += labelled(f"  {number:>3}", text, width, "normal")
        return lines

    # -- keys --------------------------------------------------------------

    def key_list(self) -> Shown:
        """What the keys do for this kind of question."""
        other = self._other_language()
        # A page of several has the most keys; its language key says the name alone.
        named = other if self._together else self.t("language: {name}", name=other)
        switch = [KeyBinding("l", "l", named, self._switch)] if other else []
        return [
            *self._answer_commands(),
            *self._decline_commands(),
            KeyBinding("left,backspace", "←", self.t("back"), self._back),
            *([KeyBinding("right", "→", self.t("forward"), self._forward)] if self._passed else []),
            KeyBinding("s", "" if self._answered else "s", self.t("skip"), self._skip),
            KeyBinding("m", "m", self.t("note"), self._note),
            *switch,
            KeyBinding("escape", "Esc", self.t("pause"), self._pause),
        ]

    def _decline_commands(self) -> list[KeyBinding | Caption]:
        """Decline the question, or on a page of several the one at the pointer."""
        may_be = [q.id for q in self._page.questions if q.declinable]
        if not may_be:
            return []
        if not self._together:
            return [KeyBinding("d", "d", self.declining, self._decline)]
        # No key is called so: where lines are typed, a question is named with its letter.
        named = [
            hidden(f"d{n}", partial(self._decline_mark, q.id), medium="lines")
            for n, q in enumerate(self._page.questions, start=1)
            if q.declinable
        ]
        return [
            KeyBinding("d", "d >", self.declining, self._decline_here, medium="screen"),
            *named,
            Caption(f"{named[0].keys}–{named[-1].keys}", self.declining, medium="lines"),
        ]

    def _answer_commands(self) -> list[KeyBinding | Caption]:
        question = self._question
        if self._entry is not None:
            return [KeyBinding("enter", "Enter", self.t("take the number"), self._take_entry)]
        if question.kind == "text" and not self._together:
            return [
                KeyBinding("enter", "Enter", self.t("write"), self._write),
                KeyBinding("0", "0", self.t("nothing"), partial(self._answer, "")),
            ]
        choices = self._choices()
        moves = [
            hidden("down", partial(self._move, 1), moves=True, medium="screen"),
            hidden("up", partial(self._move, -1), moves=True, medium="screen"),
        ]
        caps = f"{choices[0][1]}–{choices[-1][1]}"
        if self._together or question.kind == "multi":
            marks = [hidden(keys, partial(self._mark, word)) for word, _, keys, _ in choices]
            return [
                Caption(caps, self.t("mark")),
                KeyBinding("0", "0", self.t("none of these"), self._none),
                KeyBinding("enter", "Enter", self.t("take the marked"), self._take_marked),
                KeyBinding("x", "x >", self.t("mark"), self._mark_here, medium="screen"),
                *marks,
                *moves,
            ]
        picks = [
            hidden(keys, partial(self._answer, self._plain(word))) for word, _, keys, _ in choices
        ]
        shown = "y n" + (" r" if question.refusable else "") if question.kind == "yesno" else caps
        return [
            Caption(shown, self.t("answer")),
            KeyBinding("enter", "Enter", self.t("take >"), self._take_cursor),
            *picks,
            *moves,
        ]

    @property
    def field(self) -> Entry | None:
        """The entry of a number or a day."""
        return self._entry

    def _plain(self, word: str) -> Answer:
        return int(word) if self._question.numeric else word

    def _move(self, rows: int) -> None:
        start = self._cursor if self._cursor != _NOWHERE else (-1 if rows > 0 else 0)
        self._cursor = (start + rows) % len(self._choices())
        self.draw(awake=True)

    def _take_cursor(self) -> None:
        if self._cursor == _NOWHERE:
            self.say(self.t("Choose with a digit, or with the arrows and Enter."))
            return
        self._answer(self._plain(self._choices()[self._cursor][0]))

    def _take_entry(self) -> None:
        question, text = self._question, self._entry.text if self._entry else ""
        if question.kind == "date":
            self._take_date(text)
        elif not text.isdigit() or not question.low <= int(text) <= question.high:
            self.say(
                self.t(
                    "A whole number from {low} to {high}, please.",
                    low=question.low,
                    high=question.high,
                )
            )
        else:
            self._answer(int(text))

    def _take_date(self, text: str) -> None:
        """Tell a typed day back with its weekday and distance; a second Enter takes it."""
        from screens.wording.day_words import NO_SUCH_DAY, day_words, distance_warning
        from stepping.days import NoSuchDay, NotADay, read_day

        if text == self._told_day and text:
            self._answer(text)
            return
        today = self.workspace.today
        try:
            day = read_day(text, today)
        except NoSuchDay:
            self.say(self.t(NO_SUCH_DAY))
        except (NotADay, OverflowError):
            self.say(self.t("A date as in 2026-01-31, please."))
        else:
            self._told_day = day.isoformat()
            if self._entry is not None:
                self._entry.text = self._told_day
            told = (
                f"{day_words(day, today, self.t)}. {distance_warning(day, today, self.t)}".strip()
            )
            self.say(self.t("{day} Enter again keeps it.", day=told))

    def _mark_here(self) -> None:
        self._mark(self._choices()[self._cursor][0])

    def _mark(self, word: str) -> None:
        """Mark or unmark; a mark on a page of flags is stored at once, so that none is lost."""
        marking = word not in self._marked
        if self._together:
            change: Callable[[], None] = (
                partial(self._visit.record_answers, {word: YES})
                if marking
                else partial(self._visit.withdraw_answer, word)
            )
            if not self.stored(change):
                return
        self._marked ^= {word}
        self._cursor = [choice[0] for choice in self._choices()].index(word)
        self.message = ""
        self.draw(awake=True)

    def _decline(self) -> None:
        """Keep that the client declines; it is never taken for the lightest answer."""
        if self._question.safety:
            self._parting = self._judge()
        self._answer(DECLINED)

    def _judge(self) -> str:
        return self.t("Declined: ask again directly, and judge the danger yourself.")

    def _decline_here(self) -> None:
        self._decline_mark(self._choices()[self._cursor][0])

    def _decline_mark(self, id_: str) -> None:
        """Keep on a page of several that one is declined, or take that back."""
        question = next(q for q in self._page.questions if q.id == id_)
        if not question.declinable:
            self.say(self.t("This is yours to answer, from what you see and hear."))
            return
        declined = self._visit.valid_answers.get(id_) == DECLINED
        change: Callable[[], None] = (
            partial(self._visit.withdraw_answer, id_)
            if declined
            else partial(self._visit.record_answers, {id_: DECLINED})
        )
        if not self.stored(change):
            return
        self._marked.discard(id_)
        self._cursor = [choice[0] for choice in self._choices()].index(id_)
        self.message = self._judge() if question.safety and not declined else ""
        self.draw(awake=True)

    def _none(self) -> None:
        if self._marked:
            self.say(self.t("Something is marked: Enter takes it, or unmark it first."))
        else:
            self._take_all()

    def _take_marked(self) -> None:
        """Take what is marked; a stray Enter must not answer no to a whole page of flags."""
        if self._together and not self._marked and not self._declined and not self._answered:
            self.say(self.t("Nothing is marked: 0 answers no to all."))
        else:
            self._take_all()

    def _take_all(self) -> None:
        if self._together:
            declined = self._declined
            self._record(
                {
                    q.id: YES if q.id in self._marked else DECLINED if q.id in declined else NO
                    for q in self._page.questions
                }
            )
        else:
            self._answer(tuple(word for word in self._question.words if word in self._marked))

    def _answer(self, answer: Answer) -> None:
        self._record({self._question.id: answer})

    def _record(self, answers: dict[str, Answer]) -> None:
        if self.stored(partial(self._visit.record_answers, answers)):
            self._go_on()

    def _go_on(self) -> None:
        now, pathway = self._visit.find_next(), self._visit.pathway
        if not isinstance(now, interview.Stop) and self._visit.asked_again:
            self.leave("again")
            return
        match now:
            case interview.Ask(page):
                self._show(page)
            case interview.Stop() if interview.may_precede_recording(pathway, now, self._page):
                self._show(now.first[0])
            case interview.Stop():
                self.leave("stop")
            case interview.Finished():
                self.leave("finished")

    def _show(self, page: QuestionPage) -> None:
        self._open(page)
        self.message, self._parting = self._parting, ""
        self.draw()

    def _back(self) -> None:
        page = self._visit.find_page_before(self._page.id)
        if page is None:
            self.say(self.t("This is the first question."))
        else:
            self._show(page)

    def _forward(self) -> None:
        page = self._visit.find_page_after(self._page.id)
        if page is not None and not isinstance(self._visit.find_next(), interview.Stop):
            self._show(page)
        else:
            self._go_on()

    async def _skip(self) -> None:
        if self._answered:
            self.say(self.t("This is answered; → goes on."))
            return
        if any(q.required for q in self._page.questions):
            prompt = PromptScreen(
                self.workspace,
                self.t("Why is this skipped?"),
                self.t(
                    "No step can be confirmed without this answer. The reason is kept, and the "
                    "question comes back at the end."
                ),
                keep=partial(self._visit.skip_page, self._page),
            )
            if await self.ask(prompt) is not None:
                self._go_on()
        elif self.stored(partial(self._visit.skip_page, self._page)):
            self._go_on()

    async def _note(self) -> None:
        title = self.t("Note at this question")
        explanation = self.t("A remark for the record. No names, please.")
        keep = partial(self._visit.add_note, self._question.id)
        prompt = PromptScreen(self.workspace, title, explanation, keep=keep)
        if await self.ask(prompt) is not None:
            self.say(self.t("Note stored."))

    async def _write(self) -> None:
        question = self._question
        prompt = PromptScreen(
            self.workspace,
            self.t("Answer"),
            question.text[self._language],
            begin_with=str(self._visit.valid_answers.get(question.id, "")),
            keep=lambda text: self._visit.record_answers({question.id: text}),
        )
        if await self.ask(prompt) is not None:
            self._go_on()

    def _other_language(self) -> str:
        from casework.language import LANGUAGES

        languages = self._visit.pathway.header.languages
        following = languages[(languages.index(self._language) + 1) % len(languages)]
        return LANGUAGES.get(following, following) if following != self._language else ""

    def _switch(self) -> None:
        languages = self._visit.pathway.header.languages
        self._language = languages[(languages.index(self._language) + 1) % len(languages)]
        self.draw()

    def _pause(self) -> None:
        self.leave("pause")
