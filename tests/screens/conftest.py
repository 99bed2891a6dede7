"""The real program at 80×24 over real stores in a folder of their own; only the clock is made up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from screens.desk import Desk
from screens.sheet import Sheet
from screens.visit import Visit
from stepping.pathway import Answer, Pathway
from store import pathway_files
from store.opening import set_up, unlock
from store.places import Places, find
from store.repository import Store
from store.training import open_training
from tui.app import PorrasApp

HANDLE = "NURSE1"
PASSPHRASE = "seven slow swans"
"""Of an invented nurse."""

CALM: Mapping[str, Answer] = {
    "danger.suicide": "no",
    "danger.violence": "no",
    "danger.child": "no",
    "danger.confusion": "no",
    "danger.intoxicated": "no",
}
"""Nobody is in danger."""

Kind = TypeVar("Kind", bound=Sheet[Any])


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
    def sheet(self) -> Sheet[Any]:
        """The screen on top."""
        screen = self.app.screen
        assert isinstance(screen, Sheet)
        return screen

    @property
    def text(self) -> str:
        """What is on the screen."""
        return self.sheet.text

    @property
    def visit(self) -> Visit:
        """The visit of the screen on top."""
        visit = getattr(self.sheet, "_visit", None)
        assert isinstance(visit, Visit)
        return visit

    @property
    def page(self) -> str:
        """The id of the page that is asked."""
        return str(self.sheet._page.id)  # type: ignore[attr-defined]

    def on(self, kind: type[Kind]) -> Kind:
        """Return the screen on top, which must be of a kind."""
        assert isinstance(self.sheet, kind), f"{self.sheet!r}:\n{self.text}"
        return self.sheet

    async def press(self, *keys: str) -> str:
        """Press keys one by one, each after the screen has settled; return what is shown then."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()
        return self.text

    async def type(self, text: str, *, enter: bool = True) -> str:
        """Type into an entry line, then press Enter."""
        entry = self.sheet.query_one(Input)
        entry.value = ""
        await self.pilot.press(*(_KEYS.get(char, char) for char in text))
        await self.settle()
        if enter:
            await self.press("enter")
        return self.text

    async def settle(self) -> None:
        """Wait until the screen on top is drawn and takes keys."""
        for _ in range(200):
            await self.pilot.pause()
            screen = self.app.screen
            if isinstance(screen, Sheet) and not screen.guard.stale(_Now()):
                return
        raise AssertionError("the screen never woke up")

    def says(self, *parts: str) -> None:
        """Every part stands on the screen, however it is broken into lines."""
        flat = " ".join(self.text.split())
        for part in parts:
            assert part in flat, f"{part!r} is not on the screen:\n{self.text}"

    def lacks(self, *parts: str) -> None:
        """No part stands on the screen."""
        flat = " ".join(self.text.split())
        for part in parts:
            assert part not in flat, f"{part!r} is on the screen:\n{self.text}"


class _Now:
    """A key that comes after everything."""

    time = float("inf")


_KEYS = {" ": "space", "@": "at", ".": "full_stop", "-": "minus", ",": "comma"}

Opened = Callable[..., Any]


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return find(tmp_path / "data" / "porras.db")


@pytest.fixture(scope="session")
def pathway() -> Pathway:
    return pathway_files.built_in("adult")


@asynccontextmanager
async def program(
    places: Places,
    clock: TickingClock,
    *,
    demo: bool = False,
    language: str = "en",
    size: tuple[int, int] = (80, 24),
    pathways: Path = pathway_files.BUILT_IN,
    pathway: Pathway | None = None,
) -> AsyncIterator[Session]:
    """Run the program on the files at some places."""
    desk = Desk(clock, pathways=pathways, language=language, language_asked=True, wake_s=0)
    desk._pathway = pathway
    app = PorrasApp(desk, places, demo=demo)
    async with app.run_test(size=size) as pilot:
        session = Session(app, pilot)
        await session.settle()
        yield session


@asynccontextmanager
async def training(
    places: Places, clock: TickingClock, pathway: Pathway, **options: Any
) -> AsyncIterator[Session]:
    """Run the program on the training store."""
    async with program(places, clock, demo=True, pathway=pathway, **options) as session:
        yield session


@asynccontextmanager
async def workplace(
    places: Places, clock: TickingClock, pathway: Pathway, **options: Any
) -> AsyncIterator[Session]:
    """Run the program on an encrypted store, unlocked at its door."""
    if not places.database.exists():
        set_up(places, HANDLE, PASSPHRASE, clock).store.close()
    async with program(places, clock, pathway=pathway, **options) as session:
        await session.type(PASSPHRASE)
        yield session


def reread(places: Places, clock: TickingClock) -> Store:
    """Open the encrypted store a second time, as another program would."""
    return unlock(places, HANDLE, PASSPHRASE, clock)


def prepared(
    places: Places,
    clock: TickingClock,
    pathway: Pathway,
    answers: Mapping[str, Answer],
    *,
    language: str = "en",
    municipality: str | None = "hollola",
    recorded: tuple[str, ...] = (),
    store: Store | None = None,
) -> str:
    """Leave a draft with answers in an encrypted store; return its assessment's id."""
    opened = store or (
        reread(places, clock)
        if places.database.exists()
        else set_up(places, HANDLE, PASSPHRASE, clock).store
    )
    client = opened.add_client(
        birth_year=1986, language=language, sex="f", municipality=municipality
    )
    visit = Visit.begin(opened, pathway, client, setting="reception", language=language)
    visit.answer(dict(answers))
    for stop in recorded:
        for card in visit.cards(stop):
            for step in card.steps:
                visit.record(_step(stop, card.id, step.id))
    opened.close()
    return visit.assessment.id


def _step(stop: str, card: str, step: str) -> Any:
    from stepping.safety import SafetyStep

    return SafetyStep(stop, card, step)


def practised(places: Places, clock: TickingClock) -> None:
    """Make the training store."""
    open_training(places.training, clock).close()


def whole(pathway: Pathway, **given: Answer) -> dict[str, Answer]:
    """Answer every question that is asked, lightest first, except those that are given.

    Dots in ids are written as double underscores.
    """
    from stepping.interview import remaining

    answers: dict[str, Answer] = {name.replace("__", "."): value for name, value in given.items()}
    card: dict[str, Answer] = {"client.age": 40, "client.sex": "f"}
    while True:
        # Only what is asked for certain: an answer may hide what follows.
        left = remaining(pathway, {**card, **answers})
        if not left:
            return answers
        question = left[0]
        match question.kind:
            case "yesno":
                answers[question.id] = "no"
            case "multi":
                answers[question.id] = ()
            case "text":
                answers[question.id] = ""
            case _ if question.id == "work.ability":
                answers[question.id] = 8
            case _ if question.numeric:
                answers[question.id] = pathway.facts[question.id].low
            case _:
                answers[question.id] = question.words[0]
