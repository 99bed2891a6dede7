"""What the command line says: its help, its refusals and the words of click that it shows.

They stand in a catalogue of their own, `commands`; `python -m tests.messages` brings it up to date.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click

from tests import catalogues as kept
from tests.catalogues import ROOT, Message
from tui.cli import porras
from tui.spoken import paragraphs

SAYS = {"said", "CommandError", "UsageError", "BadParameter", "SettingsError", "refuse_unknown"}
"""The calls whose literal first argument is said."""
OF_CLICK = (
    *("Usage:", "Options", "Commands", "Error: {message}", "Aborted!", "Missing command."),
    *("default: {default}", "Try '{command} {option}' for help.", "unknown error"),
    *("No such option {name!r}.", "No such command {name!r}.", "Missing argument"),
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    *("Missing option", "Missing parameter", "Missing parameter: {param_name}"),
    *("Invalid value: {message}", "Invalid value for {param_hint}: {message}"),
    "Could not open file {filename!r}: {message}",
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    "Option {name!r} does not take a value.",
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    *("{value} is not in the range {range}.", "{value!r} is not a valid {number_type}."),
    *("{name} {filename!r} does not exist.", "{name} {filename!r} is a file."),
    *("{name} {filename!r} is a directory.", "{name} {filename!r} is not readable."),
    *("{name} {filename!r} is not writable.", "file", "directory", "path"),
    "%(prog)s, version %(version)s",
    "required",
)
"""What of click's own words Porras shows; two forms of one that counts."""
OF_SYSTEM = (
    *("No such file or directory", "Permission denied", "Is a directory", "Not a directory"),
    *("File exists", "Read-only file system", "No space left on device", "Input/output error"),
)
"""Why a system refuses a file, as far as Porras says it."""
PUT_IN = (
    *("FILE", "DIR", "FOLDER", "DAY", "DAYS", "HANDLE", "CODE", "NAME", "LANGUAGE", "PATHWAY"),
    *("SET", "UNIT", "USER", "OS_USER", "MINUTES", "OPTIONS", "COMMAND", "ARGS", "ASSESSMENT"),
    *("OLD", "NEW", "TEXT", "INTEGER", "RANGE", "PATH", "SIZE", "WORD", "VERSION"),
)
"""What stands for a word that whoever types puts in."""


def commands(
    command: click.Command = porras, path: str = "porras"
) -> Iterator[tuple[str, click.Command]]:
    """Every command with how it is called."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            if found := command.get_command(context, name):
                yield from commands(found, f"{path} {name}")


def _of_help() -> Iterator[Message]:
    for _, command in commands():
        yield from filter(None, paragraphs(inspect.cleandoc(command.help or "").partition("\f")[0]))
        for option in command.params:
            if isinstance(option, click.Option) and option.help:
                yield " ".join(option.help.split())
    yield "Show this message and exit."


def _of_source() -> Iterator[Message]:
    """The literals that are said where a command refuses something."""
    for path in sorted((ROOT / "tui").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            first = call.args[0]
            if name in SAYS and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


@cache
def texts() -> tuple[Message, ...]:
    """Every text of the command line."""
    return tuple(dict.fromkeys((*_of_help(), *_of_source(), *OF_CLICK, *OF_SYSTEM, *PUT_IN)))


def catalogues() -> list[Path]:
    """The catalogue of each language."""
    return kept.named("commands")


def renewed(path: Path) -> bytes:
    """A catalogue with every text that is said and no other."""
    return kept.renewed(path, texts())
