"""An episode of care: its path on one page, what may be recorded in it, and its entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Literal

from screens.care import Care
from screens.care_words import (
    CLOSINGS,
    ENDS,
    PAUSES,
    REFERRERS,
    ROLES,
    SEGMENTS,
    TRACK_STEPS,
    TRACKS,
    VOICES,
    event_words,
)
from screens.desk import Desk
from screens.forms import Day, Field, FormScreen, Number, Pick, Text, Values
from screens.history import heading, history
from screens.language import N_, Speech
from screens.pathway_browser import Entry as Listed
from screens.pathway_browser import PickScreen
from screens.sheet import Command, Sheet, bold, paragraph
from screens.widgets.lines import Line, plain
from stepping.care.events import (
    Agreement,
    Closed,
    Contact,
    Entry,
    Event,
    NeedEstablished,
    NextContact,
    Opened,
    Paused,
    PeriodEnded,
    PeriodStarted,
    Resumed,
    Segment,
    TrackEvent,
    Voice,
    Withdrawn,
)
from store.codes import show
from store.errors import EpisodeChanged, EpisodeOpen, RefusedText, UnfitEvent
from store.records import Client

DAY = N_("Day")
TREATMENT = N_("Treatment")
REFERRED = N_("Who referred the client")
WORDS = N_("In the client's words")
NO_NAMES = N_("A few words, without names or contact details.")
REFUSALS = (UnfitEvent, RefusedText, EpisodeChanged, EpisodeOpen)
"""What the form itself tells; any other failure of the store is a screen of its own."""


@dataclass(frozen=True)
class Asked:
    """What a form is made from: the episode, the event to be corrected, what has been typed."""

    care: Care
    old: Event | None = None
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def t(self) -> Speech:
        """The sentences in the nurse's language."""
        return self.care.desk.t

    def was(self, name: str) -> str:
        """What stood in a field of the event to be corrected, as it would be typed."""
        value = getattr(self.old, name, None)
        return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)

    def pick(
        self, name: str, label: str, words: Mapping[str, str], *, needed: bool = True
    ) -> Field:
        """Ask for one of several words."""
        return Pick(name, label, needed, self.was(name), options(words, self.t))

    def text(self, name: str, label: str, *, needed: bool = False) -> Field:
        """Ask for a few words."""
        return Text(name, label, needed, self.was(name), NO_NAMES)

    @property
    def day(self) -> date:
        """The day of an event that is not asked for one."""
        return self.old.day if self.old else self.care.desk.today


@dataclass(frozen=True)
class Form:
    """How one kind of event is asked for."""

    title: str
    fields: Callable[[Asked], list[Field]]
    event: Callable[[Asked, Values], Event]
    dated: bool = True
    """Whether the day of the event is asked."""

    def asks(self, asked: Asked) -> list[Field]:
        """Return the fields under what has been typed so far."""
        day = [Day("day", DAY, typed=asked.day.isoformat())] if self.dated else []
        return [*self.fields(asked), *day]

    def made(self, asked: Asked, values: Values) -> Event:
        """Return the event that a filled form tells of."""
        return self.event(asked, {**values, "day": values.get("day") or asked.day})


def options(words: Mapping[str, str], t: Speech) -> list[tuple[str, str]]:
    """Return words to pick from under their ids."""
    return [(id_, t(label)) for id_, label in words.items()]


def given(values: Values) -> dict[str, object]:
    """Return the values that are there."""
    return {name: value for name, value in values.items() if value is not None}


def _simple(kind: type[Event]) -> Callable[[Asked, Values], Event]:
    """An event whose fields are those of its form; what the form does not ask stays as it was."""

    def make(asked: Asked, values: Values) -> Event:
        old = asked.old.model_dump(exclude_none=True) if asked.old else {}
        kept = {name: value for name, value in old.items() if name not in values}
        made: Event = kind.model_validate({**kept, **given(values)})
        return made

    return make


# -- the fields of each kind ------------------------------------------------------------


def _nothing(_: Asked) -> list[Field]:
    return []


def _opening(asked: Asked) -> list[Field]:
    return [asked.pick("referrer", REFERRED, REFERRERS, needed=False)]


