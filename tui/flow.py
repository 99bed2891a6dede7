"""The way through the screens: open the store, then one visit after another."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from screens.client import Card, ClientScreen
from screens.confirm import ConfirmScreen
from screens.desk import MUNICIPALITY, Desk
from screens.note import NoteScreen
from screens.pause import PauseScreen
from screens.prompt import PromptScreen
from screens.question import QuestionScreen
from screens.result import ResultScreen
from screens.setup import HandleScreen, PlaceScreen, RecoveryScreen, WelcomeScreen
from screens.sheet import Sheet
from screens.start import New, Quit, Resume, StartScreen
from screens.stop import StopScreen
from screens.trouble import PathwayTroubleScreen, TroubleScreen
from screens.visit import Visit
from stepping import interview
from stepping.pathway import Page
from stepping.problems import PathwayError
from store import keys
from store.errors import StoreError, WrongPassphrase
from store.places import Places

if TYPE_CHECKING:
    from textual.app import App

Result = TypeVar("Result")


class Flow:
    """Leads from screen to screen; each screen returns what the nurse wants next."""

    def __init__(self, app: App[int], desk: Desk, places: Places, *, demo: bool) -> None:
        self._app = app
        self._desk = desk
        self._places = places
        self._demo = demo

    async def _show(self, sheet: Sheet[Result]) -> Result | None:
        return await self._app.push_screen_wait(sheet)

    async def run(self) -> None:
        """Open a store, then work until the nurse closes the program."""
        while not await self._open():
            if not await self._again():
                return
        await self._day()

    # -- opening -----------------------------------------------------------

    async def _again(self) -> bool:
        """Say whether to try once more; a store that stands is never given up for a new one."""
        return self._demo is False and self._gave_up is False

    _gave_up = False

    async def _open(self) -> bool:
        try:
            if self._demo:
                return self._open_training()
            found = self._places.found()
            if found == "nothing":
                return await self._first_run()
            return await self._unlock()
        except StoreError as error:
            await self._show(TroubleScreen(self._desk, error))
            self._gave_up = True
            return False

    def _open_training(self) -> bool:
        from store.training import open_training

        self._desk.opened = open_training(self._places.training, self._desk.clock)
        self._desk.training = True
        self._use_stored_language()
        return True

    async def _first_run(self) -> bool:
        choice = await self._show(WelcomeScreen(self._desk))
        if choice == "training":
            return self._open_training()
        if choice != "setup":
            self._gave_up = True
            return False
        handle = await self._show(HandleScreen(self._desk))
        place = await self._show(PlaceScreen(self._desk)) if handle else None
        passphrase = await self._new_passphrase() if handle and place is not None else None
        if not handle or place is None or not passphrase:
            return False
        await self._make_store(handle, passphrase, place)
        return True

    async def _make_store(self, handle: str, passphrase: str, place: str) -> None:
        from store.repository import Store

        made = keys.create(self._places.keys, handle, passphrase)
        store = Store.create(self._places.database, made.key, handle, self._desk.clock)
        store.set_setting("language", self._desk.language)
        if place:
            store.set_setting(MUNICIPALITY, place)
        self._desk.opened = store
        await self._show(RecoveryScreen(self._desk, made.recovery_code))

    async def _new_passphrase(self) -> str | None:
        t = self._desk.t
        first = await self._show(
            PromptScreen(
                self._desk,
                t("Choose a passphrase"),
                t(
                    "At least 12 characters; a sentence that you remember is best. Without it, or the "
                    "recovery code, nobody can open the store."
                ),
                secret=True,
                check=self._passphrase_fault,
            )
        )
        if first is None:
            return None
        return await self._show(
            PromptScreen(
                self._desk,
                t("The passphrase again"),
                t("Type the same passphrase once more."),
                secret=True,
                check=lambda text: None if text == first else t("It is not the same as before."),
            )
        )

    def _passphrase_fault(self, text: str) -> str | None:
        try:
            keys.check_passphrase(text)
        except StoreError as error:
            return self._desk.t(error.what, **error.values)
        return None

    async def _unlock(self) -> bool:
        from store.repository import Store

        handles = keys.handles(self._places.keys)
        handle = (
            handles[0] if len(handles) == 1 else await self._show(HandleScreen(self._desk, handles))
        )
        t = self._desk.t
        passphrase = handle and await self._show(
            PromptScreen(
                self._desk,
                t("Open the store"),
                t(
                    "The passphrase of {handle}. F10 shows the emergency card without it.",
                    handle=handle,
                ),
                secret=True,
                check=lambda text: None if text else t("Type the passphrase."),
            )
        )
        if not handle or not passphrase:
            self._gave_up = True
            return False
        try:
            key = keys.unlock(self._places.keys, handle, passphrase)
        except WrongPassphrase as error:
            await self._show(TroubleScreen(self._desk, error))
            return False
        self._desk.opened = Store.open(self._places.database, key, handle, self._desk.clock)
        self._use_stored_language()
        return True

    def _use_stored_language(self) -> None:
        language = self._desk.store.setting("language")
        if language and not self._desk.language_asked:
            self._desk.language = language

    # -- the day -----------------------------------------------------------

    async def _day(self) -> None:
        message = ""
        while True:
            wanted = await self._show(StartScreen(self._desk, message))
            message = ""
            match wanted:
                case New(client):
                    card = await self._show_client(client)
                    if card is not None:
                        message = await self._guarded_visit(card)
                case Resume(draft):
                    message = await self._guarded_visit(draft)
                case Quit() | None:
                    return

    async def _show_client(self, client: object) -> Card | None:
        from store.records import Client

        known = client if isinstance(client, Client) else None
        try:
            self._desk.pathway  # noqa: B018 - read it now, so that a fault shows before any typing
            return await self._show(ClientScreen(self._desk, known))
        except PathwayError as error:
            await self._show(PathwayTroubleScreen(self._desk, error))
            return None

    async def _guarded_visit(self, begin_with: object) -> str:
        try:
            visit = self._visit(begin_with)
        except StoreError as error:
            await self._show(TroubleScreen(self._desk, error))
            return ""
        except PathwayError as error:
            await self._show(PathwayTroubleScreen(self._desk, error))
            return ""
        return await self._through(visit)

    def _visit(self, begin_with: object) -> Visit:
        from store.records import Draft

        store, pathway = self._desk.store, self._desk.pathway
        if isinstance(begin_with, Draft):
            return Visit.resume(store, begin_with.assessment, pathway)
        assert isinstance(begin_with, Card)  # noqa: S101 - for mypy: a card or a draft
        card = begin_with
        client = card.client or store.add_client(
            code=card.code,
            birth_year=card.birth_year,
            sex=card.sex,
            language=card.language,
            municipality=card.municipality or None,
        )
        return Visit.begin(store, pathway, client, setting=card.setting, language=card.language)

    async def _through(self, visit: Visit) -> str:
        """Lead one visit until it is confirmed, left for later, or ended; return what to say."""
        page: Page | None = None
        while True:
            now = visit.next()
            if page is not None:
                outcome: str | None = await self._ask(visit, page)
            else:
                match now:
                    case interview.Ask(following):
                        outcome = await self._ask(visit, following)
                    case interview.Stop():
                        outcome = await self._show(StopScreen(self._desk, visit, now))
                    case interview.Finished():
                        outcome = await self._finish(visit)
            page = None
            match outcome:
                case "confirmed":
                    return self._desk.t("The step is confirmed and stored.")
                case "ask" if isinstance(now, interview.Stop) and now.first:
                    page = now.first[0]
                case "back":
                    page = visit.before(None)
                case "missing":
                    visit.ask_again()
                case "pause" | None:
                    after = await self._show(PauseScreen(self._desk, visit))
                    if after == "later":
                        return self._desk.t("The draft is stored.")
                    if after == "ended":
                        return self._desk.t("The assessment was ended without a step.")

    async def _ask(self, visit: Visit, page: Page) -> str | None:
        language = visit.assessment.language
        return await self._show(QuestionScreen(self._desk, visit, page, client_language=language))

    async def _finish(self, visit: Visit) -> str | None:
        decision = visit.decision()
        outcome = await self._show(ResultScreen(self._desk, visit, decision))
        if outcome == "note":
            await self._show(NoteScreen(self._desk, visit, decision, None))
            return "result"
        if outcome != "confirm":
            return outcome
        choice = await self._show(ConfirmScreen(self._desk, visit, decision))
        if choice is None:
            return "result"
        try:
            stored = visit.confirm(decision, choice.step, choice.code, choice.text)
        except StoreError as error:
            await self._show(TroubleScreen(self._desk, error))
            return "result"
        await self._show(NoteScreen(self._desk, visit, decision, stored))
        return "confirmed"
