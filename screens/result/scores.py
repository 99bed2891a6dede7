"""The scores of a result: a bar of each with its cut-off and band, or the same in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rich.cells import cell_len

from casework.assessment import AssessmentSession
from casework.language import N_, Speech
from screens.base.bars import Measured, score_bar
from screens.base.lines import Line, Look, capital, cells, flow
from screens.wording.decision_words import DecisionWords
from screens.wording.elsewhere.told_words import mark_of
from stepping.cut_offs import find_cut_off
from stepping.decision.explain import band_text
from stepping.decision.facts import FactStates, get_fact_states
from stepping.measured import was_asked
from stepping.pathway.condition import NumberState
from stepping.pathway.model import DECLINED, NO, Fact

_CELLS, _FEWER_CELLS, _WIDE = 14, 8, 70
"""Cells of a bar, and of one where the page is not so wide."""
_LIMITS = {
    ("up", True): N_("limit {limit} reached"),
    ("up", False): N_("under the limit {limit}"),
    ("down", True): N_("limit {limit} reached"),
    ("down", False): N_("over the limit {limit}"),
}


@dataclass(frozen=True)
class Score:
    """One score as it is shown."""

    name: str
    measured: Measured
    words: tuple[str, ...]
    """What is still open, the band, and on which side of the cut-off it is."""
    danger: str = ""
    """The items on danger."""
    alarming: bool = False
    """Whether one of those tells of danger, or was not answered."""

    @property
    def value(self) -> str:
        """The score of its highest, as in "14/27"; a range where it is not known."""
        scale = self.measured
        low = f"{scale.low}" if scale.low == scale.high else f"{scale.low}–{scale.high}"
        return f"{low}/{scale.most}"

    def sentence(self, t: Speech) -> str:
        """Say the score, its highest, its band and its limit in one sentence."""
        head = t("{name} {value}", name=self.name, value=self.value)
        danger = [f"! {self.danger}" if self.alarming else self.danger] if self.danger else []
        return ", ".join([head, *self.words, *danger])


@dataclass(frozen=True)
class Scores:
    """The scores of one decision in one language."""

    session: AssessmentSession
    say: DecisionWords

    def __iter__(self) -> Iterator[Score]:
        """Yield each total whose questions were asked, and each answer on a scale."""
        pathway = self.session.pathway
        for id_, value in self.say.decision.scores.items():
            if self._is_drawn(id_):
                low, high = value if isinstance(value, tuple) else (value, value)
                yield self._total(pathway.facts[id_], low, high)
        for question in pathway.questions.values():
            state = self._states.get_state(question.id)
            if question.kind == "scale" and isinstance(state, NumberState):
                fact = pathway.facts[question.id]
                if state.low == state.high:
                    measured = self._measured(fact, state.low, state.high)
                    best = f"{fact.high} = {question.high_label[self.say.language]}"
                    yield Score(capital(fact.label[self.say.language]), measured, (best,))

    def changes(self) -> list[str]:
        """Return how scores have changed since earlier, in words."""
        return [self.say.score(id_) for id_ in self._others if self._is_change(id_)]

    def others(self) -> list[str]:
        """Return what else is counted, in words."""
        return [self.say.score(id_) for id_ in self._others if not self._is_change(id_)]

    @property
    def _others(self) -> list[str]:
        return [id_ for id_ in self.say.decision.scores if not self._is_drawn(id_)]

    def _is_change(self, id_: str) -> bool:
        return self.session.pathway.facts[id_].origin == "difference"

    @cached_property
    def _states(self) -> FactStates:
        return get_fact_states(self.session.pathway, self.session.answers)

    def _is_drawn(self, id_: str) -> bool:
        """Say whether a score is the total of a questionnaire of which something was asked."""
        pathway = self.session.pathway
        total = pathway.facts[id_].origin == "total"
        return total and was_asked(pathway, self._states, id_)

    def _measured(self, fact: Fact, low: int, high: int) -> Measured:
        cut_off = find_cut_off(self.session.pathway, self.session.answers, fact.id)
        down = fact.worse == "down"
        return Measured(low, high, fact.low, fact.high, cut_off, "down" if down else "up")

    def _total(self, fact: Fact, low: int, high: int) -> Score:
        say, pathway = self.say, self.session.pathway
        measured = self._measured(fact, low, high)
        band = band_text(pathway, fact.id, low, say.language) if low == high else self._gap(fact)
        words = tuple(filter(None, (band, self._limit(measured), mark_of(say, fact.id))))
        items = [id_ for id_ in fact.items if self._is_danger(id_)]
        told = [self._item(id_) for id_ in items]
        alarming = any(self._alarms(id_) for id_ in items)
        return Score(total_name(self.say, fact), measured, words, ", ".join(told), alarming)

    def _gap(self, fact: Fact) -> str:
        """Return why a score is not known: declined items, or answers that are missing."""
        decision = self.say.decision
        count = sum(id_ in decision.declined for id_ in fact.items)
        if count and not any(id_ in decision.missing for id_ in fact.items):
            return self.say.many("{count} item declined", "{count} items declined", count)
        return self.say.t("answers missing")

    def _limit(self, measured: Measured) -> str:
        if measured.over is None:
            return ""
        return self.say.t(_LIMITS[measured.worse, measured.over], limit=measured.cut_off)

    def _is_danger(self, id_: str) -> bool:
        question = self.session.pathway.questions.get(id_)
        return question is not None and bool(question.safety)

    def _item(self, id_: str) -> str:
        answer = self.session.answers.get(id_)
        points = "?" if answer is None else str(answer)
        if answer == DECLINED:
            points = self.say.t("declined")
        return self.say.t("item {item}: {points}", item=id_.rpartition(".")[2], points=points)

    def _alarms(self, id_: str) -> bool:
        return self.session.answers.get(id_) not in (0, NO)


def total_name(say: DecisionWords, fact: Fact) -> str:
    """Return the name of a questionnaire, or that of the total where it has several."""
    instrument = say.pathway.instruments.get(fact.id.rpartition(".")[0])
    if instrument is None or len(instrument.total) > 1:
        return capital(fact.label[say.language])
    return instrument.name


def score_lines(scores: Sequence[Score], column: int, width: int, *, eighths: bool) -> list[Line]:
    """Draw each score in a row: its name, value, bar, band and limit; the words may go on."""
    size = _CELLS if width >= _WIDE else _FEWER_CELLS
    digits = max((len(score.value) for score in scores), default=0)
    return [
        line
        for score in scores
        for line in _score_lines(score, column, digits, size, width, eighths=eighths)
    ]


def _score_lines(
    score: Score, column: int, digits: int, size: int, width: int, *, eighths: bool
) -> list[Line]:
    bar = score_bar(score.measured, size, eighths=eighths)
    head = f"{score.name:<{column}}{score.value:>{digits}} "
    used = cell_len(head) + size + 3
    gap = used - cell_len(head) - cells(bar)
    first, *rest = _words(score, width - used)
    return [
        ((head, "normal"), *bar, (" " * gap, "normal"), *first),
        *(((" " * used, "normal"), *row) for row in rest),
    ]


def _words(score: Score, width: int) -> list[Line]:
    """Say the band, the limit and the item on danger; that in a row of its own where it is long."""
    words: Line = ((", ".join(score.words), "normal"),)
    if not score.danger:
        return flow(words, width)
    look: Look = "danger" if score.alarming else "normal"
    danger: Line = ((f"{'! ' if score.alarming else ''}{score.danger}", look),)
    whole = (*words, (" · ", "normal"), *danger) if score.words else danger
    if cells(whole) <= width:
        return [whole]
    return [*flow(words, width), *flow(danger, width)]
