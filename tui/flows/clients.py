"""The way through what is chosen at the start: a client, a draft, what waits."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Literal

from casework.assessment import AssessmentSession, fits, stored_decision
from casework.client_card import ClientCard
from casework.episode import find_follow_up
from casework.workspace import Workspace
from screens.alone.client_lock import Unlocks
from screens.assessment.assessment_list import AssessmentListScreen
from screens.assessment.client_card import ClientScreen
from screens.assessment.open_stops import OpenStopsScreen
from screens.base.error import ErrorScreen, PathwayErrorScreen
from screens.base.pick import ListItem, PickScreen
from screens.base.prompt import PromptScreen
from screens.corrections.assessment import MisfitScreen
from screens.corrections.card_form import CardForm
from screens.desk.worklist import WorklistScreen
from screens.episode.timeline import EpisodeBeside
from screens.episode.which import which_screen
from screens.note.change_lines import say_changed
from stepping.decision import interview
from stepping.pathway.diagnostics import PathwayError
from store.errors import ClosedAssessment, StoreError
from store.records import Assessment, Client, Draft, OpenStop
from tui.flows.assessment import AssessmentFlow
from tui.flows.corrections import CorrectionsFlow
from tui.flows.pathway import PathwayFlow
from tui.flows.show import Show


class ClientFlow:
    """Leads through what was chosen at the start, and then back there.

    `knows_nurse` says what is wrong with a text as the passphrase of whoever opened the store.
    """

    def __init__(self, workspace: Workspace, show: Show, knows_nurse: Unlocks) -> None:
        self._workspace = workspace
        self._show = show
        self._assessment = AssessmentFlow(workspace, show, self._tell, knows_nurse)

    async def work(self) -> str:
        """Show what waits until the nurse goes back, or a draft is led through."""
        try:
            self._workspace.store.log_event("view.worklist")
        except StoreError as error:
            await self._tell(error)
            return ""
        while (item := await self._show(self._worklist())) is not None:
            try:
                client = self._workspace.store.clients.get(item.client_id)
                if item.assessment_id is None:
                    await self._assessment.show_episode(client)
                    continue
                if self._workspace.store.assessments.get(item.assessment_id).wrong_client:
                    return await self.look(client)
            except StoreError as error:
                await self._tell(error)
                continue
            if session := await self._begun(item.assessment_id):
                return await self._lead(session)
        return ""

    def _worklist(self) -> WorklistScreen:
        """Return the list as it is now, with the episode of whoever is pointed at beside it."""
        return WorklistScreen(self._workspace, EpisodeBeside(self._workspace))

    async def look_up(self, client_id: str) -> str:
        """Show the assessments of the client with an id, as `look` does."""
        try:
            client = self._workspace.store.clients.get(client_id)
        except StoreError as error:
            await self._tell(error)
            return ""
        return await self.look(client)

    async def look(self, client: Client) -> str:
        """Show a client's assessments until one is led through or the nurse goes back."""
        said = ""
        while True:
            page = AssessmentListScreen(
                self._workspace,
                client,
                said,
                say_changed=partial(say_changed, self._workspace),
                beside=EpisodeBeside(self._workspace),
            )
            wanted = await self._show(page)
            said = ""
            if wanted is None:
                return ""
            if wanted == "right":
                client, said = await self._put_right(client)
                continue
            if wanted == "care":
                await self._assessment.show_episode(client)
                continue
            if isinstance(wanted, str):
                return await self.new(client)
            if wanted.state == "draft" and not wanted.wrong_client:
                if session := await self._begun(wanted.id):
                    return await self._lead(session)
                continue
            try:
                await self._read(self._resumed(wanted))
            except (StoreError, PathwayError) as error:
                await self._tell(error)

    async def new(self, client: Client | None) -> str:
        """Fill in a card, lead its assessment; a card that could not be stored is asked again."""
        card = await self._show_client(client)
        while card is not None:
            if session := await self._stop_or_new(card):
                return await self._through(session)
            card = await self._show_client(card)
        return ""

    async def resume(self, draft: Draft) -> str:
        """Go on with a draft; return what to say afterwards."""
        session = await self._begun(draft.assessment.id)
        return await self._lead(session) if session else ""

    async def browse(self) -> None:
        """Show the rules of the pathways in use."""
        await PathwayFlow(self._workspace, self._show, self._tell).browse()

    async def _read(self, session: AssessmentSession) -> None:
        """Show the note of an assessment that is closed, and log that it was read."""
        self._workspace.store.audit_log.log_view(session.assessment.id)
        row = self._workspace.store.decisions.find(session.assessment.id)
        decision = stored_decision(row) if row else session.decide()
        await self._assessment.show_note(session, decision, row)

    async def _stop_or_new(self, card: ClientCard) -> AssessmentSession | None:
        """Begin an assessment, unless the nurse goes on with a draft in which a stop is open."""
        first = await self._stop_first(card.client, self._workspace.t("a new one all the same"))
        if isinstance(first, AssessmentSession):
            return first
        chosen = await self._which(card) if first else None
        return await self._begun(chosen) if chosen else None

    async def _stop_first(
        self, client: Client | None, on: str, besides: str = ""
    ) -> AssessmentSession | Literal["on"] | None:
        """Offer the drafts of a client in which a stop is open, before anything else is led.

        `on` is what else was wanted, and `besides` the draft that it is. Returns the session that
        comes first, `on` where none does, or nothing where the nurse goes back.
        """
        while client is not None:
            try:
                found = self._workspace.store.open_stops.list_of(client.id)
            except StoreError as error:
                await self._tell(error)
                return None
            stops = [stop for stop in found if stop.assessment_id != besides]
            if not stops:
                break
            picked = await self._show(OpenStopsScreen(self._workspace, client, stops, on))
            if not isinstance(picked, OpenStop):
                return picked
            if session := await self._begun(picked.assessment_id):
                return session
        return "on"

    async def _lead(self, session: AssessmentSession) -> str:
        """Lead through a draft; a stop that is open in another one is offered first."""
        if isinstance(session.find_next(), interview.Stop):
            return await self._through(session)
        if session.stops_elsewhere:
            on = self._workspace.t("this draft all the same")
            first = await self._stop_first(session.client, on, session.assessment.id)
            if isinstance(first, AssessmentSession):
                return await self._through(first)
            if first is None:
                return ""
        return await self._go_on(session)

    async def _go_on(self, session: AssessmentSession) -> str:
        """Go on with a draft; where its pathway does not fit the card any more, offer another."""
        if fits(session.pathway, session.client, self._workspace.today):
            return await self._through(session)

        match await self._show(MisfitScreen(self._workspace, session.client, session.pathway)):
            case "new":
                return await self.new(session.client)
            case "on":
                return await self._through(session)
            case _:
                return self._workspace.t("The draft is stored.")

    async def _through(self, session: AssessmentSession) -> str:
        """Lead through a draft, taken up anew whenever its client's card was put right.

        One of a case of practice is led from there alone, so that no suggestion is shown too early.
        """
        if session.is_case:
            return self._workspace.t(
                "A case of practice goes on under Training: your own step comes first there."
            )
        said = await self._assessment.lead_through(session)
        if said is not None:
            return said
        again = await self._begun(session.assessment.id)
        return await self._lead(again) if again else self._workspace.t("The draft is stored.")

    async def _put_right(self, client: Client) -> tuple[Client, str]:
        """Lead through what is put right; return the client as it is then, and what to say."""
        said = await CorrectionsFlow(self._workspace, self._show, self._tell).run(client)
        try:
            return self._workspace.store.clients.get(client.id), said
        except StoreError as error:
            await self._tell(error)
            return client, said

    async def _which(self, card: ClientCard) -> ClientCard | None:
        """Let the nurse choose between a follow-up and a whole assessment, where there are both."""
        try:
            found = find_follow_up(self._workspace, card.client) if card.client else None
        except (StoreError, PathwayError) as error:
            await self._tell(error)
            return None
        if found is None:
            return card
        pathways = (found[0], card.pathway)
        at = await self._show(which_screen(self._workspace, pathways, found[1]))
        return None if at is None else replace(card, pathway=pathways[at])

    async def _show_client(self, known: Client | ClientCard | None) -> ClientCard | None:
        try:
            self._workspace.pathways_in_use  # noqa: B018 - a fault shows before any typing
            form = partial(CardForm, self._workspace)
            return await self._show(ClientScreen(self._workspace, known, form))
        except (StoreError, PathwayError) as error:
            await self._tell(error)
            return None

    async def _begun(self, begin_with: ClientCard | str) -> AssessmentSession | None:
        """Begin an assessment, or go on with the draft of an id; what hinders it is told."""
        try:
            return self._session(begin_with)
        except StoreError as error:
            await self._tell(error)
        except PathwayError as error:
            await self._tell(error)
            if isinstance(begin_with, str):
                await self._end_unread(begin_with)
        return None

    async def _end_unread(self, assessment_id: str) -> None:
        """Let the nurse end a draft whose pathway cannot be read: nobody can go on with it."""
        t, store = self._workspace.t, self._workspace.store
        entries = [
            ListItem(
                t("Leave it as it is"), t("It stays in the list, and counts as an open stop.")
            ),
            ListItem(t("End it without a step"), t("See to the client's safety first; say how.")),
        ]
        picked = PickScreen(self._workspace, (t("This draft cannot be gone on with"), ""), entries)
        if await self._show(picked) == 1:
            prompt = PromptScreen(
                self._workspace,
                t("Why does this assessment end here?"),
                t("Say what was done for the client's safety."),
                keep=partial(store.assessments.abandon, assessment_id),
            )
            await self._show(prompt)

    async def _tell(self, error: StoreError | PathwayError) -> None:
        if isinstance(error, StoreError):
            await self._show(ErrorScreen(self._workspace, error))
        else:
            await self._show(PathwayErrorScreen(self._workspace, error))

    def _session(self, begin_with: ClientCard | str) -> AssessmentSession:
        store = self._workspace.store
        if isinstance(begin_with, ClientCard):
            return AssessmentSession.begin(store, begin_with)
        store.audit_log.log_view(begin_with)
        assessment = store.assessments.get(begin_with)
        if assessment.state != "draft":  # closed by another meanwhile: no answer would be taken
            raise ClosedAssessment
        session = self._resumed(assessment)
        session.join_open_episode()
        return session

    def _resumed(self, assessment: Assessment) -> AssessmentSession:
        """Go on under the pathway text that the assessment began with, whatever is used now."""
        pathway = self._workspace.get_pathway(assessment.pathway_digest)
        return AssessmentSession.resume(self._workspace.store, assessment, pathway)
