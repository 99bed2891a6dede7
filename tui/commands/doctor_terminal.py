"""What the terminal is taken for, and what to set where that is wrong, as a helpdesk would say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from casework.language import Speech, speech
from tui.commands.doctor_finding import DoctorFinding
from tui.settings import Settings
from tui.terminal import capabilities

_TERM_WITHIN = {"tmux": "tmux-256color", "screen": "screen"}
"""What TERM is called inside a program that draws on the terminal."""


@dataclass(frozen=True)
class TerminalSetting:
    """Where the program would be shown: what the surroundings say, not what is true."""

    env: Mapping[str, str]
    size: tuple[int, int]
    encoding: str
    bits_per_s: int | None
    console: capabilities.ConsoleFacts | None = None
    """On Windows, where what the other variables say is not asked."""


def describe(settings: Settings, place: TerminalSetting) -> Iterator[DoctorFinding]:
    """Yield what is known of the terminal, one thing after another."""
    t = speech(settings.speaks)
    able = capabilities.detect_ability(
        place.env, settings.glyphs, settings.painter, settings.theme, place.console
    )
    yield _kind(t, place) if place.console is None else _console(t, place, place.console)
    yield _colours(t, settings, able, on_windows=place.console is not None)
    if place.console is not None and not place.console.has_glyphs:
        yield _finding(
            "font",
            t("The console has a font of few signs; lines and marks are drawn in ASCII."),
            t("For real lines, choose another font in the properties of the window: Consolas."),
        )
    yield _finding(
        "signs",
        t("Signs: {glyphs}.", glyphs=able.glyphs),
        t("If signs or lines come out wrong: porras --glyphs ascii. The other choice is unicode."),
        glyphs=able.glyphs,
    )
    yield _finding(
        "painter",
        t("Pages are drawn by: {painter}.", painter=able.painter),
        t("If a page comes out wrong: Ctrl-L. If that helps only once: porras --painter textual"),
        painter=able.painter,
    )
    if place.console is None:
        yield from _way(t, place)


def _finding(name: str, text: str, do: str, **values: object) -> DoctorFinding:
    return DoctorFinding("OK", name, text, do=do, values=values)


def _kind(t: Speech, place: TerminalSetting) -> DoctorFinding:
    columns, rows = place.size
    values = {
        "term": place.env.get("TERM", ""),
        "columns": columns,
        "rows": rows,
        "encoding": place.encoding,
    }
    if columns and rows:
        text = t(
            "TERM is “{term}”, the window {columns} columns by {rows} rows, the character set "
            "{encoding}.",
            **values,
        )
    else:
        text = t("TERM is “{term}”, the character set {encoding}; the size is not known.", **values)
    likely = _TERM_WITHIN.get(capabilities.find_multiplexer(place.env) or "", "xterm-256color")
    do = t("If TERM is not your terminal, set it, for example: export TERM={term}", term=likely)
    return _finding("terminal type", text, do, **values)


def _console(
    t: Speech, place: TerminalSetting, console: capabilities.ConsoleFacts
) -> DoctorFinding:
    columns, rows = place.size
    values = {
        "shown_by": "Windows Terminal" if console.in_terminal else "conhost",
        "columns": columns,
        "rows": rows,
        "page": console.code_page,
    }
    if not console.code_page:
        text = t("There is no console.")
        do = t("Start Porras from Windows Terminal or the command prompt.")
        return _finding("terminal type", text, do, **values)
    text = t(
        "The console is shown by {shown_by}, the window {columns} columns by {rows} rows. Porras "
        "writes all letters, whatever the code page ({page}) is.",
        **values,
    )
    do = t("If letters come out wrong, choose another font, or Windows Terminal.")
    return _finding("terminal type", text, do, **values)


def _colours(
    t: Speech, settings: Settings, able: capabilities.Ability, *, on_windows: bool
) -> DoctorFinding:
    values = {"colours": able.colours, "theme": able.theme}
    if able.colours:
        text = t("Colours: {colours}. Theme: {theme}.", **values)
    else:
        text = t("No colours are used. Theme: {theme}.", **values)
    if settings.theme not in (None, able.theme):
        return DoctorFinding(
            "WARNING",
            "colours",
            text,
            t("The theme “{theme}” needs colours.", theme=settings.theme),
            t("Take the variable NO_COLOR away. In the command prompt: set NO_COLOR=")
            if on_windows
            else t("Unset NO_COLOR, and set TERM to a terminal with colours."),
            values,
        )
    return _finding("colours", text, t("Another theme: porras --theme contrast"), **values)


def _way(t: Speech, place: TerminalSetting) -> Iterator[DoctorFinding]:
    """Yield what lies between the program and the eye, where it may explain something."""
    if (within := capabilities.find_multiplexer(place.env)) is not None:
        yield _finding(
            "within",
            t("The program runs inside {program}.", program=within),
            t(
                "If colours or signs are wrong, look at the settings of {program} too. If the "
                "line to it is slow: stty 9600 before the start",
                program=within,
            ),
            program=within,
        )
    if place.env.get("SSH_TTY"):
        yield _finding(
            "ssh",
            t("The program is used over ssh."),
            t("If letters come out wrong, set your own terminal to UTF-8 too."),
        )
    bits = place.bits_per_s
    if bits and bits < capabilities.SLOW_BITS_PER_S:
        yield _finding(
            "line speed",
            t("The line is set to {bits} bits a second; pages are sent at that pace.", bits=bits),
            t("If the line is faster: stty 38400"),
            bits_per_s=bits,
        )
