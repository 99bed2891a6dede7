"""The themes: a nurse who sees little, or has no colours, reads the same pages as the others.

Failing here means a page that cannot be read, or patches of the terminal's own colours in it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from rich.style import Style

from screens.base.lines import Look
from tests.terminal.emulator import seen
from tests.terminal.main_job import NIMBLE, ROOT, Nurse
from tests.terminal.session import Session
from tests.tui.test_painting import erasing
from tui.full_screen.themes import THEMES, dress
from tui.terminal.capabilities import ThemeName, detect_ability
from tui.terminal.paint.style import StyleReader, style_codes

PALETTES = {
    "xterm": {"black": "000000", "red": "cd0000", "white": "e5e5e5", "bright_white": "ffffff"},
    "VGA": {"black": "000000", "red": "aa0000", "white": "aaaaaa", "bright_white": "ffffff"},
    "PuTTY": {"black": "000000", "red": "bb0000", "white": "bbbbbb", "bright_white": "ffffff"},
    "Windows": {"black": "0c0c0c", "red": "c50f1f", "white": "cccccc", "bright_white": "f2f2f2"},
    "Tango": {"black": "2e3436", "red": "cc0000", "white": "d3d7cf", "bright_white": "eeeeec"},
}
"""What terminals usually mean by the colours that the themes use."""

ENHANCED, ENOUGH = 7.0, 4.5
"""Contrast ratios of WCAG 2.2, criteria 1.4.6 and 1.4.3."""

UTF8: dict[str, str | None] = {"LC_ALL": "C.UTF-8", "COLORTERM": None}


def luminance(colour: str) -> float:
    """The relative luminance of six hex digits, as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(style: Style, palette: dict[str, str]) -> float:
    """The contrast ratio of a style that sets both colours; reverse only swaps them."""
    assert style.color is not None
    assert style.bgcolor is not None
    shades = [luminance(palette[colour.name]) for colour in (style.color, style.bgcolor)]
    return (max(shades) + 0.05) / (min(shades) + 0.05)


def test_every_theme_that_can_be_asked_for_draws_every_look() -> None:
    assert set(get_args(ThemeName)) == set(THEMES)
    for looks in THEMES.values():
        assert set(get_args(Look)) - {"chosen"} <= set(looks)


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("colours", [16, 8])
def test_high_contrast_is_high_on_every_usual_palette(colours: int, palette: str) -> None:
    for look, style in dress("contrast", colours).items():
        assert style is not None
        assert contrast(style, PALETTES[palette]) >= ENHANCED, look


@pytest.mark.parametrize("palette", PALETTES)
def test_the_alarm_can_be_read_whatever_the_terminals_own_colours_are(palette: str) -> None:
    alarm = dress("standard")["alarm"]
    assert alarm is not None
    assert contrast(alarm, PALETTES[palette]) >= ENOUGH


def test_nothing_of_mono_needs_a_colour_or_a_visible_bold() -> None:
    looks = dict(dress("mono", 0))
    for look in looks:
        style = looks[look] or Style()
        assert style.color is style.bgcolor is None
    assert all((looks[look] or Style()).reverse for look in ("key", "chosen", "reverse", "alarm"))


def test_brighter_shades_are_asked_for_only_where_there_are_some() -> None:
    for theme in THEMES:
        used = [style for style in dress(theme, 8).values() if style]
        names = [
            str(shade and shade.name) for style in used for shade in (style.color, style.bgcolor)
        ]
        assert not [name for name in names if name.startswith("bright")]


@pytest.mark.parametrize(
    ("env", "asked", "theme", "colours"),
    [
        ({"TERM": "xterm-256color"}, None, "standard", 16),
        ({"TERM": "xterm-256color"}, "contrast", "contrast", 16),
        ({"TERM": "xterm-256color", "PORRAS_THEME": "contrast"}, None, "contrast", 16),
        ({"TERM": "xterm-256color", "PORRAS_THEME": "contrast"}, "standard", "standard", 16),
        ({"TERM": "xterm-256color"}, "mono", "mono", 0),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, None, "mono", 0),
        ({"TERM": "xterm-mono"}, None, "mono", 0),
        ({"TERM": "vt100"}, "contrast", "mono", 0),
        ({"TERM": "linux"}, "contrast", "contrast", 8),
    ],
)
def test_a_theme_is_asked_for_or_follows_from_the_terminal(
    env: dict[str, str], asked: ThemeName | None, theme: str, colours: int
) -> None:
    found = detect_ability(env, theme=asked)
    assert (found.theme, found.colours) == (theme, colours)