def _start(asked: Asked) -> list[Field]:
    care, language = asked.care, asked.care.desk.language
    chosen = asked.typed.get("intervention", asked.was("intervention"))
    forms = [(i.id, _offer(asked.t, i.title[language], i.steps)) for i in care.offered()]
    services = [(s.id, s.name[language]) for s in care.services(chosen)]
    where = N_("Service") if services or not chosen else N_("Service (none listed here)")
    return [
        Pick("intervention", TREATMENT, True, asked.was("intervention"), forms),
        Pick("service", where, False, asked.was("service"), services),
    ]


def _offer(t: Speech, title: str, steps: Iterable[int]) -> str:
    of = ", ".join(map(str, steps))
    return t("{title} (step {steps})", title=title, steps=of) if of else title


def _started(asked: Asked, values: Values) -> Event:
    care, old = asked.care, asked.old
    chosen = next(i for i in care.offered() if i.id == values["intervention"])
    step = care.episode.step
    return PeriodStarted.model_validate(
        {
            **given(values),
            "period": old.period if isinstance(old, PeriodStarted) else care.new_period,
            "step": step if step in chosen.steps else min(chosen.steps, default=None),
        }
    )


def _period(asked: Asked) -> Field:
    """Ask which treatment; one that is alone is chosen already."""
    care, fixed = asked.care, asked.was("period")
    names = care.known
    periods = [p for p in care.episode.periods if p.open or p.id == fixed]
    choices = [
        (p.id, f"{names.intervention(p.started.intervention)} {p.started.day}") for p in periods
    ]
    alone = choices[-1][0] if len(choices) == 1 else ""
    return Pick("period", TREATMENT, True, fixed or alone, choices)


def _contact(asked: Asked) -> list[Field]:
    totals = (("ors", N_("ORS total, 0–40")), ("srs", N_("SRS total, 0–40")))
    return [
        _period(asked),
        *(
            Number(name, label, False, asked.was(name), 0, 40, tenths=True)
            for name, label in totals
        ),
    ]


def _places(asked: Asked) -> list[tuple[str, str]]:
    """The services of the client's municipality to pick from."""
    language = asked.care.desk.language
    return [(service.id, service.name[language]) for service in asked.care.places()]


def _end(asked: Asked) -> list[Field]:
    return [
        _period(asked),
        asked.pick("why", N_("Why it ended"), ENDS),
        Pick("onward", N_("Referred onward to"), False, asked.was("onward"), _places(asked)),
        Number("satisfaction", N_("Satisfaction, 0–10"), False, asked.was("satisfaction")),
        asked.text("in_own_words", WORDS),
    ]


def _next(asked: Asked) -> list[Field]:
    return [Day("due", N_("Day, or 10 days, or 2w"), typed=asked.was("due"), ahead=True)]


def _pause(asked: Asked) -> list[Field]:
    return [asked.pick("why", N_("Why"), PAUSES)]


def _voice(asked: Asked) -> list[Field]:
    return [asked.pick("about", N_("About"), VOICES), asked.text("words", WORDS, needed=True)]


def _agreement(asked: Asked) -> list[Field]:
    return [Number("rating", N_("Agrees with the step, 0–10"), True, asked.was("rating"))]


def _segment(asked: Asked) -> list[Field]:
    groups = {str(number): label for number, label in SEGMENTS.items()}
    return [asked.pick("group", N_("Client group"), groups)]


def _track(asked: Asked) -> list[Field]:
    tracks = {str(track): label for track, label in TRACKS.items()}
    return [
        asked.pick("track", N_("Beside the steps"), tracks),
        asked.pick("what", N_("What happened"), TRACK_STEPS),
        Pick("where", N_("Where"), False, asked.was("where"), _places(asked)),
        asked.pick("role", N_("Contact person, by role"), ROLES, needed=False),
        Day("review_on", N_("To be reviewed on"), False, asked.was("review_on"), ahead=True),
        asked.text("words", N_("Goals or remarks")),
    ]


