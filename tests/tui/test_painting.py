"""What the nurse sees is exactly what was drawn, however little was sent for it."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import Color
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from tests.terminal.emulator import Terminal, seen
from tui.full_screen.themes import dress
from tui.terminal.paint.glyphs import ASCII
from tui.terminal.paint.grid import blank_row, lay_out_row
from tui.terminal.paint.painter import Painter
from tui.terminal.paint.style import StyleReader, style_codes, style_on_blank
from tui.terminal.paint.writer import Writer

COLUMNS, ROWS = 20, 4
CONSOLE = Console(
    file=io.StringIO(), color_system="standard", force_terminal=True, legacy_windows=False
)
STYLES = (
    None,
    Style(bold=True),
    Style(reverse=True),
    Style(underline=True),
    Style(bold=True, reverse=True),
    Style(color="red"),
    Style(color="red", bgcolor="blue", italic=True),
    Style(bgcolor="bright_green"),
)
ATOMS = ("a", "b", " ", " ", "ä", "漢", "─", "…")
"""Textual cuts a strip between a letter and its mark, so that half pages hold no marks."""


def erasing(columns: int, rows: int, in_colour: bool) -> Terminal:
    """A terminal that erases with the present ground, or with its own."""
    return Terminal(columns, rows, erases_in_colour=in_colour)


@dataclass(frozen=True)
class Kind:
    """A terminal and the theme on it."""

    theme: str
    colours: int
    bce: bool

    @property
    def ground(self) -> Style | None:
        return dress(self.theme, self.colours)["normal"]

    def worn(self, page: list[Strip]) -> list[Strip]:
        """A page on the ground of the theme, in the colours that the terminal has."""
        return [
            Strip([Segment(text, self._style(style)) for text, style, _ in row], row.cell_length)
            for row in page
        ]

    def _style(self, style: Style | None) -> Style | None:
        if style and not self.colours:
            style = style.without_color
        elif style and self.colours == 8 and style.bgcolor:
            style += Style(bgcolor=style.bgcolor.name.removeprefix("bright_"))
        return style if self.ground is None else self.ground + style + Style(italic=False)


KINDS = [
    Kind(theme, colours, bce)
    for theme, colours in (("standard", 16), ("contrast", 16), ("contrast", 8), ("mono", 0))
    for bce in (True, False)
]


def pages(*atoms: str) -> st.SearchStrategy[list[Strip]]:
    """Pages with these characters in every look."""
    text = st.lists(st.sampled_from(atoms), max_size=12).map("".join)
    spans = st.lists(st.tuples(text, st.sampled_from(STYLES)), max_size=4)
    row = spans.map(lambda each: strip(Segment(text, style) for text, style in each))
    return st.lists(row, min_size=ROWS, max_size=ROWS)


def strip(segments: Iterable[Segment], columns: int = COLUMNS) -> Strip:
    """A strip as wide as the terminal, cut where it is longer."""
    return Strip(segments).crop(0, columns).adjust_cell_length(columns)


def lines(*texts: str, columns: int = 80) -> list[Strip]:
    return [strip([Segment(text)], columns) for text in texts]


def layout(page: list[Strip]) -> LayoutUpdate:
    region = Region(0, 0, page[0].cell_length, len(page))
    return LayoutUpdate([[each] for each in page], region)


@dataclass
class Change:
    """Spans of a page that are drawn anew, each line in two pieces."""

    page: list[Strip]
    spans: list[tuple[int, int, int]]
    cut: int

    def over(self, old: list[Strip]) -> list[Strip]:
        new = list(old)
        for y, start, stop in self.spans:
            middle = self._pieces(y)
            parts = [new[y].crop(0, start), middle.crop(start, stop), new[y].crop(stop)]
            new[y] = Strip.join(parts)
        return new

    def _pieces(self, y: int) -> Strip:
        return Strip.join([self.page[y].crop(0, self.cut), self.page[y].crop(self.cut)])

    def update(self) -> ChopsUpdate:
        chops = [{0: each.crop(0, self.cut), self.cut: each.crop(self.cut)} for each in self.page]
        return ChopsUpdate(chops, self.spans, [[self.cut, COLUMNS]] * len(self.page))


@st.composite
def changed(draw: st.DrawFn) -> Change:
    page = draw(pages(*ATOMS))
    spans = []
    for y in range(ROWS):
        ends = draw(st.lists(st.integers(0, COLUMNS), max_size=4, unique=True))
        spans += [(y, a, b) for a, b in list(pairwise(sorted(ends)))[::2]]
    return Change(page, spans, draw(st.integers(1, COLUMNS - 1)))


@dataclass
class Screen:
    """A terminal that a painter draws on."""

    columns: int = COLUMNS
    rows: int = ROWS
    glyphs: str = "unicode"
    kind: Kind = Kind("standard", 16, bce=True)
    painter: Painter = field(init=False)
    terminal: Terminal = field(init=False)

    def __post_init__(self) -> None:
        size, kind = (self.columns, self.rows), self.kind
        looks = StyleReader(kind.colours, ground=kind.ground)
        self.painter = Painter(looks, self.glyphs, size=size, erases=kind.bce)
        self.terminal = erasing(*size, kind.bce)
        self.terminal.feed(b"\x1b[?7l")

    def send(self, limit: int = 1 << 20) -> str:
        text = self.painter.take(limit)
        self.terminal.feed(text.encode())
        return text

    def send_all(self) -> None:
        for _ in range(100):
            if not self.send(8):
                return
        raise AssertionError("it never comes to an end")

    def resize(self, columns: int, rows: int) -> None:
        self.terminal = erasing(columns, rows, self.kind.bce)
        self.terminal.feed(b"\x1b[?7l" + b"left over" * 9 + b"\r\n\x1b[7m" + b"x" * 30)
        self.painter.fit(columns, rows)

    def show(self, *texts: str) -> str:
        """Draw a page of plain lines; return what was sent."""
        missing = [""] * (self.rows - len(texts))
        self.painter.update(layout(lines(*texts, *missing, columns=self.columns)))
        return self.send()


def plainly(
    page: list[Strip], columns: int = COLUMNS, rows: int = ROWS, ground: Style | None = None
) -> list[object]:
    """What a terminal shows on which Textual itself has drawn the page, on this ground."""
    terminal = Terminal(columns, rows)
    missing = [Strip.blank(columns, ground)] * (rows - len(page))
    cut = [each.crop(0, columns).adjust_cell_length(columns, ground) for each in page[:rows]]
    cut += missing
    terminal.feed(b"\x1b[?7l" + layout(cut).render_segments(CONSOLE).encode())
    return seen(terminal)


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(KINDS),
    pages(*ATOMS),
    st.lists(
        st.one_of(
            pages(*ATOMS),
            changed(),
            st.sampled_from(["send", "part", "forget"]),
            st.tuples(st.integers(1, COLUMNS + 6), st.integers(1, ROWS + 2)),
        ),
        max_size=10,
    ),
)
def test_terminal_shows_what_was_drawn_last_whatever_came_before(
    kind: Kind, first: list[Strip], steps: list[list[Strip] | Change | str | tuple[int, int]]
) -> None:
    screen = Screen(kind=kind)
    page = kind.worn(first)
    screen.painter.update(layout(page))
    for step in steps:
        if isinstance(step, Change):
            worn = replace(step, page=kind.worn(step.page))
            page = worn.over(page)
            screen.painter.update(worn.update())
        elif isinstance(step, list):
            page = kind.worn(step)
            screen.painter.update(layout(page))
        elif isinstance(step, tuple):
            screen.resize(*step)
        elif step == "forget":
            screen.terminal.feed(b"\x1b[3;2Hgarbage of a bad line\x1b[7m")
            screen.painter.forget()
        else:
            screen.send(1 if step == "part" else 1 << 20)
    screen.send_all()
    columns, rows = screen.painter.size
    assert seen(screen.terminal) == plainly(page, columns, rows, kind.ground)
    assert screen.send() == ""


@settings(max_examples=100, deadline=None)
@given(st.lists(pages(*ATOMS, "e\u0301", "o\u0302"), min_size=2, max_size=4))
def test_each_picture_in_a_row_is_exact(drawn: list[list[Strip]]) -> None:
    screen = Screen()
    for page in drawn:
        screen.painter.update(layout(page))
        screen.send()
        assert seen(screen.terminal) == plainly(page)


def test_nothing_is_sent_twice() -> None:
    screen = Screen(80, 24)
    assert screen.show("one", "two")
    assert screen.show("one", "two") == ""


def test_one_mark_costs_one_move_one_letter_and_the_way_back() -> None:
    screen = Screen(80, 24)
    page = ["top", " Question", *(f" ( ) {n}  an answer" for n in range(4))]
    screen.show(*page)
    sent = screen.show(*page[:3], " (x) 1  an answer", *page[4:])
    assert len(sent) <= 12
    assert screen.terminal.text.split("\n")[3] == " (x) 1  an answer"


def test_next_line_is_reached_by_a_line_feed() -> None:
    screen = Screen(80, 24)
    screen.show("top", "")
    assert "\r\n" in screen.show("top", "a", "b")


def test_short_gap_is_written_and_a_long_one_jumped_over() -> None:
    screen = Screen(80, 24)
    screen.show("top", "a" * 60)
    sent = screen.show("top", "b" + "aa" + "b" + "a" * 50 + "b" + "aaaaa")
    assert sent.startswith("baab\x1b[50Cb")


def test_end_of_a_line_is_erased_not_written_over() -> None:
    screen = Screen(80, 24)
    screen.show("top", "a long line " * 6, "more", "and more")
    sent = screen.show("top", "a")
    assert "  " not in sent
    assert "\x1b[K" in sent
    assert sent.count("\x1b[J") == 1
    assert screen.terminal.text == "top\na"


def test_erasing_never_leaves_the_colour_of_what_was_written_before() -> None:
    screen = Screen()
    red = Style(bgcolor="red", reverse=True)
    screen.painter.update(layout([strip([Segment("x" * COLUMNS, red)])] * ROWS))
    screen.send()
    screen.painter.update(layout([strip([Segment("x", red)])] * ROWS))
    screen.send()
    cells = [getattr(cell, "bg", "") for cell in screen.terminal.cells()]
    assert cells.count("red") == ROWS


def test_bold_words_share_one_switch_over_their_blanks() -> None:
    screen = Screen()
    bold = Style(bold=True)
    screen.painter.update(layout([strip([Segment("a bold line", bold)])] * ROWS))
    assert screen.send().count("\x1b[1m") + screen.send().count("\x1b[;1m") <= 1


def test_long_line_is_sent_in_parts_and_only_the_newest_picture() -> None:
    screen = Screen(80, 24)
    screen.painter.update(layout(lines(*["old " * 20] * 24)))
    first = screen.painter.take(100)
    assert 100 <= len(first) < 250
    screen.painter.update(layout(lines(*["new " * 20] * 24)))
    rest = "".join(iter(lambda: screen.painter.take(100), ""))
    assert "old" not in rest
    screen.terminal.feed((first + rest).encode())
    assert set(screen.terminal.text.split()) == {"new"}


def test_what_was_hidden_does_not_come_back() -> None:
    screen = Screen(80, 24)
    screen.show("the client's page")
    screen.painter.close()
    assert screen.show("drawn while another program has the terminal") == ""
    screen.painter.open(80, 24)
    screen.send()
    assert screen.terminal.text == ""


@pytest.mark.parametrize(
    ("page", "place"),
    [
        (["top", "", " How often?", "", " ( ) 0 never"], (1, 2)),
        (["top", "", " How often?", "", "   ( ) 0", " > (x) 1"], (1, 5)),
        (["top", " > Year of birth  [ 19_  ]", " other [ _ ]"], (22, 1)),
        (["top", "", " 漢 Weeks?", "   [ 漢1_   ] weeks"], (8, 3)),
        (["only a top"], (0, 0)),
    ],
)
def test_cursor_stands_where_the_nurse_reads_or_types(
    page: list[str], place: tuple[int, int]
) -> None:
    screen = Screen(80, 24)
    screen.show(*page)
    assert (screen.terminal.screen.cursor.x, screen.terminal.screen.cursor.y) == place
    assert screen.send() == ""


def test_cursor_stands_on_the_question_rather_than_what_is_above_it() -> None:
    screen = Screen(40, 9)
    bold = Style(bold=True)
    page = [
        Segment(" top", Style(reverse=True)),
        Segment(" PHQ-9 (draft)"),
        Segment(" How often?", bold),
    ]
    rest = [Segment(" ( ) 0"), *[Segment("")] * 4, Segment("Enter", bold)]
    screen.painter.update(layout([strip([each], 40) for each in page + rest]))
    screen.send()
    assert (screen.terminal.screen.cursor.x, screen.terminal.screen.cursor.y) == (1, 2)


def test_cursor_follows_a_field_that_says_where_it_is() -> None:
    screen = Screen(80, 24)
    page = layout(lines(*["> pointer"] * 24))
    screen.painter.update(page, (7, 9))
    screen.send()
    assert (screen.terminal.screen.cursor.x, screen.terminal.screen.cursor.y) == (7, 9)
    screen.painter.update(page, (8, 9))
    assert len(screen.send()) <= 4


def test_stand_ins_are_as_wide_as_what_they_stand_for() -> None:
    for char, instead in ASCII.items():
        assert cell_len(char) == cell_len(instead) == len(instead) == 1
        assert instead.isascii()


def test_terminal_without_glyphs_gets_none_but_keeps_its_letters() -> None:
    screen = Screen(40, 3, glyphs="ascii")
    screen.show("─┤ ██▄ · “Mikä” – 0…5 → ålder •")
    assert screen.terminal.text == '-+ ##= - "Mikä" - 0.5 > ålder *'


@pytest.mark.parametrize(
    ("colours", "style", "look"),
    [
        (16, Style(color="bright_red", bgcolor="blue"), "91;44"),
        (8, Style(color="bright_red", bgcolor="blue"), "31;44"),
        (8, Style(color="bright_black"), ""),
        (8, Style(color="bright_blue", bgcolor="blue", bold=True), "1;34"),
        (0, Style(color="red", bgcolor="blue", bold=True), "1"),
        (16, Style(color="default", bgcolor="default"), ""),
        (16, Style(color=Color.from_rgb(250, 10, 10)), "31"),
    ],
)
def test_colours_are_brought_down_to_what_the_terminal_has(
    colours: int, style: Style, look: str
) -> None:
    assert StyleReader(colours).of(style) == look


def test_plain_terminal_gets_no_attribute_it_does_not_know() -> None:
    style = Style(bold=True, italic=True, dim=True, strike=True, underline=True)
    assert StyleReader(0, plain=True).of(style) == "1;4"


def test_looks_change_by_what_is_added_or_from_the_start() -> None:
    assert style_codes("", "1") == "\x1b[1m"
    assert style_codes("1", "1;7") == "\x1b[7m"
    assert style_codes("1;7", "7") == "\x1b[;7m"
    assert style_codes("1;31", "1;32") == "\x1b[32m"
    assert style_codes("1", "") == "\x1b[m"
    assert style_codes(None, "") == "\x1b[m"
    assert style_on_blank("1;31") == ""
    assert style_on_blank("1;7;31") == "1;7;31"
    assert style_on_blank("1;4;44") == "4;44"


def test_half_of_a_wide_character_is_never_left_over() -> None:
    row = lay_out_row([Segment("a漢b")], StyleReader(), {})
    over = lay_out_row([Segment("x")], StyleReader(), {})
    assert row.lay_over(1, over).text == "ax b"
    assert row.lay_over(2, over).text == "a xb"
    assert row.fit_width(2).text == "a "
    assert blank_row(2).lay_over(1, over).text == " x"


@pytest.mark.parametrize("after", ["字 and more  two", "字 and more", "字字and more  two"])
def test_a_wide_character_in_the_place_of_another_moves_nothing_after_it(after: str) -> None:
    """Their right halves do not differ, and the cursor stands behind them all the same."""
    screen = Screen(20, 2)
    screen.show("漢 and more  one")
    screen.show(after)
    assert screen.terminal.text == after


@pytest.mark.parametrize("sign", ["漢", "e\u0301"])
def test_where_something_stands_after_an_odd_character_is_told_anew(sign: str) -> None:
    """Terminals disagree on widths, so that no column is counted from the end of such a sign."""
    screen = Screen(20, 1)
    screen.show("x" * 20)
    sent = screen.show(f"{sign}{'x' * (15 - cell_len(sign))}bxxxx")
    other = Terminal(20, 1)  # draws the sign in another number of cells
    drawn = sent.replace(sign, "*" * (3 - cell_len(sign)))
    other.feed(f"\x1b[?7l{'x' * 20}\r{drawn}".encode())
    assert other.text[2:] == "x" * 13 + "bxxxx"


def test_a_mark_stays_on_its_letter_at_the_edge_of_a_change() -> None:
    screen = Screen(10, 1)
    screen.show("caf  xy")
    new = [strip([Segment("cafe\u0301 xy")], 10)]
    screen.painter.update(ChopsUpdate([{0: new[0]}], [(0, 3, 4)], [[10]]))
    screen.send()
    assert screen.terminal.text == "café xy"


def test_text_that_would_steer_the_terminal_is_shown_as_question_marks() -> None:
    screen = Screen(40, 3)
    screen.show("a\x1b[2Jb\x9bc\u202ed")
    assert screen.terminal.text == "a?[2Jb?c?d"


class Slow:
    """A terminal that takes a text when it is let, and keeps what it has got."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.limits: list[int] = []
        self.free = threading.Event()
        self.pace = True

    def write(self, text: str) -> bool:
        self.free.wait(60)
        self.got.append(text)
        return self.pace

    def picture(self, limit: int) -> str:
        self.limits.append(limit)
        return "" if len(self.got) > 3 else f"picture {len(self.got)}".ljust(limit % 1000)


