"""If these fail, a word that the nurse needs is cut off at the edge of a window of 80×23 or 64×18.

tmux takes one row of 24 for its status line.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from rich.cells import cell_len
from textual.geometry import Size

from casework.assessment import AssessmentSession
from casework.elsewhere.navigator import navigator_form
from casework.emergency_cards import find_pathway
from casework.episode import EpisodeSession
from casework.idle_timer import IdleTimer
from casework.reports.audience import is_own
from casework.sheets.safety_plan import PlanSession
from casework.sheets.texts import find_sheets
from casework.training.classroom import Classroom
from casework.training.membership import Doubts, Membership
from screens.alone.hand_over import HandOverScreen
from screens.assessment.assessment_list import AssessmentListScreen
from screens.assessment.came_in import CameInScreen, day_prompt, file_prompt
from screens.assessment.client_card import ClientScreen
from screens.assessment.family import FamilyScreen
from screens.assessment.navigator import NavigatorScreen
from screens.assessment.not_done import NotDoneScreen
from screens.assessment.pause import PauseScreen
from screens.assessment.question import QuestionScreen
from screens.assessment.resumed import ResumedScreen
from screens.assessment.stop import StopScreen
from screens.base.error import CareErrorScreen, ErrorScreen, PathwayErrorScreen, ServicesErrorScreen
from screens.base.help import HelpScreen
from screens.base.keys import Shown
from screens.base.lines import Line
from screens.base.lock import Tries
from screens.base.page import Page
from screens.base.prompt import PromptScreen
from screens.corrections.assessment import AssessmentScreen, MisfitScreen, move_screen
from screens.corrections.card_form import CardForm, DraftCard
from screens.corrections.putting_right import PutRightScreen, code_screen, join_screen, part_screen
from screens.desk.emergency import EmergencyScreen
from screens.desk.idle_lock import IdleScreen, pin_screen
from screens.desk.setup import (
    HandleScreen,
    PlaceScreen,
    RecoveryScreen,
    SignInScreen,
    WelcomeScreen,
)
from screens.desk.start import StartScreen
from screens.desk.tour import LESSONS, TourScreen
from screens.episode.episode import (
    EntryScreen,
    EpisodeScreen,
    RecordScreen,
    entries_screen,
    episodes_screen,
)
from screens.episode.recording.at_first import AtFirstScreen
from screens.episode.recording.background import background_screen
from screens.episode.recording.drinks import DrinksScreen
from screens.episode.recording.event_forms import FORMS, opening_screen
from screens.episode.recording.track_forms import track_form
from screens.episode.told_alone import HANDED_BACK, CareAloneScreen, which_care_screen
from screens.episode.tracks import TrackScreen, TracksScreen
from screens.episode.which import which_screen
from screens.export.qr_code import CodeScreen
from screens.note.compose import build_note
from screens.note.screen import NoteScreen
from screens.note.short_form import totals_line
from screens.reports.choosing import (
    breakdown_screen,
    breakdowns_of,
    forms_screen,
    period_screen,
    periods_near,
    reports_screen,
    typed_period,
)
from screens.reports.page import ReportScreen
from screens.result.confirm import ConfirmScreen
from screens.result.reading import ResultReading
from screens.result.result import ResultScreen
from screens.result.services import ServicesScreen
from screens.sheets.agreed import SEVERAL
from screens.sheets.compose import SERVICES
from screens.sheets.of_client import sheet_of
from screens.sheets.plan_screen import SafetyPlanScreen
from screens.sheets.screen import SheetScreen, offered, sheets_screen
from screens.training.client_part import ClientPartScreen
from screens.training.exercises.drill import DrillCardScreen, DrillScreen
from screens.training.exercises.flip import FlipScreen
from screens.training.exercises.replay import ReplayScreen
from screens.training.exercises.what_if import WhatIfScreen
from screens.training.joined import JoinedScreen
from screens.training.judging.compared import ComparisonScreen
from screens.training.judging.own_step import BecauseScreen, OwnStepScreen, OwnWordsPrompt
from screens.training.judging.roles import RolesScreen
from screens.training.reset import BeginAnewScreen
from screens.training.results import OwnResultsScreen
from screens.training.story import Beside, StoryScreen
from screens.training.trainer.page import VIEWS, ClassScreen
from screens.wording.client_words import FIELDS, UNKNOWN
from stepping.decision.interview import Stop, open_stops
from stepping.decision.safety import list_safety_steps
from stepping.episode.alcohol import DRINKS
from stepping.episode.events import (
    AlcoholUse,
    Contact,
    MeasureTaken,
    NextContact,
    PeriodStarted,
    Segment,
    TrackEvent,
    Voice,
)
from stepping.interchange.responses.resources import Found, find_responses
from stepping.pathway.diagnostics import Diagnostic, PathwayError
from stepping.pathway.model import Answer
from stepping.reports.catalogue import REPORTS, find_breakdown
from stepping.reports.periods import read_period
from stepping.training.comparison import compare
from stepping.training.progress import Progress
from store import errors
from store.output import Guarded
from store.pathway_files.care import shipped_care
from store.repository.store import Store
from store.retention.retention import Transfer
from store.training.class_writing import make_class
from store.training.seat_hold import SeatHold
from tests.screens.exercises import practice_in, turning
from tests.screens.foreign import strangers
from tests.screens.running import CALM, MOOD, Session, Stage
from tests.screens.test_result import MODERATE
from tests.stepping.interchange.responses.filled import respond
from tests.stepping.training.test_progress import many_tries
from tests.stepping.training.test_records import class_record
from tests.training_cases import dark
from tests.training_class import whole_class, written
from tui.flows.sheets import plan_along
from tui.full_screen.everywhere import everywhere
from tui.full_screen.frame import SMALLEST, Picture, columns
from tui.line_mode.page import PageText

SIZE = Size(80, 23)
WIDTH = SIZE.width
_UNKNOWN = {"answer": [{"valueInteger": 1}]}
STAY = ("Enter", "Esc", "F10", "F1", "?")
"""Captions that no window is too small for; what else has no room is told by the help."""

TRIGGERS: tuple[Mapping[str, Answer], ...] = (
    *({id_: "yes"} for id_ in CALM),
    {"phq9.9": 1},
    *({f"flag.{name}": "yes"} for name in ("psychosis", "mania", "violence", "child")),
    {"flag.withdrawal": "yes"},
    {"flag.perinatal": "yes", **dict.fromkeys(MOOD, 3), "phq9.9": 1},
    {"flag.eating": "yes", "eating.alarm": "yes"},
)
"""Answers that bring up each card of the pathway."""
HEAVY: dict[str, Answer] = {
    **CALM,
    **dict.fromkeys(MOOD, 3),
    "flag.psychosis": "yes",
    "flag.memory": "yes",
    "auditc.1": 4,
    "auditc.2": 4,
    "auditc.3": 4,
    "audit.total": 25,
    "wish.formats": ("net", "long_psychotherapy"),
}
"""As much on the result screen as there may be."""
_JUDGED: Any = None
LONG_PATH = "/home/occupational-health/.local/share/porras/porras.db"


@dataclass
class Screens:
    """Makes every screen that the program has, with the most that it may have to show."""

    session: Session
    stage: Stage
    language: str

    @property
    def store(self) -> Store:
        return self.session.store

    def visit(self, answers: Any) -> AssessmentSession:
        visit = self.stage.visit(self.store, language=self.language)
        visit.record_answers(dict(answers))
        return visit

    def all(self) -> Iterator[tuple[str, Page[Any]]]:
        """Every screen by name."""
        workspace = self.session.app.workspace
        yield "welcome", WelcomeScreen(workspace)
        yield "handle", HandleScreen(workspace)
        yield "place", PlaceScreen(workspace)
        yield "recovery", RecoveryScreen(workspace, "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-FFFFF")
        yield "door", SignInScreen(workspace)
        yield "door, cut short", SignInScreen(workspace, cut_short=True)
        yield "emergency", EmergencyScreen(workspace)
        for age in (3, 9):
            yield f"family of a child of {age}", FamilyScreen(workspace, age)
        yield "idle", IdleScreen(workspace, IdleTimer(lambda: 0.0, pin="1234"), lambda text: None)
        yield "pin", pin_screen(workspace)
        yield "pathway trouble", PathwayErrorScreen(workspace, _unreadable())
        yield "services trouble", ServicesErrorScreen(workspace, _unreadable())
        yield "care trouble", CareErrorScreen(workspace, _unreadable())
        for error in _store_errors():
            yield f"trouble {type(error).__name__}", ErrorScreen(workspace, error)
        yield from self._client_fields()
        yield from self._questions()
        yield from self._stops()
        yield from self._results()
        yield from self._care()
        for at in range(len(LESSONS)):
            tour = TourScreen(workspace)
            tour._at = at
            yield f"tour {at + 1}", tour
        yield "joined", self._joined()
        yield from self._class()
        yield from self._exercises()
        yield "own results", OwnResultsScreen(workspace, "koivu", many_tries())
        yield "own results of nobody", OwnResultsScreen(workspace, "own", Progress((), (), ()))
        yield "begin anew", BeginAnewScreen(workspace, lambda: None)
        yield from self._judging()
        yield from self.reports()
        yield "start", StartScreen(workspace, workspace.t("The step is confirmed and stored."))

    def _joined(self) -> JoinedScreen:
        """A seat of a class of which everything is odd that may be."""
        folder = self.stage.places.training.parent / "training" / "classes" / self.language
        make_class(folder, class_record())
        membership = Membership(
            Classroom(folder, {}), "koivu", SeatHold(folder, "koivu"), carried=True
        )
        membership.set_aside = folder / "seats" / "koivu.unusable-1.json"
        doubts = Doubts(("adult", "young"), unfit=12, opened_later=True)
        return JoinedScreen(self.session.app.workspace, membership, doubts, behind=True)

    def _class(self) -> Iterator[tuple[str, Page[Any]]]:
        room = written(self.stage.places.training.parent / "class", whole_class())
        for at in range(len(VIEWS)):
            for case in (0, 2):
                screen = ClassScreen(self.session.app.workspace, room)
                screen._view, screen._case = at, case
                screen._revealed = frozenset(room.cases) if case else frozenset()
                screen.open()
                yield f"class {at + 1}, case {case + 1}", screen

    def reports(self) -> Iterator[tuple[str, Page[Any]]]:
        """Every report of a year that runs, by nothing and by what has the most to say."""
        workspace, today = self.session.app.workspace, self.session.app.workspace.today
        year = read_period(str(today.year), today)
        guarded = Guarded(self.store.db.path)
        for at, report in enumerate(REPORTS.values()):
            yield f"reports {at}", reports_screen(workspace, [*REPORTS.values()], at)
            whole = ReportScreen(workspace, report, year, guarded)
            if not is_own(report):
                whole._scopes = ("unit", "all")
            yield f"report {report.name}", whole
            told = ReportScreen(workspace, report, year, guarded)
            names = breakdowns_of(report, year, "all")
            told._by = find_breakdown(report, names[0])
            yield f"report {report.name} by {names[0]}", told
            for first in range(0, len(names) + 1, 6):
                shown = breakdown_screen(workspace, names)
                shown._parts.first = first
                yield f"report {report.name} by what {first}", shown
        yield "period", period_screen(workspace, periods_near(year, today))
        yield "typed period", typed_period(workspace, today, over=True)
        yield "forms", forms_screen(workspace, year)

    def _judging(self) -> Iterator[tuple[str, Page[Any]]]:
        """Every page of a case that is judged, with a stop that was missed."""
        workspace, case = self.session.app.workspace, dark()
        yield "the client's part", ClientPartScreen(workspace, case)
        yield "story", StoryScreen(workspace, case, begins=True)
        yield "who plays what", RolesScreen(workspace, case)
        visit = self.visit({})
        told = Beside(workspace, case, told_here=True, on_reach=str)
        for page in case.pathway.pages:
            asked = QuestionScreen(
                workspace, visit, page, client_language=self.language, companion=told
            )
            yield f"question {page.id} of a case", asked
        answers = {**case.answers, "phq9.9": 0, "gad7.1": 3, "phq9.difficulty": 3}
        given = {id_: each for id_, each in answers.items() if id_ in case.pathway.questions}
        judged = self.visit(given)
        yield "own step", OwnStepScreen(workspace, case.pathway, 3)
        yield "what decided", BecauseScreen(workspace, judged, ("phq9.total", "gad7.1"))
        yield "own words", OwnWordsPrompt(workspace, lambda _: _JUDGED)
        compared = compare(case, answers, (), 1)
        for at in range(3):
            yield f"comparison {at}", ComparisonScreen(workspace, case, compared, at)
        title = workspace.t("The case's answers")
        yield "a result to read", ResultReading(workspace, judged, judged.decide(), title)

    def _exercises(self) -> Iterator[tuple[str, Page[Any]]]:
        """A case step by step, what would be if, the flip before and after, and the drill."""
        workspace, case = self.session.app.workspace, turning()
        practice = practice_in(self.stage.places.training.parent, workspace)
        played = ReplayScreen(workspace, case)
        for place, frame in enumerate(played._frames):
            if frame.changes or place == 1:
                screen = ReplayScreen(workspace, case)
                screen._at = place
                yield f"replay {place}", screen
        for question in ("phq9.9", "history.weeks", "need.language"):
            what_if = WhatIfScreen(workspace, case, question)
            what_if._at = 1 if what_if._spans else None
            yield f"what if {question}", what_if
        yield "flip", FlipScreen(practice, case)
        for fact in FlipScreen(practice, case)._choices:
            for direction in (True, False):
                flip = FlipScreen(practice, case)
                flip._choose(fact)
                if not direction:
                    flip._tell("down")
                yield f"flip {fact} {direction}", flip
        drill = DrillScreen(practice, case, 0, lambda: 0.0)
        yield "drill", drill
        drill._shown = len(drill._parts)
        drill._since = 0.0
        yield "drill, turned", drill
        for card in drill._cards[:3]:
            drill._found = None
            yield f"drill, {card.id}", DrillCardScreen(workspace, card, *drill._tell(card))

    def _client_fields(self) -> Iterator[tuple[str, Page[Any]]]:
        for name in FIELDS:
            screen = ClientScreen(self.session.app.workspace)
            if name == "pathway":
                screen._typed["birth_year"] = UNKNOWN
            screen._enter([each.name for each in screen._fields].index(name))
            yield f"client {name}", screen

    def _questions(self) -> Iterator[tuple[str, Page[Any]]]:
        workspace, visit = self.session.app.workspace, self.visit({})
        for page in self.stage.pathway.pages:
            asked = QuestionScreen(workspace, visit, page, client_language=self.language)
            yield f"question {page.id}", asked
        answered = self.visit(self.stage.whole(MODERATE))
        for page in self.stage.pathway.pages:
            asked = QuestionScreen(workspace, answered, page, client_language=self.language)
            yield f"answered question {page.id}", asked
        old = replace(
            next(iter(answered.times.values())), at=workspace.clock() - timedelta(days=200)
        )
        answered.times = dict.fromkeys(answered.times, old)
        yield "a draft taken up later", ResumedScreen(workspace, answered)
        yield from self._navigator()
        yield from self._came_in()
        yield "help of a question", HelpScreen(workspace, list(asked.key_list()))
        for question in self.stage.pathway.questions.values():
            if question.kind == "text":
                text = question.text[self.language]
                yield f"writing {question.id}", PromptScreen(workspace, workspace.t("Answer"), text)

    def _navigator(self) -> Iterator[tuple[str, Page[Any]]]:
        """The form of a navigator's result at each field, with all typed, and all wrong."""
        workspace, visit = self.session.app.workspace, self.visit({})
        for number in range(len(navigator_form().field) + 1):
            page = NavigatorScreen(workspace, visit)
            page._enter(number)
            yield f"navigator's result at {number}", page
        day = workspace.t.day(workspace.today)
        for name, item in (("whole", "3"), ("wrong", "19"), ("old", "1")):
            page = NavigatorScreen(workspace, visit)
            old = workspace.t.day(workspace.today - timedelta(days=31))
            typed = {"day": old if name == "old" else day, "phq9": "18", "phq9_item9": item}
            more = {"difficulty": "2", "gad7": "21", "auditc": "12", "audit": "40"}
            page._typed |= typed | more | {"wishes": "123456", "reference": "ABCD-EFGH-123456"}
            page._enter(len(page._fields))
            yield f"navigator's result, {name}", page

    def _came_in(self) -> Iterator[tuple[str, Page[Any]]]:
        """The questions for a form's file and day, and what forms of all kinds tell."""
        workspace, visit = self.session.app.workspace, self.visit({})
        yield "a form's file", file_prompt(workspace)
        yield "a form's day", day_prompt(workspace)
        answers = {id_: value for id_, value in MODERATE.items() if id_ in visit.pathway.questions}
        odd = [{"linkId": "phq9.9", "answer": [{"valueString": "x"}]}, {"linkId": "x"} | _UNKNOWN]
        for name, told in (
            ("whole", respond("adult", answers, authored="2026-01-01", totals={"phq9.total": 27})),
            ("odd", respond("phq9", {}, item=odd, status="in-progress")),
            ("refused", respond("phq9", {"phq9.9": 3}, status="stopped", authored="2126-01-01")),
        ):
            found = Found()
            find_responses(told, workspace.clock(), found)
            page = CameInScreen(workspace, visit, found, workspace.today)
            page.open()
            yield f"a form that came in, {name}", page

    def _stops(self) -> Iterator[tuple[str, Page[Any]]]:
        """Every card with all that may stand around it: fresh, and with every step recorded."""
        workspace = self.session.app.workspace
        first = tuple(p for p in self.stage.pathway.pages if p.id.startswith("asq."))
        for answers in TRIGGERS:
            visit = self.visit(answers)
            stop = open_stops(visit.pathway, visit.answers, ())[0]
            yield f"pause at {stop}", PauseScreen(workspace, visit)
            for why_not in ("", None, "x x x"):
                if why_not != "":
                    for step in list_safety_steps(visit.pathway, visit.answers, stop):
                        code = None if why_not is None else "not_needed"
                        visit.record_safety_step(step, why_not, reason=code)
                plan = plan_along(workspace, visit)
                screen = StopScreen(workspace, visit, Stop((stop, stop), first), plan=plan)
                yield f"stop {stop} at {answers} recorded {why_not!r}", screen
                yield f"help of {stop}", HelpScreen(workspace, list(screen.key_list()))
            yield from self._not_done(stop, visit)

    def _not_done(self, stop: str, visit: AssessmentSession) -> Iterator[tuple[str, Page[Any]]]:
        """Why each step of a stop is not done: by a digit."""
        workspace = self.session.app.workspace
        for id_, card in ((card.id, card) for card in visit.list_cards(stop)):
            for step in card.steps:
                text = step.text[workspace.language]
                page = NotDoneScreen(workspace, text, "ABCD-EFGH")
                yield f"not done {stop} {id_} {step.id}", page

    def _results(self) -> Iterator[tuple[str, Page[Any]]]:
        workspace = self.session.app.workspace
        light, heavy, short = (
            self.visit(self.stage.whole(MODERATE)),
            self.visit(self.stage.whole(HEAVY)),
            self.visit(CALM),
        )
        for stop in open_stops(heavy.pathway, heavy.answers, ()):
            for step in list_safety_steps(heavy.pathway, heavy.answers, stop):
                heavy.record_safety_step(step)
        for visit in (light, heavy, short):
            decision = visit.decide()
            for full in (False, True):
                result = ResultScreen(workspace, visit, decision)
                result._full = full
                yield f"result {decision.status} {decision.step}", result
            yield f"services {decision.step}", ServicesScreen(workspace, visit, decision)
            yield "note", NoteScreen(workspace, visit, decision, None)
            held = totals_line(build_note(workspace, visit, decision, None, self.language))
            yield "QR code", CodeScreen(workspace, workspace.t("The totals in one line"), held)
            yield "QR code too long", CodeScreen(workspace, "PHQ-9", "ABCDEFGHI " * 12)
            yield "help of the result", HelpScreen(workspace, list(result.key_list()))
            if decision.status == "suggested":
                confirm = ConfirmScreen(workspace, visit, decision)
                yield f"confirm {decision.step}", confirm
                again = ConfirmScreen(workspace, visit, decision)
                again._other = 3
                yield f"reasons {decision.step}", again
        yield "pause", PauseScreen(workspace, light)

    def _care(self) -> Iterator[tuple[str, Page[Any]]]:
        """An episode of care before and after it has much to show, and each field of its forms."""
        workspace, visit = self.session.app.workspace, self.visit(self.stage.whole(MODERATE))
        yield "open an episode", opening_screen(workspace, visit.client)
        visit.confirm(visit.decide(), 1)
        found = self.store.episodes.find_open(visit.client.id)
        assert found is not None
        care = EpisodeSession.load(workspace, visit.client, found[0].id)
        yield "a fresh episode", EpisodeScreen(care)
        assert care.episode.baseline is not None
        pathways = (self.stage.pathway, self.stage.pathway)
        yield "which", which_screen(workspace, pathways, care.episode.baseline)
        today = workspace.today
        care.record_event(
            PeriodStarted(day=today, period="p1", intervention="guided_self_help", step=1)
        )
        care.record_event(Contact(day=today, period="p1", ors=21.5, srs=36))
        care.record_event(MeasureTaken(day=today, measure="core10", points=32, item=3))
        care.record_event(NextContact(day=today, due=today))
        care.record_event(Voice(day=today, about="goal", words="koira kissa " * 40))
        care.record_event(Segment(day=today, group=4))
        care.record_event(TrackEvent(day=today, track="multi_service", what="consented"))
        yield "an episode", EpisodeScreen(care)
        yield "what may be recorded", RecordScreen(care)
        yield "entries", entries_screen(care)
        yield "an entry", EntryScreen(care, care.episode.entries[-1])
        yield from self._forms(care)
        yield from self._tracks(care)
        yield "episodes", episodes_screen(workspace, visit.client, [care.episode] * 2)
        yield "the episode and others", EpisodeScreen(care, others=True)
        yield "past", AssessmentListScreen(workspace, visit.client)
        yield from self._put_right(visit)

    def _put_right(self, visit: AssessmentSession) -> Iterator[tuple[str, Page[Any]]]:
        """What is put right of a client who has another code, and a year that is not known."""
        workspace, store, one = self.session.app.workspace, self.store, visit.client
        other = store.clients.add(birth_year=None, language="sv", why="x")
        yield "what is put right", PutRightScreen(workspace, other, assessments=True)
        yield "card", CardForm(workspace, one)
        yield "card behind the first question", DraftCard(workspace, one)
        yield "join", join_screen(workspace, one, other)
        taken = Transfer(visit.assessment.started_at, "nurse-1")
        yield "an assessment", AssessmentScreen(workspace, one, visit.assessment, taken)
        marked = visit.assessment.model_copy(update={"wrong_client": True})
        yield "a marked one", AssessmentScreen(workspace, one, marked, None)
        child = other.model_copy(update={"birth_year": 2020})
        pathway, moved = visit.pathway, visit.assessment
        yield "move", move_screen(workspace, moved, (one, child), pathway, lambda why: None)
        yield "misfit", MisfitScreen(workspace, child, pathway)
        yield "code", code_screen(workspace, one, workspace.t("Move to the right client"))
        yield "part", part_screen(workspace, one, other.code)
        store.corrections.move_assessment(moved.id, other.id, "x", after=None)
        store.corrections.join_clients(one.id, other.id, "x")
        yield "past, one person", AssessmentListScreen(workspace, store.clients.get(one.id))

    def _forms(self, care: EpisodeSession) -> Iterator[tuple[str, Page[Any]]]:
        """Each field of every form."""
        of_tracks = {
            f"{track} {each.id}": track_form(track, each.id)
            for track, defined in shipped_care().tracks.items()
            for each in defined.action
        }
        for name, form in {**FORMS, **of_tracks}.items():
            for at in range(len(form.screen(care)._fields) + 1):
                screen = form.screen(care)
                screen._enter(at)
                yield f"form {name} {at}", screen

    def _tracks(self, care: EpisodeSession) -> Iterator[tuple[str, Page[Any]]]:
        """The tracks before and after much happened on them, and the page of drinks."""
        today = self.session.app.workspace.today
        yield "tracks", TracksScreen(care)
        for audit in (26, 17):
            use = AlcoholUse(day=today, audit=audit, portions=31, review_on=today)
            care.record_event(use.model_copy(update={"mini_intervention": audit == 17}))
        notice = TrackEvent(day=today, track="child_welfare", what="notified")
        care.record_event(
            notice.model_copy(update={"where": "child_protection", "manner": "phone"})
        )
        yield "tracks with much", TracksScreen(care)
        for track in shipped_care().tracks:
            yield f"track {track}", TrackScreen(care, track)
        yield from self._sheets(care)
        yield "background", background_screen(care)
        yield "asked at first", AtFirstScreen(care)
        yield "which care", which_care_screen(care)
        cards = find_pathway(care.workspace, care.episode)
        yield "care told alone", CareAloneScreen(care, None, cards, lambda *_: None, Tries())
        yield "care handed over", HandOverScreen(care.workspace, HANDED_BACK)
        drinks = DrinksScreen(self.session.app.workspace, "f")
        yield "drinks", drinks
        chosen = DrinksScreen(self.session.app.workspace, None)
        chosen._choose(DRINKS[5])
        yield "a drink", chosen

    def _sheets(self, care: EpisodeSession) -> Iterator[tuple[str, Page[Any]]]:
        """The list of sheets, each of them, and the safety plan while it is written."""
        workspace, client = care.workspace, care.client
        plan = PlanSession(workspace, client)
        for along in (False, True):
            empty = SafetyPlanScreen(plan, None, along=along)
            empty.open()
            yield f"safety plan, empty, along {along}", empty
        for point in find_sheets(workspace).plan.point:
            plan.write(point.id, "aaaa bbbb cc " * 37)
            full = SafetyPlanScreen(plan, None, along=True)
            full.open()
            full._point(len(plan.words) - 1)
            yield f"safety plan, {point.id}", full
        planned = TrackEvent(
            day=workspace.today,
            track=SEVERAL,
            what="planned",
            role="nurse",
            goals=("aaaa bbbb cc " * 9, "dddd"),
            review_on=workspace.today + timedelta(days=60),
        )
        care.record_event(planned)
        names = offered(workspace, care.episode)
        assert SERVICES in names
        yield "sheets", sheets_screen(workspace, client, names)
        for name in names[:-1]:  # the form is the pathway's own, with sources in English
            sheet = sheet_of(workspace, name, self.language, client).of_pathway(
                find_pathway(workspace, care.episode)
            )
            shown = SheetScreen(workspace, sheet, lambda: None)
            shown.open()
            yield f"sheet {name}", shown


