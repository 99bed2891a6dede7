"""Each command is the module of its own name, and a module that is none lends itself to commands.

Failing here means a maintainer who looks for a command in vain.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click
import pytest

from tui.cli import _COMMANDS, porras

ROOM = Path(__file__).parents[2] / "tui" / "commands"


def callback_of(command: click.Command) -> object:
    """The function behind a command, without what its options were wrapped in."""
    found: object = command.callback
    while wrapped := getattr(found, "__wrapped__", None):
        found = wrapped
    return found


@pytest.mark.parametrize("name", _COMMANDS)
def test_a_command_is_the_module_of_its_name(name: str) -> None:
    command = porras.get_command(click.Context(porras), name)
    assert command is not None
    assert command.name == name
    assert getattr(callback_of(command), "__module__", "") == f"tui.commands.{name}"


@pytest.mark.parametrize("path", sorted(ROOM.glob("[a-z]*.py")), ids=lambda path: str(path.stem))
def test_a_module_holds_at_most_one_command_of_the_command_line(path: Path) -> None:
    module = import_module(f"tui.commands.{path.stem}")
    commands = {
        name
        for name in _COMMANDS
        if isinstance(found := getattr(module, name, None), click.Command)
        and getattr(callback_of(found), "__module__", "") == module.__name__
    }
    assert commands == ({path.stem} & {*_COMMANDS})


def test_a_word_that_is_no_command_loads_no_module() -> None:
    assert porras.get_command(click.Context(porras), "doctor_checks") is None
