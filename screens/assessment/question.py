"""One question, or one page of yes/no questions; a digit answers and goes on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from casework.elsewhere.navigator import takes_results
from casework.language import LANGUAGES, language_after
from screens.assessment.question_body import NOWHERE, QuestionBody
from screens.base.keys import Caption, KeyBinding, Shown, choice_key, choice_span, hidden
from screens.base.prompt import PromptScreen
from screens.forms.entry import Entry
from screens.wording.day_words import NO_SUCH_DAY, day_words, distance_warning
from stepping.days import NoSuchDay, NotADay, read_day
from stepping.decision import interview
from stepping.pathway.model import DECLINED, NO, YES, Answer, QuestionPage


class QuestionScreen(QuestionBody):
    """Asks page after page in place, so that only what differs is drawn."""

    def key_list(self) -> Shown:
        """Return what the keys do for this kind of question."""
        return [
            *self._answer_commands(),
            *self._decline_commands(),
            *self._page_commands(),
            *self._companion_commands(),
            *self._navigator_commands(),
            self.bind("m", "note", self._note),
            *self._language_commands(),
            KeyBinding("escape", "Esc", self.t("pause"), self._pause),
        ]

    def _page_commands(self) -> list[KeyBinding | Caption]:
        """Go back, on, or past the page."""
        skipping = "" if self._answered else "{key}"
        return [
            KeyBinding("left,backspace", "←", self.t("back"), self._back),
            *([KeyBinding("right", "→", self.t("forward"), self._forward)] if self._passed else []),
            self.bind("s", "skip", self._skip, caption=skipping),
        ]

    def _companion_commands(self) -> list[KeyBinding | Caption]:
        """Open what goes with a case of practice."""
        companion = self._companion
        if companion is None or not companion.label:
            return []
        letter, label = companion.letter, self.t(companion.label)
        return [KeyBinding(letter, letter, label, self._read_companion)]

    def _navigator_commands(self) -> list[KeyBinding | Caption]:
        """On the first page, take in what the client told a navigator before."""
        first = self._page.id == self._session.pathway.pages[0].id
        if self._companion is not None or not first or not takes_results(self._session):
            return []
        return [self.bind("v", "navigator", partial(self.leave, "navigator"))]

    async def _read_companion(self) -> None:
        if self._companion is not None:
            await self.ask(self._companion.page())

    def _language_commands(self) -> list[KeyBinding | Caption]:
        """Show the question in the pathway's next language; a case is told in one alone."""
        following = self._following
        if following == self._language or self._companion_commands():
            return []
        if self._together:  # the page with the most keys
            return [self.bind("l", "languages", self._switch)]
        name = LANGUAGES.get(following, following)
        return [self.bind("l", "language: {name}", self._switch, name=name)]

    def _decline_commands(self) -> list[KeyBinding | Caption]:
        """Decline the question, or on a page of several the one at the pointer."""
        may_be = [q.id for q in self._page.questions if q.declinable]
        if not may_be:
            return []
        letter, declining = self._decline_letter, self.t(self._declining)
        if not self._together:
            return [KeyBinding(letter, letter, declining, self._decline)]
        # No key is called so: where lines are typed, a question is named with its letter.
        named = [
            hidden(f"{letter}{choice_key(n)}", partial(self._decline_mark, q.id), medium="lines")
            for n, q in enumerate(self._page.questions, start=1)
            if q.declinable
        ]
        return [
            KeyBinding(letter, f"{letter} >", declining, self._decline_here, medium="screen"),
            *named,
            Caption(f"{named[0].keys}–{named[-1].keys}", declining, medium="lines"),
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
                Caption(choice_span(len(choices)), self.t("mark")),
                KeyBinding("0", "0", self.t("none of these"), self._none),
                KeyBinding("enter", "Enter", self.t("take the marked"), self._take_marked),
                KeyBinding("x", "x >", self.t("mark"), self._mark_here, medium="screen"),
                *marks,
                *moves,
            ]
        picks = [
            hidden(keys, partial(self._answer, self._plain(word))) for word, _, keys, _ in choices
        ]
        shown = " ".join(self._yes_no_letters.values()) if question.kind == "yesno" else caps
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
        start = self._cursor if self._cursor != NOWHERE else (-1 if rows > 0 else 0)
        self._cursor = (start + rows) % len(self._choices())
        self.draw(awake=True)

    def _take_cursor(self) -> None:
        if self._cursor == NOWHERE:
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
        today = self.workspace.today
        try:
            day = read_day(text, today, language=self.t.language)
        except NoSuchDay:
            self.say(self.t(NO_SUCH_DAY))
        except (NotADay, OverflowError):
            self.say(self.t("A date as in 2026-01-31, please."))
        else:
            if text == self._told_day:
                self._answer(day.isoformat())
                return
            self._told_day = self.t.day(day)
            if self._entry is not None:
                self._entry.text = self._told_day
            told = (
                f"{day_words(day, today, self.t)}. {distance_warning(day, today, self.t)}".strip()
            )
            self.say(self.t("{day} Enter again keeps it.", day=told))

    def _mark_here(self) -> None:
        self._mark(self._choices()[self._cursor][0])

    def _mark(self, word: str) -> None:
        """Mark or unmark; what is marked is stored at once, so that none is lost."""
        marked = self._marked ^ {word}
        id_, answer = (
            (word, YES if word in marked else None)
            if self._together
            else (self._question.id, self._in_order(marked) or None)
        )
        change: Callable[[], None] = (
            partial(self._session.withdraw_answer, id_)
            if answer is None
            else partial(self._session.record_answers, {id_: answer})
        )
        if not self.stored(change):
            return
        self._marked = marked
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
        declined = id_ in self._declined
        change: Callable[[], None] = (
            partial(self._session.withdraw_answer, id_)
            if declined
            else partial(self._session.record_answers, {id_: DECLINED})
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
        if 0 < self.seen_rows < self._choice_rows:  # what was never in view is not answered
            self.offset_rows = self.seen_rows - 1
            self.message = self.t("Here is the rest: read it, then press again.")
            self.draw()
        elif self._together:
            declined = self._declined
            self._record(
                {
                    q.id: YES if q.id in self._marked else DECLINED if q.id in declined else NO
                    for q in self._page.questions
                }
            )
        else:
            self._answer(self._in_order(self._marked))

    def _in_order(self, marked: set[str]) -> tuple[str, ...]:
        return tuple(word for word in self._question.words if word in marked)

    def _answer(self, answer: Answer) -> None:
        self._record({self._question.id: answer})

    def _record(self, answers: dict[str, Answer]) -> None:
        if self.stored(partial(self._session.record_answers, answers)):
            self._go_on()

    def _go_on(self) -> None:
        now, pathway = self._session.find_next(), self._session.pathway
        if not isinstance(now, interview.Stop) and self._is_other_way:
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

    @property
    def _is_other_way(self) -> bool:
        """Whether answers grew too old, the last stop has closed, or the card has changed."""
        session = self._session
        return bool(session.asked_again) or session.assessment.card_version != self._card

    def _show(self, page: QuestionPage) -> None:
        self._open(page)
        self.message, self._parting = self._parting or self.message, ""
        self.draw()

    def _back(self) -> None:
        page = self._session.find_page_before(self._page.id)
        if page is None:
            self.leave("card")
        else:
            self._show(page)

    def _forward(self) -> None:
        page = self._session.find_page_after(self._page.id)
        if page is not None and not isinstance(self._session.find_next(), interview.Stop):
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
                keep=partial(self._session.skip_page, self._page),
            )
            if await self.ask(prompt) is not None:
                self._go_on()
        elif self.stored(partial(self._session.skip_page, self._page)):
            self._go_on()

    async def _note(self) -> None:
        title = self.t("Note at this question")
        explanation = self.t("A remark for the record. No names, please.")
        keep = partial(self._session.add_note, self._question.id)
        prompt = PromptScreen(self.workspace, title, explanation, keep=keep)
        if await self.ask(prompt) is not None:
            self.say(self.t("Note stored."))

    async def _write(self) -> None:
        question = self._question
        prompt = PromptScreen(
            self.workspace,
            self.t("Answer"),
            question.text[self._language],
            begin_with=str(self._session.valid_answers.get(question.id, "")),
            keep=lambda text: self._session.record_answers({question.id: text}),
        )
        if await self.ask(prompt) is not None:
            self._go_on()

    @property
    def _following(self) -> str:
        return language_after(self._language, self._session.pathway.header.languages)

    def _switch(self) -> None:
        self._language = self._following
        self.draw()

    def _pause(self) -> None:
        self.leave("pause")
