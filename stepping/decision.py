"""The decision: stops first, then the lowest step that every floor allows, with its whole trace."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

from stepping.answers import shown_id
from stepping.condition import Chosen, Condition, Hidden, Number, Remark, State, Word
from stepping.content import Urgency
from stepping.pathway import Answers, Pathway, ReadyRule
from stepping.problems import nearest
from stepping.view import View, view_of

Status = Literal["suggested", "stop", "insufficient"]
FactValue = int | str | tuple[int, int] | tuple[str, ...] | None
"""A fact as the trace shows it: a value, a range of numbers, chosen options, or unknown."""

URGENCIES: tuple[Urgency, ...] = ("week", "same_day", "emergency")
"""From the least to the most urgent."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FiredRule(_Frozen):
    """A rule that holds, with the facts it was decided on."""

    id: str
    effect: str
    facts: dict[str, FactValue]


class OpenRule(_Frozen):
    """A rule that could still hold, and the unanswered questions that it waits for."""

    id: str
    effect: str
    missing: tuple[str, ...]


class Reason(_Frozen):
    """Where the words of a reason stand: a rule, or a row of an intervention's own lists."""

    of: Literal["rule", "suits", "excluded_if", "requires", "wish", "age"]
    id: str
    row: int = 0


class RankedIntervention(_Frozen):
    """An intervention on the step, or beside it, with how many things speak for it."""

    id: str
    step: int | None
    fit: int
    because: tuple[Reason, ...]


class ExcludedIntervention(_Frozen):
    """An intervention of the step that is not offered, and why."""

    id: str
    because: tuple[Reason, ...]


class Flip(_Frozen):
    """The smallest change of one fact, in one direction, that moves the step."""

    fact: str
    was: int | str
    becomes: int | str
    step: int


class Decision(_Frozen):
    """What the pathway says of a set of answers; the same for ever for the same digest."""

    pathway: str
    version: str
    digest: str
    status: Status
    step: int | None
    or_above: bool
    lowest: int | None
    highest: int | None
    settled: bool
    """Whether no unanswered question can still change the step or open a stop."""
    provisional: bool
    urgency: Urgency | None
    stops: tuple[str, ...]
    """The open stops, the most urgent first."""
    rules: tuple[FiredRule, ...]
    possible: tuple[OpenRule, ...]
    scores: dict[str, int | tuple[int, int]]
    missing: tuple[str, ...]
    required: tuple[str, ...]
    """The missing answers without which no step may be confirmed."""
    actions: tuple[str, ...]
    interventions: tuple[RankedIntervention, ...] = ()
    excluded: tuple[ExcludedIntervention, ...] = ()
    flips: tuple[Flip, ...] = ()
    lowest_override: int | None = None
    """The lowest step that may be confirmed: no lower than a recorded stop allows."""


class UnknownStop(ValueError):
    """A stop was said to be recorded that the pathway does not have."""


def decide(pathway: Pathway, answers: Answers, recorded: Collection[str] = ()) -> Decision:
    """Decide on a set of checked answers.

    `recorded` are the stops whose safety steps have been recorded.

    Raises:
        UnknownStop: If `recorded` names something that is not a stop of this pathway.
    """
    from stepping.flips import find_flips
    from stepping.offers import rank

    check_recorded(pathway, recorded)
    view = view_of(pathway, answers)
    fired = [rule for rule in pathway.rules if view.truth(rule.condition)]
    holding = [rule for rule in fired if rule.rule.stop]
    stops = _by_urgency(rule for rule in holding if rule.id not in recorded)
    missing = (*_missing_given(pathway, answers), *missing_answers(pathway, view, answers))
    required = required_answers(pathway, view, answers)
    status: Status = "stop" if stops else "insufficient" if required else "suggested"
    floors = standing_floors(fired, recorded)
    step = max([pathway.base_step, *floors])
    lowest, highest, settled = possible_steps(pathway, answers, recorded)
    decision = Decision(
        pathway=pathway.id,
        version=pathway.header.version,
        digest=pathway.digest,
        status=status,
        step=step if status == "suggested" else None,
        or_above=status == "suggested" and _or_above(fired, step),
        lowest=None if stops else min(lowest, step),
        highest=None if stops else max(highest, step),
        settled=settled and not stops,
        provisional=any(rule.rule.provisional for rule in fired),
        urgency=_most_urgent(holding),
        stops=tuple(rule.id for rule in stops),
        rules=tuple(_trace(view, rule) for rule in fired),
        possible=_possible(pathway, view, missing, fired),
        scores=_scores(pathway, view),
        missing=missing,
        required=required,
        actions=tuple(dict.fromkeys(action for rule in fired for action in rule.rule.add)),
        lowest_override=_lowest_override(pathway, holding, step) if status == "suggested" else None,
    )
    if status != "suggested":
        return decision
    interventions, excluded = rank(pathway, view, answers, fired, step)
    return decision.model_copy(
        update={
            "interventions": interventions,
            "excluded": excluded,
            "flips": find_flips(pathway, answers, recorded, step),
        }
    )


def check_recorded(pathway: Pathway, recorded: Iterable[str]) -> None:
    """Refuse the names of stops that the pathway does not have.

    Raises:
        UnknownStop: With the nearest name that is known.
    """
    known = [rule.id for rule in pathway.stops]
    for name in recorded:
        if name not in known:
            raise UnknownStop(
                f"recorded: {shown_id(name)} is not a stop of {pathway.id}{nearest(name, known)}"
            )


