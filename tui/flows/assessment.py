"""The way through one assessment: its questions, stops and result."""

from __future__ import annotations

from typing import Any, TypeVar

from casework.assessment import AssessmentSession, fits
from casework.episode import EpisodeSession
from casework.language import N_
from casework.workspace import Workspace
from screens.alone.client_lock import LockScreen, Reason, Unlocks
from screens.alone.hand_over import HandOverScreen
from screens.assessment.alone.client_mode import ClientQuestionScreen
from screens.assessment.alone.opening import ClientOpeningScreen
from screens.assessment.came_in import CameInScreen, day_prompt, file_prompt, lacks_day
from screens.assessment.navigator import NavigatorScreen
from screens.assessment.pause import PauseScreen
from screens.assessment.question import QuestionScreen
from screens.assessment.resumed import ResumedScreen
from screens.assessment.stop import StopScreen
from screens.base.lock import Tries
from screens.base.older_text import begun_with
from screens.base.page import Page
from screens.corrections.card_form import DraftCard
from screens.episode.recording.at_first import AtFirstScreen, is_asked
from screens.note.screen import NoteScreen
from screens.result.confirm import ConfirmScreen
from screens.result.result import ResultScreen
from screens.result.services import ServicesScreen
from stepping.decision import interview
from stepping.decision.outcome import Decision
from stepping.pathway.model import QuestionPage
from store.errors import StopElsewhere, StoreError
from store.records import Client, StoredDecision
from tui.flows.episode import EpisodeFlow
from tui.flows.pathway import PathwayFlow
from tui.flows.sheets import SheetsFlow, plan_along
from tui.flows.show import Show, Tell

_CALLED = N_("You are here because the client called you.")
_NURSES_TURN = N_("The client has answered; what comes now is for you to ask.")
_WHY_CALLED: dict[Reason, str] = {
    "danger": N_("The client, answering alone, gave the answer that asks for this stop."),
    "done": N_("The client has answered; nothing is left to ask."),
    "trouble": N_("The client's last answer could not be stored."),
}
"""Why the nurse is called to the keyboard, said on the page that comes next."""
_STEPS_FIRST = N_("Record each step first, done or not; then the assessment can be ended.")
_TAKEN_IN = N_("The navigator's result is stored. Danger is asked here all the same.")
_FORM_TAKEN = N_("The form's answers are stored. Danger is asked here all the same.")
_SKIPPED = N_("What was chosen before the skip is not stored.")


Shown = TypeVar("Shown", bound=Page[Any])


