"""Says a decision in sentences: for the result screen, the record note and the command line."""

from __future__ import annotations

from dataclasses import dataclass

from casework.language import N_, NOT_MARKED, speech
from screens.wording.condition_words import ConditionWords
from screens.wording.day_words import weekday
from screens.wording.source_words import pathway_name, source_words
from stepping.decision.explain import band_text, consider_text, reason_text, value_text
from stepping.decision.outcome import (
    Counterfactual,
    Decision,
    FactValue,
    FiredRule,
    OpenElsewhere,
    OpenRule,
    Reason,
)
from stepping.episode.contacts import actions_in_time, contact_limit_days
from stepping.pathway.condition import And, Or
from stepping.pathway.condition_parser import parse_condition
from stepping.pathway.model import Answers, Pathway
from stepping.pathway.schema import Header

SUPPORTS = N_(
    "Supports the professional's assessment of care needs. It does not diagnose or decide. "
    "You confirm or change every suggestion."
)
LOCAL = N_("local proposal, needs clinical sign-off")
LOCAL_MARK = N_("(local)")
"""Stands behind the reason of every rule whose basis is local."""

CONSIDER = N_("Weigh when you choose the step")
"""Above what the rules that leave a step open upward want weighed."""

URGENCY = {
    "emergency": N_("EMERGENCY: now"),
    "same_day": N_("SAME DAY"),
    "week": N_("WITHIN A WEEK"),
}
BASIS: dict[str, str] = {"guideline": N_("guideline"), "law": N_("law"), "local": LOCAL}
_WORDS = {
    "yes": N_("yes"),
    "no": N_("no"),
    "refused": N_("refused"),
    "declined": N_("declined"),
    "given": N_("given"),
}


