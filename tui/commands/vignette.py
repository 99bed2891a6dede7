"""`porras vignette`: list, check and begin the cases of training."""

from __future__ import annotations

import click

from tui.commands.groups import LazyGroup


@click.group(
    cls=LazyGroup,
    package="tui.commands.vignette_",
    offered={
        "check": "Check cases: every fault by file and line, and which step, stops and rules each "
        "gives.",
        "list": "List the cases: pathway, group, difficulty, use, expected steps, status, title.",
        "new": "Begin a case of your own: a small draft in three languages, with remarks.",
    },
)
def vignette() -> None:
    """List, check and begin the cases of training."""
