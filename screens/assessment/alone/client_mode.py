"""Client mode: the client answers alone, and nothing but the questions is within reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial

from casework.assessment import AssessmentSession
from casework.language import N_, Speech, speech_for
from casework.workspace import Workspace
from screens.alone.client_lock import CalledScreen, Reason, Unlocks, call_key
from screens.assessment.question import QuestionScreen
from screens.base.content import Traits
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, paragraph
from screens.base.lock import Tries
from screens.base.page import Ask
from screens.base.prompt import Keep, PromptScreen
from stepping.decision import interview
from stepping.decision.client_pages import HandOver
from stepping.pathway.model import Question, QuestionPage
from store.errors import StoreError


class ClientPrompt(PromptScreen):
    """A text that the client writes."""

    traits = Traits(offers_emergency=False, offers_help=False)
    """Nothing of the nurse's is within reach."""

    def __init__(
        self,
        workspace: Workspace,
        question: Question,
        language: str,
        begin_with: str,
        keep: Keep,
        call: Callable[[], Ask[str]],
    ) -> None:
        super().__init__(workspace, "", question.text[language], begin_with=begin_with, keep=keep)
        self._language = language
        self._calling = call
        self.taken_back = False
        """Whether the nurse has unlocked meanwhile."""
        self.error: StoreError | None = None

    @property
    def t(self) -> Speech:
        """The sentences in the client's language."""
        return speech_for(self._language, self.workspace.language)

    def top(self) -> tuple[str, str]:
        """Name what is asked."""
        return self.t("Answer"), ""

    def key_list(self) -> Shown:
        """Take the text, go back, or call the nurse."""
        call = KeyBinding("f10", "F10", self.t("I want the nurse"), self._call, calls=True)
        return [*super().key_list(), call]

    async def _call(self) -> None:
        """Call the nurse; what is written stays until the nurse has unlocked."""
        if await self._calling():
            self.taken_back = True
            self.leave()

    def fail(self, error: StoreError) -> None:
        """Leave with a failure: it is for the nurse, not for the client."""
        self.error = error
        self.leave()


