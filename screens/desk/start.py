"""The start: drafts to go on with, clients seen lately, and a new assessment."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from casework.language import LANGUAGES, NOT_MARKED, born
from casework.workspace import MUNICIPALITY, Workspace
from screens.base.content import Traits
from screens.base.host import Beside, Wait
from screens.base.keys import KeyBinding, Shown, digit_keys, hidden
from screens.base.lines import Line, bold, labelled, paragraph, plain
from screens.base.page import Page
from screens.desk.announcements import announced
from store.codes import show
from store.errors import StoreError
from store.records import Client, Draft

if TYPE_CHECKING:
    from casework.pathways_in_use import PathwayStatus
    from stepping.pathway.diagnostics import PathwayError


@dataclass(frozen=True)
class New:
    """A new assessment."""


@dataclass(frozen=True)
class Look:
    """Look at a client's assessments."""

    client: Client


@dataclass(frozen=True)
class Find:
    """Find a client by code."""


@dataclass(frozen=True)
class Resume:
    """Go on with a draft."""

    draft: Draft


@dataclass(frozen=True)
class Browse:
    """Read the rules of the pathways."""


@dataclass(frozen=True)
class Work:
    """See what waits to be done."""


@dataclass(frozen=True)
class Mend:
    """Hear why no services can be listed."""

    fault: PathwayError


@dataclass(frozen=True)
class Quit:
    """Close the program."""


Wanted = New | Look | Find | Resume | Work | Browse | Mend
"""What may come of the start, but for closing the program."""

Outcome = Wanted | Quit

_DRAFTS, _CLIENTS = 9, 5
"""As many as fit on the smallest window."""

_PAINT_S = 0.05
"""Seconds until what was drawn is on the terminal and keys count; nothing may hold that up."""


_NEXT_S = 0.001
"""Seconds between two things that are done beside the screen: keys come first."""


