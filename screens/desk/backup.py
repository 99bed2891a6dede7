"""A backup from the start page: it is made while the page stands, and its result is told."""

from __future__ import annotations

from pathlib import Path

from casework.desk.backup import Backup, BackupBeside
from casework.error_text import ErrorText
from casework.workspace import Workspace
from screens.base.host import Beside
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph, paragraphs, wrap
from screens.base.page import Page
from screens.wording.backup_words import let_alone_words, result_words, warnings
from store.errors import StoreError, shown


class BackupScreen(Page[bool]):
    """Makes a backup in a folder; returns whether it stands, nothing where the nurse left it."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        super().__init__(workspace)
        self._folder = folder
        self._made: Backup | None = None
        self._failed: ErrorText | None = None
        self._recorded = False
        """Whether the backup stands and counts, whatever came afterwards."""
        self._sure = False

    def open(self) -> None:
        """Begin at once."""
        self.host.start(self._make())

    async def _make(self) -> None:
        try:
            work = BackupBeside(self.workspace.store, self._folder)
            await Beside(work.copy)
            work.record_copy()
            self._recorded = True
            await Beside(work.look_after)
            self._made = work.finish()
        except StoreError as error:
            self._failed = self.workspace.explain_error(error)
        self.message = ""
        self.draw()

    @property
    def _done(self) -> bool:
        return self._made is not None or self._failed is not None

    def top(self) -> tuple[str, str]:
        """Name the page; a failure alarms."""
        return self.t("! Something failed") if self._failed else self.t("Backup"), ""

    def body(self, width: int) -> list[Line]:
        """Tell that it is under way, what was made, or why it was not."""
        if self._made is not None:
            return self._result(self._made, width)
        if self._failed is not None:
            return self._failure(self._failed, width)
        where = self.t("Making a backup in {path} …", path=shown(self._folder))
        why = self.t("It is copied whole and read back. Others can work on meanwhile.")
        return [(), *map(bold, wrap(where, width)), (), *paragraph(why, width)]

    def _result(self, made: Backup, width: int) -> list[Line]:
        first, *more = result_words(made, self.t)
        lines: list[Line] = [(), *map(bold, wrap(first, width))]
        for text in more:
            lines += paragraph(text, width)
        told = [*let_alone_words(made.let_alone, self.t), *warnings(made, self.t)]
        if told:
            lines.append(())
        return lines + paragraphs(told, width)

    def _failure(self, error: ErrorText, width: int) -> list[Line]:
        lines: list[Line] = []
        if self._recorded:
            told = self.t("The backup itself was made and read back. What came after it failed.")
            lines += [(), *map(bold, wrap(told, width))]
        titles = self.t("What happened"), self.t("What is safe"), self.t("What to do")
        for title, text in zip(titles, error, strict=True):
            lines += [(), bold(title), *paragraph(text, width, indent=2)]
        return lines

    def key_list(self) -> Shown:
        """Return the keys: back, which asks twice while it is under way."""
        keys = "enter,escape" if self._done else "escape"
        caption = "Enter" if self._done else "Esc"
        return [KeyBinding(keys, caption, self.t("back"), self._back)]

    def _back(self) -> None:
        if self._done or self._recorded:  # once it stands, older ones are looked at
            self.leave(self._recorded)
        elif self._sure:
            self.leave()
        else:
            self._sure = True
            self.say(
                self.t(
                    "The backup is not finished. Esc again leaves it: then it counts as not made."
                )
            )