def _close(asked: Asked) -> list[Field]:
    return [asked.pick("how", N_("How it ended"), CLOSINGS), asked.text("in_own_words", WORDS)]


FORMS: Mapping[str, Form] = {
    "opened": Form(N_("The episode begins"), _opening, _simple(Opened)),
    "period_started": Form(N_("A treatment begins"), _start, _started),
    "contact": Form(N_("A contact"), _contact, _simple(Contact)),
    "period_ended": Form(N_("A treatment ends"), _end, _simple(PeriodEnded)),
    "next_contact": Form(N_("The next contact"), _next, _simple(NextContact), dated=False),
    "need_established": Form(
        N_("The need for treatment is established"), _nothing, _simple(NeedEstablished)
    ),
    "paused": Form(N_("The clock is paused"), _pause, _simple(Paused)),
    "resumed": Form(N_("The clock goes on"), _nothing, _simple(Resumed)),
    "voice": Form(N_("What the client wants"), _voice, _simple(Voice)),
    "agreement": Form(N_("Agreement with the step"), _agreement, _simple(Agreement)),
    "segment": Form(N_("Client group"), _segment, _simple(Segment)),
    "track": Form(N_("Beside the steps of care"), _track, _simple(TrackEvent)),
    "closed": Form(N_("The episode ends"), _close, _simple(Closed)),
}
"""How each kind of event is asked for; a measurement comes from an assessment alone."""

KEYS = {
    "t": "period_started",
    "c": "contact",
    "x": "period_ended",
    "n": "next_contact",
    "d": "need_established",
    "p": "paused",
    "r": "resumed",
    "g": "voice",
    "a": "agreement",
    "s": "segment",
    "k": "track",
    "z": "closed",
}
"""The key of each kind in the list of what may be recorded; `e` is the emergency card."""


def possible(care: Care) -> dict[str, str]:
    """Return what may be recorded now, by key."""
    episode = care.episode
    if episode.closed is not None:
        return {}
    paused = bool(episode.pauses) and episode.pauses[-1][1] is None
    open_ = any(period.open for period in episode.periods)
    out = {
        "contact": not open_,
        "period_ended": not open_,
        "need_established": episode.need is not None,
        "paused": paused or episode.need is None,
        "resumed": not paused,
    }
    return {key: kind for key, kind in KEYS.items() if not out.get(kind)}


def form_screen(care: Care, kind: str, corrected: Entry | None = None) -> FormScreen:
    """Return the form of a kind of event, new or in place of an entry."""
    form, desk = FORMS[kind], care.desk
    old = corrected.event if corrected else None

    def keep(values: Values) -> str | None:
        event = form.made(Asked(care, old), values)
        return told(desk, partial(care.record, event, corrected.id if corrected else None))

    def fields(typed: Mapping[str, str]) -> list[Field]:
        return form.asks(Asked(care, old, typed))

    return FormScreen(desk, (desk.t(form.title), show(care.client.code)), fields, keep)


def opening_screen(desk: Desk, client: Client) -> FormScreen:
    """Return the form that opens an episode."""
    fields: list[Field] = [
        Pick("referrer", REFERRED, False, "", options(REFERRERS, desk.t)),
        Day("day", DAY, typed=desk.today.isoformat()),
    ]

    def keep(values: Values) -> str | None:
        event = Opened.model_validate(given(values))
        return told(desk, partial(Care.begin, desk, client, event))

    form = FORMS["opened"]
    return FormScreen(desk, (desk.t(form.title), show(client.code)), lambda _: fields, keep)


def told(desk: Desk, change: Callable[[], object]) -> str | None:
    """Change something; return why it is refused, if it is."""
    try:
        change()
    except REFUSALS as error:
        return desk.t(error.what, **error.values)
    return None


