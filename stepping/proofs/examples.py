"""Runs a pathway's own examples, which must hold before the pathway may decide anything."""

from __future__ import annotations

from stepping.decision.decide import UnknownStop, decide
from stepping.decision.outcome import Decision
from stepping.decision.safety import find_cards
from stepping.pathway.answers import AnswersError, read_answers
from stepping.pathway.diagnostics import Diagnostic, DiagnosticCollector, suggest_nearest
from stepping.pathway.files import EXAMPLES
from stepping.pathway.model import Answer, Pathway
from stepping.pathway.schema import Example, Expectation


def run_examples(pathway: Pathway) -> tuple[Diagnostic, ...]:
    """Return every example that does not come out as it says, with its line."""
    diagnostics = DiagnosticCollector(pathway.files)
    for index, example in enumerate(pathway.examples):
        for fault in _faults(pathway, example):
            diagnostics.add(EXAMPLES, ("example", index), f"example {example.id}: {fault}")
    return diagnostics.found


def example_answers(pathway: Pathway, example: Example) -> dict[str, Answer]:
    """Return the full answers of an example: its base, its items, its own answers.

    Raises:
        AnswersError: If an answer does not fit its question.
        KeyError: If the base is not known.
    """
    raw: dict[str, object] = dict(pathway.example_bases[example.base]) if example.base else {}
    for instrument, values in example.items.items():
        first = _first_number(pathway, instrument)
        raw |= {f"{instrument}.{number}": value for number, value in enumerate(values, first)}
    raw |= example.answers
    for id_ in example.unanswered:
        raw.pop(id_, None)
    return read_answers(pathway, raw)


def _first_number(pathway: Pathway, instrument: str) -> int:
    """Return the number of an instrument's first numbered item; AUDIT's stand from 4 on."""
    known = pathway.instruments.get(instrument)
    ids = [item.id for item in known.item] if known else []
    return min((int(id_) for id_ in ids if id_.isdigit()), default=1)


def _faults(pathway: Pathway, example: Example) -> list[str]:
    if example.base is not None and example.base not in pathway.example_bases:
        hint = suggest_nearest(example.base, pathway.example_bases)
        return [f"base {example.base!r} is not known{hint}"]
    try:
        answers = example_answers(pathway, example)
        decision = decide(pathway, answers, example.recorded)
    except AnswersError as error:
        return [str(fault) for fault in error.faults]
    except UnknownStop as error:
        return [str(error)]
    cards = (c.id for stop in decision.stops for c in find_cards(pathway, answers, stop))
    return _differences(example.expect, decision, tuple(dict.fromkeys(cards)))


def _differences(expected: Expectation, decision: Decision, cards: tuple[str, ...]) -> list[str]:
    came = {
        "status": decision.status,
        "step": decision.step,
        "lowest": decision.lowest,
        "highest": decision.highest,
        "urgency": decision.urgency,
        "stops": decision.stops,
        "rules": tuple(rule.id for rule in decision.rules),
        "actions": decision.actions,
        "or_above": decision.or_above,
        "cards": cards,
        "interventions": tuple(offer.id for offer in decision.interventions),
    }
    faults = [
        f"{key} should be {_plain(wanted)}, it is {_plain(came[key])}"
        for key, wanted in expected.model_dump(exclude_unset=True).items()
        if wanted != came[key]
    ]
    if faults and decision.status == "insufficient" and expected.status != "insufficient":
        faults.append(f"a required answer is missing: {_plain(decision.required)}")
    return faults


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value) or "none"
    return str(value)
