"""The whole check of a pathway: its examples, its content, and the proofs over all answer sets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt
from typing import Any

from stepping.decision.facts import FactStates
from stepping.pathway.answers import AnswersError
from stepping.pathway.client_facts import AGE
from stepping.pathway.condition import NumberState
from stepping.pathway.diagnostics import Diagnostic, DiagnosticCollector, describe_program_fault
from stepping.pathway.files import EXAMPLES, HEADER, RULES
from stepping.pathway.model import Answer, Pathway
from stepping.proofs.answer_space import limit_to_ages
from stepping.proofs.diagrams import NodeLimitExceeded
from stepping.proofs.examples import example_answers, run_examples
from stepping.proofs.findings import CheckReport, Coverage, ProofFinding, Severity
from stepping.proofs.prove import prove

_SAFETY_HOLDS = timedelta(days=3)
"""The longest that an answer about danger may count; a local proposal."""

_BELIEVED = 0.5
"""How strongly failing examples must point at a rule before it is named."""


def check_pathway(pathway: Pathway) -> CheckReport:
    """Return everything that is wrong with a pathway, or worth a look.

    Exhaustive over all answer sets, not a sample. A pathway with errors must not be used.
    """
    lines = DiagnosticCollector(pathway.files)
    findings: list[ProofFinding] = []
    ran = run_stage(findings, lambda: _ran(pathway))
    findings += run_stage(findings, lambda: _failing(pathway, lines, ran))
    findings += run_stage(findings, lambda: _content(pathway, lines))
    findings += run_stage(findings, lambda: _proven(pathway, lines))
    coverage = run_stage(findings, lambda: _coverage(pathway, ran))
    findings += run_stage(findings, lambda: _uncovered(pathway, lines, ran, coverage))
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


def _proven(pathway: Pathway, lines: DiagnosticCollector) -> Iterator[ProofFinding]:
    try:
        yield from prove(pathway)
    except NodeLimitExceeded:
        message = (
            "the rules hang together too widely to be proven: let rules name questions that are "
            "asked near each other, or fewer of them"
        )
        yield ProofFinding(
            "error", "unproven", Diagnostic(RULES, lines.find_line(RULES, ()), message)
        )


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
    for index, example in enumerate(pathway.examples):
        try:
            answers = example_answers(pathway, example)
        except (AnswersError, KeyError):
            continue
        states = FactStates(pathway, answers)
        fired = frozenset(rule.id for rule in pathway.rules if states.evaluate(rule.condition))
        yield _Run(index, example.id, answers, fired)


def _failing(
    pathway: Pathway, lines: DiagnosticCollector, ran: Iterable[_Run]
) -> Iterator[ProofFinding]:
    """Examples that come out wrong, and the rule at which most of them point."""
    problems = run_examples(pathway)
    yield from as_findings(problems, "example")
    failed_lines = {problem.line for problem in problems}
    failed: list[_Run] = []
    passed: list[_Run] = []
    for run in ran:
        line = lines.find_line(EXAMPLES, ("example", run.index))
        (failed if line in failed_lines else passed).append(run)
    for rule in _suspects(pathway, failed, passed):
        names = ", ".join(run.id for run in failed[:3]) + (" …" if len(failed) > 3 else "")
        place = ("rule", [r.id for r in pathway.rules].index(rule))
        message = f"rule {rule}: {len(failed)} examples come out wrong, most with it ({names})"
        problem = Diagnostic(RULES, lines.find_line(RULES, place), message)
        yield ProofFinding("error", "example_rule", problem, of=rule)


def _suspects(pathway: Pathway, failed: list[_Run], passed: list[_Run]) -> list[str]:
    """The rules that separate failing from passing examples best (Ochiai's coefficient).

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
    """Each cut-off with the examples on its two sides."""
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
    """Every fact and number that a rule, a derived fact or the asking of a question compares."""
    for condition in pathway.deciding_conditions:
        for compare in condition.parts():
            fact = limit_to_ages(pathway.facts[compare.fact], pathway)
            for cut in compare.cuts:
                if fact.low < cut <= fact.high:
                    yield compare.fact, cut


def _uncovered(
    pathway: Pathway, lines: DiagnosticCollector, ran: Iterable[_Run], coverage: Iterable[Coverage]
) -> Iterator[ProofFinding]:
    """Cut-offs that examples leave open on a side, and rules that no example makes fire.

    A draft may still be growing its examples; an approved pathway must have them.
    """
    severity: Severity = "error" if pathway.header.status == "approved" else "hint"
    for row in coverage:
        file, place = pathway.places[row.fact]
        line = lines.find_line(file, place)
        lacking = [
            side for side, id_ in (("below", row.below), ("at or above", row.above)) if not id_
        ]
        if lacking:
            message = f"no example has {row.fact} {' or '.join(lacking)} its cut-off {row.cut}"
            yield ProofFinding(severity, "uncovered", Diagnostic(file, line, message), of=row.fact)
        elif not row.next_to:
            message = f"no examples lie on both values next to the cut-off {row.cut} of {row.fact}"
            yield ProofFinding("hint", "uncovered", Diagnostic(file, line, message), of=row.fact)
    fired = frozenset[str]().union(*(run.fired for run in ran))
    for index, rule in enumerate(pathway.rules):
        if rule.id not in fired:
            problem = Diagnostic(
                RULES,
                lines.find_line(RULES, ("rule", index)),
                f"rule {rule.id} holds in no example",
            )
            yield ProofFinding(severity, "uncovered", problem, of=rule.id)


def _slips(pathway: Pathway, lines: DiagnosticCollector) -> Iterator[ProofFinding]:
    """What has the right shape, but cannot be meant."""
    for fact in pathway.facts.values():
        if len(set(fact.conditions)) < len(fact.conditions):
            file, place = pathway.places[fact.id]
            message = f"{fact.id} counts the same condition twice"
            yield ProofFinding(
                "error", "content", Diagnostic(file, lines.find_line(file, place), message)
            )
    for id_, question in pathway.questions.items():
        scores = [int(word) for word in question.words] if question.numeric else []
        if question.kind == "choice" and question.worse != "none" and scores != sorted(scores):
            file, place = pathway.places[id_]
            message = f"the options of {id_} do not stand in the order of their numbers"
            yield ProofFinding(
                "error", "content", Diagnostic(file, lines.find_line(file, place), message), of=id_
            )


# -- content -----------------------------------------------------------------


def _content(pathway: Pathway, lines: DiagnosticCollector) -> Iterator[ProofFinding]:
    """What a text must say beyond its shape: sources, licences, wording in every language."""
    if pathway.stops and not pathway.header.emergency_cards:
        line = lines.find_line(HEADER, ("emergency_cards",))
        message = "emergency_cards is empty: nobody finds help on the emergency card"
        yield ProofFinding("error", "content", Diagnostic(HEADER, line, message))
    yield from _slips(pathway, lines)
    for instrument in pathway.instruments.values():
        file = f"instruments/{instrument.id}.toml"
        for key in ("source", "licence"):
            if not getattr(instrument, key).strip():
                message = f"instrument {instrument.id} does not state its {key}"
                yield ProofFinding(
                    "error", "content", Diagnostic(file, lines.find_line(file, (key,)), message)
                )
        for language in pathway.header.languages:
            wording = instrument.wording.get(language)
            if wording is None or wording.status == "none":
                line = lines.find_line(file, ("wording", language))
                message = f"instrument {instrument.id} has no wording in {language}"
                yield ProofFinding(
                    "error", "content", Diagnostic(file, line, message), of=instrument.id
                )
    yield from _ages(pathway, lines)
    yield from _stale(pathway, lines)
    for id_, question in pathway.questions.items():
        if question.safety and question.worse == "none":
            file, place = pathway.places[id_]
            message = f"{id_} is marked as safety, but no answer to it is the worse one"
            yield ProofFinding(
                "error", "safety", Diagnostic(file, lines.find_line(file, place), message), of=id_
            )


def _stale(pathway: Pathway, lines: DiagnosticCollector) -> Iterator[ProofFinding]:
    """Questions about danger whose answer would count when it says nothing of now any more."""
    for id_, question in pathway.questions.items():
        if question.safety and question.holds > _SAFETY_HOLDS:
            file, place = pathway.places[id_]
            message = (
                f"{id_} is marked as safety, but its answer holds {question.holds.days} days; "
                f"at most {_SAFETY_HOLDS.days} days"
            )
            yield ProofFinding(
                "error",
                "safety_stale",
                Diagnostic(file, lines.find_line(file, place), message),
                of=id_,
            )


def _ages(pathway: Pathway, lines: DiagnosticCollector) -> Iterator[ProofFinding]:
    """Ages that the pathway takes and the client card does not."""
    age, ages = pathway.facts.get(AGE), pathway.header.ages
    if age is None or age.low <= ages.from_ <= ages.to <= age.high:
        return
    file, place = pathway.places[AGE]
    message = f"{AGE} goes from {age.low} to {age.high}, the pathway from {ages.from_} to {ages.to}"
    yield ProofFinding(
        "error", "content", Diagnostic(file, lines.find_line(file, place), message), of=AGE
    )
