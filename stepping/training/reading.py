"""Reads a vignette, alone and against its pathway, or says what is wrong, line by line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from stepping.decision.decide import decide
from stepping.decision.outcome import Decision
from stepping.decision.safety import find_cards
from stepping.pathway.answers import AnswersError, read_answers
from stepping.pathway.care.reader import LANGUAGES
from stepping.pathway.diagnostics import (
    DiagnosticCollector,
    PathwayError,
    suggest_nearest,
)
from stepping.pathway.file_reader import FileReader
from stepping.pathway.model import Answer, Answers, Pathway
from stepping.pathway.schema import Example
from stepping.pathway.toml_lines import Place
from stepping.privacy import find_identity
from stepping.proofs.examples import example_answers
from stepping.training.records import LONGEST_CASE
from stepping.training.vignette import Vignette

FEWEST_WORDS, MOST_WORDS = 120, 250
"""The length of a story; counted in its longest language, since Finnish needs fewer words."""

_MAY_IDENTIFY = re.compile(r"@|\d{6}")
"""What stands in every identity code or address; looked for first, since few texts have it."""
_IDENTITY = {"hetu": "identity code", "email": "e-mail address"}
Fault = tuple[Place, str]


@dataclass(frozen=True)
class Case:
    """A vignette with its pathway, its answers, and what the pathway says of them."""

    vignette: Vignette
    pathway: Pathway
    answers: dict[str, Answer]
    """Every answer, with the card's age and sex."""
    stopped: Decision
    """The decision with every stop open."""
    decision: Decision
    """The decision with the expected stops recorded, which suggests a step."""
    digest: str = field(compare=False)
    """SHA-256 of the file's text."""

    @property
    def turned(self) -> dict[str, Answer]:
        """The answers once the case has turned; the same where it has no turn."""
        turn = self.vignette.turn
        return (
            {**self.answers, **read_answers(self.pathway, turn.answers)} if turn else self.answers
        )


def file_name(id_: str) -> str:
    """Return the name of a vignette's file in the folder of pathways."""
    return f"vignettes/{id_}.toml"


def read_vignette(id_: str, text: str) -> Vignette:
    """Read a vignette from the text of its file.

    Raises:
        PathwayError: With every fault in it, by line.
    """
    file, files = file_name(id_), {file_name(id_): text}
    notes = DiagnosticCollector(files)
    if len(text) > LONGEST_CASE:  # no class could hold it
        notes.add_line(file, 1, f"has {len(text)} characters, at most {LONGEST_CASE}")
        raise PathwayError(notes.found)
    reader = FileReader(files, notes)
    vignette = reader.whole(file, Vignette)
    if vignette is None:
        raise PathwayError(notes.found)
    reader.check_texts((file,), LANGUAGES)
    if vignette.id != id_:
        notes.add(file, ("id",), f"id is not the name of the file, {id_!r}")
    words = max(len(told.split()) for told in vignette.story.values())
    for place, identity in _identities(vignette):
        notes.add(file, place, f"holds what looks like somebody's {identity}; leave it out")
    if not FEWEST_WORDS <= words <= MOST_WORDS:
        told = f"story has {words} words, needs {FEWEST_WORDS}–{MOST_WORDS}"
        notes.add(file, ("story",), told)
    notes.raise_if_any()
    return vignette


def _identities(vignette: Vignette) -> Iterator[Fault]:
    """Yield each place with an identity code or an address: nobody real is told of."""
    for place, text in vignette.texts:
        suspect = filter(_MAY_IDENTIFY.search, text.values())
        kinds = {found.kind for told in suspect for found in find_identity(told)}
        yield from ((place, _IDENTITY[kind]) for kind in sorted(kinds & {*_IDENTITY}))


def read_case(vignette: Vignette, pathway: Pathway, text: str) -> Case:
    """Tie a vignette to its pathway; `text` is that of its file.

    Raises:
        PathwayError: With every fault, by line: an answer that does not fit, another stop or step
            than is expected, a teaching point that names nothing.
    """
    file = file_name(vignette.id)
    notes = DiagnosticCollector({file: text})
    answers: dict[str, Answer] = {}
    try:
        answers = example_answers(pathway, _example(vignette, pathway))
    except AnswersError as error:
        for fault in error.faults:
            notes.add(file, _place_of(fault.id, vignette), f"answers: {fault}")
    except KeyError:
        hint = suggest_nearest(str(vignette.base), pathway.example_bases)
        notes.add(file, ("base",), f"base {vignette.base!r} is not known{hint}")
    for place, message in _unknown(vignette, pathway):
        notes.add(file, place, message)
    notes.raise_if_any()
    stopped = decide(pathway, answers)
    stops = vignette.expect.stops
    decision = decide(pathway, answers, stops) if stops else stopped
    digest = hashlib.sha256(text.encode()).hexdigest()
    case = Case(vignette, pathway, answers, stopped, decision, digest)
    for place, message in (*_contradictions(case), *_faults_of_turn(case)):
        notes.add(file, place, message)
    notes.raise_if_any()
    return case