class AssessmentFlow:
    """Leads one assessment from page to page until it is confirmed, left for later, or ended.

    `knows_nurse` says what is wrong with a text as the passphrase of whoever opened the store.
    A case of practice is led by `tui/flows/training/judge.py`, which puts its own pages in the
    place of some.
    """

    done = N_("The step is confirmed and stored.")
    """What is said at the end."""

    def __init__(
        self,
        workspace: Workspace,
        show: Show,
        tell: Tell,
        knows_nurse: Unlocks,
    ) -> None:
        self._workspace = workspace
        self._show = show
        self._tell = tell
        self._rules = PathwayFlow(workspace, show, tell)
        self._knows_nurse = knows_nurse
        self._left: QuestionPage | None = None
        """The page that a question screen was left at."""
        self._first_words = ""
        """What the first page says of the text that the assessment goes on with."""
        self._card: str | None = None
        """The card that the pathway was last seen to fit, or that the nurse has accepted."""
        self._to_end = False
        """Whether the nurse wants to end the assessment, so that its stops come first."""

    async def lead_through(self, session: AssessmentSession) -> str | None:
        """Lead an assessment until it is confirmed, left, or ended; return what to say.

        Returns nothing where the draft has to be taken up anew: its client's card was put right,
        another window overtook its suggestion, or its pathway does not fit a card that changed.
        """
        page: QuestionPage | None = None
        self._card = session.settled_card
        self._first_words = begun_with(self._workspace, session.assessment)
        while True:
            self._left = None
            if self.misfits(session):
                return None
            outcome = await self._lead_on(session, page)
            page = None
            match outcome:
                case "confirmed":
                    return self._workspace.t(self.done)
                case "ask" | "back" | "correct" | "navigator":
                    page = await self._wanted(session, outcome)
                case "anew":
                    return None
                case "card":
                    if await self.go_before(session):
                        return None
                    page = self._left
                case "pause" | None:
                    if message := await self._pause(session):
                        return message
                    page = self._left

    def misfits(self, session: AssessmentSession) -> bool:
        """Say whether the pathway fits a card no more that has changed, or waited for a stop."""
        card = session.settled_card
        if card in (None, self._card):
            return False
        self._card = card
        return not fits(session.pathway, session.client, self._workspace.today)

    async def _lead_on(self, session: AssessmentSession, page: QuestionPage | None) -> str | None:
        """Ask a page that is wanted; else, or where answers grew too old, show what comes now."""
        if page is None or session.asked_again:
            return await self._next(session)
        return await self._ask(session, page)

    async def _next(self, session: AssessmentSession) -> str | None:
        """Show what comes now: a stop before everything, a question, or the result."""
        now = session.find_next()
        if not isinstance(now, interview.Stop) and session.asked_again:
            return await self._show(self._told(ResumedScreen(self._workspace, session)))
        match now:
            case interview.Ask(page):
                return await self._ask(session, page)
            case interview.Stop() as stop:
                first = self._workspace.t(_STEPS_FIRST) if self._to_end else self._first_words
                self._to_end, self._first_words = False, ""
                plan = plan_along(self._workspace, session)
                return await self._show(StopScreen(self._workspace, session, stop, first, plan))
            case interview.Finished():
                return await self.finish(session)

    async def _wanted(self, session: AssessmentSession, outcome: str) -> QuestionPage | None:
        """Return the page that a stop, the result or a navigator's result leads to."""
        if outcome == "navigator":
            return await self._take_navigator(session)
        if outcome == "ask":
            return self._first_safety_page(session)
        return (
            session.find_page_before(None) if outcome == "back" else session.find_page_to_correct()
        )

    @staticmethod
    def _first_safety_page(session: AssessmentSession) -> QuestionPage | None:
        now = session.find_next()
        return now.first[0] if isinstance(now, interview.Stop) and now.first else None

    async def _pause(self, session: AssessmentSession) -> str:
        """Show the pause; return what to say when the assessment is left, or nothing to go on."""
        match await self._show(PauseScreen(self._workspace, session, self.may_be_handed_over())):
            case "client" if self._left is not None:
                await self._hand_over(session, self._left)
                return ""
            case "navigator":
                self._left = await self._take_navigator(session)
                return ""
            case "form":
                self._left = await self._take_form(session)
                return ""
            case "stops":
                self._left, self._to_end = None, True
                return ""
            case "later":
                return self._workspace.t("The draft is stored.")
            case "ended":
                return self._workspace.t("The assessment was ended without a step.")
            case _:
                return ""

    async def _take_navigator(self, session: AssessmentSession) -> QuestionPage | None:
        """Ask what a navigator told; return the page to go on at, if nothing of it was taken."""
        if await self._show(NavigatorScreen(self._workspace, session)):
            self._first_words = self._workspace.t(_TAKEN_IN)
            return None
        return self._left

    async def _take_form(self, session: AssessmentSession) -> QuestionPage | None:
        """Ask for a filled-in form and show it; return the page to go on at, if none was taken."""
        workspace, day = self._workspace, None
        found = await self._show(file_prompt(workspace))
        if found is None:
            return self._left
        if lacks_day(found):
            day = await self._show(day_prompt(workspace))
            if day is None:
                return self._left
        if await self._show(CameInScreen(workspace, session, found, day)):
            self._first_words = workspace.t(_FORM_TAKEN)
            return None
        return self._left

    def may_be_handed_over(self) -> QuestionPage | None:
        """Return the page from which the client may answer alone, where that is so."""
        return self._left

    async def go_before(self, session: AssessmentSession) -> bool:
        """Show what stands before the first question; return whether the draft begins anew."""
        corrected = await self._show(DraftCard(self._workspace, session.client))
        return bool(corrected)

    async def _hand_over(self, session: AssessmentSession, page: QuestionPage) -> None:
        """Let the client answer alone from a page on; nobody but the nurse ends that."""
        if not await self._show(HandOverScreen(self._workspace)):
            return
        self._workspace.with_client = True
        error = await self._leave_alone(session, page)
        self._workspace.with_client = False
        self._left = None  # whatever comes now: a stop, the next page, or the end
        if error is not None:
            await self._tell(error)

    async def _leave_alone(
        self, session: AssessmentSession, page: QuestionPage
    ) -> StoreError | None:
        """Show the client's pages and then the lock; return what could not be stored."""
        workspace, knows, tries = self._workspace, self._knows_nurse, Tries()
        language = self._language_of(session)
        opening = ClientOpeningScreen(workspace, session, page, language, knows, tries)
        if not await self._show(opening):
            self._first_words = workspace.t(_CALLED)
            return None
        asked = ClientQuestionScreen(
            workspace,
            session,
            page,
            client_language=opening.language,
            unlocks=knows,
            tries=tries,
        )
        await self._show(asked)
        self._first_words = workspace.t(_CALLED)
        if not asked.taken_back:
            reason, pathway = asked.reason, session.pathway
            lock = LockScreen(workspace, pathway, asked.language, knows, tries, reason=reason)
            await self._show(lock)
            self._first_words = self._why_called(session, reason)
        return asked.error

    def _why_called(self, session: AssessmentSession, reason: Reason) -> str:
        """Say to the nurse why the client's part ended."""
        if reason == "done" and not isinstance(session.find_next(), interview.Finished):
            return self._workspace.t(_NURSES_TURN)
        return self._workspace.t(_WHY_CALLED[reason])

    @staticmethod
    def _language_of(session: AssessmentSession) -> str:
        languages, wished = session.pathway.header.languages, session.assessment.language
        return wished if wished in languages else languages[0]

    async def _ask(self, session: AssessmentSession, page: QuestionPage) -> str | None:
        screen = self.question_screen(session, page, self._language_of(session))
        outcome = await self._show(self._told(screen))
        self._left = screen.page
        return outcome

    def question_screen(
        self, session: AssessmentSession, page: QuestionPage, language: str
    ) -> QuestionScreen:
        """Return what asks a page and those after it."""
        return QuestionScreen(self._workspace, session, page, client_language=language)

    def _told(self, page: Shown) -> Shown:
        """Let a page say first what the nurse has to know before anything on it."""
        page.message, self._first_words = self._first_words or page.message, ""
        return page

    async def finish(self, session: AssessmentSession) -> str | None:
        """Show the result and have a step confirmed; return what comes then."""
        try:
            session.refresh_stops_elsewhere()
        except StoreError as error:
            await self._tell(error)
            return "pause"
        decision = session.decide()
        outcome = await self._show(self._told(ResultScreen(self._workspace, session, decision)))
        if outcome == "note":
            await self.show_note(session, decision, None)
            return "result"
        if outcome == "rules":
            await self._rules.read_rules(session.pathway, decision)
            return "result"
        if outcome == "services":
            await self._show(ServicesScreen(self._workspace, session, decision))
            return "result"
        if outcome != "confirm":
            return outcome
        if session.asked_again:
            return "again"
        stored = await self._show(ConfirmScreen(self._workspace, session, decision))
        if isinstance(stored, StoreError):
            await self._tell(stored)
            return "result" if isinstance(stored, StopElsewhere) else "anew"
        if stored is None:
            return "result"
        await self._ask_at_first(session)
        await self.show_note(session, decision, stored)
        return "confirmed"

    async def _ask_at_first(self, session: AssessmentSession) -> None:
        """Ask once how the client came, where the first confirmation of an episode left it open."""
        client = session.client
        try:
            found = self._workspace.store.episodes.find_of_assessment(session.assessment.id)
            if found is not None and found[1].closed is None:
                care = EpisodeSession.of(self._workspace, client, *found)
                if is_asked(care):
                    page = AtFirstScreen(care)
                    if not await self._show(page) and page.is_begun:
                        self._first_words = self._workspace.t(_SKIPPED)
        except StoreError as error:
            await self._tell(error)

    async def show_note(
        self, session: AssessmentSession, decision: Decision, row: StoredDecision | None
    ) -> None:
        """Show the note, and on request the rules that decided it or the client's episode."""
        while wanted := await self._show(
            self._told(NoteScreen(self._workspace, session, decision, row))
        ):
            if wanted == "care":
                await self.show_episode(session.client)
            elif wanted == "sheets":
                await SheetsFlow(self._workspace, self._show, self._tell).run(session.client)
            else:
                await self._rules.read_rules(session.pathway, decision)

    async def show_episode(self, client: Client) -> None:
        """Lead through a client's episode of care; what tells of it is read when first needed."""
        flow = EpisodeFlow(self._workspace, self._show, self._tell, self._knows_nurse)
        await flow.run(client)