def missing_answers(pathway: Pathway, view: View, answers: Answers) -> tuple[str, ...]:
    """Return the unanswered questions that are asked, or may be, in the order of asking."""
    return tuple(
        id_ for id_ in pathway.questions if id_ not in answers and view.asked(id_) is not False
    )


def required_answers(pathway: Pathway, view: View, answers: Answers) -> tuple[str, ...]:
    """Return the missing answers without which no step may be confirmed.

    A required question counts once it is known to be asked; until then the question that decides
    it is what is missing.
    """
    missing = missing_answers(pathway, view, answers)
    return tuple(id_ for id_ in missing if pathway.questions[id_].required and view.asked(id_))


def _missing_given(pathway: Pathway, answers: Answers) -> tuple[str, ...]:
    """What the client card should have told and did not."""
    facts = pathway.facts.values()
    return tuple(
        f.id for f in facts if f.origin == "given" and f.default is None and f.id not in answers
    )


def standing_floors(fired: Iterable[ReadyRule], recorded: Collection[str]) -> list[int]:
    """Return the floors that hold: of rules, and of stops whose safety steps are recorded."""
    floors = []
    for rule in fired:
        if rule.rule.at_least is not None:
            floors.append(rule.rule.at_least)
        elif rule.id in recorded and rule.rule.then_at_least is not None:
            floors.append(rule.rule.then_at_least)
    return floors


def possible_steps(
    pathway: Pathway, answers: Answers, recorded: Collection[str]
) -> tuple[int, int, bool]:
    """Return the lowest and highest step that missing answers leave, and whether all is settled.

    Doubtful answers are doubted, so the range holds whatever is answered next. Settled means one
    step, no stop that could still open, and no rule that could still say "or above".
    """
    view = View(pathway, answers, strict=True)
    lowest = highest = pathway.base_step
    settled = True
    for rule in pathway.rules:
        truth = view.truth(rule.condition)
        if truth is False:
            continue
        floor = rule.rule.at_least if rule.rule.stop is None else rule.rule.then_at_least
        if floor is not None:
            highest = max(highest, floor)
            if truth and (rule.rule.stop is None or rule.id in recorded):
                lowest = max(lowest, floor)
        if truth is None and (rule.rule.stop is not None or rule.rule.or_above):
            settled = False
    return lowest, highest, settled and lowest == highest


def _or_above(fired: Iterable[ReadyRule], step: int) -> bool:
    return any(rule.rule.or_above and rule.rule.at_least == step for rule in fired)


def _by_urgency(rules: Iterable[ReadyRule]) -> list[ReadyRule]:
    return sorted(rules, key=lambda rule: -URGENCIES.index(rule.rule.stop or "week"))


def _most_urgent(rules: Iterable[ReadyRule]) -> Urgency | None:
    urgencies = [rule.rule.stop for rule in rules if rule.rule.stop]
    return max(urgencies, key=URGENCIES.index, default=None)


def _lowest_override(pathway: Pathway, holding: Iterable[ReadyRule], step: int) -> int:
    """One step down at most, and never below what a recorded stop left behind."""
    floors = [rule.rule.then_at_least for rule in holding if rule.rule.then_at_least is not None]
    numbers = [s.number for s in pathway.header.step if s.number < step]
    return max([max(numbers, default=step), *floors])


def _trace(view: View, rule: ReadyRule) -> FiredRule:
    return FiredRule(id=rule.id, effect=rule.rule.effect, facts=facts_of(view, rule.condition))


def facts_of(view: View, condition: Condition) -> dict[str, FactValue]:
    """Return the facts that a condition names, as the trace shows them."""
    return {c.fact: fact_value(view.look(c.fact)) for c in condition.parts()}


def fact_value(state: State) -> FactValue:
    """Return a state in plain values; `None` when hidden or unknown."""
    match state:
        case Number(low, high):
            return low if low == high else (low, high)
        case Word(values) if len(values) == 1:
            return next(iter(values))
        case Chosen(values) if values is not None:
            return tuple(sorted(values))
        case Remark(given) if given is not None:
            return "given" if given else None
        case Hidden() | _:
            return None


def _possible(
    pathway: Pathway, view: View, missing: tuple[str, ...], fired: list[ReadyRule]
) -> tuple[OpenRule, ...]:
    held = {rule.id for rule in fired}
    unanswered = set(missing)
    found = []
    for rule in pathway.rules:
        if rule.id not in held and view.truth(rule.condition) is None:
            waits = pathway_bases(pathway, rule.condition) & unanswered
            order = tuple(id_ for id_ in missing if id_ in waits)
            found.append(OpenRule(id=rule.id, effect=rule.rule.effect, missing=order))
    return tuple(found)


def pathway_bases(pathway: Pathway, condition: Condition) -> set[str]:
    """Return the questions and given facts that a condition rests on."""
    found: set[str] = set()
    waiting = [c.fact for c in condition.parts()]
    seen: set[str] = set()
    while waiting:
        fact = pathway.facts[waiting.pop()]
        if fact.id in seen:
            continue
        seen.add(fact.id)
        if fact.origin in ("question", "given"):
            found.add(fact.id)
        waiting += fact.items
        waiting += [c.fact for inner in fact.conditions for c in inner.parts()]
    return found


def _scores(pathway: Pathway, view: View) -> dict[str, int | tuple[int, int]]:
    scores: Mapping[str, State] = {
        fact.id: view.look(fact.id)
        for fact in pathway.facts.values()
        if fact.origin in ("total", "count")
    }
    return {
        id_: state.low if state.low == state.high else (state.low, state.high)
        for id_, state in scores.items()
        if isinstance(state, Number)
    }
