"""A lock: a page that opens for the nurse alone."""

from __future__ import annotations

from time import monotonic

from casework.language import Speech
from casework.workspace import Workspace
from screens.base.content import Traits
from screens.base.host import Wait
from screens.base.keys import Caption, KeyBinding, Shown
from screens.base.prompt import Check, PromptScreen

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 30.0
"""Each wrong try doubles the wait before the next one, up to this; nothing is ever lost."""

TRAINING_WORD = "porras"
"""What opens a lock in the training store, which has no passphrase; the lock says so."""


class Tries:
    """The waits between wrong tries; a lock that comes after another one goes on with its waits."""

    def __init__(self) -> None:
        self._wait_s = FIRST_WAIT_S
        self._until_s = 0.0

    @property
    def waiting(self) -> bool:
        """Whether the next try has to wait still."""
        return monotonic() < self._until_s

    def hold(self) -> float:
        """Let the next try wait; return for how many seconds. The wait after it is a longer one."""
        wait_s, self._wait_s = self._wait_s, min(2 * self._wait_s, LONGEST_WAIT_S)
        self._until_s = monotonic() + wait_s
        return wait_s

    def release(self) -> None:
        """Let the next try wait no more."""
        self._until_s = 0.0


class Locked(PromptScreen):
    """Opens for the nurse alone; each wrong try makes the next one wait."""

    traits = Traits(offers_help=False, is_lock=True)

    def __init__(self, workspace: Workspace, unlocks: Check, tries: Tries | None = None) -> None:
        super().__init__(workspace, "", "", secret=True, check=self._try)
        self._unlocks = unlocks
        self._tries = tries or Tries()

    def key_list(self) -> Shown:
        """Enter tries what is typed, Esc takes it away; nothing else leads on."""
        return [
            Caption("Enter", self.t("unlock")),
            KeyBinding("escape", "Esc", self.t("type anew"), self._clear),
        ]

    def _to_the_nurse(self) -> str:
        """Return what to type."""
        raise NotImplementedError

    def _clear_secret(self) -> None:
        """Keep what is typed while a next try has to wait."""

    def _clear(self) -> None:
        self.host.typed = ""

    def _try(self, text: str) -> str | None:
        """Return what is wrong with a typed passphrase; each wrong one makes the next wait."""
        if self._tries.waiting:
            return self.t("Wait a moment, then press Enter again.")
        if not text:
            return self._to_the_nurse()
        if (fault := self._unlocks(text)) is None:
            return None
        self._clear()
        wait_s = self._tries.hold()
        self.host.start(self._let_try_again(wait_s))
        told = self.t("The next try is possible in {count} s.", count=round(wait_s))
        return f"{fault} {told}"

    async def _let_try_again(self, seconds: float) -> None:
        await Wait(seconds)
        self._may_try()

    def _may_try(self) -> None:
        self._tries.release()
        self.say(self.t("You can try again now."))


def when_forgotten(t: Speech) -> str:
    """Say how work goes on where the passphrase of a lock is forgotten."""
    return t(
        "If it is forgotten: close this window, start Porras again and choose the recovery code. "
        "What is recorded stays."
    )


def how_in_training(workspace: Workspace) -> str:
    """Say how a lock opens in the training store."""
    return workspace.t(
        "The training store has no passphrase. Type the word {word} and press Enter.",
        word=TRAINING_WORD,
    )
