"""An episode of care: its path on one page, what may be recorded in it, and its entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Literal

from casework.episode import EpisodeSession
from casework.language import N_, Speech, born
from casework.workspace import Workspace
from screens.base.keys import Caption, KeyBinding, Shown, hidden
from screens.base.lines import Line, bold, paragraph, plain
from screens.base.open_stops import open_stop_lines
from screens.base.page import Page
from screens.base.pick import ListItem, PickScreen
from screens.base.risk_marks import RISK_KEY, risk_lines
from screens.episode.event_forms import TITLES, form_of, possible
from screens.episode.timeline import heading, history
from screens.forms.form import describe_refusal
from screens.wording.day_words import weekday
from screens.wording.event_words import CLOSINGS, event_words
from stepping.episode.episode import Episode
from stepping.episode.events import Closed, EventEntry
from stepping.pathway.diagnostics import PathwayError
from store.codes import show
from store.records import Client, OpenStop
from store.risk_records import RiskMark


class EpisodeScreen(Page[Literal["record", "entries", "others"] | None]):
    """The whole path on one page; returns what the nurse wants to do in it."""

    def __init__(
        self,
        care: EpisodeSession,
        *,
        others: bool = False,
        stops: Sequence[OpenStop] = (),
        risk: Sequence[RiskMark] = (),
    ) -> None:
        super().__init__(care.workspace)
        self._care = care
        self._others = others
        self._stops = stops
        """The safety stops that are open in drafts of the client."""
        self._risk = risk
        """What stays to be told of the client's risk."""
        self._whole_risk = False
        self._sure = False
        self._drafts = len(care.list_drafts()) if care.episode.died else 0
        self.message = self._after_death() if care.episode.died else _to_ask(care)

    def _after_death(self) -> str:
        """Tell of what was left unfinished when the client died."""
        return (
            self.t.many(
                "{count} draft of the client is open: x ends it.",
                "{count} drafts of the client are open: x ends them.",
                self._drafts,
            )
            if self._drafts
            else ""
        )

    def top(self) -> tuple[str, str]:
        """Name the screen and the client."""
        year = born(self._care.client.birth_year, self.t)
        left = heading(self._care.episode, self.workspace.today, self.t)
        return left, f"{show(self._care.client.code)} · {year}"

    def body(self, width: int) -> list[Line]:
        """Draw the path, under what is open."""
        care = self._care
        path = history(care.episode, care.names, self.workspace.today, self.t, width)
        stops = open_stop_lines(self.workspace, self._stops, width)
        risk = risk_lines(self.workspace, self._risk, width, whole=self._whole_risk)
        return [*stops, *risk, *path]

    def key_list(self) -> Shown:
        """Record, correct, or go back."""
        record = KeyBinding("r", "r", self.t("record"), partial(self.leave, "record"))
        others = KeyBinding("o", "o", self.t("other episodes"), partial(self.leave, "others"))
        risk = KeyBinding("s", "s", self.t(RISK_KEY[self._whole_risk]), self._turn_risk)
        again = self.t("end the drafts now") if self._sure else self.t("end the drafts")
        return [
            *([record] if possible(self._care) else []),
            *([KeyBinding("x", "x", again, self._end_drafts)] if self._drafts else []),
            KeyBinding("c", "c", self.t("entries, correct"), partial(self.leave, "entries")),
            *([risk] if self._risk else []),
            *([others] if self._others else []),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]

    def _turn_risk(self) -> None:
        self._whole_risk = not self._whole_risk
        self.draw()

    def _end_drafts(self) -> None:
        """End what was left unfinished, with a second press."""
        if not self._sure:
            self._sure = True
            self.message = self.t(
                "Press x again: open safety steps are recorded as not done. A draft that has ended "
                "does not come back, even if the death is withdrawn."
            )
            self.draw()
            return
        why = self.t("the client has died")

        def end() -> str:
            try:
                self._care.end_drafts(why)
                self._stops = self.workspace.store.open_stops.list_of(self._care.client.id)
            except PathwayError as error:
                return str(error)
            return ""

        fault = self.attempt(end)
        if fault is not None:
            self._drafts = len(self._care.list_drafts())
            self.message = fault or self.t("The drafts have ended.")
            self.draw()


_UNASKED: Mapping[frozenset[str], str] = {
    frozenset({"agreement", "goal"}): N_(
        "Still to ask: agreement with the step (r, a) and the goal (r, g)."
    ),
    frozenset({"agreement"}): N_("Still to ask: agreement with the step (r, a)."),
    frozenset({"goal"}): N_("Still to ask: the client's goal (r, g)."),
}


