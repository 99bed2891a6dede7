"""Groups of commands: each command is loaded when asked for, and every refusal is harmless."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from keyword import iskeyword
from typing import Any

import click

from casework.error_text import translate_error
from casework.language import DEFAULT, speech
from store.errors import StoreError
from tui import say
from tui.spoken import said, said_placeholders, write_commands


class CommandError(click.ClickException):
    """The input was refused; exit status 1."""


class SafeGroup(click.Group):
    """Prints every refusal so that it steers no terminal, and the store's errors in words."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read the words of the command line; what is wrong with them is refused safely."""
        with _refuse_safely(None):
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; whatever it refuses is printed safely."""
        with _refuse_safely(ctx):
            return super().invoke(ctx)


class LazyGroup(click.Group):
    """Loads a command when it is asked for, so that each pays for itself alone."""

    def __init__(
        self, *args: Any, package: str = "", offered: Mapping[str, str], **more: Any
    ) -> None:
        """Take how the help of each command begins, so that listing them loads none.

        A command of a name stands in the module `package` + name, or is added as usual. Where
        Python has the name for itself, it ends in `_` there.
        """
        super().__init__(*args, **more)
        self.package = package
        self.offered = offered

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of need."""
        return list(self.offered)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a name, or None if there is none."""
        if cmd_name not in self.offered or cmd_name in self.commands:
            return super().get_command(ctx, cmd_name)
        word = cmd_name.replace("-", "_") + "_" * iskeyword(cmd_name)
        module = import_module(self.package + word)
        found: click.Command = getattr(module, word, None) or getattr(module, f"{word}_")
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        write_commands(self.offered, formatter)


@contextmanager
def _refuse_safely(context: click.Context | None) -> Iterator[None]:
    try:
        yield
    except click.ClickException as refusal:
        told = said(refusal.message)  # what is no sentence of ours stays as it is
        refusal.message = told  # type: ignore[misc]
        if isinstance(refusal, click.BadParameter) and isinstance(refusal.param, click.Argument):
            hint = refusal.param_hint or refusal.param.get_error_hint(refusal.ctx)
            refusal.param_hint = said_placeholders(str(hint))
        raise say.SafeRefusal(refusal) from None
    except StoreError as error:
        t = speech(context.obj.speaks if context and context.obj else DEFAULT)
        raise say.SafeRefusal(CommandError(str(translate_error(error, t)))) from None
