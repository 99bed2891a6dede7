"""What goes on beside the steps of care, in words: what happens on tracks, and alcohol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from casework.care_names import CareNames
from casework.episode_names import EpisodeNames
from casework.language import N_, Speech
from screens.wording.decision_words import LOCAL_MARK
from stepping.episode import alcohol, tracks
from stepping.episode.events import AlcoholUse, TrackEvent
from stepping.episode.tracks import Next, TrackStatus
from stepping.pathway.care.schema import ActionId, What

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
    "arrived": N_("the referral has arrived"),
    "assessed": N_("assessed"),
    "begun": N_("treatment has begun"),
    "ended": N_("ended"),
}
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
    "arrived": N_("record when the referral arrived"),
    "assessed": N_("record when the assessment was made"),
    "begun": N_("record when treatment began"),
    "ended": N_("record how it ended"),
}
ALCOHOL = "alcohol"
NO_CODE = N_("code to be filled by the county")
"""Said of a procedure whose code nobody has told."""
MANNERS = {"phone": N_("by phone"), "written": N_("in writing")}
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


def action_words(track: str, what: ActionId, names: CareNames, t: Speech) -> str:
    """Return what happened on a track, in its own words or in those of every track."""
    return names.action(track, what) or t("" if what == "used" else TRACK_STEPS[what])


def track_words(event: TrackEvent, told: EpisodeNames, t: Speech) -> Iterator[str]:
    """Yield what happened on a track, one thing after another; what is not known is empty."""
    what = action_words(event.track, event.what, told.care, t)
    yield f"{told.care.track(event.track)}: {what}"
    yield from track_details(event, told, t)


def track_details(event: TrackEvent, told: EpisodeNames, t: Speech) -> Iterator[str]:
    """Yield what was recorded with an action; what is not known is empty."""
    yield told.place(event.where)
    yield t(MANNERS[event.manner]) if event.manner else ""
    yield told.care.outcome(event.outcome)
    if event.took_place is not None:
        yield t("it took place") if event.took_place else t("it did not take place")
    yield told.care.role(event.role)
    yield t("to be reviewed {day}", day=t.day(event.review_on)) if event.review_on else ""
    goals = "; ".join(event.goals or ())
    yield t("goals: {goals}", goals=goals) if goals else ""
    yield event.words or ""


def alcohol_words(event: AlcoholUse, names: CareNames, t: Speech) -> Iterator[str]:
    """Yield what was found out and done about alcohol; what is not known is empty."""
    if event.audit is not None:
        risk = t(ZONES[alcohol.zone_of(event.audit).name])
        yield t("AUDIT {points} ({risk})", points=event.audit, risk=risk)
    if event.portions is not None:
        yield t.many(
            "{count} portion of alcohol a week",
            "{count} portions of alcohol a week",
            event.portions,
        )
    if event.mini_intervention:
        code = names.code(ALCOHOL) or t(NO_CODE)
        yield f"{t('mini-intervention given')} ({code})"
    yield t("to be asked again {day}", day=t.day(event.review_on)) if event.review_on else ""


def alcohol_now(status: TrackStatus, sex: str | None, t: Speech) -> Iterator[str]:
    """Yield what the latest AUDIT and the latest portions mean, and what they were before."""
    uses = [event for event in status.events if isinstance(event, AlcoholUse)]
    audits = [(use.day, use.audit) for use in uses if use.audit is not None]
    weeks = [(use.day, use.portions) for use in uses if use.portions is not None]
    if audits:
        points = audits[-1][1]
        risk = t(ZONES[alcohol.zone_of(points).name])
        now = t("AUDIT {points} ({risk})", points=points, risk=risk)
        asks = t(WHO_ZONES[alcohol.zone_of(points, alcohol.WHO_ZONES).name])
        yield f"{now}: {asks} {t(LOCAL_MARK)}"
        yield from _before(audits, t)
    if weeks:
        count = weeks[-1][1]
        low, high = alcohol.alarm_limits(sex)
        limit = t(LIMITS[alcohol.compare_with_limits(count, sex)], low=low, high=high)
        said = t.many(
            "{count} portion of alcohol a week", "{count} portions of alcohol a week", count
        )
        yield f"{said}: {limit}"
        yield from _before(weeks, t)


def _before(found: list[tuple[date, int]], t: Speech) -> Iterator[str]:
    """Yield the numbers before the last one, the newest first."""
    earlier = ", ".join(f"{number} ({t.day(day)})" for day, number in reversed(found[:-1]))
    if earlier:
        yield t("before: {numbers}", numbers=earlier)


def status_words(status: TrackStatus, names: CareNames, t: Speech) -> str:
    """Return where a track stands, what comes next, and by when."""
    if status.state == "not_begun":
        return t("nothing recorded")
    last = status.events[-1]
    what = action_words(status.track, tracks.action_of(last), names, t)
    parts = [f"{what} {t.day(last.day)}"]
    if status.next is not None:
        parts.append(t("next: {deed}", deed=t(NEXT[status.next])))
    if status.by is not None:
        late = N_("! by {day}: LATE") if status.overdue else N_("by {day}")
        parts.append(t(late, day=t.day(status.by)))
    return "; ".join(parts)
