"""The note for the patient record: plain lines in the record's language, to be copied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from screens.desk import Desk
from screens.language import LANGUAGES, N_
from screens.sheet import Command, Sheet
from screens.visit import Visit, local_time
from screens.widgets.lines import Line, plain, wrap
from screens.wording import CONSIDER, NOT_MARKED, SUPPORTS, URGENCY, Wording
from stepping import interview
from stepping.outcome import OR_ABOVE, Decision
from stepping.pathway import NO, YES
from store.records import StoredDecision

NOTE_WIDTH = 78


@dataclass(frozen=True)
class RecordNote:
    """Writes the note of one assessment; before it is confirmed it says that it is a draft."""

    visit: Visit
    decision: Decision
    confirmed: StoredDecision | None
    language: str
    training: bool

    @property
    def _say(self) -> Wording:
        return Wording(self.visit.pathway, self.decision, self.language)

    def text(self) -> str:
        """Return the whole note; lines are at most 78 characters."""
        rows = [row for line in self._lines() for row in wrap(line, NOTE_WIDTH, 2)]
        return "\n".join(rows)

    def _lines(self) -> Iterator[str]:
        say = self._say
        if self.training:
            yield say.t("TRAINING – invented client, not a patient record")
        if self.confirmed is None:
            yield say.t("DRAFT: not confirmed")
        yield from self._heading()
        yield from self._stops()
        yield from self._outcome()
        yield from self._plan()
        yield from self._scores()
        yield from self._flags()
        yield say.t(SUPPORTS)
        yield say.t(NOT_MARKED)

    def _heading(self) -> Iterator[str]:
        say, header = self._say, self.visit.pathway.header
        started = local_time(self.visit.assessment.started_at)
        yield say.t("Assessment of care needs {date}", date=f"{started:%Y-%m-%d}")
        yield say.t(
            "Client {code}, born {year}",
            code=self.visit.client.code,
            year=self.visit.client.birth_year,
        )
        yield say.t(
            "Pathway: {title}, {version}, digest {digest}",
            title=header.title[self.language],
            version=say.version(),
            digest=self.decision.digest[:12],
        )

    def _stops(self) -> Iterator[str]:
        say, pathway = self._say, self.visit.pathway
        for fired in self.decision.rules:
            rule = pathway.rule(fired.id).rule
            if rule.stop is None:
                continue
            yield ""
            state = (
                say.t("OPEN") if fired.id in self.decision.stops else say.t("safety steps recorded")
            )
            reason = f"{rule.because[self.language]} ({fired.id}, {state})"
            yield f"! {say.t(URGENCY[rule.stop])}: {reason}"
            for row in self.visit.safety:
                if row.stop == fired.id:
                    yield self._safety_row(row.card, row.step, row.done, row.why_not, row.recorder)

    def _safety_row(self, card_id: str, step_id: str, done: bool, why: str | None, who: str) -> str:
        card = self.visit.pathway.cards[card_id]
        text = next(step.text[self.language] for step in card.steps if step.id == step_id)
        state = self._say.t("done") if done else self._say.t("not done: {why}", why=why)
        return f"- {text} [{state}; {who}]"

    def _scores(self) -> Iterator[str]:
        say = self._say
        yield ""
        for id_ in self.decision.scores:
            instrument = self.visit.pathway.instruments.get(id_.partition(".")[0])
            status = instrument.wording[self.language].status if instrument else "published"
            score = say.score(id_)
            if status == "working":
                score += ", " + say.t("working translation, not validated")
            yield score

    def _flags(self) -> Iterator[str]:
        """Name what was answered yes, and the answers that are no part of a score."""
        say, pathway = self._say, self.visit.pathway
        yield ""
        summed = {item for fact in pathway.facts.values() for item in fact.items}
        counts = interview.counted(pathway, self.visit.answers)
        for question in pathway.questions.values():
            answer = self.visit.given.get(question.id)
            if question.id in summed or not counts.get(question.id) or answer in (NO, "", ()):
                continue
            if answer is None:
                continue
            value = say.t("yes") if answer == YES else say.value(question.id, answer)
            yield f"{question.label[self.language]}: {value}"
        for note in self.visit.notes:
            yield say.t("Note: {text}", text=note)
        yield ""

    def _outcome(self) -> Iterator[str]:
        say = self._say
        yield ""
        yield say.headline()
        if self.decision.stops:
            return  # behind an open stop the reasons of a step are not told either
        yield from self._confirmed()
        yield from self._considered()
        for fired in self.decision.rules:
            rule = self.visit.pathway.rule(fired.id).rule
            if rule.stop is None:
                yield f"- {fired.id}: {say.because(fired.id)}"
        yield say.legend()
        yield say.remaining()

    def _confirmed(self) -> Iterator[str]:
        say, row = self._say, self.confirmed
        if row is None or row.confirmed_step is None:
            return
        yield say.t(
            "Confirmed step {step}: {name} ({who}, {when})",
            step=row.confirmed_step,
            name=say.step(row.confirmed_step),
            who=row.by,
            when=f"{local_time(row.at):%Y-%m-%d %H:%M}",
        )
        if row.reason_code and row.reason_code != OR_ABOVE:
            reasons = {
                r.code: r.text[self.language] for r in self.visit.pathway.header.override_reason
            }
            why = reasons.get(row.reason_code, row.reason_code)
            yield say.t(
                "Reason for another step: {why}. {text}", why=why, text=row.reason_text or ""
            )

    def _considered(self) -> Iterator[str]:
        """What is to be weighed, or was, where the suggestion leaves the step open upward."""
        if weighed := self._say.to_consider():
            title = CONSIDER if self.confirmed is None else N_("Considered")
            yield f"{self._say.t(title)}: {'; '.join(weighed)}"

    def _plan(self) -> Iterator[str]:
        say = self._say
        if self.decision.actions:
            yield ""
            yield say.t("Also do") + ":"
            yield from (f"- {say.action(id_)}" for id_ in self.decision.actions)
        row = self.confirmed
        if self.decision.interventions and not (row and row.confirmed_step != self.decision.step):
            yield ""
            yield say.t("What to offer") + ":"
            yield from (f"- {say.intervention(offer.id)}" for offer in self.decision.interventions)


class NoteScreen(Sheet[Literal["rules"] | None]):
    """Shows the note; the terminal's own selection copies it. Returns what to read next, if any."""

    wakes_after = 10

    def __init__(
        self, desk: Desk, visit: Visit, decision: Decision, confirmed: StoredDecision | None
    ) -> None:
        super().__init__(desk)
        self._visit = visit
        self._decision = decision
        self._confirmed = confirmed
        self._language = visit.assessment.language

    def top(self) -> tuple[str, str]:
        """Name the screen and the note's language."""
        return self.t("Note for the patient record"), LANGUAGES.get(self._language, self._language)

    @property
    def note(self) -> str:
        """The note's text."""
        return RecordNote(
            self._visit, self._decision, self._confirmed, self._language, self.desk.training
        ).text()

    def body(self, width: int) -> list[Line]:
        """Show the note as it will be copied."""
        return [plain(row) for row in self.note.split("\n")]

    def commands(self) -> Sequence[Command]:
        """Leave, change the language, or read the rules; behind an open stop there are none."""
        leave = self.t("done") if self._confirmed else self.t("back")
        behind = self._decision.rules and not self._decision.stops
        rules = Command("p", "p", self.t("rules"), lambda: self.dismiss("rules"))
        return [
            Command("enter,escape", "Enter", leave, lambda: self.dismiss(None)),
            Command("l", "l", self.t("language"), self._switch),
            *([rules] if behind else []),
        ]

    def _switch(self) -> None:
        languages = self._visit.pathway.header.languages
        self._language = languages[(languages.index(self._language) + 1) % len(languages)]
        self.draw()
