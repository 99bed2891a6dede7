"""The forms of what happens beside the steps: each asks what its deed needs, and nothing more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from casework.episode import EpisodeSession
from casework.language import N_, Speech
from screens.base.form import Aid, Field, Number, Pick, Text, Values
from screens.episode.drinks import DrinksScreen
from screens.episode.event_form import NO_NAMES, YES_NO, Asked, Form, given, simple
from screens.wording.track_words import (
    ABOUT,
    DEEDS,
    MANNERS,
    OUTCOMES,
    PLACES,
    ROLES,
    TRACKS,
    action_words,
    capital,
)
from stepping.episode.events import AlcoholUse, Event, Track, TrackEvent, What
from stepping.episode.tracks import (
    COURSES,
    MOST_GOALS,
    OCCUPATIONAL,
    RECIPIENTS,
    ActionId,
    Detail,
    action_of,
    employed,
    track_of,
)

WHERE = N_("Where")
GIVEN_BY: Mapping[Track, str] = {
    "alcohol": "substance_service",
    "work_ability": "work_ability_team",
    "multi_service": "multi_service_path",
    "physiotherapy": "psychophysical_physiotherapy",
    "exercise": "exercise_referral",
}
"""The form of care that a track leads to; its services are shown, and others only without any."""
GOALS = (N_("Goal 1"), N_("Goal 2"), N_("Goal 3"), N_("Goal 4"), N_("Goal 5"))
AHEAD = N_("To be reviewed on (day, or 4w)")

SECRET: tuple[Track, ...] = ("employer_talk", "child_welfare")
"""The tracks whose forms say what must not be written there."""

Fields = Callable[[Asked, Track, bool], list[Field]]
"""The fields of a detail; the last says whether it is needed."""


def _where(asked: Asked, track: Track, needed: bool) -> list[Field]:
    if track == "child_welfare":
        recipients = {id_: PLACES[id_] for id_ in RECIPIENTS}
        return [asked.pick("where", N_("To whom"), recipients, needed=needed)]
    choices = destinations(asked.care, track)
    first = choices[0][0] if choices and track in GIVEN_BY and asked.old is None else ""
    return [Pick("where", WHERE, needed, asked.was("where") or first, choices)]


def destinations(care: EpisodeSession, track: Track) -> list[tuple[str, str]]:
    """Return where a track leads to from the client's municipality, the likeliest place first.

    For work ability that is the hub of the municipality, or occupational health care for whoever
    works.
    """
    language, t = care.workspace.language, care.workspace.t
    near = care.list_local_services()
    own = [each for each in near if GIVEN_BY.get(track) in each.interventions]
    hub = hub_of(care)
    listed = sorted(own or near, key=lambda service: hub is None or service.at != hub)
    found = [(service.id, service.name[language]) for service in listed]
    if track == "work_ability":
        instead = (OCCUPATIONAL, t(PLACES[OCCUPATIONAL]))
        return [instead, *found] if works(care) else [*found, instead]
    return found


def hub_of(care: EpisodeSession) -> str | None:
    """Return the municipality whose hub serves the client's, if its area tells."""
    from stepping.services.match import find_home

    home = find_home(care.workspace.areas, care.client.municipality)
    return home[1].hub if home else None


def works(care: EpisodeSession) -> bool:
    """Whether the client worked at the latest assessment of the episode."""
    last = care.episode.measured[-1:]
    return any(
        employed(care.workspace.store.answers.get_progress(each.assessment).answers)
        for each in last
    )


def _role(asked: Asked, _: Track, needed: bool) -> list[Field]:
    return [asked.pick("role", N_("Contact person, by role"), ROLES, needed=needed)]


def _goals(asked: Asked, _: Track, needed: bool) -> list[Field]:
    """One field a goal; a plan needs the first."""
    old = asked.old.goals if isinstance(asked.old, TrackEvent) else None
    was = [*(old or ()), *[""] * MOST_GOALS]
    return [
        Text(f"goal{n}", label, needed and n == 0, was[n], NO_NAMES)
        for n, label in enumerate(GOALS)
    ]


def _review(asked: Asked, _: Track, needed: bool) -> list[Field]:
    return [asked.ahead("review_on", AHEAD, needed=needed)]


def _manner(asked: Asked, _: Track, needed: bool) -> list[Field]:
    return [asked.pick("manner", N_("How the notice was made"), MANNERS, needed=needed)]


def _outcome(asked: Asked, _: Track, needed: bool) -> list[Field]:
    return [asked.pick("outcome", N_("What became of it"), OUTCOMES, needed=needed)]


def _took_place(asked: Asked, _: Track, needed: bool) -> list[Field]:
    return [asked.pick("took_place", N_("Did it take place?"), YES_NO, needed=needed)]


def _words(asked: Asked, _: Track, needed: bool) -> list[Field]:
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


def _asked(track: Track, what: What, asked: Asked) -> list[Field]:
    """Ask what a deed needs and may have."""
    known = COURSES[track].deed(what)
    if known is None:
        return []
    return [
        each
        for detail, fields in FIELDS.items()
        if detail in (*known.needs, *known.may)
        for each in fields(asked, track, detail in known.needs)
    ]


def _made(track: Track, what: What, _: Asked, values: Values) -> Event:
    goals = tuple(str(v) for name, v in values.items() if name.startswith("goal") and v)
    told = {name: v for name, v in given(values).items() if not name.startswith("goal")}
    return TrackEvent.model_validate({**told, "track": track, "what": what, "goals": goals or None})


def _alcohol(asked: Asked) -> list[Field]:
    workspace, sex = asked.care.workspace, asked.care.client.sex
    aid = Aid("d", N_("add up drinks"), partial(DrinksScreen, workspace, sex))
    given_ = asked.pick("mini_intervention", N_("Mini-intervention given"), YES_NO, needed=False)
    return [
        Number("audit", N_("AUDIT total, 0–40"), False, asked.was("audit"), 0, 40),
        Number(
            "portions", N_("Portions of 12 g a week"), False, asked.was("portions"), 0, 200, aid=aid
        ),
        given_,
        asked.ahead("review_on", N_("To be asked again on (12w)"), needed=False),
    ]


def track_form(track: Track, what: ActionId) -> Form:
    """Return the form of a deed."""

    def title(t: Speech) -> str:
        done_ = action_words(track, what, t)
        own = (track, what) in DEEDS
        return capital(done_) if own else f"{capital(t(TRACKS[track]))}: {done_}"

    def note(asked: Asked) -> str:
        return asked.t(ABOUT[track]) if track in SECRET else ""

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
