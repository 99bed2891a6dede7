"""Links rules, interventions and the header: every name found, every condition read."""

from __future__ import annotations

from stepping.pathway.condition import Compare
from stepping.pathway.files import (
    EXAMPLES,
    HEADER,
    INTERVENTIONS,
    QUESTIONS,
    RULES,
    card_file,
    instrument_file,
)
from stepping.pathway.linking.resolver import Resolver
from stepping.pathway.model import NO, ReadyIntervention, ReadyRule
from stepping.pathway.schema import Rule
from stepping.pathway.toml_lines import Place


def link_rules(resolver: Resolver) -> tuple[ReadyRule, ...]:
    """Return every rule with its conditions read and its cards found."""
    rules = resolver.parts.rules.rule
    _check_twice(resolver, "rule", [rule.id for rule in rules], RULES)
    return tuple(_link_rule(resolver, rule, ("rule", index)) for index, rule in enumerate(rules))


def _check_twice(resolver: Resolver, what: str, ids: list[str], file: str) -> None:
    """Note each table whose id an earlier one has."""
    for index, id_ in enumerate(ids):
        if id_ in ids[:index]:
            resolver.faults.add(file, (what, index), f"{what} {id_} is defined twice")


def _link_rule(resolver: Resolver, rule: Rule, place: Place) -> ReadyRule:
    parts = resolver.parts
    condition = resolver.read_checked(rule.when, RULES, (*place, "when"))
    cards = []
    for number, use in enumerate(rule.cards):
        when = resolver.read_checked(use.when, RULES, (*place, "cards", number, "when"))
        if use.card in parts.cards:
            cards.append((parts.cards[use.card], when))
            _check_level(resolver, rule, number, place)
    steps = [step.number for step in parts.header.step]
    for key, named in (
        ("at_least", (rule.at_least,)),
        ("then_at_least", (rule.then_at_least,)),
        ("only_steps", rule.only_steps),
    ):
        for number in {*named} - {None, *steps}:
            message = f"rule {rule.id}: there is no step {number}"
            resolver.faults.add(RULES, (*place, key), message)
    offered = [intervention.id for intervention in parts.interventions.intervention]
    questions = [fact.id for fact in resolver.facts.values() if fact.origin == "question"]
    for key, names, known in (
        ("add", rule.add, [action.id for action in parts.header.action]),
        ("offer", rule.offer, offered),
        ("avoid", rule.avoid, offered),
        ("ask_first", rule.ask_first, questions),
    ):
        resolver.check_known(f"rule {rule.id}: {key}", names, known, RULES, (*place, key))
    above = rule.or_above if isinstance(rule.or_above, str) else None
    upward = resolver.read_checked(above, RULES, (*place, "or_above"))
    return ReadyRule(rule, condition or Compare("", "is", NO), tuple(cards), upward)


def _check_level(resolver: Resolver, rule: Rule, number: int, place: Place) -> None:
    """Note a level at which a card is opened, and that it does not name."""
    use = rule.cards[number]
    card = resolver.parts.cards[use.card]
    if use.level not in (None, card.level, *card.milder_levels):
        levels = ", ".join((card.level, *card.milder_levels))
        message = f"rule {rule.id}: card {card.id} names no level {use.level}, only {levels}"
        resolver.faults.add(RULES, (*place, "cards", number, "level"), message)


def link_interventions(resolver: Resolver) -> tuple[ReadyIntervention, ...]:
    """Return every intervention with its conditions read."""
    interventions = resolver.parts.interventions.intervention
    ids = [intervention.id for intervention in interventions]
    _check_twice(resolver, "intervention", ids, INTERVENTIONS)
    steps = {step.number for step in resolver.parts.header.step}
    ready = []
    for index, intervention in enumerate(interventions):
        place: Place = ("intervention", index)
        for number in intervention.steps:
            if number not in steps:
                at = (*place, "steps")
                resolver.faults.add(INTERVENTIONS, at, f"there is no step {number}")
        lists = {}
        for key in ("suits", "excluded_if", "requires"):
            rows = enumerate(getattr(intervention, key))
            read = [
                resolver.read_checked(row.when, INTERVENTIONS, (*place, key, number, "when"))
                for number, row in rows
            ]
            lists[key] = tuple(condition for condition in read if condition)
        ready.append(ReadyIntervention(intervention, **lists))
    return tuple(ready)


def check_header(resolver: Resolver) -> None:
    """Note ids that stand twice in a list, and wording that no instrument states."""
    parts = resolver.parts
    header = parts.header
    known, at = header.emergency_cards, ("reference_cards",)
    resolver.check_known("emergency_cards: the card", header.reference_cards, known, HEADER, at)
    for what, names, file, key in (
        ("step", [str(step.number) for step in header.step], HEADER, "step"),
        ("section", [section.id for section in header.section], HEADER, "section"),
        ("action", [action.id for action in header.action], HEADER, "action"),
        (
            "override_reason",
            [reason.code for reason in header.override_reason],
            HEADER,
            "override_reason",
        ),
        ("page", [page.id for page in parts.questions.page], QUESTIONS, "page"),
        ("example", [example.id for example in parts.examples.example], EXAMPLES, "example"),
        *(
            ("step", [step.id for step in card.steps], card_file(id_), "steps")
            for id_, card in parts.cards.items()
        ),
    ):
        resolver.check_unique(what, names, file, (key,))
    for id_, instrument in parts.instruments.items():
        for language in header.languages:
            if language not in instrument.wording:
                message = f"there is no [wording.{language}]"
                resolver.faults.add(instrument_file(id_), ("wording",), message)