class EpisodeScreen(Sheet[Literal["record", "entries"] | None]):
    """The whole path on one page; returns what the nurse wants to do in it."""

    def __init__(self, care: Care, message: str = "") -> None:
        super().__init__(care.desk)
        self._care = care
        self.message = message

    def top(self) -> tuple[str, str]:
        """Name the screen and the client."""
        born = self.t("born {year}", year=self._care.client.birth_year)
        left = heading(self._care.episode, self.desk.today, self.t)
        return left, f"{show(self._care.client.code)} · {born}"

    def body(self, width: int) -> list[Line]:
        """Draw the path."""
        care = self._care
        return history(care.episode, care.known, self.desk.today, self.t, width)

    def commands(self) -> Sequence[Command]:
        """Record, correct, or go back."""
        record = Command("r", "r", self.t("record"), partial(self.dismiss, "record"))
        return [
            *([record] if possible(self._care) else []),
            Command("c", "c", self.t("entries, correct"), partial(self.dismiss, "entries")),
            Command("escape,left,backspace", "Esc", self.t("back"), partial(self.dismiss, None)),
        ]


class RecordScreen(Sheet[str | None]):
    """Lists what may be recorded now; returns its kind."""

    def __init__(self, care: Care) -> None:
        super().__init__(care.desk)
        self._care = care

    def top(self) -> tuple[str, str]:
        """Name the screen and the client."""
        return self.t("Record in the episode"), show(self._care.client.code)

    def body(self, width: int) -> list[Line]:
        """List the kinds with their keys."""
        kinds = possible(self._care).items()
        return [(), *(plain(f"  {key}  {self.t(FORMS[kind].title)}") for key, kind in kinds)]

    def commands(self) -> Sequence[Command]:
        """A letter chooses."""
        kinds = possible(self._care).items()
        return [
            Command("", self.t("letter"), self.t("choose"), lambda: None),
            *(Command(key, "", "", partial(self.dismiss, kind)) for key, kind in kinds),
            Command("escape,left,backspace", "Esc", self.t("back"), partial(self.dismiss, None)),
        ]


def entries_screen(care: Care, at: int = 0) -> PickScreen:
    """List the entries that stand, the newest first."""
    desk, names = care.desk, care.known
    rows = [
        Listed(f"{entry.event.day}  {event_words(entry.event, names, desk.t)}", "")
        for entry in newest(care)
    ]
    return PickScreen(desk, (desk.t("Entries"), show(care.client.code)), rows, at)


def newest(care: Care) -> tuple[Entry, ...]:
    """The entries that stand, the newest first."""
    return care.episode.entries[::-1]


class EntryScreen(Sheet[Literal["correct"] | None]):
    """One entry in full; withdraws it, or returns that it is to be corrected."""

    def __init__(self, care: Care, entry: Entry) -> None:
        super().__init__(care.desk)
        self._care = care
        self._entry = entry
        self._sure = False

    def top(self) -> tuple[str, str]:
        """Name the screen and the client."""
        return self.t("An entry"), show(self._care.client.code)

    def body(self, width: int) -> list[Line]:
        """Show what was recorded, and what a correction does."""
        event = self._entry.event
        text = event_words(event, self._care.known, self.t)
        words = self.t(
            "A correction takes the place of this entry. A mistake that has nothing in its place "
            "is withdrawn. Both entries stay in the store."
        )
        return [(), bold(f"{event.day}"), *paragraph(text, width), (), *paragraph(words, width)]

    def commands(self) -> Sequence[Command]:
        """Correct, withdraw with a second press, or go back."""
        correct = Command("c", "c", self.t("correct"), partial(self.dismiss, "correct"))
        again = self.t("withdraw it now") if self._sure else self.t("withdraw")
        closed = self._care.episode.closed is not None
        fixed = self._entry.event.kind not in FORMS or closed
        return [
            *([] if fixed else [correct]),
            Command("w", "w", again, self._withdraw),
            Command("escape,left,backspace", "Esc", self.t("back"), partial(self.dismiss, None)),
        ]

    def _withdraw(self) -> None:
        if not self._sure:
            self._sure = True
            self.message = self.t("Press w again to withdraw this entry.")
            self.draw()
            return
        event = Withdrawn(day=max(self.desk.today, self._entry.event.day))
        change = partial(self._care.record, event, self._entry.id)
        fault: list[str | None] = []
        if self.stored(lambda: fault.append(told(self.desk, change))):
            if fault[0]:
                self.say(fault[0])
            else:
                self.dismiss(None)
