"""The way through an episode of care: its page, what is recorded in it, its entries."""

from __future__ import annotations

from typing import Any, TypeVar

from casework.emergency_cards import find_pathway
from casework.episode import EpisodeSession
from casework.workspace import Workspace
from screens.alone.client_lock import LockScreen, Reason, Unlocks
from screens.alone.hand_over import HandOverScreen
from screens.base.lock import Tries
from screens.base.page import Page
from screens.episode.episode import (
    EntryScreen,
    EpisodeScreen,
    RecordScreen,
    entries_screen,
    episodes_screen,
    newest,
)
from screens.episode.recording.background import BACKGROUND, background_screen
from screens.episode.recording.event_forms import FORMS, form_of, opening_screen
from screens.episode.recording.event_keys import BACKGROUND_KIND, TRACKS_KIND
from screens.episode.recording.track_forms import track_form
from screens.episode.told_alone import (
    HANDED_BACK,
    CareAloneScreen,
    which_care_screen,
    whole_or_treatment,
)
from screens.episode.tracks import TrackScreen, TracksScreen
from screens.forms.form import FormScreen
from stepping.pathway.model import Pathway
from store.errors import StoreError
from store.records import Client
from tui.flows.sheets import SheetsFlow
from tui.flows.show import Show, Tell

PageT = TypeVar("PageT", bound=Page[Any])


class EpisodeFlow:
    """Leads through one client's episode until the nurse goes back.

    `knows_nurse` says what is wrong with a text as the passphrase of whoever opened the store.
    """

    def __init__(self, workspace: Workspace, show: Show, tell: Tell, knows_nurse: Unlocks) -> None:
        self._workspace = workspace
        self._show = show
        self._tell = tell
        self._knows_nurse = knows_nurse
        self._said = ""
        """What was stored last, to be said on the next page."""

    async def run(self, client: Client) -> None:
        """Show the episode that a client is in, or open one; what has ended can be read."""
        try:
            care = await self._care(client)
            while care is not None and (care := await self._once(care)):
                care = EpisodeSession.load(self._workspace, client, care.id)
        except StoreError as error:
            await self._tell(error)

    async def _care(self, client: Client) -> EpisodeSession | None:
        """Return the open episode, a new one if the nurse opens it, or the last that ended."""
        store = self._workspace.store
        found = store.episodes.find_open(client.id)
        if found is None and await self._stored(opening_screen(self._workspace, client)):
            found = store.episodes.find_open(client.id)
        if found is None:
            found = next(iter(store.episodes.list_of(client.id)), None)
        return self._opened(client, found[0].id) if found else None

    def _opened(self, client: Client, id_: str) -> EpisodeSession:
        """Look an episode up, and log that it was read."""
        self._workspace.store.audit_log.log_view(id_)
        return EpisodeSession.load(self._workspace, client, id_)

    async def _once(self, care: EpisodeSession) -> EpisodeSession | None:
        """Show an episode's page and what is wanted from it; return the one to show then."""
        others = len(self._workspace.store.episodes.list_of(care.client.id)) > 1
        stops = self._workspace.store.open_stops.list_of(care.client.id)
        risk = self._workspace.store.risk_marks.list_of(care.client.id)
        page = EpisodeScreen(care, others=others, stops=stops, risk=risk)
        match await self._show(self._saying(page)):
            case "record":
                await self._record(care)
            case "entries":
                await self._entries(care)
            case "alone":
                await self._hand_over(care)
            case "sheets":
                await SheetsFlow(self._workspace, self._show, self._tell).run(care.client)
            case "others":
                return await self._another(care)
            case _:
                return None
        return care

    async def _another(self, care: EpisodeSession) -> EpisodeSession:
        """Let the nurse choose among all episodes of the client."""
        found = self._workspace.store.episodes.list_of(care.client.id)
        told = [episode for _, episode in found]
        at = await self._show(episodes_screen(self._workspace, care.client, told))
        return care if at is None else self._opened(care.client, found[at][0].id)

    async def _hand_over(self, care: EpisodeSession) -> None:
        """Let the client tell alone how the care was; nobody but the nurse ends that."""
        at = await self._show(which_care_screen(care)) if care.episode.periods else 0
        if at is None or not await self._show(HandOverScreen(self._workspace, HANDED_BACK)):
            return
        pathway = find_pathway(self._workspace, care.episode)
        before = care.episode.last_seq
        self._workspace.with_client = True
        error = await self._leave_alone(care, whole_or_treatment(care)[at], pathway)
        self._workspace.with_client = False
        if error is not None:
            await self._tell(error)
        elif care.episode.last_seq > before:
            self._said = self._workspace.t("The client has told how the care was.")
        else:
            self._said = self._workspace.t("The client told nothing; nothing was stored.")

    async def _leave_alone(
        self, care: EpisodeSession, period: str | None, pathway: Pathway
    ) -> StoreError | None:
        """Show the client's page and then the lock; return what could not be stored."""
        tries = Tries()
        page = CareAloneScreen(care, period, pathway, self._knows_nurse, tries)
        await self._show(page)
        if not page.taken_back:
            reason: Reason = "trouble" if page.error is not None else "done"
            await self._show(
                LockScreen(
                    self._workspace, pathway, page.language, self._knows_nurse, tries, reason=reason
                )
            )
        return page.error

    async def _record(self, care: EpisodeSession) -> None:
        """Let the nurse choose what to record, and ask for it."""
        kind = await self._show(RecordScreen(care))
        if kind == TRACKS_KIND:
            await self._beside(care)
        elif kind == BACKGROUND_KIND:
            if (at := await self._show(background_screen(care))) is not None:
                await self._stored([*BACKGROUND.values()][at].screen(care))
        elif kind is not None:
            await self._stored(FORMS[kind].screen(care))

    async def _beside(self, care: EpisodeSession) -> None:
        """Lead through what goes on beside the steps until the nurse goes back."""
        while track := await self._show(self._saying(TracksScreen(care))):
            while what := await self._show(self._saying(TrackScreen(care, track))):
                await self._stored(track_form(track, what).screen(care))

    async def _entries(self, care: EpisodeSession) -> None:
        """List the entries, and correct those that the nurse opens."""
        at = 0
        while (picked := await self._show(self._saying(entries_screen(care, at)))) is not None:
            at = picked
            entry = newest(care)[at]
            form = form_of(entry.event)
            match await self._show(EntryScreen(care, entry)):
                case "correct" if form:
                    await self._stored(form.screen(care, entry))
                case "withdrawn":
                    self._said = self._workspace.t("The entry is withdrawn.")

    async def _stored(self, form: FormScreen) -> bool:
        """Show a form; note what the page below it says once it is stored."""
        stored = await self._show(form)
        if stored:
            self._said = self._workspace.t("Stored: {what}.", what=form.top()[0])
        return stored is True

    def _saying(self, page: PageT) -> PageT:
        """Let a page say what was stored before it came."""
        page.message = " ".join(filter(None, (self._said, page.message)))
        self._said = ""
        return page
