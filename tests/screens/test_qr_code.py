"""If these fail, a scanner reads nothing or something else, or a code is shown unasked."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from screens.base.pick import PickScreen
from screens.export.qr_code import CodeScreen, draw_code
from screens.note.screen import NoteScreen
from store.codes import show
from store.errors import StoreBusy
from tests.gallery import codes, dress
from tests.screens.running import Session, Stage
from tests.screens.test_result import MODERATE
from tests.terminal.drawing import DARK, LIGHT, Palette, draw_png
from tests.terminal.emulator import Terminal
from tui.terminal.capabilities import ThemeName

CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -./:"
HALVES = {" ": (255, 255), "▀": (0, 255), "▄": (255, 0), "█": (0, 0)}
"""What each block shows above and below, as grey."""


def read(image: Any, *, inverted: bool = False) -> list[str]:
    return [each.text for each in zxingcpp.read_barcodes(image, try_invert=inverted)]


def read_by_zbar(picture: Path) -> str:
    words = ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(picture)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return done.stdout.removesuffix("\n")


def as_image(rows: tuple[str, ...], scale: int = 4) -> Image.Image:
    """The rows as paper would show them, each half a cell a square."""
    image = Image.new("L", (len(rows[0]), 2 * len(rows)), 255)
    for y, row in enumerate(rows):
        for x, block in enumerate(row):
            for half, grey in enumerate(HALVES[block]):
                image.putpixel((x, 2 * y + half), grey)
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)


@given(st.text(CAPITALS, min_size=1, max_size=114))
def test_what_is_drawn_is_read_back(text: str) -> None:
    rows = draw_code(text)
    assert rows is not None
    assert len(rows) <= 19
    assert {len(row) for row in rows} <= {25, 29, 33, 37}
    assert read(as_image(rows)) == [text]


def test_what_would_not_fit_is_not_drawn() -> None:
    assert draw_code("A" * 114) is not None
    assert draw_code("A" * 115) is None
    assert draw_code("A" * 5000) is None


async def shown(stage: Stage, session: Session, digit: str = "1") -> str:
    """Show a code from the note of a draft; return what it is to hold."""
    await session.press("r")
    session.on(NoteScreen)
    await session.press("q")
    session.on(PickScreen)
    await session.press(digit)
    page = session.on(CodeScreen)
    return page._text


@pytest.mark.parametrize("theme", ["standard", "contrast", "mono"])
@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
async def test_a_scanner_reads_it_from_the_screen(
    stage: Stage, tmp_path: Path, theme: ThemeName, palette: Palette
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        text = await shown(stage, session)
        if theme == "mono" and palette is LIGHT:
            await session.press("d")  # without colours nobody knows what the ground is
        await dress(session, theme)
        terminal = Terminal(*session.app.size)
        terminal.feed(codes(session))
        draw_png(terminal, tmp_path / "code.png", palette)
        assert read(Image.open(tmp_path / "code.png")) == [text]
        if shutil.which("zbarimg"):
            assert read_by_zbar(tmp_path / "code.png") == text


async def test_it_asks_first_says_what_is_in_it_and_is_logged(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        code = show(session.visit.client.code)
        before = session.store.audit_log.get_head()[0]
        await session.press("r", "q")
        session.says("A code for a scanner", f"{code} 2026-11-22 PHQ-9 ", "The totals in one line")
        session.lacks("The note in short")
        assert session.store.audit_log.get_head()[0] == before
        await session.press("escape", "q", "1")
        page = session.on(CodeScreen)
        session.says("Whoever photographs", "nothing else")
        assert page._text.startswith(f"{code} 2026-11-22 PHQ-9 ")
        (row,) = session.store.db.query("SELECT subject FROM audit WHERE event = 'export'")
        assert row["subject"] == session.visit.assessment.id
        await session.press("enter")
        session.on(NoteScreen)


async def test_the_short_form_of_what_is_confirmed_tells_the_step(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await session.press("enter", "enter")
        await session.skip_what_is_asked_once()
        session.on(NoteScreen)
        await session.press("q", "2")
        text = session.on(CodeScreen)._text
        row = session.store.decisions.find(session.visit.assessment.id)
        assert row is not None
        assert f" STEP {row.confirmed_step} " in text
        assert draw_code(text) is not None


async def test_no_code_is_shown_that_could_not_be_logged(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(subject: str) -> None:
        raise StoreBusy(path="porras.db")

    async with stage.resumed(stage.whole(MODERATE)) as session:
        await session.press("r", "q")
        monkeypatch.setattr(session.store.audit_log, "log_export", busy)
        await session.press("1")
        assert not [page for page in session.stack if isinstance(page, CodeScreen)]


async def test_a_held_key_shows_no_code(stage: Stage) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await session.press("r", *"qqqqqqqqqq")
        session.on(PickScreen)


async def test_without_blocks_the_line_is_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.resumed(stage.whole(MODERATE)) as session:
        text = await shown(stage, session)
        monkeypatch.setattr(type(session.app), "eighths", False)
        lines = session.on(CodeScreen).content(78).lines
        told = "\n".join("".join(part for part, _ in line) for line in lines)
        assert text in told
        assert "█" not in told
