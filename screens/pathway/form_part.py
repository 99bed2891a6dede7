"""The questions of a pathway as a form to print and fill in with a pen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from casework.language import Speech, speech
from screens.documents.document import Block, Boxes, Heading, Piece, Pieces, Prose, Ruled, cell
from screens.pathway.rules_part import WORDINGS
from screens.wording.condition_words import ConditionWords, client_card, if_any
from stepping.pathway.condition import Condition
from stepping.pathway.model import Pathway, Question, QuestionPage
from stepping.pathway.schema import Given, Instrument

_MOST_BOXES = 11
"""A scale of 0–10 gets a box for each number; a longer range gets a line to write on."""


@dataclass
class FormPart:
    """Tells every question in the order of asking, each section under its title."""

    pathway: Pathway
    language: str
    _numbers: dict[str, int] = field(init=False)
    _conditions: dict[int, Condition | None] = field(init=False)

    def __post_init__(self) -> None:
        questions = self.pathway.questions
        self._numbers = {id_: number for number, id_ in enumerate(questions, start=1)}
        self._conditions = {self._numbers[id_]: q.ask_if for id_, q in questions.items()}

    @property
    def t(self) -> Speech:
        """The sentences of the program."""
        return speech(self.language)

    def blocks(self) -> Iterator[Block]:
        """Yield the whole form."""
        t = self.t
        yield Heading(2, t("Questions"))
        yield Prose(
            cell(
                t("No names and no personal identity codes on this form."),
                t("* = needed before a step may be confirmed. ! = may open a safety stop."),
            )
        )
        yield Ruled((t("Client code"), t("Date"), t("Staff code")))
        for given in client_card(self.pathway):
            yield from self._given(given)
        titles = {s.id: s.title[self.language] for s in self.pathway.header.section}
        for section, pages in groupby(self.pathway.pages, lambda page: page.section):
            yield Heading(2, titles[section])
            for instrument, together in groupby(pages, _instrument):
                yield from self._opened(instrument)
                for stem, pages_ in groupby(together, self._stem):
                    yield from [Prose(cell(stem))] if stem else []
                    for page in pages_:
                        yield from self._page(page)

    def _given(self, given: Given) -> Iterator[Block]:
        label = given.label[self.language]
        if given.options:
            yield Prose(cell(label))
            yield Boxes(tuple(option.label[self.language] for option in given.options))
        else:
            yield Ruled((f"{label} ({given.min}–{given.max})",))

    def _opened(self, instrument: Instrument | None) -> Iterator[Block]:
        """Yield whose words follow: an instrument's, with the status of its wording, or our own."""
        if instrument is None:
            yield Heading(3, self.t("The pathway's own questions"))
            return
        wording = instrument.wording[self.language]
        terms = f"{wording.source}. {wording.licence}" if wording.licence else wording.source
        status = f"{self.t(WORDINGS[wording.status])} ({terms})"
        told = Piece(status, "quiet" if wording.status == "published" else "strong")
        yield Heading(3, instrument.title[self.language])
        yield Prose(cell(told))

    def _stem(self, page: QuestionPage) -> str:
        return if_any(page.questions[0].stem, self.language)

    def _page(self, page: QuestionPage) -> Iterator[Block]:
        if page.heading:
            yield Prose(cell(page.heading[self.language]))
        for question in page.questions:
            yield Prose(self._asked(question))
            yield self._answer(question)

    def _asked(self, question: Question) -> Pieces:
        marks = "*" * question.required + "!" * bool(question.safety)
        number, text = self._numbers[question.id], question.text[self.language]
        return cell(
            Piece(f"{number}. {text} {marks}".rstrip(), "strong"),
            Piece(self._asked_when(question), "quiet"),
            Piece(self.t("Noted; it decides nothing.") if question.context else "", "quiet"),
            Piece(if_any(question.explain, self.language), "quiet"),
            Piece(if_any(question.help, self.language), "quiet"),
        )

    def _asked_when(self, question: Question) -> str:
        if question.ask_if is None:
            return ""
        number = self._numbers[question.id] - 1
        if question.ask_if == self._conditions.get(number):
            return self.t("Asked when question {number} is asked.", number=number)
        words = ConditionWords(self.pathway, self.language).sentence(question.ask_if)
        return self.t("Asked when {condition}.", condition=words)

    def _answer(self, question: Question) -> Block:
        match question.kind:
            case "yesno":
                names = {"no": self.t("no"), "yes": self.t("yes"), "refused": self.t("refused")}
                return Boxes(tuple(names[word] for word in question.words))
            case "choice" | "multi":
                return Boxes(self._options(question))
            case "integer" | "scale":
                return self._range(question)
            case "date":
                return Ruled((self.t("year-month-day"),))
            case "text":
                return Ruled(("",))

    def _options(self, question: Question) -> tuple[str, ...]:
        """Each option by its label, with its number where conditions see numbers."""
        if question.numeric:
            return tuple(f"{o.id} {o.label[self.language]}" for o in question.options)
        return tuple(option.label[self.language] for option in question.options)

    def _range(self, question: Question) -> Block:
        low, high, language = question.low, question.high, self.language
        ends = (if_any(question.low_label, language), if_any(question.high_label, language))
        if high - low >= _MOST_BOXES:
            unit = if_any(question.unit, language)
            return Ruled((f"{unit} ({low}–{high})".strip(),))
        numbers = [str(number) for number in range(low, high + 1)]
        numbers[0] = f"{numbers[0]} {ends[0]}".rstrip()
        numbers[-1] = f"{numbers[-1]} {ends[1]}".rstrip()
        return Boxes(tuple(numbers))


def _instrument(page: QuestionPage) -> Instrument | None:
    """Return the instrument that a page belongs to; only a pathway's own questions share a page."""
    return page.questions[0].instrument