def _unreadable() -> PathwayError:
    message = "step 'thre' is not known; did you mean 'three'? " * 3
    return PathwayError([Diagnostic("adult/interventions.toml", 210, message)])


def _store_errors() -> Iterator[errors.StoreError]:
    """Every error of the store with values as long as they get."""
    values: dict[str, str | int] = {
        "path": LONG_PATH,
        "command": "dpkg --install porras_0.2.0-1_amd64.deb",
        "about": "trigger assessment_moves_no_DELETE",
        "kind": "cifs",
        "reason": "SQLITE_PROTOCOL",
        "position": 12,
        "character": "0",
        "found": 12,
        "expected": 30,
        "known": 1,
        "line": 3,
        "version": "3.50.2",
        "shortest": 12,
        "longest": 256,
        "limit": 500,
        "handle": "occupational-he",
        "seat": "sateenkaari",
        "handles": "nurse-1, occupational-he, nurse-3",
        "count": 12,
        "seconds": 60,
        "until": "14:35",
        "who": "porras 4711 (maija), porras 4712 (aino)",
        "seq": 123456,
        "name": "porras-2026-11-22T08-30-05Z",
        "names": "porras-2026-11-22T08-30-05Z, porras-2026-11-20T08-30-05Z",
        "file": "manifest.json",
        "roles": "nurse, lead, auditor",
        "needed": "admin",
        "unit": "Lahden työterveyden sote-keskus",
        "year": 1980,
        "owner": "porras-palvelu",
        "user": "maija.meikalainen",
        "first": 123456,
        "last": 123499,
        "since": "2026-11-22 10:30",
        "made": "2026-11-22 10:30",
        "events": 123456,
        "folder": f"{LONG_PATH[:-9]}backups/porras-before-schema-12-2026-11-22T08-30-05Z",
        "free": 12,
        "system": "linux-aarch64",
        "offered": "0.2.0",
        "wanted": "wheelhouse 0.3.0 linux-aarch64",
        "record": f"{LONG_PATH}.head",
        "value": "työterveyshuolto-12",
        "kept": f"{LONG_PATH[:-9]}backups/porras-kept-apart-2026-11-22T08-30-05Z",
    }
    for _, kind in inspect.getmembers(errors, inspect.isclass):
        if not issubclass(kind, errors.StoreError):
            continue
        sentences = getattr(kind, "_WHAT", {"": kind.what})
        for what in sentences.values():
            error = kind.__new__(kind)
            errors.StoreError.__init__(error, **values)
            error.what = what
            yield error


