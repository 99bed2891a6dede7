"""Every red flag can stop the session, and every stop has a card to act by."""

from __future__ import annotations

from collections.abc import Iterator

from stepping.diagrams import FALSE
from stepping.findings import Case, Finding
from stepping.pathway import REFUSED
from stepping.proofs.ground import Ground


def safety(ground: Ground) -> Iterator[Finding]:
    """Questions marked as safety that cannot open a stop, or are not asked."""
    for id_, question in ground.pathway.questions.items():
        if question.safety and not _opens_a_stop(ground, id_):
            yield ground.finding(
                "error",
                "safety",
                ground.fact_place(id_),
                f"{id_} is marked as safety, but no answer to it opens a stop",
                of=id_,
            )
        elif question.safety and question.refusable and not _opens_a_stop(ground, id_, REFUSED):
            yield ground.finding(
                "error",
                "safety",
                ground.fact_place(id_),
                f"{id_} is marked as safety, but refusing to answer it opens no stop",
                of=id_,
            )
    for instrument in ground.pathway.instruments.values():
        for index, item in enumerate(instrument.item):
            id_ = f"{instrument.id}.{item.id}"
            if item.safety and id_ not in ground.pathway.questions:
                yield ground.finding(
                    "error",
                    "safety",
                    (f"instruments/{instrument.id}.toml", ("item", index)),
                    f"{id_} is marked as safety, but this pathway does not ask it",
                    of=id_,
                )


def _opens_a_stop(ground: Ground, question: str, answer: str | None = None) -> bool:
    """Whether a worse answer opens a stop, or a certain one where the next better does not."""
    variable = ground.space.places[question]
    answers = ground.space.variables[variable].worst
    for stop in ground.pathway.stops:
        node = ground.fires(stop)
        for better, worse in ground.space.variables[variable].worse:
            if answer not in (None, answers[worse]):
                continue
            before = ground.logic.opposite(ground.logic.fix(node, variable, better))
            if ground.logic.both(before, ground.logic.fix(node, variable, worse)) != FALSE:
                return True
    return False


def cards(ground: Ground) -> Iterator[Finding]:
    """Stops that can hold with no action card, and cards without a number to call."""
    for rule in ground.pathway.stops:
        shown = [when for _, when in rule.cards if when is not None]
        if len(shown) == len(rule.cards):
            none = (ground.logic.opposite(ground.space.true(when)) for when in shown)
            assignment = ground.logic.cheapest(ground.fires(rule), *none)
            if assignment is not None:
                case = Case(ground.space.answers(assignment))
                yield ground.finding(
                    "error",
                    "stop_without_card",
                    ground.rule_place(rule, "cards"),
                    f"rule {rule.id}: the stop can hold with none of its cards shown",
                    of=rule.id,
                    case=case,
                    shows=ground.told(case),
                )
        for card, _ in rule.cards:
            if not card.numbers:
                yield ground.finding(
                    "error",
                    "card_without_number",
                    (f"cards/{card.id}.toml", ("numbers",)),
                    f"card {card.id} is the card of stop {rule.id} and has no number to call",
                    of=card.id,
                )
