"""The way through assessments: begin or go on with one, lead it to its end, read it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from screens.client import Card, ClientScreen
from screens.client_mode import ClientQuestionScreen, HandOverScreen
from screens.confirm import ConfirmScreen
from screens.desk import Desk
from screens.lock import LockScreen
from screens.note import NoteScreen
from screens.past import PastScreen
from screens.pathway_browser import (
    RuleScreen,
    pathways_screen,
    rules_behind,
    rules_screen,
)
from screens.pause import PauseScreen
from screens.question import QuestionScreen
from screens.result import ResultScreen
from screens.services import ServicesScreen
from screens.stop import StopScreen
from screens.taken_up import TakenUpScreen
from screens.trouble import PathwayTroubleScreen, TroubleScreen
from screens.visit import Visit, fits, stored_decision
from screens.worklist import WorklistScreen
from stepping import interview
from stepping.outcome import Decision
from stepping.pathway import Page, Pathway
from stepping.problems import PathwayError, Problem, program_fault
from store.errors import StoreError
from store.records import Assessment, Client, Draft, DraftState, StoredDecision

if TYPE_CHECKING:
    from tui.care import Show


class VisitFlow:
    """Leads from screen to screen of what was chosen at the start, and then back there.

    `knows_nurse` says what is wrong with a text as the passphrase of whoever opened the store.
    """

    def __init__(self, desk: Desk, show: Show, knows_nurse: Callable[[str], str | None]) -> None:
        self._desk = desk
        self._show = show
        self._knows_nurse = knows_nurse
        self._left: Page | None = None
        """The page that a question screen was left at."""
        self._marked: tuple[str, DraftState] | None = None
        """The assessment that was led last, and how far it was."""

    # -- what is chosen at the start -----------------------------------------

    async def work(self) -> str:
        """Show what waits until the nurse goes back, or a draft is led through."""
        try:
            self._desk.store.log_deed("view.worklist")
        except StoreError as error:
            await self._tell(error)
            return ""
        while (item := await self._show(WorklistScreen(self._desk))) is not None:
            try:
                client = self._desk.store.client(item.client_id)
                if item.assessment_id is None:
                    await self._episode(client)
                    continue
                self._desk.store.log_view(item.assessment_id)
                found = self._desk.store.assessment(item.assessment_id)
                if found.wrong_client:
                    return await self.look(client)
                visit = self._resumed(found)
                self._continue(visit)
            except (StoreError, PathwayError) as error:
                await self._tell(error)
                continue
            return await self._go_on(visit)
        return ""

    async def browse(self) -> None:
        """Show the rules of the pathway in use; where there are several, let the nurse choose."""
        try:
            pathways = self._desk.in_use
        except (StoreError, PathwayError) as error:
            await self._tell(error)
            return
        if len(pathways) == 1:
            await self._read_rules(pathways[0])
            return
        while (at := await self._show(pathways_screen(self._desk, pathways))) is not None:
            await self._read_rules(pathways[at])

    async def _read_rules(self, pathway: Pathway, decision: Decision | None = None) -> None:
        """Show a pathway's rules, or those that a decision rests on, until the nurse goes back."""
        rules = rules_behind(pathway, decision) if decision else pathway.rules
        fired, at = decision is not None, 0
        while True:
            try:
                listed = rules_screen(self._desk, pathway, rules, at, fired=fired)
            except Exception as error:  # one pathway must not end the program
                fault = Problem(pathway.id, 1, program_fault(error))
                await self._tell(PathwayError([fault]))
                return
            if (picked := await self._show(listed)) is None:
                return
            at = await self._show(RuleScreen(self._desk, pathway, rules, picked, decision)) or 0

    async def look(self, client: Client) -> str:
        """Show a client's assessments until one is led through or the nurse goes back."""
        said = ""
        while True:
            wanted = await self._show(PastScreen(self._desk, client, said))
            said = ""
            if wanted is None:
                return ""
            if wanted == "right":
                client, said = await self._put_right(client)
                continue
            if wanted == "care":
                await self._episode(client)
                continue
            if isinstance(wanted, str):
                return await self.new(client)
            try:
                visit = self._resumed(wanted)
                if wanted.wrong_client or wanted.state != "draft":
                    await self._read(visit)
                    continue
                self._continue(visit)
                return await self._go_on(visit)
            except (StoreError, PathwayError) as error:
                await self._tell(error)

    async def _episode(self, client: Client) -> None:
        """Lead through a client's episode of care; what tells of it is read when first needed."""
        from tui.care import CareFlow

        await CareFlow(self._desk, self._show, self._tell).run(client)

    async def _read(self, visit: Visit) -> None:
        """Show the note of an assessment that is closed, and log that it was read."""
        self._desk.store.log_view(visit.assessment.id)
        row = self._desk.store.decision(visit.assessment.id)
        decision = stored_decision(row) if row else visit.decision()
        await self._note(visit, decision, row)

    async def _note(self, visit: Visit, decision: Decision, row: StoredDecision | None) -> None:
        """Show the note, and on request the rules that decided it or the client's episode."""
        while wanted := await self._show(NoteScreen(self._desk, visit, decision, row)):
            if wanted == "care":
                await self._episode(visit.client)
            else:
                await self._read_rules(visit.pathway, decision)

    async def new(self, client: Client | None) -> str:
        """Fill in a card and lead its visit; a card that could not be stored is shown again."""
        card = await self._show_client(client)
        while card is not None:
            chosen = await self._which(card)
            if chosen and (visit := await self._begun(chosen)):
                return await self._through(visit)
            card = await self._show_client(card)
        return ""

    async def resume(self, draft: Draft) -> str:
        """Go on with a draft; return what to say afterwards."""
        visit = await self._begun(draft)
        return await self._go_on(visit) if visit else ""

    async def _go_on(self, visit: Visit) -> str:
        """Go on with a draft; where its pathway does not fit the card any more, offer another."""
        if fits(visit.pathway, visit.client, self._desk.today):
            return await self._through(visit)
        from screens.putting_right import MisfitScreen

        match await self._show(MisfitScreen(self._desk, visit.client, visit.pathway)):
            case "new":
                return await self.new(visit.client)
            case "on":
                return await self._through(visit)
            case _:
                return self._desk.t("The draft is stored.")

    async def _put_right(self, client: Client) -> tuple[Client, str]:
        """Lead through what is put right of a client; return the client as it is then, and what
        to say."""
        from tui.putting_right import PuttingRight

        said = await PuttingRight(self._desk, self._show, self._tell).run(client)
        try:
            return self._desk.store.client(client.id), said
        except StoreError as error:
            await self._tell(error)
            return client, said

    async def _which(self, card: Card) -> Card | None:
        """Let the nurse choose between a follow-up and a whole assessment, where there are both."""
        from screens.care import follow_up, which_screen

        try:
            found = follow_up(self._desk, card.client) if card.client else None
        except (StoreError, PathwayError) as error:
            await self._tell(error)
            return None
        if found is None:
            return card
        pathways = (found[0], card.pathway)
        at = await self._show(which_screen(self._desk, pathways, found[1]))
        return None if at is None else replace(card, pathway=pathways[at])

    async def _show_client(self, known: Client | Card | None) -> Card | None:
        try:
            self._desk.in_use  # noqa: B018 - a fault shows before any typing
            return await self._show(ClientScreen(self._desk, known))
        except (StoreError, PathwayError) as error:
            await self._tell(error)
            return None

    async def _begun(self, begin_with: Card | Draft) -> Visit | None:
        try:
            return self._visit(begin_with)
        except (StoreError, PathwayError) as error:
            await self._tell(error)
            return None

    async def _tell(self, error: StoreError | PathwayError) -> None:
        if isinstance(error, StoreError):
            await self._show(TroubleScreen(self._desk, error))
        else:
            await self._show(PathwayTroubleScreen(self._desk, error))

    def _visit(self, begin_with: Card | Draft) -> Visit:
        store = self._desk.store
        if isinstance(begin_with, Draft):
            store.log_view(begin_with.assessment.id)
            visit = self._resumed(begin_with.assessment)
            self._continue(visit)
            return visit
        card = begin_with
        # The client may be there already, from a begin that failed half way.
        known = card.client or store.find_client(card.code)
        client = known or store.add_client(
            code=card.code,
            birth_year=card.birth_year,
            sex=card.sex,
            language=card.language,
            municipality=card.municipality or None,
            why=card.why_unknown or None,
        )
        visit = Visit.begin(
            store, card.pathway, client, setting=card.setting, language=card.language
        )
        self._continue(visit)
        return visit

    def _continue(self, visit: Visit) -> None:
        """Let a draft belong to its client's open episode, and know what that knows."""
        from screens.care import continue_episode

        continue_episode(self._desk, visit)

    def _resumed(self, assessment: Assessment) -> Visit:
        """Go on under the pathway text that the assessment began with, whatever is used now."""
        pathway = self._desk.kept(assessment.pathway_digest)
        return Visit.resume(self._desk.store, assessment, pathway)

    async def _through(self, visit: Visit) -> str:
        """Lead one visit until it is confirmed, left for later, or ended; return what to say."""
        page: Page | None = None
        while True:
            self._left = None
            if visit.asked_again:
                page = None  # whatever was to be shown: what has grown too old comes first
            outcome = await self._ask(visit, page) if page else await self._next(visit)
            page = None
            match outcome:
                case "confirmed":
                    return self._desk.t("The step is confirmed and stored.")
                case "ask":
                    page = self._first_safety_page(visit)
                case "back":
                    page = visit.before(None)
                case "correct":
                    page = visit.to_correct()
                case "pause" | None:
                    if message := await self._pause(visit):
                        return message
                    page = self._left

    async def _next(self, visit: Visit) -> str | None:
        """Show what comes now: a stop before everything, a question, or the result."""
        now = visit.next()
        self._mark(visit, _how_far(now))
        if not isinstance(now, interview.Stop) and visit.asked_again:
            return await self._show(TakenUpScreen(self._desk, visit))
        match now:
            case interview.Ask(page):
                return await self._ask(visit, page)
            case interview.Stop() as stop:
                return await self._show(StopScreen(self._desk, visit, stop))
            case interview.Finished():
                return await self._finish(visit)

    def _mark(self, visit: Visit, state: DraftState) -> None:
        """Keep for the worklist how far a draft is.

        A store that fails here says so at the next answer or safety step, with nothing lost.
        """
        if self._marked != (visit.assessment.id, state):
            with suppress(StoreError):
                self._desk.store.mark_draft(visit.assessment.id, state)
            self._marked = visit.assessment.id, state

    @staticmethod
    def _first_safety_page(visit: Visit) -> Page | None:
        now = visit.next()
        return now.first[0] if isinstance(now, interview.Stop) and now.first else None

    async def _pause(self, visit: Visit) -> str:
        """Show the pause; return what to say when the visit is left, or nothing to go on."""
        match await self._show(PauseScreen(self._desk, visit, self._left)):
            case "client" if self._left is not None:
                await self._hand_over(visit, self._left)
                return ""
            case "later":
                return self._desk.t("The draft is stored.")
            case "ended":
                return self._desk.t("The assessment was ended without a step.")
            case _:
                return ""

    async def _hand_over(self, visit: Visit, page: Page) -> None:
        """Let the client answer alone from a page on; nobody but the nurse ends that."""
        if not await self._show(HandOverScreen(self._desk)):
            return
        self._desk.with_client = True
        language = self._language_of(visit)
        asked = ClientQuestionScreen(self._desk, visit, page, client_language=language)
        outcome = await self._show(asked)
        reason = asked.reason(outcome)
        await self._show(LockScreen(self._desk, reason, asked.language, self._knows_nurse))
        self._desk.with_client = False
        self._left = None  # whatever comes now: a stop, the next page, or the end
        if asked.error is not None:
            await self._tell(asked.error)

    @staticmethod
    def _language_of(visit: Visit) -> str:
        languages, wished = visit.pathway.header.languages, visit.assessment.language
        return wished if wished in languages else languages[0]

    async def _ask(self, visit: Visit, page: Page) -> str | None:
        language = self._language_of(visit)
        screen = QuestionScreen(self._desk, visit, page, client_language=language)
        outcome = await self._show(screen)
        self._left = screen.page
        return outcome

    async def _finish(self, visit: Visit) -> str | None:
        decision = visit.decision()
        outcome = await self._show(ResultScreen(self._desk, visit, decision))
        if outcome == "note":
            await self._note(visit, decision, None)
            return "result"
        if outcome == "rules":
            await self._read_rules(visit.pathway, decision)
            return "result"
        if outcome == "services":
            await self._show(ServicesScreen(self._desk, visit, decision))
            return "result"
        if outcome != "confirm":
            return outcome
        if visit.asked_again:
            return "again"
        stored = await self._show(ConfirmScreen(self._desk, visit, decision))
        if stored is None:
            return "result"
        await self._note(visit, decision, stored)
        return "confirmed"


def _how_far(now: interview.Next) -> DraftState:
    match now:
        case interview.Stop():
            return "open_stop"
        case interview.Finished():
            return "unconfirmed"
        case interview.Ask():
            return "draft"
