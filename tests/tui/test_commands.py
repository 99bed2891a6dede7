"""Each command is the module of its own name, and a module that is none lends itself to commands.

Failing here means a maintainer who looks for a command in vain.
"""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from casework.error_text import translate_error
from casework.language import speech
from store.errors import DiskFull, NotKeptApart, StoreError
from tui.cli import porras
from tui.commands import open_store, user_keys
from tui.commands.groups import LazyGroup
from tui.commands.pathway import pathway
from tui.settings import Settings

ROOM = Path(__file__).parents[2] / "tui" / "commands"


def callback_of(command: click.Command) -> object:
    """The function behind a command, without what its options were wrapped in."""
    found: object = command.callback
    while wrapped := getattr(found, "__wrapped__", None):
        found = wrapped
    return found


@pytest.mark.parametrize("name", porras.offered)
def test_a_command_is_the_module_of_its_name(name: str) -> None:
    command = porras.get_command(click.Context(porras), name)
    assert command is not None
    assert command.name == name
    module = name + "_" * iskeyword(name)
    assert getattr(callback_of(command), "__module__", "") == f"tui.commands.{module}"


@pytest.mark.parametrize("path", sorted(ROOM.glob("[a-z]*.py")), ids=lambda path: str(path.stem))
def test_a_module_holds_at_most_one_command_of_the_command_line(path: Path) -> None:
    module = import_module(f"tui.commands.{path.stem}")
    commands = {
        name
        for name in porras.offered
        if isinstance(found := getattr(module, name, None), click.Command)
        and getattr(callback_of(found), "__module__", "") == module.__name__
    }
    assert commands == ({path.stem} & {*porras.offered})


def test_a_word_that_is_no_command_loads_no_module() -> None:
    assert porras.get_command(click.Context(porras), "doctor_checks") is None


@pytest.mark.parametrize("group", [porras, pathway], ids=["porras", "pathway"])
def test_the_list_of_commands_says_of_each_how_its_help_begins(group: LazyGroup) -> None:
    context = click.Context(group)
    found = {
        name: command.get_short_help_str(1000)
        for name in group.offered
        if (command := group.get_command(context, name)) and not command.hidden
    }
    assert found == group.offered
    for width in (40, 80, 200):
        plain, own = click.HelpFormatter(width), click.HelpFormatter(width)
        click.Group.format_commands(group, context, plain)
        group.format_commands(context, own)
        assert own.getvalue() == plain.getvalue()


def not_kept() -> StoreError:
    """An error behind which another one stands."""
    error = NotKeptApart(path="/gone/porras.db")
    error.cause = DiskFull(path="/gone")
    return error


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
@pytest.mark.parametrize("asked", [("worklist",), ("user", "passphrase")])
def test_a_command_tells_what_stands_behind_an_error(
    asked: tuple[str, ...], language: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whoever runs it learns no less than from the page that tells the same error."""

    def refuse(*_: object) -> None:
        raise not_kept()

    monkeypatch.setattr(open_store, "_store", refuse)
    monkeypatch.setattr(user_keys, "_existing_store", refuse)
    monkeypatch.setattr(Settings, "speaks", language)
    done = CliRunner().invoke(porras, ["--db", str(tmp_path / "p.db"), *asked])
    t, cause = speech(language), not_kept().cause
    assert cause is not None
    assert done.exit_code == 1
    assert t(cause.what, **cause.values) in done.stderr
    assert translate_error(not_kept(), t).what in done.stderr
