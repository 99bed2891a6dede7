"""What stands in an episode of care, in words: its events, its clocks, and what has changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from casework.care_names import CareNames
from casework.episode_names import EpisodeNames
from casework.language import N_, Speech
from screens.wording.day_words import contact_words
from screens.wording.measure_words import taken_words
from screens.wording.track_words import alcohol_words, track_words
from stepping.decision.verdicts import Verdicts
from stepping.episode.events import (
    Agreement,
    AlcoholUse,
    Closed,
    Contact,
    Event,
    Experience,
    Measured,
    MeasureTaken,
    Missed,
    NeedEstablished,
    NextContact,
    Opened,
    Paused,
    PeriodEnded,
    PeriodStarted,
    Reason,
    Referrer,
    Responsible,
    Resumed,
    Segment,
    TrackEvent,
    Voice,
    Withdrawn,
)
from stepping.episode.reliable_change import OverallCategory

VERDICTS: Mapping[OverallCategory, str] = {
    "reliable_deterioration": N_("reliable deterioration"),
    "mixed": N_("one total reliably better, another reliably worse"),
    "reliable_recovery": N_("scores recovered"),
    "reliable_improvement": N_("reliable improvement"),
    "recovery": N_("score below the limit, but by fewer points than the measure's own error"),
    "no_reliable_change": N_("no reliable change"),
    "unknown": N_("change not known"),
}
"""What scores alone show; whether the client has recovered is `recovery_words`."""
HAS_RECOVERED = N_("the client has recovered")
_SCORES_ALONE = ("reliable_recovery", "recovery")
GAPS = {
    "no_baseline": N_("there is no first measurement"),
    "baseline_incomplete": N_("the first measurement lacks answers"),
    "nothing_later": N_("there is no later measurement yet"),
    "latest_incomplete": N_("the latest measurement lacks answers"),
}
SEGMENTS = {
    1: N_("1, occasional need"),
    2: N_("2, foreseeable need"),
    3: N_("3, continuous need"),
    4: N_("4, need of several professions"),
}
SEGMENTS_ABOUT = {
    1: N_("one passing matter, met by a contact or a short treatment"),
    2: N_("a need that is known ahead, met by a planned course of treatment"),
    3: N_("a lasting need, met over the years by the same people"),
    4: N_("several services at once: a contact person and one joint plan"),
}
"""What the client groups of the region's service strategy stand for."""
PAUSES = {
    "client_wish": N_("the client wishes it"),
    "medical": N_("a medical reason"),
}
MISSES = {
    "not_come": N_("the client did not come"),
    "client_cancelled": N_("the client cancelled it"),
    "unit_cancelled": N_("we cancelled it"),
}
WITH_WHOM = {
    "client": N_("the client alone"),
    "family": N_("the family, with or without the client"),
    "network": N_("other workers, with or without the client"),
}
"""Who took part in a contact, as it is asked."""
_WITH = {
    "client": N_("with the client"),
    "family": N_("with the family"),
    "network": N_("with other workers"),
}
ENDS = {
    "completed": N_("carried through"),
    "stepped_up": N_("stepped up"),
    "stepped_down": N_("stepped down"),
    "client_ended": N_("the client ended it"),
    "moved": N_("the client moved"),
    "other": N_("another reason"),
    "died": N_("the client has died"),
}
VOICES = {
    "goal": N_("goal"),
    "wish": N_("wish"),
    "format": N_("how the client wants to meet"),
    "language": N_("language"),
    "helped_before": N_("what has helped before"),
    "experience": N_("experience of the care"),
}
EXPERIENCE_LABELS = {
    "helped": N_("What helped"),
    "missing": N_("What was missing"),
    "heard": N_("Were you heard, and how"),
    "changed": N_("What has changed"),
    "advice": N_("What would you do differently"),
}
"""How each is asked at the end."""
EXPERIENCE = {
    "helped": N_("what helped"),
    "missing": N_("what was missing"),
    "heard": N_("how the client was heard"),
    "changed": N_("what has changed"),
    "advice": N_("what the client would do differently"),
}
CLOSINGS = {
    "recovered": N_("recovered"),
    "moved_on": N_("moved on"),
    "ended_by_client": N_("the client ended it"),
    "referred": N_("referred elsewhere"),
    "died": N_("the client has died"),
}
REFERRED = N_("referred by: {referrer}")
CAME_FOR = N_("reason for contact: {reason}")
DESPITE: Mapping[str, str] = {
    "other_measure": N_("another measure, or who treats the client, shows it"),
    "not_measured": N_("the last measurement was not made"),
    "other_cause": N_("something else explains the scores"),
    "client_view": N_("the client feels recovered"),
    "clinical": N_("clinical judgement"),
    "other": N_("another reason, in words"),
}
"""Why an episode ends as recovered though no measurement says so."""
_ADULT = 18


def maybe_minor(birth_year: int | None, year: int) -> bool:
    """Return whether somebody born in a year may be under 18 at some time in another year.

    A year that is not known may be any.
    """
    return birth_year is None or year - birth_year <= _ADULT


def recovery_words(verdicts: Verdicts | None, scores: OverallCategory, t: Speech) -> str:
    """Say that the client has recovered, or that scores which look so are not enough.

    Nothing is said where the follow-up did not tell, nor of scores that promise nothing.
    """
    if verdicts is None or verdicts.recovered is None:
        return ""
    if verdicts.recovered:
        return t(HAS_RECOVERED)
    if scores not in _SCORES_ALONE:
        return ""
    if verdicts.risk:
        return t("not counted as recovered: a sign of suicide risk")
    return t("not yet recovered by the rules of the follow-up")


