"""`porras content`: pathways, services and vignettes that are updated apart from the program."""

from __future__ import annotations

import click

from tui.commands.groups import LazyGroup


@click.group(
    cls=LazyGroup,
    package="tui.commands.content_",
    offered={
        "install": "Prove a signed content from a folder or stick, and bring it into use.",
        "list": "List the contents that are kept, and which is in use.",
        "back": "Bring the content into use again that was in use before.",
        "pack": "Prove the pathways of a folder, and write them as a content, signed.",
    },
)
def content() -> None:
    """Update pathways, services and cases apart from the program, by signed folders."""
