"""What could be better in a vignette that has no fault."""

from __future__ import annotations

from collections.abc import Iterator

from stepping.decision.decide import list_fired
from stepping.decision.facts import get_fact_states
from stepping.decision.interview import find_counting_answers
from stepping.decision.minimum_steps import find_inputs
from stepping.pathway.care.reader import LANGUAGES
from stepping.pathway.diagnostics import Diagnostic, DiagnosticCollector
from stepping.training.reading import FEWEST_WORDS, Case, Fault, file_name, opened_cards

_FEWEST_FINNISH = 85
"""As many words as tell in Finnish what 120 tell in English or Swedish."""


def find_hints(case: Case, text: str, draft: str = "") -> tuple[Diagnostic, ...]:
    """Return what whoever wrote a case may want to know, by line.

    `text` is that of its file; `draft` that of the file from which cases are begun.
    """
    file = file_name(case.vignette.id)
    notes = DiagnosticCollector({file: text})
    for kind in _KINDS:
        for place, message in kind(case):
            notes.add(file, place, message)
    for place, message in _unwritten(case, draft):
        notes.add(file, place, message)
    return notes.found


def _unsigned(case: Case) -> Iterator[Fault]:
    if case.vignette.status == "draft":
        yield ("status",), "no clinician has signed it"


def _short_stories(case: Case) -> Iterator[Fault]:
    for language in LANGUAGES:
        words = len(case.vignette.story[language].split())
        fewest = _FEWEST_FINNISH if language == "fi" else FEWEST_WORDS
        if words < fewest:
            yield ("story", language), f"story.{language} has {words} words; {fewest} or more tell"


def _unwritten(case: Case, draft: str) -> Iterator[Fault]:
    """Yield where the words of the draft still stand; what is asked there may well be kept."""
    for place, text in case.vignette.texts:
        left = [
            language
            for language, words in text.items()
            if any(mark in draft for mark in (f'"{words}"', f'"""\n{words.lstrip()}"""'))
        ]
        if left and place[-1] != "ask":
            yield place, f"has the words of the draft still, in {', '.join(left)}"


def _without_contradiction(case: Case) -> Iterator[Fault]:
    expect, step = case.vignette.expect, case.decision.step
    disputed = case.vignette.use == "talk" and expect.lowest < expect.highest
    if expect.why and not disputed and step in range(expect.lowest, expect.highest + 1):
        yield ("expect", "why"), f"`why` explains nothing: step {step} comes out, as is expected"


def _fired(case: Case) -> frozenset[str]:
    return list_fired(case.pathway, case.answers, case.vignette.expect.stops)


def _never_asked(case: Case) -> Iterator[Fault]:
    """Yield the answers that the case gives by itself to questions which nobody is then asked."""
    counting = find_counting_answers(case.pathway, case.answers)
    for question in case.vignette.answers:
        if not counting.get(question, True):
            told = f"{question} is answered, and not asked on these answers: it counts for nothing"
            yield ("answers", question), told


def _unasked(case: Case) -> Iterator[Fault]:
    """Yield the rules that hold on answers of which the role-play says nothing."""
    told = {question for asked in case.vignette.asked for question in asked.about}
    asked_of_client = {q.id for q in case.pathway.questions.values() if q.asked_of == "client"}
    fired = _fired(case)
    for rule in (rule for rule in case.pathway.rules if rule.id in fired):
        inputs = find_inputs(case.pathway, rule.condition)
        if inputs & asked_of_client and not inputs & told:
            yield ("asked",), f"rule {rule.id} holds, and no `about` names what it rests on"


def _taught_apart(case: Case) -> Iterator[Fault]:
    """Yield the points that name a rule which does not hold, or a card which does not open."""
    hold, states = _fired(case), get_fact_states(case.pathway, case.answers)
    opened = opened_cards(case.pathway, case.answers) | opened_cards(case.pathway, case.turned)
    for index, point in enumerate(case.vignette.teach):
        may_hold = point.rule and states.evaluate(case.pathway.rule(point.rule).condition) is None
        if point.rule and point.rule not in hold and not may_hold:
            yield ("teach", index, "rule"), f"rule {point.rule} does not hold on these answers"
        if point.card and point.card not in opened:
            yield ("teach", index, "card"), f"card {point.card} does not open on these answers"


_KINDS = (
    _unsigned,
    _short_stories,
    _without_contradiction,
    _never_asked,
    _unasked,
    _taught_apart,
)
"""Each yields one kind of hint."""
