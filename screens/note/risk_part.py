"""The risk of a client as the note for the patient record tells it; nothing of it is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from casework.assessment import AssessmentSession
from casework.care_names import CareNames
from casework.language import N_, speech
from casework.workspace import Workspace
from screens.base.risk_marks import in_order, sentences
from screens.note.layout import join_items
from screens.wording.decision_words import URGENCY, DecisionWords
from screens.wording.risk_words import RiskWords, count_steps
from stepping.decision.outcome import URGENCIES
from stepping.decision.safety import list_safety_steps
from stepping.pathway.model import DECLINED, NO, REFUSED, YES, Answer, Question
from stepping.pathway.schema import Safety
from store.records import StoredDecision


@dataclass(frozen=True)
class RiskSection:
    """What one assessment tells of danger, in the words of its note."""

    session: AssessmentSession
    say: DecisionWords
    counted: Mapping[str, Answer]
    """The answers whose questions are asked."""
    names: CareNames

    earlier: Sequence[str] = ()
    """What other assessments of the client had told of risk by then, a text for each."""
    danger: str = ""
    """A typed item on suicide that nobody has assessed since."""

    @property
    def _words(self) -> RiskWords:
        language = self.say.language
        return RiskWords(self.session.pathway, self.names, language, speech(language))

    @property
    def _language(self) -> str:
        return self.say.language

    def texts(self) -> Iterator[str]:
        """Yield the signs, what was not answered, and each stop with its safety steps."""
        say, questions = self.say, self.session.pathway.questions
        for text in say.elsewhere():
            yield f"! {text}"
        if self.danger:
            yield self.danger
        danger, heed = self._signs(safety=True), [*self._signs(safety="gate"), *self._others()]
        missing = (id_ for id_ in self.say.decision.missing if id_ in questions)
        open_ = [id_ for id_ in missing if questions[id_].safety]
        stops = self._stops()
        if danger:
            yield say.t("Told or seen: {signs}", signs="; ".join(danger))
        declined = [id_ for id_ in self.say.decision.declined if questions[id_].safety]
        if not (stops or open_ or declined or self.danger):
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
        yield from self.earlier

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
        counts = count_steps(outcomes, len(wanted) - len(outcomes), speech(say.language))
        steps = say.t("safety steps: {counts}", counts=counts)
        because = rule.because[self._language]
        count = f", {steps}" if is_open else ""
        yield f"! {say.t(URGENCY[rule.stop or 'week'])}: {because} ({stop}, {state}{count})"
        yield from (f"- {self._words.step(row)}" for row in self.session.safety if row.stop == stop)
        for step in wanted:
            if self.session.find_outcome(step) is None:
                text = self._text(step.card, step.step)
                yield f"- {text} [{say.t('not recorded')}]"

    def _past(self, stops: Sequence[str]) -> Iterator[str]:
        """Yield what was done under a stop that a later answer took away."""
        gone = dict.fromkeys(row.stop for row in self.session.safety if row.stop not in stops)
        for stop in gone:
            head = self.say.t("A safety stop that no longer holds ({stop})", stop=stop)
            rows = [f"- {self._words.step(row)}" for row in self.session.safety if row.stop == stop]
            yield "\n".join([head, *rows])

    def _text(self, card: str, step: str) -> str:
        steps = self.session.pathway.cards[card].steps
        return next(each.text[self._language] for each in steps if each.id == step)


def tell_earlier(
    workspace: Workspace,
    session: AssessmentSession,
    confirmed: StoredDecision | None,
    language: str,
) -> Iterator[str]:
    """Yield what other assessments of the client had told of risk when a step was confirmed.

    With each goes what was done then. Nobody knows whose an assessment is that is marked as of the
    wrong client.
    """
    if session.assessment.wrong_client:
        return
    t = speech(language)
    for mark in in_order(workspace.store.risk_marks.list_of(session.client.id)):
        before = confirmed is None or mark.signs[0].since <= confirmed.at
        if before and mark.assessment_id != session.assessment.id:
            told, *steps = sentences(workspace, mark, language)
            first = t("Told earlier: {what}", what=told)
            yield "\n".join([first, *(f"- {step}" for step in steps)])


def is_sign(question: Question, answer: Answer) -> bool:
    """Return whether the answer to a safety question is anything but its lightest one."""
    if answer == DECLINED:
        return False  # told on its own: it says nothing, neither well nor ill
    if answer in (YES, REFUSED):
        return True
    if question.numeric and isinstance(answer, int | str):
        return int(answer) > question.low
    return answer != NO and answer != next(iter(question.words), None)
