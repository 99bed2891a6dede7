"""The idle lock of a line-by-line terminal: what is on paper stays, the keyboard is locked."""

from __future__ import annotations

from functools import partial

from casework.workspace import Workspace
from screens.base.lines import Line, paragraph
from screens.base.lock import Locked, how_in_training, when_forgotten
from store.paths import StorePaths
from tui.flows.sign_in import knows_nurse


class LineLock(Locked):
    """Takes nothing but the passphrase; the line that came too late is thrown away."""

    def __init__(self, workspace: Workspace, places: StorePaths, *, asked: bool = False) -> None:
        super().__init__(workspace, partial(knows_nurse, workspace, places))
        self._asked = asked

    def top(self) -> tuple[str, str]:
        """Tell that the program waits, and nothing else."""
        return "Porras", self.t("locked")

    def body(self, width: int) -> list[Line]:
        """Say why, and what became of the line."""
        told = (
            self.t("Locked, because you asked for it. What is recorded stays.")
            if self._asked
            else self.t("Locked, because no line came for a while. The last line was not taken.")
        )
        rows = [*paragraph(told, width), *paragraph(self._to_the_nurse(), width)]
        if not self.workspace.training:
            rows += paragraph(when_forgotten(self.t), width)
        return rows

    def _to_the_nurse(self) -> str:
        if self.workspace.training:
            return how_in_training(self.workspace)
        return self.t("Type your passphrase and press Enter.")
