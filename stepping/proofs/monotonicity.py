"""A worse answer never lowers the step and never closes a stop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stepping.pathway.model import ReadyRule
from stepping.proofs.context import ProofContext
from stepping.proofs.diagrams import Assignment, Node
from stepping.proofs.findings import Case, ProofFinding, describe_decision


@dataclass(frozen=True)
class _Change:
    """One answer made worse: the variable and its two values."""

    variable: int
    better: int
    worse: int


def check_monotone_steps(ground: ProofContext) -> Iterator[ProofFinding]:
    """Floors that a worse answer drops while no other floor as high takes over."""
    for rule, rank in ground.ranked:
        changes = _drops(ground, ground.fires(rule))
        if not changes or rank <= 2 * ground.pathway.base_step:
            continue
        others = [ground.fires(other) for other, high in ground.ranked if high >= rank]
        found = _smallest(
            ground,
            (
                (
                    change,
                    (_at(ground, ground.fires(rule), change), *_none_after(ground, others, change)),
                )
                for change in changes
            ),
            complete=True,
        )
        if found is not None:
            yield _lowered(ground, rule, *found)


def check_monotone_stops(ground: ProofContext) -> Iterator[ProofFinding]:
    """Stops that a worse answer closes."""
    for rule in ground.pathway.stops:
        node = ground.fires(rule)
        found = _smallest(
            ground,
            (
                (change, (_at(ground, node, change), *_none_after(ground, [node], change)))
                for change in _drops(ground, node)
            ),
        )
        if found is not None:
            change, assignment = found
            case, worse = _pair(ground, change, assignment)
            case, worse = Case(case.answers), Case(worse.answers)
            yield ground.finding(
                "error",
                "monotone_stop",
                ground.rule_place(rule, "when"),
                f"rule {rule.id}: a worse answer closes the stop ({_said(ground, change)})",
                of=rule.id,
                case=case,
                worse=worse,
                shows=_both_told(ground, case, worse),
            )


def _lowered(
    ground: ProofContext, rule: ReadyRule, change: _Change, assignment: Assignment
) -> ProofFinding:
    case, worse = _pair(ground, change, assignment)
    return ground.finding(
        "error",
        "monotone_step",
        ground.rule_place(rule, "when"),
        f"rule {rule.id}: a worse answer lowers the step ({_said(ground, change)})",
        of=rule.id,
        case=case,
        worse=worse,
        shows=_both_told(ground, case, worse),
    )


def _drops(ground: ProofContext, node: Node) -> list[_Change]:
    """The worse answers that can make a diagram false where it was true."""
    found: set[tuple[int, int, int]] = set()
    for variable, branches in ground.logic.nodes(node):
        for better, worse in ground.space.variables[variable].worse:
            if not ground.logic.implies(branches[better], branches[worse]):
                found.add((variable, better, worse))
    return [_Change(*change) for change in sorted(found)]


def _at(ground: ProofContext, node: Node, change: _Change) -> Node:
    return ground.logic.fix(node, change.variable, change.better)


def _none_after(ground: ProofContext, nodes: Iterable[Node], change: _Change) -> list[Node]:
    return [
        ground.logic.opposite(ground.logic.fix(node, change.variable, change.worse))
        for node in nodes
    ]


def _smallest(
    ground: ProofContext,
    candidates: Iterable[tuple[_Change, tuple[Node, ...]]],
    *,
    complete: bool = False,
) -> tuple[_Change, Assignment] | None:
    """The change with the smallest case; `complete` prefers one that suggests a step."""
    best: tuple[bool, int, _Change, Assignment] | None = None
    for change, wanted in candidates:
        answered = [
            ground.logic.fix(ground.answered, change.variable, value)
            for value in (change.better, change.worse)
            if complete
        ]
        assignment = ground.logic.cheapest(*wanted, *answered)
        whole = assignment is not None
        if assignment is None:
            assignment = ground.logic.cheapest(*wanted)
        if assignment is None:
            continue
        size = not whole, ground.logic.cost({**assignment, change.variable: change.better})
        if best is None or size < best[:2]:
            best = *size, change, assignment
    return None if best is None else (best[2], best[3])


def _pair(ground: ProofContext, change: _Change, assignment: Assignment) -> tuple[Case, Case]:
    """The case before and after the change, on the two sides of it, the same stops recorded."""
    before = ground.case({**assignment, change.variable: change.better}, [change.variable])
    worst = [change.variable] if change.better == 0 else []  # from unanswered to the very worst
    after = ground.case({**assignment, change.variable: change.worse}, worst)
    recorded = tuple(dict.fromkeys((*before.recorded, *after.recorded)))
    return Case(before.answers, recorded), Case(after.answers, recorded)


def _said(ground: ProofContext, change: _Change) -> str:
    variable = ground.space.variables[change.variable]
    before, after = variable.worst[change.better], variable.best[change.worse]
    if before is None:
        return f"{variable.id} unanswered → {variable.worst[change.worse]}"
    return f"{variable.id} {before} → {after}"


def _both_told(ground: ProofContext, case: Case, worse: Case) -> str:
    before, after = ground.told(case), ground.told(worse)
    if before == after:  # with answers missing a drop may show in the rules alone
        before, after = _fired(ground, case), _fired(ground, worse)
    return f"{before} → {after}"


def _fired(ground: ProofContext, case: Case) -> str:
    decision = case.decide(ground.pathway)
    rules = ", ".join(rule.id for rule in decision.rules) or "no rule"
    return f"{describe_decision(decision)} ({rules})"
