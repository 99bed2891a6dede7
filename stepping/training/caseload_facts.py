"""What reports count of an invented course: who sent the client, how one met, what was said of it.

It is drawn from a seed of its own, so that the courses stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from stepping.training.caseload import Act, Chance, Course, Shapes

_WITH = (("client", 88), ("family", 9), ("network", 3))
_WITH_YOUNG = (("client", 66), ("family", 28), ("network", 6))
_TOLD_REFERRER, _RATED, _SAID, _OUTSIDE, _HANDED_ON = 86, 55, 60, 12, 8
"""Of 100: clients of whom it is known who sent them, treatments that clients rate, rated ones of
which they say something, first contacts that take place before any treatment, and clients whom
another worker takes over with a second treatment."""
_DRINK, _ONWARD = 10, 70
"""Of 100: adults whose AUDIT-C is over its limit, beside those whose story tells of alcohol, and
treatments that end by a step up or a referral with a service to which the client goes on."""
_DRINKS: Mapping[str, object] = {"auditc.1": 3, "auditc.2": 2, "auditc.3": 2}
_MAINLY = 80
"""Of 100 contacts of a treatment, those that take place as most of them do."""


def add_facts(course: Course, told: Shapes) -> Course:
    """Return a course with the facts that reports count."""
    return replace(
        course, acts=tuple(_acts(course, told, Chance(told.seed, course.number, "facts")))
    )


def _acts(course: Course, told: Shapes, chance: Chance) -> Iterator[Act]:
    """Yield every act of a course, those of a contact with how it was, and what is told beside."""
    pathway, confirmed = course.shape.pathway, course.shape.state == "confirmed"
    treatments, manner = 0, _Manner(told, chance)
    told_of_it = any(act.told.get("what") == "alcohol" for act in course.acts)
    drinks = confirmed and pathway == "adult" and (told_of_it or chance.of(_DRINK))
    for act in course.acts:
        if act.kind in ("contact", "missed"):
            yield replace(act, told={**act.told, **manner.draw(pathway, act.kind)})
            continue
        if act.kind == "first" and drinks:
            act = replace(act, told={**act.told, **_DRINKS})
        elif act.kind == "ended":
            act = replace(act, told={**act.told, **_onward(course, chance)})
        yield act
        if act.kind == "first" and drinks and not told_of_it:
            told_of = {"what": "alcohol", "points": chance.number((8, 19)), "words": ""}
            yield replace(act, kind="beside", told=told_of)
        if act.kind == "first" and confirmed:
            yield from _background(act, told, pathway, chance)
        elif act.kind == "started":
            treatments, manner = treatments + 1, _Manner(told, chance)
            if treatments > 1 and chance.of(_HANDED_ON):
                yield replace(act, kind="responsible", told={"role": manner.role})
        elif act.kind == "ended" and chance.of(_RATED):
            yield replace(act, kind="experience", told=_experience(course, told, chance))


class _Manner:
    """How the contacts of one treatment mostly take place, and by which profession."""

    def __init__(self, told: Shapes, chance: Chance) -> None:
        self._told, self._chance = told, chance
        self.role = chance.weighed([*told.professions.items()])
        self._mainly = chance.weighed([*told.channels.items()])

    def draw(self, pathway: str, kind: str) -> Mapping[str, object]:
        """Return how one contact was, or would have been."""
        chance = self._chance
        other = chance.weighed([*self._told.channels.items()])
        channel = self._mainly if chance.of(_MAINLY) else other
        company = chance.weighed(_WITH_YOUNG if pathway == "youth" else _WITH)
        how = {"channel": "network" if company == "network" else channel, "by": self.role}
        return how if kind == "missed" else {**how, "with_whom": company}


def _background(act: Act, told: Shapes, pathway: str, chance: Chance) -> Iterator[Act]:
    """Yield who sent the client, why, where no interview asks that, and a contact before all."""
    if chance.of(_TOLD_REFERRER):
        sent = chance.weighed([*told.referrers[pathway].items()])
        yield replace(act, kind="referrer", told={"referrer": sent})
    if pathway in told.reasons:
        why = chance.weighed([*told.reasons[pathway].items()])
        yield replace(act, kind="reason", told={"reason": why})
    if chance.of(_OUTSIDE):
        yield replace(act, kind="outside", told={"channel": "phone", "with_whom": "client"})


def _onward(course: Course, chance: Chance) -> Mapping[str, object]:
    """Return where a client goes on to at the end of a treatment that was not enough."""
    goes = course.shape.then == "stepped_up" and chance.of(_ONWARD)
    return {"onward": chance.one(course.unit.onward)} if goes and course.unit.onward else {}


def _experience(course: Course, told: Shapes, chance: Chance) -> Mapping[str, object]:
    """Draw what a client says of a treatment, alone at the keyboard: better where it helped."""
    better = course.shape.course[0] < 0.5
    rating = chance.number((7, 10) if better else (3, 8))
    words = told.experience[course.language]
    said = {name: chance.one(lines) for name, lines in words.items() if chance.of(_SAID)}
    return {"satisfaction": rating, "alone": True, **(said if chance.of(_SAID) else {})}
