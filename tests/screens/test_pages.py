"""If these fail, a new page has to be known by name to whatever renders it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.worker import WorkerFailed

from casework.workspace import Workspace
from screens.base.content import Traits
from screens.base.host import Beside
from screens.base.keys import Caption, KeyBinding, Shown, hidden
from screens.base.lines import Line, plain
from screens.base.page import Page
from screens.base.prompt import PromptScreen
from screens.forms.entry import Entry
from tests.screens.running import Stage
from tui.line_mode.app import LineModeApp
from tui.line_mode.line_io import LineTerminal

ROOT = Path(__file__).parents[2]


class Kettle(Page[str]):
    """A page that no renderer has ever heard of."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.cups = Entry(longest=2)
        self.tea = ""
        self.opened = 0

    @property
    def traits(self) -> Traits:
        return Traits(weighs=True, reads_changes=True)

    @property
    def field(self) -> Entry | None:
        return self.cups if self.tea else None

    def open(self) -> None:
        self.opened += 1

    def top(self) -> tuple[str, str]:
        return "Kettle", "warm"

    def body(self, width: int) -> list[Line]:
        return [plain("1  green"), plain("2  black"), plain(f"Tea: {self.tea} {self.cups.text}")]

    def key_list(self) -> Shown:
        teas = [] if self.tea else ["green", "black"]
        return [
            *([Caption("1–2", "choose a tea")] if teas else []),
            *(hidden(str(n), partial(self._choose, tea)) for n, tea in enumerate(teas, 1)),
            KeyBinding("a", "a", "a name", self._ask_name),
            KeyBinding("enter", "Enter", "pour", self._pour),
        ]

    def _choose(self, tea: str) -> None:
        self.tea = tea
        self.draw()

    async def _ask_name(self) -> None:
        """Ask one page after another, and go on with what they return."""
        one = await self.ask(PromptScreen(self.workspace, "Name", "Whose?"))
        other = await self.ask(PromptScreen(self.workspace, "Name", "And whose?"))
        self.say(f"for {one} and {other}")

    def _pour(self) -> None:
        self.leave(f"{self.cups.text} {self.tea}")


async def test_a_new_page_is_drawn_and_operated_by_keys(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        page = Kettle(session.app.workspace)
        came: list[Any] = []
        session.app.push_page(page, came.append)
        await session.settle()
        session.says("Kettle", "warm", "1 green", "1–2 choose a tea", "Enter pour")
        await session.press("2", "1", "2")
        session.says("Tea: black 12")
        session.lacks("choose a tea")
        await session.press("a")
        await session.type("koira")
        await session.type("kissa")
        session.says("for koira and kissa")
        await session.press("enter")
        assert (came, page.opened) == (["12 black"], 1)


class Broken(Kettle):
    """A page whose key fails: at once, after what it has asked, or in what goes on beside it."""

    def key_list(self) -> Shown:
        return [
            KeyBinding("1", "1", "at once", self._at_once),
            KeyBinding("2", "2", "after a page", self._after),
            KeyBinding("3", "3", "beside", self._beside),
        ]

    async def _at_once(self) -> None:
        raise ZeroDivisionError

    async def _after(self) -> None:
        await self.ask(PromptScreen(self.workspace, "Name", "Whose?"))
        raise ZeroDivisionError

    async def _beside(self) -> None:
        await Beside(lambda: 1 // 0)


@pytest.mark.parametrize("keys", ["1", "2", "3"])
async def test_a_fault_in_what_a_key_does_ends_the_program_loudly(stage: Stage, keys: str) -> None:
    """Passed over, the nurse would wait for something that nobody does any more."""
    with pytest.raises((ZeroDivisionError, WorkerFailed)):
        async with stage.program(demo=True) as session:
            session.app.push_page(Broken(session.app.workspace), lambda _: None)
            await session.settle()
            await session.press(keys)
            if keys == "2":
                await session.type("koira")
            await session.settle()


@pytest.mark.parametrize("keys", ["1", "2", "3"])
def test_line_by_line_it_does_too(stage: Stage, keys: str) -> None:
    lines = iter([keys, "koira"])
    paper = LineTerminal(
        lambda _: None, lambda secret: next(lines), columns=lambda: 80, attended=False
    )
    page = Broken(Workspace(stage.clock, language="en"))
    with pytest.raises(ZeroDivisionError):
        LineModeApp(page.workspace, stage.places, paper).read_out(page)


def test_a_new_page_is_read_out_and_operated_by_lines(stage: Stage) -> None:
    said: list[str] = []
    lines: Iterator[str] = iter(["9", "2", "a", "koira", "kissa", "12", ""])
    paper = LineTerminal(
        said.append, lambda secret: next(lines), columns=lambda: 80, attended=False
    )
    page = Kettle(Workspace(stage.clock, language="en"))
    assert LineModeApp(page.workspace, stage.places, paper).read_out(page) == "12 black"
    assert "-- Kettle · warm" in said
    assert "[1–2 choose a tea; a a name; Enter pour; ! emergency card; ? help]" in said
    assert "That is not possible here." in said
    assert "for koira and kissa" in said
    first_change = said.index("Tea: black")
    assert said[:first_change].count("1  green") == 1, "only what changed is read out"
    assert page.opened == 1


class Drawn(Kettle):
    """A page with a picture, which says the same in words."""

    def body(self, width: int) -> list[Line]:
        return [plain("▁▃▅")]

    def spoken(self, width: int) -> list[Line]:
        return [plain("cold, warm, hot")]


def test_what_is_spoken_is_read_out_in_place_of_a_picture(stage: Stage) -> None:
    said: list[str] = []
    lines: Iterator[str] = iter(["2", "12", ""])
    paper = LineTerminal(
        said.append, lambda secret: next(lines), columns=lambda: 80, attended=False
    )
    page = Drawn(Workspace(stage.clock, language="en"))
    LineModeApp(page.workspace, stage.places, paper).read_out(page)
    assert "cold, warm, hot" in said
    assert "▁▃▅" not in said


def test_no_renderer_asks_what_kind_of_page_it_shows() -> None:
    """It reads the traits of a page; what it asks by name would be missing on a new one."""
    for room in ("line_mode", "full_screen"):
        for path in (ROOT / "tui" / room).glob("*.py"):
            tree = ast.parse(path.read_text("utf-8"))
            calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
            asked = {ast.unparse(n.args[1]) for n in calls if ast.unparse(n.func) == "isinstance"}
            assert not {kind for kind in asked if kind.endswith("Screen")} - {"PageScreen"}, path
            assert not [n for n in calls if ast.unparse(n).startswith("vars(shown")], path
