"""What the client reads before the first question: what this is, how long, and who sees it."""

from __future__ import annotations

from functools import partial

from casework.assessment import AssessmentSession
from casework.language import LANGUAGES, N_, Speech, language_after, speech_for
from casework.workspace import Workspace
from screens.alone.client_lock import IN_DANGER, CalledScreen, Unlocks, call_key
from screens.base.content import Traits
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph
from screens.base.lock import Tries
from screens.base.page import Page
from stepping.decision.client_pages import HandOver
from stepping.pathway.model import QuestionPage

_WHAT = N_("Questions about how you are and what you need")
_READS = N_("The nurse reads your answers. What matters for your care goes into your record.")
_SKIP = N_("You may skip a question, and need not say why.")
_DIAGNOSIS = N_("No program makes a diagnosis. People decide about your care, together with you.")
_PER_MINUTE, _ROUNDED = 5, 5
"""Pages that most people answer in a minute, and to how many minutes a guess is rounded."""


class ClientOpeningScreen(Page[bool]):
    """Opens the client's part; left with true for the questions, with false once unlocked."""

    traits = Traits(offers_emergency=False, offers_help=False, debounce_factor=10)
    """Nothing of the nurse's is within reach, and her own keys do not pass it."""

    def __init__(
        self,
        workspace: Workspace,
        session: AssessmentSession,
        page: QuestionPage,
        language: str,
        unlocks: Unlocks,
        tries: Tries | None = None,
    ) -> None:
        super().__init__(workspace)
        self._session = session
        pages = HandOver(page.id).list_turn(session.pathway, session.valid_answers, page.id)
        self._count = len(pages)
        self._unlocks = unlocks
        self._tries = tries
        self.language = language
        """The language that the client reads now."""

    @property
    def t(self) -> Speech:
        """The sentences in the client's language."""
        return speech_for(self.language, self.workspace.language)

    def top(self) -> tuple[str, str]:
        """Say that nothing has been asked yet."""
        return self.t("Before you begin"), ""

    def body(self, width: int) -> list[Line]:
        """Say what this is, how long it takes, who reads it, and what one may do."""
        letter = self.t.letter("h", "I want the nurse")
        lines: list[Line] = [(), bold(self.t(_WHAT)), ()]
        for text in (
            self.t("You answer alone, in your own time. Each answer is stored at once."),
            self._how_long(),
            self.t(_READS),
            self.t(_SKIP),
            self.t("Would you like the nurse? Press {key}, at any time.", key=letter),
            self.t(_DIAGNOSIS),
            self.t(IN_DANGER),
        ):
            lines += paragraph(f"- {text}", width, hanging=2)
        return lines

    def _how_long(self) -> str:
        minutes = -(-self._count // (_PER_MINUTE * _ROUNDED)) * _ROUNDED
        return self.t.many(
            "There is one question, which takes some {minutes} minutes.",
            "There are about {count} questions, which take some {minutes} minutes.",
            self._count,
            minutes=minutes,
        )

    def key_list(self) -> Shown:
        """Begin, change the language, or call the nurse."""
        return [
            KeyBinding("enter", "Enter", self.t("begin"), partial(self.leave, True)),
            *self._language_keys(),
            call_key(self, self._call),
        ]

    def _language_keys(self) -> list[KeyBinding]:
        following = self._following
        name = LANGUAGES.get(following, following)
        switch = self.bind("l", "language: {name}", self._switch, name=name)
        return [switch] if following != self.language else []

    @property
    def _following(self) -> str:
        return language_after(self.language, self._session.pathway.header.languages)

    def _switch(self) -> None:
        self.language = self._following
        self.draw()

    async def _call(self) -> None:
        """Call the nurse; the client can begin until the nurse has unlocked."""
        lock = CalledScreen(
            self.workspace, self._session.pathway, self.language, self._unlocks, self._tries
        )
        if await self.ask(lock):
            self.leave(False)
