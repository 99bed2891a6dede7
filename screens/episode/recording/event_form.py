"""How one event of an episode is asked for on a form, and what a form says when it is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from casework.care_names import CareNames
from casework.episode import EpisodeSession
from casework.language import N_, Speech
from casework.workspace import Workspace
from screens.forms.fields import NO_NAMES, Day, Field, Pick, Text, Values, options
from screens.forms.form import FormScreen, describe_refusal
from stepping.episode.events import Event, EventEntry
from stepping.pathway.schema import Intervention
from store.codes import show

DAY = N_("Day")
WORDS = N_("In the client's words")
YES_NO = {"yes": N_("yes"), "no": N_("no")}


@dataclass(frozen=True)
class Asked:
    """What a form is made from: the episode, the event to be corrected, what has been typed."""

    care: EpisodeSession
    old: Event | None = None
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def t(self) -> Speech:
        """The sentences in the nurse's language."""
        return self.care.workspace.t

    def was(self, name: str) -> str:
        """Return what stood in a field of the event to be corrected, as it would be typed."""
        match getattr(self.old, name, None):
            case None:
                return ""
            case bool(value):
                return "yes" if value else "no"
            case value:
                return str(self.t.told(value))

    def pick(
        self, name: str, label: str, words: Mapping[str, str], *, needed: bool = True
    ) -> Field:
        """Ask for one of several words."""
        return Pick(name, label, needed, self.was(name), options(words, self.t))

    def choose(
        self, name: str, label: str, names: Mapping[str, str], *, needed: bool = True
    ) -> Field:
        """Ask for one of several codes by its name."""
        return Pick(name, label, needed, self.was(name), list(names.items()))

    def text(self, name: str, label: str, *, needed: bool = False) -> Field:
        """Ask for a few words."""
        return Text(name, label, needed, self.was(name), NO_NAMES)

    def ahead(self, name: str, label: str, *, needed: bool = True) -> Field:
        """Ask for a day that lies ahead."""
        return Day(name, label, needed, self.was(name), ahead=True)

    @property
    def names(self) -> CareNames:
        """The names of tracks, places, roles and deadlines."""
        return self.care.workspace.care_names

    def places(self) -> list[tuple[str, str]]:
        """Return the services of the client's municipality to pick from."""
        language = self.care.workspace.language
        return [(service.id, service.name[language]) for service in self.care.list_local_services()]

    @property
    def day(self) -> date:
        """The day of an event that is not asked for one."""
        return self.old.day if self.old else self.care.workspace.today


def _no_note(_: Asked) -> str:
    return ""


@dataclass(frozen=True)
class Form:
    """How one kind of event is asked for."""

    title: Callable[[Workspace], str]
    fields: Callable[[Asked], list[Field]]
    event: Callable[[Asked, Values], Event]
    dated: bool = True
    """Whether the day of the event is asked."""
    note: Callable[[Asked], str] = _no_note
    """What is good to know while the form is filled in."""
    from_first: bool = False
    """Whether a new form begins with its first field, though none is needed."""

    def asks(self, asked: Asked) -> list[Field]:
        """Return the fields under what has been typed so far."""
        day = [Day("day", DAY, typed=asked.t.day(asked.day))] if self.dated else []
        return [*self.fields(asked), *day]

    def made(self, asked: Asked, values: Values) -> Event:
        """Return the event that a filled form tells of."""
        return self.event(asked, {**values, "day": values.get("day") or asked.day})

    def screen(self, care: EpisodeSession, corrected: EventEntry | None = None) -> FormScreen:
        """Return the form on a screen, new or in place of an entry."""
        workspace = care.workspace
        old = corrected.event if corrected else None

        def keep(values: Values) -> str | None:
            event = self.made(Asked(care, old), values)
            return describe_refusal(
                workspace, partial(care.record_event, event, corrected.id if corrected else None)
            )

        def fields(typed: Mapping[str, str]) -> list[Field]:
            return self.asks(Asked(care, old, typed))

        title = self.title(workspace), show(care.client.code)
        note = self.note(Asked(care, old))
        first = self.from_first and corrected is None
        return FormScreen(workspace, title, fields, keep, note=note, from_first=first)


def titled(title: str) -> Callable[[Workspace], str]:
    """Return how a title is said."""
    return lambda workspace: workspace.t(title)


def noted(sentence: str) -> Callable[[Asked], str]:
    """Return how what is good to know is said."""
    return lambda asked: asked.t(sentence)


def offer_words(t: Speech, form: Intervention, language: str) -> str:
    """Name a form of care with its steps, and whether it counts under the therapy guarantee."""
    of = ", ".join(map(str, form.steps))
    told = [
        *([t("step {step}", step=of)] if of else []),
        *([t("therapy guarantee")] if form.guarantee else []),
    ]
    title = form.title[language]
    return f"{title} ({', '.join(told)})" if told else title


def given(values: Values) -> dict[str, object]:
    """Return the values that are there."""
    return {name: value for name, value in values.items() if value is not None}


def simple(kind: type[Event]) -> Callable[[Asked, Values], Event]:
    """Make an event of the fields of its form; what the form does not ask stays as it was."""

    def make(asked: Asked, values: Values) -> Event:
        old = asked.old.model_dump(exclude_none=True) if asked.old else {}
        kept = {name: value for name, value in old.items() if name not in values}
        made: Event = kind.model_validate({**kept, **given(values)})
        return made

    return make


def nothing(_: Asked) -> list[Field]:
    """No field but the day."""
    return []