@pytest.mark.parametrize(
    ("env", "sure"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "linux"}, True),
        ({"TERM": "putty-256color"}, True),
        ({"TERM": "screen-256color"}, False),
        ({"TERM": "tmux-256color"}, False),
        ({"TERM": "xterm-color"}, False),
        ({"TERM": "xterm", "STY": "4711.work"}, False),
        ({"TERM": "xterm", "TMUX": "/tmp/tmux-1000/default,1,0"}, False),
        ({"TERM": "something else"}, False),
    ],
)
def test_erasing_is_trusted_only_where_it_is_sure_to_keep_the_ground(
    env: dict[str, str], sure: bool
) -> None:
    assert detect_ability(env).erases_in_colour == sure


def test_on_a_ground_looks_change_by_single_switches() -> None:
    ground = "97;40"
    assert style_codes(None, "", ground) == "\x1b[;97;40m"
    assert style_codes("", "1", ground) == "\x1b[1m"
    assert style_codes("1", "", ground) == "\x1b[22m"
    assert style_codes("7", "1", ground) == "\x1b[27;1m"
    assert style_codes("30;107", "", ground) == "\x1b[97;40m"
    assert style_codes("1;4;7", "", ground) == "\x1b[;97;40m"


def test_the_ground_is_no_colour_of_a_cells_own() -> None:
    looks = StyleReader(16, ground=dress("contrast")["normal"])
    assert looks.ground == "97;40"
    assert looks.of(dress("contrast")["bold"]) == "1"
    assert looks.of(Style(color="black", bgcolor="bright_white")) == "30;107"
    assert looks.of(Style(color="default", bgcolor="default")) == ""


# -- the program ------------------------------------------------------------------------------


def program(place: Path, *options: str, in_colour: bool = True, **env: str | None) -> Session:
    place.mkdir(exist_ok=True)
    argv = [
        *NIMBLE,
        "--demo",
        "--db",
        str(place / "p.db"),
        "--lang",
        "fi",
    ]
    session = Session([*argv, *options], cwd=ROOT, env={**UTF8, **env})
    session.terminal = erasing(80, 24, in_colour)
    return session


def pictures(session: Session) -> list[tuple[str, list[object]]]:
    """The pages and their looks on a short way through the program, with a field to type in."""
    found = []

    def look(script: str) -> None:
        session.press(script)
        session.settle(5, 0.35)
        text = re.sub(r"\w{4}-\w{4}|\b\d{1,2}[.:]\d\d\b", "?", session.text)
        found.append((text, [cell._replace(data="") for cell in seen(session.terminal)]))  # type: ignore[attr-defined]

    Nurse(session, "fi").sees("new assessment")
    session.settle(5, 0.5)
    for script in ("w", "Esc", "F10", "Esc", "2", "m", "o l e n", "BS", "size:100x30", "Esc"):
        look(script)
    look("size:80x24")
    return found


@pytest.mark.parametrize(
    ("theme", "term", "in_colour"),
    [
        pytest.param("standard", "linux", True, marks=pytest.mark.nightly),
        pytest.param("contrast", "xterm-256color", True, marks=pytest.mark.nightly),
        ("contrast", "ansi", False),
        pytest.param("mono", "vt220", False, marks=pytest.mark.nightly),
    ],
)
def test_both_painters_show_the_same_pages_in_each_theme(
    tmp_path: Path, theme: str, term: str, in_colour: bool
) -> None:
    shown = []
    for painter in ("porras", "textual"):
        options = ("--theme", theme, "--painter", painter)
        with program(tmp_path / painter, *options, in_colour=in_colour, TERM=term) as session:
            shown.append(pictures(session))
            codes = session.raw.decode()
            assert bool(re.search(r"\x1b\[[\d;]*[349]\dm", codes)) == (theme != "mono")
    for step, (our, their) in enumerate(zip(*shown, strict=True)):
        assert our[0] == their[0], step
        assert our[1] == their[1], step


def test_high_contrast_leaves_no_patch_of_the_terminals_own_colours(tmp_path: Path) -> None:
    with program(tmp_path, "--theme", "contrast", in_colour=False, TERM="screen") as session:
        Nurse(session, "fi").sees("new assessment")
        session.settle(5, 0.5)
        grounds = {getattr(cell, "bg", "") for cell in session.terminal.cells()}
        assert grounds == {"black"}
        session.send(b"q")
        assert session.wait_exit() == 0
        assert session.raw.rindex(b"\x1b[m") > session.raw.rindex(b"40m"), "left in colour"