@dataclass(frozen=True)
class DecisionWords:
    """Says the parts of one decision in one language."""

    pathway: Pathway
    decision: Decision
    language: str

    def t(self, message: str, **values: object) -> str:
        """Return a sentence of the program."""
        return speech(self.language)(message, **values)

    def many(self, one: str, more: str, count: int, **values: object) -> str:
        """Return a sentence about `count` things."""
        return speech(self.language).many(one, more, count, **values)

    def headline(self) -> str:
        """Return the outcome in one line."""
        match self.decision.status:
            case "stop":
                return self.t("STOP: no step before the safety steps are recorded")
            case "insufficient":
                return self.t("Not enough answers for a step")
            case _:
                return self._suggested()

    def _suggested(self) -> str:
        decision = self.decision
        sentence = N_("Suggested step {step}: {name}")
        if decision.or_above:
            sentence = N_("Suggested step {step} or above: {name}")
        if decision.at_least:
            wide = decision.highest != decision.step
            sentence = N_("At least step {step}: {name}")
            if wide:
                sentence = N_("At least step {step} ({step}–{highest}): {name}")
        told = {"step": decision.step, "highest": decision.highest, "name": self.step()}
        return self.t(sentence, **told)

    def step(self, number: int | None = None) -> str:
        """Return the name of the suggested step, or of another one."""
        number = self.decision.step if number is None else number
        return "" if number is None else self.pathway.step_name(number)[self.language]

    def to_consider(self) -> list[str]:
        """Return what to weigh when a step at or above the suggested one is chosen."""
        texts = (consider_text(self.pathway, id_, self.language) for id_ in self.decision.consider)
        return [f"{text} ({id_})" for text, id_ in zip(texts, self.decision.consider, strict=True)]

    def elsewhere(self) -> list[str]:
        """Return each stop that is open in another draft of the client, and what it asks for."""
        return [self._elsewhere(stop) for stop in self.decision.elsewhere]

    def _elsewhere(self, stop: OpenElsewhere) -> str:
        where = self.t(
            "{urgency}: stop {stop} is open in the draft of {day} ({pathway}).",
            urgency=self.t(URGENCY[stop.urgency]),
            stop=stop.id,
            day=weekday(stop.day, speech(self.language)),
            pathway=pathway_name(stop.pathway, speech(self.language)),
        )
        if stop.floor is None:
            return f"{where} {self.t('It sets no step: see to it first.')}"
        return f"{where} {self.t('It asks for step {step} at least.', step=stop.floor)}"

    def lifted(self) -> bool:
        """Return whether a stop that is open elsewhere asks for the suggested step."""
        floors = [stop.floor for stop in self.decision.elsewhere if stop.floor is not None]
        step = self.decision.step
        return step is not None and bool(floors) and max(floors) >= step

    def version(self) -> str:
        """Return which version decides, and who has approved it."""
        return version_text(self.pathway.header, self.language)

    def urgency(self) -> str:
        """Return how urgent the situation is, in capitals, or nothing."""
        return self.t(URGENCY[self.decision.urgency]) if self.decision.urgency else ""

    def basis(self, basis: str) -> str:
        """Return what a rule stands on."""
        return self.t(BASIS[basis])

    def because(self, rule_id: str, *, marked: bool = True) -> str:
        """Return a rule's reason, if `marked` with the mark of a local proposal."""
        rule = self.pathway.rule(rule_id).rule
        mark = f" {self.t(LOCAL_MARK)}" if marked and rule.basis == "local" else ""
        return rule.because[self.language] + mark

    def legend(self) -> str:
        """Return what the mark of a local proposal means."""
        return f"{self.t(LOCAL_MARK)} = {self.t(LOCAL)}"

    def fact(self, fact: str, value: FactValue) -> str:
        """Return a fact with its value, as in "PHQ-9 total 17"."""
        label = self.pathway.facts[fact].label[self.language]
        if value is None:
            return self.t("{fact}: not asked or not answered", fact=label)
        return f"{label}: {self.value(fact, value)}"

    def value(self, fact: str, value: FactValue) -> str:
        """Return a value as a person reads it."""
        if isinstance(value, str) and value in _WORDS:
            return self.t(_WORDS[value])
        told = value_text(self.pathway, fact, value, self.language)
        return str(speech(self.language).told(told))

    def rule(self, fired: FiredRule) -> tuple[str, str, str]:
        """Return a fired rule: its reason, the facts behind it, and its source and basis."""
        rule = self.pathway.rule(fired.id).rule
        facts = ", ".join(self.fact(f, v) for f, v in fired.facts.items() if v is not None)
        source, basis = source_words(rule.source, speech(self.language)), self.basis(rule.basis)
        if source:
            basis = self.t("{source} ({basis})", source=source, basis=basis)
        return rule.because[self.language], facts, basis

    def held(self, fired: FiredRule) -> str:
        """Return which alternatives of a rule's condition hold, or nothing where it has none."""
        told = "; ".join(self._alternatives(fired))
        return self.t("Holds here: {alternatives}", alternatives=told) if told else ""

    def holding(self, fired: FiredRule) -> str:
        """Return all of a rule's condition that holds, or nothing where it has no alternatives."""
        if not fired.held:
            return ""
        condition = self.pathway.rule(fired.id).condition
        parts = condition.all if isinstance(condition, And) else ()
        words = ConditionWords(self.pathway, self.language)
        always = [words.sentence(part) for part in parts if not isinstance(part, Or)]
        return "; ".join([*always, *self._alternatives(fired)])

    def _alternatives(self, fired: FiredRule) -> list[str]:
        words = ConditionWords(self.pathway, self.language)
        return [words.sentence(parse_condition(text)) for text in fired.held]

    def effect(self, effect: str) -> str:
        """Return what a rule does, in words."""
        kind, _, rest = effect.partition(" ")
        if kind == "at_least":
            step, _, above = rest.partition(" ")
            sentence = N_("step {step} or above") if above else N_("at least step {step}")
            return self.t(sentence, step=step)
        if kind == "stop":
            return self.t("stop: {urgency}", urgency=self.t(URGENCY[rest]))
        return self.t("beside the step")

    def score(self, fact: str) -> str:
        """Return a score with its band."""
        score = self.decision.scores[fact]
        label = self.pathway.facts[fact].label[self.language]
        if isinstance(score, tuple):
            items = self.pathway.facts[fact].items
            count = sum(id_ in self.decision.declined for id_ in items)
            told = {"fact": label, "low": score[0], "high": score[1]}
            if count and not any(id_ in self.decision.missing for id_ in items):
                return self.many(
                    "{fact} {low}–{high} ({count} item declined)",
                    "{fact} {low}–{high} ({count} items declined)",
                    count,
                    **told,
                )
            return self.t("{fact} {low}–{high} (answers missing)", **told)
        band = band_text(self.pathway, fact, score, self.language)
        return f"{label} {score} ({band})" if band else f"{label} {score}"

    def flip(self, flip: Counterfactual) -> str:
        """Return what would move the step."""
        return self.t(
            "{fact}: {becomes} instead of {was} → step {step}",
            fact=self.pathway.facts[flip.fact].label[self.language],
            becomes=self.value(flip.fact, flip.becomes),
            was=self.value(flip.fact, flip.was),
            step=flip.step,
        )

    def possible(self, rule: OpenRule) -> str:
        """Return a rule that could still hold, and what it waits for."""
        labels = [self.pathway.facts[id_].label[self.language] for id_ in rule.missing]
        labels += [self.t("{fact} (declined)", fact=self._label(id_)) for id_ in rule.declined]
        shown = ", ".join(labels[:3]) + (" …" if len(labels) > 3 else "")
        return self.t(
            "{rule} ({effect}): {missing}",
            rule=rule.id,
            effect=self.effect(rule.effect),
            missing=shown,
        )

    def remaining(self) -> str:
        """Return what the missing answers can still change, and what is not known."""
        facts, missing = self.pathway.facts, self.decision.missing
        unknown = [id_ for id_ in missing if facts[id_].origin == "given"]
        count = len(missing) - len(unknown)
        texts = [self._unanswered(count)] if count or not self.decision.declined else []
        if self.decision.declined:
            count = len(self.decision.declined)
            texts.append(
                self.many(
                    "{count} answer was declined and stays unknown.",
                    "{count} answers were declined and stay unknown.",
                    count,
                )
            )
        if unknown:
            labels = ", ".join(facts[id_].label[self.language] for id_ in unknown)
            texts.append(self.t("Not known, and not guessed: {facts}.", facts=labels))
        low, high = self.decision.lowest, self.decision.highest
        if missing and not self.decision.settled and low is not None and low != high:
            texts.append(self.t("With them the step may be {low}–{high}.", low=low, high=high))
        return " ".join(texts)

    def declined(self) -> list[str]:
        """Return the questions that the client declined, by their labels."""
        return [self._label(id_) for id_ in self.decision.declined]

    def judge(self) -> str:
        """Return what the nurse does about a declined question on danger, if there is one."""
        questions = self.pathway.questions
        if not any(questions[id_].safety for id_ in self.decision.declined):
            return ""
        return self.t("A question about danger was declined: ask directly, and judge it yourself.")

    def _label(self, fact: str) -> str:
        return self.pathway.facts[fact].label[self.language]

    def _unanswered(self, count: int) -> str:
        if not count:
            return self.t("Every question that applies has been answered.")
        if self.decision.settled:
            return self.many(
                "The one remaining question cannot change this suggestion.",
                "The remaining {count} questions cannot change this suggestion.",
                count,
            )
        return self.many("{count} answer is missing.", "{count} answers are missing.", count)

    def reason(self, reason: Reason) -> str:
        """Return why an intervention is offered or left out."""
        text = reason_text(self.pathway, reason, self.language)
        match reason.of:
            case "wish":
                return self.t("the client wishes: {wish}", wish=text)
            case "age":
                return self.t("only for ages {ages}", ages=text)
            case "rule":
                return f"{text} ({reason.id})"
            case _:
                return text

    def intervention(self, id_: str) -> str:
        """Return the name of an intervention."""
        return self.pathway.intervention(id_).title[self.language]

    def action(self, id_: str) -> str:
        """Return the name of a parallel action."""
        return self.pathway.actions[id_].title[self.language]

    def contact_within(self, days: int | None) -> str:
        """Return within how many days safety asks for a contact that is not agreed, if it does."""
        if days is None:
            return ""
        return self.many(
            "Next contact within {count} day, not agreed yet",
            "Next contact within {count} days, not agreed yet",
            days,
        )


