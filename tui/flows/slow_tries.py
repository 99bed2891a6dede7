"""Keeps the waits between wrong passphrases from page to page of a client's part."""

from __future__ import annotations

from time import monotonic

from casework.language import speech_for
from casework.workspace import Workspace
from screens.assessment.alone.client_lock import Unlocks
from screens.base import lock


class SlowTries:
    """Says what is wrong with a passphrase, but not before the wait after a wrong one is over.

    A lock waits by itself; but a client may leave it and call again, which makes a new one.
    """

    def __init__(self, workspace: Workspace, unlocks: Unlocks) -> None:
        self._workspace = workspace
        self._unlocks = unlocks
        self._wait_s = lock.FIRST_WAIT_S
        self._until_s = 0.0

    def __call__(self, text: str, language: str) -> str | None:
        """Return what is wrong with a text as the nurse's passphrase, said in a language."""
        if monotonic() < self._until_s:
            t = speech_for(language, self._workspace.language)
            return t("Wait a moment, then press Enter again.")
        fault = self._unlocks(text, language)
        if fault is not None:
            self._until_s = monotonic() + self._wait_s
            self._wait_s = min(2 * self._wait_s, lock.LONGEST_WAIT_S)
        return fault