def cut(sheet: Page[Any], size: Size = SIZE) -> Iterator[str]:
    """What of a page does not fit in a window, or is not shown there."""
    rows = pictured(sheet, size)
    if len(rows) != size.height:
        yield f"{len(rows)} rows"
    for row in rows:
        if cell_len(words(row)) > size.width:
            yield f"{cell_len(words(row))} cells: {words(row)!r}"
    yield from _cut_title(sheet, words(rows[0]), whole=size == SIZE)
    yield from _cut_keys(sheet, " ".join(map(words, rows[-2:])), whole=size == SIZE)
    wide, _ = columns(sheet, size.width)
    for line in sheet.body(wide):
        if size == SIZE and cell_len(words(line)) > wide:
            yield f"body of {cell_len(words(line))} cells: {words(line)!r}"


def _cut_title(sheet: Page[Any], top: str, *, whole: bool) -> Iterator[str]:
    left, right = sheet.top()
    if not whole:
        left, right = left[:16], right.partition(" · ")[0]
    if left not in top or right not in top:
        yield f"top line: {left!r} and {right!r} do not fit in {top!r}"


def _cut_keys(sheet: Page[Any], rows: str, *, whole: bool) -> Iterator[str]:
    for each in keys_of(sheet):
        if not each.caption or each.medium == "lines":
            continue
        if (whole or each.caption in STAY) and f"{each.caption} {each.label}" not in rows:
            yield f"key {each.caption} {each.label!r} is not shown"