def version_text(header: Header, language: str) -> str:
    """Return which version of a pathway this is: a draft, or approved by whom and when."""
    t = speech(language)
    sentence = N_("{id} {version} (draft)")
    if header.status == "approved":
        sentence = N_("{id} {version} (approved by {who} on {when})")
    return t(
        sentence,
        id=pathway_name(header.id, t),
        version=header.version,
        who=header.reviewed_by,
        when=header.reviewed_on,
    )


def decision_text(pathway: Pathway, decision: Decision, answers: Answers, language: str) -> str:
    """Return a decision as plain text for the command line.

    No contact is told that is later than one that safety asks for.
    """
    say = DecisionWords(pathway, decision, language)
    within = contact_limit_days(pathway, decision, answers)
    told = map(say.action, actions_in_time(pathway, decision, within))
    parts = [[say.headline(), say.urgency()]]
    if decision.provisional:
        parts[0].append(say.t("The step is provisional."))
    parts.append(_block(say.t(CONSIDER), say.to_consider()))
    parts.append(_block(say.t("Open stops"), [_stop(say, stop) for stop in decision.stops]))
    if decision.status != "stop":
        parts.append(
            _block(say.t("Why"), [line for rule in decision.rules for line in _why(say, rule)])
        )
    parts += [
        _block(say.t("Scores"), [say.score(id_) for id_ in decision.scores]),
        _block(say.t("What would change it"), [say.flip(flip) for flip in decision.flips]),
        [say.remaining()],
        _block(say.t("Declined"), [*say.declined(), *filter(None, [say.judge()])]),
        _block(say.t("Needed before a step"), [_label(say, id_) for id_ in decision.required]),
        _block(
            say.t("Rules that could still hold"),
            [say.possible(rule) for rule in decision.possible if decision.status != "stop"],
        ),
        _block(say.t("Also do"), [*filter(None, [say.contact_within(within)]), *told]),
        _block(
            say.t("Interventions"),
            [
                f"{say.intervention(o.id)}: {'; '.join(map(say.reason, o.because)) or '–'}"
                for o in decision.interventions
            ],
        ),
        _block(
            say.t("Left out"),
            [
                f"{say.intervention(o.id)}: {'; '.join(map(say.reason, o.because))}"
                for o in decision.excluded
            ],
        ),
        [say.t(SUPPORTS), say.t(NOT_MARKED)],
        [f"{say.version()} · {decision.digest[:12]}"],
    ]
    return "\n\n".join("\n".join(line for line in part if line) for part in parts if any(part))


def _block(title: str, lines: list[str]) -> list[str]:
    return [title, *(f"  {line}" for line in lines)] if lines else []


def _stop(say: DecisionWords, stop: str) -> str:
    rule = say.pathway.rule(stop).rule
    return f"{stop}  {say.t(URGENCY[rule.stop or 'week'])}: {rule.because[say.language]}"


def _why(say: DecisionWords, fired: FiredRule) -> list[str]:
    because, facts, source = say.rule(fired)
    held = say.held(fired)
    lines = [f"{fired.id}  {because}", f"      {held}" if held else "", f"      {facts}"]
    return [line for line in [*lines, f"      {source}"] if line]


def _label(say: DecisionWords, id_: str) -> str:
    return f"{id_}  {say.pathway.facts[id_].label[say.language]}"