def _to_ask(care: EpisodeSession) -> str:
    """Return what belongs to a confirmed step and has not been asked yet."""
    return care.workspace.t(_UNASKED.get(care.episode.unasked, ""))


class RecordScreen(Page[str | None]):
    """Lists what may be recorded now; returns its kind."""

    def __init__(self, care: EpisodeSession) -> None:
        super().__init__(care.workspace)
        self._care = care

    def top(self) -> tuple[str, str]:
        """Name the screen and the client."""
        return self.t("Record in the episode"), show(self._care.client.code)

    def body(self, width: int) -> list[Line]:
        """List the kinds with their keys."""
        kinds = possible(self._care).items()
        return [(), *(plain(f"  {key}  {TITLES[kind](self.workspace)}") for key, kind in kinds)]

    def key_list(self) -> Shown:
        """Return the keys: a letter chooses."""
        kinds = possible(self._care).items()
        return [
            Caption(self.t("letter"), self.t("choose")),
            *(hidden(key, partial(self.leave, kind)) for key, kind in kinds),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]


def entries_screen(care: EpisodeSession, at: int = 0) -> PickScreen:
    """List the entries that stand, the newest first."""
    workspace, names = care.workspace, care.names
    rows = [
        ListItem(
            f"{workspace.t.day(entry.event.day)}  {event_words(entry.event, names, workspace.t)}",
            "",
        )
        for entry in newest(care)
    ]
    return PickScreen(workspace, (workspace.t("Entries"), show(care.client.code)), rows, at)


def newest(care: EpisodeSession) -> tuple[EventEntry, ...]:
    """Return the entries that stand, the newest first."""
    return care.episode.entries[::-1]


class EntryScreen(Page[Literal["correct"] | None]):
    """One entry in full; withdraws it, or returns that it is to be corrected."""

    def __init__(self, care: EpisodeSession, entry: EventEntry) -> None:
        super().__init__(care.workspace)
        self._care = care
        self._entry = entry
        self._sure = False

    def top(self) -> tuple[str, str]:
        """Name the screen and the client."""
        return self.t("An entry"), show(self._care.client.code)

    def body(self, width: int) -> list[Line]:
        """Show what was recorded, and what a correction does."""
        event = self._entry.event
        text = event_words(event, self._care.names, self.t)
        words = self.t(
            "A correction takes the place of this entry. A mistake that has nothing in its place "
            "is withdrawn. Both entries stay in the store."
        )
        return [
            (),
            bold(weekday(event.day, self.t)),
            *paragraph(text, width),
            (),
            *paragraph(words, width),
        ]

    def key_list(self) -> Shown:
        """Correct, withdraw with a second press, or go back."""
        correct = KeyBinding("c", "c", self.t("correct"), partial(self.leave, "correct"))
        again = self.t("withdraw it now") if self._sure else self.t("withdraw")
        closed = self._care.episode.closed is not None
        fixed = form_of(self._entry.event) is None or closed
        return [
            *([] if fixed else [correct]),
            KeyBinding("w", "w", again, self._withdraw),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]

    def _not_undone(self) -> list[str]:
        """Return what withdrawing a death does not bring back."""
        event = self._entry.event
        if not (isinstance(event, Closed) and event.how == "died"):
            return []
        return [self.t("Drafts that have ended stay so: ask about danger again.")]

    def _withdraw(self) -> None:
        if not self._sure:
            self._sure = True
            again = self.t("Press w again to withdraw this entry.")
            self.message = " ".join([again, *self._not_undone()])
            self.draw()
            return
        change = partial(self._care.withdraw_entry, self._entry)
        refused = self.attempt(lambda: (describe_refusal(self.workspace, change),))
        if refused is None:
            return
        if fault := refused[0]:
            self.say(fault)
        else:
            self.leave()


def episodes_screen(
    workspace: Workspace, client: Client, episodes: Sequence[Episode]
) -> PickScreen:
    """List all episodes of a client, as they come."""
    rows = [
        ListItem(heading(each, workspace.today, workspace.t), _gist(each, workspace.t))
        for each in episodes
    ]
    return PickScreen(workspace, (workspace.t("Episodes of care"), show(client.code)), rows)


def _gist(episode: Episode, t: Speech) -> str:
    """Return the last step of an episode, and how it ended."""
    step, closed = episode.step, episode.closed
    parts = [
        t("step {step}", step=step) if step is not None else t("no step confirmed"),
        t(CLOSINGS[closed.how]) if closed else "",
    ]
    return " · ".join(part for part in parts if part)