def words(line: Line) -> str:
    """What is written in a line."""
    return "".join(text for text, _ in line)


def keys_of(sheet: Page[Any], own: Shown | None = None) -> Shown:
    """All keys of a page, with those of every page."""
    own = sheet.key_list() if own is None else own
    return [*own, *beside(sheet, own)]


def beside(sheet: Page[Any], own: Shown) -> Shown:
    """The keys that a page has beside its own."""
    nothing: Any = print
    return everywhere(
        sheet,
        own,
        typing=sheet.entry is not None,
        emergency=nothing,
        help_=nothing,
        lock=nothing,
    )


def pictured(
    sheet: Page[Any], size: Size = SIZE, pointed: Callable[[Line], Line] = lambda line: line
) -> list[Line]:
    """A page as it is drawn in a window, without the program around it."""
    picture = Picture(sheet, size, typing=sheet.entry is not None)
    return picture.lines(partial(beside, sheet), pointed)


HINT = re.compile(r"(page|sivu|sida)\d+(of|/)\d+·(Space|PgDn|välilyönti|mellanslag)")
"""How far one has read, without its blanks."""
SMALL = pytest.mark.parametrize(
    "language",
    ["fi", *(pytest.param(other, marks=pytest.mark.nightly) for other in ("en", "sv"))],
)


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
async def test_no_screen_is_cut_or_speaks_another_language(stage: Stage, language: str) -> None:
    wrong, told = [], set[str]()
    async with stage.program(demo=True, language=language) as session:
        for name, sheet in Screens(session, stage, language).all():
            sheet.open()
            wrong += [f"{language} {name}: {fault}" for fault in cut(sheet)]
            shown = [*map(words, pictured(sheet)), *PageText(sheet, WIDTH).rows]
            said = strangers(" ".join(shown), language) - told
            told |= said
            wrong += [f"{language} {name}: {text!r}" for text in said]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
