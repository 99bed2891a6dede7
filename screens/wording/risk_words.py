"""Says what stays to be told of a client's risk, and what was done about it, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from casework.care_names import CareNames
from casework.language import N_, Speech
from screens.wording.day_words import agreed_words, not_done_words
from stepping.decision.explain import value_text
from stepping.finland import finnish_day
from stepping.pathway.model import YES, Pathway
from store.records import RiskGlance, RiskKind, SafetyRecord
from store.risk_records import RiskMark, RiskSign

_TOLD: dict[RiskKind, str] = {
    "attempt": N_("Suicide attempt, recorded {day} ({who})"),
    "suicide": N_("Danger of suicide on {day} ({who})"),
}
_SHORT: dict[RiskKind, str] = {
    "attempt": N_("suicide attempt, recorded {day}"),
    "suicide": N_("danger of suicide {day}"),
}


@dataclass(frozen=True)
class RiskWords:
    """Says the marks of one assessment in one language."""

    pathway: Pathway | None
    """The text of the assessment; None where it cannot be read, and ids stand for its words."""
    names: CareNames
    language: str
    t: Speech

    def mark(self, mark: RiskMark) -> str:
        """Return what was told, when and to whom, and how many safety steps were done."""
        kind, first = _told_first(mark)
        head = self.t(_TOLD[kind], day=self.t.day(finnish_day(first.since)), who=first.by)
        what = "; ".join(dict.fromkeys(self._sign(sign, mark) for sign in mark.signs))
        counts = count_steps(mark.steps, 0, self.t)
        done = f". {self.t('Safety steps: {counts}', counts=counts)}" if counts else ""
        return f"{head}: {what}{done}."

    def brief(self, mark: RiskMark) -> str:
        """Return what was told and when, and how many safety steps were done, in a few words."""
        kind, first = _told_first(mark)
        text = self.t(_SHORT[kind], day=self.t.day(finnish_day(first.since)))
        if not mark.stands:
            text = self.t("{what} (corrected on {day})", what=text, day=self._corrected(mark))
        counts = count_steps(mark.steps, 0, self.t)
        return ", ".join(filter(None, (text, counts and self.t("steps: {counts}", counts=counts))))

    def _corrected(self, mark: RiskMark) -> str:
        """Return the day on which the last sign of a mark was corrected."""
        days = [finnish_day(sign.wrong) for sign in mark.signs if sign.wrong is not None]
        return self.t.day(max(days))

    def _sign(self, sign: RiskSign, mark: RiskMark) -> str:
        text = self._question(sign) or self._stop(sign.about, mark)
        if sign.wrong is None:
            return text
        return self.t(
            "{what} (corrected on {day})", what=text, day=self.t.day(finnish_day(sign.wrong))
        )

    def _question(self, sign: RiskSign) -> str:
        """Return the label and the answer of a question; nothing of a stop."""
        question = self.pathway.questions.get(sign.about) if self.pathway else None
        if question is None or self.pathway is None:
            return ""
        label = question.label[self.language]
        if sign.answer == YES or sign.wrong is not None:
            return label
        return f"{label}: {value_text(self.pathway, sign.about, str(sign.answer), self.language)}"

    def _stop(self, stop: str, mark: RiskMark) -> str:
        """Return the titles of the cards that were gone through under a stop, and its id."""
        cards = self.pathway.cards if self.pathway else {}
        used = dict.fromkeys(row.card for row in mark.steps if row.stop == stop)
        titles = ", ".join(cards[id_].title[self.language] for id_ in used if id_ in cards)
        return f"{titles} ({stop})" if titles else self.t("safety stop {stop}", stop=stop)

    def steps(self, mark: RiskMark) -> Iterator[str]:
        """Yield each safety step with what came of it, who recorded that and when."""
        for row in mark.steps:
            yield self.step(row)

    def step(self, row: SafetyRecord) -> str:
        """Return a safety step by its text, with what came of it, who told that and when."""
        t = self.t
        state = t("done") if row.done else not_done_words(row, self.names, t)
        parts = [state, f"{row.recorder} {t.moment(row.at)}"]
        if agreed := agreed_words(row, self.names, t):
            parts.append(t("agreed: {contact}", contact=agreed))
        if row.agreed and row.agreed.why:
            parts.append(t("why so late: {why}", why=row.agreed.why))
        return f"{self._text(row.card, row.step)} [{'; '.join(parts)}]"

    def _text(self, card: str, step: str) -> str:
        known = self.pathway.cards.get(card) if self.pathway else None
        steps = known.steps if known else ()
        return next((each.text[self.language] for each in steps if each.id == step), step)


def _told_first(mark: RiskMark) -> tuple[RiskKind, RiskSign]:
    """Return what a mark tells of, and its first sign; a sign that was wrong if all were."""
    told = [sign for sign in mark.signs if sign.wrong is None] or [*mark.signs]
    kind: RiskKind = "attempt" if any(s.kind == "attempt" for s in told) else "suicide"
    return kind, min(told, key=lambda sign: sign.since)


def count_steps(outcomes: Iterable[SafetyRecord], waiting: int, t: Speech) -> str:
    """Return how many safety steps were done, were not, and wait."""
    rows = [*outcomes]
    done = sum(row.done for row in rows)
    counts = (
        (done, t.many("{count} done", "{count} done", done)),
        (len(rows) - done, t.many("{count} not done", "{count} not done", len(rows) - done)),
        (waiting, t.many("{count} not recorded", "{count} not recorded", waiting)),
    )
    return ", ".join(text for number, text in counts if number)


def glance_words(risk: Iterable[RiskGlance], t: Speech) -> str:
    """Return in a few words what stays to be told of a client; nothing where there is nothing."""
    told = [t(_SHORT[each.kind], day=t.day(each.day)) for each in risk]
    return f"! {', '.join(told)}" if told else ""
