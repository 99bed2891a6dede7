"""`porras class show`: the trainer's page of a class, for the projector."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from screens.desk.wanted import ShowClass
from tui.commands.class_places import FOLDER, find_class
from tui.launch import open_program
from tui.settings import Settings


@click.command()
@click.argument("name", metavar="NAME")
@FOLDER
@click.pass_context
def show(context: click.Context, name: str, folder: Path | None) -> None:
    """Show a class to its trainer: who is where, steps, agreement, what to talk about.

    It is for a projector and keeps up with the class by itself. What was chosen in a case is shown
    only once the trainer says so.
    """
    settings: Settings = context.obj
    found = find_class(settings, name, folder)
    plain = bool(context.find_root().params.get("plain"))
    sys.exit(open_program(settings, demo=True, plain=plain, begin=ShowClass(found.folder)))
