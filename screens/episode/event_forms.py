"""The forms of what may be recorded in an episode of care, and when each may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial

from casework.episode import EpisodeSession
from casework.language import N_, Speech
from casework.workspace import Workspace
from screens.episode.event_form import (
    DAY,
    WORDS,
    Asked,
    Form,
    given,
    noted,
    nothing,
    offer_words,
    simple,
    titled,
)
from screens.episode.event_keys import TRACKS_KIND, entries_key, key_of, record_key
from screens.episode.track_forms import track_form_of
from screens.forms.contact_form import contact_fields, contact_of
from screens.forms.fields import Day, Field, Number, Pick, Values, options
from screens.forms.form import FormScreen, describe_refusal
from screens.wording.day_words import contact_words, day_words
from screens.wording.event_words import (
    CLOSINGS,
    DESPITE,
    ENDS,
    EXPERIENCE_LABELS,
    MISSES,
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
    Contact,
    Event,
    Experience,
    MeasureTaken,
    Missed,
    NeedEstablished,
    NextContact,
    Opened,
    Paused,
    PeriodEnded,
    PeriodStarted,
    Referrer,
    Resumed,
    Segment,
    Voice,
)
from stepping.episode.measures import find_unassessed
from stepping.episode.validation import says_recovered
from store.codes import show
from store.records import Client

TREATMENT = N_("Treatment")
DIED = "died"
"""How an episode ends by death."""
REFERRED = N_("Who referred the client")
_anchors = noted(N_("0: the step does not suit the client at all. 10: it suits wholly."))
_MOST_POINTS = 100
"""The highest total of any questionnaire, as long as none is chosen."""


def _opening(asked: Asked) -> list[Field]:
    return [asked.choose("referrer", REFERRED, asked.names.referrers(), needed=False)]


def _referrer(asked: Asked) -> list[Field]:
    """Ask who sent the client, with what is known already chosen."""
    known = asked.was("referrer") or asked.care.episode.referrer or ""
    return [Pick("referrer", REFERRED, True, known, list(asked.names.referrers().items()))]


def _start(asked: Asked) -> list[Field]:
    care, language = asked.care, asked.care.workspace.language
    chosen = asked.typed.get("intervention", asked.was("intervention"))
    forms = [(i.id, offer_words(asked.t, i, language)) for i in care.list_offered(asked.day)]
    services = [(s.id, s.name[language]) for s in care.list_services(chosen)]
    where = N_("Service") if services or not chosen else N_("Service (none listed here)")
    return [
        Pick("intervention", TREATMENT, True, asked.was("intervention"), forms),
        Pick("service", where, False, asked.was("service"), services),
    ]


def _started(asked: Asked, values: Values) -> Event:
    old = asked.old if isinstance(asked.old, PeriodStarted) else None
    settled = asked.care.settle_treatment(str(values["intervention"]), old)
    return PeriodStarted.model_validate({**given(values), **settled})


def _period(asked: Asked) -> Field:
    """Ask which treatment; one that is alone is chosen already."""
    care, fixed = asked.care, asked.was("period")
    names = care.names
    periods = [p for p in care.episode.periods if p.open or p.id == fixed]
    choices = [
        (p.id, f"{names.intervention(p.started.intervention)} {asked.t.day(p.started.day)}")
        for p in periods
    ]
    alone = choices[-1][0] if len(choices) == 1 else ""
    return Pick("period", TREATMENT, True, fixed or alone, choices)


def _contact(asked: Asked) -> list[Field]:
    return [_period(asked), *(field for _, field in _feedback(asked))]


def _feedback(asked: Asked) -> Iterator[tuple[str, Field]]:
    """Ask for ORS and SRS, but for one that is typed in for the day already."""
    totals = (("ors", N_("ORS total, 0–40")), ("srs", N_("SRS total, 0–40")))
    for name, label in totals:
        if asked.was(name) or not asked.care.find_typed(name, asked.day):
            yield name, Number(name, label, False, asked.was(name), 0, 40, tenths=True)


def _typed_today(asked: Asked) -> str:
    """Tell which of ORS and SRS are typed in already."""
    asks = dict(_feedback(asked))
    known = [
        f"{name.upper()} {asked.t.number(point.points)}"
        for name in ("ors", "srs")
        if name not in asks and (point := asked.care.find_typed(name, asked.day))
    ]
    if not known:
        return ""
    return asked.t("Typed in for this day already: {totals}.", totals=", ".join(known))


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


def _missed(asked: Asked) -> list[Field]:
    return [_period(asked), asked.pick("why", N_("Why"), MISSES)]


def _end(asked: Asked) -> list[Field]:
    return [
        _period(asked),
        asked.pick("why", N_("Why it ended"), _living(ENDS)),
        Pick("onward", N_("Referred onward to"), False, asked.was("onward"), asked.places()),
        Number("satisfaction", N_("Satisfaction, 0–10"), False, asked.was("satisfaction")),
        asked.text("in_own_words", WORDS),
    ]


def _agreed_before(asked: Asked) -> tuple[NextContact | None, date | None]:
    """Return the contact that is corrected, if any, and by which day a safety step asks for one."""
    was = asked.old if isinstance(asked.old, NextContact) else None
    return was, latest_day(asked.care.episode.events, was)


def _next(asked: Asked) -> list[Field]:
    was, last = _agreed_before(asked)
    return contact_fields(asked.care.workspace, asked.typed, was, last=last, needed=False)


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
    return [asked.text(name, label) for name, label in EXPERIENCE_LABELS.items()]


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
        "Ask also what helped and what was missing, and record it under {record}, then {key}.",
        **_under(asked.t),
    )


def _under(t: Speech) -> dict[str, str]:
    return {"record": record_key(t), "key": key_of("experience", t)}


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
                "Nothing can be added once the episode has ended.",
                **_under(t),
            )
        )
    return " ".join(told)


FORMS: Mapping[str, Form] = {
    "opened": Form(titled(N_("The episode begins")), _opening, simple(Opened)),
    "period_started": Form(titled(N_("A treatment begins")), _start, _started),
    "contact": Form(titled(N_("A contact")), _contact, simple(Contact), note=_typed_today),
    "measure": Form(
        titled(N_("Points of a questionnaire")), _measure, _taken, dated=False, note=_about_points
    ),
    "missed": Form(titled(N_("A contact that did not take place")), _missed, simple(Missed)),
    "period_ended": Form(
        titled(N_("A treatment ends")), _end, simple(PeriodEnded), note=_ask_experience
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
    "referrer": Form(titled(REFERRED), _referrer, simple(Referrer), from_first=True),
    "experience": Form(
        titled(N_("What the client says at the end")),
        _experience,
        simple(Experience),
        from_first=True,
    ),
    "closed": Form(titled(N_("The episode ends")), _close, simple(Closed), note=_before_closing),
    DIED: Form(titled(N_("The client has died")), _death, _died, dated=False, note=_about_death),
}
"""How each kind of event is asked for; a measurement comes from an assessment alone."""

TITLES = {kind: form.title for kind, form in FORMS.items()} | {
    TRACKS_KIND: titled(N_("Beside the steps of care"))
}
"""What each kind is called in that list."""


def form_of(event: Event) -> Form | None:
    """Return the form on which an event is corrected; a measurement has none."""
    return track_form_of(event) or FORMS.get(event.kind)


def opening_screen(workspace: Workspace, client: Client) -> FormScreen:
    """Return the form that opens an episode."""
    fields: list[Field] = [
        Pick("referrer", REFERRED, False, "", list(workspace.care_names.referrers().items())),
        Day("day", DAY, typed=workspace.t.day(workspace.today)),
    ]

    def keep(values: Values) -> str | None:
        event = Opened.model_validate(given(values))
        return describe_refusal(workspace, partial(EpisodeSession.open, workspace, client, event))

    title = FORMS["opened"].title(workspace), show(client.code)
    return FormScreen(workspace, title, lambda _: fields, keep)
