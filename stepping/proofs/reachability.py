"""Nothing is dead: every rule, row, card and question can come up in some answer set."""

from __future__ import annotations

from collections.abc import Iterator

from stepping.pathway.client_facts import AGE
from stepping.pathway.condition import And, Condition, Or
from stepping.pathway.reader import INTERVENTIONS
from stepping.proofs.context import ProofContext
from stepping.proofs.diagrams import FALSE, Node
from stepping.proofs.findings import ProofFinding


def check_reachability(ground: ProofContext) -> Iterator[ProofFinding]:
    """Conditions that no answer set makes true: rules, rows, cards, questions never asked."""
    for rule in ground.pathway.rules:
        if ground.fires(rule) == FALSE:
            yield ground.finding(
                "error",
                "dead_rule",
                ground.rule_place(rule, "when"),
                f"rule {rule.id} can never hold: no answers make {str(rule.condition)!r} true",
                of=rule.id,
            )
    for id_, question in ground.pathway.questions.items():
        if question.ask_if is not None and ground.space.asked(id_).true == FALSE:
            yield ground.finding(
                "error",
                "unreachable_question",
                ground.fact_place(id_, "ask_if"),
                f"question {id_} is never asked: no answers make {str(question.ask_if)!r} true",
                of=id_,
            )
    yield from _dead_parts(ground)
    yield from _dead_facts(ground)
    yield from _dead_rows(ground)


def _dead_parts(ground: ProofContext) -> Iterator[ProofFinding]:
    """Alternatives of a living condition that nothing makes true: a cut-off that is lost."""
    conditions = [(r.condition, ground.rule_place(r, "when"), r.id) for r in ground.pathway.rules]
    for fact in ground.pathway.facts.values():
        conditions += [(c, ground.fact_place(fact.id), fact.id) for c in fact.conditions]
    for condition, place, of in conditions:
        for part in _dead_in(ground, condition, ()) if ground.space.true(condition) else ():
            shared = place[0].startswith("instruments/")
            if shared and any(compare.fact == AGE for compare in part.parts()):
                continue  # a cut-off for ages that another pathway assesses
            message = f"{of}: the part {str(part)!r} of the condition never holds"
            yield ground.finding("error", "dead_part", place, message, of=of)


def _dead_in(
    ground: ProofContext, condition: Condition, beside: tuple[Node, ...]
) -> Iterator[Condition]:
    """The alternatives that are never true where all that stands beside them is."""
    match condition:
        case Or(parts):
            for part in parts:
                if ground.logic.cheapest(*beside, ground.space.true(part)) is None:
                    yield part
                else:
                    yield from _dead_in(ground, part, beside)
        case And(parts):
            nodes = [ground.space.true(part) for part in parts]
            for index, part in enumerate(parts):
                yield from _dead_in(ground, part, (*beside, *nodes[:index], *nodes[index + 1 :]))
        case _:
            return


def _dead_facts(ground: ProofContext) -> Iterator[ProofFinding]:
    for fact in ground.pathway.facts.values():
        for condition in fact.conditions:
            if ground.space.true(condition) == FALSE:
                yield ground.finding(
                    "error",
                    "dead_fact",
                    ground.fact_place(fact.id),
                    f"{fact.id}: no answers make {str(condition)!r} true",
                    of=fact.id,
                )


def _dead_rows(ground: ProofContext) -> Iterator[ProofFinding]:
    for rule in ground.pathway.rules:
        for number, (card, when) in enumerate(rule.cards):
            if when is not None and not _together(ground, rule.condition, when):
                yield ground.finding(
                    "error",
                    "dead_card",
                    ground.rule_place(rule, "cards", number),
                    f"rule {rule.id}: its card {card.id} is never shown: {str(when)!r} is not "
                    f"true while the stop holds",
                    of=rule.id,
                )
    for index, intervention in enumerate(ground.pathway.interventions):
        for key in ("suits", "excluded_if", "requires"):
            for row, condition in enumerate(getattr(intervention, key)):
                if ground.space.true(condition) == FALSE:
                    yield ground.finding(
                        "error",
                        "dead_row",
                        (INTERVENTIONS, ("intervention", index, key, row)),
                        f"intervention {intervention.id}: no answers make {str(condition)!r} true",
                        of=intervention.id,
                    )


def _together(ground: ProofContext, *conditions: Condition) -> bool:
    return ground.logic.all(ground.space.true(condition) for condition in conditions) != FALSE
