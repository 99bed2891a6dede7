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
from casework.episode import EpisodeSession
from casework.idle_timer import IdleTimer
from screens.assessment.assessment_list import AssessmentListScreen
from screens.assessment.client_card import ClientScreen
from screens.assessment.family import FamilyScreen
from screens.assessment.pause import PauseScreen
from screens.assessment.question import QuestionScreen
from screens.assessment.resumed import ResumedScreen
from screens.assessment.stop import StopScreen
from screens.base.error import CareErrorScreen, ErrorScreen, PathwayErrorScreen, ServicesErrorScreen
from screens.base.help import HelpScreen
from screens.base.keys import Shown
from screens.base.lines import Line
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
from screens.episode.drinks import DrinksScreen
from screens.episode.episode import (
    EntryScreen,
    EpisodeScreen,
    RecordScreen,
    entries_screen,
    episodes_screen,
)
from screens.episode.event_forms import FORMS, opening_screen
from screens.episode.track_forms import track_form
from screens.episode.tracks import TrackScreen, TracksScreen
from screens.episode.which import which_screen
from screens.note.screen import NoteScreen
from screens.result.confirm import ConfirmScreen
from screens.result.result import ResultScreen
from screens.result.services import ServicesScreen
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
from stepping.pathway.diagnostics import Diagnostic, PathwayError
from stepping.pathway.model import Answer
from store import errors
from store.pathway_files.care import shipped_care
from store.repository.store import Store
from store.retention.retention import Transfer
from tests.screens.foreign import strangers
from tests.screens.running import CALM, MOOD, Session, Stage
from tests.screens.test_result import MODERATE
from tui.full_screen.everywhere import everywhere
from tui.full_screen.frame import SMALLEST, Picture, columns
from tui.line_mode.page import PageText

SIZE = Size(80, 23)
WIDTH = SIZE.width
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
        yield "start", StartScreen(workspace, workspace.t("The step is confirmed and stored."))

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
        yield "help of a question", HelpScreen(workspace, list(asked.key_list()))
        for question in self.stage.pathway.questions.values():
            if question.kind == "text":
                text = question.text[self.language]
                yield f"writing {question.id}", PromptScreen(workspace, workspace.t("Answer"), text)

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
                        visit.record_safety_step(step, why_not)
                screen = StopScreen(workspace, visit, Stop((stop, stop), first))
                yield f"stop {stop} at {answers} recorded {why_not!r}", screen
                yield f"help of {stop}", HelpScreen(workspace, list(screen.key_list()))

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
        drinks = DrinksScreen(self.session.app.workspace, "f")
        yield "drinks", drinks
        chosen = DrinksScreen(self.session.app.workspace, None)
        chosen._choose(DRINKS[5])
        yield "a drink", chosen


def _unreadable() -> PathwayError:
    message = "step 'thre' is not known; did you mean 'three'? " * 3
    return PathwayError([Diagnostic("adult/interventions.toml", 210, message)])


def _store_errors() -> Iterator[errors.StoreError]:
    """Every error of the store with values as long as they get."""
    values: dict[str, str | int] = {
        "path": LONG_PATH,
        "about": "trigger assessment_moves_no_DELETE",
        "kind": "cifs",
        "reason": "SQLITE_PROTOCOL",
        "position": 12,
        "character": "0",
        "found": 12,
        "expected": 30,
        "known": 1,
        "version": "3.50.2",
        "shortest": 12,
        "longest": 256,
        "limit": 500,
        "handle": "occupational-he",
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
        "record": f"{LONG_PATH}.head",
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
        if not each.caption or each.medium == "lines" or each.caption == "F9":
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
        session.says("9 ", "not a CE-marked medical device")


async def test_no_state_is_told_by_the_look_alone(stage: Stage) -> None:
    async with stage.resumed({**CALM, "phq9.1": 2}) as session:
        await session.press("left")
        session.says("> 2 (x) More than half the days", "0 ( ) Not at all")
    async with stage.resumed({"danger.child": "yes"}) as session:
        session.says("! STOP", "[ ]")
        await session.press("d")
        session.says("[x]", "done")
