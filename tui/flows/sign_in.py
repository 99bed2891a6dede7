"""Opening the store: first run, training, passphrase, recovery code, a setup that was cut short."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from casework.language import LANGUAGE, N_, Speech, speech_for
from casework.workspace import MUNICIPALITY, Workspace
from store import codes
from store.errors import (
    AccountDisabled,
    AccountLocked,
    AffectedEngine,
    Damaged,
    DiskFull,
    FailingDisk,
    ForeignFile,
    KeysMissing,
    NameTooLong,
    NetworkFileSystem,
    NewerThanProgram,
    OlderKeys,
    OtherOsUser,
    PassphraseMustChange,
    ReadOnlyStore,
    RefusedPassphrase,
    StoreError,
    StoreMissing,
    WrongPassphrase,
)
from store.files import ownership
from store.keys import credentials, keystore
from store.opening import staff_accounts
from store.opening.unlock import detect_state, finish_set_up, recover, set_up, unlock
from store.paths import StorePaths
from store.repository.store import Store
from store.times import to_iso_utc
from store.training.opening import open_training, stands
from tui.flows.show import Show

_NOT_BY_TYPING = (
    AffectedEngine,
    Damaged,
    DiskFull,
    FailingDisk,
    ForeignFile,
    NameTooLong,
    NetworkFileSystem,
    NewerThanProgram,
    OlderKeys,
    ReadOnlyStore,
    StoreMissing,
)
"""Failures that no other passphrase mends; each is told whole, on a page of its own."""

_WHY_A_PASSPHRASE = N_(
    "At least 12 characters; a sentence that you remember is best. Without it, or the recovery "
    "code, nobody can open the store."
)

Guard = Callable[["Store"], None]
"""Locks the screen from now on when no key comes for the time that the store says."""


class SignInFlow:
    """Puts an open store into the workspace, or lets the nurse leave."""

    def __init__(
        self, workspace: Workspace, places: StorePaths, show: Show, guard: Guard, *, demo: bool
    ) -> None:
        self._workspace = workspace
        self._places = places
        self._show = show
        self._guard = guard
        self._demo = demo
        self.first_time = False
        """Whether whoever is let in has never opened this store before."""

    async def open(self) -> bool:
        """Open a store; false when the nurse leaves or the store cannot be opened."""
        try:
            return await self._open()
        except StoreError as error:
            from screens.base.error import ErrorScreen

            await self._show(ErrorScreen(self._workspace, error, last=True))
            return False

    async def _open(self) -> bool:
        if self._demo:
            return self._open_training()
        match detect_state(self._places):
            case "nothing":
                return await self._first_run()
            case "keys only":
                return await self._finish_set_up()
            case "database only":
                raise KeysMissing(path=str(self._places.keys))
            case "store":
                return await self._unlock()

    def _let_in(self, store: Store) -> None:
        """Work with a store; from now on nothing is left in sight when nobody is there."""
        self._workspace.use(store)
        self._guard(store)

    def _open_training(self) -> bool:
        self._workspace.training = True  # also where it does not open: no store of care has failed
        self.first_time = not stands(self._places.training)
        self._workspace.use(open_training(self._places.training, self._workspace.clock))
        self._use_stored_language()
        return True

    def _use_stored_language(self) -> None:
        language = self._workspace.store.settings.get(LANGUAGE)
        if language and not self._workspace.language_asked:
            self._workspace.language = language

    # -- a new store -------------------------------------------------------

    async def _first_run(self) -> bool:
        from screens.desk.setup import WelcomeScreen

        shared = ownership.open_to_others(self._places.database.parent)
        while True:
            choice = await self._show(WelcomeScreen(self._workspace, shared))
            if choice == "training":
                return self._open_training()
            if choice != "setup":
                return False
            if await self._set_up():
                return True

    async def _set_up(self) -> bool:
        """Ask everything before anything is written."""
        from screens.desk.setup import HandleScreen, PlaceScreen, RecoveryScreen

        handle = await self._show(HandleScreen(self._workspace))
        if not handle:
            return False
        place = await self._show(PlaceScreen(self._workspace))
        passphrase = await self._new_passphrase(handle) if place is not None else None
        if not passphrase:
            return False
        made = set_up(self._places, handle, passphrase, self._workspace.clock)
        self._let_in(made.store)
        # The code is shown before anything else can fail: it is shown only once.
        await self._show(RecoveryScreen(self._workspace, made.recovery_code))
        made.store.settings.set(LANGUAGE, self._workspace.language)
        if place:
            made.store.settings.set(MUNICIPALITY, place)
        self.first_time = True
        return True

    async def _finish_set_up(self) -> bool:
        from screens.desk.setup import RecoveryScreen, SignInScreen

        if await self._show(SignInScreen(self._workspace, cut_short=True)) != "finish":
            return False
        handle = await self._handle()
        if not handle:
            return False

        def try_it(passphrase: str) -> str:
            new = finish_set_up(self._places, handle, passphrase, self._workspace.clock)
            self._let_in(new.store)
            return new.recovery_code

        code = await self._passphrase(handle, try_it)
        if code is None:
            return False
        await self._show(RecoveryScreen(self._workspace, code))
        return True

    async def _new_passphrase(
        self, handle: str, why: str = _WHY_A_PASSPHRASE, besides: str | None = None
    ) -> str | None:
        """Ask twice for a new passphrase, which may not be `besides`; None if the nurse leaves."""
        from screens.base.prompt import PromptScreen

        t = self._workspace.t

        def check(text: str) -> None:
            credentials.check_passphrase(text, handle)
            if text == besides:
                raise RefusedPassphrase("same")

        first = await self._show(
            PromptScreen(
                self._workspace,
                t("Choose a passphrase"),
                t(why),
                secret=True,
                check=lambda text: self._fault(lambda: check(text)),
            )
        )
        if first is None:
            return None
        return await self._show(
            PromptScreen(
                self._workspace,
                t("The passphrase again"),
                t("Type the same passphrase once more."),
                secret=True,
                check=lambda text: None if text == first else t("It is not the same as before."),
            )
        )

    # -- a store that stands -----------------------------------------------

    async def _unlock(self) -> bool:
        handle = await self._handle()

        def try_it(passphrase: str) -> str:
            """Open the store; return a passphrase that has to be changed first."""
            try:
                self._let_in(unlock(self._places, handle or "", passphrase, self._workspace.clock))
            except PassphraseMustChange:
                return passphrase
            return ""

        while handle:
            first = await self._passphrase(handle, try_it, recovery=True)
            if first == "" or (first and await self._first_use(handle, first)):
                self._use_stored_language()
                await self._make_recovery_code()
                return True
            from screens.desk.setup import SignInScreen

            match await self._show(SignInScreen(self._workspace)):
                case "recovery":
                    if await self._recover(handle):
                        return True
                case "quit" | None:
                    return False
        return False

    async def _first_use(self, handle: str, first: str) -> bool:
        """Open with a passphrase that somebody else gave, once it has been changed."""
        why = N_(
            "Somebody else gave you this passphrase: choose one of your own, of at least 12 "
            "characters."
        )
        own = await self._new_passphrase(handle, why, besides=first)
        if own:
            self._let_in(
                unlock(self._places, handle, first, self._workspace.clock, new_passphrase=own)
            )
            from store.session.announcements import opens_first

            unclaimed = not keystore.has_recovery(self._places.keys)
            self.first_time = unclaimed or opens_first(self._workspace.store)
        return own is not None

    async def _make_recovery_code(self) -> None:
        """Show an administrator a recovery code where the store has none.

        It counts once it is written down: one that nobody has seen to the end opens nothing.
        """
        store = self._workspace.store
        if keystore.has_recovery(self._places.keys) or not store.may("people"):
            return
        from screens.desk.setup import RecoveryScreen

        code = codes.new_recovery()
        if await self._show(RecoveryScreen(self._workspace, code)):
            staff_accounts.set_first_recovery(self._places, store, code)

    async def _recover(self, handle: str) -> bool:
        from screens.base.prompt import PromptScreen

        t = self._workspace.t
        code = await self._show(
            PromptScreen(
                self._workspace,
                t("Recovery code"),
                t("Type the recovery code from the paper."),
                check=lambda text: self._fault(
                    lambda: keystore.unlock_with_recovery(self._places.keys, text)
                ),
            )
        )
        passphrase = await self._new_passphrase(handle) if code else None
        if not code or not passphrase:
            return False
        self._let_in(recover(self._places, code, handle, passphrase, self._workspace.clock))
        self._use_stored_language()
        return True

    async def _handle(self) -> str | None:
        handles = keystore.handles(self._places.keys)
        if len(handles) == 1:
            return handles[0]
        from screens.desk.setup import HandleScreen

        return await self._show(HandleScreen(self._workspace))

    async def _passphrase(
        self, handle: str, try_it: Callable[[str], str], *, recovery: bool = False
    ) -> str | None:
        """Ask for the passphrase until it opens; return what came of it, None to go back.

        `recovery` tells where to go if it is forgotten.

        Raises:
            StoreError: If no other passphrase would help.
        """
        from screens.base.prompt import Refused, ValuePrompt

        t = self._workspace.t

        def read(text: str) -> str | StoreError:
            try:
                return try_it(text)
            except _NOT_BY_TYPING as error:
                return error
            except StoreError as error:
                raise Refused(_said(self._workspace.t, error)) from None

        explanation = t(
            "The passphrase of {handle}. F10 shows the emergency card without it.", handle=handle
        )
        if recovery:
            forgotten = t("If it is forgotten: Esc, then 2 opens with the recovery code.")
            explanation = f"{explanation}\n\n{forgotten}"
        title = t("Open the store")
        found = await self._show(
            ValuePrompt(self._workspace, title, explanation, read, secret=True)
        )
        if isinstance(found, StoreError):
            raise found
        return found

    def knows_nurse(self, text: str, language: str) -> str | None:
        """Return what is wrong with a text as the passphrase of whoever opened the store.

        It is said in a language, which is the client's where the client reads it too.
        """
        t = speech_for(language, self._workspace.language)
        return knows_nurse(self._workspace, self._places, text, t)

    def _fault(self, action: Callable[[], object]) -> str | None:
        """Do something with a typed text; return what was wrong, in words."""
        try:
            action()
        except StoreError as error:
            return _said(self._workspace.t, error)
        return None


def knows_nurse(
    workspace: Workspace, places: StorePaths, text: str, t: Speech | None = None
) -> str | None:
    """Return what is wrong with a text as the passphrase of whoever opened the store.

    A wrong one is logged at once. It does not count towards locking the staff code: a client who
    plays with the keyboard must not keep the nurse out; the lock's own waits grow instead.
    """
    t = t or workspace.t
    if workspace.training:
        from screens.base.lock import TRAINING_WORD

        return None if text.strip().lower() == TRAINING_WORD else t("This is not the word.")
    handle = workspace.store.handle
    try:
        keystore.unlock(places.keys, handle, text)
    except WrongPassphrase as error:
        at = to_iso_utc(workspace.clock())
        with suppress(StoreError):
            workspace.store.log_event("unlock.failed", "/".join((handle, "1", at, at)))
        return _said(t, error)
    except StoreError as error:
        return _said(t, error)
    return None


def _said(t: Speech, error: StoreError) -> str:
    """Return what happened, and where waiting or another person helps, that too."""
    what = t(error.what, **error.values)
    if isinstance(error, AccountLocked | OtherOsUser | AccountDisabled):
        return f"{what} {t(error.next, **error.values)}"
    return what
