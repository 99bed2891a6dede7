"""If these fail, part of a page is out of reach in some window, or the page says so wrongly."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.geometry import Size

from casework.workspace import Workspace
from screens.base.keys import Caption, KeyBinding, Shown
from screens.base.lines import Line, Look, fold, plain
from screens.base.page import Page
from screens.desk.emergency import EmergencyScreen
from screens.forms.entry import Entry
from tests.screens.running import CALM, Stage
from tui.full_screen.frame import SMALLEST, Picture, key_lines, place


class Sheet(Page[None]):
    """Rows that are numbered, and as many beside them."""

    def __init__(self, workspace: Workspace, count: int, beside: int = 0) -> None:
        super().__init__(workspace)
        self.count, self.beside = count, beside

    def top(self) -> tuple[str, str]:
        return "Sheet", ""

    def body(self, width: int) -> list[Line]:
        return [plain(f"row {number}") for number in range(self.count)]

    def aside(self, width: int) -> list[Line]:
        return [plain(f"beside {number}") for number in range(self.beside)]

    def key_list(self) -> Shown:
        return []


def seen(sheet: Page[None], size: Size) -> list[str]:
    rows = Picture(sheet, size).lines(lambda _: [], lambda line: line)
    return ["".join(text for text, _ in row).rstrip() for row in rows]


@pytest.fixture
def workspace(stage: Stage) -> Workspace:
    return Workspace(stage.clock, language="en")


@given(st.integers(1, 60), st.integers(1, 400))
def test_which_page_of_how_many_is_true_wherever_one_stands(room: int, count: int) -> None:
    last, step = max(0, count - room), max(1, room - 1)
    offset, pages = 0, []
    while True:
        pages.append(place(offset, count, room))
        if offset == last:
            break
        offset = min(last, offset + step)
    assert pages == [(at, len(pages)) for at in range(1, len(pages) + 1)]
    told = [place(offset, count, room)[0] for offset in range(last + 1)]
    assert told == sorted(told)
    assert all((at == len(pages)) == (offset == last) for offset, at in enumerate(told))


@pytest.mark.parametrize(("count", "beside"), [(80, 0), (80, 100), (100, 80), (3, 60), (60, 3)])
def test_every_row_of_both_columns_is_seen_by_reading_on(
    workspace: Workspace, count: int, beside: int
) -> None:
    sheet, size = Sheet(workspace, count, beside), Size(132, 40)
    found: set[str] = set()
    for _ in range(5):
        rows = seen(sheet, size)
        assert len(rows) == size.height
        found |= {word.strip() for row in rows for word in (row[:80], row[80:])}
        sheet.offset_rows += Picture(sheet, size).room - 1
    wanted = {f"row {n}" for n in range(count)} | {f"beside {n}" for n in range(beside)}
    assert wanted <= found


def test_a_page_keeps_its_place_when_the_second_column_comes_and_goes(
    workspace: Workspace,
) -> None:
    sheet = Sheet(workspace, 100, 20)
    sheet.offset_rows = 30
    for width in (119, 120, 119, 64, 132):
        rows = seen(sheet, Size(width, 40))
        assert rows[1].startswith(" row 30"), width
        assert ("beside" in rows[1]) == (width >= 120)
        assert all(cell_len(row) <= width for row in rows)


def test_the_end_of_the_last_page_is_the_end_of_the_text(workspace: Workspace) -> None:
    sheet = Sheet(workspace, 40)
    assert "page 1 of 3 · Space" in seen(sheet, SMALLEST)[-3]
    sheet.offset_rows = 999
    rows = seen(sheet, SMALLEST)
    assert "page 3 of 3 · PgUp" in rows[-3]
    assert rows[-4] == " row 39"
    assert not any("page" in row for row in seen(Sheet(workspace, 14), SMALLEST))


def test_where_space_is_typed_another_key_reads_on(workspace: Workspace) -> None:
    class Typed(Sheet):
        field = Entry(" ", 3)

    assert "page 1 of 3 · PgDn" in seen(Typed(workspace, 40), SMALLEST)[-3]


def test_help_and_the_way_back_stay_where_not_every_key_has_room() -> None:
    own = [Caption(f"{n}", "a long name of a deed") for n in range(9)]
    kept = [KeyBinding("x", cap, "name", print) for cap in ("Esc", "F9", "F10", "?")]
    keys: Shown = [*own, *kept]
    rows = ["".join(text for text, _ in row) for row in key_lines(keys, SMALLEST.width)]
    assert all(len(row) <= SMALLEST.width for row in rows)
    assert rows[-1].endswith("Esc name  F10 name  ? name")
    assert rows[0].startswith(" 0 a long name of a deed")
    assert "F9" not in "".join(rows)


@given(
    st.lists(st.tuples(st.text("ab ö漢", max_size=30), st.sampled_from(get_args(Look)))),
    st.integers(4, 40),
)
def test_a_line_that_is_too_wide_is_broken_and_loses_nothing(
    spans: list[tuple[str, Look]], width: int
) -> None:
    line = tuple(spans)
    rows = fold(line, width)
    assert all(sum(cell_len(text) for text, _ in row) <= width for row in rows)

    def letters(lines: list[Line]) -> list[tuple[str, Look]]:
        return [(char, look) for row in lines for text, look in row for char in text if char != " "]

    assert letters(rows) == letters([line])


async def test_space_turns_the_pages_of_the_emergency_card(stage: Stage) -> None:
    async with stage.program(demo=True, language="fi", size=(64, 18)) as session:
        await session.press("f10")
        session.on(EmergencyScreen)
        count = 1
        while "· välilyönti" in session.flat:
            session.says(f"sivu {count}/")
            await session.press("space")
            count += 1
        session.says(f"sivu {count}/{count} · PgUp")
        assert count > 3


async def test_a_part_of_a_larger_window_is_drawn_in(stage: Stage, tmp_path: Path) -> None:
    from tests.terminal.main_job import NIMBLE, ROOT
    from tests.terminal.session import Session

    argv = [*NIMBLE, "--demo", "--db", str(tmp_path / "p.db"), "--lang", "en", "--size", "64x18"]
    with Session(argv, 100, 30, cwd=ROOT) as session:
        session.wait_for("new assessment")
        rows = session.text.split("\n")
        assert all(len(row.rstrip()) <= 64 for row in rows)
        assert not any(row.strip() for row in rows[18:])
        assert "help" in rows[17]
        session.resize(70, 20)
        session.press("F10")
        session.wait_for("EMERGENCY")
        assert not any(row[64:].strip() for row in session.text.split("\n"))


@pytest.mark.parametrize("size", [(64, 18), (80, 24)])
async def test_an_entry_line_lies_over_no_word(stage: Stage, size: tuple[int, int]) -> None:
    """The longest page with one, and the longest thing that is said there."""
    async with stage.resumed(CALM, size=size, language="sv") as session:
        await session.press("f9")
        said = "Lösenfrasen öppnar inte databasen. " * 6
        session.shown.say(said)
        await session.pilot.pause(0.2)  # Textual lays the entry line out at its own time
        at = session.entry.region.y
        rows = session.screen.text.split("\n")
        assert not rows[at].strip(), rows[at]
        assert " ".join(said.split()) in " ".join(" ".join(rows[at:]).split())
        while "· PgDn" in session.flat:
            await session.press("pagedown")
            assert not session.screen.text.split("\n")[at].strip()
