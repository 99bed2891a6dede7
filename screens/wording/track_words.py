"""What goes on beside the steps of care, in words: the tracks, their deeds, and alcohol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from casework.language import N_, Speech
from screens.wording.decision_words import LOCAL_MARK
from stepping.episode import alcohol, tracks
from stepping.episode.events import AlcoholUse, Track, TrackEvent, What
from stepping.episode.tracks import ActionId, Next, TrackStatus

if TYPE_CHECKING:
    from casework.episode_names import EpisodeNames

TRACKS: Mapping[Track, str] = {
    "alcohol": N_("alcohol"),
    "work_ability": N_("work ability"),
    "multi_service": N_("several services together"),
    "employer_talk": N_("talk with the employer"),
    "physiotherapy": N_("physiotherapy"),
    "exercise": N_("exercise"),
    "child_welfare": N_("child welfare"),
    "doctor": N_("doctor"),
}
ABOUT: Mapping[Track, str] = {
    "alcohol": N_(
        "Where AUDIT-C is over its limit: the whole AUDIT and a mini-intervention. That is a "
        "short, friendly talk about the result, the risks and the client's own next goal."
    ),
    "work_ability": N_(
        "The work ability support team meets clients who are out of work, at the hub of their "
        "municipality. Whoever is employed goes to occupational health care instead. Nothing is "
        "sent before the client agrees."
    ),
    "multi_service": N_(
        "For needs that several services share: one contact person, and one plan with the "
        "client's own goals. A day is set on which the plan is looked at again."
    ),
    "employer_talk": N_(
        "The client came after an early-support talk with the manager. The employer may learn "
        "only that the client came, and only if the client agrees. Nothing else is told."
    ),
    "physiotherapy": N_(
        "Psychophysical physiotherapy: breathing, tension and rest by way of the body, beside "
        "the treatment."
    ),
    "exercise": N_(
        "A referral to an activity counsellor or a group that starts gently, beside the treatment."
    ),
    "child_welfare": N_(
        "Your own worry is enough. Secrecy does not prevent a notice, and no consent is needed "
        "(Child Welfare Act, section 25). Write nothing about the child here."
    ),
    "doctor": N_("A doctor's assessment or consultation beside the steps."),
}
TRACK_STEPS: Mapping[What, str] = {
    "planned": N_("planned"),
    "referred": N_("referred"),
    "consented": N_("the client agreed"),
    "refused": N_("the client refused"),
    "notified": N_("notice made"),
    "acknowledged": N_("notice acknowledged"),
    "told": N_("attendance told"),
    "met": N_("met"),
    "reviewed": N_("reviewed"),
    "ended": N_("ended"),
}
DEEDS: Mapping[tuple[Track, ActionId], str] = {
    ("alcohol", "used"): N_("alcohol brought up"),
    ("alcohol", "referred"): N_("referred to a substance service"),
    ("work_ability", "met"): N_("the team has met the client"),
    ("multi_service", "planned"): N_("plan made"),
    ("multi_service", "reviewed"): N_("plan reviewed"),
    ("employer_talk", "referred"): N_("came after an early-support talk"),
    ("employer_talk", "consented"): N_("agreed that the attendance is told"),
    ("employer_talk", "refused"): N_("lets nothing be told"),
    ("employer_talk", "told"): N_("attendance told to the employer"),
    ("child_welfare", "ended"): N_("outcome known"),
}
"""What a deed is called on its own track, where that says more than `TRACK_STEPS`."""
NEXT: Mapping[Next, str] = {
    "audit": N_("the whole AUDIT"),
    "mini_intervention": N_("the mini-intervention"),
    "ask_again": N_("ask about alcohol again"),
    "used": N_("ask about alcohol"),
    "planned": N_("a plan"),
    "referred": N_("referral"),
    "consented": N_("ask for the client's consent"),
    "refused": N_("nothing"),
    "notified": N_("make the notice"),
    "acknowledged": N_("ask whether the notice has arrived"),
    "told": N_("tell the attendance, and nothing more"),
    "met": N_("first meeting"),
    "reviewed": N_("review"),
    "ended": N_("record how it ended"),
}
PLACES = {
    "child_protection": N_("child protection of the county"),
    "social_emergency": N_("social emergency service"),
    "police": N_("police"),
    "occupational_health": N_("occupational health care"),
}
"""Where something is sent that is no service of the list."""
MANNERS = {"phone": N_("by phone"), "written": N_("in writing")}
OUTCOMES = {
    "assessment": N_("the need for service is being assessed"),
    "support": N_("support of social care for the family"),
    "client": N_("the child became a client of child protection"),
    "nothing": N_("no measures"),
    "not_told": N_("it was not told"),
}
ROLES = {
    "nurse": N_("nurse"),
    "doctor": N_("doctor"),
    "psychologist": N_("psychologist"),
    "social_worker": N_("social worker"),
    "physiotherapist": N_("physiotherapist"),
    "employment": N_("employment services"),
    "other": N_("somebody else"),
}
ZONES = {
    "low": N_("low risk"),
    "slight": N_("slightly raised risk"),
    "clear": N_("clearly raised risk"),
    "high": N_("high risk"),
    "very_high": N_("very high risk"),
}
WHO_ZONES = {
    "education": N_("information is enough"),
    "advice": N_("advice: the mini-intervention"),
    "counselling": N_("mini-intervention, follow-up, and a substance service beside"),
    "service": N_("a substance service assesses and leads"),
}
LIMITS = {
    "below": N_("below the alarm limit ({low}–{high})"),
    "at": N_("at the alarm limit ({low}–{high})"),
    "over": N_("over the alarm limit ({low}–{high})"),
}
DRINKS = {
    "beer_small": N_("Beer or cider 0.33 l, 4.7 %"),
    "beer_large": N_("Beer or cider 0.5 l, 4.7 %"),
    "beer_strong": N_("Strong beer 0.5 l, 5.5 %"),
    "long_drink": N_("Long drink 0.33 l, 5.5 %"),
    "wine_glass": N_("Wine, a glass of 12 cl, 12.5 %"),
    "wine_bottle": N_("Wine, a bottle of 0.75 l, 12.5 %"),
    "fortified": N_("Fortified wine 8 cl, 20 %"),
    "spirit_shot": N_("Spirits 4 cl, 40 %"),
    "spirit_bottle": N_("Spirits, a bottle of 0.5 l, 38 %"),
}


def capital(text: str) -> str:
    """Return a text with its first letter large, as a title has it."""
    return text[:1].upper() + text[1:]


def action_words(track: Track, what: ActionId, t: Speech) -> str:
    """Say what happened on a track."""
    own = DEEDS.get((track, what))
    return t(own or ("" if what == "used" else TRACK_STEPS[what]))


def place(where: str | None, told: EpisodeNames, t: Speech) -> str:
    """Say where: a service, or one of the places that no list of services has."""
    return t(PLACES[where]) if where in PLACES else told.service(where)


def track_words(event: TrackEvent, told: EpisodeNames, t: Speech) -> Iterator[str]:
    """Say what happened on a track, one thing after another; what is not known is empty."""
    track, what = t(TRACKS[event.track]), action_words(event.track, event.what, t)
    yield f"{track}: {what}"
    yield from track_details(event, told, t)


def track_details(event: TrackEvent, told: EpisodeNames, t: Speech) -> Iterator[str]:
    """Say what was told with a deed; what is not known is empty."""
    yield place(event.where, told, t)
    yield t(MANNERS[event.manner]) if event.manner else ""
    yield t(OUTCOMES.get(event.outcome or "", event.outcome or ""))
    if event.took_place is not None:
        yield t("it took place") if event.took_place else t("it did not take place")
    yield t(ROLES.get(event.role or "", event.role or ""))
    yield t("to be reviewed {day}", day=event.review_on) if event.review_on else ""
    goals = "; ".join(event.goals or ())
    yield t("goals: {goals}", goals=goals) if goals else ""
    yield event.words or ""


def alcohol_words(event: AlcoholUse, t: Speech) -> Iterator[str]:
    """Say what was found out and done about alcohol; what is not known is empty."""
    if event.audit is not None:
        risk = t(ZONES[alcohol.zone(event.audit).name])
        yield t("AUDIT {points} ({risk})", points=event.audit, risk=risk)
    if event.portions is not None:
        yield t.many(
            "{count} portion of alcohol a week",
            "{count} portions of alcohol a week",
            event.portions,
        )
    yield t("mini-intervention given") if event.mini_intervention else ""
    yield t("to be asked again {day}", day=event.review_on) if event.review_on else ""


def alcohol_now(standing: TrackStatus, sex: str | None, t: Speech) -> Iterator[str]:
    """Say what the latest AUDIT and the latest portions mean, and what they were before."""
    uses = [event for event in standing.events if isinstance(event, AlcoholUse)]
    audits = [(use.day, use.audit) for use in uses if use.audit is not None]
    weeks = [(use.day, use.portions) for use in uses if use.portions is not None]
    if audits:
        points = audits[-1][1]
        risk = t(ZONES[alcohol.zone(points).name])
        now = t("AUDIT {points} ({risk})", points=points, risk=risk)
        asks = t(WHO_ZONES[alcohol.zone(points, alcohol.WHO_ZONES).name])
        yield f"{now}: {asks} {t(LOCAL_MARK)}"
        yield from _before(audits, t)
    if weeks:
        count = weeks[-1][1]
        low, high = alcohol.alarm(sex)
        limit = t(LIMITS[alcohol.over_limit(count, sex)], low=low, high=high)
        said = t.many(
            "{count} portion of alcohol a week", "{count} portions of alcohol a week", count
        )
        yield f"{said}: {limit}"
        yield from _before(weeks, t)


def _before(found: list[tuple[date, int]], t: Speech) -> Iterator[str]:
    """The numbers before the last one, the newest first."""
    earlier = ", ".join(f"{number} ({day})" for day, number in reversed(found[:-1]))
    if earlier:
        yield t("before: {numbers}", numbers=earlier)


def status_words(standing: TrackStatus, t: Speech) -> str:
    """Say where a track stands, what comes next, and by when."""
    if standing.state == "not_begun":
        return t("nothing recorded")
    last = standing.events[-1]
    what = action_words(standing.track, tracks.action_of(last), t)
    parts = [f"{what} {last.day}"]
    if standing.next is not None:
        parts.append(t("next: {deed}", deed=t(NEXT[standing.next])))
    if standing.by is not None:
        late = N_("! by {day}: LATE") if standing.overdue else N_("by {day}")
        parts.append(t(late, day=standing.by))
    return "; ".join(parts)
