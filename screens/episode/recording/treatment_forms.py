"""The forms of treatments: how one begins and ends, and each contact of it or outside any."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from casework.language import N_
from screens.episode.recording.event_form import WORDS, Asked, given, offer_words, simple
from screens.forms.fields import Field, Number, Pick, Values, options
from screens.wording.event_words import ENDS, MISSES, WITH_WHOM
from stepping.episode.events import Contact, Event, Missed, PeriodStarted

TREATMENT = N_("Treatment")
DIED = "died"
"""How an episode ends by death, which is recorded by a form of its own and ends everything."""
OUTSIDE = "-"
"""What stands for no treatment at all."""


def start_fields(asked: Asked) -> list[Field]:
    """Ask which form of care begins, and where."""
    care, language = asked.care, asked.care.workspace.language
    chosen = asked.typed.get("intervention", asked.was("intervention"))
    forms = [(i.id, offer_words(asked.t, i, language)) for i in care.list_offered(asked.day)]
    services = [(s.id, s.name[language]) for s in care.list_services(chosen)]
    where = N_("Service") if services or not chosen else N_("Service (none listed here)")
    return [
        Pick("intervention", TREATMENT, True, asked.was("intervention"), forms),
        Pick("service", where, False, asked.was("service"), services),
    ]


def started(asked: Asked, values: Values) -> Event:
    """Return the start of a treatment, with what it settles by itself."""
    old = asked.old if isinstance(asked.old, PeriodStarted) else None
    chosen = values.get("service")
    service = str(chosen) if chosen else None
    settled = asked.care.settle_treatment(str(values["intervention"]), old, service)
    return PeriodStarted.model_validate({**given(values), **settled})


def _treatments(asked: Asked) -> list[tuple[str, str]]:
    """Return the treatments that go on, and the one that a correction tells of."""
    names, t = asked.care.names, asked.t
    periods = [p for p in asked.care.episode.periods if p.open or p.id == asked.was("period")]
    return [
        (p.id, f"{names.intervention(p.started.intervention)} {t.day(p.started.day)}")
        for p in periods
    ]


def _period(asked: Asked) -> Field:
    """Ask which treatment; one that is alone is chosen already."""
    choices = _treatments(asked)
    alone = choices[-1][0] if len(choices) == 1 else ""
    return Pick("period", TREATMENT, True, asked.was("period") or alone, choices)


def period_or_none(asked: Asked, none: str, chosen: str = "") -> list[Field]:
    """Ask which treatment, if any; nothing is asked where none goes on."""
    choices = _treatments(asked)
    if not choices:
        return []
    alone = choices[0][0] if len(choices) == 1 else ""
    told = asked.was("period") or (OUTSIDE if asked.old else chosen or alone)
    return [Pick("period", TREATMENT, True, told, [*choices, (OUTSIDE, asked.t(none))])]


def of_period(kind: type[Event]) -> Callable[[Asked, Values], Event]:
    """Make an event that may belong to no treatment."""
    make = simple(kind)

    def made(asked: Asked, values: Values) -> Event:
        outside = values.get("period") == OUTSIDE
        return make(asked, {**values, "period": None} if outside else values)

    return made


_OUTSIDE_ANY = N_("outside any treatment")


def contact_fields(asked: Asked) -> list[Field]:
    """Ask for a contact: its feedback, and how, with whom and by which profession it was."""
    who = options(WITH_WHOM, asked.t)
    return [
        *period_or_none(asked, _OUTSIDE_ANY),
        *(field for _, field in _feedback(asked)),
        _channel(asked),
        Pick("with_whom", N_("Who took part"), False, _as_before(asked, "with_whom"), who),
        _profession(asked),
    ]


def missed_fields(asked: Asked) -> list[Field]:
    """Ask why a contact did not take place, and how and by which profession it would have been."""
    return [
        *period_or_none(asked, _OUTSIDE_ANY),
        asked.pick("why", N_("Why"), MISSES),
        _channel(asked),
        _profession(asked),
    ]


def _channel(asked: Asked) -> Field:
    """Ask how one met; a new form begins here, unless an earlier contact proposes it."""
    known = list(asked.names.channels().items())
    proposed = _as_before(asked, "channel")
    wanted = asked.old is None
    return Pick("channel", N_("How"), False, proposed, known, wanted=wanted)


def _profession(asked: Asked) -> Field:
    """Ask for the profession of whoever met the client; one's own is proposed."""
    told = asked.was("by") if asked.old else asked.care.own_role or ""
    known = list(asked.names.professions(told).items())
    return Pick("by", N_("By which profession"), False, told, known)


def _as_before(asked: Asked, name: str) -> str:
    """Return what a correction had, or what the latest contact of the episode told."""
    if asked.old is not None:
        return asked.was(name)
    told = (getattr(contact, name) for contact in reversed(asked.care.episode.contacts))
    return next((str(each) for each in told if each is not None), "")


def _feedback(asked: Asked) -> Iterator[tuple[str, Field]]:
    """Ask for ORS and SRS, but for one that is typed in for the day already."""
    totals = (("ors", N_("ORS total, 0–40")), ("srs", N_("SRS total, 0–40")))
    for name, label in totals:
        if asked.was(name) or not asked.care.find_typed(name, asked.day):
            yield name, Number(name, label, False, asked.was(name), 0, 40, tenths=True)


def typed_today(asked: Asked) -> str:
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


def end_fields(asked: Asked) -> list[Field]:
    """Ask why a treatment ended, where the client goes, and what the client says."""
    why = {id_: label for id_, label in ENDS.items() if id_ != DIED}
    return [
        _period(asked),
        asked.pick("why", N_("Why it ended"), why),
        Pick("onward", N_("Referred onward to"), False, asked.was("onward"), asked.places()),
        Number("satisfaction", N_("Satisfaction, 0–10"), False, asked.was("satisfaction")),
        asked.text("in_own_words", WORDS),
    ]


CONTACT, MISSED = of_period(Contact), of_period(Missed)
"""How a filled form becomes the contact that took place, or did not."""
