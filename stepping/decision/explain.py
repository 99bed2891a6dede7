"""Puts a decision into words: the one JSON form that scripts read, in a language of the pathway."""

from __future__ import annotations

from collections.abc import Iterable

from stepping.decision.outcome import Counterfactual, Decision, FactValue, FiredRule, Reason
from stepping.pathway.model import NO, YES, Pathway

_KEYS = (
    "pathway", "version", "digest", "status", "step", "or_above", "consider", "range", "settled",
    "provisional", "urgency", "stops", "rules", "possible", "scores", "verdicts",
    "missing", "required", "declined", "at_least", "actions", "interventions", "excluded", "flips",
)  # fmt: skip
"""What is said of a decision, in this order."""


def decision_to_json(pathway: Pathway, decision: Decision, language: str) -> dict[str, object]:
    """Return a decision as plain data with its reasons in a language, keys always in one order."""

    def texts(reasons: Iterable[Reason]) -> list[str]:
        return [reason_text(pathway, reason, language) for reason in reasons]

    plain = decision.model_dump(mode="json") | {
        "consider": [
            {"rule": id_, "text": consider_text(pathway, id_, language)}
            for id_ in decision.consider
        ],
        "range": None if decision.lowest is None else [decision.lowest, decision.highest],
        "rules": [_rule(pathway, fired, language) for fired in decision.rules],
        "interventions": [
            {"id": each.id, "step": each.step, "fit": each.fit, "because": texts(each.because)}
            for each in decision.interventions
        ],
        "excluded": [{"id": each.id, "because": texts(each.because)} for each in decision.excluded],
        "flips": [_flip(flip) for flip in decision.flips],
    }
    return {key: plain[key] for key in _KEYS}


def rules_by_floor(pathway: Pathway, decision: Decision) -> list[FiredRule]:
    """Return the rules that a decision rests on, those that ask for the highest step first."""

    def weight(fired: FiredRule) -> int:
        floor = pathway.rule(fired.id).rule.at_least
        return 1 if floor is None else -floor

    return sorted(decision.rules, key=weight)


def reason_text(pathway: Pathway, reason: Reason, language: str) -> str:
    """Return the words of a reason."""
    match reason.of:
        case "rule":
            return pathway.rule(reason.id).rule.because[language]
        case "wish":
            wishes = next(
                q for q in pathway.questions.values() if q.kind == "multi" and _has(q, reason.id)
            )
            return next(o.label[language] for o in wishes.options if o.id == reason.id)
        case "age":
            ages = pathway.intervention(reason.id).ages
            return f"{ages.from_}–{ages.to}"
        case kind:
            rows = getattr(pathway.intervention(reason.id), kind)
            return str(rows[reason.row].because[language])


def consider_text(pathway: Pathway, rule_id: str, language: str) -> str:
    """Return what a rule wants weighed when a step at or above its own is chosen."""
    return pathway.rule(rule_id).rule.consider[language]


def value_text(pathway: Pathway, fact: str, value: FactValue, language: str) -> str:
    """Return a fact's value as a person reads it: option labels, ranges with a dash."""
    if isinstance(value, tuple):
        if value and isinstance(value[0], int):
            return "–".join(str(part) for part in value)
        return ", ".join(value_text(pathway, fact, str(part), language) for part in value)
    question = pathway.questions.get(fact)
    if question is not None:
        for option in question.options:
            if option.id == str(value):
                return option.label[language]
        if value is not None and (unit := question.unit_of(value).get(language)):
            return f"{value} {unit}"
    return "" if value is None else str(value)


def band_text(pathway: Pathway, fact: str, score: int, language: str) -> str:
    """Return the name of a score's band, or nothing where its total has none."""
    instrument_id, _, total_id = fact.rpartition(".")
    instrument = pathway.instruments.get(instrument_id)
    for total in instrument.total if instrument else ():
        if total.id == total_id:
            bands = [band.label[language] for band in total.bands if band.from_ <= score]
            return bands[-1] if bands else ""
    return ""


def _has(question: object, option: str) -> bool:
    return any(o.id == option for o in getattr(question, "options", ()))


def _rule(pathway: Pathway, fired: FiredRule, language: str) -> dict[str, object]:
    rule = pathway.rule(fired.id).rule
    return {
        "id": fired.id,
        "effect": fired.effect,
        "facts": {fact: _plain(value) for fact, value in fired.facts.items()},
        "held": list(fired.held),
        "because": rule.because[language],
        "source": rule.source,
        "basis": rule.basis,
    }


def _flip(flip: Counterfactual) -> dict[str, object]:
    return {
        "fact": flip.fact,
        "from": _plain(flip.was),
        "to": _plain(flip.becomes),
        "step": flip.step,
    }


def _plain(value: FactValue) -> object:
    if isinstance(value, tuple):
        return list(value)
    return {YES: True, NO: False}.get(value, value) if isinstance(value, str) else value
