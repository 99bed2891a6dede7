"""The caseload of the training store: invented courses of care, recorded as a nurse records them.

Every row goes through the use cases and repositories that care itself uses, so that what they
refuse in care they refuse here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial

from casework.assessment import AssessmentSession
from casework.training.caseload_events import FACTS, beside, fact_of, only_way
from casework.training.caseload_times import (
    ASKING,
    CONFIRMING,
    FOLLOWING_UP,
    OPEN_FOR,
    OPENS,
    SEEING_TO,
    weekday,
    working_day,
)
from stepping.decision.outcome import Decision
from stepping.decision.safety import list_safety_steps
from stepping.episode.clocks import what_it_counts_as
from stepping.episode.episode import Episode
from stepping.episode.events import read_event
from stepping.episode.validation import ValidationContext, says_recovered
from stepping.finland import finnish_day, finnish_time
from stepping.pathway.model import Answer, Pathway
from stepping.pathway.schema import Intervention
from stepping.training.caseload import (
    Act,
    Chance,
    Course,
    Range,
    Shapes,
    asked_answers,
    draw_courses,
)
from stepping.training.caseload_facts import add_facts
from store import codes, permissions
from store.pathway_files.files import built_in
from store.professions import profession_key
from store.records import AgreedContact, Client
from store.repository.store import Store
from store.session.sign_in import sign_in
from store.training.invented import Deed, Filling, Past, do_all
from store.training.shapes import read_shapes
from store.training.story import list_deeds

Tell = Callable[[int, int], None]
"""Is told how many clients are done, and of how many."""

_BASES = {"adult": "well", "youth": "well", "follow_up": "treated"}
"""The answers of somebody at their best, among the examples of each pathway."""

_WRITTEN_OUT = "other"
"""The reason for another step that has to be told in words."""

_CODE = "TREEN"
"""How the codes of all invented clients begin; those of the six go on with an A."""


def caseload(tell: Tell | None = None, shapes: Shapes | None = None) -> Filling:
    """Return what fills a training store with a caseload of 18 months, and the six clients.

    `shapes` are by default those that come with Porras.
    """
    shapes = shapes or read_shapes()
    return Filling(shapes.days + 3, partial(_fill, shapes=shapes, tell=tell or _silent))


def _silent(_done: int, _of: int) -> None:
    """Tell nobody."""


def _fill(store: Store, past: Past, shapes: Shapes, tell: Tell) -> None:
    with ExitStack() as stack:
        stores = dict(_staff(store, past, shapes, stack))
        writer = _Writer(past, {id_: built_in(id_) for id_ in _BASES}, shapes)
        deeds = [*list_deeds(store, past)]
        for course in draw_courses(shapes):
            whole = add_facts(course, shapes)
            deeds += _Life(writer, stores[course.unit.name], whole, tell).deeds()
        do_all(deeds, past)


def _staff(
    store: Store, past: Past, shapes: Shapes, stack: ExitStack
) -> Iterator[tuple[str, Store]]:
    """Yield an open store for the nurse of each unit, within the open transaction."""
    for unit in shapes.unit:
        if unit.worker is None:
            store.staff.set_own_unit(unit.name)
            store.staff.set_roles(store.handle, [*permissions.FOUNDER, "report"])
            _tell_profession(store)
            yield unit.name, store
            continue
        store.staff.add(unit.worker, ["nurse"], unit.name)
        colleague = Store(store.db, unit.worker, past, training=True)
        sign_in(colleague)
        stack.enter_context(colleague.writing())
        _tell_profession(colleague)
        yield unit.name, colleague


def _tell_profession(store: Store) -> None:
    store.settings.set(profession_key(store.handle), "nurse")


@dataclass
class _Writer:
    """What is the same for every course."""

    past: Past
    pathways: Mapping[str, Pathway]
    shapes: Shapes

    @cached_property
    def bases(self) -> dict[str, Mapping[str, object]]:
        """The answers that stand where a course tells no other."""
        return {id_: self.pathways[id_].example_bases[base] for id_, base in _BASES.items()}

    @cached_property
    def forms(self) -> dict[str, dict[str, Intervention]]:
        """The forms of care of each pathway, by id."""
        return {
            id_: {ready.id: ready.content for ready in pathway.interventions}
            for id_, pathway in self.pathways.items()
        }

    @cached_property
    def midnight(self) -> datetime:
        """The beginning of today in Finland."""
        now = finnish_time(self.past.now)
        return datetime.combine(now.date(), time(), now.tzinfo)

    def at_work(self, days_ago: float, after: datetime | None) -> datetime:
        """Return a moment of the working day so many days ago, later than another one.

        What would be at a weekend is on the Friday before. What is of today lies in the part of it
        that is over, so that it is on the same day whenever it is asked; before the working day
        begins it is on the one before. What lies ahead stays there.
        """
        if days_ago < 0:
            return self.past.before(days_ago)
        whole = int(days_ago)
        begun = working_day(self.midnight - timedelta(days=whole)) + OPENS
        if begun >= self.past.now:
            begun = working_day(begun - timedelta(days=1))
        minutes = min(OPEN_FOR, self.past.now - begun) / timedelta(minutes=1)
        found = begun + timedelta(minutes=int((days_ago - whole) * minutes))
        return found if after is None else max(found, after + timedelta(minutes=2))


@dataclass
class _Life:
    """One course as it is written; what the future holds is left out."""

    writer: _Writer
    store: Store
    course: Course
    tell: Tell
    at: datetime | None = None
    client: Client | None = field(default=None, repr=False)
    care: tuple[str, Episode] | None = field(default=None, repr=False)

    def deeds(self) -> Iterator[Deed]:
        """Yield what was done up to now."""
        now = self.writer.past.now
        for act in self.course.acts:
            self.at = self.writer.at_work(act.days_ago, self.at)
            if self.at >= now:
                return
            days = (now - self.at) / timedelta(days=1)
            yield Deed(days, partial(self._do, act))

    # -- what each act does ---------------------------------------------------

    def _do(self, act: Act) -> None:
        told = dict(act.told)
        match act.kind:
            case "added":
                self._add()
            case "first":
                self._assess(self.course.shape.pathway, told)
            case "measured":
                if self._episode and self._episode.in_treatment:
                    self._assess("follow_up", told)
            case _:
                self._record(act, told)

    def _add(self) -> None:
        course = self.course
        self.client = self.store.clients.add(
            code=codes.with_check(f"{_CODE}{_letters(course.number)}"),
            birth_year=self.store.now.year - course.age - 1,
            sex=course.sex,
            language=course.language,
            municipality=course.municipality,
        )
        self.tell(course.number + 1, self.writer.shapes.clients)

    @property
    def _known(self) -> Client:
        if self.client is None:
            raise RuntimeError("the client comes first")
        return self.client

    @property
    def _found(self) -> tuple[str, Episode] | None:
        """The episode that goes on; nobody else writes in it, so that it is looked up once."""
        if self.care is None:
            found = self.store.episodes.find_open(self._known.id)
            self.care = (found[0].id, found[1]) if found else None
        return self.care if self.care and self.care[1].closed is None else None

    @property
    def _episode(self) -> Episode | None:
        found = self._found
        return found[1] if found else None

    def _assess(self, name: str, told: Mapping[str, object]) -> None:
        self.care = None
        pathway = self.writer.pathways[name]
        session = AssessmentSession.start(
            self.store,
            pathway,
            self._known,
            setting="reception",
            language=self._known.language,
        )
        session.join_open_episode()
        answers = asked_answers(pathway, self.writer.bases[name], told, session.answers)
        state = self.course.shape.state
        if state == "draft":
            answers = dict(list(answers.items())[: len(answers) // 2])
        self._spend(FOLLOWING_UP if name == "follow_up" else ASKING)
        session.record_answers(answers)
        if state != "confirmed":
            return
        if session.open_stops:
            self._see_to(session)
            session.record_answers(_left(session, self.writer.bases[name], told))
        self._spend(CONFIRMING)
        decision = session.decide()
        if decision.step is None:
            raise RuntimeError(f"{self.course.shape.id} comes to no step")
        step, why = decision.step, None
        if name == self.course.shape.pathway and not self.course.shape.danger:
            step, why = self._own_step(session, decision)
        session.confirm(decision, step, why)

    def _own_step(self, session: AssessmentSession, decision: Decision) -> tuple[int, str | None]:
        """Return the step that the nurse confirms, and why where it is not the suggested one."""
        suggested, lowest = decision.step or 0, decision.lowest_override or 0
        by, part = self.course.apart
        header, wanted = session.pathway.header, suggested + by
        steps = {step.number for step in header.step}
        reasons = [
            each.code
            for each in header.list_override_reasons(suggested, wanted)
            if each.code != _WRITTEN_OUT
        ]
        if not by or wanted not in steps or wanted < lowest or not reasons:
            return suggested, None
        return wanted, reasons[int(part * len(reasons))]

    def _see_to(self, session: AssessmentSession) -> None:
        """Record every safety step that waits, with the contact that it asks for."""
        for stop in session.open_stops:
            for step in list_safety_steps(session.pathway, session.answers, stop):
                if session.find_outcome(step) is not None:
                    continue
                days = session.find_contact_limit(step)
                agreed = None
                if days is not None:
                    due = self._today + timedelta(days=days)
                    agreed = AgreedContact(due=due, role="nurse", by=due)
                self._spend(SEEING_TO)
                session.record_safety_step(step, agreed=agreed)

    def _spend(self, minutes: Range) -> None:
        """Let the clock go on while the nurse works."""
        self.writer.past.spend(self._pace.number(minutes))

    @cached_property
    def _pace(self) -> Chance:
        return Chance(self.writer.shapes.seed, self.course.number, "minutes")

    # -- events of the episode --------------------------------------------------

    @property
    def _today(self) -> date:
        return finnish_day(self.store.now)

    def _record(self, act: Act, told: dict[str, object]) -> None:
        """Record an event, where the episode has come so far as to take it."""
        found = self._found
        if found is None:
            return
        id_, episode = found
        if act.kind in FACTS:
            event = fact_of(act, episode, self.store.handle)
        else:
            event = self._event(act, told, episode)
        if event is None:
            return
        event |= {"day": self._today.isoformat()}
        happened = read_event(json.dumps(event))
        self.care = id_, self.store.episodes.record_event(id_, happened, self._around)

    @cached_property
    def _around(self) -> ValidationContext:
        forms = self.writer.forms[self.course.shape.pathway]
        ages = {id_: form.ages for id_, form in forms.items()}
        care, born = self.store.care, self._known.birth_year
        return ValidationContext(
            finnish_day(self.writer.past.now), born, ages, {}, {}, care.tracks, care.measures
        )

    def _event(
        self, act: Act, told: dict[str, object], episode: Episode
    ) -> dict[str, object] | None:
        period = next((each.id for each in episode.periods if each.open), None)
        match act.kind:
            case "goal":
                return {"kind": "voice", "about": "goal", **told}
            case "agreement":
                return {"kind": "agreement", **told}
            case "agreed":
                waits = episode.unmet_contact
                if waits and waits.safety:  # what a safety step agreed comes first
                    return None
                due = self._today + timedelta(days=int(str(told["in_days"])))
                return {"kind": "next_contact", "due": weekday(due).isoformat(), "role": "nurse"}
            case "beside":
                return beside(told, self._today)
            case "started":
                return self._start(float(str(told["choice"])), episode)
            case "closed":
                how = told["how"]
                moved = how == "recovered" and not says_recovered(episode)
                return (
                    {"kind": "closed", "how": "moved_on" if moved else how} if not period else None
                )
            case "paused" | "resumed":
                return {"kind": act.kind, **told} if episode.may_take(act.kind) else None
            case "contact" | "missed":
                own = {"kind": act.kind, "period": period, **told, **self._only_way(act, episode)}
                return own if period else None
            case _:
                end = {"kind": "period_ended", "period": period, "why": told["why"]}
                more = {"satisfaction": told["satisfaction"]} if told["told"] else {}
                more |= {"onward": told["onward"]} if "onward" in told else {}
                return {**end, **more} if period else None

    def _only_way(self, act: Act, episode: Episode) -> Mapping[str, object]:
        forms = self.writer.forms[self.course.shape.pathway]
        going = [forms[each.started.intervention] for each in episode.periods if each.open]
        return only_way(going[0], act) if going else {}

    def _start(self, choice: float, episode: Episode) -> dict[str, object] | None:
        name, step = self.course.shape.pathway, episode.step or 0
        offered = self.writer.shapes.forms[name].get(step, ())
        forms = self.writer.forms[name]
        born = self._known.birth_year
        fit = [id_ for id_ in offered if forms[id_].ages.may_hold(born, self._today)]
        if not fit or episode.in_treatment:
            return None
        form = forms[fit[int(choice * len(fit))]]
        return {
            "kind": "period_started",
            "period": f"p{episode.last_seq + 1}",
            "intervention": form.id,
            "step": step,
            "counted": what_it_counts_as(form, step, self.writer.pathways[name].base_step),
            "measuring": form.measure and form.measure.model_dump(),
        }


def _left(
    session: AssessmentSession, base: Mapping[str, object], told: Mapping[str, object]
) -> dict[str, Answer]:
    """Return what is asked only once the stops are seen to."""
    answers = asked_answers(session.pathway, base, told, session.answers)
    return {id_: answer for id_, answer in answers.items() if id_ not in session.given}


def _letters(number: int) -> str:
    """Return two letters for a client; the first is none of the six clients'."""
    letters = codes.ALPHABET[1:]
    return letters[number // len(codes.ALPHABET)] + codes.ALPHABET[number % len(codes.ALPHABET)]
