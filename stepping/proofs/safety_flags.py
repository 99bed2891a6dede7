"""Every red flag can stop the session, and every stop has a card to act by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stepping.decision.minimum_steps import find_inputs
from stepping.pathway.model import REFUSED
from stepping.pathway.schema import Urgency
from stepping.proofs.context import ProofContext
from stepping.proofs.diagrams import FALSE
from stepping.proofs.findings import Case, ProofFinding

_URGENT_ENOUGH: Mapping[Urgency, str] = {"emergency": "E", "same_day": "ED", "week": "EDW"}
"""The levels of the cards that a stop may open: emergency, same day, within a week."""


def check_safety(context: ProofContext) -> Iterator[ProofFinding]:
    """Yield questions marked as safety that open no stop, or are not asked."""
    for id_, question in context.pathway.questions.items():
        if question.safety:
            yield from _of_question(context, id_)
    for instrument in context.pathway.instruments.values():
        for index, item in enumerate(instrument.item):
            id_ = f"{instrument.id}.{item.id}"
            if item.safety and id_ not in context.pathway.questions:
                message = f"{id_} is marked as safety, but this pathway does not ask it"
                yield context.error(
                    "safety",
                    (f"instruments/{instrument.id}.toml", ("item", index)),
                    message,
                    of=id_,
                )


def _of_question(context: ProofContext, id_: str) -> Iterator[ProofFinding]:
    question = context.pathway.questions[id_]
    place = context.fact_place(id_)
    if not _opens_a_stop(context, id_):
        message = f"{id_} is marked as safety, but no answer to it opens a stop"
        yield context.error("safety", place, message, of=id_)
        return
    if question.refusable and not _opens_a_stop(context, id_, REFUSED):
        message = f"{id_} is marked as safety, but refusing to answer it opens no stop"
        yield context.error("safety", place, message, of=id_)
    if question.safety is True and (case := _passes(context, id_)) is not None:
        message = (
            f"{id_} is marked as safety, but its worst answer can be given and no stop opens; "
            f'mark it "gate" if it is meant to open one with other answers only'
        )
        yield context.error("safety_passed", place, message, of=id_, case=case)
    asked_by = set() if question.ask_if is None else find_inputs(context.pathway, question.ask_if)
    if asked_by and all(context.pathway.facts[base].origin == "given" for base in asked_by):
        message = f"{id_} is marked as safety, but is not asked of all: {question.ask_if}"
        yield context.error("safety_hidden", place, message, of=id_)
    if not question.required:
        message = f"{id_} is marked as safety, but a step can be confirmed without it: not required"
        yield context.hint("safety_optional", place, message, of=id_)


def _passes(context: ProofContext, id_: str) -> Case | None:
    """Return the smallest case in which the worst answer to a question opens no stop."""
    variable = context.space.places[id_]
    pairs = context.space.variables[variable].worse
    if not pairs:
        return None
    worst = max(worse for _, worse in pairs)
    wanted = [context.logic.fix(context.space.asked(id_).true, variable, worst)]
    for stop in context.pathway.stops:
        shut = context.logic.neg(context.where_fires(stop))
        wanted.append(context.logic.fix(shut, variable, worst))
    assignment = context.logic.cheapest(*wanted)
    if assignment is None:
        return None
    return Case(context.space.answers({**assignment, variable: worst}, [variable]))


def _opens_a_stop(context: ProofContext, question: str, answer: str | None = None) -> bool:
    """Say whether a worse answer opens a stop, or a certain one where the next better does not."""
    variable = context.space.places[question]
    answers = context.space.variables[variable].worst
    for stop in context.pathway.stops:
        node = context.where_fires(stop)
        for better, worse in context.space.variables[variable].worse:
            if answer not in (None, answers[worse]):
                continue
            before = context.logic.neg(context.logic.fix(node, variable, better))
            if context.logic.conj(before, context.logic.fix(node, variable, worse)) != FALSE:
                return True
    return False


def check_cards(context: ProofContext) -> Iterator[ProofFinding]:
    """Yield stops that can hold with no action card, and cards without a number to call."""
    for rule in context.pathway.stops:
        shown = [when for _, when in rule.cards if when is not None]
        if len(shown) == len(rule.cards):
            none = (context.logic.neg(context.space.where_true(when)) for when in shown)
            assignment = context.logic.cheapest(context.where_fires(rule), *none)
            if assignment is not None:
                case = Case(context.space.answers(assignment))
                message = f"rule {rule.id}: the stop can hold with none of its cards shown"
                yield context.error(
                    "stop_without_card",
                    context.rule_place(rule, "cards"),
                    message,
                    of=rule.id,
                    case=case,
                )
        for number, (card, _) in enumerate(rule.cards):
            if rule.rule.stop and card.level not in _URGENT_ENOUGH[rule.rule.stop]:
                message = (
                    f"card {card.id} is of level {card.level}, too mild for stop {rule.id}, "
                    f"{rule.rule.stop}"
                )
                yield context.error(
                    "card_too_mild", context.rule_place(rule, "cards", number), message, of=rule.id
                )
            if not card.numbers:
                message = f"card {card.id} is the card of stop {rule.id} and has no number to call"
                yield context.error(
                    "card_without_number",
                    (f"cards/{card.id}.toml", ("numbers",)),
                    message,
                    of=card.id,
                )
