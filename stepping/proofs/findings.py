"""What a check of a pathway finds: each finding with its place and its smallest counter-example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Literal

from stepping.decision.decide import decide
from stepping.decision.outcome import Decision
from stepping.pathway.diagnostics import Diagnostic, DiagnosticCollector
from stepping.pathway.files import RULES
from stepping.pathway.model import Answer, Pathway, ReadyRule
from stepping.pathway.toml_lines import Place

Severity = Literal["error", "hint"]
FilePlace = tuple[str, Place]
"""A file, and a place in it."""


@dataclass(frozen=True)
class Case:
    """A set of answers, with the stops whose safety steps are recorded: what `decide` reads."""

    answers: Mapping[str, Answer]
    recorded: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return the case as `porras decide` reads it."""
        answers = {k: list(v) if isinstance(v, tuple) else v for k, v in self.answers.items()}
        return {"answers": answers, "recorded": list(self.recorded)}

    def decide(self, pathway: Pathway) -> Decision:
        """Return what a pathway decides on it."""
        return decide(pathway, self.answers, self.recorded)


@dataclass(frozen=True)
class ProofFinding:
    """One fault or hint: where it stands, what is wrong, and a case that shows it."""

    severity: Severity
    kind: str
    """What was proven false, as in `monotone_step`; one word for scripts."""
    diagnostic: Diagnostic
    of: str = ""
    """The id of the rule, question or other row that it is about."""
    case: Case | None = None
    """The smallest counter-example."""
    worse: Case | None = None
    """The same with one answer worse, where that is what the finding is about."""
    shows: str = ""
    """What is decided on the case, in a few words."""

    def __str__(self) -> str:
        return str(self.diagnostic)

    def as_json(self) -> dict[str, object]:
        """Return the finding as plain data."""
        return {
            "severity": self.severity,
            "kind": self.kind,
            "file": self.diagnostic.file,
            "line": self.diagnostic.line,
            "of": self.of,
            "message": self.diagnostic.message,
            "case": self.case and self.case.as_json(),
            "worse": self.worse and self.worse.as_json(),
            "shows": self.shows,
        }


class FindingMaker:
    """Makes the findings about one pathway, each at a place of one of its files."""

    def __init__(self, pathway: Pathway) -> None:
        self.pathway = pathway
        self._lines = DiagnosticCollector(pathway.files)

    def find_line(self, place: FilePlace) -> int:
        """Return the line of a place (from 1)."""
        return self._lines.find_line(*place)

    def error(
        self,
        kind: str,
        place: FilePlace,
        message: str,
        of: str = "",
        *,
        case: Case | None = None,
        worse: Case | None = None,
        shows: str | None = None,
    ) -> ProofFinding:
        """Return an error; a case is described by what is decided on it, unless `shows` tells."""
        if shows is None:
            shows = "" if case is None else describe_decision(case.decide(self.pathway))
        diagnostic = Diagnostic(place[0], self.find_line(place), message)
        return ProofFinding("error", kind, diagnostic, of, case, worse, shows)

    def hint(
        self, kind: str, place: FilePlace, message: str, of: str = "", *, case: Case | None = None
    ) -> ProofFinding:
        """Return a hint."""
        return replace(self.error(kind, place, message, of, case=case), severity="hint")

    def rule_place(self, rule: ReadyRule, *keys: str | int) -> FilePlace:
        """Return where a rule stands."""
        return RULES, ("rule", self.pathway.rules.index(rule), *keys)

    def fact_place(self, fact: str, *keys: str | int) -> FilePlace:
        """Return where a fact is defined."""
        file, place = self.pathway.places[fact]
        return file, (*place, *keys)


@dataclass(frozen=True)
class Coverage:
    """One cut-off and the examples on its two sides; empty where there is none."""

    fact: str
    cut: int
    """The lowest value that lies above the cut."""
    below: str
    above: str
    next_to: bool
    """Whether examples lie on the very last value below and the very first above."""

    def as_json(self) -> dict[str, object]:
        """Return the coverage as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class CheckReport:
    """Everything that a check found."""

    findings: tuple[ProofFinding, ...]
    coverage: tuple[Coverage, ...] = field(default=())

    @property
    def errors(self) -> tuple[ProofFinding, ...]:
        """The findings for which the pathway must not be used."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def hints(self) -> tuple[ProofFinding, ...]:
        """The findings that a clinical lead should look at."""
        return tuple(finding for finding in self.findings if finding.severity == "hint")


def describe_decision(decision: Decision) -> str:
    """Return a decision in a few words: what a counter-example is about."""
    match decision.status:
        case "stop":
            return f"stop {', '.join(decision.stops)} ({decision.urgency})"
        case "suggested":
            return f"step {decision.step}{' or above' if decision.or_above else ''}"
        case _:
            return f"at least step {decision.lowest}, answers missing"
