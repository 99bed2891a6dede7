"""What is said of a form that was filled in elsewhere: what is wrong, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from casework.language import N_, Speech
from screens.wording.decision_words import DecisionWords
from stepping.decision.decide import decide
from stepping.finland import finnish_day
from stepping.interchange.responses.faults import Fault, Kind
from stepping.interchange.responses.intake import WhyAsked
from stepping.interchange.responses.reading import Danger, ReadAnswer, Reading, ReadTotal
from stepping.pathway.model import DECLINED, Pathway

FAULTS: Mapping[Kind, str] = {
    "too_large": N_("larger than any filled-in form"),
    "not_utf8": N_("not UTF-8 text"),
    "not_json": N_("not JSON from here on"),
    "too_deep": N_("nested deeper than any form"),
    "key_twice": N_("stands there twice"),
    "no_number": N_("not a number that a form has"),
    "shape": N_("not built as FHIR says"),
    "no_response": N_("no filled-in form stands here"),
    "version": N_("not FHIR R4"),
    "two_persons": N_("more than one person's forms"),
    "another_person": N_("year of birth or sex are not this client's"),
    "withdrawn": N_("marked as stopped or entered in error"),
    "unfinished": N_("not marked as handed in"),
    "no_date": N_("does not say when it was filled in"),
    "future": N_("a day that has not come yet"),
    "no_answers": N_("no answer in it can be read"),
    "unknown_form": N_("no question of it is known here"),
    "unknown": N_("an answer to a question that is not known here"),
    "two_meanings": N_("code and link mean different questions"),
    "doubled": N_("answered twice"),
    "older": N_("an older form; the newest answers count"),
    "answer": N_("an answer that this question does not have"),
    "range": N_("a number that this question cannot have"),
    "free_text": N_("a text; texts are not taken in"),
    "unticked": N_("an empty box, which is no answer"),
    "weight": N_("other points in the file; ours count"),
    "total": N_("another total than the answers give"),
    "hidden": N_("not asked after the other answers, so it does not count"),
    "missing": N_("not answered"),
    "by_another": N_("filled in by somebody else than the client"),
    "not_read": N_("not a form, so it was not read"),
    "edition": N_("another version of this form than ours; its words may differ"),
}
"""What is wrong, said beside its place."""

WHY_ASKED: Mapping[WhyAsked, str] = {
    "danger": N_("danger is always asked by you"),
    "nurse": N_("answered by the professional"),
    "too_old": N_("too old to count"),
    "answered_here": N_("answered here already"),
    "not_asked": N_("not asked in this assessment"),
}
"""Why an answer is not taken."""


@dataclass(frozen=True)
class FormWords:
    """The words of a reading, in the language of whoever looks at it."""

    pathway: Pathway
    t: Speech

    @cached_property
    def _say(self) -> DecisionWords:
        return DecisionWords(self.pathway, decide(self.pathway, {}), self.t.language)

    def label(self, id_: str) -> str:
        """Return the short name of a question or total."""
        return self.pathway.facts[id_].label[self.t.language]

    def day(self, given_at: datetime | None) -> str:
        """Return the day of an answer in Finland."""
        return self.t.day(finnish_day(given_at)) if given_at else self.t("day not known")

    def answer(self, id_: str, read: ReadAnswer) -> str:
        """Return an answer in a line."""
        return f"{self._said(id_, read.answer)} · {self.day(read.given_at)}"

    def _said(self, id_: str, answer: object) -> str:
        if answer == DECLINED:
            return f"{self.label(id_)}: {self.t('The client does not want to answer.')}"
        return self._say.fact(id_, answer)  # type: ignore[arg-type]

    def danger(self, danger: Danger) -> str:
        """Return what a form tells of danger."""
        told = self.t("the answer cannot be read")
        said = f"{self.label(danger.question)}: {told}"
        if danger.answer is not None:
            said = self._said(danger.question, danger.answer)
        return f"{said} · {self.day(danger.given_at)}"

    def total(self, total: ReadTotal) -> str:
        """Return a total by our weights, beside what the file says where that is another one."""
        ours = self.t("items missing") if total.ours is None else str(total.ours)
        said = f"{self.label(total.id)}: {ours}"
        if total.theirs is None or total.theirs == total.ours:
            return said
        told = self.t("the file says {total}, which disagrees", total=total.theirs)
        return f"{said} ({told})"

    def fault(self, fault: Fault) -> str:
        """Return what is wrong, and at which question."""
        told = self.t(FAULTS[fault.kind])
        if fault.told is not None or fault.ours is not None:
            told += f" ({_number(fault.told)} ≠ {_number(fault.ours)})"
        return f"{self.label(fault.about)}: {told}" if fault.about else told

    def missing(self, reading: Reading) -> str:
        """Return the names of what is asked and was not answered."""
        found = dict.fromkeys(f.about for f in reading.faults if f.kind == "missing")
        return ", ".join(self.label(id_) for id_ in found)

    def asked(self, asked: Sequence[tuple[str, WhyAsked]]) -> Iterator[str]:
        """Yield what is asked as if nobody had told it, by why."""
        for why, said in WHY_ASKED.items():
            if names := [self.label(id_) for id_, each in asked if each == why]:
                yield f"{self.t(said)}: {', '.join(names)}"


def fault_alone(t: Speech, fault: Fault) -> str:
    """Return what is wrong with a file of which nothing is read."""
    return t(FAULTS[fault.kind])


def _number(number: int | None) -> str:
    return "–" if number is None else str(number)
