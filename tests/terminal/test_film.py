"""The recording of the README: it moves without a script, and each frame is what was seen."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from tests.terminal.drawing import HEIGHT, WIDTH
from tests.terminal.emulator import Terminal
from tests.terminal.film import Film

SVG = "{http://www.w3.org/2000/svg}"


def test_each_row_stands_in_its_frame_and_one_that_comes_again_is_kept_once() -> None:
    terminal, film = Terminal(30, 3), Film("A & B")
    terminal.feed("\x1b[7m Porras \x1b[m\r\n 1 <ei>   \x1b[1mkyllä\x1b[m █░".encode())
    film.add(terminal, 1.0)
    terminal.feed(b"\x1b[3;2H2")
    film.add(terminal, 3.0, "2")
    text = film.svg()
    root = ElementTree.fromstring(text)
    rows = {
        row.get("id"): [each.text for each in row.iter(f"{SVG}text")]
        for row in root.iter(f"{SVG}g")
    }
    used = [
        (rows[use.get("href", "")[1:]], int(use.get("y", ""))) for use in root.iter(f"{SVG}use")
    ]
    second = 3 * HEIGHT + (int(root.get("height", "")) - 3 * HEIGHT)
    first = [(["Porras"], 0), (["1 <ei>", "kyllä"], HEIGHT)]
    assert used == [*first, *((row, y + second) for row, y in first), (["2"], second + 2 * HEIGHT)]
    assert (
        f"0.000%{{transform:translateY(0px)}}25.000%{{transform:translateY({-second}px)}}" in text
    )
    assert f'x="{10 * WIDTH}"' in text
    assert not re.search(r"<script|https?://(?!www\.w3\.org/2000/svg)|@import|url\(", text)
