"""`porras class`: a class on this computer, or one whose files are carried."""

from __future__ import annotations

import click

from tui.commands.groups import LazyGroup


@click.group(
    "class",
    cls=LazyGroup,
    package="tui.commands.class_",
    offered={
        "open": "Open a class, and print the words of its seats.",
        "list": "List the classes here, and how far each is.",
        "show": "Show a class to its trainer: who is where, steps, agreement, what to talk about.",
        "report": "Write what a class shows: steps, shares, agreement, missed stops, "
        "what to talk about.",
        "join": "Join a class by the word of a seat.",
        "pack": "Write a class to a file, to be carried to other computers.",
        "hand-in": "Write what a seat has done in its class to a file, for the trainer.",
        "collect": "Take files of seats into their class; FILE may be a folder of them.",
        "end": "End a class; nobody joins it any more, and what was done in it stays.",
    },
)
def class_() -> None:
    """Open a class, join it, carry its files, and end it."""
