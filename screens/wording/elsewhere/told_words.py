"""Decisions in words, where answers were given elsewhere: each with where and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from casework.assessment_state import AssessmentState
from casework.language import N_, speech
from screens.wording.decision_words import DecisionWords
from stepping.decision.outcome import Decision, FactValue
from stepping.pathway.age import Elsewhere, Source
from stepping.pathway.told_totals import list_tellable

_TOTALS: Mapping[Source, str] = {
    "form": N_("total from a form, {day}"),
    "navigator": N_("total from the navigator, {day}"),
}
_ANSWERS: Mapping[Source, str] = {
    "form": N_("from a form, {day}"),
    "navigator": N_("from the navigator, {day}"),
}


@dataclass(frozen=True)
class ToldWords(DecisionWords):
    """Puts beside a fact where and when it was told, if that was elsewhere."""

    marks: Mapping[str, str] = field(default_factory=dict)
    """By fact id."""

    @classmethod
    def of(cls, session: AssessmentState, decision: Decision, language: str) -> ToldWords:
        """Return the words of a decision on an assessment."""
        marks = dict(_marks(session, language))
        return cls(session.pathway, decision, language, marks)

    def fact(self, fact: str, value: FactValue) -> str:
        """Return a fact with its value, and where that was told."""
        return self._marked(super().fact(fact, value), fact)

    def score(self, fact: str) -> str:
        """Return a score with its band, and where its total was told."""
        return self._marked(super().score(fact), fact)

    def _marked(self, text: str, fact: str) -> str:
        mark = self.marks.get(fact)
        return f"{text} [{mark}]" if mark else text


def mark_of(say: DecisionWords, fact: str) -> str:
    """Return where and when a fact was told elsewhere, or nothing."""
    return say.marks.get(fact, "") if isinstance(say, ToldWords) else ""


def told_days(session: AssessmentState) -> dict[str, date]:
    """Return the day of each total that was told elsewhere, or counts one that was."""
    return {fact: told.day for fact, told in _told_totals(session)}


def _told_totals(session: AssessmentState) -> Iterator[tuple[str, Elsewhere]]:
    answers, tellable = session.valid_answers, list_tellable(session.pathway)
    for id_, told in session.elsewhere.items():
        if id_ in answers and id_ in tellable:
            items = set(tellable[id_].items)
            for fact in session.pathway.facts.values():
                if fact.origin == "total" and items <= set(fact.items):
                    yield fact.id, told


def _marks(session: AssessmentState, language: str) -> Iterator[tuple[str, str]]:
    for id_, told in session.elsewhere.items():
        if id_ in session.valid_answers and id_ in session.pathway.questions:
            yield id_, _said(_ANSWERS, told, language)
    for fact, told in _told_totals(session):
        yield fact, _said(_TOTALS, told, language)
    yield from _of_items(session, language)


def _of_items(session: AssessmentState, language: str) -> Iterator[tuple[str, str]]:
    """Yield the totals of which items were given elsewhere, with the day of the oldest one."""
    answers = session.valid_answers
    for fact in session.pathway.facts.values():
        items = fact.items if fact.origin == "total" else ()
        told = [session.elsewhere[i] for i in items if i in session.elsewhere and i in answers]
        if told and all(each.source == "form" for each in told):
            yield fact.id, _said(_TOTALS, min(told, key=lambda each: each.day), language)


def _said(words: Mapping[Source, str], told: Elsewhere, language: str) -> str:
    return str(speech(language)(words[told.source], day=told.day))