class ClientQuestionScreen(QuestionScreen):
    """Asks the client; it is left only for the lock.

    Its outcome is `stop` when an answer opens a stop, `pause` when something failed or the nurse,
    called by the client, has unlocked, and `finished` when the nurse has to go on.
    """

    def __init__(
        self,
        workspace: Workspace,
        session: AssessmentSession,
        page: QuestionPage,
        *,
        client_language: str,
        unlocks: Unlocks,
        tries: Tries | None = None,
    ) -> None:
        super().__init__(workspace, session, page, client_language=client_language)
        self._unlocks = unlocks
        self._tries = tries
        self._alone = HandOver(page.id)
        self._farthest = Fraction(0)
        self.taken_back = False
        """Whether the nurse, called by the client, has unlocked already."""
        self.error: StoreError | None = None
        """What could not be stored, for the nurse to read."""
        self.message = self.t("Take your time. Each answer is stored at once.")

    @property
    def traits(self) -> Traits:
        """Nothing of the nurse's is within reach."""
        return replace(super().traits, offers_emergency=False, offers_help=False)

    # -- what is left behind -----------------------------------------------

    @property
    def language(self) -> str:
        """The language that the client reads now."""
        return self._language

    @property
    def reason(self) -> Reason:
        """Why the client's part ends; danger weighs more than all else."""
        if isinstance(self._session.find_next(), interview.Stop):
            return "danger"
        return "trouble" if self.error is not None else "done"

    # -- drawing -----------------------------------------------------------

    @property
    def t(self) -> Speech:
        """The sentences in the client's language."""
        return speech_for(self._language, self.workspace.language)

    def top(self) -> tuple[str, str]:
        """Say where this is among the client's own pages; nothing of what has been answered."""
        pages = self._pages
        return self._section, f"{pages.index(self._page.id) + 1}/{len(pages)}"

    @property
    def progress(self) -> tuple[int, int]:
        """How much of the client's own part is done; it never runs backwards."""
        pages = self._pages
        done = Fraction(len(self._alone.passed), max(1, len(pages), len(self._alone.passed)))
        self._farthest = max(self._farthest, done)
        return self._farthest.numerator, self._farthest.denominator

    @property
    def _pages(self) -> list[str]:
        session = self._session
        return self._alone.list_turn(session.pathway, session.valid_answers, self._page.id)

    def _instrument_lines(self, width: int) -> list[Line]:
        """Only the words before the items: names and wordings are for professionals."""
        stem = self._question.stem.get(self._language)
        return [*paragraph(stem, width), ()] if stem else [()]

    def _help(self, question: Question) -> str:
        """Return nothing: what stands below a question speaks to the nurse."""
        return ""

    _refusing = N_("I would rather not answer")
    _declining = N_("I do not answer")
    """In the client's own voice, and short, so that the nurse's key has its place."""

    def _judge(self) -> str:
        """Leave to the nurse what is said of a declined danger; she reads it with the result."""
        return ""

    # -- keys --------------------------------------------------------------

    def key_list(self) -> Shown:
        """Answer, move among the pages answered alone, and call the nurse."""
        return [
            *self._answer_commands(),
            *self._decline_commands(),
            *self._page_commands(),
            *self._language_commands(),
            call_key(self, self._call),
        ]

    def _switch(self) -> None:
        self.message = ""  # it was said in the other language
        super()._switch()

    async def _call(self) -> None:
        """Call the nurse; the client goes on until the nurse has unlocked."""
        if await self._calling():
            self.taken_back = True
            self.leave("pause")

    def _calling(self) -> Ask[str]:
        lock = CalledScreen(
            self.workspace, self._session.pathway, self._language, self._unlocks, self._tries
        )
        return self.ask(lock)

    def fail(self, error: StoreError) -> None:
        """Leave with a failure: it is for the nurse, not for the client."""
        self.error = error
        self.leave("pause")

    def _mark(self, word: str) -> None:
        """Mark or unmark; a mark of danger calls the nurse at once, before anybody walks away."""
        super()._mark(word)
        if isinstance(self._session.find_next(), interview.Stop):
            self.leave("stop")

    def _go_on(self) -> None:
        session = self._session
        self._alone = self._alone.add_passed(self._page.id)
        now = session.find_next()
        if isinstance(now, interview.Stop):
            self.leave("stop")
        elif session.asked_again:
            self.leave("finished")
        elif page := self._alone.next_page(session.pathway, now):
            self._show(page)
        else:
            self.leave("finished")

    def _back(self) -> None:
        session = self._session
        page = self._alone.page_before(session.pathway, session.answers, self._page.id)
        if page is None:
            self.say(self.t("This is where you began."))
        else:
            self._show(page)

    def _forward(self) -> None:
        session = self._session
        page = self._alone.page_after(session.pathway, session.answers, self._page.id)
        if page is None:
            self._go_on()
        else:
            self._show(page)

    async def _skip(self) -> None:
        """Skip without asking why; the note tells the nurse who skipped a needed answer."""
        if self._answered:
            self.say(self.t("This is answered; → goes on."))
            return
        needed = any(question.required for question in self._page.questions)
        why = self.workspace.t("skipped by the client, who answered alone") if needed else ""
        if self.stored(partial(self._session.skip_page, self._page, why)):
            self._go_on()

    async def _write(self) -> None:
        session, question = self._session, self._question
        prompt = ClientPrompt(
            self.workspace,
            question,
            self._language,
            begin_with=str(session.valid_answers.get(question.id, "")),
            keep=lambda text: session.record_answers({question.id: text}),
            call=self._calling,
        )
        text = await self.ask(prompt)
        if prompt.error is not None:
            self.fail(prompt.error)
        elif prompt.taken_back:
            self.taken_back = True
            self.leave("pause")
        elif text is not None:
            self._go_on()
