"""An episode of care: its path on one page, what may be recorded in it, and its entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Literal

from casework.episode import EpisodeSession
from casework.language import N_, Speech, born
from casework.workspace import Workspace
from screens.base.keys import Caption, KeyBinding, Shown, hidden
from screens.base.lines import (
    Line,
    Part,
    bold,
    labelled_parts,
    paragraph,
    separated,
)
from screens.base.open_stops import open_stop_lines
from screens.base.page import Page
from screens.base.pick import ListItem, PickScreen
from screens.base.risk_marks import risk_key, risk_lines, risk_parts
from screens.episode.followed import list_followed
from screens.episode.recording.event_forms import TITLES, form_of
from screens.episode.recording.event_keys import key_of, possible, record_key
from screens.episode.spoken import spoken_history
from screens.episode.timeline import AT_ONCE, heading, history
from screens.export.calendar import calendar_file
from screens.forms.form import describe_refusal
from screens.wording.day_words import weekday
from screens.wording.event_words import CLOSINGS, event_words
from stepping.episode.episode import Episode
from stepping.episode.events import Closed, EventEntry
from stepping.finland import finnish_day
from stepping.pathway.diagnostics import PathwayError
from store.codes import show
from store.records import Client, OpenStop
from store.risk_records import RiskMark


class EpisodeScreen(Page[Literal["record", "entries", "others", "alone", "sheets"] | None]):
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
        self._first = 0
        """The first of the totals that are drawn."""
        self._count = len(list_followed(care.episode, care.names))
        self._sure = False
        self._calendar = calendar_file(self, care)
        self._to_come = care.episode.find_agreed_contact(self.workspace.today) is not None
        self._drafts = len(care.list_drafts()) if care.episode.died else 0
        self.message = self._after_death() if care.episode.died else _to_ask(care)

    def _after_death(self) -> str:
        """Tell of what was left unfinished when the client died."""
        if not self._drafts:
            return ""
        return self.t.many(
            "{count} draft of the client is open: {key} ends it.",
            "{count} drafts of the client are open: {key} ends them.",
            self._drafts,
            key=self._end_key.caption,
        )

    def top(self) -> tuple[str, str]:
        """Name the screen and the client."""
        year = born(self._care.client.birth_year, self.t)
        left = heading(self._care.episode, self.workspace.today, self.t)
        return left, f"{show(self._care.client.code)} · {year}"

    def body(self, width: int) -> list[Line]:
        """Draw the path, under what is open."""
        care, today, eighths = self._care, self.workspace.today, self.host.eighths
        path = history(
            care.episode, care.names, today, self.t, width, eighths=eighths, first=self._first
        )
        return [*self._open(width), *path]

    def spoken(self, width: int) -> list[Line]:
        """Tell the path as a table and sentences, under what is open."""
        care = self._care
        path = spoken_history(care.episode, care.names, self.workspace.today, self.t, width)
        return [*self._open(width), *path]

    def _open(self, width: int) -> list[Line]:
        """Tell of open stops and of risk: in a row, or what was done step by step."""
        stops = open_stop_lines(self.workspace, self._stops, width)
        if self._whole_risk:
            return [*stops, *risk_lines(self.workspace, self._risk, width, whole=True)]
        parts = [*risk_parts(self.workspace, self._risk), *self._no_sign()]
        risk = labelled_parts(self.t("Risk"), separated(parts), width) if self._risk else []
        return [*stops, *risk]

    def _no_sign(self) -> list[Part]:
        """Say that the latest measurement, later than all risk, told of no sign of it."""
        last = self._care.episode.measured[-1:]
        told = max((s.since for mark in self._risk for s in mark.signs), default=None)
        if not last or told is None or last[0].day <= finnish_day(told):
            return []
        if self._care.episode.verdicts.risk is not False:
            return []
        return [(self.t("{day}: no sign of it", day=self.t.day(last[0].day)), "normal")]

    def key_list(self) -> Shown:
        """Record, correct, or go back."""
        record = self.bind("r", "record", partial(self.leave, "record"))
        measures = self.bind("m", "other measures", self._turn_measures, medium="screen")
        calendar = self.bind("n", "to a calendar", self._calendar.ask)
        alone = self.bind("l", "the client tells alone", partial(self.leave, "alone"))
        others = self.bind("o", "other episodes", partial(self.leave, "others"))
        return [
            *([record] if possible(self._care) else []),
            *([alone] if self._care.episode.may_take("experience") else []),
            *([self._end_key] if self._drafts else []),
            self.bind("c", "entries, correct", partial(self.leave, "entries")),
            *([risk_key(self, self._turn_risk, whole=self._whole_risk)] if self._risk else []),
            *([calendar] if self._to_come else []),
            self.bind("h", "sheets", partial(self.leave, "sheets")),
            *([measures] if self._count > AT_ONCE else []),
            *([others] if self._others else []),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]

    @property
    def _end_key(self) -> KeyBinding:
        if self._sure:
            return self.bind("x", "end the drafts now", self._end_drafts)
        return self.bind("x", "end the drafts", self._end_drafts)

    def _turn_measures(self) -> None:
        following = self._first + AT_ONCE
        self._first = following if following < self._count else 0
        self.draw()

    def _turn_risk(self) -> None:
        self._whole_risk = not self._whole_risk
        self.draw()

    def _end_drafts(self) -> None:
        """End what was left unfinished, with a second press."""
        if not self._sure:
            self._sure = True
            self.message = self.t(
                "Press {key} again: open safety steps are recorded as not done. A draft that has "
                "ended does not come back, even if the death is withdrawn.",
                key=self._end_key.caption,
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
        "Still to ask: agreement with the step ({agree}) and the goal ({goal})."
    ),
    frozenset({"agreement"}): N_("Still to ask: agreement with the step ({agree})."),
    frozenset({"goal"}): N_("Still to ask: the client's goal ({goal})."),
}


def _to_ask(care: EpisodeSession) -> str:
    """Return what belongs to a confirmed step and has not been asked yet."""
    t = care.workspace.t
    keys = {
        name: f"{record_key(t)}, {key_of(kind, t)}"
        for name, kind in (("agree", "agreement"), ("goal", "voice"))
    }
    return t(_UNASKED.get(care.episode.unasked, ""), **keys)


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
        return [
            (),
            *(
                ((f"  {key}", "accent"), (f"  {TITLES[kind](self.workspace)}", "normal"))
                for key, kind in kinds
            ),
        ]

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
    t = workspace.t
    rows = [
        ListItem(f"{weekday(each.event.day, t)}  {event_words(each.event, names, t)}", "")
        for each in newest(care)
    ]
    return PickScreen(workspace, (workspace.t("Entries"), show(care.client.code)), rows, at)


def newest(care: EpisodeSession) -> tuple[EventEntry, ...]:
    """Return the entries that stand, the newest first."""
    return care.episode.entries[::-1]


class EntryScreen(Page[Literal["correct", "withdrawn"] | None]):
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
        correct = self.bind("c", "correct", partial(self.leave, "correct"))
        closed = self._care.episode.closed is not None
        fixed = form_of(self._entry.event) is None or closed
        return [
            *([] if fixed else [correct]),
            self._withdraw_key,
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]

    @property
    def _withdraw_key(self) -> KeyBinding:
        if self._sure:
            return self.bind("w", "withdraw it now", self._withdraw)
        return self.bind("w", "withdraw", self._withdraw)

    def _not_undone(self) -> list[str]:
        """Return what withdrawing a death does not bring back."""
        event = self._entry.event
        if not (isinstance(event, Closed) and event.how == "died"):
            return []
        return [self.t("Drafts that have ended stay so: ask about danger again.")]

    def _withdraw(self) -> None:
        if not self._sure:
            self._sure = True
            again = self.t(
                "Press {key} again to withdraw this entry.", key=self._withdraw_key.caption
            )
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
            self.leave("withdrawn")


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
