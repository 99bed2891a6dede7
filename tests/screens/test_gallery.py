"""If these fail, whoever looks at pictures of the pages sees something else than a nurse."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.gallery import Gallery, Wanted
from tests.screens.running import Stage
from tests.terminal.drawing import DARK, HEIGHT, LIGHT, WIDTH, Palette, draw_png
from tests.terminal.emulator import Terminal


def same_cells(path: Path, text: str, palette: Palette, tmp_path: Path) -> list[str]:
    """Return the letters of a line that stand somewhere in a picture in plain looks."""
    terminal = Terminal(len(text), 1)
    terminal.feed(text.encode())
    draw_png(terminal, tmp_path / "line.png", palette)
    with Image.open(tmp_path / "line.png") as line, Image.open(path) as page:
        wanted = line.tobytes()
        rows = range(0, page.height, HEIGHT)
        starts = range(0, page.width - line.width + 1, WIDTH)
        boxes = [(x, y, x + line.width, y + HEIGHT) for y in rows for x in starts]
        return [text for box in boxes if page.crop(box).tobytes() == wanted]


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
async def test_a_picture_shows_the_page_in_each_theme(
    stage: Stage, tmp_path: Path, palette: Palette
) -> None:
    gallery = Gallery(Wanted(tmp_path, "fi", "80x24", ("standard", "mono"), "", palette))
    async with stage.program(language="fi", size=(80, 24)) as session:
        await gallery.add(session, "welcome!", session.shown)
        row = max(session.text.splitlines()[2:-3], key=len)
    assert gallery.write_sheets() == 2
    for theme in ("standard", "mono"):
        folder = tmp_path / "fi" / theme / "80x24"
        assert same_cells(folder / "welcome.png", row.strip(), palette, tmp_path)
        assert 'src="welcome.png"' in (folder / "index.html").read_text()
