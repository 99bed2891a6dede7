"""Which interventions of a step fit the client, which do not, and why."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from stepping.decision.facts import FactStates
from stepping.decision.outcome import ExcludedIntervention, RankedIntervention, Reason
from stepping.pathway.client_facts import AGE
from stepping.pathway.model import Answers, Pathway, ReadyIntervention, ReadyRule

WISHES = "wish.formats"
"""The question whose chosen options are matched with an intervention's `formats`."""


def rank_interventions(
    pathway: Pathway, states: FactStates, answers: Answers, fired: Iterable[ReadyRule], step: int
) -> tuple[tuple[RankedIntervention, ...], tuple[ExcludedIntervention, ...]]:
    """Return the interventions to offer, best fit first, and those left out with their reasons.

    Fit counts what speaks for an intervention: each reason of its own that holds, each wish that
    it meets, and each rule that offers it. There are no weights. Where the pathway says
    `step_first`, belonging to the suggested step is one reason more, and what a rule offers from a
    lighter step comes after the rest.
    """
    fired = list(fired)
    ranked, excluded = [], []
    for intervention in pathway.interventions:
        offers = [rule for rule in fired if intervention.id in rule.rule.offer]
        suits = [
            Reason(of="suits", id=intervention.id, row=row)
            for row, condition in enumerate(intervention.suits)
            if states.evaluate(condition)
        ]
        on_step = step in intervention.content.steps
        beside = not intervention.content.steps and bool(suits)
        if not (on_step or beside or offers):
            continue
        against = _against(states, answers, intervention, fired)
        if against:
            excluded.append(ExcludedIntervention(id=intervention.id, because=against))
            continue
        because = (
            *(Reason(of="rule", id=rule.id) for rule in offers),
            *suits,
            *_wishes(pathway, states, answers, intervention),
        )
        number = step if on_step else min(intervention.content.steps, default=None)
        ranked.append(
            RankedIntervention(id=intervention.id, step=number, fit=len(because), because=because)
        )
    ranked.sort(key=partial(_place, step) if pathway.header.step_first else _by_fit)
    return tuple(ranked), tuple(excluded)


def _by_fit(offer: RankedIntervention) -> int:
    return -offer.fit


def _place(step: int, offer: RankedIntervention) -> tuple[bool, int]:
    lighter = offer.step is not None and offer.step < step
    return lighter, -offer.fit - (offer.step == step)


def _against(
    states: FactStates,
    answers: Answers,
    intervention: ReadyIntervention,
    fired: Iterable[ReadyRule],
) -> tuple[Reason, ...]:
    avoided = [
        Reason(of="rule", id=rule.id) for rule in fired if intervention.id in rule.rule.avoid
    ]
    excluded = [
        Reason(of="excluded_if", id=intervention.id, row=row)
        for row, condition in enumerate(intervention.excluded_if)
        if states.evaluate(condition)
    ]
    lacking = [
        Reason(of="requires", id=intervention.id, row=row)
        for row, condition in enumerate(intervention.requires)
        if not states.evaluate(condition)
    ]
    age = answers.get(AGE)
    wrong_age = isinstance(age, int) and not intervention.content.ages.contains(age)
    ages = [Reason(of="age", id=intervention.id)] if wrong_age else []
    return (*avoided, *excluded, *lacking, *ages)


def _wishes(
    pathway: Pathway, states: FactStates, answers: Answers, intervention: ReadyIntervention
) -> tuple[Reason, ...]:
    wishes = answers.get(WISHES)
    if (
        not isinstance(wishes, tuple)
        or WISHES not in pathway.questions
        or states.is_asked(WISHES) is False
    ):
        return ()
    return tuple(
        Reason(of="wish", id=wish) for wish in wishes if wish in intervention.content.formats
    )
