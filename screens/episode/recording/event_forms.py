"""The forms of what may be recorded in an episode of care, and when each may be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

from casework.episode import EpisodeSession
from casework.language import N_, Speech
from casework.workspace import Workspace
from screens.episode.recording.background import BACKGROUND, REASON, REFERRED, TITLE
from screens.episode.recording.event_form import (
    DAY,
    WORDS,
    Asked,
    Form,
    given,
    noted,
    nothing,
    simple,
    titled,
)
from screens.episode.recording.event_keys import (
    BACKGROUND_KIND,
    TRACKS_KIND,
    alone_key,
    entries_key,
    key_of,
    record_key,
)
from screens.episode.recording.track_forms import track_form_of
from screens.episode.recording.treatment_forms import (
    CONTACT,
    DIED,
    MISSED,
    OUTSIDE,
    contact_fields,
    end_fields,
    missed_fields,
    of_period,
    period_or_none,
    start_fields,
    started,
    typed_today,
)
from screens.forms.contact_form import contact_fields as agreed_fields
from screens.forms.contact_form import contact_of
from screens.forms.fields import Day, Field, Number, Pick, Values, options
from screens.forms.form import FormScreen, describe_refusal
from screens.wording.day_words import contact_words, day_words
from screens.wording.event_words import (
    CLOSINGS,
    DESPITE,
    EXPERIENCE_LABELS,
    PAUSES,
    SEGMENTS,
    SEGMENTS_ABOUT,
    VOICES,
)
from screens.wording.measure_words import danger_words
from stepping.episode.contacts import latest_day
from stepping.episode.events import (
    Agreement,
    Closed,
    Event,
    Experience,
    MeasureTaken,
    NeedEstablished,
    NextContact,
    Opened,
    Paused,
    PeriodEnded,
    Resumed,
    Segment,
    Voice,
)
from stepping.episode.measures import find_unassessed
from stepping.episode.validation import says_recovered
from store.codes import show
from store.records import Client

_anchors = noted(N_("0: the step does not suit the client at all. 10: it suits wholly."))
_MOST_POINTS = 100
"""The highest total of any questionnaire, as long as none is chosen."""


def _opening(asked: Asked) -> list[Field]:
    return [
        asked.choose("referrer", REFERRED, asked.names.referrers(), needed=False),
        asked.choose("reason", REASON, asked.names.reasons(), needed=False),
    ]


_about_points = noted(
    N_("The form itself is filled in elsewhere. The day is the one on which the client answered.")
)


def _measure(asked: Asked) -> list[Field]:
    """Ask for a questionnaire and its total; its item on suicide where the total hides it."""
    language, known = asked.care.workspace.language, asked.care.list_measures()
    chosen = asked.typed.get("measure", asked.was("measure"))
    names = [(each.id, f"{each.name[language]} · {each.about[language]}") for each in known]
    picked = next((each for each in known if each.id == chosen), None)
    high, tenths = (picked.high, picked.tenths) if picked else (_MOST_POINTS, True)
    fields: list[Field] = [
        Pick("measure", N_("Questionnaire"), True, asked.was("measure"), names),
        Number("points", N_("Points"), True, asked.was("points"), 0, high, tenths=tenths),
        Day("day", N_("Day when it was filled in"), typed=asked.t.day(asked.day)),
    ]
    if picked and picked.danger:
        label = f"{picked.danger.label[language]}, 0–{picked.danger.high}"
        fields.append(Number("item", label, True, asked.was("item"), 0, picked.danger.high))
    return fields


def _taken(_: Asked, values: Values) -> Event:
    return MeasureTaken.model_validate(given(values))


def _agreed_before(asked: Asked) -> tuple[NextContact | None, date | None]:
    """Return the contact that is corrected, if any, and by which day a safety step asks for one."""
    was = asked.old if isinstance(asked.old, NextContact) else None
    return was, latest_day(asked.care.episode.events, was)


def _next(asked: Asked) -> list[Field]:
    was, last = _agreed_before(asked)
    return agreed_fields(asked.care.workspace, asked.typed, was, last=last, needed=False)


def _agreed(asked: Asked, values: Values) -> Event:
    was, last = _agreed_before(asked)
    kept = {"safety": was.safety, "by": was.by} if was else {"by": None}
    made = contact_of(values, last).model_dump() | kept
    return NextContact.model_validate({**given(made), "day": asked.day})


def _late(asked: Asked) -> str:
    """Say by which day a safety step asks for a contact that has not been made."""
    _, last = _agreed_before(asked)
    if last is None:
        return ""
    day = day_words(last, asked.care.workspace.today, asked.t)
    return asked.t(
        "A safety step asks for a contact by {day}. A later one needs a reason.", day=day
    )


def _pause(asked: Asked) -> list[Field]:
    return [asked.pick("why", N_("Why"), PAUSES)]


def _voice(asked: Asked) -> list[Field]:
    return [asked.pick("about", N_("About"), VOICES), asked.text("words", WORDS, needed=True)]


def _agreement(asked: Asked) -> list[Field]:
    return [Number("rating", N_("Agrees with the step, 0–10"), True, asked.was("rating"))]


def _segment(asked: Asked) -> list[Field]:
    groups = {str(number): label for number, label in SEGMENTS.items()}
    about = {str(number): asked.t(text) for number, text in SEGMENTS_ABOUT.items()}
    shown = options(groups, asked.t)
    known = asked.was("group") or str(asked.care.episode.segment or "")
    return [Pick("group", N_("Client group"), True, known, shown, about)]


def _experience(asked: Asked) -> list[Field]:
    """Ask how satisfied the client is, what the client says, and of which care that is."""
    return [
        Number("satisfaction", N_("Satisfaction, 0–10"), False, asked.was("satisfaction")),
        *(asked.text(name, label) for name, label in EXPERIENCE_LABELS.items()),
        *period_or_none(asked, N_("the care as a whole"), OUTSIDE),
    ]


def _close(asked: Asked) -> list[Field]:
    how = asked.pick("how", N_("How it ended"), _living(CLOSINGS))
    return [how, *_despite(asked), asked.text("in_own_words", WORDS)]


def _despite(asked: Asked) -> list[Field]:
    """Ask for a reason where nobody has assessed a danger, or none measured a recovery."""
    episode = asked.care.episode
    danger = find_unassessed(episode) is not None
    why = N_("Why it ends, though nobody has assessed the item on suicide")
    words = asked.text(
        "despite_words", why if danger else N_("The reason in a few words"), needed=danger
    )
    chosen = asked.typed.get("how", asked.was("how"))
    if chosen != "recovered" or says_recovered(episode):
        return [words] if danger else []
    why = N_("Why recovered, though no measurement says so")
    if danger or episode.verdicts.risk:
        why = N_("Why recovered, in spite of a sign of suicide risk")
    return [asked.pick("despite", why, DESPITE), words]


def _living(words: Mapping[str, str]) -> dict[str, str]:
    """Leave death out: it ends everything at once, and is recorded by a form of its own."""
    return {id_: label for id_, label in words.items() if id_ != DIED}


def _death(_: Asked) -> list[Field]:
    return [Day("day", N_("Day of death"))]


def _died(_: Asked, values: Values) -> Event:
    return Closed.model_validate({**given(values), "how": DIED})


def _about_death(asked: Asked) -> str:
    return asked.t(
        "Every treatment ends with it, and nothing of the client waits any more. If it was a "
        "mistake, withdraw it among the entries ({key}). All but the ended drafts stands as "
        "before.",
        key=entries_key(asked.t),
    )


def _ask_experience(asked: Asked) -> str:
    """Remind of the client's own account of the care, as long as none is recorded."""
    if asked.care.episode.experience is not None:
        return ""
    return asked.t(
        "Ask also what helped and what was missing, and record it under {record}, then {key}. "
        "Or let the client tell it alone: {alone} on the page of the episode.",
        **_under(asked.t),
    )


