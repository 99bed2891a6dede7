"""The decision: stops first, then the lowest step that every rule allows, with its whole trace."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from stepping.decision.counterfactuals import find_counterfactuals
from stepping.decision.facts import FactStates, get_fact_states
from stepping.decision.interventions import rank_interventions
from stepping.decision.minimum_steps import (
    applicable_minimum_steps,
    declined_answers,
    find_inputs,
    is_above,
    lowest_allowed_step,
    missing_answers,
    open_stops,
    possible_steps,
    required_answers,
)
from stepping.decision.outcome import (
    URGENCIES,
    Decision,
    FactValue,
    FiredRule,
    OpenElsewhere,
    OpenRule,
    Status,
)
from stepping.decision.verdicts import find_verdicts
from stepping.pathway.answers import shown_id
from stepping.pathway.condition import (
    Condition,
    FactState,
    HiddenState,
    NumberState,
    RemarkState,
    SetState,
    Truth,
    WordState,
    list_held_alternatives,
)
from stepping.pathway.diagnostics import suggest_nearest
from stepping.pathway.model import Answers, Pathway, ReadyRule
from stepping.pathway.schema import Urgency


class UnknownStop(ValueError):
    """A stop was said to be recorded that the pathway does not have."""


def decide(
    pathway: Pathway,
    answers: Answers,
    recorded: Collection[str] = (),
    elsewhere: Iterable[OpenElsewhere] = (),
) -> Decision:
    """Decide on a set of checked answers.

    `recorded` are the stops whose safety steps have been recorded; `elsewhere` are those open in
    other drafts of the person: no step below what they ask for is suggested or may be confirmed.

    Raises:
        UnknownStop: If `recorded` names something that is not a stop of this pathway.
    """
    check_recorded(pathway, recorded)
    states = get_fact_states(pathway, answers)
    truths = {rule.id: states.evaluate(rule.condition) for rule in pathway.rules}
    fired = [rule for rule in pathway.rules if truths[rule.id]]
    stops = open_stops(pathway, states, recorded)
    missing, required, declined = _not_told(pathway, states, answers)
    status: Status = "stop" if stops else "insufficient" if required else "suggested"
    named = tuple(sorted(elsewhere, key=_rank))
    least = lowest_allowed_step(pathway, named)
    step = max([least, *applicable_minimum_steps(fired, recorded)])
    lowest, highest, settled = possible_steps(pathway, answers, recorded, least)
    consider = _to_consider(states, fired, step)
    at_least = _may_be_higher(pathway, states, declined, step)
    said = step if status == "suggested" else None
    fired = _speaking(fired, said, upward=at_least or bool(consider))
    decision = Decision(
        pathway=pathway.id,
        version=pathway.header.version,
        digest=pathway.digest,
        status=status,
        lowest=None if stops else min(lowest, step),
        highest=None if stops else max(highest, step),
        settled=settled and not stops,
        stops=tuple(rule.id for rule in stops),
        possible=_possible(pathway, states, truths, missing, declined),
        scores=_scores(pathway, states),
        missing=missing,
        required=required,
        declined=declined,
        elsewhere=named,
        verdicts=find_verdicts(pathway, states),
        **_said(states, fired),
    )
    basis = _Basis(pathway, answers, recorded, states, fired, step, least)
    more = _suggest(basis, consider, at_least=at_least) if status == "suggested" else {}
    return decision.model_copy(update=more)


@dataclass(frozen=True)
class _Basis:
    """What a suggestion rests on."""

    pathway: Pathway
    answers: Answers
    recorded: Collection[str]
    states: FactStates
    fired: Collection[ReadyRule]
    step: int
    least: int


def _said(states: FactStates, fired: Collection[ReadyRule]) -> dict[str, Any]:
    """Return what the rules that fire say, whatever the step."""
    return {
        "rules": tuple(_trace(states, rule) for rule in fired),
        "urgency": _most_urgent(rule for rule in fired if rule.rule.stop),
        "provisional": any(rule.rule.provisional for rule in fired),
        "actions": tuple(dict.fromkeys(action for rule in fired for action in rule.rule.add)),
    }


def _suggest(basis: _Basis, consider: tuple[str, ...], *, at_least: bool) -> dict[str, object]:
    """Return what a decision says besides, where it suggests a step."""
    pathway, answers, fired = basis.pathway, basis.answers, basis.fired
    step, least = basis.step, basis.least
    interventions, excluded = rank_interventions(pathway, basis.states, answers, fired, step)
    return {
        "step": step,
        "or_above": bool(consider),
        "consider": consider,
        "at_least": at_least,
        "lowest_override": max(least, _lowest_override(pathway, fired, step, at_least)),
        "interventions": interventions,
        "excluded": excluded,
        "flips": find_counterfactuals(pathway, answers, basis.recorded, step, least),
    }


def list_fired(
    pathway: Pathway, answers: Answers, recorded: Collection[str] = ()
) -> frozenset[str]:
    """Return the rules that a decision on these answers would name, for less work than deciding."""
    states = get_fact_states(pathway, answers)
    held = [rule for rule in pathway.rules if states.evaluate(rule.condition)]
    if any(rule.rule.only_steps for rule in held):
        return frozenset(rule.id for rule in decide(pathway, answers, recorded).rules)
    return frozenset(rule.id for rule in held)


def _speaking(fired: list[ReadyRule], step: int | None, *, upward: bool) -> list[ReadyRule]:
    """Return the rules that speak where a step is suggested, or that and those above, or none."""

    def on(only: int) -> bool:
        return step is not None and (only == step or (upward and only > step))

    return [r for r in fired if not r.rule.only_steps or any(map(on, r.rule.only_steps))]


def check_recorded(pathway: Pathway, recorded: Iterable[str]) -> None:
    """Refuse the names of stops that the pathway does not have.

    Raises:
        UnknownStop: With the nearest name that is known.
    """
    known = [rule.id for rule in pathway.stops]
    for name in recorded:
        if name not in known:
            hint = suggest_nearest(name, known)
            raise UnknownStop(f"recorded: {shown_id(name)} is not a stop of {pathway.id}{hint}")


def _not_told(
    pathway: Pathway, states: FactStates, answers: Answers
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return what is missing, what of it a step needs, and what was declined."""
    missing = (*_missing_given(pathway, answers), *missing_answers(pathway, states, answers))
    required = required_answers(pathway, states, answers)
    return missing, required, declined_answers(pathway, states, answers)


