"""Every step has care for every age, and what is offered fits."""

from __future__ import annotations

from collections.abc import Iterator

from stepping.pathway.client_facts import AGE
from stepping.pathway.files import INTERVENTIONS
from stepping.pathway.model import ReadyIntervention, ReadyRule
from stepping.pathway.schema import Ages
from stepping.proofs.context import ProofContext
from stepping.proofs.diagrams import FALSE, TRUE, Node
from stepping.proofs.findings import Case, ProofFinding


def check_offers(context: ProofContext) -> Iterator[ProofFinding]:
    """Yield offers that fit no step or age at which the rule holds, and offers during a stop."""
    for rule in context.pathway.rules:
        for name in rule.rule.offer:
            intervention = next(i for i in context.pathway.interventions if i.id == name)
            if context.where_speaks(rule) != FALSE and not _fits(context, rule, intervention):
                message = (
                    f"rule {rule.id} offers {name}, which fits no step and age at which the "
                    f"rule holds"
                )
                yield context.error(
                    "offer_unfit", context.rule_place(rule, "offer"), message, of=rule.id
                )
        if rule.rule.offer:
            yield from _offered_in_a_stop(context, rule)


def _fits(context: ProofContext, rule: ReadyRule, intervention: ReadyIntervention) -> bool:
    steps = [context.where_step(step) for step in intervention.content.steps]
    known = (
        context.logic.neg(context.space.unanswered(AGE)) if AGE in context.space.places else TRUE
    )
    wanted = context.where_speaks(rule), _of_age(context, intervention), known
    return any(context.logic.cheapest(*wanted, step) is not None for step in steps or [TRUE])


def _offered_in_a_stop(context: ProofContext, rule: ReadyRule) -> Iterator[ProofFinding]:
    """Ask the decision itself, once for each stop that can hold together with the offer."""
    for stop in context.pathway.stops:
        assignment = context.logic.cheapest(context.where_fires(rule), context.where_fires(stop))
        if assignment is None:
            continue
        case = Case(context.space.answers(assignment))
        if case.decide(context.pathway).interventions:
            message = f"rule {rule.id}: its offer is made while stop {stop.id} is open"
            yield context.error(
                "offer_in_stop", context.rule_place(rule, "offer"), message, of=rule.id, case=case
            )


def _of_age(context: ProofContext, intervention: ReadyIntervention) -> Node:
    """Return where the client's age is not one that the intervention is not for."""
    ages = intervention.content.ages
    number = context.space.places.get(AGE)
    if number is None:
        return context.logic.leaf(1)
    cells = context.space.variables[number]
    return context.logic.branch(
        number,
        [
            int(low is None or _overlap(ages, int(str(low)), int(str(high))))
            for low, high in zip(cells.best, cells.worst, strict=True)
        ],
    )


def check_interventions(context: ProofContext) -> Iterator[ProofFinding]:
    """Yield steps with no intervention for some age, and answers that exclude them all."""
    yield from _never_offered(context)
    ages = context.pathway.header.ages
    for index, step in enumerate(context.pathway.header.step):
        here = [i for i in context.pathway.interventions if step.number in i.content.steps]
        bare = [
            age
            for age in range(ages.from_, ages.to + 1)
            if not any(i.content.ages.contains(age) for i in here)
        ]
        if bare:
            message = f"step {step.number} has no intervention for age {bare[0]}"
            yield context.error(
                "step_without_intervention",
                ("pathway.toml", ("step", index)),
                message,
                of=str(step.number),
            )
            continue
        assignment = context.logic.cheapest(
            context.where_step(step.number),
            *(_against(context, intervention) for intervention in here),
            context.answered,
        )
        if assignment is not None:
            case = context.make_case(assignment)
            message = f"on step {step.number} every intervention can be excluded at once"
            yield context.hint(
                "nothing_left",
                ("pathway.toml", ("step", index)),
                message,
                of=str(step.number),
                case=case,
            )


def _never_offered(context: ProofContext) -> Iterator[ProofFinding]:
    """Yield interventions for other ages only, and parallel ones that nothing brings up."""
    ages = context.pathway.header.ages
    offered = {name for rule in context.pathway.rules for name in rule.rule.offer}
    for index, intervention in enumerate(context.pathway.interventions):
        place = INTERVENTIONS, ("intervention", index)
        message = ""
        if intervention.content.child_ages is not None:
            continue  # brought up where a child comes whom no pathway assesses
        if not _overlap(intervention.content.ages, ages.from_, ages.to):
            message = f"is for no age of this pathway, {ages.from_}–{ages.to}"
        elif not (intervention.content.steps or intervention.suits) and (
            intervention.id not in offered
        ):
            message = "has no step, suits nothing and is offered by no rule"
        if message:
            message = f"intervention {intervention.id} {message}"
            yield context.error("intervention_never_offered", place, message, of=intervention.id)


def _against(context: ProofContext, intervention: ReadyIntervention) -> Node:
    """Return where something speaks against an intervention; see `decision.interventions`."""
    true = context.space.where_true
    avoided = (
        context.where_speaks(rule)
        for rule in context.pathway.rules
        if intervention.id in rule.rule.avoid
    )
    return context.logic.disj_all(
        (
            *avoided,
            *(true(condition) for condition in intervention.excluded_if),
            *(context.logic.neg(true(condition)) for condition in intervention.requires),
            context.logic.neg(_of_age(context, intervention)),
        )
    )


def _overlap(ages: Ages, low: int, high: int) -> bool:
    return ages.from_ <= high and low <= ages.to
