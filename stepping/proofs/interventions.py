"""Every step has care for every age, and what is offered fits."""

from __future__ import annotations

from collections.abc import Iterator

from stepping.pathway.client_facts import AGE
from stepping.pathway.model import ReadyIntervention, ReadyRule
from stepping.pathway.reader import INTERVENTIONS
from stepping.pathway.schema import Ages
from stepping.proofs.context import ProofContext
from stepping.proofs.diagrams import FALSE, TRUE, Node
from stepping.proofs.findings import Case, ProofFinding


def check_offers(ground: ProofContext) -> Iterator[ProofFinding]:
    """Offers that fit no step or age at which the rule holds, and offers during a stop."""
    for rule in ground.pathway.rules:
        for name in rule.rule.offer:
            intervention = next(i for i in ground.pathway.interventions if i.id == name)
            if ground.fires(rule) != FALSE and not _fits(ground, rule, intervention):
                yield ground.finding(
                    "error",
                    "offer_unfit",
                    ground.rule_place(rule, "offer"),
                    f"rule {rule.id} offers {name}, which fits no step and age at which the "
                    f"rule holds",
                    of=rule.id,
                )
        if rule.rule.offer:
            yield from _offered_in_a_stop(ground, rule)


def _fits(ground: ProofContext, rule: ReadyRule, intervention: ReadyIntervention) -> bool:
    steps = [ground.at_step(step) for step in intervention.content.steps]
    known = (
        ground.logic.opposite(ground.space.unanswered(AGE)) if AGE in ground.space.places else TRUE
    )
    wanted = ground.fires(rule), _of_age(ground, intervention), known
    return any(ground.logic.cheapest(*wanted, step) is not None for step in steps or [TRUE])


def _offered_in_a_stop(ground: ProofContext, rule: ReadyRule) -> Iterator[ProofFinding]:
    """Ask the decision itself, once for each stop that can hold together with the offer."""
    for stop in ground.pathway.stops:
        assignment = ground.logic.cheapest(ground.fires(rule), ground.fires(stop))
        if assignment is None:
            continue
        case = Case(ground.space.answers(assignment))
        if case.decide(ground.pathway).interventions:
            yield ground.finding(
                "error",
                "offer_in_stop",
                ground.rule_place(rule, "offer"),
                f"rule {rule.id}: its offer is made while stop {stop.id} is open",
                of=rule.id,
                case=case,
                shows=ground.told(case),
            )


def _of_age(ground: ProofContext, intervention: ReadyIntervention) -> Node:
    """Where the client's age is not one that the intervention is not for."""
    ages = intervention.content.ages
    number = ground.space.places.get(AGE)
    if number is None:
        return ground.logic.leaf(1)
    cells = ground.space.variables[number]
    return ground.logic.of(
        number,
        [
            int(low is None or _overlap(ages, int(str(low)), int(str(high))))
            for low, high in zip(cells.best, cells.worst, strict=True)
        ],
    )


def check_interventions(ground: ProofContext) -> Iterator[ProofFinding]:
    """Steps with no intervention for some age, and answers that exclude all that there are."""
    yield from _never_offered(ground)
    ages = ground.pathway.header.ages
    for index, step in enumerate(ground.pathway.header.step):
        here = [i for i in ground.pathway.interventions if step.number in i.content.steps]
        bare = [
            age
            for age in range(ages.from_, ages.to + 1)
            if not any(i.content.ages.holds(age) for i in here)
        ]
        if bare:
            yield ground.finding(
                "error",
                "step_without_intervention",
                ("pathway.toml", ("step", index)),
                f"step {step.number} has no intervention for age {bare[0]}",
                of=str(step.number),
            )
            continue
        assignment = ground.logic.cheapest(
            ground.at_step(step.number),
            *(_against(ground, intervention) for intervention in here),
            ground.answered,
        )
        if assignment is not None:
            case = ground.case(assignment)
            yield ground.finding(
                "hint",
                "nothing_left",
                ("pathway.toml", ("step", index)),
                f"on step {step.number} every intervention can be excluded at once",
                of=str(step.number),
                case=case,
                shows=ground.told(case),
            )


def _never_offered(ground: ProofContext) -> Iterator[ProofFinding]:
    """Interventions for other ages only, and parallel ones that nothing brings up."""
    ages = ground.pathway.header.ages
    offered = {name for rule in ground.pathway.rules for name in rule.rule.offer}
    for index, intervention in enumerate(ground.pathway.interventions):
        place = INTERVENTIONS, ("intervention", index)
        message = ""
        if not _overlap(intervention.content.ages, ages.from_, ages.to):
            message = f"is for no age of this pathway, {ages.from_}–{ages.to}"
        elif not (intervention.content.steps or intervention.suits) and (
            intervention.id not in offered
        ):
            message = "has no step, suits nothing and is offered by no rule"
        if message:
            yield ground.finding(
                "error",
                "intervention_never_offered",
                place,
                f"intervention {intervention.id} {message}",
                of=intervention.id,
            )


def _against(ground: ProofContext, intervention: ReadyIntervention) -> Node:
    """Where something speaks against an intervention; see `stepping.offers`."""
    true = ground.space.true
    avoided = (
        ground.fires(rule) for rule in ground.pathway.rules if intervention.id in rule.rule.avoid
    )
    return ground.logic.any(
        (
            *avoided,
            *(true(condition) for condition in intervention.excluded_if),
            *(ground.logic.opposite(true(condition)) for condition in intervention.requires),
            ground.logic.opposite(_of_age(ground, intervention)),
        )
    )


def _overlap(ages: Ages, low: int, high: int) -> bool:
    return ages.from_ <= high and low <= ages.to
