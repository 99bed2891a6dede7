"""Links `questions.toml` and the instruments: given facts, questions in order, and their pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from stepping.pathway.condition import And, Condition
from stepping.pathway.files import QUESTIONS, instrument_file
from stepping.pathway.linking.resolver import Resolver
from stepping.pathway.model import DECLINED, Fact, Question, QuestionPage
from stepping.pathway.schema import (
    Given,
    Instrument,
    InstrumentUse,
    Item,
    Kind,
    Option,
    OwnQuestion,
    QuestionList,
    Safety,
    Text,
    Worse,
    read_duration,
)
from stepping.pathway.toml_lines import Place

_MAY_BE_DECLINED: frozenset[Kind] = frozenset({"yesno", "choice", "integer", "scale"})
_DEFAULT_HOLDS = {True: timedelta(hours=12), False: timedelta(days=14)}
"""How long an answer counts that no file tells of: to a question about danger, to any other."""
_DEFAULT_WORSE: dict[Kind, Worse] = {"choice": "up", "yesno": "yes", "scale": "none"}


def link_questions(resolver: Resolver) -> tuple[QuestionPage, ...]:
    """Add the given facts and the questions; return the pages in the order of asking."""
    for index, given in enumerate(resolver.parts.questions.given):
        _link_given(resolver, given, ("given", index))
    headings = {page.id: page for page in resolver.parts.questions.page}
    sections = [section.id for section in resolver.parts.header.section]
    pages: dict[str, list[Question]] = {}
    for index, ask in enumerate(resolver.parts.questions.ask):
        table: Place = ("ask", index)
        at = (*table, "section")
        resolver.check_known("section", (ask.section,), sections, QUESTIONS, at)
        for place, question in _asked_questions(resolver, ask, table):
            _check_risk(resolver, question, place)
            resolver.add_fact(_question_fact(question), QUESTIONS, place)
            if question.page:
                named = (question.page,)
                resolver.check_known("page", named, headings, QUESTIONS, (*table, "page"))
            pages.setdefault(question.page or question.id, []).append(question)
    return tuple(
        QuestionPage(
            id_,
            questions[0].section,
            _mark_declinable(questions),
            headings[id_].text if id_ in headings else {},
        )
        for id_, questions in pages.items()
    )


def _check_risk(resolver: Resolver, question: Question, place: Place) -> None:
    """Note a question that is to tell of a risk for good and has no answer that ever would."""
    told = question.kind == "yesno" or (question.numeric and question.worse != "down")
    if question.risk and not told:
        message = (
            f"{question.id}: `risk` is told by a yes, or by a number above the lowest that is "
            "worse up; no answer of this question is that"
        )
        resolver.faults.add(QUESTIONS, (*place, "risk"), message)


def _link_given(resolver: Resolver, given: Given, place: Place) -> None:
    words = tuple(option.id for option in given.options)
    whole = given.type == "integer"
    at = (*place, "default")
    if whole:
        _check_range(resolver, given, QUESTIONS, place)
        if given.default is not None and given.default not in range(given.min, given.max + 1):
            message = f"default {given.default!r} is not a number {given.min}–{given.max}"
            resolver.faults.add(QUESTIONS, at, message)
    elif given.default is not None:
        resolver.check_known("default", (str(given.default),), words, QUESTIONS, at)
    resolver.check_unique("option", words, QUESTIONS, (*place, "options"))
    fact = Fact(
        given.id,
        "number" if whole else "word",
        given.label,
        low=given.min if whole else 0,
        high=given.max if whole else 0,
        words=words,
        default=None if given.default is None else str(given.default),
        origin="given",
    )
    resolver.add_fact(fact, QUESTIONS, place)


def _check_range(
    resolver: Resolver, asked: Given | OwnQuestion | Item, file: str, place: Place
) -> None:
    if asked.min >= asked.max:
        resolver.faults.add(file, place, f"{asked.id}: min is not below max")


def _asked_questions(
    resolver: Resolver, ask: OwnQuestion | QuestionList | InstrumentUse, table: Place
) -> list[tuple[Place, Question]]:
    """Return the questions of a table, each with its place: one, those of a list, or items."""
    if isinstance(ask, OwnQuestion):
        return [(table, _own_question(resolver, ask, table, table))]
    if isinstance(ask, QuestionList):
        places = [(*table, "items", index) for index in range(len(ask.items))]
        alike = zip(places, ask.questions, strict=True)
        return [(place, _own_question(resolver, own, place, table)) for place, own in alike]
    return [(table, question) for question in _item_questions(resolver, ask, table)]


def _item_questions(resolver: Resolver, ask: InstrumentUse, place: Place) -> list[Question]:
    """Return the questions of an instrument's items."""
    instrument = resolver.parts.instruments.get(ask.instrument)
    if instrument is None:
        return []
    known = [item.id for item in instrument.item]
    resolver.check_known("item", ask.items, known, QUESTIONS, (*place, "items"))
    wanted = ask.items or tuple(known)
    at = (*place, "ask_if")
    asked_if = resolver.read_condition(ask.ask_if, QUESTIONS, at, context=ask.context)
    if ask.context and any(item.safety and item.id in wanted for item in instrument.item):
        message = f"{instrument.id} asks about danger, so it is no context"
        resolver.faults.add(QUESTIONS, (*place, "context"), message)
    return [
        _item_question(resolver, instrument, index, ask, asked_if)
        for index, item in enumerate(instrument.item)
        if item.id in wanted
    ]


