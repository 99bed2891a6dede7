"""The start: what waits today, clients seen lately, coming contacts, and a new assessment."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from casework.coming import coming_days
from casework.desk.waiting import Waiting, WaitingList, list_waiting
from casework.language import NOT_MARKED, language_after
from casework.workspace import MUNICIPALITY, Workspace
from screens.base.content import Traits
from screens.base.host import Beside, Wait
from screens.base.keys import Caption, KeyBinding, Shown, digit_keys, hidden
from screens.base.lines import Line, bold, labelled, paragraph
from screens.base.page import Page
from screens.desk.announcements import announced, fault_words
from screens.desk.start_lists import StartLists
from screens.desk.wanted import (
    Browse,
    Find,
    Look,
    Mend,
    New,
    Outcome,
    Quit,
    Report,
    Resume,
    Save,
    Train,
    Work,
)
from screens.wording.day_words import weekday
from store.errors import StoreError
from store.records import SeenClient, WorkItem

if TYPE_CHECKING:
    from casework.desk.glance import EpisodeGlance
    from casework.pathways_in_use import PathwayStatus
    from casework.reminders import Reminders


_CLIENTS = 4
"""As many as fit on the smallest window."""

_COMING = 6
"""How many contacts of the days ahead are told."""

_PAINT_S = 0.05
"""Seconds until what was drawn is on the terminal and keys count; nothing may hold that up."""


_NEXT_S = 0.001
"""Seconds between two things that are done beside the screen: keys come first."""

_GLANCE = "casework.desk.glance"


class StartScreen(Page[Outcome]):
    """Tells what waits, whom one has seen and who comes; a digit takes up what waits.

    The lists are drawn before anything is read that they do not need; the rest is told when it is
    there.
    """

    traits = Traits(is_home=True)
    """Work begins and ends here."""

    def __init__(self, workspace: Workspace, message: str = "") -> None:
        super().__init__(workspace)
        self._today = workspace.today
        """The day that the lists are of; at midnight they do not change by themselves."""
        self._waiting = WaitingList()
        self._seen: list[SeenClient] = []
        self._glances: dict[str, EpisodeGlance] = {}
        self._coming: list[WorkItem] = []
        self._coming_total = 0
        self._faulty: list[PathwayStatus] = []
        self.looking = False
        """Whether it is still to be told how the pathways stand."""
        self._place: str | None = None
        self._placed = workspace.areas_read
        """Whether the place can be called by its name; its id would only puzzle."""
        self._legible = True
        """Whether the lists could be read; a store that failed is told of once."""
        self._fresh = True
        """Whether the lists are those of this moment: nothing has lain on top yet."""
        self._reminders: Reminders | None = None
        self._announced = False
        """Whether it is known what everybody is to be told of."""
        self._cursor = 0
        self._may_read = self._may_care = True
        self._may_save = self._may_report = False
        self.message = message

    def open(self) -> None:
        """Look up what waits."""
        self._read_lists()

    def _read_lists(self) -> None:
        """Look up what waits; where that fails, no list stands that would be empty or old."""
        self._legible = self.stored(self._look_up)
        if not self._legible:
            self._waiting, self._seen, self._coming = WaitingList(), [], []

    def _look_up(self) -> None:
        store, today = self.workspace.store, self.workspace.today
        self._today = today
        self._place = store.settings.get(MUNICIPALITY)
        self._may_read, self._may_care = store.may("read"), store.may("care")
        self._may_save = store.may("upkeep") and not store.training
        self._may_report = self._may_care or store.may("report")
        if self._may_read:
            drafts = store.assessments.list_drafts() if self._may_care else []
            self._waiting = list_waiting(store, today, drafts)
            self._seen = store.clients.list_seen(_CLIENTS)
            ahead = coming_days(today)
            self._coming = store.worklist.list_contacts(*ahead, limit=_COMING)
            full = len(self._coming) == _COMING
            count = store.worklist.count_contacts
            self._coming_total = count(*ahead) if full else len(self._coming)
        self._cursor = min(self._cursor, max(0, self._row_count - 1))
        self._glances = {}
        if self._placed and _GLANCE in sys.modules:  # all is at hand: one picture is enough
            for client in self._seen:
                self._glance(client.episode_id)

    async def resume(self) -> None:
        """Look again if time has passed, then go on with the rest once the keys count."""
        if self._legible and not self._fresh:
            self._read_lists()
        self._fresh = False
        self.looking = True
        await Wait(_PAINT_S)
        await self._look_further()

    async def _look_further(self) -> None:
        """Read pathways and services beside the screen, the first time: keys count meanwhile.

        A new text is proven then, which takes a while: the emergency card must open meanwhile.
        """
        if not self.workspace.areas_read:
            await Beside(self.workspace.make_reader())
            await Wait(_NEXT_S)
        if _GLANCE not in sys.modules:
            await Beside(partial(import_module, _GLANCE))
        for client in self._seen:
            if client.episode_id not in self._glances:
                await Wait(_NEXT_S)
                self._glance(client.episode_id)
        message = self.message
        with suppress(StoreError):
            if self.workspace.has_unproven:
                from casework.pathways_in_use import prove_all

                self.say(self.t("Checking the pathways; once for each new version …"))
                await Beside(partial(prove_all, self.workspace.pathways_on_disk))
        self._tell(message)

    def _glance(self, episode_id: str | None) -> None:
        """Read what one line tells of an episode; a store that fails here says so elsewhere."""
        from casework.desk.glance import glance_at

        if episode_id is not None and self._legible:
            with suppress(StoreError):
                self._glances[episode_id] = glance_at(self.workspace, episode_id)

    def _tell(self, message: str) -> None:
        """Tell what was not known when the lists were drawn.

        A store that fails here says so when a new assessment needs the pathways.
        """
        before = self._told_now
        with suppress(StoreError):
            self._faulty = [each for each in self.workspace.pathway_statuses if each.faults]
        if self._legible:
            self.attempt(self._look_after)
        self.message = message
        self.looking = False
        if before != self._told_now:
            self.draw(awake=True)
        if self._announced:
            self.workspace.mark_announced()
        if (fault := self.workspace.unshown_fault) is not None:
            self.leave(Mend(fault))

    @property
    def _told_now(self) -> tuple[object, ...]:
        told = self._faulty, self._reminders, self._placed, self._announced
        return self.message, dict(self._glances), *told

    def _look_after(self) -> None:
        """See what whoever looks after the store has to be reminded of, and where this is."""
        from casework.reminders import list_reminders

        self._reminders = list_reminders(self.workspace.store, self.workspace.today)
        self._placed = True
        self._announced = bool(self.workspace.announcements)

    def top(self) -> tuple[str, str]:
        """Name the program; tell who works here, where, and which day it is."""
        day = weekday(self._today, self.t)
        place = self.workspace.get_municipality_name if self._placed else None
        name = place(self._place, self.workspace.language) if place else ""
        return "Porras", " · ".join(filter(None, (self._who, name, day)))

    @property
    def _who(self) -> str | None:
        """The staff code; in practice the seat alone, since everybody there has the same code."""
        return self.workspace.seat if self.workspace.training else self.workspace.store.handle

    def body(self, width: int) -> list[Line]:
        """Tell of faulty pathways and what nobody shall do unseen, then of what waits."""
        return self._rows(width)

    def spoken(self, width: int) -> list[Line]:
        """Say the same in words, where columns would be read out."""
        return self._rows(width, aloud=True)

    def _rows(self, width: int, *, aloud: bool = False) -> list[Line]:
        lines = [
            row
            for each in self._faulty
            for row in labelled("!", fault_words(each, self.workspace), width)
        ]
        if self._announced:
            lines += [
                row for text in announced(self.workspace) for row in labelled("!", text, width)
            ]
        if lines:
            lines.append(())
        if not self._legible:
            told = self.t("What waits cannot be read now. Look at the worklist, or try again.")
            lines += paragraph(told, width)
        elif self._may_read:
            lines += self._lists(width, aloud=aloud)
        else:
            lines += paragraph(self._without_clients(), width)
        lines.append(())
        for reminder in self._reminded():
            lines += paragraph(reminder, width)
        return [*lines, *paragraph(self.t(NOT_MARKED), width, look="dim")]

    def _without_clients(self) -> str:
        """Say what somebody may do here to whom no client is shown."""
        if self._may_report:
            key = self.t.letter("r", "reports")
            return self.t(
                "Your roles open no client's data here. The sums that name nobody: {key}.", key=key
            )
        return self.t(
            "Your roles open no client's data here. What you may do is among the commands: "
            "porras --help."
        )

    def _lists(self, width: int, *, aloud: bool) -> list[Line]:
        told = StartLists(self._today, self.t, width, self._cursor, self._glances, aloud=aloud)
        lines = [self._heading(), *told.waiting(self._waiting.shown)]
        lines += [(), told.heading(), *told.seen(self._seen, len(self._waiting.shown))]
        if self._coming:
            contacts = told.coming(self._coming, self._coming_total)
            lines += [(), *contacts]
        return lines

    def _heading(self) -> Line:
        """Name what waits today, and how much more there is."""
        found, t = self._waiting, self.t
        if not found.more:
            return bold(t("Waits today"))
        key = t.letter("w", "worklist")
        text = (
            t.many(
                "{count} more on the worklist: {key}",
                "{count} more on the worklist: {key}",
                found.more,
                key=key,
            )
            if found.counted
            else t("at least {count} more on the worklist: {key}", count=found.more, key=key)
        )
        among: Line = ((f"  ! {t('safety stops too')}", "danger"),) if found.more_urgent else ()
        return ((t("Waits today"), "bold"), (f"  {text}", "dim"), *among)

    def _reminded(self) -> Iterator[str]:
        """Say how old the last backup is, and what is due to be deleted."""
        found, t = self._reminders, self.t
        if found is None:
            return
        how = t.letter("b", "backup") if self._may_save else t("porras backup FOLDER")
        if found.never_saved and not self.workspace.store.training:
            yield t("! No backup has been made yet: {how}", how=how)
        elif found.unsaved_days is not None:
            yield t.many(
                "! No backup for {count} day: {how}",
                "! No backup for {count} days: {how}",
                found.unsaved_days,
                how=how,
            )
        if found.practised_days:
            yield t.many(
                "Practice data is {count} day old, much is late. Begin anew: {menu}, then {anew}",
                "Practice data is {count} days old, much is late. Begin anew: {menu}, then {anew}",
                found.practised_days,
                menu=t.letter("t", "training"),
                anew=t.letter("b", "begin anew"),
            )
        if found.to_delete:
            yield t.many(
                "{count} assessment is due to be deleted: porras purge",
                "{count} assessments are due to be deleted: porras purge",
                found.to_delete,
            )

    @property
    def _row_count(self) -> int:
        return len(self._waiting.shown) + len(self._seen)

    def key_list(self) -> Shown:
        """Begin, take up, look for, change the language, or close."""
        care = [self.bind("n", "new assessment", partial(self.leave, New()))]
        looking = [
            self.bind("c", "find client", partial(self.leave, Find())),
            self.bind("w", "worklist", partial(self.leave, Work())),
        ]
        return [
            *(care if self._may_care else []),
            *self._opening(),
            hidden("down", partial(self._move, 1), moves=True),
            hidden("up", partial(self._move, -1), moves=True),
            *(looking if self._may_read else []),
            *([self.bind("b", "backup", partial(self.leave, Save()))] if self._may_save else []),
            *self._reports(),
            self.bind("p", "pathways", partial(self.leave, Browse())),
            self.bind("l", "language", self._switch),
            *self._practice(),
            self.bind("q", "close Porras", partial(self.leave, Quit()), also="q"),
        ]

    def _reports(self) -> list[KeyBinding]:
        """Return the key to sums that name nobody."""
        if not self._may_report:
            return []
        return [self.bind("r", "reports", partial(self.leave, Report()))]

    def _practice(self) -> list[KeyBinding]:
        """Return the key to the cases, where clients are invented."""
        if not self.workspace.training:
            return []
        return [self.bind("t", "training", partial(self.leave, Train()))]

    def _opening(self) -> Iterator[KeyBinding | Caption]:
        """Yield what takes up a row, by its digit or by the pointer."""
        if not self._row_count:
            return
        opens = self.t("open")
        rows = (partial(self._open, each) for each in self._waiting.shown)
        numbers, *digits = digit_keys(opens, rows) or [Caption("", "")]
        both = f"{numbers.caption} Enter".strip()
        yield KeyBinding("enter", both, opens, self._take, medium="screen")
        yield Caption(numbers.caption, opens, "lines")
        yield KeyBinding("enter", "Enter", self.t("open >"), self._take, medium="lines")
        yield from digits

    def _move(self, rows: int) -> None:
        if self._today != self.workspace.today:  # a new day has begun while the page stood here
            self._read_lists()
            self.draw()
            return
        count = self._row_count
        self._cursor = (self._cursor + rows) % count if count else 0
        self.draw(awake=True)

    def _take(self) -> None:
        shown = self._waiting.shown
        if self._cursor < len(shown):
            self._open(shown[self._cursor])
        else:
            self.leave(Look(self._seen[self._cursor - len(shown)].client.id))

    def _open(self, waiting: Waiting) -> None:
        """Go on with a draft; of anything else, show whose it is."""
        draft = waiting.draft
        self.leave(Resume(draft) if draft else Look(waiting.item.client_id))

    def _switch(self) -> None:
        language = language_after(self.workspace.language)
        self.workspace.language = language
        self.attempt(lambda: self.workspace.store.settings.set("language", language))
        self.draw()
