"""The widget that every page is drawn with: what it shows, and what it sends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import RenderableType
from textual._time import get_time
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import Key
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import Static

from screens.base.lines import Line, Look, harmless, plain, wrap
from stepping.characters import UNFIT
from tests.terminal.emulator import Terminal
from tui.full_screen.line_widget import Lines, cells, changes
from tui.full_screen.typeahead import TypeAheadGuard
from tui.terminal.app import ExactUpdate, TerminalApp

LOOKS: tuple[Look, ...] = ("normal", "bold", "reverse", "underline")
TEXT = st.text("ab ä漢字é́\u200b\x1b", max_size=30)
LINE = st.lists(st.tuples(TEXT, st.sampled_from(LOOKS)), max_size=4).map(tuple)
PAGE = st.lists(LINE, max_size=5)


class Page(TerminalApp[None]):
    """Draws Lines, and keeps what would be sent to a terminal."""

    CSS = "Static { width: 20; }"

    def __init__(self, lines: Sequence[Line], beside: str = "") -> None:
        super().__init__()
        self.page = Lines(lines)
        self.beside = beside
        self.sent: list[str] = []

    def compose(self) -> ComposeResult:
        if self.beside:
            with Horizontal():
                yield self.page
                yield Static(self.beside)
        else:
            yield self.page

    def _display(self, screen: Any, renderable: RenderableType | None) -> None:
        super()._display(screen, renderable)
        if renderable is not None:
            if hasattr(renderable, "chops"):
                update: Any = renderable
                renderable = ExactUpdate(update.chops, update.spans, update.chop_ends)
            assert hasattr(renderable, "render_segments")
            self.sent.append(renderable.render_segments(self.console))


def drawn(sent: Sequence[str], columns: int = 40, rows: int = 5) -> Terminal:
    terminal = Terminal(columns, rows)
    terminal.feed("".join(sent).replace("\n", "\r\n").encode())
    return terminal


@given(LINE, st.integers(0, 20))
def test_a_row_is_always_exactly_as_wide_as_asked(line: Line, width: int) -> None:
    row = cells(line, width)
    assert len(row) == width
    assert cell_len("".join(char for char, _ in row)) == width


@given(LINE, LINE)
@example(plain("漢"), plain("字"))
@example(plain("a漢漢"), plain("漢漢a"))
def test_changes_hold_every_difference_and_split_no_wide_character(old: Line, new: Line) -> None:
    before, after = cells(old, 24), cells(new, 24)
    spans = changes(before, after)
    covered = {x for start, end in spans for x in range(start, end)}
    assert {x for x in range(24) if before[x] != after[x]} <= covered
    for start, end in spans:
        assert after[start][0] != ""
        assert end == 24 or after[end][0] != ""
    assert [a for span in spans for a in span] == sorted(a for span in spans for a in span)


def test_near_changes_are_one_and_far_ones_two() -> None:
    old = cells(plain("a" * 30), 30)
    near = cells(plain("b" + "a" * 4 + "b" + "a" * 24), 30)
    far = cells(plain("b" + "a" * 20 + "b" + "a" * 8), 30)
    assert changes(old, near) == [(0, 6)]
    assert changes(old, far) == [(0, 1), (21, 22)]


def test_nothing_changed_is_nothing_to_send() -> None:
    row = cells(plain("the same"), 20)
    assert changes(row, row) == []


@pytest.mark.parametrize("char", ["\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\u200f", "\ud800"])
def test_text_cannot_steer_the_terminal(char: str) -> None:
    assert harmless(f"a{char}b") == "a?b"
    assert "".join(c for c, _ in cells(plain(f"a{char}b"), 3)) == "a?b"


@given(st.text("ab ä漢\n", max_size=80), st.integers(2, 20), st.integers(0, 6))
def test_wrapped_text_fits_and_keeps_every_letter(text: str, width: int, hanging: int) -> None:
    lines = wrap(text, width, hanging)
    assert lines
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_wrap_breaks_between_words_and_hangs() -> None:
    assert wrap("1  one two three", 9, hanging=3) == ["1 one two", "   three"]
    assert wrap("one\n\ntwo", 9) == ["one", "", "two"]
    assert wrap("", 9) == [""]
    assert wrap("abcdefgh", 3) == ["abc", "def", "gh"]
    assert wrap("ab abcdefgh cd", 3, whole_words=True) == ["ab", "abcdefgh", "cd"]


async def test_shows_looks_and_crops() -> None:
    app = Page([(("Step ", "normal"), ("2", "bold")), plain("x" * 90, "reverse"), plain("漢" * 30)])
    async with app.run_test(size=(40, 5)):
        terminal = drawn(app.sent)
        assert terminal.text.split("\n") == ["Step 2", "x" * 40, "漢" * 20]
        assert terminal.screen.buffer[0][5].bold
        assert terminal.screen.buffer[1][39].reverse
        assert app.page.text.startswith("Step 2\nxxx")


@settings(max_examples=30, deadline=None)
@given(old=PAGE, new=PAGE)
async def test_after_a_change_the_terminal_shows_the_new_page(
    old: list[Line], new: list[Line]
) -> None:
    app = Page(old)
    async with app.run_test(size=(40, 5)) as pilot:
        app.page.show(new)
        await pilot.pause()
        assert drawn(app.sent).cells() == drawn(await fresh(new)).cells()


async def fresh(lines: list[Line]) -> list[str]:
    app = Page(lines)
    async with app.run_test(size=(40, 5)):
        return app.sent


async def quiet(app: Page, pilot: Pilot[None]) -> None:
    """Wait until the first drawings are over."""
    before = -1
    while before != len(app.sent):
        before = len(app.sent)
        await pilot.pause(0.05)


async def test_two_changes_before_one_drawing_are_both_drawn() -> None:
    app = Page([plain("aaaaaaaaaa bbbbbbbbbb cccccccccc")])
    async with app.run_test(size=(40, 5)) as pilot:
        app.page.show([plain("xaaaaaaaaa bbbbbbbbbb cccccccccc")])
        app.page.show([plain("xaaaaaaaaa bbbbbbbbbb ccccccccyy"), plain("more")])
        await pilot.pause()
        assert drawn(app.sent).text == "xaaaaaaaaa bbbbbbbbbb ccccccccyy\nmore"


async def test_one_mark_costs_a_few_bytes() -> None:
    page = [plain(f"( ) {n}  an option with a rather long text") for n in range(5)]
    app = Page(page)
    async with app.run_test(size=(40, 5)) as pilot:
        await quiet(app, pilot)
        app.sent.clear()
        app.page.show([page[0], plain("(x)" + page[1][0][0][3:]), *page[2:]])
        await pilot.pause()
        assert app.sent == ["\x1b[2;2Hx"]


async def test_same_page_sends_nothing() -> None:
    app = Page([plain("one"), plain("two")])
    async with app.run_test(size=(40, 5)) as pilot:
        await quiet(app, pilot)
        app.sent.clear()
        app.page.show([plain("one"), plain("two")])
        await pilot.pause()
        assert app.sent == []


async def test_blank_space_at_the_edge_is_erased_not_written() -> None:
    app = Page([plain("short")])
    async with app.run_test(size=(40, 5)):
        assert not re.search("  ", app.sent[0])
        assert app.sent[0].count("\x1b[K") == 5


async def test_beside_another_widget_nothing_of_it_is_erased() -> None:
    app = Page([plain("left"), plain("left")], beside="right\nright")
    async with app.run_test(size=(40, 5)) as pilot:
        await quiet(app, pilot)
        app.page.show([plain("l"), plain("left more")])
        await pilot.pause()
        assert drawn(app.sent).text.split("\n") == [
            "l" + " " * 19 + "right",
            "left more" + " " * 11 + "right",
        ]


class Dialog(ModalScreen[None]):
    """A box in the middle of the page."""

    CSS = "Dialog { align: center middle; } Static { width: 10; height: 1; }"

    def compose(self) -> ComposeResult:
        yield Static("dialog")


async def test_page_stays_around_a_dialog_and_comes_back() -> None:
    app = Page([plain("a" * 40), plain("b"), plain("c" * 40)])
    async with app.run_test(size=(40, 3)) as pilot:
        await app.push_screen(Dialog())
        await pilot.pause()
        shown = drawn(app.sent, rows=3).text.split("\n")
        assert shown == ["a" * 40, "b" + " " * 14 + "dialog", "c" * 40]
        app.pop_screen()
        await pilot.pause()
        assert drawn(app.sent, rows=3).text.split("\n") == ["a" * 40, "b", "c" * 40]


async def test_resize_draws_the_whole_line_again() -> None:
    app = Page([plain("x" * 30)])
    async with app.run_test(size=(10, 5)) as pilot:
        await pilot.resize_terminal(40, 5)
        await pilot.pause()
        assert drawn(app.sent).text == "x" * 30


def test_guard_drops_keys_pressed_before_the_question_was_drawn() -> None:
    guard = TypeAheadGuard(grace_s=0.05)
    early = Key("1", "1")
    assert guard.stale(early)
    guard.once_drawn()(get_time())
    assert guard.stale(early)
    bounce, answer = Key("1", "1"), Key("1", "1")
    answer.time = bounce.time + 0.2
    assert guard.stale(bounce)
    assert not guard.stale(answer)
    unseen = guard.once_drawn()
    guard.drawing()
    unseen(get_time())
    assert guard.stale(answer)


def test_no_cell_holds_what_steers_a_terminal_or_is_not_seen() -> None:
    unfit = [chr(code) for code in range(0x110000) if UNFIT.match(chr(code))]
    assert len(unfit) > 2_000
    laid = cells(plain("".join(unfit)), len(unfit))
    assert {char for char, _ in laid} == {"?"}
