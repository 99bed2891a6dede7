"""The real program at 80×24 over real stores of its own; only the clock is made up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input

from casework.assessment import AssessmentSession
from casework.workspace import Workspace
from screens.base.keys import KeyPress, find_binding
from screens.base.page import Page
from screens.desk.start import StartScreen
from screens.desk.wanted import Wanted
from screens.episode.recording.at_first import AtFirstScreen
from stepping.decision.interview import unanswered_questions
from stepping.decision.safety import list_safety_steps
from stepping.pathway.model import Answer, Pathway
from store.keys import keystore as keys
from store.opening.store_file import create_store, open_store
from store.paths import PATHWAYS, StorePaths
from store.records import Client
from store.repository.store import Store
from tests.terminal.nimble import ANY_PACE
from tui.app import PorrasApp, screen_of
from tui.full_screen.key_pace import Pace
from tui.full_screen.page_screen import PageScreen

HANDLE = "nurse1"
PASSPHRASE = "seven slow swans"

CALM: Mapping[str, Answer] = {
    f"danger.{danger}": "no"
    for danger in ("suicide", "violence", "child", "confusion", "intoxicated", "body")
}
"""Nobody is in danger."""

_KEYS = {"?": "question_mark", "!": "exclamation_mark"}
_CHARACTERS = {"question_mark": "?", "space": " "}

MOOD = tuple(f"phq9.{item}" for item in range(1, 10))

PATIENCE_S = 60.0
"""How long a screen may take before a test gives it up; a machine may be busy."""

Kind = TypeVar("Kind", bound=Page[Any])


def drawn(page: Page[Any]) -> PageScreen:
    """Return the screen that a page is shown on."""
    assert isinstance(page.host, PageScreen)
    return page.host


def press(page: Page[Any], *keys: str) -> None:
    """Press keys of a page as a value that do something at once; none that waits."""
    for key in keys:
        if not page.type_key(KeyPress(key)):
            binding = find_binding(page.key_list(), key)
            assert binding is not None, key
            binding.run()


def record_steps(visit: AssessmentSession, stop: str) -> None:
    """Record every safety step of a stop as done."""
    for step in list_safety_steps(visit.pathway, visit.answers, stop):
        visit.record_safety_step(step)


class TickingClock:
    """One second passes every time somebody looks."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class Session:
    """One running program and the fingers on its keys."""

    app: PorrasApp
    pilot: Pilot[int]

    @property
    def screen(self) -> PageScreen:
        """The screen on top."""
        screen = self.app.screen
        assert isinstance(screen, PageScreen)
        return screen

    @property
    def shown(self) -> Page[Any]:
        """The page on top."""
        return self.screen.page

    @property
    def stack(self) -> list[Page[Any]]:
        """The pages that lie over each other, the one on top last."""
        screens = self.app.screen_stack
        return [screen.page for screen in screens if isinstance(screen, PageScreen)]

    async def put(self, page: Page[Any], *, instead: bool = False) -> None:
        """Put a page on top, or in place of the one that is there."""
        show = self.app.switch_screen if instead else self.app.push_screen
        await show(screen_of(page))

    @property
    def text(self) -> str:
        """What is on the screen."""
        return self.screen.text

    @property
    def flat(self) -> str:
        """What is on the screen, as if it were one long line."""
        return " ".join(self.text.split())

    @property
    def store(self) -> Store:
        """The store that the program has open."""
        return self.app.workspace.store

    @property
    def visit(self) -> AssessmentSession:
        """The visit that is under way."""
        for page in reversed(self.stack):
            visit = getattr(page, "_session", None)
            if isinstance(visit, AssessmentSession):
                return visit
        raise AssertionError(f"no visit is under way:\n{self.text}")

    @property
    def page(self) -> str:
        """The id of the page that is asked."""
        from screens.assessment.question import QuestionScreen

        return self.on(QuestionScreen).page.id

    def on(self, kind: type[Kind]) -> Kind:
        """Return the screen on top, which must be of a kind."""
        assert isinstance(self.shown, kind), f"{self.shown!r}:\n{self.text}"
        return self.shown

    async def press(self, *keys: str) -> str:
        """Press keys one by one, each after the screen has settled; return what is shown then."""
        for key in keys:
            char = _CHARACTERS.get(key, key if len(key) == 1 else None)
            self.app._driver.send_message(Key(_KEYS.get(key, key), char))  # type: ignore[union-attr]
            await self.settle()
        return self.text if self.app.is_running else ""

    async def skip_what_is_asked_once(self) -> None:
        """Leave untold how the client came, which is asked as the first step is confirmed."""
        self.on(AtFirstScreen)
        await self.press("escape")

    async def choose(self, letter: str, label: str) -> str:
        """Press the letter that the label of a key has in the language shown."""
        return await self.press(self.app.workspace.t.letter(letter, label))

    async def type(self, text: str) -> str:
        """Fill the entry line or the field, in place of what stands there, and press Enter."""
        if self.shown.entry is None:
            while self.shown.type_key(KeyPress("backspace")):
                pass
            await self.settle()
            for char in text:
                assert self.shown.type_key(KeyPress(char, char))
        else:
            self.entry.value = text
        return await self.press("enter")

    @property
    def entry(self) -> Input:
        """The entry line of the screen on top."""
        return self.screen.query_one(Input)

    async def settle(self) -> None:
        """Wait until nothing is left to do and the screen on top takes keys.

        Pilot's own pause waits by the clock, some 60 ms a key.
        """
        loop = asyncio.get_running_loop()
        latest = loop.time() + PATIENCE_S
        while loop.time() < latest:
            quiet = 0
            while quiet < 3:
                await asyncio.sleep(0)
                quiet = 0 if loop._ready else quiet + 1  # type: ignore[attr-defined]
            if not self.app.is_running or self._awake:
                return
            await asyncio.sleep(0.002)
        raise AssertionError("the screen never woke up")

    patient = True
    """Whether to wait until it is told how the pathways stand."""

    @property
    def _awake(self) -> bool:
        screen = self.app.screen
        if not isinstance(screen, PageScreen):
            return False
        page = screen.page
        if self.patient and isinstance(page, StartScreen) and page.looking:
            return False
        return not (screen.readable and screen.guard.stale(Key("f12", None)))

    def says(self, *parts: str) -> None:
        """Every part stands on the screen, however it is broken into lines."""
        for part in parts:
            assert part in self.flat, f"{part!r} is not on the screen:\n{self.text}"

    def lacks(self, *parts: str) -> None:
        """No part stands on the screen."""
        for part in parts:
            assert part not in self.flat, f"{part!r} is on the screen:\n{self.text}"


