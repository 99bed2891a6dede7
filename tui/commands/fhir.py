"""`porras fhir`: forms and results as other programs read them."""

from __future__ import annotations

import click

from tui.commands.groups import LazyGroup


@click.group(
    cls=LazyGroup,
    package="tui.commands.fhir_",
    offered={
        "form": "Write an instrument or the questions of a pathway as a FHIR R4 Questionnaire.",
        "read": "Tell what filled-in FHIR R4 forms hold, alone or in Bundles.",
        "out": "Write an assessment or an episode of care for other programs, as a FHIR R4 Bundle.",
    },
)
def fhir() -> None:
    """Exchange forms and records with other programs, as FHIR R4."""
