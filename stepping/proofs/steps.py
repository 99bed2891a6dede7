"""Every step can be reached, and every rule changes something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from stepping.pathway.model import ReadyRule
from stepping.proofs.context import ProofContext
from stepping.proofs.diagrams import FALSE, Node
from stepping.proofs.findings import ProofFinding


def check_steps_reached(ground: ProofContext) -> Iterator[ProofFinding]:
    """Steps that no answer set leads to."""
    for index, step in enumerate(ground.pathway.header.step):
        if ground.logic.both(ground.at_step(step.number), ground.answered) == FALSE:
            yield ground.finding(
                "error",
                "unreached_step",
                ("pathway.toml", ("step", index)),
                f"no answers lead to step {step.number}",
                of=str(step.number),
            )


def check_rules_matter(ground: ProofContext) -> Iterator[ProofFinding]:
    """Rules that never change an outcome, because others always say as much."""
    needed = set(_needed_floors(ground))
    for rule in ground.pathway.rules:
        node = ground.fires(rule)
        if node == FALSE or rule.rule.stop is not None:
            continue
        if rule.rule.at_least is not None:
            matters = rule.id in needed
        else:
            matters = any(
                _alone(ground, node, _same_effect(ground, rule, key, name))
                for key, name in _effects(rule)
            )
        if not matters:
            yield ground.finding(
                "hint",
                "swallowed_rule",
                ground.rule_place(rule),
                f"rule {rule.id} never changes an outcome: whenever it holds, other rules "
                f"already say as much",
                of=rule.id,
            )


def _needed_floors(ground: ProofContext) -> Iterator[str]:
    """The floors without which some answers would lead to less."""
    above = FALSE
    for rank in sorted({rank for _, rank in ground.ranked}, reverse=True):
        rules = [rule for rule, high in ground.ranked if high == rank]
        if rank > 2 * ground.pathway.base_step:
            nodes = [ground.fires(rule) for rule in rules]
            for rule, others in zip(rules, _without_each(ground, nodes), strict=True):
                if not ground.logic.implies(ground.fires(rule), ground.logic.either(above, others)):
                    yield rule.id
        above = ground.logic.any((above, *(ground.fires(rule) for rule in rules)))


def _without_each(ground: ProofContext, nodes: Sequence[Node]) -> list[Node]:
    """For each of some diagrams, where any of the others is true."""
    before, after = [FALSE], [FALSE]
    for node in nodes:
        before.append(ground.logic.either(before[-1], node))
    for node in reversed(nodes):
        after.append(ground.logic.either(after[-1], node))
    size = len(nodes)
    return [ground.logic.either(before[n], after[size - 1 - n]) for n in range(size)]


def _alone(ground: ProofContext, node: Node, others: Iterable[ReadyRule]) -> bool:
    return not ground.logic.implies(node, ground.logic.any(ground.fires(other) for other in others))


def _same_effect(ground: ProofContext, rule: ReadyRule, key: str, name: str) -> list[ReadyRule]:
    return [r for r in ground.pathway.rules if r is not rule and (key, name) in _effects(r)]


def _effects(rule: ReadyRule) -> set[tuple[str, str]]:
    """What a rule says beside the step: the key and the name."""
    keys = ("add", "offer", "avoid")
    named = {(key, name) for key in keys for name in getattr(rule.rule, key)}
    return named | ({("provisional", "")} if rule.rule.provisional else set())
