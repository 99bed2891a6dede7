"""The forms of what happens beside the steps: each asks what its action needs, and nothing more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from casework.language import N_
from casework.workspace import Workspace
from screens.base.lines import capital
from screens.episode.recording.drinks import DrinksScreen
from screens.episode.recording.event_form import YES_NO, Asked, Form, given, simple
from screens.forms.fields import NO_NAMES, Aid, Field, Number, Pick, Text, Values
from screens.wording.track_words import MANNERS, action_words
from stepping.episode.events import AlcoholUse, Event, TrackEvent, TrackId
from stepping.episode.tracks import MOST_GOALS, action_of, track_of
from stepping.pathway.care.schema import ActionId, Detail, What

WHERE = N_("Where to")
GOALS = (N_("Goal 1"), N_("Goal 2"), N_("Goal 3"), N_("Goal 4"), N_("Goal 5"))
AHEAD = N_("To be reviewed on (day, or 4w)")

Fields = Callable[[Asked, TrackId, bool], list[Field]]
"""The fields of a detail; the last says whether it is needed."""


_DRINKS, _DRINKS_LETTER = N_("add up drinks"), N_("[d] add up drinks")
"""What works out the portions and, for the catalogues, its letter."""


def _where(asked: Asked, track: TrackId, needed: bool) -> list[Field]:
    known = asked.care.workspace.care.tracks[track]
    language = asked.care.workspace.language
    places = asked.care.list_destinations(track)
    choices = [(place.id, place.name[language]) for place in places]
    if not known.services:
        return [asked.choose("where", N_("To whom"), dict(choices), needed=needed)]
    first = choices[0][0] if choices and known.given_by and asked.old is None else ""
    return [Pick("where", WHERE, needed, asked.was("where") or first, choices)]


def _role(asked: Asked, _: TrackId, needed: bool) -> list[Field]:
    return [asked.choose("role", N_("Contact person, by role"), asked.names.roles(), needed=needed)]


def _goals(asked: Asked, _: TrackId, needed: bool) -> list[Field]:
    """One field a goal; a plan needs the first."""
    old = asked.old.goals if isinstance(asked.old, TrackEvent) else None
    was = [*(old or ()), *[""] * MOST_GOALS]
    return [
        Text(f"goal{n}", label, needed and n == 0, was[n], NO_NAMES)
        for n, label in enumerate(GOALS)
    ]


def _review(asked: Asked, _: TrackId, needed: bool) -> list[Field]:
    return [asked.ahead("review_on", AHEAD, needed=needed)]


def _manner(asked: Asked, _: TrackId, needed: bool) -> list[Field]:
    return [asked.pick("manner", N_("How the notice was made"), MANNERS, needed=needed)]


def _outcome(asked: Asked, track: TrackId, needed: bool) -> list[Field]:
    known, language = asked.care.workspace.care.tracks[track], asked.names.language
    names = {outcome.id: outcome.name[language] for outcome in known.outcome}
    return [asked.choose("outcome", N_("What became of it"), names, needed=needed)]


def _took_place(asked: Asked, _: TrackId, needed: bool) -> list[Field]:
    return [asked.pick("took_place", N_("Did it take place?"), YES_NO, needed=needed)]


def _words(asked: Asked, _: TrackId, needed: bool) -> list[Field]:
    return [asked.text("words", N_("Remarks"), needed=needed)]


FIELDS: Mapping[Detail, Fields] = {
    "where": _where,
    "role": _role,
    "goals": _goals,
    "manner": _manner,
    "outcome": _outcome,
    "took_place": _took_place,
    "review_on": _review,
    "words": _words,
}
"""How each detail is asked, in the order of a form."""


def _asked(track: TrackId, what: What, asked: Asked) -> list[Field]:
    """Ask what an action needs and may have."""
    defined = asked.care.workspace.care.tracks.get(track)
    known = defined.find_action(what) if defined else None
    if known is None:
        return []
    return [
        each
        for detail, fields in FIELDS.items()
        if detail in (*known.needs, *known.may)
        for each in fields(asked, track, detail in known.needs)
    ]


def _made(track: TrackId, what: What, _: Asked, values: Values) -> Event:
    goals = tuple(str(v) for name, v in values.items() if name.startswith("goal") and v)
    told = {name: v for name, v in given(values).items() if not name.startswith("goal")}
    return TrackEvent.model_validate({**told, "track": track, "what": what, "goals": goals or None})


def _alcohol(asked: Asked) -> list[Field]:
    workspace, sex = asked.care.workspace, asked.care.client.sex
    aid = Aid("d", _DRINKS, partial(DrinksScreen, workspace, sex))
    given_ = asked.pick("mini_intervention", N_("Mini-intervention given"), YES_NO, needed=False)
    return [
        Number("audit", N_("AUDIT total, 0–40"), False, asked.was("audit"), 0, 40),
        Number(
            "portions", N_("Portions of 12 g a week"), False, asked.was("portions"), 0, 200, aid=aid
        ),
        given_,
        asked.ahead("review_on", N_("To be asked again on (12w)"), needed=False),
    ]


def track_form(track: TrackId, what: ActionId) -> Form:
    """Return the form of an action."""

    def title(workspace: Workspace) -> str:
        names = workspace.care_names
        done = action_words(track, what, names, workspace.t)
        own = names.action(track, what)
        return capital(done) if own else f"{capital(names.track(track))}: {done}"

    def note(asked: Asked) -> str:
        known = asked.care.workspace.care.tracks.get(track)
        return asked.names.about(track) if known and known.warns else ""

    if what == "used":
        return Form(title, _alcohol, simple(AlcoholUse), from_first=True)
    fields, made = partial(_asked, track, what), partial(_made, track, what)
    return Form(title, fields, made, note=note)


def track_form_of(event: Event) -> Form | None:
    """Return the form on which an event beside the steps is corrected; nothing for others."""
    track = track_of(event)
    if track is None or not isinstance(event, TrackEvent | AlcoholUse):
        return None
    return track_form(track, action_of(event))
