"""The command line: the program itself, and everything that works without a screen."""

from __future__ import annotations

import sys
from io import TextIOWrapper

import click

from tui.client_command import client
from tui.decide_command import decide
from tui.loading import Fault
from tui.note_command import note
from tui.pathway_commands import pathway
from tui.services_command import services
from tui.settings import Settings, SettingsError, read_settings
from tui.worklist_command import worklist

_ON_THE_STORE = {"worklist": worklist, "client": client, "note": note}
"""The commands that read the store; they can be tried on the training store."""


class _InOrder(click.Group):
    """Lists the commands as they are needed: the day's work, then pathways, then the workplace."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order in which the commands were added."""
        return list(self.commands)


@click.group(
    cls=_InOrder,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--demo", is_flag=True, help="Open the training store: invented clients only.")
@click.option("--db", metavar="FILE", help="The database (PORRAS_DB).")
@click.option("--pathways", metavar="DIR", help="The folder of pathways (PORRAS_PATHWAYS).")
@click.option("--lang", metavar="LANGUAGE", help="fi, sv or en (PORRAS_LANG).")
@click.option("--config", metavar="FILE", help="The config file (PORRAS_CONFIG).")
@click.version_option(package_name="porras")
@click.pass_context
def porras(context: click.Context, /, demo: bool, **flags: str | None) -> None:
    """Stepped-care assessment on a terminal.

    Without a command it opens the program. It supports a professional and never decides; it is
    not a CE-marked medical device.
    """
    try:
        context.obj = read_settings(flags)
    except SettingsError as error:
        raise click.UsageError(str(error)) from None
    if context.invoked_subcommand is None:
        from tui.start import open_program

        sys.exit(open_program(context.obj, demo=demo))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # an old terminal shows a "?" and no fault
    if demo and context.invoked_subcommand not in _ON_THE_STORE:
        also = ", ".join(_ON_THE_STORE)
        raise click.UsageError(f"--demo opens the program; it goes with no command but {also}")


@click.command()
@click.pass_obj
def doctor(settings: Settings) -> None:
    """Look at this workplace: engine, files, disk, terminal, pathways."""
    from tui.doctor import examine

    faults = 0
    for finding in examine(settings):
        click.echo(f"{finding.mark:<8}{finding.name}: {finding.text}")
        faults += finding.mark == "FAULT"
    if faults:
        raise Fault(f"{faults} faults; mend them before real use")


for command in (*_ON_THE_STORE.values(), decide, pathway, services, doctor):
    porras.add_command(command)