def _missing_given(pathway: Pathway, answers: Answers) -> tuple[str, ...]:
    """Return what the client card should have told and did not."""
    facts = pathway.facts.values()
    return tuple(
        f.id for f in facts if f.origin == "given" and f.default is None and f.id not in answers
    )


def _to_consider(states: FactStates, fired: Iterable[ReadyRule], step: int) -> tuple[str, ...]:
    """Return the rules of the final step that leave it open upward."""
    return tuple(r.id for r in fired if r.rule.at_least == step and is_above(states, r))


def _rank(stop: OpenElsewhere) -> tuple[int, str, str]:
    return -URGENCIES.index(stop.urgency), stop.draft, stop.id


def _most_urgent(rules: Iterable[ReadyRule]) -> Urgency | None:
    urgencies = [rule.rule.stop for rule in rules if rule.rule.stop]
    return max(urgencies, key=URGENCIES.index, default=None)


def _lowest_override(
    pathway: Pathway, fired: Iterable[ReadyRule], step: int, at_least: bool
) -> int:
    """Return one step down, or less far where a recorded stop asks for more.

    A lower bound is not gone below: what was declined can only mean more.
    """
    if at_least:
        return step
    left = [rule.rule.then_at_least for rule in fired if rule.rule.then_at_least is not None]
    numbers = [s.number for s in pathway.header.step if s.number < step]
    return max([max(numbers, default=step), *left])


def _trace(states: FactStates, rule: ReadyRule) -> FiredRule:
    above = bool(is_above(states, rule))
    conditions = rule.deciding if above else (rule.condition,)
    held = list_held_alternatives(rule.condition, states.evaluate)
    return FiredRule(
        id=rule.id,
        effect=rule.rule.effect(above=above),
        facts=list_facts(states, *conditions),
        held=tuple(map(str, held)),
    )


def list_facts(states: FactStates, *conditions: Condition) -> dict[str, FactValue]:
    """Return the facts that conditions name, as the trace shows them."""
    named = (compare.fact for condition in conditions for compare in condition.parts())
    return {fact: to_fact_value(states.get_state(fact)) for fact in named}


def to_fact_value(state: FactState) -> FactValue:
    """Return a state in plain values; `None` when hidden or unknown."""
    match state:
        case NumberState(low, high):
            return low if low == high else (low, high)
        case WordState(values) if len(values) == 1:
            return next(iter(values))
        case SetState(values) if values is not None:
            return tuple(sorted(values))
        case RemarkState(given) if given is not None:
            return "given" if given else None
        case HiddenState() | _:
            return None


def _possible(
    pathway: Pathway,
    states: FactStates,
    truths: Mapping[str, Truth],
    missing: tuple[str, ...],
    declined: tuple[str, ...],
) -> tuple[OpenRule, ...]:
    """Return the rules that could still hold, or still leave the step open upward."""
    found = []
    for rule in pathway.rules:
        if truths[rule.id] is False:
            continue
        above = is_above(states, rule)
        known = zip(rule.deciding, (truths[rule.id], above), strict=False)
        unknown = [condition for condition, truth in known if truth is None]
        if unknown:
            bases = set[str]().union(*(find_inputs(pathway, each) for each in unknown))
            found.append(
                OpenRule(
                    id=rule.id,
                    effect=rule.rule.effect(above=above is not False),
                    missing=tuple(id_ for id_ in missing if id_ in bases),
                    declined=tuple(id_ for id_ in declined if id_ in bases),
                )
            )
    return tuple(found)


def _may_be_higher(
    pathway: Pathway, states: FactStates, declined: Collection[str], step: int
) -> bool:
    """Say whether a declined answer may hide a stop, a higher step, or a step "or above"."""
    if not declined:
        return False
    asks: list[tuple[Condition, int | None]] = [(rule.condition, None) for rule in pathway.stops]
    asks += [(each.condition, each.rank) for each in pathway.minimum_steps]
    return any(
        states.evaluate(condition) is None
        and not find_inputs(pathway, condition).isdisjoint(declined)
        for condition, rank in asks
        if rank is None or rank > 2 * step
    )


def _scores(pathway: Pathway, states: FactStates) -> dict[str, int | tuple[int, int]]:
    scores: Mapping[str, FactState] = {
        fact.id: states.get_state(fact.id)
        for fact in pathway.facts.values()
        if fact.origin in ("total", "count", "difference")
    }
    return {
        id_: state.low if state.low == state.high else (state.low, state.high)
        for id_, state in scores.items()
        if isinstance(state, NumberState)
    }
