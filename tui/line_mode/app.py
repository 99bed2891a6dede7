"""The program line by line: reads pages out and asks for lines.

A page says what is on it, how it wants to be treated and what its keys do; the flow says which page
comes. Neither knows that there is no screen here, so that questions, stops, rules and words are the
same in both.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from casework.idle_timer import SETTING, IdleTimer, is_shared, limit_s, uptime_s
from casework.language import N_
from casework.workspace import Workspace
from screens.base.error import trouble
from screens.base.host import Beside, Procedure, Wait
from screens.base.keys import KeyBinding, is_choice
from screens.base.page import Ask, Page
from screens.desk.emergency import EmergencyScreen
from store.errors import StoreError
from store.maintenance.rolling_check import Watch
from store.paths import StorePaths
from store.repository.store import Store
from tui.app import ended
from tui.line_mode import keys
from tui.line_mode.line_io import Ended, LineTerminal
from tui.line_mode.line_page import LinePage
from tui.line_mode.lock import LineLock
from tui.line_mode.page import (
    PageText,
    blocks,
    changed,
    help_rows,
    keys_row,
    without_heading,
)
from tui.preload import start_store_check

Result = TypeVar("Result")

_LONG = 12
"""Rows that nobody wants to hear twice."""

_KEPT = N_(
    "A key could end the program here. So the keyboard cannot be handed to the client line by line."
)
_CLEARED = N_(
    "The screen is cleared before the client begins, with what can be scrolled back. Some "
    "terminals keep it all the same: scroll up and look."
)
_STAYS = N_(
    "This terminal cannot be cleared. What was asked before stays on paper, or can be scrolled "
    "back. Take it away first."
)


class LineModeApp:
    """Reads pages out and asks for lines, one page over another."""

    def __init__(
        self,
        workspace: Workspace,
        places: StorePaths,
        terminal: LineTerminal,
        *,
        uptime: Callable[[], float] = uptime_s,
    ) -> None:
        self._workspace = workspace
        self._places = places
        self._terminal = terminal
        self._uptime = uptime
        self._idle = IdleTimer(uptime)
        self._watch: Watch | None = None
        self._stack: list[LinePage] = []
        self._read: dict[str, list[str]] = {}
        """The pages read out in this run, by their titles."""
        self._keys = ""
        """The keys that were named last."""

    # -- what the flow asks of an application --------------------------------

    async def show(self, page: Page[Result]) -> Result | None:
        """Show a page and return what comes of it; nothing is waited for beside it."""
        return self.read_out(page)

    def watch_idle(self, store: Store) -> None:
        """Lock from now on when nothing is typed for the time that the store says."""
        limit = limit_s(store.settings.get(SETTING), shared=is_shared(self._places))
        self._idle = IdleTimer(self._uptime, limit)
        self._idle.touch()
        self._watch = start_store_check(self._workspace)

    def end_beside(self) -> str:
        """End what goes on beside the lines, before the store is closed; what to say of it."""
        watch, self._watch = self._watch, None
        return ended(watch, self._workspace) if watch is not None else ""

    # -- one page ------------------------------------------------------------

    @property
    def page(self) -> Page[Any]:
        """The page on top."""
        return self._stack[-1].page

    def read_out(self, page: Page[Result]) -> Result | None:
        """Read a page out and take lines until it is left; return what comes of it."""
        traits = page.traits
        if traits.hands_over and not self._may_hand_over(page):
            return None
        released = traits.takes_back
        try:
            result = self._through(page)
            released = released and result is not None  # else the client goes on
        finally:
            if released:
                self._terminal.hold_keys(False)
        if traits.hands_over and result:
            self._terminal.clear()
            self._read.clear()
        elif traits.hands_over:
            self._terminal.hold_keys(False)
        return result

    def _may_hand_over(self, page: Page[Any]) -> bool:
        """Take the keys away that end the program; false, and said why, where they stay."""
        terminal, t = self._terminal, self._workspace.t
        if not terminal.hold_keys(True):
            terminal.write(t(_KEPT))
            return False
        page.message = t(_CLEARED if terminal.can_clear() else _STAYS)
        return True

    def _through(self, page: Page[Result]) -> Result | None:
        shown = LinePage(page, self.tell_failure, self._terminal.ring)
        self._stack.append(shown)
        try:
            page.open()
            if procedure := page.resume():
                shown.start(procedure)
            while not shown.is_left:
                self._turn(shown)
        finally:
            for procedure in shown.started:
                procedure.close()
            self._stack.pop()
            if self._stack:
                self._stack[-1].read_again()
        result: Result | None = shown.result
        return result

    def _turn(self, shown: LinePage) -> None:
        """Say what is new, ask for a line, and do what it says."""
        self._say(shown)
        if shown.started:
            self._go_through(shown, shown.started.pop(0))
        elif (line := self._line(shown)) is not None:
            self._take(shown, line)

    def _run(self, shown: LinePage, binding: KeyBinding) -> None:
        outcome = binding.run()
        if isinstance(outcome, Coroutine):
            self._go_through(shown, outcome)

    def _go_through(self, shown: LinePage, procedure: Procedure) -> None:
        """Go through an async function of a page; whatever it waits for is done at once."""
        answer: object = None
        while True:
            try:
                request = procedure.send(answer)
            except StopIteration:
                return
            answer = None
            match request:
                case Ask(page):
                    answer = self.read_out(page)
                case Wait(seconds):
                    self._say(shown)
                    self._terminal.sleep(seconds)
                case Beside(action):
                    self._say_message(shown)
                    action()

    # -- what is said --------------------------------------------------------

    def _say(self, shown: LinePage) -> None:
        terminal, text = self._terminal, PageText(shown.page, self._terminal.width)
        rows = text.rows
        if shown.whole and not (shown.rows and text.traits.reads_changes):
            terminal.write_line("")
            terminal.write(text.title)
            new = self._unread(shown, text)
        else:
            new = changed(shown.rows, rows)
        terminal.write_rows(new)
        self._say_message(shown)
        if shown.whole:
            self._say_keys(text)
            shown.since = None
        shown.rows, shown.whole = rows, False

    def _unread(self, shown: LinePage, text: PageText) -> list[str]:
        """Return the rows of a page but for those that were read out already."""
        traits, rows = text.traits, text.rows
        if traits.reads_heading_once:
            return without_heading(shown.rows, rows)
        if traits.is_home:
            self._read.clear()
        known = self._read.get(text.title) == rows and not traits.reads_whole
        self._read[text.title] = rows
        if known and len(rows) > _LONG:
            return [shown.page.t("As before. = reads this page again.")]
        return rows

    def _say_keys(self, text: PageText) -> None:
        """Name the keys; briefly where they are those of the page before: a slow line is slow."""
        entry = text.content.entry
        if entry and entry.begins_with:
            self._terminal.write(text.t("An empty line takes: {text}", text=entry.begins_with))
        row = keys_row(text)
        known = row == self._keys and text.traits.offers_help
        self._terminal.write(keys_row(text, brief=True) if known else row)
        self._keys = row

    def _say_message(self, shown: LinePage) -> None:
        if shown.page.message:
            self._terminal.write(shown.page.message)
            shown.page.message = ""

    # -- one line ------------------------------------------------------------

    def _line(self, shown: LinePage) -> str | None:
        """Return the next line; None where it is to be thrown away."""
        page, traits = shown.page, shown.page.traits
        entry = page.entry
        self._terminal.flush()
        asked = time.monotonic()
        shown.since = shown.since or asked
        try:
            line = self._terminal.read_line(entry is not None and entry.secret)
        except EOFError:
            raise Ended(0 if traits.is_home else 1) from None
        if not self._terminal.attended or keys.is_emergency(line.strip(), traits.numbers):
            return line
        if self._idle.due and not (self._workspace.with_client or traits.is_lock):
            self.read_out(LineLock(self._workspace, self._places))
            self._idle.touch()
            return None
        self._idle.touch()
        now = time.monotonic()
        if now - asked < self._workspace.debounce_s:  # the second stroke of a bouncing key
            return None
        if now - shown.since < self._workspace.debounce_s * traits.debounce_factor:
            self._terminal.write(page.t("This has just come up: read it, then press again."))
            return None
        return line

    def _take(self, shown: LinePage, line: str) -> None:
        page, word = shown.page, line.strip()
        if keys.is_emergency(word, page.traits.numbers) and self._call(shown):
            return
        text = PageText(page, self._terminal.width)
        if word.lower() in keys.HELP:
            self._terminal.write_rows(
                help_rows(text) if text.traits.offers_help else [keys_row(text)]
            )
        elif word == keys.AGAIN:
            self._read.clear()
            shown.read_again()
        elif keys.asks_to_lock(page, word):
            self._lock()
        elif page.entry is not None:
            self._take_text(shown, line)
        elif not self._take_keys(shown, word):
            self._terminal.write(page.t("That is not possible here."))
            self._terminal.write(keys_row(text))

    def _lock(self) -> None:
        """Clear away what stands on the screen, where that can be done, and lock."""
        if self._terminal.can_clear():
            self._terminal.clear()
        self._read.clear()
        self.read_out(LineLock(self._workspace, self._places, asked=True))
        self._idle.touch()

    def _call(self, shown: LinePage) -> bool:
        """Open the emergency card, or call the nurse to a client alone; false where neither is."""
        if shown.page.traits.offers_emergency:
            self.emergency()
            shown.read_again()
        elif call := keys.call(shown.page):
            self._run(shown, call)
        else:
            return False
        return True

    def _take_text(self, shown: LinePage, line: str) -> None:
        page, entry = shown.page, shown.page.entry
        leave = keys.of_word("q", keys.usable(page))
        if line.strip() == "<" and leave is not None:
            self._run(shown, leave)
        elif entry is not None and len(line) > entry.longest:
            page.say(page.t("At most {count} characters, please.", count=entry.longest))
        else:
            shown.typed = line or (entry.begins_with if entry else "")
            page.take(shown.typed)

    def _take_keys(self, shown: LinePage, word: str) -> bool:
        """Do what a line says on a page of keys; false if it cannot be done."""
        page = shown.page
        if binding := keys.of_word(word, keys.usable(page)):
            self._run(shown, binding)
            return True
        if keys.type_into(page, word):
            if enter := keys.of_word("", keys.usable(page)):
                self._run(shown, enter)
            return True
        return page.traits.takes_several and self._mark(shown, word)

    def _mark(self, shown: LinePage, line: str) -> bool:
        """Mark several answers; none, where one of them is not there."""
        words = list(dict.fromkeys(line.replace(",", " ").split()))
        usable = keys.usable(shown.page)
        found = [keys.of_word(word, usable) for word in words if is_choice(word)]
        marks = [binding for binding in found if binding is not None]
        if len(marks) != len(words):
            return False
        for mark in marks:
            self._run(shown, mark)
        return True

    # -- what lies over every page -------------------------------------------

    def tell_failure(self, error: StoreError) -> None:
        """Say what failed, what is safe and what to do.

        Raises:
            Ended: If the nurse leaves a store that is cut off.
        """
        if self.read_out(trouble(self._workspace, error)) == "leave":
            raise Ended(0)

    def emergency(self) -> None:
        """Say the numbers to call at once, then the cards by name; a number opens one."""
        terminal, t = self._terminal, self._workspace.t
        text = PageText(EmergencyScreen(self._workspace), terminal.width)
        numbers, *cards = blocks(text.rows)
        terminal.write_line("")
        terminal.write(text.title)
        terminal.write_rows([*numbers, ""])
        terminal.write_rows([f"{at:>2} {card[0]}" for at, card in enumerate(cards, start=1)])
        while True:
            terminal.write(t("A number opens a card; an empty line goes back."))
            word = self._ask()
            if word.isdigit() and 1 <= int(word) <= len(cards):
                terminal.write_rows(cards[int(word) - 1])
            elif not keys.is_emergency(word):
                return

    def _ask(self) -> str:
        self._terminal.flush()
        try:
            return self._terminal.read_line(False).strip()
        except EOFError:
            raise Ended(1) from None
