"""The command line: the program itself, and everything that works without a screen."""

from __future__ import annotations

import sys
from functools import partial
from itertools import pairwise

import click

from casework.error_text import translate_error
from casework.language import speech
from tui import say
from tui.commands.groups import LazyGroup, SafeGroup
from tui.settings import Settings, SettingsError, find_language, read_settings
from tui.spoken import asked_for, said, speak

_ON_THE_STORE = ("worklist", "client", "note", "calendar", "sheet", "fhir", "report", "audit")
"""The commands that read the store; they can be tried on the training store."""

_ON_PAST_CASES = ("decide", "pathway")
"""Those that may ask it for past cases; where they do not they refuse `--demo` themselves."""

_IN_TRAINING = ("train", "class")
"""The commands that have the training store alone, and may be given a seat."""

_COMMANDS = {
    "worklist": "List what waits, the most pressing first.",
    "client": "Print a client's episodes of care and assessments.",
    "note": "Print an assessment's note for the patient record.",
    "calendar": "Write a client's next contact to a file for a calendar.",
    "sheet": "Print a sheet for the hand, or write it to a new file.",
    "train": "Practise: cases with a right answer, alone or in a class.",
    "class": "Open a class, join it, carry its files, and end it.",
    "report": "Print a report: sums that name nobody, beside the same period a year before.",
    "decide": 'Decide on one set of answers, {"question id": value}, or on a file of cases.',
    "pathway": "List, show and check pathways.",
    "fhir": "Exchange forms and records with other programs, as FHIR R4.",
    "vignette": "List, check and begin the cases of training.",
    "services": "Check the services near the client.",
    "setup": "Set up this workplace without asking, by a file: for many computers at once.",
    "content": "Update pathways, services and cases apart from the program, by signed folders.",
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
    "update": "Install a newer version from a folder or a stick, or go back to the one before.",
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
@click.option(
    "--vignettes", metavar="DIR", help="The folder of own training cases (PORRAS_VIGNETTES)."
)
@click.option("--content", metavar="DIR", help="The folder of installed contents (PORRAS_CONTENT).")
@click.option("--signers", metavar="FILE", help="Who may sign contents (PORRAS_SIGNERS).")
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
@click.option(
    "--seat", metavar="WORD", help="The seat at a class or a shared computer (PORRAS_SEAT)."
)
@click.option("--reset", is_flag=True, help="With --demo: put it back to how it begins.")
@click.option(
    "--caseload",
    is_flag=True,
    help="With --demo: with 200 clients of 18 months, made where they are not there.",
)
@click.option("--yes", is_flag=True, help="With --reset: do not ask.")
@click.version_option(package_name="porras")
@click.pass_context
def porras(
    context: click.Context,
    /,
    demo: bool,
    plain: bool,
    reset: bool,
    caseload: bool,
    yes: bool,
    **flags: str | None,
) -> None:
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
    _tell_of_damage(context.obj)
    if flags["seat"] and not demo and context.invoked_subcommand not in _IN_TRAINING:
        raise click.UsageError(said("--seat goes with --demo and with the commands of training"))
    alone = demo and context.invoked_subcommand is None
    if reset or yes or (caseload and not alone):
        _reset(context.obj, alone=alone, reset=reset, caseload=caseload, yes=yes)
        return
    if context.invoked_subcommand is None:
        sys.exit(_open(context.obj, demo=demo, plain=plain, caseload=caseload))
    say.replace_what_the_terminal_lacks()
    if demo and context.invoked_subcommand not in (*_ON_THE_STORE, *_ON_PAST_CASES):
        also = ", ".join(_ON_THE_STORE)
        told = said("--demo opens the program; it goes with no command but {commands}")
        raise click.UsageError(told.format(commands=also))


def _tell_of_damage(settings: Settings) -> None:
    """Say at once that the installed content is damaged, and what is used instead."""
    if settings.chosen and settings.chosen.damage:
        told = translate_error(settings.chosen.damage, speech(settings.speaks))
        say.line(f"porras: {told}", err=True)


def _open(settings: Settings, *, demo: bool, plain: bool, caseload: bool) -> int:
    """Open the program; with a caseload, which is made unless it stands."""
    from tui.launch import open_program

    if caseload:
        from tui.commands.training_reset import have_caseload

        have_caseload(settings)
    return open_program(settings, demo=demo, plain=plain)


def _reset(settings: Settings, *, alone: bool, reset: bool, caseload: bool, yes: bool) -> None:
    """Put the training store back, if that is what was asked for and nothing else."""
    from tui.commands.training_reset import begin_anew, refuse_without_reset

    refuse_without_reset(reset=reset, caseload=caseload, yes=yes)
    if not alone:
        raise click.UsageError(said("--reset goes with --demo alone, and with porras train"))
    begin_anew(settings, caseload=caseload, yes=yes)
