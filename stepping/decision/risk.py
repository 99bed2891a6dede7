"""What stays to be told of a client: stops for danger of suicide, and attempts.

A sign stays however the assessment goes on: answers that grow too old, questions that are not asked
any more and calm answers of another day take nothing away. Only a correction of the answer itself
declares a sign wrong, and then it is told so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from stepping.decision.draft_status import tells_something
from stepping.decision.facts import FactStates
from stepping.decision.minimum_steps import find_all_inputs
from stepping.pathway.condition import And, Condition, Or, Truth
from stepping.pathway.model import DECLINED, REFUSED, YES, Answer, Answers, Pathway
from stepping.pathway.schema import RiskKind

_CARDS: Mapping[str, RiskKind] = {
    "suicide_acute": "suicide",
    "suicide_non_acute": "suicide",
    "suicide_youth": "suicide",
    "attempt_adult": "attempt",
    "attempt_youth": "attempt",
}
_QUESTIONS: Mapping[str, RiskKind] = {"asq.4": "attempt", "attempt.known": "attempt"}
"""The cards and questions that told of risk before there was the key `risk`.

A text may hold some that are older than the key beside others that have it.
"""


@dataclass(frozen=True)
class TimedEntry:
    """One entry of an assessment, in the order in which they were made."""

    number: int
    question: str
    answer: Answer | None
    """None where the question was skipped, or its answer taken back."""
    at: datetime
    asked_anew: bool = False
    """Whether an answer was taken back because it was too old, or its question hidden."""


@dataclass(frozen=True)
class RiskSign:
    """That an assessment told of a risk, whatever became of it since."""

    kind: RiskKind
    about: str
    """The id of the stop, or of the question."""
    since: int
    """The number of the entry by which it was first told."""
    wrong: int | None = None
    """The number of the entry that corrected the answer; None while it stands."""


@dataclass(frozen=True)
class _Source:
    """A stop or a question that may tell of a risk."""

    kind: RiskKind
    about: str
    condition: Condition | None = None
    """Where a stop tells of it; None for a question."""
    low: int = 0
    """The number by which a question tells of nothing."""


class _Told(FactStates):
    """The facts as they were told: an answer counts though its question is not asked any more."""

    def is_asked(self, question: str) -> Truth:
        """Say that an answered question is asked."""
        return True if question in self._answers else super().is_asked(question)


def find_risk_signs(
    pathway: Pathway, card: Answers, entries: Sequence[TimedEntry]
) -> tuple[RiskSign, ...]:
    """Return every sign of risk that an assessment has told, in the order of the pathway.

    `card` are the facts of the client card, `entries` all that were made, the oldest first.
    """
    sources = _sources(pathway)
    if not sources or not any(_may_tell(pathway, entry) for entry in entries):
        return ()
    wrong = find_corrected(pathway, entries)
    views = list(_views(pathway, card, entries, wrong))
    last = max(wrong.values(), default=None)
    found = []
    for source in sources:
        held = [number for number, now, _ in views if _holds(source, now)]
        if held:
            stands = _holds(source, views[-1][1]) or any(_holds(source, t) for _, _, t in views)
            found.append(
                RiskSign(source.kind, source.about, held[0], None if stands else last or held[-1])
            )
    return tuple(found)


@lru_cache(maxsize=16)
def find_risk_questions(pathway: Pathway) -> frozenset[str]:
    """Return the questions and given facts on which signs of risk rest."""
    sources = _sources(pathway)
    asked = {source.about for source in sources if source.condition is None}
    behind = [source.condition for source in sources if source.condition is not None]
    return find_all_inputs(pathway, behind) | asked


def find_corrected(pathway: Pathway, entries: Iterable[TimedEntry]) -> Mapping[int, int]:
    """Return the entries whose answer was corrected, each with the number of the correction.

    A correction is another answer while the first one still held. Who skips, declines, refuses or
    takes an answer back says nothing else in its place, so the answer stands as it was told; and
    who is asked anew tells of another day.
    """
    of: dict[str, list[TimedEntry]] = {}
    for entry in entries:
        of.setdefault(entry.question, []).append(entry)
    return {
        entry.number: by
        for made in of.values()
        for place, entry in enumerate(made)
        if entry.answer not in (None, DECLINED)
        and (by := _correction(pathway, entry, made[place + 1 :])) is not None
    }


def _correction(pathway: Pathway, entry: TimedEntry, later: Sequence[TimedEntry]) -> int | None:
    question = pathway.questions.get(entry.question)
    for other in later:
        if other.asked_anew or (question and other.at - entry.at > question.holds):
            return None
        if other.answer not in (None, DECLINED, REFUSED, entry.answer):
            return other.number
    return None


_View = tuple[FactStates, Answers]


def _views(
    pathway: Pathway,
    card: Answers,
    entries: Sequence[TimedEntry],
    wrong: Mapping[int, int],
) -> Iterator[tuple[int, _View, _View]]:
    """Yield after entries what counts then, and what was told up to then and never corrected.

    The calmest answers open nothing, so what they leave is looked at after the last entry alone.
    """
    now, told = dict(card), dict(card)
    for entry in entries:
        if entry.answer is None:
            now.pop(entry.question, None)
        else:
            now[entry.question] = entry.answer
            if entry.number not in wrong:
                told[entry.question] = entry.answer
        if entry is not entries[-1] and not _may_tell(pathway, entry):
            continue
        counts, ever = dict(now), dict(told)
        yield entry.number, (FactStates(pathway, counts), counts), (_Told(pathway, ever), ever)


def _holds(source: _Source, view: _View) -> bool:
    states, answers = view
    if source.condition is not None:
        return states.evaluate(source.condition) is True
    answer = answers.get(source.about)
    if isinstance(answer, str) and answer.isdecimal():
        answer = int(answer)
    return answer == YES or (isinstance(answer, int) and answer > source.low)


@lru_cache(maxsize=16)
def _sources(pathway: Pathway) -> tuple[_Source, ...]:
    return (*_stop_sources(pathway), *_question_sources(pathway))


def _stop_sources(pathway: Pathway) -> Iterator[_Source]:
    """Yield each stop once for each kind of risk of which its cards tell."""
    for rule in pathway.stops:
        whens: dict[RiskKind, list[Condition | None]] = {}
        for card, when in rule.cards:
            kind = card.risk or _CARDS.get(card.id)
            if kind:
                whens.setdefault(kind, []).append(when)
        for kind, cards in whens.items():
            shown = [when for when in cards if when is not None]
            always = len(shown) < len(cards)
            told = rule.condition if always else And((rule.condition, Or(tuple(shown))))
            yield _Source(kind, rule.id, told)


def _question_sources(pathway: Pathway) -> Iterator[_Source]:
    for question in pathway.questions.values():
        kind = question.risk or _QUESTIONS.get(question.id)
        if kind:
            low = question.points[0] if question.numeric else 0
            yield _Source(kind, question.id, low=low)


def _may_tell(pathway: Pathway, entry: TimedEntry) -> bool:
    """Return whether an entry is anything but the calmest answer; most assessments have no such."""
    fact = pathway.facts.get(entry.question)
    return tells_something(entry.answer) or (fact is not None and fact.worse == "down")
