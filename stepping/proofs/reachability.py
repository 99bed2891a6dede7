"""Nothing is dead: every rule, row, card and question can come up in some answer set."""

from __future__ import annotations

from collections.abc import Iterator

from stepping.pathway.client_facts import AGE
from stepping.pathway.condition import And, Condition, Or
from stepping.pathway.files import INTERVENTIONS
from stepping.pathway.model import ReadyRule
from stepping.proofs.context import ProofContext
from stepping.proofs.diagrams import FALSE, Node
from stepping.proofs.findings import ProofFinding


def check_reachability(context: ProofContext) -> Iterator[ProofFinding]:
    """Yield conditions that no answer set makes true: rules, rows, cards, questions never asked."""
    for rule in context.pathway.rules:
        if context.where_fires(rule) == FALSE:
            message = f"rule {rule.id} can never hold: no answers make {str(rule.condition)!r} true"
            yield context.error("dead_rule", context.rule_place(rule, "when"), message, of=rule.id)
            continue
        yield from _dead_upward(context, rule)
        for step in rule.rule.only_steps:
            on = context.space.where_suggested(step)
            if context.logic.cheapest(context.where_fires(rule), on) is None:
                message = f"rule {rule.id} says nothing on step {step}: it never holds there"
                place = context.rule_place(rule, "only_steps")
                yield context.error("dead_part", place, message, of=rule.id)
    for id_, question in context.pathway.questions.items():
        if question.ask_if is not None and context.space.asked(id_).true == FALSE:
            message = (
                f"question {id_} is never asked: no answers make {str(question.ask_if)!r} true"
            )
            yield context.error(
                "unreachable_question", context.fact_place(id_, "ask_if"), message, of=id_
            )
    yield from _dead_parts(context)
    yield from _dead_facts(context)
    yield from _dead_rows(context)


def _dead_upward(context: ProofContext, rule: ReadyRule) -> Iterator[ProofFinding]:
    """Yield an `or_above` that never holds where its rule does, or always."""
    if rule.above is None:
        return
    place, above = context.rule_place(rule, "or_above"), context.space.where_true(rule.above)
    if not _together(context, *rule.deciding):
        message = f"rule {rule.id}: its or_above never holds where the rule does: {rule.above}"
        yield context.error("dead_part", place, message, of=rule.id)
    elif context.logic.implies(context.where_fires(rule), above):
        message = f"rule {rule.id}: its or_above always holds where the rule does; write true"
        yield context.hint("always_above", place, message, of=rule.id)


def _dead_parts(context: ProofContext) -> Iterator[ProofFinding]:
    """Yield alternatives of a living condition that nothing makes true: a cut-off that is lost."""
    rules = context.pathway.rules
    conditions = [(r.condition, context.rule_place(r, "when"), r.id) for r in rules]
    conditions += [(r.above, context.rule_place(r, "or_above"), r.id) for r in rules if r.above]
    for fact in context.pathway.facts.values():
        conditions += [(c, context.fact_place(fact.id), fact.id) for c in fact.conditions]
    for condition, place, of in conditions:
        for part in _dead_in(context, condition, ()) if context.space.where_true(condition) else ():
            shared = place[0].startswith("instruments/")
            if shared and any(compare.fact == AGE for compare in part.parts()):
                continue  # a cut-off for ages that another pathway assesses
            message = f"{of}: the part {str(part)!r} of the condition never holds"
            yield context.error("dead_part", place, message, of=of)


def _dead_in(
    context: ProofContext, condition: Condition, beside: tuple[Node, ...]
) -> Iterator[Condition]:
    """Yield the alternatives that are never true where all that stands beside them is."""
    match condition:
        case Or(parts):
            for part in parts:
                if context.logic.cheapest(*beside, context.space.where_true(part)) is None:
                    yield part
                else:
                    yield from _dead_in(context, part, beside)
        case And(parts):
            nodes = [context.space.where_true(part) for part in parts]
            for index, part in enumerate(parts):
                yield from _dead_in(context, part, (*beside, *nodes[:index], *nodes[index + 1 :]))
        case _:
            return


def _dead_facts(context: ProofContext) -> Iterator[ProofFinding]:
    for fact in context.pathway.facts.values():
        for condition in fact.conditions:
            if context.space.where_true(condition) == FALSE:
                message = f"{fact.id}: no answers make {str(condition)!r} true"
                yield context.error("dead_fact", context.fact_place(fact.id), message, of=fact.id)


def _dead_rows(context: ProofContext) -> Iterator[ProofFinding]:
    for rule in context.pathway.rules:
        for number, (card, when) in enumerate(rule.cards):
            if when is not None and not _together(context, rule.condition, when):
                message = (
                    f"rule {rule.id}: its card {card.id} is never shown: {str(when)!r} is not "
                    f"true while the stop holds"
                )
                yield context.error(
                    "dead_card", context.rule_place(rule, "cards", number), message, of=rule.id
                )
    for index, intervention in enumerate(context.pathway.interventions):
        for key in ("suits", "excluded_if", "requires"):
            for row, condition in enumerate(getattr(intervention, key)):
                if context.space.where_true(condition) == FALSE:
                    message = (
                        f"intervention {intervention.id}: no answers make {str(condition)!r} true"
                    )
                    yield context.error(
                        "dead_row",
                        (INTERVENTIONS, ("intervention", index, key, row)),
                        message,
                        of=intervention.id,
                    )


def _together(context: ProofContext, *conditions: Condition) -> bool:
    return (
        context.logic.conj_all(context.space.where_true(condition) for condition in conditions)
        != FALSE
    )
