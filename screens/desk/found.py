"""The clients that a search has found: their year of birth, sex, and when they were seen last."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown, digit_keys
from screens.base.lines import Line, paragraph
from screens.base.page import Page
from screens.wording.client_words import SEXES
from screens.wording.day_words import weekday
from stepping.finland import finnish_day
from store.codes import parse_beginning, show
from store.errors import MistypedCode
from store.records import FoundClients, SeenClient


class FoundScreen(Page[str | None]):
    """Returns the id of the client to open, or nothing to type something else."""

    def __init__(self, workspace: Workspace, typed: str, found: FoundClients) -> None:
        super().__init__(workspace)
        self._typed = typed
        self._found = found
        self._begins = ""
        """The beginning of a code that was looked for; nothing where it was a year."""
        with suppress(MistypedCode):
            self._begins = parse_beginning(typed)

    def top(self) -> tuple[str, str]:
        """Name the search and what was typed."""
        return self.t("Find a client"), self._typed

    def body(self, width: int) -> list[Line]:
        """List those found, the one seen last first, and say how many more there are."""
        title = f"{'':<6}{self.t('code'):<12}{self.t('born'):<10}{self.t('sex'):<10}"
        lines: list[Line] = [((title + self.t("seen last"), "dim"),)]
        lines += [self._row(n, each) for n, each in enumerate(self._found.shown, start=1)]
        if more := self._found.total - len(self._found.shown):
            told = self.t.many(
                "{count} more: type more of the code.", "{count} more: type more of the code.", more
            )
            lines += [(), *paragraph(told, width)]
        return lines

    def _row(self, number: int, each: SeenClient) -> Line:
        client, t = each.client, self.t
        marked = each.stopped or each.risk
        sex = t(SEXES[client.sex]) if client.sex in ("f", "m") else "–"
        seen = weekday(finnish_day(each.seen), t) if each.seen else "–"
        other = self._other_code(each)
        also = f"  {t('also {code}', code=show(other))}" if other else ""
        return (
            (f"  {number} ", "accent"),
            ("! " if marked else "  ", "danger"),
            (f"{show(client.code):<12}{client.birth_year or '?'!s:<10}{sex:<10}{seen}", "normal"),
            (also, "normal"),
        )

    def _other_code(self, each: SeenClient) -> str | None:
        """Return the code that was looked for, where another one stands for the client now."""
        if each.client.code.startswith(self._begins):
            return None
        return next((code for code in each.client.also if code.startswith(self._begins)), None)

    def key_list(self) -> Shown:
        """Return the keys: a digit opens one, Esc goes back to what was typed."""
        picks = (partial(self.leave, each.client.id) for each in self._found.shown)
        return [
            *digit_keys(self.t("open"), picks),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]