def test_codes_go_before_pictures_and_nothing_after_the_end() -> None:
    slow = Slow()
    line = Writer(slow.write, slow.picture)
    line.wake()
    line.send("mode on")
    slow.free.set()
    line.start()
    line.send("mode off")
    line.finish()
    assert not line.is_alive()
    codes = [text for text in slow.got if text.startswith("mode")]
    assert (slow.got[0], codes) == ("mode on", ["mode on", "mode off"])


def test_a_terminal_that_takes_nothing_holds_neither_the_keys_nor_the_end() -> None:
    slow = Slow()
    line = Writer(slow.write, slow.picture)
    line.start()
    for _ in range(1000):
        line.send("x")
        line.wake()
    line.finish()
    assert line.is_alive()
    assert slow.got == []  # so nobody above has waited for the terminal to take anything
    slow.free.set()
    line.join(5)


@pytest.mark.parametrize("late", ["slow line", "late terminal"])
def test_a_picture_goes_in_parts_where_the_terminal_is_slow(late: str) -> None:
    slow = Slow()
    slow.free.set()
    slow.pace = late == "slow line"
    line = Writer(slow.write, slow.picture, 19200 if late == "slow line" else 0)
    line.start()
    end = time.perf_counter() + 5
    while len(slow.got) < 4 and time.perf_counter() < end:
        line.wake()
        time.sleep(0.01)
    line.finish()
    assert slow.limits[-1] < 1000
    assert slow.limits[0] < 1000 or late != "slow line"
