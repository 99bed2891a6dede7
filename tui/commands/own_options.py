"""What lets a command take the past cases of the store in the place of a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from tui.commands.common import InputFile
from tui.spoken import said

OWN = "own"
"""Stands for the store's confirmed assessments; a file of that name is ./own."""

Command = TypeVar("Command", bound=Callable[..., None])


class OwnOrPath(click.Path):
    """A file that there is, or `own`."""

    def __init__(self) -> None:
        super().__init__(exists=True, dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Leave the word as it is."""
        return OWN if value == OWN else super().convert(value, param, ctx)


class OwnOrFile(InputFile):
    """A file that is opened, or `own`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Leave the word as it is."""
        return OWN if value == OWN else super().convert(value, param, ctx)


def who_opens(command: Command) -> Command:
    """Give a command the options of who opens the store, for the past cases of it."""
    as_ = click.option("--as", "who", metavar="HANDLE", help="With own: your staff code.")
    secret = click.option(
        "--passphrase-file",
        "secret",
        metavar="FILE",
        help="With own: as for the commands of the store; - is stdin.",
    )
    return as_(secret(command))


def is_demo(context: click.Context) -> bool:
    """Return whether the training store is meant."""
    return bool(context.find_root().params.get("demo"))


def refuse_store_options(context: click.Context, who: str | None, secret: str | None) -> None:
    """Refuse what is of use with the past cases of the store alone.

    Raises:
        click.UsageError: If any of it was given.
    """
    if is_demo(context):
        raise click.UsageError(said("--demo goes here with --cases own and with --batch own alone"))
    if who or secret:
        raise click.UsageError(
            said("--as and --passphrase-file are for --cases own and --batch own")
        )
