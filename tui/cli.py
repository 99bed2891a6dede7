"""The command line: the program itself, and everything that works without a screen."""

from __future__ import annotations

import sys
from functools import partial
from itertools import pairwise

import click

from tui import say
from tui.commands.groups import LazyGroup, SafeGroup
from tui.settings import SettingsError, find_language, read_settings
from tui.spoken import asked_for, said, speak

_ON_THE_STORE = ("worklist", "client", "note", "audit")
"""The commands that read the store; they can be tried on the training store."""

_COMMANDS = {
    "worklist": "List what waits, the most pressing first.",
    "client": "Print a client's episodes of care and assessments.",
    "note": "Print an assessment's note for the patient record.",
    "decide": 'Decide on one set of answers, {"question id": value}, or on a file of cases.',
    "pathway": "List, show and check pathways.",
    "services": "Check the services near the client.",
    "user": "Look after the people of a store: staff codes, roles, units, passphrases.",
    "move": "Move a client to another unit, whose nurses see the client from then on.",
    "rekey": "Give the store a new data key, so that an old copy of the key opens nothing new.",
    "backup": "Make a backup of the store while others work, or try one out (drill).",
    "restore": "Put a backup in the place of the store; FOLDER is the backup, or has the newest in "
    "it.",
    "purge": "Delete the assessments that are no longer needed.",
    "access": "Write all that is held on a client to a file: every table, and who has used it.",
    "erase": "Delete all that is held on a client at the client's request.",
    "audit": "Read the log of all that was done in the store.",
    "doctor": "Look at this workplace: engine, files, disk, terminal, pathways; --deep at the "
    "store too.",
}
"""How the help of each command begins, in the order of need: day, pathways, workplace."""

_MAY_BE_EMPTY = {"--lang", "--glyphs", "--theme", "--painter"}
"""Looks and language: without them the program shows what it would show anyway."""


class _Commands(SafeGroup, LazyGroup):
    """The whole command line."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse an empty word where a file, a folder or a record is named.

        A variable of a script that was not set would else mean the usual store, this very folder,
        or the standard output.
        """
        speak(partial(find_language, asked_for(args)))
        for before, word in pairwise(("", *args)):
            option, _, value = word.rpartition("=") if word.startswith("--") else (before, "", word)
            if not value and option not in _MAY_BE_EMPTY:
                if option.startswith("--"):
                    what = said("{option}: its value is empty; was a variable not set?")
                    raise click.UsageError(what.format(option=option), ctx)
                raise click.UsageError(said("an argument is empty; was a variable not set?"), ctx)
        return super().parse_args(ctx, args)


@click.group(
    cls=_Commands,
    package="tui.commands.",
    offered=_COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--demo", is_flag=True, help="Open the training store: invented clients only.")
@click.option(
    "--plain",
    is_flag=True,
    envvar="PORRAS_PLAIN",
    help="Line by line, for any terminal or a screen reader (PORRAS_PLAIN=1).",
)
@click.option("--db", metavar="FILE", help="The database (PORRAS_DB).")
@click.option("--pathways", metavar="DIR", help="The folder of pathways (PORRAS_PATHWAYS).")
@click.option("--lang", metavar="LANGUAGE", help="fi, sv or en (PORRAS_LANG).")
@click.option("--config", metavar="FILE", help="The config file (PORRAS_CONFIG).")
@click.option("--glyphs", metavar="SET", help="unicode or ascii lines and signs (PORRAS_GLYPHS).")
@click.option(
    "--theme",
    metavar="NAME",
    help="standard, contrast (white on black), or mono without colours (PORRAS_THEME).",
)
@click.option(
    "--size", metavar="SIZE", help="Draw in this part of a larger window: 64x18 (PORRAS_SIZE)."
)
@click.option(
    "--painter", metavar="NAME", help="porras, or textual if pages come out wrong (PORRAS_PAINTER)."
)
@click.version_option(package_name="porras")
@click.pass_context
def porras(context: click.Context, /, demo: bool, plain: bool, **flags: str | None) -> None:
    """Stepped-care assessment on a terminal.

    Without a command it opens the program. It supports a professional and never decides; it is
    not a CE-marked medical device.
    """
    try:
        context.obj = read_settings(flags)
    except SettingsError as error:
        raise click.UsageError(str(error)) from None
    for note in context.obj.notes:
        say.line(f"porras: {note}", err=True)
    if context.invoked_subcommand is None:
        from tui.launch import open_program

        sys.exit(open_program(context.obj, demo=demo, plain=plain))
    say.replace_what_the_terminal_lacks()
    if demo and context.invoked_subcommand not in _ON_THE_STORE:
        also = ", ".join(_ON_THE_STORE)
        told = said("--demo opens the program; it goes with no command but {commands}")
        raise click.UsageError(told.format(commands=also))
