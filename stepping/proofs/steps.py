"""Every step can be reached, and every rule changes something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from stepping.pathway.model import ReadyRule
from stepping.proofs.context import ProofContext
from stepping.proofs.diagrams import FALSE, Node
from stepping.proofs.findings import ProofFinding


def check_steps_reached(context: ProofContext) -> Iterator[ProofFinding]:
    """Yield steps that no answer set leads to."""
    for index, step in enumerate(context.pathway.header.step):
        if context.logic.conj(context.where_step(step.number), context.answered) == FALSE:
            message = f"no answers lead to step {step.number}"
            yield context.error(
                "unreached_step", ("pathway.toml", ("step", index)), message, of=str(step.number)
            )


def check_rules_matter(context: ProofContext) -> Iterator[ProofFinding]:
    """Yield rules that never change an outcome, because others always say as much."""
    needed = set(_needed_floors(context))
    for rule in context.pathway.rules:
        node = context.where_speaks(rule)
        if node == FALSE or rule.rule.stop is not None:
            continue
        if rule.rule.at_least is not None:
            matters = rule.id in needed
        else:
            matters = any(
                _alone(context, node, _same_effect(context, rule, key, name))
                for key, name in _effects(rule)
            )
        if not matters:
            message = (
                f"rule {rule.id} never changes an outcome: whenever it holds, other rules "
                f"already say as much"
            )
            yield context.hint("swallowed_rule", context.rule_place(rule), message, of=rule.id)


def _needed_floors(context: ProofContext) -> Iterator[str]:
    """Yield the minimum steps without which some answers would lead to less."""
    above = FALSE
    minimums = reversed(context.pathway.minimum_steps)
    for rank, asked in groupby(minimums, key=lambda minimum: minimum.rank):
        same = list(asked)
        nodes = [context.where_asks(minimum) for minimum in same]
        if rank > 2 * context.pathway.base_step:
            for minimum, node, others in zip(
                same, nodes, _without_each(context, nodes), strict=True
            ):
                if not context.logic.implies(node, context.logic.disj(above, others)):
                    yield minimum.rule.id
        above = context.logic.disj_all((above, *nodes))


def _without_each(context: ProofContext, nodes: Sequence[Node]) -> list[Node]:
    """Return for each of some diagrams, where any of the others is true."""
    before, after = [FALSE], [FALSE]
    for node in nodes:
        before.append(context.logic.disj(before[-1], node))
    for node in reversed(nodes):
        after.append(context.logic.disj(after[-1], node))
    size = len(nodes)
    return [context.logic.disj(before[n], after[size - 1 - n]) for n in range(size)]


def _alone(context: ProofContext, node: Node, others: Iterable[ReadyRule]) -> bool:
    return not context.logic.implies(
        node, context.logic.disj_all(context.where_speaks(other) for other in others)
    )


def _same_effect(context: ProofContext, rule: ReadyRule, key: str, name: str) -> list[ReadyRule]:
    return [r for r in context.pathway.rules if r is not rule and (key, name) in _effects(r)]


def _effects(rule: ReadyRule) -> set[tuple[str, str]]:
    """Return what a rule says beside the step: the key and the name."""
    keys = ("add", "offer", "avoid")
    named = {(key, name) for key in keys for name in getattr(rule.rule, key)}
    return named | ({("provisional", "")} if rule.rule.provisional else set())