def _under(t: Speech) -> dict[str, str]:
    return {"record": record_key(t), "key": key_of("experience", t), "alone": alone_key(t)}


def _before_closing(asked: Asked) -> str:
    """Tell the agreed contact that would be lost, and what is asked first."""
    t, told = asked.t, []
    if danger := danger_words(asked.care.episode, asked.names, t):
        told.append(danger)
    if contact := asked.care.episode.unmet_contact:
        told.append(
            t(
                "A contact is still agreed: {contact}. When the episode ends, nobody is reminded "
                "of it.",
                contact=contact_words(contact, asked.names, t),
            )
        )
    if asked.care.episode.experience is None:
        told.append(
            t(
                "First ask what helped and what was missing. Record it under {record}, then {key}. "
                "Or let the client tell it alone: {alone} on the page of the episode. "
                "Nothing can be added once the episode has ended.",
                **_under(t),
            )
        )
    return " ".join(told)


FORMS: Mapping[str, Form] = {
    "opened": Form(titled(N_("The episode begins")), _opening, simple(Opened)),
    "period_started": Form(titled(N_("A treatment begins")), start_fields, started),
    "contact": Form(titled(N_("A contact")), contact_fields, CONTACT, note=typed_today),
    "measure": Form(
        titled(N_("Points of a questionnaire")), _measure, _taken, dated=False, note=_about_points
    ),
    "missed": Form(titled(N_("A contact that did not take place")), missed_fields, MISSED),
    "period_ended": Form(
        titled(N_("A treatment ends")), end_fields, simple(PeriodEnded), note=_ask_experience
    ),
    "next_contact": Form(titled(N_("The next contact")), _next, _agreed, dated=False, note=_late),
    "need_established": Form(
        titled(N_("The need for treatment is established")), nothing, simple(NeedEstablished)
    ),
    "paused": Form(titled(N_("The clock is paused")), _pause, simple(Paused)),
    "resumed": Form(titled(N_("The clock goes on")), nothing, simple(Resumed)),
    "voice": Form(titled(N_("What the client wants")), _voice, simple(Voice)),
    "agreement": Form(
        titled(N_("Agreement with the step")), _agreement, simple(Agreement), note=_anchors
    ),
    "segment": Form(titled(N_("Client group")), _segment, simple(Segment), from_first=True),
    **BACKGROUND,
    "experience": Form(
        titled(N_("What the client says at the end")),
        _experience,
        of_period(Experience),
        from_first=True,
    ),
    "closed": Form(titled(N_("The episode ends")), _close, simple(Closed), note=_before_closing),
    DIED: Form(titled(N_("The client has died")), _death, _died, dated=False, note=_about_death),
}
"""How each kind of event is asked for; a measurement comes from an assessment alone."""

TITLES = {kind: form.title for kind, form in FORMS.items()} | {
    BACKGROUND_KIND: titled(TITLE),
    TRACKS_KIND: titled(N_("Beside the steps of care")),
}
"""What each kind is called in that list."""


def form_of(event: Event) -> Form | None:
    """Return the form on which an event is corrected; a measurement has none."""
    return track_form_of(event) or FORMS.get(event.kind)


def opening_screen(workspace: Workspace, client: Client) -> FormScreen:
    """Return the form that opens an episode."""
    names = workspace.care_names
    fields: list[Field] = [
        Pick("referrer", REFERRED, False, "", list(names.referrers().items())),
        Pick("reason", REASON, False, "", list(names.reasons().items())),
        Day("day", DAY, typed=workspace.t.day(workspace.today)),
    ]

    def keep(values: Values) -> str | None:
        event = Opened.model_validate(given(values))
        return describe_refusal(workspace, partial(EpisodeSession.open, workspace, client, event))

    title = FORMS["opened"].title(workspace), show(client.code)
    return FormScreen(workspace, title, lambda _: fields, keep)
