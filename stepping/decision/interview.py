"""The interview: which question comes next, which came before, and what is still needed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from stepping.decision import minimum_steps
from stepping.decision.facts import FactStates, get_fact_states
from stepping.decision.minimum_steps import missing_answers, required_answers
from stepping.pathway.condition import HiddenState
from stepping.pathway.model import Answers, Pathway, Question, QuestionPage
from stepping.pathway.told_totals import find_covered


@dataclass(frozen=True)
class Ask:
    """A page that waits for an answer, with its questions that are asked now."""

    page: QuestionPage


@dataclass(frozen=True)
class Stop:
    """Open stops, the most urgent first, and the questions that may be asked before recording."""

    stops: tuple[str, ...]
    first: tuple[QuestionPage, ...]


@dataclass(frozen=True)
class Finished:
    """Every question that is asked has been answered or skipped."""


Next = Ask | Stop | Finished


@dataclass(frozen=True)
class InterviewProgress:
    """How far the interview is, in pages."""

    at: int
    most: int
    """At most so many pages, while later answers may still hide some."""
    required: int
    """Answers still missing without which no step may be confirmed."""


def shown_pages(pathway: Pathway, answers: Answers) -> tuple[QuestionPage, ...]:
    """Return the pages that are asked, or may be, each with only its questions that are.

    Items for which a total was told instead are not asked.
    """
    return _shown_by(pathway, get_fact_states(pathway, answers), find_covered(pathway, answers))


@lru_cache(maxsize=4)
def _shown_by(
    pathway: Pathway, states: FactStates, covered: frozenset[str]
) -> tuple[QuestionPage, ...]:
    """Return the same for the view of some answers, which is the same one for the same answers."""
    pages = []
    for page in pathway.pages:
        questions = tuple(
            q for q in page.questions if q.id not in covered and states.is_asked(q.id) is not False
        )
        if questions:
            pages.append(QuestionPage(page.id, page.section, questions, page.heading))
    return tuple(pages)


def find_next(
    pathway: Pathway,
    answers: Answers,
    skipped: Collection[str],
    recorded: Collection[str],
    *,
    danger_first: bool = False,
) -> Next:
    """Return what comes now: an open stop before everything, then the first open page.

    While a stop is open only the questions that belong to it are asked. With `danger_first`, as
    after a break, what asks about danger comes before all else.
    """
    pages = [page for page in shown_pages(pathway, answers) if _is_open(page, answers, skipped)]
    stops = open_stops(pathway, answers, recorded)
    if stops:
        first = {id_ for stop in stops for id_ in pathway.rule(stop).rule.ask_first}
        return Stop(stops, tuple(p for p in pages if any(q.id in first for q in p.questions)))
    if danger_first:
        pages.sort(key=lambda page: not _asks_of_danger(pathway, page, answers, skipped))
    return Ask(pages[0]) if pages else Finished()


def _asks_of_danger(
    pathway: Pathway, page: QuestionPage, answers: Answers, skipped: Collection[str]
) -> bool:
    """Say whether a page has an open question about danger that is certainly asked."""
    states = get_fact_states(pathway, answers)
    return any(
        q.safety and states.is_asked(q.id) and q.id not in answers and q.id not in skipped
        for q in page.questions
    )


def open_stops(pathway: Pathway, answers: Answers, recorded: Collection[str]) -> tuple[str, ...]:
    """Return the stops that hold and are not recorded, the most urgent first."""
    states = get_fact_states(pathway, answers)
    return tuple(rule.id for rule in minimum_steps.open_stops(pathway, states, recorded))


def may_precede_recording(pathway: Pathway, stop: Stop, page: QuestionPage) -> bool:
    """Say whether a page may be left for the questions that come before the steps of open stops.

    Leaving a page that belongs to no stop shows the stops at once; so does any page where one of
    the stops asks nothing first.
    """
    if not stop.first:
        return False
    rules = [pathway.rule(id_).rule for id_ in stop.stops]
    belongs = {id_ for rule in rules for id_ in rule.ask_first}
    return page.id in belongs and all(rule.ask_first for rule in rules)


def page_before(pathway: Pathway, answers: Answers, page_id: str | None) -> QuestionPage | None:
    """Return the page before one, or the last page before the end where `page_id` is `None`."""
    pages = shown_pages(pathway, answers)
    ids = [page.id for page in pages]
    position = ids.index(page_id) if page_id in ids else len(pages)
    return pages[position - 1] if position > 0 else None


def page_after(pathway: Pathway, answers: Answers, page_id: str) -> QuestionPage | None:
    """Return the page after one that is asked, or nothing at the end."""
    pages = shown_pages(pathway, answers)
    ids = [page.id for page in pages]
    position = ids.index(page_id) + 1 if page_id in ids else len(pages)
    return pages[position] if position < len(pages) else None


def get_progress(pathway: Pathway, answers: Answers, page_id: str) -> InterviewProgress:
    """Return how far a page is along the way."""
    pages = shown_pages(pathway, answers)
    ids = [page.id for page in pages]
    at = ids.index(page_id) + 1 if page_id in ids else len(ids)
    required = required_answers(pathway, get_fact_states(pathway, answers), answers)
    return InterviewProgress(at, len(ids), len(required))


def measure_way(
    pathway: Pathway, card: Answers, answers: Answers, skipped: Collection[str]
) -> tuple[int, int]:
    """Return how many pages are done, and of how many.

    Those that the `card` leaves possible are the whole way, from beginning to end. A page that is
    answered, skipped, or not asked any more is done: as long as answers only come, none is undone.
    """
    most = len(shown_pages(pathway, card))
    left = sum(_is_open(page, answers, skipped) for page in shown_pages(pathway, answers))
    return most - left, most


def unanswered_questions(pathway: Pathway, answers: Answers) -> tuple[Question, ...]:
    """Return the questions that are asked, or may be, and have no answer."""
    ids = missing_answers(pathway, get_fact_states(pathway, answers), answers)
    return tuple(pathway.questions[id_] for id_ in ids)


def find_counting_answers(pathway: Pathway, answers: Answers) -> dict[str, bool]:
    """Say of each given answer whether it counts: it does unless its question is not asked."""
    states = get_fact_states(pathway, answers)
    return {
        id_: not isinstance(states.get_state(id_), HiddenState)
        for id_ in answers
        if id_ in pathway.facts
    }


def _is_open(page: QuestionPage, answers: Answers, skipped: Collection[str]) -> bool:
    return any(q.id not in answers and q.id not in skipped for q in page.questions)
