"""A worse answer never lowers the step and never closes a stop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from stepping.pathway.model import MinimumStep
from stepping.proofs.context import ProofContext
from stepping.proofs.diagrams import Assignment, Node
from stepping.proofs.findings import Case, ProofFinding, describe_decision

MOST_WAYS = 20
"""Questions that are told of one rule; more than the items of two questionnaires."""


@dataclass(frozen=True)
class _Change:
    """One answer made worse: the variable and its two values."""

    variable: int
    better: int
    worse: int


def check_monotone_steps(context: ProofContext) -> Iterator[ProofFinding]:
    """Yield rules whose step a worse answer drops while no other rule asks for as much.

    Each question that does so is told, with the smallest case; at most `MOST_WAYS` of a rule.
    """
    told: dict[str, set[int]] = {}
    for minimum in context.pathway.minimum_steps:
        if minimum.rank <= 2 * context.pathway.base_step:
            continue
        node = context.where_asks(minimum)
        same = (other for other in context.pathway.minimum_steps if other.rank >= minimum.rank)
        others = [context.where_asks(other) for other in same]
        mine = told.setdefault(minimum.rule.id, set())
        for changes in _ways(context, node):
            variable = changes[0].variable
            if variable in mine or len(mine) == MOST_WAYS:
                continue  # where the step itself drops, so does "or above"
            found = _smallest(context, node, others, changes, complete=True)
            if found is not None:
                mine.add(variable)
                yield _lowered(context, minimum, *found)


def check_monotone_stops(context: ProofContext) -> Iterator[ProofFinding]:
    """Yield stops that a worse answer closes, with each question that does so."""
    for rule in context.pathway.stops:
        node = context.where_fires(rule)
        ways = (_smallest(context, node, [node], changes) for changes in _ways(context, node))
        for change, assignment in islice((way for way in ways if way is not None), MOST_WAYS):
            case, worse = _pair(context, change, assignment)
            case, worse = Case(case.answers), Case(worse.answers)
            what = _describe_change(context, change)
            message = f"rule {rule.id}: a worse answer closes the stop ({what})"
            yield context.error(
                "monotone_stop",
                context.rule_place(rule, "when"),
                message,
                of=rule.id,
                case=case,
                worse=worse,
                shows=_describe_both(context, case, worse),
            )


def _lowered(
    context: ProofContext, minimum: MinimumStep, change: _Change, assignment: Assignment
) -> ProofFinding:
    rule = minimum.rule
    case, worse = _pair(context, change, assignment)
    message = (
        f"rule {rule.id}: a worse answer lowers the step ({_describe_change(context, change)})"
    )
    key = "or_above" if minimum.above and rule.above is not None else "when"
    return context.error(
        "monotone_step",
        context.rule_place(rule, key),
        message,
        of=rule.id,
        case=case,
        worse=worse,
        shows=_describe_both(context, case, worse),
    )


def _ways(context: ProofContext, node: Node) -> list[list[_Change]]:
    """Return the worse answers that can make a diagram false where it was true, by question."""
    found: set[tuple[int, int, int]] = set()
    for variable, branches in context.logic.nodes(node):
        for better, worse in context.space.variables[variable].worse:
            if not context.logic.implies(branches[better], branches[worse]):
                found.add((variable, better, worse))
    changes = [_Change(*change) for change in sorted(found)]
    return [list(same) for _, same in groupby(changes, key=lambda change: change.variable)]


def _at(context: ProofContext, node: Node, change: _Change) -> Node:
    return context.logic.fix(node, change.variable, change.better)


def _none_after(context: ProofContext, nodes: Iterable[Node], change: _Change) -> list[Node]:
    return [
        context.logic.neg(context.logic.fix(node, change.variable, change.worse)) for node in nodes
    ]


def _smallest(
    context: ProofContext,
    node: Node,
    others: Sequence[Node],
    changes: Iterable[_Change],
    *,
    complete: bool = False,
) -> tuple[_Change, Assignment] | None:
    """Return the change with the smallest case in which `node` was true and none of `others` is.

    `complete` prefers one that suggests a step.
    """
    best: tuple[bool, int, _Change, Assignment] | None = None
    for change in changes:
        wanted = _at(context, node, change), *_none_after(context, others, change)
        answered = [
            context.logic.fix(context.answered, change.variable, value)
            for value in (change.better, change.worse)
            if complete
        ]
        assignment = context.logic.cheapest(*wanted, *answered)
        whole = assignment is not None
        if assignment is None:
            assignment = context.logic.cheapest(*wanted)
        if assignment is None:
            continue
        size = not whole, context.logic.cost({**assignment, change.variable: change.better})
        if best is None or size < best[:2]:
            best = *size, change, assignment
    return None if best is None else (best[2], best[3])


def _pair(context: ProofContext, change: _Change, assignment: Assignment) -> tuple[Case, Case]:
    """Return the cases on the two sides of a change, with the same stops recorded."""
    before = context.make_case({**assignment, change.variable: change.better}, [change.variable])
    worst = [change.variable] if change.better == 0 else []  # from unanswered to the very worst
    after = context.make_case({**assignment, change.variable: change.worse}, worst)
    recorded = tuple(dict.fromkeys((*before.recorded, *after.recorded)))
    return Case(before.answers, recorded), Case(after.answers, recorded)


def _describe_change(context: ProofContext, change: _Change) -> str:
    variable = context.space.variables[change.variable]
    before, after = variable.worst[change.better], variable.best[change.worse]
    if before is None:
        return f"{variable.id} unanswered → {variable.worst[change.worse]}"
    return f"{variable.id} {before} → {after}"


def _describe_both(context: ProofContext, case: Case, worse: Case) -> str:
    before, after = context.describe(case), context.describe(worse)
    if before == after:  # with answers missing a drop may show in the rules alone
        before, after = _fired(context, case), _fired(context, worse)
    return f"{before} → {after}"


def _fired(context: ProofContext, case: Case) -> str:
    decision = case.decide(context.pathway)
    rules = ", ".join(rule.id for rule in decision.rules) or "no rule"
    return f"{describe_decision(decision)} ({rules})"