def _example(vignette: Vignette, pathway: Pathway) -> Example:
    """Return the case as an example, without what the card tells and this pathway never asks."""
    example = vignette.example
    answers = {
        name: value
        for name, value in example.answers.items()
        if name in pathway.facts or name in vignette.answers
    }
    return example.model_copy(update={"answers": answers})


def _place_of(answer: str, vignette: Vignette) -> Place:
    """Return where an answer is given."""
    instrument = answer.rpartition(".")[0]
    if answer in vignette.answers:
        return "answers", answer
    return ("items", instrument) if instrument in vignette.items else ("person",)


def _faults_of_turn(case: Case) -> Iterator[Fault]:
    """Yield what does not fit in the turn of a case."""
    turn = case.vignette.turn
    if turn is None:
        return
    try:
        answers = case.turned
    except AnswersError as error:
        yield from ((("turn", "answers"), str(fault)) for fault in error.faults)
        return
    cards = opened_cards(case.pathway, answers)
    for key, names in (("card", (turn.card,)), ("also", turn.also)):
        for name in names:
            if name not in cards:
                came = ", ".join(sorted(cards)) or "none"
                yield ("turn", key), f"card {name!r} is not among those that open then: {came}"


def opened_cards(pathway: Pathway, answers: Answers) -> set[str]:
    """Return the cards that open on a set of answers, by id."""
    stops = decide(pathway, answers).stops
    return {card.id for stop in stops for card in find_cards(pathway, answers, stop)}


def _unknown(vignette: Vignette, pathway: Pathway) -> Iterator[Fault]:
    """Yield each name that the pathway does not have."""
    stops, rules = ({rule.id for rule in each} for each in (pathway.stops, pathway.rules))
    for index, stop in enumerate(vignette.expect.stops):
        if stop not in stops:
            hint = suggest_nearest(stop, stops)
            yield ("expect", "stops", index), f"stop {stop!r} is not known{hint}"
    yield from _unknown_steps(vignette, pathway)
    for index, asked in enumerate(vignette.asked):
        for fact in asked.about:
            if fact not in pathway.questions:
                hint = suggest_nearest(fact, pathway.questions)
                yield ("asked", index, "about"), f"question {fact!r} is not known{hint}"
    for index, point in enumerate(vignette.teach):
        for key, name, known in (
            ("rule", point.rule, rules),
            ("card", point.card, set(pathway.cards)),
        ):
            if name is not None and name not in known:
                hint = suggest_nearest(name, known)
                yield ("teach", index, key), f"{key} {name!r} is not known{hint}"


def _unknown_steps(vignette: Vignette, pathway: Pathway) -> Iterator[Fault]:
    steps = {step.number for step in pathway.header.step}
    for key, number in (("lowest", vignette.expect.lowest), ("highest", vignette.expect.highest)):
        if number not in steps:
            told = ", ".join(map(str, sorted(steps)))
            yield ("expect", key), f"step {number} is none of this pathway's: {told}"


def _contradictions(case: Case) -> Iterator[Fault]:
    """Yield what the expectation and the answers do not agree on."""
    expect, decision = case.vignette.expect, case.decision
    came = set(case.stopped.stops)
    for stop in sorted(came - {*expect.stops}):
        yield ("expect",), f"the answers open the stop {stop}, which is not expected"
    for stop in sorted({*expect.stops} - came):
        yield ("expect", "stops"), f"the answers do not open the stop {stop}"
    if decision.step is None:
        missing = ", ".join(decision.required or decision.stops)
        yield ("answers",), f"no step comes out ({decision.status}: {missing})"
    elif not expect.lowest <= decision.step <= expect.highest and not expect.why:
        told = (
            f"step {decision.step} comes out, {expect.steps} is expected, "
            "and `why` does not say why"
        )
        yield ("expect", "lowest"), told