def event_words(event: Event, told: EpisodeNames, t: Speech) -> str:
    """Return one event in a sentence, without its day."""
    return " · ".join(part for part in _parts(event, told, t) if part)


def _parts(event: Event, told: EpisodeNames, t: Speech) -> Iterator[str]:
    """Yield what an event says, one thing after another; what is not known is empty."""
    match event:
        case PeriodStarted() | Contact() | Missed() | PeriodEnded():
            yield from _of_treatment(event, told, t)
        case Voice() | Experience() | Agreement():
            yield from _of_client(event, t)
        case Measured():
            yield t("step {step} confirmed", step=event.step) if event.step is not None else ""
            yield "" if event.step is not None else t("measured")
            yield from _context(event, told, t)
            yield from (
                f"{m.label} {event.scores[m.fact]}" for m in told.measures if m.fact in event.scores
            )
        case NextContact():
            yield t("next contact agreed for {day}", day=contact_words(event, told.care, t))
            yield t("why so late: {why}", why=event.why) if event.why else ""
        case MeasureTaken():
            yield from taken_words(event, told.care, t)
        case AlcoholUse():
            yield t("alcohol")
            yield from alcohol_words(event, told.care, t)
        case TrackEvent():
            yield from track_words(event, told, t)
        case _:
            yield from _of_episode(event, told, t)


def _context(event: Measured, told: EpisodeNames, t: Speech) -> Iterator[str]:
    """Yield what an interview told of the client's group and of who sent the client."""
    if event.segment is not None:
        yield t("client group {group}", group=t(SEGMENTS[event.segment]))
    if event.referrer is not None:
        yield t(REFERRED, referrer=told.care.referrer(event.referrer))
    if event.reasons:
        yield t(CAME_FOR, reason=told.care.list_reasons(event.reasons))


def _of_episode(event: Event, told: EpisodeNames, t: Speech) -> Iterator[str]:
    match event:
        case Opened():
            yield t("the episode began")
            yield told.care.referrer(event.referrer)
            yield told.care.reason(event.reason)
        case NeedEstablished():
            yield t("need for treatment established")
        case Paused():
            yield t("clock paused: {why}", why=t(PAUSES[event.why]))
        case Resumed():
            yield t("clock goes on")
        case Segment() | Referrer() | Reason() | Responsible():
            yield _around(event, told, t)
        case Closed():
            yield t("the episode ended: {how}", how=t(CLOSINGS[event.how]))
            yield despite_words(event, t)
            yield event.in_own_words or ""
        case Withdrawn():
            yield t("withdrawn")


def _around(event: Segment | Referrer | Reason | Responsible, told: EpisodeNames, t: Speech) -> str:
    """Say what is known of the client's coming and of whose client it is."""
    match event:
        case Segment():
            return t("client group {group}", group=t(SEGMENTS[event.group]))
        case Referrer():
            return t(REFERRED, referrer=told.care.referrer(event.referrer))
        case Reason():
            return t(CAME_FOR, reason=told.care.reason(event.reason))
        case Responsible():
            return t("responsible worker: {worker}", worker=responsible_words(event, told.care))


def responsible_words(event: Responsible, names: CareNames) -> str:
    """Name a responsible worker by staff code and profession, as far as they are told."""
    return ", ".join(part for part in (event.who, names.role(event.role)) if part)


def despite_words(event: Closed, t: Speech) -> str:
    """Say why an episode ended against the figures, or with a danger that nobody had assessed."""
    words = (event.despite_words or "").split()
    if event.despite is not None:
        why = " ".join([t(DESPITE[event.despite]), *words])
        return t("no measurement said so; why: {why}", why=why)
    return t("safety was not assessed; why: {why}", why=" ".join(words)) if words else ""


def _of_treatment(
    event: PeriodStarted | Contact | Missed | PeriodEnded, told: EpisodeNames, t: Speech
) -> Iterator[str]:
    match event:
        case PeriodStarted():
            yield t("began: {name}", name=told.intervention(event.intervention))
            yield told.service(event.service)
        case Contact():
            yield t("contact")
            yield told.care.channel(event.channel)
            yield t(_WITH[event.with_whom]) if event.with_whom else ""
            yield told.care.role(event.by)
            yield _outside(event, t)
            totals = (("ORS", event.ors), ("SRS", event.srs))
            yield from (f"{name} {t.number(each)}" for name, each in totals if each is not None)
        case Missed():
            yield t("contact missed: {why}", why=t(MISSES[event.why]))
            yield told.care.channel(event.channel)
            yield told.care.role(event.by)
            yield _outside(event, t)
        case PeriodEnded():
            yield t("treatment ended: {why}", why=t(ENDS[event.why]))
            yield t("onward: {place}", place=told.service(event.onward)) if event.onward else ""
            if event.satisfaction is not None:
                yield t("satisfaction {rating}/10", rating=event.satisfaction)
            yield event.in_own_words or ""


def _outside(event: Contact | Missed, t: Speech) -> str:
    return "" if event.period else t("outside any treatment")


def _of_client(event: Voice | Experience | Agreement, t: Speech) -> Iterator[str]:
    match event:
        case Voice():
            yield f"{t(VOICES[event.about])}: {event.words}"
        case Experience():
            yield (
                t("experience of the care")
                if event.period is None
                else t("experience of a treatment")
            )
            yield t("told alone") if event.alone else ""
            if event.satisfaction is not None:
                yield t("satisfaction {rating}/10", rating=event.satisfaction)
            words = ((label, getattr(event, name)) for name, label in EXPERIENCE.items())
            yield from (f"{t(label)}: {text}" for label, text in words if text)
        case Agreement():
            yield t("agrees with the step {rating}/10", rating=event.rating)
