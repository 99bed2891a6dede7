"""Every red flag can stop the session, and every stop has a card to act by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stepping.decision.minimum_steps import find_inputs
from stepping.pathway.files import HEADER
from stepping.pathway.model import REFUSED, ReadyRule
from stepping.pathway.schema import LEVELS, Level, Urgency
from stepping.proofs.context import ProofContext
from stepping.proofs.diagrams import FALSE
from stepping.proofs.findings import Case, ProofFinding

_LEVEL: Mapping[Urgency, Level] = {"emergency": "E", "same_day": "D", "week": "W"}
"""The level of a card that is as urgent as a stop."""
_NEXT = 1
"""A card may be one level milder than its stop: an emergency whose card is for the same day."""


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
    """Yield stops without a card, cards of another urgency, and cards without a number to call."""
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
            yield from _urgency(context, rule, number)
            if not card.numbers:
                message = f"card {card.id} is the card of stop {rule.id} and has no number to call"
                yield context.error(
                    "card_without_number",
                    (f"cards/{card.id}.toml", ("numbers",)),
                    message,
                    of=card.id,
                )


def _urgency(context: ProofContext, rule: ReadyRule, number: int) -> Iterator[ProofFinding]:
    """Yield a card that asks for more haste than any stop that holds, or far less than its own."""
    card, when = rule.cards[number]
    place = context.rule_place(rule, "cards", number)
    level = LEVELS.index(rule.card_level(number))
    apart = level - _level_of(rule)
    if apart < -_NEXT:
        message = (
            f"card {card.id} is of level {LEVELS[level]}, too mild for stop {rule.id}, "
            f"{rule.rule.stop}"
        )
        yield context.error("card_too_mild", place, message, of=rule.id)
    if apart <= 0:
        return
    shown = [context.where_fires(rule)]
    if when is not None:
        shown.append(context.space.where_true(when))
    urgent = [stop for stop in context.pathway.stops if _level_of(stop) >= level]
    calm = (context.logic.neg(context.where_fires(stop)) for stop in urgent)
    assignment = context.logic.cheapest(*shown, *calm)
    if assignment is not None:
        message = (
            f"stop {rule.id}, {rule.rule.stop}, is milder than its card {card.id} of level "
            f"{LEVELS[level]}, which it can open alone"
        )
        case = Case(context.space.answers(assignment))
        yield context.error("stop_too_mild", place, message, of=rule.id, case=case)


def _level_of(stop: ReadyRule) -> int:
    """Return how urgent a stop is, as a place in `LEVELS`."""
    return LEVELS.index(_LEVEL[stop.rule.stop or "week"])


def check_opened_cards(context: ProofContext) -> Iterator[ProofFinding]:
    """Yield cards that no answer opens and that are not named as reference, and the other way."""
    opened = set(_opened_cards(context))
    header = context.pathway.header
    for index, id_ in enumerate(header.emergency_cards):
        if id_ not in opened and id_ not in header.reference_cards:
            message = (
                f"card {id_} is opened by no answer: let a stop or an action open it, or name it "
                f"in reference_cards"
            )
            place = (HEADER, ("emergency_cards", index))
            yield context.error("card_never_opened", place, message, of=id_)
    for index, id_ in enumerate(header.reference_cards):
        if id_ in opened:
            message = f"card {id_} is named in reference_cards, but answers open it"
            place = (HEADER, ("reference_cards", index))
            yield context.error("reference_card_opened", place, message, of=id_)


def _opened_cards(context: ProofContext) -> Iterator[str]:
    """Yield the cards that a stop opens, or an action that is added, under some answers."""
    for rule in context.pathway.rules:
        fires = context.where_fires(rule)
        for card, when in rule.cards:
            shown = () if when is None else (context.space.where_true(when),)
            if context.logic.cheapest(fires, *shown) is not None:
                yield card.id
        if rule.rule.add and context.where_speaks(rule) != FALSE:
            actions = (context.pathway.actions[id_] for id_ in rule.rule.add)
            yield from (action.card for action in actions if action.card)