class StartScreen(Page[Outcome]):
    """Lists what waits; a digit goes on with a draft.

    The lists are drawn before anything is read that they do not need; the rest is told when it is
    there.
    """

    traits = Traits(is_home=True)
    """Work begins and ends here."""

    def __init__(self, workspace: Workspace, message: str = "") -> None:
        super().__init__(workspace)
        self._drafts: list[Draft] = []
        self._clients: list[Client] = []
        self._stopped: frozenset[str] = frozenset()
        """The ids of clients in a draft of whom a safety stop is open."""
        self._hidden = 0
        self._faulty: list[PathwayStatus] = []
        self.looking = False
        """Whether it is still to be told how the pathways stand."""
        self._place: str | None = None
        self._placed = workspace.areas_read
        """Whether the place can be called by its name; its id would only puzzle."""
        self._legible = True
        """Whether the lists could be read; a store that failed is told of once."""
        self._due = 0
        """How many assessments wait to be deleted."""
        self._unsaved: int | None = None
        """Days since the last backup, where that is long ago."""
        self._never_saved = False
        self._announced = False
        """Whether it is known what everybody is to be told of."""
        self._cursor = 0
        self._may_read = self._may_care = True
        self.message = message

    def open(self) -> None:
        """Look up what waits."""
        self._legible = self.stored(self._look_up)

    def _look_up(self) -> None:
        store = self.workspace.store
        self._place = store.settings.get(MUNICIPALITY)
        self._may_read, self._may_care = store.may("read"), store.may("care")
        drafts = store.assessments.list_drafts() if self._may_care else []
        self._stopped = frozenset(d.assessment.client_id for d in drafts if d.stopped)
        # An open stop is never among those that there is no room for.
        listed = sorted(drafts, key=lambda draft: not draft.stopped)[:_DRAFTS]
        self._drafts = [draft for draft in drafts if draft in listed]
        self._hidden = len(drafts) - len(listed)
        self._clients = store.clients.list_recent(_CLIENTS) if self._may_read else []

    async def resume(self) -> None:
        """Go on with the rest once the lists are there to read and the keys count."""
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
        message = self.message
        with suppress(StoreError):
            if self.workspace.has_unproven:
                from casework.pathways_in_use import prove_all

                self.say(self.t("Checking the pathways; once for each new version …"))
                await Beside(partial(prove_all, self.workspace.pathways_on_disk))
        self._tell(message)

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
        told = self._faulty, self._due, self._unsaved, self._placed, self._announced
        return self.message, *told

    def _look_after(self) -> None:
        """See what whoever looks after the store has to be reminded of, and where this is."""
        from casework.reminders import list_reminders

        due = list_reminders(self.workspace.store, self.workspace.today)
        self._due, self._unsaved, self._never_saved = due
        self._placed = True
        self._announced = bool(self.workspace.announcements)

    def top(self) -> tuple[str, str]:
        """Name the program and where it stands."""
        if not self._placed:
            return "Porras", ""
        return "Porras", self.workspace.get_municipality_name(self._place, self.workspace.language)

    def body(self, width: int) -> list[Line]:
        """Tell of faulty pathways and what nobody shall do unseen, then list drafts and clients."""
        lines = [row for each in self._faulty for row in labelled("!", self._told(each), width)]
        if self._announced:
            lines += [
                row for text in announced(self.workspace) for row in labelled("!", text, width)
            ]
        if lines:
            lines.append(())
        if self._may_read:
            lines += self._lists()
        else:
            text = self.t(
                "Your roles open no client's data here. What you may do is among the commands: "
                "porras --help."
            )
            lines += paragraph(text, width)
        lines.append(())
        if self._unsaved is not None:
            lines.append(plain(self._to_be_saved(self._unsaved)))
        if self._due:
            lines.append(plain(self._to_be_deleted()))
        return [*lines, *paragraph(self.t(NOT_MARKED), width)]

    def _lists(self) -> list[Line]:
        lines = [bold(self.t("Drafts to go on with"))]
        for row, draft in enumerate(self._drafts):
            when = self.t.moment(draft.last_at)
            answered = self.t.many("{count} answer", "{count} answers", draft.answered)
            text = f"{row + 1}  {show(draft.client_code)}   {answered:<14} {when}"
            lines.append(self._row(row, text + self._mark(draft.stopped)))
        if not self._drafts:
            lines.append(plain(self.t("  none")))
        if self._hidden:
            more = self.t.many(
                "  {count} older draft: find its client by code",
                "  {count} older drafts: find the client by code",
                self._hidden,
            )
            lines.append(plain(more))
        lines += [(), bold(self.t("Clients seen lately"))]
        for row, client in enumerate(self._clients, start=len(self._drafts)):
            year = born(client.birth_year, self.t)
            text = f"   {show(client.code)}   {year}"
            lines.append(self._row(row, text + self._mark(client.id in self._stopped)))
        if not self._clients:
            lines.append(plain(self.t("  none")))
        return lines

    def _mark(self, stopped: bool) -> str:
        return "   ! " + self.t("safety stop open") if stopped else ""

    def _to_be_saved(self, days: int) -> str:
        if self._never_saved:
            return self.t("! No backup has been made yet: porras backup FOLDER")
        return self.t.many(
            "! No backup for {count} day: porras backup FOLDER",
            "! No backup for {count} days: porras backup FOLDER",
            days,
        )

    def _to_be_deleted(self) -> str:
        return self.t.many(
            "{count} assessment is due to be deleted: porras purge",
            "{count} assessments are due to be deleted: porras purge",
            self._due,
        )

    def _told(self, standing: PathwayStatus) -> str:
        """Which pathway's files have how many faults, what is used instead, and who tells them."""
        from screens.wording.decision_words import version_text

        count, name, used = len(standing.faults), standing.name, standing.used
        command = f"porras pathway check {name}"
        if used is None:
            return self.t.many(
                "Pathway {name}: its files have {count} fault. No earlier version is kept, so "
                "it is not in use. To see it: {command}",
                "Pathway {name}: its files have {count} faults. No earlier version is kept, so "
                "it is not in use. To see them: {command}",
                count,
                name=name,
                command=command,
            )
        return self.t.many(
            "Pathway {name}: its files have {count} fault; {version} stays in use. To see "
            "it: {command}",
            "Pathway {name}: its files have {count} faults; {version} stays in use. To see "
            "them: {command}",
            count,
            name=name,
            version=version_text(used.header, self.workspace.language),
            command=command,
        )

    def _row(self, row: int, text: str) -> Line:
        here = row == self._cursor
        return plain(f"{'>' if here else ' '} {text}", "bold" if here else "normal")

    def key_list(self) -> Shown:
        """Start, go on, change the language, or close."""
        drafts = (partial(self.leave, Resume(draft)) for draft in self._drafts)
        waiting = self._drafts or self._clients
        new = KeyBinding("n", "n", self.t("new assessment"), partial(self.leave, New()))
        looking = [
            KeyBinding("c", "c", self.t("find"), partial(self.leave, Find())),
            KeyBinding("w", "w", self.t("worklist"), partial(self.leave, Work())),
        ]
        return [
            *([new] if self._may_care else []),
            *digit_keys(self.t("go on with a draft"), drafts),
            *([KeyBinding("enter", "Enter", self.t("take >"), self._take)] if waiting else []),
            hidden("down", partial(self._move, 1), moves=True),
            hidden("up", partial(self._move, -1), moves=True),
            *(looking if self._may_read else []),
            KeyBinding("p", "p", self.t("pathways"), partial(self.leave, Browse())),
            KeyBinding("l", "l", self.t("language"), self._switch),
            KeyBinding("q", "q", self.t("close Porras"), partial(self.leave, Quit())),
        ]

    def _move(self, rows: int) -> None:
        count = len(self._drafts) + len(self._clients)
        self._cursor = (self._cursor + rows) % count if count else 0
        self.draw(awake=True)

    def _take(self) -> None:
        if self._cursor < len(self._drafts):
            self.leave(Resume(self._drafts[self._cursor]))
        else:
            self.leave(Look(self._clients[self._cursor - len(self._drafts)]))

    def _switch(self) -> None:
        languages = list(LANGUAGES)
        language = languages[(languages.index(self.workspace.language) + 1) % len(languages)]
        self.workspace.language = language
        self.attempt(lambda: self.workspace.store.settings.set("language", language))
        self.draw()
