"""Writes what a class shows: a document to keep, and rows for a spreadsheet.

Nothing in it names anybody, and no clock is read: the same class gives the same text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from casework.language import N_
from casework.training.class_results import ClassResults
from screens.documents import document as doc
from screens.training.trainer.words import MEANING, ClassWords
from stepping.finland import finnish_day
from stepping.training.agreement import JudgedCase
from stepping.training.disputed import MOST_DISPUTED, find_disputed
from stepping.training.kappa import Figure, linear, quadratic

HONEST = N_(
    "Invented cases, for learning. Nobody is ranked, and nothing here says whether a person is "
    "fit to work."
)

Row = tuple[str | int | float, ...]
COLUMNS: Row = ("case", "title", "use", "what", "name", "count", "of", "value", "low", "high")
"""The columns of the rows; the words under `what` are the same in each language."""


def class_report(results: ClassResults, language: str, *, seats: bool) -> doc.Document:
    """Return the report of a class; with the words of its seats only if `seats`."""
    words = ClassWords(language)
    title = words.t("Class {name}", name=results.figures.record.name)
    writer = _Report(words, results, seats)
    return doc.Document(title, language, (doc.Heading(1, title), *writer.blocks()), upright=True)


@dataclass(frozen=True)
class _Report:
    words: ClassWords
    results: ClassResults
    seats: bool

    def blocks(self) -> Iterator[doc.Block]:
        """Yield the class as a whole, then each of its cases."""
        words, figures = self.words, self.results.figures
        yield doc.Prose(tuple(doc.Piece(text) for text in self._about()))
        yield doc.Heading(2, words.t("All cases together"))
        shares = figures.shares
        told = [f"{words.shares(shares)}."] if shares.of else []
        told += self._agreement()
        yield doc.Bullets(tuple(told))
        yield doc.Prose(tuple(doc.Piece(words.t(text), "quiet") for text in (*MEANING, HONEST)))
        if self.seats:
            yield self._by_seat()
        for judged in figures.cases:
            yield from self._case(judged)

    def _about(self) -> Iterator[str]:
        words, figures = self.words, self.results.figures
        opened = finnish_day(datetime.fromisoformat(figures.record.opened))
        begun = sum(each.judged > 0 for each in figures.standings)
        yield words.t(
            "Opened {day}; {count} of {of} seats have judged.",
            day=opened,
            count=begun,
            of=len(figures.standings),
        )
        unusable = len(self.results.seats.faults)
        if unusable:
            yield words.many(
                "The file of {count} seat cannot be used and does not count.",
                "The files of {count} seats cannot be used and do not count.",
                unusable,
            )
        yield from words.left_out(figures.left_out)
        if unread := words.unread(figures):
            yield unread

    def _agreement(self) -> Iterator[str]:
        words, figures = self.words, self.results.figures
        for figure, said in (
            (figures.with_expert(), N_("With the expected steps (weighted κ): {figure}")),
            (
                figures.with_expert(quadratic),
                N_("With the expected steps, squared weights: {figure}"),
            ),
            (figures.among(), N_("Among each other (Krippendorff's α): {figure}")),
            (figures.among(quadratic), N_("Among each other, squared weights: {figure}")),
        ):
            yield words.t(said, figure=words.figure(figure))

    def _by_seat(self) -> doc.Block:
        """Return the steps of each seat, and how it agrees with what is expected."""
        words, figures = self.words, self.results.figures
        cases = figures.cases
        headings = (words.t("seat"), words.t("steps"), words.t("with the expected steps"))
        rows = tuple(
            (
                doc.cell(each.seat),
                doc.cell(", ".join(_steps_of(each.seat, cases)) or "–"),
                doc.cell(words.figure(figures.of_seat(each.seat))),
            )
            for each in figures.standings
        )
        return doc.Table(headings, rows)

    def _case(self, judged: JudgedCase) -> Iterator[doc.Block]:
        words = self.words
        yield doc.Heading(2, words.heading(judged))
        yield doc.Prose((doc.Piece(words.expectation(judged)),))
        if not judged.first:
            yield doc.Prose((doc.Piece(words.counted(judged)),))
            return
        yield doc.DotPlot(tuple(self._dots(judged)))
        missed = (words.missed(judged, stop, count) for stop, count in judged.missed.items())
        yield doc.Bullets((words.counted(judged), *missed))
        disputed = find_disputed(judged)[:MOST_DISPUTED]
        yield from _list(
            words.t("Disputed questions"),
            (f"{words.disputed(judged, each)}. {words.answers(judged, each)}" for each in disputed),
        )
        yield from _list(words.t("To talk about"), words.talk(judged))
        yield from _list(words.t("What this case teaches"), words.teaching(judged))

    def _dots(self, judged: JudgedCase) -> Iterator[doc.DotRow]:
        words, expect = self.words, judged.case.vignette.expect
        for step in reversed(judged.steps):
            chosen = tuple(seat for seat, each in judged.first.items() if each.step == step)
            mark = words.t("expected") if expect.lowest <= step <= expect.highest else ""
            label = f"{step} {words.step(judged, step)}"
            yield doc.DotRow(label, len(chosen), mark, chosen if self.seats else ())


def _steps_of(seat: str, cases: tuple[JudgedCase, ...]) -> Iterator[str]:
    for number, judged in enumerate(cases, start=1):
        if seat in judged.first:
            yield f"{number}: {judged.first[seat].step}"


def _list(heading: str, items: Iterator[str]) -> Iterator[doc.Block]:
    found = tuple(items)
    if found:
        yield doc.Heading(3, heading)
        yield doc.Bullets(found)


def class_rows(results: ClassResults, language: str, *, seats: bool) -> Iterator[Row]:
    """Yield a class as rows under `COLUMNS`, one figure in each; seats only if asked for."""
    figures = results.figures
    yield COLUMNS
    for name, figure in (
        ("kappa_linear", figures.with_expert()),
        ("kappa_quadratic", figures.with_expert(quadratic)),
        ("alpha_linear", figures.among()),
        ("alpha_quadratic", figures.among(quadratic)),
    ):
        yield ("", "", "", name, "", "", "", *_numbers(figure))
    if seats:
        for each in figures.standings:
            numbers = _numbers(figures.of_seat(each.seat, linear))
            yield ("", "", "", "kappa_linear_of_seat", each.seat, each.judged, "", *numbers)
    for judged in figures.cases:
        about = (judged.id, judged.case.vignette.title[language], judged.case.vignette.use)
        for row in _of_case(judged, seats=seats):
            yield (*about, *row)


def _numbers(figure: Figure) -> tuple[str | float, ...]:
    """Return a coefficient and its band; why there is none stands in place of the first."""
    if figure.value is None:
        return (figure.why_not or "", "", "")
    low, high = figure.band or ("", "")
    return (figure.value, low, high)


def _of_case(judged: JudgedCase, *, seats: bool) -> Iterator[Row]:
    expect, shares, of = judged.case.vignette.expect, judged.shares, len(judged.first)
    blank = ("", "", "")
    yield ("expected", "", "", "", "", expect.lowest, expect.highest)
    for step in judged.steps:
        yield ("step", step, judged.counts[step], of, *blank)
    for name in ("exact", "near", "unsafe_low") if judged.tests else ():
        yield (name, "", getattr(shares, name), of, *blank)
    for stop, count in judged.missed.items():
        yield ("missed_stop", stop, count, of, *blank)
    for each in find_disputed(judged):
        yield ("disputed", each.fact, each.differ, of, each.changes, "", "")
    if seats:
        for seat, judgement in judged.first.items():
            yield ("step_of_seat", seat, "", "", judgement.step, "", "")