async def test_every_key_of_a_report_is_shown_in_the_smallest_window(
    stage: Stage, language: str
) -> None:
    """Whoever sees her unit and all of them has the most keys."""
    async with stage.program(demo=True, language=language) as session:
        shown = Screens(session, stage, language).reports()
        sheet = next(page for _, page in shown if isinstance(page, ReportScreen))
        sheet.open()
        rows = " ".join(map(words, pictured(sheet, SMALLEST)[-2:]))
        missing = list(_cut_keys(sheet, rows, whole=True))
    assert not missing, "\n".join(missing)


@SMALL
async def test_every_page_can_be_read_in_the_smallest_window(stage: Stage, language: str) -> None:
    wrong = []
    async with stage.program(demo=True, language=language) as session:
        for name, sheet in Screens(session, stage, language).all():
            sheet.open()
            wrong += [f"{language} {name}: {fault}" for fault in cut(sheet, SMALLEST)]
    assert not wrong, "\n".join(wrong)


MESSAGES: tuple[Callable[[Page[Any]], str], ...] = (
    lambda s: s.t("Something is marked: Enter takes it, or unmark it first."),
    lambda s: s.t("A year of birth from {first} to {last}, please.", first=1906, last=2026),
    lambda s: s.t(
        "This pathway is for ages {low}–{high}. Use the pathway for that age.", low=18, high=120
    ),
    lambda s: s.t("A whole number from {low} to {high}, please.", low=0, high=1040),
    lambda s: s.t("The staff code and the passphrase do not open the store."),
    lambda s: s.t("Another program keeps the database {path} locked.", path=LONG_PATH),
    lambda s: s.t(
        "No names, personal identity codes, phone numbers or e-mail addresses here, please."
    ),
)


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
async def test_no_message_is_cut_even_where_there_is_more_to_read(
    stage: Stage, language: str
) -> None:
    async with stage.program(demo=True, language=language, size=(80, 23)) as session:
        for sheet in (EmergencyScreen(session.app.workspace), SignInScreen(session.app.workspace)):
            await session.put(sheet)
            for message in MESSAGES:
                sheet.say(message(sheet))
                await session.settle()
                said = "".join(session.flat.split())
                hint = re.compile(
                    r"(page|sivu|sida)\d+(of|/)\d+·(Space|PgDn|välilyönti|mellanslag)"
                )
                assert "".join(message(sheet).split()) in hint.sub("", said)
                assert not list(cut(sheet))
            sheet.leave(None)
            await session.settle()


async def test_the_start_shows_a_full_list_without_reading_on(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        for _ in range(12):
            stage.visit(session.store)
        await session.put(StartScreen(session.app.workspace))
        await session.settle()
        session.lacks("page 1 of")
        session.says("1–5 Enter open", "not a CE-marked medical device")


async def test_no_state_is_told_by_the_look_alone(stage: Stage) -> None:
    async with stage.resumed({**CALM, "phq9.1": 2}) as session:
        await session.press("left")
        session.says("> 2 (x) More than half the days", "0 ( ) Not at all")
    async with stage.resumed({"danger.child": "yes"}) as session:
        session.says("! STOP", "[ ]")
        await session.press("d")
        session.says("[x]", "done")
