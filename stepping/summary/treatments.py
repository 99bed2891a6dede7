"""The rows of the treatments of an episode."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from stepping.episode.episode import Episode, Period
from stepping.episode.events import TrackEvent
from stepping.summary.context import Context, Terms, month_of
from stepping.summary.rows import TreatmentRow


def treatment_rows(episode: Episode, context: Context) -> Iterator[TreatmentRow]:
    """Yield a row for each treatment of an episode."""
    for number, period in enumerate(episode.periods, start=1):
        yield _row(number, period, episode, context)


def _row(number: int, period: Period, episode: Episode, context: Context) -> TreatmentRow:
    started, ended = period.started, period.ended
    terms = terms_at(episode, context, period)
    missed = Counter(each.why for each in period.missed)
    return TreatmentRow(
        number=number,
        form=started.intervention,
        code=terms.codes.get(started.intervention),
        programme=terms.programmes.get(started.intervention),
        service=started.service,
        production=started.production,
        counted=started.counted,
        step=started.step,
        started=month_of(started.day),
        ended=month_of(ended.day) if ended else None,
        weeks=(ended.day - started.day).days // 7 if ended else None,
        why=ended.why if ended else None,
        onward=ended.onward if ended else None,
        arrived=_arrived(episode, period),
        next_step=_next_step(period, episode.periods[number:]),
        satisfaction=period.satisfaction,
        alone=_alone(period),
        kept=len(period.contacts),
        not_come=missed["not_come"],
        client_cancelled=missed["client_cancelled"],
        unit_cancelled=missed["unit_cancelled"],
        remote=_remote(period, context.remote),
    )


def terms_at(episode: Episode, context: Context, period: Period) -> Terms:
    """Return what the pathway said by which a treatment began: that of the assessment before it."""
    told = [each for each in episode.measured if each.assessment in context.terms]
    before = [each for each in told if each.day <= period.started.day]
    nearest = before[-1:] or told[:1]
    return context.terms[nearest[0].assessment] if nearest else Terms()


def _alone(period: Period) -> bool | None:
    """Return whether the client told alone how satisfied they are; None where nobody told."""
    told = [each for each in period.told if each.satisfaction is not None]
    return told[-1].alone if told else None


def _arrived(episode: Episode, period: Period) -> str | None:
    """Return what became of where a treatment ended onward to; None where nobody told."""
    ended = period.ended
    if ended is None or ended.onward is None:
        return None
    later = (each.started for each in episode.periods if each.started.day >= ended.day)
    if any(started.service == ended.onward for started in later):
        return "took_place"
    told = None
    for event in episode.events:
        if isinstance(event, TrackEvent) and event.day >= ended.day and event.where == ended.onward:
            if event.what == "refused":
                told = "refused"
            elif event.took_place is not None or event.what in ("met", "begun"):
                told = "not" if event.took_place is False else "took_place"
    return told


def _next_step(period: Period, later: Sequence[Period]) -> int | None:
    if period.ended is None:
        return None
    return next((e.started.step for e in later if e.started.day >= period.ended.day), None)


def _remote(period: Period, remote: Collection[str]) -> int | None:
    told = [contact.channel for contact in period.contacts if contact.channel is not None]
    return sum(channel in remote for channel in told) if told else None
