"""The whole check of a pathway: its examples, its content, and the proofs over all answer sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt
from typing import Any

from stepping.decision.decide import list_fired
from stepping.decision.facts import FactStates
from stepping.decision.interventions import WISHES
from stepping.pathway.answers import AnswersError
from stepping.pathway.client_facts import AGE
from stepping.pathway.condition import NumberState
from stepping.pathway.diagnostics import Diagnostic, describe_program_fault
from stepping.pathway.files import EXAMPLES, HEADER, RULES, instrument_file
from stepping.pathway.model import Answer, Pathway, Question
from stepping.proofs.diagrams import NodeLimitExceeded
from stepping.proofs.examples import example_answers, run_examples
from stepping.proofs.findings import CheckReport, Coverage, FindingMaker, ProofFinding
from stepping.proofs.prove import prove
from stepping.proofs.variables import limit_to_ages

_SAFETY_HOLDS = timedelta(days=3)
"""The longest that an answer about danger may count; a local proposal."""

_BELIEVED = 0.5
"""How strongly failing examples must point at a rule before it is named."""


def check_pathway(pathway: Pathway) -> CheckReport:
    """Return everything that is wrong with a pathway, or worth a look.

    Exhaustive over all answer sets, not a sample. A pathway with errors must not be used.
    """
    maker = FindingMaker(pathway)
    findings: list[ProofFinding] = []
    ran = run_stage(findings, lambda: _ran(pathway))
    findings += run_stage(findings, lambda: _failing(maker, ran))
    findings += run_stage(findings, lambda: _content(maker))
    findings += run_stage(findings, lambda: _proven(maker))
    coverage = run_stage(findings, lambda: _coverage(pathway, ran))
    findings += run_stage(findings, lambda: _uncovered(maker, ran, coverage))
    findings.sort(key=_order)
    return CheckReport(tuple(findings), coverage)


def run_stage(findings: list[ProofFinding], stage: Callable[[], Iterable[Any]]) -> tuple[Any, ...]:
    """Return what a stage of a check finds; where the program fails in it, that is a finding."""
    try:
        return tuple(stage())
    except Exception as error:  # whatever it is: one pathway must not end the program
        findings.append(
            ProofFinding("error", "unproven", Diagnostic(HEADER, 1, describe_program_fault(error)))
        )
        return ()


def as_findings(problems: Iterable[Diagnostic], kind: str = "content") -> tuple[ProofFinding, ...]:
    """Return faults of reading or of services as findings."""
    return tuple(ProofFinding("error", kind, problem) for problem in problems)


def _proven(maker: FindingMaker) -> Iterator[ProofFinding]:
    try:
        yield from prove(maker.pathway)
    except NodeLimitExceeded:
        message = (
            "the rules hang together too widely to be proven: let rules name questions that are "
            "asked near each other, or fewer of them"
        )
        yield maker.error("unproven", (RULES, ()), message)


def _order(finding: ProofFinding) -> tuple[bool, str, int, str]:
    problem = finding.diagnostic
    return finding.severity != "error", problem.file, problem.line, problem.message


# -- examples ----------------------------------------------------------------


@dataclass(frozen=True)
class _Run:
    """An example that can be decided: its answers and the rules that fired."""

    index: int
    id: str
    answers: Mapping[str, Answer]
    fired: frozenset[str]


def _ran(pathway: Pathway) -> Iterator[_Run]:
    stops = {rule.id for rule in pathway.stops}
    for index, example in enumerate(pathway.examples):
        try:
            answers = example_answers(pathway, example)
        except (AnswersError, KeyError):
            continue
        fired = list_fired(pathway, answers, set(example.recorded) & stops)
        yield _Run(index, example.id, answers, fired)


def _failing(maker: FindingMaker, ran: Iterable[_Run]) -> Iterator[ProofFinding]:
    """Yield examples that come out wrong, and the rule at which most of them point."""
    pathway = maker.pathway
    diagnostics = run_examples(pathway)
    yield from as_findings(diagnostics, "example")
    failed_lines = {diagnostic.line for diagnostic in diagnostics}
    failed: list[_Run] = []
    passed: list[_Run] = []
    for run in ran:
        line = maker.find_line((EXAMPLES, ("example", run.index)))
        (failed if line in failed_lines else passed).append(run)
    for rule in _suspects(pathway, failed, passed):
        names = ", ".join(run.id for run in failed[:3]) + (" …" if len(failed) > 3 else "")
        message = f"rule {rule}: {len(failed)} examples come out wrong, most with it ({names})"
        place = maker.rule_place(pathway.rule(rule))
        yield maker.error("example_rule", place, message, of=rule)


def _suspects(pathway: Pathway, failed: list[_Run], passed: list[_Run]) -> list[str]:
    """Return the rules that separate failing from passing examples best (Ochiai's coefficient).

    A rule counts by where it fires or where its examples expect it to; Ochiai 1957, as used for
    fault localisation by Abreu et al. 2007.
    """
    if not failed:
        return []
    good, bad = Counter[str](), Counter[str]()
    for runs, counter in ((passed, good), (failed, bad)):
        for run in runs:
            expected = pathway.examples[run.index].expect.rules
            wanted = run.fired if expected is None else frozenset(expected)
            # A rule that fires against the expectation, or fails to, weighs alone.
            counter.update(run.fired ^ wanted or run.fired)
    scores = {rule: bad[rule] / sqrt(len(failed) * (bad[rule] + good[rule])) for rule in bad}
    best = max(scores.values(), default=0)
    known = {rule.id for rule in pathway.rules}
    if best < _BELIEVED:
        return []
    return sorted(rule for rule, score in scores.items() if score == best and rule in known)


def _coverage(pathway: Pathway, ran: Iterable[_Run]) -> Iterator[Coverage]:
    """Yield each cut-off with the examples on its two sides."""
    values: dict[str, dict[int, str]] = {}
    cuts = sorted(set(_cut_offs(pathway)))
    facts = sorted({fact for fact, _ in cuts})
    for run in ran:
        states = FactStates(pathway, run.answers)
        for fact in facts:
            state = states.get_state(fact)
            if isinstance(state, NumberState) and state.low == state.high:
                values.setdefault(fact, {}).setdefault(state.low, run.id)
    for fact, cut in cuts:
        seen = values.get(fact, {})
        below = max((value for value in seen if value < cut), default=None)
        above = min((value for value in seen if value >= cut), default=None)
        yield Coverage(
            fact,
            cut,
            below="" if below is None else seen[below],
            above="" if above is None else seen[above],
            next_to=below == cut - 1 and above == cut,
        )


def _cut_offs(pathway: Pathway) -> Iterator[tuple[str, int]]:
    """Yield each fact and number that a rule, a derived fact or an `ask_if` compares."""
    for condition in pathway.deciding_conditions:
        for compare in condition.parts():
            fact = limit_to_ages(pathway.facts[compare.fact], pathway)
            for cut in compare.cuts:
                if fact.low < cut <= fact.high:
                    yield compare.fact, cut


def _uncovered(
    maker: FindingMaker, ran: Iterable[_Run], coverage: Iterable[Coverage]
) -> Iterator[ProofFinding]:
    """Yield cut-offs that examples leave open on a side, and rules that no example makes fire.

    A draft may still be growing its examples; an approved pathway must have them.
    """
    approved = maker.pathway.header.status == "approved"
    note = maker.error if approved else maker.hint
    for row in coverage:
        place = maker.fact_place(row.fact)
        sides = (("below", row.below), ("at or above", row.above))
        lacking = [side for side, id_ in sides if not id_]
        if lacking:
            message = f"no example has {row.fact} {' or '.join(lacking)} its cut-off {row.cut}"
            yield note("uncovered", place, message, of=row.fact)
        elif not row.next_to:
            message = f"no examples lie on both values next to the cut-off {row.cut} of {row.fact}"
            yield maker.hint("uncovered", place, message, of=row.fact)
    fired = frozenset[str]().union(*(run.fired for run in ran))
    for rule in maker.pathway.rules:
        if rule.id not in fired:
            message = f"rule {rule.id} holds in no example"
            yield note("uncovered", maker.rule_place(rule), message, of=rule.id)


# -- content -----------------------------------------------------------------


def _content(maker: FindingMaker) -> Iterator[ProofFinding]:
    """Yield what a text must say beyond its shape: sources, licences, wording in every language."""
    if maker.pathway.stops and not maker.pathway.header.emergency_cards:
        message = "emergency_cards is empty: nobody finds help on the emergency card"
        yield maker.error("content", (HEADER, ("emergency_cards",)), message)
    yield from _instrument_faults(maker)
    yield from _fact_faults(maker)
    for question in maker.pathway.questions.values():
        yield from _question_faults(maker, question)


def _instrument_faults(maker: FindingMaker) -> Iterator[ProofFinding]:
    for id_, instrument in maker.pathway.instruments.items():
        file = instrument_file(id_)
        for key in ("source", "licence"):
            if not getattr(instrument, key).strip():
                message = f"instrument {id_} does not state its {key}"
                yield maker.error("content", (file, (key,)), message)
        for language in maker.pathway.header.languages:
            wording = instrument.wording.get(language)
            if wording is None or wording.status == "none":
                message = f"instrument {id_} has no wording in {language}"
                yield maker.error("content", (file, ("wording", language)), message, of=id_)


def _fact_faults(maker: FindingMaker) -> Iterator[ProofFinding]:
    """Yield conditions counted twice, and ages that the client card does not take."""
    for fact in maker.pathway.facts.values():
        if len(set(fact.conditions)) < len(fact.conditions):
            message = f"{fact.id} counts the same condition twice"
            yield maker.error("content", maker.fact_place(fact.id), message)
    age, ages = maker.pathway.facts.get(AGE), maker.pathway.header.ages
    if age is not None and not age.low <= ages.from_ <= ages.to <= age.high:
        known = f"{age.low} to {age.high}"
        message = f"{AGE} goes from {known}, the pathway from {ages.from_} to {ages.to}"
        yield maker.error("content", maker.fact_place(AGE), message, of=AGE)


def _question_faults(maker: FindingMaker, question: Question) -> Iterator[ProofFinding]:
    """Yield what cannot be meant in a question."""
    id_, place = question.id, maker.fact_place(question.id)
    scores = [int(word) for word in question.words] if question.numeric else []
    if question.kind == "choice" and question.worse != "none" and scores != sorted(scores):
        message = f"the options of {id_} do not stand in the order of their numbers"
        yield maker.error("content", place, message, of=id_)
    if question.context and id_ == WISHES:
        message = f"{id_} ranks the forms of care, so it is no context"
        yield maker.error("content", place, message, of=id_)
    if not question.safety:
        return
    marked = f"{id_} is marked as safety, but"
    if question.holds > _SAFETY_HOLDS:
        days, most = question.holds.days, _SAFETY_HOLDS.days
        message = f"{marked} its answer holds {days} days; at most {most} days"
        yield maker.error("safety_stale", place, message, of=id_)
    if question.worse == "none":
        yield maker.error("safety", place, f"{marked} no answer to it is the worse one", of=id_)
