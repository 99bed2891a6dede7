"""Every question is asked for something, and none that decides can be passed by."""

from __future__ import annotations

from collections.abc import Iterator

from stepping.decision.interventions import WISHES
from stepping.decision.minimum_steps import find_inputs
from stepping.pathway.condition import Condition
from stepping.pathway.files import RULES
from stepping.pathway.model import Pathway
from stepping.proofs.context import ProofContext
from stepping.proofs.findings import ProofFinding


def check_directions(context: ProofContext) -> Iterator[ProofFinding]:
    """Yield questions that decide a stop or a step while no answer to them is the worse one."""
    ruling = [rule.condition for rule in context.pathway.stops]
    ruling += [minimum.condition for minimum in context.pathway.minimum_steps]
    bases = set[str]().union(*(find_inputs(context.pathway, each) for each in ruling))
    for id_, question in context.pathway.questions.items():
        ordered = question.numeric or question.kind == "yesno"
        if id_ in bases and ordered and question.worse == "none":
            message = (
                f"{id_} decides a stop or a step, but no answer to it is called the worse one, "
                f"so nothing proves that a worse one never lowers the step"
            )
            yield context.hint("no_worse", context.fact_place(id_), message, of=id_)


def check_use(context: ProofContext) -> Iterator[ProofFinding]:
    """Yield questions and facts that nothing looks at; remarks and context are for the reader."""
    used = _used(context)
    for id_, question in context.pathway.questions.items():
        read = question.context or question.kind in ("text", "date") or id_ == WISHES
        if id_ not in used and not read:
            message = (
                f"question {id_} is asked, but nothing depends on it; if it is only to be "
                f"noted, say context = true"
            )
            yield context.error("unused_question", context.fact_place(id_), message, of=id_)
    for fact in context.pathway.facts.values():
        own = context.pathway.places[fact.id][0] == RULES
        if own and fact.id not in used:
            message = f"fact {fact.id} is derived, but nothing uses it"
            yield context.error("unused_fact", context.fact_place(fact.id), message, of=fact.id)


def _used(context: ProofContext) -> set[str]:
    """Return what rules, cards, interventions, asked questions and totals look at."""
    facts = context.pathway.facts
    waiting = [c.fact for condition in _roots(context.pathway) for c in condition.parts()]
    waiting += [fact.id for fact in facts.values() if fact.origin == "total"]
    used: set[str] = set()
    while waiting:
        fact = facts[waiting.pop()]
        if fact.id not in used:
            used.add(fact.id)
            waiting += fact.items
            waiting += [c.fact for inner in fact.conditions for c in inner.parts()]
    return used


def check_required(context: ProofContext) -> Iterator[ProofFinding]:
    """Yield required questions that decide, yet are not required while another is left out."""
    told_of: set[str] = set()
    done: set[Condition] = set()
    for id_, question in context.pathway.questions.items():
        if not question.required or question.ask_if is None:
            continue
        if question.ask_if in done:
            continue
        if told_of & find_inputs(context.pathway, question.ask_if):
            told_of.add(id_)
            continue
        asked, variable = context.space.asked(id_), context.space.places[id_]
        open_ = context.logic.neg(context.logic.disj(asked.true, asked.false))
        stops = [context.where_fires(stop) for stop in context.pathway.stops]
        size = len(context.space.variables[variable].best)
        opened = context.logic.disj_all(
            context.logic.fix(stop, variable, value) for stop in stops for value in range(size)
        )
        quiet = (context.logic.neg(stop) for stop in stops)
        assignment = context.logic.cheapest(
            open_, opened, context.space.unanswered(id_), *quiet, context.answered
        )
        if assignment is not None:
            told_of.add(id_)
            done.add(question.ask_if)
            case = context.make_case(assignment)
            message = (
                f"{id_} is required, but a step can be suggested without it while an optional "
                f"question that decides whether it is asked has no answer"
            )
            yield context.hint(
                "required_unsure", context.fact_place(id_), message, of=id_, case=case
            )


def _roots(pathway: Pathway) -> Iterator[Condition]:
    """Yield every condition but those of derived facts, which count if something names them."""
    yield from (q.ask_if for q in pathway.questions.values() if q.ask_if is not None)
    yield from (condition for rule in pathway.rules for condition in rule.deciding)
    yield from pathway.other_conditions
