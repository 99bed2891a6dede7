"""Stands where the application stands, and shows each sheet line by line.

A sheet says what is on it and what its keys do; the flow says which sheet comes. Neither knows that
there is no screen here, so that questions, stops, rules and words are the same in both.

It touches private parts of Textual, which is pinned exactly for that reason: which application is
active, and what `Screen.is_current` asks of that one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from textual._context import active_app
from textual.message import Message

from casework.language import N_
from casework.workspace import Workspace
from screens.assessment.client_card import ClientScreen
from screens.assessment.client_lock import LockScreen
from screens.assessment.client_mode import HandOverScreen
from screens.assessment.confirm import ConfirmScreen
from screens.assessment.question import QuestionScreen
from screens.assessment.stop import StopScreen
from screens.base.error import trouble
from screens.base.form import FormScreen
from screens.base.page import Sheet
from screens.base.prompt import PromptScreen
from screens.desk.emergency import EmergencyScreen
from screens.desk.idle_lock import SETTING, Idle, limit_s, shared, uptime_s
from screens.desk.start import StartScreen
from store.paths import Places
from tui.app import ended
from tui.line_mode import keys
from tui.line_mode.line_io import Ended, Paper
from tui.line_mode.lock import LineLock
from tui.line_mode.page import (
    blocks,
    body_rows,
    changed,
    help_rows,
    keys_row,
    title_row,
    without_heading,
)
from tui.preload import watched

if TYPE_CHECKING:
    from store.maintenance.rolling_check import Watch
    from store.repository.store import Store

Result = TypeVar("Result")

_FORMS = (FormScreen, ClientScreen)
"""Where one field follows another, only what the last one changed is said."""

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


@dataclass
class _Shown:
    """A sheet that is being read out, and how far it has come."""

    sheet: Sheet[Any]
    rows: list[str] = field(default_factory=list)
    """The body as it was said last."""
    whole: bool = True
    """Whether it asks something new, so that all of it has to be said."""
    since: float | None = None
    """When a line was first asked for after all of it was said, in monotonic seconds."""
    done: bool = False
    result: Any = None
    later: list[tuple[float, Callable[[], object]]] = field(default_factory=list)
    """What the sheet wants to be done after a time."""

    def draw(self, *, awake: bool = False) -> None:
        """Note that something has changed."""
        self.whole = self.whole or not awake

    def again(self) -> None:
        """Let everything be said, as if nothing had been yet."""
        self.rows, self.whole = [], True

    def dismiss(self, result: object = None) -> None:
        """Note that the sheet is left."""
        if not self.done:
            self.done, self.result = True, result


class Stand:
    """Reads sheets out and asks for lines, one sheet over another."""

    def __init__(
        self,
        workspace: Workspace,
        places: Places,
        paper: Paper,
        *,
        uptime: Callable[[], float] = uptime_s,
    ) -> None:
        self._workspace = workspace
        self._places = places
        self._paper = paper
        self._uptime = uptime
        self._idle = Idle(uptime)
        self._watch: Watch | None = None
        self._stack: list[_Shown] = []
        self._read: dict[str, list[str]] = {}
        """The pages read out in this visit, by their titles."""
        self._keys = ""
        """The keys that were named last."""

    # -- what the flow asks of an application --------------------------------

    async def push_screen_wait(self, sheet: Sheet[Result]) -> Result | None:
        """Show a sheet and return what the nurse wants; nothing is waited for beside it."""
        return self.show(sheet)

    def watch_idle(self, store: Store) -> None:
        """Lock from now on when nothing is typed for the time that the store says."""
        limit = limit_s(store.settings.get(SETTING), shared=shared(self._places))
        self._idle = Idle(self._uptime, limit)
        self._idle.touch()
        self._watch = watched(self._workspace)

    def leave(self) -> str:
        """End what goes on beside the lines, before the store is closed; what to say of it."""
        watch, self._watch = self._watch, None
        return ended(watch, self._workspace) if watch is not None else ""

    # -- what a sheet asks of an application ---------------------------------

    @property
    def screen(self) -> Sheet[Any]:
        """The sheet on top."""
        return self._stack[-1].sheet

    @property
    def _background_screens(self) -> list[Sheet[Any]]:
        return []

    def push_screen(
        self, sheet: Sheet[Result], callback: Callable[[Result | None], object]
    ) -> None:
        """Show a sheet over another one, and hand on what it returns."""
        callback(self.show(sheet))

    def bell(self) -> None:
        """Ring for the nurse."""
        self._paper.ring()

    def update_styles(self, node: object, animate: bool = True) -> None:
        """Draw nothing: on paper nothing has a style."""

    # -- one sheet -----------------------------------------------------------

    def show(self, sheet: Sheet[Result]) -> Result | None:
        """Read a sheet out and take lines until it is left."""
        if isinstance(sheet, HandOverScreen):
            return cast(Result, self._hand_over(sheet))
        try:
            return self._read_out(sheet)
        finally:
            if isinstance(sheet, LockScreen):
                self._paper.hold(False)

    def _hand_over(self, sheet: HandOverScreen) -> bool:
        """Let the nurse hand over where no key can end the program; the client begins afresh."""
        paper, t = self._paper, self._workspace.t
        if not paper.hold(True):
            paper.put(t(_KEPT))
            return False
        sheet.message = t(_CLEARED if paper.clears() else _STAYS)
        agreed = self._read_out(sheet)
        if agreed:
            paper.clear()
            self._read.clear()
        else:
            paper.hold(False)
        return bool(agreed)

    def _read_out(self, sheet: Sheet[Result]) -> Result | None:
        shown = _Shown(sheet)
        self._connect(shown)
        self._stack.append(shown)
        before = active_app.set(self)  # type: ignore[arg-type]
        try:
            sheet.on_mount()
            if isinstance(sheet, StartScreen):
                sheet.on_screen_resume()
            while not shown.done:
                self._turn(shown)
        finally:
            active_app.reset(before)
            self._stack.pop()
            if self._stack:
                self._stack[-1].again()
        result: Result | None = shown.result
        return result

    def _connect(self, shown: _Shown) -> None:
        """Let a sheet speak to this stand: Textual's own machinery does not run here."""
        vars(shown.sheet).update(
            draw=shown.draw,
            dismiss=shown.dismiss,
            post_message=self._told,
            set_timer=lambda seconds, action: shown.later.append((seconds, action)),
            run_worker=partial(self._work, shown),
        )

    def _work(
        self, shown: _Shown, task: Callable[[], Coroutine[Any, Any, object]], **_: object
    ) -> None:
        """Do at once what a screen would do beside itself, and say why it takes a moment."""
        self._say_message(shown)
        asyncio.run(task())

    def _turn(self, shown: _Shown) -> None:
        """Say what is new, ask for a line, and do what it says."""
        self._say(shown)
        if shown.later:
            self._do_later(shown)
        elif (line := self._line(shown)) is not None:
            self._take(shown, line)

    def _do_later(self, shown: _Shown) -> None:
        waiting, shown.later = shown.later, []
        for seconds, action in waiting:
            self._paper.wait(seconds)
            action()

    def _say(self, shown: _Shown) -> None:
        sheet, paper = shown.sheet, self._paper
        rows = body_rows(sheet, paper.width)
        if shown.whole and not (shown.rows and isinstance(sheet, _FORMS)):
            paper.say("")
            paper.put(title_row(sheet))
            new = self._unread(shown, rows)
        else:
            new = changed(shown.rows, rows)
        paper.put_all(new)
        self._say_message(shown)
        if shown.whole:
            self._say_keys(sheet)
            shown.since = None
        shown.rows, shown.whole = rows, False

    def _unread(self, shown: _Shown, rows: list[str]) -> list[str]:
        """The rows of a page but for those that stand above: they would have to be heard again."""
        sheet = shown.sheet
        if isinstance(sheet, QuestionScreen):
            return without_heading(shown.rows, rows)
        if isinstance(sheet, StartScreen):
            self._read.clear()
        title = title_row(sheet)
        known = self._read.get(title) == rows and not isinstance(sheet, StopScreen)
        self._read[title] = rows
        if known and len(rows) > _LONG:
            return [sheet.t("As before. = reads this page again.")]
        return rows

    def _say_keys(self, sheet: Sheet[Any]) -> None:
        """Name the keys; briefly where they are those of the page before: a slow line is slow."""
        if isinstance(sheet, PromptScreen) and sheet.begins_with:
            self._paper.put(sheet.t("An empty line takes: {text}", text=sheet.begins_with))
        row = keys_row(sheet)
        known = row == self._keys and sheet.offers_help
        self._paper.put(keys_row(sheet, brief=True) if known else row)
        self._keys = row

    def _say_message(self, shown: _Shown) -> None:
        if shown.sheet.message:
            self._paper.put(shown.sheet.message)
            shown.sheet.message = ""

    def _line(self, shown: _Shown) -> str | None:
        """The next line; None where it is to be thrown away."""
        sheet = shown.sheet
        secret = isinstance(sheet, PromptScreen) and sheet.secret
        self._paper.ready()
        asked = time.monotonic()
        shown.since = shown.since or asked
        try:
            line = self._paper.ask(secret)
        except EOFError:
            raise Ended(0 if isinstance(sheet, StartScreen) else 1) from None
        if not self._paper.attended or keys.is_emergency(line.strip(), sheet):
            return line
        if self._idle.due and not self._never_locks(sheet):
            self.show(LineLock(self._workspace, self._places))
            self._idle.touch()
            return None
        self._idle.touch()
        now = time.monotonic()
        if now - asked < self._workspace.wake_s:  # the second stroke of a bouncing key
            return None
        if now - shown.since < self._workspace.wake_s * sheet.wakes_after:
            self._paper.put(sheet.t("This has just come up: read it, then press again."))
            return None
        return line

    def _never_locks(self, sheet: Sheet[Any]) -> bool:
        """A client alone may take any time; a lock is locked."""
        return self._workspace.with_client or isinstance(sheet, LineLock)

    # -- one line ------------------------------------------------------------

    def _take(self, shown: _Shown, line: str) -> None:
        sheet, word = shown.sheet, line.strip()
        if keys.is_emergency(word, sheet) and self._call(shown):
            return
        if word.lower() in keys.HELP:
            helps = help_rows(self._workspace, sheet) if sheet.offers_help else [keys_row(sheet)]
            self._paper.put_all(helps)
        elif word == keys.AGAIN:
            self._read.clear()
            shown.again()
        elif isinstance(sheet, PromptScreen):
            self._take_text(sheet, line)
        elif not self._take_keys(shown, word):
            self._paper.put(sheet.t("That is not possible here."))
            self._paper.put(keys_row(sheet))

    def _call(self, shown: _Shown) -> bool:
        """Open the emergency card, or call the nurse to a client alone; false where neither is."""
        sheet = shown.sheet
        if sheet.offers_emergency:
            self.emergency()
            shown.again()
        elif call := keys.call(sheet):
            call.run()
        else:
            return False
        return True

    def _take_text(self, sheet: PromptScreen, line: str) -> None:
        command = keys.of_word("q", keys.usable(sheet))
        if line.strip() == "<" and command is not None:
            command.run()
        elif len(line) > sheet.longest:
            sheet.say(sheet.t("At most {count} characters, please.", count=sheet.longest))
        else:
            sheet.take(line or sheet.begins_with)

    def _take_keys(self, shown: _Shown, word: str) -> bool:
        """Do what a line says on a sheet of keys; false if it cannot be done."""
        sheet = shown.sheet
        if isinstance(sheet, ConfirmScreen):
            if not word:
                return False  # a step is confirmed by its number, never by an empty line
            if sheet.confirms(word):
                return True
        if command := keys.of_word(word, keys.usable(sheet)):
            command.run()
            return True
        if keys.type_into(sheet, word):
            if enter := keys.of_word("", keys.usable(sheet)):
                enter.run()
            return True
        return keys.takes_several(sheet) and self._mark(shown, word)

    def _mark(self, shown: _Shown, line: str) -> bool:
        """Mark several answers; none, where one of them is not there."""
        words = list(dict.fromkeys(line.replace(",", " ").split()))
        usable = keys.usable(shown.sheet)
        found = [keys.of_word(word, usable) for word in words if word.isdigit() and word != "0"]
        marks = [command for command in found if command is not None]
        if len(marks) != len(words):
            return False
        for mark in marks:
            mark.run()
        return True

    # -- what lies over every sheet ------------------------------------------

    def _told(self, message: Message) -> bool:
        """Say what failed, what is safe and what to do."""
        failed = message.error if isinstance(message, Sheet.Failed) else None
        if failed and self.show(trouble(self._workspace, failed)) == "leave":
            raise Ended(0)
        return True

    def emergency(self) -> None:
        """Say the numbers to call at once, then the cards by name; a number opens one."""
        sheet, paper, t = EmergencyScreen(self._workspace), self._paper, self._workspace.t
        numbers, *cards = blocks(body_rows(sheet, paper.width))
        paper.say("")
        paper.put(title_row(sheet))
        paper.put_all([*numbers, ""])
        paper.put_all([f"{at:>2} {card[0]}" for at, card in enumerate(cards, start=1)])
        while True:
            paper.put(t("A number opens a card; an empty line goes back."))
            word = self._ask()
            if word.isdigit() and 1 <= int(word) <= len(cards):
                paper.put_all(cards[int(word) - 1])
            elif not keys.is_emergency(word):
                return

    def _ask(self) -> str:
        self._paper.ready()
        try:
            return self._paper.ask(False).strip()
        except EOFError:
            raise Ended(1) from None