def _own_question(resolver: Resolver, ask: OwnQuestion, place: Place, table: Place) -> Question:
    """Return a question of the pathway's own, which may stand in a list of its table."""
    _check_own(resolver, ask, place)
    return Question(
        id=ask.id,
        section=ask.section,
        kind=ask.type,
        text=ask.text,
        label=ask.label,
        source=ask.source,
        basis=ask.basis,
        help=ask.help,
        asked_of=ask.asked_of,
        page=ask.page,
        required=ask.required,
        safety=ask.safety,
        holds=_holds(resolver, ask.safety, ask.section, ask.holds),
        worse=ask.worse,
        ask_if=resolver.read_condition(
            ask.ask_if, QUESTIONS, (*table, "ask_if"), context=ask.context
        ),
        refusable=ask.refusable,
        options=ask.options,
        low=ask.min,
        high=ask.max,
        low_label=ask.low,
        high_label=ask.high,
        unit=ask.unit,
        unit_one=ask.unit_one,
        note=ask.note,
        context=ask.context,
        risk=ask.risk,
    )


def _check_own(resolver: Resolver, ask: OwnQuestion, place: Place) -> None:
    faults = resolver.faults
    if ask.type in ("choice", "multi") and len(ask.options) < 2:
        faults.add(QUESTIONS, place, f"question {ask.id} needs at least two options")
    if ask.type in ("integer", "scale"):
        _check_range(resolver, ask, QUESTIONS, place)
    ids = [option.id for option in ask.options]
    resolver.check_unique("option", ids, QUESTIONS, (*place, "options"))
    if DECLINED in ids:
        at = (*place, "options", ids.index(DECLINED))
        message = f"option {DECLINED} of {ask.id}: the word stands for a client who declines"
        faults.add(QUESTIONS, at, message)
    if ask.page and ask.type != "yesno":
        faults.add(QUESTIONS, place, f"question {ask.id}: only yes/no shares a page")


def _item_question(
    resolver: Resolver,
    instrument: Instrument,
    index: int,
    use: InstrumentUse,
    asked_if: Condition | None,
) -> Question:
    item = instrument.item[index]
    file, place = instrument_file(instrument.id), ("item", index)
    _check_item(resolver, instrument, item, place)
    own = resolver.read_condition(item.ask_if, file, (*place, "ask_if"), context=use.context)
    return Question(
        id=f"{instrument.id}.{item.id}",
        section=use.section,
        kind=item.type,
        text=item.text,
        label=item.label,
        help=item.help,
        stem=_stem(item, instrument),
        explain=item.explain,
        source=instrument.source,
        basis="guideline",
        required=use.required,
        safety=item.safety,
        holds=_holds(resolver, item.safety, use.section, item.holds, use.holds, instrument.holds),
        worse=item.worse or _DEFAULT_WORSE[item.type],
        ask_if=And((asked_if, own)) if asked_if and own else asked_if or own,
        refusable=item.refusable,
        options=_item_options(item, instrument),
        low=item.min,
        high=item.max,
        low_label=item.low,
        high_label=item.high,
        instrument=instrument,
        note=use.note,
        context=use.context,
        risk=item.risk,
    )


def _check_item(resolver: Resolver, instrument: Instrument, item: Item, place: Place) -> None:
    file = instrument_file(instrument.id)
    scored = item.options or instrument.options
    if item.type == "choice" and len(scored) < 2:
        resolver.faults.add(file, place, f"item {item.id} needs at least two options")
    if item.type == "scale":
        _check_range(resolver, item, file, place)
    at: Place = (*place, "options") if item.options else ("options",)
    resolver.check_unique("score", [str(option.score) for option in scored], file, at)


def _stem(item: Item, instrument: Instrument) -> Text:
    """Return what is said before an item: its own, or what it shares with its answers."""
    shared = item.type == "choice" and not item.options
    return item.stem or (instrument.stem if shared else {})


def _item_options(item: Item, instrument: Instrument) -> tuple[Option, ...]:
    if item.type != "choice":
        return ()
    scored = item.options or instrument.options
    return tuple(Option(id=str(option.score), label=option.label) for option in scored)


def _holds(resolver: Resolver, safety: Safety, section: str, *stated: str | None) -> timedelta:
    """Return how long an answer counts: what stands nearest to its question, then its section."""
    sections = resolver.parts.header.section
    of_section = next((each.holds for each in sections if each.id == section), None)
    nearest = next((text for text in (*stated, of_section) if text), None)
    return read_duration(nearest) if nearest else _DEFAULT_HOLDS[bool(safety)]


def _mark_declinable(questions: Sequence[Question]) -> tuple[Question, ...]:
    """Mark what a client may decline: neither what the nurse answers nor what counts as refused.

    Of a page on which every question opens a stop by itself nothing is declined: there the nurse
    answers from what they see. A list of wishes, a text or a date is simply skipped.
    """
    danger = len(questions) > 1 and all(question.safety is True for question in questions)
    return tuple(
        replace(
            question,
            declinable=not danger
            and question.asked_of == "client"
            and not question.refusable
            and question.kind in _MAY_BE_DECLINED,
        )
        for question in questions
    )


def _question_fact(question: Question) -> Fact:
    low, high, words = question.low, question.high, question.words
    if question.numeric:
        kind = "number"
        if question.kind == "choice":
            numbers = [int(word) for word in words] or [0]
            low, high = min(numbers), max(numbers)
    else:
        kind = {"multi": "set", "text": "remark", "date": "remark"}.get(question.kind, "word")
    return Fact(
        question.id,
        kind,  # type: ignore[arg-type]
        question.label,
        worse=question.worse,
        low=low,
        high=high,
        words=() if kind == "number" else words,
        ask_if=question.ask_if,
        context=question.context,
    )
