"""What Porras shows and reads on a console of Windows, as far as another system can tell.

What needs Windows itself is in `tests/windows`.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import Key

from stepping.characters import escape_unfit
from store.paths import PATHWAYS
from tui.commands.doctor_terminal import TerminalSetting, describe
from tui.settings import Settings
from tui.terminal.capabilities import ConsoleFacts, check_terminal, detect_ability
from tui.terminal.keyboard import Burst, KeyReader
from tui.terminal.paint.cursor import Cursor
from tui.terminal.paint.diff import redraw
from tui.terminal.paint.grid import CellRow, blank_row
from tui.terminal.windows.attributes import Looks
from tui.terminal.windows.keys import KeyEvent, Typed, type_key
from tui.terminal.windows.screen import Cell, ConsoleScreen

COLUMNS, ROWS = 12, 4
SHIFT, LEFT_CTRL, LEFT_ALT, ALT_GR = 0x10, 0x08, 0x02, 0x01 | 0x08


class Cells:
    """Cells that a test can look at."""

    def __init__(self, columns: int = COLUMNS, rows: int = ROWS) -> None:
        self.lines = [[("#", 0)] * columns for _ in range(rows)]
        self.at = (0, 0)
        self.rung = 0

    def draw(self, x: int, y: int, cells: Sequence[Cell]) -> None:
        assert x + len(cells) <= len(self.lines[y])
        self.lines[y][x : x + len(cells)] = cells

    def point(self, x: int, y: int) -> None:
        self.at = (x, y)

    def ring(self) -> None:
        self.rung += 1

    @property
    def text(self) -> list[str]:
        return ["".join(char for char, _ in line) for line in self.lines]


rows = st.lists(
    st.tuples(st.sampled_from("ab äöå─█→"), st.sampled_from(["", "1", "7", "1;31", "4", "30;47"])),
    min_size=COLUMNS,
    max_size=COLUMNS,
).map(lambda cells: CellRow(*(tuple(part) for part in zip(*cells, strict=True))))
pictures = st.lists(rows, min_size=ROWS, max_size=ROWS)


@given(st.lists(pictures, min_size=1, max_size=3))
def test_codes_of_the_painter_draw_the_same_as_on_a_terminal(pages: list[list[CellRow]]) -> None:
    cells, terminal = Cells(), pyte.Screen(COLUMNS, ROWS)
    screen, stream = ConsoleScreen(cells, COLUMNS, ROWS), pyte.Stream(terminal)
    cursor, shown = Cursor(COLUMNS), [blank_row(COLUMNS)] * ROWS
    cursor.clear()
    for page in pages:
        for y, row in enumerate(page):
            redraw(cursor, y, shown[y], row)
        shown = page
        text = cursor.take()
        screen.feed(text)
        stream.feed(text)
        assert cells.text == terminal.display == [row.text for row in page]
    for y, row in enumerate(pages[-1]):
        for x, style in enumerate(row.styles):
            looks = Looks()
            for code in filter(None, style.split(";")):
                looks.switch(int(code))
            char, attribute = cells.lines[y][x]
            if char != " ":  # of a blank only its ground is seen
                assert attribute == looks.attribute, (x, y)


def test_the_first_and_the_last_cell_are_drawn_and_nothing_scrolls() -> None:
    cells = Cells()
    screen = ConsoleScreen(cells, COLUMNS, ROWS)
    screen.feed("\x1b[H\x1b[J" + "Ä" * COLUMNS + f"\x1b[{ROWS};1H" + "å" * COLUMNS + "beyond")
    assert cells.text == ["Ä" * COLUMNS, " " * COLUMNS, " " * COLUMNS, "å" * COLUMNS]
    assert cells.at == (COLUMNS - 1, ROWS - 1)


def test_what_a_console_has_no_cell_for_is_still_as_wide() -> None:
    cells = Cells()
    ConsoleScreen(cells, COLUMNS, ROWS).feed("\x1b[H\x1b[Ja\u0308x漢y😀z")
    assert cells.text[0] == "äx漢漢y??z    "
    assert [attribute >> 8 for _, attribute in cells.lines[0][2:4]] == [1, 2]


@pytest.mark.parametrize(
    "code", ["\x1b[?1049h", "\x1b]2;title\x07", "\x1b[>1u", "\x1b[<u", "\x1b7"]
)
def test_other_codes_leave_nothing_on_the_screen(code: str) -> None:
    cells = Cells()
    ConsoleScreen(cells, COLUMNS, ROWS).feed(f"\x1b[H\x1b[Ja{code}b\a")
    assert cells.text[0].rstrip() == "ab"
    assert cells.rung == 1


@pytest.mark.parametrize(
    ("codes", "usual", "attribute"),
    [
        ("", 0x07, 0x07),
        ("1", 0x07, 0x0F),
        ("31", 0x07, 0x04),  # red and blue have changed places
        ("1;34", 0x07, 0x09),
        ("97;41", 0x07, 0x4F),
        ("7", 0x07, 0x70),
        ("1;7", 0x07, 0xF0),
        ("2", 0x07, 0x08),
        ("4", 0x07, 0x8007),
        ("1", 0xF0, 0xF0),  # black on white stays black
        ("1;33", 0xF0, 0xF6),
        ("1;31;22;39;7;27;4;24", 0x07, 0x07),
        ("1;31;42;0", 0x1E, 0x1E),
    ],
)
def test_looks_are_two_of_sixteen_colours(codes: str, usual: int, attribute: int) -> None:
    looks = Looks(usual)
    for code in filter(None, codes.split(";")):
        looks.switch(int(code))
    assert looks.attribute == attribute


def pressed(key: int, char: str = "\0", state: int = 0, repeats: int = 1) -> list[str]:
    reader, typed = KeyReader(), Typed()
    data = typed.encode(type_key(KeyEvent(True, key, char, state, repeats)))
    events = reader.feed(data, 10.0) + reader.pause(10.5)
    return [event.key if isinstance(event, Key) else type(event).__name__ for event in events]


@pytest.mark.parametrize(
    ("event", "name"),
    [
        ((0x26,), "up"),
        ((0x28,), "down"),
        ((0x25, "\0", SHIFT), "shift+left"),
        ((0x27, "\0", LEFT_CTRL), "ctrl+right"),
        ((0x24,), "home"),
        ((0x23,), "end"),
        ((0x21,), "pageup"),
        ((0x22,), "pagedown"),
        ((0x2E,), "delete"),
        ((0x70,), "f1"),
        ((0x74,), "f5"),
        ((0x7B,), "f12"),
        ((0x08, "\x08"), "backspace"),
        ((0x09, "\t"), "tab"),
        ((0x09, "\t", SHIFT), "shift+tab"),
        ((0x0D, "\r"), "enter"),
        ((0x1B, "\x1b"), "escape"),
        ((0x43, "\x03", LEFT_CTRL), "ctrl+c"),
        ((0x4C, "\x0c", LEFT_CTRL), "ctrl+l"),
        ((0x33, "3"), "3"),
        ((0xDE, "ä"), "ä"),
        ((0xC0, "Ö", SHIFT), "Ö"),
        ((0xDD, "å"), "å"),
        ((0x32, "@", ALT_GR), "at"),
        ((0x45, "€", ALT_GR), "euro_sign"),
        ((0x58, "x", LEFT_ALT), "alt+x"),
    ],
)
def test_keys_are_named_as_on_every_terminal(event: tuple[int, str, int], name: str) -> None:
    assert pressed(*event) == [name]


@pytest.mark.parametrize("key", [0x10, 0x11, 0x12, 0x14, 0x5B, 0x90])
def test_shift_and_its_like_alone_are_no_keys(key: int) -> None:
    assert pressed(key) == []


def test_a_released_key_is_none_but_for_a_character_made_of_digits() -> None:
    assert type_key(KeyEvent(False, 0x33, "3", 0)) == ""
    assert type_key(KeyEvent(False, 0x12, "\0", 0)) == ""
    assert type_key(KeyEvent(False, 0x12, "ä", 0)) == "ä"


def test_a_key_that_is_counted_at_once_is_no_answer() -> None:
    assert pressed(0x33, "3", repeats=3) == ["Burst"]


def test_a_paste_comes_as_one() -> None:
    text = "".join(type_key(KeyEvent(True, 0, char, 0)) for char in "3\r3")
    (event,) = [*(reader := KeyReader()).feed(text.encode(), 10.0), *reader.pause(10.5)]
    assert isinstance(event, Burst)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(1, 3))
def test_characters_in_two_events_are_joined(text: str, size: int) -> None:
    units = text.encode("utf-16-le")
    chars = [units[i : i + 2].decode("utf-16-le", "surrogatepass") for i in range(0, len(units), 2)]
    typed = Typed()
    parts = [typed.encode("".join(chars[i : i + size])) for i in range(0, len(chars), size)]
    assert b"".join(parts).decode() == text


def test_half_a_character_is_dropped_and_ends_nothing() -> None:
    typed = Typed()
    assert typed.encode("\udc00a\ud83d") + typed.encode("b") == b"ab"


# -- what a console is taken for, and what is said of it ----------------------------------------

CONSOLE = ConsoleFacts(850, vector_font=True)


def refusal(
    env: dict[str, str], stdin: bool, out: bool, size: tuple[int, int] = (80, 25)
) -> str | None:
    found = check_terminal(env, stdin, out, False, size, "cp1252", CONSOLE)
    return str(found) if found else None


def test_neither_code_page_nor_locale_nor_term_is_asked_on_windows() -> None:
    assert refusal({}, True, True) is None
    assert refusal({"TERM": "dumb"}, True, True) is None


@pytest.mark.parametrize("env", [{}, {"MSYSTEM": "MINGW64"}])
def test_advice_is_in_words_of_windows(env: dict[str, str]) -> None:
    said = [refusal(env, False, True), refusal(env, True, False)]
    assert said[0] == said[1]
    assert said[0] is not None
    assert "Windows Terminal" in said[0]
    assert ("winpty porras" in said[0]) == bool(env)
    assert not [word for word in ("export", "ssh", "TERM", "LC_ALL") if word in said[0]]


def test_a_small_window_is_told_in_the_same_words_everywhere() -> None:
    assert "50 columns by 25 rows" in (refusal({}, True, True, (50, 25)) or "")


@pytest.mark.parametrize(
    ("vector", "in_terminal", "glyphs"),
    [(True, False, "unicode"), (False, False, "ascii"), (False, True, "unicode")],
)
def test_a_font_of_one_code_page_gets_ascii(vector: bool, in_terminal: bool, glyphs: str) -> None:
    facts = ConsoleFacts(850, vector_font=vector, in_terminal=in_terminal)
    assert detect_ability({}, console=facts).glyphs == glyphs
    assert detect_ability({}, glyphs="unicode", console=facts).glyphs == "unicode"


def test_no_color_counts_on_windows_too() -> None:
    assert detect_ability({"TERM": "vt100"}, console=CONSOLE).colours == 16
    able = detect_ability({"NO_COLOR": "1"}, console=CONSOLE)
    assert (able.colours, able.theme) == (0, "mono")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("page", [0, 437, 65001])
def test_the_doctor_speaks_of_a_console(language: str, page: int) -> None:
    facts = ConsoleFacts(page, vector_font=False)
    place = TerminalSetting({"NO_COLOR": "1"}, (80, 25), "cp1252", None, facts)
    settings = Settings(None, PATHWAYS, language, theme="contrast")
    said = list(describe(settings, place))
    text = " ".join(f"{found.text} {found.means} {found.do}" for found in said)
    assert not [word for word in ("export", "ssh", "TERM", "cp1252", "stty") if word in text]
    assert "set NO_COLOR=" in text
    assert "Consolas" in text
    assert text == escape_unfit(text)