@dataclass
class Stage:
    """A folder for one workplace, its clock and its pathway."""

    places: StorePaths
    pathway: Pathway
    clock: TickingClock = field(default_factory=TickingClock)

    @asynccontextmanager
    async def program(
        self,
        *,
        demo: bool = False,
        language: str | None = "en",
        size: tuple[int, int] = (80, 24),
        pace: Pace = ANY_PACE,
        pathways: Path = PATHWAYS,
        tour: bool = False,
        begin: Wanted | None = None,
    ) -> AsyncIterator[Session]:
        """Run the program on what stands in the folder."""
        workspace = Workspace(
            self.clock,
            pathways=pathways,
            language=language or "en",
            language_asked=language is not None,
            debounce_s=0,
        )
        if pathways == PATHWAYS:
            workspace._found = {self.pathway.id: self.pathway}
        app = PorrasApp(workspace, self.places, demo=demo, begin=begin, pace=pace)
        app.tour = tour
        async with app.run_test(size=size) as pilot:
            session = Session(app, pilot)
            await session.settle()
            yield session

    @asynccontextmanager
    async def workplace(self, **options: Any) -> AsyncIterator[Session]:
        """Run the program on the encrypted store, unlocked at its door."""
        if not self.places.database.exists():
            with self.store():
                pass
        async with self.program(**options) as session:
            await session.type(PASSPHRASE)
            yield session

    @asynccontextmanager
    async def resumed(
        self, answers: Mapping[str, Answer], **options: Any
    ) -> AsyncIterator[Session]:
        """Run the program and go on with a draft that has these answers."""
        made = {name: options.pop(name) for name in ("recorded", "municipality") if name in options}
        self.draft(answers, language=options.get("language", "en"), **made)
        async with self.workplace(**options) as session:
            await session.press("1")
            yield session

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open the encrypted store as another program would; set it up if there is none."""
        data, key = _ready_keys()
        places = self.places
        if not places.keys.exists():
            places.keys.parent.mkdir(exist_ok=True)
            places.keys.write_bytes(data)
        elif places.keys.read_bytes() != data:
            key = keys.unlock(places.keys, HANDLE, PASSPHRASE)
        opener = open_store if places.database.exists() else create_store
        with opener(places.database, key, HANDLE, self.clock) as opened:
            yield opened

    def draft(
        self,
        answers: Mapping[str, Answer],
        *,
        language: str = "en",
        municipality: str | None = "hollola",
        recorded: tuple[str, ...] = (),
    ) -> str:
        """Leave a draft of a woman of 40 in the encrypted store; return its assessment's id."""
        with self.store() as store:
            visit = self.visit(store, language=language, municipality=municipality)
            visit.record_answers(dict(answers))
            for stop in recorded:
                record_steps(visit, stop)
            return visit.assessment.id

    def visit(
        self, store: Store, *, language: str = "en", municipality: str | None = "hollola"
    ) -> AssessmentSession:
        """Begin a visit with a new client."""
        client: Client = store.clients.add(
            birth_year=1986, language=language, sex="f", municipality=municipality
        )
        return AssessmentSession.start(
            store, self.pathway, client, setting="reception", language=language
        )

    def whole(self, answers: Mapping[str, Answer] = CALM) -> dict[str, Answer]:
        """Add the lightest answer to every other question that is asked."""
        card: dict[str, Answer] = {"client.age": 40, "client.sex": "f"}
        found = dict(answers)
        while left := unanswered_questions(self.pathway, {**card, **found}):
            found[left[0].id] = lightest(self.pathway, left[0].id)
        return found


@cache
def _ready_keys() -> tuple[bytes, bytes]:
    """A key file and its data key, derived once: that is meant to be slow."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "porras.keys"
        made = keys.create(path, HANDLE, PASSPHRASE)
        return path.read_bytes(), made.key


def lightest(pathway: Pathway, question_id: str) -> Answer:
    """The answer to a question that means the least need."""
    question = pathway.questions[question_id]
    match question.kind:
        case "yesno":
            return "no"
        case "multi":
            return ()
        case "text":
            return ""
        case _ if question.numeric:
            fact = pathway.facts[question_id]
            return fact.high if question.worse == "down" else fact.low
        case _:
            return question.words[0]
