"""Client mode: the client answers alone, and nothing but the questions is within reach."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from casework.assessment import AssessmentSession
from casework.language import N_, Speech, speech_for
from casework.workspace import Workspace
from screens.assessment.client_lock import Reason
from screens.assessment.question import QuestionScreen
from screens.assessment.question_body import Outcome
from screens.base.content import Traits
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph
from screens.base.lock import TRAINING_WORD
from screens.base.page import Page
from screens.base.prompt import Keep, PromptScreen
from stepping.decision import interview
from stepping.decision.client_pages import HandOver
from stepping.pathway.model import Question, QuestionPage
from store.errors import StoreError

CALL_KEYS = "h,f10"
"""Keys that call the nurse: one that is shown, and that of the emergency card."""

_CAN = (
    N_("answer the questions, skip one, and go back to those answered alone;"),
    N_("change the language with l, and call you with h."),
)
_CANNOT = (
    N_("see earlier answers, notes, the result, the rules or other clients;"),
    N_("see a question that only you can answer, or close the program by a key."),
)
_BACK = (
    N_("the client calls you, or an answer tells of danger;"),
    N_("your own question is next, or nothing is left to ask."),
    N_("Then the screen locks and the terminal rings for you."),
)


class HandOverScreen(Page[bool]):
    """Tells the nurse what handing over the keyboard means, before it is done."""

    traits = Traits(weighs=True, hands_over=True)
    """The keyboard goes to the client."""

    def top(self) -> tuple[str, str]:
        """Name what is about to happen."""
        return self.t("Hand over the keyboard"), ""

    def body(self, width: int) -> list[Line]:
        """Say what the client can and cannot do, and how the nurse gets back."""
        lines: list[Line] = [()]
        lines += paragraph(self.t("The client answers alone at this keyboard. Stay near."), width)
        for title, parts in (
            (self.t("The client can"), _CAN),
            (self.t("The client cannot"), _CANNOT),
            (self.t("You get it back when"), _BACK),
        ):
            lines += [(), bold(title)]
            for part in parts:
                lines += paragraph(self.t(part), width, indent=2)
        lines += paragraph(self._how_to_unlock(), width, indent=2)
        return lines

    def _how_to_unlock(self) -> str:
        if self.workspace.training:
            return self.t(
                "In training the word {word} unlocks; a real store asks your passphrase.",
                word=TRAINING_WORD,
            )
        return self.t("Only your passphrase unlocks it.")

    def key_list(self) -> Shown:
        """Hand over, or keep the keyboard."""
        return [
            KeyBinding("enter", "Enter", self.t("hand over"), partial(self.leave, True)),
            KeyBinding("escape", "Esc", self.t("back"), partial(self.leave, False)),
        ]


class ClientPrompt(PromptScreen):
    """A text that the client writes."""

    traits = Traits(offers_emergency=False, offers_help=False)
    """Nothing of the nurse's is within reach."""

    def __init__(
        self, workspace: Workspace, question: Question, language: str, begin_with: str, keep: Keep
    ) -> None:
        super().__init__(workspace, "", question.text[language], begin_with=begin_with, keep=keep)
        self._language = language
        self.called = False
        self.error: StoreError | None = None

    @property
    def t(self) -> Speech:
        """The sentences in the client's language."""
        return speech_for(self._language, self.workspace.language)

    def top(self) -> tuple[str, str]:
        """Name what is asked, and say who is near."""
        return self.t("Answer"), self.t("the nurse is near")

    def key_list(self) -> Shown:
        """Take the text, go back, or call the nurse."""
        call = KeyBinding("f10", "F10", self.t("I want the nurse"), self._call, calls=True)
        return [*super().key_list(), call]

    def _call(self) -> None:
        self.called = True
        self.leave()

    def fail(self, error: StoreError) -> None:
        """Leave with a failure: it is for the nurse, not for the client."""
        self.error = error
        self.leave()


class ClientQuestionScreen(QuestionScreen):
    """Asks the client; it is left only for the lock.

    Its outcome is `stop` when an answer opens a stop, `pause` when the client calls or something
    failed, and `finished` when the nurse has to go on.
    """

    def __init__(
        self,
        workspace: Workspace,
        session: AssessmentSession,
        page: QuestionPage,
        *,
        client_language: str,
    ) -> None:
        super().__init__(workspace, session, page, client_language=client_language)
        self._alone = HandOver(page.id)
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

    def reason(self, outcome: Outcome | None) -> Reason:
        """Say why the screen was left; danger weighs more than all else."""
        if isinstance(self._session.find_next(), interview.Stop):
            return "danger"
        if self.error is not None:
            return "trouble"
        return "done" if outcome == "finished" else "wanted"

    # -- drawing -----------------------------------------------------------

    @property
    def t(self) -> Speech:
        """The sentences in the client's language."""
        return speech_for(self._language, self.workspace.language)

    def top(self) -> tuple[str, str]:
        """Say where this is and who is near; nothing of what has been answered."""
        section, _ = super().top()
        at = self._session.get_progress(self._page.id)
        near = self.t("the nurse is near")
        return section, f"{at.at}/{at.most} · {near}"

    def _instrument_lines(self, width: int) -> list[Line]:
        """Only the words before the items: names and wordings are for professionals."""
        stem = self._question.stem.get(self._language)
        return [*paragraph(stem, width), ()] if stem else [()]

    def _help(self, question: Question) -> str:
        """Return nothing: what stands below a question speaks to the nurse."""
        return ""

    @property
    def _refusing(self) -> str:
        return N_("I would rather not answer")

    @property
    def _declining(self) -> str:
        """Decline in the client's own voice, short, so that the nurse's key has its place."""
        return N_("I do not answer")

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
            KeyBinding(CALL_KEYS, "h", self.t("I want the nurse"), self._call, calls=True),
        ]

    def _call(self) -> None:
        self.leave("pause")

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
        )
        text = await self.ask(prompt)
        if prompt.error is not None:
            self.fail(prompt.error)
        elif prompt.called:
            self._call()
        elif text is not None:
            self._go_on()
