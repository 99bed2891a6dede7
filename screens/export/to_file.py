"""Asks a nurse where a file shall be, and writes it: logged first, and never over another file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from screens.base.page import Page
from screens.base.pick import ListItem, PickScreen
from screens.base.prompt import PromptScreen
from screens.export.files import describe_access, find_place, guarded_folders
from store import output
from store.errors import shown
from store.output import Kind, Unwritten

_REPLACE = 1
"""The place of "replace it" in the question about a file that stands."""


@dataclass(frozen=True)
class Asked:
    """What a nurse is asked about a file, in her language."""

    title: str
    explanation: str
    usual: str
    """The path that is offered first."""
    keep: str
    """What becomes of it if the earlier file is kept."""
    loss: str
    """What is lost with the earlier file."""


class FileToWrite:
    """One kind of file that a page writes.

    `log` keeps that it leaves the store, before it does. `content` makes the bytes as they are to
    be at that moment; `None` where they cannot be made, which it has told then.
    """

    def __init__(
        self,
        page: Page[Any],
        kind: Kind,
        asked: Asked,
        log: Callable[[], object],
        content: Callable[[], bytes | None],
    ) -> None:
        self._page = page
        self._kind = kind
        self._asked = asked
        self._log = log
        self._content = content
        self._wished = ""
        """The path as it was typed last."""

    async def ask(self) -> None:
        """Ask for a path; what cannot be is said while it stands there to be corrected."""
        asked = self._asked
        prompt = PromptScreen(
            self._page.workspace,
            asked.title,
            asked.explanation,
            check=self._fault,
            begin_with=self._wished or asked.usual,
        )
        text = await self._page.ask(prompt)
        if text is not None:
            self._wished = text
            await self._put(text, replace=False)

    def _fault(self, text: str) -> str | None:
        try:
            find_place(text, guarded_folders(self._page.workspace), self._kind)
        except Unwritten as error:
            return self._page.t(error.sentence)
        return None

    async def _put(self, text: str, *, replace: bool) -> None:
        """Log first, so that no copy leaves the store unlogged; then write."""
        page = self._page
        guarded = guarded_folders(page.workspace)
        try:
            path, taken = find_place(text, guarded, self._kind)
            if taken and not replace:
                await self._ask_whether(path)
            elif (content := self._content()) is not None and page.stored(self._log):
                output.write_file(path, content, self._kind, guarded, replace=replace)
                done = page.t("Written to {path}.", path=shown(path))
                page.say(f"{done} {page.t(describe_access(path))}")
        except Unwritten as error:
            page.say(page.t(error.sentence))

    async def _ask_whether(self, path: Path) -> None:
        """Ask whether to keep the earlier file that stands there, or to replace it."""
        page = self._page
        keep = ListItem(page.t("Keep it"), self._asked.keep)
        replace = ListItem(page.t("Replace it"), self._asked.loss)
        title = page.t("{name} exists already", name=shown(path.name))
        question = PickScreen(page.workspace, (title, ""), (keep, replace))
        if await page.ask(question) == _REPLACE:
            await self._put(str(path), replace=True)
