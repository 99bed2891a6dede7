"""The risk of a client as the note for the patient record tells it; nothing of it is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from casework.assessment import AssessmentSession
from casework.care_names import CareNames
from casework.language import N_, speech
from screens.note.layout import join_items
from screens.wording.day_words import contact_words
from screens.wording.decision_words import URGENCY, DecisionWords
from stepping.decision.outcome import URGENCIES
from stepping.decision.safety import list_safety_steps
from stepping.pathway.model import DECLINED, NO, REFUSED, YES, Answer, Question
from stepping.pathway.schema import Safety
from store.records import SafetyRecord
from store.times import local_time


@dataclass(frozen=True)
class RiskSection:
    """What one assessment tells of danger, in the words of its note."""

    session: AssessmentSession
    say: DecisionWords
    counted: Mapping[str, Answer]
    """The answers whose questions are asked."""
    names: CareNames

    @property
    def _language(self) -> str:
        return self.say.language

    def texts(self) -> Iterator[str]:
        """Yield the signs, what was not answered, and each stop with its safety steps."""
        say, questions = self.say, self.session.pathway.questions
        for text in say.elsewhere():
            yield f"! {text}"
        danger, heed = self._signs(safety=True), [*self._signs(safety="gate"), *self._others()]
        missing = (id_ for id_ in self.say.decision.missing if id_ in questions)
        open_ = [id_ for id_ in missing if questions[id_].safety]
        stops = self._stops()
        if danger:
            yield say.t("Told or seen: {signs}", signs="; ".join(danger))
        declined = [id_ for id_ in self.say.decision.declined if questions[id_].safety]
        if not stops and not open_ and not declined:
            none = N_("no safety stop; every safety question was answered")
            calm = N_("no danger signs reported; every safety question was answered")
            yield say.t(none if danger else calm)
        if heed:
            yield say.t("To be kept in mind: {signs}", signs="; ".join(heed))
        if open_:
            labels = [questions[id_].label[self._language] for id_ in open_]
            title = say.t("Safety questions not answered")
            yield from join_items(labels, f"! {title}")
        if declined:
            labels = [questions[id_].label[self._language] for id_ in declined]
            title = say.t("Safety questions declined, so danger is not ruled out")
            yield from join_items(labels, f"! {title}")
        for stop in stops:
            yield "\n".join(self._stop(stop))
        yield from self._past(stops)

    def _signs(self, *, safety: Safety) -> list[str]:
        """Return the safety questions whose answer tells of something, each by its label."""
        questions = self.session.pathway.questions
        return self._told(id_ for id_ in self.counted if questions[id_].safety == safety)

    def _told(self, ids: Iterable[str]) -> list[str]:
        signs = []
        for id_ in ids:
            question, answer = self.session.pathway.questions[id_], self.counted[id_]
            if is_sign(question, answer):
                value = "" if answer == YES else f": {self.say.value(id_, answer)}"
                signs.append(question.label[self._language] + value)
        return signs

    def _others(self) -> list[str]:
        """Return what the pathway wants told as risk, though no stop rests on it."""
        questions = self.session.pathway.questions
        wanted = (id_ for id_ in self.counted if questions[id_].note == "risk")
        return self._told(id_ for id_ in wanted if not questions[id_].safety)

    def _stops(self) -> list[str]:
        """Return the stops that hold, the open ones first, then by urgency."""
        rules = self.session.pathway.stops
        fired = {rule.id for rule in self.say.decision.rules}
        held = [rule for rule in rules if rule.id in fired]
        order = sorted(
            held,
            key=lambda r: (
                r.id not in self.say.decision.stops,
                -URGENCIES.index(r.rule.stop or "week"),
            ),
        )
        return [rule.id for rule in order]

    def _stop(self, stop: str) -> Iterator[str]:
        """Yield a stop, then each of its safety steps by its text."""
        say, rule = self.say, self.session.pathway.rule(stop).rule
        wanted = list_safety_steps(self.session.pathway, self.session.answers, stop)
        outcomes = [row for step in wanted if (row := self.session.find_outcome(step))]
        is_open = stop in self.say.decision.stops
        state = say.t("OPEN") if is_open else say.t("safety steps recorded")
        steps = say.t("safety steps: {counts}", counts=self._count(outcomes, len(wanted)))
        because = rule.because[self._language]
        count = f", {steps}" if is_open else ""
        yield f"! {say.t(URGENCY[rule.stop or 'week'])}: {because} ({stop}, {state}{count})"
        yield from (f"- {self._step(row)}" for row in self.session.safety if row.stop == stop)
        for step in wanted:
            if self.session.find_outcome(step) is None:
                text = self._text(step.card, step.step)
                yield f"- {text} [{say.t('not recorded')}]"

    def _past(self, stops: Sequence[str]) -> Iterator[str]:
        """Yield what was done under a stop that a later answer took away."""
        gone = dict.fromkeys(row.stop for row in self.session.safety if row.stop not in stops)
        for stop in gone:
            head = self.say.t("A safety stop that no longer holds ({stop})", stop=stop)
            rows = [f"- {self._step(row)}" for row in self.session.safety if row.stop == stop]
            yield "\n".join([head, *rows])

    def _count(self, outcomes: Sequence[SafetyRecord], wanted: int) -> str:
        """Return how many safety steps were done, were not, and wait."""
        many = self.say.many
        done = sum(row.done for row in outcomes)
        undone, waiting = len(outcomes) - done, wanted - len(outcomes)
        counts = (
            (done, many("{count} done", "{count} done", done)),
            (undone, many("{count} not done", "{count} not done", undone)),
            (waiting, many("{count} not recorded", "{count} not recorded", waiting)),
        )
        return ", ".join(text for number, text in counts if number)

    def _step(self, row: SafetyRecord) -> str:
        """Return a safety step by its text, with what came of it, who told that and when."""
        say = self.say
        why = " ".join((row.why_not or "").split())
        state = say.t("done") if row.done else say.t("not done: {why}", why=why)
        parts = [state, f"{row.recorder} {local_time(row.at):%Y-%m-%d %H:%M}"]
        if row.agreed:
            contact = contact_words(row.agreed, self.names, speech(say.language))
            parts.append(say.t("agreed: {contact}", contact=contact))
            if row.agreed.why:
                parts.append(say.t("why so late: {why}", why=row.agreed.why))
        return f"{self._text(row.card, row.step)} [{'; '.join(parts)}]"

    def _text(self, card: str, step: str) -> str:
        steps = self.session.pathway.cards[card].steps
        return next(each.text[self._language] for each in steps if each.id == step)


def is_sign(question: Question, answer: Answer) -> bool:
    """Return whether the answer to a safety question is anything but its lightest one."""
    if answer == DECLINED:
        return False  # told on its own: it says nothing, neither well nor ill
    if answer in (YES, REFUSED):
        return True
    if question.numeric and isinstance(answer, int | str):
        return int(answer) > question.low
    return answer != NO and answer != next(iter(question.words), None)
