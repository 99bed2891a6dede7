"""Composes the note of one assessment for the patient record, in the order of a nurse's entry.

Longer than most modules because it holds the note from its first line to its last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from casework.assessment import AssessmentSession, stored_decision
from casework.care_names import CareNames
from casework.language import N_, Speech, speech
from casework.workspace import Workspace
from screens.note.episode_part import EpisodeSummary, summarize_episode
from screens.note.layout import NoteSection, join_items, label_text, lay_out_pages
from screens.note.risk_part import RiskSection, tell_earlier
from screens.wording.client_words import SETTINGS, SEXES
from screens.wording.decision_words import CONSIDER, DecisionWords
from screens.wording.elsewhere.told_words import ToldWords, told_days
from screens.wording.event_words import CAME_FOR, REFERRED
from stepping.decision import interview
from stepping.decision.outcome import AT_LEAST, OR_ABOVE, Decision, FiredRule
from stepping.episode.contacts import actions_beside
from stepping.pathway.client_facts import AGE, SEX
from stepping.pathway.model import DECLINED, NO, Answer, Fact, Question
from stepping.pathway.note_parts import note_parts
from stepping.pathway.schema import NotePart
from store.codes import show
from store.records import StoredDecision
from store.times import local_time

DISCLAIMER = N_(
    "Porras supports the professional's assessment; the professional decides. It makes no "
    "diagnosis and is not a CE-marked medical device."
)
_SHOWN_DIGEST = 12
TITLES = (N_("Assessment of care needs {date}"), N_("Follow-up of care {date}"))
"""How a note begins, of a first assessment and of a later one; also how one is told from a file."""


def compose_note(
    workspace: Workspace, session: AssessmentSession, language: str | None = None
) -> str:
    """Return the note of an assessment; `None` is the language that it was made in.

    Lines of at most 78 cells, as many as it takes to tell every fact. It logs no view: whoever
    shows the note does.

    Raises:
        StoreError: If the store does not tell what it knows of the assessment.
    """
    row = workspace.store.decisions.find(session.assessment.id)
    decision = stored_decision(row) if row else session.decide()
    return build_note(
        workspace, session, decision, row, language or session.assessment.language
    ).text()


def build_note(
    workspace: Workspace,
    session: AssessmentSession,
    decision: Decision,
    confirmed: StoredDecision | None,
    language: str,
) -> RecordNote:
    """Return the note with what the client's episode of care tells, if there is one.

    A language that the pathway does not have gives way to the pathway's first one.

    Raises:
        StoreError: If the store does not tell of the episode.
    """
    spoken = session.pathway.header.languages
    used = language if language in spoken else spoken[0]
    summary = summarize_episode(workspace, session, decision, used)
    names = CareNames(workspace.care, used)
    risk = tuple(tell_earlier(workspace, session, confirmed, used))
    return RecordNote(session, decision, confirmed, used, workspace.training, names, summary, risk)


@dataclass(frozen=True)
class RecordNote:
    """The note of one assessment; before it is confirmed it says that it is a draft."""

    session: AssessmentSession
    decision: Decision
    confirmed: StoredDecision | None
    language: str
    training: bool
    names: CareNames
    summary: EpisodeSummary | None = None
    """The client's episode of care; `None` where the assessment belongs to none."""
    earlier_risk: tuple[str, ...] = ()
    """What other assessments of the client had told of risk by then, a text for each."""

    def text(self) -> str:
        """Return the whole note, every line with something on it."""
        return "\n".join(self.pages())

    def pages(self) -> list[str]:
        """Return the note page by page; of several, each names itself, client and day first."""
        pages = lay_out_pages(self.sections, self._page_name, self._say.t("goes on"))
        return ["\n".join(rows) for rows in pages]

    def _page_name(self, number: int, count: int) -> str:
        code = show(self.session.client.code)
        return f"{number}/{count} · {code} · {self._title()}"

    @cached_property
    def sections(self) -> tuple[NoteSection, ...]:
        """What the note tells, in its order; a heading with nothing under it is left out."""
        told = (
            ("", self._beginning()),
            (N_("Reason and contact"), self._reason()),
            (N_("Present state"), self._state()),
            (N_("Measures"), self._scores()),
            (N_("Risk"), self._danger.texts()),
            (N_("Suggestion and decision"), self._outcome()),
            (N_("Plan"), self._plan()),
            (N_("Client's own view"), self._voice()),
            (N_("Follow-up"), self.summary.follow_up() if self.summary else ()),
            ("", self._end()),
        )
        found = [NoteSection(self._say.t(part), tuple(texts), part) for part, texts in told]
        return tuple(section for section in found if section.texts)

    @property
    def t(self) -> Speech:
        """The sentences in the language of the note."""
        return speech(self.language)

    @property
    def _say(self) -> DecisionWords:
        return ToldWords.of(self.session, self.decision, self.language)

    @property
    def _danger(self) -> RiskSection:
        typed = self.summary.danger if self.summary else ""
        return RiskSection(
            self.session, self._say, self._counted, self.names, self.earlier_risk, typed
        )

    # -- beginning and end ----------------------------------------------------

    def _beginning(self) -> Iterator[str]:
        say = self._say
        if self.training:
            yield say.t("TRAINING – invented client, not a patient record")
        if self.confirmed is None:
            yield say.t("DRAFT: not confirmed")
        yield f"{self._title()} ({self.session.assessment.started_by})"

    def _title(self) -> str:
        again = bool(self.session.pathway.header.follows)
        started = local_time(self.session.assessment.started_at)
        return self._say.t(TITLES[again], date=started.date())

    def _end(self) -> Iterator[str]:
        say, header = self._say, self.session.pathway.header
        yield say.t(DISCLAIMER)
        pathway = say.t(
            "Pathway: {title}, {version}, digest {digest}",
            title=header.title[self.language],
            version=say.version(),
            digest=self.decision.digest[:_SHOWN_DIGEST],
        )
        code, year = show(self.session.client.code), self.session.client.birth_year
        client = (
            say.t("Client {code}, year of birth not known", code=code)
            if year is None
            else say.t("Client {code}, born {year}", code=code, year=year)
        )
        yield f"{pathway}. {client}"
        if self.session.card_changed:
            yield self._made_on()

    def _made_on(self) -> str:
        """Return the age and sex that a step was confirmed on, where the card has changed."""
        say, card = self._say, self.session.confirmed_card or {}
        sex = card.get(SEX)
        return say.t(
            "Confirmed on an earlier card: age {age}, sex {sex}",
            age=card.get(AGE, say.t("not known yet")),
            sex=say.t(SEXES[sex]) if isinstance(sex, str) and sex in SEXES else say.t("not told"),
        )

    # -- reason and state -----------------------------------------------------

    def _reason(self) -> Iterator[str]:
        say = self._say
        parts = [value for id_ in self._in_part("reason") if (value := self._value(id_))]
        if self.summary and self.summary.reason and not parts:
            parts.append(say.t(CAME_FOR, reason=self.summary.reason))
        referrer = self.summary.referrer if self.summary else ""
        if referrer:
            parts.append(say.t(REFERRED, referrer=referrer))
        setting = self.session.assessment.setting
        practised = say.t("a case of practice") if self.session.is_case else ""
        parts.append(practised or say.t(SETTINGS.get(setting, setting)))
        yield from join_items(parts)

    def _state(self) -> Iterator[str]:
        """Yield the answers that no other part tells, one line for each section of the pathway."""
        rows = self._told()
        for section in self.session.pathway.header.section:
            told = [text for question, text in rows if question.section == section.id]
            yield from join_items(told)
        yield from self._skipped()
        for note in self.session.notes:
            yield label_text(self._say.t("Remark"), note)

    def _skipped(self) -> Iterator[str]:
        """Yield why a question was left, where the nurse told it."""
        questions = self.session.pathway.questions
        for id_, why in self.session.skipped.items():
            if why and id_ in questions:
                label = questions[id_].label[self.language]
                yield label_text(self._say.t("Not answered: {question}", question=label), why)

    def _told(self) -> list[tuple[Question, str]]:
        pathway = self.session.pathway
        summed = {item for fact in pathway.facts.values() for item in fact.items}
        return [
            (question, text)
            for question in pathway.questions.values()
            if question.id not in summed
            and self._parts[question.id] == "state"
            and (text := self._answer(question))
        ]

    @cached_property
    def _parts(self) -> Mapping[str, NotePart]:
        return note_parts(self.session.pathway)

    def _in_part(self, part: NotePart) -> list[str]:
        """Return the questions that a part of the note tells."""
        return [id_ for id_, own in self._parts.items() if own == part]

    @cached_property
    def _counted(self) -> Mapping[str, Answer]:
        """The answers whose questions are asked."""
        counts = interview.find_counting_answers(self.session.pathway, self.session.answers)
        asked, given = self.session.pathway.questions, self.session.given
        return {id_: given[id_] for id_ in asked if id_ in given and counts.get(id_)}

    def _value(self, question_id: str) -> str:
        """Return an answer as a person reads it; nothing for "no" and for what was not answered."""
        value = self._counted.get(question_id)
        return "" if value in (None, NO, DECLINED, "", ()) else self._say.value(question_id, value)

    def _answer(self, question: Question) -> str:
        value = self._value(question.id)
        most = f"/{question.high}" if question.kind == "scale" else ""
        return f"{question.label[self.language]}: {value}{most}" if value else ""

    # -- measures -------------------------------------------------------------

    def _scores(self) -> Iterator[str]:
        """Yield each total with its band, and against the first one where there is one."""
        say = self._say
        totals = [id_ for id_, fact in self.session.pathway.facts.items() if self._measured(fact)]
        rows = [self._score(id_) for id_ in totals]
        if self.summary and self.summary.overall:
            rows.append(self.summary.overall)
        elif self.summary is None and self.session.pathway.header.follows:
            rows.append(say.t("there is no first measurement"))
        yield from rows
        yield from self.summary.measures() if self.summary else ()
        yield from self._items()
        if any(map(self._mark, totals)):
            yield "* " + say.t("working translation, not validated")

    def _items(self) -> Iterator[str]:
        """Yield each answer that a total is made of, in the order of its instrument."""
        for instrument in self.session.pathway.instruments.values():
            items = [f"{instrument.id}.{item.id}" for item in instrument.item if item.scored]
            if instrument.total and any(id_ in self._counted for id_ in items):
                shown = " ".join(self._item(id_) for id_ in items)
                yield self._say.t(
                    "{instrument} by item: {points}", instrument=instrument.name, points=shown
                )

    def _item(self, id_: str) -> str:
        answer = self._counted.get(id_)
        if answer is None:
            return "–"
        numeric = self.session.pathway.questions[id_].numeric and answer != DECLINED
        return str(answer) if numeric else self._say.value(id_, answer)

    def totals(self) -> list[tuple[str, int, int]]:
        """Return each total of which something was answered: its name, and its least and most.

        With the name stands the day of one that was told elsewhere.
        """
        known = self.session.pathway.instruments
        facts = self.session.pathway.facts.values()
        told = [(fact, self.decision.scores[fact.id]) for fact in facts if self._measured(fact)]
        names = [known.get(fact.id.partition(".")[0]) for fact, _ in told]
        days = {id_: f" [{day.isoformat()}]" for id_, day in told_days(self.session).items()}
        return [
            (
                (each.name if each else fact.label[self.language]) + days.get(fact.id, ""),
                *(score if isinstance(score, tuple) else (score, score)),
            )
            for each, (fact, score) in zip(names, told, strict=True)
        ]

    def _measured(self, fact: Fact) -> bool:
        """Return whether a fact is a total of which something was answered.

        What AUDIT-C alone tells is no total of AUDIT, though it is a part of one.
        """
        score, questions = self.decision.scores.get(fact.id), self.session.pathway.questions
        if fact.origin != "total" or score in (None, (fact.low, fact.high)):
            return False
        asked = {each.id for id_ in self._counted if (each := questions[id_].instrument)}
        asked |= {id_.partition(".")[0] for id_ in self.session.elsewhere}
        return fact.id.partition(".")[0] in asked

    def _score(self, fact: str) -> str:
        """Return a total, as in "PHQ-9 17 → 8 (mild): scores recovered" at a follow-up."""
        label, text = self.session.pathway.facts[fact].label[self.language], self._say.score(fact)
        first = self.summary.first.get(fact) if self.summary else None
        verdict = self.summary.verdicts.get(fact) if self.summary else None
        then = f"{first} → " if first else ""
        end = f": {verdict}" if verdict else ""
        return f"{label} {then}{text.removeprefix(label).lstrip()}{self._mark(fact)}{end}"

    def _mark(self, fact: str) -> str:
        instrument = self.session.pathway.instruments.get(fact.partition(".")[0])
        working = instrument and instrument.wording[self.language].status == "working"
        return "*" if working else ""

    # -- suggestion, decision, plan -------------------------------------------

    def _outcome(self) -> Iterator[str]:
        """Yield suggestion and decision; behind an open stop, neither step nor reasons.

        Of a case of practice it tells none at all: whoever practises says their own step first.
        """
        say, decision = self._say, self.decision
        if self.session.is_case:
            yield say.t("None here: a case of practice shows them once your own step is kept.")
            return
        yield say.headline()
        if decision.stops:
            yield from self._declined()
            return
        if decision.provisional:
            yield "! " + say.t("The step is provisional: a doctor comes first.")
        yield from self._confirmed()
        yield from self._declined()
        if decision.status == "suggested":
            yield from self._why()
        else:
            labels = [
                self.session.pathway.facts[id_].label[self.language] for id_ in decision.required
            ]
            yield from join_items(labels, say.t("Needed before a step can be confirmed"))
        if decision.missing:
            yield say.remaining()

    def _declined(self) -> Iterator[str]:
        if declined := self._say.declined():
            yield from join_items(declined, self._say.t("Declined by the client"))

    def _confirmed(self) -> Iterator[str]:
        say, row = self._say, self.confirmed
        if row is None or row.confirmed_step is None:
            return
        sentence = N_("Confirmed step {step}: {name} ({who}, {when})")
        if row.reason_code == AT_LEAST:
            sentence = N_("Confirmed at least step {step}: {name} ({who}, {when})")
        step = say.t(
            sentence,
            step=row.confirmed_step,
            name=say.step(row.confirmed_step),
            who=row.by,
            when=row.at,
        )
        yield step
        if row.reason_code and row.reason_code not in (OR_ABOVE, AT_LEAST):
            yield self._override(row.reason_code, row.reason_text or "")
        rating = self.summary.agreement if self.summary else None
        if rating is not None:
            yield say.t("The client agrees with the step {rating}/10", rating=rating)

    def _override(self, code: str, text: str) -> str:
        reasons = self.session.pathway.header.override_reason
        why = next((r.text[self.language] for r in reasons if r.code == code), code)
        told = " ".join(text.split())
        return self._say.t("Reason for another step: {why}. {text}", why=why, text=told)

    def _why(self) -> Iterator[str]:
        """Yield the rules that ask for the suggested step; those of lower steps are left out."""
        say = self._say
        if weighed := say.to_consider():
            title = CONSIDER if self.confirmed is None else N_("Considered")
            yield from join_items(weighed, say.t(title))
        deciding, stops = self._deciding(), self._deciding_stops()
        for fired in deciding:
            yield f"{fired.id}: {say.because(fired.id)} {say.held(fired)}".rstrip()
        if stops:
            yield say.t("The safety stop asks for this step: {stops}", stops=stops)
        if not stops and say.lifted():
            yield say.t("The stop that is open elsewhere asks for this step.")
        elif not deciding and not stops:
            yield say.t("No rule asks for more than self-care and follow-up.")

    def _deciding(self) -> list[FiredRule]:
        rule, step = self.session.pathway.rule, self.decision.step
        return [fired for fired in self.decision.rules if rule(fired.id).rule.at_least == step]

    def _deciding_stops(self) -> str:
        """Return the stops that ask for the suggested step; the risk part has their reasons."""
        fired = [self.session.pathway.rule(each.id) for each in self.decision.rules]
        return ", ".join(r.id for r in fired if r.rule.then_at_least == self.decision.step)

    def _plan(self) -> Iterator[str]:
        say, row = self._say, self.confirmed
        if self.summary:
            yield from self.summary.treatments()
        if not self.decision.stops and not self.session.is_case:
            as_suggested = not (row and row.confirmed_step != self.decision.step)
            offers = [say.intervention(offer.id) for offer in self.decision.interventions]
            begun = self.summary is not None and self.summary.begun
            if as_suggested and not begun:
                yield from join_items(offers, say.t("Suitable forms of care"))
            actions = list(map(say.action, self._actions()))
            yield from join_items(actions, say.t("Besides"))
        if self.summary:
            yield from self.summary.beside()

    def _actions(self) -> tuple[str, ...]:
        day = local_time(self.session.assessment.started_at).date()
        agreed = self.summary.episode.find_agreed_contact(day) if self.summary else None
        session = self.session
        return actions_beside(session.pathway, self.decision, session.answers, agreed, day)

    def _voice(self) -> Iterator[str]:
        questions = self.session.pathway.questions
        asked = [self._answer(questions[id_]) for id_ in self._in_part("view")]
        yield from join_items([text for text in asked if text])
        if self.summary:
            yield from self.summary.voice()
