"""The idle lock: after a while without a key nothing of a client is left on the screen.

What was being typed stays underneath. The passphrase opens the lock, or a PIN that the nurse chose
for this session: it guards a screen that somebody would have to stand at, is never stored, and is
forgotten after three wrong ones. It could not guard the store.
"""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph, wrap
from screens.base.lock import Locked
from screens.base.prompt import Check, PromptScreen
from store.keys import keystore
from store.paths import StorePaths

SETTING = "idle_minutes"
"""The setting of a store that holds after how many minutes its screens lock."""

USUAL = 5
"""Minutes without a key, where nobody has said another number."""

ALLOWED = range(61)
"""Minutes that may be set; 0 is never, on a computer that nobody shares."""

SHORTEST_PIN, LONGEST_PIN = 4, 8
PIN_TRIES = 3


def uptime_s() -> float:
    """Seconds that count on while the computer sleeps, and that nobody can set."""
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):  # of Linux, and of macOS
        if (clock := getattr(time, name, None)) is not None:
            return time.clock_gettime(clock)
    return time.monotonic()


def shared(places: StorePaths) -> bool:
    """Whether several people use this computer: several staff codes, or a terminal elsewhere."""
    return len(keystore.handles(places.keys)) > 1 or "SSH_CONNECTION" in os.environ


def limit_s(stored: str | None, *, shared: bool) -> float | None:
    """The seconds after which the screen locks, by the setting; None for never."""
    minutes = int(stored) if stored and stored.isdecimal() else USUAL
    if minutes not in ALLOWED or (minutes == 0 and shared):
        minutes = USUAL
    return minutes * 60.0 or None


@dataclass
class Idle:
    """How long no key has come, and the PIN of this session."""

    uptime: Callable[[], float]
    limit_s: float | None = None
    pin: str | None = field(default=None, repr=False)
    _wrong: int = 0
    _since: float = 0.0

    def touch(self) -> None:
        """Note that somebody is there."""
        self._since = self.uptime()

    @property
    def due(self) -> bool:
        """Whether no key has come for so long that the screen has to lock."""
        if self.limit_s is None:
            return False
        waited = self.uptime() - self._since
        if waited < 0:  # a clock that was set back tells nothing
            self.touch()
        return waited >= self.limit_s

    def choose(self, pin: str) -> None:
        """Take a PIN for this session."""
        self.pin, self._wrong = pin, 0

    def opens(self, text: str) -> bool | None:
        """Whether a text is the PIN; None where it is to be taken for a passphrase."""
        if self.pin is None or not is_pin(text):
            return None
        if hmac.compare_digest(text, self.pin):
            self._wrong = 0
            return True
        self._wrong += 1
        if self._wrong >= PIN_TRIES:
            self.pin = None
        return False


def is_pin(text: str) -> bool:
    """Whether a text has the form of a PIN, which no passphrase has: those are longer."""
    return SHORTEST_PIN <= len(text) <= LONGEST_PIN and text.isascii() and text.isdecimal()


class IdleScreen(Locked):
    """Covers everything until the nurse is back; the emergency card can be read all the same."""

    def __init__(self, workspace: Workspace, idle: Idle, unlocks: Check) -> None:
        super().__init__(workspace, self._open)
        self._idle = idle
        self._knows = unlocks
        self.wants_pin = False
        """Whether the nurse asked, while unlocking, for a PIN to be used from now on."""

    def top(self) -> tuple[str, str]:
        """Tell that the program waits, and nothing else."""
        return "Porras", self.t("locked")

    def body(self, width: int) -> list[Line]:
        """Say why nothing is shown, that nothing is lost, and how to go on."""
        told = self.t("Locked, because no key was pressed for a while. What you typed is kept.")
        return [
            (),
            *(bold(row) for row in wrap(told, width)),
            (),
            *paragraph(self._to_the_nurse(), width),
            (),
            *paragraph(
                self.t(
                    "With F2 instead of Enter you choose a PIN of {shortest} to {longest} digits. "
                    "It opens this screen until you close Porras.",
                    shortest=SHORTEST_PIN,
                    longest=LONGEST_PIN,
                ),
                width,
            ),
        ]

    def _to_the_nurse(self) -> str:
        if self._idle.pin is None:
            return self.t("Type your passphrase and press Enter.")
        return self.t("Type your PIN or your passphrase and press Enter.")

    def key_list(self) -> Shown:
        """As at any lock; F2 asks for a PIN as well."""
        with_pin = KeyBinding("f2", "F2", self.t("unlock, choose a PIN"), self._open_with_pin)
        first, *rest = super().key_list()
        return [first, with_pin, *rest]

    def _open_with_pin(self) -> None:
        self.wants_pin = self.take(self.host.typed)

    def _open(self, text: str) -> str | None:
        opened = self._idle.opens(text)
        if opened is None:
            fault = self._knows(text)
        elif opened:
            fault = None
        elif self._idle.pin is None:
            fault = self.t("The PIN was wrong three times: type your passphrase.")
        else:
            fault = self.t("This is not the PIN.")
        return fault


def pin_screen(workspace: Workspace) -> PromptScreen:
    """Asks for the PIN of this session."""
    t = workspace.t
    explanation = t(
        "{shortest} to {longest} digits. The PIN opens this screen when it has locked, until you "
        "close Porras; it is stored nowhere.",
        shortest=SHORTEST_PIN,
        longest=LONGEST_PIN,
    )
    refusal = t("Only digits: {shortest} to {longest}.", shortest=SHORTEST_PIN, longest=LONGEST_PIN)
    return PromptScreen(
        workspace,
        t("A PIN for this session"),
        explanation,
        secret=True,
        check=lambda text: None if is_pin(text) else refusal,
    )
